"""Outputs of a replayed run, and how they depend on its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.laws import Law

from .adjoint import Replay, Seeds

__all__ = ["Reading", "at_time", "carried", "extreme", "mean"]

Floats = NDArray[np.float64]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(3)
GAUSS, GAUSS_WEIGHTS = 0.5 * (1.0 + _NODES), 0.5 * _WEIGHTS
QUARTERS = np.linspace(0.0, 1.0, 5)
FINE = np.linspace(0.0, 1.0, 65)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """A temperature read off the unknowns: ``law(weights . y[columns])``, K."""

    columns: NDArray[np.intp]
    weights: Floats
    law: Law | None = None

    def value(self, y: Floats) -> Any:
        """Temperature for y (..., columns) [K]."""
        raw = y @ self.weights
        return raw if self.law is None else np.asarray(self.law(raw))

    def slope(self, y: Floats) -> Any:
        """Return its derivative by ``weights . y``."""
        raw = y @ self.weights
        return np.ones_like(raw) if self.law is None else np.asarray(self.law.derivative(raw))

    def shape(self, n: int) -> Floats:
        """Return the weights of all n unknowns."""
        out = np.zeros(n)
        out[self.columns] = self.weights
        return out


def _place(replay: Replay, t: float) -> tuple[int, float]:
    """Step that holds time t [s], and the fraction of it."""
    step = max(int(np.searchsorted(replay.starts, t, side="right")) - 1, 0)
    return step, float(np.clip((t - replay.starts[step]) / replay.log[step, 1], 0.0, 1.0))


def _single(replay: Replay, reading: Reading, step: int, part: float) -> Seeds:
    y = replay.inside(np.array([part]), reading.columns, slice(step, step + 1))[0, 0]
    seeds = np.zeros((len(replay.log), replay.tableau.stages + 1))
    seeds[step] = float(reading.slope(y)) * replay.dense_weights(part)
    return Seeds(value=float(reading.value(y)), shape=reading.shape(replay.system.n), seeds=seeds)


def at_time(replay: Replay, reading: Reading, t: float) -> Seeds:
    """Temperature at time t [s]."""
    return _single(replay, reading, *_place(replay, t))


def mean(replay: Replay, reading: Reading) -> Seeds:
    """Mean temperature over the run, by Gauss's rule in each step: exact for the method's own interpolant."""
    lengths = replay.log[:, 1]
    y = replay.inside(GAUSS, reading.columns)
    share = lengths[:, None] / lengths.sum() * GAUSS_WEIGHTS
    dense = np.array([replay.dense_weights(part) for part in GAUSS])
    return Seeds(
        value=float((share * reading.value(y)).sum()),
        shape=reading.shape(replay.system.n),
        seeds=(share * reading.slope(y)) @ dense,
    )


def extreme(
    replay: Replay, columns: NDArray[np.intp], law: Law | None, sign: float
) -> tuple[Seeds, int, float]:
    """Largest (sign 1) or least (-1) temperature of some unknowns over the run, which one and when [s].

    Place and time are found, then held: where the time is free to move, moving it changes nothing to first
    order.
    """
    y = replay.inside(QUARTERS, columns)
    T = sign * (y if law is None else np.asarray(law(y)))
    step, _, column = np.unravel_index(int(np.argmax(T)), T.shape)
    chosen = Reading(columns=columns[column : column + 1], weights=np.ones(1), law=law)
    first = max(int(step) - 1, 0)
    steps = slice(first, min(int(step) + 2, len(replay.log)))
    fine = sign * chosen.value(replay.inside(FINE, chosen.columns, steps))
    k, i = np.unravel_index(int(np.argmax(fine)), fine.shape)
    part = float(FINE[i])
    if 0 < i < len(FINE) - 1:
        left, middle, right = fine[k, i - 1 : i + 2]
        bend = left - 2.0 * middle + right
        if bend < 0.0:
            part += float(0.5 * (left - right) / bend) * float(FINE[1])
    found = first + int(k)
    seeds = _single(replay, chosen, found, part)
    return seeds, int(chosen.columns[0]), float(replay.starts[found] + part * replay.log[found, 1])


def carried(replay: Replay, flow: int) -> Seeds:
    """Energy that a named flow carried over the run [J]."""
    by_flow = np.zeros(replay.system.bundle.nq)
    by_flow[flow] = 1.0
    return Seeds(value=float(replay.ledger_J[flow]), by_flow=by_flow)
