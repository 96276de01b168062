"""`Orbit`: what it accepts, what it refuses, and its answers against independent codes."""

import dataclasses
import math
import pickle
import sys

import numpy as np
import pytest

from thermalsat.errors import InputError, MissingExtraError
from thermalsat.orbit import Orbit, illumination_fraction, shadow_fraction
from thermalsat.units import Q, UnitsError

# ISS (ZARYA), epoch 2008 day 264: the set printed in the python-sgp4 documentation.
LINE1 = "1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927"
LINE2 = "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537"


def with_checksum(line):
    digits = sum(int(c) if c.isdigit() else c == "-" for c in line[:-1])
    return line[:-1] + str(digits % 10)


def leo(**changes):
    arguments = {"altitude": "550 km", "inclination": "53 deg", "raan": "10 deg", "epoch": "2026-06-21"}
    return Orbit(**(arguments | changes))


def test_beta_agrees_with_the_erfa_sun():
    """Orbit normal in the equator of date against ERFA epv00 and pnm06a; the almanac is good to 0.017 deg."""
    erfa = pytest.importorskip("erfa")
    orbit = leo()
    epochs = ["2026-06-21", "2026-09-01T06:00:00", "2027-03-15"]
    for epoch in epochs:
        elapsed = (np.datetime64(epoch) - np.datetime64("2026-06-21")) / np.timedelta64(1, "D")
        days = orbit.si.days(None) + elapsed
        heliocentric, _ = erfa.epv00(2451545.0, days)
        sun = erfa.pnm06a(2451545.0, days) @ -heliocentric["p"]
        node = orbit.raan_at(epoch).m_as("rad")
        i = math.radians(53)
        normal = np.array([math.sin(i) * math.sin(node), -math.sin(i) * math.cos(node), math.cos(i)])
        expected = math.degrees(math.asin(normal @ sun / np.linalg.norm(sun)))
        assert orbit.beta(epoch).m_as("deg") == pytest.approx(expected, abs=0.017)


def test_node_of_the_550_km_53_deg_orbit_drifts_by_about_minus_4_5_deg_a_day():
    """-2.06474e14 a^-3.5 cos i deg/day with a in km (Larson and Wertz, Space Mission Analysis and Design)."""
    expected = -2.06474e14 * (6378.137 + 550) ** -3.5 * math.cos(math.radians(53))
    assert leo().node_drift.m_as("deg/day") == pytest.approx(expected, rel=2e-4)
    moved = leo().raan_at("2026-07-01").m_as("deg")
    assert moved == pytest.approx(10 + 10 * expected + 360, abs=0.01)


def test_sun_synchronous_orbit_keeps_its_local_time():
    orbit = Orbit.sun_synchronous(altitude="650 km", ltan="10:30", epoch="2026-01-01")
    for epoch in ("2026-01-01", "2026-07-01", "2030-12-31"):
        assert orbit.ltan_at(epoch).m_as("h") == pytest.approx(10.5, abs=1e-6)


def test_node_by_local_time_and_by_right_ascension_agree():
    by_time = Orbit(altitude="600 km", inclination="50 deg", ltan="06:00", epoch="2026-03-20")
    again = Orbit(altitude="600 km", inclination="50 deg", raan=by_time.raan_at(), epoch="2026-03-20")
    assert again.ltan_at().m_as("h") == pytest.approx(6.0, abs=1e-9)
    assert again.beta().m_as("deg") == pytest.approx(by_time.beta().m_as("deg"), abs=1e-9)


def test_a_sequence_of_dates_gives_an_array():
    beta = leo().beta(["2026-06-21", "2026-06-22"])
    assert beta.m_as("deg").shape == (2,)
    assert beta[0].m_as("deg") == leo().beta().m_as("deg")


def test_beta_orbit_is_the_same_on_every_date_and_has_the_sun_at_one_au():
    orbit = Orbit.from_beta(altitude="550 km", beta="-75 deg")
    assert orbit.beta().m_as("deg") == pytest.approx(-75)
    assert orbit.beta("2030-01-01").m_as("deg") == pytest.approx(-75)
    assert orbit.sun_distance().m_as("au") == 1.0
    dated = Orbit.from_beta(altitude="550 km", beta="-75 deg", epoch="2026-01-03")
    assert dated.sun_distance().m_as("au") == pytest.approx(0.98330, abs=1e-4)
    assert Orbit.from_beta(altitude="550 km", beta="90 deg").eclipse().fraction == 0.0
    assert repr(Orbit.from_beta(altitude="550 km", beta="90 deg").eclipse()).startswith("<Eclipse: none")


def test_eclipse_parts_fit_together():
    orbit = Orbit.from_beta(altitude="550 km", beta="20 deg")
    night = orbit.eclipse()
    entry, dark, light, out = night.edge_times.m_as("s")
    assert (out - entry) / 60 == pytest.approx(night.penumbra.m_as("min"))
    assert (light - dark) / 60 == pytest.approx(night.umbra.m_as("min"))
    assert dark - entry == pytest.approx(night.crossing.m_as("s"))
    assert (entry + out) / 2 == pytest.approx(orbit.period.m_as("s") / 2)
    assert night.umbra < night.duration < night.penumbra
    assert night.fraction == pytest.approx(night.duration.m_as("s") / orbit.period.m_as("s"))
    sharp = orbit.eclipse(shadow="cylindrical")
    assert sharp.edge_times.m_as("s").shape == (2,)
    assert sharp.fraction == pytest.approx(night.fraction, rel=2e-3)
    assert "min" in repr(night)


def test_grazing_orbit_meets_the_penumbra_only():
    night = Orbit.from_beta(altitude="550 km", beta="67.15 deg").eclipse()
    assert night.umbra.m_as("s") == 0.0
    assert 0.0 < night.duration < night.penumbra
    assert night.edge_times.m_as("s").shape == (2,)


def test_edges_are_where_the_light_of_the_public_shadow_function_changes():
    """Within a millisecond of the contacts, seen through `illumination_fraction` of positions."""
    orbit = Orbit.from_beta(altitude="550 km", beta="20 deg")
    sun = Q([math.cos(math.radians(20)), 0.0, math.sin(math.radians(20))], "au")

    def light(time_s):
        angle = 2 * math.pi * time_s / orbit.period.m_as("s")
        place = 6928.137 * np.array([math.cos(angle), math.sin(angle), 0.0])
        return illumination_fraction(Q(place, "km"), sun)

    entry, dark, leaving, out = orbit.eclipse().edge_times.m_as("s")
    assert light(entry - 1e-3) == 1.0 > light(entry + 1e-3)
    assert light(dark - 1e-3) > 0.0 == light(dark + 1e-3)
    assert light(leaving - 1e-3) == 0.0 < light(leaving + 1e-3)
    assert light(out - 1e-3) < 1.0 == light(out + 1e-3)


def test_calendar_counts_the_season_and_finds_the_longest_night():
    orbit = Orbit.sun_synchronous(altitude="600 km", ltan="18:00", epoch="2026-01-01")
    calendar = orbit.eclipse_calendar(span="1 year", step="0.5 day")
    assert len(calendar.epochs) == len(calendar.beta) == len(calendar.fraction) == 731
    assert calendar.season.m_as("day") == np.count_nonzero(calendar.fraction) / 2
    night = orbit.eclipse(calendar.longest_epoch)
    assert night.duration.m_as("s") == pytest.approx(calendar.longest.m_as("s"), abs=1e-3)
    assert calendar.max_beta.m_as("deg") == pytest.approx(np.abs(calendar.beta.m_as("deg")).max())
    assert "longest 20.69 min" in repr(calendar)
    epochs, beta = orbit.beta_over_year(span="10 day", start="2026-02-01")
    assert epochs[0] == "2026-02-01T00:00:00"
    assert len(epochs) == len(beta) == 10


def test_two_line_elements():
    """The ISS set: 15.72 revolutions a day, 51.6416 deg, epoch 2008-09-20 12:25:40 (python-sgp4 README)."""
    sgp4 = pytest.importorskip("sgp4")
    orbit = Orbit.from_tle(LINE1, LINE2 + "\n")
    assert orbit.epoch == "2008-09-20T12:25:40.104"
    assert orbit.inclination.m_as("deg") == pytest.approx(51.6416)
    assert orbit.raan.m_as("deg") == pytest.approx(247.4627)
    assert orbit.altitude.m_as("km") == pytest.approx(353, abs=5)
    assert orbit.period.m_as("min") == pytest.approx(1440 / 15.72125391, rel=1e-3)
    per_minute = sgp4.api.Satrec.twoline2rv(LINE1, LINE2).nodedot  # with J2 squared and J4
    assert orbit.node_drift.m_as("rad/min") == pytest.approx(per_minute, rel=3e-3)


@pytest.mark.parametrize(
    ("line1", "line2", "message"),
    [
        (LINE1[:-1] + "8", LINE2, "cannot be read: .*checksum"),
        (LINE1[:-1], LINE2, "`line1` must be 69 characters"),
        (LINE2, LINE1, "`line1` must be 69 characters and start with 1"),
        (LINE1, LINE2.replace("25544", "25545"), "different satellites"),
        (LINE1, with_checksum(LINE2.replace("0006703", "0506703")), "nearly circular, .*got 0.0507"),
        (LINE1, with_checksum(LINE2.replace("15.72125391", "99.72125391")), "cannot be used"),
        (LINE1, with_checksum(LINE2.replace("15.72125391", "15x72125391")), "`line2` cannot be read"),
        (12, LINE2, "`line1` must be a text"),
    ],
)
def test_two_line_elements_that_are_refused(line1, line2, message):
    pytest.importorskip("sgp4")
    with pytest.raises(InputError, match=message):
        Orbit.from_tle(line1, line2)


def test_two_line_elements_without_sgp4_name_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "sgp4.api", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'thermalsat\[tle\]'"):
        Orbit.from_tle(LINE1, LINE2)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"altitude": 550}, UnitsError, "`altitude`"),
        ({"altitude": "-1 km"}, InputError, "`altitude` must be above zero"),
        ({"altitude": "550 kg"}, UnitsError, "`altitude`"),
        ({"inclination": 53}, UnitsError, "`inclination`"),
        ({"inclination": "181 deg"}, InputError, "`inclination` must be between 0 and 180 deg, got 181 deg"),
        ({"inclination": None}, InputError, "`inclination` is missing"),
        ({"raan": None}, InputError, "one of `raan`"),
        ({"ltan": "18:00"}, InputError, "one of `raan`"),
        ({"raan": None, "ltan": "25:00"}, InputError, "`ltan` must be between 0 and 24 h"),
        ({"raan": None, "ltan": "12:75"}, InputError, "`ltan` must be a time of day"),
        ({"raan": None, "ltan": 18}, UnitsError, "`ltan`"),
        ({"epoch": None}, InputError, "`epoch` is missing"),
        ({"epoch": "midsummer"}, InputError, "`epoch` must be an ISO date"),
        ({"fixed_beta": "3 deg"}, InputError, "cannot both be given"),
    ],
)
def test_refusals(changes, error, message):
    with pytest.raises(error, match=message):
        leo(**changes)


def test_more_refusals():
    with pytest.raises(InputError, match="`beta` must be between -90 and 90 deg"):
        Orbit.from_beta(altitude="550 km", beta="91 deg")
    with pytest.raises(InputError, match="`altitude` must be below about 5970 km"):
        Orbit.sun_synchronous(altitude="6000 km", ltan="18:00", epoch="2026-01-01")
    with pytest.raises(InputError, match="`shadow` must be"):
        leo().eclipse(shadow="round")
    with pytest.raises(InputError, match="`epoch` is needed"):
        Orbit.from_beta(altitude="550 km", beta="1 deg").eclipse_calendar()
    with pytest.raises(InputError, match="no node"):
        Orbit.from_beta(altitude="550 km", beta="1 deg", epoch="2026-01-01").raan_at()
    with pytest.raises(UnitsError, match="`r_sat"):
        shadow_fraction([7e6, 0, 0], ["1 au", "0 m", "0 m"])
    with pytest.raises(InputError, match="`r_sat` must hold vectors of three lengths"):
        shadow_fraction("7000 km", ["1 au", "0 m", "0 m"])


def test_orbits_are_frozen_equal_by_value_and_pickle():
    orbit = leo()
    with pytest.raises(dataclasses.FrozenInstanceError):
        orbit.altitude = "1 km"
    assert repr(orbit).startswith("<Orbit: altitude 550 km, inclination 53 deg, raan 10 deg, epoch 2026")
    again = pickle.loads(pickle.dumps(orbit))
    assert again == orbit
    assert again.si == orbit.si
    assert leo(altitude="0.55 Mm") == orbit
    higher = dataclasses.replace(orbit, altitude="600 km")
    assert higher.period > orbit.period
    assert higher.raan == orbit.raan


def test_speed_is_the_circumference_over_the_period():
    orbit = leo()
    length_m = (orbit.speed * orbit.period).m_as("m")
    assert length_m == pytest.approx(2 * math.pi * 6928137.0, rel=1e-12)
