"""Sustained power, peaks and runs of a shipped design on a coarse mesh."""

from __future__ import annotations

import math

import numpy as np
import pytest

import thermalsat as ts
from thermalsat.assembly.model import Model
from thermalsat.errors import InfeasibleError, InputError
from thermalsat.pieces import Pieces


@pytest.fixture(scope="module")
def sat():
    """A shipped design with enough radiator, on a mesh of 8 x 2 cells."""
    design = ts.designs.load("leo-53").replace({"radiator.cells": [8, 2], "battery.capacity": "400 kWh"})
    return design.resized("240 m^2")


@pytest.fixture(scope="module")
def sustained(sat):
    return ts.sustained_power(sat)


def limits_of(sat, case, power_W):
    model = Model(sat, case).with_power(power_W)
    orbit = model.cycle(tolerance_K=0.002, closure_K=1e-4).orbit
    return {limit.name: limit for limit in model.margins(orbit.times_s, orbit.y, orbit.ledger_J)}


def test_sustained_power_holds_every_limit_and_half_a_percent_more_does_not(sat, sustained):
    low, high = sustained.power_W, 1.005 * sustained.power_W
    assert all(
        limit.margin >= -1e-3
        for case in sat.cases
        for limit in limits_of(sat, case, low).values()
        if not limit.lower
    )
    bound = sustained.binding_limit
    beyond = limits_of(sat, bound.case, high)
    if bound.name in beyond:
        assert beyond[bound.name].margin < 0.0
    else:
        assert bound.name == "refill"


def test_binding_limit_is_named_with_case_phase_and_place(sustained):
    bound = sustained.binding_limit
    assert bound.case in sustained.cases
    assert 0.0 <= bound.phase <= 1.0
    assert bound.place
    assert bound.name in repr(sustained)
    assert "kW" in repr(sustained)


def test_result_is_the_orbit_of_the_binding_case(sustained):
    assert sustained.result.kind == "periodic"
    assert abs(sustained.certificate.energy_residual) < 1e-12
    assert sustained.certificate.problems() == []
    assert sustained.sustainable
    assert sustained.minimum_power == ts.Q("36 kW")


def test_one_case_alone_holds_no_less(sat, sustained):
    assert ts.sustained_power(sat, cases=["hot"]).power >= sustained.power


def test_peak_and_its_duration_are_inverse(sat, sustained):
    peak = ts.peak_power(sat, duration="8 min")
    assert peak.power > sustained.power
    back = ts.peak_duration(sat, power=peak.power)
    assert back.duration.m_as("min") == pytest.approx(8.0, rel=5e-3)
    assert peak.recovery <= 3 * ts.Q(Model(sat, peak.case).period_s, "s")


def test_longer_peaks_are_not_higher(sat):
    powers = [ts.peak_power(sat, duration=f"{minutes} min").power_W for minutes in (2, 20)]
    assert powers[0] >= powers[1]


def test_sustainable_power_lasts_for_ever(sat, sustained):
    held = ts.peak_duration(sat, power="121 kW")
    assert held.sustainable
    assert math.isinf(held.duration.magnitude)
    assert held.power == ts.Q("121 kW")


def test_no_peak_margin_names_the_limit(sat, sustained):
    with pytest.raises(InfeasibleError, match="no peak margin"):
        ts.peak_power(sat, duration="10 min", base=sustained.power)
    with pytest.raises(InfeasibleError, match=r"no peak margin.*case, orbit phase"):
        ts.peak_power(sat, duration="10 min", base="190 kW")


def test_every_start_holds_the_peak_found(sat):
    """The worst start, against eleven others that the search does not use."""
    peak = ts.peak_power(sat, duration="6 min")
    model = Model(sat, peak.case)
    base = model.with_power(120e3).cycle(tolerance_K=0.002, closure_K=1e-4).orbit
    for k in range(3, len(base.times_s) - 1, len(base.times_s) // 11):
        begin = float(base.times_s[k])
        power = Pieces.steps([begin - 1.0, begin, begin + 360.0], [120e3, peak.power_W, 120e3])
        run = model.with_power(power).history(base.y[k], model.period_s, start_s=begin, tolerance_K=0.005)
        margins = model.with_power(power).margins(run.times_s, run.y)
        assert min(one.margin for one in margins if one.unit == "K" and not one.lower) > -0.02
        assert min(one.margin for one in margins if one.name == "depth of discharge") > -2e-4


def test_envelope_falls_to_the_sustained_power(sat, sustained):
    curve = ts.power_envelope(sat, points=4)
    assert len(curve) == 4
    assert (np.diff(curve.power_W) <= 0.0).all()
    # each search ends within 0.005 % or 5 mK of the limit
    assert curve.power_W[-1] == pytest.approx(sustained.power_W, abs=5.0)
    assert math.isinf(curve.duration_s[-1])
    assert all(limit is not None for limit in curve.binding_limit)
    assert "for ever" in repr(curve)


def test_periodic_and_simulate_agree(sat):
    """The history that starts on the periodic state stays on it."""
    orbit = ts.periodic(sat, load="120 kW", case="hot")
    day = ts.simulate(sat, load="120 kW", orbits=1, case="hot")
    away = day.temperature("junction")[-1] - orbit.temperature("junction")[-1]
    assert abs(away.magnitude) < 0.02
    assert set(orbit.limits) >= {"junction", "coolant maximum", "depth of discharge"}


def test_simulated_burst_returns(sat):
    burst = ts.Load.burst(base="120 kW", peak="150 kW", start="10 min", duration="12 min")
    day = ts.simulate(sat, load=burst, orbits=1, case="hot")
    hot = day.temperature("junction").m_as("degC")
    assert hot.max() > hot[0] + 5.0
    assert abs(day.ledger.residual_relative) < 1e-12


def test_throttling_acts_in_simulate_only(sat):
    small = sat.replace({"radiator": sat.radiator.replace(area="150 m^2"), "payload.throttle": True})
    free = ts.simulate(small.replace("payload.throttle", False), load="130 kW", orbits=0.5)
    held = ts.simulate(small, load="130 kW", orbits=0.5, start=free)
    assert free.temperature("junction").max() > ts.Q("95 degC")
    assert held.temperature("junction")[-1] < free.temperature("junction")[-1]


def test_load_by_day_and_night(sat):
    orbit = ts.periodic(sat, load=ts.Load.day_night(day="130 kW", night="60 kW"), case="power")
    hot = orbit.temperature("junction").m_as("K")
    assert np.ptp(hot) > 5.0


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda s: ts.peak_power(s, duration="10 min", recovery=0), "`recovery` must be a number of orbits"),
        (lambda s: ts.peak_duration(s, power="100 kW"), "`power` must not be below the base power"),
        (lambda s: ts.power_envelope(s, points=2), "`points` must be a whole number"),
        (lambda s: ts.simulate(s, orbits=0), "`orbits` must be a number above 0"),
        (lambda s: ts.periodic(s, case="warm"), "case of this design"),
        (lambda s: ts.peak_power(s, duration=10), "`duration`"),
        (
            lambda s: ts.periodic(
                s, load=ts.Load.burst(base="1 kW", peak="2 kW", start="1 min", duration="1 min")
            ),
            "use simulate",
        ),
    ],
)
def test_bad_input(sat, ask, message):
    with pytest.raises(InputError, match=message):
        ask(sat)


def test_impossible_limit(sat):
    with pytest.raises(InfeasibleError, match=r"idle floor of 36 kW.*junction"):
        ts.sustained_power(
            sat.replace({"payload.junction_limit": "16 degC", "payload.reference_junction": "0 degC"})
        )
