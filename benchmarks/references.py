"""Reference solutions from CVODE at tight tolerance, kept in ``benchmarks/.cache``.

Run as a script to compute them ahead of a benchmark:

    python benchmarks/references.py 64x32 128x64 --periodic
"""

from __future__ import annotations

import argparse
import hashlib
import time
from pathlib import Path

import numpy as np
from cycles import accelerate, mean_steady_state
from peers import Cvode
from reference_problem import PUBLISHED_PAYLOAD_K, START_K, Panel

CACHE = Path(__file__).with_name(".cache")
PAYLOADS_J_K = (2.0e5, 2.0e6, 2.0e7)


def reference_rtol(panel: Panel) -> float:
    """Return the relative tolerance of the reference: 1e-10, or 1e-8 on the largest grids."""
    return 1e-10 if panel.unknowns < 20_000 else 1e-8


def _cached(panel: Panel, task: str) -> Path:
    stamp = hashlib.sha256(repr(panel).encode()).hexdigest()[:12]
    return CACHE / f"{task}_{panel.grid}_{panel.payload_J_K:.0e}_{stamp}.npy"


def reference_samples(panel: Panel, task: str) -> np.ndarray:
    """Return the 77 reference states of one orbit from 300 K or of the periodic orbit.

    Parameters
    ----------
    panel : Panel
        The instance to solve.
    task : {"orbit", "periodic"}
        What to solve.

    Returns
    -------
    ndarray, shape (77, unknowns)
        Temperatures (K).
    """
    path = _cached(panel, task)
    if path.exists():
        return np.load(path, mmap_mode="r")
    solver, rtol = Cvode(panel, "sparse"), reference_rtol(panel)
    if task == "orbit":
        samples = solver.orbit(np.full(panel.unknowns, START_K), rtol)
    else:
        samples, _ = accelerate(
            lambda start: solver.orbit(start, rtol), mean_steady_state(panel), goal_K=2e-6, depth=5
        )
    CACHE.mkdir(exist_ok=True)
    np.save(path, samples)
    return samples


def main() -> None:
    """Compute the references named on the command line and print their check values."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("grids", nargs="*", default=["64x32", "128x64"])
    parser.add_argument(
        "--periodic", action="store_true", help="the periodic orbits of the three payloads too"
    )
    options = parser.parse_args()
    for grid in options.grids:
        nx, ny = map(int, grid.split("x"))
        jobs = [("orbit", PAYLOADS_J_K[0])]
        jobs += [("periodic", payload) for payload in PAYLOADS_J_K if options.periodic]
        for task, payload_J_K in jobs:
            begin = time.perf_counter()
            samples = reference_samples(Panel(nx=nx, ny=ny, payload_J_K=payload_J_K), task)
            line = f"{grid} {task} {payload_J_K:.0e} J/K: payload ends at {samples[-1, -1]:.5f} K"
            if task == "orbit" and (nx, ny) in PUBLISHED_PAYLOAD_K:
                line += f" (check value {PUBLISHED_PAYLOAD_K[nx, ny]} K)"
            print(f"{line}, {time.perf_counter() - begin:.1f} s", flush=True)


if __name__ == "__main__":
    main()
