"""The smallest change of radiator, array or battery that makes an infeasible request feasible."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from thermalsat.assembly.power import battery_radiator_area_m2
from thermalsat.capability.study import LOOSE_K, SCALES, TIGHT_K, Study, scaled, upper
from thermalsat.errors import ConvergenceError, InfeasibleError, InputError
from thermalsat.satellite import Satellite
from thermalsat.units import from_si

__all__ = ["SPARE", "Change", "base_margin", "explained", "scaled_margin", "smallest_changes", "with_changes"]

MOST = 4.0
"""Sizes are tried up to this many times what they are, or down to that part."""
RUNGS = (1.0 / 3.0, 2.0 / 3.0, 1.0)
"""Where a size is tried before the end is narrowed down, in parts of the logarithm of `MOST`."""
CLOSE = 5e-3
"""How closely the change is found, of the size."""
TRIES = 14
DIGITS = 4
HELPS = 1e-3
"""Margin that a larger size must win to be worth following [K, %, kW, kWh]."""
SPARE = 0.01
"""Margin that a base must leave to its limits to count as leaving any [K, %, kW, kWh]."""
NEAR = 0.1
"""Margins nearer to zero than this are computed with a tight tolerance [K, %, kW, kWh]."""
SIZES = ("radiator.area", "array.area", "battery.capacity")
_UNITS = {
    "radiator.area": ("m^2", "m^2", "m2"),
    "array.area": ("m^2", "m^2", "m2"),
    "battery.capacity": ("J", "kWh", "kWh"),
    "battery.radiator_area": ("m^2", "m^2", "m2"),
    "limits.bus_power": ("W", "kW", "kW"),
    "limits.array_maximum": ("K", "K", "K"),
}
"""SI unit, unit shown, and how it ends a name."""

Margin = Callable[[Satellite], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One number of a design, and the nearest value of it that makes a request feasible.

    Attributes
    ----------
    name : str
        Dotted name of the number.
    stated, value : Quantity
        What the design says, and the value; None where none was found.
    factor : float or None
        The one over the other; None where none was found.
    most : float
        Largest factor that was tried.
    """

    name: str
    stated: Any
    value: Any = None
    factor: float | None = None
    most: float = MOST

    @property
    def distance(self) -> float:
        """Logarithm of the factor, without its sign; infinite where none was found."""
        return math.inf if self.factor is None else abs(math.log(self.factor))

    def record(self) -> dict[str, Any]:
        """Return plain numbers; names end in their unit."""
        _, unit, suffix = _UNITS[self.name]
        value = None if self.value is None else float(self.value.m_as(unit))
        return {
            "name": self.name,
            f"stated_{suffix}": float(self.stated.m_as(unit)),
            f"value_{suffix}": value,
            "factor": self.factor,
            "largest_factor_tried": self.most,
        }

    def __str__(self) -> str:
        _, unit, _ = _UNITS[self.name]
        stated = f"{self.stated.m_as(unit):.4g} {unit}"
        if self.factor is None:
            return f"`{self.name}` ({stated}): none up to {self.most:g} times"
        kept = ", at the same flow per tube" if self.name == "radiator.area" else ""
        value = f"{self.value.m_as(unit):.{DIGITS}g} {unit}"
        return f'`{self.name}` = "{value}" instead of {stated} ({self.factor:.{DIGITS}g} times{kept})'


@contextmanager
def explained(sat: Satellite, margin: Margin) -> Iterator[None]:
    """Add to an `InfeasibleError` the smallest changes of the design that make the request feasible.

    Parameters
    ----------
    sat : Satellite
        The design.
    margin : callable
        Smallest margin of a changed design; zero or more where the request is feasible.
    """
    try:
        yield
    except InfeasibleError as error:
        if error.limit is None or error.changes:
            raise
        raise with_changes(error, smallest_changes(sat, margin, error.limit)) from None


def smallest_changes(sat: Satellite, margin: Margin, limit: Any) -> tuple[Change, ...]:
    """Return the smallest change of each size, one at a time, at which a margin is zero or more.

    Parameters
    ----------
    sat : Satellite
        The design.
    margin : callable
        As for `explained`.
    limit : LimitState
        What stops it: against freezing the radiator is made smaller, else every size larger.

    Notes
    -----
    At most three designs a size are tried where it does not help, and fourteen more where it does. Every
    value that is returned was tried.
    """
    names = [*SIZES]
    if limit.place.startswith("battery") and limit.unit == "K":
        names.append("battery.radiator_area")
    here = _tried(margin, sat)
    return tuple(
        _smallest(sat, name, margin, here, -1.0 if limit.lower and name == "radiator.area" else 1.0)
        for name in names
    )


def base_margin(study: Study, power_W: float, spare: float = 0.0, *, lower: bool = True) -> float:
    """Return the smallest scaled margin of the periodic states of all cases at a power.

    Parameters
    ----------
    study : Study
        A design in its cases.
    power_W : float
        Compute power [W].
    spare : float
        Margin that must be left to the upper limits.
    lower : bool
        Whether limits against freezing count.
    """
    found = _base_margin(study, power_W, LOOSE_K, spare, lower)
    return _base_margin(study, power_W, TIGHT_K, spare, lower) if abs(found) < NEAR else found


def _base_margin(study: Study, power_W: float, tolerance_K: float, spare: float, lower: bool) -> float:
    found = math.inf
    for case in study.cases:
        limits = study.limits(case, power_W, tolerance_K)
        if limits is None:
            return -math.inf
        found = min(found, *(m - spare for m in scaled(upper(limits), case).values()))
        if lower:
            low = [limit for limit in limits if limit.lower]
            found = min(found, *scaled(low, case).values(), math.inf)
    return found


def scaled_margin(limit: Any) -> float:
    """Return the margin of a reported limit on the scale of a search."""
    return float(limit.margin_si) / SCALES.get(limit.unit, 1.0)


def with_changes(error: InfeasibleError, changes: Iterable[Change]) -> InfeasibleError:
    """Return an error with the changes that were tried, in its message and beside it."""
    tried = tuple(changes)
    best = min(tried, key=lambda change: change.distance)
    if best.factor is None:
        names = ", ".join(f"`{change.name}`" for change in tried)
        told = (
            f"no single change of {names} makes it feasible, none up to {best.most:g} times;"
            " see `size`, which finds them together"
        )
    else:
        others = "; ".join(str(change) for change in tried if change is not best)
        told = f"the smallest change that makes it feasible: {best}; others: {others}"
    return InfeasibleError(f"{error}; {told}", error.details, limit=error.limit, changes=tried)


def _smallest(sat: Satellite, name: str, margin: Margin, here: float, sign: float) -> Change:
    """Return the smallest change towards larger (+1) or smaller (-1) sizes with a margin of zero or more."""
    stated = _stated(sat, name)

    def at(x: float) -> float:
        return _tried(margin, sat, name, _rounded(stated * math.exp(sign * x), up=sign > 0.0))

    found = _bracket(at, here)
    if found is None:
        return Change(name=name, stated=_quantity(name, stated))
    (bad, missing), (good, spare) = found
    for k in range(TRIES):
        width = good - bad
        if width <= CLOSE:
            break
        # a straight line every other time: where another limit takes over it stays on one side
        straight = k % 2 == 0 and math.isfinite(missing)
        part = -missing / (spare - missing) + 0.3 * CLOSE / width if straight else 0.5
        x = bad + width * min(max(part, 0.02), 0.98)
        m = at(x)
        if m >= 0.0:
            good, spare = x, m
        else:
            bad, missing = x, m
    value = _rounded(stated * math.exp(sign * good), up=sign > 0.0)
    return Change(
        name=name,
        stated=_quantity(name, stated),
        value=_quantity(name, value),
        factor=value / stated,
    )


def _bracket(
    at: Callable[[float], float], here: float
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return logarithms of a size that is not enough and of one that is, with their margins."""
    bad = (0.0, here)
    rungs = [rung * math.log(MOST) for rung in RUNGS]
    while rungs:
        x = rungs.pop(0)
        m = at(x)
        if m >= 0.0:
            return bad, (x, m)
        if bad[0] == 0.0 and m < here + HELPS:
            del rungs[:-1]
        bad = (x, m)
    return None


def _tried(margin: Margin, sat: Satellite, name: str = "", value: float = 0.0) -> float:
    """Return the margin of a design with one size changed; minus infinity where there is none."""
    try:
        if not name:
            return margin(sat)
        amount = _quantity(name, value)
        return margin(sat.resized(amount) if name == "radiator.area" else sat.replace(name, amount))
    except (ConvergenceError, InputError):
        return -math.inf


def _stated(sat: Satellite, name: str) -> float:
    """Return a size in the unit that is shown, as rounding counts in it."""
    if name == "battery.radiator_area":
        return battery_radiator_area_m2(sat)
    section, _, key = name.partition(".")
    unit = _UNITS[name][1]
    return float(getattr(sat.part(section), key).m_as(unit))


def _quantity(name: str, value: float) -> Any:
    return from_si(value, _UNITS[name][1])


def _rounded(value: float, *, up: bool) -> float:
    """Return a value to `DIGITS` digits, rounded up or down."""
    step = 10.0 ** (math.floor(math.log10(value)) + 1 - DIGITS)
    whole = math.ceil(value / step - 1e-9) if up else math.floor(value / step + 1e-9)
    return float(f"{whole * step:.{DIGITS}g}")
