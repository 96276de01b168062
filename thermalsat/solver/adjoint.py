"""Derivatives by the discrete adjoint: the same steps, taken backwards with transposed systems.

The steps of a run are frozen and taken again (`Replay`); `Replay.back` then turns derivatives by the end of
the run into derivatives by its start and by every coefficient of the bundle, exactly those of the discrete
steps, whichever path they are solved on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _core
from ..bundle import Bundle
from ..errors import STATUS_MESSAGES, ConvergenceError
from ..tableaus import RODAS5P, Tableau
from .system import System, look_up_range
from .transient import EMPTY, INTERRUPTED, _packed, integrate

__all__ = ["COEFFICIENTS", "Replay", "Seeds", "by_array", "reverse", "room", "steady_derivatives"]

Floats = NDArray[np.float64]
COEFFICIENTS = (
    "gl_g", "gr_g", "adv_rate", "w_g", "w_ga", "w_gb", "s_coef", "sf_coef", "ps_coef", "pl_gx", "pl_gy",
    "capacity", "boundary",
)  # fmt: skip
"""Arrays of the bundle to differentiate by, in the core's order; "boundary": an offset of its value."""
BALANCE_SHIFT_PER_S = 1e12
KEPT_BYTES = 256_000_000
"""Room for the stages of a run's steps, and as much again for their factors."""


def by_array(b: Bundle, derivatives: Floats) -> dict[str, Floats]:
    """Return derivatives by coefficients, one array for each name of `COEFFICIENTS`."""
    out, first = {}, 0
    for name in COEFFICIENTS:
        count = b.nb if name == "boundary" else len(getattr(b, name))
        out[name] = derivatives[first : first + count]
        first += count
    return out


def room(system: System) -> Floats:
    """Return room for the derivatives by every coefficient."""
    return np.zeros(_core.coefficient_count(system.problem))


def reverse(
    system: System, t: float, y: Floats, v: Floats, v_flow: Floats, coefficients: Floats, side: str = "right"
) -> Floats:
    """Return the derivative of ``v . F + v_flow . flows`` by y (n,); add those by coefficients.

    `v_flow` and `coefficients` of no length: none.
    """
    lo, hi = look_up_range(t, side)
    out = np.zeros(system.n + system.bundle.nb)
    work = np.empty(_core.reverse_work(system.problem))
    _core.reverse_rates(system.problem, t, lo, hi, y, v, v_flow, out, coefficients, work)
    return out[: system.n]


def steady_derivatives(
    system: System, t: float, y: Floats, by_y: Floats, by_flow: Floats = EMPTY, shift_per_s: float = 0.0
) -> Floats:
    """Return the derivatives by every coefficient of an output of the steady state y at time t.

    Parameters
    ----------
    by_y, by_flow : (n,), (nq,) derivatives of the output by the state and by the named flows [W].
    shift_per_s : a trace of C in the matrix, for unknowns held by a huge capacity.
    """
    found = room(system)
    if len(by_flow):
        by_y = by_y + reverse(system, t, y, np.zeros(system.n), by_flow, found)
    w = system.factorise(t, y, shift_per_s).solve_transposed(by_y)
    reverse(system, t, y, w, EMPTY, found)
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seeds:
    """How an output depends on a run, to first order.

    ``shape . (sum over steps of seeds[k, 0] y + sum_i seeds[k, i] u_i) + by_flow . ledger``, y the state
    at the start of step k and u_i its stages, i = 1, 2, ...
    """

    value: float
    shape: Floats = field(default_factory=lambda: np.zeros(0))
    seeds: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    by_flow: Floats = field(default_factory=lambda: np.zeros(0))


class Replay:
    """A run taken again on its own steps, with the state at the start of each.

    Parameters
    ----------
    system : System
    y0 : (n,) start; algebraic unknowns are brought into balance.
    log : (k, 2) start and length of every step, s, as in `Trajectory`.
    breakpoints_s : where the run landed; algebraic unknowns are in balance again after each.

    Attributes
    ----------
    starts, states : (k,), (k, n) of each step
    y_end, ledger_J : (n,), (nq,)
    """

    def __init__(
        self,
        system: System,
        y0: Floats,
        log: Floats,
        breakpoints_s: Floats = EMPTY,
        tableau: Tableau = RODAS5P,
    ) -> None:
        self.system, self.log, self.tableau = system, np.ascontiguousarray(log), tableau
        cuts = np.flatnonzero(np.isin(self.log[1:, 0], breakpoints_s)) + 1
        bounds = [0, *cuts.tolist(), len(log)]
        self.segments = list(pairwise(bounds))
        self.starts = np.empty(len(log))
        self.states = np.empty((len(log), system.n))
        self.ledger_J = np.zeros(system.bundle.nq)
        self.algebraic = system.bundle.capacity == 0.0
        # every pass backwards needs the stages, and factors: kept where there is room
        row = tableau.stages * system.n
        self._increments = np.empty((len(log), row if 8 * row * len(log) <= KEPT_BYTES else 0))
        y = np.array(y0, dtype=np.float64)
        for first, last in self.segments:
            # the core adds up step lengths in the same way
            edges = np.cumsum(np.concatenate([[self.log[first, 0]], self.log[first:last, 1]]))
            self.starts[first:last] = edges[:-1]
            run = self._again(y, first, last, edges, self._increments[first:last])
            self.states[first:last] = run.y[:-1]
            self.ledger_J += run.ledger_J
            y = run.y_end
        self.y_end = y
        row = _core.kept_factors(system.solver)
        self._factors = np.empty((len(log), row if 8 * row * len(log) <= KEPT_BYTES else 0))
        self._filled = False

    def _again(
        self, y: Floats, first: int, last: int, times_s: Floats, increments: Floats | None = None
    ) -> Any:
        start, log = float(self.starts[first]), self.log[first:last]
        end = start + float(log[:, 1].sum())
        return integrate(
            self.system, y, start, end, times_s=times_s, replay=log, tableau=self.tableau, estimated=False,
            increments=increments if increments is not None and increments.size else None,
        )  # fmt: skip

    def inside(self, parts: Floats, columns: Any, steps: slice = slice(None)) -> Floats:
        """Return some unknowns at fractions `parts` (ascending, 0 to 1) of steps, (steps, parts, columns)."""
        wanted = range(*steps.indices(len(self.log)))
        out = np.empty((len(wanted), len(parts), len(columns)))
        if self._increments.size:
            weights = np.array([self.dense_weights(part) for part in parts])
            u = self._increments.reshape(len(self.log), self.tableau.stages, -1)[steps][:, :, columns]
            return np.asarray(self.states[steps][:, None, columns] + weights[:, 1:] @ u)
        for first, last in self.segments:
            # where it begins `integrate` balances the algebraic unknowns: right at a segment's start only
            begin = first if self.algebraic.any() else max(first, wanted.start)
            first, last = max(first, wanted.start), min(last, wanted.stop)
            if first < last:
                starts, lengths = self.starts[first:last, None], self.log[first:last, 1:]
                times = np.where(parts < 1.0, starts + lengths * parts, starts + lengths)
                run = self._again(self.states[begin], begin, last, times.ravel())
                out[first - wanted.start : last - wanted.start] = run.y[:, columns].reshape(
                    last - first, len(parts), -1
                )
        return out

    def dense_weights(self, part: float) -> Floats:
        """Return the coefficients of y and of the stages u_i in the state at a fraction of a step."""
        tab = self.tableau
        powers = part ** np.arange(len(tab.dense))
        return np.concatenate([[1.0], part * tab.m + part * (1.0 - part) * (powers @ tab.dense)])

    def back(self, by_end: Floats, output: Seeds, coefficients: Floats = EMPTY) -> Floats:
        """Return the derivative of ``by_end . y_end + output`` by the start, (n,); add those by coefficients.

        Unknowns without capacity have none: their start follows from the others.
        """
        work = np.empty(_core.adjoint_work(self.system.problem, self.tableau.stages))
        by_y = np.array(by_end, dtype=np.float64)
        for first, last in reversed(self.segments):
            seeds = output.seeds[first:last] if len(output.shape) else np.zeros((0, 0))
            status = _core.integrate_back(
                self.system.problem, self.system.solver, _packed(self.tableau), self.starts[first:last],
                self.log[first:last], self.states[first:last], by_y, output.by_flow, output.shape, seeds,
                coefficients, self._increments[first:last], self._factors[first:last], self._filled, work,
            )  # fmt: skip
            if status == INTERRUPTED:
                raise KeyboardInterrupt
            if status:
                raise ConvergenceError(f"the adjoint stopped: {STATUS_MESSAGES[status]}", {"status": status})
            if self.algebraic.any():
                by_y = self._balance_back(first, by_y, coefficients)
        self._filled = self._factors.size > 0
        return by_y

    def _balance_back(self, step: int, by_y: Floats, coefficients: Floats) -> Floats:
        """Through the balance of the algebraic unknowns at the start of a step."""
        t, y = float(self.starts[step]), self.states[step]
        right = np.where(self.algebraic, by_y, 0.0)
        w = self.system.factorise(t, y, BALANCE_SHIFT_PER_S).solve_transposed(right)
        w = np.where(self.algebraic, w, 0.0)
        moved = reverse(self.system, t, y, w, EMPTY, coefficients)
        return np.where(self.algebraic, 0.0, by_y + moved)
