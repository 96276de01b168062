"""Largest value at which every margin holds, by bracketing and a secant on each margin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = ["Found", "Point", "largest", "least", "polish"]

Key = Any
Margins = Mapping[Key, float]
REACH = 0.25
SHRINK = 0.5
STALLED = 3
POLISHES = 8
FAR = 30.0
"""A bracket this many tolerances wide needs a second secant, from beside the end, to be believed."""
CLIPPED = 100.0
"""Margins exceeded by more count as exceeded by this: where a part runs away they have no bounds."""


@dataclass(frozen=True, slots=True)
class Point:
    """Margins at one value; none where nothing could be computed, which counts as not holding."""

    x: float
    margins: Margins | None

    @property
    def holds(self) -> bool:
        """Whether every margin is zero or more."""
        return self.margins is not None and all(m >= 0.0 for m in self.margins.values())

    @property
    def worst(self) -> Key:
        """The smallest of the margins, which share a scale; None where there are none."""
        return min(self.margins, key=self.margins.__getitem__) if self.margins else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where the margins end.

    Attributes
    ----------
    x : the largest value that was evaluated and holds
    binding : the margin that ends it, None when the end of the range was reached
    root : where that margin is estimated to vanish
    points : everything that was evaluated, in order
    """

    x: float
    binding: Key | None
    root: float
    points: tuple[Point, ...] = field(repr=False)

    @property
    def at(self) -> Point:
        """The evaluation at `x`."""
        return next(point for point in self.points if point.x == self.x)


def largest(
    evaluate: Callable[[float], Margins | None],
    *,
    low: float,
    first: float,
    high: float,
    tolerance: float,
    known: tuple[Point, ...] = (),
    max_evaluations: int = 40,
) -> Found | Point:
    """Return the largest x in [low, high] at which every margin holds, to within `tolerance` below it.

    Every margin is followed by a secant of its own, since another may bind at another x; the bracket
    between the largest x that holds and the smallest that does not is kept all the while.

    Parameters
    ----------
    evaluate : callable
        Margins by key at x, continuous in x, on a common scale; None where they cannot be had.
    low, high : float
        Range of x; the margins are taken to hold on an interval that begins at `low`.
    first : float
        Where to begin.
    tolerance : float
        Distance in x below the vanishing margin at which to stop.
    known : tuple of Point
        What has been evaluated before.

    Returns
    -------
    Found
        Or the `Point` at `low` where the margins do not hold there.
    """
    points = list(known)

    def at(x: float) -> Point:
        for point in points:
            if point.x == x:
                return point
        margins = evaluate(x)
        clipped = None if margins is None else {key: max(m, -CLIPPED) for key, m in margins.items()}
        points.append(Point(x, clipped))
        return points[-1]

    x = min(max(first, low), high)
    widths: list[float] = []
    reach = max(REACH * (x - low), REACH * abs(x), 2.0 * tolerance)
    for _ in range(max_evaluations):
        point = at(x)
        good = max((p.x for p in points if p.holds), default=None)
        bad = min((p.x for p in points if not p.holds and (good is None or p.x > good)), default=None)
        if good is None:
            if point.x <= low:
                return point
            x = max(low, _estimate(points, low, point.x)[0] - 0.5 * tolerance)
            if not low < x < point.x - 0.02 * (point.x - low):
                x = low if len(points) > 2 else low + SHRINK * (point.x - low)
            continue
        if good >= high:
            return Found(x=good, binding=None, root=high, points=tuple(points))
        root, key = _estimate(points, good, bad)
        if root - good <= tolerance and bad is not None and bad - good > FAR * tolerance:
            # a secant to a far point may promise too little
            root = max(root, _beside(points, good))
        if root - good <= tolerance or (bad is not None and bad - good <= tolerance):
            beyond = None if bad is None else at(bad)
            if beyond is not None and (key is None or beyond.margins is None):
                key = beyond.worst
            return Found(x=good, binding=key, root=root, points=tuple(points))
        x = root - 0.4 * tolerance
        if bad is None:
            x = min(max(x, good + tolerance), good + reach, high)
            reach *= 2.0
        else:
            widths.append(bad - good)
            slow = len(widths) > STALLED and widths[-1] > SHRINK * widths[-1 - STALLED]
            if slow or not good < x < bad:
                x = 0.5 * (good + bad)
                widths.clear()
    good = max(p.x for p in points if p.holds)
    raise ArithmeticError(f"no end of the margins was found in {max_evaluations} evaluations, {good:g} holds")


def least(
    evaluate: Callable[[float], Margins | None], *, low: float, first: float, high: float, tolerance: float
) -> Found | Point:
    """Return the smallest x in [low, high] at which every margin holds: `largest` seen in a mirror."""
    found = largest(lambda x: evaluate(-x), low=-high, first=-first, high=-low, tolerance=tolerance)
    if isinstance(found, Point):
        return Point(-found.x, found.margins)
    points = tuple(Point(-p.x, p.margins) for p in found.points)
    return Found(x=-found.x, binding=found.binding, root=-found.root, points=points)


def _estimate(points: list[Point], good: float, bad: float | None) -> tuple[float, Key | None]:
    """Return where the first margin above `good` vanishes, and which; `inf` when none seems to."""
    usable = [p for p in points if p.margins is not None]
    inner = [p for p in usable if p.x == good]
    outer = [p for p in usable if p.x == bad]
    ranked = sorted(usable, key=lambda p: abs(p.x - good))
    if inner and outer:
        a, b = inner[0], outer[0]
        near = _secants(a, b, points)
        return near
    if len(ranked) < 2:
        return (good if bad is None else 0.5 * (good + bad)) if not ranked else np.inf, None
    return _secants(ranked[0], ranked[1], points)


def _beside(points: list[Point], good: float) -> float:
    """Return where the secant through `good` and the nearest other point ends; -inf where it does not."""
    usable = sorted((p for p in points if p.margins is not None), key=lambda p: abs(p.x - good))
    root = _secants(usable[0], usable[1], usable[:2])[0] if len(usable) > 1 else -np.inf
    return root if np.isfinite(root) else -np.inf


def _secants(a: Point, b: Point, points: list[Point]) -> tuple[float, Key | None]:
    """Return the nearest zero of straight lines through two points, corrected by the curvature of a third."""
    assert a.margins is not None
    assert b.margins is not None
    third = [p for p in points if p.margins is not None and p.x not in (a.x, b.x)]
    third.sort(key=lambda p: abs(p.x - a.x))
    best, which = np.inf, None
    for key, ma in a.margins.items():
        mb = b.margins.get(key)
        if mb is None or a.x == b.x:
            continue
        slope = (mb - ma) / (b.x - a.x)
        if slope >= 0.0:
            continue
        root = a.x - ma / slope
        mc = (third[0].margins or {}).get(key) if third else None
        if mc is not None:
            root = _parabola(root, slope, a.x, b.x, third[0].x, ma, mc)
        if root < best:
            best, which = root, key
    return float(best), which


def _parabola(root: float, slope: float, xa: float, xb: float, xc: float, ma: float, mc: float) -> float:
    """Return the zero of the parabola through three points near the zero of a secant."""
    curve = ((mc - ma) / (xc - xa) - slope) / (xc - xb)
    x = root
    for _ in range(4):
        rate = slope + curve * (2.0 * x - xa - xb)
        if rate >= 0.1 * slope:
            return root
        x -= (ma + (x - xa) * (slope + curve * (x - xb))) / rate
    return x if abs(x - root) < abs(xb - xa) else root


def polish(evaluate: Callable[[float], Margins | None], found: Found, *, step: float, noise: float) -> Point:
    """Return the largest multiple of `step` at which a more exact evaluation holds.

    Parameters
    ----------
    evaluate : callable
        As in `largest`, but more exact.
    found : Found
        Where the margins end by the less exact evaluation.
    step : float
        Answers are multiples of it.
    noise : float
        Smallest margin up to which an answer counts as being at its limit, on the margins' scale.
    """
    slope = _slope(found)
    x = step * np.floor(found.x / step)
    seen: list[Point] = []
    for _ in range(POLISHES):
        margins = evaluate(x)
        seen.append(Point(x, margins))
        if margins is None:
            break
        smallest = min(margins.values())
        if len(seen) > 1 and seen[-2].margins and seen[-2].x != x:
            measured = (smallest - min(seen[-2].margins.values())) / (x - seen[-2].x)
            slope = measured if slope * 4.0 < measured < slope / 4.0 else slope
        if 0.0 <= smallest <= max(noise, -2.0 * slope * step):
            return seen[-1]
        shifted = step * np.floor((x - smallest / slope) / step)
        x = min(shifted, x - step) if smallest < 0.0 else shifted
        if any(p.x == x for p in seen):
            break
    holding = [p for p in seen if p.holds]
    if not holding:
        raise ArithmeticError(f"the margins that hold near {found.x:g} do not with a more exact evaluation")
    return max(holding, key=lambda p: p.x)


def _slope(found: Found) -> float:
    """Return the rate of the binding margin near the end, always negative."""
    known = [p for p in found.points if p.margins is not None and found.binding in p.margins]
    known.sort(key=lambda p: abs(p.x - found.x))
    for other in known[1:]:
        assert other.margins is not None
        assert known[0].margins is not None
        rate = (other.margins[found.binding] - known[0].margins[found.binding]) / (other.x - known[0].x)
        if rate < 0.0:
            return float(rate)
    return -1.0 / max(abs(found.x), 1e-300)
