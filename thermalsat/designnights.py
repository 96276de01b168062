"""What a design without a battery is told: the night that it would have to bridge."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from thermalsat.orbit import Orbit

if TYPE_CHECKING:
    from thermalsat.cases import DesignCase
    from thermalsat.components.battery import Battery
    from thermalsat.satellite import Satellite

__all__ = ["no_battery", "unbridged"]

DEPTH, LEFT, GIVEN = 0.3, 0.8, 0.95
"""Depth of discharge, capacity left at the end of life and discharge efficiency where none are stated."""


def no_battery(orbit: Orbit, cases: Any, shadow: str, demand_W: float, battery: Battery | None) -> str:
    """Return the sentence for a battery that is absent or holds nothing.

    Parameters
    ----------
    orbit : Orbit
        Where the design flies.
    cases : mapping of str to DesignCase
        Its cases, of which the longest night counts.
    shadow : str
        Shadow model.
    demand_W : float
        Power on the bus at the required sustained power [W].
    battery : Battery or None
        What is stated.
    """
    nights = {name: _night_s(orbit, case, shadow) for name, case in cases.items()}
    case = max(nights, key=nights.__getitem__)
    got = "no `[battery]`" if battery is None else "0 kWh"
    if nights[case] == 0.0:
        return (
            "`battery.capacity` must be above 0: the bus is balanced by the battery even where no case has a"
            f' night; got {got}; type capacity = "1 kWh" under `[battery]`'
        )
    given = GIVEN if battery is None else battery.discharge_efficiency
    usable = DEPTH * LEFT if battery is None else battery.depth_of_discharge * battery.end_of_life
    drawn_kWh = demand_W * nights[case] / given / 3.6e6
    return (
        "`battery.capacity` must bridge the night: the orbit has one of"
        f" {nights[case] / 60.0:.1f} min in the {case} case, which takes {drawn_kWh:.1f} kWh at the"
        f" {demand_W / 1e3:.4g} kW that the bus is asked for; got {got}; type capacity ="
        f' "{math.ceil(drawn_kWh / usable)} kWh" under `[battery]`'
    )


def unbridged(sat: Satellite) -> str:
    """Return the same for a satellite."""
    demand_W = sat.bus.demand_W(sat.requirement.sustained_W)
    return no_battery(sat.orbit, sat.cases, sat.environment.shadow, demand_W, sat.battery)


def _night_s(orbit: Orbit, case: DesignCase, shadow: str) -> float:
    days = case.__dict__["date"]
    beta = case.beta if case.beta is not None else orbit.beta(days)
    found = Orbit.from_beta(altitude=orbit.altitude, beta=beta, epoch=days).eclipse(shadow=shadow)
    return float(found.duration.m_as("s"))
