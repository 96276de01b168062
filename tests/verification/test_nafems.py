"""NAFEMS thermal benchmarks T2, T3 and T4.

Cameron, Casey and Simpson, NAFEMS Benchmark Tests for Thermal Analysis, NAFEMS, 1986. Targets were printed
rounded; the exact values for the same inputs are used.
"""

from __future__ import annotations

import numpy as np
import pytest

import thermalsat as ts


@pytest.mark.parametrize("cells", [1, 10])
def test_t2_conduction_with_radiation(cells):
    """T2: 0.1 m bar, 1000 K at A, end B radiates to 300 K: T(B) = 927.0 K published, 927.0076 K exact."""
    net = ts.ThermalNetwork(stefan_boltzmann="5.67e-8 W/m^2/K^4")
    bar = net.plate(
        "bar", size=("0.1 m", "1 m"), cells=(cells, 1), thickness="1 m", conductivity="55.6 W/m/K"
    )
    net.fix(bar.edge("west"), net.boundary("A", temperature="1000 K"))
    net.radiate(bar.edge("east"), net.boundary("sink", temperature="300 K"), emissivity=0.98)
    end = net.steady().temperature("bar.east").m_as("K")
    assert end == pytest.approx([927.0076], abs=1e-4)


def t3_at_32_s(cells: int) -> float:
    net = ts.ThermalNetwork()
    bar = net.plate(
        "bar",
        size=("0.1 m", "1 m"),
        cells=(cells, 1),
        thickness="1 m",
        conductivity="35 W/m/K",
        density="7200 kg/m^3",
        specific_heat="440.5 J/kg/K",
        temperature="0 degC",
    )
    end = ts.Function(lambda t: 273.15 + 100.0 * np.sin(np.pi * t / 40.0), period="80 s", unit="K")
    net.fix(bar.edge("west"), net.boundary("A", temperature="0 degC"))
    net.fix(bar.edge("east"), net.boundary("B", temperature=end))
    result = net.transient(duration="32 s", times=ts.Q([32.0], "s"), tolerance="0.1 mK")
    assert result.certificate.problems() == []
    return float(result["bar"].at("0.08 m", "0.5 m").m_as("degC")[0])


def test_t3_transient_conduction():
    """T3: T(L, t) = 100 sin(pi t/40) degC, T(0) = 0; at x = .08 m, 32 s: 36.60 degC published, exact
    36.603116; of second order."""
    exact = 36.603116
    errors = [t3_at_32_s(cells) - exact for cells in (25, 50, 100)]
    assert abs(errors[2]) < 0.05
    orders = np.log2(np.abs(errors[:-1]) / np.abs(errors[1:]))
    np.testing.assert_allclose(orders, 2.0, atol=0.25)


def t4_error_K(cells: tuple[int, int]) -> float:
    net = ts.ThermalNetwork()
    plate = net.plate("plate", size=("0.6 m", "1.0 m"), cells=cells, thickness="1 m", conductivity="52 W/m/K")
    air = net.boundary("air", temperature="0 degC")
    net.fix(plate.edge("south"), net.boundary("base", temperature="100 degC"))
    for side in ("east", "north"):
        net.convect(plate.edge(side), air, coefficient="750 W/m^2/K")
    return float(net.steady()["plate"].at("0.6 m", "0.2 m").m_as("degC")) - 18.253757


@pytest.mark.parametrize(("cells", "tolerance"), [((12, 20), 0.1), ((48, 80), 0.01)])
def test_t4_conduction_with_convection(cells, tolerance):
    """T4: the point (.6, .2) m on the convecting edge: 18.3 degC published, 18.253757 degC exact."""
    assert abs(t4_error_K(cells)) < tolerance
