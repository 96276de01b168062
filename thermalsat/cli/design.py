"""The design that a command is about: a file or a shipped design, with the changes that were typed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thermalsat import designs
from thermalsat.satellite import Satellite

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["header", "load", "of_args", "sizes_record"]


def load(design: str, changes: Mapping[str, str] | None = None) -> Satellite:
    """Return the design of a file, or else the shipped design of that name, with changes.

    Raises
    ------
    DesignError
        With every fault of the file.
    InputError
        For a name or value in `changes` that is refused.

    Examples
    --------
    >>> load("leo-53", {"radiator.area": "130 m^2"}).radiator.area_m2
    130.0
    """
    shipped = design in designs.names() and not Path(design).is_file()
    sat = designs.load(design) if shipped else Satellite.from_file(design)
    return sat.replace(dict(changes)) if changes else sat


def of_args(args: argparse.Namespace) -> Satellite:
    """Return the design that a command line asks about, with one case alone where that was asked for."""
    sat = load(args.design, args.changes)
    return sat if args.case is None else sat.replace("cases", [sat.case(args.case)])


def header(args: argparse.Namespace, sat: Satellite) -> dict[str, Any]:
    """Return what every JSON object begins with."""
    from thermalsat import __version__

    return {
        "thermalsat": __version__,
        "command": args.command,
        "design": sat.name,
        "case": args.case,
        "changes": dict(args.changes),
    }


def sizes_record(sat: Satellite) -> dict[str, float]:
    """Return the areas, the battery and the mass of a design."""
    return {
        "radiator_area_m2": sat.radiator.area_m2,
        "emitting_area_m2": sat.radiator.emitting_area_m2,
        "array_area_m2": sat.array.area_m2,
        "battery_capacity_kWh": sat.battery.capacity_J / 3.6e6,
        "mass_kg": sat.mass_kg,
    }
