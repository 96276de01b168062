"""Radiator, array and battery that just hold a requirement, found together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from thermalsat.assembly.power import battery_radiator_area_m2
from thermalsat.capability.bursts import Start
from thermalsat.capability.dips import lowest_near, turned
from thermalsat.capability.study import LOOSE_K
from thermalsat.errors import ConvergenceError
from thermalsat.satellite import Satellite
from thermalsat.sizing.refusals import unreachable
from thermalsat.sizing.secant import TOLERANCE, Secant
from thermalsat.sizing.trial import SIZES, Demand, Trial
from thermalsat.units import from_si

__all__ = ["Solved", "resized", "solve"]

ITERATIONS = 30
COARSE = 0.02
"""The same of the battery's own radiator, whose margin is flat."""
LARGEST = math.log(1e3)
RADIATOR_K = 60.0
"""Temperature that a radiator larger by one in the logarithm saves, a first guess [K]."""
CLOSING_PERCENT = 8.0
"""The same of what an array larger by one leaves of a percent to be refilled."""
PHASES, COARSE_PHASES = 12, 4
LEAST = 5e-4
"""What the refinement of a burst start must win, as a change of the logarithm of the size that it sets."""
NEAR = 0.03
"""Change of the logarithms of the sizes from which on the worst burst starts are looked for."""
TIED = 5e-3
"""Starts are followed that would set a size which is smaller by this in its logarithm."""


@dataclass(slots=True, kw_only=True)
class Solved:
    """A design that just holds its demand, and what bound it.

    Attributes
    ----------
    satellite : the design
    trial : its last trial
    margins : scaled margins by size, at the answer
    starts : burst starts that were followed
    tried : number of trials
    slopes : how margins grew with the logarithm of their size
    """

    satellite: Satellite
    trial: Trial
    margins: dict[str, dict[Any, float]] = field(repr=False)
    starts: tuple[Start, ...]
    tried: int
    slopes: dict[str, dict[Any, float]] = field(repr=False)

    def binding(self, size: str) -> tuple[Start, str] | None:
        """Return start and name of the margin that sets a size."""
        margins = self.margins.get(size)
        return min(margins, key=margins.__getitem__) if margins else None


def resized(sat: Satellite, logs: Mapping[str, float]) -> Satellite:
    """Return a copy with sizes larger by logarithms, at the same flow per tube.

    The battery's own radiator keeps following from its losses as long as it is not larger than that.
    """

    def grown(size: float, name: str, unit: str) -> Any:
        return from_si(size * math.exp(logs[name]), unit)

    made, changes = sat, {}
    if logs.get("radiator"):
        made = sat.resized(grown(sat.radiator.area_m2, "radiator", "m^2"))
    if logs.get("array"):
        changes["array.area"] = grown(sat.array.area_m2, "array", "m^2")
    if logs.get("battery"):
        changes["battery.capacity"] = grown(sat.battery.capacity_J, "battery", "J")
    if logs.get("battery radiator"):
        area = battery_radiator_area_m2(sat)
        changes["battery.radiator_area"] = grown(area, "battery radiator", "m^2")
    return made.replace(changes) if changes else made


def solve(
    sat: Satellite,
    demand: Demand,
    *,
    free: Sequence[str] = SIZES,
    starts: Sequence[Start] | None = None,
    cases: Sequence[str] | None = None,
    near: Trial | None = None,
    tolerance_K: float = LOOSE_K,
    tolerance: float = TOLERANCE,
    slopes: Mapping[str, Mapping[Any, float]] | None = None,
) -> Solved:
    """Return the least sizes at which the margins of each are zero.

    Parameters
    ----------
    sat : Satellite
        Where the search begins.
    demand : Demand
        What is to be held.
    free : sequence of str
        Sizes that may change.
    starts : sequence of Start, optional
        Burst starts; by default the worst are looked for.
    cases : sequence of str, optional
        Cases that count.
    near : Trial, optional
        A similar one.
    tolerance_K : float
        Of the trials.
    tolerance : float
        Change of the logarithm of a size that counts as none.
    slopes : mapping, optional
        `Solved.slopes` of a similar one.

    Notes
    -----
    Each size has margins of its own, which fall to zero where it is just enough: the radiator those of
    junction and coolant, the array those of energy, the battery those of depth and rate. The three are
    coupled weakly. Every step moves each along the straight line of its own margins to the largest of
    their zeros; slopes are measured as the search goes on.
    """
    logs = dict.fromkeys(free, 0.0)
    searching = starts is None
    followed = list(starts or ())
    memory = {size: Secant((slopes or {}).get(size)) for size in free}
    trial, judged, design = near, list(followed), sat
    at: dict[str, float] = {}
    for tried in range(1, ITERATIONS + 1):
        if at != logs:
            at = dict(logs)
            design = resized(sat, logs)
            trial = Trial(design, demand, cases=cases, near=trial)
        assert trial is not None
        if searching and not followed:
            followed = _worst(trial, free, COARSE_PHASES)
        margins = trial.margins(followed, free, tolerance_K)
        if followed != judged:
            judged = list(followed)
            for one in memory.values():
                one.short, one.enough = -math.inf, math.inf
        steps = {size: memory[size].step(logs[size], margins[size], _expected(trial, size)) for size in free}
        if sat.battery.radiator_area_m2 is None and "battery radiator" in steps:
            steps["battery radiator"] = max(steps["battery radiator"], -logs["battery radiator"])
        settled = all(
            abs(step) <= (COARSE if size == "battery radiator" else tolerance) for size, step in steps.items()
        )
        near_it = all(abs(step) <= NEAR for size, step in steps.items() if size != "battery radiator")
        if searching and (settled or near_it):
            # the worst starts hardly move any more
            searching = False
            followed = _worst_refined(trial, free, followed, margins)
            continue
        if settled:
            return Solved(
                satellite=design, trial=trial, margins=margins, starts=tuple(followed), tried=tried,
                slopes={size: one.slopes for size, one in memory.items()},
            )  # fmt: skip
        for size in free:
            logs[size] += steps[size]
            if abs(logs[size]) > LARGEST:
                raise unreachable(trial, size, margins[size])
    raise ConvergenceError(
        f"the sizes did not settle in {ITERATIONS} trials; the last steps were"
        f" {', '.join(f'{size} {100.0 * steps[size]:.3g} %' for size in free)}",
        {"steps": steps},
    )


def _expected(trial: Trial, size: str) -> dict[str, float]:
    """Return how much each margin grows with the logarithm of its size."""
    sat = trial.satellite
    if size == "radiator":
        return {"junction": RADIATOR_K, "coolant maximum": RADIATOR_K, "recovery of temperatures": 1.0}
    if size == "battery radiator":
        return {"recovery of temperatures": 4.0, "battery maximum": RADIATOR_K}
    if size == "array":
        period = next(iter(trial.study.models.values())).period_s
        orbit = sat.bus.demand_W(trial.demand.sustained_W) * period
        return {
            "recharge": 1.2 * orbit / 3.6e6,
            "refill": CLOSING_PERCENT,
            "recovery of energy": CLOSING_PERCENT,
        }
    return {
        "depth of discharge": 100.0 * sat.battery.depth_of_discharge,
        "discharge rate": sat.battery.discharge_limit_W("eol") / 1e3,
        "charge rate": sat.battery.charge_limit_W("eol") / 1e3,
    }


def _worst(trial: Trial, free: Sequence[str], phases: int = PHASES) -> list[Start]:
    """Return for each size the start whose margins are smallest."""
    found: dict[str, tuple[float, Start]] = {}
    relevant = {case: trial.concerned(case, free) for case in trial.study.cases}
    for start in trial.starts(phases):
        for size, margins in _own(trial, start, relevant[start.case]).items():
            smallest = min(margins.values(), default=math.inf)
            if size not in found or smallest < found[size][0]:
                found[size] = (smallest, start)
    return list(dict.fromkeys(start for _, start in found.values()))


def _worst_refined(
    trial: Trial, free: Sequence[str], followed: Sequence[Start], margins: Mapping[str, Mapping[Any, float]]
) -> list[Start]:
    """Return the starts that set the sizes, looked for all round the orbit and then beside the worst."""
    worse = [
        start
        for start in _worst(trial, free)
        if start not in followed and _lower(trial.margins([start], free), margins, free)
    ]
    every = trial.margins([*followed, *worse], free)
    found: dict[Start, None] = {}
    for size, one in every.items():
        slopes, burst = _expected(trial, size), {key: m for key, m in one.items() if key[0].phase >= 0.0}
        if not burst:
            continue
        worst = min(burst, key=burst.__getitem__)
        found |= dict.fromkeys(
            start for (start, name), m in burst.items() if m <= burst[worst] + TIED * slopes[name]
        )
        del found[worst[0]]
        found[_refined(trial, worst[0], size, LEAST * slopes[worst[1]])] = None
    return list(found)


def _own(
    trial: Trial, start: Start, free: Sequence[str], tolerance_K: float = LOOSE_K
) -> dict[str, dict[Any, float]]:
    found = trial.margins([start], free, tolerance_K) if free else {}
    return {
        size: {key: m for key, m in margins.items() if key[0] == start} for size, margins in found.items()
    }


def _lower(
    margins: Mapping[str, Mapping[Any, float]], known: Mapping[str, Mapping[Any, float]], free: Sequence[str]
) -> bool:
    return any(min(margins[s].values()) < min(known[s].values()) - 1e-3 for s in free if margins[s])


def _refined(trial: Trial, start: Start, size: str, least: float) -> Start:
    """Return the start near a bad one at which the smallest margin of a size is smallest."""

    def value(phase: float) -> float:
        return min(_own(trial, Start(start.case, turned(phase)), [size])[size].values())

    return Start(start.case, turned(lowest_near(value, start.phase, 0.5 / PHASES, least)))
