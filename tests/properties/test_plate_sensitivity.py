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
from slopes import assert_slopes, difference

from thermalsat.bundle import Bundle
from thermalsat.solver.adjoint import Replay, Seeds, by_array, room
from thermalsat.solver.orbitadjoint import periodic_multiplier
from thermalsat.solver.system import System

RELATIVE = 1e-6
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
