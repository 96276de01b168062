"""Worst circumstances over the year and the node."""

from __future__ import annotations

import numpy as np
import pytest

import thermalsat as ts


@pytest.fixture(scope="module")
def found():
    return ts.worst_case(ts.designs.load("leo-53").replace("radiator.cells", [6, 2]))


def test_longest_night_is_the_power_case(found):
    assert abs(found.cases["power"].beta.m_as("deg")) < 5.0
    assert found.cases["power"].date.month in (6, 7)
    assert found.cases["power"].ageing == "eol"


def test_hot_case_has_no_night(found):
    """550 km: eclipses end at |beta| = 67 degrees."""
    assert abs(found.cases["hot"].beta.m_as("deg")) > 66.0
    assert found.cases["hot"].date.month in (11, 12, 1)


def test_hot_case_is_no_milder_than_the_typed_one(found):
    from thermalsat.worst import _margin

    sat = ts.designs.load("leo-53").replace("radiator.cells", [6, 2])
    assert found.margins["hot"] <= _margin(sat, sat.case("hot"), "hot") + 1e-6


def test_a_year_of_beta_and_nights(found):
    assert len(found.epochs) == len(found.beta) == len(found.night)
    assert np.abs(found.beta.m_as("deg")).max() < 76.5
    assert found.night.m_as("min").max() == pytest.approx(35.9, abs=0.3)


def test_cases_are_taken_over(found):
    assert found.satellite.case("hot") == found.cases["hot"]
    assert "searched" in repr(found)


def test_fixed_beta_leaves_the_date_only():
    sat = ts.designs.load("leo-53").replace("radiator.cells", [6, 2])
    still = sat.replace("orbit", ts.Orbit.from_beta(altitude="550 km", beta="30 deg", epoch="2026-01-01"))
    found = ts.worst_case(still)
    assert all(case.beta.m_as("deg") == pytest.approx(30.0) for case in found.cases.values())
