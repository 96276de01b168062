"""Derivatives of states by name, against closed forms and against solving again."""

from __future__ import annotations

import doctest
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from network_cases import aluminium

import thermalsat as ts
from thermalsat.errors import InputError

TURN = 2.0 * np.pi / 6000.0


def magnitude(quantity: object, unit: str = "K") -> float:
    return float(quantity.to(unit).magnitude)  # type: ignore[attr-defined]


def strap(conductance: float = 5.0, heat: float = 100.0, wall: float = 290.0) -> ts.ThermalNetwork:
    net = ts.ThermalNetwork()
    sink = net.boundary("wall", temperature=ts.Q(wall, "K"))
    box = net.node("box", heat_capacity="2e4 J/K", temperature="300 K")
    net.couple(box, sink, conductance=ts.Q(conductance, "W/K"), name="strap")
    net.heat(box, ts.Q(heat, "W"), name="heater")
    return net


def test_conductance_load_and_boundary_of_a_steady_node() -> None:
    # T = T_wall + Q / g
    net = strap()
    g = net.gradient(net.steady(), temperature="box")
    assert magnitude(g.value) == pytest.approx(310.0, rel=1e-12)
    assert magnitude(g.by("strap").relative) == pytest.approx(-20.0, rel=1e-9)
    assert magnitude(g.by("strap").per_unit, "K^2/W") == pytest.approx(-4.0, rel=1e-9)
    assert magnitude(g.by("strap").amount, "W/K") == pytest.approx(5.0)
    assert magnitude(g.by("heater").per_unit, "K/W") == pytest.approx(0.2, rel=1e-9)
    assert magnitude(g.by("wall").per_unit, "") == pytest.approx(1.0, rel=1e-9)
    assert magnitude(g.by_capacity("box").relative) == 0.0
    assert g.output == "temperature of 'box'"


def test_radiating_node() -> None:
    # sigma A (T^4 - T_sky^4) = Q
    net = ts.ThermalNetwork()
    sky = net.boundary("sky", temperature="200 K")
    box = net.node("box", heat_capacity="2e4 J/K", temperature="300 K")
    net.radiate(box, sky, GR="0.5 m^2", name="radiator")
    net.heat(box, "150 W", name="heater")
    g = net.gradient(net.steady(), temperature="box")
    T, sigma = magnitude(g.value), 5.670374419e-8
    assert magnitude(g.by("heater").per_unit, "K/W") == pytest.approx(1 / (4 * sigma * 0.5 * T**3), rel=1e-9)
    area = -(T**4 - 200.0**4) / (4 * T**3)
    assert magnitude(g.by("radiator").relative) == pytest.approx(area, rel=1e-9)
    assert magnitude(g.by("radiator").per_unit, "K/m^2") == pytest.approx(area / 0.5, rel=1e-9)
    assert magnitude(g.by("sky").per_unit, "") == pytest.approx((200.0 / T) ** 3, rel=1e-9)


def test_flow_of_a_steady_state() -> None:
    # what passes through one of two straps: Q g1 / (g1 + g2)
    net = strap()
    box, wall = net.parts[0], net.boundaries[0]
    net.couple(box, wall, conductance="15 W/K", name="second")
    g = net.gradient(net.steady(), flow="strap")
    assert magnitude(g.value, "W") == pytest.approx(25.0)
    assert magnitude(g.by("strap").relative, "W") == pytest.approx(100 * 5 * 15 / 400, rel=1e-9)
    assert magnitude(g.by("second").relative, "W") == pytest.approx(-100 * 5 * 15 / 400, rel=1e-9)
    assert magnitude(g.by("heater").relative, "W") == pytest.approx(25.0, rel=1e-9)
    assert abs(magnitude(g.by("wall").per_unit, "W/K")) < 1e-9


def test_stream_and_a_face() -> None:
    # a stream of rate C through a node: T = T_in + Q / C; a uniform plate against air: T = T_air + q / h
    net = ts.ThermalNetwork()
    inlet = net.boundary("inlet", temperature="280 K")
    box = net.node("box", heat_capacity="2e4 J/K", temperature="300 K")
    net.flow(inlet, box, capacity_rate="40 W/K", name="coolant")
    net.heat(box, "200 W")
    plate = aluminium(net)
    net.convect(plate.face("back"), inlet, coefficient="8 W/m^2/K", name="air")
    net.heat(plate.face("front"), "400 W/m^2", name="sun")
    state = net.steady()
    g = net.gradient(state, temperature="box")
    assert magnitude(g.by("coolant").per_unit, "K^2/W") == pytest.approx(-200.0 / 40.0**2, rel=1e-9)
    for cell in (None, (3, 1)):
        g = net.gradient(state, temperature="plate", cell=cell)
        assert magnitude(g.value) == pytest.approx(330.0)
        assert magnitude(g.by("air").relative) == pytest.approx(-50.0, rel=1e-9)
        assert magnitude(g.by("air").amount, "W/K") == pytest.approx(8.0 * 0.5)
        assert magnitude(g.by("sun").relative) == pytest.approx(50.0, rel=1e-9)
        assert magnitude(g.by("sun").amount, "W") == pytest.approx(200.0)
        assert not np.abs(g.arrays["pl_gx"]).max() > 1e-9  # nothing flows along it


def swinging(conductance: float = 5.0, capacity: float = 2e4, mean: float = 100.0) -> ts.ThermalNetwork:
    net = ts.ThermalNetwork()
    wall = net.boundary("wall", temperature="290 K")
    box = net.node("box", heat_capacity=ts.Q(capacity, "J/K"), temperature="300 K")
    net.couple(box, wall, conductance=ts.Q(conductance, "W/K"), name="strap")
    load = ts.Function(lambda t: mean + 60.0 * np.sin(TURN * t), period="6000 s", unit="W")
    net.heat(box, load, name="heater")
    return net


def test_periodic_node_under_a_sine() -> None:
    # T = T_wall + 100 / g + Im(60 exp(i w t) / (g + i w C))
    net = swinging()
    cycle = net.periodic(period="6000 s", closure="1e-6 K", tolerance="1e-4 K")
    t, g0, C = 1234.0, 5.0, 2e4
    z = 60.0 * np.exp(1j * TURN * t) / (g0 + 1j * TURN * C)
    g = net.gradient(cycle, temperature="box", at="1234 s")
    assert magnitude(g.value) == pytest.approx(310.0 + z.imag, abs=1e-4)
    by_g = -100.0 / g0 - (g0 * z / (g0 + 1j * TURN * C)).imag
    assert magnitude(g.by("strap").relative) == pytest.approx(by_g, abs=2e-4)
    by_C = -(1j * TURN * C * z / (g0 + 1j * TURN * C)).imag
    assert magnitude(g.by_capacity("box").relative) == pytest.approx(by_C, abs=2e-4)
    assert magnitude(g.by("heater").relative) == pytest.approx(20.0 + z.imag, abs=2e-4)
    assert g.by("heater").amount.units == ts.Q(1.0, "").units
    assert magnitude(g.by("wall").per_unit, "") == pytest.approx(1.0, rel=1e-6)

    g = net.gradient(cycle, temperature="box", at="max")
    size = abs(60.0 / (g0 + 1j * TURN * C))
    assert magnitude(g.value) == pytest.approx(310.0 + size, abs=1e-4)
    assert magnitude(g.by("strap").relative) == pytest.approx(
        -100.0 / g0 - size * g0**2 / (g0**2 + (TURN * C) ** 2), abs=1e-3
    )
    g = net.gradient(cycle, temperature="box", at="min")
    assert magnitude(g.value) == pytest.approx(310.0 - size, abs=1e-4)

    g = net.gradient(cycle, temperature="box", at="mean")
    assert magnitude(g.value) == pytest.approx(310.0, abs=1e-4)
    assert magnitude(g.by("strap").relative) == pytest.approx(-20.0, abs=1e-4)
    assert abs(magnitude(g.by_capacity("box").relative)) < 1e-4

    g = net.gradient(cycle, flow="strap")
    assert magnitude(g.value, "J") == pytest.approx(6e5, rel=1e-6)
    assert magnitude(g.by("heater").relative, "J") == pytest.approx(6e5, rel=1e-6)
    assert abs(magnitude(g.by("strap").relative, "J")) < 1.0


def panel(
    *, flow: float = 0.02, emissivity: float = 0.85, sky: float = 3.0, coolant: object = None
) -> ts.ThermalNetwork:
    """A plate with a tube and a loop, which the plate path solves."""
    net = ts.ThermalNetwork()
    space = net.boundary("sky", temperature=ts.Q(sky, "K"))
    plate = aluminium(net)
    net.radiate(plate.face("front"), space, emissivity=emissivity, name="front")
    net.radiate(plate.face("back"), space, emissivity=emissivity, name="back")
    payload = net.node("payload", heat_capacity="2e3 J/K", temperature="290 K")
    sun = ts.Function(lambda t: 250.0 + 250.0 * np.sin(2 * np.pi * t / 600.0), period="600 s", unit="W/m^2")
    net.heat(plate.face("front"), sun, name="sun")
    net.heat(payload, "300 W", name="load")
    fluid = {"specific_heat": "4700 J/kg/K"} if coolant is None else {"coolant": coolant}
    tube = net.channel(
        "tube", plate.line(y=ts.Q(0.5 / 3, "m")), mass_flow=ts.Q(flow, "kg/s"), wall_conductance="100 W/m/K",
        mass_per_length="0.05 kg/m", **fluid,
    )  # fmt: skip
    net.loop("loop", channels=[tube], node=payload, effectiveness=0.8)
    return net


OPTIONS = {"period": "600 s", "closure": "1e-6 K", "tolerance": "1e-3 K"}
PLACES = (
    {"temperature": "payload", "at": "max"},
    {"temperature": "tube", "cell": 2, "at": "mean"},
    {"temperature": "plate", "at": "100 s"},
)


@pytest.mark.parametrize(
    ("change", "value", "step"), [("flow", 0.02, 2e-5), ("emissivity", 0.85, 1e-3), ("sky", 100.0, 0.5)]
)
def test_a_panel_with_a_loop_against_solving_again(change: str, value: float, step: float) -> None:
    net = panel(**{change: value})
    nets = [panel(**{change: value + h}) for h in (step, -step)]
    state, *states = (each.periodic(**OPTIONS) for each in (net, *nets))
    for place in PLACES:
        hot, cold = (n.gradient(s, **place).value_si for n, s in zip(nets, states, strict=True))
        g = net.gradient(state, **place)
        forward, backward = (magnitude(g.toward(other)) for other in nets)
        assert forward - backward == pytest.approx(hot - cold, rel=2e-3)
        assert g.passes <= 7


def test_a_state_that_came_without_its_steps() -> None:
    net = panel()
    state = net.periodic(**OPTIONS)
    assert state.log[0, 0] == 0.0
    assert state.log[:, 1].sum() == pytest.approx(600.0)
    bare = replace(state, log=np.zeros((0, 2)))
    with_steps, without = (net.gradient(s, **PLACES[1]) for s in (state, bare))
    for name, slopes in with_steps.arrays.items():
        np.testing.assert_allclose(
            without.arrays[name], slopes, rtol=0.0, atol=1e-4 * np.abs(slopes).max(initial=0.0)
        )


def test_a_coolant_whose_temperature_is_a_law_of_its_enthalpy() -> None:
    step, coolant = 1e-3, ts.Coolant.preset("ammonia")
    net = panel(coolant=coolant)
    nets = [panel(coolant=coolant, emissivity=0.85 + h) for h in (step, -step)]
    state, *states = (each.periodic(**OPTIONS) for each in (net, *nets))
    for place in PLACES:
        hot, cold = (n.gradient(s, **place).value_si for n, s in zip(nets, states, strict=True))
        g = net.gradient(state, **place)
        relative = magnitude(g.by("front").relative) + magnitude(g.by("back").relative)
        assert 2.0 * step / 0.85 * relative == pytest.approx(hot - cold, rel=2e-3)


def test_mean_forcing_and_a_battery_that_is_held() -> None:
    net = swinging()
    g = net.gradient(net.steady(mean=True), temperature="box")
    assert magnitude(g.by("strap").relative) == pytest.approx(-20.0, rel=1e-9)
    g = net.gradient(net.steady(time="1500 s"), temperature="box")
    assert magnitude(g.by("strap").relative) == pytest.approx(-160.0 / 5.0, rel=1e-7)

    net = strap()
    bus = net.bus("bus")
    net.battery(
        "battery", bus, capacity="1 kWh", charge_power="1 kW", charge_efficiency=0.9, state_of_energy=0.5,
        heat_to=net.parts[0],
    )  # fmt: skip
    net.supply(bus, "300 W", name="array")
    state = net.steady()
    g = net.gradient(state, temperature="box")
    loss = magnitude(state.power("battery loss"), "W")
    assert magnitude(g.value) == pytest.approx(290.0 + (100.0 + loss) / 5.0, rel=1e-9)
    assert loss == pytest.approx(30.0)
    assert magnitude(g.by("strap").relative) == pytest.approx(-(100.0 + loss) / 5.0, rel=1e-9)
    assert magnitude(g.by("array").per_unit, "K/W") == pytest.approx(0.1 / 5.0, rel=1e-9)


def test_what_is_strongest_comes_first() -> None:
    net = strap()
    g = net.gradient(net.steady(), temperature="box")
    assert [effect.name for effect in g.ranked()] == ["strap", "heater"]
    assert repr(g).splitlines() == [
        "<Gradient: temperature of 'box': 310 K",
        "  strap   -0.2 K per %",
        "  heater  +0.2 K per %",
        "  wall    +1 K per K>",
    ]


def test_toward_another_network() -> None:
    net = strap()
    g = net.gradient(net.steady(), temperature="box")
    assert magnitude(g.toward(strap(5.5, 110.0, 291.0))) == pytest.approx(-2.0 + 2.0 + 1.0, rel=1e-9)
    other = strap()
    other.heat(other.parts[0], "1 W")
    with pytest.raises(
        InputError, match="`other` must be the same network with other values, but `nq` differs"
    ):
        g.toward(other)


def test_toward_another_load_and_another_table() -> None:
    def warmed(load: float, lift: float, swing: float = 3.0) -> ts.ThermalNetwork:
        net = ts.ThermalNetwork()
        t = np.linspace(0.0, 600.0, 7)
        wave = np.sin(2 * np.pi * t / 600.0)
        wave[-1] = wave[0]
        sink = net.boundary(
            "sink",
            temperature=ts.Table(t * ts.Q(1.0, "s"), ts.Q(280 + lift + swing * wave, "K"), period="600 s"),
        )
        box = net.node("box", heat_capacity="1e3 J/K", temperature="300 K")
        net.couple(box, sink, conductance="5 W/K")
        net.heat(box, ts.Table(t * ts.Q(1.0, "s"), ts.Q(load * (2.0 + wave), "W"), period="600 s"))
        return net

    net = warmed(50.0, 0.0)
    g = net.gradient(net.periodic(period="600 s", closure="1e-6 K"), temperature="box")
    assert magnitude(g.toward(warmed(60.0, 0.0))) == pytest.approx(20.0 / 5.0, rel=1e-6)
    assert magnitude(g.toward(warmed(50.0, 2.0))) == pytest.approx(2.0, rel=1e-6)
    with pytest.raises(InputError, match="a boundary's temperature differs by more than its level"):
        g.toward(warmed(50.0, 0.0, swing=4.0))


def test_what_is_refused() -> None:
    net = swinging()
    cycle = net.periodic(period="6000 s")
    history = net.transient(duration="100 s")
    with pytest.raises(
        InputError, match="`state` must be what net.steady.. or net.periodic.. returned, got the "
    ):
        net.gradient(history, temperature="box")
    with pytest.raises(InputError, match="one of `temperature` and `flow` must be given"):
        net.gradient(cycle)
    with pytest.raises(InputError, match="`temperature` must be of one of: box; got 'bax'"):
        net.gradient(cycle, temperature="bax")
    with pytest.raises(InputError, match="`flow` must be one of: strap, heater; got 'strip'"):
        net.gradient(cycle, flow="strip")
    with pytest.raises(InputError, match="`at` must be from 0 s to 6000 s, got 7000 s"):
        net.gradient(cycle, temperature="box", at="7000 s")
    with pytest.raises(
        InputError, match="`name` must be a flow or a boundary: strap, heater, wall; got 'box'"
    ):
        net.gradient(cycle, temperature="box").by("box")
    with pytest.raises(InputError, match="`name` must be one of: box; got 'wall'"):
        net.gradient(cycle, temperature="box").by_capacity("wall")
    with pytest.raises(InputError, match="`state` must be of this network as it is now"):
        swinging(6.0).gradient(cycle, temperature="box")
    few = net.periodic(period="6000 s", times="100 s")
    with pytest.raises(InputError, match="`period` must be given, because `state` has one sample only"):
        net.gradient(few, temperature="box")


def test_cells_that_there_are_not() -> None:
    net = panel()
    state = net.steady(mean=True)
    with pytest.raises(
        InputError, match=r"`cell` of 'plate' must be whole numbers \(0 to 3, 0 to 5\), got 3"
    ):
        net.gradient(state, temperature="plate", cell=3)
    with pytest.raises(InputError, match="`cell` must be given: 'tube' has 4 cells, 0 to 3"):
        net.gradient(state, temperature="tube")


def test_the_page() -> None:
    page = Path(__file__).parents[2] / "docs" / "sensitivities.md"
    outcome = doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert outcome.attempted > 5
    assert outcome.failed == 0
