"""``thermalsat periodic``: the state that repeats with every orbit."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thermalsat.cli import blocks, runs, tables
from thermalsat.cli.answer import ANSWERED, UNTRUSTED, Answer
from thermalsat.cli.daynight import day_night, day_night_table
from thermalsat.cli.design import header, of_args, sizes_record
from thermalsat.cli.figures import untrusted
from thermalsat.cli.histories import check_output, write_histories
from thermalsat.cli.loadtext import case_load, read_load
from thermalsat.cli.progress import Progress

if TYPE_CHECKING:
    from thermalsat.results import Result

__all__ = ["run"]


def run(args: argparse.Namespace) -> Answer:
    """Solve the cycle of each case, and show its temperatures and margins."""
    output = check_output(args.output)
    sat = of_args(args)
    asked = None if args.load is None else read_load(args.load, sat)
    from thermalsat import capability

    loads = {name: asked or case_load(sat, name) for name in sat.cases}
    results: dict[str, Result] = {}
    with Progress(f"periodic state of {sat.name}", args.quiet) as progress:
        for name, load in loads.items():
            progress.note(f"{name} case")
            results[name] = capability.periodic(sat, load=load, case=name)
    files = _write(output, results)
    spans = {name: day_night(result) for name, result in results.items()}
    problems = [
        f"{name} case: {problem}"
        for name, result in results.items()
        for problem in untrusted(result.certificate)
    ]
    powers = ", ".join(f"{name} {blocks.power(load.base_W)}" for name, load in loads.items())
    text = "\n\n".join(
        [
            blocks.heading(sat, args.changes, args.case),
            tables.section("Temperatures through an orbit", day_night_table(spans)),
            tables.section(f"Margins at {powers}", runs.limit_table(results)),
            tables.section(
                "Certificate", blocks.certificate(runs.worst_residual(results).certificate, problems)
            ),
            *(f"wrote {file}" for file in files),
        ]
    )
    cases = {
        name: {"power_kW": loads[name].base_W / 1e3} | runs.result_record(result, spans[name])
        for name, result in results.items()
    }
    record = {**header(args, sat), **sizes_record(sat), **_together(cases), "cases": cases, "files": files}
    return Answer(text=text, record=record, exit=UNTRUSTED if problems else ANSWERED)


def _together(cases: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the extremes over all cases, and the largest residuals."""
    found: dict[str, Any] = {}
    for record in cases.values():
        for key, value in record.items():
            if not isinstance(value, float) or ("_day_" in key or "_night_" in key):
                continue
            if key.endswith("_max_degC") or key == "depth_of_discharge":
                found[key] = max(found.get(key, value), value)
            elif key.endswith("_min_degC") or key == "state_of_energy_min":
                found[key] = min(found.get(key, value), value)
            elif key.endswith("_relative"):
                found[key] = max(found.get(key, value), value, key=abs)
    return found


def _write(output: Path | None, results: dict[str, Result]) -> list[str]:
    if output is None:
        return []
    files = []
    for name, result in results.items():
        file = output if len(results) == 1 else output.with_stem(f"{output.stem}-{name}")
        write_histories(file, result)
        files.append(str(file))
    return files
