"""Sustained power in two senses, and what a heater costs below the least power."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from thermalsat.capability.answers import power_text
from thermalsat.capability.limitstate import LimitState, margin_lines
from thermalsat.results import Certificate, Result
from thermalsat.satellite import Satellite
from thermalsat.units import from_si

__all__ = ["DayNight", "Heater"]


@dataclass(frozen=True, kw_only=True)
class Heater:
    """What keeps a panel from freezing at one compute power, in the coldest case.

    Attributes
    ----------
    power_W : float
        Compute power [W].
    heater_W, battery_heater_W : float
        Orbit means of the loop's heater and of the battery's own [W].
    margin_K : float
        From the coldest panel cell to the limit, negative where it is exceeded [K].
    """

    power_W: float
    heater_W: float
    battery_heater_W: float
    margin_K: float


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class DayNight:
    """Sustained power in two senses.

    Attributes
    ----------
    satellite : Satellite
        The design.
    constant : Quantity [kW]
        Largest compute power that is the same by day and night.
    average : Quantity [kW]
        Largest orbit average of a power that is one by day, another by night, in the orbit with the longest
        night of the cases.
    day, night : Quantity [kW]
        Those two.
    ratio : float
        Night over day.
    year_average : Quantity [kW]
        Average of that load over a year of the design's own orbit.
    minimum_power : Quantity [kW]
        Least power at which nothing freezes.
    binding_limit : LimitState or None
        What stops it.
    constant_limit : LimitState or None
        What stops the constant power.
    margins : mapping of str to LimitState
        Each limit where it is nearest, over all cases.
    heater : tuple of Heater
        What the heater takes from the minimum power down to a computer that is off.
    heater_case : str
        In which case.
    result : Result
        The orbit of the case that binds.
    certificate : Certificate
        Error estimates, margins, what was searched.
    curve : tuple of (float, float)
        Ratios that were tried, with the average at each [W].
    """

    satellite: Satellite
    constant_W: float
    average_W: float
    day_W: float
    night_W: float
    year_average_W: float
    minimum_power_W: float
    binding_limit: LimitState | None
    constant_limit: LimitState | None
    margins: dict[str, LimitState]
    heater: tuple[Heater, ...]
    heater_case: str
    case: str
    result: Result
    certificate: Certificate
    curve: tuple[tuple[float, float], ...] = field(default=())

    @property
    def constant(self) -> Any:
        """Power that is the same by day and night (Quantity [kW])."""
        return from_si(self.constant_W, "W").to("kW")

    @property
    def average(self) -> Any:
        """Orbit average with the longest night (Quantity [kW])."""
        return from_si(self.average_W, "W").to("kW")

    @property
    def day(self) -> Any:
        """Power by day (Quantity [kW])."""
        return from_si(self.day_W, "W").to("kW")

    @property
    def night(self) -> Any:
        """Power by night (Quantity [kW])."""
        return from_si(self.night_W, "W").to("kW")

    @property
    def ratio(self) -> float:
        """Power by night over power by day."""
        return self.night_W / self.day_W

    @property
    def year_average(self) -> Any:
        """Average over a year of the design's own orbit (Quantity [kW])."""
        return from_si(self.year_average_W, "W").to("kW")

    @property
    def minimum_power(self) -> Any:
        """Least power at which nothing freezes (Quantity [kW])."""
        return from_si(self.minimum_power_W, "W").to("kW")

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers whose names end in their unit."""
        return {
            "sustained_power_kW": self.constant_W / 1e3,
            "sustained_average_power_kW": self.average_W / 1e3,
            "day_power_kW": self.day_W / 1e3,
            "night_power_kW": self.night_W / 1e3,
            "night_over_day": self.ratio,
            "year_average_power_kW": self.year_average_W / 1e3,
            "minimum_power_kW": self.minimum_power_W / 1e3,
            "binding_limit": None if self.binding_limit is None else str(self.binding_limit),
            "binding_limit_of_constant": None if self.constant_limit is None else str(self.constant_limit),
            "heater_case": self.heater_case,
            "heater": [
                {
                    "power_kW": one.power_W / 1e3,
                    "heater_kW": one.heater_W / 1e3,
                    "battery_heater_kW": one.battery_heater_W / 1e3,
                    "freezing_margin_K": one.margin_K,
                }
                for one in self.heater
            ],
            "curve": [{"night_over_day": x, "average_kW": y / 1e3} for x, y in self.curve],
        }

    def __repr__(self) -> str:
        rows = [
            f"<Day and night of {self.satellite.name!r}",
            f"constant   {power_text(self.constant_W)}, stopped by {self.constant_limit or 'nothing'}",
            f"average    {power_text(self.average_W)} in the longest night's orbit,"
            f" {power_text(self.year_average_W)} over the year",
            f"           {power_text(self.day_W)} by day, {power_text(self.night_W)} by night,"
            f" stopped by {self.binding_limit or 'nothing'}",
            f"least      {power_text(self.minimum_power_W)}; below it, in the {self.heater_case} case:",
        ]
        rows += [
            f"           {power_text(one.power_W)}: heater {power_text(one.heater_W)},"
            f" {one.margin_K:.1f} K to the freezing limit"
            for one in self.heater
        ]
        rows += margin_lines(self.margins)
        rows.append("; ".join(self.certificate.lines()))
        return "\n  ".join(rows) + ">"
