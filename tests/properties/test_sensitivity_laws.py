"""Derivatives by the adjoint against central differences of the same frozen steps, on random networks.

The reference is the forward code alone: every array of the bundle is moved along a random direction and the
frozen steps are taken again; two step widths and Richardson's extrapolation leave about 1e-9.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from bundles import PERIOD_S, Case, cases, random_case
from hypothesis import given, settings
from slopes import an_output, assert_periodic_slopes, assert_run_slopes, assert_slopes

from thermalsat.bundle import Bundle
from thermalsat.solver import adjoint
from thermalsat.solver.adjoint import (
    COEFFICIENTS,
    Replay,
    by_array,
    reverse,
    room,
    steady_derivatives,
)
from thermalsat.solver.steady import steady_state
from thermalsat.solver.system import System
from thermalsat.solver.transient import integrate

few = settings(max_examples=20, deadline=None, derandomize=True)
NONE = np.zeros(0)


@few
@given(case=cases())
def test_rates_backwards_are_the_transposed_jacobian(case: Case) -> None:
    rng = np.random.default_rng(1)
    b, system = case.bundle, System(case.bundle, path="sparse")
    v, by_flow, t = rng.normal(size=b.n), rng.normal(size=b.nq), 130.0
    expected = system.jacobian(t, case.y).T @ v
    found = reverse(system, t, case.y, v, NONE, NONE)
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-13 * np.abs(expected).max())
    flows = np.array([system.tangent(t, case.y, e)[1] @ by_flow for e in np.eye(b.n)])
    found = reverse(system, t, case.y, v, by_flow, NONE)
    scale = max(np.abs(expected).max(), np.abs(flows).max())
    np.testing.assert_allclose(found, expected + flows, rtol=0.0, atol=1e-13 * scale)


@few
@given(case=cases())
def test_rates_backwards_by_every_coefficient(case: Case) -> None:
    rng = np.random.default_rng(2)
    b, system = case.bundle, System(case.bundle, path="sparse")
    v, by_flow, t = rng.normal(size=b.n), rng.normal(size=b.nq), 130.0

    def output(changed: Bundle) -> float:
        F, flows = System(changed, path="sparse").rates(t, case.y)
        return float(v @ F + by_flow @ flows)

    derivatives = room(system)
    reverse(system, t, case.y, v, by_flow, derivatives)
    assert_slopes(b, derivatives, output, rng, skip="capacity")


def network(seed: int) -> Case:
    return random_case(
        seed, lumps=1 + seed % 4, plates=seed % 3, nx=1 + seed % 4, ny=1 + seed // 3 % 4, loop=seed % 2 == 0,
        bus=seed % 3 != 1, arithmetic=seed % 5 != 0,
    )  # fmt: skip


def frozen(case: Case, end_s: float) -> tuple[System, np.ndarray, np.ndarray]:
    """Steps from jump to jump of the forcing, none landing on a kink of a battery as a run does."""
    breaks = np.array([t for t in case.jumps if 0.0 < t < end_s])
    rows = []
    for start, end in pairwise([0.0, *breaks, end_s]):
        edges = start + (end - start) * np.array([0.0, 0.013, 0.07, 0.21, 0.46, 0.73, 1.0])
        edges[-1] = end
        rows.append(np.column_stack([edges[:-1], np.diff(edges)]))
    return System(case.bundle, path="sparse"), np.concatenate(rows), breaks


@pytest.mark.parametrize("seed", range(9))
def test_run_by_its_start_and_every_coefficient(seed: int) -> None:
    rng, case = np.random.default_rng(seed), network(seed)
    system, log, breaks = frozen(case, 300.0)
    assert_run_slopes(system, partial(System, path="sparse", like=system), case.y, log, breaks, rng)


@pytest.mark.parametrize("seed", [2, 4])
def test_periodic_state_by_every_coefficient(seed: int) -> None:
    rng, case = np.random.default_rng(seed), network(seed)
    system, log, breaks = frozen(case, PERIOD_S)
    assert_periodic_slopes(system, partial(System, path="sparse", like=system), case.y, log, breaks, rng)


@pytest.mark.parametrize("seed", range(6))
def test_steady_state_by_every_coefficient(seed: int) -> None:
    rng = np.random.default_rng(seed)
    case = random_case(seed, lumps=3, plates=1 + seed % 2, nx=3, ny=4, loop=seed % 2 == 0, bus=False)
    b, system, t = case.bundle, System(case.bundle, path="sparse"), 50.0
    y, _ = steady_state(system, t, case.y, tolerance_K=1e-11)
    by_y, by_flow = rng.normal(size=b.n) * b.weight, 0.1 * rng.normal(size=b.nq)

    def output(changed: Bundle) -> float:
        there = System(changed, path="sparse", like=system)
        state, _ = steady_state(there, t, y, tolerance_K=1e-11)
        return float(by_y @ state + by_flow @ there.rates(t, state)[1])

    derivatives = steady_derivatives(system, t, y, by_y, by_flow)
    assert not by_array(b, derivatives)["capacity"].any()
    assert_slopes(b, derivatives, output, rng, skip="capacity")


@pytest.mark.parametrize("seed", [2, 5])
def test_a_run_is_replayed_and_nothing_depends_on_what_is_kept(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = network(seed)
    system = System(case.bundle, path="sparse")
    breaks = np.array([t for t in case.jumps if 0.0 < t < PERIOD_S])
    run = integrate(system, case.y, 0.0, PERIOD_S, breakpoints_s=breaks, tolerance_K=0.05)
    replay = Replay(system, case.y, run.log, breaks, run.tableau)
    np.testing.assert_array_equal(replay.y_end, run.y_end)
    np.testing.assert_allclose(replay.ledger_J, run.ledger_J, rtol=1e-12, atol=1e-9)
    seeds, _ = an_output(replay, np.random.default_rng(seed))
    first, again = (replay.back(case.y, seeds) for _ in range(2))
    monkeypatch.setattr(adjoint, "KEPT_BYTES", 0)
    frugal = Replay(system, case.y, run.log, breaks, run.tableau).back(case.y, seeds)
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first, frugal)


@pytest.mark.parametrize("seed", [2, 4, 5, 8])
@pytest.mark.parametrize("law", ["coolant alone", "plates too"])
def test_passes_without_coefficients_agree(seed: int, law: str) -> None:
    """Their differences are one-sided, and leave out what is linear."""
    case = network(seed)
    b = case.bundle
    if law == "plates too":
        of_cells = b.temperature_law.copy()
        of_cells[: b.pl_start[-1] + b.pl_nx[-1] * b.pl_ny[-1]] = b.temperature_law.max()
        b = b.exchanged(temperature_law=of_cells)
    system, log, breaks = frozen(Case(b, case.y, case.jumps, case.loop_flows), 300.0)
    replay = Replay(system, case.y, log, breaks)
    rng = np.random.default_rng(seed)
    (seeds, _), at_end = an_output(replay, rng), rng.normal(size=system.n) * system.bundle.weight
    with_all = replay.back(at_end, seeds, room(system)) / system.bundle.weight
    alone = replay.back(at_end, seeds) / system.bundle.weight
    np.testing.assert_allclose(alone, with_all, rtol=0.0, atol=2e-6 * np.abs(with_all).max())


def test_all_arrays_are_met() -> None:
    """Together the networks of these tests hold every array."""
    seen = {
        name for seed in range(9) for name in COEFFICIENTS[:-1] if len(getattr(network(seed).bundle, name))
    }
    assert seen == set(COEFFICIENTS[:-1])
