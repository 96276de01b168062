"""A limit where it is nearest, and how an engineer reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from thermalsat.assembly.limits import LOWER_LIMITS
from thermalsat.constants import ZERO_CELSIUS_K
from thermalsat.units import from_si

__all__ = ["LimitState", "margin_lines"]


@dataclass(frozen=True, kw_only=True, repr=False)
class LimitState:
    """A limit where it is nearest: in which case, when, where.

    Attributes
    ----------
    name : str
        The limit.
    case : str
        The design case.
    margin_si, value_si, limit_si : float
        Distance to the limit, negative where it is exceeded; the value; the limit; in `unit`.
    unit : str
        SI unit of the three; ``"K"``, ``"W"``, ``"J"`` or ``""``.
    time_s : float
        Time after the last sunlit instant [s].
    phase : float
        The same as a part of the orbit, 0 to 1.
    place : str
        Part, and cell where it has several.
    difference : bool
        Whether a value in kelvin is a temperature difference.
    """

    name: str
    case: str
    margin_si: float
    value_si: float
    limit_si: float
    unit: str
    time_s: float
    phase: float
    place: str
    difference: bool = False

    @property
    def margin(self) -> Any:
        """Distance to the limit (Quantity), negative where it is exceeded."""
        return from_si(self.margin_si, self.unit)

    @property
    def value(self) -> Any:
        """The value (Quantity)."""
        return from_si(self.value_si, self.unit)

    @property
    def limit(self) -> Any:
        """The limit (Quantity)."""
        return from_si(self.limit_si, self.unit)

    @property
    def time(self) -> Any:
        """Time after the last sunlit instant (Quantity [s])."""
        return from_si(self.time_s, "s")

    @property
    def level(self) -> str:
        """The value beside its limit, as text."""
        shown = _difference if self.difference else _amount
        return f"{shown(self.value_si, self.unit)} against {shown(self.limit_si, self.unit)}"

    @property
    def lower(self) -> bool:
        """Whether more compute power moves away from it."""
        return self.name in LOWER_LIMITS

    @property
    def shortfall(self) -> str:
        """By how much the limit is exceeded, as text."""
        return _difference(-self.margin_si, self.unit)

    @property
    def excess(self) -> str:
        """How far beyond its limit, or within it, as text."""
        if self.margin_si < 0.0:
            return f"exceeded by {self.shortfall}"
        return f"with {_difference(self.margin_si, self.unit)} left"

    @property
    def where(self) -> str:
        """Case, orbit phase and place, as text."""
        return f"{self.case} case, orbit phase {self.phase:.3f}, {self.place}"

    def __str__(self) -> str:
        return f"{self.name} ({self.where})"

    def __repr__(self) -> str:
        return f"<{self}: {self.level}, margin {_difference(self.margin_si, self.unit)}>"


def margin_lines(margins: Mapping[str, LimitState]) -> list[str]:
    """Return a line for each limit, the nearest first within a unit."""
    width = max((len(name) for name in margins), default=0)
    return [
        f"{name:<{width}}  margin {_difference(item.margin_si, item.unit):>12}  {item.level} ({item.where})"
        for name, item in margins.items()
    ]


def _amount(value: float, unit: str) -> str:
    if unit == "K":
        return f"{value - ZERO_CELSIUS_K:.2f} degC"
    return _difference(value, unit)


def _difference(value: float, unit: str) -> str:
    if unit == "K":
        return f"{value:.2f} K"
    if unit == "W":
        return f"{value / 1e3:.2f} kW"
    if unit == "J":
        return f"{value / 3.6e6:.3f} kWh"
    return f"{100.0 * value:.2f} %" if unit == "" else f"{value:.4g} {unit}"
