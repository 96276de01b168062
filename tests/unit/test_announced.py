"""The announced systems: what they state, what they hold, what would have to be true."""

from __future__ import annotations

import math

import pytest

import thermalsat as ts
from thermalsat.errors import InfeasibleError, InputError
from thermalsat.massbudget import mass_budget

THERMAL = ("junction", "coolant maximum")


@pytest.fixture(scope="module")
def announced() -> ts.Satellite:
    return ts.designs.load("announced")


def test_the_announced_figures_are_in_the_file(announced):
    """SpaceX AI1, June 2026: 110 m2, 150 kW of array at 250 W/m2, 70 kW a tonne, 600 to 800 km."""
    array = announced.array
    assert announced.radiator.area_m2 == 110.0
    output = array.efficiency(array.reference_temperature_K) * 1361.0 * array.packing * array.wiring
    assert output == pytest.approx(250.0, rel=1e-4)
    assert output * array.area_m2 == pytest.approx(150e3, rel=1e-4)
    assert announced.requirement.peak_W / announced.masses.announced_kg == pytest.approx(70.0, rel=1e-3)
    assert 600.0 < announced.orbit.altitude.m_as("km") < 800.0
    origin = announced.provenance
    assert origin["radiator.area"].kind == "announced"
    for name in ("array.area", "battery.capacity", "masses.announced"):
        assert origin[name].kind == "derived"


def test_the_battery_of_the_announced_satellite_by_hand(announced):
    """Longest night x demand / discharge efficiency / (depth x end of life): 18.8 min at 131 kW."""
    night_s = announced.orbit_of("power").eclipse().duration.m_as("s")
    battery = announced.battery
    demand = announced.bus.demand_W(120e3)
    stored = demand * night_s / battery.discharge_efficiency
    stored /= battery.depth_of_discharge * battery.end_of_life
    assert stored / 3.6e6 == pytest.approx(180.0, rel=0.01)
    assert battery.capacity_J == pytest.approx(stored, rel=0.07)
    assert battery.capacity_J > stored


def test_the_announced_parts_weigh_more_than_announced(announced):
    parts = announced.masses_kg
    assert announced.mass_kg == pytest.approx(sum(parts.values()))
    assert parts["rack"] + parts["radiator"] > announced.masses.announced_kg
    assert announced.mass_kg > 2.5 * announced.masses.announced_kg


def test_the_mass_budget_and_the_launch(announced):
    """150 kW over 5.991 t and over the announced 2.143 t; a price of a kilogram makes a launch."""
    plain = mass_budget(announced)
    assert [row[0] for row in plain.rows()] == ["mass"]
    assert plain.specific_power_W_kg == pytest.approx(150e3 / 5990.6, rel=1e-3)
    assert plain.announced_specific_power_W_kg == pytest.approx(70.0, rel=1e-3)
    assert not any(name.startswith("launch") for name in plain.record())
    priced = mass_budget(announced.replace("cost.launch", "1600 USD/kg"))
    assert priced.launch_USD == pytest.approx(1600.0 * 5990.6, rel=1e-3)
    assert priced.rows()[1] == ["launch", "9.59 M USD", "at 1600 USD/kg"]
    assert priced.record()["launch_cost_USD"] == priced.launch_USD
    own = announced.replace("masses.announced", None)
    assert "announced" not in mass_budget(own).beside()


def test_what_the_announced_satellite_holds(announced):
    held = ts.sustained_power(announced)
    assert held.power.m_as("kW") == pytest.approx(79.4, rel=0.02)
    assert held.binding_limit.name == "coolant maximum"
    with pytest.raises(InfeasibleError, match="no peak margin"):
        ts.peak_power(announced)


def test_what_would_have_to_be_true_for_the_radiator(announced):
    """With a pressure that is no limit, the junction limit needed is the junction temperature there."""
    high = announced.replace("loop.pressure", "100 bar")
    asked = {"limits": ["junction"], "burst": False}
    found = ts.needed(high, "payload.junction_limit", ("95 degC", "150 degC"), **asked)
    hottest = ts.periodic(high, load="120 kW", case="hot").temperature("junction").max()
    assert found.value.m_as("K") == pytest.approx(hottest.m_as("K"), abs=0.1)
    assert found.value.m_as("degC") == pytest.approx(124.1, abs=1.0)
    assert found.stated.m_as("degC") == pytest.approx(95.0)
    assert str(found).startswith("payload.junction_limit = 124.")
    area = ts.needed(high, "radiator.area", ("110 m^2", "240 m^2"), limits=THERMAL, burst=False)
    assert area.value.m_as("m^2") == pytest.approx(159.0, rel=0.03)


@pytest.mark.parametrize(
    ("name", "between"),
    [
        ("radiator.coating.emittance", (0.88, 1.0)),
        ("payload.resistance_per_package", ("0.001 K/W", "0.02 K/W")),
    ],
)
def test_what_would_not_help_enough(announced, name, between):
    high = announced.replace("loop.pressure", "100 bar")
    sentence = rf"no `{name}` between .* the limit junction \(hot case.*\) is exceeded"
    with pytest.raises(InfeasibleError, match=sentence):
        ts.needed(high, name, between, limits=THERMAL, burst=False)


def test_what_would_have_to_be_true_for_the_array(announced):
    found = ts.needed(
        announced, "array.cell_efficiency", (0.2126, 0.35), limits=["recharge", "refill"], burst=False
    )
    assert found.value == pytest.approx(0.263, rel=0.02)
    assert found.binding_limit.case == "power"


@pytest.mark.parametrize(
    ("name", "between", "message"),
    [
        ("radiator.area", ("200 m^2", "210 m^2"), "both hold it; widen it"),
        ("radiator.aera", ("1 m^2", "2 m^2"), "did you mean `radiator.area`"),
        ("radiator.area", ("1 m", "2 m"), "`radiator.area` must be an area"),
        ("loop.loops", (1, 2), "must be the name of a number"),
    ],
)
def test_bad_questions(name, between, message):
    sat = ts.designs.load("suncatcher-650")
    with pytest.raises(InputError, match=message):
        ts.needed(sat, name, between, limits=THERMAL, burst=False)


def test_the_rack_differs_from_leo_53_in_what_is_stated():
    rack, leo = ts.designs.load("leo-53-gb300"), ts.designs.load("leo-53")
    theirs, ours = leo.values(), rack.values()
    stated = {"requirement.peak", "payload.share_packages", "masses.announced"}
    assert {key for key in ours if ours[key] != theirs[key]} == stated
    packages_W = rack.payload.share_packages * rack.requirement.peak_W
    assert packages_W == pytest.approx(72 * 1400.0, rel=1e-3)
    assert leo.requirement.sustained_W <= rack.requirement.peak_W <= leo.requirement.peak_W


@pytest.mark.slow
def test_for_how_long_the_rack_runs_at_140_kilowatts():
    rack = ts.designs.load("leo-53-gb300")
    held = ts.peak_duration(rack, power="140 kW")
    assert 10.0 < held.duration.m_as("min") < 30.0
    again = ts.peak_power(rack, duration=held.duration)
    assert again.power.m_as("kW") == pytest.approx(140.0, abs=0.2)


def test_the_cluster_satellite_and_a_gigawatt_of_them():
    sat = ts.designs.load("suncatcher-650")
    held = ts.sustained_power(sat)
    assert 28e3 <= held.power_W < 29e3
    count = math.ceil(1e9 / sat.requirement.sustained_W)
    assert count == 35715
    assert count * sat.radiator.area_m2 / 1e6 == pytest.approx(1.54, rel=0.05)
    assert sat.cost.launch_USD_kg == 200.0


def test_a_radiator_twice_as_large_at_the_announced_flow_finds_its_state(announced):
    """Newton's steps go round in circles here, between laminar and turbulent tubes."""
    large = announced.replace("radiator.area", "400 m^2")
    orbit = ts.periodic(large, load="120 kW", case="power")
    assert abs(orbit.ledger.residual_relative) < 1e-12
    assert 320.0 < orbit.temperature("junction").max().m_as("K") < 335.0
