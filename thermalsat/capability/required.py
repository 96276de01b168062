"""What would have to be true: the value of one number of a design at which a requirement is just held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from thermalsat.capability.answers import LimitState
from thermalsat.capability.base import check_length
from thermalsat.capability.bursts import Bursts
from thermalsat.capability.study import Study, scaled, states, upper
from thermalsat.components.fields import Amount, Difference, Field
from thermalsat.errors import ConvergenceError, InfeasibleError, InputError
from thermalsat.questions import asked_of, each_of
from thermalsat.satellite import Satellite
from thermalsat.units import from_si

__all__ = ["Needed", "needed"]

PHASES = 6
RELATIVE = 1e-3
"""How closely the value is found, of the range that is searched."""
MOST = 40
_SHOWN = {"kelvin": "degC", "pascal": "bar", "joule": "kWh", "watt": "kW", "second": "min"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """A value at which a requirement is just held.

    Attributes
    ----------
    name : str
        Dotted name of the number.
    value : Quantity or float
        The value, on the side on which the requirement is held.
    stated : Quantity, float or None
        What the design says.
    binding_limit : LimitState
        The limit that is nearest at it.
    difference : bool
        Whether a value in kelvin is a temperature difference.
    """

    name: str
    value: Any
    stated: Any
    binding_limit: LimitState
    difference: bool = False

    def __str__(self) -> str:
        stated = "nothing" if self.stated is None else _text(self.stated, self.difference)
        value = _text(self.value, self.difference)
        return f"{self.name} = {value} (stated: {stated}), stopped by {self.binding_limit}"


def needed(
    sat: Satellite,
    name: str,
    between: tuple[Any, Any],
    *,
    limits: Iterable[str] | None = None,
    burst: bool = True,
) -> Needed:
    """Return the value of one number of a design at which its requirement is just held.

    Parameters
    ----------
    sat : Satellite
        The design, with its requirement.
    name : str
        Dotted name of a number, such as ``"payload.junction_limit"``.
    between : pair
        Values between which to search; the requirement is held at one of them.
    limits : iterable of str, optional
        Names of the limits that count, such as ``("junction", "coolant maximum")``; default all.
    burst : bool
        Whether the required peak counts, or only the sustained power.

    Raises
    ------
    InfeasibleError
        If the requirement is held at neither end: the limit, and by how much, at the better one.
    InputError
        If it is held at both ends, or the name is not one of a number.

    Notes
    -----
    Bisection on the smallest margin over the periodic states of all cases and, for the peak, over bursts
    from phases all round the orbit and from the edges of the shadow, recovery included. The margin must
    change sign once between the two values.

    Examples
    --------
    >>> import thermalsat as ts
    >>> sat = ts.designs.load("suncatcher-650")
    >>> found = needed(sat, "radiator.area", ("30 m^2", "43 m^2"), limits=["junction", "coolant maximum"])
    >>> 35 < found.value.m_as("m^2") < 43, found.binding_limit.name
    (True, 'coolant maximum')
    """
    sat = asked_of(sat)
    ends_given = each_of(between, "between")
    if len(ends_given) != 2:
        raise InputError(f'`between` must be two values, e.g. ("30 m^2", "43 m^2"), got {between!r}')
    low, high = (_number(sat, name, end) for end in ends_given)
    if burst:
        check_length(sat, sat.requirement.burst_s, "requirement.burst")
    counted = None if limits is None else frozenset(limits)
    nearest: dict[float, LimitState] = {}
    studies: list[Study] = []
    field = _field(sat, name)
    unit, difference = field.unit, isinstance(field, Difference)

    def margin(x: float) -> float:
        study = Study.of(sat.replace(name, _value(x, unit)))
        for known in studies[-1:]:
            study.borrow(known)
        found, nearest[x] = _smallest(study, counted, burst)
        studies[:] = [study]
        return found

    ends = {x: margin(x) for x in (low, high)}
    good = [x for x, found in ends.items() if found >= 0.0]
    if not good:
        best = max(ends, key=ends.__getitem__)
        limit = nearest[best]
        raise InfeasibleError(
            f"no `{name}` between {between[0]} and {between[1]} holds the requirement: at"
            f" {_text(_value(best, unit), difference)} the limit {limit} is exceeded by {limit.shortfall}"
            f" ({limit.level})",
            limit=limit,
        )
    if len(good) == 2:
        raise InputError(
            f"`between` must hold a value at which the requirement is not held, but {between[0]} and"
            f" {between[1]} both hold it; widen it"
        )
    held = good[0]
    missed = high if held == low else low
    for _ in range(MOST):
        if abs(held - missed) <= RELATIVE * abs(high - low):
            break
        middle = 0.5 * (held + missed)
        if margin(middle) >= 0.0:
            held = middle
        else:
            missed = middle
    stated = _stored(sat, name)
    return Needed(
        name=name,
        value=_value(held, unit),
        stated=None if stated is None else _value(stated.si, unit),
        binding_limit=nearest[held],
        difference=difference,
    )


def _smallest(study: Study, counted: frozenset[str] | None, burst: bool) -> tuple[float, LimitState]:
    """Return the smallest margin of the limits that count, and which it is."""
    asked = study.satellite.requirement
    found: list[tuple[float, LimitState]] = []

    def look(limits: Iterable[Any], case: str) -> None:
        chosen = [one for one in upper(limits) if counted is None or one.name in counted]
        by_name = states(chosen, case)
        found.extend((value, by_name[key[1]]) for key, value in scaled(chosen, case).items())

    for case in study.cases:
        look(study.orbit(case, asked.sustained_W).limits, case)
    if not found:
        raise InputError(f"`limits` must name limits of a design, got {', '.join(sorted(counted or ()))}")
    if burst and asked.peak_W > asked.sustained_W and min(found, key=_margin)[0] >= 0.0:
        bursts = Bursts(study, asked.sustained_W, asked.recovery)
        for start in bursts.starts(asked.burst_s, PHASES):
            made = bursts.run(start, asked.peak_W, asked.burst_s)
            if made is None:
                raise ConvergenceError(
                    f"the burst from orbit phase {start.phase:.3f} of the {start.case} case could not be"
                    " followed",
                    {"case": start.case, "phase": start.phase},
                )
            look(made.limits, start.case)
    return min(found, key=_margin)


def _margin(pair: tuple[float, LimitState]) -> float:
    return pair[0]


def _stored(sat: Satellite, name: str) -> Amount | None:
    section, *path = name.split(".")
    part: Any = sat.cases[path.pop(0)] if section == "cases" else sat.part(section)
    for key in path:
        part = part.__dict__[key]
    return part if isinstance(part, Amount) else None


def _number(sat: Satellite, name: str, value: Any) -> float:
    stored = _stored(sat.replace(name, value), name)
    if stored is None:
        raise InputError(f"`{name}` must be the name of a number with a unit or a fraction")
    return stored.si


def _field(sat: Satellite, name: str) -> Field:
    section, *path = name.split(".")
    part: Any = sat.cases[path.pop(0)] if section == "cases" else sat.part(section)
    for key in path[:-1]:
        part = part.__dict__[key]
    field: Field = part.fields[path[-1]]
    return field


def _value(si: float, unit: str) -> Any:
    return from_si(si, unit) if unit else si


def _text(value: Any, difference: bool) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    unit = _SHOWN.get(str(value.units))
    if unit is None or (unit == "degC" and difference):
        return f"{value:.4g~P}"
    return f"{value.m_as(unit):.4g} {unit}"
