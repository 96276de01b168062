"""Circular Earth orbits, with units."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from thermalsat.angles import angle_between, angle_out, local_time_h
from thermalsat.constants import DAY_S, EARTH_RADIUS_M
from thermalsat.eclipse import Eclipse, EclipseCalendar, illumination_fraction, shadow_fraction
from thermalsat.errors import InputError
from thermalsat.physics import circular
from thermalsat.physics.circular import CircularOrbit
from thermalsat.physics.shadow import check_shadow
from thermalsat.physics.sun import Epoch, Epochs, days_of, days_since_j2000, epoch_text
from thermalsat.physics.tle import circular_orbit_of_tle
from thermalsat.units import QuantityLike, from_si, si_angle, si_positive, single

__all__ = ["Eclipse", "EclipseCalendar", "Orbit", "illumination_fraction", "shadow_fraction"]


@dataclass(frozen=True, kw_only=True)
class Orbit:
    """A circular Earth orbit.

    Parameters
    ----------
    altitude : Quantity or str
        Above the equatorial radius, 6378.137 km [m].
    inclination : Quantity or str
        From 0 to 180 degrees.
    raan : Quantity or str, optional
        Right ascension of the ascending node at `epoch`, mean equinox of date. Give this or `ltan`.
    ltan : str or Quantity, optional
        Local mean time of the ascending node at `epoch`: ``"18:00"`` or ``"18 h"``.
    epoch : str or datetime
        Date at which the node is given: ``"2026-06-21"``, ``"2026-06-21T12:00:00"``; universal time.

    Other Parameters
    ----------------
    fixed_beta : Quantity or str, optional
        Set by `Orbit.from_beta`: an idealised orbit known by its beta angle only.

    Raises
    ------
    UnitsError
        A bare number, or another dimension.
    InputError
        A value out of range, a date that cannot be read, or `raan` and `ltan` both or neither given.

    Notes
    -----
    The period is Keplerian, ``2 pi sqrt(r^3 / mu)``; the node drifts by J2 at
    ``-1.5 J2 (R/r)^2 n cos i``; beta is the angle of the Sun above the orbit plane, positive on the side
    of the orbit normal. Sun and node are in the mean equator and equinox of date: a node from another
    frame (J2000) is off by the precession since then, up to 0.7 degree. No drag, no eccentricity.

    Examples
    --------
    >>> orbit = Orbit(altitude="550 km", inclination="53 deg", raan="0 deg", epoch="2026-06-21")
    >>> print(f"{orbit.period:.3f~P}")
    95.650 min
    >>> print(f"{orbit.beta():.2f~P}")
    -29.56 deg
    >>> orbit.eclipse("2026-09-21").umbra.units
    <Unit('minute')>
    """

    altitude: QuantityLike
    inclination: QuantityLike | None = None
    raan: QuantityLike | None = None
    ltan: QuantityLike | None = None
    epoch: Epoch | None = None
    fixed_beta: QuantityLike | None = None
    si: CircularOrbit = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        altitude_m = single(si_positive(self.altitude, "m", "altitude"), "altitude")
        days = None if self.epoch is None else days_since_j2000(self.epoch)
        if self.fixed_beta is not None:
            if not (self.inclination is self.raan is self.ltan is None):
                raise InputError("`beta` and a node cannot both be given: use Orbit.from_beta without them")
            beta = single(angle_between(self.fixed_beta, "beta", -90.0, 90.0), "beta")
            twin = CircularOrbit(altitude_m=altitude_m, epoch_days=days, fixed_beta_rad=beta)
            self._set(fixed_beta=from_si(math.degrees(beta), "deg"))
        else:
            twin = self._with_node(altitude_m, days)
        self._set(altitude=from_si(altitude_m / 1e3, "km"), si=twin)
        if days is not None:
            self._set(epoch=epoch_text(days))

    def _with_node(self, altitude_m: float, days: float | None) -> CircularOrbit:
        if self.inclination is None:
            raise InputError('`inclination` is missing; give e.g. "53 deg", or use Orbit.from_beta')
        inclination = single(angle_between(self.inclination, "inclination", 0.0, 180.0), "inclination")
        if (self.raan is None) == (self.ltan is None):
            raise InputError('give the node by one of `raan`, e.g. "0 deg", and `ltan`, e.g. "18:00"')
        if days is None:
            raise InputError("`epoch` is missing; give the date of the node, such as '2026-06-21'")
        if self.raan is not None:
            raan = float(np.remainder(single(si_angle(self.raan, "raan"), "raan"), 2 * math.pi))
            self._set(raan=from_si(math.degrees(raan), "deg"))
        elif self.ltan is not None:
            hours = local_time_h(self.ltan, "ltan")
            raan = circular.raan_from_ltan_rad(hours, days)
            self._set(ltan=from_si(hours, "h"))
        self._set(inclination=from_si(math.degrees(inclination), "deg"))
        return CircularOrbit(
            altitude_m=altitude_m, inclination_rad=inclination, raan_rad=raan, epoch_days=days
        )

    def __repr__(self) -> str:
        names = ("altitude", "inclination", "raan", "ltan", "fixed_beta")
        parts = [f"{n} {getattr(self, n):.6g~P}" for n in names if getattr(self, n) is not None]
        return f"<Orbit: {', '.join(parts + ([f'epoch {self.epoch}'] if self.epoch else []))}>"

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @classmethod
    def sun_synchronous(cls, *, altitude: QuantityLike, ltan: QuantityLike, epoch: Epoch) -> Orbit:
        """Orbit whose node follows the mean Sun; its inclination is worked out.

        Parameters
        ----------
        altitude : Quantity or str
            [m]; below about 5970 km.
        ltan : str or Quantity
            Local mean time of the ascending node, ``"18:00"``.
        epoch : str or datetime
            Date.

        Examples
        --------
        >>> orbit = Orbit.sun_synchronous(altitude="600 km", ltan="18:00", epoch="2026-06-21")
        >>> print(f"{orbit.inclination:.3f~P}")
        97.788 deg
        """
        radius_m = EARTH_RADIUS_M + single(si_positive(altitude, "m", "altitude"), "altitude")
        inclination = from_si(math.degrees(circular.sun_synchronous_inclination_rad(radius_m)), "deg")
        return cls(altitude=altitude, inclination=inclination, ltan=ltan, epoch=epoch)

    @classmethod
    def from_beta(cls, *, altitude: QuantityLike, beta: QuantityLike, epoch: Epoch | None = None) -> Orbit:
        """Idealised orbit known by its beta angle, the same at every date.

        Parameters
        ----------
        altitude : Quantity or str
            [m].
        beta : Quantity or str
            From -90 to 90 degrees.
        epoch : str or datetime, optional
            Date, for the Sun's distance only; without it the Sun is at 1 au.

        Examples
        --------
        >>> night = Orbit.from_beta(altitude="400 km", beta="0 deg").eclipse()
        >>> print(f"{night.umbra:.3f~P} {night.penumbra:.3f~P} {night.crossing:.2f~P}")
        35.972 min 36.246 min 8.22 s
        """
        return cls(altitude=altitude, fixed_beta=beta, epoch=epoch)

    @classmethod
    def from_tle(cls, line1: str, line2: str) -> Orbit:
        """Circular orbit of a two-line element set: its mean altitude, inclination, node and epoch.

        Parameters
        ----------
        line1, line2 : str
            The two lines; checksums are verified.

        Raises
        ------
        MissingExtraError
            The `sgp4` package is not installed.
        InputError
            The lines cannot be read, a checksum fails, or the eccentricity exceeds 0.02.

        Notes
        -----
        The elements are SGP4 mean elements (true equator and mean equinox of date). The altitude is that of
        the semi-major axis with the Kozai correction removed; it is good to a few km, and stands for a
        circle: a satellite at eccentricity e is up to e r above and below it.
        """
        twin = circular_orbit_of_tle(line1, line2)
        assert twin.epoch_days is not None
        return cls(
            altitude=from_si(twin.altitude_m, "m"),
            inclination=from_si(twin.inclination_rad, "rad"),
            raan=from_si(twin.raan_rad, "rad"),
            epoch=epoch_text(twin.epoch_days),
        )

    @property
    def period(self) -> Any:
        """Keplerian period [min]."""
        return from_si(self.si.period_s / 60.0, "min")

    @property
    def speed(self) -> Any:
        """Orbital speed [km/s]."""
        return from_si(self.si.speed_m_s / 1e3, "km/s")

    @property
    def node_drift(self) -> Any:
        """Secular drift of the node by J2 [deg/day]; zero for an orbit known by its beta only."""
        return from_si(math.degrees(self.si.node_rate_rad_s) * DAY_S, "deg/day")

    def beta(self, epoch: Epochs | None = None) -> Any:
        """Angle of the Sun above the orbit plane [deg].

        Parameters
        ----------
        epoch : str, datetime or sequence of them, optional
            Date; default the orbit's own.
        """
        return angle_out(self.si.beta_rad(days_of(epoch)))

    def raan_at(self, epoch: Epochs | None = None) -> Any:
        """Right ascension of the ascending node [deg], 0 to 360, after the J2 drift from `self.epoch`."""
        return angle_out(np.remainder(self.si.raan_rad_at(self.si.days(days_of(epoch))), 2 * math.pi))

    def ltan_at(self, epoch: Epoch | None = None) -> Any:
        """Local mean time of the ascending node [h], 0 to 24."""
        days = self.si.days(days_of(epoch))
        return from_si(circular.ltan_from_raan_h(float(self.si.raan_rad_at(days)), float(days)), "h")

    def sun_distance(self, epoch: Epochs | None = None) -> Any:
        """Distance of the Sun [au]; 1 au for an orbit by beta without a date."""
        distance = self.si.sun_distance_au(days_of(epoch))
        return from_si(distance if distance.ndim else float(distance), "astronomical_unit")

    def eclipse(self, epoch: Epoch | None = None, *, shadow: str = "conical") -> Eclipse:
        """Work out the night of an orbit at a date.

        Parameters
        ----------
        epoch : str or datetime, optional
            Date; default the orbit's own.
        shadow : {"conical", "cylindrical"}
            Umbra and penumbra of the Sun's disc, or the sharp shadow of parallel light.

        Returns
        -------
        Eclipse
            `fraction`, `duration`, `umbra`, `penumbra`, `crossing`, `edge_times`.
        """
        days = days_of(epoch)
        beta, distance = float(self.si.beta_rad(days)), float(self.si.sun_distance_au(days))
        return Eclipse.of(self.si, beta, distance, check_shadow(shadow))

    def beta_over_year(
        self, start: Epoch | None = None, *, span: QuantityLike = "365.25 day", step: QuantityLike = "1 day"
    ) -> tuple[tuple[str, ...], Any]:
        """Return dates (texts) and beta [deg] from `start` (default the orbit's epoch) over `span`."""
        calendar = self.eclipse_calendar(start, span=span, step=step)
        return calendar.epochs, calendar.beta

    def eclipse_calendar(
        self,
        start: Epoch | None = None,
        *,
        span: QuantityLike = "365.25 day",
        step: QuantityLike = "1 day",
        shadow: str = "conical",
    ) -> EclipseCalendar:
        """Beta and night against the date, the longest night and the eclipse season.

        Parameters
        ----------
        start : str or datetime, optional
            First date; default the orbit's epoch.
        span, step : Quantity or str
            How long and how often [s].
        shadow : {"conical", "cylindrical"}
            Shadow model.

        Examples
        --------
        >>> orbit = Orbit.sun_synchronous(altitude="650 km", ltan="18:00", epoch="2026-01-01")
        >>> calendar = orbit.eclipse_calendar(shadow="cylindrical")
        >>> print(f"{calendar.season:.0f~P}, {calendar.longest:.1f~P}")
        90 d, 19.7 min
        """
        first = float(self.si.days(None if start is None else days_since_j2000(start, "start")))
        span_s, step_s = (
            single(si_positive(span, "s", "span"), "span"),
            single(si_positive(step, "s", "step"), "step"),
        )
        return EclipseCalendar.of(self.si, first, span_s, step_s, check_shadow(shadow))
