"""The periodic state of a satellite under a load, and its history over some orbits."""

from __future__ import annotations

import math
from time import perf_counter
from typing import Any

import numpy as np

from thermalsat.assembly import assemble
from thermalsat.assembly.model import Model
from thermalsat.capability.outcome import completed, history_result, orbit_result
from thermalsat.capability.study import CLOSURE, states
from thermalsat.cases import DesignCase
from thermalsat.errors import InputError
from thermalsat.load import Load
from thermalsat.questions import asked_of, kelvins
from thermalsat.results import Result
from thermalsat.satellite import Satellite
from thermalsat.solver import transient
from thermalsat.units import QuantityLike, from_si

__all__ = ["periodic", "simulate"]

SAMPLES = 240
MOST_ORBITS = 10_000
BURST_START_S = 600.0
PERIOD_MISMATCH = 1e-6


def periodic(
    sat: Satellite,
    load: Any = None,
    case: str | DesignCase | None = None,
    *,
    tolerance: QuantityLike = "10 mK",
) -> Result:
    """Return the cyclic steady state of a satellite in one case.

    Parameters
    ----------
    sat : Satellite
        The design.
    load : Load, Quantity, str, Table or Function, optional
        Compute power: constant, different by day and night, or a profile with the orbit's period.
        Default what the case asks for: the required sustained power, or the idle floor.
    case : str or DesignCase, optional
        Default ``"hot"``, or the first where none is called so.
    tolerance : Quantity or str
        Temperature error wanted.

    Returns
    -------
    Result
        One orbit, from the last sunlit instant with the battery full. ``limits`` and
        ``certificate.margins`` tell how near each limit is.

    Raises
    ------
    InputError
        For a load without a periodic state of its own, such as a burst.
    ConvergenceError
        When there is no periodic state.

    Examples
    --------
    >>> import thermalsat as ts
    >>> orbit = ts.periodic(ts.designs.load("leo-53"), load="120 kW")
    >>> abs(orbit.ledger.residual_relative) < 1e-12
    True
    """
    began = perf_counter()
    sat, tolerance_K = asked_of(sat), kelvins(tolerance)
    model = Model(sat, chosen_case(sat, case))
    if load is not None:
        model = model.with_power(_orbit_power(Load.of(load), model))
    cycle = model.cycle(tolerance_K=tolerance_K, closure_K=CLOSURE * tolerance_K, samples=SAMPLES)
    run = cycle.orbit
    limits = states(model.margins(run.times_s, run.y, run.ledger_J), model.case.name)
    return orbit_result(model, cycle, tolerance_K, limits, seconds=perf_counter() - began)


def simulate(
    sat: Satellite,
    load: Any = None,
    orbits: float = 3,
    case: str | DesignCase | None = None,
    *,
    start: Any = None,
    tolerance: QuantityLike = "10 mK",
) -> Result:
    """Return the history of a satellite over some orbits, from the last sunlit instant on.

    Parameters
    ----------
    sat : Satellite
        The design; where its payload has ``throttle``, hot packages reduce their power.
    load : Load, Quantity, str, Table or Function, optional
        Compute power over time; default the requirement's burst, ten minutes after the start.
    orbits : float
        Length.
    case : str or DesignCase, optional
        Default ``"hot"``, or the first where none is called so.
    start : Result, state, mapping or Quantity [K], optional
        State at the start; default the periodic state of the load's base.
    tolerance : Quantity or str
        Temperature error wanted.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        For a length that is not positive.

    Examples
    --------
    >>> import thermalsat as ts
    >>> burst = ts.Load.burst(base="120 kW", peak="150 kW", start="10 min", duration="12 min")
    >>> day = ts.simulate(ts.designs.load("leo-53"), load=burst, orbits=1)
    >>> bool(day.temperature("junction").max() < ts.Q("95 degC"))
    True
    """
    began = perf_counter()
    sat, tolerance_K = asked_of(sat), kelvins(tolerance)
    if isinstance(orbits, bool) or not isinstance(orbits, (int, float)) or not 0.0 < orbits <= MOST_ORBITS:
        raise InputError(f"`orbits` must be a number above 0 and at most {MOST_ORBITS}, got {orbits!r}")
    found = chosen_case(sat, case)
    asked = _burst_of(sat) if load is None else Load.of(load)
    _check_burst(asked, orbits, sat.orbit.si.period_s)
    model = Model(sat, found)
    power = asked.pieces(model_nights(model), model.period_s)
    span = orbits * model.period_s
    y0 = _start(model, asked, start, tolerance_K)
    samples = math.ceil(SAMPLES * orbits) + 1
    whole = model.with_power(power)
    if sat.payload.throttle:
        net = assemble(sat, case=found, load=asked, throttle=True)
        times = np.linspace(0.0, span, samples)
        made = transient(net, duration_s=span, times_s=times, initial=y0, tolerance_K=tolerance_K)
        limits = states(whole.margins(made.times_s, made.history), found.name)
        return completed(made, whole, limits)
    run = whole.history(y0, span, tolerance_K=tolerance_K, samples=samples)
    limits = states(whole.margins(run.times_s, run.y), found.name)
    return history_result(whole, run, tolerance_K, limits, seconds=perf_counter() - began)


def chosen_case(sat: Satellite, case: str | DesignCase | None) -> DesignCase:
    """Return a case by name; by default the hot one, or the first."""
    if case is not None:
        return sat.case(case)
    found: DesignCase = sat.cases.get("hot", next(iter(sat.cases.values())))
    return found


def model_nights(model: Model) -> list[tuple[float, float]]:
    """Return entry and exit of the shadow within an orbit [s]."""
    edges = model.environment.edges_s
    return [(float(edges[0]), float(edges[-1]))] if len(edges) else []


def _orbit_power(load: Load, model: Model) -> Any:
    """Return a load as a function of the orbit's period."""
    if load.kind == "constant":
        return load.base_W
    if not load.periodic:
        raise InputError(
            f"`load` must be constant or repeat itself to have a periodic state, got {load!r}; use simulate()"
        )
    pieces = load.pieces(model_nights(model), model.period_s)
    turns = model.period_s / pieces.period if pieces.period else 1.0
    if abs(turns - round(turns)) > PERIOD_MISMATCH:
        raise InputError(
            f"`load` must repeat itself with the orbit ({model.period_s:.3f} s) or a whole part of it,"
            f" got a period of {pieces.period:g} s"
        )
    return pieces


def _burst_of(sat: Satellite) -> Load:
    asked = sat.requirement
    return Load.burst(
        base=asked.sustained, peak=asked.peak, start=from_si(BURST_START_S, "s"), duration=asked.burst
    )


def _check_burst(load: Load, orbits: float, period_s: float) -> None:
    """Refuse a burst that does not end within the run."""
    end_s, span_s = load.start_s + load.duration_s, orbits * period_s
    if load.kind == "burst" and end_s > span_s:
        raise InputError(
            f"`load` must end its burst within the mission that is run, {orbits:g} orbits or"
            f" {span_s / 60.0:.1f} min; got a burst of {load.duration_s / 60.0:.4g} min that starts at"
            f" {load.start_s / 60.0:.4g} min and ends at {end_s / 60.0:.4g} min; shorten it, or type orbits="
            f"{math.ceil(end_s / period_s)}"
        )


def _start(model: Model, load: Load, start: Any, tolerance_K: float) -> Any:
    """Return the unknowns at the start: what was given, or the periodic state of the base."""
    if isinstance(start, Result):
        if len(start.y) != model.system.n:
            raise InputError(
                f"`start` must be a result of the same satellite and mesh ({model.system.n} unknowns),"
                f" got one of {len(start.y)}"
            )
        return start.y
    if start is not None:
        return model.network._initial(start, "start")
    base = load.pieces(model_nights(model), model.period_s) if load.kind == "day_night" else load.base_W
    cycle = model.with_power(base).cycle(tolerance_K=tolerance_K, closure_K=CLOSURE * tolerance_K, samples=2)
    return cycle.orbit.y_start
