"""Derivatives on the plate path against central differences of its own frozen steps, on random plates.

Its steps solve with a product of factors in place of the Jacobian, so their derivatives are not those of the
sparse path's steps; both meet as the steps become short.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from bundles import PERIOD_S, Case
from plates import BREAKS_S, KINDS, plate_case
from slopes import RELATIVE, assert_slopes, difference

from thermalsat.bundle import Bundle
from thermalsat.solver import adjoint
from thermalsat.solver.adjoint import Replay, Seeds, by_array, room
from thermalsat.solver.orbitadjoint import periodic_multiplier
from thermalsat.solver.system import System

TUBES = [KINDS, ("face",), ("centre",), ("edge",), ("face", "edge"), ()]


def drawn(seed: int, **parts: object) -> Case:
    given = {
        "plates": 1 + seed % 3, "kinds": TUBES[seed % 6], "uniform": bool(seed % 2),
        "valve": bool(seed // 2 % 2), "law": bool(seed // 3 % 2), "bus": bool(seed // 5 % 2),
    }  # fmt: skip
    return plate_case(seed, **(given | parts))


def frozen(end_s: float, scale: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Steps from jump to jump of the forcing, and the jumps."""
    breaks = np.array([t for t in BREAKS_S if 0.0 < t < end_s])
    rows = []
    parts = np.interp(np.linspace(0, 6, 6 * scale + 1), range(7), [0.0, 0.013, 0.07, 0.21, 0.46, 0.73, 1.0])
    for start, end in pairwise([0.0, *breaks, end_s]):
        edges = start + (end - start) * parts
        edges[-1] = end
        rows.append(np.column_stack([edges[:-1], np.diff(edges)]))
    return np.concatenate(rows), breaks


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


@pytest.mark.parametrize("seed", range(12))
def test_run_by_its_start_and_every_coefficient(seed: int) -> None:
    rng, case = np.random.default_rng(seed), drawn(seed)
    b, (log, breaks) = case.bundle, frozen(300.0)
    system = System(b, path="plate")
    replay = Replay(system, case.y, log, breaks)
    seeds, read = an_output(replay, rng)
    at_end = rng.normal(size=b.n) * b.weight

    def output(changed: Bundle, y0: np.ndarray = case.y) -> float:
        again = Replay(System(changed, path="plate"), y0, log, breaks)
        return float(at_end @ again.y_end) + read(again)

    derivatives = room(system)
    by_start = replay.back(at_end, seeds, derivatives)
    direction = np.where(b.capacity > 0.0, rng.normal(size=b.n) / b.weight, 0.0)
    found = difference(lambda h: output(b, case.y + h * direction), 2e-3)
    assert abs(by_start @ direction - found) <= RELATIVE * (np.abs(by_start) @ np.abs(direction))
    assert_slopes(b, derivatives, output, rng)


@pytest.mark.parametrize("seed", [1, 2, 4, 7])
def test_periodic_state_by_every_coefficient(seed: int) -> None:
    rng, case = np.random.default_rng(seed), drawn(seed, most=3)
    b = case.bundle
    free = b.capacity > 0.0
    free[b.bt_soe] = False
    log, breaks = frozen(PERIOD_S)
    system = System(b, path="plate")
    replay = Replay(system, case.y, log, breaks)
    # the orbit map's derivative, column by column: this test's own Newton steps
    M = np.array([replay.back(end, Seeds(value=0.0))[free] for end in np.eye(b.n)[free]])
    newton = np.linalg.inv(np.eye(len(M)) - M)

    def periodic(changed: Bundle, y: np.ndarray) -> Replay:
        there = System(changed, path="plate")
        for _ in range(80):
            again = Replay(there, y, log, breaks)
            step = newton @ (again.y_end - y)[free]
            if np.abs(step).max() < 2e-12:
                return again
            y = y.copy()
            y[free] += step
        raise AssertionError("no periodic state")

    replay = periodic(b, case.y)
    seeds, read = an_output(replay, rng)
    multiplier, passes = periodic_multiplier(replay, free, seeds, relative=1e-7)
    assert passes <= 8
    derivatives = room(system)
    by_start = replay.back(multiplier, seeds, derivatives)
    residual = np.abs((by_start - multiplier)[free] / b.weight[free]).max()
    assert residual <= 1e-6 * np.abs(multiplier / b.weight).max()
    start = replay.states[0]
    assert_slopes(b, derivatives, lambda changed: read(periodic(changed, start)), rng)


@pytest.mark.parametrize("seed", [0, 3, 5])
def test_both_paths_meet_as_the_steps_become_short(seed: int) -> None:
    case = drawn(seed)
    b, apart = case.bundle, []
    for scale in (1, 8):
        log, breaks = frozen(PERIOD_S, scale)
        found = []
        for path in ("plate", "sparse"):
            system = System(b, path=path)
            replay, derivatives = Replay(system, case.y, log, breaks), room(system)
            ones = np.zeros(b.n)
            ones[b.pl_start[0] : b.pl_start[0] + b.pl_nx[0] * b.pl_ny[0]] = 1.0
            replay.back(ones, Seeds(value=0.0), derivatives)
            found.append(by_array(b, derivatives))
        worst = 0.0
        for name, slopes in found[1].items():
            if len(slopes) and name != "boundary":
                change = np.abs(slopes * getattr(b, name))
                off = np.abs((found[0][name] - slopes) * getattr(b, name))
                worst = max(worst, float(off.max() / (change.max() + 1e-9)))
        apart.append(worst)
    assert apart[1] < max(0.2 * apart[0], 1e-6)


@pytest.mark.parametrize("seed", [2, 5])
def test_nothing_depends_on_what_is_kept(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case, (log, breaks) = drawn(seed), frozen(PERIOD_S)
    system = System(case.bundle, path="plate")
    replay = Replay(system, case.y, log, breaks)
    seeds, read = an_output(replay, np.random.default_rng(seed))
    first, again = (replay.back(case.y, seeds) for _ in range(2))
    monkeypatch.setattr(adjoint, "KEPT_BYTES", 0)
    frugal = Replay(system, case.y, log, breaks)
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first, frugal.back(case.y, seeds))
    assert abs(read(frugal) - seeds.value) <= 1e-12 * abs(seeds.value) + 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_passes_without_coefficients_agree(seed: int) -> None:
    """Their differences are one-sided, and leave out what is linear."""
    case, (log, breaks) = drawn(seed), frozen(300.0)
    system = System(case.bundle, path="plate")
    replay = Replay(system, case.y, log, breaks)
    rng = np.random.default_rng(seed)
    (seeds, _), at_end = an_output(replay, rng), rng.normal(size=system.n) * system.bundle.weight
    with_all = replay.back(at_end, seeds, room(system)) / system.bundle.weight
    alone = replay.back(at_end, seeds) / system.bundle.weight
    np.testing.assert_allclose(alone, with_all, rtol=0.0, atol=2e-6 * np.abs(with_all).max())
