"""The twin on random networks: energy is kept, and every derivative is the derivative of the rates.

Derivatives are compared with central differences of the rates, which share no code with the duals.
"""

import numpy as np
import pytest
from bundles import PERIOD_S, cases, random_case
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from thermalsat import twin
from thermalsat.bundle import Bundle

times = st.floats(-2 * PERIOD_S, 3 * PERIOD_S)
few = settings(max_examples=40, deadline=None, derandomize=True)
SMOOTH_S = 57.3  # no forcing jumps near it


def scale_of(b, y, flows):
    return (
        np.abs(flows).sum() + float(np.abs(b.gl_g).sum() + np.abs(b.adv_rate).sum()) * np.abs(y).max() + 1.0
    )


@few
@given(case=cases(), t=times, stir=st.floats(-30.0, 30.0))
def test_energy_enters_only_by_external_flows(case, t, stir):
    b = case.bundle
    y = case.y + np.where(b.weight == 1.0, stir, 0.0) * np.linspace(-1.0, 1.0, b.n)
    F, flows = twin.rates(b, t, y)
    assert abs(twin.energy_defect(b, F, flows)) < 1e-14 * scale_of(b, y, flows)


@few
@given(case=cases(), t=times, seed=st.integers(0, 99))
def test_energy_holds_along_every_direction(case, t, seed):
    b, rng = case.bundle, np.random.default_rng(seed)
    dF, dflows = twin.tangent(b, t, case.y, rng.normal(size=b.n), rng.normal())
    assert abs(twin.energy_defect(b, dF, dflows)) < 1e-13 * (np.abs(dflows).sum() + np.abs(dF).sum() + 1.0)


@few
@given(case=cases(), t=times)
def test_a_closed_loop_brings_no_heat_of_its_own(case, t):
    _, flows = twin.rates(case.bundle, t, case.y)
    loop = flows[list(case.loop_flows)]
    assert abs(loop.sum()) < 1e-13 * (np.abs(loop).sum() + 350.0 * np.abs(case.bundle.adv_rate).sum())


def differences(case, t):
    """Central differences of F and flows along each unknown."""
    b = case.bundle
    F_y, flows_y = np.zeros((b.n, b.n)), np.zeros((b.nq, b.n))
    for i in range(b.n):
        h = 2e-3 / b.weight[i]
        up, down = case.y.copy(), case.y.copy()
        up[i] += h
        down[i] -= h
        width = up[i] - down[i]
        high, low = twin.rates(b, t, up), twin.rates(b, t, down)
        F_y[:, i], flows_y[:, i] = (high[0] - low[0]) / width, (high[1] - low[1]) / width
    return F_y, flows_y


@pytest.mark.parametrize("seed", range(12))
def test_jacobian_is_the_slope_of_the_rates(seed):
    case = random_case(seed, plates=1 + seed % 2, nx=2, ny=2)
    F_y, flows_y = differences(case, SMOOTH_S)
    at = twin.linearize(case.bundle, SMOOTH_S, case.y)
    # per kelvin: columns of valve and battery are per unit, a hundred times larger
    assert_allclose(at.F_y / case.bundle.weight, F_y / case.bundle.weight, atol=3e-7)
    assert_allclose(at.flows_y / case.bundle.weight, flows_y / case.bundle.weight, atol=3e-7)
    assert_allclose(at.F_y, twin.jacobian(case.bundle, SMOOTH_S, case.y), rtol=0, atol=0)


@pytest.mark.parametrize("seed", range(6))
def test_time_derivative_is_the_slope_of_the_rates(seed):
    case = random_case(seed)
    for t in (SMOOTH_S, 180.0, 333.0):
        at = twin.linearize(case.bundle, t, case.y)
        high, low = twin.rates(case.bundle, t + 1e-3, case.y), twin.rates(case.bundle, t - 1e-3, case.y)
        assert_allclose(at.F_t, (high[0] - low[0]) / 2e-3, atol=1e-8)
        assert_allclose(at.flows_t, (high[1] - low[1]) / 2e-3, atol=1e-8)


@few
@given(case=cases(), t=times, seed=st.integers(0, 99))
def test_tangent_is_the_jacobian_times_the_direction(case, t, seed):
    b, rng = case.bundle, np.random.default_rng(seed)
    dy, dt = rng.normal(size=b.n), rng.normal()
    at = twin.linearize(b, t, case.y)
    dF, dflows = twin.tangent(b, t, case.y, dy, dt)
    assert_allclose(dF, at.F_y @ dy + dt * at.F_t, rtol=1e-10, atol=1e-10)
    assert_allclose(dflows, at.flows_y @ dy + dt * at.flows_t, rtol=1e-10, atol=1e-10)
    F, flows = twin.rates(b, t, case.y)
    assert_allclose(at.F, F, rtol=1e-13, atol=1e-12)
    assert_allclose(at.flows, flows, rtol=1e-13, atol=1e-12)


@few
@given(case=cases(), t=times)
def test_full_jacobian_with_its_mixers_eliminated_is_the_jacobian(case, t):
    b, n = case.bundle, case.bundle.n
    J = twin.jacobian_full(b, t, case.y)
    assert J.shape == (n + b.nm, n + b.nm)
    reduced = J[:n, :n] - J[:n, n:] @ np.linalg.solve(J[n:, n:], J[n:, :n])
    assert_allclose(reduced, twin.jacobian(b, t, case.y), rtol=1e-10, atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_heat_does_not_run_uphill(seed):
    """Off-diagonal slopes between temperatures are not negative where only passive elements act."""
    case = random_case(seed, loop=False, bus=False, plates=1)
    b = case.bundle
    passive = Bundle(
        n=b.n,
        nb=b.nb,
        nq=b.nq,
        **{
            name: getattr(b, name)
            for name in b.__dataclass_fields__
            if name not in ("n", "nb", "nm", "nq", "sigma") and not name.startswith(("s_", "ps_"))
        },
    )
    J = twin.jacobian(passive, SMOOTH_S, case.y)
    off = J - np.diag(np.diag(J))
    assert off.min() >= 0.0
    assert np.diag(J).max() < 0.0
