"""The law of fade against its paper, its maker's bounds and published tests; its laws by property."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thermalsat.errors import InputError
from thermalsat.mission.fade import fade_law

FIVE_YEARS_S = 5 * 365.25 * 86400.0
CELLS = ("space", "LMO")
REFERENCE_K = 298.15

depths = st.floats(0.001, 1.0)
states = st.floats(0.0, 1.0)
kelvins = st.floats(288.15, 333.15)


def test_the_cell_of_the_paper_by_the_papers_equations():
    # Xu et al. 2018, parameters of the LMO cell, worked out here from the equations as printed
    law, name, _ = fade_law("LMO")
    assert name == "LMO"
    for cycles, depth, state, kelvin in ((1000, 1.0, 0.5, 298.15), (5000, 0.3, 0.85, 308.15)):
        of_depth = 1.0 / (1.40e5 * depth**-5.01e-1 - 1.23e5)
        of_state = math.exp(1.04 * (state - 0.5))
        of_heat = math.exp(6.93e-2 * (kelvin - 298.15) * 298.15 / kelvin)
        stress = cycles * of_depth * of_state * of_heat
        lost = 1.0 - 5.75e-2 * math.exp(-121 * stress) - (1 - 5.75e-2) * math.exp(-stress)
        found = cycles * law.cycle_stress(depth) * law.weight(state, kelvin)
        assert 1.0 - law.remaining(found) == pytest.approx(lost, rel=1e-12)


def test_time_alone_is_the_papers_rate():
    law, _, _ = fade_law("LMO")
    year = law.stress(0.0, 0.0, 365.25 * 86400.0, REFERENCE_K)
    assert year == pytest.approx(4.14e-10 * 365.25 * 86400.0 * math.exp(1.04 * 0.5), rel=1e-12)


def test_the_space_cell_meets_its_makers_bounds_for_five_years():
    # ESA ARTES, Saft VES180: LEO at 30 % depth for five years, cycling < 20 %, calendar < 1 %
    law, _, records = fade_law("space")
    cycling = law.remaining(27_500 * law.cycle_stress(0.30) * law.weight(0.85, REFERENCE_K))
    ageing = law.remaining(law.calendar_rate_per_s * FIVE_YEARS_S * law.weight(0.85, REFERENCE_K))
    assert cycling == pytest.approx(0.80, abs=1e-5)
    assert ageing == pytest.approx(0.99, abs=1e-6)
    assert {record.kind for record in records} == {"source", "derived", "assumed"}


def test_the_space_cell_survives_the_published_test_of_another_maker():
    # Imamura et al. (GS Yuasa), 27th Space Energy Symposium (ISAS/JAXA 2008):
    # 40 000 cycles, 7 years, 25 % depth, passed
    law, _, _ = fade_law("space")
    left = law.remaining(law.stress(40_000, 0.25, 7 * 365.25 * 86400.0, REFERENCE_K))
    assert 0.70 < left < 0.80
    harder, _, _ = fade_law("LMO")
    assert harder.remaining(harder.stress(40_000, 0.25, 7 * 365.25 * 86400.0, REFERENCE_K)) < left


@pytest.mark.parametrize("cell", CELLS)
@given(a=depths, b=depths, state=states, kelvin=kelvins)
def test_deeper_cycles_stress_more(cell, a, b, state, kelvin):
    law, _, _ = fade_law(cell)
    low, high = sorted((a, b))
    assert 0.0 < law.cycle_stress(low) <= law.cycle_stress(high)
    assert law.weight(state, kelvin) > 0.0


@pytest.mark.parametrize("cell", CELLS)
@given(a=st.floats(0.0, 5.0), b=st.floats(0.0, 5.0))
def test_capacity_falls_with_stress_and_stays_between_one_and_none(cell, a, b):
    law, _, _ = fade_law(cell)
    low, high = sorted((a, b))
    assert 0.0 < law.remaining(high) <= law.remaining(low) <= 1.0
    assert law.remaining(0.0) == pytest.approx(1.0, abs=1e-15)


@given(cooler=kelvins, warmer=kelvins, low=states, high=states)
def test_warmth_and_a_full_battery_stress_more(cooler, warmer, low, high):
    law, _, _ = fade_law("space")
    cooler, warmer = sorted((cooler, warmer))
    low, high = sorted((low, high))
    assert law.weight(low, cooler) <= law.weight(high, warmer)
    assert law.weight(0.5, REFERENCE_K) == 1.0


def test_no_depth_is_no_cycle():
    law, _, _ = fade_law("space")
    assert law.cycle_stress(0.0) == 0.0


def test_an_unknown_cell_is_refused_with_the_nearest():
    with pytest.raises(InputError, match="LMO"):
        fade_law("LM")
