"""Contradictions between the parts of a design."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from thermalsat.satellite import Satellite

__all__ = ["contradictions"]


def contradictions(sat: Satellite) -> list[str]:
    """Return what the parts of a design say against each other, a sentence each."""
    return [*_powers(sat), *_temperatures(sat), *_shapes(sat)]


def _powers(sat: Satellite) -> list[str]:
    found = []
    floor, sustained = sat.payload.idle_floor_W, sat.requirement.sustained_W
    if floor > sustained:
        found.append(
            f"`payload.idle_floor` must not be above `requirement.sustained` ({sustained:g} W),"
            f" got {floor:g} W;"
            " lower the floor"
        )
    return found


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
    return found + _melting(sat)


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
