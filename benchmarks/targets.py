"""What `reference.py` does not show: growth, memory, half a pitch by symmetry, batches, the cost of the API.

    python benchmarks/targets.py               # every measurement, each in a fresh process
    python benchmarks/targets.py half-pitch growth
    python benchmarks/targets.py --json

Times are the best of five. Errors are against the same references as in `reference.py`.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from reference import ONE_THREAD, process_environment
from reference_problem import Panel
from references import reference_samples
from row import memory_MB, reset_peak

HERE = Path(__file__).parent
GROWTH_GRIDS = ((128, 64), (256, 128), (512, 256), (1024, 512))
TOLERANCES_K = (1.0, 0.3, 0.1, 0.03, 0.01)
CLOSURE_K = 0.012
"""Bound asked for on the distance to the periodic state where 10 mK of true error are allowed (K)."""


def loosest(solver: Any, reference: np.ndarray) -> tuple[float, float, int]:
    """Return the loosest tolerance within 10 mK of the reference (K), the error (K) and the sweeps."""
    for tolerance_K in TOLERANCES_K:
        trajectory, sweeps = solver.periodic(tolerance_K)
        error_K = float(np.abs(trajectory.y - reference).max())
        if error_K <= 0.010:
            break
    return tolerance_K, error_K, sweeps


def best(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the shortest time of ``work`` (s)."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


def growth() -> dict:
    """One orbit at 0.1 K, samples at the end only, with the unknowns: seconds and the local exponent."""
    from thermalsat_core import ThermalsatCore

    rows: list[dict] = []
    for nx, ny in GROWTH_GRIDS:
        solver = ThermalsatCore(Panel(nx=nx, ny=ny))
        seconds = best(partial(solver.final, 0.1), 2 if nx > 256 else 4)
        row = {"grid": f"{nx}x{ny}", "unknowns": solver.panel.unknowns, "seconds": seconds}
        if rows:
            ratio = np.log(row["unknowns"] / rows[-1]["unknowns"])
            row["exponent"] = float(np.log(seconds / rows[-1]["seconds"]) / ratio)
        rows.append(row)
    return {"floor": "exponent 1.1", "rows": rows}


def memory(nx: int, ny: int) -> dict:
    """Peak memory of building and solving one orbit without stored samples, above the loaded package."""
    from thermalsat_core import ThermalsatCore

    ThermalsatCore(Panel(nx=2)).final(1.0)  # loads what the package loads on first use
    before_MB = reset_peak()
    solver = ThermalsatCore(Panel(nx=nx, ny=ny))
    built_MB = memory_MB("VmHWM") - before_MB
    gc.collect()  # the parts of the network, which the solver does not keep, refer to each other
    solver.final(0.1)
    peak_MB = memory_MB("VmHWM") - before_MB
    return {
        "floor": "300 bytes an unknown",
        "goal": "150 bytes an unknown",
        "bytes_per_unknown": 1e6 * peak_MB / solver.panel.unknowns,
        "built_bytes_per_unknown": 1e6 * built_MB / solver.panel.unknowns,
        "peak_MB": peak_MB,
    }


def half_pitch() -> dict:
    """The periodic state of 64 x 16 cells on half a pitch, at the loosest tolerance within 10 mK."""
    from thermalsat_core import ThermalsatCore

    panel = Panel(nx=64, ny=32, tubes=1, shadow=0.0, flow_spread=0.0)
    plate, coolant, payload = panel.split(np.asarray(reference_samples(panel, "periodic")))
    reference = np.concatenate(
        [np.swapaxes(plate[:, :, 16:], 1, 2).reshape(77, -1), coolant[:, 0], payload[:, None]], axis=1
    )
    solver = ThermalsatCore(panel, half_pitch=True, closure_K=CLOSURE_K)
    tolerance_K, error_K, sweeps = loosest(solver, reference)
    seconds = best(partial(solver.periodic, tolerance_K), 20)
    facts = {"tolerance_K": tolerance_K, "error_K": error_K, "sweeps": sweeps, "milliseconds": 1e3 * seconds}
    return {"floor": "5 ms", "goal": "1 ms"} | facts


def api_cost() -> dict:
    """One periodic solve of a built network through the public API and on plain arrays."""
    from thermalsat_core import ThermalsatCore
    from thermalsat_problem import Thermalsat

    panel = Panel()
    public, core = Thermalsat(panel), ThermalsatCore(panel)
    public_s = best(lambda: public.periodic(0.1))
    core_s = best(lambda: core.periodic(0.1))
    return {
        "floor": "5 ms",
        "goal": "1 ms",
        "milliseconds": 1e3 * (public_s - core_s),
        "public_ms": 1e3 * public_s,
        "core_ms": 1e3 * core_s,
    }


def designs_per_second(designs: int = 16) -> dict:
    """Periodic states within 10 mK of many built 64x32 networks, on one thread and on two."""
    from thermalsat_core import ThermalsatCore

    solvers = [
        ThermalsatCore(Panel(payload_J_K=2.0e5 * (1.0 + 0.05 * k)), closure_K=CLOSURE_K)
        for k in range(designs)
    ]
    reference = np.asarray(reference_samples(solvers[0].panel, "periodic"))
    tolerance_K, error_K, sweeps = loosest(solvers[0], reference)
    rates: dict[str, Any] = {"tolerance_K": tolerance_K, "error_K": error_K, "sweeps": sweeps}
    for threads in (1, 2):
        with ThreadPoolExecutor(threads) as pool:
            seconds = best(lambda pool=pool: list(pool.map(lambda s: s.periodic(tolerance_K), solvers)), 3)
        rates[f"designs_per_second_{threads}_threads"] = designs / seconds
    return {"floor": "85 a second on 2 threads", "goal": "300 a second"} | rates


TARGETS: dict[str, Callable[[], dict]] = {
    "growth": growth,
    "memory-256x128": partial(memory, 256, 128),
    "memory-512x256": partial(memory, 512, 256),
    "half-pitch": half_pitch,
    "api-cost": api_cost,
    "designs-per-second": designs_per_second,
}


def main() -> None:
    """Run the named measurements, each in its own process."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(TARGETS)}")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--here", action="store_true", help="in this process")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - TARGETS.keys())
    if unknown:
        sys.exit(f"unknown names {', '.join(unknown)}; choose from {', '.join(TARGETS)}")
    results = {}
    for name in options.names or TARGETS:
        if options.here:
            results[name] = TARGETS[name]()
            continue
        command = [sys.executable, str(Path(__file__)), name, "--here", "--json"]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=process_environment(ONE_THREAD)
        )
        results[name] = (
            {"failed": done.stderr.strip().splitlines()[-1]}
            if done.returncode
            else json.loads(done.stdout)[name]
        )
        if not options.json:
            print(name, json.dumps(results[name], indent=1), flush=True)
    if options.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
