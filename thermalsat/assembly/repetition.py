"""The periodic state of a satellite's orbit, from a guess that may come from a neighbouring power."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from thermalsat.errors import ConvergenceError
from thermalsat.solver.periodic import Cycle, Shooting, _accelerated
from thermalsat.solver.system import System
from thermalsat.solver.transient import integrate

__all__ = ["repeating_orbit"]

Floats = NDArray[np.float64]

_CONTRACTION = 0.3
"""What a correction leaves of the distance, at most."""


def repeating_orbit(
    system: System,
    period_s: float,
    *,
    y0: Floats,
    guess: Floats | None,
    anchored: NDArray[np.intp],
    breakpoints_s: Floats,
    times_s: Floats,
    tolerance_K: float,
    closure_K: float,
    max_sweeps: int,
    describe: Callable[[int], str],
) -> Cycle:
    """Return the orbit that ends where it starts, battery anchored.

    As `thermalsat.solver.periodic.periodic_state`, but the correction, and with it the estimate of the
    distance, is linearised about the mean of the orbit just flown: a battery that its losses keep warm
    is far from the steady state under mean forcing, where its heater would work. A guess also saves
    that steady state.

    Raises
    ------
    ConvergenceError
        When no periodic state is found.
    """
    shooting = Shooting(system, 0.0, period_s, anchored)
    if guess is None:
        x = np.array(shooting.first_guess(np.array(y0), describe))
    else:
        x = np.array(guess, dtype=np.float64)
    x[anchored] = y0[anchored]
    weight = system.bundle.weight
    history: list[tuple[Floats, Floats]] = []
    smallest, worst, drift, distance = np.inf, 0, 0.0, np.inf
    for sweep in range(1, max_sweeps + 1):
        orbit = integrate(
            system, x, 0.0, period_s, breakpoints_s=breakpoints_s, tolerance_K=tolerance_K, times_s=times_s,
            describe=describe,
        )  # fmt: skip
        shooting.state = np.trapezoid(orbit.y, times_s, axis=0) / period_s
        change = np.where(shooting.free, orbit.y_end - x, 0.0)
        step = shooting.correction(change)
        size = weight * np.abs(step)
        worst = int(np.argmax(size))
        distance, drift = float(size[worst]) / (1.0 - _CONTRACTION), float(change[worst])
        if distance <= closure_K:
            return Cycle(
                orbit=orbit,
                closure_K=float(np.max(weight * np.abs(change), initial=0.0)),
                distance_K=distance,
                distance_index=worst,
                sweeps=sweep,
            )
        if not np.isfinite(distance) or (sweep > 8 and distance > 1e3 * smallest):
            break
        smallest = min(smallest, distance)
        x = _accelerated(x, step, weight, history)
        kelvins = weight == 1.0
        x[kelvins] = np.maximum(x[kelvins], 1.0)
    raise ConvergenceError(
        f"no periodic state was found in {sweep} orbits: {describe(worst)} still changes by {drift:.3g} an"
        f" orbit and is an estimated {distance:.3g} K from closing; a power above what the radiator can reject"
        " has none",
        {"index": worst, "drift": drift, "distance_K": distance, "sweeps": sweep},
    )
