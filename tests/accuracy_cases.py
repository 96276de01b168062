"""Random networks and satellites, and CVODE (SUNDIALS) on their equations: what accuracy is measured on.

The right-hand side that CVODE follows is the core's, which other tests hold against the NumPy twin, so what
differs is the time integration alone. CVODE starts again at every breakpoint of the forcing and looks it up
within the piece; state events it has to find by its own error control.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from bundles import PERIOD_S, random_case
from plates import plate_case

import thermalsat as ts
from thermalsat.assembly.model import Model
from thermalsat.bundle import Bundle
from thermalsat.load import Load
from thermalsat.solver.system import System
from thermalsat.solver.transient import Trajectory, integrate_within

TOLERANCES_K = (1.0, 0.1, 0.01, 1e-3, 1e-4)
DENSE_UP_TO = 120
SAMPLES = 60
REFERENCE_RTOL = 1e-10
WHOLE = {"radiator.symmetry": "full", "radiator.area": "200 m^2"}
"""Equal panels of whole tubes, for satellites whose panels are meshed whole."""
_KINKS_S = (*(PERIOD_S * k for k in (0.0, 0.35, 0.4, 0.6, 1.0)), 100.0, 250.0, 400.0)


@dataclass(eq=False)
class Problem:
    """Equations, start, breakpoints and samples of one run."""

    name: str
    bundle: Bundle
    y0: np.ndarray
    end_s: float
    breaks_s: np.ndarray
    times_s: np.ndarray
    reference: np.ndarray | None = field(default=None)
    system: System = field(init=False)

    def __post_init__(self) -> None:
        self.system = System(self.bundle)

    def run(self, tolerance_K: float, **options: object) -> Trajectory:
        return integrate_within(
            self.system, self.y0, 0.0, self.end_s, breakpoints_s=self.breaks_s, times_s=self.times_s,
            tolerance_K=tolerance_K, **options,
        )  # fmt: skip

    def error_K(self, run: Trajectory) -> tuple[float, int, int]:
        """Largest weighted error against CVODE, its sample and its unknown."""
        error = np.abs(run.y - self.reference) * self.bundle.weight
        sample, unknown = np.unravel_index(np.argmax(error), error.shape)
        return float(error[sample, unknown]), int(sample), int(unknown)

    def solve_reference(self, rtol: float = REFERENCE_RTOL) -> np.ndarray:
        """Follow the equations by CVODE and keep the samples."""
        self.reference = cvode(self, rtol)
        return self.reference


def random_network(seed: int) -> Problem:
    """Lumps and loops, or plates with tubes, with or without a bus; up to a few thousand unknowns."""
    rng = np.random.default_rng([seed, 1])
    size = int(rng.choice([3, 4, 6, 8, 12, 20], p=[0.3, 0.3, 0.2, 0.1, 0.08, 0.02]))
    bus = bool(rng.random() < 0.7)
    if rng.random() < 0.5:
        case = random_case(
            seed, lumps=int(rng.integers(2, 7)), plates=int(rng.integers(0, 3)), nx=size, ny=size,
            loop=bool(rng.random() < 0.8), bus=bus, arithmetic=False,
        )  # fmt: skip
        name = f"network {seed}"
    else:
        case = plate_case(seed, plates=int(rng.integers(1, 3)), shape=(size, size), bus=bus)
        name = f"plates {seed}"
    return _problem(name, case.bundle, case.y)


def large_network(seed: int, cells: tuple[int, int]) -> Problem:
    """One plate of nx by ny cells with tubes and its border."""
    case = plate_case(seed, plates=1, shape=cells)
    return _problem(f"plates {seed} of {cells[0]} x {cells[1]}", case.bundle, case.y)


def _problem(name: str, bundle: Bundle, y: np.ndarray) -> Problem:
    # CVODE has no algebraic unknowns: an interface gets a little heat capacity
    capacity = np.where(bundle.capacity == 0.0, 2.0, bundle.capacity)
    breaks = np.unique(_KINKS_S)
    breaks = breaks[(breaks > 0.0) & (breaks < PERIOD_S)]
    times = np.unique(np.concatenate([np.linspace(0.0, PERIOD_S, SAMPLES + 1), breaks]))
    return Problem(name, bundle.exchanged(capacity=capacity), y, PERIOD_S, breaks, times)


def random_satellite(seed: int, **fixed: str) -> Problem:
    """A shipped design with other areas, battery, orbit and loop, in one of its cases, under a burst."""
    rng = np.random.default_rng([seed, 2])

    def between(lo: float, hi: float) -> float:
        return float(rng.uniform(lo, hi))

    design = ts.designs.load(str(rng.choice(["leo-53", "dawn-dusk"])))
    case = str(rng.choice(["hot", "cold", "power"]))
    changes = {
        "radiator.area": f"{between(100, 240):.1f} m^2",
        "array.area": f"{between(500, 1200):.1f} m^2",
        "battery.capacity": f"{between(60, 500):.1f} kWh",
        "battery.charge_rate": f"{between(0.15, 1.0):.3f} 1/h",
        "battery.taper_start": f"{between(0.85, 0.99):.3f}",
        "loop.mass_flow": f"{between(1.5, 4.0):.2f} kg/s",
        "loop.valve_lag": f"{between(3, 60):.1f} s",
        "loop.bypass_band": f"{between(1, 8):.1f} K",
        "payload.heat_capacity": f"{between(100, 1000):.0f} kJ/K",
        "orbit.altitude": f"{between(500, 1200):.0f} km",
        f"cases.{case}.beta": f"{between(-75, 75):.1f} deg",
    }
    satellite = design.replace(changes | fixed)
    base = between(40e3, 120e3)
    steps = np.sort(rng.uniform(0.0, 5400.0, 3))
    load = Load.profile(
        ts.Table(
            ts.Q(np.concatenate([[-1.0], steps]), "s"),
            ts.Q(base * np.array([1.0, between(1.1, 1.5), between(0.5, 0.9), 1.0]), "W"),
            kind="step",
        )
    )
    model = Model(satellite, case, load.pieces())
    end = model.period_s
    breaks = model._breakpoints(0.0, end)
    times = np.unique(np.concatenate([np.linspace(0.0, end, SAMPLES + 1), breaks]))
    y0 = model.y0.copy()
    y0[model.anchored] = between(0.7, 1.0)
    return Problem(f"satellite {seed} ({design.name}, {case})", model.system.bundle, y0, end, breaks, times)


def cvode(problem: Problem, rtol: float) -> np.ndarray:
    """States at the samples by CVODE's BDF with the analytic Jacobian, dense or sparse."""
    from sksundae.cvode import CVODE

    b, system, times = problem.bundle, problem.system, problem.times_s
    n, inside = b.n, [0.0, 0.0]
    flows = np.zeros(b.nq)

    def rhs(t: float, y: np.ndarray, f: np.ndarray) -> None:
        system.problem.rates(t, inside[0], inside[1], np.ascontiguousarray(y), f, flows, system.scratch)
        f /= b.capacity

    slots = Slots(system)

    def jacobian(t: float, y: np.ndarray, f: np.ndarray, out: np.ndarray) -> None:
        side_t = min(max(t, inside[0]), inside[1])
        slots.fill(side_t, y, out)

    options: dict[str, object] = {
        "rtol": rtol, "atol": rtol / np.maximum(b.weight, 1.0), "max_num_steps": 10**7, "jacfn": jacobian,
    }  # fmt: skip
    if n > DENSE_UP_TO:
        options |= {"linsolver": "sparse", "sparsity": slots.pattern, "nthreads": 1}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        solver = CVODE(rhs, **options)
    samples, y = np.empty((len(times), n)), problem.y0.copy()
    samples[0] = y
    for begin, end in pairwise([0.0, *problem.breaks_s, problem.end_s]):
        inside[:] = begin + 1e-6, end - 1e-6
        solver.init_step(begin, y)
        rows = np.flatnonzero((times > begin) & (times <= end))
        for row in rows:
            step = solver.step(times[row], "normal", tstop=end)
            if not step.success:
                raise RuntimeError(f"CVODE stopped at {step.t} s: {step.message}")
            samples[row] = step.y
        y = samples[rows[-1]]
    return samples


class Slots:
    """The Jacobian dF/dy / C on one fixed pattern, mixers eliminated."""

    def __init__(self, system: System) -> None:
        b = system.bundle
        n = self.n = b.n
        self.system = system
        rows, cols = system.pattern
        full = sp.coo_array((np.ones(len(rows)), (rows, cols)), shape=(n + b.nm, n + b.nm)).tocsc()
        pattern = full[:n, :n] + sp.eye_array(n)
        if b.nm:
            through = full[n:, n:].toarray()
            reach = sp.csc_array(np.linalg.matrix_power(through + np.eye(b.nm), max(b.nm, 1)))
            pattern = pattern + full[:n, n:] @ reach @ full[n:, :n]
        self.pattern = sp.csc_matrix(pattern)
        self.pattern.sort_indices()
        self.pattern.data[:] = 1.0
        # what SuperLU_MT was built for
        self.pattern.indices = self.pattern.indices.astype(np.int32)
        self.pattern.indptr = self.pattern.indptr.astype(np.int32)
        owners = np.repeat(np.arange(n), np.diff(self.pattern.indptr))
        self.keys = owners.astype(np.int64) * n + self.pattern.indices

    def fill(self, t: float, y: np.ndarray, out: np.ndarray) -> None:
        J = sp.coo_array(self.system.jacobian(t, np.ascontiguousarray(y)))
        values = J.data / self.system.bundle.capacity[J.coords[0]]
        if out.ndim == 2:
            out[:] = 0.0
            np.add.at(out, (J.coords[0], J.coords[1]), values)
        else:
            out[:] = 0.0
            keys = J.coords[1].astype(np.int64) * self.n + J.coords[0]
            np.add.at(out, np.searchsorted(self.keys, keys), values)


class Row(NamedTuple):
    """One run: its problem and tolerance, true and estimated error, what it took."""

    name: str
    unknowns: int
    tolerance_K: float
    error_K: float
    estimate_K: float
    steps: int
    rejected: int
    time_s: float
    unknown: int


CASES: dict[str, Callable[[], Problem]] = {
    **{f"network {k}": partial(random_network, k) for k in range(118)},
    **{f"satellite {k}": partial(random_satellite, k) for k in range(72)},
    **{
        f"large network {nx} x {ny}": partial(large_network, nx, (nx, ny))
        for nx, ny in ((40, 40), (60, 50), (80, 60), (100, 80), (120, 100), (160, 150))
    },
    "fine satellite 1": partial(random_satellite, 500, **{"radiator.cells": "96 x 12"}),
    "fine satellite 2": partial(random_satellite, 501, **{"radiator.cells": "64 x 8"}),
    "whole satellite 1": partial(random_satellite, 502, **WHOLE, **{"radiator.cells": "12 x 2"}),
    "whole satellite 2": partial(random_satellite, 503, **WHOLE, **{"radiator.cells": "24 x 2"}),
}
"""Two hundred of them, by name."""


def measure(problem: Problem) -> list[Row]:
    """Run a problem at every tolerance against its reference."""
    problem.solve_reference()
    rows = []
    for tolerance_K in TOLERANCES_K:
        run = problem.run(tolerance_K)
        error_K, sample, unknown = problem.error_K(run)
        rows.append(
            Row(
                problem.name,
                problem.bundle.n,
                tolerance_K,
                error_K,
                run.error_K,
                run.steps,
                run.rejected,
                float(problem.times_s[sample]),
                unknown,
            )
        )
    return rows


def summary(rows: list[Row]) -> str:
    """A table of the ratios by tolerance, and the worst of each."""
    lines = [
        "| tolerance | runs | error / tolerance: median, 95 %, worst | estimate / tolerance: median, worst "
        "| error / estimate: median, 95 %, worst | steps (rejected) |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for tolerance_K in TOLERANCES_K:
        here = [row for row in rows if row.tolerance_K == tolerance_K]
        error, estimate = (np.array([getattr(r, n) for r in here]) for n in ("error_K", "estimate_K"))
        by_estimate = error / estimate
        lines.append(
            f"| {tolerance_K * 1e3:g} mK | {len(here)} | {_spread(error / tolerance_K)} "
            f"| {np.median(estimate) / tolerance_K:.2f}, {estimate.max() / tolerance_K:.2f} "
            f"| {_spread(by_estimate)} | {sum(r.steps for r in here)} ({sum(r.rejected for r in here)}) |"
        )
    worst = sorted(rows, key=lambda row: -row.error_K / row.tolerance_K)[:5]
    optimist = sorted(rows, key=lambda row: -row.error_K / row.estimate_K)[:5]
    for title, chosen in (("error / tolerance", worst), ("error / estimate", optimist)):
        lines.append(f"\nLargest {title}:\n")
        lines += [
            f"* {r.name} ({r.unknowns} unknowns) at {r.tolerance_K * 1e3:g} mK: "
            f"error {r.error_K * 1e3:.3g} mK, estimate {r.estimate_K * 1e3:.3g} mK, "
            f"unknown {r.unknown} at {r.time_s:.0f} s"
            for r in chosen
        ]
    return "\n".join(lines)


def _spread(ratio: np.ndarray) -> str:
    return f"{np.median(ratio):.2f}, {np.percentile(ratio, 95):.2f}, {ratio.max():.2f}"
