"""What is known of burst starts: margins where they were tried, and what these let expect elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from thermalsat.capability import dips
from thermalsat.capability.bursts import RECOVERED_ENERGY, RECOVERED_K, Burst, Bursts, Start
from thermalsat.capability.study import LEAST_MISSING, LOOSE_K, SCALES, scaled

__all__ = ["Margins", "Runner", "Tried"]

DOUBT = 2.0
"""Margins are taken to fall off up to this many times faster than so far where a start is left out."""
AHEAD = 0.25
"""How far beyond what was tried a start may be left out, over the base."""
APART = 1.0 / 20.0
"""Starts this far apart have worst cases of their own [orbits]."""
ALIKE = 0.02
"""Starts that come this near to a limit are computed exactly at the answer, where they are apart from the
worst [K, %, kW; for recovery as a part of what counts as recovered]."""
MOST_ALIKE = 2

RECOVERED = {
    "recovery of temperatures": RECOVERED_K / SCALES["K"],
    "recovery of energy": RECOVERED_ENERGY / SCALES["1"],
}
"""What the base cycle has no margin of: its bound, on the margins' scale."""

Runner = Callable[[Start, float, float, bool], "Burst | None"]
Margins = Mapping[Any, float]


class Tried:
    """Burst starts at the powers or durations x at which they were tried.

    Parameters
    ----------
    runner, bursts, low, lasts
        As for `Hunt`.

    Attributes
    ----------
    known : mapping of Start to mapping of float to margins
        Loosely computed margins by start and x; None where a burst cannot be followed.
    exact : mapping of (Start, float) to Burst
        What was computed with a tight tolerance.
    """

    def __init__(
        self, runner: Runner, bursts: Bursts, low: float, lasts: Callable[[str, float], bool] | None
    ) -> None:
        self.runner, self.low, self.lasts = runner, low, lasts
        self._base = {case: scaled(limits, case) for case, limits in bursts.base_limits().items()}
        self.known: dict[Start, dict[float, Margins | None]] = {}
        self.exact: dict[tuple[Start, float], Burst | None] = {}

    def margins(self, start: Start, x: float, tolerance_K: float = LOOSE_K) -> Margins | None:
        """Return the margins of a burst by start and limit; None where it cannot be followed."""
        if x == self.low:
            margins = {(start, name): m for (_, name), m in self._base[start.case].items()}
            nothing = {(start, name): -bound * math.log(LEAST_MISSING) for name, bound in RECOVERED.items()}
            return nothing | margins
        known = self.known.setdefault(start, {})
        if tolerance_K >= LOOSE_K and x in known:
            return known[x]
        burst = self.runner(start, x, tolerance_K, False)
        if tolerance_K < LOOSE_K:
            self.exact[start, x] = burst
        found: Margins | None = None
        if burst is not None:
            found = {(start, name): m for (_, name), m in scaled(burst.limits, start.case).items()}
        if tolerance_K >= LOOSE_K:
            known[x] = found
        return found

    def smallest(self, start: Start, x: float) -> float:
        """Return the smallest margin of a start."""
        margins = self.margins(start, x)
        return -math.inf if margins is None else min(margins.values())

    def surely(self, start: Start, x: float) -> bool:
        """Whether a start holds at x by what is known of it: at a larger x, or with much to spare before."""
        if self.lasts is not None and self.lasts(start.case, x):
            return True
        known = {at: m for at, m in self.known.get(start, {}).items() if m is not None}
        if any(at >= x and min(m.values()) >= 0.0 for at, m in known.items()):
            return True
        at = max((at for at in known if at < x), default=self.low)
        if not 0.0 < x - at <= AHEAD * (at - self.low):
            return False
        base, further = self._base[start.case], DOUBT * (x - at) / (at - self.low)
        for (_, name), m in known[at].items():
            calm = base.get((start.case, name))
            fall = math.log(2.0) * RECOVERED[name] if calm is None else further * max(calm - m, 0.0)
            if m < fall:
                return False
        return True

    def end(self, start: Start, x: float) -> float:
        """Return where a start's margins seem to end, by straight lines from the base cycle to x."""
        there, here = self.margins(start, x), self._base[start.case]
        if there is None:
            return self.low
        part = math.inf
        for (_, name), m in there.items():
            calm = here.get((start.case, name))
            if calm is None:
                # what is missing grows with the burst
                part = min(part, math.exp(m / RECOVERED[name]))
            elif m < calm:
                part = min(part, calm / (calm - m))
        return self.low + part * (x - self.low)

    def expected(self, start: Start, x: float) -> dict[str, float] | None:
        """Return the margins of a start at x, from where it was tried nearest to x."""
        known = self.known[start]
        at = min(known, key=lambda at: abs(at - x))
        margins = known[at]
        if margins is None or not self.low < at:
            return None
        base, further = self._base[start.case], (x - at) / (at - self.low)
        return {
            name: m - further * max(base.get((start.case, name), m) - m, 0.0)
            for (_, name), m in margins.items()
        }

    def deepest_dip(self, x: float) -> tuple[float, Start | None]:
        """Return how deep the margins at x may dip between two starts that were tried, and where."""
        tried: dict[str, list[tuple[float, dict[str, float]]]] = {}
        for start in self.known:
            expected = self.expected(start, x)
            if expected is not None:
                tried.setdefault(start.case, []).append((start.phase, expected))
        found = [(*dips.deepest_dip(points), case) for case, points in tried.items()]
        depth, phase, case = min(found, default=(math.inf, 0.0, ""))
        return depth, Start(case, phase) if math.isfinite(depth) else None

    def alike(self, worst: Start, x: float) -> list[Start]:
        """Return the starts apart from the worst that come nearly as near to a limit at x."""
        found: dict[Start, float] = {}
        for start in self.known:
            away = abs(start.phase - worst.phase)
            if start.case == worst.case and min(away, 1.0 - away) < APART:
                continue
            expected = self.expected(start, x)
            if expected is not None:
                found[start] = min(m / RECOVERED.get(name, 1.0) for name, m in expected.items())
        chosen = [start for start, margin in found.items() if margin < ALIKE]
        return sorted(chosen, key=found.__getitem__)[:MOST_ALIKE]
