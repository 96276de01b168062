"""The adjoint of a periodic state: what an output depends on when the orbit must close."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..errors import ConvergenceError
from .adjoint import Replay, Seeds
from .averaging import averaged
from .factors import Factors
from .periodic import CONTRACTION, FAST, SMALL
from .system import System

__all__ = ["periodic_multiplier"]

Floats = NDArray[np.float64]
MAX_PASSES = 40
RELATIVE = 1e-2
"""Residual left in the correction, a preconditioner."""


def periodic_multiplier(
    replay: Replay, free: NDArray[np.bool_], output: Seeds, *, relative: float = 1e-6
) -> tuple[Floats, int]:
    """Return the `by_end` with which `Replay.back` differentiates an output of the periodic state.

    With M the derivative of the orbit map and g that of the output by the start, it solves
    ``(I - M^T) x = g``. A pass backwards applies M^T; `Shooting.correction`, transposed, preconditions, and
    of all combinations of the corrections found the one with the smallest residual is taken.

    Parameters
    ----------
    free : (n,) which unknowns close: neither anchored nor without capacity.
    relative : error allowed in x, relative to its largest part in output per kelvin.

    Returns
    -------
    by_end : (n,)
    passes : int
        Passes backwards over the period.

    Raises
    ------
    ConvergenceError
        When the passes do not converge.
    """
    system = replay.system
    correct = _Correction(replay, free)
    nothing = Seeds(value=0.0)
    r = np.where(free, replay.back(np.zeros(system.n), output), 0.0)
    x, scale = np.zeros(system.n), 0.0
    directions: list[Floats] = []
    images: list[Floats] = []
    seen: list[Floats] = []
    for passes in range(1, MAX_PASSES + 1):
        step = correct(r)
        size = float(np.abs(step / system.bundle.weight).max(initial=0.0))
        scale = max(scale, size)
        if CONTRACTION * size <= relative * scale:
            return x + step, passes
        directions.append(step)
        images.append(step - np.where(free, replay.back(step, nothing), 0.0))
        seen.append(correct(images[-1]) / system.bundle.weight)
        mix = _mixed(np.array(seen), step / system.bundle.weight)
        x = x + (mix[:, None] * directions).sum(axis=0)
        r = r - (mix[:, None] * images).sum(axis=0)
    raise ConvergenceError(
        f"the derivatives of the periodic state did not settle in {MAX_PASSES} passes over the period; it "
        "may be close to losing its stability",
        {"passes": MAX_PASSES},
    )


def _mixed(rows: Floats, target: Floats) -> Floats:
    """Return the mix of a few rows (k, n) that is nearest to the target (n,)."""
    # not by BLAS, which would wake its threads
    size = np.sqrt(np.square(rows).sum(axis=1))
    rows = rows / size[:, None]
    gram = np.einsum("in,jn->ij", rows, rows)
    mix, *_ = np.linalg.lstsq(gram, (rows * target).sum(axis=1), rcond=1e-13)
    return np.asarray(mix / size)


class _Correction:
    """The transpose of `Shooting.correction` about the mean of a replayed orbit."""

    def __init__(self, replay: Replay, free: NDArray[np.bool_]) -> None:
        lengths = replay.log[:, 1]
        start, self.period_s = float(replay.starts[0]), float(lengths.sum())
        held = np.flatnonzero(~free & ~replay.algebraic)
        system = replay.system
        path = "sparse" if system.n <= SMALL else system.path
        self.mean = System(averaged(system.bundle, start, self.period_s, held), path=path, like=system)
        ends = np.vstack([replay.states[1:], replay.y_end])
        self.state = lengths @ (0.5 * (replay.states + ends)) / self.period_s
        self.shifts = (1e-6 / self.period_s, FAST / self.period_s)
        self.free, self.capacity = free, system.bundle.capacity
        self._factors: list[Factors] = []
        if self.mean.sparse:
            self._factors = [self.mean.factorise(0.0, self.state, shift) for shift in self.shifts]

    def __call__(self, r: Floats) -> Floats:
        slow, fast = (self._solved(k, r) for k in range(2))
        return np.where(self.free, r + self.capacity / self.period_s * (slow - 0.5 * FAST * fast), 0.0)

    def _solved(self, k: int, r: Floats) -> Floats:
        # one set of plate factors at a time: they are large
        factors = self._factors[k] if self._factors else self.mean.factorise(0.0, self.state, self.shifts[k])
        return factors.solve_transposed(r, relative=RELATIVE)
