"""Peak power as a function of duration."""

from __future__ import annotations

import math

import numpy as np

from thermalsat.capability.answers import Envelope, LimitState
from thermalsat.capability.base import require_base
from thermalsat.capability.bursts import Burst, Bursts, Start
from thermalsat.capability.outcome import certified, orbit_result
from thermalsat.capability.peak import COARSE_PHASES, bursts_of, find_peak
from thermalsat.capability.study import TIGHT_K, nearest, scaled, states
from thermalsat.capability.sustained import find_sustained
from thermalsat.capability.worst import PHASES
from thermalsat.errors import InputError
from thermalsat.satellite import Satellite
from thermalsat.units import QuantityLike

__all__ = ["power_envelope"]

SHORTEST_S = 60.0
LONGEST_ORBITS = 6.0
FEWEST = 3
ABOVE = 1.0005
"""Where this times the sustained power is not held by a burst, longer bursts hold the sustained power."""


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
    if isinstance(points, bool) or not isinstance(points, int) or points < FEWEST:
        raise InputError(f"`points` must be a whole number, {FEWEST} or more, got {points!r}")
    bursts = bursts_of(sat, base, recovery)
    require_base(sat, bursts)
    study = bursts.study
    forever = find_sustained(study)
    longest = LONGEST_ORBITS * max(model.period_s for model in study.models.values())
    durations = np.append(np.geomspace(SHORTEST_S, longest, points - 1), math.inf)
    powers, binding = np.full(points, forever.power_W), [forever.binding] * points
    followed: tuple[Start, ...] = ()
    first, scanned = None, 0
    for k, duration in enumerate(durations[:-1].tolist()):
        if k and powers[k - 1] <= forever.power_W:
            break
        if followed and not _held(bursts, followed, ABOVE * forever.power_W, duration):
            break
        phases = COARSE_PHASES if followed else PHASES
        found = find_peak(bursts, duration, first_W=first, followed=followed, phases=phases)
        scanned += found.scanned
        followed = found.starts[:3]
        if found.burst is not None and found.x > forever.power_W:
            powers[k] = found.x
            binding[k] = _binding(found.burst)
        if k and powers[k] > powers[k - 1]:
            powers[k], binding[k] = powers[k - 1], binding[k - 1]
        first = float(powers[k])
    case = forever.binding.case if forever.binding is not None else study.cases[0]
    orbit = study.orbit(case, forever.power_W, TIGHT_K)
    result = orbit_result(
        study.models[case].with_power(forever.power_W), orbit.cycle, TIGHT_K, states(orbit.limits, case)
    )
    searched = (
        f"{scanned} burst starts in the cases {', '.join(study.cases)} by {bursts.count} runs,"
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


def _held(bursts: Bursts, starts: tuple[Start, ...], power_W: float, duration_s: float) -> bool:
    """Whether some bursts hold every limit."""
    for start in starts:
        burst = bursts.run(start, power_W, duration_s)
        if burst is None or any(limit.margin < 0.0 for limit in burst.limits):
            return False
    return True


def _binding(burst: Burst) -> LimitState:
    limits, case = burst.limits, burst.start.case
    margins = scaled(limits, case)
    _, name = min(margins, key=margins.__getitem__)
    return states(limits, case)[name]
