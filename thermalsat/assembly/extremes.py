"""The highest or lowest value of unknowns along a run, between its samples too."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from thermalsat.solver.system import System

__all__ = ["Run"]

Floats = NDArray[np.float64]


class Run:
    """Samples of a run, with the rates at them when asked for.

    Parameters
    ----------
    system : System
        The network.
    times_s, y : ndarray (k,), (k, n)
        Samples; every step and kink of a forcing must be among the times.
    """

    def __init__(self, system: System, times_s: Floats, y: Floats) -> None:
        self.system = system
        self.times_s = times_s
        self.y = y
        self._gains_W: dict[tuple[int, str], Floats] = {}

    def extreme(self, columns: slice | NDArray[np.intp], sign: float) -> tuple[float, float, int]:
        """Return the extreme of some unknowns: its value, its time [s], and which unknown it is.

        Parameters
        ----------
        columns : slice or ndarray of intp
            Which unknowns.
        sign : {1.0, -1.0}
            The highest or the lowest.

        Notes
        -----
        About the sample that stands out, the unknown is followed by the cubic that has its values and
        rates at the samples; the extreme moves continuously with the run.
        """
        wanted = np.arange(self.y.shape[1])[columns]
        field = sign * self.y[:, wanted]
        row, place = divmod(int(np.argmax(field)), len(wanted))
        column = int(wanted[place])
        best, when = sign * float(self.y[row, column]), float(self.times_s[row])
        for left in (row - 1, row):
            if left < 0 or left + 1 >= len(self.times_s):
                continue
            value, time = self._highest(left, column, sign)
            if value > best:
                best, when = value, time
        return sign * best, when, column

    def _highest(self, left: int, column: int, sign: float) -> tuple[float, float]:
        """Highest value of sign times an unknown within the interval after sample `left`, and its time."""
        h = float(self.times_s[left + 1] - self.times_s[left])
        if h <= 0.0:
            return -math.inf, 0.0
        y0, y1 = sign * float(self.y[left, column]), sign * float(self.y[left + 1, column])
        d0 = sign * h * self._rate(left, "right", column)
        d1 = sign * h * self._rate(left + 1, "left", column)
        c2, c3 = 3.0 * (y1 - y0) - 2.0 * d0 - d1, 2.0 * (y0 - y1) + d0 + d1
        # stationary points of y0 + d0 s + c2 s^2 + c3 s^3
        inner = c2 * c2 - 3.0 * c3 * d0
        if inner < 0.0:
            return -math.inf, 0.0
        q = -(c2 + math.copysign(math.sqrt(inner), c2))
        roots = [part / whole for part, whole in ((q, 3.0 * c3), (d0, q)) if whole != 0.0]
        inside = [s for s in roots if 0.0 < s < 1.0]
        if not inside:
            return -math.inf, 0.0
        values = [y0 + s * (d0 + s * (c2 + s * c3)) for s in inside]
        k = values.index(max(values))
        return values[k], float(self.times_s[left]) + inside[k] * h

    def _rate(self, row: int, side: str, column: int) -> float:
        """Rate of an unknown at a sample; zero without capacity."""
        if (row, side) not in self._gains_W:
            self._gains_W[row, side] = self.system.rates(float(self.times_s[row]), self.y[row], side)[0]
        capacity = float(self.system.bundle.capacity[column])
        return float(self._gains_W[row, side][column]) / capacity if capacity > 0.0 else 0.0
