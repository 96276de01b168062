"""A design put to its requirement: which limit asks for more radiator, array or battery, and how much."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from thermalsat.assembly.limits import LimitMargin
from thermalsat.capability.bursts import Bursts, Start
from thermalsat.capability.study import LOOSE_K, Study, scaled, upper
from thermalsat.errors import ConvergenceError
from thermalsat.satellite import Satellite
from thermalsat.sizing.refusals import beyond

__all__ = ["SIZES", "Demand", "Trial", "size_of"]

_APART = {"radiator": 5.0, "array": 30.0, "battery": 5.0, "battery radiator": 15.0}
"""A case whose base cycle is this much further from its limits than another's does not set a size."""
SIZES = ("radiator", "array", "battery", "battery radiator")
_ASKS = {
    "junction": "radiator",
    "coolant maximum": "radiator",
    "recharge": "array",
    "refill": "array",
    "recovery of energy": "array",
    "depth of discharge": "battery",
    "discharge rate": "battery",
    "charge rate": "battery",
    "battery maximum": "battery radiator",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a design is to hold.

    Attributes
    ----------
    sustained_W, peak_W, burst_s : float
        Compute power for ever, and for a burst on top of it.
    recovery : int
        Orbits within which the base cycle must be back.
    spare_K : float
        Distance that the radiator's limits keep.
    """

    sustained_W: float
    peak_W: float
    burst_s: float
    recovery: int
    spare_K: float = 0.0

    @property
    def has_burst(self) -> bool:
        """Whether the peak is above the sustained power."""
        return self.peak_W > self.sustained_W


class Trial:
    """A satellite at its requirement.

    Parameters
    ----------
    satellite : Satellite
        The design that is tried.
    demand : Demand
        What it is to hold.
    cases : iterable of str, optional
        Cases that count; default all.
    near : Trial, optional
        One of a similar design, whose cycles are good first guesses.
    """

    def __init__(
        self,
        satellite: Satellite,
        demand: Demand,
        *,
        cases: Iterable[str] | None = None,
        near: Trial | None = None,
    ) -> None:
        self.satellite = satellite
        self.demand = demand
        self.study = Study.of(satellite, cases)
        if near is not None:
            self.study.borrow(near.study)
        self.bursts = Bursts(self.study, demand.sustained_W, demand.recovery)
        self._limits: dict[tuple[Start, float, int | None], tuple[LimitMargin, ...]] = {}

    def margins(
        self, starts: Iterable[Start], sizes: Iterable[str] = SIZES, tolerance_K: float = LOOSE_K
    ) -> dict[str, dict[Any, float]]:
        """Return the scaled margins that ask for each size, of the base cycles and of some bursts.

        Raises
        ------
        InfeasibleError
            When several sizes are asked for and a limit is exceeded that none of them changes.
        ConvergenceError
            Where a cycle or a burst cannot be followed.
        """
        wanted = tuple(sizes)
        orbits = 1 if set(wanted) <= {"radiator", "battery"} else None
        found: dict[str, dict[Any, float]] = {size: {} for size in wanted}
        for case in self.study.cases:
            limits = upper(self.study.orbit(case, self.demand.sustained_W, tolerance_K).limits)
            self._sort(found, Start(case, -1.0), limits)
        if self.demand.has_burst:
            for start in starts:
                self._sort(found, start, self.burst(start, tolerance_K, orbits))
        return found

    def burst(
        self, start: Start, tolerance_K: float = LOOSE_K, orbits: int | None = None
    ) -> tuple[LimitMargin, ...]:
        """Return the limits of a burst; over fewer orbits, those of recovery are left out."""
        key = (start, tolerance_K, orbits)
        if key in self._limits:
            return self._limits[key]
        made = self.bursts.run(
            start, self.demand.peak_W, self.demand.burst_s, tolerance_K=tolerance_K, orbits=orbits
        )
        if made is None:
            raise ConvergenceError(
                f"the burst of {self.demand.peak_W / 1e3:g} kW at orbit phase {start.phase:.3f} of the"
                f" {start.case} case could not be followed",
                {"case": start.case, "phase": start.phase},
            )
        self._limits[key] = made.limits
        return made.limits

    def concerned(self, case: str, sizes: Iterable[str]) -> tuple[str, ...]:
        """Return the sizes that a case can set, by its base cycle and those of the other cases."""
        found = []
        for size in sizes:
            least = {other: self._least(other, size) for other in self.study.cases}
            if least[case] <= min(least.values()) + _APART[size]:
                found.append(size)
        return tuple(found)

    def _least(self, case: str, size: str) -> float:
        name = "recharge" if size == "array" else None
        limits = upper(self.study.orbit(case, self.demand.sustained_W).limits)
        chosen = [one for one in limits if size_of(one) == size and name in (None, one.name)]
        return min(scaled(chosen, case).values(), default=math.inf)

    def starts(self, phases: int) -> list[Start]:
        """Return where bursts begin in a scan."""
        return self.bursts.starts(self.demand.burst_s, phases) if self.demand.has_burst else []

    def _sort(self, found: dict[str, dict[Any, float]], start: Start, limits: Iterable[LimitMargin]) -> None:
        for limit in limits:
            size = size_of(limit)
            for (_, name), margin in scaled([limit], start.case).items():
                if size is None:
                    if margin < 0.0 and len(found) > 1:
                        raise beyond(limit, start.case)
                elif size in found:
                    found[size][start, name] = margin - (self.demand.spare_K if limit.unit == "K" else 0.0)


def size_of(limit: LimitMargin) -> str | None:
    """Return which size a limit asks for; None where none helps."""
    if limit.name == "recovery of temperatures":
        return "battery radiator" if limit.place.startswith("battery") else "radiator"
    return _ASKS.get(limit.name)
