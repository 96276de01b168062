"""Heat flows on one-sided faces along a circular orbit, in bare numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermalsat.constants import ASTRONOMICAL_UNIT_M, EARTH_RADIUS_M
from thermalsat.errors import InputError
from thermalsat.physics import earthview, shadow
from thermalsat.physics.attitude import Attitude, Geometry
from thermalsat.physics.circular import CircularOrbit

Floats = NDArray[np.float64]

_SEARCH = 1440  # samples of an orbit between which a kink is bracketed
_SAME = 1e-9  # kinks nearer than this part of a period are one
_EDGE_ON = 1e-12  # a cosine of the Sun's incidence below this is rounding


class Incident(NamedTuple):
    """What falls on a face, per unit of its area; every item has shape (n,)."""

    direct_W_m2: Floats
    albedo_W_m2: Floats
    earth_ir_W_m2: Floats
    earth_view: Floats


@dataclass(frozen=True, kw_only=True)
class OrbitHeat:
    """One orbit with Sun and node frozen: the float twin of `thermalsat.Environment`.

    Time zero is the last sunlit instant (first contact with the penumbra); without an eclipse it is
    orbit noon. Vectors are in the orbit-noon frame: x to the point of the orbit nearest the Sun, z along
    the orbit normal.

    Parameters
    ----------
    orbit : CircularOrbit
        Gives radius and period.
    beta_rad : float
        Angle of the Sun above the orbit plane.
    sun_distance_au : float
        For the apparent size of the Sun.
    solar_flux_W_m2 : float
        At the satellite.
    albedo : float
        Share of the sunlight that the Earth reflects.
    earth_ir_W_m2 : float
        Infrared flux that leaves the Earth's surface.
    shadow : {"conical", "cylindrical"}
        Shadow model.
    albedo_model : {"lambert", "cosine"}
        Lambert sphere, or view factor times the cosine of the solar zenith angle.
    equatorial : ndarray, shape (3, 3), optional
        Rows: axes of the orbit-noon frame in the equatorial frame of date.
    """

    orbit: CircularOrbit
    beta_rad: float
    sun_distance_au: float
    solar_flux_W_m2: float
    albedo: float
    earth_ir_W_m2: float
    shadow: str = "conical"
    albedo_model: str = "lambert"
    equatorial: Floats | None = None

    def __post_init__(self) -> None:
        shadow.check_shadow(self.shadow)
        if self.albedo_model not in ("lambert", "cosine"):
            raise InputError(f"`albedo_model` must be 'lambert' or 'cosine', got {self.albedo_model!r}")

    @property
    def period_s(self) -> float:
        """Keplerian period."""
        return self.orbit.period_s

    @property
    def height_ratio(self) -> float:
        """Distance from the Earth's centre over its radius."""
        return self.orbit.radius_m / EARTH_RADIUS_M

    @property
    def sun_distance_m(self) -> float:
        """Distance of the Sun."""
        return self.sun_distance_au * ASTRONOMICAL_UNIT_M

    @property
    def sun_direction(self) -> Floats:
        """Unit vector to the Sun, shape (3,)."""
        return np.array([math.cos(self.beta_rad), 0.0, math.sin(self.beta_rad)])

    @cached_property
    def _half_shadows_rad(self) -> tuple[float, float]:
        """Half arcs about orbit midnight within the penumbra and the umbra."""
        contacts = shadow.contact_angles_rad(self.orbit.radius_m, self.sun_distance_m, self.shadow)
        outer, inner = (float(shadow.half_shadow_angle_rad(c, self.beta_rad)) for c in contacts)
        return outer, inner

    @cached_property
    def edges_s(self) -> Floats:
        """Contacts within [0, period): penumbra entry (0), umbra entry and exit, penumbra exit."""
        outer, inner = self._half_shadows_rad
        if outer == 0.0:
            return np.zeros(0)
        angles = [0.0, outer - inner, outer + inner, 2 * outer]
        if inner == 0.0 or self.shadow == "cylindrical":
            angles = [0.0, 2 * outer]
        return np.array(angles) / (2 * math.pi) * self.period_s

    @property
    def start_angle_rad(self) -> float:
        """Place of the satellite at time zero, from orbit noon in the sense of the motion."""
        outer = self._half_shadows_rad[0]
        return math.pi - outer if outer > 0.0 else 0.0

    def angle_rad(self, time_s: ArrayLike) -> Floats:
        """Place of the satellite, from orbit noon."""
        return self.start_angle_rad + 2 * math.pi / self.period_s * np.asarray(time_s, float)

    def position(self, time_s: ArrayLike) -> Floats:
        """Return the unit vector from the Earth's centre to the satellite, shape (n, 3)."""
        return self.geometry(time_s).radial

    def geometry(self, time_s: ArrayLike) -> Geometry:
        """Directions that attitudes are made from."""
        return Geometry.at(self.angle_rad(time_s), self.beta_rad, time_s, self.equatorial)

    def illumination(self, time_s: ArrayLike) -> Floats:
        """Part of the Sun's disc in view, same shape as the times."""
        hidden = shadow.hidden_fraction(
            self.angle_rad(time_s), self.beta_rad, self.orbit.radius_m, self.sun_distance_m, self.shadow
        )
        return 1.0 - hidden

    def sun_cosine(self, attitude: Attitude, time_s: ArrayLike) -> Floats:
        """Cosine of the Sun's incidence on a face, negative from behind, shape (n,)."""
        geometry = self.geometry(time_s)
        return _clean(attitude(geometry) @ geometry.sun)

    def incident(self, attitude: Attitude, time_s: ArrayLike) -> Incident:
        """Direct, reflected and infrared flux on a one-sided face.

        Parameters
        ----------
        attitude : Attitude
            Law of the face's normal.
        time_s : array_like, shape (n,)
            Times from the last sunlit instant.

        Returns
        -------
        Incident
            Direct ``S f max(0, n.s)``; albedo ``a S`` times the Lambert integral; infrared ``q F``.
        """
        view = self.earth_view(attitude, time_s)
        return Incident(
            direct_W_m2=self.direct_W_m2(attitude, time_s),
            albedo_W_m2=self.albedo_W_m2(attitude, time_s),
            earth_ir_W_m2=self.earth_ir_W_m2 * view,
            earth_view=view,
        )

    def direct_W_m2(self, attitude: Attitude, time_s: ArrayLike) -> Floats:
        """Direct sunlight on a face, shape (n,)."""
        light = np.atleast_1d(self.illumination(time_s))
        return self.solar_flux_W_m2 * light * np.maximum(self.sun_cosine(attitude, time_s), 0.0)

    def earth_view(self, attitude: Attitude, time_s: ArrayLike) -> Floats:
        """View factor from a face to the Earth, shape (n,)."""
        geometry = self.geometry(time_s)
        cos_tilt = -np.sum(attitude(geometry) * geometry.radial, axis=1)
        return earthview.view_factor(self.height_ratio, cos_tilt)

    def albedo_W_m2(self, attitude: Attitude, time_s: ArrayLike) -> Floats:
        """Sunlight reflected by the Earth onto a face, shape (n,)."""
        geometry = self.geometry(time_s)
        if self.albedo_model == "cosine":
            view = self.earth_view(attitude, time_s)
            factor = earthview.simple_albedo(view, geometry.radial @ geometry.sun)
        else:
            normal = attitude(geometry)
            factor = earthview.lambert_albedo(self.height_ratio, normal, geometry.radial, geometry.sun)
        return self.albedo * self.solar_flux_W_m2 * factor

    def mean_incident(self, attitude: Attitude) -> Incident:
        """Orbit means of `incident`, shape (1,), good to about 1e-6 of each mean."""
        marks = np.concatenate([self.face_breakpoints(attitude), [self.period_s]])
        marks = np.unique(np.concatenate([marks, np.linspace(0.0, self.period_s, 25)]))
        node, weight = np.polynomial.legendre.leggauss(6)
        half = 0.5 * np.diff(marks)[:, None]
        time_s = (0.5 * (marks[1:] + marks[:-1])[:, None] + half * node).ravel()
        share = (half * weight).ravel() / self.period_s
        return Incident(*(np.atleast_1d(value @ share) for value in self.incident(attitude, time_s)))

    def face_breakpoints(self, attitude: Attitude) -> Floats:
        """Return the times in [0, period) at which the heat on a face has a kink, shadow contacts included.

        The Sun rises over or sets behind the face; the face's plane meets or leaves the Earth's disc; the
        terminator comes into view, passes below, or leaves the view.
        """
        period = self.period_s
        grid = np.linspace(0.0, period, _SEARCH + 1)
        signal = self._signals(attitude, grid)
        rising = signal > 0
        which, start = np.nonzero(rising[:, 1:] != rising[:, :-1])
        low, high = grid[start], grid[start + 1]
        for _ in range(44):
            middle = 0.5 * (low + high)
            value = self._signals(attitude, middle)[which, np.arange(len(which))] if len(which) else middle
            before = (value > 0) == rising[which, start]
            low, high = np.where(before, middle, low), np.where(before, high, middle)
        kinks = np.sort(np.remainder(0.5 * (low + high), period))
        kinks = kinks[(kinks < period) & (np.diff(kinks, prepend=-period) > _SAME * period)]
        if len(self.edges_s):
            gap = np.abs(kinks[:, None] - np.append(self.edges_s, period)).min(axis=1)
            kinks = kinks[gap > _SAME * period]
        return np.sort(np.concatenate([self.edges_s, kinks]))

    def _signals(self, attitude: Attitude, time_s: Floats) -> Floats:
        """Functions of time whose sign changes mark the kinks, shape (6, n)."""
        geometry = self.geometry(time_s)
        normal = attitude(geometry)
        tilt = -self.height_ratio * np.sum(normal * geometry.radial, axis=1)
        zenith = geometry.radial @ geometry.sun
        limb = math.sqrt(1.0 - 1.0 / self.height_ratio**2)
        sun = _clean(normal @ geometry.sun)
        return np.stack([sun, tilt - 1.0, tilt + 1.0, zenith, zenith - limb, zenith + limb])


def _clean(cosine: Floats) -> Floats:
    return np.where(np.abs(cosine) < _EDGE_ON, 0.0, cosine)
