"""A bundle bound to the compiled core: evaluation, linear solves and the pattern they share."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from .. import _core
from ..bundle import Bundle
from ..tableaus import RODAS4P2, RODAS5P, Tableau
from .factors import Factors, look_up_range, vector
from .groups import SOURCES, Groups, groups_like, groups_of
from .islands import islands
from .loose import NotPlanar, loose_part, loose_part_like, same_plates
from .ordering import Ordering, order
from .plan import Plan, make_plan

Floats = NDArray[np.float64]

STIFF_X_PER_S = 6e-3
"""Above this rate RODAS5P may grow on the plate path, which has conduction along x factored out: it is stable
up to 6 of it in a step, and steps of an orbit are seldom over 1000 s long. Growth in longer ones is met by
the control of the lag (ext/splitting.pxd)."""


class System:
    """Right-hand side, Jacobian and linear solves of one network, on plain arrays.

    Parameters
    ----------
    bundle : Bundle
        The network. Unknowns are described there; rows are ``C_i dy_i/dt = F_i`` in watts.
    path : {"auto", "plate", "sparse"}
        Which linear solver; "auto" takes plates with tubes where the network has that form.
    like : System, optional
        A system of the same topology whose analysis is taken over.
    """

    def __init__(self, bundle: Bundle, *, path: str = "auto", like: System | None = None) -> None:
        into = bundle.adv_to[bundle.adv_to >= bundle.n + bundle.nb]
        if (np.diff(into) < 0).any():
            raise ValueError("links into mixers must be sorted by mixer")
        self.bundle = bundle
        self.path = path
        shared = like is not None and all(
            getattr(bundle, name) is getattr(like.bundle, name) for name in SOURCES
        )
        self.groups: Groups
        if like is None or not shared:
            self.groups = groups_of(bundle)
        elif bundle.capacity is like.bundle.capacity:
            self.groups = like.groups
        else:
            self.groups = groups_like(like.groups, bundle)
        self._same_faces = shared and like is not None and like.bundle.sf_coef is bundle.sf_coef
        self.problem = _core.Problem(bundle, self.groups)
        self._pattern: tuple[NDArray[np.intp], NDArray[np.intp]] | None = None
        self._ordering: Ordering | None = None
        self._solver: _core.SparseSolver | _core.PlateSolver | None = None
        self._plan: Plan | None = None
        self._like = like

    @property
    def n(self) -> int:
        """Number of unknowns."""
        return self.bundle.n

    @cached_property
    def scratch(self) -> Floats:
        """What one evaluation works in."""
        return np.zeros(self.problem.point_size() + 2 * self.bundle.n + 16)

    def rates(self, t: float, y: Floats, side: str = "right") -> tuple[Floats, Floats]:
        """Return F [W] (n,) and the named flows [W] (nq,) at time t [s], `side` the limit at a step."""
        lo, hi = look_up_range(t, side)
        F, flows = np.empty(self.bundle.n), np.zeros(self.bundle.nq)
        self.problem.rates(t, lo, hi, vector(y), F, flows, self.scratch)
        return F, flows

    def extended(self, t: float, y: Floats, side: str = "right") -> tuple[Floats, Floats]:
        """Return the values and temperatures of unknowns, boundaries and mixers at time t [s]."""
        lo, hi = look_up_range(t, side)
        size = self.bundle.n + self.bundle.nb + self.bundle.nm
        values, temperatures = np.empty(size), np.empty(size)
        self.problem.derived(t, lo, hi, vector(y), values, temperatures, self.scratch)
        return values, temperatures

    def tangent(
        self, t: float, y: Floats, dy: Floats, dt_factor: float = 0.0, side: str = "right"
    ) -> tuple[Floats, Floats]:
        """Return the derivatives of F and of the flows along (dy, dt_factor d/dt)."""
        lo, hi = look_up_range(t, side)
        dF, dflow = np.empty(self.bundle.n), np.zeros(self.bundle.nq)
        self.problem.tangent(t, lo, hi, vector(y), vector(dy), dt_factor, dF, dflow, self.scratch)
        return dF, dflow

    @property
    def pattern(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Rows and columns of the Jacobian's entries: unknowns 0..n-1, then mixers."""
        if self._pattern is None:
            count = self.problem.pattern(self.scratch)
            rows, cols = np.zeros(max(count, 1), np.intp), np.zeros(max(count, 1), np.intp)
            self.problem.pattern(self.scratch, rows, cols)
            self._pattern = rows[:count], cols[:count]
        return self._pattern

    def jacobian_entries(self, t: float, y: Floats, side: str = "right") -> tuple[Floats, Floats]:
        """Return the values of the pattern's entries [W per unit of y], and F."""
        lo, hi = look_up_range(t, side)
        rows, _ = self.pattern
        values = np.zeros(max(len(rows), 1))
        F, flows = np.empty(self.bundle.n), np.zeros(self.bundle.nq)
        self.problem.jacobian(t, lo, hi, vector(y), values, F, flows, self.scratch)
        return values[: len(rows)], F

    def jacobian_full(self, t: float, y: Floats, side: str = "right") -> sp.csc_array:
        """Return dF/dy with each mixer's balance as a row and column of its own, (n + nm, n + nm)."""
        rows, cols = self.pattern
        values, _ = self.jacobian_entries(t, y, side)
        size = self.bundle.n + self.bundle.nm
        return sp.coo_array((values, (rows, cols)), shape=(size, size)).tocsc()

    def jacobian(self, t: float, y: Floats, side: str = "right") -> sp.csc_array:
        """Return dF/dy, the mixers eliminated, (n, n) [W per unit of y]."""
        full, n = self.jacobian_full(t, y, side), self.bundle.n
        if self.bundle.nm == 0:
            return full
        mixed = np.linalg.solve(full[n:, n:].toarray(), full[n:, :n].toarray())
        return sp.csc_array(full[:n, :n] - full[:n, n:] @ sp.csr_array(mixed))

    @property
    def ordering(self) -> Ordering:
        """The elimination order and fill of the sparse factorisation."""
        if self._ordering is None:
            if self._like is not None:
                self._pattern, self._ordering = self._like.pattern, self._like.ordering
            else:
                rows, cols = self.pattern
                self._ordering = order(rows, cols, self.bundle.n + self.bundle.nm)
        return self._ordering

    @cached_property
    def islands(self) -> list[NDArray[np.intp]]:
        """Groups of unknowns that exchange heat with no boundary."""
        return self._like.islands if self._like is not None else islands(self.bundle)

    def as_sparse(self) -> System:
        """Return the same network with the sparse factorisation."""
        return System(self.bundle, path="sparse", like=self)

    @property
    def sparse(self) -> bool:
        """Whether the linear solver is the sparse one."""
        return self.path == "sparse" or isinstance(self.solver, _core.SparseSolver)

    @property
    def solver(self) -> _core.SparseSolver | _core.PlateSolver:
        """The linear solver: plates with tubes where the network has that form, else sparse."""
        if self._solver is None:
            if self.path == "sparse":
                self._solver = self.ordering.bind(self.problem)
            else:
                try:
                    self._solver = self._plate_solver()
                except NotPlanar:
                    if self.path == "plate":
                        raise
                    self._solver = self.ordering.bind(self.problem)
        return self._solver

    @property
    def method(self) -> Tableau:
        """The method in time (docs/studies/time-integration.md)."""
        stiff = not self.sparse and self._plan is not None and self._plan.steepest_x_per_s > STIFF_X_PER_S
        return RODAS4P2 if stiff else RODAS5P

    def _plate_solver(self) -> _core.PlateSolver:
        like = self._like
        if like is not None and like.path != "sparse" and like.sparse:
            raise NotPlanar("nor is the network that this one is like")
        if like is not None and like._plan is not None and same_plates(like.bundle, self.bundle):
            plan = replace(like._plan, loose=loose_part_like(like._plan.loose, like.bundle, self.bundle))
        else:
            loose = loose_part(self.bundle)
            part = System(loose)
            plan = make_plan(self.bundle, loose, part.groups, *part.pattern)
        self._plan = plan
        return _core.PlateSolver(self.problem, plan, np.zeros(plan.work_size))

    def plate_rate_per_s(self, y: Floats) -> float:
        """Return the rate at which plate cells lose heat by emission, 1/s: the shift for slow states."""
        surfaces, heat = self._emission
        lost = 0.0
        for start, count, linear, fourth in surfaces:
            mean = float(y[start : start + count].sum()) / count
            lost += linear + fourth * mean**3
        return max(lost / heat, 1e-6)

    @cached_property
    def _emission(self) -> tuple[list[tuple[int, int, float, float]], float]:
        """Where plates emit: first cell, cells, W/K, 4 sigma A in W/K^4; and the plates' heat capacity."""
        if self._like is not None and self._same_faces:
            return self._like._emission
        b = self.bundle
        found: dict[tuple[int, int], list[float]] = {}
        for k in range(len(b.sf_start)):
            p = b.pat_value[b.pat_ptr[b.sf_pattern[k]] : b.pat_ptr[b.sf_pattern[k] + 1]]
            both = found.setdefault((int(b.sf_start[k]), len(p)), [0.0, 0.0])
            both[b.sf_kind[k]] += float(b.sf_coef[k] * p.sum()) * (4.0 * b.sigma if b.sf_kind[k] else 1.0)
        cells = zip(b.pl_start, b.pl_nx, b.pl_ny, strict=True)
        heat = sum(float(b.capacity[start : start + nx * ny].sum()) for start, nx, ny in cells)
        return [(*where, both[0], both[1]) for where, both in found.items()], heat

    @cached_property
    def x_rate_per_s(self) -> float:
        """The rate at which conduction along x evens out a plate from end to end, 1/s, the largest."""
        b, found = self.bundle, 0.0
        for k in range(len(b.pl_start)):
            nx, ny, start = b.pl_nx[k], b.pl_ny[k], b.pl_start[k]
            if nx > 1:
                g = b.pl_gx[b.pl_gx_ptr[k] : b.pl_gx_ptr[k + 1]].reshape(ny, nx - 1)
                series = float((1.0 / (1.0 / np.maximum(g, 1e-300)).sum(axis=1)).sum())
                found = max(found, np.pi**2 * series / float(b.capacity[start : start + nx * ny].sum()))
        return found

    def factorise(self, t: float, y: Floats, shift_per_s: float, side: str = "right") -> Factors:
        """Return a solver of (shift C - J) u = r at (t, y), good until the next factorisation or integration.

        Raises
        ------
        ConvergenceError
            When a pivot vanishes; the message gives the row.
        """
        return Factors(self, t, y, shift_per_s, side)

    def solve(self, t: float, y: Floats, shift_per_s: float, right: Floats, side: str = "right") -> Floats:
        """Return (shift C - J)^-1 right at (t, y)."""
        return self.factorise(t, y, shift_per_s, side).solve(right)
