"""Bursts of compute power on top of a base cycle, and the recovery after them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.assembly.limits import LimitMargin
from thermalsat.capability.study import LOOSE_K, LOOSE_SAMPLES, SAMPLES, Orbit, Study, upper
from thermalsat.errors import ConvergenceError
from thermalsat.solver.transient import Trajectory

__all__ = ["RECOVERED_ENERGY", "RECOVERED_K", "Burst", "Bursts", "Start"]

Floats = NDArray[np.float64]

RECOVERED_K = 0.5
"""Every temperature this near to the base cycle at equal phase counts as recovered [K]."""
RECOVERED_ENERGY = 1e-3
"""The same of the state of energy [-]."""
CALM = 0.5
"""Part of what counts as recovered below which a trial is not followed further."""
BETWEEN = 0.25
"""Error allowed of states between samples, of the tolerance of a trial."""
ENDS, MOMENT_S = 6, 60.0
"""Phases at which a lasting power is taken away, and how long before it is looked at."""
RETRIED = 0.85
"""Part of a power over the base that did not last below which a lower one is tried."""
WHOLE_ORBITS = frozenset({"charge rate", "recharge"})
"""Limits that only whole orbits have; after a burst the recovery stands for them."""
FEWEST_SAMPLES = 13


@dataclass(frozen=True, slots=True)
class Start:
    """A case, and the orbit phase at which a burst starts."""

    case: str
    phase: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Burst:
    """What a burst and its recovery come to.

    Attributes
    ----------
    limits : every limit where it is nearest during burst and recovery, recovery itself among them
    recovery_s : from the end of the burst until the end of the first orbit that closes on the base cycle
    """

    start: Start
    power_W: float
    duration_s: float
    limits: tuple[LimitMargin, ...] = field(repr=False)
    recovery_s: float | None


class Bursts:
    """Bursts on top of the periodic states of a study at one base power.

    Parameters
    ----------
    study : Study
        The satellite in its cases.
    base_W : float
        Compute power before and after [W].
    recovery : int
        Orbits after the burst within which the base cycle must be back.
    """

    def __init__(self, study: Study, base_W: float, recovery: int) -> None:
        self.study = study
        self.base_W = base_W
        self.recovery = recovery
        self.count = 0
        self._models: dict[tuple[str, float], Any] = {}
        self._lasting: dict[str, tuple[float, float]] = {}
        self._states: dict[tuple[Start, float], Floats] = {}

    def base(self, case: str, tolerance_K: float = LOOSE_K) -> Orbit:
        """Return the base cycle of a case."""
        return self.study.orbit(case, self.base_W, tolerance_K)

    def base_limits(self, tolerance_K: float = LOOSE_K) -> dict[str, list[LimitMargin]]:
        """Return the upper limits of the base cycles by case."""
        return {case: upper(self.base(case, tolerance_K).limits) for case in self.study.cases}

    def starts(self, duration_s: float, phases: int) -> list[Start]:
        """Return where a search begins: phases all round, and bursts that begin or end at a shadow's edge."""
        found = []
        for case, model in self.study.models.items():
            period, edges = model.period_s, np.asarray(model.environment.edges_s)
            edges = np.unique(edges[[0, -1]]) if len(edges) else edges
            even = np.arange(phases) / phases
            at_edges = np.concatenate([edges, edges - duration_s]) / period
            every = np.sort(np.concatenate([even, at_edges % 1.0]))
            apart = np.diff(every, append=every[0] + 1.0) > 0.2 / phases
            found += [Start(case, float(phase)) for phase in every[apart]]
        return found

    def run(
        self,
        start: Start,
        power_W: float,
        duration_s: float,
        *,
        tolerance_K: float = LOOSE_K,
        whole: bool = True,
        orbits: int | None = None,
        state: Floats | None = None,
    ) -> Burst | None:
        """Return what a burst comes to, or None where it cannot be followed.

        Parameters
        ----------
        whole : bool
            Follow the recovery to its end even when the base cycle is nearly back before, or a limit has
            been exceeded.
        orbits : int, optional
            Orbits to follow after the burst; default the recovery. Over fewer, recovery is not judged.
        state : ndarray (n,), optional
            Unknowns at the start; default those of the base cycle.
        """
        follow = self.recovery if orbits is None else orbits
        exact = tolerance_K < LOOSE_K
        self.count += 1
        model = self._model(start.case, power_W)
        calm = self._model(start.case, self.base_W)
        period = model.period_s
        per_orbit = SAMPLES if exact else LOOSE_SAMPLES
        samples = max(FEWEST_SAMPLES, math.ceil(per_orbit * duration_s / period))
        begin = start.phase * period
        try:
            y = self.state(start, tolerance_K) if state is None else state
            run = model.history(y, duration_s, start_s=begin, tolerance_K=tolerance_K, samples=samples)
            limits = _nearest({}, model.margins(run.times_s, run.y))
            end = begin + duration_s
            back = self.state(Start(start.case, (end / period) % 1.0), tolerance_K)
            recovered = None
            for orbit in range(1, follow + 1):
                run = calm.history(run.y_end, period, start_s=end, tolerance_K=tolerance_K, samples=per_orbit)
                if exact or orbit == 1:
                    # what is missing shrinks from orbit to orbit
                    limits = _nearest(limits, calm.margins(run.times_s, run.y))
                end += period
                returned = _recovery(calm, run.y_end, back, end)
                if all(limit.margin >= 0.0 for limit in returned):
                    recovered = orbit * period if recovered is None else recovered
                else:
                    recovered = None
                if not whole and _calm(returned):
                    break
                if not (whole or orbit == follow or all(one.held for one in upper(limits.values()))):
                    returned = []
                    break
        except ConvergenceError:
            return None
        if follow >= self.recovery:
            limits = _nearest(limits, returned)
        return Burst(
            start=start,
            power_W=power_W,
            duration_s=duration_s,
            limits=tuple(upper(limits.values())),
            recovery_s=recovered,
        )

    def lasts(self, case: str, power_W: float) -> bool:
        """Whether a case holds a power for ever, and whenever that ends is back on the base cycle in time.

        Bursts of that power and below then hold, however long: they stay below the cycle.
        """
        held_W, missed_W = self._lasting.get(case, (self.base_W, math.inf))
        if held_W < power_W < self.base_W + RETRIED * (missed_W - self.base_W):
            limits = self.study.limits(case, power_W)
            holds = limits is not None and all(limit.held for limit in upper(limits))
            if holds:
                cycle, model = self.study.orbit(case, power_W).cycle.orbit, self._model(case, power_W)
                for k in range(ENDS):
                    start = Start(case, k / ENDS)
                    y = self._between(model, cycle, start.phase * model.period_s, LOOSE_K)
                    burst = self.run(start, power_W, MOMENT_S, whole=False, state=y)
                    holds = holds and burst is not None and all(limit.held for limit in burst.limits)
            held_W, missed_W = (power_W, missed_W) if holds else (held_W, power_W)
            self._lasting[case] = held_W, missed_W
        return power_W <= held_W

    def state(self, start: Start, tolerance_K: float) -> Floats:
        """Return the base cycle's unknowns at a phase."""
        key = (start, tolerance_K)
        if key not in self._states:
            cycle = self.base(start.case, tolerance_K).cycle.orbit
            model = self._model(start.case, self.base_W)
            self._states[key] = self._between(model, cycle, start.phase * model.period_s, tolerance_K)
        return self._states[key]

    @staticmethod
    def _between(model: Any, cycle: Trajectory, time_s: float, tolerance_K: float) -> Floats:
        """Return the unknowns at a time of a cycle: of trials interpolated where that is accurate enough."""
        if tolerance_K >= LOOSE_K:
            found: Floats | None = model.state_within(cycle, time_s, BETWEEN * tolerance_K)
            if found is not None:
                return found
        k = max(int(np.searchsorted(cycle.times_s, time_s, side="right")) - 1, 0)
        y, begin = cycle.y[k], float(cycle.times_s[k])
        if time_s - begin <= 1e-6:
            return np.asarray(y)
        run = model.history(y, time_s - begin, start_s=begin, tolerance_K=tolerance_K, samples=2)
        return np.asarray(run.y_end)

    def _model(self, case: str, power_W: float) -> Any:
        key = (case, power_W)
        if key not in self._models:
            if len(self._models) > 64:
                self._models.clear()
            self._models[key] = self.study.models[case].with_power(power_W)
        return self._models[key]


def _nearest(known: dict[str, LimitMargin], others: Iterable[LimitMargin]) -> dict[str, LimitMargin]:
    found = dict(known)
    for limit in others:
        if limit.name in WHOLE_ORBITS:
            continue
        if limit.name not in found or limit.margin < found[limit.name].margin:
            found[limit.name] = limit
    return found


def _calm(returned: Iterable[LimitMargin]) -> bool:
    """Whether a state is so near to the base cycle that another orbit need not be followed."""
    return all(limit.value <= CALM * limit.limit for limit in returned)


def _recovery(model: Any, y: Floats, base: Floats, time_s: float) -> list[LimitMargin]:
    """Return how far a state is from being recovered, as two more limits."""
    b = model.system.bundle
    heat = b.stored.astype(bool)
    heat[model.anchored] = False
    away = np.where(heat, b.weight * np.abs(y - base), 0.0)
    worst = int(np.argmax(away))
    phase = (time_s / model.period_s) % 1.0
    made = [
        LimitMargin(
            name="recovery of temperatures",
            margin=RECOVERED_K - float(away[worst]),
            unit="K",
            value=float(away[worst]),
            limit=RECOVERED_K,
            time_s=time_s,
            phase=phase,
            place=_place(model, worst),
        )
    ]
    for index in model.anchored:
        lost = float(abs(y[index] - base[index]))
        made.append(
            LimitMargin(
                name="recovery of energy",
                margin=RECOVERED_ENERGY - lost,
                unit="1",
                value=lost,
                limit=RECOVERED_ENERGY,
                time_s=time_s,
                phase=phase,
                place=_place(model, int(index)),
            )
        )
    return made


def _place(model: Any, index: int) -> str:
    return str(model.gauge.layout.label(index))
