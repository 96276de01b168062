"""Whether the power before and after a burst can be held at all, and leaves a margin."""

from __future__ import annotations

import math

from thermalsat.capability.answers import LimitState, power_text
from thermalsat.capability.bursts import Bursts, Start
from thermalsat.capability.remedies import SPARE, base_margin, explained, smallest_changes, with_changes
from thermalsat.capability.study import TIGHT_K, Study, nearest, scaled, states, upper
from thermalsat.capability.sustained import below_freezing, find_sustained
from thermalsat.capability.worst import NOISE
from thermalsat.constants import DAY_S
from thermalsat.errors import ConvergenceError, InfeasibleError, InputError
from thermalsat.satellite import Satellite

__all__ = ["LONGEST_ORBITS", "check_base", "check_freezing", "check_length", "never_held", "require_base"]

LONGEST_ORBITS = 200.0
"""Bursts are followed for this long."""
AT_LIMIT = 0.05
"""A base cycle with less margin than this is looked at with a tight tolerance [K, %, kW]."""


def require_base(sat: Satellite, bursts: Bursts) -> None:
    """Refuse a base as `check_base` does, and say what change of the design would make it hold.

    Raises
    ------
    InfeasibleError
        With the smallest changes of radiator, array and battery in ``changes``.
    """

    def margin(changed: Satellite) -> float:
        study = Study.of(changed, bursts.study.cases)
        study.borrow(bursts.study)
        return base_margin(study, bursts.base_W, SPARE)

    with explained(sat, margin):
        check_base(bursts)


def check_length(sat: Satellite, duration_s: float, name: str) -> None:
    """Refuse a burst longer than the mission, or than bursts are followed.

    Raises
    ------
    InputError
        Naming the argument.
    """
    life_s, longest_s = sat.array.life_s, LONGEST_ORBITS * sat.orbit.si.period_s
    if math.isinf(duration_s) or duration_s <= min(life_s, longest_s):
        return
    bound = f"longer than the mission, `array.life` ({life_s / DAY_S:.4g} day)"
    if duration_s <= life_s:
        followed = f"{LONGEST_ORBITS:g} orbits ({longest_s / DAY_S:.4g} day)"
        bound = f"longer than {followed}, for which bursts are followed"
    raise InputError(
        f'`{name}` must not be {bound}, got {duration_s / DAY_S:.4g} day; type duration="for ever" in'
        " peak_power() for a power without an end"
    )


def check_base(bursts: Bursts) -> None:
    """Refuse a base power that leaves no margin for a peak, or at which something freezes.

    Raises
    ------
    InfeasibleError
        Naming the limit that the base cycle reaches.
    """
    _check_recovery(bursts)
    found = []
    for case, limits in bursts.base_limits().items():
        margins = scaled(limits, case)
        if min(margins.values()) < AT_LIMIT:
            limits = upper(bursts.base(case, TIGHT_K).limits)
            margins = scaled(limits, case)
        worst = min(margins, key=margins.__getitem__)
        found.append((margins[worst], states(limits, case)[worst[1]]))
    margin, state = min(found, key=lambda pair: pair[0])
    if margin <= NOISE:
        raise InfeasibleError(
            f"no peak margin: the base power of {power_text(bursts.base_W)} is at or above what can be held"
            f" for ever; it leaves no margin to the limit {state}, {state.excess}: {state.level}"
            f"{_others(bursts, state)}. Lower `base`, or see sustained_power",
            limit=state,
        )
    check_freezing(bursts)


def _check_recovery(bursts: Bursts) -> None:
    """Refuse a base at which the orbit gives back less than it takes: no burst is ever recovered."""
    drained = [
        states([limit], case)["recharge"]
        for case, limits in bursts.base_limits().items()
        for limit in limits
        if limit.name == "recharge" and limit.margin < 0.0
    ]
    if drained:
        state = min(drained, key=lambda one: one.margin_si)
        raise InfeasibleError(
            "no peak margin: a burst would never be recovered. At the base power of"
            f" {power_text(bursts.base_W)} every orbit leaves the battery {state.shortfall} short ({state}),"
            " so that what a burst takes does not come back however many orbits `recovery` allows"
            f"{_others(bursts, state)}. Lower `base`, or see sustained_power",
            limit=state,
        )


def _others(bursts: Bursts, state: LimitState) -> str:
    """Return the other limits that the base exceeds, each in its worst case, as text."""
    found = nearest({case: states(limits, case) for case, limits in bursts.base_limits().items()})
    named = [
        f"{name} by {one.shortfall} ({one.case} case)"
        for name, one in found.items()
        if one.margin_si < 0.0 and name != state.name
    ]
    return f"; exceeded as well: {', '.join(named)}" if named else ""


def check_freezing(bursts: Bursts) -> None:
    """Refuse a base power below the least at which nothing freezes.

    Raises
    ------
    InfeasibleError
        Naming that power, and the limit at the base.
    """
    for case in bursts.study.cases:
        limits = [limit for limit in bursts.base(case).limits if limit.lower]
        if min(scaled(limits, case).values(), default=AT_LIMIT) >= AT_LIMIT:
            continue
        limits = [limit for limit in bursts.base(case, TIGHT_K).limits if limit.lower]
        margins = scaled(limits, case)
        worst = min(margins, key=margins.__getitem__)
        if margins[worst] < -NOISE:
            state = states(limits, case)[worst[1]]
            least_W = find_sustained(bursts.study).minimum_W
            asked = bursts.base_W == bursts.study.requirement_W
            raise below_freezing("requirement.sustained" if asked else "base", bursts.base_W, least_W, state)


def never_held(sat: Satellite, bursts: Bursts, start: Start, power_W: float, duration_s: float) -> Exception:
    """Return the error of a power that is not held for the shortest time, with what would change that."""

    def worst_of(tried: Bursts) -> tuple[float, LimitState | None]:
        made = tried.run(start, power_W, duration_s, tolerance_K=TIGHT_K)
        if made is None:
            return -math.inf, None
        margins = scaled(made.limits, start.case)
        worst = min(margins, key=margins.__getitem__)
        return margins[worst], states(made.limits, start.case)[worst[1]]

    def margin(changed: Satellite) -> float:
        study = Study.of(changed)
        held = base_margin(study, bursts.base_W, SPARE)
        return min(held, worst_of(Bursts(study, bursts.base_W, bursts.recovery))[0])

    state = worst_of(bursts)[1]
    if state is None:
        return ConvergenceError(
            f"a burst of {power_text(power_W)} from orbit phase {start.phase:.3f} of the {start.case} case"
            " could not be followed; ask for a lower `power`",
            {"case": start.case, "phase": start.phase, "power_W": power_W},
        )
    told = InfeasibleError(
        f"{power_text(power_W)} is not held for any time: a burst of {duration_s:g} s is stopped by the limit"
        f" {state}, {state.excess}: {state.level}. Lower `power`, or see peak_power",
        limit=state,
    )
    return with_changes(told, smallest_changes(sat, margin, state))
