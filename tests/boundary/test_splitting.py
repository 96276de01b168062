"""How far plates lag for the splitting of their systems: the core against dense matrices from the twin.

With d = F - C dy/dt at the end of a step, shift = 1 / (gamma h), J1 conduction along x and J2 the rest, s is
the part of d that is stiff along x, d - shift C (shift C - J1)^-1 d. The lag of a plate cell is the lesser of
(shift C - J1)^-1 s and (shift C - J2)^-1 s, the latter with plates and tubes alone.
"""

from __future__ import annotations

import numpy as np
import pytest
from door import Door
from plates import conduction_along_x, plate_case

from thermalsat import twin
from thermalsat.solver.system import System
from thermalsat.solver.transient import integrate
from thermalsat.tableaus import RODAS4P2, RODAS5P

NOW_S, STEP_S = 57.3, 90.0


def cells_of(b):
    """Plate cells, and these with the coolant of tubes."""
    plate, tube = np.zeros(b.n, bool), np.zeros(b.n, bool)
    for start, nx, ny in zip(b.pl_start, b.pl_nx, b.pl_ny, strict=True):
        plate[start : start + nx * ny] = True
    for start, n in zip(b.ch_start, b.ch_n, strict=True):
        tube[start : start + n] = True
    return plate, plate | tube


def lag(b, tab, h, y0):
    """The balanced start, the lag at the end of a step of h from there and a bound on it, densely."""
    system, u = System(b, path="plate"), np.zeros((1, tab.stages * b.n))
    log = np.array([[NOW_S, h]])
    run = integrate(system, y0, NOW_S, NOW_S + h, replay=log, tableau=tab, increments=u)
    slope = (tab.m - tab.dense.sum(axis=0)) @ u.reshape(tab.stages, b.n) / h
    lo, hi = NOW_S + 1e-6 * h, NOW_S + (1.0 - 1e-6) * h
    F, _ = twin.rates(b, NOW_S + h, run.y_end, lo, hi)
    shift = 1.0 / (h * tab.gamma)
    # factors are those of the step, made at its start
    J = twin.jacobian_full(b, NOW_S, run.y_start, lo, hi)[: b.n, : b.n]
    J1 = conduction_along_x(b)[: b.n, : b.n]
    plate, inside = cells_of(b)
    heat = np.diag(shift * b.capacity)
    d = np.where(plate, F - b.capacity * slope, 0.0)
    s = np.where(
        plate, d - shift * b.capacity * np.linalg.solve(heat - J1 + np.diag(b.capacity == 0.0), d), 0.0
    )
    along = np.linalg.solve((heat - J1)[np.ix_(plate, plate)], s[plate])
    rest = np.linalg.solve((heat - (J - J1))[np.ix_(inside, inside)], s[inside])[plate[inside]]
    return run.y_start, float(np.minimum(np.abs(along), np.abs(rest)).max()), float(np.abs(along).max())


def told(b, tab, h, y0, most_lag):
    """What a run of one step says, whose lag is above what is allowed but whose length is not cut."""
    packed = (tab.gamma, tab.alpha, tab.gamma_sum, tab.a.ravel(), tab.c.ravel(), tab.m, tab.e)
    door = Door(
        b, y0, NOW_S, NOW_S + h, path="plate", tableau=(*packed, tab.dense.ravel(), tab.stiffly_accurate),
        embedded_order=tab.embedded_order, tolerance=1e9, h_first=h, h_restart=1e6, most_lag=most_lag,
    )  # fmt: skip
    assert door() == 0
    assert door.info[4] == 1
    return float(door.info[9])


@pytest.mark.parametrize("tab", [RODAS4P2, RODAS5P], ids=lambda t: t.name)
@pytest.mark.parametrize("seed", range(9))
def test_the_lag_is_that_of_dense_matrices(seed, tab):
    case = plate_case(seed, plates=1 + seed % 3, shape=(4, 5), valve=False, bus=False, even=seed % 2 == 0)
    start, exact, bound = lag(case.bundle, tab, STEP_S, case.y)
    assert exact > 0.0
    np.testing.assert_allclose(told(case.bundle, tab, STEP_S, start, 1e-12), exact, rtol=1e-7)
    # a bound on it is enough where that is small
    np.testing.assert_allclose(told(case.bundle, tab, STEP_S, start, 1e6 * bound), bound, rtol=1e-7)


def test_nothing_lags_where_conduction_along_x_is_slow_or_the_matrix_exact():
    case = plate_case(1, shape=(4, 5), valve=False, bus=False)
    assert told(case.bundle, RODAS4P2, 1e-3, case.y, 1e-12) == 0.0
    sparse = Door(case.bundle, case.y, NOW_S, NOW_S + STEP_S, tolerance=1e9, h_first=STEP_S, most_lag=1e-12)
    assert sparse() == 0
    assert sparse.info[9] == 0.0
