"""The Rosenbrock coefficients: order, stiff accuracy and dense output, measured on a problem and by algebra.

Order conditions: Hairer & Wanner, Solving Ordinary Differential Equations II, 2nd ed. (1996), section IV.7.
"""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from thermalsat.tableaus import RODAS4, TABLEAUS

METHODS = list(TABLEAUS.values())
START = np.array([1.0, 0.7])


def rate(t, y):
    """A nonlinear problem that depends on time, without symmetry that could hide an error."""
    return np.array([-(y[0] ** 2) * y[1] + np.sin(2 * t) * y[1], y[0] * np.cos(t) - y[1] ** 3])


def slope(t, y):
    return np.array([[-2 * y[0] * y[1], -(y[0] ** 2) + np.sin(2 * t)], [np.cos(t), -3 * y[1] ** 2]])


def time_slope(t, y):
    return np.array([2 * np.cos(2 * t) * y[1], -y[0] * np.sin(t)])


@pytest.fixture(scope="module")
def reference():
    return solve_ivp(rate, (0, 2), START, method="DOP853", rtol=1e-13, atol=1e-14, dense_output=True)


def one_step(method, t, y, h, jacobian):
    u = np.zeros((method.stages, len(y)))
    matrix = np.eye(len(y)) / (h * method.gamma) - jacobian
    for i in range(method.stages):
        right = rate(t + method.alpha[i] * h, y + method.a[i] @ u) + method.c[i] @ u / h
        u[i] = np.linalg.solve(matrix, right + method.gamma_sum[i] * h * time_slope(t, y))
    return y + method.m @ u, method.e @ u, u


def errors_of(method, steps, reference, share_of_jacobian=1.0):
    """Error at the end and largest error of the dense output."""
    h, y, dense_error = 2.0 / steps, START, 0.0
    for k in range(steps):
        y1, _, u = one_step(method, k * h, y, h, share_of_jacobian * slope(k * h, y))
        if len(method.dense):
            theta, bracket = 0.4, 0.0
            for row in method.dense[::-1]:
                bracket = row @ u + theta * bracket
            value = (1 - theta) * y + theta * (y1 + (1 - theta) * bracket)
            dense_error = max(dense_error, np.abs(value - reference.sol((k + theta) * h)).max())
        y = y1
    return np.array([np.abs(y - reference.y[:, -1]).max(), dense_error])


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.name)
def test_order_of_step_and_dense_output_measured(method, reference):
    coarse, fine = errors_of(method, 40, reference), errors_of(method, 80, reference)
    with np.errstate(divide="ignore", invalid="ignore"):
        order = np.log2(coarse / fine)
    assert order[0] > method.order - 0.2
    if len(method.dense):
        assert order[1] > min(4, method.order) - 0.25


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.name)
def test_error_estimate_shrinks_as_the_embedded_order_says(method):
    h = 0.01
    estimates = [np.abs(one_step(method, 0.3, START, s, slope(0.3, START))[1]).max() for s in (h, h / 2)]
    assert np.log2(estimates[0] / estimates[1]) == pytest.approx(method.embedded_order + 1, abs=0.2)


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.name)
def test_order_with_half_the_jacobian_is_the_w_order(method, reference):
    coarse = errors_of(method, 80, reference, share_of_jacobian=0.5)
    fine = errors_of(method, 160, reference, share_of_jacobian=0.5)
    order = np.log2(coarse[0] / fine[0])
    assert order == pytest.approx(method.w_order, abs=0.25)


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.name)
def test_order_conditions_to_three(method):
    a, g, b = method.classical()
    beta = a + g
    np.testing.assert_allclose(a.sum(axis=1), method.alpha, atol=1e-13)
    np.testing.assert_allclose(g.sum(axis=1), method.gamma_sum, atol=1e-13)
    assert b.sum() == pytest.approx(1.0, abs=1e-13)
    assert b @ beta.sum(axis=1) == pytest.approx(1 / 2, abs=1e-13)
    assert b @ method.alpha**2 == pytest.approx(1 / 3, abs=1e-13)
    assert b @ beta @ beta.sum(axis=1) == pytest.approx(1 / 6, abs=1e-12)


@pytest.mark.parametrize("method", [m for m in METHODS if m.order >= 4], ids=lambda m: m.name)
def test_order_conditions_of_four(method):
    a, g, b = method.classical()
    beta = a + g
    assert b @ method.alpha**3 == pytest.approx(1 / 4, abs=1e-12)
    assert (b * method.alpha) @ a @ beta.sum(axis=1) == pytest.approx(1 / 8, abs=1e-12)
    assert b @ beta @ method.alpha**2 == pytest.approx(1 / 12, abs=1e-12)
    assert b @ beta @ beta @ beta.sum(axis=1) == pytest.approx(1 / 24, abs=1e-12)


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.name)
def test_stability_at_infinity(method):
    a, g, b = method.classical()
    at_infinity = 1.0 - b @ np.linalg.solve(a + g, np.ones(method.stages))
    if method.stiffly_accurate:
        assert abs(at_infinity) < 1e-13
    else:
        assert at_infinity == pytest.approx(-0.6304, abs=1e-4)


def test_only_ros34pw3_is_not_stiffly_accurate():
    assert [m.name for m in METHODS if not m.stiffly_accurate] == ["ROS34PW3"]


def test_the_classical_form_of_rodas4_has_its_published_nodes():
    """The authors' program RODAS gives the method by its beta values: BET2P = 0.0317, 0.0635, 0.3438."""
    a, g, _ = RODAS4.classical()
    beta_prime = (a + g).sum(axis=1) - RODAS4.gamma
    np.testing.assert_allclose(beta_prime[1:4], [0.0317, 0.0635, 0.3438], atol=1e-13)


def test_coefficients_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        RODAS4.a[1, 0] = 0.0
