"""Loads: the powers they ask for and when."""

import pickle

import numpy as np
import pytest

from thermalsat.errors import InputError
from thermalsat.forcing import Table
from thermalsat.load import Load
from thermalsat.units import Q, UnitsError

BURST = Load.burst(base="120 kW", peak="150 kW", start="10 min", duration="12 min")
PROFILE = Load.profile(Table(["0 min", "30 min"], ["120 kW", "150 kW"], kind="step", period="90 min"))


def test_constant():
    load = Load.constant("120 kW")
    np.testing.assert_array_equal(load.pieces()([-1e6, 0.0, 1e6]), 120e3)
    assert load.periodic
    assert load.base.m_as("kW") == 120.0


def test_a_burst_rises_once_and_falls():
    pieces = BURST.pieces()
    times = [-1e5, 599.999, 600.0, 1319.999, 1320.0, 1e6]
    np.testing.assert_array_equal(pieces(times), [120e3, 120e3, 150e3, 150e3, 120e3, 120e3])
    np.testing.assert_array_equal(pieces.breakpoints, [600.0, 1320.0])
    assert pieces(600.0, side="left") == 120e3
    assert (BURST.base_W, BURST.peak_W, BURST.periodic) == (120e3, 150e3, False)


def test_a_burst_at_once_has_the_base_before_it():
    pieces = Load.burst(base="1 W", peak="2 W", start="0 s", duration="5 s").pieces()
    np.testing.assert_array_equal(pieces([0.0, 4.9, 5.0]), [2.0, 2.0, 1.0])
    assert pieces(0.0, side="left") == 1.0


def test_day_and_night_follow_the_shadow_across_the_end_of_the_orbit():
    load = Load.day_night(day="120 kW", night="60 kW")
    pieces = load.pieces(nights=[(5000.0, 6500.0)], period_s=5700.0)
    np.testing.assert_array_equal(
        pieces([0.0, 799.0, 801.0, 4999.0, 5001.0, 5701.0]), np.array([60, 60, 120, 120, 60, 60]) * 1e3
    )
    assert load.periodic
    assert load.peak_W == 120e3


def test_without_a_night_there_is_only_day():
    pieces = Load.day_night(day="120 kW", night="60 kW").pieces(nights=[], period_s=5700.0)
    assert pieces.is_constant
    assert pieces(0.0) == 120e3


def test_a_profile_starts_from_its_mean():
    assert PROFILE.base_W == pytest.approx((120e3 * 30 + 150e3 * 60) / 90)
    assert PROFILE.peak_W == 150e3
    assert PROFILE.periodic
    assert not Load.profile(Table(["0 s", "9 s"], ["1 kW", "2 kW"])).periodic


@pytest.mark.parametrize(
    "load", [Load.constant("5 kW"), BURST, PROFILE, Load.day_night(day="2 W", night="1 W")]
)
def test_a_load_is_a_value(load):
    again = pickle.loads(pickle.dumps(load))
    assert again == load
    assert hash(again) == hash(load)
    assert load != Load.constant("4 kW")


def test_what_stands_for_a_load():
    assert Load.of("120 kW") == Load.of(Q(120, "kW")) == Load.of(Load.constant("120000 W"))
    assert Load.of(BURST) is BURST
    assert Load.of(Table(["0 s", "9 s"], ["1 kW", "2 kW"])).kind == "profile"


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Load.of(120e3), UnitsError, '`load` must be a power with a unit, e.g. "120000.0 kW"'),
        (lambda: Load.constant("-1 kW"), InputError, "`power` must not be negative"),
        (lambda: Load.constant(["1 kW", "2 kW"]), InputError, "use Load.profile"),
        (
            lambda: Load.burst(base="2 W", peak="1 W", start="0 s", duration="1 s"),
            InputError,
            "`peak` must not be below",
        ),
        (
            lambda: Load.burst(base="1 W", peak="2 W", start="-1 s", duration="1 s"),
            InputError,
            "`start` must not be",
        ),
        (
            lambda: Load.burst(base="1 W", peak="2 W", start="0 s", duration="0 s"),
            InputError,
            "`duration` must be above",
        ),
        (lambda: Load.profile("120 kW"), InputError, "must be a Table or a Function"),
        (
            lambda: Load.profile(Table(["0 s", "9 s"], ["1 W", "-1 W"])),
            InputError,
            "must not be negative, got -1 W",
        ),
        (lambda: Load.day_night(day="1 W", night="1 W").pieces(), InputError, "`period_s` must be given"),
    ],
)
def test_a_bad_load_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()
