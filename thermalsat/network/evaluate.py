"""Rates and Jacobian of a bundle, by the compiled core or, where it is missing, by the twin."""

from __future__ import annotations

import math
from typing import Any

import scipy.sparse as sp

from thermalsat import twin
from thermalsat.bundle import Bundle, Floats

try:
    from thermalsat.solver.system import System
except ImportError:
    System = None  # type: ignore[assignment, misc]

__all__ = ["Evaluator"]


class Evaluator:
    """A bundle, ready to be evaluated at any (t, y)."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self._system: Any = None if System is None else System(bundle)

    def rates(self, t: float, y: Floats, side: str) -> tuple[Floats, Floats]:
        """F [W] and the named flows [W] at time t [s]; at a step the limit from `side`."""
        if self._system is not None:
            F, flows = self._system.rates(t, y, side)
            return F, flows
        return twin.rates(self.bundle, t, y, *_look_up(t, side))

    def jacobian(self, t: float, y: Floats, side: str) -> sp.csc_array:
        """dF/dy, mixers eliminated."""
        if self._system is not None:
            return sp.csc_array(self._system.jacobian(t, y, side))
        return sp.csc_array(twin.jacobian(self.bundle, t, y, *_look_up(t, side)))


def _look_up(t: float, side: str) -> tuple[float, float]:
    return (t, math.inf) if side == "right" else (-math.inf, math.nextafter(t, -math.inf))
