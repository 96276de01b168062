"""The top of a concave function of one variable whose two branches may meet in a kink."""

from __future__ import annotations

from collections.abc import Callable, Iterable

__all__ = ["maximum"]

Point = tuple[float, float]
_APART = 1e-4


def maximum(
    f: Callable[[float], float],
    low: float,
    high: float,
    tolerance: float,
    *,
    known: Iterable[Point] = (),
    max_evaluations: int = 16,
) -> Point:
    """Return where a concave function is largest, and its value there.

    Parameters
    ----------
    f : callable
        Concave on [low, high]; kinks are welcome.
    low, high : float
        Range of x.
    tolerance : float
        Value that may be missed.
    known : iterable of (float, float)
        Points that have been evaluated.
    max_evaluations : int
        After which the best point is returned.

    Notes
    -----
    A secant, carried on beyond its two points, lies above a concave function. Where those from both
    sides of the best point meet is a bound of what may be found beside it, and for two straight branches it
    is the top itself; it is evaluated next, until no bound is above the best by more than the tolerance.

    Examples
    --------
    >>> x, value = maximum(lambda x: min(2.0 * x, 3.0 - x), 0.0, 3.0, 1e-9)
    >>> round(x, 6), round(value, 6)
    (1.0, 2.0)
    """
    points = dict(known)
    for x in (low, high, 0.5 * (low + high)):
        if x not in points:
            points[x] = f(x)
    for _ in range(max_evaluations):
        ordered = sorted(points.items())
        x, bound = _promising(ordered, _APART * (high - low))
        if bound - max(points.values()) <= tolerance or x in points:
            break
        points[x] = f(x)
    best = max(points, key=points.__getitem__)
    return best, points[best]


def _promising(points: list[Point], apart: float) -> Point:
    """Return the place with the highest bound beside the best point, and that bound."""
    best = max(range(len(points)), key=lambda k: points[k][1])
    found = [points[best]]
    for left in (best - 1, best):
        right = left + 1
        if left < 0 or right >= len(points) or points[right][0] - points[left][0] <= 2.0 * apart:
            continue
        found.append(_bound(points, left, right, apart))
    return max(found, key=lambda point: point[1])


def _bound(points: list[Point], left: int, right: int, apart: float) -> Point:
    """Return where secants from both sides meet between two neighbours; at an end, where one reaches it."""
    (a, fa), (b, fb) = points[left], points[right]
    rise = _slope(points[left - 1], points[left]) if left > 0 else None
    fall = _slope(points[right], points[right + 1]) if right + 1 < len(points) else None
    if rise is None and fall is None:
        return 0.5 * (a + b), float("inf")
    if rise is None:
        assert fall is not None
        return 0.5 * (a + b), fb - fall * (b - a)
    if fall is None:
        return 0.5 * (a + b), fa + rise * (b - a)
    if rise <= fall:
        return a, fa
    x = (fb - fa + rise * a - fall * b) / (rise - fall)
    x = min(max(x, a + apart), b - apart)
    return x, min(fa + rise * (x - a), fb - fall * (b - x))


def _slope(p: Point, q: Point) -> float:
    return (q[1] - p[1]) / (q[0] - p[0])
