"""The end of the margins over many burst starts, of which few matter."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from thermalsat.capability.bursts import RECOVERED_ENERGY, RECOVERED_K, Burst, Bursts, Start
from thermalsat.capability.dips import deepest_dip, lowest_near
from thermalsat.capability.search import Found, Point, largest, polish
from thermalsat.capability.study import LEAST_MISSING, LOOSE_K, SCALES, TIGHT_K, scaled

__all__ = ["NOISE", "PHASES", "Hunt", "Worst"]

PHASES = 12
"""Burst starts around the orbit of each case."""
COARSELY = 1.3
"""Cases whose own answer seems this much higher than the lowest, over the base, are not looked at closely."""
DOUBT = 2.0
"""Margins are taken to fall off up to this many times faster than so far where a start is left out."""
AHEAD = 0.25
"""How far beyond what was tried a start may be left out, over the base."""
MOST_DIPS = 60
WORSE = 0.01
"""A start counts as worse than those followed from this difference on [K, %, kW]."""
NOISE = 5e-3
"""Margin that counts as zero at an answer: 5 mK, 5 W, 18 kJ, 0.005 %."""
APART = 1.0 / 20.0
"""Starts this far apart have worst cases of their own [orbits]."""
ALIKE = 2.0 * WORSE
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
        self.lasts = lasts
        self.coarse, self.fine = coarse, fine
        self.low = low
        self._base = {case: scaled(limits, case) for case, limits in bursts.base_limits().items()}
        self._known: dict[Start, dict[float, Margins | None]] = {}
        self._exact: dict[tuple[Start, float], Burst | None] = {}

    def margins(self, start: Start, x: float, tolerance_K: float = LOOSE_K) -> Margins | None:
        """Return the margins of a burst by start and limit; None where it cannot be followed."""
        if x == self.low:
            margins = {(start, name): m for (_, name), m in self._base[start.case].items()}
            nothing = {(start, name): -bound * math.log(LEAST_MISSING) for name, bound in RECOVERED.items()}
            return nothing | margins
        known = self._known.setdefault(start, {})
        if tolerance_K >= LOOSE_K and x in known:
            return known[x]
        burst = self.runner(start, x, tolerance_K, False)
        if tolerance_K < LOOSE_K:
            self._exact[start, x] = burst
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
        order = sorted(followed or self.coarse, key=lambda start: self._end(start, first))
        solved = {order[0]: self._largest(order[0], first, high, tolerance)}
        self._lower(solved, order[1:], tolerance)
        if refine:
            self._beside(solved, tolerance)
        if confirm:
            before = _lowest(solved)
            if followed:
                self._lower(solved, self.coarse, tolerance)
            self._lower(solved, self._near_the_end(_lowest_x(solved)), tolerance)
            for _ in range(MOST_DIPS):
                depth, start = self._deepest_dip(_lowest_x(solved))
                if start is None or depth >= -WORSE:
                    break
                self._lower(solved, [start], tolerance)
            if refine and _lowest(solved) != before:
                self._beside(solved, tolerance)
        ranked = sorted(solved, key=lambda start: solved[start].x)
        found = solved[ranked[0]]
        if found.binding is None and found.x >= high:
            return Worst(x=found.x, burst=None, binding=None, starts=tuple(ranked), scanned=len(self._known))
        return self._polished(ranked, found, step, whole)

    def _beside(self, solved: dict[Start, Found], tolerance: float) -> None:
        """Solve for the start near the worst that is worse still."""
        x = _lowest_x(solved)
        if solved[_lowest(solved)].binding is not None:
            self._lower(solved, [self._refined(_lowest(solved), x)], tolerance)

    def _lower(self, solved: dict[Start, Found], starts: Iterable[Start], tolerance: float) -> None:
        """Solve for the starts whose margins end before the lowest x so far."""
        missing = [start for start in starts if start not in solved]
        while missing:
            x = _lowest_x(solved)
            missing = [s for s in missing if not self._surely(s, x) and self.smallest(s, x) < -WORSE]
            if missing:
                worst = min(missing, key=lambda start: self._end(start, x))
                solved[worst] = self._largest(worst, self._end(worst, x), x, tolerance)
                missing.remove(worst)

    def _surely(self, start: Start, x: float) -> bool:
        """Whether a start holds at x by what is known of it: at a larger x, or with much to spare before."""
        if self.lasts is not None and self.lasts(start.case, x):
            return True
        known = {at: m for at, m in self._known.get(start, {}).items() if m is not None}
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

    def _end(self, start: Start, x: float) -> float:
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

    def _largest(self, start: Start, first: float, high: float, tolerance: float) -> Found:
        points = {self.low: self.margins(start, self.low), **self._known.get(start, {})}
        found = largest(
            partial(self.margins, start),
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
            known = self._known.get(start)
            if not known:
                continue
            at = min(known, key=lambda at: abs(at - x))
            lowest[start.case] = min(lowest.get(start.case, math.inf), self._end(start, at))
        within = self.low + COARSELY * (x - self.low)
        return [start for start in self.fine if lowest.get(start.case, math.inf) <= within]

    def _deepest_dip(self, x: float) -> tuple[float, Start | None]:
        """Return how deep the margins at x may dip between two starts that were tried, and where."""
        tried: dict[str, list[tuple[float, dict[str, float]]]] = {}
        for start in self._known:
            expected = self._expected(start, x)
            if expected is not None:
                tried.setdefault(start.case, []).append((start.phase, expected))
        dips = [(*deepest_dip(points), case) for case, points in tried.items()]
        depth, phase, case = min(dips, default=(math.inf, 0.0, ""))
        return depth, Start(case, phase) if math.isfinite(depth) else None

    def _expected(self, start: Start, x: float) -> dict[str, float] | None:
        """Return the margins of a start at x, from where it was tried nearest to x."""
        known = self._known[start]
        at = min(known, key=lambda at: abs(at - x))
        margins = known[at]
        if margins is None or not self.low < at:
            return None
        base, further = self._base[start.case], (x - at) / (at - self.low)
        return {
            name: m - further * max(base.get((start.case, name), m) - m, 0.0)
            for (_, name), m in margins.items()
        }

    def _refined(self, worst: Start, x: float) -> Start:
        """Return the start near a bad one at which the smallest margin is smallest."""

        def value(phase: float) -> float:
            return self.smallest(Start(worst.case, phase % 1.0), x)

        return Start(worst.case, lowest_near(value, worst.phase, 0.5 / PHASES, WORSE) % 1.0)

    def _polished(self, ranked: list[Start], found: Found, step: float, whole: bool) -> Worst:
        exact: dict[tuple[Start, float], Margins | None] = {}

        def together(starts: Iterable[Start], x: float) -> Margins | None:
            merged: dict[Any, float] = {}
            for start in starts:
                if (start, x) not in exact:
                    exact[start, x] = self.margins(start, x, TIGHT_K)
                margins = exact[start, x]
                if margins is None:
                    return None
                merged |= margins
            return merged

        near = [ranked[0]]
        point = polish(partial(together, near), found, step=step, noise=NOISE)
        others = self._alike(ranked[0], found.x)
        if others and not Point(point.x, together(others, point.x)).holds:
            near += others
            point = polish(partial(together, near), found, step=step, noise=NOISE)
        assert point.margins is not None
        worst, name = point.worst
        return Worst(
            x=point.x,
            burst=self.runner(worst, point.x, TIGHT_K, True) if whole else self._exact[worst, point.x],
            binding=name,
            starts=(worst, *(start for start in ranked if start != worst)),
            scanned=len(self._known),
        )

    def _alike(self, worst: Start, x: float) -> list[Start]:
        """Return the starts apart from the worst that come nearly as near to a limit at x."""
        found: dict[Start, float] = {}
        for start in self._known:
            away = abs(start.phase - worst.phase)
            if start.case == worst.case and min(away, 1.0 - away) < APART:
                continue
            expected = self._expected(start, x)
            if expected is not None:
                found[start] = min(m / RECOVERED.get(name, 1.0) for name, m in expected.items())
        chosen = [start for start, margin in found.items() if margin < ALIKE]
        return sorted(chosen, key=found.__getitem__)[:MOST_ALIKE]


def _lowest(solved: Mapping[Start, Found]) -> Start:
    return min(solved, key=lambda start: solved[start].x)


def _lowest_x(solved: Mapping[Start, Found]) -> float:
    return solved[_lowest(solved)].x
