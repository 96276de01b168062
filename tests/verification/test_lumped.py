"""Single nodes with exact answers, and whole satellites stated as one node."""

from __future__ import annotations

import numpy as np
import pytest

import thermalsat as ts


def test_lumped_cool_down_to_absolute_zero():
    """C dT/dt = -eps sigma A T^4: T = (T0^-3 + 3 eps sigma A t / C)^(-1/3); 350 K, eps .9, 1 m2, 5000 J/K."""
    net = ts.ThermalNetwork()
    body = net.node("body", heat_capacity="5000 J/K", temperature="350 K")
    net.radiate(body, net.boundary("space", temperature="0 K"), emissivity=0.9, area="1 m^2")
    times = [600.0, 1200.0, 2129.0, 3600.0]
    result = net.transient(duration="1 hour", times=ts.Q(times, "s"), tolerance="1 mK")
    expected = [288.383113, 255.340560, 224.386434, 195.634689]
    found = result["body"].m_as("K")
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    exact = (350.0**-3 + 3.0 * 0.9 * 5.670374419e-8 / 5000.0 * np.array(times)) ** (-1.0 / 3.0)
    np.testing.assert_allclose(exact, expected, atol=1e-6)
    assert np.abs(found - exact).max() < 1e-3


def test_linear_node_in_square_day_and_night():
    """A node of 2e4 J/K on 10 W/K with 1000 W for 3672 s of 5801 s swings by 58.268676 K, from
    dQ/G (1 - e^(-a))(1 - e^(-b)) / (1 - e^(-a-b)) with a, b = day and night over C/G."""
    net = ts.ThermalNetwork()
    node = net.node("node", heat_capacity="2e4 J/K", temperature="300 K")
    net.couple(node, net.boundary("sink", temperature="250 K"), conductance="10 W/K")
    day = ts.Table(["0 s", "3672 s"], ["1000 W", "0 W"], kind="step", period="5801 s")
    net.heat(node, day)
    times = ts.Q([0.0, 3672.0, 5801.0], "s")
    result = net.periodic(period="5801 s", times=times, tolerance="0.1 mK", closure="0.1 mK")
    start, dusk, end = result["node"].m_as("K")
    assert dusk - start == pytest.approx(58.268676, rel=1e-5)
    assert end == pytest.approx(start, abs=1e-4)
    assert result.certificate.problems() == []


@pytest.mark.parametrize(
    ("power", "area", "expected_K"),
    [
        ("120 kW", "220 m^2", 337.1004),
        ("150 kW", "220 m^2", 353.1623),
        ("120 kW", "110 m^2", 391.465),
        ("150 kW", "110 m^2", 411.844),
    ],
)
def test_one_node_radiator(power, area, expected_K):
    """Whole satellite, eps .91, 220 K sink: both faces of 110 m2, and one (published, recomputed)."""
    net = ts.ThermalNetwork()
    radiator = net.node("radiator")
    net.radiate(radiator, net.boundary("sink", temperature="220 K"), emissivity=0.91, area=area)
    net.heat(radiator, power)
    assert net.steady()["radiator"].m_as("K") == pytest.approx(expected_K, rel=1e-6)


def test_flat_array_at_beta_90():
    """eps .85/.90, alpha .92, 550 km, beta 90, 1361 W/m2, Earth IR 237 W/m2, no albedo, no conversion:
    342.0965 K (342.0992 as published with sigma 5.67e-8 and R 6371 km)."""
    view = float(ts.earth_view_factor("550 km", "90 deg"))
    net = ts.ThermalNetwork()
    array = net.node("array")
    space = net.boundary("space", temperature="0 K")
    net.heat(array, "1252.12 W")  # 0.92 x 1361 W/m2 on 1 m2
    earth = ts.Q((237.0 / 5.670374419e-8) ** 0.25, "K")
    for emissivity in (0.85, 0.90):
        net.radiate(array, space, emissivity=emissivity, view_factor=1.0 - view, area="1 m^2")
    net.radiate(array, net.boundary("earth", temperature=earth), GR=ts.Q(1.75 * view, "m^2"))
    assert net.steady()["array"].m_as("K") == pytest.approx(342.0965, abs=1e-4)


def test_loop_rise_of_a_rack():
    """120 kW into 180 L/min of PG25 at 40 degC: the loop's temperature rises by 9.98 K."""
    net = ts.ThermalNetwork()
    rack = net.volume("rack", heat_capacity="1e5 J/K", coolant="PG25", temperature="45 degC")
    density = 1009.9  # kg/m3 at 40 degC
    supply = net.boundary("supply", temperature=ts.Q(40.0 - 4.99, "degC"))
    net.flow(supply, rack, mass_flow=ts.Q(density * 3e-3, "kg/s"))
    net.heat(rack, "120 kW")
    result = net.steady()
    rise = result["rack"].m_as("K") - result["supply"].m_as("K")
    assert rise == pytest.approx(9.98, abs=0.005)
