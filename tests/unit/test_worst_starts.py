"""Answers about bursts against bisection over many more starts than the search tries, tightly."""

from __future__ import annotations

import pytest
from capability_models import OneNode

import thermalsat as ts
from thermalsat.capability.bursts import Bursts, Start
from thermalsat.capability.dips import deepest_dip, lowest_near
from thermalsat.capability.peak import find_peak, find_peak_duration
from thermalsat.capability.study import TIGHT_K, Study

TOLERANCE = 4e-4
"""What the search leaves open, of the answer."""


def held(bursts, starts, power_W, duration_s):
    """Whether every start holds; the one that fails is tried first the next time."""
    for start in list(starts):
        burst = bursts.run(start, power_W, duration_s, tolerance_K=TIGHT_K)
        if burst is None or any(limit.margin < 0.0 for limit in burst.limits):
            starts.remove(start)
            starts.insert(0, start)
            return False
    return True


def bisected(holds, low, high, width):
    """Return where `holds` ends, to within `width` below it."""
    assert holds(low)
    assert not holds(high)
    while high - low > width:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def every_start(bursts, number, shift):
    return [Start(case, ((k + shift) / number) % 1.0) for case in bursts.study.cases for k in range(number)]


@pytest.mark.parametrize(
    "made",
    [
        {},
        {"night_s": 2100.0, "array_W": 400e3, "battery_J": 1.2e9, "limit_K": 500.0},
        {"night_s": 2100.0, "array_W": 330e3, "battery_J": 4e9, "limit_K": 345.0},
    ],
    ids=["hot", "empty", "recovery"],
)
def test_one_node(made):
    bursts = Bursts(Study({"hot": OneNode(step_s=60.0, **made)}, 120e3), 120e3, 3)
    found = find_peak(bursts, 1500.0)
    starts = [found.burst.start, *bursts.starts(1500.0, 36)]
    exact = bisected(lambda power: held(bursts, starts, power, 1500.0), 120e3, 2.0 * found.x, 10.0)
    assert found.x == pytest.approx(exact, rel=TOLERANCE)


@pytest.fixture(scope="module")
def bursts():
    sat = ts.designs.load("dawn-dusk").replace({"radiator.cells": [8, 2]}).resized("250 m^2")
    return Bursts(Study.of(sat), 120e3, 3)


def test_peak_of_a_satellite(bursts):
    found = find_peak(bursts, 900.0, first_W=150e3)
    starts = [found.burst.start, *every_start(bursts, 16, 0.3)]
    exact = bisected(
        lambda power: held(bursts, starts, power, 900.0), 0.99 * found.x, 1.01 * found.x, 1e-4 * found.x
    )
    assert found.x == pytest.approx(exact, rel=TOLERANCE)


def test_duration_of_a_satellite(bursts):
    found = find_peak_duration(bursts, 150e3)
    starts = [found.burst.start, *every_start(bursts, 16, 0.6)]
    exact = bisected(
        lambda duration: held(bursts, starts, 150e3, duration), 0.96 * found.x, 1.04 * found.x, 2e-4 * found.x
    )
    # at the limit a kilowatt changes the duration by several times its own part
    assert found.x == pytest.approx(exact, rel=5.0 * TOLERANCE)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["leo-53", "dawn-dusk"])
@pytest.mark.parametrize("duration_s", [120.0, 600.0, 2000.0, 9000.0])
def test_peak_of_a_shipped_design(name, duration_s):
    bursts = Bursts(Study.of(ts.designs.load(name)), 120e3, 3)
    found = find_peak(bursts, duration_s)
    starts = [found.burst.start, *every_start(bursts, 48, 0.3)]
    exact = bisected(
        lambda power: held(bursts, starts, power, duration_s), 0.99 * found.x, 1.01 * found.x, 1e-4 * found.x
    )
    assert found.x == pytest.approx(exact, rel=TOLERANCE)


def test_a_dip_between_two_phases_is_suspected():
    """|phase - 0.45| has its corner where the lines beside it meet."""
    depth, phase = deepest_dip([(k / 10.0, {"m": abs(k / 10.0 - 0.45)}) for k in range(10)])
    assert depth == pytest.approx(0.0, abs=1e-12)
    assert phase == pytest.approx(0.45)


def test_the_lowest_value_is_found_beside_a_phase():
    assert lowest_near(lambda x: (x - 0.31) ** 2, 0.2, 0.04, 1e-9) == pytest.approx(0.31, abs=2e-3)


def test_a_duration_and_the_peak_for_it_agree_where_the_worst_start_lies_between_phases():
    """The coolant alone limits `leo-53` with a large battery: from the grid's start at 0.917, 150 kW is held
    5 % longer than from 0.949."""
    sat = ts.designs.load("leo-53").replace("battery.capacity", "500 kWh")
    sat = sat.replace("cases", [sat.case("hot")])
    held = ts.peak_duration(sat, power="150 kW")
    top = ts.peak_power(sat, duration=held.duration)
    assert top.power_W == pytest.approx(150e3, rel=4e-4)
