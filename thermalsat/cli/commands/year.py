"""``thermalsat year``: power, nights and temperatures against the date."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from thermalsat.cli import blocks, tables
from thermalsat.cli.answer import Answer
from thermalsat.cli.design import header, of_args, sizes_record
from thermalsat.cli.histories import check_output, write_csv, writing
from thermalsat.cli.progress import Progress
from thermalsat.constants import ZERO_CELSIUS_K

if TYPE_CHECKING:
    from thermalsat.mission.year import YearView

__all__ = ["run"]

_PLOTS = (".png", ".svg", ".pdf")


def run(args: argparse.Namespace) -> Answer:
    """Fly the dates, print their table, and draw or write it where that was asked for."""
    output = check_output(args.output, (".csv",))
    picture = check_output(args.plot, _PLOTS, "--plot")
    if picture is not None:
        from thermalsat._optional import require

        require("matplotlib", "plot")
    sat = of_args(args)
    from thermalsat.mission.year import year_view

    with Progress(f"year of {sat.name}", args.quiet) as progress:
        found = year_view(sat, step=args.step, span=args.span, progress=progress.note)
    columns = found.to_dict()
    files = []
    if output is not None:
        write_csv(output, columns)
        files.append(str(output))
    if picture is not None:
        _draw(picture, found)
        files.append(str(picture))
    low, worst = float(found.sustained_W.min()), found.worst
    summary = (
        f"  sustained power {blocks.power(low)} to {blocks.power(float(found.sustained_W.max()))},"
        f" least on {found.epochs[worst]}, stopped by {found.binding[worst] or 'nothing'}\n"
        f"  {sat.requirement.sustained_W / 1e3:g} kW is held on"
        f" {np.count_nonzero(found.sustained_W >= sat.requirement.sustained_W)} of {len(found)} dates"
    )
    text = "\n\n".join(
        [
            blocks.heading(sat, args.changes, args.case),
            tables.grid(_rows(found), "lrrrlr"),
            summary,
            *(f"wrote {name}" for name in files),
        ]
    )
    record = {**header(args, sat), **sizes_record(sat), **columns, "files": files}
    record["sustained_power_min_kW"] = low / 1e3
    record["sustained_power_min_epoch"] = found.epochs[worst]
    return Answer(text=text, record=record)


def _rows(found: YearView) -> list[list[str]]:
    rows = [["date", "beta °", "night min", "power kW", "stopped by", "coolant °C", "array °C"]]
    required = found.satellite.requirement.sustained_W
    for k, epoch in enumerate(found.epochs):
        power = f"{found.sustained_W[k] / 1e3:.1f}"
        rows.append(
            [
                epoch,
                f"{np.degrees(found.beta_rad[k]):.1f}",
                f"{found.night_s[k] / 60.0:.1f}",
                tables.BAD + power if found.sustained_W[k] < required else power,
                found.binding[k],
                _span(found.coolant_min_K[k], found.coolant_max_K[k]),
                _span(found.array_min_K[k], found.array_max_K[k]),
            ]
        )
    return rows


def _span(low_K: float, high_K: float) -> str:
    return f"{low_K - ZERO_CELSIUS_K:.0f} to {high_K - ZERO_CELSIUS_K:.0f}"


def _draw(path: Path, found: YearView) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.0, 7.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(3, sharex=True)
    found.plot(axes=axes)
    axes[0].set_title(found.satellite.name)
    with writing(path):
        figure.savefig(path)
