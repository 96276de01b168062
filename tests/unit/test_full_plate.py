"""The full plate finds the worst starts of half a pitch, and the same answers as without it."""

from __future__ import annotations

import pytest

import thermalsat as ts
from thermalsat.capability import peak
from thermalsat.capability.half import halved
from thermalsat.capability.peak import bursts_of, find_peak, find_peak_duration


@pytest.fixture(scope="module")
def sat():
    """A shipped design on a full plate of 8 by 16 cells a panel, with eight long tubes."""
    changes = {"radiator.symmetry": "full", "radiator.cells": "8 x 1", "radiator.tube_length": "120 m"}
    return ts.designs.load("dawn-dusk").replace(changes).resized("240 m^2")


def test_half_a_pitch_stands_for_the_full_plate_alone(sat):
    half = halved(bursts_of(sat))
    assert half.study.satellite.radiator.symmetry == "half-pitch"
    assert half.study.cases == tuple(sat.cases)
    assert halved(half) is None


def test_answers_are_those_of_a_search_of_its_own(sat, monkeypatch):
    guided = bursts_of(sat)
    found = [find_peak(guided, 600.0, first_W=150e3).x, find_peak_duration(guided, 150e3).x]
    monkeypatch.setattr(peak, "halved", lambda bursts: None)
    alone = bursts_of(sat)
    assert found[0] == pytest.approx(find_peak(alone, 600.0, first_W=150e3).x, rel=4e-4)
    assert found[1] == pytest.approx(find_peak_duration(alone, 150e3).x, rel=2e-3)


def test_envelope(sat):
    curve = ts.power_envelope(sat, points=4)
    assert (curve.power_W[:-1] >= curve.power_W[1:]).all()
    assert curve.power_W[1] == pytest.approx(
        find_peak(bursts_of(sat), float(curve.duration_s[1])).x, rel=4e-4
    )


def test_sizes_hold_the_requirement_on_the_full_plate(sat):
    found = ts.size(sat)
    assert found.satellite.radiator.symmetry == "full"
    assert found.satellite.radiator.cells == sat.radiator.cells
    assert found.satellite.radiator.tubes_built % 2 == 0
    assert found.sustained.power_W >= 120e3
    assert found.peak.power_W >= 150e3
