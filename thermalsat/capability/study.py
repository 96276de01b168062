"""The models of a satellite in its cases, with the cycles that were found, so that the next is near one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.assembly.limits import LOWER_LIMITS, LimitMargin
from thermalsat.assembly.model import Model
from thermalsat.capability.answers import LimitState
from thermalsat.errors import ConvergenceError
from thermalsat.satellite import Satellite
from thermalsat.solver.periodic import Cycle

__all__ = ["LOOSE_K", "SCALES", "TIGHT_K", "Orbit", "Study", "nearest", "scaled", "states", "upper"]

Floats = NDArray[np.float64]

LOOSE_K = 0.05
"""Tolerance while searching [K]."""
TIGHT_K = 0.002
"""Tolerance of answers [K]."""
HEATING_K, BENDING_K = 100.0, 10.0
"""What temperatures change in proportion to the power, and what a straight line leaves of that, about."""
FARTHEST = 0.4
"""Cycles whose power differs by more than this part are no first guess."""
CLOSURE = 0.1
"""Closure asked of a cycle, per tolerance."""
SCALES = {"K": 1.0, "W": 1e3, "J": 3.6e6, "1": 0.01, "": 0.01, "1/s": 1e-5}
"""What counts as one: a kelvin, a kilowatt, a kilowatt-hour, a percent."""
REFILLED = 0.999
"""State of energy that counts as full at the end of an orbit."""
CLOSING: Mapping[str, float] = {
    "refill": 1.0,
    "recovery of temperatures": 0.0,
    "recovery of energy": 0.0,
}
"""Limits on what decays exponentially, and the value it tends to."""
LEAST_MISSING = 1e-3
SAMPLES = 240
LOOSE_SAMPLES = 96


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Orbit:
    """The periodic state of a case at one power."""

    case: str
    power_W: float
    tolerance_K: float
    cycle: Cycle
    limits: tuple[LimitMargin, ...]


class Study:
    """Cycles of a satellite, each started from the nearest that is known.

    Parameters
    ----------
    models : mapping of str to Model
        By case.
    requirement_W : float
        Sustained power that is asked for [W].
    """

    def __init__(self, models: Mapping[str, Any], requirement_W: float) -> None:
        self.models = dict(models)
        self.requirement_W = requirement_W
        self._orbits: dict[str, list[Orbit]] = {case: [] for case in self.models}
        self.solved = 0

    @classmethod
    def of(cls, satellite: Satellite, cases: Iterable[str] | str | None = None) -> Study:
        """Return the study of a satellite in all its cases, or in some."""
        if isinstance(cases, str):
            cases = [cases]
        names = list(satellite.cases) if cases is None else [satellite.case(name).name for name in cases]
        return cls({name: Model(satellite, name) for name in names}, satellite.requirement.sustained_W)

    @property
    def satellite(self) -> Satellite:
        """The design."""
        found: Satellite = next(iter(self.models.values())).satellite
        return found

    @property
    def cases(self) -> tuple[str, ...]:
        """Names of the cases."""
        return tuple(self.models)

    def orbit(self, case: str, power_W: float, tolerance_K: float = LOOSE_K) -> Orbit:
        """Return the periodic state of a case at a compute power [W].

        Raises
        ------
        ConvergenceError
            Where there is none.
        """
        known = self._orbits[case]
        for found in known:
            if found.power_W == power_W and found.tolerance_K <= tolerance_K:
                return found
        model = self.models[case].with_power(power_W)
        asked = {
            "tolerance_K": tolerance_K,
            "closure_K": CLOSURE * tolerance_K,
            "samples": SAMPLES if tolerance_K < LOOSE_K else LOOSE_SAMPLES,
        }
        guess, away_K = self._guess(known, power_W)
        try:
            cycle = model.cycle(guess=guess, guess_K=away_K, **asked)
        except ConvergenceError:
            if guess is None:
                raise
            cycle = model.cycle(**asked)
        self.solved += 1
        run = cycle.orbit
        limits = (*model.margins(run.times_s, run.y, run.ledger_J), *_refill(model, run))
        made = Orbit(case=case, power_W=power_W, tolerance_K=tolerance_K, cycle=cycle, limits=limits)
        known.append(made)
        return made

    def limits(
        self, case: str, power_W: float, tolerance_K: float = LOOSE_K
    ) -> tuple[LimitMargin, ...] | None:
        """Return the margins of a case in its periodic state, or None where it has none."""
        try:
            return self.orbit(case, power_W, tolerance_K).limits
        except ConvergenceError:
            return None

    def borrow(self, other: Study) -> None:
        """Start from the cycles of a study of a similar satellite, where it has the same mesh."""
        for case, known in other._orbits.items():
            alike = (
                known
                and case in self.models
                and len(known[-1].cycle.orbit.y_start) == self.models[case].system.n
            )
            if alike and not self._orbits[case]:
                self._orbits[case] = [
                    Orbit(
                        case=orbit.case,
                        power_W=orbit.power_W,
                        tolerance_K=np.inf,
                        cycle=orbit.cycle,
                        limits=(),
                    )
                    for orbit in known[-3:]
                ]

    @staticmethod
    def _guess(known: Sequence[Orbit], power_W: float) -> tuple[Floats | None, float]:
        """Return the start of the nearest orbit, moved on along the line to the next, and its error [K]."""
        near = sorted(known, key=lambda orbit: (abs(orbit.power_W - power_W), orbit.tolerance_K))
        if not near or abs(power_W - near[0].power_W) > FARTHEST * near[0].power_W:
            return None, math.inf
        a = near[0]
        start: Floats = a.cycle.orbit.y_start
        away_K = math.inf if math.isinf(a.tolerance_K) else a.tolerance_K
        others = [orbit for orbit in near if orbit.power_W != a.power_W]
        if power_W == a.power_W:
            return start, away_K
        relative = abs(power_W / a.power_W - 1.0)
        if not others:
            return start, away_K + HEATING_K * relative
        b = others[0]
        part = (power_W - a.power_W) / (b.power_W - a.power_W)
        if abs(part) > 2.0:
            return start, away_K + HEATING_K * relative
        bent = abs(part) * abs(1.0 - part) * abs(b.power_W / a.power_W - 1.0)
        return np.asarray(start + part * (b.cycle.orbit.y_start - start)), away_K + BENDING_K * bent


def _refill(model: Any, run: Any) -> list[LimitMargin]:
    """Return how far the battery is from being full again at the end of the orbit, as one more limit.

    Taper and charging power can keep a battery from filling although the orbit's surplus would do.
    """
    return [
        LimitMargin(
            name="refill",
            margin=float(run.y_end[index]) - REFILLED,
            unit="1",
            value=float(run.y_end[index]),
            limit=REFILLED,
            time_s=model.period_s,
            phase=0.0,
            place="battery",
        )
        for index in model.anchored
    ]


def upper(limits: Iterable[LimitMargin]) -> list[LimitMargin]:
    """Return those that more compute power moves towards."""
    return [limit for limit in limits if limit.name not in LOWER_LIMITS]


def scaled(limits: Iterable[LimitMargin], case: str) -> dict[tuple[str, str], float]:
    """Return margins by case and name, counted in `SCALES`.

    What closes exponentially is counted by the logarithm of what is missing, which a search can follow.
    """
    found = {}
    for limit in limits:
        margin = limit.margin
        if limit.name in CLOSING:
            bound = abs(limit.limit - CLOSING[limit.name])
            missing = max(abs(limit.value - CLOSING[limit.name]), LEAST_MISSING * bound)
            margin = bound * math.log(bound / missing)
        found[case, limit.name] = margin / SCALES.get(limit.unit, 1.0)
    return found


def states(limits: Iterable[LimitMargin], case: str) -> dict[str, LimitState]:
    """Return limits by name as they are reported."""
    return {
        limit.name: LimitState(
            name=limit.name,
            case=case,
            margin_si=limit.margin,
            value_si=limit.value,
            limit_si=limit.limit,
            unit="" if limit.unit == "1" else limit.unit,
            time_s=limit.time_s,
            phase=limit.phase,
            place=limit.place,
            difference=limit.name.startswith("recovery"),
        )
        for limit in limits
    }


def nearest(by_case: Mapping[str, Mapping[str, LimitState]]) -> dict[str, LimitState]:
    """Return each limit in the case in which its margin is smallest."""
    found: dict[str, LimitState] = {}
    for limits in by_case.values():
        for name, state in limits.items():
            if name not in found or state.margin_si < found[name].margin_si:
                found[name] = state
    return found
