"""``thermalsat run``: temperatures through a stated load."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from thermalsat.cli import blocks, runs, tables
from thermalsat.cli.answer import ANSWERED, UNTRUSTED, Answer
from thermalsat.cli.daynight import PARTS, kelvins
from thermalsat.cli.design import header, of_args, sizes_record
from thermalsat.cli.figures import untrusted
from thermalsat.cli.histories import check_output, write_histories
from thermalsat.cli.loadtext import default_load, read_load
from thermalsat.cli.parser import whole
from thermalsat.cli.progress import Progress
from thermalsat.constants import ZERO_CELSIUS_K

if TYPE_CHECKING:
    from thermalsat.load import Load
    from thermalsat.results import Result

__all__ = ["run"]


def run(args: argparse.Namespace) -> Answer:
    """Simulate, and show the extremes and when they come."""
    orbits = whole(args.orbits, "--orbits")
    output = check_output(args.output)
    sat = of_args(args)
    load = default_load(sat) if args.load is None else read_load(args.load, sat)
    case = "hot" if "hot" in sat.cases else next(iter(sat.cases))
    from thermalsat import capability

    with Progress(f"{orbits} orbits of {sat.name}, {case} case", args.quiet):
        result = capability.simulate(sat, load=load, orbits=orbits, case=case)
    files = []
    if output is not None:
        write_histories(output, result)
        files.append(str(output))
    problems = untrusted(result.certificate)
    text = "\n\n".join(
        [
            blocks.heading(sat, args.changes) + f"\n  {_said(load)}, over {orbits} orbits of the {case} case",
            tables.section("Extremes", _extremes(result)),
            tables.section("Margins", runs.limit_table({case: result})),
            *([tables.section("Events", _events(result))] if result.events else []),
            tables.section("Certificate", blocks.certificate(result.certificate, problems)),
            *(f"wrote {file}" for file in files),
        ]
    )
    record = {
        **header(args, sat),
        **sizes_record(sat),
        "case": case,
        "load": load.text,
        "orbits": orbits,
        "files": files,
    }
    record |= runs.result_record(result)
    return Answer(text=text, record=record, exit=UNTRUSTED if problems else ANSWERED)


def _said(load: Load) -> str:
    base = blocks.power(load.base_W)
    if load.kind == "burst":
        length, start = blocks.duration(load.duration_s), blocks.duration(load.start_s)
        return f"{blocks.power(load.peak_W)} for {length} after {start}, on top of {base}"
    if load.kind == "day_night":
        return f"{base} by day and {blocks.power(load.night_W)} by night"
    return base


def _extremes(result: Result) -> str:
    rows = [["", "lowest", "at", "highest", "at", "at the end"]]
    minutes = result.times_s / 60.0
    for row in PARTS:
        values = kelvins(result, row)
        if values is None:
            continue
        low, high = values.min(axis=1), values.max(axis=1)
        first, last = int(low.argmin()), int(high.argmax())
        rows.append(
            [
                row,
                f"{low[first] - ZERO_CELSIUS_K:.1f} °C",
                f"{minutes[first]:.1f} min",
                f"{high[last] - ZERO_CELSIUS_K:.1f} °C",
                f"{minutes[last]:.1f} min",
                f"{high[-1] - ZERO_CELSIUS_K:.1f} °C",
            ]
        )
    charge = result.state_of_energy
    if charge is not None and hasattr(charge, "m_as"):
        share = 100.0 * charge.m_as("")
        first, last = int(share.argmin()), int(share.argmax())
        rows.append(
            [
                "charge",
                f"{share[first]:.1f} %",
                f"{minutes[first]:.1f} min",
                f"{share[last]:.1f} %",
                f"{minutes[last]:.1f} min",
                f"{share[-1]:.1f} %",
            ]
        )
    return tables.grid(rows, "lr")


def _events(result: Result) -> str:
    return "\n".join(tables.wrapped(str(event)) for event in result.events)
