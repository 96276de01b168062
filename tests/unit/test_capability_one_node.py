"""Sustained and peak power of one node, against closed forms."""

from __future__ import annotations

import math

import pytest
from capability_models import SIGMA, OneNode, heating_s

from thermalsat.capability.bursts import Bursts
from thermalsat.capability.peak import find_peak, find_peak_duration
from thermalsat.capability.study import Study
from thermalsat.capability.sustained import find_sustained
from thermalsat.errors import InfeasibleError


def test_thermal_limit():
    model = OneNode()
    found = find_sustained(Study({"hot": model}, 120e3))
    exact = SIGMA * model.area * model.limit**4 - model.heat
    assert exact - 10.0 <= found.power_W <= exact
    assert found.binding.name == "coolant maximum"
    assert found.minimum_W == 30e3


def test_recharge_limit_and_the_case_that_binds():
    dark = OneNode(night_s=2100.0, array_W=230e3, battery_J=1e9, limit_K=400.0)
    found = find_sustained(Study({"hot": OneNode(), "power": dark}, 120e3))
    day, night, eta = dark.period_s - dark.night, dark.night, dark.eta
    exact = eta * dark.array * day / (eta * day + night / eta)
    assert exact < SIGMA * 200.0 * 340.0**4
    assert exact - 10.0 <= found.power_W <= exact
    assert (found.binding.name, found.binding.case) == ("recharge", "power")


def test_freezing_bounds_the_powers_from_below():
    model = OneNode(coldest_K=290.0)
    found = find_sustained(Study({"cold": model}, 120e3))
    exact = SIGMA * model.area * model.coldest**4 - model.heat
    assert exact <= found.minimum_W <= exact + 25.0


def test_nothing_is_held():
    with pytest.raises(InfeasibleError, match=r"coolant maximum.*hot case"):
        find_sustained(Study({"hot": OneNode(limit_K=230.0)}, 120e3))


def bursts(model, base=120e3, recovery=3):
    return Bursts(Study({"hot": model}, base), base, recovery)


def test_peak_duration_is_the_time_of_heating():
    model = OneNode()
    exact = heating_s(model, 180e3, model.equilibrium_K(120e3), model.limit)
    found = find_peak_duration(bursts(model), 180e3)
    assert exact - 1.5 <= found.x <= exact + 0.01
    assert found.binding == "coolant maximum"


def test_peak_power_is_its_inverse():
    model = OneNode()
    duration = heating_s(model, 180e3, model.equilibrium_K(120e3), model.limit)
    found = find_peak(bursts(model), duration)
    assert found.x == pytest.approx(180e3, abs=30.0)
    assert found.burst.recovery_s is not None


def test_depth_of_discharge_and_the_worst_start():
    """A burst of the night's length does worst when it fills the night."""
    model = OneNode(night_s=2100.0, array_W=400e3, battery_J=1.2e9, limit_K=500.0)
    found = find_peak(bursts(model), model.night)
    exact = model.depth * model.energy * model.eta / model.night
    assert exact * (1.0 - 2e-3) <= found.x <= exact * (1.0 + 1e-4)
    assert found.binding == "depth of discharge"
    off = (found.burst.start.phase + 0.5) % 1.0 - 0.5
    assert abs(off) < 0.01


def test_recovery_of_energy_can_bind():
    """A short orbit's surplus must give back what the burst took, within the orbits allowed."""
    model = OneNode(night_s=2100.0, array_W=221e3, battery_J=4e9, limit_K=500.0)
    day, eta = model.period_s - model.night, model.eta
    surplus = eta * (model.array - 120e3) * day - 120e3 * model.night / eta
    assert surplus > 0.0
    found = find_peak(bursts(model, recovery=2), 600.0)
    assert found.binding == "recovery of energy"
    spare = 2.0 * surplus + 1e-3 * model.energy
    # worst where every joule of the burst comes out of the battery
    assert 120e3 + 0.5 * spare / 600.0 < found.x < 120e3 + 1.1 * eta * spare / 600.0 + surplus / 600.0


def test_sustainable_power_lasts_for_ever():
    assert math.isinf(find_peak_duration(bursts(OneNode()), 125e3).x)


def test_base_above_the_capability_has_no_peak_margin():
    with pytest.raises(InfeasibleError, match="no peak margin.*coolant maximum"):
        find_peak(bursts(OneNode(), base=170e3), 600.0)
