"""Capacity of a battery through the nights of its orbit, by the law of its cell."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thermalsat.components.provenance import Sourced, sourced_entry
from thermalsat.constants import DAY_S
from thermalsat.errors import InfeasibleError
from thermalsat.mission.nights import STEPS_A_YEAR, YEAR_DAYS, Nights
from thermalsat.physics.fade import DEEPEST, FadeLaw
from thermalsat.satellite import Satellite

__all__ = ["CLASSES", "Grown", "fade_law", "grown"]

Floats = NDArray[np.float64]

CLASSES = 40
"""Classes of depth between none and the whole capacity."""


def fade_law(cell: str) -> tuple[FadeLaw, str, tuple[Sourced, ...]]:
    """Return the fade of a shipped cell, its proper name, and where its numbers come from.

    Examples
    --------
    >>> law, name, records = fade_law("lmo")
    >>> name, round(law.remaining(law.stress(2000, 0.5, 0.0, 298.15)), 3)
    ('LMO', 0.911)
    """
    proper, texts, records = sourced_entry("battery_fade", cell, "cell with a law of fade")
    units = {"calendar_rate": "_per_s", "temperature_slope": "_per_K", "temperature_reference": "_K"}
    values = {key + units.get(key, ""): float(text.split()[0]) for key, text in texts.items()}
    return FadeLaw(**values), proper, records


@dataclass(frozen=True, kw_only=True, eq=False)
class Grown:
    """Cycles and capacity over the years.

    Attributes
    ----------
    cycles : ndarray (n,)
        Of each year.
    edges, depths : ndarray (CLASSES + 1,), (CLASSES,)
        Cycles by their depth, against the capacity of their day.
    time_years, remaining : ndarray (n + 1,)
        Ends of the years, and capacity over the new one then.
    """

    cycles: Floats
    edges: Floats
    depths: Floats
    time_years: Floats
    remaining: Floats


def grown(sat: Satellite, law: FadeLaw, nights: Nights, temperature_K: float, years: float) -> Grown:
    """Return how a battery fades with the nights of some years.

    Raises
    ------
    InfeasibleError
        If it fades so far that a night takes more than there is.
    """
    capacity, step = sat.battery.capacity_J, YEAR_DAYS / STEPS_A_YEAR
    per_day, last = DAY_S / sat.orbit.si.period_s, len(nights.days) - 1
    depths, cycles = np.zeros(CLASSES), np.zeros(math.ceil(years))
    remaining = [1.0]
    stress, left = 0.0, 1.0
    for k, drawn in enumerate(nights.drawn_J):
        span = years * YEAR_DAYS - last * step if k == last else step
        depth = drawn / (capacity * left)
        if depth >= DEEPEST:
            raise InfeasibleError(
                f"the battery does not last {years:g} years: after {k / STEPS_A_YEAR:.1f} years it holds"
                f" {capacity * left / 3.6e6:.1f} kWh and a night takes {drawn / 3.6e6:.1f} kWh;"
                " enlarge `battery.capacity` or lower the load"
            )
        count = per_day * span if drawn > 0.0 else 0.0
        stress += law.stress(count, depth, span * DAY_S, temperature_K)
        left = law.remaining(stress)
        cycles[k // STEPS_A_YEAR] += count
        depths[int(depth * CLASSES)] += count
        if k == last or (k + 1) % STEPS_A_YEAR == 0:
            remaining.append(left)
    return Grown(
        cycles=cycles,
        edges=np.linspace(0.0, DEEPEST, CLASSES + 1),
        depths=depths,
        time_years=np.append(np.arange(len(remaining) - 1.0), years),
        remaining=np.array(remaining),
    )
