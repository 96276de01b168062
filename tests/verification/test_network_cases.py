"""Exact solutions of conduction, streams, valves and batteries, stated in the public API."""

from __future__ import annotations

import numpy as np
import pytest

import thermalsat as ts
from thermalsat.laws import Law


def test_two_layer_wall():
    """Layers of 50 and 2 W/m/K, 30 mm and 20 mm, 400 K to 300 K: exact on any cells that meet the interface
    (Incropera & DeWitt, Fundamentals of Heat and Mass Transfer, chapter 3)."""
    flux = 100.0 / (0.03 / 50.0 + 0.02 / 2.0)
    edges = ts.Q([0.0, 0.011, 0.03, 0.034, 0.05], "m")
    net = ts.ThermalNetwork()
    wall = net.plate(
        "wall",
        cells=(edges, ts.Q([0.0, 1.0], "m")),
        thickness="1 m",
        conductivity=ts.Q([[50.0], [50.0], [2.0], [2.0]], "W/m/K"),
    )
    net.fix(wall.edge("west"), net.boundary("hot", temperature="400 K"))
    net.fix(wall.edge("east"), net.boundary("cold", temperature="300 K"), name="through")
    result = net.steady()
    assert result.power("through").m_as("W") == pytest.approx(flux, rel=1e-12)
    assert result["wall"].m_as("K")[:, 0] == pytest.approx(
        [400.0 - flux * 0.0055 / 50.0, 400.0 - flux * 0.0205 / 50.0,
         300.0 + flux * 0.018 / 2.0, 300.0 + flux * 0.008 / 2.0], rel=1e-12,
    )  # fmt: skip


def test_orthotropic_plate_with_film():
    """t (kx T_xx + ky T_yy) = h (T - Ta) - q cos(pi x/a) cos(pi y/b), insulated edges: one cosine, exact;
    second order, uniform and stretched cells."""
    a, b, t, kx, ky, h, q = 0.8, 0.5, 0.002, 300.0, 40.0, 5.0, 1000.0
    amplitude = q / (t * (kx * (np.pi / a) ** 2 + ky * (np.pi / b) ** 2) + h)

    def error(cells: int, stretch: float) -> float:
        u = np.linspace(0.0, 1.0, cells + 1)
        x_edges, y_edges = (length * (u + stretch * np.sin(2.0 * np.pi * u)) for length in (a, b))
        x, y = 0.5 * (x_edges[1:] + x_edges[:-1]), 0.5 * (y_edges[1:] + y_edges[:-1])
        shape = np.outer(np.cos(np.pi * x / a), np.cos(np.pi * y / b))
        net = ts.ThermalNetwork()
        plate = net.plate(
            "plate", cells=(ts.Q(x_edges, "m"), ts.Q(y_edges, "m")), thickness=ts.Q(t, "m"),
            conductivity=(ts.Q(kx, "W/m/K"), ts.Q(ky, "W/m/K")),
        )  # fmt: skip
        net.convect(
            plate.face("back"), net.boundary("air", temperature="300 K"), coefficient=ts.Q(h, "W/m^2/K")
        )
        net.heat(plate.face("front"), ts.Q(q, "W/m^2"), pattern=1.0 + shape)
        # the uniform part of the pattern lifts everything by q / h
        found = net.steady()["plate"].m_as("K") - 300.0 - q / h
        return float(np.abs(found - amplitude * shape).max() / amplitude)

    for stretch in (0.0, 0.08):
        errors = [error(cells, stretch) for cells in (10, 20, 40)]
        assert errors[2] < 2e-3
        np.testing.assert_allclose(np.log2(np.array(errors[:-1]) / errors[1:]), 2.0, atol=0.2)


def test_heat_into_a_tube_line_is_second_order_across_it():
    """A radiating plate with insulated edges is fed by one tube on its middle line; cells across it halve."""

    def outlet(rows: int) -> float:
        net = ts.ThermalNetwork()
        plate = net.plate(
            "plate", size=("2 m", "0.25 m"), cells=(16, rows), thickness="1 mm", conductivity="167 W/m/K"
        )
        net.radiate(plate.face("front"), net.boundary("space", temperature="3 K"), emissivity=0.9)
        net.channel(
            "tube", plate.line(y="0.125 m"), mass_flow="2 g/s", specific_heat="4700 J/kg/K",
            mass_per_length="0.02 kg/m", wall_conductance="400 W/m/K",
            inlet=net.boundary("in", temperature="340 K"),
        )  # fmt: skip
        return float(net.steady()["tube"].m_as("K")[-1])

    values = np.array([outlet(rows) for rows in (4, 8, 16, 32)])
    steps = np.abs(np.diff(values))
    np.testing.assert_allclose(np.log2(steps[:-1] / steps[1:]), 2.0, atol=0.15)


def test_transport_delay_of_a_channel():
    """After a step of the inlet the heat taken up is m c dT on any number of volumes: mean delay m / mdot."""
    net = ts.ThermalNetwork()
    inlet = ts.Table(["0 s", "10 s"], ["300 K", "320 K"], kind="step")
    net.channel(
        "line", mass_flow="0.5 kg/s", specific_heat="4000 J/kg/K", mass_per_length="2 kg/m", length="10 m",
        cells=25, inlet=net.boundary("inlet", temperature=inlet),
    )  # fmt: skip
    result = net.transient(duration="200 s", tolerance="1 mK")
    outlet = result["line"].m_as("K")[:, -1]
    assert outlet[-1] == pytest.approx(320.0, abs=2e-3)
    (name,) = result.ledger
    mean_delay_s = result.ledger[name].m_as("J") / (0.5 * 4000.0 * 20.0)
    assert mean_delay_s == pytest.approx(20.0 / 0.5, rel=1e-5)
    # 25 volumes in a row: a gamma distribution, of which the standard deviation is a fifth of the mean
    t = result.time.m_as("s")
    passed = (outlet - 300.0) / 20.0
    reached = np.interp([0.16, 0.84], passed, t)
    assert 0.5 * (reached[1] - reached[0]) == pytest.approx(8.0, rel=0.05)


def test_valve_follows_with_its_lag():
    """lag dv/dt = law(T) - v with T held: v = v0 + (v1 - v0)(1 - exp(-t/lag))."""
    net = ts.ThermalNetwork()
    sensed = net.boundary("sensed", temperature=ts.Table(["0 s", "20 s"], ["300 K", "310 K"], kind="step"))
    net.valve("valve", sensed, Law.hermite(300.0, 320.0, [0.0, 1.0], [0.05, 0.05]), "15 s")
    node = net.node("node", heat_capacity="1 J/K", temperature="300 K")
    net.couple(node, sensed, conductance="1 W/K")
    times = ts.Q([0.0, 20.0, 35.0, 65.0], "s")
    start = net.pack({"valve": 0.0})
    found = (
        net.transient(duration="65 s", times=times, initial=start, tolerance="1 mK")
        .position("valve")
        .m_as("")
    )
    expected = 0.5 * (1.0 - np.exp(-np.array([0.0, 0.0, 15.0, 45.0]) / 15.0))
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_battery_through_a_day_and_a_night():
    """+500 W for an hour at 90 %, limited to 300 W, then -200 W for an hour at 80 %: by hand."""
    net = ts.ThermalNetwork()
    pack = net.node("pack", heat_capacity="1e5 J/K", temperature="290 K")
    net.couple(pack, net.boundary("sink", temperature="280 K"), conductance="5 W/K", name="sink")
    bus = net.bus("bus")
    net.battery(
        "battery", bus, capacity="1 kWh", charge_power="300 W", charge_efficiency=0.9,
        discharge_efficiency=0.8, heat_to=pack, state_of_energy=0.5, taper=Law.constant(1.0),
    )  # fmt: skip
    net.supply(bus, ts.Table(["0 h", "1 h"], ["700 W", "0 W"], kind="step"), name="array")
    net.supply(bus, "200 W", sign=-1, name="load")
    result = net.transient(duration="2 h", times=ts.Q([0.0, 1.0, 2.0], "h"))
    np.testing.assert_allclose(result.state_of_energy.m_as(""), [0.5, 0.77, 0.52], rtol=1e-9)
    ledger = {name: value.m_as("Wh") for name, value in result.ledger.items()}
    assert ledger["battery charge"] == pytest.approx(300.0)
    assert ledger["battery discharge"] == pytest.approx(200.0)
    assert ledger["battery curtailed"] == pytest.approx(200.0)
    assert ledger["battery loss"] == pytest.approx(0.1 * 300.0 + 200.0 * (1.0 / 0.8 - 1.0))
    assert abs(result.ledger.residual_relative) < 1e-12


def test_loop_with_effectiveness():
    """T_in = T_o + e (T_p - T_o): at steady state the payload's heat is e W (T_p - T_o)."""
    net = ts.ThermalNetwork()
    payload = net.node("payload", heat_capacity="1e5 J/K", temperature="300 K")
    net.heat(payload, "2 kW")
    pipe = net.channel(
        "pipe",
        mass_flow="0.1 kg/s",
        specific_heat="4000 J/kg/K",
        mass_per_length="0.1 kg/m",
        length="4 m",
        cells=4,
    )
    net.couple(pipe, net.boundary("sink", temperature="280 K"), conductance="300 W/K", name="rejected")
    net.loop("loop", channels=[pipe], node=payload, effectiveness=0.8)
    result = net.steady()
    outlet = result["pipe"].m_as("K")[-1]
    assert result.ledger["rejected"].m_as("W") == pytest.approx(2000.0, rel=1e-9)
    assert 0.8 * 400.0 * (result["payload"].m_as("K") - outlet) == pytest.approx(2000.0, rel=1e-9)
    # the pipe against a sink of one temperature: T_o - T_s = (T_in - T_s) exp(-NTU), T_in - T_o = 5 K
    assert outlet == pytest.approx(280.0 + 5.0 / np.expm1(300.0 / 400.0), rel=1e-9)
