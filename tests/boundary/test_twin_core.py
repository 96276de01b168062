"""The compiled core against the twin: same rates, same derivatives, same steps, on random networks."""

import numpy as np
import pytest
from bundles import PERIOD_S, cases, random_case
from hypothesis import given, settings
from hypothesis import strategies as st

from thermalsat import twin
from thermalsat.solver.factors import look_up_range
from thermalsat.solver.system import System
from thermalsat.solver.transient import integrate
from thermalsat.tableaus import TABLEAUS

SIDES = st.sampled_from(["left", "right"])
JUMPS = st.sampled_from([0.0, 100.0, 0.4 * PERIOD_S, 250.0, 400.0, PERIOD_S])
TIMES = st.one_of(st.floats(-2 * PERIOD_S, 3 * PERIOD_S), JUMPS)
few = settings(max_examples=40, deadline=None, derandomize=True)


def assert_same(got, expected, relative=1e-13, scale=None):
    scale = np.abs(expected).max(initial=0.0) if scale is None else scale
    np.testing.assert_allclose(got, expected, rtol=0.0, atol=relative * (scale + 1e-30))


@few
@given(case=cases(), t=TIMES, side=SIDES)
def test_rates_and_flows_agree_to_rounding(case, t, side):
    F, flows = System(case.bundle, path="sparse").rates(t, case.y, side)
    F_twin, flows_twin = twin.rates(case.bundle, t, case.y, *look_up_range(t, side))
    assert_same(F, F_twin)
    assert_same(flows, flows_twin)


@few
@given(case=cases(), t=TIMES, side=SIDES)
def test_jacobians_agree_to_rounding(case, t, side):
    system, limits = System(case.bundle, path="sparse"), look_up_range(t, side)
    full = system.jacobian_full(t, case.y, side).toarray()
    assert_same(full, twin.jacobian_full(case.bundle, t, case.y, *limits))
    assert_same(system.jacobian(t, case.y, side).toarray(), twin.jacobian(case.bundle, t, case.y, *limits))


@few
@given(case=cases(), t=TIMES, side=SIDES, seed=st.integers(0, 99))
def test_tangents_agree_to_rounding(case, t, side, seed):
    b, rng = case.bundle, np.random.default_rng(seed)
    dy, dt = rng.normal(size=b.n), rng.normal()
    dF, dflows = System(b).tangent(t, case.y, dy, dt, side)
    dF_twin, dflows_twin = twin.tangent(b, t, case.y, dy, dt, *look_up_range(t, side))
    assert_same(dF, dF_twin)
    assert_same(dflows, dflows_twin)


@few
@given(case=cases(), shift=st.floats(1e-3, 10.0), seed=st.integers(0, 99))
def test_linear_solves_agree(case, shift, seed):
    b = case.bundle
    right = np.random.default_rng(seed).normal(size=b.n)
    u = System(b, path="sparse").solve(57.3, case.y, shift, right)
    matrix = np.diag(shift * b.capacity) - twin.jacobian(b, 57.3, case.y)
    assert_same(u, np.linalg.solve(matrix, right), relative=1e-10)


@pytest.mark.parametrize("name", sorted(TABLEAUS))
@pytest.mark.parametrize("seed", range(4))
def test_trajectories_agree_on_the_cores_own_steps(name, seed):
    """DESIGN section 4: to 1e-9 on the core's own step sequence."""
    method = TABLEAUS[name]
    # a node without capacity is balanced anew after each jump, which the twin's plain steps do not do
    case = random_case(seed, plates=seed % 3, nx=2, ny=2 + seed % 2, arithmetic=False)
    run = integrate(
        System(case.bundle, path="sparse"),
        case.y,
        0.0,
        300.0,
        breakpoints_s=np.array(case.jumps),
        tolerance_K=0.05,
        tableau=method,
    )
    y, ledger = run.y_start, np.zeros(case.bundle.nq)
    for t, h in run.log:
        done = twin.step(case.bundle, method, t, h, y)
        y, ledger = done.y, ledger + done.heat
    assert_same(y, run.y_end, relative=1e-9)
    assert_same(ledger, run.ledger_J, relative=1e-9)
