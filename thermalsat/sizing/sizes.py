"""The question "how much radiator, array and battery", answered."""

from __future__ import annotations

import math
from typing import Any

from thermalsat.assembly.power import battery_radiator_area_m2
from thermalsat.capability.base import check_freezing, check_length
from thermalsat.capability.bursts import Bursts, Start
from thermalsat.capability.half import half_of
from thermalsat.capability.peak import burst_answer, find_peak, find_peak_duration
from thermalsat.capability.remedies import base_margin, explained
from thermalsat.capability.study import TIGHT_K, Study, scaled, states
from thermalsat.capability.sustained import find_sustained, sustained_answer
from thermalsat.errors import ConvergenceError, InfeasibleError
from thermalsat.questions import asked_of
from thermalsat.satellite import Satellite
from thermalsat.sizing.answer import SizeReason, Sizing, merged
from thermalsat.sizing.ledger import make_ledger
from thermalsat.sizing.refusals import confirmed
from thermalsat.sizing.solve import COARSE, Solved, solve
from thermalsat.sizing.trial import SIZES, Demand, Trial, size_of
from thermalsat.units import QuantityLike, from_si, si_positive, single

__all__ = ["size"]

AREA_STEP_M2 = 0.1
ENERGY_STEP_J = 0.1 * 3.6e6
REPAIRS = 8
REPAIR = 1.002
SPARE = 1e-3
"""What array and battery are given beyond the solution, for the tolerance of the search."""
POWERS = ("array", "battery", "battery radiator")


def size(
    sat: Satellite,
    sustained: QuantityLike | None = None,
    peak: QuantityLike | None = None,
    burst: QuantityLike | None = None,
) -> Sizing:
    """Return the least radiator, array and battery that hold a requirement in every case.

    Parameters
    ----------
    sat : Satellite
        The design; its own sizes are where the search begins, its flow per tube is kept.
    sustained, peak, burst : Quantity or str, optional
        Compute power for ever, compute power for a burst on top of it, and how long that lasts; default
        the design's requirement.

    Returns
    -------
    Sizing

    Raises
    ------
    InfeasibleError
        If no sizes hold it: the limit and the case that stop it.

    Notes
    -----
    Mass grows with each of the sizes and the limits that ask for one do not ask for another, so that the
    lightest design is the one in which each is just enough for its own limits. The number of tubes is a
    real number until the end, when it is rounded up to whole tubes on every panel and array and battery
    are solved again. The capabilities are computed anew for the design that comes out.

    Examples
    --------
    >>> import thermalsat as ts
    >>> answer = ts.size(ts.designs.load("dawn-dusk"))
    >>> bool(answer.sustained.power >= ts.Q("120 kW")), bool(answer.peak.power >= ts.Q("150 kW"))
    (True, True)
    """
    sat = asked_of(sat)
    changes: dict[str, Any] = {}
    for name, value in (("sustained", sustained), ("peak", peak), ("burst", burst)):
        if value is not None:
            changes[f"requirement.{name}"] = value
    if sustained is not None and peak is None:
        changes["requirement.peak"] = _not_below(sat.requirement.peak, sustained)
    asked = sat.replace(changes) if changes else sat
    need = asked.requirement
    demand = Demand(
        sustained_W=need.sustained_W, peak_W=need.peak_W, burst_s=need.burst_s, recovery=need.recovery
    )
    if demand.has_burst:
        check_length(asked, need.burst_s, "requirement.burst")
    try:
        return _sized(asked, demand)
    except InfeasibleError as error:
        raise confirmed(asked, error, lambda changed: _sized(changed, demand)) from None


def _sized(sat: Satellite, demand: Demand) -> Sizing:
    """Return the answer of `size`; the sizes of a full plate, whose tubes are whole, by half a pitch."""
    half = half_of(sat)
    first = solve(sat if half is None else half, demand)
    whole = _whole_tubes(first.satellite)
    second = solve(whole, demand, free=POWERS, starts=first.starts, near=first.trial, slopes=first.slopes)
    design = _rounded_up(second.satellite)
    if half is not None:
        plate = {"radiator.symmetry": "full", "radiator.cells": list(sat.radiator.cells)}
        design = design.replace(plate)
    return _answered(design, demand, first, second)


def _answered(design: Satellite, demand: Demand, first: Solved, second: Solved) -> Sizing:
    """Compute the capabilities of a design, which is enlarged a little while one of them falls short."""
    starts = tuple(dict.fromkeys([*first.starts, *second.starts]))
    confirm = half_of(design) is None
    for _ in range(REPAIRS):
        trial = _holding(design, demand, starts)
        design, study, bursts = trial.satellite, trial.study, trial.bursts
        with explained(design, lambda changed: base_margin(Study.of(changed), demand.sustained_W)):
            check_freezing(bursts)
            found = find_sustained(study)
        short = found.binding if found.power_W < demand.sustained_W else None
        peak = None
        if short is None and demand.has_burst:
            peak = find_peak(
                bursts, demand.burst_s, first_W=1.001 * demand.peak_W, followed=starts, confirm=confirm
            )
            starts, confirm = tuple(dict.fromkeys([*peak.starts, *starts])), False
            if peak.burst is not None and peak.x < demand.peak_W:
                ranked = scaled(peak.burst.limits, peak.burst.start.case)
                _, name = min(ranked, key=ranked.__getitem__)
                short = states(peak.burst.limits, peak.burst.start.case)[name]
        if short is None:
            break
        design = _enlarged(design, short)
    else:
        raise ConvergenceError(
            f"the sizes found do not hold the requirement when its powers are computed again: {short} falls"
            f" short after {REPAIRS} enlargements",
            {"limit": str(short)},
        )
    answer, duration, nearest = None, None, found.binding
    if peak is not None and peak.burst is not None:
        answer = burst_answer("peak", bursts, peak.burst, peak.scanned)
        longest = find_peak_duration(
            bursts, demand.peak_W, first_s=demand.burst_s, followed=peak.starts, confirm=False
        )
        if longest.burst is not None:
            duration = burst_answer("duration", bursts, longest.burst, longest.scanned)
        nearest = answer.binding_limit
    reasons = _reasons(first, second)
    start, name = first.binding("radiator") or (Start(study.cases[0], -1.0), "")
    ledger = make_ledger(
        half_of(design) or design,
        demand,
        first.satellite.radiator.area_m2,
        start,
        design.requirement.margin,
        name,
        first.slopes,
    )
    sustained = sustained_answer(study, found)
    return Sizing(
        satellite=design,
        sustained=sustained,
        peak=answer,
        peak_duration=duration,
        margin_ledger=ledger,
        reasons=reasons,
        cases=_extremes(study, bursts, demand, first.starts),
        binding_limit=nearest,
        certificate=sustained.certificate,
        battery_radiator_m2=battery_radiator_area_m2(design),
    )


def _holding(design: Satellite, demand: Demand, starts: tuple[Start, ...]) -> Trial:
    """Return the trial of a design, enlarged a little where a known burst falls short of the limits."""
    trial = Trial(design, demand)
    for _ in range(REPAIRS):
        margins = trial.margins(starts, SIZES, TIGHT_K)
        short = [size for size, found in margins.items() if found and min(found.values()) < 0.0]
        if not short:
            break
        for one in short:
            design = _larger(design, one)
        trial = Trial(design, demand, near=trial)
    return trial


def _not_below(peak: Any, sustained: Any) -> Any:
    asked_W = single(si_positive(sustained, "W", "sustained"), "sustained")
    return sustained if asked_W > si_positive(peak, "W", "peak") else peak


def _whole_tubes(sat: Satellite) -> Satellite:
    """Return a copy with the same whole number of tubes on every panel."""
    radiator, panels = sat.radiator, sat.geometry.panels
    tubes = panels * math.ceil(radiator.tubes / panels - 1e-9)
    return sat.resized(from_si(round(tubes * radiator.pitch_m * radiator.tube_length_m, 9), "m^2"))


def _rounded_up(sat: Satellite) -> Satellite:
    """Return a copy with array and battery rounded up, past what the search leaves open."""

    def up(value: float, spare: float, step: float) -> float:
        return round(math.ceil(value * (1.0 + spare) / step - 1e-9) * step, 6)

    changes = {
        "array.area": from_si(up(sat.array.area_m2, SPARE, AREA_STEP_M2), "m^2"),
        "battery.capacity": f"{up(sat.battery.capacity_J, SPARE, ENERGY_STEP_J) / 3.6e6:.10g} kWh",
    }
    if sat.battery.radiator_area_m2 is not None:
        own = up(sat.battery.radiator_area_m2, COARSE, AREA_STEP_M2)
        changes["battery.radiator_area"] = from_si(own, "m^2")
    return sat.replace(changes)


def _enlarged(sat: Satellite, short: Any) -> Satellite:
    """Return a copy in which the size that a limit asks for is a little larger."""
    wanted = size_of(short)
    if wanted is None:
        raise InfeasibleError(
            f"no size of radiator, array or battery holds the requirement: the limit {short} is exceeded by"
            f" {short.shortfall} ({short.level}), and none of them changes that",
            limit=short,
        )
    return _larger(sat, wanted)


def _larger(sat: Satellite, wanted: str) -> Satellite:
    """Return a copy in which one size is a little larger."""
    if wanted == "radiator":
        return _whole_tubes(sat.resized(from_si(sat.radiator.area_m2 * REPAIR, "m^2")))
    if wanted == "array":
        return sat.replace("array.area", from_si(sat.array.area_m2 * REPAIR, "m^2"))
    if wanted == "battery":
        return sat.replace("battery.capacity", from_si(sat.battery.capacity_J * REPAIR, "J"))
    own = battery_radiator_area_m2(sat)
    return sat.replace("battery.radiator_area", from_si(own * (1.0 + COARSE), "m^2"))


def _reasons(first: Solved, second: Solved) -> dict[str, SizeReason]:
    found = {}
    for name in ("radiator", *POWERS):
        bound = (first if name == "radiator" else second).binding(name)
        if bound is None:
            continue
        start, limit = bound
        phase = None if start.phase < 0.0 else start.phase
        found[name] = SizeReason(size=name, limit=limit, case=start.case, burst_phase=phase)
    return found


def _extremes(
    study: Study, bursts: Bursts, demand: Demand, starts: tuple[Start, ...]
) -> dict[str, dict[str, float]]:
    """Return the extremes of every case over the idle floor, the required power and the bursts."""
    idle = study.satellite.payload.idle_floor_W
    found = {}
    for case, model in study.models.items():
        figures = []
        for power in (idle, demand.sustained_W):
            run = study.orbit(case, power, TIGHT_K).cycle.orbit
            figures.append(model.with_power(power).figures(run.times_s, run.y))
        own = [start for start in starts if start.case == case] or [Start(case, 0.0)]
        for start in own if demand.has_burst else []:
            begin = start.phase * model.period_s
            y = bursts.state(start, TIGHT_K)
            high, calm = model.with_power(demand.peak_W), model.with_power(demand.sustained_W)
            run = high.history(y, demand.burst_s, start_s=begin, tolerance_K=TIGHT_K, samples=120)
            figures.append(high.figures(run.times_s, run.y))
            run = calm.history(run.y_end, model.period_s, start_s=begin + demand.burst_s, tolerance_K=TIGHT_K)
            figures.append(calm.figures(run.times_s, run.y))
        found[case] = merged(figures)
    return found
