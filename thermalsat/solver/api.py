"""Steady, transient and periodic solves of a `ThermalNetwork`, in SI floats in, `Result` out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.errors import ConvergenceError, InputError
from thermalsat.network import ThermalNetwork
from thermalsat.results import Result
from thermalsat.units import si

from .averaging import averaged
from .checks import (
    check_coverage,
    check_period,
    check_positive,
    check_times,
    check_tolerance,
    common_period,
)
from .draining import drained
from .outcome import Compiled, compiled, from_steady, from_trajectory
from .periodic import periodic_state
from .steady import steady_state
from .system import System
from .transient import Progress, Trajectory, integrate_within

__all__ = ["periodic", "steady", "transient"]

Floats = NDArray[np.float64]
DEFAULT_SAMPLES = 121
HELD_J_K = 1e30
HELD_SHIFT_PER_S = 1e-12


def steady(
    net: ThermalNetwork,
    *,
    time_s: float | None = None,
    mean: bool = False,
    initial: Any = None,
    tolerance_K: float = 1e-9,
) -> Result:
    """Solve for the state in which every unknown is in balance.

    Parameters
    ----------
    net : ThermalNetwork
    time_s : float, optional
        Moment at which forcings are held [s].
    mean : bool
        Hold forcings at their means over their common period instead.
    initial : state, mapping, array or Quantity [K], optional
        Where to start.
    tolerance_K : float
        Largest last correction [K].

    Returns
    -------
    Result
        Flows in its ledger are in W. States of energy stay at their initial values.

    Raises
    ------
    InputError
        For forcings that depend on time when neither `time_s` nor `mean` is given, or a part of the
        network without a way to a boundary.
    ConvergenceError
        When no steady state is found.
    """
    began = perf_counter()
    c = compiled(net)
    if time_s is not None and mean:
        raise InputError("`time` and `mean` must not both be given")
    if net.forcings and time_s is None and not mean:
        raise InputError(
            f"`time` or `mean=True` must be given, because these depend on time: {', '.join(net.forcings)}"
        )
    y0 = _initial(net, c, initial)
    t = 0.0 if time_s is None else float(time_s)
    system, held = c.exact, c.batteries
    if mean and net.forcings:
        bundle = averaged(c.bundle, 0.0, common_period(net.forcings), held)
        system = System(bundle, path="sparse", like=c.system)
    else:
        check_coverage(net.forcings, t, t)
        if len(held):
            capacity = c.bundle.capacity.copy()
            capacity[held] = HELD_J_K
            system = System(replace(c.bundle, capacity=capacity), path="sparse", like=c.system)
    shift = HELD_SHIFT_PER_S if len(held) else 0.0
    y, iterations = steady_state(
        system, t, y0, tolerance_K=tolerance_K, shift_floor_per_s=shift, describe=c.describe
    )
    return from_steady(
        c, system, t, y, shift_per_s=shift, tolerance_K=tolerance_K, iterations=iterations,
        seconds=perf_counter() - began,
    )  # fmt: skip


def transient(
    net: ThermalNetwork,
    *,
    duration_s: float,
    times_s: Floats | None = None,
    initial: Any = None,
    tolerance_K: float = 0.01,
    start_s: float = 0.0,
    progress: Progress | None = None,
) -> Result:
    """Integrate from `start_s` over `duration_s`.

    Parameters
    ----------
    net : ThermalNetwork
    duration_s : float
        Length of the run [s].
    times_s : (k,) float, optional
        Sample times [s]; by default about 120 over the run and every breakpoint.
    initial : state, mapping, array or Quantity [K], optional
        Default the initial temperatures of the parts.
    tolerance_K : float
        Largest temperature error wanted, at least 1e-7 K.
    start_s : float
        Start of the run [s].
    progress : callable, optional
        Called now and then with the time reached and the end [s].

    Returns
    -------
    Result

    Raises
    ------
    InputError
        For tables that do not cover the run, times outside it, or a tolerance out of reach.
    ConvergenceError
        When a step fails, or the estimated error stays above `tolerance_K`.
    KeyboardInterrupt
        Carries what was done as ``.partial``, a Result with ``complete`` False.
    """
    began = perf_counter()
    check_positive(duration_s, "duration", "s")
    check_tolerance(tolerance_K)
    end_s = start_s + duration_s
    check_coverage(net.forcings, start_s, end_s)
    c = compiled(net)
    y0 = _initial(net, c, initial)
    breakpoints = net.breakpoints_between(start_s, end_s)
    times = _samples(times_s, start_s, end_s, breakpoints)
    try:
        run = integrate_within(
            c.system, y0, start_s, end_s, breakpoints_s=breakpoints, times_s=times,
            tolerance_K=tolerance_K, progress=progress, describe=c.describe,
        )  # fmt: skip
    except KeyboardInterrupt as interrupt:
        _attach(interrupt, c, "transient", tolerance_K, perf_counter() - began)
        raise
    return from_trajectory(c, run, "transient", tolerance_K=tolerance_K, seconds=perf_counter() - began)


def periodic(
    net: ThermalNetwork,
    *,
    period_s: float,
    tolerance_K: float = 0.01,
    closure_K: float = 1e-3,
    times_s: Floats | None = None,
    times: Any = None,
    initial: Any = None,
    guess: Any = None,
    anchored: Iterable[str] | None = None,
    start_s: float = 0.0,
    max_sweeps: int = 60,
    progress: Progress | None = None,
) -> Result:
    """Find the state that repeats itself after `period_s`.

    Parameters
    ----------
    net : ThermalNetwork
    period_s : float
        Period [s], a multiple of each forcing's own.
    tolerance_K : float
        Largest error of the time integration wanted [K].
    closure_K : float
        The estimated distance to the periodic state is brought below this [K].
    times_s : (k,) float, optional
        Sample times within the period [s]; by default about 120 and every breakpoint. `times`: the same
        as a Quantity.
    initial : state, mapping, array or Quantity [K], optional
        Where the search for the first guess starts; anchored parts keep these values.
    guess : state, mapping, array or Quantity [K], optional
        Start of the first orbit, where a good one is known.
    anchored : names of batteries, optional
        Which start from their initial state of energy and need not close; default all. Whether they
        are full again shows in ``periodic_imbalance``.
    start_s : float
        Start of the orbit [s].
    max_sweeps : int
        Largest number of passes over the period.
    progress : callable, optional
        Called now and then with the time reached and the end of the orbit [s].

    Returns
    -------
    Result
        The last orbit.

    Raises
    ------
    InputError
        For a period that does not fit the forcings, or tolerances out of reach.
    NoBalanceError
        When there is no periodic state: the place that runs away, or the battery that drains, by how much.
    ConvergenceError
        When none was found, or the estimated error stays above `tolerance_K`.
    KeyboardInterrupt
        Carries the orbit under way as ``.partial``, a Result with ``complete`` False.
    """
    began = perf_counter()
    check_positive(period_s, "period", "s")
    check_tolerance(tolerance_K)
    check_tolerance(closure_K, "closure")
    check_period(net.forcings, period_s)
    end_s = start_s + period_s
    check_coverage(net.forcings, start_s, end_s)
    c = compiled(net)
    y0 = _initial(net, c, initial)
    first = None if guess is None else _initial(net, c, guess)
    held = _anchored(c, anchored)
    breakpoints = net.breakpoints_between(start_s, end_s)
    wanted = times_s if times is None else np.atleast_1d(si(times, "s", "times"))
    samples = _samples(wanted, start_s, end_s, breakpoints)
    try:
        cycle = periodic_state(
            c.system, period_s, start_s=start_s, breakpoints_s=breakpoints, times_s=samples,
            tolerance_K=tolerance_K, closure_K=closure_K, y0=y0, guess=first, anchored=held,
            max_sweeps=max_sweeps, progress=progress, describe=c.describe,
        )  # fmt: skip
    except ConvergenceError as error:
        raise drained(
            error, c.system, period_s, anchored=held, y0=y0, start_s=start_s, breakpoints_s=breakpoints,
            describe=c.describe,
        ) from None  # fmt: skip
    except KeyboardInterrupt as interrupt:
        _attach(interrupt, c, "periodic", tolerance_K, perf_counter() - began)
        raise
    return from_trajectory(
        c, cycle.orbit, "periodic", tolerance_K=tolerance_K, seconds=perf_counter() - began,
        distance_K=cycle.distance_K, closure_K=closure_K, averaged=cycle.shooting.mean,
        sweeps=cycle.sweeps,
    )  # fmt: skip


def _initial(net: ThermalNetwork, c: Compiled, initial: Any) -> Floats:
    return c.layout.checked(net._initial(initial))


def _samples(times_s: Floats | None, start_s: float, end_s: float, breakpoints_s: Floats) -> Floats:
    if times_s is not None:
        return check_times(times_s, start_s, end_s)
    even = np.linspace(start_s, end_s, DEFAULT_SAMPLES)
    near = 1e-9 * (end_s - start_s)
    apart = np.abs(even[:, None] - breakpoints_s[None, :]).min(axis=1, initial=np.inf) > near
    return np.sort(np.concatenate([even[apart], breakpoints_s]))


def _anchored(c: Compiled, names: Iterable[str] | None) -> NDArray[np.intp]:
    if names is None:
        return c.batteries
    known = {c.describe(int(i)): int(i) for i in c.batteries}
    chosen = list(names)
    for name in chosen:
        if name not in known:
            raise InputError(
                f"`anchored` must hold names of batteries: {', '.join(known) or 'none'}; got {name!r}"
            )
    return np.array([known[name] for name in chosen], dtype=np.intp)


def _attach(interrupt: KeyboardInterrupt, c: Compiled, kind: str, tolerance_K: float, seconds: float) -> None:
    """Make a Result of the trajectory that an interruption carries."""
    run = getattr(interrupt, "partial", None)
    if isinstance(run, Trajectory):
        partial = from_trajectory(c, run, kind, tolerance_K=tolerance_K, seconds=seconds)
        interrupt.partial = partial  # type: ignore[attr-defined]
