"""Loads as they are typed."""

from __future__ import annotations

import pytest

import thermalsat as ts
from thermalsat.cli.loadtext import default_load, read_load
from thermalsat.errors import InputError

SAT = ts.designs.load("leo-53")


@pytest.mark.parametrize(
    ("text", "load"),
    [
        ("120 kW", ts.Load.constant("120 kW")),
        (" 0.12 MW ", ts.Load.constant("120 kW")),
        ("sustained", ts.Load.constant("120 kW")),
        ("Idle", ts.Load.constant("36 kW")),
        ("peak", ts.Load.constant("150 kW")),
        (
            "burst 150 kW at 10 min for 12 min base 120 kW",
            ts.Load.burst(base="120 kW", peak="150 kW", start="10 min", duration="12 min"),
        ),
        (
            "burst 140kW base 100 kW for 0.1 day at 0.5 day",
            ts.Load.burst(base="100 kW", peak="140 kW", start="12 h", duration="2.4 h"),
        ),
        ("burst 150 kW", ts.Load.burst(base="120 kW", peak="150 kW", start="0 s", duration="10 min")),
        ("day 120 kW night 80 kW", ts.Load.day_night(day="120 kW", night="80 kW")),
        ("day 120 kW", ts.Load.day_night(day="120 kW", night="36 kW")),
    ],
)
def test_a_text_is_the_load_it_says(text, load):
    assert read_load(text, SAT) == load


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("120", "`load`"),
        ("120 m", "`load`"),
        ("lots", "`load`"),
        ("burst", "got 'burst'"),
        ("burst lots", "got 'burst lots'"),
        ("burst 150", "`peak`"),
        ("burst 150 kW at 10", "`start`"),
        ("burst nan kW", "nan kW"),
        ("burst 150 kW base 160 kW", "must not be below `base`"),
        ("burst 150 kW night 3 kW", "'night' does not belong"),
        ("burst 150 kW at 1 min at 2 min", "'at' does not belong"),
        ("day 3 kW for 2 min", "'for' does not belong"),
        ("burst -150 kW", "`peak`"),
    ],
)
def test_a_text_that_is_no_load_is_refused(text, wanted):
    with pytest.raises(InputError) as caught:
        read_load(text, SAT)
    assert wanted in str(caught.value)


def test_the_default_is_the_burst_of_the_requirement():
    assert default_load(SAT) == ts.Load.burst(base="120 kW", peak="150 kW", start="10 min", duration="10 min")
