"""Derivatives on the plate path against central differences of its own frozen steps, on random plates.

Its steps solve with a product of factors in place of the Jacobian, so their derivatives are not those of the
sparse path's steps; both meet as the steps become short.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from bundles import PERIOD_S, Case
from plates import BREAKS_S, KINDS, plate_case
from slopes import an_output, assert_periodic_slopes, assert_run_slopes

from thermalsat.solver import adjoint
from thermalsat.solver.adjoint import Replay, Seeds, by_array, room
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


@pytest.mark.parametrize("seed", range(12))
def test_run_by_its_start_and_every_coefficient(seed: int) -> None:
    rng, case = np.random.default_rng(seed), drawn(seed)
    log, breaks = frozen(300.0)
    system = System(case.bundle, path="plate")
    assert_run_slopes(system, partial(System, path="plate"), case.y, log, breaks, rng)


@pytest.mark.parametrize("seed", [1, 2, 4, 7])
def test_periodic_state_by_every_coefficient(seed: int) -> None:
    rng, case = np.random.default_rng(seed), drawn(seed, most=3)
    log, breaks = frozen(PERIOD_S)
    system_of = partial(System, path="plate")
    assert_periodic_slopes(system_of(case.bundle), system_of, case.y, log, breaks, rng)


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
