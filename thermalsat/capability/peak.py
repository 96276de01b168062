"""The power that can be held for a while, and for how long."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from thermalsat.capability.answers import Capability, LimitState, power_text, time_text
from thermalsat.capability.base import LONGEST_ORBITS, check_base, check_length, never_held, require_base
from thermalsat.capability.bursts import Burst, Bursts, Start
from thermalsat.capability.half import GUIDED, halved
from thermalsat.capability.outcome import certified, history_result
from thermalsat.capability.study import TIGHT_K, Study, scaled, states, upper
from thermalsat.capability.sustained import find_sustained, sustained_answer
from thermalsat.capability.worst import PHASES, Hunt, Worst
from thermalsat.errors import InfeasibleError, InputError
from thermalsat.pieces import Pieces
from thermalsat.questions import asked_of
from thermalsat.satellite import Satellite
from thermalsat.units import QuantityLike, si_positive, single

__all__ = ["bursts_of", "find_peak", "find_peak_duration", "peak_duration", "peak_power"]

HIGHEST = 100.0
"""Peaks are looked for up to this many times the base power."""
COARSE_PHASES = 4
STEP_W = 1.0
STEP_S = 0.1
RELATIVE = 2e-4


def peak_power(
    sat: Satellite,
    duration: QuantityLike | None = None,
    *,
    base: QuantityLike | None = None,
    recovery: int | None = None,
) -> Capability:
    """Return the largest compute power that can be held for a while, whenever it starts.

    Parameters
    ----------
    sat : Satellite
        The design.
    duration : Quantity or str, optional
        For how long; default the requirement's burst. Infinite asks for the sustained power.
    base : Quantity or str, optional
        Power before and after; default the requirement's sustained power, never the capability.
    recovery : int, optional
        Orbits after the burst within which the base cycle must be back; default the requirement's.

    Returns
    -------
    Capability

    Raises
    ------
    InfeasibleError
        "no peak margin": the base is at or above what can be held for ever; the limit is named.

    Notes
    -----
    The worst start is searched over orbit phases and all cases. Every upper limit is held through burst
    and recovery, and the base cycle is back: every temperature within 0.5 K and the state of energy
    within 0.1 % of it at equal phase.

    Examples
    --------
    >>> import thermalsat as ts
    >>> bool(ts.peak_power(ts.designs.load("leo-53"), duration="10 min").power > ts.Q("150 kW"))
    True
    """
    sat = asked_of(sat)
    length = sat.requirement.burst_s if duration is None else _duration(duration)
    check_length(sat, length, "requirement.burst" if duration is None else "duration")
    bursts = bursts_of(sat, base, recovery)
    require_base(sat, bursts)
    if math.isinf(length):
        return sustained_answer(bursts.study, find_sustained(bursts.study))
    found = find_peak(bursts, length, first_W=sat.requirement.peak_W)
    if found.burst is None:
        raise _unbounded(found.x, length)
    return burst_answer("peak", bursts, found.burst, found.scanned)


def peak_duration(
    sat: Satellite,
    power: QuantityLike | None = None,
    *,
    base: QuantityLike | None = None,
    recovery: int | None = None,
) -> Capability:
    """Return for how long a compute power can be held, whenever it starts.

    Parameters
    ----------
    sat : Satellite
        The design.
    power : Quantity or str, optional
        Default the requirement's peak.
    base, recovery : optional
        As for `peak_power`.

    Returns
    -------
    Capability
        Its ``duration`` is the longest for which `peak_power` is at least `power`; infinite when `power`
        is sustainable.

    Raises
    ------
    InfeasibleError
        As for `peak_power`.

    Examples
    --------
    >>> import thermalsat as ts
    >>> bool(ts.peak_duration(ts.designs.load("leo-53"), power="150 kW").duration > ts.Q("10 min"))
    True
    """
    sat = asked_of(sat)
    watts = sat.requirement.peak_W if power is None else single(si_positive(power, "W", "power"), "power")
    bursts = bursts_of(sat, base, recovery)
    if watts < bursts.base_W:
        raise InputError(
            f"`power` must not be below the base power of {power_text(bursts.base_W)},"
            f" got {power_text(watts)}"
        )
    require_base(sat, bursts)
    first_s = min(sat.requirement.burst_s, LONGEST_ORBITS * sat.orbit.si.period_s)
    found = find_peak_duration(bursts, watts, first_s=first_s)
    if math.isinf(found.x):
        return sustained_answer(bursts.study, find_sustained(bursts.study), held_W=watts)
    if found.burst is None:
        raise InfeasibleError(
            f"{power_text(watts)} is held for {time_text(found.x)} and longer, yet not for ever; a burst"
            " longer than that is not followed"
        )
    if found.x < STEP_S:
        raise never_held(sat, bursts, found.burst.start, watts, STEP_S)
    return burst_answer("duration", bursts, found.burst, found.scanned)


def bursts_of(sat: Satellite, base: QuantityLike | None = None, recovery: int | None = None) -> Bursts:
    """Return the bursts of a satellite on top of a base power, in all its cases."""
    base_W = sat.requirement.sustained_W if base is None else single(si_positive(base, "W", "base"), "base")
    orbits = sat.requirement.recovery if recovery is None else recovery
    if isinstance(orbits, bool) or not isinstance(orbits, int) or orbits < 1:
        raise InputError(f"`recovery` must be a number of orbits, 1 or more, got {recovery!r}")
    return Bursts(Study.of(sat), base_W, orbits)


def _duration(value: Any) -> float:
    if isinstance(value, str) and value.strip().lower() in ("inf", "for ever", "forever"):
        return math.inf
    magnitude = getattr(value, "magnitude", None)
    if isinstance(magnitude, float) and math.isinf(magnitude):
        return math.inf
    return single(si_positive(value, "s", "duration"), "duration")


def _unbounded(power_W: float, duration_s: float) -> InfeasibleError:
    return InfeasibleError(
        f"no limit is reached by a burst of {time_text(duration_s)} up to {power_text(power_W)}; give limits"
        " that the design can reach"
    )


def burst_answer(kind: str, bursts: Bursts, burst: Burst, scanned: int) -> Capability:
    """Return the answer of a worst burst; the whole of it is run once more for the result."""
    start, case = burst.start, burst.start.case
    model = bursts.study.models[case]
    begin = start.phase * model.period_s
    end = begin + burst.duration_s
    power = Pieces.steps([begin - 1.0, begin, end], [bursts.base_W, burst.power_W, bursts.base_W])
    span = burst.duration_s + bursts.recovery * model.period_s
    whole = model.with_power(power)
    run = whole.history(bursts.state(start, TIGHT_K), span, start_s=begin, tolerance_K=TIGHT_K, samples=960)
    limits = states(burst.limits, case)
    result = history_result(whole, run, TIGHT_K, limits)
    by_case = {name: states(found, name) for name, found in bursts.base_limits().items()}
    by_case[case] = limits
    ranked = scaled(burst.limits, case)
    binding: LimitState = limits[min(ranked, key=ranked.__getitem__)[1]]
    searched = (
        f"{scanned} burst starts in the cases {', '.join(bursts.study.cases)} by {bursts.count} runs;"
        " computed again at the answer"
    )
    return Capability(
        kind=kind,
        power_W=burst.power_W,
        minimum_power_W=None,
        duration_s=burst.duration_s,
        binding_limit=binding,
        margins=limits,
        case=case,
        result=result,
        certificate=certified(result.certificate, limits, searched),
        cases=by_case,
        base_W=bursts.base_W,
        start_phase=start.phase,
        recovery_s=burst.recovery_s,
    )


def find_peak(
    bursts: Bursts,
    duration_s: float,
    *,
    first_W: float | None = None,
    followed: tuple[Start, ...] = (),
    phases: int = PHASES,
    confirm: bool = True,
    refine: bool = False,
    whole: bool = True,
    lasting: bool = False,
) -> Worst:
    """Return the largest power that can be held for a duration on top of the base, for the worst start.

    `followed`, `confirm`, `refine` and `whole` as in `Hunt.find`; with `lasting`, cases that hold a power
    for ever are left out below it.
    """
    check_base(bursts)
    base, half, known = bursts.base_W, halved(bursts) if confirm and not followed else None, 0
    if half is not None:
        guide = find_peak(half, duration_s, first_W=first_W, phases=phases, whole=False, lasting=lasting)
        first_W, followed, confirm, known = guide.x, guide.starts[:GUIDED], False, guide.scanned

    def runner(start: Start, power_W: float, tolerance_K: float, whole: bool) -> Burst | None:
        return bursts.run(start, power_W, duration_s, tolerance_K=tolerance_K, whole=whole)

    coarse, fine = bursts.starts(duration_s, COARSE_PHASES), bursts.starts(duration_s, phases)
    hunt = Hunt(runner, bursts, coarse, fine, base, bursts.lasts if lasting else None)
    first = 1.25 * base if first_W is None else max(first_W, 1.001 * base)
    found = hunt.find(
        first=first,
        high=HIGHEST * base,
        tolerance=RELATIVE * base,
        step=STEP_W,
        followed=followed,
        confirm=confirm,
        refine=refine,
        whole=whole,
    )
    return replace(found, scanned=found.scanned + known)


def find_peak_duration(
    bursts: Bursts,
    power_W: float,
    *,
    first_s: float = 600.0,
    followed: tuple[Start, ...] = (),
    phases: int = PHASES,
    confirm: bool = True,
) -> Worst:
    """Return the longest time for which a power can be held on top of the base, for the worst start."""
    check_base(bursts)
    if sustainable(bursts, power_W):
        return Worst(x=math.inf, burst=None, binding=None, starts=(), scanned=0)
    period = max(model.period_s for model in bursts.study.models.values())
    half, known = halved(bursts) if confirm and not followed else None, 0
    if half is not None:
        guide = find_peak_duration(half, power_W, first_s=first_s, phases=phases)
        if math.isfinite(guide.x):
            first_s, followed, confirm, known = guide.x, guide.starts[:GUIDED], False, guide.scanned

    def runner(start: Start, duration_s: float, tolerance_K: float, whole: bool) -> Burst | None:
        return bursts.run(start, power_W, duration_s, tolerance_K=tolerance_K, whole=whole)

    coarse, fine = bursts.starts(first_s, COARSE_PHASES), bursts.starts(first_s, phases)
    hunt = Hunt(runner, bursts, coarse, fine, 0.0)
    found = hunt.find(
        first=first_s,
        high=LONGEST_ORBITS * period,
        tolerance=RELATIVE * first_s,
        step=STEP_S,
        followed=followed,
        confirm=confirm,
        refine=True,
    )
    return replace(found, scanned=found.scanned + known)


def sustainable(bursts: Bursts, power_W: float) -> bool:
    """Whether a power is held for ever in every case."""
    for case in bursts.study.cases:
        limits = bursts.study.limits(case, power_W)
        if limits is None or any(limit.margin < 0.0 for limit in upper(limits)):
            return False
    return True
