"""Results of whole runs: names, shapes, units, edges, walls, powers, export."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import thermalsat as ts
from thermalsat.errors import InputError
from thermalsat.laws import Law
from thermalsat.results import Field, Result

SIGMA = 5.670374419e-8


def panel(net: ts.ThermalNetwork, **changes):
    options = {
        "size": ("1 m", "0.6 m"),
        "cells": (5, 4),
        "thickness": "3 mm",
        "conductivity": "170 W/m/K",
        "density": "2700 kg/m^3",
        "specific_heat": "900 J/kg/K",
        "temperature": "290 K",
    }
    return net.plate("panel", **(options | changes))


def rich() -> ts.ThermalNetwork:
    """A panel with a tube in a loop, a box, a valve and a battery."""
    net = ts.ThermalNetwork()
    sky = net.boundary("sky", temperature="4 K")
    plate = panel(net)
    net.radiate(plate.face("front"), sky, emissivity=0.9)
    box = net.node("box", heat_capacity="2e4 J/K", temperature="300 K")
    load = ts.Table(["0 s", "300 s"], ["400 W", "800 W"], kind="step", period="1000 s")
    net.heat(box, load, name="load")
    tube = net.channel(
        "tube",
        plate.line(y="0.3 m"),
        mass_flow="0.01 kg/s",
        specific_heat="4000 J/kg/K",
        mass_per_length="0.05 kg/m",
        wall_conductance="400 W/m/K",
    )
    net.loop("loop", channels=[tube], node=box, effectiveness=0.8)
    net.valve("valve", box, Law.ramp(280.0, 320.0, 0.0, 1.0), "10 s")
    bus = net.bus("bus")
    net.battery("battery", bus, capacity="50 Wh", charge_power="300 W", heat_to=box, state_of_energy=0.8)
    net.supply(bus, ts.Table(["0 s", "600 s"], ["300 W", "0 W"], kind="step", period="1000 s"), name="array")
    net.supply(bus, "100 W", sign=-1, name="bus load")
    return net


@pytest.fixture(scope="module")
def history() -> Result:
    return rich().transient(duration="1000 s", tolerance="1 mK")


def test_shapes_and_units(history):
    k = len(history.time)
    assert history.kind == "transient"
    assert history.time.units == ts.Q("1 s").units
    assert isinstance(history["panel"], Field)
    assert history["panel"].shape == (k, 5, 4)
    assert history["tube"].shape == (k, 5)
    assert history["box"].shape == (k,)
    assert history["sky"].m_as("K") == pytest.approx(np.full(k, 4.0))
    assert history.temperature("box") is not None
    assert history.state_of_energy.shape == (k,)
    assert history.state_of_energy.m_as("")[0] == 0.8
    assert history.position("valve").shape == (k,)
    assert set(history.names) >= {"panel", "tube", "box", "sky"}
    assert history.stats["unknowns"] == 28
    assert history.stats["steps"] > 0


def test_default_samples_are_even_and_hold_every_breakpoint(history):
    times = history.time.m_as("s")
    assert 115 < len(times) < 130
    assert np.all(np.diff(times) > 0.0)
    assert times[[0, -1]].tolist() == [0.0, 1000.0]
    assert {300.0, 600.0} <= set(times.tolist())


def test_power_is_the_limit_within_the_run(history):
    times = history.time.m_as("s")
    load = history.power("load").m_as("W")
    np.testing.assert_allclose(load[times < 300.0], 400.0)
    # at a step the value after it; at the end of the run the value before
    np.testing.assert_allclose(load[times >= 300.0], 800.0)
    assert history.ledger["load"].m_as("J") == pytest.approx(400.0 * 300.0 + 800.0 * 700.0, rel=1e-12)


def test_ledger_agrees_with_the_sampled_powers(history):
    """Trapezoid of the samples against the step's own sums: second order in the sample distance."""
    t = history.time.m_as("s")
    name = next(name for name in history.ledger if name.startswith("panel.front"))
    power = history.power(name).m_as("W")
    area = float(np.sum(0.5 * (power[1:] + power[:-1]) * np.diff(t)))
    assert history.ledger[name].m_as("J") == pytest.approx(area, rel=1e-4)
    T = history["panel"].m_as("K")
    cell = 0.6 / 20.0
    expected = 0.9 * SIGMA * cell * (T**4 - 4.0**4).sum(axis=(1, 2))
    np.testing.assert_allclose(power, expected, rtol=1e-12)


def test_wall_temperature_carries_the_heat(history):
    """On a face between rows: 400 W/m/K x (e^N - 1)/N in series with the half cells, heat from the ledger."""
    wall = history.wall_temperature("tube").m_as("K")
    T, coolant = history["panel"].m_as("K"), history["tube"].m_as("K")
    dx, dy, rate = 0.2, 0.15, 40.0
    half = 2.0 * 0.003 * 170.0 * dx / dy
    film = rate * np.expm1(400.0 * dx / rate)
    out_of_plate = half * (T[:, :, 1] - wall) + half * (T[:, :, 2] - wall)
    np.testing.assert_allclose(out_of_plate, film * (wall - coolant), rtol=1e-6, atol=1e-6)
    name = next(name for name in history.ledger if name == "panel -> tube")
    np.testing.assert_allclose(history.power(name).m_as("W"), out_of_plate.sum(axis=1), rtol=1e-6, atol=1e-6)


def test_wall_temperature_of_an_upwind_channel_is_that_of_its_conductance():
    net = ts.ThermalNetwork()
    plate = panel(net)
    net.radiate(plate.face("front"), net.boundary("sky", temperature="4 K"), emissivity=0.9)
    net.channel(
        "tube", plate.line(y="0.3 m"), mass_flow="0.01 kg/s", specific_heat="4000 J/kg/K",
        mass_per_length="0.05 kg/m", wall_conductance="400 W/m/K", scheme="upwind",
        inlet=net.boundary("inlet", temperature="320 K"),
    )  # fmt: skip
    result = net.steady()
    heat = 80.0 * (result.wall_temperature("tube") - result["tube"]).m_as("delta_degC").sum()
    assert result.power("panel -> tube").m_as("W") == pytest.approx(heat, rel=1e-9)


def test_field_meets_the_tube_wall(history):
    x = ts.Q((np.arange(5) + 0.5) * 0.2, "m")
    found = history["panel"].at(x, "0.3 m").m_as("K")
    np.testing.assert_allclose(found, history.wall_temperature("tube").m_as("K"), rtol=1e-12)


EDGES = {
    "fix": lambda net, edge, air: net.fix(edge, air),
    "convect": lambda net, edge, air: net.convect(edge, air, coefficient="500 W/m^2/K"),
    "couple": lambda net, edge, air: net.couple(edge, air, conductance="2 W/K"),
    "radiate": lambda net, edge, air: net.radiate(edge, air, emissivity=1.0),
    "heat": lambda net, edge, air: net.heat(edge, "5 kW/m^2"),
    "two": lambda net, edge, air: (
        net.heat(edge, "5 kW/m^2"),
        net.convect(edge, air, coefficient="500 W/m^2/K"),
    ),
}


@pytest.mark.parametrize("what", EDGES)
@pytest.mark.parametrize("side", ["west", "east", "south", "north"])
def test_edge_temperature_carries_the_heat_that_crosses_it(side, what):
    """k t (T_edge - T_cell) / (half a cell) is the heat that the edge takes in."""
    net = ts.ThermalNetwork()
    plate = panel(net)
    air, sky = net.boundary("air", temperature="350 K"), net.boundary("sky", temperature="4 K")
    net.radiate(plate.face("front"), sky, emissivity=0.9)
    EDGES[what](net, plate.edge(side), air)
    result = net.steady()
    field = result["panel"]
    edge = field.edge(side).m_as("K")
    cells = {"west": field.values_K[0], "east": field.values_K[-1], "south": field.values_K[:, 0],
             "north": field.values_K[:, -1]}[side]  # fmt: skip
    along, across = (0.15, 0.2) if side in ("west", "east") else (0.2, 0.15)
    inflow = 170.0 * 0.003 * along * (edge - cells) / (0.5 * across)
    total = 0.9 * SIGMA * 0.03 * (field.values_K**4 - 4.0**4).sum()
    assert inflow.sum() == pytest.approx(total, rel=1e-9)
    np.testing.assert_allclose(result.temperature(f"panel.{side}").m_as("K"), edge)
    if what == "fix":
        np.testing.assert_allclose(edge, 350.0)
    if what == "convect":
        np.testing.assert_allclose(inflow, 500.0 * along * 0.003 * (350.0 - edge), rtol=1e-9)


def test_edges_joined_to_each_other_meet_between():
    net = ts.ThermalNetwork()
    left = panel(net)
    right = net.plate("right", size=("1 m", "0.6 m"), cells=(3, 4), thickness="3 mm", conductivity="20 W/m/K")
    net.fix(left.edge("west"), net.boundary("hot", temperature="400 K"))
    net.fix(right.edge("east"), net.boundary("cold", temperature="300 K"))
    net.couple(left.edge("east"), right.edge("west"), conductance="1 W/K")
    result = net.steady()
    a, b = result["panel"].edge("east").m_as("K"), result["right"].edge("west").m_as("K")
    heat_W = result.power("panel.east -> right.west").m_as("W")
    np.testing.assert_allclose(0.25 * (a - b), heat_W / 4.0, rtol=1e-9)
    np.testing.assert_allclose(400.0 - a, heat_W / 0.6 / (170.0 * 0.003), rtol=1e-9)


def test_steady_results_have_no_time_axis():
    net = ts.ThermalNetwork()
    plate = panel(net)
    net.radiate(plate.face("front"), net.boundary("sky", temperature="4 K"), emissivity=0.9)
    net.heat(plate.face("back"), "300 W/m^2", name="sun")
    result = net.steady()
    assert result["panel"].shape == (5, 4)
    assert np.ndim(result["sky"].magnitude) == 0
    assert result.power("sun").m_as("W") == pytest.approx(180.0)
    assert result.ledger["sun"].m_as("W") == pytest.approx(180.0)
    assert result.time.m_as("s") == 0.0
    assert result.state_of_energy is None
    assert result.certificate.time_error is None
    with pytest.raises(InputError, match="a steady state has no time axis"):
        result.plot()


def test_corners_where_an_edge_has_a_surface_of_its_own():
    """T = 300 + 20 x + 40 y, heat through all edges, the east by film and heat: exact in the corners too."""
    net = ts.ThermalNetwork()
    plate = net.plate("plate", size=("1 m", "1 m"), cells=(4, 4), thickness="1 cm", conductivity="100 W/m/K")
    for side, flux in (("west", "-2000 W/m^2"), ("south", "-4000 W/m^2"), ("north", "4000 W/m^2")):
        net.heat(plate.edge(side), flux)
    net.convect(plate.edge("east"), net.boundary("room", temperature="300 K"), coefficient="50 W/m^2/K")
    net.heat(plate.edge("east"), "1 W/m^2", pattern=2000.0 + 50.0 * (20.0 + 40.0 * plate.y_m))
    corners = net.steady()["plate"].at(ts.Q([0.0, 1.0, 0.0, 1.0], "m"), ts.Q([0.0, 0.0, 1.0, 1.0], "m"))
    np.testing.assert_allclose(corners.m_as("K"), [300.0, 320.0, 340.0, 360.0], rtol=1e-12)


def test_coolants_are_reported_in_temperature():
    """The unknown of an ammonia channel is its enthalpy temperature, 7 K off at 350 K: not what is shown."""
    net = ts.ThermalNetwork()
    supply = net.boundary("supply", temperature="350 K")
    net.channel(
        "line", mass_flow="0.1 kg/s", coolant="ammonia", length="1 m", cells=3, diameter="10 mm",
        inlet=supply, temperature="350 K",
    )  # fmt: skip
    result = net.steady()
    np.testing.assert_allclose(result["line"].m_as("K"), 350.0, rtol=1e-9)
    assert np.abs(result.y - 350.0).min() > 0.1


def test_unknown_names_are_refused_with_those_there_are(history):
    with pytest.raises(InputError, match=r"`name` must be one of: panel, tube, .*sky.*; got 'pannel'"):
        history["pannel"]
    with pytest.raises(InputError, match="'battery' is a battery, see `state_of_energy`"):
        history["battery"]
    with pytest.raises(InputError, match="'valve' is a valve, see `position`"):
        history["valve"]
    with pytest.raises(InputError, match="`name` must be a flow: .*load.*; got 'lode'"):
        history.power("lode")
    with pytest.raises(InputError, match="`name` must be a channel on a plate: tube; got 'box'"):
        history.wall_temperature("box")
    with pytest.raises(InputError, match="`name` must be a valve: valve; got 'box'"):
        history.position("box")


def test_it_pickles_and_answers_as_before(history):
    copy = pickle.loads(pickle.dumps(history))
    np.testing.assert_array_equal(copy.power("load").magnitude, history.power("load").magnitude)
    np.testing.assert_array_equal(
        copy["panel"].at("0.5 m", "0.2 m").magnitude, history["panel"].at("0.5 m", "0.2 m").magnitude
    )


def test_a_run_goes_on_where_another_ended():
    net = rich()
    whole = net.transient(duration="1000 s", tolerance="1 mK", times=ts.Q([1000.0], "s"))
    first = net.transient(duration="400 s", tolerance="1 mK")
    second = net.transient(duration="600 s", start="400 s", initial=first, tolerance="1 mK")
    assert second["box"].m_as("K")[-1] == pytest.approx(whole["box"].m_as("K")[0], abs=2e-3)


def test_repr_reads_as_text(history):
    text = repr(history)
    assert text.startswith("<Result: transient, 0 s to 1000 s, 1")
    assert "\n  panel    " in text
    assert "energy residual" in text
    assert "(asked 0.001 K)" in text


def test_xarray(history):
    xarray = pytest.importorskip("xarray")
    data = history.to_xarray()
    assert isinstance(data, xarray.Dataset)
    assert data["panel"].dims == ("time", "panel_x", "panel_y")
    assert data["panel"].attrs["units"] == "K"
    assert data["tube"].dims == ("time", "tube_x")
    assert data["battery"].attrs["units"] == "1"
    np.testing.assert_array_equal(data["flow: load"], history.power("load").magnitude)
    np.testing.assert_allclose(data["panel_y"], (np.arange(4) + 0.5) * 0.15)
    assert data.attrs["Conventions"] == "CF-1.11"
    assert data.time.attrs["units"] == "s"


def test_plot(history):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    ax = history.plot("panel", "box")
    assert ax.get_ylabel() == "temperature [°C]"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["panel", "box"]
    assert history.plot(ax=ax) is ax
    matplotlib.pyplot.close("all")
