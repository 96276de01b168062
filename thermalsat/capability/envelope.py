"""Peak power as a function of duration."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from thermalsat.capability.answers import Envelope, LimitState
from thermalsat.capability.base import require_base
from thermalsat.capability.bursts import Burst, Bursts, Start
from thermalsat.capability.dips import turned
from thermalsat.capability.outcome import certified, orbit_result
from thermalsat.capability.peak import COARSE_PHASES, bursts_of, find_peak
from thermalsat.capability.study import TIGHT_K, nearest, scaled, states
from thermalsat.capability.sustained import find_sustained
from thermalsat.capability.worst import PHASES, Worst
from thermalsat.errors import InputError
from thermalsat.questions import asked_of
from thermalsat.satellite import Satellite
from thermalsat.units import QuantityLike

__all__ = ["power_envelope"]

SHORTEST_S = 60.0
LONGEST_ORBITS = 6.0
FEWEST = 3
LASTING_S = 900.0
"""From this duration on, cases are asked whether they hold a power for ever."""


def power_envelope(
    sat: Satellite, points: int = 20, *, base: QuantityLike | None = None, recovery: int | None = None
) -> Envelope:
    """Return the peak power for durations from a minute to for ever.

    Parameters
    ----------
    sat : Satellite
        The design.
    points : int
        Number of durations, evenly spaced in the logarithm up to six orbits; the last is "for ever".
    base, recovery : optional
        As for `peak_power`.

    Returns
    -------
    Envelope

    Raises
    ------
    InfeasibleError
        As for `peak_power`.

    Examples
    --------
    >>> import thermalsat as ts
    >>> curve = ts.power_envelope(ts.designs.load("leo-53"), points=5)
    >>> bool(curve.power[0] >= curve.power[-1])
    True
    """
    sat = asked_of(sat)
    if isinstance(points, bool) or not isinstance(points, int) or points < FEWEST:
        raise InputError(f"`points` must be a whole number, {FEWEST} or more, got {points!r}")
    bursts = bursts_of(sat, base, recovery)
    require_base(sat, bursts)
    study = bursts.study
    forever = find_sustained(study)
    longest = LONGEST_ORBITS * max(model.period_s for model in study.models.values())
    durations = np.append(np.geomspace(SHORTEST_S, longest, points - 1), math.inf)
    curve = _Curve(bursts, durations[:-1].tolist(), forever.power_W)
    curve.solve()
    powers, binding = np.full(points, forever.power_W), [forever.binding] * points
    for k, found in sorted(curve.found.items()):
        if found.burst is not None and found.x > forever.power_W:
            powers[k] = found.x
            binding[k] = _binding(found.burst)
        if k and powers[k] > powers[k - 1]:
            powers[k], binding[k] = powers[k - 1], binding[k - 1]
    case = forever.binding.case if forever.binding is not None else study.cases[0]
    orbit = study.orbit(case, forever.power_W, TIGHT_K)
    result = orbit_result(
        study.models[case].with_power(forever.power_W), orbit.cycle, TIGHT_K, states(orbit.limits, case)
    )
    searched = (
        f"{curve.scanned} burst starts in the cases {', '.join(study.cases)} by {bursts.count} runs,"
        f" {study.solved} periodic states; each point computed again at its answer"
    )
    margins = {name: state for name, state in nearest(forever.cases).items() if not state.lower}
    return Envelope(
        duration_s=durations,
        power_W=powers,
        binding_limit=tuple(binding),
        base_W=bursts.base_W,
        certificate=certified(result.certificate, margins, searched),
    )


class _Curve:
    """Peaks for a row of durations: every other one is scanned, those between from what their neighbours say.

    Parameters
    ----------
    bursts : Bursts
        On top of the base.
    durations_s : list of float
        Ascending.
    forever_W : float
        Power below which no peak is looked for.
    """

    def __init__(self, bursts: Bursts, durations_s: list[float], forever_W: float) -> None:
        self.bursts, self.durations_s, self.forever_W = bursts, durations_s, forever_W
        self.found: dict[int, Worst] = {}
        self.scanned = 0

    def solve(self) -> None:
        """Fill `found`, each time between two that are known."""
        last = len(self.durations_s) - 1
        for k in _halving([*range(0, last, 2), last]):
            self._add(k, confirm=True)
        for k in range(last):
            if k not in self.found:
                self._add(k, confirm=False)
                if self.found[k].x < self.found[k + 1].x:
                    # it found a start that the next one has missed
                    self._add(k + 1, confirm=False)

    def _add(self, k: int, confirm: bool) -> None:
        before, after = self._beside(k, -1), self._beside(k, 1)
        followed: dict[Start, None] = {}
        for other in (before, after, k):
            if other in self.found:
                starts = self.found[other].starts
                followed |= dict.fromkeys([*starts[:2], *self._turned(starts[:1], other, k)])
        found = find_peak(
            self.bursts,
            self.durations_s[k],
            first_W=self._guess(k, before, after),
            followed=tuple(followed),
            phases=COARSE_PHASES if followed else PHASES,
            confirm=confirm,
            refine=bool(followed),
            whole=False,
            lasting=self.durations_s[k] > LASTING_S,
        )
        self.found[k] = found
        self.scanned += found.scanned

    def _beside(self, k: int, step: int) -> int | None:
        known = [other for other in self.found if (other - k) * step > 0]
        return min(known, key=lambda other: abs(other - k)) if known else None

    def _guess(self, k: int, before: int | None, after: int | None) -> float | None:
        """Return the power on the line through those beside it in the logarithm of the duration."""
        if before is None:
            return None
        if after is None:
            return 1.01 * self.forever_W
        part = math.log(self.durations_s[k] / self.durations_s[before]) / math.log(
            self.durations_s[after] / self.durations_s[before]
        )
        return float(self.found[before].x + part * (self.found[after].x - self.found[before].x))

    def _turned(self, starts: Iterable[Start], other: int, k: int) -> list[Start]:
        """Return starts at which bursts of another duration end where those of `starts` do."""
        longer_s, models = self.durations_s[k] - self.durations_s[other], self.bursts.study.models
        return [Start(s.case, turned(s.phase - longer_s / models[s.case].period_s)) for s in starts]


def _halving(row: list[int]) -> list[int]:
    """Return both ends of a row, then what lies in the middle between two that came before, and so on."""
    order = [row[0], row[-1]]
    spans = [(0, len(row) - 1)]
    for low, high in spans:
        if high - low > 1:
            middle = (low + high) // 2
            order.append(row[middle])
            spans += [(low, middle), (middle, high)]
    return order


def _binding(burst: Burst) -> LimitState:
    limits, case = burst.limits, burst.start.case
    margins = scaled(limits, case)
    _, name = min(margins, key=margins.__getitem__)
    return states(limits, case)[name]
