"""What an infeasible or contradictory request is told: the limit, by how much, and what would help."""

from __future__ import annotations

import pickle
import re
from types import SimpleNamespace

import pytest

import thermalsat as ts
from thermalsat.assembly.limits import LimitMargin
from thermalsat.capability.bursts import Start
from thermalsat.capability.remedies import smallest_changes
from thermalsat.designfile import loads
from thermalsat.errors import DesignError, InfeasibleError, InputError
from thermalsat.sizing.refusals import unreachable


@pytest.fixture(scope="module")
def sat():
    """A shipped design on a mesh of 8 x 2 cells."""
    return ts.designs.load("leo-53").replace("radiator.cells", [8, 2])


def refused(ask, *args, **kwargs) -> InfeasibleError:
    with pytest.raises(InfeasibleError) as caught:
        ask(*args, **kwargs)
    return caught.value


def changed(sat, change, factor=1.0):
    value = change.value * factor
    return sat.resized(value) if change.name == "radiator.area" else sat.replace(change.name, value)


def by_name(error):
    return {change.name: change for change in error.changes}


@pytest.fixture(scope="module")
def empty(sat):
    """The battery is too small for the base: what `peak_power` says."""
    return refused(ts.peak_power, sat.replace("battery.capacity", "300 kWh"), "10 min")


def test_the_limit_is_named_with_case_amount_time_and_place(empty):
    limit = empty.limit
    assert (limit.name, limit.place) == ("depth of discharge", "state of energy")
    assert empty.case == limit.case
    assert empty.shortfall.magnitude == pytest.approx(0.041, abs=0.002)
    assert limit.time > ts.Q("30 min")
    for text in ("no peak margin", "depth of discharge", f"{limit.case} case", limit.shortfall, limit.level):
        assert text in str(empty)


def test_the_smallest_change_makes_it_feasible_and_a_percent_less_does_not(sat, empty):
    change = empty.smallest
    assert change.name == "battery.capacity"
    assert change.stated == ts.Q("300 kWh")
    assert change.factor == pytest.approx(1.139, abs=0.01)
    assert f'`battery.capacity` = "{change.value.m_as("kWh"):.4g} kWh"' in str(empty)
    ts.peak_power(changed(sat, change), "1 min")
    assert refused(ts.peak_power, changed(sat, change, 0.99), "1 min").limit.name == "depth of discharge"


def test_sizes_that_do_not_help_are_said_to_have_been_tried(empty):
    for name in ("radiator.area", "array.area"):
        assert by_name(empty)[name].factor is None
        assert re.search(rf"`{name}` \([^)]*\): none up to 4 times", str(empty))


def test_the_error_pickles_with_what_it_carries(empty):
    again = pickle.loads(pickle.dumps(empty))
    assert str(again) == str(empty)
    assert again.limit == empty.limit
    assert again.changes == empty.changes
    assert again.smallest.record() == empty.smallest.record()


@pytest.mark.parametrize(
    "ask",
    [lambda s: ts.peak_duration(s, "150 kW"), lambda s: ts.power_envelope(s, points=3)],
    ids=["duration", "envelope"],
)
def test_every_request_on_a_base_says_the_same(sat, empty, ask):
    error = refused(ask, sat.replace("battery.capacity", "300 kWh"))
    assert str(error) == str(empty)
    assert error.changes == empty.changes


def test_a_radiator_that_is_too_small_is_enlarged_at_the_same_flow_per_tube(sat):
    small = sat.resized("170 m^2")
    error = refused(ts.peak_power, small, "10 min")
    assert error.limit.name == "coolant maximum"
    assert error.case == "hot"
    change = by_name(error)["radiator.area"]
    assert error.smallest == change
    assert "at the same flow per tube" in str(change)
    ts.peak_power(changed(small, change), "1 min")
    refused(ts.peak_power, changed(small, change, 0.99), "1 min")


def test_no_single_change_is_said_to_be_enough_where_none_is(sat):
    error = refused(ts.peak_power, sat.resized("120 m^2").replace("array.area", "600 m^2"), "10 min")
    assert error.smallest is None
    assert {change.factor for change in error.changes} == {None}
    assert "no single change of `radiator.area`, `array.area`, `battery.capacity`" in str(error)
    assert "none up to 4 times" in str(error)


def test_sustained_power_that_is_nowhere_held(sat):
    hot = sat.replace({"payload.junction_limit": "16 degC", "payload.reference_junction": "0 degC"})
    error = refused(ts.sustained_power, hot)
    assert (error.limit.name, error.case) == ("junction", "hot")
    assert error.shortfall.m_as("K") == pytest.approx(5.3, abs=0.1)
    assert error.smallest.name == "radiator.area"
    assert ts.sustained_power(changed(hot, error.smallest)).power >= ts.Q("36 kW")


def test_power_that_is_held_for_no_time(sat):
    error = refused(ts.peak_duration, sat, "1 MW")
    assert error.limit.name == "bus power"
    assert "1000.00 kW is not held for any time" in str(error)
    assert "raise `limits.bus_power`" in str(error)


def test_a_recovery_that_never_comes(sat):
    error = refused(ts.peak_power, sat, "10 min", base="160 kW")
    assert (error.limit.name, error.case) == ("recharge", "power")
    assert "a burst would never be recovered" in str(error)
    assert f"every orbit leaves the battery {error.limit.shortfall} short" in str(error)
    assert error.limit.shortfall.endswith("kWh")


def test_a_base_below_the_freezing_minimum(sat):
    cold = sat.replace("limits.coolant_minimum", "-20 degC")
    error = refused(ts.peak_power, cold, "10 min", base="50 kW")
    least = ts.sustained_power(cold).minimum_power
    assert f"`base` must be at least {least.m_as('kW'):.2f} kW, the minimum power" in str(error)
    assert "got 50.00 kW" in str(error)
    assert (error.limit.name, error.case) == ("coolant minimum", "cold")
    assert error.smallest.name == "radiator.area"
    assert error.smallest.factor < 1.0
    ts.peak_power(cold, "1 min", base=least)


def test_a_requirement_below_the_freezing_minimum(sat):
    need = {"requirement.sustained": "50 kW", "requirement.peak": "60 kW"}
    cold = sat.replace({"limits.coolant_minimum": "-20 degC", **need})
    assert "`requirement.sustained` must be at least" in str(refused(ts.peak_power, cold, "10 min"))


def test_no_power_at_all_that_does_not_freeze(sat):
    error = refused(ts.size, sat.replace("limits.coolant_minimum", "5 degC"))
    assert error.limit.name == "coolant minimum"
    assert error.smallest is None
    assert "`loop.heater_power`" in str(error)


def test_a_limit_that_no_size_changes_is_raised_until_the_requirement_is_held(sat):
    weak = sat.replace("limits.bus_power", "150 kW")
    error = refused(ts.size, weak)
    assert error.limit.name == "bus power"
    assert error.smallest.name == "limits.bus_power"
    assert f'`limits.bus_power` = "{error.smallest.value.m_as("kW"):.4g} kW"' in str(error)
    assert ts.size(changed(weak, error.smallest)).peak.power >= ts.Q("150 kW")
    refused(ts.size, changed(weak, error.smallest, 0.99))


def test_a_size_that_is_never_enough(sat):
    limit = LimitMargin(
        name="junction", margin=-3.0, unit="K", value=371.15, limit=368.15, time_s=60.0, phase=0.01,
        place="junction",
    )  # fmt: skip
    trial = SimpleNamespace(satellite=sat, burst=lambda start: (limit,))
    error = unreachable(trial, "radiator", {(Start("hot", 0.5), "junction"): -3.0})
    assert "3.00 K" in str(error)
    assert "no change of `radiator.area`, up to 1000 times, makes it feasible" in str(error)
    assert [change.most for change in error.changes] == [1000.0]
    assert error.case == "hot"


def test_the_search_for_a_change_ends_where_the_margin_does():
    """A margin known in closed form: a radiator of 144 m2 is enough, a larger battery helps for nothing."""
    sat = ts.designs.load("leo-53").resized("100 m^2")
    tried = []

    def margin(other):
        tried.append(other)
        return 10.0 * (other.radiator.area_m2 / 144.0 - 1.0)

    limit = SimpleNamespace(place="junction", unit="K", lower=False)
    radiator, array, battery = smallest_changes(sat, margin, limit)
    assert 144.0 <= radiator.value.m_as("m^2") < 144.0 * 1.006
    assert array.factor is None
    assert battery.factor is None
    assert len(tried) < 16


# what must be refused before any work, and the sentence: the argument, the need, what was given, what to type
CONTRADICTIONS = {
    "burst longer than the mission": (
        {"requirement.burst": "10 year"},
        r"`requirement.burst` must not be longer than the mission, `array.life` \(5 year\), got 10 year;.*",
    ),
    "night without a battery": (
        {"battery.capacity": "0 kWh"},
        r"`battery.capacity` must bridge the night: the orbit has one of 35.6 min in the cold case, which"
        r" takes 81.8 kWh at the 131 kW .* got 0 kWh; type capacity = \"342 kWh\"",
    ),
    "no battery": (
        {"battery": None},
        r"`battery.capacity` must bridge the night.*got no `\[battery\]`; type",
    ),
    "array limits crossed": (
        {"limits.array_minimum": "110 degC", "limits.array_maximum": "100 degC"},
        r"`limits.array_minimum` must be below `limits.array_maximum` \(373.15 K\), got 383.15 K",
    ),
    "coolant limits crossed": (
        {"limits.coolant_minimum": "10 degC", "limits.coolant_maximum": "5 degC"},
        r"`limits.coolant_minimum` must be below `limits.coolant_maximum` \(278.15 K\), got 283.15 K",
    ),
    "battery limits crossed": (
        {"battery.temperature_minimum": "50 degC"},
        r"`battery.temperature_minimum` must be below `battery.temperature_maximum`",
    ),
    "coolant minimum above boiling": (
        {"limits.coolant_minimum": "70 degC"},
        r"`limits.coolant_minimum` must be below the boiling of ammonia less `loop.boiling_margin`"
        r" \(341.81 K\), got 343.15 K; lower it, or raise `loop.pressure`",
    ),
    "coolant maximum below freezing": (
        {"limits.coolant_maximum": "-70 degC"},
        r"`limits.coolant_maximum` must be above the freezing of ammonia plus `loop.freezing_margin`"
        r" \(205.50 K\), got 203.15 K; raise it, or lower the margin",
    ),
    "margins that cross": (
        {"loop.freezing_margin": "160 K"},
        r"`loop.freezing_margin` and `loop.boiling_margin` must leave a coolant temperature between them, got"
        r" 355.50 K at least and 341.81 K at most for ammonia at 36 bar; lower a margin or raise",
    ),
    "idle floor above the requirement": (
        {"payload.idle_floor": "130 kW"},
        r"`payload.idle_floor` must not be above `requirement.sustained` \(120000 W\), got 130000 W",
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_contradictions_are_refused_when_the_design_is_made(sat, name):
    changes, sentence = CONTRADICTIONS[name]
    with pytest.raises(DesignError, match=sentence):
        sat.replace(changes)


def test_every_contradiction_has_a_message_of_its_own():
    assert len({sentence for _, sentence in CONTRADICTIONS.values()}) == len(CONTRADICTIONS)


def test_an_orbit_without_a_night_needs_a_battery_on_the_bus():
    dawn = ts.designs.load("dawn-dusk")
    hot = dawn.cases["hot"].replace(beta="85 deg")
    with pytest.raises(DesignError, match=r"even where no case has a night; got 0 kWh; type"):
        dawn.replace({"cases": [hot], "battery.capacity": "0 kWh"})


def test_a_file_without_a_battery_is_told_the_night():
    text = ts.designs.path("leo-53").read_text(encoding="utf-8")
    without = re.sub(r"\[battery\].*?(?=\[geometry\])", "", text, flags=re.DOTALL)
    with pytest.raises(DesignError, match=r"bridge the night.*35.6 min.*got no `\[battery\]`"):
        loads(without)
    with pytest.raises(DesignError, match=r"the section `\[battery\]` is missing"):
        loads(without.replace("[orbit]", "[orbits]"))


def test_bursts_beyond_the_mission_are_refused_before_any_work(sat, monkeypatch):
    monkeypatch.setattr("thermalsat.capability.cycles.Model", None)
    monkeypatch.setattr("thermalsat.capability.study.Model", None)
    burst = ts.Load.burst(base="120 kW", peak="150 kW", start="1 min", duration="5 h")
    with pytest.raises(
        InputError, match=r"`load` must end its burst within the mission.*3 orbits.*301 min; .*type orbits=4"
    ):
        ts.simulate(sat, load=burst)
    with pytest.raises(
        InputError, match=r"`duration` must not be longer than the mission.*3652 day;.*for ever"
    ):
        ts.peak_power(sat, "10 year")
    long = sat.replace("requirement.burst", "100 day")
    bound = r"must not be longer than 200 orbits \(13.28 day\), for which bursts are followed, got 100 day"
    with pytest.raises(InputError, match=rf"`duration` {bound}; type duration=\"for ever\""):
        ts.peak_power(sat, "100 day")
    for ask in (ts.peak_power, ts.size, ts.degraded_modes):
        with pytest.raises(InputError, match=f"`requirement.burst` {bound}"):
            ask(long)
    with pytest.raises(InputError, match=f"`requirement.burst` {bound}"):
        ts.needed(long, "radiator.area", ("200 m^2", "300 m^2"))
