"""How low margins may be between the orbit phases that were tried."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

__all__ = ["FINEST", "deepest_dip", "lowest_near", "turned"]

FINEST = 1.0 / 400.0
"""Spacing of burst starts at which a refinement stops [orbits]."""
SAME = 1e-3
"""Phases nearer to a whole orbit than this are one [orbits]."""
WIDEST = 1.0 / 6.0
"""Spacing up to which it strides downhill [orbits]."""


def turned(phase: float) -> float:
    """Return a phase within [0, 1); nearly a whole orbit is its beginning, where the battery is full."""
    within = phase % 1.0
    return 0.0 if within > 1.0 - SAME else within


def deepest_dip(tried: Sequence[tuple[float, Mapping[str, float]]]) -> tuple[float, float]:
    """Return how low one of the margins may be between two phases, and at which phase.

    Within an interval a margin is taken not to fall faster than in the intervals beside it.

    Parameters
    ----------
    tried : sequence of (float, mapping of str to float)
        Phases [0, 1) and the margins there, in any order.
    """
    points = sorted(tried, key=lambda pair: pair[0])
    count = len(points)
    around = [(points[k % count], k // count) for k in range(-1, count + 2)]
    phases = [phase + turn for (phase, _), turn in around]
    deepest, where = math.inf, 0.0
    for name in set.intersection(*(set(margins) for _, margins in points)):
        depth, phase = _dip(phases, [margins[name] for (_, margins), _ in around])
        if depth < deepest:
            deepest, where = depth, turned(phase)
    return deepest, where


def _dip(phases: Sequence[float], margins: Sequence[float]) -> tuple[float, float]:
    """Return how low a margin may be between two of the phases, and at which phase."""
    deepest, where = math.inf, 0.0
    for k in range(1, len(phases) - 2):
        gap = phases[k + 1] - phases[k]
        before, after = phases[k] - phases[k - 1], phases[k + 2] - phases[k + 1]
        if gap < FINEST or min(before, after) <= 0.0:
            continue
        fall = min((margins[k] - margins[k - 1]) / before, 0.0)
        rise = max((margins[k + 2] - margins[k + 1]) / after, 0.0)
        if fall == rise:
            continue
        along = (margins[k] - margins[k + 1] + rise * gap) / (rise - fall)
        if 0.0 < along < gap and margins[k] + fall * along < deepest:
            deepest, where = margins[k] + fall * along, phases[k] + along
    return deepest, where


def lowest_near(value: Callable[[float], float], phase: float, spacing: float, least: float) -> float:
    """Return the phase near a given one at which a value is lowest, by parabolas, to within `least` of it."""
    best, lowest, moved = phase, value(phase), False
    while spacing >= FINEST:
        left, right = value(best - spacing), value(best + spacing)
        if min(left, right) < lowest:
            best, lowest = (best - spacing, left) if left < right else (best + spacing, right)
            moved, spacing = True, min(2.0 * spacing, WIDEST) if moved else spacing
            continue
        moved = False
        bend = left + right - 2.0 * lowest
        if not (math.isfinite(bend) and bend > 0.0) or (left - right) ** 2 / (8.0 * bend) < least:
            break
        middle = best + 0.5 * (left - right) / bend * spacing
        found = value(middle)
        if found < lowest:
            best, lowest = middle, found
        spacing *= 0.25
    return best
