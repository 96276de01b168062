"""Transposed solves with the plate solver's factors against the transpose of its own solves."""

import numpy as np
import pytest
from bundles import Case
from hypothesis import given
from hypothesis import strategies as st
from plates import plate_case, plate_cases

from thermalsat.bundle import Bundle
from thermalsat.solver.factors import look_up_range
from thermalsat.solver.system import System

NOW_S = 57.3


def factorised(b: Bundle, y, shift):
    system = System(b, path="plate")
    F, flows, scratch = np.empty(b.n), np.empty(b.nq), np.zeros_like(system.scratch)
    assert system.solver.factorise(NOW_S, *look_up_range(NOW_S, "right"), y, shift, F, flows, scratch) == 0
    return system.solver


def solves(solver, b):
    """The matrix of `apply` over unknowns."""
    full = np.zeros(b.n + b.nm)
    columns = []
    for i in range(b.n):
        right = np.zeros(b.n + b.nm)
        right[i] = 1.0
        solver.apply(right, full)
        columns.append(full[: b.n].copy())
    return np.array(columns).T


@pytest.mark.parametrize("along_x", [True, False])
@given(case=plate_cases(), decades=st.floats(-4.0, 4.0), seed=st.integers(0, 99))
def test_a_transposed_solve_is_that_of_the_transposed_matrix(case: Case, decades, seed, along_x):
    b = case.bundle
    right = np.append(np.random.default_rng(seed).normal(size=b.n), np.zeros(b.nm))
    solver = factorised(b, case.y, 10.0**decades)
    solver.leave_out_x(not along_x)
    inverse = solves(solver, b)
    found = np.zeros(b.n + b.nm)
    solver.apply_transpose(right, found)
    expected = inverse.T @ right[: b.n]
    assert np.abs(found[: b.n] - expected).max() < 1e-11 * np.abs(expected).max()
    # solves are as before
    np.testing.assert_array_equal(solves(solver, b), inverse)


@pytest.mark.parametrize("shape", [(7, 33), (12, 40), (5, 3)])
@pytest.mark.parametrize("kinds", [("centre",), ("face", "edge")])
def test_plates_of_many_tubes(shape, kinds):
    case = plate_case(5, kinds=kinds, shape=shape)
    b, rng = case.bundle, np.random.default_rng(0)
    solver = factorised(b, case.y, 0.03)
    left, right = (np.append(rng.normal(size=b.n), np.zeros(b.nm)) for _ in range(2))
    forth, back = np.zeros(b.n + b.nm), np.zeros(b.n + b.nm)
    solver.apply(right, forth)
    solver.apply_transpose(left, back)
    scale = np.linalg.norm(left) * np.linalg.norm(forth)
    assert abs(left @ forth - back[: b.n] @ right[: b.n]) < 1e-12 * scale
