"""Parts of the tables that several commands print."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from thermalsat.cli import tables
from thermalsat.constants import ZERO_CELSIUS_K

if TYPE_CHECKING:
    from thermalsat.capability.answers import LimitState
    from thermalsat.results import Certificate
    from thermalsat.satellite import Satellite

__all__ = [
    "MARGIN_ALIGN",
    "alone",
    "amount",
    "asked",
    "binding",
    "certificate",
    "changed",
    "duration",
    "heading",
    "margin_rows",
    "margins",
    "power",
    "sizes",
]

MARGIN_ALIGN = "lrrrlrl"
_SHOWN = {
    "W": ("kW", 1e3),
    "J": ("kWh", 3.6e6),
    "1/s": ("1/h", 1.0 / 3600.0),
    "": ("%", 0.01),
    "1": ("%", 0.01),
}


def heading(sat: Satellite, changes: Mapping[str, Any], case: str | None = None) -> str:
    """Name the design and its sizes, what is changed in it, and the case if there is only one."""
    lines = [asked(sat), "  " + sizes(sat)]
    if changes:
        lines.append(changed(changes))
    if case is not None:
        lines.append(alone(case))
    return "\n".join(lines)


def asked(sat: Satellite) -> str:
    """Return the name of a design and its requirement."""
    need = sat.requirement
    return (
        f"{tables.bold(sat.name)}: {power(need.sustained_W)} sustained,"
        f" {power(need.peak_W)} for {duration(need.burst_s)}, recovered within {need.recovery} orbits"
    )


def changed(changes: Mapping[str, Any]) -> str:
    """Return the changes that were typed."""
    hard = "\N{NO-BREAK SPACE}"
    items = (f"{name} = {value}".replace(" ", hard) for name, value in changes.items())
    return tables.wrapped(", ".join(items), first="with ").replace(hard, " ")


def alone(case: str) -> str:
    """Say that one case is looked at."""
    return f"  in the {case} case alone"


def sizes(sat: Satellite) -> str:
    """Return the areas, the battery and the mass of a design on one line."""
    show = tables.number
    radiator, battery = sat.radiator, sat.battery
    return (
        f"radiator {show(radiator.area_m2)} m² planform, {show(radiator.emitting_area_m2)} m² emitting;"
        f" array {show(sat.array.area_m2)} m²; battery {show(battery.capacity_J / 3.6e6)} kWh;"
        f" {show(sat.mass_kg)} kg"
    )


def power(power_W: float | None) -> str:
    """Return a power in kW."""
    return "-" if power_W is None else f"{tables.number(power_W / 1e3)} kW"


def duration(time_s: float | None, digits: int = 3) -> str:
    """Return a duration in minutes, or hours where it is long."""
    if time_s is None:
        return "-"
    if math.isinf(time_s):
        return "for ever"
    return f"{tables.number(time_s / 60.0, digits)} min" if time_s < 36000.0 else f"{time_s / 3600.0:.1f} h"


def amount(value: float, unit: str, *, difference: bool = False) -> str:
    """Return a number in SI as an engineer writes it; temperatures in °C, differences in K."""
    if unit == "K":
        return f"{value:.1f} K" if difference else f"{value - ZERO_CELSIUS_K:.1f} °C"
    shown, size = _SHOWN.get(unit, (unit, 1.0))
    return f"{value / size:.1f} {shown}"


def binding(state: LimitState | None, *, nothing: str = "nothing binds") -> str:
    """Return the limit that stops a power: its name, case, orbit phase and place."""
    if state is None:
        return nothing
    return f"{state.name}: {state.case} case, orbit phase {state.phase:.2f}, {state.place}"


def margins(states: Mapping[str, LimitState]) -> str:
    """Return the table of `margin_rows`."""
    return tables.grid(margin_rows(states), MARGIN_ALIGN)


def margin_rows(states: Mapping[str, LimitState]) -> list[list[str]]:
    """Return a head, and a row for each limit, the nearest of all cases, with where it is."""
    rows = [["limit", "value", "limit", "margin", "case", "phase", "place"]]
    for name, state in states.items():
        margin = amount(state.margin_si, state.unit, difference=True)
        rows.append(
            [
                name,
                amount(state.value_si, state.unit, difference=state.difference),
                amount(state.limit_si, state.unit, difference=state.difference),
                tables.BAD + margin if state.margin_si < 0.0 else margin,
                state.case,
                f"{state.phase:.2f}",
                state.place,
            ]
        )
    return rows


def certificate(found: Certificate, problems: list[str]) -> str:
    """Return the figures of a certificate as a paragraph, with what is wrong in red."""
    figures = "; ".join(found.lines())
    lines = [tables.wrapped(figures)]
    if found.searched:
        lines.append(tables.wrapped(f"searched: {found.searched}"))
    lines += [tables.wrapped(tables.colour(problem, "red"), first="! ") for problem in problems]
    return "\n".join(lines)
