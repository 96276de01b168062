"""Whether the power before and after a burst can be held at all, and leaves a margin."""

from __future__ import annotations

from thermalsat.capability.answers import power_text
from thermalsat.capability.bursts import Bursts
from thermalsat.capability.remedies import SPARE, base_margin, explained
from thermalsat.capability.study import TIGHT_K, Study, scaled, states, upper
from thermalsat.capability.sustained import below_freezing, find_sustained
from thermalsat.capability.worst import NOISE
from thermalsat.errors import InfeasibleError
from thermalsat.satellite import Satellite

__all__ = ["check_base", "require_base"]

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
            f" for ever; it leaves no margin to the limit {state}, {state.excess}: {state.level}. Lower"
            " `base`, or see sustained_power",
            limit=state,
        )
    _check_freezing(bursts)


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
            " so that what a burst takes does not come back however many orbits `recovery` allows. Lower"
            " `base`, or see sustained_power",
            limit=state,
        )


def _check_freezing(bursts: Bursts) -> None:
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
