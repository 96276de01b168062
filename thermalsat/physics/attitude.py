"""Where a face points: laws that give its normal from the geometry of the orbit.

Vectors are in the orbit-noon frame, which does not turn while Sun and node are frozen: x to the point
of the orbit nearest the Sun, z along the orbit normal, y along the motion at noon.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermalsat.errors import InputError

Vectors = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Geometry:
    """The orbit at a number of instants.

    Parameters
    ----------
    time_s : ndarray, shape (n,)
        Times.
    radial, along : ndarray, shape (n, 3)
        Unit vectors away from the Earth's centre and along the motion.
    sun : ndarray, shape (3,)
        Unit vector to the Sun.
    equatorial : ndarray, shape (3, 3), optional
        Rows: the orbit-noon axes in the equatorial frame of date.
    """

    time_s: Vectors
    radial: Vectors
    along: Vectors
    sun: Vectors
    equatorial: Vectors | None = None

    @classmethod
    def at(
        cls,
        angle_rad: ArrayLike,
        beta_rad: float,
        time_s: ArrayLike | None = None,
        equatorial: Vectors | None = None,
    ) -> Geometry:
        """Geometry at angles from orbit noon, in the sense of the motion."""
        u = np.atleast_1d(np.asarray(angle_rad, float))
        zero = np.zeros_like(u)
        return cls(
            time_s=u if time_s is None else np.atleast_1d(np.asarray(time_s, float)),
            radial=np.stack([np.cos(u), np.sin(u), zero], axis=1),
            along=np.stack([-np.sin(u), np.cos(u), zero], axis=1),
            sun=np.array([math.cos(beta_rad), 0.0, math.sin(beta_rad)]),
            equatorial=equatorial,
        )


Attitude = Callable[[Geometry], Vectors]


def unit_vector(vector: ArrayLike, name: str) -> Vectors:
    """Scale a 3-vector to length one, or refuse it when it has none."""
    v = np.asarray(vector, float)
    if v.shape != (3,) or not np.all(np.isfinite(v)) or not np.any(v):
        raise InputError(f"`{name}` must be three finite numbers, not all zero, got {vector!r}")
    v = v / np.max(np.abs(v))
    return v / np.linalg.norm(v)


def _upright(geometry: Geometry) -> Vectors:
    """Make the orbit normal perpendicular to the Sun line.

    With the Sun on the orbit normal it points away from orbit noon (to it for beta = -90
    degrees): the limit as beta goes there.
    """
    cos_beta, _, sin_beta = geometry.sun
    return np.array([-sin_beta, 0.0, cos_beta])


@dataclass(frozen=True, kw_only=True)
class SunPointing:
    """Normal to the Sun, off by `error_rad` towards the orbit normal."""

    error_rad: float = 0.0

    def __call__(self, geometry: Geometry) -> Vectors:
        """Return the normals, shape (n, 3)."""
        normal = math.cos(self.error_rad) * geometry.sun + math.sin(self.error_rad) * _upright(geometry)
        return np.broadcast_to(normal, geometry.radial.shape)


@dataclass(frozen=True, kw_only=True)
class EdgeOn:
    """Panel edge-on to the Sun: its normal stays perpendicular to the Sun line.

    Parameters
    ----------
    secondary : {"orbit-normal", "earth"}
        What fixes the free rotation about the Sun line. ``"orbit-normal"``: the normal is the orbit
        normal made perpendicular to the Sun line. ``"earth"``: the normal is along Sun x radial, which
        sees least of the Earth.
    angle_rad : float
        Further rotation about the Sun line, right-handed; 90 degrees from ``"orbit-normal"`` puts the
        normal in the orbit plane.
    error_rad : float
        Pointing error: a tilt about the in-panel axis perpendicular to the Sun line. Positive turns the
        face to the Sun, negative away from it.

    Notes
    -----
    Sun x radial vanishes when the Sun is overhead or underfoot (beta = 0, noon and midnight); the normal
    is then that of ``"orbit-normal"``. At beta = 0 it changes sign there, which a double-sided panel
    does not notice.
    """

    secondary: str = "orbit-normal"
    angle_rad: float = 0.0
    error_rad: float = 0.0

    def __post_init__(self) -> None:
        if self.secondary not in ("orbit-normal", "earth"):
            raise InputError(
                f"`secondary` must be 'orbit-normal', 'earth' or an angle such as '30 deg',"
                f" got {self.secondary!r}"
            )

    def __call__(self, geometry: Geometry) -> Vectors:
        """Return the normals, shape (n, 3)."""
        upright = _upright(geometry)
        if self.secondary == "earth":
            cross = np.cross(geometry.sun, geometry.radial)
            size = np.linalg.norm(cross, axis=1, keepdims=True)
            normal = np.where(size > 1e-9, cross / np.maximum(size, 1e-9), upright)
        else:
            normal = np.broadcast_to(upright, geometry.radial.shape)
        if self.angle_rad != 0.0:
            turned = np.cross(geometry.sun, normal)
            normal = math.cos(self.angle_rad) * normal + math.sin(self.angle_rad) * turned
        return math.cos(self.error_rad) * normal + math.sin(self.error_rad) * geometry.sun


@dataclass(frozen=True)
class OrbitFixed:
    """Normal fixed in the orbit frame: (radial outward, along the motion, orbit normal)."""

    vector: tuple[float, float, float]

    def __post_init__(self) -> None:
        object.__setattr__(self, "vector", tuple(unit_vector(self.vector, "vector").tolist()))

    def __call__(self, geometry: Geometry) -> Vectors:
        """Return the normals, shape (n, 3)."""
        radial, along, across = self.vector
        return radial * geometry.radial + along * geometry.along + across * np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True)
class Inertial:
    """Normal fixed among the stars.

    Parameters
    ----------
    vector : tuple of float
        Components, any length.
    frame : {"orbit-noon", "equatorial"}
        Orbit-noon: (to orbit noon, along the motion at noon, orbit normal). Equatorial: mean equator and
        equinox of date; the orbit must then have a node.
    """

    vector: tuple[float, float, float]
    frame: str = "orbit-noon"

    def __post_init__(self) -> None:
        object.__setattr__(self, "vector", tuple(unit_vector(self.vector, "vector").tolist()))
        if self.frame not in ("orbit-noon", "equatorial"):
            raise InputError(f"`frame` must be 'orbit-noon' or 'equatorial', got {self.frame!r}")

    def __call__(self, geometry: Geometry) -> Vectors:
        """Return the normals, shape (n, 3)."""
        vector = np.array(self.vector)
        if self.frame == "equatorial":
            if geometry.equatorial is None:
                raise InputError("`frame` 'equatorial' needs an orbit with `inclination` and a node")
            vector = geometry.equatorial @ vector
        return np.broadcast_to(vector, geometry.radial.shape)


@dataclass(frozen=True)
class TimeFunction:
    """Normal as the user's function of time.

    Parameters
    ----------
    function : callable
        Takes times in seconds, shape (n,), gives vectors of any length, shape (n, 3).
    frame : {"orbit-noon", "orbit"}
        Frame of the vectors: the fixed orbit-noon frame, or (radial, along the motion, orbit normal).
    """

    function: Callable[[Vectors], ArrayLike]
    frame: str = "orbit-noon"

    def __post_init__(self) -> None:
        if self.frame not in ("orbit-noon", "orbit"):
            raise InputError(f"`frame` must be 'orbit-noon' or 'orbit', got {self.frame!r}")

    def __call__(self, geometry: Geometry) -> Vectors:
        """Return the normals, shape (n, 3)."""
        v = np.asarray(self.function(geometry.time_s), float)
        if v.shape != geometry.radial.shape:
            raise InputError(f"an attitude function must return shape {geometry.radial.shape}, got {v.shape}")
        size = np.linalg.norm(v, axis=1, keepdims=True)
        if not np.all(np.isfinite(size)) or np.any(size == 0.0):
            raise InputError("an attitude function must return finite vectors that are not zero")
        v = v / size
        if self.frame == "orbit-noon":
            return v
        return v[:, :1] * geometry.radial + v[:, 1:2] * geometry.along + v[:, 2:] * np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True)
class Opposite:
    """The other face of a panel."""

    face: Attitude

    def __call__(self, geometry: Geometry) -> Vectors:
        """Return the normals, shape (n, 3)."""
        return -self.face(geometry)


NAMED: dict[str, Attitude] = {
    "sun": SunPointing(),
    "anti-sun": Opposite(SunPointing()),
    "edge-on": EdgeOn(),
    "nadir": OrbitFixed((-1.0, 0.0, 0.0)),
    "zenith": OrbitFixed((1.0, 0.0, 0.0)),
    "ram": OrbitFixed((0.0, 1.0, 0.0)),
    "wake": OrbitFixed((0.0, -1.0, 0.0)),
    "orbit-normal": OrbitFixed((0.0, 0.0, 1.0)),
    "anti-orbit-normal": OrbitFixed((0.0, 0.0, -1.0)),
}


def named_attitude(name: str) -> Attitude:
    """Return an attitude by its name, one of the keys of `NAMED`.

    Examples
    --------
    >>> named_attitude("nadir")
    OrbitFixed(vector=(-1.0, 0.0, 0.0))
    """
    if name not in NAMED:
        known = ", ".join(repr(key) for key in NAMED)
        raise InputError(f"`attitude` must be one of {known}, or an attitude object, got {name!r}")
    return NAMED[name]
