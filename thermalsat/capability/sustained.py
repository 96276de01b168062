"""The power that can be held for ever."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from thermalsat.capability.answers import Capability, LimitState, power_text
from thermalsat.capability.outcome import certified, orbit_result
from thermalsat.capability.remedies import base_margin, explained, scaled_margin
from thermalsat.capability.search import Found, Point, largest, least, polish
from thermalsat.capability.study import (
    LOOSE_K,
    SCALES,
    TIGHT_K,
    Study,
    nearest,
    scaled,
    states,
    upper,
)
from thermalsat.errors import ConvergenceError, InfeasibleError
from thermalsat.questions import asked_of
from thermalsat.satellite import Satellite

__all__ = [
    "Sustained",
    "below_freezing",
    "find_minimum",
    "find_sustained",
    "idle_margin",
    "sustained_answer",
    "sustained_power",
]

HIGHEST = 1e3
STEP_W = 1.0
"""Answers are rounded down to a whole watt."""
NEAR = 0.05
"""Cases whose own answer is estimated further above the lowest are only confirmed."""
ROUGH_K, CLEAR = 0.3, 10.0
"""Tolerance by which the cases are told apart, and how many of it a lower limit is to be held by."""
COARSE_W = 20.0
"""How closely the least power is found."""
NOISE = 5e-3
"""Margin that counts as zero at an answer: 5 mK, 5 W, 18 kJ, 0.005 %."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Sustained:
    """Sustained power of a study, in SI floats, with the margins there."""

    power_W: float
    minimum_W: float
    binding: LimitState | None
    cases: Mapping[str, Mapping[str, LimitState]]
    evaluations: int


def sustained_power(sat: Satellite, cases: Iterable[str] | str | None = None) -> Capability:
    """Return the largest constant compute power that can be held for ever.

    Parameters
    ----------
    sat : Satellite
        The design.
    cases : sequence of str, optional
        Names of the design cases that count; default all.

    Returns
    -------
    Capability
        Its ``minimum_power`` is the least power at which nothing freezes: the feasible powers are the
        interval between the two.

    Raises
    ------
    InfeasibleError
        If no power is held: the limit and case that stop it, by how much.

    Notes
    -----
    At the answer the periodic steady state of every case holds every upper limit, recharge of the
    battery included. Lower limits are checked at the idle floor. The answer is computed again with a
    tight tolerance and rounded down to a whole watt, so that the limits hold at it.

    Examples
    --------
    >>> import thermalsat as ts
    >>> bool(ts.sustained_power(ts.designs.load("leo-53")).power > ts.Q("120 kW"))
    True
    """
    sat = asked_of(sat)
    study = Study.of(sat, cases)
    with explained(sat, idle_margin(study.cases)):
        found = find_sustained(study)
    return sustained_answer(study, found)


def sustained_answer(study: Study, found: Sustained, held_W: float | None = None) -> Capability:
    """Return the answer of what was found, or of a lower power that is held for ever."""
    power = found.power_W if held_W is None else held_W
    by_case = found.cases
    if held_W is not None:
        by_case = {case: states(study.orbit(case, power, TIGHT_K).limits, case) for case in study.cases}
    case = study.cases[0] if found.binding is None else found.binding.case
    orbit = study.orbit(case, power, TIGHT_K)
    model = study.models[case].with_power(power)
    result = orbit_result(model, orbit.cycle, TIGHT_K, states(orbit.limits, case))
    margins = nearest(by_case)
    held = {name: state for name, state in margins.items() if not state.lower}
    searched = (
        f"every limit of the cases {', '.join(study.cases)} in {study.solved} periodic states;"
        " computed again at the answer"
    )
    return Capability(
        kind="sustained",
        power_W=power,
        minimum_power_W=found.minimum_W,
        duration_s=math.inf,
        binding_limit=found.binding,
        margins=margins,
        case=case,
        result=result,
        certificate=certified(result.certificate, held, searched),
        cases=by_case,
    )


def find_sustained(study: Study, first_W: float | None = None) -> Sustained:
    """Return the sustained power of a study; see `sustained_power`."""
    idle = study.satellite.payload.idle_floor_W
    start = max(study.requirement_W if first_W is None else first_W, idle)
    points = [_everywhere(study, power, study.cases, ROUGH_K) for power in (start, 1.08 * start)]
    active = _binding_cases(points, study.cases)
    tolerance = max(2e-4 * start, STEP_W)
    found = _search(study, active, idle, start, tolerance, points)
    power, missed = _tight(study, found, active)
    if missed:
        found = _search(study, study.cases, idle, power, tolerance, points)
        power, _ = _tight(study, found, study.cases)
    by_case = {case: states(study.orbit(case, power, TIGHT_K).limits, case) for case in study.cases}
    minimum = find_minimum(study, idle, power)
    binding = _binding(by_case, found)
    return Sustained(
        power_W=power, minimum_W=minimum, binding=binding, cases=by_case, evaluations=study.solved
    )


def _everywhere(study: Study, power_W: float, cases: Iterable[str], tolerance_K: float = LOOSE_K) -> Point:
    margins: dict[Any, float] = {}
    for case in cases:
        limits = study.limits(case, power_W, tolerance_K)
        if limits is None:
            return Point(power_W, None)
        margins |= scaled(upper(limits), case)
    return Point(power_W, margins)


def _binding_cases(points: list[Point], cases: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cases that can bind, from the straight lines through two points."""
    a, b = points
    if a.margins is None or b.margins is None:
        return cases
    roots = dict.fromkeys(cases, math.inf)
    for key, ma in a.margins.items():
        mb = b.margins[key]
        if mb < ma:
            roots[key[0]] = min(roots[key[0]], a.x + ma / (ma - mb) * (b.x - a.x))
    lowest = min(roots.values())
    return tuple(case for case in cases if not roots[case] > lowest + NEAR * abs(lowest))


def _search(
    study: Study, cases: tuple[str, ...], low: float, first: float, tolerance: float, known: list[Point]
) -> Found:
    def evaluate(power_W: float) -> Mapping[Any, float] | None:
        return _everywhere(study, power_W, cases).margins

    kept = tuple(
        Point(p.x, None if p.margins is None else {k: m for k, m in p.margins.items() if k[0] in cases})
        for p in known
    )
    found = largest(
        evaluate, low=low, first=first, high=HIGHEST * max(first, low), tolerance=tolerance, known=kept
    )
    if isinstance(found, Point):
        raise _infeasible(study, found)
    return found


def _infeasible(study: Study, point: Point) -> Exception:
    if point.margins is None:
        return ConvergenceError(
            f"no periodic state was found at the idle floor of {power_text(point.x)}; ask for one case alone",
            {"power_W": point.x},
        )
    case, name = point.worst
    limits = study.limits(case, point.x)
    assert limits is not None
    state = states(limits, case)[name]
    return InfeasibleError(
        f"no compute power can be held for ever: even at the idle floor of {point.x / 1e3:g} kW the limit"
        f" {state} is exceeded by {state.shortfall}: {state.level}",
        limit=state,
    )


def idle_margin(cases: Iterable[str]) -> Callable[[Satellite], float]:
    """Return the smallest scaled margin at the idle floor as a function of a design, for `explained`.

    Where every upper limit is held there but something freezes at every power, it is the margin of that.
    """

    def margin(sat: Satellite) -> float:
        study = Study.of(sat, cases)
        found = base_margin(study, sat.payload.idle_floor_W, lower=False)
        if found >= 0.0:
            try:
                find_sustained(study)
            except InfeasibleError as error:
                return scaled_margin(error.limit)
        return found

    return margin


def below_freezing(argument: str, power_W: float, least_W: float, state: LimitState) -> InfeasibleError:
    """Return the error that says that a power asked for is below the least at which nothing freezes."""
    return InfeasibleError(
        f"`{argument}` must be at least {power_text(least_W)}, the minimum power, below which something"
        f" freezes; got {power_text(power_W)}: the limit {state} is exceeded by {state.shortfall}"
        f" ({state.level}). Raise it, or make the heater stronger (`loop.heater_power`)",
        limit=state,
    )


def _tight(study: Study, found: Found, cases: tuple[str, ...]) -> tuple[float, bool]:
    """Return the power that holds with a tight tolerance, rounded down, and if another case does not."""
    point = polish(
        lambda power: _everywhere(study, power, cases, TIGHT_K).margins, found, step=STEP_W, noise=NOISE
    )
    rest = [case for case in study.cases if case not in cases]
    return point.x, not _everywhere(study, point.x, rest, TIGHT_K).holds


def find_minimum(study: Study, idle_W: float, highest_W: float) -> float:
    """Return the least power at which every lower limit holds; the idle floor where it holds there."""

    def evaluate(power_W: float) -> Mapping[Any, float] | None:
        for tolerance_K in (ROUGH_K, LOOSE_K):
            margins: dict[Any, float] = {}
            for case in study.cases:
                limits = study.limits(case, power_W, tolerance_K)
                if limits is None:
                    return None
                margins |= scaled([limit for limit in limits if limit.lower], case)
            if min(margins.values(), default=math.inf) > CLEAR * ROUGH_K:
                break
        return margins

    found = least(evaluate, low=idle_W, first=idle_W, high=highest_W, tolerance=COARSE_W)
    if isinstance(found, Point):
        case, name = found.worst
        limits = study.limits(case, found.x)
        assert limits is not None
        state = states(limits, case)[name]
        raise InfeasibleError(
            f"no compute power is feasible: at {power_text(highest_W)}, the most that the upper limits allow,"
            f" the limit {state} is exceeded by {state.shortfall}: {state.level}",
            limit=state,
        )
    return math.ceil(found.x / STEP_W) * STEP_W


def _binding(by_case: Mapping[str, Mapping[str, LimitState]], found: Found) -> LimitState | None:
    if found.binding is None:
        return None
    held = [state for limits in by_case.values() for state in limits.values() if not state.lower]
    return min(held, key=lambda state: state.margin_si / SCALES.get(state.unit, 1.0))
