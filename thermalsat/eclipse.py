"""The Earth's shadow with units: what an orbit loses of the Sun, on a day and over the year."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from thermalsat.constants import ASTRONOMICAL_UNIT_M, DAY_S, EARTH_RADIUS_M, SUN_RADIUS_M
from thermalsat.errors import InputError
from thermalsat.physics import shadow as _shadow
from thermalsat.physics.circular import CircularOrbit
from thermalsat.physics.sun import epoch_text
from thermalsat.units import QuantityLike, from_si, si, si_nonnegative, si_positive

__all__ = ["Eclipse", "EclipseCalendar", "illumination_fraction", "shadow_fraction"]


def _vectors_m(value: QuantityLike, name: str) -> np.ndarray[Any, Any]:
    vectors = np.asarray(si(value, "m", name))
    if vectors.ndim == 0 or vectors.shape[-1] != 3:
        raise InputError(f"`{name}` must hold vectors of three lengths, got shape {vectors.shape}")
    return vectors


def shadow_fraction(
    r_sat: QuantityLike,
    r_sun: QuantityLike,
    *,
    earth_radius: QuantityLike | None = None,
    sun_radius: QuantityLike | None = None,
) -> Any:
    """Part of the Sun's disc that the Earth hides: 0 in sunlight, 1 in the umbra.

    Parameters
    ----------
    r_sat, r_sun : Quantity or sequence, shape (..., 3)
        Satellite and Sun from the Earth's centre, in one frame [m].
    earth_radius : Quantity or str, optional
        Radius of the Earth, taken as a sphere [m]; default the equatorial radius, 6378.137 km.
    sun_radius : Quantity or str, optional
        Radius of the Sun [m]; default 695 700 km. Zero gives the sharp shadow of a point source.

    Returns
    -------
    float or ndarray, shape (...)
        Hidden fraction, in [0, 1]; `illumination_fraction` is one minus it.

    Raises
    ------
    UnitsError
        A length has no unit, or one of another dimension.
    InputError
        A position does not have three components, or the satellite is inside the Earth.

    Notes
    -----
    The apparent discs have the angular radii ``asin(R_sun / |r_sun - r_sat|)`` and
    ``asin(R / |r_sat|)``; the fraction is their overlap over the Sun's disc, the discs taken as plane.
    Continuous everywhere; the contacts (fraction leaves 0, reaches 1) are those of the exact cones.
    No atmosphere, no limb darkening.

    References
    ----------
    O. Montenbruck, E. Gill, Satellite Orbits, Springer 2000, section 3.4.2.

    Examples
    --------
    >>> shadow_fraction(["-7000 km", "0 km", "0 km"], ["1 au", "0 km", "0 km"])
    1.0
    """
    earth_m = EARTH_RADIUS_M if earth_radius is None else si_positive(earth_radius, "m", "earth_radius")
    sun_m = SUN_RADIUS_M if sun_radius is None else si_nonnegative(sun_radius, "m", "sun_radius")
    hidden = _shadow.shadow_fraction(_vectors_m(r_sat, "r_sat"), _vectors_m(r_sun, "r_sun"), earth_m, sun_m)
    return float(hidden) if hidden.ndim == 0 else hidden


def illumination_fraction(
    r_sat: QuantityLike,
    r_sun: QuantityLike,
    *,
    earth_radius: QuantityLike | None = None,
    sun_radius: QuantityLike | None = None,
) -> Any:
    """Part of the Sun's disc that is in view: one minus `shadow_fraction`, same arguments.

    Examples
    --------
    >>> illumination_fraction(["7000 km", "0 km", "0 km"], ["1 au", "0 km", "0 km"])
    1.0
    """
    return 1.0 - shadow_fraction(r_sat, r_sun, earth_radius=earth_radius, sun_radius=sun_radius)


@dataclass(frozen=True, kw_only=True)
class Eclipse:
    """The night of one orbit, Sun and node frozen within it.

    Attributes
    ----------
    fraction : float
        Orbit mean of the hidden part of the Sun's disc: the share of the sunlight that is lost, in
        [0, 0.5]. For the cylindrical shadow this is the part of the period spent in it.
    duration : Quantity
        `fraction` times the period: the night with its twilight counted in proportion [min].
    umbra : Quantity
        Time with the Sun wholly hidden [min].
    penumbra : Quantity
        Time with the Sun at least partly hidden, umbra included [min].
    crossing : Quantity
        One passage through the penumbra, from first contact to the umbra [s]; half the penumbra when
        there is no umbra.
    edge_times : Quantity, shape (4,), (2,) or (0,)
        Penumbra entry, umbra entry, umbra exit, penumbra exit, after orbit noon [s]; without the umbra's
        two when it is not reached or the shadow is cylindrical; empty without an eclipse.
    beta : Quantity
        The Sun's angle above the orbit plane [deg].
    shadow : str
        "conical" or "cylindrical".
    """

    fraction: float
    duration: Any
    umbra: Any
    penumbra: Any
    crossing: Any
    edge_times: Any
    beta: Any
    shadow: str

    @classmethod
    def of(
        cls, orbit: CircularOrbit, beta_rad: float, sun_distance_au: float, shadow: str = "conical"
    ) -> Eclipse:
        """Eclipse of a float orbit at a beta angle and Sun distance."""
        distance_m = sun_distance_au * ASTRONOMICAL_UNIT_M
        contacts = _shadow.contact_angles_rad(orbit.radius_m, distance_m, shadow)
        period_s = orbit.period_s
        outer_s, inner_s = (
            float(_shadow.half_shadow_angle_rad(c, beta_rad)) / (2 * math.pi) * period_s for c in contacts
        )
        fraction = float(_shadow.eclipse_fraction(beta_rad, orbit.radius_m, distance_m, shadow))
        halves: list[float] = []
        if outer_s > 0.0:
            halves = [-outer_s, outer_s]
            if inner_s > 0.0 and shadow == "conical":
                halves = [-outer_s, -inner_s, inner_s, outer_s]
        return cls(
            fraction=fraction,
            duration=from_si(fraction * period_s / 60.0, "min"),
            umbra=from_si(2 * inner_s / 60.0, "min"),
            penumbra=from_si(2 * outer_s / 60.0, "min"),
            crossing=from_si(outer_s - inner_s, "s"),
            edge_times=from_si(period_s / 2 + np.array(halves), "s"),
            beta=from_si(math.degrees(beta_rad), "deg"),
            shadow=shadow,
        )

    def __repr__(self) -> str:
        if self.fraction == 0.0:
            return f"<Eclipse: none, beta {self.beta:.3f~P}, {self.shadow} shadow>"
        return (
            f"<Eclipse: {self.duration:.3f~P} ({100 * self.fraction:.2f} % of the orbit),"
            f" umbra {self.umbra:.3f~P}, with penumbra {self.penumbra:.3f~P},"
            f" beta {self.beta:.3f~P}, {self.shadow} shadow>"
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class EclipseCalendar:
    """Beta and night against the date.

    Attributes
    ----------
    epochs : tuple of str, length n
        Dates, evenly spaced.
    beta : Quantity, shape (n,)
        [deg].
    fraction : ndarray, shape (n,)
        Share of the sunlight that is lost, orbit by orbit.
    duration : Quantity, shape (n,)
        Night with its twilight counted in proportion [min].
    longest : Quantity
        Largest of `duration` [min].
    longest_epoch : str
        Its date.
    season : Quantity
        Time within the span on which an orbit loses any sunlight [day], to within one step.
    max_beta : Quantity
        Largest size of beta [deg].
    max_beta_epoch : str
        Its date.
    """

    epochs: tuple[str, ...]
    beta: Any
    fraction: Any
    duration: Any
    longest: Any
    longest_epoch: str
    season: Any
    max_beta: Any
    max_beta_epoch: str

    @classmethod
    def of(
        cls, orbit: CircularOrbit, start_days: float, span_s: float, step_s: float, shadow: str
    ) -> EclipseCalendar:
        """Calendar of a float orbit."""
        count = max(math.ceil(span_s / step_s - 1e-9), 1)
        days = start_days + step_s / DAY_S * np.arange(count)
        beta = orbit.beta_rad(days)
        distance = orbit.sun_distance_au(days) * ASTRONOMICAL_UNIT_M
        # The shadow's contact angle follows the Sun's distance, by under 0.005 degree over the year.
        fraction = np.array(
            [
                float(_shadow.eclipse_fraction(b, orbit.radius_m, float(d), shadow))
                for b, d in zip(beta, distance, strict=True)
            ]
        )
        duration_min = fraction * orbit.period_s / 60.0
        longest, steepest = int(np.argmax(fraction)), int(np.argmax(np.abs(beta)))
        texts = tuple(epoch_text(day) for day in days)
        return cls(
            epochs=texts,
            beta=from_si(np.degrees(beta), "deg"),
            fraction=fraction,
            duration=from_si(duration_min, "min"),
            longest=from_si(float(duration_min[longest]), "min"),
            longest_epoch=texts[longest],
            season=from_si(float(np.count_nonzero(fraction > 0) * step_s / DAY_S), "day"),
            max_beta=from_si(float(np.degrees(np.abs(beta[steepest]))), "deg"),
            max_beta_epoch=texts[steepest],
        )

    def __repr__(self) -> str:
        return (
            f"<EclipseCalendar from {self.epochs[0]}: {len(self.epochs)} orbits, eclipse on"
            f" {self.season:.1f~P}, longest {self.longest:.2f~P} at {self.longest_epoch},"
            f" largest beta {self.max_beta:.2f~P}>"
        )
