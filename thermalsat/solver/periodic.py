"""Periodic states solved for, not waited for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ConvergenceError
from ..tableaus import RODAS3
from .averaging import averaged
from .factors import Factors
from .melting import Knees
from .steady import check_physical, steady_state, unstable
from .system import System
from .transient import (
    EMPTY,
    TIGHTENINGS,
    Progress,
    Trajectory,
    inaccurate,
    integrate,
    local_error_K,
    tightening,
)

Floats = NDArray[np.float64]
DEPTH = 3
"""Orbits that the acceleration remembers."""
CONTRACTION = 0.3
"""What one correction leaves of the distance, at most."""
NEAR_K = 3.0
"""Mean states this near to each other share a linearisation, K."""
SMALL = 400
"""Networks of up to this many unknowns are corrected by the sparse factorisation."""
NEAR_ENOUGH = 3.0
"""Distance over tolerance from which orbits are integrated to the tolerance."""
SKETCHES = 2
"""Orbits flown to find the periodic state only, without an error estimate, at most."""
SKETCH_FIRST = 1.0 / 200.0
"""First step of these, in periods."""
FAR_K, GUESSED_K, NEARER_K = 10.0, 0.15, 1.5
"""Time error allowed in the first of them, in the first from a guess that was given, and in others, K."""
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
    shooting : what corrected the start, good for a neighbouring network of the same topology
    """

    orbit: Trajectory
    closure_K: float
    distance_K: float
    distance_index: int
    sweeps: int
    shooting: Shooting = field(repr=False)


class Shooting:
    """The correction that brings an orbit's start nearer to the periodic state.

    With r = end - start of an orbit, the exact correction is (I - M)^-1 r, M the orbit map's derivative. M is
    close to exp(P A) with A = C^-1 J of the orbit-averaged network, and 1/(1 - e^z) on the negative axis is
    within 7 % of 1 - 1/z - (c/2)/(c - z), c = 5: two linear solves, whatever the time constants. The
    correction
    is thereby also an estimate of the distance to the periodic state. J is taken at the mean of the orbit
    flown.
    """

    def __init__(self, system: System, start_s: float, period_s: float, held: NDArray[np.intp]) -> None:
        self.period_s = period_s
        path = "sparse" if system.n <= SMALL else system.path
        self.mean = System(averaged(system.bundle, start_s, period_s, held), path=path, like=system)
        self.free = np.ones(system.n, dtype=bool)
        self.free[held] = False
        self.free[system.bundle.capacity == 0.0] = False
        self.state: Floats | None = None
        self.runaway = False
        self._factors: list[Factors] = []

    def first_guess(self, y0: Floats, describe: Callable[[int], str]) -> Floats:
        """Return the steady state under the averaged forcing."""
        b = self.mean.bundle
        y, _ = steady_state(self.mean, 0.0, y0, tolerance_K=0.1, describe=describe, shift_floor_per_s=1e-12)
        y = np.where(b.capacity < 1e29, y, y0)
        self.linearise(y)
        return y

    def linearise(self, state: Floats) -> None:
        """Take J at `state` (n,), unless the last one was taken near to it."""
        weight = self.mean.bundle.weight
        if self.state is None or np.max(weight * np.abs(state - self.state)) > NEAR_K:
            self.state = np.array(state)
            self._factors = []

    def correction(self, r: Floats) -> Floats:
        """Return the correction for the residual r (n,)."""
        if self.state is None:
            raise ValueError("linearise() comes first")
        right = self.mean.bundle.capacity * np.where(self.free, r, 0.0) / self.period_s
        right[~self.free] = 0.0
        shifts = (1e-6 / self.period_s, FAST / self.period_s)
        if self.mean.path == "sparse":
            if not self._factors:
                self._factors = [self.mean.factorise(0.0, self.state, shift) for shift in shifts]
            slow, fast = (factors.solve(right) for factors in self._factors)
            self.runaway = self._factors[0].runaway
        else:
            # one set of plate factors at a time: they are large
            factors = self.mean.factorise(0.0, self.state, shifts[0])
            self.runaway = factors.runaway
            slow = factors.solve(right, relative=0.02)
            fast = self.mean.factorise(0.0, self.state, shifts[1]).solve(right, relative=0.02)
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
    guess_K: float = np.inf,
    anchored: NDArray[np.intp] | None = None,
    max_sweeps: int = 60,
    shooting: Shooting | None = None,
    progress: Progress | None = None,
    describe: Callable[[int], str] = str,
) -> Cycle:
    """Return the state with y(start + period) = y(start).

    Parameters
    ----------
    y0 : (n,) start of the search for the averaged steady state; anchored unknowns keep these values.
    guess : (n,) start of the first orbit, where one near the periodic state is known; the averaged steady
        state is then not looked for.
    guess_K : about how far `guess` is from the periodic state; near it, even the first orbit is accurate.
    anchored : unknowns that need not close (a battery's state of energy starts full).
    closure_K : the estimated distance to the periodic state is brought below this.
    shooting : that of a neighbouring network's cycle, to save its analysis.

    Raises
    ------
    ConvergenceError
        When no periodic state is found: the unknown that keeps changing, by how much an orbit. When the
        estimated
        time error stays above `tolerance_K`.
    """
    held = np.zeros(0, np.intp) if anchored is None else np.asarray(anchored, dtype=np.intp)
    b = system.bundle
    if shooting is None:
        shooting = Shooting(system, start_s, period_s, held)
    if guess is None:
        x = np.array(shooting.first_guess(np.array(y0, dtype=np.float64), describe))
    else:
        x = np.array(guess, dtype=np.float64)
    x[held] = np.asarray(y0)[held]
    # a part without a sink keeps the mean it starts with, if it has a periodic state at all
    loose_parts = system.islands
    knees = Knees(b)
    history: list[tuple[Floats, Floats]] = []
    smallest, worst, drift, distance = np.inf, 0, 0.0, guess_K if guess is not None else np.inf
    scale, tightenings = 1.0, 0
    for sweep in range(1, max_sweeps + 1):
        # far from the answer an orbit need not be accurate, unless a slow mode makes its error the distance
        near = sweep > SKETCHES or distance <= NEAR_ENOUGH * tolerance_K
        unknown = guess is None and sweep == 1
        allowed_K = tolerance_K
        how: dict[str, Any] = {"local_K": scale * local_error_K(tolerance_K)}
        if not near:
            most_K = FAR_K if unknown else GUESSED_K if sweep == 1 else NEARER_K
            allowed_K = max(tolerance_K, min(most_K, 0.015 * distance))
            how = {"first_s": SKETCH_FIRST * period_s, "estimated": False}
            how["tableau"] = RODAS3 if unknown else system.method
        samples_s = knees.times_s(times_s if near else EMPTY, start_s, period_s)
        orbit = integrate(
            system, x, start_s, start_s + period_s, breakpoints_s=breakpoints_s, tolerance_K=allowed_K,
            times_s=samples_s, progress=progress, describe=describe, mean=True, **how,
        )  # fmt: skip
        x = orbit.y_start
        r = np.where(shooting.free, orbit.y_end - x, 0.0)
        for members in loose_parts:
            _hold_mean(r, b.capacity, members, max(closure_K, 3.0 * allowed_K), describe)
        about = np.where(shooting.free, orbit.y_mean, x)
        if knees.moved(about, orbit.times_s, orbit.y):
            shooting.state = None
        shooting.linearise(about)
        step = shooting.correction(r)
        size = b.weight * np.abs(step)
        worst = int(np.argmax(size))
        distance = float(size[worst]) / (1.0 - CONTRACTION)
        drift = float(r[worst])
        accurate = near and orbit.error_K <= tolerance_K
        if near and not accurate:
            if tightenings == TIGHTENINGS:
                raise inaccurate(orbit, tolerance_K, describe)
            scale *= tightening(orbit.error_K, tolerance_K)
            tightenings += 1
        if distance <= closure_K and accurate and shooting.runaway:
            raise unstable(orbit.y_mean, describe)
        if distance <= closure_K and accurate:
            closure = float((b.weight * np.abs(r)).max(initial=0.0))
            return Cycle(
                orbit=orbit, closure_K=closure, distance_K=distance, distance_index=worst, sweeps=sweep,
                shooting=shooting,
            )  # fmt: skip
        if not np.isfinite(distance) or (sweep > 8 and distance > 1e3 * smallest):
            break
        smallest = min(smallest, distance)
        new = _accelerated(x, step, b.weight, history)
        knees.limit(orbit.y_mean, x, new)
        x = new
        positive = b.weight == 1.0
        x[positive] = np.maximum(x[positive], 1.0)
    check_physical(b.weight, orbit.y_mean, describe)
    raise ConvergenceError(
        f"no periodic state was found in {sweep} orbits: {describe(worst)} still changes by {drift:.3g} an "
        f"orbit and "
        f"is an estimated {distance:.3g} K from closing; a load above what the network can reject, or a "
        f"feedback "
        "without a limit, has none. Lower the load, or follow the change with transient()",
        {"index": worst, "drift": drift, "distance_K": distance, "sweeps": sweep},
    )


def _hold_mean(
    r: Floats, capacity: Floats, members: NDArray[np.intp], allowed_K: float, describe: Callable[[int], str]
) -> None:
    """Take the common drift out of an island's change r over an orbit; refuse one beyond the time error."""
    heat = capacity[members]
    drift = float((heat * r[members]).sum() / max(heat.sum(), 1e-300))
    if abs(drift) > allowed_K:
        raise ConvergenceError(
            f"no periodic state: {describe(int(members[0]))} and what is joined to it exchange heat with "
            f"no boundary "
            f"and gain {drift:.4g} K an orbit; give it a sink, or loads of zero mean",
            {"index": int(members[0]), "drift": drift},
        )
    r[members] -= drift


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
