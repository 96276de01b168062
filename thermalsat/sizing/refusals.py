"""Requirements that no size of radiator, array or battery holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from thermalsat.assembly.limits import LimitMargin
from thermalsat.capability.answers import LimitState
from thermalsat.capability.remedies import KEYS, limit_change, vain
from thermalsat.capability.study import states
from thermalsat.errors import ConvergenceError, InfeasibleError
from thermalsat.satellite import Satellite

__all__ = ["beyond", "confirmed", "unreachable"]

LARGEST_FACTOR = 1e3
"""Sizes are looked for up to this many times those the search begins with."""
ATTEMPTS, FURTHER = 4, 1.001
"""Values of a limit that are tried, each higher than the one before by this factor at least."""
_NAMES = {
    "radiator": "radiator.area",
    "array": "array.area",
    "battery": "battery.capacity",
    "battery radiator": "battery.radiator_area",
}


def beyond(limit: LimitMargin, case: str) -> InfeasibleError:
    """Return the error of a limit that none of the sizes changes."""
    state = states([limit], case)[limit.name]
    key = KEYS.get(limit.name, limit.name)
    return InfeasibleError(
        f"no size of radiator, array or battery holds the requirement: the limit {state} is exceeded by"
        f" {state.shortfall} ({state.level}), and none of them changes that; change `{key}`",
        limit=state,
    )


def confirmed(sat: Satellite, error: InfeasibleError, holds: Callable[[Satellite], Any]) -> InfeasibleError:
    """Return an error of `beyond` with the value of its limit at which the requirement is held.

    Parameters
    ----------
    sat : Satellite
        The design.
    error : InfeasibleError
        What stopped it.
    holds : callable
        Sizes a design; raises where there is no answer.
    """
    key = KEYS.get(error.limit.name) if error.limit is not None else None
    if key is None or error.changes:
        return error
    state: LimitState = error.limit
    wanted = state.value_si
    for _ in range(ATTEMPTS):
        change = limit_change(sat, key, wanted)
        try:
            holds(sat.replace(key, change.value))
        except InfeasibleError as again:
            if again.limit is None or again.limit.name != state.name:
                break
            wanted = max(float(again.limit.value_si), FURTHER * wanted)
        except ConvergenceError:
            break
        else:
            told = f"{error}; the smallest change that makes it feasible: {change}"
            return InfeasibleError(told, error.details, limit=error.limit, changes=(change,))
    told = f"{error}; no value of it alone was found that makes it feasible"
    return InfeasibleError(told, error.details, limit=error.limit)


def unreachable(trial: Any, size: str, margins: Mapping[Any, float]) -> InfeasibleError:
    """Return the error of a size that is not enough however large, or too much however small."""
    start, name = min(margins, key=margins.__getitem__)
    found = (
        trial.burst(start)
        if start.phase >= 0.0
        else trial.study.orbit(start.case, trial.demand.sustained_W).limits
    )
    state = states([limit for limit in found if limit.name == name], start.case)[name]
    key = _NAMES[size]
    if state.margin_si >= 0.0:
        return InfeasibleError(
            f"no least size of the {size} was found: a thousandth of what the search began with still holds"
            f" its limits, {state} the nearest ({state.level}); ask for more, or begin from a smaller"
            f" `{key}`",
            limit=state,
        )
    return InfeasibleError(
        f"no size of the {size} holds the requirement: the limit {state} is still exceeded by"
        f" {state.shortfall} ({state.level}) at a thousand times the size the search began with; no change"
        f" of `{key}`, up to {LARGEST_FACTOR:g} times, makes it feasible: relax the limit, or ask for less",
        limit=state,
        changes=(vain(trial.satellite, key, LARGEST_FACTOR),),
    )
