"""``thermalsat report``: a page that stands on its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from thermalsat._optional import require
from thermalsat.cli import blocks, drawings, runs, tables
from thermalsat.cli.answer import ANSWERED, UNTRUSTED, Answer
from thermalsat.cli.daynight import day_night, day_night_rows
from thermalsat.cli.design import header, of_args, sizes_record
from thermalsat.cli.figures import capability_record, untrusted
from thermalsat.cli.histories import check_output, writing
from thermalsat.cli.page import Page
from thermalsat.cli.progress import Progress
from thermalsat.errors import InfeasibleError
from thermalsat.massbudget import mass_budget
from thermalsat.satellite import Satellite

if TYPE_CHECKING:
    from thermalsat.capability import Capability
    from thermalsat.results import Result

__all__ = ["run"]


def run(args: argparse.Namespace) -> Answer:
    """Ask the design everything that has an answer, and write it down."""
    require("matplotlib", "plot")
    given = args.output
    output = check_output(given, (".html", ".htm"))
    sat = of_args(args)
    if output is None:
        output = check_output(f"{sat.name}.html", (".html",))
    assert output is not None
    results, answers, refused = _ask(sat, args.quiet)
    page = Page(f"{sat.name}: heat and power")
    _head(page, sat, args)
    _answers(page, answers, refused)
    _runs(page, results)
    _margins(page, results, answers)
    _ledgers(page, results)
    _sources(page, sat)
    with writing(output):
        output.write_text(page.html(), encoding="utf-8")
    problems = [problem for found in results.values() for problem in untrusted(found.certificate)]
    problems += [problem for found in answers.values() for problem in untrusted(found.certificate)]
    record: dict[str, Any] = {
        **header(args, sat),
        **sizes_record(sat),
        "file": str(output),
        "problems": problems,
    }
    record |= {name: capability_record(answer) for name, answer in answers.items()}
    record |= {name: {"infeasible": why} for name, why in refused.items()}
    record["cases"] = {name: runs.result_record(result) for name, result in results.items()}
    return Answer(text=f"wrote {output}", record=record, exit=UNTRUSTED if problems else ANSWERED)


def _ask(sat: Satellite, quiet: bool) -> tuple[dict[str, Result], dict[str, Capability], dict[str, str]]:
    """Return the cycle of every case, the capabilities, and why some have no answer."""
    from thermalsat import capability

    results: dict[str, Result] = {}
    answers: dict[str, Capability] = {}
    refused: dict[str, str] = {}
    questions: dict[str, Callable[[Satellite], Capability]] = {
        "sustained_power": capability.sustained_power,
        "peak_power": capability.peak_power,
        "peak_duration": capability.peak_duration,
    }
    with Progress(f"report on {sat.name}", quiet) as progress:
        for name in sat.cases:
            progress.note(f"{name} case")
            results[name] = capability.periodic(sat, case=name)
        for name, ask in questions.items():
            progress.note(name.replace("_", " "))
            try:
                answers[name] = ask(sat)
            except InfeasibleError as error:
                refused[name] = str(error)
    return results, answers, refused


def _head(page: Page, sat: Satellite, args: argparse.Namespace) -> None:
    from thermalsat import __version__

    asked = sat.requirement
    page.text(sat.description)
    page.text(
        f"Required: {blocks.power(asked.sustained_W)} sustained, {blocks.power(asked.peak_W)} for"
        f" {blocks.duration(asked.burst_s)}, recovered within {asked.recovery} orbits."
    )
    if args.changes:
        page.text("Changed: " + ", ".join(f"{name} = {value}" for name, value in args.changes.items()))
    page.table(
        [
            ["part", "size"],
            ["radiator, planform", f"{tables.number(sat.radiator.area_m2)} m²"],
            ["radiator, emitting", f"{tables.number(sat.radiator.emitting_area_m2)} m²"],
            ["array, gross", f"{tables.number(sat.array.area_m2)} m²"],
            ["battery, when new", f"{tables.number(sat.battery.capacity_J / 3.6e6)} kWh"],
            *([name, f"{value}, {note}"] for name, value, note in mass_budget(sat).rows()),
        ],
        "lr",
    )
    page.text(f"thermalsat {__version__}", "note")


def _answers(page: Page, answers: dict[str, Capability], refused: dict[str, str]) -> None:
    page.section("What it holds")
    rows = [["question", "power", "for", "stopped by"]]
    for name, answer in answers.items():
        rows.append(
            [
                name.replace("_", " "),
                blocks.power(answer.power_W),
                blocks.duration(answer.duration_s).removeprefix("for "),
                blocks.binding(answer.binding_limit),
            ]
        )
    if len(rows) > 1:
        page.table(rows, "lrrl")
    for name, why in refused.items():
        page.text(f"{name.replace('_', ' ')}: {why}", "bad")


def _runs(page: Page, results: dict[str, Result]) -> None:
    page.section("Temperatures by day and by night [°C]")
    for rows in day_night_rows({name: day_night(result) for name, result in results.items()}):
        page.table(rows, "lr")
    for name, result in results.items():
        page.section(f"An orbit in the {name} case")
        page.drawing(
            drawings.orbit(result, f"orbit-{name}"),
            "Temperatures (bands: coldest to hottest place), powers, charge; the night is shaded.",
        )
        if "radiator" in result.parts:
            page.drawing(
                drawings.field(result, f"field-{name}"),
                "Temperature of the panel; of a wing of equal tubes, one pitch.",
            )


def _margins(page: Page, results: dict[str, Result], answers: dict[str, Capability]) -> None:
    page.section("Margins at the power of each case")
    page.table(runs.limit_rows(results), "lr")
    for name, answer in answers.items():
        page.section(f"Margins at the {name.replace('_', ' ')}")
        page.table(blocks.margin_rows(answer.margins), blocks.MARGIN_ALIGN)
        for line in answer.certificate.lines():
            page.text(line, "note")
        page.text(f"Searched: {answer.certificate.searched}", "note")


def _ledgers(page: Page, results: dict[str, Result]) -> None:
    page.section("Energy through an orbit [kWh]")
    names = list(dict.fromkeys(flow for result in results.values() for flow in result.ledger))
    rows = [["flow", *results]]
    for flow in names:
        rows.append([flow, *(_energy(result, flow) for result in results.values())])
    rows.append(
        ["residual over throughput", *(f"{r.ledger.residual_relative:.1e}" for r in results.values())]
    )
    page.table(rows, "lr")


def _energy(result: Result, flow: str) -> str:
    return f"{result.ledger[flow].m_as('kWh'):.3f}" if flow in result.ledger.names else "-"


def _sources(page: Page, sat: Satellite) -> None:
    page.section("Where the numbers come from")
    rows = [["name", "value", "kind", "date", "source"]]
    rows += [[name, s.value, s.kind, s.date, s.citation] for name, s in sat.provenance.items()]
    page.table(rows)
