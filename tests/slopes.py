"""Derivatives by a bundle's arrays against differences of an output, each moved along a random direction."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from thermalsat.bundle import Bundle
from thermalsat.solver.adjoint import Replay, Seeds, by_array, room
from thermalsat.solver.orbitadjoint import periodic_multiplier
from thermalsat.solver.system import System

RELATIVE = 1e-6
WIDTHS = (5e-4, 5e-5)


def difference(f: Callable[[float], float], width: float) -> float:
    """f'(0), to fourth order."""
    wide, narrow = ((f(h) - f(-h)) / (2.0 * h) for h in (width, 0.5 * width))
    return (4.0 * narrow - wide) / 3.0


def lifted(b: Bundle, rise_K: np.ndarray) -> Bundle:
    """The same network, boundary k lying `rise_K[k]` higher at all times."""
    knots, coef = [], []
    for k in b.boundary_forcing.tolist():
        first, last = b.forcing_ptr[k], b.forcing_ptr[k + 1]
        knots.append(b.forcing_knots[first + k : last + k + 1])
        coef.append(b.forcing_coef[first:last] + np.eye(1, 6) * rise_K[len(coef)])
    counts = [*np.diff(b.forcing_ptr), *(len(c) for c in coef)]
    known = len(b.forcing_period)
    return b.exchanged(
        forcing_ptr=np.concatenate([[0], np.cumsum(counts)]),
        forcing_knots=np.concatenate([b.forcing_knots, *knots]),
        forcing_coef=np.concatenate([b.forcing_coef, *coef]),
        forcing_period=np.concatenate([b.forcing_period, b.forcing_period[b.boundary_forcing]]),
        boundary_forcing=np.arange(known, known + b.nb),
    )


def assert_slopes(
    b: Bundle,
    derivatives: np.ndarray,
    output: Callable[[Bundle], float],
    rng: np.random.Generator,
    skip: str = "",
) -> None:
    """Every array's derivatives along one random direction, against differences of `output`."""
    for name, slopes in by_array(b, derivatives).items():
        if len(slopes) == 0 or name == skip:
            continue
        direction, unit = rng.uniform(0.5, 1.5, len(slopes)), 50.0
        if name == "adv_rate":
            # the plate path takes channels of one flow only
            for first, count in zip(b.ch_adv, b.ch_n, strict=True):
                direction[first : first + count] = direction[first]
        if name != "boundary":
            direction, unit = direction * getattr(b, name), 1.0

        def moved(h: float, name: str = name, d: np.ndarray = direction) -> float:
            return output(
                lifted(b, h * d) if name == "boundary" else b.exchanged(**{name: getattr(b, name) + h * d})
            )

        # rounding asks for wide differences, kinks of laws and batteries for narrow ones
        found = [difference(moved, width * unit) for width in WIDTHS]
        error = np.abs(slopes @ direction - np.array(found)).min()
        assert error <= RELATIVE * (np.abs(slopes) @ np.abs(direction)) + 1e-300, name


def an_output(replay: Replay, rng: np.random.Generator) -> tuple[Seeds, Callable[[Replay], float]]:
    """Unknowns inside one step and the ledger, mixed at random; and the same from a replay."""
    b, step, part = replay.system.bundle, len(replay.log) // 2, 0.4
    shape, by_flow = rng.normal(size=b.n) * b.weight, 1e-4 * rng.normal(size=b.nq)
    seeds = np.zeros((len(replay.log), replay.tableau.stages + 1))
    seeds[step] = replay.dense_weights(part)

    def read(again: Replay) -> float:
        inside = again.inside(np.array([part]), np.arange(b.n), slice(step, step + 1))[0, 0]
        return float(shape @ inside + by_flow @ again.ledger_J)

    return Seeds(value=read(replay), shape=shape, seeds=seeds, by_flow=by_flow), read


def assert_run_slopes(
    system: System,
    system_of: Callable[[Bundle], System],
    y: np.ndarray,
    log: np.ndarray,
    breaks: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """The gradient of a run's output, by its start and by every array."""
    b = system.bundle
    replay = Replay(system, y, log, breaks)
    seeds, read = an_output(replay, rng)
    at_end = rng.normal(size=b.n) * b.weight

    def output(changed: Bundle, y0: np.ndarray = y) -> float:
        again = Replay(system_of(changed), y0, log, breaks)
        return float(at_end @ again.y_end) + read(again)

    derivatives = room(system)
    by_start = replay.back(at_end, seeds, derivatives)
    direction = np.where(b.capacity > 0.0, rng.normal(size=b.n) / b.weight, 0.0)
    found = difference(lambda h: output(b, y + h * direction), 2e-3)
    assert abs(by_start @ direction - found) <= RELATIVE * (np.abs(by_start) @ np.abs(direction))
    assert_slopes(b, derivatives, output, rng)


def assert_periodic_slopes(
    system: System,
    system_of: Callable[[Bundle], System],
    y: np.ndarray,
    log: np.ndarray,
    breaks: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """The gradient of a periodic state's output is that of states found by Newton steps of this function."""
    b = system.bundle
    free = b.capacity > 0.0
    free[b.bt_soe] = False
    replay = Replay(system, y, log, breaks)
    # the orbit map's derivative, column by column
    M = np.array([replay.back(end, Seeds(value=0.0))[free] for end in np.eye(b.n)[free]])
    newton = np.linalg.inv(np.eye(len(M)) - M)

    def periodic(changed: Bundle, y: np.ndarray) -> Replay:
        there = system_of(changed)
        for _ in range(80):
            again = Replay(there, y, log, breaks)
            step = newton @ (again.y_end - y)[free]
            if np.abs(step).max() < 2e-12:
                return again
            y = y.copy()
            y[free] += step
        raise AssertionError("no periodic state")

    replay = periodic(b, y)
    seeds, read = an_output(replay, rng)
    multiplier, passes = periodic_multiplier(replay, free, seeds, relative=1e-7)
    assert passes <= 8
    derivatives = room(system)
    by_start = replay.back(multiplier, seeds, derivatives)
    residual = np.abs((by_start - multiplier)[free] / b.weight[free]).max()
    assert residual <= 1e-6 * np.abs(multiplier / b.weight).max()
    start = replay.states[0]
    assert_slopes(b, derivatives, lambda changed: read(periodic(changed, start)), rng)
