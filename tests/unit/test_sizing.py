"""Sizes that hold a requirement, on a coarse mesh, and the hand calculation beside them."""

from __future__ import annotations

import json

import pytest

import thermalsat as ts
from thermalsat.errors import DesignError, InfeasibleError
from thermalsat.sizing.hand import one_node_area_m2, one_node_for, one_node_temperature_K
from thermalsat.sizing.ledger import loop_out
from thermalsat.sizing.solve import solve
from thermalsat.sizing.trial import Demand

KEYS = {
    *("radiator_area_m2", "radiator_area_with_margin_m2", "emitting_area_m2", "array_area_m2"),
    *("battery_capacity_kWh", "sustained_power_kW", "minimum_power_kW", "peak_power_kW"),
    *("peak_duration_min", "junction_max_degC", "coolant_max_degC", "coolant_min_degC"),
    *("radiator_max_degC", "radiator_min_degC", "array_max_degC", "array_min_degC"),
    *("depth_of_discharge", "binding_limit", "energy_residual_relative"),
    *("periodic_imbalance_relative", "mass_kg", "cases"),
}


@pytest.fixture(scope="module")
def sat():
    return ts.designs.load("dawn-dusk").replace("radiator.cells", [8, 2])


@pytest.fixture(scope="module")
def answer(sat):
    return ts.size(sat)


def test_capabilities_computed_again_hold_the_requirement(answer):
    assert answer.sustained.power >= ts.Q("120 kW")
    assert answer.peak.power >= ts.Q("150 kW")
    assert answer.peak_duration.duration >= ts.Q("10 min")
    again = ts.peak_power(answer.satellite)
    assert again.power_W == pytest.approx(answer.peak.power_W, rel=2e-3)


def test_nothing_is_oversized(answer):
    """A little less of any size does not hold the requirement."""
    sat, need = answer.satellite, answer.satellite.requirement
    demand = Demand(
        sustained_W=need.sustained_W, peak_W=need.peak_W, burst_s=need.burst_s, recovery=need.recovery
    )
    starts = [answer.peak.binding_limit and _start(answer)]
    less = solve(sat, demand, starts=starts)
    assert less.satellite.array.area_m2 == pytest.approx(sat.array.area_m2, rel=0.01)
    assert less.satellite.battery.capacity_J == pytest.approx(sat.battery.capacity_J, rel=0.01)


def _start(answer):
    from thermalsat.capability.bursts import Start

    return Start(answer.peak.case, answer.peak.start_phase)


def test_tubes_are_whole_and_the_same_on_every_panel(answer):
    radiator = answer.satellite.radiator
    assert radiator.tubes == pytest.approx(radiator.tubes_built, abs=1e-9)
    assert radiator.tubes_built % answer.satellite.geometry.panels == 0


def test_flow_per_tube_is_kept(sat, answer):
    assert answer.satellite.flow_per_tube_kg_s == pytest.approx(sat.flow_per_tube_kg_s, rel=1e-12)


def test_record_has_every_key_and_is_plain(answer):
    record = answer.to_dict()
    assert set(record) >= KEYS
    json.dumps(record, allow_nan=False)
    assert abs(record["energy_residual_relative"]) < 1e-12
    assert record["junction_max_degC"] < 95.0
    assert record["depth_of_discharge"] < 0.3001
    assert set(record["cases"]) == {"hot", "cold", "power"}
    assert record["emitting_area_m2"] == 2.0 * record["radiator_area_m2"]


def test_ledger_adds_up(answer):
    areas = [row.area_m2 for row in answer.margin_ledger.sums]
    assert areas == sorted(areas)
    assert areas[3] == answer.satellite.radiator.area_m2
    assert answer.radiator_area_with_margin.m_as("m^2") == areas[-1]
    assert answer.margin_ledger.beside[0].area_m2 > areas[3]
    assert 0.3 < answer.margin_ledger.loop_out_fraction < 1.5
    for before, row in zip(answer.margin_ledger.sums, answer.margin_ledger.sums[1:], strict=False):
        assert row.added_m2 == pytest.approx(row.area_m2 - before.area_m2)


def test_repr_names_sizes_reasons_and_ledger(answer):
    text = repr(answer)
    for word in ("planform", "emitting", "kWh", "kg", "end of life", "load margin", "one loop out"):
        assert word in text
    assert {"radiator", "array", "battery"} <= set(answer.reasons)


def test_more_power_takes_more_of_everything(sat, answer):
    more = ts.size(sat, sustained="130 kW", peak="160 kW")
    assert more.radiator_area > answer.radiator_area
    assert more.array_area > answer.array_area
    assert more.battery_capacity > answer.battery_capacity
    assert more.sustained.power >= ts.Q("130 kW")


def test_limit_that_no_size_changes(sat):
    with pytest.raises(InfeasibleError, match=r"bus power.*limits.bus_power"):
        ts.size(sat.replace("limits.bus_power", "140 kW"))


def test_requirement_below_the_idle_floor(sat):
    with pytest.raises(DesignError, match="idle_floor"):
        ts.size(sat, sustained="20 kW", peak="30 kW")


def test_one_loop_has_none_to_lose(sat):
    power, note = loop_out(sat.replace({"loop.loops": 1, "loop.interleaved": False}), ["hot"])
    assert power is None
    assert "one loop" in note


def test_published_one_node_temperatures():
    """eps .91, 220 m^2 emitting, 220 K sink: 337.1004 and 353.1623 K; one face of 110 m^2 391.465 K."""
    assert one_node_temperature_K(120e3, 220.0, 0.91, 220.0) == pytest.approx(337.1004, abs=5e-5)
    assert one_node_temperature_K(150e3, 220.0, 0.91, 220.0) == pytest.approx(353.1623, abs=5e-5)
    assert one_node_temperature_K(120e3, 110.0, 0.91, 220.0) == pytest.approx(391.465, abs=5e-4)


def test_hand_area_inverts_the_hand_temperature():
    heat, emittance, sink = 120e3, 0.91, 220.0
    absorbed = 2.0 * emittance * 5.670374419e-8 * sink**4
    warm = one_node_temperature_K(heat, 2.0 * 87.0, emittance, sink)
    assert one_node_area_m2(heat, warm, emittance, absorbed) == pytest.approx(87.0, rel=1e-12)


def test_hand_area_is_below_the_computed_one(answer):
    """No fins, no array in view, no burst: the hand calculation asks for less, but not for half."""
    hand = one_node_for(answer.satellite, "hot", 150e3)
    assert 0.5 * answer.satellite.radiator.area_m2 < hand < answer.satellite.radiator.area_m2
