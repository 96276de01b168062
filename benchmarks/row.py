"""Solve one instance with one method at one setting, in this process alone, and print one JSON object.

`reference.py` starts a fresh process of this script for every measurement, so that peak memory and
first-use costs mean something. Peak memory is counted above the process with its packages imported;
the reference solution is only loaded after it has been read.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from reference_problem import START_K, Panel

PACKAGES = {
    "cvode": "sksundae.cvode",
    "scipy": "scipy.integrate",
    "fipy": "fipy",
    "thermalsat": "thermalsat_core",
}
MINIMUM_TIMED_S = 1.0
REPEATS = 5


def memory_MB(field: str) -> float:
    """Return VmRSS or VmHWM of this process (Linux), in MB."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{field}:\s+(\d+) kB", status).group(1)) * 1024 / 1e6


def reset_peak() -> float:
    """Make the present memory the peak, and return it in MB."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return memory_MB("VmRSS")


def _import_packages(method: str) -> None:
    importlib.import_module("scipy.sparse.linalg")
    for part, package in PACKAGES.items():
        if part in method:
            importlib.import_module(package)


def build(method: str, panel: Panel) -> object:
    """Return the solver of ``method`` for ``panel``."""
    if method == "thermalsat-core":
        from thermalsat_core import ThermalsatCore

        return ThermalsatCore(panel)
    if method == "thermalsat":
        from thermalsat_problem import Thermalsat

        return Thermalsat(panel)
    if method.startswith("fipy"):
        from fipy_plate import FipyPlate

        return FipyPlate(panel)
    if method == "cvode-gmres-thermalsat":
        from preconditioner import preconditioned_cvode

        return preconditioned_cvode(panel)
    from peers import PEERS

    return PEERS[method.split("+")[0]](panel)


def _solution(
    solver: object, method: str, task: str, panel: Panel, setting: float, goal_K: float
) -> Callable:
    """Return a function of no arguments giving (raw solution, sweeps)."""
    if task == "orbit":
        start = np.full(panel.unknowns, START_K)
        return lambda: (solver.orbit(start, setting), 1)
    if hasattr(solver, "periodic"):
        return lambda: solver.periodic(setting)
    from cycles import accelerate, march, mean_steady_state

    repeat = accelerate if method.endswith("+anderson") else march
    return lambda: repeat(lambda y: solver.orbit(y, setting), mean_steady_state(panel), 0.5 * goal_K)


def measure(method: str, panel: Panel, task: str, setting: float, goal_K: float, keep: Path | None) -> dict:
    """Run one measurement and return its row."""
    _import_packages(method)
    before_MB = reset_peak()
    begin = time.perf_counter()
    solver = build(method, panel)
    solve = _solution(solver, method, task, panel, setting, goal_K)
    setup_s = time.perf_counter() - begin
    seconds: list[float] = []
    while not seconds or (sum(seconds) < MINIMUM_TIMED_S and len(seconds) < REPEATS):
        begin = time.perf_counter()
        raw, sweeps = solve()
        seconds.append(time.perf_counter() - begin)
    peak_MB = memory_MB("VmHWM") - before_MB
    samples = solver.samples(raw) if hasattr(solver, "samples") else raw
    row = {
        "grid": panel.grid,
        "unknowns": panel.unknowns,
        "payload_J_K": panel.payload_J_K,
        "task": task,
        "method": method,
        "setting": setting,
        "seconds": min(seconds),
        "setup_seconds": setup_s,
        "sweeps": sweeps,
        "peak_MB": round(peak_MB, 2),
    }
    if hasattr(solver, "stats"):
        row["stats"] = solver.stats(raw)
    if keep is not None:
        np.save(keep, samples)
        return row | {"error_K": None}
    from references import reference_samples

    reference = reference_samples(getattr(solver, "panel", panel), task)
    compared = getattr(solver, "compared", slice(None))
    return row | {"error_K": float(np.abs(samples[:, compared] - reference[:, compared]).max())}


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--method", required=True)
    parser.add_argument("--grid", default="64x32")
    parser.add_argument("--payload", type=float, default=2.0e5, help="J/K")
    parser.add_argument("--task", choices=["orbit", "periodic"], default="orbit")
    parser.add_argument(
        "--setting", type=float, required=True, help="rtol, K or step ratio: the method's own"
    )
    parser.add_argument(
        "--goal", type=float, default=0.01, help="accepted error, K (periodic peers stop on it)"
    )
    parser.add_argument("--keep", type=Path, help="save the samples here instead of comparing them")
    options = parser.parse_args()
    nx, ny = map(int, options.grid.split("x"))
    panel = Panel(nx=nx, ny=ny, payload_J_K=options.payload)
    row = measure(options.method, panel, options.task, options.setting, options.goal, options.keep)
    print(json.dumps(row))


if __name__ == "__main__":
    main()
