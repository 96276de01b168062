"""The twin's time steps: exact account of heat, order of convergence, jumps, dense output."""

import numpy as np
import pytest
from bundles import cases, random_case
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from thermalsat import twin
from thermalsat.bundle import Bundle
from thermalsat.tableaus import RODAS3, RODAS4, RODAS4P2, RODAS5P, ROS34PW2, ROS34PW3, TABLEAUS

SIGMA = 5.670374419e-8


def account(b, run):
    """Largest gap, at any time, between the heat stored and the heat brought in, over the throughput."""
    stored = ((run.y - run.y[0]) * b.capacity * b.stored).sum(axis=1)
    entered = (run.ledger * b.flow_external).sum(axis=1)
    scale = np.abs(run.ledger).sum(axis=1).max() + (np.abs(run.y[0]) * b.capacity * b.stored).sum()
    return np.abs(stored - entered).max() / scale


@settings(max_examples=20, deadline=None, derandomize=True)
@given(case=cases(), name=st.sampled_from(sorted(TABLEAUS)), seed=st.integers(0, 99))
def test_heat_is_accounted_for_to_rounding_at_any_step_size(case, name, seed):
    """DESIGN section 6: the residual is below 1e-12 whatever the tolerance, here with steps far too long."""
    lengths = np.random.default_rng(seed).uniform(0.5, 40.0, 6)
    run = twin.step_sequence(case.bundle, TABLEAUS[name], case.y, np.concatenate([[0.0], np.cumsum(lengths)]))
    assert account(case.bundle, run) < 1e-13


def radiating_body():
    """4 kJ/K, two faces: 1 m2 to a sky that warms as a cubic in time, and a link to the same place.

    Nonlinear and not autonomous; smooth to beyond 100 s, because some stages lie behind the end of a step.
    """
    return Bundle(
        n=2,
        nb=1,
        nq=2,
        capacity=[400.0, 900.0],
        weight=[1.0, 1.0],
        stored=[1, 1],
        temperature_law=[-1, -1],
        flow_external=[-1, 0],
        boundary_forcing=[0],
        forcing_ptr=[0, 1],
        forcing_knots=[0.0, 110.0],
        forcing_coef=[[100.0, 4.0, -0.05, 0.0003, 0.0, 0.0]],
        forcing_period=[0.0],
        gr_a=[0],
        gr_b=[2],
        gr_g=[1.0],
        gr_flow=[0],
        gl_a=[0],
        gl_b=[1],
        gl_g=[15.0],
        gl_flow=[1],
    )


def sky(t):
    return 100.0 + t * (4.0 + t * (-0.05 + t * 0.0003))


def radiating_rates(t, y):
    """The same body written out by hand, for an independent integrator."""
    to_sky, across = SIGMA * (y[0] ** 4 - sky(t) ** 4), 15.0 * (y[0] - y[1])
    return [(-to_sky - across) / 400.0, across / 900.0]


START = np.array([420.0, 300.0])


@pytest.fixture(scope="module")
def reference():
    return solve_ivp(
        radiating_rates, (0.0, 100.0), START, method="DOP853", rtol=1e-13, atol=1e-11, dense_output=True
    )


@pytest.mark.parametrize(
    ("method", "order"),
    [(RODAS3, 3), (RODAS4, 4), (RODAS4P2, 4), (RODAS5P, 5), (ROS34PW2, 3), (ROS34PW3, 4)],
    ids=lambda x: getattr(x, "name", x),
)
def test_order_of_convergence(method, order, reference):
    errors = []
    for count in (40, 80):
        run = twin.step_sequence(radiating_body(), method, START, np.linspace(0.0, 100.0, count + 1))
        errors.append(np.abs(run.y[-1] - reference.y[:, -1]).max())
    assert np.log2(errors[0] / errors[1]) > order - 0.4
    assert errors[1] < 2e-3


def test_integrated_flow_converges_with_the_order_of_the_step(reference):
    """The heat through the link is 900 J/K times the rise of the second node."""
    heat, errors = 900.0 * (reference.y[1, -1] - START[1]), []
    for count in (40, 80):
        run = twin.step_sequence(radiating_body(), RODAS4, START, np.linspace(0.0, 100.0, count + 1))
        errors.append(abs(run.ledger[-1, 1] - heat))
    assert errors[1] < 1e-6 * heat
    assert np.log2(errors[0] / errors[1]) > 3.6


def test_error_estimate_is_of_the_size_of_the_step_error(reference):
    y = reference.sol(10.0)
    done = twin.step(radiating_body(), RODAS4, 10.0, 4.0, y)
    exact = solve_ivp(radiating_rates, (10.0, 14.0), y, method="DOP853", rtol=1e-13, atol=1e-11).y[:, -1]
    true, estimate = np.abs(done.y - exact).max(), np.abs(done.error).max()
    assert true < estimate < 1000.0 * true


@pytest.mark.parametrize("method", [RODAS4, RODAS4P2, RODAS5P], ids=lambda m: m.name)
@pytest.mark.parametrize("theta", [0.0, 0.3, 0.75, 1.0])
def test_dense_output_lies_on_the_solution(method, theta, reference):
    y = reference.sol(10.0)
    done = twin.step(radiating_body(), method, 10.0, 1.0, y)
    assert_allclose(twin.dense_output(method, y, done, theta), reference.sol(10.0 + theta), atol=2e-5)


def test_dense_output_of_a_method_without_one_is_refused():
    done = twin.step(radiating_body(), RODAS3, 0.0, 1.0, START)
    with pytest.raises(ValueError, match="`tableau` RODAS3 has no dense output"):
        twin.dense_output(RODAS3, START, done, 0.5)


def heated_by_steps():
    """10 J/K heated by 100 W in the first 4 s of every 10 s and by 7 W else; nothing leaves."""
    coef = np.zeros((2, 6))
    coef[:, 0] = 100.0, 7.0
    return Bundle(
        n=1,
        nq=1,
        capacity=[10.0],
        weight=[1.0],
        stored=[1],
        temperature_law=[-1],
        flow_external=[1],
        forcing_ptr=[0, 2],
        forcing_knots=[0.0, 4.0, 10.0],
        forcing_coef=coef,
        forcing_period=[10.0],
        s_to=[0],
        s_coef=[1.0],
        s_forcing=[0],
        s_law=[-1],
        s_arg=[0],
        s_flow=[0],
    )


@pytest.mark.parametrize("method", TABLEAUS.values(), ids=lambda m: m.name)
def test_steps_that_land_on_jumps_integrate_them_exactly(method):
    run = twin.step_sequence(heated_by_steps(), method, [300.0], [0.0, 4.0, 10.0, 14.0, 20.0])
    assert_allclose(run.y[:, 0], [300.0, 340.0, 344.2, 384.2, 388.4], rtol=1e-13)
    assert_allclose(run.ledger[:, 0], [0.0, 400.0, 442.0, 842.0, 884.0], rtol=1e-13)


def test_stiffly_accurate_steps_end_with_algebraic_nodes_in_balance():
    case = random_case(3, loop=False, bus=False, plates=0)
    b = case.bundle
    skin = int(np.flatnonzero(b.capacity == 0.0)[0])
    run = twin.step_sequence(b, RODAS4, case.y, np.linspace(0.0, 20.0, 21))
    balance, _ = twin.rates(b, 20.0, run.y[-1])
    at_start, _ = twin.rates(b, 0.0, case.y)
    assert abs(at_start[skin]) > 1.0
    assert abs(balance[skin]) < 1e-3


@pytest.mark.parametrize("times", [[0.0, 1.0, 1.0], [1.0, 0.0], [[0.0, 1.0]]])
def test_times_that_do_not_increase_are_refused(times):
    with pytest.raises(ValueError, match="`times` must be one row of increasing times"):
        twin.step_sequence(heated_by_steps(), RODAS4, [300.0], times)
