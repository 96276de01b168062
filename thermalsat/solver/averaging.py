"""The same network under its orbit-averaged forcing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..bundle import Bundle

Floats = NDArray[np.float64]


def averaged(bundle: Bundle, start_s: float, period_s: float, held: NDArray[np.intp]) -> Bundle:
    """Return the bundle with every forcing constant at its mean over [start, start + period].

    Boundaries that radiate are averaged in temperature, so a steady state of the result is a first guess, not
    the mean state. Unknowns in `held` get a capacity so large that they stay where they are.
    """
    means = np.array(
        [_mean(bundle, k, start_s, start_s + period_s) for k in range(len(bundle.forcing_period))]
    )
    count = len(means)
    coef = np.zeros((count, 6))
    coef[:, 0] = means
    capacity = bundle.capacity.copy()
    capacity[held] = 1e30
    return bundle.exchanged(
        capacity=capacity,
        forcing_ptr=np.arange(count + 1),
        forcing_knots=np.tile([0.0, 1.0], count),
        forcing_coef=coef,
        forcing_period=np.zeros(count),
    )


def _mean(b: Bundle, k: int, lo: float, hi: float) -> float:
    """Exact mean of forcing k over [lo, hi]."""
    first, last = b.forcing_ptr[k], b.forcing_ptr[k + 1]
    knots, coef = b.forcing_knots[first + k : last + k + 1], b.forcing_coef[first:last]
    period = b.forcing_period[k]
    if len(coef) == 1 and not coef[0, 1:].any():
        return float(coef[0, 0])
    areas = _area(coef.T, knots[1:] - knots[:-1])
    if period > 0.0 and abs((hi - lo) / period - 1.0) < 1e-12:
        return float(areas.sum()) / (hi - lo)
    total = np.concatenate([[0.0], np.cumsum(areas)])

    def antiderivative(t: float) -> float:
        turns = 0.0
        if period > 0.0:
            turns = np.floor((t - knots[0]) / period)
            t = t - turns * period
        inside = min(max(t, knots[0]), knots[-1])
        p = min(int(np.searchsorted(knots, inside, side="right")) - 1, len(coef) - 1)
        value = turns * total[-1] + total[p] + _area(coef[p], inside - knots[p])
        if period == 0.0 and t != inside:
            edge = coef[p] * (inside - knots[p]) ** np.arange(6)
            value += float(edge.sum()) * (t - inside)
        return float(value)

    return (antiderivative(hi) - antiderivative(lo)) / (hi - lo)


def _area(c: Any, x: Any) -> Any:
    """Return the integral from 0 to x of the polynomial with coefficients c, ascending."""
    area = c[5] / 6.0
    for k in range(4, -1, -1):
        area = area * x + c[k] / (k + 1)
    return area * x
