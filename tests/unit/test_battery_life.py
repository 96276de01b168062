"""Nights, energies and fade of a battery: against hand calculations, and by their laws."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermalsat as ts
from thermalsat.errors import InfeasibleError, InputError
from thermalsat.mission.fade import fade_law, grown
from thermalsat.mission.nights import STEPS_A_YEAR, Nights, first_day, short_s

LEO = ts.designs.load("leo-53")
DAWN = ts.designs.load("dawn-dusk")
NEW_kWh = LEO.battery.capacity_J / 3.6e6
MU, RADIUS = 398600.4418e9, 6378137.0


def nights(drawn_kWh, years=5.0):
    count = math.ceil(years * STEPS_A_YEAR)
    return Nights(
        days=np.arange(float(count)),
        night_s=np.full(count, 2000.0),
        drawn_J=np.full(count, drawn_kWh * 3.6e6),
        power_W=1.3e5,
    )


@pytest.fixture(scope="module")
def life():
    return ts.battery_life(LEO)


def test_the_longest_night_at_550_km_by_hand(life):
    # beta 0, cylinder: half the arc is asin(R / r); the penumbra is 17 s, counted in proportion
    r = RADIUS + 550e3
    period = 2 * math.pi * math.sqrt(r**3 / MU)
    night = period * math.asin(RADIUS / r) / math.pi
    assert life.longest_night.m_as("s") == pytest.approx(night, abs=2.0)
    # 120 kW through the converter, with housekeeping and pump, from the store at 0.95
    energy = (120e3 / 0.96 + 4e3 + 2e3) * night / 0.95
    assert life.night_energy.m_as("J") == pytest.approx(energy, rel=3e-3)


def test_the_nights_of_dawn_dusk_by_hand():
    # 650 km, LTAN 18:00, about 90 days a year of nights of up to 19.7 min: 20 min in the brochures' place
    found = ts.battery_life(DAWN, years=1)
    r = RADIUS + 650e3
    per_day = 86400.0 / (2 * math.pi * math.sqrt(r**3 / MU))
    days = float(found.cycles_per_year[0]) / per_day
    calendar = DAWN.orbit.eclipse_calendar(shadow="conical")
    assert days == pytest.approx(calendar.season.m_as("day"), abs=2.0)
    assert found.longest_night.m_as("min") == pytest.approx(calendar.longest.m_as("min"), abs=0.02)
    energy = (120e3 / 0.96 + 6e3) * calendar.longest.m_as("s") / 0.95
    # in the long twilight of a grazing night the array gives some of it
    assert found.night_energy.m_as("J") < energy
    assert found.night_energy.m_as("J") == pytest.approx(energy, rel=1e-2)


def test_the_depth_is_that_of_the_periodic_state(life):
    case = LEO.case("power")
    orbit = ts.periodic(LEO, load="120 kW", case=case)
    depth = 1.0 - float(orbit.state_of_energy.m_as("").min())
    eol_kWh = LEO.battery.capacity_at_J("eol") / 3.6e6
    assert life.night_energy.m_as("kWh") == pytest.approx(depth * eol_kWh, rel=2e-3)


def test_the_answer_adds_up(life):
    assert life.depth_cycles.sum() == pytest.approx(life.cycles, rel=1e-12)
    assert life.remaining[0] == 1.0
    assert life.fade_per_year.sum() == pytest.approx(1.0 - life.end_of_life, abs=1e-12)
    assert life.capacity_at_end.m_as("kWh") == pytest.approx(NEW_kWh * life.end_of_life)
    assert len(life.time) == len(life.capacity) == 6
    told = json.loads(json.dumps(life.to_dict()))
    assert told["end_of_life"] == life.end_of_life
    assert "sustained then" in repr(life)


def test_the_sustained_power_is_that_of_the_aged_design(life):
    aged = LEO.replace({"battery.end_of_life": life.end_of_life, "array.end_of_life": 0.88})
    assert life.sustained.power_W == ts.sustained_power(aged).power_W


@settings(max_examples=15)
@given(small=st.floats(5.0, 100.0), large=st.floats(5.0, 100.0))
def test_more_depth_is_more_fade(small, large):
    law, _, _ = fade_law("space")
    small, large = sorted((small, large))
    low = grown(LEO, law, nights(small), 298.15, 5.0)
    high = grown(LEO, law, nights(large), 298.15, 5.0)
    assert (high.remaining <= low.remaining).all()


@settings(max_examples=15)
@given(years=st.floats(0.01, 8.0), drawn=st.floats(0.0, 100.0))
def test_capacity_falls_through_the_years(years, drawn):
    law, _, _ = fade_law("space")
    found = grown(LEO, law, nights(drawn, years), 298.15, years)
    assert (np.diff(found.remaining) < 0.0).all()
    assert found.time_years[-1] == years
    assert len(found.remaining) == len(found.cycles) + 1
    per_year = STEPS_A_YEAR * 86400.0 * (365.25 / STEPS_A_YEAR) / LEO.orbit.si.period_s
    assert found.cycles.sum() == pytest.approx(years * per_year if drawn else 0.0, rel=1e-9)


def test_days_as_steps_are_short_enough():
    # one step of 1/73 year against 1/365: the explicit steps have converged
    law, _, _ = fade_law("space")
    fine = grown(LEO, law, nights(80.0, 1.0), 298.15, 1.0).remaining[-1]
    left, stress = 1.0, 0.0
    for _ in range(73):
        depth = 80.0 / (NEW_kWh * left)
        count = 5 * 365.25 / 365 * 86400.0 / LEO.orbit.si.period_s
        stress += law.stress(count, depth, 5 * 365.25 / 365 * 86400.0, 298.15)
        left = law.remaining(stress)
    assert fine == pytest.approx(left, abs=1e-4)


@given(beta=st.floats(0.0, 1.5), ratio=st.floats(1.0, 5.0))
def test_a_larger_array_shortens_the_time_it_falls_short(beta, ratio):
    at = np.array([beta]), np.array([1.0])
    night = float(short_s(DAWN, *at, 1.0)[0])
    short = float(short_s(DAWN, *at, ratio)[0])
    assert 0.0 <= short <= night + 1e-9
    share = (
        DAWN.orbit.si.period_s
        * ts.Orbit.from_beta(altitude="650 km", beta=ts.Q(beta, "rad")).eclipse().fraction
    )
    assert night == pytest.approx(share, abs=0.02)


def test_an_orbit_without_nights_has_no_cycles():
    # a Sun-synchronous orbit over the terminator at 1700 km sees the Sun all year
    orbit = ts.Orbit.sun_synchronous(altitude="1700 km", ltan="18:00", epoch="2026-01-01")
    always = DAWN.replace("orbit", orbit)
    found = Nights.of(always, 1.0, ts.Load.constant("120 kW"))
    assert not found.drawn_J.any()
    law, _, _ = fade_law("space")
    left = grown(always, law, found, 298.15, 1.0).remaining[-1]
    assert left == pytest.approx(math.exp(-4.42612e-11 * 365.25 * 86400 * math.exp(0.52)), rel=1e-9)


def test_first_day_is_the_epoch():
    assert first_day(LEO) == pytest.approx(9496.5)  # 2026-01-01 00:00 after 2000-01-01 12:00


def test_a_battery_that_is_too_small_is_told_with_what_to_do():
    law, _, _ = fade_law("space")
    with pytest.raises(InfeasibleError, match=r"does not last 5 years.*enlarge `battery.capacity`"):
        grown(LEO, law, nights(300.0), 298.15, 5.0)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"years": 0}, "`years` must be a number above 0"),
        ({"years": True}, "`years`"),
        ({"years": 51.0}, "at most 50"),
        ({"cell": "lead"}, "cell with a law of fade"),
        ({"temperature": "0 degC"}, "between 15 and 60 degC"),
        ({"temperature": 25}, "`temperature`"),
    ],
)
def test_what_does_not_fit_is_refused(options, match):
    with pytest.raises((InputError, ValueError), match=match):
        ts.battery_life(LEO, **options)


def test_a_burst_is_no_load_for_the_years():
    burst = ts.Load.burst(base="120 kW", peak="150 kW", start="1 min", duration="1 min")
    with pytest.raises(InputError, match="constant or different by day and night"):
        ts.battery_life(LEO, load=burst)


def test_less_power_by_night_is_less_fade():
    full = ts.battery_life(DAWN, years=1)
    less = ts.battery_life(DAWN, years=1, load=ts.Load.day_night(day="120 kW", night="36 kW"))
    assert less.night_energy < 0.4 * full.night_energy
    assert less.end_of_life > full.end_of_life
