"""Contradictions between the parts of a design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from thermalsat.designnights import unbridged

if TYPE_CHECKING:
    from thermalsat.satellite import Satellite

__all__ = ["contradictions"]

YEAR_S = 365.25 * 86400.0


def contradictions(sat: Satellite) -> list[str]:
    """Return what the parts of a design say against each other, a sentence each."""
    return [*_powers(sat), *_night(sat), *_temperatures(sat), *_shapes(sat)]


def _powers(sat: Satellite) -> list[str]:
    found = []
    floor, sustained = sat.payload.idle_floor_W, sat.requirement.sustained_W
    if floor > sustained:
        found.append(
            f"`payload.idle_floor` must not be above `requirement.sustained` ({sustained:g} W),"
            f" got {floor:g} W;"
            " lower the floor"
        )
    burst, life = sat.requirement.burst_s, sat.array.life_s
    if burst > life:
        found.append(
            f"`requirement.burst` must not be longer than the mission, `array.life` ({life / YEAR_S:.3g}"
            f" year), got {burst / YEAR_S:.3g} year; shorten it, or ask for that power for ever as"
            " `requirement.sustained`"
        )
    return found


def _night(sat: Satellite) -> list[str]:
    return [] if sat.battery.capacity_J > 0.0 else [unbridged(sat)]


def _temperatures(sat: Satellite) -> list[str]:
    found = []
    supply, junction = sat.loop.supply_set_point_K, sat.payload.junction_limit_K
    if supply >= junction:
        found.append(
            f"`loop.supply_set_point` must be below `payload.junction_limit` ({junction:g} K),"
            f" got {supply:g} K;"
            " lower the set-point or raise the limit"
        )
    high, low = sat.limits.coolant_maximum_K, sat.limits.coolant_minimum_K
    if high is not None and supply >= high:
        found.append(
            f"`loop.supply_set_point` must be below `limits.coolant_maximum` ({high:g} K), got {supply:g} K;"
            " lower the set-point or raise the limit"
        )
    if low is not None and supply <= low:
        found.append(
            f"`loop.supply_set_point` must be above `limits.coolant_minimum` ({low:g} K), got {supply:g} K;"
            " raise the set-point or lower the limit"
        )
    return [*found, *_coolant(sat), *_melting(sat)]


def _coolant(sat: Satellite) -> list[str]:
    """Return limits of the coolant that its margins to boiling and freezing contradict."""
    fluid, loop = sat.loop.coolant, sat.loop
    boiling, freezing = fluid.boiling_K - loop.boiling_margin_K, fluid.freezing_K + loop.freezing_margin_K
    low, high = sat.limits.coolant_minimum_K, sat.limits.coolant_maximum_K
    found = []
    if low is not None and low >= boiling:
        found.append(
            f"`limits.coolant_minimum` must be below the boiling of {fluid.name} less `loop.boiling_margin`"
            f" ({boiling:.2f} K), got {low:g} K; lower it, or raise `loop.pressure`"
        )
    if high is not None and high <= freezing:
        found.append(
            f"`limits.coolant_maximum` must be above the freezing of {fluid.name} plus"
            f" `loop.freezing_margin` ({freezing:.2f} K), got {high:g} K; raise it, or lower the margin"
        )
    return found


def _melting(sat: Satellite) -> list[str]:
    if not sat.store.present:
        return []
    fluid, melting = sat.loop.coolant, sat.store.melting_temperature_K
    if fluid.freezing_K < melting < fluid.boiling_K:
        return []
    return [
        f"`store.melting_temperature` must be between freezing and boiling of {fluid.name}"
        f" ({fluid.freezing_K:.2f} to {fluid.boiling_K:.2f} K), or it never melts; got {melting:g} K"
    ]


def _shapes(sat: Satellite) -> list[str]:
    found = []
    loops, tubes = sat.loop.loops, sat.radiator.tubes
    if tubes < loops:
        found.append(
            f"`radiator.area` must hold a tube for each of the {loops} loops, got {tubes:.3g} tubes;"
            " raise the area or lower `loop.loops`"
        )
    return found
