"""The fast path of plates with tubes against the dense product, the NumPy twin and the sparse path.

Its factors are those of M = (C s - J1) (C s)^-1 (C s - J2), where J1 is conduction along x in the plates and
J2 the rest of the Jacobian (approximate factorisation: Beam and Warming 1978, doi:10.2514/3.60901). The
reference builds M densely from the twin. Steps taken with M conserve heat all the same: the columns of J1 add
up to zero.
"""

from typing import NamedTuple

import numpy as np
import pytest
from bundles import PERIOD_S, Boundary, Draft
from hypothesis import assume, given
from hypothesis import strategies as st
from plates import BREAKS_S, KINDS, conduction_along_x, plate_case, plate_cases

from thermalsat import twin
from thermalsat.bundle import Bundle
from thermalsat.solver import _periodic as periodic
from thermalsat.solver import strips
from thermalsat.solver.factors import look_up_range
from thermalsat.solver.system import System
from thermalsat.solver.transient import integrate
from thermalsat.tableaus import TABLEAUS

NOW_S = 57.3
TUBES = [KINDS, ("face",), ("centre",), ("edge",), ("face", "edge"), ()]


@pytest.fixture(scope="module", params=["whole plates", "rows"], autouse=True)
def passes(request):
    """Plates go through a stage whole, as small ones do, or in the thinnest strips that tubes allow."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "rows":
            patch.setattr(strips, "STRIP_CELLS", 1)
            patch.setattr(strips, "ROWS_AT_ONCE", 1)
        yield


def drawn(seed, **parts):
    """The case of a seed, in which every combination of parts comes up."""
    given_parts = {
        "plates": 1 + seed % 3, "kinds": TUBES[seed % 6], "uniform": bool(seed % 2),
        "valve": bool(seed // 2 % 2), "law": bool(seed // 3 % 2), "bus": bool(seed // 5 % 2),
        "apart": seed % 3 == 1, "even": bool(seed % 2),
    }  # fmt: skip
    return plate_case(seed, **(given_parts | parts))


def product_matrix(b, t, y, shift, t_lo, t_hi, along_x=True):
    """M over unknowns and mixers; without conduction along x it is C s - J2."""
    J, J1 = twin.jacobian_full(b, t, y, t_lo, t_hi), conduction_along_x(b)
    heat = np.append(shift * b.capacity, np.zeros(b.nm))
    inverse = np.zeros(b.n + b.nm)
    for start, nx, ny in zip(b.pl_start, b.pl_nx, b.pl_ny, strict=True):
        cells = slice(start, start + nx * ny)
        inverse[cells] = 1.0 / heat[cells]
    along = np.eye(len(J)) - J1 * inverse if along_x else np.eye(len(J))
    return along @ (np.diag(heat) - (J - J1))


def off(got, expected, weight=1.0):
    """Largest difference, relative to the largest value."""
    return np.abs(weight * (got - expected)).max() / (np.abs(weight * expected).max() + 1e-300)


def imbalance(b, run):
    """(change of stored heat - what came in) / throughput, DESIGN section 2."""
    stored = (b.stored * b.capacity) @ (run.y_end - run.y_start)
    gross = run.throughput_J.sum() + (b.stored * b.capacity) @ np.abs(run.y_start)
    return abs(stored - b.flow_external @ run.ledger_J) / gross


def test_the_random_networks_hold_every_form():
    seen = set()
    for seed in range(60):
        b = drawn(seed).bundle
        kinds = np.where(b.ch_kind == 1, "centre", np.where(b.w_b[b.ch_wall] >= 0, "face", "edge"))
        seen |= set(kinds) | {("dir", int(d)) for d in b.ch_dir} | {("plates", len(b.pl_start))}
        # reversed legs, wall laws, throttled streams, plates without a tube, one row or one column
        seen |= {("legs", bool(s)) for s in b.w_a[b.w_b >= 0] > b.w_b[b.w_b >= 0]}
        seen |= {("law", bool(s)) for s in b.w_law >= 0}
        seen |= {("valve", bool(s)) for s in b.adv_valve[b.ch_adv] >= 0}
        seen |= {("tubes", min(2, int((b.ch_plate == k).sum()))) for k in range(len(b.pl_start))}
        seen |= {("x", bool(s)) for s in b.pl_nx == 1} | {("y", bool(s)) for s in b.pl_ny == 1}
        plan = planned(b)
        seen |= {("step", int(s)) for s in plan.plate_x_step > 0}
        # border and plates joined by tubes alone; cells that loose elements touch; one value a row, a plate
        seen |= {("apart", plan.tubes_only), ("loose", len(plan.loose_cells) > 0)}
        seen |= {("even", bool(e)) for e in System(b).groups[7] & System(b).groups[8]}
    pairs = ("legs", "law", "valve", "x", "y", "step", "apart", "loose", "even")
    wanted = {*KINDS, *(("dir", d) for d in (1, -1)), *((k, i) for k in ("plates",) for i in (1, 2, 3))}
    assert seen == wanted | {("tubes", i) for i in (0, 1, 2)} | {(k, v) for k in pairs for v in (False, True)}


def planned(b):
    system = System(b, path="plate")
    assert type(system.solver).__name__ == "PlateSolver"
    return system._plan


def factorised(b, y, shift, t=NOW_S, side="right"):
    """The plate solver at one point, with F and the flows there."""
    system = System(b, path="plate")
    F, flows, scratch = np.empty(b.n), np.empty(b.nq), np.zeros_like(system.scratch)
    assert system.solver.factorise(t, *look_up_range(t, side), y, shift, F, flows, scratch) == 0
    return system.solver, F, flows


@pytest.mark.parametrize("along_x", [True, False])
@given(case=plate_cases(), decades=st.floats(-4.0, 4.0), seed=st.integers(0, 99))
def test_factors_are_those_of_the_product(case, decades, seed, along_x):
    b, shift = case.bundle, 10.0**decades
    right = np.append(np.random.default_rng(seed).normal(size=b.n), np.zeros(b.nm))
    solver, *_ = factorised(b, case.y, shift)
    u = np.zeros(b.n + b.nm)
    solver.leave_out_x(not along_x)
    solver.apply(right, u)
    M = product_matrix(b, NOW_S, case.y, shift, *look_up_range(NOW_S, "right"), along_x=along_x)
    assert off(u, np.linalg.solve(M, right)) < 1e-10


@given(case=plate_cases(), seed=st.integers(0, 99))
def test_products_are_those_of_the_jacobian(case, seed):
    b, x = case.bundle, np.random.default_rng(seed).normal(size=case.bundle.n)
    J = twin.jacobian(b, NOW_S, case.y, *look_up_range(NOW_S, "right"))
    solver, *_ = factorised(b, case.y, 0.1)
    out = np.empty(b.n)
    solver.product(x, out)
    assert off(out, J @ x) < 1e-13


@given(case=plate_cases(), t=st.floats(-PERIOD_S, 2 * PERIOD_S), side=st.sampled_from(["left", "right"]))
def test_rates_and_flows_are_those_of_the_sparse_path(case, t, side):
    b = case.bundle
    _, F, flows = factorised(b, case.y, 0.1, t, side)
    F_sparse, flows_sparse = System(b, path="sparse").rates(t, case.y, side)
    assert off(F, F_sparse) < 1e-13
    assert off(flows, flows_sparse) < 1e-13


@given(case=plate_cases(), decades=st.floats(-6.0, 6.0), seed=st.integers(0, 99))
def test_solves_are_those_of_the_sparse_path_at_any_shift(case, decades, seed):
    b = case.bundle
    assume(len(b.bt_soe) == 0 or decades > -2.0)  # a state of energy that nothing holds converges slowly
    shift = 10.0**decades
    right = np.random.default_rng(seed).normal(size=b.n)
    factors = System(b, path="plate").factorise(NOW_S, case.y, shift)
    assert factors.exact == (shift >= 1e6)
    expected = System(b, path="sparse").solve(NOW_S, case.y, shift, right)
    assert off(factors.solve(right), expected, b.weight) < 1e-7


@given(case=plate_cases(), shift=st.sampled_from([0.0, 1e-6, 1e-3]), seed=st.integers(0, 99))
def test_the_residual_of_a_solve_is_below_what_was_asked(case, shift, seed):
    b = case.bundle
    assume(shift > 0.0 or len(b.bt_soe) == 0)
    right = np.random.default_rng(seed).normal(size=b.n)
    factors = System(b, path="plate").factorise(NOW_S, case.y, shift)
    for relative in (0.02, 1e-10):
        u = factors.solve(right, relative)
        left = np.linalg.norm(factors.precondition(right - factors.product(u)))
        assert left <= 5.0 * relative * np.linalg.norm(factors.precondition(right))


@pytest.mark.parametrize("name", sorted(TABLEAUS))
@pytest.mark.parametrize("seed", range(6))
def test_a_step_is_the_twins_step_with_the_product_for_its_matrix(name, seed):
    case, tab, h = drawn(seed), TABLEAUS[name], 10.0 ** (0.4 * seed - 1.0)
    b = case.bundle
    run = integrate(
        System(b, path="plate"), case.y, NOW_S, NOW_S + h, replay=np.array([[NOW_S, h]]), tableau=tab
    )
    y, heat = step_with_product(b, tab, NOW_S, h, run.y_start)
    assert off(run.y_end, y) < 1e-11
    assert off(run.ledger_J, heat) < 1e-10


def step_with_product(b, tab, t, h, y):
    lo, hi = t + 1e-6 * h, t + (1.0 - 1e-6) * h
    at, C = twin.linearize(b, t, y, lo, hi), b.capacity
    M = product_matrix(b, t, y, 1.0 / (h * tab.gamma), lo, hi)
    u, e = np.zeros((tab.stages, b.n)), np.zeros((tab.stages, b.nq))
    for i in range(tab.stages):
        F, flows = twin.rates(b, t + tab.alpha[i] * h, y + tab.a[i] @ u, lo, hi)
        late = tab.gamma_sum[i] * h
        right = F + C * (tab.c[i] @ u) / h + late * at.F_t
        u[i] = np.linalg.solve(M, np.append(right, np.zeros(b.nm)))[: b.n]
        e[i] = h * tab.gamma * (flows + at.flows_y @ u[i] + (tab.c[i] @ e) / h + late * at.flows_t)
    return y + tab.m @ u, tab.m @ e


@pytest.mark.parametrize("tolerance_K", [1.0, 1e-2, 1e-4])
@pytest.mark.parametrize("seed", range(12))
def test_no_heat_is_lost_at_any_tolerance(seed, tolerance_K):
    """DESIGN section 6: below 1e-12 whatever the tolerance."""
    case = drawn(seed)
    run = integrate(
        System(case.bundle, path="plate"),
        case.y,
        0.0,
        500.0,
        breakpoints_s=np.array(BREAKS_S),
        tolerance_K=tolerance_K,
    )
    assert imbalance(case.bundle, run) < 1e-12


@pytest.mark.parametrize("seed", range(12))
def test_trajectories_meet_the_sparse_paths_as_the_tolerance_falls(seed):
    case = drawn(seed, bus=False)  # where a battery's taper sets in is no declared breakpoint
    b, options = case.bundle, {"breakpoints_s": np.array(BREAKS_S), "times_s": np.linspace(0.0, 500.0, 26)}
    exact = integrate(System(b, path="sparse"), case.y, 0.0, 500.0, tolerance_K=1e-5, **options)
    for tolerance_K in (1e-1, 1e-2, 1e-3):
        run = integrate(System(b, path="plate"), case.y, 0.0, 500.0, tolerance_K=tolerance_K, **options)
        error_K = np.abs(b.weight * (run.y - exact.y)).max()
        assert error_K < 2.0 * tolerance_K
        assert error_K < 1.5 * run.error_K + 1e-5  # what the run says of itself


@pytest.fixture(params=["corrected by sparse factors", "corrected by plate factors"])
def correction(request, monkeypatch):
    if "plate" in request.param:
        monkeypatch.setattr(periodic, "SMALL", 0)


@pytest.mark.usefixtures("correction")
@pytest.mark.parametrize("seed", range(10))
def test_periodic_states_of_both_paths_agree(seed):
    case = drawn(seed)
    assert_same_cycle(case.bundle, case.y, anchored=case.bundle.bt_soe)


class Row(NamedTuple):
    nx: int
    ny: int
    g: float


ROWS = [
    *(Row(8, 2, g) for g in (1e-3, 0.1, 1.0, 10.0, 100.0)),
    *(Row(nx, 1, 1.0) for nx in (3, 4, 5)),
    *(Row(2, 1, g) for g in (0.1, 1.0, 10.0)),
]


@pytest.mark.usefixtures("correction")
@pytest.mark.parametrize("row", ROWS)
def test_a_plate_heated_unevenly_closes_on_both_paths(row):
    """Conduction along x, fast or slow against the period, is in J1; the estimate of the distance sees it."""
    b = heated_row(row)
    assert_same_cycle(b, np.full(b.n, 300.0))


def heated_row(row: Row) -> Bundle:
    d, cells = Draft(np.random.default_rng(0)), row.nx * row.ny
    d.add(boundary_forcing=d.constant(3.0))
    for _ in range(cells):
        d.unknown(1e5, 300.0)
    d.add(pl_start=0, pl_nx=row.nx, pl_ny=row.ny, pl_gx_count=row.ny * (row.nx - 1))
    d.add(pl_gy_count=(row.ny - 1) * row.nx)
    d.extend("pl_gx", [row.g] * (row.ny * (row.nx - 1)))
    d.extend("pl_gy", [0.5] * ((row.ny - 1) * row.nx))
    for values in (np.ones(cells), np.tile(np.linspace(0.2, 2.0, row.nx), row.ny)):
        d.extend("pat_value", values)
        d.add(pat_length=cells)
    d.add(sf_start=0, sf_pattern=0, sf_coef=0.05, sf_other=Boundary(0), sf_kind=1, sf_flow=d.flow(-1))
    d.add(ps_start=0, ps_pattern=1, ps_coef=30.0, ps_forcing=d.day(1.0), ps_flow=d.flow(1))
    return d.finish(1, 0)


def assert_same_cycle(b, y0, **options):
    plate, sparse = (
        periodic.periodic_state(
            System(b, path=path),
            PERIOD_S,
            breakpoints_s=np.array(BREAKS_S),
            tolerance_K=1e-3,
            y0=y0,
            **options,
        )
        for path in ("plate", "sparse")
    )
    apart = np.abs(b.weight * (plate.orbit.y_start - sparse.orbit.y_start)).max()
    errors = sum(c.distance_K + c.orbit.error_K for c in (plate, sparse))
    assert apart < 1.5 * errors
    assert max(plate.distance_K, sparse.distance_K) <= 1e-3
    assert plate.sweeps <= sparse.sweeps + 3
    assert imbalance(b, plate.orbit) < 1e-12
