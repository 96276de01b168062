"""``thermalsat daynight``: the largest average of a power that follows the Sun."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from thermalsat.cli import blocks, tables
from thermalsat.cli.answer import ANSWERED, UNTRUSTED, Answer
from thermalsat.cli.design import header, of_args, sizes_record
from thermalsat.cli.figures import certificate_record, limit_record, margin_records, untrusted
from thermalsat.cli.progress import Progress

if TYPE_CHECKING:
    from thermalsat.mission.day_night_answer import DayNight

__all__ = ["run"]


def run(args: argparse.Namespace) -> Answer:
    """Search both senses of the sustained power, and show what stops each."""
    sat = of_args(args)
    from thermalsat.mission.day_night import sustained_average_power

    with Progress(f"power of {sat.name} by day and night", args.quiet):
        found = sustained_average_power(sat)
    problems = untrusted(found.certificate)
    rows = [
        ["constant", blocks.power(found.constant_W), "the same by day and night"],
        ["average", blocks.power(found.average_W), "in the orbit with the longest night"],
        ["by day", blocks.power(found.day_W), ""],
        ["by night", blocks.power(found.night_W), f"{found.ratio:.2f} of that by day"],
        ["over the year", blocks.power(found.year_average_W), "average along the design's own orbit"],
        ["least", blocks.power(found.minimum_power_W), "below it something freezes, or the idle floor"],
    ]
    stops = (
        f"\n  constant stopped by {blocks.binding(found.constant_limit)}"
        f"\n  average stopped by {blocks.binding(found.binding_limit)}"
    )
    text = "\n\n".join(
        [
            blocks.heading(sat, args.changes, args.case),
            tables.grid(rows, "lrl") + stops,
            tables.section(
                f"Heaters below the least power, {found.heater_case} case, orbit means", _heater(found)
            ),
            tables.section("Limits, where they are nearest", blocks.margins(found.margins)),
            tables.section("Certificate", blocks.certificate(found.certificate, problems)),
        ]
    )
    record = {**header(args, sat), **sizes_record(sat), **found.to_dict()}
    record |= certificate_record(found.certificate)
    record["binding"] = limit_record(found.binding_limit)
    record["margins"] = margin_records(found.margins)
    return Answer(text=text, record=record, exit=UNTRUSTED if problems else ANSWERED)


def _heater(found: DayNight) -> str:
    rows = [["compute", "loop heater", "battery heater", "to freezing limit"]]
    for one in found.heater:
        margin = f"{one.margin_K:.1f} K"
        rows.append(
            [
                f"{one.power_W / 1e3:.1f} kW",
                f"{one.heater_W / 1e3:.2f} kW",
                f"{one.battery_heater_W / 1e3:.2f} kW",
                tables.BAD + margin if one.margin_K < 0.0 else margin,
            ]
        )
    return tables.grid(rows, "r")
