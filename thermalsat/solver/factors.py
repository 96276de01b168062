"""The linear systems (shift C - J) u = r of one point, factorised."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator, gmres

from .. import _core
from ..errors import ConvergenceError

if TYPE_CHECKING:
    from .system import System

Floats = NDArray[np.float64]
Map = Callable[[Floats], Floats]
EXACT_SHIFT_PER_S = 1e6
"""From here on the plate solver's factors are exact to rounding, 1/s."""
STATIONARY = 3
"""Plain corrections by approximate factors before GMRES takes over."""
SIDE_S = 1e-6
"""How far from a breakpoint the forcing's piece is looked up when one side is asked for, s."""


class Factors:
    """(shift C - J) at one point, factorised.

    The plate solver's factors are approximate where conduction along x is fast against `shift`. They then
    serve as a preconditioner: without that conduction where it is slow from end to end, else at a larger
    shift.
    """

    def __init__(self, system: System, t: float, y: Floats, shift_per_s: float, side: str) -> None:
        b = system.bundle
        lo, hi = look_up_range(t, side)
        self.system, self.shift_per_s = system, shift_per_s
        # sparse factors are this object's own; plate factors are the system's, until it factorises again
        self.solver: _core.SparseSolver | _core.PlateSolver
        self.solver = system.ordering.bind(system.problem) if system.sparse else system.solver
        self.exact = system.sparse or shift_per_s >= EXACT_SHIFT_PER_S
        used = shift_per_s
        self.leave_out_x = False
        if not self.exact:
            lost = system.plate_rate_per_s(y)
            self.leave_out_x = system.x_rate_per_s < lost
            if not self.leave_out_x:
                used = max(shift_per_s, lost)
        self._point = (t, lo, hi, np.array(y, dtype=np.float64))
        self.F, flows = np.empty(b.n), np.zeros(b.nq)
        self._right, self._u = np.zeros(b.n + b.nm), np.zeros(b.n + b.nm)
        scratch = np.zeros_like(system.scratch)
        bad = self.solver.factorise(t, lo, hi, vector(y), used, self.F, flows, scratch)
        if bad:
            raise ConvergenceError(f"the linear system is singular at row {bad - 1}", {"row": bad - 1})
        # an odd number of negative pivots: a real growth rate above the shift, a runaway
        self.runaway = self.solver.negative_pivots() % 2 == 1
        if self.runaway and not self.exact:
            # approximate factors only raise the suspicion
            self.runaway = Factors(system.as_sparse(), t, y, shift_per_s, side).runaway

    def precondition(self, right: Floats) -> Floats:
        """Return the factors applied to right (n,) alone."""
        return self._applied(self.solver.apply, right)

    def precondition_transposed(self, right: Floats) -> Floats:
        """Return the transposed factors applied to right (n,) alone."""
        return self._applied(self.solver.apply_transpose, right)

    def _applied(self, apply: Callable[[Floats, Floats], None], right: Floats) -> Floats:
        n = self.system.bundle.n
        self._right[:n] = right
        if self.leave_out_x and isinstance(self.solver, _core.PlateSolver):
            self.solver.leave_out_x(True)
            apply(self._right, self._u)
            self.solver.leave_out_x(False)
        else:
            apply(self._right, self._u)
        return self._u[:n].copy()

    def product(self, x: Floats) -> Floats:
        """Return (shift C - J) x."""
        out = np.empty(len(x))
        self.solver.product(vector(x), out)
        return self.shift_per_s * self.system.bundle.capacity * x - out

    def product_transposed(self, x: Floats) -> Floats:
        """Return (shift C - J)^T x."""
        b, problem, nothing = self.system.bundle, self.system.problem, np.zeros(0)
        t, lo, hi, y = self._point
        out, work = np.zeros(b.n + b.nb), np.empty(_core.reverse_work(problem))
        _core.reverse_rates(problem, t, lo, hi, y, vector(x), nothing, out, nothing, work)
        return self.shift_per_s * b.capacity * x - out[: b.n]

    def solve(self, right: Floats, relative: float = 1e-10) -> Floats:
        """Return (shift C - J)^-1 right; `relative` bounds the residual where GMRES is needed."""
        return self._solved(self.precondition, self.product, right, relative)

    def solve_transposed(self, right: Floats, relative: float = 1e-10) -> Floats:
        """Return (shift C - J)^-T right; `relative` bounds the residual where GMRES is needed."""
        return self._solved(self.precondition_transposed, self.product_transposed, right, relative)

    def _solved(self, precondition: Map, product: Map, right: Floats, relative: float) -> Floats:
        u = precondition(right)
        if self.exact:
            return u
        size = _size(u)
        # the correction, in kelvin, is what has to become small
        for _ in range(STATIONARY):
            step = precondition(right - product(u))
            u += step
            if _size(step) <= relative * size:
                return u
        n = len(right)
        operator = LinearOperator((n, n), matvec=lambda x: precondition(product(x)), dtype=np.float64)
        u, missed = gmres(operator, precondition(right), x0=u, rtol=relative, restart=30, maxiter=10)
        if missed or not np.isfinite(u).all():
            raise ConvergenceError("the linear system is singular or nearly so", {"relative": relative})
        return np.asarray(u)


def _size(x: Floats) -> float:
    """Return the Euclidean norm, without the threads that BLAS would wake for it."""
    return math.sqrt(float(np.square(x).sum()))


def look_up_range(t: float, side: str) -> tuple[float, float]:
    """Where forcing pieces are looked up for the limit from one side of time t."""
    if side == "right":
        return t + SIDE_S, math.inf
    return -math.inf, t - SIDE_S


def vector(y: Floats) -> Floats:
    """Return y as the core takes it: float64, contiguous."""
    return np.ascontiguousarray(y, dtype=np.float64)
