"""A year's view: of the same numbers as the answers for one date, by its laws, drawn and written."""

from __future__ import annotations

import json

import numpy as np
import pytest

import thermalsat as ts
from thermalsat.assembly.faces import Surroundings, panel_attitude, surroundings_of
from thermalsat.errors import InputError
from thermalsat.mission.year import cases_on
from thermalsat.physics.attitude import Opposite

DAWN = ts.designs.load("dawn-dusk")


@pytest.fixture(scope="module")
def year():
    return ts.year_view(DAWN, step="60 day")


def on(year, k):
    """The design with its cases moved to one of the dates."""
    cases = {
        name: case.replace(date=year.epochs[k], beta=year.beta[k], enveloped=False)
        for name, case in DAWN.cases.items()
    }
    return DAWN.replace("cases", list(cases.values()))


def test_the_power_of_a_date_is_the_answer_for_that_date(year):
    for k in (0, year.worst):
        loaded = [name for name, case in DAWN.cases.items() if case.load == "sustained"]
        there = ts.sustained_power(on(year, k), cases=loaded)
        assert -150.0 <= year.sustained_W[k] - there.power_W <= 60.0  # found with 20 mK against 2 mK
        assert year.binding[k] == there.binding_limit.name


def test_the_extremes_of_a_date_are_those_of_its_periodic_states(year):
    k = year.worst
    hot = ts.periodic(on(year, k), load="120 kW", case="power")
    cold = ts.periodic(on(year, k), load="36 kW", case="cold")
    assert year.junction_max_K[k] == pytest.approx(hot.temperature("junction").max().m_as("K"), abs=0.05)
    assert year.array_min_K[k] == pytest.approx(cold.temperature("array front").min().m_as("K"), abs=2.0)
    freezing = cold.limits["coolant minimum"].m_as("K") + cold.certificate.margins["coolant minimum"].m_as(
        "K"
    )
    assert year.coolant_min_K[k] == pytest.approx(freezing, abs=0.05)


def test_beta_and_night_are_those_of_the_calendar(year):
    calendar = DAWN.orbit.eclipse_calendar(step="60 day")
    assert year.epochs == tuple(text[:10] for text in calendar.epochs)
    assert year.beta.m_as("deg") == pytest.approx(calendar.beta.m_as("deg"), abs=1e-9)
    assert year.night.m_as("min") == pytest.approx(calendar.duration.m_as("min"), abs=1e-3)


def test_dates_without_a_night_need_no_battery(year):
    bright = year.night_s == 0.0
    assert bright.any()
    assert not bright.all()
    assert (year.depth[bright] < 1e-6).all()
    assert (year.depth[~bright] > 0.05).all()
    assert year.sustained_W[bright].min() > year.sustained_W[~bright].min()
    assert (year.array_min_K[bright] > year.array_min_K[~bright].max()).all()


def test_equal_cases_are_flown_once():
    cases = cases_on(DAWN, 9500.0, 0.5)
    assert [case.name for case in cases.values()] == ["hot power", "cold"]
    assert [case.beta.m_as("rad") for case in cases.values()] == pytest.approx([0.5, 0.5])


def test_an_unlike_albedo_takes_the_samples_of_its_date():
    # sampled anew, the flux agrees to the error of the samples: 1e-7 of its range
    cases = cases_on(DAWN, 9500.0, 1.1)
    hot, cold = (surroundings_of(DAWN, case) for case in cases.values())
    assert cold.like is hot
    own = Surroundings(cold.heat)
    face = Opposite(panel_attitude(DAWN))
    times = np.linspace(0.0, cold.heat.period_s, 301)[1:-1]
    for name in ("direct", "albedo", "earth_ir"):
        there, here = (getattr(one.face(face), name)(times) for one in (cold, own))
        assert there == pytest.approx(here, abs=1e-6 * max(float(np.ptp(here)), 1.0))
    assert cold.face(face).albedo(times).max() < 0.6 * hot.face(face).albedo(times).max()


def test_the_view_can_be_read_and_written(year):
    told = json.loads(json.dumps(year.to_dict()))
    assert {len(column) for column in told.values()} == {len(year)}
    assert told["sustained_power_kW"][year.worst] == min(told["sustained_power_kW"])
    assert year.epochs[year.worst] in repr(year)
    assert year.mean.m_as("kW") == pytest.approx(np.mean(told["sustained_power_kW"]))


def test_the_view_is_drawn(year):
    pytest.importorskip("matplotlib").use("Agg")
    axes = year.plot()
    assert len(axes) == 3
    assert axes[0].lines[0].get_ydata() == pytest.approx(year.sustained.m_as("kW"))
    assert [one.get_ylabel() for one in axes] == ["compute power [kW]", "night [min]", "temperature [degC]"]


def test_too_many_dates_are_refused_before_any_is_flown():
    with pytest.raises(InputError, match=r"at most 1000 dates.*step="):
        ts.year_view(DAWN, step="1 min")
    with pytest.raises(ValueError, match="`step`"):
        ts.year_view(DAWN, step=10)


def test_a_date_that_not_even_the_idle_floor_holds_is_told():
    weak = DAWN.replace("battery.capacity", "40 kWh")
    found = ts.year_view(weak, step="365 day", span="1 day")
    assert found.sustained_W[0] > 0.0  # no night on the first of January
    dark = ts.year_view(weak.replace("orbit.epoch", "2026-06-20"), step="365 day", span="1 day")
    assert dark.sustained_W[0] == 0.0
    assert dark.binding == ("depth of discharge",)
