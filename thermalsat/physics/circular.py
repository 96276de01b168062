"""Circular Earth orbits: period, node drift by J2, Sun-synchronous inclination, beta angle."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermalsat.constants import DAY_S, EARTH_J2, EARTH_MU_M3_S2, EARTH_RADIUS_M
from thermalsat.errors import InputError
from thermalsat.physics.sun import MEAN_SUN_RATE_RAD_DAY, mean_longitude_rad, sun_direction, sun_distance_au


def mean_motion_rad_s(radius_m: float) -> float:
    """Keplerian mean motion sqrt(mu / r^3), rad/s."""
    return math.sqrt(EARTH_MU_M3_S2 / radius_m**3)


def node_rate_rad_s(radius_m: float, inclination_rad: float) -> float:
    """Secular drift of the ascending node by J2, rad/s.

    Notes
    -----
    ``-1.5 J2 (R/r)^2 n cos i``, first order in J2, Keplerian ``n`` (Vallado, 4th ed., chapter 9, e = 0).
    """
    ratio = EARTH_RADIUS_M / radius_m
    return -1.5 * EARTH_J2 * ratio**2 * mean_motion_rad_s(radius_m) * math.cos(inclination_rad)


def sun_synchronous_inclination_rad(radius_m: float) -> float:
    """Inclination at which the node follows the mean Sun, rad.

    Raises
    ------
    InputError
        The orbit is too high (above about 5970 km) for any inclination to do so.
    """
    cosine = MEAN_SUN_RATE_RAD_DAY / DAY_S / node_rate_rad_s(radius_m, 0.0)
    if cosine < -1.0:
        altitude_km = (radius_m - EARTH_RADIUS_M) / 1e3
        raise InputError(
            f"`altitude` must be below about 5970 km for a Sun-synchronous orbit, got {altitude_km:.6g} km"
        )
    return math.acos(cosine)


def raan_from_ltan_rad(ltan_h: float, days: float) -> float:
    """Right ascension of the ascending node for a local time of the node (mean Sun), rad in [0, 2 pi)."""
    return float(np.remainder(mean_longitude_rad(days) + math.pi / 12.0 * (ltan_h - 12.0), 2 * math.pi))


def ltan_from_raan_h(raan_rad: float, days: float) -> float:
    """Local mean time of the ascending node, hours in [0, 24)."""
    return float(np.remainder(12.0 + (raan_rad - mean_longitude_rad(days)) * 12.0 / math.pi, 24.0))


def orbit_normal(inclination_rad: ArrayLike, raan_rad: ArrayLike) -> NDArray[np.float64]:
    """Return the unit vector along the angular momentum, equator and equinox of date, shape (..., 3)."""
    i, node = np.broadcast_arrays(np.asarray(inclination_rad, float), np.asarray(raan_rad, float))
    return np.stack([np.sin(i) * np.sin(node), -np.sin(i) * np.cos(node), np.cos(i)], axis=-1)


@dataclass(frozen=True, kw_only=True)
class CircularOrbit:
    """A circular orbit in bare numbers: the float twin of `thermalsat.Orbit`.

    Parameters
    ----------
    altitude_m : float
        Above the equatorial radius.
    inclination_rad, raan_rad : float or None
        Orientation; the node holds at `epoch_days` and drifts by J2. None with `fixed_beta_rad`.
    epoch_days : float or None
        Days since J2000.
    fixed_beta_rad : float or None
        An idealised orbit known by its beta angle only.
    """

    altitude_m: float
    inclination_rad: float | None = None
    raan_rad: float | None = None
    epoch_days: float | None = None
    fixed_beta_rad: float | None = None

    @property
    def radius_m(self) -> float:
        """Distance from the Earth's centre."""
        return EARTH_RADIUS_M + self.altitude_m

    @property
    def period_s(self) -> float:
        """Keplerian period."""
        return 2 * math.pi / mean_motion_rad_s(self.radius_m)

    @property
    def speed_m_s(self) -> float:
        """Orbital speed."""
        return math.sqrt(EARTH_MU_M3_S2 / self.radius_m)

    @property
    def node_rate_rad_s(self) -> float:
        """Drift of the node by J2; zero for an orbit known by its beta only."""
        return 0.0 if self.inclination_rad is None else node_rate_rad_s(self.radius_m, self.inclination_rad)

    def raan_rad_at(self, days: ArrayLike) -> NDArray[np.float64]:
        """Node at other dates (days since J2000), not wrapped."""
        if self.raan_rad is None or self.epoch_days is None:
            raise InputError("an orbit given by `beta` has no node; give `inclination` and `raan` or `ltan`")
        return self.raan_rad + self.node_rate_rad_s * DAY_S * (np.asarray(days, float) - self.epoch_days)

    def days(self, days: ArrayLike | None = None) -> NDArray[np.float64]:
        """Return the dates asked for, or the orbit's own epoch."""
        if days is not None:
            return np.asarray(days, float)
        if self.epoch_days is None:
            raise InputError("`epoch` is needed: the orbit has none; give a date such as '2026-06-21'")
        return np.asarray(self.epoch_days)

    def beta_rad(self, days: ArrayLike | None = None) -> NDArray[np.float64]:
        """Angle of the Sun above the orbit plane, positive on the side of the orbit normal.

        Parameters
        ----------
        days : array_like, optional
            Days since J2000, shape (...); default the orbit's epoch.

        Returns
        -------
        ndarray, shape (...)
            In [-pi/2, pi/2].
        """
        if self.fixed_beta_rad is not None:
            shape = () if days is None else np.shape(days)
            return np.full(shape, self.fixed_beta_rad)
        if self.inclination_rad is None:
            raise InputError("`inclination` is needed to find the beta angle")
        when = self.days(days)
        normal = orbit_normal(self.inclination_rad, self.raan_rad_at(when))
        sine = np.sum(normal * sun_direction(when), axis=-1)
        return np.arcsin(np.clip(sine, -1.0, 1.0))

    def sun_distance_au(self, days: ArrayLike | None = None) -> NDArray[np.float64]:
        """Distance to the Sun; 1 for an orbit known by its beta only when no date is given."""
        if days is None and self.epoch_days is None:
            return np.asarray(1.0)
        return sun_distance_au(self.days(days))

    def sun_frame(self, days: ArrayLike | None = None) -> NDArray[np.float64]:
        """Rows x, y, z of the orbit-noon frame in the equatorial frame of date, shape (3, 3).

        x points to orbit noon (the point of the orbit nearest the Sun), z along the orbit normal.
        When the Sun is on the orbit normal, x points to the ascending node.
        """
        if self.inclination_rad is None:
            raise InputError("an orbit given by `beta` has no place in the equatorial frame")
        when = self.days(days)
        node = float(self.raan_rad_at(when))
        z = orbit_normal(self.inclination_rad, node)
        sun = sun_direction(when)
        x = sun - (sun @ z) * z
        if np.linalg.norm(x) < 1e-12:
            x = np.array([math.cos(node), math.sin(node), 0.0])
        x = x / np.linalg.norm(x)
        return np.array([x, np.cross(z, x), z])
