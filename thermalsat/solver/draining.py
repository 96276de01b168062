"""Batteries that do not close over an orbit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..errors import ConvergenceError, NoBalanceError
from .periodic import periodic_state
from .system import System

Floats = NDArray[np.float64]
JOULES_PER_KWH = 3.6e6
TOLERANCE_K, CLOSURE_K = 0.05, 0.01
"""Of the orbit that tells by how much a battery drains."""
LEAST = 1e-6
"""Part of its capacity that a battery must lose or win in an orbit to be what stops a periodic state."""


def drained(
    error: ConvergenceError,
    system: System,
    period_s: float,
    *,
    anchored: NDArray[np.intp],
    y0: Floats,
    start_s: float,
    breakpoints_s: Floats,
    describe: Callable[[int], str],
) -> ConvergenceError:
    """Return what to raise where no periodic state was found.

    With every battery anchored at its initial state of energy there may be one: what a battery then loses
    over the orbit says that it drains, what it wins that nothing ends its charge. Otherwise the error is the
    one that is known.
    """
    b = system.bundle
    free = np.setdiff1d(b.bt_soe, anchored)
    if not len(free):
        return error
    try:
        orbit = periodic_state(
            system, period_s, start_s=start_s, breakpoints_s=breakpoints_s, tolerance_K=TOLERANCE_K,
            closure_K=CLOSURE_K, y0=y0, anchored=b.bt_soe, describe=describe,
        ).orbit  # fmt: skip
    except ConvergenceError:
        return error
    lost = (orbit.y_start - orbit.y_end)[free]
    worst = int(np.argmax(np.abs(lost)))
    index, part = int(free[worst]), float(lost[worst])
    if abs(part) <= LEAST:
        return error
    name, lost_J = describe(index), part * float(b.capacity[index])
    does, cure = "drains", "more array or less load"
    if part < 0.0:
        does, cure = "is charged beyond full", "a taper that ends at full"
    return NoBalanceError(
        f"no periodic state: the battery {name} {does}, by {abs(lost_J) / JOULES_PER_KWH:.4g} kWh an orbit"
        f" ({100.0 * abs(part):.3g} % of its capacity); give it {cure}, or anchor it, so that the orbit"
        f' starts at its initial state of energy and need not close: anchored=["{name}"]',
        {"index": index, "name": name, "lost_J": lost_J},
    )
