"""``thermalsat sustained``: the largest power for ever."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from thermalsat.cli import blocks, tables
from thermalsat.cli.answer import ANSWERED, UNTRUSTED, Answer
from thermalsat.cli.daynight import day_night, day_night_record, day_night_table
from thermalsat.cli.design import header, of_args, sizes_record
from thermalsat.cli.figures import capability_record, untrusted
from thermalsat.cli.progress import Progress

if TYPE_CHECKING:
    from thermalsat.capability import Capability

__all__ = ["run"]


def run(args: argparse.Namespace) -> Answer:
    """Search the power, and show what stops it."""
    sat = of_args(args)
    from thermalsat.capability import sustained_power

    with Progress(f"sustained power of {sat.name}", args.quiet):
        answer = sustained_power(sat)
    problems = untrusted(answer.certificate)
    asked = sat.requirement.sustained_W
    rows = [
        ["sustained power", blocks.power(answer.power_W), _against(answer.power_W, asked)],
        [
            "minimum power",
            blocks.power(answer.minimum_power_W),
            "below it something freezes, or the idle floor",
        ],
    ]
    text = "\n\n".join(
        [
            blocks.heading(sat, args.changes, args.case),
            tables.grid(rows, "lrl") + f"\n  stopped by {blocks.binding(answer.binding_limit)}",
            tables.section("Temperatures at this power", _temperatures(answer)),
            tables.section("Limits at this power, where they are nearest", blocks.margins(answer.margins)),
            tables.section("Certificate", blocks.certificate(answer.certificate, problems)),
        ]
    )
    record = {**header(args, sat), **sizes_record(sat), **capability_record(answer)}
    record |= day_night_record(day_night(answer.result))
    record = {"sustained_power_kW": answer.power_W / 1e3, "sustained_power_required_kW": asked / 1e3} | record
    return Answer(text=text, record=record, exit=UNTRUSTED if problems else ANSWERED)


def _temperatures(answer: Capability) -> str:
    return day_night_table({answer.case: day_night(answer.result)})


def _against(power_W: float, asked_W: float) -> str:
    share = 100.0 * (power_W / asked_W - 1.0)
    return f"{abs(share):.1f} % {'above' if share >= 0.0 else 'below'} the requirement"
