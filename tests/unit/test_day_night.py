"""Power that follows the Sun: held when flown again, not more than that, never below the constant power."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

import thermalsat as ts
from thermalsat.mission.nights import short_s

DAWN = ts.designs.load("dawn-dusk").replace("battery.capacity", "100 kWh")


@pytest.fixture(scope="module")
def both():
    return ts.sustained_average_power(DAWN)


def flown(both, scale=1.0):
    """Margins of the answer, flown again by the public function."""
    load = ts.Load.day_night(day=scale * both.day, night=both.night)
    found = {}
    for case in DAWN.cases:
        for name, margin in ts.periodic(DAWN, load=load, case=case).certificate.margins.items():
            found[case, name] = float(getattr(margin, "magnitude", margin))
    return found


def test_a_small_battery_holds_much_more_by_day(both):
    assert both.constant == ts.sustained_power(DAWN).power
    assert both.average > 1.3 * both.constant
    assert both.night < both.constant < both.day
    assert both.ratio == both.night_W / both.day_W


def test_every_limit_is_held_when_the_answer_is_flown_again(both):
    margins = flown(both)
    assert min(margins.values()) >= -5e-3
    binding = both.binding_limit
    assert binding is not None
    assert both.margins[binding.name].margin_si < 0.01


def test_more_by_day_is_not_held(both):
    assert min(flown(both, scale=1.01).values()) < 0.0


def test_the_average_is_that_of_the_longest_night(both):
    night = ts.Environment(**DAWN.environment_values("power")).eclipse.penumbra
    share = night.m_as("s") / DAWN.orbit.period.m_as("s")
    by_hand = both.day_W + share * (both.night_W - both.day_W)
    assert both.average_W == pytest.approx(by_hand, rel=1e-6)
    assert both.average < both.year_average < both.day


def test_the_year_has_the_share_of_its_nights(both):
    calendar = DAWN.orbit.eclipse_calendar(step="1 day")
    share = float(calendar.fraction.mean())
    by_hand = both.day_W + share * (both.night_W - both.day_W)
    assert both.year_average_W == pytest.approx(by_hand, rel=2e-3)


def test_the_heater_works_harder_the_less_is_computed(both):
    powers = [one.power_W for one in both.heater]
    heats = [one.heater_W for one in both.heater]
    assert powers == sorted(powers)
    assert all(more >= less - 1e-6 for more, less in pairwise(heats))
    assert powers[0] == 0.0
    assert heats[0] > 1e3
    assert powers[-1] == both.minimum_power_W
    assert both.heater_case == "cold"
    off = ts.periodic(DAWN, load="0 kW", case="cold")
    mean = off.ledger["freeze heater -> panel inlet"].m_as("J") / off.time[-1].m_as("s")
    assert heats[0] == pytest.approx(mean, rel=1e-2)


def test_without_a_night_both_senses_are_one():
    hot = ts.sustained_average_power(ts.designs.load("leo-53"), cases="hot")
    assert hot.average_W == hot.constant_W == hot.day_W == hot.night_W
    assert hot.curve == ((1.0, hot.constant_W),)


def test_the_answer_can_be_read_and_written(both):
    told = json.loads(json.dumps(both.to_dict()))
    assert told["sustained_average_power_kW"] == both.average_W / 1e3
    assert [point["night_over_day"] for point in told["curve"]] == sorted(x for x, _ in both.curve)
    assert "by day" in repr(both)
    assert not both.certificate.problems() or both.margins


def test_short_nights_weigh_less():
    beta = DAWN.orbit.si.beta_rad([9496.0, 9667.0])
    night = short_s(DAWN, beta, DAWN.orbit.si.sun_distance_au([9496.0, 9667.0]), 1.0)
    assert night[0] == 0.0 < night[1]
