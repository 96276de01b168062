"""``thermalsat peak``: the largest power for a duration, or the longest time at a power."""

from __future__ import annotations

import argparse
from typing import Any

from thermalsat.cli import blocks, tables
from thermalsat.cli.answer import ANSWERED, UNTRUSTED, Answer
from thermalsat.cli.design import header, of_args, sizes_record
from thermalsat.cli.figures import capability_record, untrusted
from thermalsat.cli.parser import whole
from thermalsat.cli.progress import Progress
from thermalsat.errors import InputError

__all__ = ["run"]


def run(args: argparse.Namespace) -> Answer:
    """Search the peak, and show what stops it."""
    if args.power is not None and args.duration is not None:
        raise InputError("`--power` asks for a duration and `--duration` for a power; give one of them")
    more: dict[str, Any] = {}
    if args.base is not None:
        more["base"] = args.base
    if args.recovery is not None:
        more["recovery"] = whole(args.recovery, "--recovery")
    sat = of_args(args)
    from thermalsat import capability

    if args.power is None:
        held = args.duration or sat.requirement.written()["burst"]
        with Progress(f"peak power of {sat.name} for {held}", args.quiet):
            answer = capability.peak_power(sat, duration=held, **more)
    else:
        with Progress(f"time at {args.power} of {sat.name}", args.quiet):
            answer = capability.peak_duration(sat, power=args.power, **more)
    problems = untrusted(answer.certificate)
    rows = [
        ["peak power", blocks.power(answer.power_W)],
        ["held", blocks.duration(answer.duration_s)],
        ["on top of", blocks.power(answer.base_W)],
        ["recovered after", blocks.duration(answer.recovery_s)],
    ]
    if answer.start_phase is not None:
        rows.insert(3, ["worst start", f"orbit phase {answer.start_phase:.2f}"])
    text = "\n\n".join(
        [
            blocks.heading(sat, args.changes, args.case),
            tables.grid(rows) + f"\n  stopped by {blocks.binding(answer.binding_limit)}",
            tables.section("Limits over the burst, where they are nearest", blocks.margins(answer.margins)),
            tables.section("Certificate", blocks.certificate(answer.certificate, problems)),
        ]
    )
    found = capability_record(answer)
    record = {
        **header(args, sat),
        **sizes_record(sat),
        "peak_power_kW": found["power_kW"],
        "peak_duration_min": found["duration_min"],
        **found,
    }
    return Answer(text=text, record=record, exit=UNTRUSTED if problems else ANSWERED)
