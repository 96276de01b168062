"""Degraded modes, the pointing sweep and the wings: representation, laws, limits of cases known by hand."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import thermalsat as ts
from thermalsat.cli import main
from thermalsat.cli.parser import Help, parse
from thermalsat.degraded import (
    MODES,
    DegradedMode,
    loop_lost,
    module_lost,
    pointing_error,
    pump_slowed,
    segment_lost,
    string_lost,
    tube_lost,
)
from thermalsat.errors import InputError

WITHIN = 1.001
"""A narrower radiator hides a little less sky from the wings, which are cooler then."""
TILTED = 1.005
"""In the wings' shadow little is left of an error but the turn of one face away from the Earth."""


@pytest.fixture(scope="module")
def sat() -> ts.Satellite:
    """A shipped design at sizes that do not change, on a mesh of 8 x 2 cells, in the cases that bind it."""
    shipped = ts.designs.load("leo-53")
    design = shipped.replace(
        {
            "cases.hot.beta": "76 deg",
            "radiator.cells": [8, 2],
            "radiator.area": "237.5 m^2",
            "loop.mass_flow": "2.6 kg/s",
            "array.area": "830 m^2",
            "battery.capacity": "370 kWh",
            "battery.radiator_area": "40 m^2",
        }
    )
    return design.replace("cases", [design.case("hot"), design.case("power")])


@pytest.fixture(scope="module")
def hot(sat) -> ts.Satellite:
    return sat.replace("cases", [sat.case("hot")])


@pytest.fixture(scope="module")
def found(sat):
    return ts.degraded_modes(sat, peak=False, pointing=())


# how each loss is represented


def test_every_second_tube_lost_doubles_the_pitch_at_the_same_flow_per_tube(sat):
    changed = loop_lost(sat).satellite
    assert changed.radiator.pitch_m == pytest.approx(2.0 * sat.radiator.pitch_m)
    assert changed.radiator.area_m2 == sat.radiator.area_m2
    assert changed.radiator.tubes == pytest.approx(0.5 * sat.radiator.tubes)
    assert changed.flow_per_tube_kg_s == pytest.approx(sat.flow_per_tube_kg_s)
    assert changed.loop.loops == 1
    # the mesh keeps the size of its cells
    assert changed.radiator.cells == (8, 4)


def test_shared_plates_lose_half_of_their_film_and_nothing_else(sat):
    before, after = sat.payload, loop_lost(sat).satellite.payload
    assert after.plate_to_coolant_W_K == pytest.approx(0.5 * before.plate_to_coolant_W_K)
    assert after.junction_to_plate_W_K == pytest.approx(before.junction_to_plate_W_K)
    assert after.packages == before.packages


def test_own_plates_lose_half_of_the_packages(sat):
    before, after = sat.payload, loop_lost(sat, plates="own").satellite.payload
    assert after.packages == 36
    assert after.plate_to_coolant_W_K == pytest.approx(0.5 * before.plate_to_coolant_W_K)
    assert after.junction_to_plate_W_K == pytest.approx(0.5 * before.junction_to_plate_W_K)
    assert after.heat_capacity_J_K == pytest.approx(0.5 * before.heat_capacity_J_K)


def test_segregated_loops_lose_a_whole_panel_that_leaves_the_other_where_it_is(sat):
    apart = sat.replace("loop.interleaved", False)
    changed = loop_lost(apart).satellite
    assert changed.radiator.pitch_m == sat.radiator.pitch_m
    assert changed.radiator.area_m2 == pytest.approx(0.5 * sat.radiator.area_m2)
    panels = [[item for item in one.rectangles() if item.part == "radiator"] for one in (apart, changed)]
    assert len(panels[1]) == 1
    assert panels[1][0].c_m == pytest.approx(panels[0][0].c_m)


def test_a_third_loop_widens_the_pitch_by_half(sat):
    changed = loop_lost(sat.replace("loop.loops", 3)).satellite
    assert changed.radiator.pitch_m == pytest.approx(1.5 * sat.radiator.pitch_m)
    assert changed.payload.plate_to_coolant_W_K == pytest.approx(sat.payload.plate_to_coolant_W_K / 1.5)


@pytest.mark.parametrize(("mode", "left"), [(segment_lost, 7.0 / 8.0), (tube_lost, 189.0 / 190.0)])
def test_what_is_shut_off_takes_area_and_flow_with_it(sat, mode, left):
    assert sat.radiator.tubes == 190.0
    changed = mode(sat).satellite
    assert changed.radiator.area_m2 == pytest.approx(left * sat.radiator.area_m2)
    assert changed.flow_per_tube_kg_s == pytest.approx(sat.flow_per_tube_kg_s)


def test_a_slow_pump_takes_the_film_of_the_cold_plates_with_it(sat):
    changed = pump_slowed(sat, flow="50 %").satellite
    assert changed.loop.mass_flow_kg_s == pytest.approx(0.5 * sat.loop.mass_flow_kg_s)
    # Dittus and Boelter
    film = 0.5**0.8 * sat.payload.plate_to_coolant_W_K
    assert changed.payload.plate_to_coolant_W_K == pytest.approx(film)
    assert pump_slowed(sat, exponent=0.0).satellite.payload.plate_to_coolant_W_K == pytest.approx(
        sat.payload.plate_to_coolant_W_K
    )
    assert pump_slowed(sat, power="1 kW").satellite.bus.pump_W == 1e3


def test_a_dead_string_stays_in_the_sun(sat):
    changed = string_lost(sat, strings=10).satellite
    assert changed.array.area_m2 == sat.array.area_m2
    assert changed.array.packing == pytest.approx(0.9 * sat.array.packing)


def test_a_lost_module_stays_on_board_and_the_rates_follow(sat):
    before, after = sat.battery, module_lost(sat, modules=5).satellite.battery
    assert after.capacity_J == pytest.approx(0.8 * before.capacity_J)
    assert after.mass_kg == pytest.approx(before.mass_kg)
    for ageing in ("bol", "eol"):
        assert after.charge_limit_W(ageing) == pytest.approx(0.8 * before.charge_limit_W(ageing))
        assert after.discharge_limit_W(ageing) == pytest.approx(0.8 * before.discharge_limit_W(ageing))


# refusals


def test_a_satellite_of_one_loop_has_none_left(sat):
    one = sat.replace("loop.loops", 1)
    assert loop_lost(one).refused == "there is one loop only"
    row = ts.degraded_modes(one, "loop", peak=False, pointing=())["loop lost"]
    assert row.power is None
    assert row.sustained_ratio is None
    assert row.reason == "there is one loop only"


def test_one_tube_fewer_on_one_of_two_full_plates_is_refused_in_its_row(hot):
    few = hot.replace({"radiator.tube_length": "110 m", "radiator.area": "220 m^2",
                       "loop.mass_flow": "0.3 kg/s", "radiator.symmetry": "full",
                       "radiator.cells": [4, 1]})  # fmt: skip
    assert few.radiator.tubes == 16.0
    row = ts.degraded_modes(few, "tube", peak=False, pointing=())["tube lost"]
    assert row.sustained is None
    assert "same number of tubes in each of the 2 panels" in row.reason


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda sat: ts.degraded_modes(sat, ["tubes"]), "did you mean `tube`?"),
        (lambda sat: loop_lost(sat, plates="mine"), '`plates` must be "shared" or "own"'),
        (lambda sat: segment_lost(sat, segments=1), "`segments` must be a whole number, 2 or more, got 1"),
        (lambda sat: tube_lost(sat, tubes=0), "`tubes` must be a whole number, 1 or more"),
        (lambda sat: pump_slowed(sat, flow=1.2), "`flow` must be between"),
        (lambda sat: pointing_error(sat, 3.0), "`error`"),
        (lambda sat: ts.pointing_sweep(sat, ["100 deg"]), "`errors` must be between -85.9 and 85.9 deg"),
        (lambda sat: ts.wing_study(sat, []), "`offsets` must hold at least one distance"),
        (lambda sat: ts.wing_study(sat, ["-1 m"]), "`offsets`"),
    ],
)
def test_bad_input_says_what_to_type(sat, call, message):
    with pytest.raises(InputError) as caught:
        call(sat)
    assert message in str(caught.value)


def test_more_tubes_than_there_are_leaves_no_design(sat):
    assert tube_lost(sat, tubes=190).refused == "no tube is left"


# what the modes hold


def test_no_mode_holds_more_than_the_intact_satellite(found):
    assert len(found) == len(MODES)
    for one in found:
        assert one.reason == ""
        share = TILTED if one.name.startswith("pointing") else WITHIN
        assert one.sustained.power_W <= share * found.intact.sustained.power_W, one.name
        assert one.radiator_W <= share * found.intact.radiator_W, one.name
        # what the radiator carries is what all limits allow, or more
        assert one.radiator_W >= one.sustained.power_W - 10.0


def test_each_loss_meets_the_limit_that_it_is_about(found):
    assert found["loop lost"].sustained.binding_limit.name in ("coolant maximum", "junction")
    assert found["loop lost, own plates"].sustained.binding_limit.name == "junction"
    assert found["array string lost"].sustained.binding_limit.name in ("refill", "recharge")
    assert found["battery module lost"].sustained.binding_limit.name == "depth of discharge"
    assert 0.9 < found["array string lost"].sustained_ratio < 0.99
    assert 0.5 < found["loop lost"].radiator_ratio < 0.85


def test_a_mode_is_the_design_that_a_person_would_type(sat, found):
    typed = sat.replace(
        {"radiator.pitch": "0.25 m", "radiator.cells": [8, 4], "loop.loops": 1,
         "loop.mass_flow": ts.Q(0.5 * sat.loop.mass_flow_kg_s, "kg/s"),
         "loop.line_diameter": ts.Q(40.0 / math.sqrt(2.0), "mm"),
         "payload.resistance_per_package": ts.Q(0.02 * 1.3, "K/W"), "payload.film_share": 0.6 / 1.3}
    )  # fmt: skip
    held = ts.sustained_power(typed)
    assert held.power_W == pytest.approx(found["loop lost"].sustained.power_W, abs=20.0)


def test_more_of_the_same_lost_is_less_power(hot):
    modes = [tube_lost(hot, tubes=n) for n in (1, 20)] + [pump_slowed(hot, flow=f) for f in (0.9, 0.5)]
    held = [one.radiator_W for one in ts.degraded_modes(hot, modes, peak=False, pointing=())]
    assert held[1] < held[0] - 1e3
    assert held[3] < held[2] - 1e3


@pytest.mark.slow
def test_a_mode_that_does_not_hold_the_base_is_asked_on_top_of_less(hot):
    answer = ts.degraded_modes(hot, ["loop", "tube"], pointing=())
    lost, tube = answer["loop lost"], answer["tube lost"]
    assert lost.base_W == 1e3 * math.floor(0.9 * lost.sustained.power_W / 1e3)
    assert lost.base_W < 120e3
    assert tube.base_W == answer.intact.base_W == 120e3
    for one in (lost, tube):
        assert one.base_W < one.sustained.power_W <= one.peak.power_W
        assert one.peak_ratio <= WITHIN
    # the intact satellite beside it is asked on top of the same base
    same = ts.peak_power(hot, base=ts.Q(lost.base_W, "W"))
    assert lost.intact_peak_W == pytest.approx(same.power_W, rel=2e-3)


def test_the_table_is_read_by_people_and_programs(found):
    text = repr(found)
    assert "sustained kW" in text
    assert "refill: power case, orbit phase 0.000, battery" in text
    assert all(one.name in text for one in found)
    assert "1 of 2 interleaved tubes left" in text
    plain = json.loads(json.dumps(found.to_dict()))
    row = plain["modes"]["tube lost"]
    assert row["sustained_power_kW"] == pytest.approx(found["tube lost"].power.m_as("kW"))
    assert row["peak_power_kW"] is None
    assert plain["pointing"] is None
    with pytest.raises(KeyError, match="'tube lost'"):
        found["tubes lost"]
    assert repr(found["tube lost"]).startswith("<ModeAnswer: tube lost")


# pointing


def bare(sat: ts.Satellite, beta: str) -> ts.Satellite:
    """The hot case at a beta, no shade on the panels."""
    return sat.replace({"cases.hot.beta": beta, "geometry.without": "all"})


def test_an_error_to_either_side_costs_the_same_with_the_sun_in_the_orbit_plane(hot):
    sweep = ts.pointing_sweep(bare(hot, "0 deg"), ["-4 deg", "4 deg"])
    assert sweep.error_deg.tolist() == [-4.0, 0.0, 4.0]
    assert sweep.radiator_W[0] == pytest.approx(sweep.radiator_W[2], abs=30.0)
    assert sweep.radiator_W[0] < sweep.radiator_W[1] - 500.0


@pytest.mark.slow
def test_the_other_side_of_the_orbit_plane_is_the_other_sign_of_the_error(hot):
    """Mirrored in the orbit plane, beta and the panels' normal change their signs and nothing else does."""
    north = ts.pointing_sweep(bare(hot, "50 deg"), ["-8 deg", "8 deg"])
    south = ts.pointing_sweep(bare(hot, "-50 deg"), ["-8 deg", "8 deg"])
    assert north.radiator_W == pytest.approx(south.radiator_W[::-1], abs=30.0)
    # the test would not see a sign that is ignored if the two signs came to the same
    assert abs(north.radiator_W[0] - north.radiator_W[2]) > 100.0


def test_the_loss_is_the_sunlight_absorbed_less_what_less_power_gives_back(hot):
    """By hand: absorptance x planform x flux x sine, at a beta without nights.

    Of a kilowatt absorbed at most the converter's 0.96 is lost: with less power the panels run nearer to the
    limit of the cold plates and emit more. What the tilt changes of the Earth has the sign of the error.
    """
    design = bare(hot, "76 deg")
    sweep = ts.pointing_sweep(design, ["6 deg", "-6 deg"])
    flux = ts.Environment(**design.environment_values("hot")).si.solar_flux_W_m2
    heat = 0.25 * design.radiator.area_m2 * flux * math.sin(math.radians(6.0))
    assert 0.45 * heat < 6e3 * np.mean(sweep.lost_per_degree_kW()) < 0.96 * heat
    assert math.isnan(ts.pointing_sweep(design, []).lost_per_degree_kW("sustained")[1])


def test_a_sweep_is_read_by_people_and_programs(hot):
    sweep = ts.pointing_sweep(hot, ["3 deg"])
    assert "+3.00 deg" in repr(sweep)
    plain = json.loads(json.dumps(sweep.to_dict()))
    assert plain["error_deg"] == [0.0, 3.0]
    assert plain["radiator_lost_negative_kW_per_deg"] is None
    assert sweep.error.m_as("deg") == pytest.approx([0.0, 3.0])
    assert sweep.power.m_as("kW") == pytest.approx(sweep.sustained_W / 1e3)
    plt = pytest.importorskip("matplotlib.pyplot")
    ax = sweep.plot(plt.figure().add_subplot())
    assert ax.lines[0].get_ydata() == pytest.approx(sweep.radiator_W / 1e3)
    plt.close("all")


# wings


def test_wings_far_away_are_worth_nothing(hot):
    far = ts.wing_study(hot, ["1000 km"])
    assert abs(far.cost_W["all"][0]) < 20.0
    near = ts.wing_study(hot, ["1 m"])
    # left out, they might as well be far away
    left_out = near.power_W[0] + near.cost_W["all"][0]
    assert left_out == pytest.approx(far.power_W[0], abs=20.0)


def test_the_hot_array_costs_and_its_shade_and_the_hidden_earth_bring(hot):
    study = ts.wing_study(hot, ["1 m", "3 m"])
    exchange, shadow, blocking = (study.cost_W[name] for name in ("exchange", "shadow", "blocking"))
    assert np.all(exchange > 5e3)
    assert exchange[1] < exchange[0]
    assert np.all(blocking < -100.0)
    assert blocking[1] > blocking[0]
    # by hand: one degree of sunlight on the panels but for the strip beside the root of the wings
    flux = ts.Environment(**hot.environment_values("hot")).si.solar_flux_W_m2
    sun = 0.25 * hot.radiator.area_m2 * flux * math.sin(math.radians(1.0))
    assert np.all((shadow < -0.5 * sun) & (shadow > -sun))
    assert study.area("exchange").m_as("m^2") == pytest.approx(exchange / study.power_per_area_W_m2)
    assert study.cost("shadow").m_as("kW") == pytest.approx(shadow / 1e3)
    assert 300.0 < study.power_per_area_W_m2 < 900.0
    with pytest.raises(InputError, match="`effect` must be one of"):
        study.area("glare")
    text, plain = repr(study), json.loads(json.dumps(study.to_dict()))
    assert "hot array" in text
    assert "m²" in text
    assert plain["offset_m"] == [1.0, 3.0]
    plt = pytest.importorskip("matplotlib.pyplot")
    assert len(study.plot(plt.figure().add_subplot()).lines) == 5
    plt.close("all")


# the command


WORDS = ["--set", "radiator.cells=8 x 2", "--case", "power", "--quiet"]


def test_the_command_prints_one_table_and_one_object(capsys):
    words = ["degraded", "leo-53", *WORDS, "--mode", "module", "--no-peak", "--pointing", "-2 deg"]
    assert main(words) == 0
    text = capsys.readouterr().out
    for part in ("sustained kW", "battery module lost", "depth of discharge: power case", "-2.00 deg"):
        assert part in text
    assert main([*words, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    row = record["modes"]["battery module lost"]
    assert 0.85 < row["sustained_ratio"] < 1.0
    assert record["pointing"]["error_deg"] == [-2.0, 0.0]
    assert record["exit"] == 0
    assert abs(record["energy_residual_relative"]) < 1e-12


def test_the_command_refuses_an_unknown_mode(capsys):
    assert main(["degraded", "leo-53", "--mode", "modul", "--json"]) == 2
    assert "did you mean" in json.loads(capsys.readouterr().out)["error"]


def test_the_help_names_every_mode():
    with pytest.raises(Help) as asked:
        parse(["degraded", "--help"])
    words = " ".join(asked.value.text.split()).replace(",", " ")
    assert all(f" {name} " in words for name in MODES)


def test_a_mode_of_ones_own(sat):
    warm = DegradedMode(name="warm junctions", satellite=sat.replace("payload.junction_limit", "86 degC"),
                        assumption="limit 9 K lower")  # fmt: skip
    row = ts.degraded_modes(sat, [warm], peak=False, pointing=())["warm junctions"]
    assert row.radiator_ratio < 1.0
    assert row.radiator_limit.name == "junction"
