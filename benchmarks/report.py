"""The benchmark's table and work-precision plot."""

from __future__ import annotations

import datetime
import os
import platform
import sys
from pathlib import Path


def machine() -> dict[str, str]:
    """Return the date and what the figures were measured on."""
    model = platform.processor() or platform.machine()
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        names = [
            line.split(":", 1)[1].strip() for line in cpu.read_text().splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    return {
        "date": datetime.date.today().isoformat(),
        "processor": model,
        "cores": str(os.cpu_count()),
        "load_average": f"{os.getloadavg()[0]:.2f}",
        "python": platform.python_version(),
    }


def print_table(rows: list[dict]) -> None:
    """Print one Markdown table for each task and payload, with the ratio to CVODE sparse beside each time."""
    facts = machine()
    print(", ".join(f"{key} {value}" for key, value in facts.items()))
    for task, payload_J_K in dict.fromkeys((row["task"], row["payload_J_K"]) for row in rows):
        chosen = [row for row in rows if (row["task"], row["payload_J_K"]) == (task, payload_J_K)]
        print(f"\n{task}, payload {payload_J_K:.0e} J/K, error at most {1e3 * chosen[0]['goal_K']:g} mK\n")
        print("| grid | method | setting | time | against CVODE | error | sweeps | peak memory |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        for row in chosen:
            print(_line(row, _baseline(chosen, row["grid"])))


def _baseline(rows: list[dict], grid: str) -> float | None:
    """Return the time of the quickest accepted CVODE sparse row on ``grid`` (s)."""
    times = [
        row["seconds"]
        for row in rows
        if row["grid"] == grid and row["method"].startswith("cvode-sparse") and row["accepted"]
    ]
    return min(times, default=None)


def _line(row: dict, baseline_s: float | None) -> str:
    head = f"| {row['grid']} | {row['method']} | {row['setting']:g} |"
    if "failed" in row:
        return f"{head} {row['failed']} | | | | |"
    seconds = row["seconds"]
    time = f"{seconds:.2f} s" if seconds >= 1.0 else f"{1e3 * seconds:.3g} ms"
    ratio = f"{baseline_s / seconds:.3g}x" if baseline_s else "-"
    error = f"{1e3 * row['error_K']:.2g} mK" + ("" if row["accepted"] else " (missed)")
    return f"{head} {time} | {ratio} | {error} | {row['sweeps']} | {row['peak_MB']:.1f} MB |"


def save_plot(rows: list[dict], path: Path) -> None:
    """Write time against error for every setting measured, one panel for each grid."""
    try:
        import matplotlib
    except ModuleNotFoundError:
        print("no plot: matplotlib is not installed", file=sys.stderr)
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    rows = [row for row in rows if "failed" not in row and row["task"] == "orbit"]
    grids = list(dict.fromkeys(row["grid"] for row in rows))
    if not grids:
        return
    methods = list(dict.fromkeys(row["method"] for row in rows))
    figure, panels = plt.subplots(
        1, len(grids), figsize=(4.5 * len(grids), 4.5), sharey=True, squeeze=False, layout="constrained"
    )
    for panel, grid in zip(panels[0], grids, strict=True):
        for index, method in enumerate(methods):
            points = [
                (row["error_K"], row["seconds"])
                for row in rows
                if (row["grid"], row["method"]) == (grid, method)
            ]
            if points:
                style = {"linewidth": 2.2} if method.startswith("thermalsat") else {"linewidth": 1.0}
                panel.loglog(*zip(*points, strict=True), marker="o", color=f"C{index}", label=method, **style)
        panel.axvline(0.01, color="0.7", linewidth=0.8)
        panel.set(title=grid, xlabel="largest error (K)")
        panel.grid(True, which="both", alpha=0.2)
    panels[0][0].set_ylabel("time for one orbit (s)")
    panels[0][0].legend(fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=140)
    print(f"work-precision plot: {path}", file=sys.stderr)
