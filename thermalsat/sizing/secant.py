"""Steps of one size towards the zero of its smallest margin."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from thermalsat.capability.study import CLOSING

__all__ = ["TOLERANCE", "Secant"]

LARGEST_STEP = 0.4
"""Largest change of the logarithm of a size in one step."""
TOLERANCE = 3e-4
"""Change of the logarithm of a size that counts as none."""
TRUST, CLOSING_TRUST = 2.0, 20.0
"""A measured slope may differ by this factor from the expected one."""


class Secant:
    """Margins of one size against its logarithm."""

    def __init__(self, slopes: Mapping[Any, float] | None = None) -> None:
        self.last: tuple[float, dict[Any, float]] | None = None
        self.slopes = dict(slopes or {})
        self.short, self.enough = -math.inf, math.inf

    def step(self, x: float, margins: Mapping[Any, float], expected: Mapping[str, float]) -> float:
        """Return the change of the logarithm that brings the smallest margin to zero."""
        if not margins:
            return 0.0
        if self.last is not None and abs(x - self.last[0]) > 0.2 * TOLERANCE:
            for key, m in margins.items():
                if key in self.last[1]:
                    slope, guess = (m - self.last[1][key]) / (x - self.last[0]), expected[key[1]]
                    trust = CLOSING_TRUST if key[1] in CLOSING else TRUST
                    if guess / trust < slope < guess * trust:
                        self.slopes[key] = slope
        if self.last is None or x != self.last[0]:
            self.last = (x, dict(margins))
        wanted = [-m / self.slopes.get(key, expected[key[1]]) for key, m in margins.items()]
        step = min(max(*wanted, -LARGEST_STEP), LARGEST_STEP)
        return self._within(x, step, min(margins.values()) >= 0.0)

    def _within(self, x: float, step: float, holds: bool) -> float:
        """Return a step that stays between a size that was too small and one that was enough."""
        if holds:
            self.enough = x
            self.short = self.short if self.short < x else -math.inf
        else:
            self.short = x
            self.enough = self.enough if self.enough > x else math.inf
        if abs(step) > TOLERANCE and not self.short < x + step < self.enough:
            middle = 0.5 * (self.short + self.enough)
            return middle - x if math.isfinite(middle) else step
        return step
