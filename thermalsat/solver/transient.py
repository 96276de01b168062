"""Time integration with error control in kelvin, on plain arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _core
from ..errors import STATUS_MESSAGES, ConvergenceError
from ..tableaus import Tableau
from .system import System

Floats = NDArray[np.float64]
Progress = Callable[[float, float], None]
EMPTY = np.zeros(0)
TOO_MANY_STEPS = 4
INTERRUPTED = 5

LOCAL_PER_TOLERANCE, MORE_STEPS = 0.3, 0.12
"""Local error allowed in one step: ``0.3 tolerance (tolerance / 1 K)^0.12``. The power makes up for the
number of steps: their errors together stay in proportion to the tolerance (docs/studies/accuracy.md)."""
ERROR_PER_ESTIMATE = 2.0
"""What the propagated estimate is multiplied by: errors reach twice it (docs/studies/accuracy.md)."""
LAG_PER_TOLERANCE = 0.5
"""How far plates may lag for the splitting of their linear systems (ext/splitting.pxd), in tolerances."""
RESTART_S = 1.0
"""First step, and first step after a breakpoint, s."""
MIN_TOLERANCE_K = 1e-7
EVENTS = ("net power", "charge limit", "empty", "full", "closed", "open")
"""What crosses a level at an event, upwards or downwards: a bus's net power zero, or the battery's charge
limit; a battery's state of energy 0.001, or 0.999; a valve's position likewise (ext/events.pxd)."""
TIGHTENINGS = 4
"""Repeats with smaller steps before an integration is given up as too inaccurate."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trajectory:
    """What one integration leaves behind, in SI floats.

    Attributes
    ----------
    times_s, y : (k,), (k, n) the samples asked for
    start_s, end_s : the range covered (an interrupted run ends early)
    y_start, y_end, y_mean : (n,); the mean over time, empty unless asked for
    ledger_J, throughput_J : (nq,) what each named flow carried, and the sum of its steps' absolute values
    error_K : estimated largest error of any unknown at any time, K
    error_index : the unknown where it is
    steps, rejected : int
    log : (steps, 2) start and length of every step, s
    tableau : the method of the steps
    events : (k, 4) state events in the order of time: when, s; which, an index to `EVENTS`; the number of the
        battery or valve; +1 upwards or -1 downwards
    complete : False when interrupted
    """

    times_s: Floats
    y: Floats
    start_s: float
    end_s: float
    y_start: Floats
    y_end: Floats
    y_mean: Floats
    ledger_J: Floats
    throughput_J: Floats
    error_K: float
    error_index: int
    steps: int
    rejected: int
    log: Floats = field(repr=False)
    tableau: Tableau = field(repr=False)
    events: Floats = field(repr=False)
    complete: bool = True


def integrate(
    system: System,
    y0: Floats,
    start_s: float,
    end_s: float,
    *,
    breakpoints_s: Floats = EMPTY,
    tolerance_K: float = 0.01,
    times_s: Floats = EMPTY,
    tableau: Tableau | None = None,
    max_steps: int = 200_000,
    local_K: float | None = None,
    replay: Floats | None = None,
    increments: Floats | None = None,
    mean: bool = False,
    first_s: float = RESTART_S,
    estimated: bool = True,
    progress: Progress | None = None,
    describe: Callable[[int], str] = str,
) -> Trajectory:
    """Integrate ``C dy/dt = F(t, y)`` from `start_s` to `end_s`.

    Parameters
    ----------
    system : System
    y0 : (n,) initial values; algebraic unknowns are brought into balance first.
    breakpoints_s : times to land on, ascending.
    tolerance_K : largest error wanted in any unknown at any time, K.
    times_s : sample times, ascending, within the range.
    tableau : method; by default that of the system.
    local_K : error allowed in one step, K; by default a multiple of `tolerance_K`.
    replay : (k, 2) steps to take again, without error control.
    increments : (k, stages n) filled with the stages of steps taken again.
    mean : whether to form the mean of y over time.
    first_s : first step, and the least step after a breakpoint that is not shortened by the error, s.
    estimated : whether to form the error estimate; `error_K` is infinite without it.
    describe : names an unknown in messages.

    Raises
    ------
    ConvergenceError
        With the time reached and what to try, when a step fails.
    KeyboardInterrupt
        Carries the part that was done as ``.partial`` (a Trajectory).
    """
    b = system.bundle
    tableau = system.method if tableau is None else tableau
    y_start = consistent(system, start_s, np.asarray(y0, dtype=np.float64), describe)
    y = y_start.copy()
    ledger, throughput, estimate = np.zeros(b.nq), np.zeros(b.nq), np.zeros(b.n if estimated else 0)
    samples = np.empty((len(times_s), b.n))
    integral = np.zeros(b.n if mean else 0)
    steps = np.zeros((4096, 2)) if replay is None else np.ascontiguousarray(replay, dtype=np.float64)
    log: list[Floats] = []
    events: list[Floats] = []
    size = _core.step_size_in_doubles(system.problem, tableau.stages, tableau.stiffly_accurate)
    work = np.empty(size)
    info, noted = np.zeros(10), np.empty((1024, 4))
    most_lag_K = LAG_PER_TOLERANCE * tolerance_K if estimated else np.inf
    local = local_error_K(tolerance_K) if local_K is None else local_K
    t, h, filled, taken, rejected, worst, where, lag_K = start_s, first_s, 0, 0, 0, 0.0, 0, 0.0
    breaks = _apart(breakpoints_s, start_s, end_s)
    # unknowns without capacity follow a jump of the forcing at once: they are brought into balance after each
    stops = list(breaks[(breaks > start_s) & (breaks < end_s)]) if (b.capacity == 0.0).any() else []
    stops = [*stops, end_s] if replay is None else [end_s]
    status = 0
    while stops and status in (0, TOO_MANY_STEPS):
        room = min(len(steps), max_steps - taken - rejected)
        status = _core.integrate(
            system.problem, system.solver, _packed(tableau), tableau.embedded_order, y, t, stops[0], breaks,
            local, most_lag_K, h, first_s, room if replay is None else max_steps,
            np.ascontiguousarray(times_s[filled:]), samples[filled:], ledger, throughput, estimate, integral,
            steps, replay is not None, info, work, progress, noted, increments,
        )  # fmt: skip
        t, h = float(info[0]), float(info[1])
        lag_K = max(lag_K, float(info[9]))
        if info[2] > worst:
            worst, where = float(info[2]), int(info[3])
        taken, rejected, filled = taken + int(info[4]), rejected + int(info[5]), filled + int(info[6])
        log.append(steps[: int(info[4])].copy())
        events.append(noted[: int(info[8])].copy())
        if status == 0:
            stops.pop(0)
            if stops:
                y, h = consistent(system, t, y, describe), first_s
        if replay is not None or (stops and taken + rejected >= max_steps):
            status = status or (TOO_MANY_STEPS if replay is None else 0)
            break
    result = Trajectory(
        times_s=np.array(times_s[:filled]), y=samples[:filled], start_s=start_s, end_s=t, y_start=y_start,
        y_end=y, y_mean=integral / max(t - start_s, 1e-300), ledger_J=ledger, throughput_J=throughput,
        error_K=max(ERROR_PER_ESTIMATE * worst, lag_K) if estimated else np.inf, error_index=where,
        steps=taken, rejected=rejected,
        log=np.concatenate(log), tableau=tableau, events=_in_order(np.concatenate(events), start_s),
        complete=status == 0,
    )  # fmt: skip
    if status == INTERRUPTED:
        interrupt = KeyboardInterrupt()
        interrupt.partial = result  # type: ignore[attr-defined]
        raise interrupt
    if status != 0:
        row = int(info[7]) - 1
        place = f" at {describe(row)}" if 0 <= row < b.n else ""
        raise ConvergenceError(
            f"the integration stopped at t = {t:.6g} s of {end_s:.6g} s{place}: {STATUS_MESSAGES[status]}",
            {"status": status, "time_s": t, "steps": taken, "partial": result},
        )
    return result


def integrate_within(
    system: System,
    y0: Floats,
    start_s: float,
    end_s: float,
    *,
    tolerance_K: float = 0.01,
    describe: Callable[[int], str] = str,
    **options: Any,
) -> Trajectory:
    """Integrate as `integrate` does, again with smaller steps while the estimate exceeds the tolerance.

    Raises
    ------
    ConvergenceError
        When it still does after a few repeats.
    """
    local = local_error_K(tolerance_K)
    for _ in range(TIGHTENINGS + 1):
        run = integrate(
            system, y0, start_s, end_s, tolerance_K=tolerance_K, local_K=local, describe=describe, **options
        )
        if run.error_K <= tolerance_K:
            return run
        local *= tightening(run.error_K, tolerance_K)
    raise inaccurate(run, tolerance_K, describe)


def tightening(error_K: float, tolerance_K: float) -> float:
    """Return the factor on the local error that brings an estimate of `error_K` inside the tolerance.

    The estimate of a run goes about as the local error to the power 3/4; 0.7 of the tolerance is aimed at.
    """
    return (0.7 * tolerance_K / error_K) ** (4.0 / 3.0)


def local_error_K(tolerance_K: float) -> float:
    """Return the error allowed in one step for a tolerance of the run."""
    return LOCAL_PER_TOLERANCE * tolerance_K * tolerance_K**MORE_STEPS


def inaccurate(run: Trajectory, tolerance_K: float, describe: Callable[[int], str]) -> ConvergenceError:
    """Return the error that says an integration stayed less accurate than asked for."""
    return ConvergenceError(
        f"the estimated time error is {run.error_K:.3g} K at {describe(run.error_index)} after {TIGHTENINGS} "
        f"repeats with smaller steps, more than the {tolerance_K:.3g} K asked for; look for coefficients "
        "that change fast with temperature, or loosen `tolerance`",
        {"error_K": run.error_K, "index": run.error_index, "tolerance_K": tolerance_K, "steps": run.steps},
    )


def consistent(system: System, t: float, y: Floats, describe: Callable[[int], str] = str) -> Floats:
    """Return y with the algebraic unknowns (zero capacity) in balance at time t, the others unchanged.

    Newton's method on their rows alone: with a very large shift the other rows do not move.
    """
    algebraic = system.bundle.capacity == 0.0
    if not algebraic.any():
        return y
    y = y.copy()
    for _ in range(60):
        F, _ = system.rates(t, y)
        u = system.solve(t, y, 1e12, np.where(algebraic, F, 0.0))
        step = np.where(algebraic, u, 0.0)
        step = np.clip(step, -0.5 * np.abs(y), np.maximum(2.0 * np.abs(y), 10.0))
        y += step
        if np.abs(step).max() <= 1e-12 * np.abs(y).max():
            return y
    worst = int(np.argmax(np.abs(step)))
    raise ConvergenceError(
        f"the balance of {describe(worst)} (zero heat capacity) was not found at t = {t:.6g} s: its last "
        f"correction was {step[worst]:.3g} K; give it a start nearer to its neighbours, or a heat capacity",
        {"index": worst, "time_s": t},
    )


def _apart(breakpoints_s: Floats, start_s: float, end_s: float) -> Floats:
    """Return the breakpoints strictly inside the range, those closer than rounding taken as one."""
    found = np.sort(np.asarray(breakpoints_s, dtype=np.float64))
    same = 1e-9 + 1e-12 * max(abs(start_s), abs(end_s))
    found = found[(found > start_s + same) & (found < end_s - same)]
    if not len(found):
        return found
    return np.ascontiguousarray(found[np.concatenate([[True], found[1:] - found[:-1] > same])])


def _in_order(events: Floats, start_s: float) -> Floats:
    """Return the events after the start by time."""
    events = events[events[:, 0] > start_s]
    return events[np.argsort(events[:, 0], kind="stable")]


@cache
def _packed(tableau: Tableau) -> tuple[object, ...]:
    return (
        tableau.gamma, tableau.alpha, tableau.gamma_sum, tableau.a.ravel(), tableau.c.ravel(), tableau.m,
        tableau.e, tableau.dense.ravel(), tableau.stiffly_accurate,
    )  # fmt: skip
