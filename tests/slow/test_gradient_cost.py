"""A gradient costs less than five periodic solves from a cold start, whatever the number of coefficients."""

from __future__ import annotations

from time import process_time

import pytest

import thermalsat as ts
from thermalsat.solver.checks import common_period

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("cells", ["24 x 4", "32 x 16", "64 x 32"])
def test_a_gradient_costs_less_than_five_periodic_solves(cells: str) -> None:
    sat = ts.designs.load("leo-53").replace("radiator.cells", cells)
    net = ts.assemble(sat, case="hot", load="120 kW")
    period = ts.Q(common_period(net.forcings), "s")
    solved, differentiated = [], []
    for _ in range(5):
        began = process_time()
        state = net.periodic(period=period)
        solved.append(process_time() - began)
        began = process_time()
        gradient = net.gradient(state, temperature="junction", at="max")
        differentiated.append(process_time() - began)
    assert gradient.passes <= 7
    assert min(differentiated) < 5.0 * min(solved[1:])
