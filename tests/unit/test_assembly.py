"""The satellite's network: parts, copies, refusals, and the model that searches ask."""

from __future__ import annotations

import numpy as np
import pytest

import thermalsat as ts
from thermalsat.assembly import LOWER_LIMITS, Model
from thermalsat.pieces import Pieces


@pytest.fixture(scope="module")
def sat() -> ts.Satellite:
    return ts.designs.load("leo-53")


@pytest.fixture(scope="module")
def model(sat) -> Model:
    return Model(sat, "power", 120e3)


@pytest.fixture(scope="module")
def cycle(model):
    return model.cycle()


def test_half_a_pitch_stands_for_the_whole_radiator(sat):
    net = ts.assemble(sat, "power")
    plate = net.layout.part("radiator")
    assert plate.copies == 2 * 240.0 / (0.125 * 10.0)
    assert plate.copies * plate.area_m2.sum() == pytest.approx(240.0, rel=1e-11)
    assert plate.capacity().sum() == pytest.approx(240.0 * 0.8e-3 * 2700.0 * 896.0, rel=1e-11)


def test_area_is_a_real_number_of_tubes(sat):
    net = ts.assemble(sat.replace("radiator.area", "161 m^2"))
    plate = net.layout.part("radiator")
    assert plate.copies * plate.area_m2.sum() == pytest.approx(161.0, rel=1e-11)


def test_heat_capacity_of_the_loop_is_that_of_its_coolant(sat):
    net = ts.assemble(sat)
    laws = sat.loop.coolant.laws
    per_m3 = float(laws.density(laws.reference_K)) * laws.reference_specific_heat_J_kg_K
    lines = [f"{line} line {k + 1}" for line in ("return", "supply") for k in range(6)]
    held = sum(net.layout.part(name).capacity().sum() for name in lines)
    assert held == pytest.approx(per_m3 * 30.0 * np.pi * 0.02**2, rel=1e-12)
    tubes = net.layout.part("tubes").capacity().sum()
    assert tubes == pytest.approx(per_m3 * 192 * 10.0 * np.pi * 0.004**2, rel=1e-11)


def test_layers_of_the_array_hold_its_capacity_and_one_layer_is_one_node(sat):
    net = ts.assemble(sat)
    names = ["array front", "array layer 2", "array back"]
    held = [net.layout.part(name).capacity()[0] for name in names]
    assert sum(held) == pytest.approx(2250.0 * 830.0)
    assert held[1] == pytest.approx(2.0 * held[0])
    one = ts.assemble(sat.replace("array.layers", 1))
    assert one.layout.part("array").capacity()[0] == pytest.approx(2250.0 * 830.0)


def test_names_of_cases_and_loads_are_checked(sat):
    with pytest.raises(ts.errors.InputError, match="case of this design"):
        ts.assemble(sat, case="hottest")
    with pytest.raises(ts.units.UnitsError, match="load"):
        ts.assemble(sat, load=120e3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"geometry.wings": 1}, "`geometry.wings` must be 2"),
        ({"radiator.symmetry": "full", "radiator.area": "161 m^2"}, "`radiator.area` must hold the same"),
    ],
)
def test_what_the_model_does_not_cover_is_refused(sat, change, message):
    with pytest.raises(ts.errors.InputError, match=message):
        ts.assemble(sat.replace(change))


def test_one_wing_with_one_panel_is_covered(sat):
    net = ts.assemble(sat.replace({"geometry.wings": 1, "geometry.panels": 1}))
    assert "front -> array" in net.flow_names


def test_load_follows_time(sat):
    load = ts.Load.burst(base="120 kW", peak="150 kW", start="10 min", duration="12 min")
    net = ts.assemble(sat, "power", load)
    y = net.layout.initial()
    flow = "other compute -> cold plate"
    assert net.flows(601.0, y)[flow] == pytest.approx(0.2 * 150e3)
    assert net.flows(599.0, y)[flow] == pytest.approx(0.2 * 120e3)
    assert {600.0, 1320.0} <= set(net.breakpoints)


def test_throttling_reduces_power_only_where_asked(sat):
    hot = {"junction": sat.payload.junction_limit_K}
    for throttle, share in ((False, 1.0), (True, 36.0 / 120.0)):
        net = ts.assemble(sat, "power", throttle=throttle)
        flows = net.flows(0.0, net.pack(hot))
        assert flows["other compute -> cold plate"] == pytest.approx(0.2 * 120e3 * share)
        leak = 1.0 + 0.001 * 10.0
        assert flows["packages -> junction"] == pytest.approx(0.8 * 120e3 * share * leak, rel=1e-6)


def test_demand_on_the_bus_is_the_heat_of_the_computer_and_its_converter(sat):
    net = ts.assemble(sat, "power", "100 kW")
    flows = net.flows(0.0, net.pack({"junction": 365.0}))
    heats = ("packages -> junction", "other compute -> cold plate")
    losses = ("converter loss of packages", "converter loss of the rest")
    drawn = -flows["bus -> packages"] - flows["bus -> other compute"]
    assert drawn == pytest.approx(sum(flows[name] for name in heats + losses))
    assert drawn == pytest.approx(sum(flows[name] for name in heats) / 0.96)
    assert flows["pump -> coolant"] == -flows["bus -> pump"] == 2000.0


def test_body_heat_may_go_to_the_loop(sat):
    plain, carried = (ts.assemble(sat.replace("bus.body_heat_to_loop", s)) for s in (0.0, 0.5))
    assert "housekeeping -> coolant" not in plain.flow_names
    flows = carried.flows(0.0, carried.layout.initial())
    assert flows["housekeeping -> coolant"] == pytest.approx(0.5 * 4e3)
    bus = flows["array -> bus"]
    assert flows["regulator loss -> coolant"] == pytest.approx(0.5 * bus * (1.0 / 0.98 - 1.0))


def test_with_power_is_the_model_built_at_that_power(model, cycle):
    for compute in (90e3, Pieces.steps([-1e6, 600.0, 1200.0], [100e3, 150e3, 100e3])):
        quick, built = model.with_power(compute), Model(model.satellite, "power", compute)
        for t in (10.0, 700.0, 4000.0):
            for side in ("left", "right"):
                a, b = (m.system.rates(t, cycle.orbit.y[5], side)[0] for m in (quick, built))
                np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-6)
        a, b = (m.margins(cycle.orbit.times_s, cycle.orbit.y) for m in (quick, built))
        assert [one.name for one in a] == [one.name for one in b]
        np.testing.assert_allclose([one.margin for one in a], [one.margin for one in b], atol=1e-6)
        assert quick.network.flow_names == model.network.flow_names
    assert model.compute(0.0) == 120e3  # the model asked is not changed


def test_cycle_closes_and_a_neighbour_is_a_good_guess(model, cycle):
    assert cycle.distance_K <= 1e-3
    free = np.delete(np.arange(model.system.n), model.anchored)
    assert np.max(np.abs((cycle.orbit.y_end - cycle.orbit.y_start)[free])) < 2e-3
    assert cycle.orbit.y_start[model.anchored] == 1.0
    near = model.with_power(121e3)
    warm, cold = near.cycle(guess=cycle.orbit.y_start), near.cycle()
    assert warm.sweeps < cold.sweeps
    np.testing.assert_allclose(warm.orbit.y_start, cold.orbit.y_start, atol=5e-3)


def test_distance_to_the_periodic_state_is_not_underestimated(model, cycle):
    """Loosely closed orbits stand within their own estimate of the tightly closed one."""
    tight = model.cycle(closure_K=1e-5, tolerance_K=1e-3).orbit.y_start
    away = tight.copy()
    away[model.gauge.columns["battery"]] += 3.0
    for closure_K in (1.0, 0.1, 0.01):
        loose = model.cycle(guess=away, closure_K=closure_K, tolerance_K=1e-3)
        weight = model.system.bundle.weight
        true_K = np.max(weight * np.abs(loose.orbit.y_start - tight))
        assert true_K < 1.2 * loose.distance_K + 2e-3


def test_history_lands_on_the_steps_of_the_power(model, cycle):
    start, stop = 400.0, 1000.0
    burst = model.with_power(Pieces.steps([-1e6, start, stop], [120e3, 150e3, 120e3]))
    run = burst.history(cycle.orbit.y_start, 2.0 * model.period_s)
    assert {start, stop} <= set(run.times_s)
    assert run.end_s == pytest.approx(2.0 * model.period_s)
    assert run.error_K <= 0.01
    early = run.times_s <= stop + 60.0
    junction = burst.margins(run.times_s[early], run.y[early])[0]
    assert junction.name == "junction"
    assert start < junction.time_s <= stop + 5.0
    shifted = burst.history(run.y[0], 300.0, start_s=model.period_s)
    assert shifted.start_s == model.period_s


def test_every_limit_has_its_margin(model, cycle):
    orbit = cycle.orbit
    margins = {one.name: one for one in model.margins(orbit.times_s, orbit.y, orbit.ledger_J)}
    assert set(margins) == {
        "junction", "coolant maximum", "coolant minimum", "array maximum", "array minimum",
        "battery maximum", "battery minimum", "depth of discharge", "charge rate", "discharge rate",
        "bus power", "recharge",
    }  # fmt: skip
    assert set(margins) >= LOWER_LIMITS
    for one in margins.values():
        toward = one.value - one.limit if one.lower or one.name == "recharge" else one.limit - one.value
        assert one.margin == pytest.approx(toward)
        assert one.held == (one.margin >= 0.0)
        assert 0.0 <= one.phase < 1.0
    assert margins["coolant maximum"].limit == pytest.approx(346.81 - 5.0, abs=0.05)
    assert margins["coolant minimum"].limit == pytest.approx(273.15 - 77.65 + 10.0, abs=0.2)
    assert margins["coolant minimum"].place.startswith("tubes[")
    assert "recharge" not in {one.name for one in model.margins(orbit.times_s, orbit.y)}


def test_bulk_coolant_limit_counts_where_it_is_nearer(sat, model, cycle):
    limited = Model(sat.replace("limits.coolant_maximum", "50 degC"), "power", 120e3)
    found = limited.margins(cycle.orbit.times_s, cycle.orbit.y)[1]
    assert (found.limit, found.place) == (pytest.approx(323.15), "payload coolant")


def test_depth_of_discharge_counts_against_the_end_of_life_capacity(sat):
    """The same night of a new battery is a smaller part of what it holds, the same of what it will."""
    new, old = (Model(sat, name, 120e3) for name in ("cold", "power"))
    depths = []
    for model in (new, old):
        orbit = model.cycle().orbit
        depths.append(model.figures(orbit.times_s, orbit.y)["depth_of_discharge"])
    assert depths[0] == pytest.approx(depths[1], rel=0.01)


def test_recharge_is_the_surplus_beyond_full(model, cycle):
    """By hand from the samples: eta_c of every surplus, 1 / eta_d of every deficit."""
    orbit = cycle.orbit
    found = model.margins(orbit.times_s, orbit.y, orbit.ledger_J)[-1]
    read = model.gauge.power.read(orbit.times_s, orbit.y)
    net = read.supply_W - read.demand_W
    by_hand = np.trapezoid(0.95 * np.maximum(net, 0.0) - np.maximum(-net, 0.0) / 0.95, orbit.times_s)
    assert found.margin == pytest.approx(by_hand, rel=0.02)
    assert found.unit == "J"


def test_charge_rate_is_what_refills_the_night_by_day(model, cycle):
    """131.4 kW for 37.2 % of the orbit, .95 each way, over the rest of it."""
    orbit = cycle.orbit
    found = next(m for m in model.margins(orbit.times_s, orbit.y) if m.name == "charge rate")
    given = orbit.ledger_J[model.system.bundle.bt_flow_discharge[0]] / model.period_s
    assert found.value == pytest.approx(given / 0.95**2 / (1.0 - 0.373), rel=0.01)
    assert found.limit == pytest.approx(0.5 * 0.8 * 370e3)
    weak = Model(model.satellite.replace("battery.charge_rate", "0.25 1/h"), "power", 150e3)
    worked = weak.cycle(max_sweeps=60).orbit
    found = next(m for m in weak.margins(worked.times_s, worked.y) if m.name == "charge rate")
    assert not found.held


def test_margins_are_continuous_in_the_power(model, cycle):
    """Powers a watt apart: no margin jumps, so that roots can be searched."""
    seen = []
    for watts in (119.999e3, 120e3, 120.001e3):
        near = model.with_power(watts)
        orbit = near.cycle(guess=cycle.orbit.y_start, tolerance_K=1e-3, closure_K=1e-5).orbit
        margins = near.margins(orbit.times_s, orbit.y, orbit.ledger_J)
        seen.append([one.margin for one in margins])
    left, right = np.diff(seen, axis=0)
    scale = np.maximum(np.abs(left), np.abs(right))
    np.testing.assert_array_less(np.abs(left - right), 0.2 * scale + 1e-4)
    assert right[0] < 0.0  # more power, hotter junctions


def test_figures_agree_with_a_finer_orbit(model, cycle):
    """Extremes between samples: 60 samples give what 2000 do."""
    coarse, fine = (model.cycle(samples=k, guess=cycle.orbit.y_start).orbit for k in (60, 2000))
    a, b = (model.figures(orbit.times_s, orbit.y) for orbit in (coarse, fine))
    for name, value in b.items():
        assert a[name] == pytest.approx(value, abs=0.02 if name.endswith("_K") else 2e-5), name


def test_illumination_is_that_of_the_orbit(model):
    assert model.illumination(np.array([-1.0, 1000.0, 4000.0])).tolist() == [1.0, 0.0, 1.0]
    assert model.environment.period_s == model.period_s
    assert {*model.environment.edges_s} <= {*model.breakpoints_s}


def test_power_without_a_value_is_what_the_case_asks_for(sat):
    assert Model(sat, "hot").compute(0.0) == 120e3
    assert Model(sat, "cold").compute(0.0) == 36e3
