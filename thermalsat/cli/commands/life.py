"""``thermalsat life``: the battery through the nights of some years, and the power then."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from thermalsat.cli import blocks, tables
from thermalsat.cli.answer import ANSWERED, UNTRUSTED, Answer
from thermalsat.cli.design import header, of_args, sizes_record
from thermalsat.cli.figures import certificate_record, limit_record, untrusted
from thermalsat.cli.loadtext import read_load
from thermalsat.cli.progress import Progress
from thermalsat.errors import InputError

if TYPE_CHECKING:
    from thermalsat.mission.life import BatteryLife

__all__ = ["run"]


def run(args: argparse.Namespace) -> Answer:
    """Follow the battery, and show its cycles, its fade and what is left."""
    years = _years(args.years)
    sat = of_args(args)
    load = None if args.load is None else read_load(args.load, sat)
    from thermalsat.mission.life import battery_life

    with Progress(f"battery of {sat.name} over {years:g} years", args.quiet):
        found = battery_life(sat, years=years, load=load, cell=args.cell)
    certificate = found.sustained.certificate
    problems = untrusted(certificate)
    asked = sat.requirement.sustained_W
    share = 100.0 * (found.sustained.power_W / asked - 1.0)
    then = f"  sustained power then {blocks.power(found.sustained.power_W)}, "
    then += f"{abs(share):.1f} % {'above' if share >= 0.0 else 'below'} the requirement"
    text = "\n\n".join(
        [
            blocks.heading(sat, args.changes, args.case),
            tables.grid(_rows(found), "lrl"),
            tables.section("Capacity at the end of each year", tables.grid(_years_table(found), "r")),
            tables.section("Depth of the cycles, of the capacity of their day", _depths(found)),
            then + f"\n  stopped by {blocks.binding(found.sustained.binding_limit)}",
            tables.section("Certificate of that power", blocks.certificate(certificate, problems)),
        ]
    )
    record = {**header(args, sat), **sizes_record(sat), **found.to_dict(), **certificate_record(certificate)}
    limit = found.sustained.binding_limit
    record["binding_limit"] = None if limit is None else str(limit)
    record["binding"] = limit_record(limit)
    return Answer(text=text, record=record, exit=UNTRUSTED if problems else ANSWERED)


def _years(text: str) -> float:
    try:
        return float(text.split()[0])
    except (ValueError, IndexError):
        raise InputError(f"`--years` must be a number of years, such as 5, got {text!r}") from None


def _rows(found: BatteryLife) -> list[list[str]]:
    battery, show = found.satellite.battery, tables.number
    return [
        ["load", blocks.power(found.load_W), f"fade of the {found.cell} cell"],
        [
            "longest night",
            blocks.duration(found.longest_night_s),
            f"on {found.longest_night_epoch[:10]}, twilight in proportion",
        ],
        ["it takes", f"{show(found.night_energy_J / 3.6e6)} kWh", "from the store"],
        ["cycles", f"{found.cycles:.0f}", f"nights in {found.years:g} years"],
        [
            "deepest at the end",
            f"{100.0 * found.deepest:.1f} %",
            f"{100.0 * battery.depth_of_discharge:.0f} % allowed",
        ],
        [
            "capacity then",
            f"{show(found.capacity_at_end.magnitude)} kWh",
            f"{found.end_of_life:.3f} of the new one; the design counts on {battery.end_of_life:g}",
        ],
    ]


def _years_table(found: BatteryLife) -> list[list[str]]:
    rows = [["year", "nights", "fade", "capacity"]]
    capacity = found.capacity.magnitude
    for k, (nights, fade) in enumerate(zip(found.cycles_per_year, found.fade_per_year, strict=True)):
        at = f"{found.time_years[k + 1]:g}"
        rows.append([at, f"{nights:.0f}", f"{100.0 * fade:.2f} %", f"{capacity[k + 1]:.1f} kWh"])
    return rows


def _depths(found: BatteryLife) -> str:
    edges, cycles = found.depth_edges, found.depth_cycles
    if not cycles.any():
        return "  no nights"
    most = cycles.max()
    rows = [
        [
            f"{100 * edges[k]:.1f} to {100 * edges[k + 1]:.1f} %",
            f"{cycles[k]:.0f}",
            "█" * round(24 * cycles[k] / most),
        ]
        for k in range(len(cycles))
        if cycles[k] > 0.0
    ]
    return tables.grid(rows, "rrl")
