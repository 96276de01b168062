"""``thermalsat envelope``: peak power against its duration."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

from thermalsat.cli import blocks, tables
from thermalsat.cli.answer import ANSWERED, UNTRUSTED, Answer
from thermalsat.cli.design import header, of_args, sizes_record
from thermalsat.cli.figures import certificate_record, limit_record, untrusted
from thermalsat.cli.histories import check_output, write_csv, writing
from thermalsat.cli.parser import whole
from thermalsat.cli.progress import Progress

__all__ = ["run"]

_PLOTS = (".png", ".svg", ".pdf")
_BAR = 20


def run(args: argparse.Namespace) -> Answer:
    """Search the curve, print it, and draw or write it where that was asked for."""
    points = whole(args.points, "--points", least=3)
    table = check_output(args.output, (".csv",))
    picture = check_output(args.plot, _PLOTS, "--plot")
    if picture is not None:
        from thermalsat._optional import require

        require("matplotlib", "plot")
    sat = of_args(args)
    from thermalsat.capability import power_envelope

    with Progress(f"power envelope of {sat.name}", args.quiet):
        curve = power_envelope(sat, points=points)
    problems = untrusted(curve.certificate)
    rows = [
        {
            "duration_min": None if math.isinf(time_s) else float(time_s) / 60.0,
            "sustainable": math.isinf(time_s),
            "power_kW": float(power_W) / 1e3,
            "binding_limit": None if state is None else str(state),
            "binding": limit_record(state),
        }
        for time_s, power_W, state in zip(curve.duration_s, curve.power_W, curve.binding_limit, strict=True)
    ]
    record = {**header(args, sat), **sizes_record(sat), "base_power_kW": curve.base_W / 1e3, "points": rows}
    record |= certificate_record(curve.certificate)
    written = []
    if table is not None:
        _write(table, rows)
        written.append(str(table))
    if picture is not None:
        _draw(picture, curve, sat.name)
        written.append(str(picture))
    record["files"] = written
    text = "\n\n".join(
        [
            blocks.heading(sat, args.changes, args.case),
            tables.section(f"Peak power on top of {blocks.power(curve.base_W)}", _table(curve)),
            tables.section("Certificate", blocks.certificate(curve.certificate, problems)),
            *(f"wrote {name}" for name in written),
        ]
    )
    return Answer(text=text, record=record, exit=UNTRUSTED if problems else ANSWERED)


def _table(curve: Any) -> str:
    top = max(float(max(curve.power_W)), curve.base_W)
    rows = [["for", "power", "", "stopped by", "case"]]
    for time_s, power_W, state in zip(curve.duration_s, curve.power_W, curve.binding_limit, strict=True):
        bar = "█" * max(round(_BAR * power_W / top), 0)
        held = "ever" if math.isinf(time_s) else blocks.duration(float(time_s))
        rows.append(
            [
                held,
                blocks.power(power_W),
                bar,
                state.name if state else "nothing",
                state.case if state else "",
            ]
        )
    return tables.grid(rows, "rrl")


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    columns: dict[str, Any] = {
        "duration_min": [math.inf if row["sustainable"] else row["duration_min"] for row in rows],
        "power_kW": [row["power_kW"] for row in rows],
        "binding_limit": [(row["binding"] or {}).get("limit", "") for row in rows],
        "case": [(row["binding"] or {}).get("case", "") for row in rows],
    }
    write_csv(path, columns)


def _draw(path: Path, curve: Any, title: str) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.0, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    curve.plot(ax=axes)
    axes.set_title(title)
    with writing(path):
        figure.savefig(path)
