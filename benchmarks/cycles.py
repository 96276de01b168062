"""Periodic states for solvers that only march: start from the mean-forcing steady state, then repeat orbits.

Both drivers count every pass over the period as a sweep and stop when the estimated distance to the
periodic state, closure / (1 - rho), is below the goal.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import scipy.sparse as sp
from reference_problem import KNOTS_S, PERIOD_S, START_K, Panel
from scipy.sparse.linalg import splu

Orbit = Callable[[np.ndarray], np.ndarray]


def mean_steady_state(panel: Panel) -> np.ndarray:
    """Return the steady state under the orbit-averaged forcing (K)."""
    zero = np.zeros(panel.unknowns)
    source = np.zeros(panel.unknowns)
    nodes, weights = np.polynomial.legendre.leggauss(20)
    for segment, (start, end) in enumerate(pairwise(KNOTS_S)):
        half = 0.5 * (end - start)
        for node, weight in zip(nodes, weights, strict=True):
            source += half * weight / PERIOD_S * panel.rhs(start + half * (1.0 + node), zero, segment)
    linear, plate = panel.linear_jacobian, panel.nx * panel.ny
    emission = np.zeros(panel.unknowns)
    emission[:plate] = panel.coefficients["emission"]
    y = np.full(panel.unknowns, START_K)
    for _ in range(50):
        residual = linear @ y + source - emission * y**4
        step = splu(sp.csc_matrix(linear - sp.diags_array(4.0 * emission * y**3))).solve(-residual)
        y = y + np.clip(step, -50.0, 50.0)
        if np.abs(step).max() < 1e-9:
            return y
    raise RuntimeError("the mean-forcing steady state did not converge in 50 Newton steps")


def march(orbit: Orbit, start: np.ndarray, goal_K: float, most: int = 200) -> tuple[np.ndarray, int]:
    """Repeat plain orbits; return the last orbit's samples and the number of orbits."""
    previous = np.inf
    for sweep in range(1, most + 1):
        samples = orbit(start)
        closure = np.abs(samples[-1] - start).max()
        rho = min(closure / previous, 0.999)
        if sweep > 1 and closure / (1.0 - rho) <= goal_K:
            return samples, sweep
        previous, start = closure, samples[-1].copy()
    raise RuntimeError(f"no periodic state after {most} orbits, closure {closure:.3g} K")


def accelerate(
    orbit: Orbit, start: np.ndarray, goal_K: float, depth: int = 3, most: int = 40
) -> tuple[np.ndarray, int]:
    """Anderson-accelerated orbits; return the last orbit's samples and the number of orbits."""
    starts: list[np.ndarray] = []
    ends: list[np.ndarray] = []
    for sweep in range(1, most + 1):
        samples = orbit(start)
        starts.append(start)
        ends.append(samples[-1].copy())
        starts, ends = starts[-depth - 1 :], ends[-depth - 1 :]
        closure = np.abs(ends[-1] - start).max()
        d_start = np.diff(starts, axis=0).T
        d_end = np.diff(ends, axis=0).T
        if d_start.shape[1]:
            rho = min((np.linalg.norm(d_end, axis=0) / np.linalg.norm(d_start, axis=0)).max(), 0.999)
            if closure / (1.0 - rho) <= goal_K:
                return samples, sweep
            weights = np.linalg.lstsq(d_end - d_start, ends[-1] - start, rcond=None)[0]
            start = ends[-1] - d_end @ weights
        else:
            start = ends[-1]
    raise RuntimeError(f"no periodic state after {most} accelerated orbits, closure {closure:.3g} K")
