"""Sustained power and a point of the envelope of the shipped designs against brute force, to 0.1 %.

Long CVODE (SUNDIALS) runs of the exported equations with limits of their own and bisection; see
``tests/brute_force.py`` and docs/studies/brute-force.md.
"""

from __future__ import annotations

import pytest

import thermalsat as ts

pytest.importorskip("sksundae")
pytestmark = pytest.mark.slow

from brute_force import Bursts, sustained  # noqa: E402

RELATIVE = 1e-3
DESIGNS = ("leo-53", "dawn-dusk")


@pytest.mark.parametrize("name", DESIGNS)
def test_sustained_power_is_that_of_brute_force(name):
    sat = ts.designs.load(name)
    found, answer = sustained(sat, 110e3, 130e3), ts.sustained_power(sat)
    assert answer.power_W == pytest.approx(found.power_W, rel=RELATIVE)
    assert found.case == answer.binding_limit.case
    assert found.limit.startswith(answer.binding_limit.name)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_point_of_the_envelope_is_that_of_brute_force(name):
    sat = ts.designs.load(name)
    found, answer = Bursts(sat, 600.0).peak(170e3), ts.peak_power(sat, "10 min")
    assert answer.power_W == pytest.approx(found.power_W, rel=RELATIVE)
    assert found.case == answer.binding_limit.case
    assert found.limit.startswith(answer.binding_limit.name)
    assert abs((found.phase - answer.start_phase + 0.5) % 1.0 - 0.5) < 0.02


def test_brute_force_tells_another_design_apart():
    """A percent of the radiator or the array is seen: the measure is finer than what it decides."""
    sat = ts.designs.load("leo-53")
    less = sat.replace("array.area", sat.array.area * 0.99)
    assert sustained(less, 110e3, 130e3).power_W < (1.0 - 5.0 * RELATIVE) * ts.sustained_power(sat).power_W
