"""Requirement, limits, design cases."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from thermalsat.cases import DesignCase, Limits, Requirement
from thermalsat.errors import DesignError, InputError

HOT = {"name": "hot", "ageing": "eol", "albedo": 0.35, "earth_ir": "250 W/m^2", "date": "2026-12-21"}


def test_the_peak_is_not_below_the_sustained_power():
    with pytest.raises(DesignError, match=r"`requirement.peak` must not be below `requirement.sustained`"):
        Requirement(sustained="120 kW", peak="119 kW")


def test_limits_may_not_cross():
    with pytest.raises(DesignError) as caught:
        Limits(
            array_minimum="120 degC",
            array_maximum="110 degC",
            coolant_minimum="60 degC",
            coolant_maximum="50 degC",
        )
    assert [fault.split("`")[1] for fault in caught.value.faults] == [
        "limits.array_minimum",
        "limits.coolant_minimum",
    ]


@pytest.mark.parametrize(
    "moment",
    [
        "2026-12-21",
        "2026-12-21T00:00:00Z",
        date(2026, 12, 21),
        datetime(2026, 12, 21),
        datetime(2026, 12, 21, 1, tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_dates_are_read_as_universal_time(moment):
    case = DesignCase(**HOT | {"date": moment})
    assert case.date == datetime(2026, 12, 21, tzinfo=UTC)
    assert case == DesignCase(**HOT)


def test_an_hour_is_kept():
    assert DesignCase(**HOT | {"date": "2026-12-21T06:30:00"}).date.hour == 6


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ageing": "old"}, '`ageing` must be one of "bol", "eol"'),
        ({"date": "21.12.2026"}, r'`date` must be a date such as "2026-12-21", got \'21.12.2026\''),
        ({"date": 2026}, "`date` must be a date"),
        ({"albedo": 1.3}, "`albedo` must be between 0 and 1, got 1.3"),
        ({"beta": "91 deg"}, "`beta` must be between"),
        ({"enveloped": True}, "`cases.hot.solar_flux` must be given together with"),
        ({"solar_flux": "1400 W/m^2"}, "`cases.hot.solar_flux` must be given together with"),
    ],
)
def test_a_bad_case_is_refused(change, message):
    with pytest.raises(InputError, match=message):
        DesignCase(**HOT | change)
