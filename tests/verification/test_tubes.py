"""Tubes: effectiveness against NTU (Kays & London, Compact Heat Exchangers, 1984), and a radiating tube."""

from __future__ import annotations

import numpy as np
import pytest

import thermalsat as ts


def tube(net: ts.ThermalNetwork, name: str, rate_W_K: float, inlet, cells: int, **options):
    return net.channel(
        name,
        mass_flow=ts.Q(rate_W_K / 1000.0, "kg/s"),
        specific_heat="1000 J/kg/K",
        mass_per_length="1 kg/m",
        length="1 m",
        cells=cells,
        inlet=inlet,
        **options,
    )


@pytest.mark.parametrize("ntu", [0.1, 1.0, 3.0])
@pytest.mark.parametrize("cells", [1, 7])
def test_tube_at_a_wall_temperature(ntu, cells):
    """Effectiveness 1 - exp(-NTU), exact on any number of cells."""
    net = ts.ThermalNetwork()
    inlet = net.boundary("inlet", temperature="400 K")
    stream = tube(net, "tube", 50.0, inlet, cells)
    wall = net.boundary("wall", temperature="300 K")
    net.couple(stream, wall, conductance_per_length=ts.Q(50.0 * ntu, "W/m/K"))
    outlet = net.steady()["tube"].m_as("K")[-1]
    assert (400.0 - outlet) / 100.0 == pytest.approx(1.0 - np.exp(-ntu), rel=1e-9)


@pytest.mark.parametrize("ntu", [0.5, 2.0])
def test_tube_on_a_plate_at_one_temperature(ntu):
    """The same through the wall of a tube on a plate so conductive that it has one temperature."""
    net = ts.ThermalNetwork()
    plate = net.plate("plate", size=("1 m", "0.2 m"), cells=(4, 2), thickness="1 m", conductivity="1e6 W/m/K")
    net.fix(plate.edge("south"), net.boundary("base", temperature="300 K"))
    net.fix(plate.edge("north"), net.boundary("top", temperature="300 K"))
    net.channel(
        "tube",
        plate.line(y="0.1 m"),
        mass_flow="0.05 kg/s",
        specific_heat="1000 J/kg/K",
        mass_per_length="1 kg/m",
        wall_conductance=ts.Q(50.0 * ntu, "W/m/K"),
        inlet=net.boundary("inlet", temperature="400 K"),
    )
    result = net.steady()
    assert (400.0 - result["tube"].m_as("K")[-1]) / 100.0 == pytest.approx(1.0 - np.exp(-ntu), rel=1e-5)
    np.testing.assert_allclose(result.wall_temperature("tube").m_as("K"), 300.0, atol=1e-3)


@pytest.mark.parametrize(("ntu", "ratio", "expected"), [(1.0, 0.5, 0.564733), (2.0, 1.0, 0.666667)])
def test_counterflow_exchanger(ntu, ratio, expected):
    """Counterflow effectiveness at (NTU, C)."""
    net = ts.ThermalNetwork()
    small, large = 100.0, 100.0 / ratio
    hot = tube(net, "hot", small, net.boundary("hot in", temperature="400 K"), 10)
    cold = tube(net, "cold", large, net.boundary("cold in", temperature="300 K"), 10, reverse=True)
    net.couple(hot, cold, conductance_per_length=ts.Q(small * ntu, "W/m/K"))
    outlet = net.steady()["hot"].m_as("K")[-1]
    assert (400.0 - outlet) / 100.0 == pytest.approx(expected, abs=1e-6)


def radiating_tube(cells: int) -> float:
    net = ts.ThermalNetwork()
    stream = tube(net, "tube", 11904.0, net.boundary("inlet", temperature="350 K"), cells)
    net.radiate(stream, net.boundary("sink", temperature="220 K"), GR="180.18 m^2", name="rejected")
    result = net.steady()
    outlet = float(result["tube"].m_as("K")[-1])
    assert result.ledger["rejected"].m_as("W") == pytest.approx(11904.0 * (350.0 - outlet), rel=1e-9)
    return outlet


def test_radiator_tube_to_a_sink():
    """mdot cp dT/dz = -eta eps sigma P (T^4 - Ts^4), 350 K in, 220 K sink, 180.18 m2, 11904 W/K:
    339.871966 K and 120.564 kW. Each cell radiates at its outlet, first order: extrapolated from two."""
    coarse, middle, fine = (radiating_tube(cells) for cells in (200, 400, 800))
    assert np.log2((coarse - middle) / (middle - fine)) == pytest.approx(1.0, abs=0.02)
    limit = 2.0 * fine - middle
    assert limit == pytest.approx(339.871966, rel=1e-7)
    assert 11904.0 * (350.0 - limit) == pytest.approx(120564.0, rel=1e-5)
