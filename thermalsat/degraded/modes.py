"""Degraded modes as changed satellites: something is lost, and the design says so in its own words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from thermalsat.errors import InputError
from thermalsat.satellite import Satellite
from thermalsat.units import QuantityLike, from_si, si_angle, si_fraction, single

__all__ = [
    "MODES",
    "DegradedMode",
    "loop_lost",
    "module_lost",
    "pointing_error",
    "pump_slowed",
    "segment_lost",
    "string_lost",
    "tube_lost",
]

FILM_EXPONENT = 0.8
"""Film coefficient of turbulent flow against the flow (Dittus and Boelter 1930)."""


@dataclass(frozen=True, kw_only=True)
class DegradedMode:
    """A design with something lost.

    Attributes
    ----------
    name : str
        What is lost.
    satellite : Satellite or None
        The changed design; None where nothing is left or the model cannot say.
    assumption : str
        How the loss is represented.
    refused : str
        Why there is no changed design; empty where there is one.
    """

    name: str
    satellite: Satellite | None
    assumption: str
    refused: str = ""


def loop_lost(sat: Satellite, *, plates: str = "shared") -> DegradedMode:
    """Return the design with one coolant loop lost, coolant and tubes with it.

    Parameters
    ----------
    sat : Satellite
        The intact design.
    plates : {"shared", "own"}
        ``"shared"``: every cold plate carries channels of all loops, of which one is dry; the film
        resistance between plate and coolant grows. ``"own"``: every cold plate hangs on one loop; the
        packages of the lost loop are off, and the others draw all of the compute power.

    Returns
    -------
    DegradedMode
        Refused where there is one loop only.

    Notes
    -----
    With interleaved loops the tubes left stand further apart by L / (L - 1) for L loops, which doubles
    the pitch for two, and cool all of the panels; beyond two loops their gaps are uneven and an even pitch
    stands for them. Segregated loops lose their part of the panels: a whole panel where there are as many
    panels as loops, else that share of the width of each. The flow per tube stays, and so does the
    power of the pumps, so that nothing is gained by a pump that stands still.
    """
    if plates not in ("shared", "own"):
        raise InputError(f'`plates` must be "shared" or "own", got {plates!r}')
    loops, radiator, shape = sat.loop.loops, sat.radiator, sat.geometry
    name = "loop lost" + (", own plates" if plates == "own" else "")
    if loops < 2:
        return DegradedMode(name=name, satellite=None, assumption="", refused="there is one loop only")
    left = (loops - 1) / loops
    changes: dict[str, Any] = {
        "loop.loops": loops - 1,
        "loop.mass_flow": from_si(left * sat.loop.mass_flow_kg_s, "kg/s"),
        "loop.line_diameter": from_si(math.sqrt(left) * sat.loop.line_diameter_m, "m"),
    }
    if sat.loop.interleaved:
        nx, ny = radiator.cells
        changes["radiator.pitch"] = from_si(radiator.pitch_m / left, "m")
        changes["radiator.cells"] = (nx, math.ceil(ny / left))
        said = f"{loops - 1} of {loops} interleaved tubes left" + ("" if loops == 2 else ", taken as even")
    else:
        changes["radiator.area"] = from_si(left * radiator.area_m2, "m^2")
        if loops == shape.panels == 2:
            changes["geometry.panels"] = 1
        said = f"{loops - 1} of {loops} parts of the panels left"
    if plates == "shared":
        changes |= _film(sat, left)
        said += f"; plates wetted by {loops - 1} of {loops} loops"
    else:
        changes |= _packages(sat, left)
        said += f"; {changes['payload.packages']} of {sat.payload.packages} packages draw all the power"
    return _mode(name, sat, changes, said)


def segment_lost(sat: Satellite, *, segments: int = 8) -> DegradedMode:
    """Return the design with one of several equal segments of the panels shut off.

    Notes
    -----
    The flow per tube stays. The panels are made narrower by the segment, evenly where there are several;
    what it still radiates by conduction from its neighbours counts for nothing.

    Parameters
    ----------
    sat : Satellite
        The intact design.
    segments : int
        Equal segments that can be shut off, all panels together.
    """
    _at_least(segments, 2, "segments")
    left = 1.0 - 1.0 / segments
    return _narrower(sat, "panel segment lost", left, f"1 of {segments} segments shut off, flow per tube")


def tube_lost(sat: Satellite, *, tubes: int = 1) -> DegradedMode:
    """Return the design with tubes that carry nothing.

    Notes
    -----
    A lower bound: the strip of sheet that each tube served counts for nothing, although its neighbours
    would still warm some of it; half a pitch by symmetry cannot stand for one wide gap among equal ones.

    Parameters
    ----------
    sat : Satellite
        The intact design.
    tubes : int
        How many.
    """
    _at_least(tubes, 1, "tubes")
    name = "tube lost" if tubes == 1 else f"{tubes} tubes lost"
    left = 1.0 - tubes / sat.radiator.tubes
    if left <= 0.0:
        return DegradedMode(name=name, satellite=None, assumption="", refused="no tube is left")
    said = f"{tubes} of {sat.radiator.tubes:.4g} tubes and its strip of sheet, flow per tube"
    return _narrower(sat, name, left, said)


def pump_slowed(
    sat: Satellite, *, flow: Any = 0.7, exponent: float = FILM_EXPONENT, power: QuantityLike | None = None
) -> DegradedMode:
    """Return the design with every pump at part speed.

    Parameters
    ----------
    sat : Satellite
        The intact design.
    flow : fraction
        Flow over the flow of the design.
    exponent : float
        The film coefficient in the cold plates follows the flow to this power; that in the tubes follows
        their own correlation. Zero keeps the cold plates.
    power : Quantity or str, optional
        Electrical power of the pumps; default unchanged, so that nothing is gained by a weak pump.
    """
    part = si_fraction(flow, "flow", 1e-3, 1.0)
    changes: dict[str, Any] = {"loop.mass_flow": from_si(part * sat.loop.mass_flow_kg_s, "kg/s")}
    changes |= _film(sat, part**exponent)
    if power is not None:
        changes["bus.pump"] = power
    said = f"flow x {part:g}, film of the cold plates x {part**exponent:.3g}"
    return _mode(f"pumps at {100.0 * part:g} % flow", sat, changes, said)


def pointing_error(sat: Satellite, error: QuantityLike) -> DegradedMode:
    """Return the design with another error of the panels' edge-on pointing, its sign kept.

    Parameters
    ----------
    sat : Satellite
        The intact design.
    error : Quantity or str
        Angle; positive turns the front to the Sun.
    """
    angle = round(math.degrees(single(si_angle(error, "error"), "error")), 12)
    changes = {"radiator.pointing_error": f"{angle!r} deg"}
    return _mode(f"pointing {angle:+g} deg", sat, changes, "tilt about the axis across the Sun line")


def string_lost(sat: Satellite, *, strings: int = 20) -> DegradedMode:
    """Return the design with one of several equal strings of the array dead.

    Its cells stay in the sunlight and are heat alone.

    Parameters
    ----------
    sat : Satellite
        The intact design.
    strings : int
        Equal strings of all wings together.
    """
    _at_least(strings, 2, "strings")
    changes = {"array.packing": sat.array.packing * (1.0 - 1.0 / strings)}
    return _mode("array string lost", sat, changes, f"1 of {strings} strings; its cells stay and warm up")


def module_lost(sat: Satellite, *, modules: int = 10) -> DegradedMode:
    """Return the design with one of several equal modules of the battery off the bus.

    Its mass stays; the highest powers of charge and discharge follow the capacity.

    Parameters
    ----------
    sat : Satellite
        The intact design.
    modules : int
        Equal modules.
    """
    _at_least(modules, 2, "modules")
    left, battery = 1.0 - 1.0 / modules, sat.battery
    changes = {
        "battery.capacity": from_si(left * battery.capacity_J, "J"),
        "battery.specific_energy": from_si(left * battery.specific_energy_J_kg, "J/kg"),
    }
    return _mode("battery module lost", sat, changes, f"1 of {modules} modules; rates follow")


MODES: dict[str, Callable[[Satellite], DegradedMode]] = {
    "loop": loop_lost,
    "loop-own-plates": lambda sat: loop_lost(sat, plates="own"),
    "segment": segment_lost,
    "tube": tube_lost,
    "pump": pump_slowed,
    "pointing+": lambda sat: pointing_error(sat, "5 deg"),
    "pointing-": lambda sat: pointing_error(sat, "-5 deg"),
    "string": string_lost,
    "module": module_lost,
}
"""The modes asked for by default."""


def _narrower(sat: Satellite, name: str, left: float, said: str) -> DegradedMode:
    changes = {
        "radiator.area": from_si(left * sat.radiator.area_m2, "m^2"),
        "loop.mass_flow": from_si(left * sat.loop.mass_flow_kg_s, "kg/s"),
    }
    return _mode(name, sat, changes, f"{said} kept")


def _mode(name: str, sat: Satellite, changes: Mapping[str, Any], assumption: str) -> DegradedMode:
    try:
        changed = sat.replace(dict(changes))
    except InputError as error:
        return DegradedMode(name=name, satellite=None, assumption=assumption, refused=str(error))
    return DegradedMode(name=name, satellite=changed, assumption=assumption)


def _film(sat: Satellite, factor: float) -> dict[str, Any]:
    """Return the payload's resistances for a film conductance changed by a factor, the rest kept."""
    payload = sat.payload
    film = payload.film_share / factor
    whole = 1.0 - payload.film_share + film
    return {
        "payload.resistance_per_package": from_si(whole * payload.resistance_per_package_K_W, "K/W"),
        "payload.film_share": film / whole,
    }


def _packages(sat: Satellite, left: float) -> dict[str, Any]:
    """Return the payload with a share of its packages, cold plates and boards."""
    payload = sat.payload
    count = max(1, math.floor(left * payload.packages + 1e-9))
    share = count / payload.packages
    return {
        "payload.packages": count,
        "payload.heat_capacity": from_si(share * payload.heat_capacity_J_K, "J/K"),
        "payload.board_conductance": from_si(share * payload.board_conductance_W_K, "W/K"),
        "payload.idle_floor": from_si(share * payload.idle_floor_W, "W"),
    }


def _at_least(count: Any, least: int, name: str) -> None:
    if isinstance(count, bool) or not isinstance(count, int) or count < least:
        raise InputError(f"`{name}` must be a whole number, {least} or more, got {count!r}")
