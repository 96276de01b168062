"""The top of a concave function: of tents, of parabolas, of roofs of many lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thermalsat.mission.concave import maximum

slopes = st.floats(0.05, 50.0)


@given(peak=st.floats(0.02, 0.98), rise=slopes, fall=slopes)
def test_a_tent_is_found_at_its_top(peak, rise, fall):
    calls = []

    def tent(x):
        calls.append(x)
        return min(rise * (x - peak), fall * (peak - x))

    x, value = maximum(tent, 0.0, 1.0, 1e-2)
    assert value == pytest.approx(0.0, abs=1e-2)
    assert value == tent(x)
    assert len(calls) <= 20


@given(
    lines=st.lists(st.tuples(st.floats(-20.0, 20.0), st.floats(0.0, 5.0)), min_size=2, max_size=6),
)
def test_a_roof_of_lines_is_found_against_a_fine_scan(lines):
    def roof(x):
        return min(slope * (x - 0.5) + height for slope, height in lines)

    _, value = maximum(roof, 0.0, 1.0, 0.02, max_evaluations=40)
    assert value >= max(roof(k / 2000.0) for k in range(2001)) - 0.03


@given(peak=st.floats(-0.5, 1.5))
def test_a_parabola_is_found_inside_or_at_an_end(peak):
    x, value = maximum(lambda x: -((x - peak) ** 2), 0.0, 1.0, 1e-4, max_evaluations=40)
    nearest = min(max(peak, 0.0), 1.0)
    assert value == pytest.approx(-((nearest - peak) ** 2), abs=2e-4)
    assert 0.0 <= x <= 1.0


def test_what_is_known_is_not_evaluated_again():
    asked = []
    maximum(lambda x: asked.append(x) or -abs(x - 0.3), 0.0, 1.0, 1e-6, known=[(0.0, -0.3), (1.0, -0.7)])
    assert 0.0 not in asked
    assert 1.0 not in asked
