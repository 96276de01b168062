"""Melting against exact solutions: constant heat, a warm wall, Neumann's half space, a full cycle."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq
from scipy.special import erf

import thermalsat as ts

MASS_kg, LATENT_J_kg, SOLID_J_kg_K, LIQUID_J_kg_K = 50.0, 200e3, 2000.0, 2200.0
MELTING_K = 333.15


def wax(net: ts.ThermalNetwork, band: str = "1 K", temperature: str = "50 degC", name: str = "wax"):
    return net.store(
        name,
        mass="50 kg",
        melting_temperature="60 degC",
        melting_band=band,
        latent_heat="200 kJ/kg",
        specific_heat=("2.0 kJ/kg/K", "2.2 kJ/kg/K"),
        temperature=temperature,
    )


@pytest.mark.parametrize("band_K", [0.5, 1.0, 5.0])
def test_constant_heat_melts_in_latent_heat_over_heat(band_K):
    """A lump under a constant heat Q is at T = T0 + Q t / (m c_s), then on the plateau for
    (latent + (c_s + c_l) band / 2) m / Q, then rises with Q / (m c_l): exact, whatever the step."""
    heat_W = 10e3
    net = ts.ThermalNetwork()
    store = wax(net, f"{band_K} K")
    net.heat(store, "10 kW")
    solidus_s = (MELTING_K - 0.5 * band_K - 323.15) * MASS_kg * SOLID_J_kg_K / heat_W
    sensible = 0.5 * (SOLID_J_kg_K + LIQUID_J_kg_K) * band_K
    plateau_s = MASS_kg * (LATENT_J_kg + sensible) / heat_W
    liquidus_s = solidus_s + plateau_s
    assert plateau_s == pytest.approx(MASS_kg * LATENT_J_kg / heat_W, rel=0.011 * band_K)
    times = np.array(
        [0.5 * solidus_s, solidus_s, solidus_s + 0.5 * plateau_s, liquidus_s, liquidus_s + 300.0]
    )
    result = net.transient(duration=ts.Q(liquidus_s + 300.0, "s"), times=ts.Q(times, "s"), tolerance="1 mK")
    found = result.temperature("wax").m_as("K")
    after = MELTING_K + 0.5 * band_K + 300.0 * heat_W / (MASS_kg * LIQUID_J_kg_K)
    expected = [328.15 - 0.25 * band_K, MELTING_K - 0.5 * band_K, MELTING_K, MELTING_K + 0.5 * band_K, after]
    np.testing.assert_allclose(found[[0, 1, 3, 4]], np.array(expected)[[0, 1, 3, 4]], atol=2e-3)
    assert abs(found[2] - MELTING_K) < 0.5 * band_K
    assert store.melted(ts.Q(found[1:4], "K")) == pytest.approx([0.0, 0.5, 1.0], abs=1e-4)
    assert abs(result.certificate.energy_residual) < 1e-12


def test_a_warm_wall_melts_it_in_the_time_of_the_sharp_limit():
    """G (T_w - T) into a lump that melts at T_m: t = m latent / (G (T_w - T_m)) as the band vanishes; at a
    finite band the quadrature of m c_s dtheta / (G (T_w - T(theta)))."""
    net = ts.ThermalNetwork()
    store = wax(net, "0.2 K", temperature="59.9 degC")
    net.couple(net.boundary("wall", temperature="80 degC"), store, conductance="400 W/K")
    law = store.law
    rate = lambda theta: MASS_kg * SOLID_J_kg_K / (400.0 * (353.15 - law(theta)))  # noqa: E731
    exact_s = quad(rate, law.x0, law.x1, points=[law.x0 + law.dx, law.x1 - law.dx], epsabs=1e-6)[0]
    sharp_s = MASS_kg * LATENT_J_kg / (400.0 * 20.0)
    assert exact_s == pytest.approx(sharp_s, rel=0.005)
    result = net.transient(duration=ts.Q(exact_s, "s"), times=ts.Q([0.5 * exact_s, exact_s], "s"))
    assert result.temperature("wax").m_as("degC")[-1] == pytest.approx(60.1, abs=0.02)
    assert store.melted(result.temperature("wax")) == pytest.approx([0.5, 1.0], abs=2e-3)


def test_neumann_melting_of_a_half_space():
    """One phase at T_m, its face at T_m + 20 K from t = 0 on: the front is at 2 lambda sqrt(alpha t) and the
    heat through the face 2 k dT sqrt(t / (pi alpha)) / erf(lambda), with
    lambda exp(lambda^2) erf(lambda) = c dT / (latent sqrt(pi)) (Carslaw & Jaeger, 11.2)."""
    k, rho, c, latent, rise = 0.2, 800.0, 2000.0, 200e3, 20.0
    stefan = c * rise / latent
    root = brentq(lambda x: x * math.exp(x * x) * erf(x) - stefan / math.sqrt(math.pi), 1e-3, 2.0)
    alpha, duration = k / (rho * c), 4 * 3600.0
    taken = 2.0 * k * rise * math.sqrt(duration / (math.pi * alpha)) / erf(root)
    front = 2.0 * root * math.sqrt(alpha * duration)

    cells, band = 40, 0.1
    dx = 1.6 * front / cells
    net = ts.ThermalNetwork()
    hot = net.boundary("hot", temperature=ts.Q(330.0 + rise, "K"))
    before, distance = hot, 0.5 * dx
    layers = []
    for i in range(cells):
        layer = net.store(
            f"layer {i}",
            mass=ts.Q(rho * dx, "kg"),
            melting_temperature="330 K",
            melting_band=ts.Q(band, "delta_degC"),
            latent_heat=ts.Q(latent, "J/kg"),
            specific_heat=ts.Q(c, "J/kg/K"),
            temperature=ts.Q(330.0 - 0.5 * band, "K"),
        )
        net.couple(before, layer, conductance=ts.Q(k / distance, "W/K"))
        before, distance = layer, dx
        layers.append(layer)
    result = net.transient(duration=ts.Q(duration, "s"), tolerance="50 mK")
    shares = [float(layer.melted(result.temperature(layer.name)[-1])) for layer in layers]
    assert sum(shares) * dx == pytest.approx(front, rel=0.01)
    assert abs(result.ledger["layer 0 -> hot"].m_as("J")) == pytest.approx(taken, rel=0.01)
    assert abs(result.certificate.energy_residual) < 1e-12


def test_a_cycle_of_melting_and_freezing_closes_and_keeps_its_heat():
    """30 min of 8 kW, an hour at a 40 degC sink: solved as a periodic state and found by waiting for it."""

    def made() -> ts.ThermalNetwork:
        net = ts.ThermalNetwork()
        store = wax(net, "2 K")
        coolant = net.node("coolant", heat_capacity="20 kJ/K", temperature="50 degC")
        net.couple(coolant, store, conductance="2 kW/K")
        net.couple(coolant, net.boundary("sink", temperature="40 degC"), conductance="150 W/K")
        heat = ts.Table(["0 s", "1800 s"], ["8 kW", "0 W"], kind="step", period="5400 s")
        net.heat(coolant, heat, name="pulses")
        return net

    net = made()
    times = ts.Q(np.linspace(0.0, 5400.0, 61), "s")
    cycle = net.periodic(period="5400 s", times=times, tolerance="2 mK", closure="1 mK")
    melted = net.layout.part("wax").melted(cycle.temperature("wax"))
    assert melted.max() - melted.min() > 0.3
    waited = made().transient(duration="270000 s", times=ts.Q(264600.0 + times.m, "s"), tolerance="2 mK")
    np.testing.assert_allclose(
        cycle.temperature("coolant").m_as("K"), waited.temperature("coolant").m_as("K"), atol=0.01
    )
    assert abs(cycle.certificate.energy_residual) < 1e-12
    assert abs(cycle.ledger.periodic_imbalance) < 1e-6
    assert cycle.ledger["pulses"].m_as("J") == pytest.approx(8e3 * 1800.0, rel=1e-12)
    assert cycle.ledger["coolant -> sink"].m_as("J") == pytest.approx(8e3 * 1800.0, rel=1e-5)


def test_another_integrator_finds_the_same_on_the_same_equations():
    """SciPy's BDF on ``net.rhs``: a store between a pulsed coolant and a radiating wall."""
    net = ts.ThermalNetwork()
    store = wax(net, "2 K")
    coolant = net.node("coolant", heat_capacity="20 kJ/K", temperature="50 degC")
    net.couple(coolant, store, conductance="1 kW/K")
    net.radiate(store, net.boundary("space", temperature="3 K"), emissivity=0.9, area="8 m^2")
    net.heat(coolant, "12 kW")
    times = np.linspace(0.0, 4000.0, 41)
    found = net.transient(duration="4000 s", times=ts.Q(times, "s"), tolerance="1 mK")
    other = solve_ivp(
        lambda t, y: net.rhs(t, y), (0.0, 4000.0), net.layout.initial(), "BDF", times,
        jac=lambda t, y: net.jacobian(t, y).toarray(), rtol=1e-10, atol=1e-7, max_step=5.0,
    )  # fmt: skip
    expected = np.array([net.unpack(y)["coolant"] for y in other.y.T])
    assert store.melted(found.temperature("wax"))[-1] > 0.3
    np.testing.assert_allclose(found.temperature("coolant").m_as("K"), expected, atol=2e-3)
