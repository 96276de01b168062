"""Periodic states solved for, not waited for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import ConvergenceError
from .averaging import averaged
from .steady import steady_state
from .system import System
from .transient import EMPTY, Progress, Trajectory, consistent, integrate

Floats = NDArray[np.float64]
DEPTH = 3
FAST = 5.0
"""Pole of the rational stand-in for 1/(1 - e^z), see `Shooting.correction`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cycle:
    """A periodic state: its last orbit and how near it is.

    Attributes
    ----------
    orbit : Trajectory of the last sweep
    closure_K : largest difference between end and start of the orbit, K
    distance_K : estimated distance of the orbit from the periodic state, K
    distance_index : the unknown where it is largest
    sweeps : passes over the period, the last one included
    """

    orbit: Trajectory
    closure_K: float
    distance_K: float
    distance_index: int
    sweeps: int


class Shooting:
    """The correction that brings an orbit's start nearer to the periodic state.

    With r = end - start of an orbit, the exact correction is (I - M)^-1 r, M the orbit map's derivative. M is
    close to exp(P A) with A = C^-1 J of the orbit-averaged network, and 1/(1 - e^z) on the negative axis is
    within 7 % of 1 - 1/z - (c/2)/(c - z), c = 5: two linear solves, whatever the time constants. The correction
    is thereby also an estimate of the distance to the periodic state.
    """

    def __init__(self, system: System, start_s: float, period_s: float, held: NDArray[np.intp]) -> None:
        self.period_s = period_s
        self.mean = System(averaged(system.bundle, start_s, period_s, held), path=system.path, like=system)
        self.free = np.ones(system.bundle.n, dtype=bool)
        self.free[held] = False
        self.free[system.bundle.capacity == 0.0] = False
        self.state = np.zeros(0)

    def first_guess(self, y0: Floats, describe: Callable[[int], str]) -> Floats:
        """Return the steady state under the averaged forcing."""
        b = self.mean.bundle
        y, _ = steady_state(self.mean, 0.0, y0, tolerance_K=1e-3, describe=describe, shift_floor_per_s=1e-12)
        self.state = np.where(b.capacity < 1e29, y, y0)
        return self.state

    def correction(self, r: Floats) -> Floats:
        """Return the correction for the residual r (n,)."""
        right = self.mean.bundle.capacity * np.where(self.free, r, 0.0) / self.period_s
        right[~self.free] = 0.0
        slow = self.mean.factorise(0.0, self.state, 1e-6 / self.period_s).solve(right, relative=0.02)
        fast = self.mean.factorise(0.0, self.state, FAST / self.period_s).solve(right, relative=0.02)
        return np.where(self.free, r + slow - 0.5 * FAST * fast, 0.0)


def periodic_state(
    system: System,
    period_s: float,
    *,
    start_s: float = 0.0,
    breakpoints_s: Floats = EMPTY,
    times_s: Floats = EMPTY,
    tolerance_K: float = 0.01,
    closure_K: float = 1e-3,
    y0: Floats,
    guess: Floats | None = None,
    anchored: NDArray[np.intp] | None = None,
    max_sweeps: int = 60,
    progress: Progress | None = None,
    describe: Callable[[int], str] = str,
) -> Cycle:
    """Return the state with y(start + period) = y(start).

    Parameters
    ----------
    y0 : (n,) start of the search for the averaged steady state; anchored unknowns keep these values.
    guess : (n,) start of the first orbit, when a better one than the averaged steady state is known.
    anchored : unknowns that need not close (a battery's state of energy starts full).
    closure_K : the estimated distance to the periodic state is brought below this.

    Raises
    ------
    ConvergenceError
        When no periodic state is found: the unknown that keeps changing, by how much an orbit.
    """
    held = np.zeros(0, np.intp) if anchored is None else np.asarray(anchored, dtype=np.intp)
    b = system.bundle
    shooting = Shooting(system, start_s, period_s, held)
    x = shooting.first_guess(np.array(y0, dtype=np.float64), describe)
    if guess is not None:
        x = np.array(guess, dtype=np.float64)
    x[held] = np.asarray(y0)[held]
    history: list[tuple[Floats, Floats]] = []
    smallest, worst, drift = np.inf, 0, 0.0
    for sweep in range(1, max_sweeps + 1):
        x = consistent(system, start_s, x, describe)
        orbit = integrate(
            system, x, start_s, start_s + period_s, breakpoints_s=breakpoints_s, tolerance_K=tolerance_K,
            times_s=times_s, progress=progress, describe=describe,
        )  # fmt: skip
        r = np.where(shooting.free, orbit.y_end - x, 0.0)
        step = shooting.correction(r)
        size = b.weight * np.abs(step)
        worst = int(np.argmax(size))
        distance = float(size[worst]) / (1.0 - 0.3)
        drift = float(r[worst])
        if distance <= closure_K:
            closure = float((b.weight * np.abs(r)).max(initial=0.0))
            return Cycle(orbit=orbit, closure_K=closure, distance_K=distance, distance_index=worst, sweeps=sweep)
        if not np.isfinite(distance) or (sweep > 8 and distance > 1e3 * smallest):
            break
        smallest = min(smallest, distance)
        x = _accelerated(x, step, b.weight, history)
        positive = b.weight == 1.0
        x[positive] = np.maximum(x[positive], 1.0)
    raise ConvergenceError(
        f"no periodic state was found in {sweep} orbits: {describe(worst)} still changes by {drift:.3g} an orbit and "
        f"is an estimated {distance:.3g} K from closing; a load above what the network can reject, or a feedback "
        "without a limit, has none. Lower the load, or follow the change with transient()",
        {"index": worst, "drift": drift, "distance_K": distance, "sweeps": sweep},
    )


def _accelerated(x: Floats, step: Floats, weight: Floats, history: list[tuple[Floats, Floats]]) -> Floats:
    """Anderson acceleration of x <- x + step over the last few orbits."""
    history.append((x.copy(), step.copy()))
    del history[: -(DEPTH + 1)]
    if len(history) == 1:
        return x + step
    dx = np.array([x - older for older, _ in history[:-1]])
    ds = np.array([step - older for _, older in history[:-1]])
    scaled = ds * weight
    mix, *_ = np.linalg.lstsq(scaled.T, weight * step, rcond=1e-8)
    return np.asarray(x + step - mix @ (dx + ds))
