"""The search for the end of the margins, against functions whose zeros are known."""

from __future__ import annotations

import math

import pytest

from thermalsat.capability.search import Found, Point, largest, least


def counted(functions):
    calls = []

    def evaluate(x):
        calls.append(x)
        return {name: f(x) for name, f in functions.items()}

    return evaluate, calls


def test_straight_margins_take_few_evaluations():
    evaluate, calls = counted({"a": lambda x: 100.0 - x, "b": lambda x: 3.0 * (90.0 - x)})
    found = largest(evaluate, low=0.0, first=80.0, high=1e6, tolerance=1e-3)
    assert isinstance(found, Found)
    assert found.binding == "b"
    assert 90.0 - 1e-3 <= found.x <= 90.0
    assert found.root == pytest.approx(90.0, abs=1e-9)
    assert len(calls) <= 4


@pytest.mark.parametrize("first", [1.0, 20.0, 80.0, 119.0, 121.0, 300.0, 900.0])
def test_fourth_root_law(first):
    """A radiator: temperature goes as the fourth root of power."""
    evaluate, calls = counted(
        {"hot": lambda p: 350.0 - 350.0 * (p / 120.0) ** 0.25, "power": lambda p: 500.0 - p}
    )
    found = largest(evaluate, low=0.5, first=first, high=1e4, tolerance=1e-4)
    assert isinstance(found, Found)
    assert 120.0 - 1e-4 <= found.x <= 120.0
    assert found.binding == "hot"
    assert found.at.margins["hot"] >= 0.0
    assert len(calls) <= 22


def test_kink_between_two_limits_and_a_flat_one():
    evaluate, calls = counted(
        {
            "flat": lambda x: 1.0,
            "slow": lambda x: 10.0 - 0.1 * x,
            "late": lambda x: 5.0 if x < 60 else 65.0 - x,
        }
    )
    found = largest(evaluate, low=0.0, first=30.0, high=1e3, tolerance=1e-6)
    assert isinstance(found, Found)
    assert found.binding == "late"
    assert found.x == pytest.approx(65.0, abs=2e-6)
    assert len(calls) < 20


def test_step_is_found_by_halving():
    evaluate, _ = counted({"step": lambda x: 1.0 if x <= math.pi else -1.0})
    found = largest(evaluate, low=0.0, first=1.0, high=10.0, tolerance=1e-6)
    assert isinstance(found, Found)
    assert found.x == pytest.approx(math.pi, abs=3e-6)
    assert found.x <= math.pi
    assert found.binding == "step"


def test_end_of_the_range_has_no_binding_margin():
    evaluate, _ = counted({"a": lambda x: 100.0 - x})
    found = largest(evaluate, low=0.0, first=1.0, high=50.0, tolerance=1e-3)
    assert isinstance(found, Found)
    assert found.x == 50.0
    assert found.binding is None


def test_nothing_holds_at_the_low_end():
    evaluate, _ = counted({"a": lambda x: -1.0 - x, "b": lambda x: 5.0})
    found = largest(evaluate, low=2.0, first=10.0, high=50.0, tolerance=1e-3)
    assert isinstance(found, Point)
    assert found.x == 2.0
    assert found.worst == "a"


def test_values_that_cannot_be_computed_do_not_hold():
    found = largest(
        lambda x: None if x > 7.0 else {"a": 100.0 - x}, low=0.0, first=1.0, high=50.0, tolerance=1e-4
    )
    assert isinstance(found, Found)
    assert found.x == pytest.approx(7.0, abs=2e-4)
    assert found.binding is None


def test_least_is_largest_in_a_mirror():
    evaluate, _ = counted({"cold": lambda x: x**0.25 - 2.0})
    found = least(evaluate, low=0.0, first=100.0, high=1e3, tolerance=1e-5)
    assert isinstance(found, Found)
    assert 16.0 <= found.x <= 16.0 + 1e-5
    assert found.binding == "cold"


def test_a_margin_that_runs_away_does_not_end_the_search_early():
    """Beyond 121 a part runs away: a secant to there seems to end at once."""

    def evaluate(x):
        return {"hot": 0.01 * (120.0 - x) if x < 121.0 else -1e12}

    found = largest(evaluate, low=0.0, first=110.0, high=1e4, tolerance=0.01)
    assert isinstance(found, Found)
    assert 119.98 <= found.x <= 120.0
    assert found.binding == "hot"
