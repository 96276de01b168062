"""Steady states of any physical network, from any start."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..errors import ConvergenceError, InputError, NoBalanceError
from .system import System

Floats = NDArray[np.float64]
MAX_ITERATIONS = 400
FIRST_SHIFT_PER_S, LEAST_SHIFT_PER_S, LARGEST_SHIFT_PER_S = 1e-2, 1e-9, 1e6
"""Reciprocal lengths of the steps by which a network is followed, and the one that counts as endless."""
CURVED_K, CURVED = 0.3, 0.1
"""Curvature that a step may leave out: in kelvins, and of its length."""
PHYSICAL_K = 3000.0
"""Nothing that a network stands for lasts above this temperature."""
SETTLING = 40
"""Iterations after which temperatures are those of a balance that is followed, not of its first guess."""
EPSILON = float(np.finfo(np.float64).eps)


def steady_state(
    system: System,
    t: float,
    y0: Floats,
    *,
    tolerance_K: float = 1e-9,
    shift_floor_per_s: float = 0.0,
    describe: Callable[[int], str] = str,
) -> tuple[Floats, int]:
    """Return y with F(t, y) = 0 and the number of iterations.

    `shift_floor_per_s` keeps a trace of implicit Euler in every step, for unknowns held by a huge capacity.

    Newton's method in which no unknown may lose more than half or gain more than twice its value in one step:
    emission is convex in temperature, so from then on it falls onto the solution from above. Where that does
    not settle (feedback through laws), it is continued as implicit Euler steps of growing length; and where
    these go round in circles, the network is followed from the start by steps no longer than it lets itself
    be linearised over.

    Raises
    ------
    InputError
        When part of the network has no way to a boundary.
    NoBalanceError
        When temperatures pass what is physical, or the balance found is unstable: the hottest place.
    ConvergenceError
        When the iteration ends without an answer: the worst unknown, its last correction, what to try.
    """
    check_sinks(system, describe)
    b = system.bundle
    y = np.array(y0, dtype=np.float64)
    y[(b.weight == 1.0) & (y <= 0.0)] = 1.0
    floor = shift_floor_per_s
    shift, last = floor, np.inf
    step, hottest = np.zeros(b.n), y
    for iteration in range(1, MAX_ITERATIONS + 1):
        factors = system.factorise(t, y, shift)
        step = factors.solve(factors.F, relative=1e-2 if tolerance_K >= 1e-4 else 1e-10)
        if not np.isfinite(step).all():
            break
        limited = np.clip(step, -0.5 * np.abs(y) - 0.1, 2.0 * np.abs(y) + 0.1)
        y += limited
        size = float(np.abs(b.weight * step).max())
        noise = 4e-15 * float(np.abs(b.weight * y).max())
        done = shift == floor and size <= max(tolerance_K, noise)
        stalled = shift == floor and 0.1 * last <= size <= 1e-3
        if done or (stalled and size <= rounding_K(system, t, y, shift)):
            if factors.runaway:
                raise unstable(y, describe)
            return y, iteration
        if iteration >= SETTLING:
            hottest = np.fmax(hottest, y) if iteration > SETTLING else y.copy()
            # pseudo-time: longer steps while the corrections shrink, shorter ones when they grow
            if shift == floor and size >= 0.5 * last:
                shift = 1e-2
            elif shift > floor:
                shift = shift / 4.0 if size < last or size < 1.0 else min(shift * 8.0, 1e3)
                shift = floor if shift < 1e-9 else shift
        last = size
    followed = _followed(system, t, y0, tolerance_K, floor)
    if followed is not None:
        y, iteration, runaway = followed
        if runaway:
            raise unstable(y, describe)
        return y, MAX_ITERATIONS + iteration
    check_physical(b.weight, np.fmax(hottest, y), describe)
    worst = int(np.argmax(np.where(np.isfinite(step), np.abs(b.weight * step), np.inf)))
    raise ConvergenceError(
        f"no steady state was found in {MAX_ITERATIONS} iterations: {describe(worst)} stands at "
        f"{y[worst]:.6g} with a last correction of {step[worst]:.3g}; check that the heat it receives can "
        f"leave, "
        "or start from a temperature nearer to the answer",
        {"index": worst, "value": float(y[worst]), "correction": float(step[worst])},
    )


def _followed(
    system: System, t: float, y0: Floats, tolerance_K: float, floor_per_s: float
) -> tuple[Floats, int, bool] | None:
    """Return the state that the network comes to from `y0`, steps, and whether it would run away; or None.

    Linearly implicit Euler steps d: (s C - J) d = F(y). What is left, F(y + d) - s C d, is the curvature that
    the step does not see; a step is taken back where correcting that would move y further than it allows.
    """
    b = system.bundle
    y = np.array(y0, dtype=np.float64)
    y[(b.weight == 1.0) & (y <= 0.0)] = 1.0
    shift = FIRST_SHIFT_PER_S
    for iteration in range(1, MAX_ITERATIONS + 1):
        factors = system.factorise(t, y, shift)
        step = factors.solve(factors.F, relative=1e-10)
        size = float(np.abs(b.weight * step).max())
        if not np.isfinite(size):
            return None
        if shift == floor_per_s and size <= max(tolerance_K, 4e-15 * float(np.abs(b.weight * y).max())):
            return y + step, iteration, bool(factors.runaway)
        F, _ = system.rates(t, y + step)
        missed = factors.solve(F - shift * b.capacity * step, relative=1e-2)
        curvature = float(np.abs(b.weight * missed).max())
        if curvature <= max(CURVED_K, CURVED * size):
            y += step
            shift *= 0.25
            shift = floor_per_s if shift < LEAST_SHIFT_PER_S else shift
        elif shift > LARGEST_SHIFT_PER_S:
            return None
        else:
            shift = max(8.0 * shift, LEAST_SHIFT_PER_S)
    return None


def check_physical(weight: Floats, y: Floats, describe: Callable[[int], str]) -> None:
    """Refuse temperatures beyond what is physical, of an answer or of a search that has ended without one.

    Raises
    ------
    NoBalanceError
        Names the hottest place.
    """
    kelvins = np.where((weight == 1.0) & np.isfinite(y), y, -np.inf)
    hottest = int(np.argmax(kelvins))
    if kelvins[hottest] > PHYSICAL_K:
        raise NoBalanceError(
            f"no balance at a physical temperature: {describe(hottest)} passes {PHYSICAL_K:g} K; the "
            "heat is far beyond what can leave, or grows with temperature faster than it leaves (a runaway). "
            "Lower the load, or give the heat more area or conductance to leave by",
            {"index": hottest, "value": float(y[hottest])},
        )


def unstable(y: Floats, describe: Callable[[int], str]) -> NoBalanceError:
    """Return the error that says a balance was found from which the network would run away."""
    hottest = int(np.argmax(y))
    return NoBalanceError(
        f"the balance found is unstable: with {describe(hottest)} at {y[hottest]:.6g}, a little more heat "
        f"grows "
        "without end; look for a source that rises faster with temperature than the heat it can lose, or "
        "follow it "
        "with transient()",
        {"index": hottest, "value": float(y[hottest])},
    )


def rounding_K(system: System, t: float, y: Floats, shift_per_s: float) -> float:
    """How far rounding of the flows alone can move the solution, K: large conductances beside small ones."""
    rows, cols = system.pattern
    entries, _ = system.jacobian_entries(t, y)
    diagonal = (rows == cols) & (rows < system.n)
    gross = np.zeros(system.n)
    np.add.at(gross, rows[diagonal], np.abs(entries[diagonal]))
    np.add.at(gross, system.bundle.w_c, system.bundle.w_ga + system.bundle.w_gb)
    moved = system.solve(t, y, shift_per_s, 4.0 * EPSILON * gross * np.abs(y))
    return float(np.abs(system.bundle.weight * moved).max(initial=0.0))


def check_sinks(system: System, describe: Callable[[int], str]) -> None:
    """Refuse a network part of which exchanges heat with no boundary.

    Raises
    ------
    InputError
        Names the unknowns of the island.
    """
    for members in system.islands:
        named = list(dict.fromkeys(describe(int(i)) for i in members))
        text = ", ".join(named[:6]) + (f" and {len(named) - 6} more" if len(named) > 6 else "")
        raise InputError(
            f"no steady state: {text} exchange(s) heat with no boundary; join it to a boundary with "
            f"couple(), "
            "radiate(), convect() or fix(), or leave it out"
        )
