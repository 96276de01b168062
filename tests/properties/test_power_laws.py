"""Laws of sustained and peak power over random designs: one node with a battery, and a shipped one."""

from __future__ import annotations

import pytest
from capability_models import SIGMA, OneNode, heating_s
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import thermalsat as ts
from thermalsat.capability.bursts import Bursts
from thermalsat.capability.peak import find_peak, find_peak_duration
from thermalsat.capability.study import Study
from thermalsat.capability.sustained import find_sustained

areas = st.floats(150.0, 400.0)
limits = st.floats(330.0, 360.0)
masses = st.floats(2e5, 2e6)
few = settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])


def sustained(model: OneNode) -> float:
    return find_sustained(Study({"hot": model}, 120e3)).power_W


@given(area=areas, limit=limits)
@few
def test_sustained_power_is_the_fourth_power_of_the_limit(area: float, limit: float) -> None:
    model = OneNode(area_m2=area, limit_K=limit, idle_W=1e3)
    exact = SIGMA * area * limit**4 - model.heat
    assert sustained(model) == pytest.approx(exact, abs=12.0)


@given(area=areas, limit=limits, more=st.floats(1.01, 1.5))
@few
def test_sustained_power_does_not_fall_with_area_or_limit(area: float, limit: float, more: float) -> None:
    here = sustained(OneNode(area_m2=area, limit_K=limit, idle_W=1e3))
    assert sustained(OneNode(area_m2=area * more, limit_K=limit, idle_W=1e3)) >= here
    assert sustained(OneNode(area_m2=area, limit_K=limit + 10.0 * (more - 1.0), idle_W=1e3)) >= here


@given(area=st.floats(200.0, 400.0), heat_capacity=masses, share=st.floats(1.1, 2.0))
@few
def test_peak_duration_is_the_inverse_of_peak_power(area: float, heat_capacity: float, share: float) -> None:
    model = OneNode(area_m2=area, limit_K=345.0, capacity_J_K=heat_capacity, idle_W=1e3, step_s=40.0)
    base, power = 100e3, share * sustained(model)
    bursts = Bursts(Study({"hot": model}, base), base, 3)
    exact = heating_s(model, power, model.equilibrium_K(base), model.limit)
    found = find_peak_duration(bursts, power)
    assert found.x == pytest.approx(exact, abs=0.2, rel=3e-3)
    assert find_peak(bursts, found.x).x == pytest.approx(power, rel=2e-3)


@given(
    short=st.floats(60.0, 900.0), longer=st.floats(1.1, 20.0), night=st.sampled_from([0.0, 1200.0, 2100.0])
)
@few
def test_peak_power_does_not_rise_with_duration(short: float, longer: float, night: float) -> None:
    model = OneNode(night_s=night, array_W=300e3, battery_J=1.5e9, limit_K=345.0, step_s=40.0)
    bursts = Bursts(Study({"hot": model}, 100e3), 100e3, 3)
    first, second = find_peak(bursts, short).x, find_peak(bursts, short * longer).x
    assert second <= first * (1.0 + 5e-4)
    assert second >= sustained(model) * (1.0 - 1e-3)


@given(factor=st.floats(1.02, 1.3))
@settings(max_examples=3, suppress_health_check=[HealthCheck.too_slow])
def test_a_larger_radiator_of_a_shipped_design_holds_no_less(factor: float) -> None:
    """At the same flow per tube, in the hot case, which the radiator sets."""
    sat = ts.designs.load("leo-53").replace("radiator.cells", [6, 2]).resized("170 m^2")
    larger = sat.resized(ts.Q(170.0 * factor, "m^2"))
    assert ts.sustained_power(larger, cases="hot").power > ts.sustained_power(sat, cases="hot").power


def test_order_of_cases_and_spelling_do_not_matter() -> None:
    sat = ts.designs.load("dawn-dusk").replace("radiator.cells", [6, 2]).resized("230 m^2")
    plain = ts.sustained_power(sat).power_W
    turned = ts.sustained_power(sat, cases=["power", "cold", "hot"]).power_W
    spelt = ts.sustained_power(sat.replace("radiator.pitch", "12.5 cm")).power_W
    assert turned == pytest.approx(plain, abs=15.0)
    assert spelt == pytest.approx(plain, abs=15.0)
