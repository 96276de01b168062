"""Corrections of a periodic state in which something melts: slopes over the orbit, bounded moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..bundle import Bundle
from ..laws import Law
from ..physics.melting import enthalpy_temperature_K

__all__ = ["Knees", "steep_law"]

Floats = NDArray[np.float64]

STEEP = 4.0
"""Ratio of slopes from which a law has knees."""
SAMPLES = 129
SAME = 0.1
"""Mean slopes within this part of each other share a linearisation."""
FREE_K = 1.0
"""Moves up to this are left as they are, K of enthalpy temperature."""


class Knees:
    """Unknowns whose temperature law is far from straight.

    What is lost over an orbit, ``exp(-P k)``, follows the slope's mean over the orbit, not the slope at the
    mean. Where most of the heat is latent, a correction linear in the enthalpy leaps over the end of the
    plateau when it leaves it, and one linear in the temperature leaps over all of it when it enters: the
    smaller is taken.
    """

    def __init__(self, bundle: Bundle) -> None:
        b = bundle
        self.laws: dict[int, Law] = {}
        for which in np.unique(b.temperature_law[b.temperature_law >= 0]).tolist():
            law = steep_law(b, which)
            if law is not None:
                self.laws |= dict.fromkeys(np.flatnonzero(b.temperature_law == which).tolist(), law)
        self.slopes: dict[int, float] = {}

    def times_s(self, asked: Floats, start_s: float, period_s: float) -> Floats:
        """Return the samples to take: those asked for, or some where there is need."""
        if len(asked) or not self.laws:
            return asked
        return np.linspace(start_s, start_s + period_s, SAMPLES)

    def moved(self, state: Floats, times_s: Floats, y: Floats) -> bool:
        """Put the mean slopes over the samples ``y`` (k, n) into `state` (n,), in place.

        Returns
        -------
        bool
            Whether they differ from those of the last time, so that a linearisation must be made again.
        """
        fresh = False
        for index, law in self.laws.items():
            slope = float(np.trapezoid(law.derivative(y[:, index]), times_s) / (times_s[-1] - times_s[0]))
            known = self.slopes.get(index, np.inf)
            fresh |= not abs(slope - known) <= SAME * known
            self.slopes[index] = slope if fresh else known
            state[index] = _with_slope(law, self.slopes[index])
        return fresh

    def limit(self, mean: Floats, x: Floats, new: Floats) -> None:
        """Shorten the move from `x` to `new` (n,), in place; `mean` (n,) is the orbit's."""
        for index, law in self.laws.items():
            move, at = float(new[index] - x[index]), float(mean[index])
            reached = enthalpy_temperature_K(law, law(at) + self.slopes[index] * move)
            allowed = max(abs(float(reached) - at), FREE_K)
            new[index] = x[index] + np.clip(move, -allowed, allowed)


def steep_law(b: Bundle, which: int) -> Law | None:
    """Return the law with this number, if it has knees."""
    rows = slice(int(b.law_ptr[which]), int(b.law_ptr[which + 1]))
    law = Law(float(b.law_x0[which]), float(b.law_dx[which]), b.law_coef[rows])
    slopes = np.append(law.coef[:, 1], law.derivative(law.x1))
    return law if slopes.min() > 0.0 and slopes.max() > STEEP * slopes.min() else None


def _with_slope(law: Law, slope: float) -> float:
    """Where the law has a slope: in the first of its pieces whose ends enclose it."""
    slopes = np.append(law.coef[:, 1], law.derivative(law.x1))
    low, high = np.minimum(slopes[:-1], slopes[1:]), np.maximum(slopes[:-1], slopes[1:])
    piece = int(np.argmax((low <= slope) & (slope <= high)))
    span = slopes[piece + 1] - slopes[piece]
    part = 0.0 if span == 0.0 else float(np.clip((slope - slopes[piece]) / span, 0.0, 1.0))
    return law.x0 + (piece + part) * law.dx
