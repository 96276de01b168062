"""What is asked of a design, under which circumstances, and what must not be exceeded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from thermalsat.components.fields import Angle, Choice, Count, Date, Flag, Fraction, Number, Text
from thermalsat.components.part import FrozenDict, Part
from thermalsat.errors import InputError

__all__ = ["DesignCase", "Limits", "Requirement", "named_cases"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Requirement(Part):
    """What the design is asked to hold. Every answer is measured against it.

    {parameters}

    Examples
    --------
    >>> Requirement(sustained="120 kW", peak="150 kW").burst_s
    600.0
    """

    section = "requirement"

    sustained: Number = Number("W", "compute power to be held for ever", above=0.0, high=1e9)
    peak: Number = Number("W", "compute power to be held for `burst` on top", above=0.0, high=1e9)
    burst: Number = Number("s", "duration of the peak", default="10 min", above=0.0)
    recovery: Count = Count("orbits within which the base cycle is back", default=3, low=1, high=1000)
    margin: Fraction = Fraction("load margin that is reported beside the area", default=0.25, high=2.0)

    def faults(self) -> list[str]:
        """Return contradictions between the fields."""
        if self.peak_W >= self.sustained_W:
            return []
        return [
            f"`{self.named('peak')}` must not be below `{self.named('sustained')}` ({self.sustained_W:g} W),"
            f" got {self.peak_W:g} W"
        ]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Limits(Part):
    """Limits that belong to no single part; those of junction, coolant and battery are with these.

    {parameters}

    Examples
    --------
    >>> Limits().bus_power_W
    200000.0
    """

    section = "limits"

    bus_power: Number = Number("W", "highest power on the bus", default="200 kW", above=0.0)
    array_maximum: Number = Number("K", "highest cell temperature", default="120 degC", low=200.0, high=600.0)
    array_minimum: Number = Number("K", "lowest cell temperature", default="-170 degC", low=20.0, high=400.0)
    coolant_maximum: Number = Number(
        "K", "highest coolant temperature, where it is below boiling", default=None, low=100.0, high=700.0
    )
    coolant_minimum: Number = Number(
        "K", "lowest coolant temperature, where it is above freezing", default=None, low=50.0, high=500.0
    )

    def faults(self) -> list[str]:
        """Return contradictions between the fields."""
        found = []
        for what in ("array", "coolant"):
            low, high = getattr(self, f"{what}_minimum_K"), getattr(self, f"{what}_maximum_K")
            if low is not None and high is not None and low >= high:
                found.append(
                    f"`{self.named(f'{what}_minimum')}` must be below `{self.named(f'{what}_maximum')}`"
                    f" ({high:g} K), got {low:g} K"
                )
        return found


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class DesignCase(Part):
    """One set of circumstances in which the limits must hold.

    {parameters}

    Notes
    -----
    The Sun's distance follows `date`. Where `beta` is given the node is turned so that the Sun stands
    at that angle to the orbit plane; otherwise beta follows from the orbit and the date. A case with
    `enveloped` uses `solar_flux` instead of the date's distance, and answers say so.

    Examples
    --------
    >>> case = DesignCase(name="hot", ageing="eol", albedo=0.35, earth_ir="250 W/m^2", date="2026-12-21")
    >>> case.date.month, case.load
    (12, 'sustained')
    """

    section = "cases"
    unlisted = ("name",)

    name: Text = Text("what the case is called")
    ageing: Choice = Choice(("bol", "eol"), "optics and cells at the beginning or end of life")
    albedo: Fraction = Fraction("Earth's albedo")
    earth_ir: Number = Number("W/m^2", "Earth's infrared flux at its surface", low=0.0, high=1000.0)
    date: Date = Date("day of the orbit; the Sun's distance and declination follow")
    beta: Angle = Angle("angle between the Sun and the orbit plane", default=None, low=-1.5708, high=1.5708)
    load: Choice = Choice(
        ("sustained", "idle"),
        "compute power that the case starts from: the requirement or the idle floor",
        default="sustained",
    )
    enveloped: Flag = Flag("the flux does not belong to the date", default=False)
    solar_flux: Number = Number("W/m^2", "flux of an enveloped case", default=None, low=0.0, high=3000.0)

    def named(self, name: str) -> str:
        """Return the dotted name of one of the fields."""
        return f"cases.{self.name}.{name}"

    def faults(self) -> list[str]:
        """Return contradictions between the fields."""
        if self.enveloped == (self.solar_flux_W_m2 is not None):
            return []
        return [
            f"`{self.named('solar_flux')}` must be given together with `enveloped = true`, and only then:"
            " otherwise the flux follows the date"
        ]


def named_cases(given: Any) -> dict[str, DesignCase]:
    """Return cases by name from a mapping or a sequence; refuse none, and two of one name."""
    items = list(given.values()) if isinstance(given, Mapping) else given
    if (
        not isinstance(items, Sequence)
        or not items
        or not all(isinstance(item, DesignCase) for item in items)
    ):
        raise InputError(f"`cases` must hold at least one DesignCase, got {given!r}")
    names = [item.name for item in items]
    if len(set(names)) < len(names):
        raise InputError(f"`cases` must have different names, got {', '.join(names)}")
    return FrozenDict(zip(names, items, strict=True))
