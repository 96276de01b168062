"""``thermalsat degraded``: what is still held with something lost."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from thermalsat.cli import blocks, tables
from thermalsat.cli.answer import ANSWERED, UNTRUSTED, Answer
from thermalsat.cli.design import header, of_args, sizes_record
from thermalsat.cli.figures import certificate_record, untrusted
from thermalsat.cli.progress import Progress

if TYPE_CHECKING:
    from thermalsat.degraded import Degraded, ModeAnswer, PointingSweep, WingStudy

__all__ = ["run"]


def run(args: argparse.Namespace) -> Answer:
    """Ask every mode for its powers, and show them beside those of the intact satellite."""
    sat = of_args(args)
    from thermalsat import degraded

    errors = degraded.ERRORS if args.pointing is None else args.pointing
    with Progress(f"degraded modes of {sat.name}", args.quiet) as progress:
        found = degraded.degraded_modes(
            sat, args.mode, base=args.base, peak=not args.no_peak, pointing=errors, note=progress.note
        )
        wings = None
        if args.wings:
            progress.note("wings")
            wings = degraded.wing_study(sat)
    held = [one.sustained for one in (found.intact, *found.modes) if one.sustained is not None]
    problems = list(dict.fromkeys(problem for one in held for problem in untrusted(one.certificate)))
    parts = [
        blocks.heading(sat, args.changes, args.case),
        tables.section(_title(found), tables.grid(found.rows(), "lr")),
        tables.section("Stopped by", tables.grid(found.limit_rows(), "l")),
        tables.section("Lost", _notes(found)),
    ]
    if found.pointing is not None:
        parts.append(tables.section("Pointing error of the panels", _sweep(found.pointing)))
    if wings is not None:
        parts.append(tables.section("What the wings cost (+) or bring (-) the radiator", _wings(wings)))
    certificate = held[0].certificate
    parts.append(tables.section("Certificate", blocks.certificate(certificate, problems)))
    record: dict[str, Any] = {**header(args, sat), **sizes_record(sat), **found.to_dict()}
    record |= certificate_record(certificate)
    record["certificate"]["problems"] = problems
    if wings is not None:
        record["wings"] = wings.to_dict()
    return Answer(text="\n\n".join(parts), record=record, exit=UNTRUSTED if problems else ANSWERED)


def _title(found: Degraded) -> str:
    return f"Power for ever, power that the radiator carries, peak for {blocks.duration(found.burst_s)}"


def _notes(found: Degraded) -> str:
    return "\n".join(_note(one) for one in found.modes)


def _note(one: ModeAnswer) -> str:
    return tables.wrapped(
        "; ".join(part for part in (one.mode.assumption, one.reason) if part), first=f"{one.name}: "
    )


def _sweep(sweep: PointingSweep) -> str:
    return "\n".join(f"  {line}" for line in sweep.lines())


def _wings(study: WingStudy) -> str:
    note = f"in the {study.case} case; a square metre carries {study.power_per_area_W_m2:.0f} W"
    return tables.grid(study.rows(), "r") + "\n" + tables.wrapped(note)
