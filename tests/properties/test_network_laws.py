"""Laws of thermal networks, on networks made at random through the public API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import floats

import thermalsat as ts
from thermalsat.laws import Law

PERIOD_S = 600.0


@dataclass(frozen=True, kw_only=True)
class Node:
    capacity_J_K: float
    start_K: float
    power_W: float
    shape: str  # of the power in time: constant, step, sine
    parent: int  # -1: the boundary
    conductance_W_K: float
    area_m2: float
    stream_W_K: float


@dataclass(frozen=True, kw_only=True)
class Panel:
    nx: int
    ny: int
    conductivity_W_m_K: float
    edges: tuple[str, ...]
    tube: bool
    reverse: bool
    flux_W_m2: float
    lean: float


@dataclass(frozen=True, kw_only=True)
class Recipe:
    sink_K: float
    nodes: tuple[Node, ...]
    panel: Panel | None
    battery: bool
    valve: bool


@st.composite
def recipes(draw: st.DrawFn, *, sources: bool = True) -> Recipe:
    nodes = []
    for k in range(draw(st.integers(1, 4))):
        nodes.append(
            Node(
                capacity_J_K=draw(st.one_of(floats(50.0, 1e5), st.just(0.0) if k else st.just(400.0))),
                start_K=draw(floats(150.0, 400.0)),
                power_W=draw(floats(0.0, 500.0)) if sources else 0.0,
                shape=draw(st.sampled_from(["constant", "step", "sine"])) if sources else "constant",
                parent=draw(st.integers(-1, k - 1)),
                conductance_W_K=draw(floats(0.1, 50.0)),
                area_m2=draw(st.one_of(st.just(0.0), floats(0.01, 2.0))),
                stream_W_K=draw(st.one_of(st.just(0.0), floats(0.1, 50.0))),
            )
        )
    panel = None
    if draw(st.booleans()):
        panel = Panel(
            nx=draw(st.integers(1, 4)),
            ny=draw(st.integers(2, 4)),
            conductivity_W_m_K=draw(floats(1.0, 400.0)),
            edges=tuple(
                draw(st.sampled_from(["free", "fix", "convect", "radiate", "heat"])) for _ in range(4)
            ),
            tube=draw(st.booleans()),
            reverse=draw(st.booleans()),
            flux_W_m2=draw(floats(0.0, 1400.0)) if sources else 0.0,
            lean=draw(floats(0.0, 1.0)),
        )
    return Recipe(
        sink_K=draw(floats(3.0, 350.0)),
        nodes=tuple(nodes),
        panel=panel,
        battery=sources and draw(st.booleans()),
        valve=sources and draw(st.booleans()),
    )


def amount(value: float, shape: str, unit: str) -> Any:
    if shape == "step":
        levels = ts.Q([value, 0.2 * value], unit)
        return ts.Table(["0 s", "217 s"], levels, kind="step", period=ts.Q(PERIOD_S, "s"))
    if shape == "sine":
        omega = 2.0 * np.pi / PERIOD_S
        return ts.Function(lambda t: value * (1.0 + np.sin(omega * t)), period=ts.Q(PERIOD_S, "s"), unit=unit)
    return ts.Q(value, unit)


def build(recipe: Recipe, *, rename: str = "", backwards: bool = False, mirrored: bool = False):
    """State the recipe; nodes in the other order, under other names, or the panel mirrored in x."""
    net = ts.ThermalNetwork()
    sink = net.boundary(f"sink{rename}", temperature=ts.Q(recipe.sink_K, "K"))
    order = list(range(len(recipe.nodes)))
    made = {}
    for k in reversed(order) if backwards else order:
        item = recipe.nodes[k]
        made[k] = net.node(
            f"node {k}{rename}",
            heat_capacity=ts.Q(item.capacity_J_K, "J/K"),
            temperature=ts.Q(item.start_K, "K"),
        )
    for k in reversed(order) if backwards else order:
        item = recipe.nodes[k]
        parent = sink if item.parent < 0 else made[item.parent]
        net.couple(made[k], parent, conductance=ts.Q(item.conductance_W_K, "W/K"))
        if item.area_m2:
            net.radiate(made[k], sink, GR=ts.Q(item.area_m2, "m^2"))
        if item.stream_W_K:
            net.flow(sink, made[k], capacity_rate=ts.Q(item.stream_W_K, "W/K"))
        if item.power_W:
            net.heat(made[k], amount(item.power_W, item.shape, "W"), name=f"power {k}{rename}")
    if recipe.panel is not None:
        add_panel(net, recipe, made[0], sink, rename, mirrored)
    if recipe.valve:
        law = Law.ramp(250.0, 350.0, 0.2, 0.9)
        valve = net.valve(f"valve{rename}", made[0], law, "20 s")
        net.flow(
            sink, made[0], capacity_rate="5 W/K", valve=valve, factors=(0.1, 0.9), name=f"bypass{rename}"
        )
    if recipe.battery:
        bus = net.bus(f"bus{rename}")
        net.battery(
            f"battery{rename}", bus, capacity="100 Wh", charge_efficiency=0.9, discharge_efficiency=0.95,
            charge_power="400 W", heat_to=made[0], curtail_to=[(made[0], 1.0)], state_of_energy=0.7,
        )  # fmt: skip
        net.supply(bus, amount(300.0, "step", "W"), name=f"array{rename}")
        net.supply(bus, "100 W", sign=-1, name=f"load{rename}")
    return net


def add_panel(net: ts.ThermalNetwork, recipe: Recipe, node: Any, sink: Any, rename: str, mirrored: bool):
    panel = recipe.panel
    assert panel is not None
    plate = net.plate(
        f"panel{rename}",
        size=("1 m", "0.6 m"),
        cells=(panel.nx, panel.ny),
        thickness="3 mm",
        conductivity=ts.Q(panel.conductivity_W_m_K, "W/m/K"),
        density="2700 kg/m^3",
        specific_heat="900 J/kg/K",
        temperature=ts.Q(recipe.nodes[0].start_K, "K"),
    )
    names = {"west": "east", "east": "west"} if mirrored else {}
    for side, what in zip(("west", "east", "south", "north"), panel.edges, strict=True):
        edge = plate.edge(names.get(side, side))
        if what == "fix":
            net.fix(edge, sink, name=f"{side}{rename}")
        elif what == "convect":
            net.convect(edge, sink, coefficient="200 W/m^2/K", name=f"{side}{rename}")
        elif what == "radiate":
            net.radiate(edge, sink, emissivity=0.8, name=f"{side}{rename}")
        elif what == "heat" and panel.flux_W_m2:
            net.heat(edge, ts.Q(panel.flux_W_m2, "W/m^2"), name=f"{side}{rename}")
    net.radiate(plate.face("front"), sink, emissivity=0.85, name=f"front{rename}")
    net.couple(plate.cells[-1 if mirrored else 0, 0], node, conductance="2 W/K", name=f"strap{rename}")
    if panel.flux_W_m2:
        pattern = np.outer(1.0 + panel.lean * np.arange(panel.nx), np.ones(panel.ny))
        net.heat(
            plate.face("back"), amount(panel.flux_W_m2, "sine", "W/m^2"),
            pattern=pattern[::-1] if mirrored else pattern, name=f"sun{rename}",
        )  # fmt: skip
    if panel.tube:
        tube = net.channel(
            f"tube{rename}",
            plate.line(y=ts.Q(0.6 / panel.ny, "m")),
            mass_flow="0.01 kg/s",
            specific_heat="4000 J/kg/K",
            mass_per_length="0.1 kg/m",
            wall_conductance="300 W/m/K",
            reverse=panel.reverse != mirrored,
            temperature=ts.Q(recipe.nodes[0].start_K, "K"),
        )
        net.loop(f"loop{rename}", channels=[tube], node=node, effectiveness=0.7)


@given(recipe=recipes(), tolerance_K=st.sampled_from([1.0, 0.1, 0.01, 1e-3]))
def test_energy_residual_of_a_history(recipe, tolerance_K):
    result = build(recipe).transient(duration="900 s", tolerance=ts.Q(tolerance_K, "K"))
    assert abs(result.ledger.residual_relative) < 1e-12
    assert result.certificate.problems() == []


@given(recipe=recipes())
def test_energy_residual_of_a_periodic_state(recipe):
    result = build(recipe).periodic(period=ts.Q(PERIOD_S, "s"), anchored=None)
    assert abs(result.ledger.residual_relative) < 1e-12
    assert result.certificate.distance_K <= 1e-3
    if not recipe.battery:
        assert result.certificate.problems() == []


@given(recipe=recipes())
def test_energy_residual_of_a_steady_state(recipe):
    net = build(recipe)
    result = net.steady(mean=True) if net.forcings else net.steady()
    assert abs(result.ledger.residual_relative) < 1e-12
    assert result.certificate.problems() == []
    gross = sum(abs(flow.m_as("W")) for flow in result.ledger.values())
    assert abs(result.ledger.residual.m_as("W")) <= 1e-9 * gross + 1e-9


@given(recipe=recipes(sources=False), tolerance_K=st.sampled_from([0.1, 0.01]))
def test_maximum_principle(recipe, tolerance_K):
    """Without sources temperatures stay between the extremes of boundaries and initial values."""
    starts = [recipe.sink_K, *(node.start_K for node in recipe.nodes)]
    result = build(recipe).transient(duration="900 s", tolerance=ts.Q(tolerance_K, "K"))
    assert result.history.min() >= min(starts) - tolerance_K
    assert result.history.max() <= max(starts) + tolerance_K


@given(recipe=recipes().filter(lambda r: r.panel is not None))
def test_a_mirrored_plate_has_the_mirrored_answer(recipe):
    times = ts.Q([100.0, 400.0, 600.0], "s")
    one, other = (
        build(recipe, mirrored=mirrored).transient(duration="600 s", times=times, tolerance="1 mK")
        for mirrored in (False, True)
    )
    np.testing.assert_allclose(one["panel"].m_as("K"), other["panel"].m_as("K")[:, ::-1], atol=2e-3)
    for name in one.names:
        if name not in ("panel", "tube", "panel.west", "panel.east", "panel.south", "panel.north"):
            np.testing.assert_allclose(one[name].m_as("K"), other[name].m_as("K"), atol=2e-3)


@given(recipe=recipes())
def test_names_and_order_do_not_matter(recipe):
    times = ts.Q([150.0, 600.0], "s")
    one = build(recipe).transient(duration="600 s", times=times, tolerance="1 mK")
    other = build(recipe, rename=" b", backwards=True).transient(
        duration="600 s", times=times, tolerance="1 mK"
    )
    for k in range(len(recipe.nodes)):
        found = other[f"node {k} b"].m_as("K")
        np.testing.assert_allclose(one[f"node {k}"].m_as("K"), found, atol=2e-3)


@given(
    capacity=floats(500.0, 1e5),
    area=floats(0.1, 3.0),
    low=floats(0.0, 400.0),
    high=floats(0.0, 2000.0),
    lit=floats(60.0, 540.0),
)
def test_mean_of_the_fourth_power_of_one_node(capacity, area, low, high, lit):
    """At the periodic state the mean of T^4 is the steady T^4 of the mean load, so the mean temperature is
    not above the steady one and the peak not below it."""

    def network(load: Any) -> ts.ThermalNetwork:
        net = ts.ThermalNetwork()
        node = net.node("node", heat_capacity=ts.Q(capacity, "J/K"), temperature="250 K")
        net.radiate(node, net.boundary("sky", temperature="50 K"), GR=ts.Q(area, "m^2"), name="emitted")
        net.heat(node, load)
        return net

    table = ts.Table(ts.Q([0.0, lit], "s"), ts.Q([low, high], "W"), kind="step", period=ts.Q(PERIOD_S, "s"))
    mean_W = (low * lit + high * (PERIOD_S - lit)) / PERIOD_S
    steady_K = network(ts.Q(mean_W, "W")).steady()["node"].m_as("K")
    times = ts.Q(np.linspace(0.0, PERIOD_S, 2001), "s")
    net = network(table)
    result = net.periodic(period=ts.Q(PERIOD_S, "s"), times=times, tolerance="1 mK", closure="0.1 mK")
    T = result["node"].m_as("K")
    mean_fourth = 0.5 * np.mean(T[1:] ** 4 + T[:-1] ** 4)
    # the area under a step's kink is off by the sample's width at most
    assert mean_fourth == pytest.approx(steady_K**4, rel=2e-3)
    emitted_W = result.ledger["emitted"].m_as("J") / PERIOD_S
    kept_W = result.ledger.change_of_stored.m_as("J") / PERIOD_S
    assert abs(kept_W) <= capacity * 2e-4 / PERIOD_S
    assert emitted_W == pytest.approx(mean_W - kept_W, abs=1e-9 * capacity)
    mean_K = 0.5 * np.mean(T[1:] + T[:-1])
    assert mean_K <= steady_K + 2e-3
    assert T.max() >= steady_K - 2e-3
