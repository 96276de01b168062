"""The reference problem, every method on one machine in one run, a fresh process for each measurement.

    python benchmarks/reference.py                 # table and work-precision plot
    python benchmarks/reference.py --json          # one JSON object on stdout
    python benchmarks/reference.py --quick         # 64x32, one orbit, the quick peers
    python benchmarks/reference.py --grids 64x32,128x64 --methods cvode-sparse,thermalsat

Each method runs at the loosest setting of its ladder whose measured error is at most the goal: 10 mK
over one orbit, 1 mK for a periodic state. Errors are the largest over 77 samples and all unknowns
against CVODE at rtol 1e-8 or tighter.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from references import PAYLOADS_J_K
from report import machine, print_table, save_plot

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent))  # the package beside this folder, where none is installed
RTOLS = (1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 3e-7, 1e-7)
TOLERANCES_K = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003)
GOAL_K = {"orbit": 0.010, "periodic": 0.001}
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, kw_only=True)
class Method:
    """How a method enters the table.

    Parameters
    ----------
    ladder : tuple of float
        Its settings, loose to tight.
    tasks : tuple of str
        What it is run on.
    largest : int
        Most unknowns it is run on by default, so that one run of the table stays within an hour.
    needs : str
        Package without which the method is left out.
    """

    ladder: tuple[float, ...]
    tasks: tuple[str, ...] = ("orbit",)
    largest: int = 1_000_000
    needs: str = "numpy"
    quick: bool = field(default=False)


METHODS = {
    "cvode-sparse": Method(ladder=RTOLS, largest=140_000, needs="sksundae", quick=True),
    "scipy-bdf": Method(ladder=RTOLS, largest=40_000, needs="scipy", quick=True),
    "scipy-radau": Method(ladder=RTOLS, largest=11_000, needs="scipy"),
    "scipy-rk45": Method(ladder=RTOLS, largest=0, needs="scipy"),  # only when asked for
    "cvode-gmres": Method(ladder=RTOLS, largest=11_000, needs="sksundae"),
    "cvode-gmres-thermalsat": Method(ladder=RTOLS, largest=140_000, needs="thermalsat._core"),
    "explicit-c": Method(ladder=(1.0, 0.5, 0.25, 0.125, 0.0625), quick=True),
    # First order in time: 10 mK would take steps of 0.25 s and several minutes.
    "fipy-plate": Method(ladder=(10.0,), largest=11_000, needs="fipy"),
    "cvode-sparse+march": Method(ladder=RTOLS[2:], tasks=("periodic",), largest=4_000, needs="sksundae"),
    "cvode-sparse+anderson": Method(ladder=RTOLS[2:], tasks=("periodic",), largest=11_000, needs="sksundae"),
    "thermalsat": Method(
        ladder=TOLERANCES_K, tasks=("orbit", "periodic"), needs="thermalsat._core", quick=True
    ),
    "thermalsat-core": Method(
        ladder=TOLERANCES_K, tasks=("orbit", "periodic"), needs="thermalsat._core", quick=True
    ),
}


def available(name: str) -> bool:
    """Tell whether the package a method needs is installed."""
    try:
        return importlib.util.find_spec(METHODS[name].needs) is not None
    except ModuleNotFoundError:
        return False


def process_environment(settings: dict[str, str]) -> dict[str, str]:
    """Return this environment with ``settings`` and with the package beside `benchmarks` importable."""
    path = os.pathsep.join(filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH", "")]))
    return os.environ | settings | {"PYTHONPATH": path}


def run_row(method: str, grid: str, payload_J_K: float, task: str, setting: float, limit_s: float) -> dict:
    """Measure one setting in a fresh process; a failure comes back as a row with ``failed``."""
    command = [sys.executable, str(HERE / "row.py"), "--method", method, "--grid", grid, "--task", task]
    command += ["--payload", repr(payload_J_K), "--setting", repr(setting), "--goal", repr(GOAL_K[task])]
    environment = process_environment(ONE_THREAD)
    row = {"grid": grid, "payload_J_K": payload_J_K, "task": task, "method": method, "setting": setting}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=limit_s, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        return row | {"failed": f"stopped after {limit_s:.0f} s"}
    if done.returncode:
        return row | {"failed": done.stderr.strip().splitlines()[-1]}
    return json.loads(done.stdout)


def climb(method: str, grid: str, payload_J_K: float, task: str, options: argparse.Namespace) -> list[dict]:
    """Measure a method up its ladder; the last row is marked ``accepted`` when its error meets the goal."""
    rows = []
    for setting in METHODS[method].ladder:
        row = run_row(method, grid, payload_J_K, task, setting, options.limit)
        rows.append(row | {"goal_K": GOAL_K[task], "accepted": row.get("error_K", 1e9) <= GOAL_K[task]})
        print(_progress(rows[-1]), file=sys.stderr, flush=True)
        if rows[-1]["accepted"] or "failed" in row:
            break
    return rows


def _progress(row: dict) -> str:
    head = f"{row['grid']} {row['task']} {row['payload_J_K']:.0e} {row['method']} at {row['setting']:g}: "
    if "failed" in row:
        return head + row["failed"]
    return head + f"{1e3 * row['seconds']:.1f} ms, {1e3 * row['error_K']:.2f} mK, {row['peak_MB']:.0f} MB"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--grids", default="64x32,128x64,256x128")
    parser.add_argument("--methods", default="", help=f"of {', '.join(METHODS)}")
    parser.add_argument("--tasks", default="orbit,periodic")
    parser.add_argument(
        "--payloads", default=",".join(f"{p:g}" for p in PAYLOADS_J_K), help="periodic task, J/K"
    )
    parser.add_argument("--quick", action="store_true", help="64x32, one orbit, the quick peers")
    parser.add_argument("--limit", type=float, default=900.0, help="seconds before a measurement is given up")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    parser.add_argument("--plot", type=Path, default=HERE / ".cache" / "work_precision.png")
    return parser.parse_args()


def main() -> None:
    """Run the benchmark the command line asks for."""
    options = _arguments()
    if options.quick:
        options.grids, options.tasks = "64x32", "orbit"
    chosen = [name for name in options.methods.split(",") if name]
    unknown = sorted(set(chosen) - METHODS.keys())
    if unknown:
        sys.exit(f"unknown methods {', '.join(unknown)}; choose from {', '.join(METHODS)}")
    chosen = chosen or [n for n in METHODS if available(n) and (METHODS[n].quick or not options.quick)]
    measured: list[dict] = []
    for task in options.tasks.split(","):
        payloads = PAYLOADS_J_K[:1] if task == "orbit" else tuple(map(float, options.payloads.split(",")))
        for grid in options.grids.split(","):
            nx, ny = map(int, grid.split("x"))
            for payload_J_K in payloads:
                for method in chosen:
                    known = METHODS[method]
                    wanted = bool(options.methods) or nx * (ny + 16) < known.largest
                    if task in known.tasks and wanted:
                        measured += climb(method, grid, payload_J_K, task, options)
    rows = [
        last for last, follow in zip(measured, [*measured[1:], None], strict=True) if _is_last(last, follow)
    ]
    if options.json:
        print(json.dumps({"machine": machine(), "rows": rows, "settings": measured}, indent=1))
    else:
        print_table(rows)
    save_plot(measured, options.plot)


def _is_last(row: dict, follow: dict | None) -> bool:
    """Tell whether ``row`` ends its method's climb."""
    keys = ("grid", "payload_J_K", "task", "method")
    return follow is None or any(row[key] != follow[key] for key in keys)


if __name__ == "__main__":
    main()
