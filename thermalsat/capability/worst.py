"""The end of the margins over many burst starts, of which few matter."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from thermalsat.capability.bursts import Burst, Bursts, Start
from thermalsat.capability.dips import lowest_near, turned
from thermalsat.capability.search import Found, Point, largest, polish
from thermalsat.capability.study import TIGHT_K
from thermalsat.capability.tried import Margins, Runner, Tried

__all__ = ["NOISE", "PHASES", "Hunt", "Worst"]

PHASES = 12
"""Burst starts around the orbit of each case."""
COARSELY = 1.3
"""Cases whose own answer seems this much higher than the lowest, over the base, are not looked at closely."""
WINDOW = 1.5
"""An end is looked for within this many times the first guess over the base, then that many times more."""
MOST_DIPS = 60
WORSE = 0.01
"""A start counts as worse than those followed from this difference on [K, %, kW]."""
NOISE = 5e-3
"""Margin that counts as zero at an answer: 5 mK, 5 W, 18 kJ, 0.005 %."""


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

    One start after the other, the likely worst first: one that holds where the lowest answer so far lies is
    done with, another is solved for and lowers it.

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
    lasts : callable, optional
        ``lasts(case, x)`` tells whether a case holds x whenever and however long.
    """

    def __init__(
        self,
        runner: Runner,
        bursts: Bursts,
        coarse: list[Start],
        fine: list[Start],
        low: float,
        lasts: Callable[[str, float], bool] | None = None,
    ) -> None:
        self.runner = runner
        self.coarse, self.fine = coarse, fine
        self.low = low
        self.tried = Tried(runner, bursts, low, lasts)

    def find(
        self,
        *,
        first: float,
        high: float,
        tolerance: float,
        step: float,
        followed: tuple[Start, ...] = (),
        confirm: bool = True,
        refine: bool = False,
        whole: bool = True,
    ) -> Worst:
        """Return the largest x.

        Parameters
        ----------
        first, high, tolerance, step : float
            First guess, end of the range, tolerance and rounding of x.
        followed : tuple of Start, optional
            Starts that are known to be bad; without them a first scan finds some.
        confirm : bool
            Look for worse starts at the answer, everywhere.
        refine : bool
            Look for worse starts beside the worst.
        whole : bool
            Follow the recovery of the answer's burst to its end.
        """
        order = sorted(followed or self.coarse, key=lambda start: self.tried.end(start, first))
        end, solved = first, dict[Start, Found]()
        while not solved or (_lowest_x(solved) >= end and end < high):
            end = min(self.low + WINDOW * (end - self.low), high)
            solved = {order[0]: self._largest(order[0], first, end, tolerance)}
            self._lower(solved, order[1:], tolerance)
        if refine:
            self._beside(solved, tolerance)
        if confirm:
            before = _lowest(solved)
            if followed:
                self._lower(solved, self.coarse, tolerance)
            self._lower(solved, self._near_the_end(_lowest_x(solved)), tolerance)
            for _ in range(MOST_DIPS):
                depth, start = self.tried.deepest_dip(_lowest_x(solved))
                if start is None or depth >= -WORSE:
                    break
                self._lower(solved, [start], tolerance)
            if refine and _lowest(solved) != before:
                self._beside(solved, tolerance)
        ranked = sorted(solved, key=lambda start: solved[start].x)
        found = solved[ranked[0]]
        if found.binding is None and found.x >= high:
            return Worst(
                x=found.x, burst=None, binding=None, starts=tuple(ranked), scanned=len(self.tried.known)
            )
        return self._polished(ranked, found, step, whole)

    def _beside(self, solved: dict[Start, Found], tolerance: float) -> None:
        """Solve for the start near the worst that is worse still."""
        x = _lowest_x(solved)
        if solved[_lowest(solved)].binding is not None:
            self._lower(solved, [self._refined(_lowest(solved), x)], tolerance)

    def _lower(self, solved: dict[Start, Found], starts: Iterable[Start], tolerance: float) -> None:
        """Solve for the starts whose margins end before the lowest x so far."""
        tried = self.tried
        missing = [start for start in starts if start not in solved]
        while missing:
            x = _lowest_x(solved)
            missing = [s for s in missing if not tried.surely(s, x) and tried.smallest(s, x) < -WORSE]
            if missing:
                worst = min(missing, key=lambda start: self.tried.end(start, x))
                solved[worst] = self._largest(worst, self.tried.end(worst, x), x, tolerance)
                missing.remove(worst)

    def _largest(self, start: Start, first: float, high: float, tolerance: float) -> Found:
        points = {self.low: self.tried.margins(start, self.low), **self.tried.known.get(start, {})}
        found = largest(
            partial(self.tried.margins, start),
            low=self.low,
            first=first,
            high=high,
            tolerance=tolerance,
            known=tuple(Point(x, margins) for x, margins in points.items() if x <= high),
        )
        if not isinstance(found, Found):
            raise ArithmeticError(f"the margins of the base cycle do not hold: {found}")
        return found

    def _near_the_end(self, x: float) -> list[Start]:
        """Return all starts of the cases in which a coarse start ends near x."""
        lowest: dict[str, float] = {}
        for start in self.coarse:
            known = self.tried.known.get(start)
            if not known:
                continue
            at = min(known, key=lambda at: abs(at - x))
            lowest[start.case] = min(lowest.get(start.case, math.inf), self.tried.end(start, at))
        within = self.low + COARSELY * (x - self.low)
        return [start for start in self.fine if lowest.get(start.case, math.inf) <= within]

    def _refined(self, worst: Start, x: float) -> Start:
        """Return the start near a bad one at which the smallest margin is smallest."""

        def value(phase: float) -> float:
            return self.tried.smallest(Start(worst.case, turned(phase)), x)

        return Start(worst.case, turned(lowest_near(value, worst.phase, 0.5 / PHASES, WORSE)))

    def _polished(self, ranked: list[Start], found: Found, step: float, whole: bool) -> Worst:
        exact: dict[tuple[Start, float], Margins | None] = {}

        def together(starts: Iterable[Start], x: float) -> Margins | None:
            merged: dict[Any, float] = {}
            for start in starts:
                if (start, x) not in exact:
                    exact[start, x] = self.tried.margins(start, x, TIGHT_K)
                margins = exact[start, x]
                if margins is None:
                    return None
                merged |= margins
            return merged

        near = [ranked[0]]
        point = polish(partial(together, near), found, step=step, noise=NOISE)
        others = self.tried.alike(ranked[0], found.x)
        if others and not Point(point.x, together(others, point.x)).holds:
            near += others
            point = polish(partial(together, near), found, step=step, noise=NOISE)
        assert point.margins is not None
        worst, name = point.worst
        return Worst(
            x=point.x,
            burst=self.runner(worst, point.x, TIGHT_K, True) if whole else self.tried.exact[worst, point.x],
            binding=name,
            starts=(worst, *(start for start in ranked if start != worst)),
            scanned=len(self.tried.known),
        )


def _lowest(solved: Mapping[Start, Found]) -> Start:
    return min(solved, key=lambda start: solved[start].x)


def _lowest_x(solved: Mapping[Start, Found]) -> float:
    return solved[_lowest(solved)].x
