"""Histories against CVODE (SUNDIALS, through scikit-sundae) on the same equations, from 1 K to 0.1 mK."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import thermalsat as ts
from thermalsat.laws import Law

sundae = pytest.importorskip("sksundae")

END_S = 3000.0
SAMPLES_S = np.linspace(0.0, END_S, 31)


def network() -> ts.ThermalNetwork:
    """Panel with two tubes in a loop, a box with leakage, steps and sines of heat, 51 unknowns."""
    net = ts.ThermalNetwork()
    sky = net.boundary("sky", temperature="4 K")
    plate = net.plate(
        "panel", size=("2 m", "0.5 m"), cells=(5, 8), thickness="1.5 mm", conductivity="167 W/m/K",
        density="2700 kg/m^3", specific_heat="896 J/kg/K", temperature="280 K",
    )  # fmt: skip
    for face in ("front", "back"):
        net.radiate(plate.face(face), sky, emissivity=0.88)
    omega = 2.0 * np.pi / 1500.0
    sun = ts.Function(
        lambda t: 900.0 * np.maximum(0.0, np.sin(omega * t)), breakpoints=ts.Q([0.0, 750.0], "s"),
        period="1500 s", unit="W/m^2",
    )  # fmt: skip
    net.heat(plate.face("front"), sun, pattern=np.linspace(0.1, 0.3, 40).reshape(5, 8))
    box = net.node("box", heat_capacity="3e4 J/K", temperature="300 K")
    load = ts.Table(["0 s", "400 s"], ["800 W", "200 W"], kind="step", period="1000 s")
    net.heat(box, load)
    net.heat(box, "20 W", law=Law.fit(lambda T: np.exp((T - 300.0) / 40.0), 200.0, 400.0, 40))
    tubes = [
        net.channel(
            f"tube {k}", plate.line(y=y), mass_flow="0.02 kg/s", specific_heat="4700 J/kg/K",
            mass_per_length="0.02 kg/m", wall_conductance="400 W/m/K", temperature="290 K",
        )
        for k, y in enumerate(("0.125 m", "0.375 m"))
    ]  # fmt: skip
    net.loop("loop", channels=tubes, node=box, effectiveness=0.8)
    return net


def piece(net: ts.ThermalNetwork, start_s: float, end_s: float):
    """Right-hand side on one piece of the forcing: at both ends of it the limit from within."""

    def rhs(t, y, yp):
        yp[:] = net.rhs(t, y, "right" if t < 0.5 * (start_s + end_s) else "left")

    return rhs


@pytest.fixture(scope="module")
def reference_K() -> np.ndarray:
    """CVODE at rtol 1e-11, started again at every step and kink."""
    net = network()
    y = net.layout.initial()
    knots = np.concatenate([[0.0], net.breakpoints_between(0.0, END_S), [END_S]])
    samples = [y]
    for start, end in pairwise(knots):
        inside = [t for t in SAMPLES_S if start < t < end]
        # two times alone would mean "every step of yours"
        wanted = np.unique([start, *inside, 0.5 * (start + end), end])
        solver = sundae.cvode.CVODE(piece(net, start, end), rtol=1e-11, atol=1e-9, max_num_steps=100000)
        solution = solver.solve(wanted, y)
        assert solution.success
        y = solution.y[-1]
        samples += [solution.y[k] for k, t in enumerate(wanted) if t > start and t in SAMPLES_S]
    return np.array(samples)


@pytest.mark.parametrize("tolerance_K", [1.0, 0.1, 0.01, 1e-3, 1e-4])
def test_error_is_within_the_tolerance_and_the_estimate_calibrated(reference_K, tolerance_K):
    result = network().transient(
        duration=ts.Q(END_S, "s"), times=ts.Q(SAMPLES_S, "s"), tolerance=ts.Q(tolerance_K, "K")
    )
    assert reference_K.shape == result.history.shape
    error_K = np.abs(result.history - reference_K).max()
    estimate_K = result.certificate.time_error_K
    assert error_K <= tolerance_K
    assert estimate_K <= tolerance_K
    assert error_K <= 3.0 * estimate_K
    assert abs(result.ledger.residual_relative) < 1e-12
