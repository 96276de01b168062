"""Channels: exactness in NTU, counter flow, the upwind star, coolants, valves."""

import numpy as np
import pytest
from network_cases import aluminium, energy_defect, steady

import thermalsat as ts
from thermalsat.errors import InputError
from thermalsat.laws import Law, WallLaw

WATER = {"specific_heat": "4000 J/kg/K", "mass_per_length": "0.1 kg/m"}


def own(net, name, rate_W_K, n, **options):
    flow = ts.Q(rate_W_K / 4000.0, "kg/s")
    return net.channel(name, mass_flow=flow, length="2 m", cells=n, **WATER, **options)


@pytest.mark.parametrize("n", [1, 7])
@pytest.mark.parametrize("ntu", [0.3, 4.0])
def test_tube_at_a_wall_temperature_is_exact_in_ntu(n, ntu):
    # VALIDATION: effectiveness 1 - exp(-NTU)
    net = ts.ThermalNetwork()
    tube = own(net, "tube", 40.0, n, inlet=net.boundary("in", temperature="300 K"))
    net.couple(
        tube, net.boundary("wall", temperature="400 K"), conductance_per_length=ts.Q(ntu * 20.0, "W/m/K")
    )
    out = net.unpack(steady(net))["tube"][-1]
    assert (out - 300.0) / 100.0 == pytest.approx(1.0 - np.exp(-ntu), rel=1e-12)


@pytest.mark.parametrize(("ntu", "ratio", "exact"), [(1.0, 0.5, 0.564733), (2.0, 1.0, 0.666667)])
def test_counterflow_exchanger_is_exact(ntu, ratio, exact):
    # VALIDATION: counterflow (NTU, C): (1, .5) .564733, (2, 1) .666667
    net = ts.ThermalNetwork()
    small, large = 10.0, 10.0 / ratio
    hot = own(net, "hot", small, 5, inlet=net.boundary("hot in", temperature="400 K"))
    cold = own(net, "cold", large, 5, reverse=True, inlet=net.boundary("cold in", temperature="300 K"))
    net.couple(hot, cold, conductance_per_length=ts.Q(ntu * small / 2.0, "W/m/K"))
    y = steady(net)
    assert (400.0 - net.unpack(y)["hot"][-1]) / 100.0 == pytest.approx(exact, abs=6e-7)
    assert energy_defect(net, y) < 1e-13


def test_parallel_flow_exchanger_is_exact():
    # Incropera: eps = (1 - exp(-NTU (1 + C))) / (1 + C)
    net = ts.ThermalNetwork()
    hot = own(net, "hot", 10.0, 3, inlet=net.boundary("hot in", temperature="400 K"))
    cold = own(net, "cold", 20.0, 3, inlet=net.boundary("cold in", temperature="300 K"))
    net.couple(hot, cold, conductance="15 W/K")
    exact = (1.0 - np.exp(-1.5 * 1.5)) / 1.5
    assert (400.0 - net.unpack(steady(net))["hot"][-1]) / 100.0 == pytest.approx(exact, rel=1e-12)


def test_counterflow_refuses_cells_of_more_than_one_ntu():
    net = ts.ThermalNetwork()
    a = own(net, "a", 10.0, 2, inlet=net.boundary("in", temperature="400 K"))
    b = own(net, "b", 10.0, 2, reverse=True, inlet=net.boundary("in2", temperature="300 K"))
    with pytest.raises(InputError, match="NTU of a cell is 1.5"):
        net.couple(a, b, conductance="30 W/K")


def plate_with_tube(y, **options):
    net = ts.ThermalNetwork()
    plate = aluminium(net, conductivity="1e5 W/m/K", thickness="1 m")
    settings = WATER | {"mass_flow": "0.01 kg/s", "wall_conductance": "60 W/m/K"} | options
    tube = net.channel("tube", plate.line(y=y), inlet=net.boundary("in", temperature="300 K"), **settings)
    net.fix(plate.edge("south" if y != "0 m" else "north"), net.boundary("base", temperature="350 K"))
    return net, plate, tube


@pytest.mark.parametrize("y", ["0.25 m", "0 m", "0.125 m"])
@pytest.mark.parametrize("reverse", [False, True])
def test_a_tube_on_a_plate_of_one_temperature_is_exact(y, reverse):
    # the plate conducts so well that the wall is at 350 K: 1 - exp(-60 W/K / 40 W/K)
    net, _, tube = plate_with_tube(y, reverse=reverse)
    out = net.unpack(steady(net))["tube"][tube.last]
    assert (out - 300.0) / 50.0 == pytest.approx(1.0 - np.exp(-1.5), rel=3e-4)


def test_heat_crossing_a_tube_without_exchange_sees_the_plate_only():
    # G -> 0: the two legs in series are the plate's own row-to-row conductance
    net, _, _ = plate_with_tube("0.25 m", wall_conductance="1e-12 W/m/K")
    rng = np.random.default_rng(0)
    field = rng.uniform(280.0, 320.0, (4, 6))
    other = ts.ThermalNetwork()
    bare = aluminium(other, conductivity="1e5 W/m/K", thickness="1 m")
    other.fix(bare.edge("south"), other.boundary("base", temperature="350 K"))
    gained = net.unpack(net.rhs(0.0, net.pack({"plate": field})))["plate"]
    assert np.allclose(gained, other.unpack(other.rhs(0.0, other.pack({"plate": field})))["plate"], rtol=1e-9)


def test_the_upwind_star_is_the_delta_of_the_reference_problem():
    # PERFORMANCE: each row exchanges half the wall conductance in series with half a cell, and the
    # row-to-row conductance stays undiminished
    net = ts.ThermalNetwork()
    edges_y = ts.Q([0.0, 0.1, 0.13, 0.2], "m")
    plate = net.plate(
        "plate",
        size=("1 m", "0.2 m"),
        cells=(4, edges_y),
        thickness="1 mm",
        conductivity="167 W/m/K",
        density="2700 kg/m^3",
        specific_heat="896 J/kg/K",
    )
    net.channel(
        "tube",
        plate.line(y="0.13 m"),
        mass_flow="0.01 kg/s",
        wall_conductance="400 W/m/K",
        scheme="upwind",
        inlet=net.boundary("in", temperature="310 K"),
        **WATER,
    )
    rng = np.random.default_rng(2)
    T, c = rng.uniform(280, 320, (4, 3)), rng.uniform(280, 320, 4)
    F = net.rhs(0.0, net.pack({"plate": T, "tube": c})) * net.heat_capacities
    k, t, dx, dy = 167.0, 1e-3, 0.25, np.array([0.1, 0.03, 0.07])
    side = [1.0 / (2.0 / (400.0 * dx) + dy[j] / (2.0 * k * t * dx)) for j in (1, 2)]
    across = [k * t * dx / (0.5 * (dy[j] + dy[j + 1])) for j in (0, 1)]
    q = np.zeros((4, 3))
    for i in range(4):
        for j in range(3):
            for m in (i - 1, i + 1):
                if 0 <= m < 4:
                    q[i, j] += k * t * dy[j] / dx * (T[m, j] - T[i, j])
            for m, g in ((j - 1, across[j - 1]), (j + 1, across[min(j, 1)])):
                if 0 <= m < 3:
                    q[i, j] += g * (T[i, m] - T[i, j])
        for j, g in ((1, side[0]), (2, side[1])):
            q[i, j] += g * (c[i] - T[i, j])
    tube = 40.0 * (np.concatenate([[310.0], c[:-1]]) - c)
    tube += side[0] * (T[:, 1] - c) + side[1] * (T[:, 2] - c)
    assert np.allclose(net.unpack(F)["plate"], q, rtol=1e-11, atol=1e-11)
    assert np.allclose(net.unpack(F)["tube"], tube, rtol=1e-11, atol=1e-11)


def test_wall_law_without_flow_or_property_change_equals_the_constant():
    constant = plate_with_tube("0.25 m", wall_conductance="60 W/m/K")[0]
    law = WallLaw.fit(lambda T, w: 60.0 + 0.0 * T, 250.0, 400.0, 3, 0.5, 1.5, 2)
    varying = plate_with_tube("0.25 m", wall_conductance=law)[0]
    called = plate_with_tube("0.25 m", wall_conductance=lambda T, w: 60.0)[0]
    y = steady(constant)
    assert np.allclose(steady(varying), y, rtol=1e-10)
    assert np.allclose(steady(called), y, rtol=1e-10)


@pytest.mark.parametrize("position", [0.0, 0.37, 1.0])
def test_a_valve_changes_flow_and_wall_conductance(position):
    # 1 - exp(-NTU) at the flow w = 1 - 0.6 v, wall conductance 60 w^0.8
    net = ts.ThermalNetwork()
    plate = aluminium(net, conductivity="1e5 W/m/K", thickness="1 m")
    base = net.boundary("base", temperature="350 K")
    valve = net.valve("valve", base, Law.constant(position), "5 s")
    net.channel(
        "tube",
        plate.line(y="0.25 m"),
        mass_flow="0.01 kg/s",
        wall_conductance=lambda T, w: 60.0 * w**0.8,
        inlet=net.boundary("in", temperature="300 K"),
        valve=valve,
        flow_factors=(1.0, -0.6),
        **WATER,
    )
    net.fix(plate.edge("south"), base)
    w = 1.0 - 0.6 * position
    out = net.unpack(steady(net))["tube"][-1]
    assert (out - 300.0) / 50.0 == pytest.approx(1.0 - np.exp(-1.5 * w**-0.2), rel=1e-4)


def test_enthalpy_is_what_a_coolant_of_varying_properties_carries():
    # heat to the stream is m_dot (h_out - h_in), whatever the scheme
    net = ts.ThermalNetwork()
    plate = aluminium(net)
    net.radiate(plate.face("front"), net.boundary("sky", temperature="3 K"), emissivity=0.88)
    ammonia = ts.Coolant.preset("ammonia")
    tube = net.channel(
        "tube",
        plate.line(y="0.25 m"),
        mass_flow="0.002 kg/s",
        coolant=ammonia,
        diameter="8 mm",
        wall_conductance="60 W/m/K",
        inlet=net.boundary("in", temperature="330 K"),
        temperature="300 K",
    )
    y = steady(net)
    inlet, outlet = 330.0, net.unpack(y)["tube"][-1]
    carried = 0.002 * (ammonia.laws.enthalpy(outlet) - ammonia.laws.enthalpy(inlet))
    assert net.flows(0.0, y)["stream -> tube"] == pytest.approx(-float(carried), rel=1e-6)
    assert net.flows(0.0, y)["plate.front -> sky"] == pytest.approx(-float(carried), rel=1e-6)
    liquid = 0.25 * np.pi * 0.008**2 * float(ammonia.laws.density(300.0))
    heat = float(ammonia.laws.specific_heat(300.0))
    assert tube.capacity().sum() == pytest.approx(liquid * heat, rel=1e-9)


def test_ntu_scheme_is_second_order_where_upwind_is_first():
    # a radiating tube: the plate column has one temperature, the stream cools along x
    def outlet(n, scheme):
        net = ts.ThermalNetwork()
        plate = aluminium(net, size=("4 m", "0.1 m"), cells=(n, 1), temperature="340 K")
        net.radiate(plate.face("front"), net.boundary("sky", temperature="220 K"), emissivity=1.0)
        net.channel(
            "tube",
            plate.line(y="0 m"),
            mass_flow="0.001 kg/s",
            wall_conductance="5 W/m/K",
            inlet=net.boundary("in", temperature="350 K"),
            scheme=scheme,
            **WATER,
        )
        return net.unpack(steady(net))["tube"][-1]

    exact = outlet(256, "ntu")
    ntu = [abs(outlet(n, "ntu") - exact) for n in (8, 16)]
    upwind = [abs(outlet(n, "upwind") - exact) for n in (8, 16)]
    assert ntu[0] / ntu[1] > 3.5
    assert upwind[0] / upwind[1] == pytest.approx(2.0, abs=0.2)
    assert ntu[0] < 0.1 * upwind[0]
