"""The shipped satellite's own equations, `net.rhs` of `assemble`, followed by CVODE (SUNDIALS)."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import thermalsat as ts

sundae = pytest.importorskip("sksundae")

END_S = 2600.0  # night, dawn and the first minutes of charging, with a burst over the dawn
SAMPLES_S = np.unique(np.append(np.linspace(0.0, END_S, 27), [2150.0, 2160.0, 2200.0]))


@pytest.fixture(scope="module")
def net() -> ts.ThermalNetwork:
    load = ts.Load.burst(base="120 kW", peak="150 kW", start="1800 s", duration="10 min")
    return ts.assemble(ts.designs.load("leo-53"), case="power", load=load)


@pytest.fixture(scope="module")
def start(net) -> np.ndarray:
    """Ten minutes after a start from uniform parts, when the loop has settled but nothing is steady."""
    return net.transient(duration="10 min", tolerance="1 mK").y * 1.0


def piece(net: ts.ThermalNetwork, middle_s: float):
    """Equations on one piece of the forcing: at both ends of it the limit from within."""

    def rhs(t, y, yp):
        yp[:] = net.rhs(t, y, "right" if t < middle_s else "left")

    def jacobian(t, y, yp, J):
        J[:] = net.jacobian(t, y, "right" if t < middle_s else "left").toarray()

    return rhs, jacobian


@pytest.fixture(scope="module")
def reference(net, start) -> np.ndarray:
    """CVODE at rtol 1e-9, started again at every step and kink."""
    y = start
    samples = [y]
    knots = np.concatenate([[0.0], net.breakpoints_between(0.0, END_S), [END_S]])
    for begin, end in pairwise(knots):
        rhs, jacobian = piece(net, 0.5 * (begin + end))
        inside = [t for t in SAMPLES_S if begin < t < end]
        wanted = np.unique([begin, *inside, 0.5 * (begin + end), end])
        solver = sundae.cvode.CVODE(rhs, rtol=1e-9, atol=1e-9, max_num_steps=100_000, jacfn=jacobian)
        solution = solver.solve(wanted, y)
        assert solution.success
        y = solution.y[-1]
        samples += [solution.y[k] for k, t in enumerate(wanted) if t > begin and t in SAMPLES_S]
    return np.array(samples)


@pytest.mark.parametrize("tolerance_K", [0.1, 0.01, 0.001])
def test_transient_of_the_satellite_is_within_its_tolerance_of_cvode(net, start, reference, tolerance_K):
    result = net.transient(
        duration=ts.Q(END_S, "s"), times=ts.Q(SAMPLES_S, "s"), initial=start, tolerance=f"{tolerance_K} K"
    )
    weight = net.bundle().weight
    error = np.abs(weight * (result.history - reference))
    assert error.max() < tolerance_K
    assert error.max() > 1e-3 * tolerance_K  # the tolerance is what sets the error
    assert result.certificate.time_error_K < tolerance_K
    assert abs(result.ledger.residual_relative) < 1e-12


def test_start_is_not_steady(net, start):
    assert np.max(np.abs(net.rhs(0.0, start))) > 1e-3
