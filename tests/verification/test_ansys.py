"""ANSYS Mechanical APDL Verification Manual: VM107, VM115, VM192, in the units they were published in."""

from __future__ import annotations

import numpy as np
import pytest

import thermalsat as ts

FILM = "Btu/hour/foot^2/delta_degF"


def test_vm192_cooling_of_a_billet_by_radiation():
    """VM192 (Siegel & Howell, Thermal Radiation Heat Transfer, 1981): black 2 x 2 x 4 ft block,
    2000 R in 530 R: 1600.918, 1403.754, 1189.701, 1067.798 R after .5, 1, 2, 3 h (exact quadrature)."""
    net = ts.ThermalNetwork(stefan_boltzmann="0.1712e-8 Btu/hour/foot^2/degR^4")
    capacity = ts.Q(487.5 * 16.0 * 0.11, "Btu/delta_degF")
    billet = net.node("billet", heat_capacity=capacity, temperature=ts.Q(2000.0, "degR"))
    room = net.boundary("room", temperature=ts.Q(530.0, "degR"))
    net.radiate(billet, room, emissivity=1.0, area="40 foot^2")
    result = net.transient(duration="3 hour", times=ts.Q([0.5, 1.0, 2.0, 3.0], "hour"), tolerance="1 mK")
    expected = [1600.918, 1403.754, 1189.701, 1067.798]
    np.testing.assert_allclose(result["billet"].m_as("degR"), expected, rtol=1e-5)


def test_vm107_thermocouple_radiation():
    """VM107 (Rohsenow & Choi, Heat, Mass and Momentum Transfer, 1963): 1000 F published, 999.950 F
    exact with the published sigma and an offset of 460."""
    net = ts.ThermalNetwork(stefan_boltzmann="0.174e-8 Btu/hour/foot^2/degR^4")
    gas = net.boundary("gas", temperature=ts.Q(1309.0 + 460.0, "degR"))
    wall = net.boundary("wall", temperature=ts.Q(300.0 + 460.0, "degR"))
    tip = net.node("tip", temperature=ts.Q(1500.0, "degR"))
    net.convect(tip, gas, coefficient=f"11.85 {FILM}", area="1 foot^2")
    net.radiate(tip, wall, emissivity=0.5, area="1 foot^2")
    assert net.steady()["tip"].m_as("degR") - 460.0 == pytest.approx(999.950, abs=1e-3)


def test_vm115_thermal_response_of_a_heat_generating_slab():
    """VM115 (Kreith, Principles of Heat Transfer, 1959): infinite plate, half thickness .5 ft, 60 F,
    surface to 32 F, 4e4 Btu/h/ft3: 32, 75.753, 103.994, 120.803, 129.461, 132.101 F after 12 min."""
    net = ts.ThermalNetwork()
    slab = net.plate(
        "slab",
        size=("0.5 foot", "1 foot"),
        cells=(200, 1),
        thickness="1 foot",
        conductivity="20 Btu/hour/foot/delta_degF",
        density="500 lb/foot^3",
        specific_heat="0.2 Btu/lb/delta_degF",
        temperature="60 degF",
    )
    net.fix(slab.edge("west"), net.boundary("surface", temperature="32 degF"))
    net.heat(slab, "4e4 Btu/hour/foot^3")
    result = net.transient(duration="12 min", times=ts.Q([12.0], "min"), tolerance="1 mK")
    x = ts.Q(np.linspace(0.0, 0.5, 6), "foot")
    expected = [32.0, 75.753, 103.994, 120.803, 129.461, 132.101]
    found = result["slab"].at(x, "0.5 foot").m_as("degF")[0]
    np.testing.assert_allclose(found + 459.67, np.array(expected) + 459.67, rtol=1e-5)
