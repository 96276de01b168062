"""Plates: second order, edges, faces, lines, patterns; exact solutions."""

import numpy as np
import pytest
from network_cases import aluminium, energy_defect, steady

import thermalsat as ts
from thermalsat.errors import InputError


def bar(net, n=40, **changes):
    options = {
        "size": ("0.1 m", "1 m"),
        "cells": (n, 1),
        "thickness": "1 m",
        "conductivity": "55.6 W/m/K",
        "temperature": "900 K",
    }
    return net.plate("bar", **(options | changes))


@pytest.mark.parametrize("n", [4, 100])
def test_nafems_t2_radiating_end(n):
    # NAFEMS T2: L 0.1 m, 1000 K, eps 0.98 to 300 K, k 55.6, sigma 5.67e-8: 927.0076 K exact
    net = ts.ThermalNetwork(stefan_boltzmann="5.67e-8 W/m^2/K^4")
    plate = bar(net, n)
    net.fix(plate.edge("west"), net.boundary("a", temperature="1000 K"))
    net.radiate(plate.edge("east"), net.boundary("b", temperature="300 K"), emissivity=0.98)
    y = steady(net)
    assert net.unpack(y)["bar.east"] == pytest.approx([927.0076], abs=5e-5)


def test_nafems_t4_two_dimensional_convection():
    # NAFEMS T4: 18.253757 degC exact at (0.6, 0.2)
    def wall_temperature(nx, ny):
        net = ts.ThermalNetwork()
        plate = net.plate(
            "plate", size=("0.6 m", "1.0 m"), cells=(nx, ny), thickness="1 m", conductivity="52 W/m/K"
        )
        air = net.boundary("air", temperature="0 degC")
        net.fix(plate.edge("south"), net.boundary("base", temperature="100 degC"))
        net.convect(plate.edge("east"), air, coefficient="750 W/m^2/K")
        net.convect(plate.edge("north"), air, coefficient="750 W/m^2/K")
        cells = net.unpack(steady(net))["plate"][-1] - 273.15
        half = 2 * 52 / (0.6 / nx)
        surface = cells * half / (half + 750.0)
        at = np.searchsorted(plate.y_m, 0.2)
        near = slice(at - 2, at + 2)
        return np.polyval(np.polyfit(plate.y_m[near] - 0.2, surface[near], 3), 0.0)

    errors = [abs(wall_temperature(n, n * 5 // 3) - 18.253757) for n in (12, 48)]
    assert errors[0] < 0.1
    assert errors[1] < 0.01
    assert errors[0] / errors[1] > 10.0  # 16 is second order


def test_a_step_of_conductivity_on_a_cell_face_is_exact():
    # series of two slabs: q = (T1 - T2) / (L1/k1 + L2/k2)
    net = ts.ThermalNetwork()
    k = np.where(np.arange(8)[:, None] < 3, 10.0, 40.0)
    plate = bar(net, 8, conductivity=ts.Q(k, "W/m/K"))
    hot, cold = net.boundary("hot", temperature="400 K"), net.boundary("cold", temperature="300 K")
    net.fix(plate.edge("west"), hot)
    net.fix(plate.edge("east"), cold)
    y = steady(net)
    exact = 100.0 / (0.0375 / 10.0 + 0.0625 / 40.0)
    assert net.flows(0.0, y)["bar.east -> cold"] == pytest.approx(exact, rel=1e-12)
    assert net.flows(0.0, y)["bar.west -> hot"] == pytest.approx(-exact, rel=1e-12)


def test_uneven_cells_and_orthotropic_conductivity():
    # linear profiles are exact on any cells; ky alone carries heat from south to north
    net = ts.ThermalNetwork()
    edges = ts.Q([0.0, 0.01, 0.05, 0.2, 0.25], "m")
    plate = net.plate(
        "plate",
        cells=(edges, edges),
        thickness="3 mm",
        conductivity=("100 W/m/K", "20 W/m/K"),
        temperature="300 K",
    )
    net.fix(plate.edge("south"), net.boundary("a", temperature="350 K"))
    net.fix(plate.edge("north"), net.boundary("b", temperature="310 K"))
    y = steady(net)
    assert np.allclose(net.unpack(y)["plate"], (350.0 - 40.0 * plate.y_m / 0.25)[None, :], rtol=1e-13)
    assert net.flows(0.0, y)["plate.north -> b"] == pytest.approx(20.0 * 0.003 * 40.0, rel=1e-12)


def test_an_edge_with_film_flux_and_radiation_has_one_surface():
    # balance at the surface: k/(dx/2) (Tc - Ts) + q = h (Ts - Ta) + eps sigma (Ts^4 - Ta^4), exact by hand
    net = ts.ThermalNetwork()
    plate = bar(net, 2)
    air = net.boundary("air", temperature="300 K")
    net.fix(plate.edge("west"), net.boundary("a", temperature="1000 K"))
    net.radiate(plate.edge("east"), air, emissivity=0.5)
    net.convect(plate.edge("east"), air, coefficient="20 W/m^2/K")
    net.heat(plate.edge("east"), "3000 W/m^2")
    y = steady(net)
    surface = net.unpack(y)["bar.east"][0]
    out = 20.0 * (surface - 300.0) + 0.5 * 5.670374419e-8 * (surface**4 - 300.0**4)
    assert 556.0 * (1000.0 - surface) + 3000.0 == pytest.approx(out, rel=1e-12)
    assert energy_defect(net, y) < 1e-14


def test_two_plates_joined_at_edges_are_one_plate():
    def middle(joined):
        net = ts.ThermalNetwork()
        hot, cold = net.boundary("hot", temperature="400 K"), net.boundary("cold", temperature="300 K")
        options = {"thickness": "1 mm", "conductivity": "100 W/m/K"}
        if joined:
            a = net.plate("a", size=("0.5 m", "0.2 m"), cells=(5, 2), **options)
            b = net.plate("b", size=("0.5 m", "0.2 m"), cells=(5, 2), **options)
            net.couple(a.edge("east"), b.edge("west"), conductance="1e12 W/K")
        else:
            a = b = net.plate("ab", size=("1 m", "0.2 m"), cells=(10, 2), **options)
        net.fix(a.edge("west"), hot)
        net.fix(b.edge("east"), cold)
        net.heat(a.cells[2, 0], "3 W")
        fields = net.unpack(steady(net))
        return fields["ab"] if not joined else np.concatenate([fields["a"], fields["b"]])

    assert np.allclose(middle(True), middle(False), rtol=0, atol=1e-7)


def test_faces_radiate_by_area_emissivity_and_view_factor():
    net = ts.ThermalNetwork()
    plate, sky = aluminium(net), net.boundary("sky", temperature="200 K")
    eps = np.linspace(0.2, 0.9, 24).reshape(4, 6)
    view = np.linspace(0.3, 1.0, 4)[:, None]
    net.radiate(plate.face("front"), sky, emissivity=eps, view_factor=view)
    sigma, area = 5.670374419e-8, 0.25 * 0.5 / 6
    exact = sigma * area * np.sum(eps * view) * (300.0**4 - 200.0**4)
    assert net.flows(0.0, net.pack({}))["plate.front -> sky"] == pytest.approx(exact, rel=1e-13)


@pytest.mark.parametrize(
    ("target", "amount", "watts"),
    [
        ("plate", "7 W", 7.0),
        ("plate", "4e4 W/m^3", 4e4 * 0.5 * 0.002),
        ("front", "100 W/m^2", 50.0),
        ("front", "7 W", 7.0),
        ("west", "100 W/m^2", 100.0 * 0.5 * 0.002),
        ("cells", "100 W/m^2", 100.0 * 3 * 0.25 * 0.5 / 6),
        ("cells", "9 W", 9.0),
        ("cells", "4e4 W/m^3", 4e4 * 3 * 0.25 * 0.5 / 6 * 0.002),
    ],
)
def test_the_unit_of_a_heat_decides(target, amount, watts):
    net = ts.ThermalNetwork()
    plate = aluminium(net)
    places = {
        "plate": plate,
        "front": plate.face("front"),
        "west": plate.edge("west"),
        "cells": plate.cells[1, 2:5],
    }
    net.heat(places[target], amount)
    assert sum(net.flows(0.0, net.pack({})).values()) == pytest.approx(watts, rel=1e-14)


def test_a_total_power_follows_its_pattern():
    net = ts.ThermalNetwork()
    plate = aluminium(net)
    pattern = np.arange(24.0).reshape(4, 6)
    net.heat(plate, "10 W", pattern=pattern)
    gained = net.unpack(net.rhs(0.0, net.pack({})) * net.heat_capacities)["plate"]
    assert np.allclose(gained, 10.0 * pattern / pattern.sum(), rtol=1e-12)


def test_a_face_can_be_heated_by_a_law_of_each_cells_temperature():
    from thermalsat.laws import Law

    net = ts.ThermalNetwork()
    field = np.linspace(280.0, 330.0, 24).reshape(4, 6)
    plate = aluminium(net, temperature=ts.Q(field, "K"))
    net.heat(plate.face("front"), "100 W/m^2", law=Law.fit(lambda T: 2.0 - 0.002 * T, 200.0, 400.0, 4))
    gained = net.unpack(net.rhs(0.0, net.pack({})) * net.heat_capacities)["plate"]
    alone = ts.ThermalNetwork()
    other = aluminium(alone, temperature=ts.Q(field, "K"))
    alone.heat(other.face("front"), "100 W/m^2", pattern=2.0 - 0.002 * field)
    assert np.allclose(gained, alone.unpack(alone.rhs(0.0, alone.pack({})) * alone.heat_capacities)["plate"])


def test_mirrored_pattern_gives_the_mirrored_answer():
    def answer(flip):
        net = ts.ThermalNetwork()
        plate, sky = aluminium(net), net.boundary("sky", temperature="3 K")
        net.radiate(plate.face("front"), sky, emissivity=0.9)
        pattern = np.random.default_rng(1).uniform(0.5, 1.0, (4, 6))
        net.heat(plate.face("back"), "900 W/m^2", pattern=flip(pattern))
        return flip(net.unpack(steady(net))["plate"])

    same = answer(lambda field: field)
    assert np.allclose(answer(lambda field: field[::-1, ::-1]), same, rtol=1e-12)
    assert np.ptp(same) > 1.0


def test_lines_lie_on_faces_centres_and_edges():
    net = ts.ThermalNetwork()
    plate = aluminium(net)
    found = [
        (line.kind, line.row, line.on_edge)
        for line in (plate.line(y=ts.Q(y, "m")) for y in (0, 0.25, 0.125, 0.5))
    ]
    assert found == [("face", 0, True), ("face", 3, False), ("centre", 1, False), ("face", 6, True)]
    with pytest.raises(InputError, match=r"nearest are 0\.125 m and 0\.166666667 m, got 0\.15 m"):
        plate.line(y="0.15 m")


def test_faces_of_two_plates_face_each_other_cell_by_cell():
    net = ts.ThermalNetwork()
    lower = aluminium(net, "lower", temperature="350 K", conductivity="0 W/m/K")
    upper = aluminium(
        net,
        "upper",
        temperature=ts.Q(np.linspace(250.0, 300.0, 24).reshape(4, 6), "K"),
        conductivity="0 W/m/K",
    )
    net.radiate(lower.face("front"), upper.face("back"), emissivity=0.8, view_factor=0.9)
    net.convect(lower.face("front"), upper.face("back"), coefficient="2 W/m^2/K")
    y = net.pack({})
    gained = net.unpack(net.rhs(0.0, y) * net.heat_capacities)
    cold, area = net.unpack(y)["upper"], 0.25 * 0.5 / 6
    q = area * (0.72 * 5.670374419e-8 * (350.0**4 - cold**4) + 2.0 * (350.0 - cold))
    assert np.allclose(gained["upper"], q, rtol=1e-12)
    assert np.allclose(gained["lower"], -q, rtol=1e-12)
