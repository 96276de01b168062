"""What falls on the faces of a satellite in a case, as functions of time that the core evaluates."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from thermalsat.cases import DesignCase
from thermalsat.environment import Environment
from thermalsat.physics.attitude import Attitude, EdgeOn, Opposite, SunPointing
from thermalsat.physics.heat import OrbitHeat
from thermalsat.pieces import Pieces
from thermalsat.satellite import Satellite

__all__ = [
    "FaceHeat",
    "Surroundings",
    "kept",
    "kept_large",
    "panel_attitude",
    "surroundings_of",
    "wing_attitude",
]

Floats = NDArray[np.float64]
T = TypeVar("T")

RTOL = 1e-9
ALBEDO_RTOL = 1e-7
"""Error of the sampled flux as a part of its range; the Lambert integral is a hundred times dearer."""
_KEPT = 256
_KEPT_LARGE = 16
_SAME_S = 1e-5


class _Cache:
    """The last few results of slow functions; several searches ask for the same ones."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._items: OrderedDict[Any, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Any, make: Callable[[], T]) -> T:
        """Return what is kept under a key, made now if it is not there."""
        with self._lock:
            if key in self._items:
                self._items.move_to_end(key)
                found: T = self._items[key]
                return found
        made = make()
        with self._lock:
            self._items[key] = made
            while len(self._items) > self._size:
                self._items.popitem(last=False)
        return made


kept, kept_large = _Cache(_KEPT), _Cache(_KEPT_LARGE)


class FaceHeat:
    """Flux on one side of a surface over an orbit, from each source [W/m^2].

    Attributes
    ----------
    attitude : Attitude
        Law of the normal.
    breakpoints_s : ndarray
        Kinks within [0, period) [s].
    like : FaceHeat, optional
        The same face of the same orbit under another albedo and infrared, whose samples serve here.
    """

    def __init__(
        self, heat: OrbitHeat, attitude: Attitude, breakpoints_s: Floats, like: FaceHeat | None = None
    ) -> None:
        self.heat = heat
        self.like = like
        self.attitude = attitude
        self.breakpoints_s = breakpoints_s
        self._found: dict[str, Pieces] = {}

    @property
    def direct(self) -> Pieces:
        """Direct sunlight, illumination included."""
        if self.like is not None:
            return self.like.direct
        return self._sampled("direct", self.heat.direct_W_m2, RTOL)

    @property
    def albedo(self) -> Pieces:
        """Sunlight reflected by the Earth."""
        if self.like is not None and self.like.heat.albedo > 0.0:
            return self.like.albedo.scaled(self.heat.albedo / self.like.heat.albedo)
        return self._sampled("albedo", self.heat.albedo_W_m2, ALBEDO_RTOL)

    @property
    def earth_view(self) -> Pieces:
        """View factor to the Earth, nothing in between."""
        if self.like is not None:
            return self.like.earth_view
        return self._sampled("view", self.heat.earth_view, RTOL)

    @property
    def earth_ir(self) -> Pieces:
        """Infrared of the Earth, nothing in between."""
        return self.earth_view.scaled(self.heat.earth_ir_W_m2)

    def _sampled(self, name: str, f: Callable[..., Floats], rtol: float) -> Pieces:
        if name not in self._found:
            made = Pieces.sample(
                lambda t: f(self.attitude, t), self.breakpoints_s, self.heat.period_s, rtol=rtol, name=name
            )
            self._found[name] = _constant_if_flat(made)
        return self._found[name]


class Surroundings:
    """Sun, shadow and Earth of one case, with the faces asked for so far.

    Attributes
    ----------
    heat : OrbitHeat
        The environment in floats.
    nights_s : list of (float, float)
        Entry and exit of the shadow within [0, period].
    like : Surroundings, optional
        Those of the same orbit on the same date under another albedo and infrared.
    """

    def __init__(self, heat: OrbitHeat, like: Surroundings | None = None) -> None:
        self.heat = heat
        self.like = like
        edges = heat.edges_s
        self.nights_s = [(float(edges[0]), float(edges[-1]))] if len(edges) else []
        self._faces: dict[Attitude, FaceHeat] = {}
        self._kinks: Floats = np.zeros(0)

    def face(self, attitude: Attitude) -> FaceHeat:
        """Return the heat on a face of that attitude."""
        if attitude not in self._faces and self.like is not None:
            other = self.like.face(attitude)
            self._faces[attitude] = FaceHeat(self.heat, attitude, other.breakpoints_s, other)
        if attitude not in self._faces:
            found = self._one_clock(self.heat.face_breakpoints(attitude))
            self._faces[attitude] = FaceHeat(self.heat, attitude, found)
        return self._faces[attitude]

    def _one_clock(self, times_s: Floats) -> Floats:
        """Give two faces that have the same kink the same number for it."""
        for k, time in enumerate(times_s):
            near = np.abs(self._kinks - time)
            if len(near) and near.min() < _SAME_S:
                times_s[k] = self._kinks[np.argmin(near)]
            else:
                self._kinks = np.append(self._kinks, time)
        return times_s

    @property
    def night_share(self) -> float:
        """Part of the sunlight of an orbit that the shadow takes."""
        period = self.heat.period_s
        flux = self.heat.solar_flux_W_m2
        return 1.0 - self.face(SunPointing()).direct.mean(0.0, period) / flux if self.nights_s else 0.0


def surroundings_of(satellite: Satellite, case: DesignCase) -> Surroundings:
    """Return the surroundings of a case; those of the last few orbits and cases are kept."""
    orbit = (satellite.orbit_statement, satellite.environment)

    def made() -> Surroundings:
        heat: OrbitHeat = Environment(**satellite.environment_values(case)).si
        sunlight = (heat.beta_rad, heat.sun_distance_au, heat.solar_flux_W_m2)
        first = kept.get((*orbit, sunlight), lambda: Surroundings(heat))
        return first if first.heat is heat else Surroundings(heat, first)

    return kept.get((*orbit, case), made)


def panel_attitude(satellite: Satellite) -> Attitude:
    """Return the attitude of the panels' front: edge-on to the Sun, with pointing error and its sign."""
    radiator = satellite.radiator
    angle = radiator.secondary_rad
    return EdgeOn(
        secondary="orbit-normal" if angle is not None else str(radiator.secondary),
        angle_rad=0.0 if angle is None else angle,
        error_rad=radiator.pointing_error_rad,
    )


def wing_attitude(satellite: Satellite) -> tuple[Attitude, Attitude]:
    """Return the attitudes of the wings' front and back."""
    front = SunPointing(error_rad=satellite.array.pointing_error_rad)
    return front, Opposite(front)


def _constant_if_flat(pieces: Pieces) -> Pieces:
    """Return a constant where the function never changes: it then needs no breakpoints."""
    flat = pieces.coef[:, 0]
    return Pieces.constant(float(flat[0])) if not pieces.coef[:, 1:].any() and np.ptp(flat) == 0 else pieces
