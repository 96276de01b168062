"""The end of the margins over many burst starts, of which few matter."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from thermalsat.capability.bursts import Burst, Bursts, Start
from thermalsat.capability.search import Found, Point, largest, polish
from thermalsat.capability.study import LOOSE_K, TIGHT_K, scaled

__all__ = ["NOISE", "PHASES", "Hunt", "Worst"]

PHASES = 12
"""Burst starts around the orbit of each case, in the first scan."""
NEAR = 0.02
"""Starts whose own answer is estimated this much above the lowest are followed."""
FOLLOWED = 3
FINEST = 1.0 / 400.0
"""Spacing of burst starts at which the refinement stops [orbits]."""
COARSELY = 1.3
"""Cases whose own answer seems this much higher than the lowest, over the base, are left out."""
COARSE_MARGIN = 3.0
"""Cases that keep this margin at every coarse start are not looked at more closely [K, %, kW]."""
ROUNDS = 4
WORSE = 0.02
"""A start counts as worse than those followed from this difference on [K, %, kW]."""
NOISE = 5e-3
"""Margin that counts as zero at an answer: 5 mK, 5 W, 18 kJ, 0.005 %."""

FARTHER = 4.0
"""Steps by which other starts are tried where those followed never end."""

Runner = Callable[[Start, float, float, bool], "Burst | None"]
Margins = Mapping[Any, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worst:
    """The largest x that holds for every start.

    Attributes
    ----------
    x : power [W] or duration [s]
    burst : the worst start's burst at x, with a tight tolerance; None where nothing bound
    binding : name of the limit that ends it
    starts : the starts that were followed, worst first
    scanned : how many starts were tried
    """

    x: float
    burst: Burst | None
    binding: str | None
    starts: tuple[Start, ...]
    scanned: int


class Hunt:
    """Search for the largest power or duration x that every burst start holds.

    Parameters
    ----------
    runner : callable
        ``runner(start, x, tolerance_K, whole)`` runs a burst of which x is the power or the duration.
    bursts : Bursts
        The base cycles, whose margins hold at x = `low`.
    coarse, fine : list of Start
        Few starts in every case, which tell what cases matter, and all of them.
    low : float
        x at which there is no burst.
    """

    def __init__(
        self, runner: Runner, bursts: Bursts, coarse: list[Start], fine: list[Start], low: float
    ) -> None:
        self.runner = runner
        self.coarse, self.fine = coarse, fine
        self.low = low
        self._base = {case: scaled(limits, case) for case, limits in bursts.base_limits().items()}
        self._known: dict[tuple[Start, float], Margins | None] = {}
        self._tried: set[Start] = set()

    def margins(
        self, start: Start, x: float, tolerance_K: float = LOOSE_K, whole: bool = True
    ) -> Margins | None:
        """Return the margins of a burst by start and limit; None where it cannot be followed."""
        if x == self.low:
            return {(start, name): m for (_, name), m in self._base[start.case].items()}
        key, exact = (start, x), tolerance_K < LOOSE_K
        if not exact and key in self._known:
            return self._known[key]
        self._tried.add(start)
        burst = self.runner(start, x, tolerance_K, whole)
        found: Margins | None = None
        if burst is not None:
            found = {(start, name): m for (_, name), m in scaled(burst.limits, start.case).items()}
        if not exact:
            self._known[key] = found
        return found

    def together(self, starts: Iterable[Start], x: float, tolerance_K: float = LOOSE_K) -> Margins | None:
        """Return the margins of several starts; None where one cannot be followed."""
        merged: dict[Any, float] = {}
        for start in starts:
            found = self.margins(start, x, tolerance_K)
            if found is None:
                return None
            merged |= found
        return merged

    def smallest(self, start: Start, x: float, whole: bool = True) -> float:
        """Return the smallest margin of a start."""
        margins = self.margins(start, x, whole=whole)
        return -math.inf if margins is None else min(margins.values())

    def find(
        self,
        *,
        first: float,
        high: float,
        tolerance: float,
        step: float,
        followed: tuple[Start, ...] = (),
        confirm: bool = True,
    ) -> Worst:
        """Return the largest x.

        Parameters
        ----------
        first, high, tolerance, step : float
            First guess, end of the range, tolerance and rounding of x.
        followed : tuple of Start, optional
            Starts that are known to be bad; without them a first scan finds some.
        confirm : bool
            Look for worse starts at the answer.
        """
        if followed:
            active = self._lowest({start: self._end(start, first) for start in followed})
        else:
            active = self._scan(first)
            self._known.clear()
        for _ in range(ROUNDS):
            found = self._largest(active, first, high, tolerance)
            if not confirm:
                break
            endless = found.binding is None
            added = self._failing(active, first, high) if endless else self._worse(active, found)
            if not added:
                break
            first = first if endless else found.x
            active = [*added, *active][: 2 * FOLLOWED]
        if found.binding is None and found.x >= high:
            return Worst(x=found.x, burst=None, binding=None, starts=tuple(active), scanned=len(self._tried))
        return self._polished(active, found, step)

    def _scan(self, x: float) -> list[Start]:
        """Return the starts whose margins seem to end lowest, by straight lines from the base cycle to x."""
        ends = {start: self._end(start, x) for start in self.coarse}
        lowest = min(ends.values())
        matter = {s.case for s, end in ends.items() if end - self.low <= COARSELY * (lowest - self.low)}
        ends |= {s: self._end(s, x) for s in self.fine if s.case in matter and s not in ends}
        return self._lowest(ends)

    def _lowest(self, ends: Mapping[Start, float]) -> list[Start]:
        """Return the starts whose margins end first, and those near them."""
        ranked = sorted(ends, key=ends.__getitem__)
        best = ends[ranked[0]]
        if not math.isfinite(best):
            return ranked[:1]
        within = best + NEAR * (best - self.low)
        return [start for start in ranked if ends[start] <= within][:FOLLOWED]

    def _end(self, start: Start, x: float) -> float:
        there, here = self.margins(start, x, whole=False), self._base[start.case]
        if there is None:
            return self.low
        end = math.inf
        for (_, name), m in there.items():
            calm = here.get((start.case, name))
            if calm is None:
                end = min(end, x) if m < 0.0 else end
            elif m < calm:
                end = min(end, self.low + calm / (calm - m) * (x - self.low))
        return end

    def _largest(self, active: list[Start], first: float, high: float, tolerance: float) -> Found:
        known = (Point(self.low, self.together(active, self.low)),)
        found = largest(
            partial(self.together, active),
            low=self.low,
            first=first,
            high=high,
            tolerance=tolerance,
            known=known,
        )
        if not isinstance(found, Found):
            raise ArithmeticError(f"the margins of the base cycle do not hold: {found}")
        return found

    def _worse(self, active: list[Start], found: Found) -> list[Start]:
        """Return starts beside the worst, and elsewhere, whose margins end before."""
        x = found.x
        assert found.binding is not None
        coarse = {start: self.smallest(start, x, whole=False) for start in self.coarse}
        matter = {start.case for start, margin in coarse.items() if margin < COARSE_MARGIN}
        starts = [s for s in self.fine if s.case in matter and s not in coarse] + self.coarse
        others = [s for s in starts if s not in active and self.smallest(s, x, whole=False) < -WORSE]
        others.sort(key=lambda start: self.smallest(start, x))
        fresh = self._refined(found.binding[0], x)
        candidates = [fresh, *others[:FOLLOWED]]
        return [s for s in candidates if s not in active and self.smallest(s, x) < -WORSE]

    def _failing(self, active: list[Start], first: float, high: float) -> list[Start]:
        """Return starts that do not hold where those followed hold all the way to the end of the range."""
        others = [start for start in self.coarse if start not in active]
        x = first
        while True:
            found = [s for s in others if self.smallest(s, x, whole=False) < -WORSE]
            if found or x >= high:
                return sorted(found, key=lambda start: self.smallest(start, x))[:FOLLOWED]
            x = min(FARTHER * x, high)

    def _refined(self, worst: Start, x: float) -> Start:
        """Return the start near a bad one at which the smallest margin is smallest."""
        best, value, spacing = worst, self.smallest(worst, x), 0.5 / PHASES
        while spacing >= FINEST:
            for shift in (-spacing, spacing):
                other = Start(worst.case, (best.phase + shift) % 1.0)
                found = self.smallest(other, x)
                if found < value:
                    best, value = other, found
                    break
            else:
                spacing *= 0.5
        return best

    def _polished(self, active: list[Start], found: Found, step: float) -> Worst:
        ranked = sorted(active, key=lambda start: self.smallest(start, found.x))
        lowest = self.smallest(ranked[0], found.x)
        near = [s for s in ranked if self.smallest(s, found.x) <= lowest + 20.0 * NOISE][:FOLLOWED]
        point = polish(lambda x: self.together(near, x, TIGHT_K), found, step=step, noise=NOISE)
        assert point.margins is not None
        worst, name = min(point.margins, key=point.margins.__getitem__)
        return Worst(
            x=point.x,
            burst=self.runner(worst, point.x, TIGHT_K, True),
            binding=name,
            starts=(worst, *(start for start in ranked if start != worst)),
            scanned=len(self._tried),
        )
