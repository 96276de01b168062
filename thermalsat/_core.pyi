"""The door to the compiled core; the contract is in ext/README.md.

Arrays are C-contiguous; the callee fills those said to be filled and keeps none beyond the call, except what
a `Problem` or `Solver` is built from and the scratch of the last `Solver.factorise`.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .bundle import Bundle
from .solver.plan import Plan

__all__ = [
    "PlateSolver",
    "Problem",
    "Solver",
    "SparseSolver",
    "adjoint_work",
    "coefficient_count",
    "integrate",
    "integrate_back",
    "kept_factors",
    "march_size",
    "reverse_rates",
    "reverse_work",
    "step_size_in_doubles",
]

_Floats = NDArray[np.float64]
_Indices = NDArray[np.intp]

class Problem:
    """A bundle bound for the core."""

    def __init__(self, b: Bundle, groups: tuple[object, ...]) -> None: ...
    def point_size(self) -> int: ...
    def rates(
        self, t: float, t_lo: float, t_hi: float, y: _Floats, F: _Floats, flow: _Floats, scratch: _Floats
    ) -> None: ...
    def derived(
        self,
        t: float,
        t_lo: float,
        t_hi: float,
        y: _Floats,
        values: _Floats,
        temperatures: _Floats,
        scratch: _Floats,
    ) -> None: ...
    def pattern(self, scratch: _Floats, row: _Indices | None = None, col: _Indices | None = None) -> int: ...
    def jacobian(
        self,
        t: float,
        t_lo: float,
        t_hi: float,
        y: _Floats,
        values: _Floats,
        F: _Floats,
        flow: _Floats,
        scratch: _Floats,
    ) -> None: ...
    def tangent(
        self,
        t: float,
        t_lo: float,
        t_hi: float,
        y: _Floats,
        dy: _Floats,
        dt_factor: float,
        dF: _Floats,
        dflow: _Floats,
        scratch: _Floats,
    ) -> None: ...

class Solver:
    """Linear systems (shift C - J) u = r of one problem."""

    def factorise(
        self,
        t: float,
        t_lo: float,
        t_hi: float,
        y: _Floats,
        shift: float,
        F: _Floats,
        flow: _Floats,
        scratch: _Floats,
    ) -> int: ...
    def apply(self, r: _Floats, u: _Floats) -> None: ...
    def apply_transpose(self, r: _Floats, u: _Floats) -> None: ...
    def product(self, x: _Floats, out: _Floats) -> None: ...

class SparseSolver(Solver):
    """Sparse LU on the fixed pattern of `solver.ordering`."""

    def __init__(
        self,
        problem: Problem,
        perm: _Indices,
        ptr: _Indices,
        col: _Indices,
        diag: _Indices,
        slot: _Indices,
        work: _Floats,
    ) -> None: ...
    def negative_pivots(self) -> int: ...

class PlateSolver(Solver):
    """Plates with tubes along x and a dense border, laid out by `solver.plan`."""

    def __init__(self, problem: Problem, plan: Plan, work: _Floats) -> None: ...
    def leave_out_x(self, leave_out: bool) -> None: ...
    def negative_pivots(self) -> int: ...

def march_size(tubes: int) -> int: ...
def step_size_in_doubles(problem: Problem, n_stages: int, stiffly_accurate: bool) -> int: ...
def integrate(
    problem: Problem,
    solver: Solver,
    tableau: tuple[object, ...],
    embedded_order: int,
    y: _Floats,
    t0: float,
    t1: float,
    breaks: _Floats,
    tolerance: float,
    most_lag: float,
    h_first: float,
    h_restart: float,
    max_steps: int,
    times: _Floats,
    samples: _Floats,
    ledger: _Floats,
    throughput: _Floats,
    estimate: _Floats,
    integral: _Floats,
    log: _Floats,
    replay: bool,
    info: _Floats,
    work: _Floats,
    progress: Callable[[float, float], object] | None = None,
    events: _Floats | None = None,
    increments: _Floats | None = None,
) -> int: ...
def coefficient_count(problem: Problem) -> int: ...
def reverse_work(problem: Problem) -> int: ...
def reverse_rates(
    problem: Problem,
    t: float,
    t_lo: float,
    t_hi: float,
    y: _Floats,
    v: _Floats,
    v_flow: _Floats,
    out: _Floats,
    by_coefficient: _Floats,
    work: _Floats,
) -> None: ...
def kept_factors(solver: Solver) -> int: ...
def adjoint_work(problem: Problem, n_stage: int) -> int: ...
def integrate_back(
    problem: Problem,
    solver: Solver,
    tableau: tuple[object, ...],
    starts: _Floats,
    log: _Floats,
    states: _Floats,
    by_end: _Floats,
    by_flow: _Floats,
    shape: _Floats,
    seeds: _Floats,
    by_coefficient: _Floats,
    increments: _Floats,
    factors: _Floats,
    filled: bool,
    work: _Floats,
    progress: Callable[[float, float], object] | None = None,
) -> int: ...
