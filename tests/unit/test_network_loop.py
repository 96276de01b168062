"""Loops against their hand formulas: mixing, effectiveness, bypass, delay, exchanger; battery and bus."""

import numpy as np
import pytest
from network_cases import energy_defect, steady

import thermalsat as ts
from thermalsat.errors import InputError
from thermalsat.laws import Law


def rejecting(net, rates=(30.0, 10.0), ntu=0.7, **options):
    """Channels that cool against walls at 280 and 260 K."""
    tubes = []
    for k, rate in enumerate(rates):
        tube = net.channel(
            f"t{k}",
            length="1 m",
            cells=3,
            mass_flow=ts.Q(rate / 4000.0, "kg/s"),
            specific_heat="4000 J/kg/K",
            mass_per_length="0.1 kg/m",
            **options,
        )
        wall = net.boundary(f"wall {k}", temperature=f"{280 - 20 * k} K")
        net.couple(tube, wall, conductance=ts.Q(ntu * rate, "W/K"))
        tubes.append(tube)
    return tubes


def by_hand(bypass=0.0, e=0.8, power=3000.0, rates=(30.0, 10.0)):
    """Solve T_in, T_o, T_node: T_out = wall + (T_in - wall) exp(-0.7)."""
    share, walls, left = np.array(rates) / sum(rates), np.array([280.0, 260.0]), np.exp(-0.7)
    through = sum(rates) / (1.0 - bypass)
    wall = share @ walls
    # T_o = wall + left (T_in - wall); W (T_in - T_o) = power; e through (T_node - supply) = power
    T_in = wall + power / (sum(rates) * (1.0 - left))
    supply = T_in - power / through
    return T_in, wall + left * (T_in - wall), supply + power / (e * through)


@pytest.mark.parametrize("bypass", [None, 0.0, 0.4])
@pytest.mark.parametrize("delay", [None, "30 s"])
@pytest.mark.parametrize("e", [0.8, 1.0])
def test_loop_by_hand(bypass, delay, e):
    net = ts.ThermalNetwork()
    tubes = rejecting(net)
    node = net.node("payload", heat_capacity="2e5 J/K")
    net.heat(node, "3 kW")
    net.loop("loop", channels=tubes, node=node, effectiveness=e, bypass=bypass, delay=delay, delay_volumes=4)
    y = steady(net)
    _, T_o, T_node = by_hand(bypass or 0.0, e)
    fields = net.unpack(y)
    assert fields["payload"] == pytest.approx(T_node, rel=1e-12)
    mixed = 0.75 * fields["t0"][-1] + 0.25 * fields["t1"][-1]
    assert mixed == pytest.approx(T_o, rel=1e-12)
    assert 0.75 * net.flows(0, y)["t0 -> wall 0"] > 0.0
    assert net.flows(0, y)["loop -> payload"] == pytest.approx(-3000.0, rel=1e-10)
    assert energy_defect(net, y) < 1e-13
    if delay:
        volumes = [net.heat_capacities[net.layout.slice(f"loop.delay[{k}]")][0] for k in range(4)]
        assert sum(volumes) == pytest.approx(40.0 * 30.0)


@pytest.mark.parametrize("position", [0.0, 0.5])
def test_a_bypass_valve_at_rest_is_a_bypass_fraction(position):
    # channels at W (1 - 0.6 v): the same as channels of that flow and a bypass of 0.6 v
    net = ts.ThermalNetwork()
    anchor = net.boundary("anchor", temperature="300 K")
    valve = net.valve("valve", anchor, Law.constant(position), "10 s")
    tubes = rejecting(net, valve=valve, flow_factors=(1.0, -0.6))
    node = net.node("payload", heat_capacity="2e5 J/K")
    net.heat(node, "3 kW")
    net.loop("loop", channels=tubes, node=node, effectiveness=0.8, bypass=valve)
    y = steady(net)
    assert energy_defect(net, y) < 1e-13

    fixed = ts.ThermalNetwork()
    # the couplings keep the conductance of full flow: three cells of NTU 0.7 / 3
    scale, kept = 1.0 - 0.6 * position, np.expm1(0.7 / 3)
    lasting = 3.0 * np.log1p(kept / scale)
    tubes = rejecting(fixed, rates=(30.0 * scale, 10.0 * scale), ntu=lasting)
    other = fixed.node("payload", heat_capacity="2e5 J/K")
    fixed.heat(other, "3 kW")
    fixed.loop("loop", channels=tubes, node=other, effectiveness=0.8, bypass=0.6 * position)
    assert net.unpack(y)["payload"] == pytest.approx(fixed.unpack(steady(fixed))["payload"], rel=1e-12)


def test_an_exchanger_joins_a_coolant_of_varying_properties():
    # steady: the node gives its heat; m_dot (h_in - h_out) = 3 kW
    net = ts.ThermalNetwork()
    ammonia = ts.Coolant.preset("ammonia")
    tube = net.channel(
        "t",
        length="1 m",
        cells=20,
        mass_flow="0.02 kg/s",
        coolant=ammonia,
        diameter="10 mm",
        temperature="290 K",
    )
    net.couple(tube, net.boundary("wall", temperature="280 K"), conductance="90 W/K")
    node = net.node("payload", heat_capacity="2e5 J/K")
    net.heat(node, "3 kW")
    net.loop("loop", channels=[tube], node=node, effectiveness=0.8)
    y = steady(net)
    fields = net.unpack(y)
    h = ammonia.laws.enthalpy
    assert 0.02 * (h(fields["loop.exchanger"]) - h(fields["t"][-1])) == pytest.approx(3000.0, rel=1e-6)
    rate = 0.02 * ammonia.laws.reference_specific_heat_J_kg_K
    assert fields["payload"] - fields["loop.exchanger"] == pytest.approx(3000.0 / (rate * 4.0), rel=1e-9)
    assert energy_defect(net, y) < 1e-13


def test_an_open_loop_is_fed_by_its_inlet():
    net = ts.ThermalNetwork()
    tubes = rejecting(net)
    loop = net.loop("loop", channels=tubes, inlet=net.boundary("in", temperature="320 K"))
    tank = net.volume("tank", heat_capacity="100 J/K")
    net.flow(loop.outlet, tank, capacity_rate="40 W/K")
    left = np.exp(-0.7)
    exact = 0.75 * (280 + left * 40) + 0.25 * (260 + left * 60)
    assert net.unpack(steady(net))["tank"] == pytest.approx(exact, rel=1e-12)


def test_an_open_loop_without_inlet_takes_what_is_flowed_into_it():
    net = ts.ThermalNetwork()
    loop = net.loop("loop", channels=rejecting(net))
    with pytest.raises(InputError, match=r"'loop\.inlet' has no inflow"):
        net.bundle()
    net.flow(net.boundary("a", temperature="330 K"), loop.inlet, capacity_rate="30 W/K")
    net.flow(net.boundary("b", temperature="290 K"), loop.inlet, capacity_rate="10 W/K")
    out = net.unpack(steady(net))["t0"][-1]
    assert out == pytest.approx(280.0 + 40.0 * np.exp(-0.7), rel=1e-12)


def test_mixers_in_a_circle_are_refused():
    net = ts.ThermalNetwork()
    a, b = net.mixer("a"), net.mixer("b")
    net.flow(a, b, capacity_rate="1 W/K")
    net.flow(b, a, capacity_rate="1 W/K")
    with pytest.raises(InputError, match="in a circle: a, b"):
        net.bundle()


def battery(net, power, **options):
    bus = net.bus("bus")
    net.supply(bus, power)
    box = net.node("box", heat_capacity="1000 J/K")
    dump = net.node("dump", heat_capacity="1000 J/K")
    net.battery(
        "battery",
        bus,
        capacity="1 kWh",
        charge_efficiency=0.9,
        discharge_efficiency=0.8,
        charge_power="500 W",
        heat_to=box,
        curtail_to=[(box, 0.25), (dump, 0.75)],
        **options,
    )
    return net


def test_charging_loses_and_curtails():
    # 800 W offered, 500 W taken at efficiency 0.9: 450 W stored, 50 W lost, 300 W curtailed
    net = battery(ts.ThermalNetwork(), "800 W", state_of_energy=0.5)
    y = net.layout.initial()
    rate = net.unpack(net.rhs(0.0, y) * net.heat_capacities)
    assert rate == pytest.approx({"battery": 450.0, "box": 50.0 + 75.0, "dump": 225.0})
    assert energy_defect(net, y) < 1e-15


def test_discharging_loses():
    # 400 W drawn at efficiency 0.8: 500 W from the cells, 100 W lost
    net = ts.ThermalNetwork()
    battery(net, "100 W")
    net.supply(net.buses[0], "500 W", sign=-1)
    rate = net.unpack(net.rhs(0.0, net.layout.initial()) * net.heat_capacities)
    assert rate == pytest.approx({"battery": -500.0, "box": 100.0, "dump": 0.0})


def test_a_full_battery_takes_nothing():
    net = battery(ts.ThermalNetwork(), "100 W")
    rate = net.unpack(net.rhs(0.0, net.layout.initial()) * net.heat_capacities)
    assert rate == pytest.approx({"battery": 0.0, "box": 25.0, "dump": 75.0})
