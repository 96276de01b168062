"""``thermalsat size``: the radiator, array and battery that meet the requirement."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING, Any

from thermalsat.cli import blocks, tables
from thermalsat.cli.answer import ANSWERED, UNTRUSTED, Answer
from thermalsat.cli.daynight import Spans, day_night, day_night_record, day_night_table
from thermalsat.cli.design import header, of_args
from thermalsat.cli.figures import certificate_record, limit_record, margin_records, untrusted
from thermalsat.cli.histories import check_output, writing
from thermalsat.cli.loadtext import case_load
from thermalsat.cli.progress import Progress
from thermalsat.massbudget import mass_budget

if TYPE_CHECKING:
    from thermalsat.satellite import Satellite
    from thermalsat.sizing import Sizing

__all__ = ["run"]


def run(args: argparse.Namespace) -> Answer:
    """Search the sizes, and show what the sized design holds, where it is hot, and why it is that large."""
    output = check_output(args.output, (".toml",))
    sat = of_args(args)
    from thermalsat import capability, sizing

    need = {"sustained": args.sustained, "peak": args.peak, "burst": args.burst}
    with Progress(f"sizing {sat.name}", args.quiet) as progress:
        found = sizing.size(sat, **{name: value for name, value in need.items() if value is not None})
        spans: dict[str, Spans] = {}
        for name in sat.cases:
            progress.note(f"{name} case")
            spans[name] = day_night(capability.periodic(found.satellite, case=name))
    files = []
    if output is not None:
        with writing(output):
            found.satellite.save(output)
        files.append(str(output))
    made = [one for one in (found.sustained, found.peak, found.peak_duration) if one is not None]
    problems = list(dict.fromkeys(problem for one in made for problem in untrusted(one.certificate)))
    powers = ", ".join(
        f"{name} {blocks.power(case_load(found.satellite, name).base_W)}" for name in sat.cases
    )
    text = "\n\n".join(
        [
            _title(found.satellite, args),
            tables.section("Sized", _sizes(found)),
            tables.section("Holds, computed again", _powers(found)),
            tables.section(f"Temperatures through an orbit at {powers}", day_night_table(spans)),
            tables.section("Radiator, planform", _ledger(found)),
            tables.section("Certificate", blocks.certificate(found.certificate, problems)),
            *(f"wrote {file}" for file in files),
        ]
    )
    record = {**header(args, sat), **found.to_dict(), "files": files}
    record |= {
        key: value for key, value in certificate_record(found.certificate).items() if key not in record
    }
    record["certificate"]["problems"] = problems
    record["sustainable"] = record["peak_duration_min"] is None
    record["binding"] = limit_record(found.binding_limit)
    record["margins"] = margin_records(found.sustained.margins)
    for name, by_part in spans.items():
        record["cases"][name] = record["cases"].get(name, {}) | day_night_record(by_part)
    return Answer(text=text, record=record, exit=UNTRUSTED if problems else ANSWERED)


def _title(sat: Satellite, args: argparse.Namespace) -> str:
    lines = [blocks.asked(sat)]
    if args.changes:
        lines.append(blocks.changed(args.changes))
    if args.case is not None:
        lines.append(blocks.alone(args.case))
    return "\n".join(lines)


def _sizes(found: Sizing) -> str:
    sat, show = found.satellite, tables.number
    reasons: dict[str, Any] = dict(found.reasons)
    margin = found.margin_ledger.sums[-1].area_m2
    percent = tables.number(100.0 * sat.requirement.margin)
    rows = [
        ["radiator, planform", f"{show(sat.radiator.area_m2)} m²", _reason(reasons.get("radiator"))],
        ["  emitting", f"{show(sat.radiator.emitting_area_m2)} m²", f"{sat.radiator.tubes_built} tubes"],
        [f"  with {percent} % load margin", "-" if margin is None else f"{show(margin)} m²", ""],
        ["array, gross", f"{show(sat.array.area_m2)} m²", _reason(reasons.get("array"))],
        ["battery, when new", f"{show(sat.battery.capacity_J / 3.6e6)} kWh", _reason(reasons.get("battery"))],
        ["  its own radiator", f"{show(found.battery_radiator_m2)} m²", ""],
        *mass_budget(sat).rows(),
    ]
    return tables.grid(rows, "lrl")


def _reason(reason: Any) -> str:
    return "" if reason is None else f"by {reason}"


def _powers(found: Sizing) -> str:
    held, need = found.sustained, found.satellite.requirement
    rows = [["sustained power", blocks.power(held.power_W), blocks.binding(held.binding_limit)]]
    if found.peak is not None:
        title, state = f"peak for {blocks.duration(found.peak.duration_s)}", found.peak.binding_limit
        rows.append([title, blocks.power(found.peak.power_W), blocks.binding(state)])
    lasts = found.peak_duration
    held_s = math.inf if lasts is None else lasts.duration_s
    stop = blocks.binding(None if lasts is None else lasts.binding_limit)
    rows.append([f"{blocks.power(need.peak_W)} lasts", blocks.duration(held_s, 4), stop])
    least = "below it something freezes, or the idle floor"
    rows.append(["minimum power", blocks.power(held.minimum_power_W), least])
    return tables.grid(rows, "lrl")


def _ledger(found: Sizing) -> str:
    ledger = found.margin_ledger
    rows = []
    for row in (*ledger.sums, *ledger.beside):
        area = "-" if row.area_m2 is None else f"{row.area_m2:.1f} m²"
        added = "" if row.added_m2 is None else f"{row.added_m2:+.1f} m²"
        rows.append([row.name, area, added, row.note])
    share = "-" if ledger.loop_out_fraction is None else f"{100.0 * ledger.loop_out_fraction:.0f} %"
    lost = f"one loop out: {share} of the sustained power ({ledger.loop_out_note})"
    return tables.grid(rows, "lrrl") + "\n" + tables.wrapped(lost)
