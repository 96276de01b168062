"""RODAS4P2 leads at loose tolerances, RODAS5P at tight ones; but on fine plates RODAS5P grows, RODAS4P2 not.

Five linearly implicit methods take the steps of the core's own controller over one orbit of the reference
problem (64 x 32 cells, 16 tubes, 3073 unknowns), of half a pitch of it with 512 cells along the flow (8705
unknowns) and of the shipped satellite on half a pitch (143 unknowns, a battery, a valve, a night, a burst).
What is varied is the error allowed in one step. The error is the largest of any unknown at the kinks of the
forcing and at the end, where all methods land, against a run of RODAS5P with very small steps, itself held
against CVODE (SUNDIALS). Work is steps, rejected ones included, times stages; and the time of the processor.
``python docs/studies/time_integration.py`` prints the tables of time-integration.md and draws its figure.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

from thermalsat.errors import ConvergenceError  # noqa: E402
from thermalsat.pieces import Pieces  # noqa: E402
from thermalsat.solver.system import System  # noqa: E402
from thermalsat.solver.transient import integrate  # noqa: E402
from thermalsat.tableaus import RODAS3, RODAS4, RODAS4P2, RODAS5P, ROS34PW2, Tableau  # noqa: E402

METHODS = (RODAS3, ROS34PW2, RODAS4, RODAS4P2, RODAS5P)
LOCAL_K = 10.0 ** np.arange(0.75, -6.1, -0.25)
MOST_STEPS = 6000
REPEATS = 5
GOALS_K = (0.1, 0.01, 1e-3, 1e-4)


@dataclass(eq=False)
class Orbit:
    """One orbit of a network; `reference` holds its states at the kinks and at the end."""

    name: str
    system: System
    start: np.ndarray
    end_s: float
    breaks_s: np.ndarray
    repeats: int = REPEATS

    def __post_init__(self) -> None:
        self.times_s = np.append(self.breaks_s, self.end_s)
        self.reference = self.run(RODAS5P, 1e-8).y

    def run(self, method: Tableau, local_K: float):
        """Integrate over the orbit, sampled where all methods land."""
        return integrate(
            self.system, self.start, 0.0, self.end_s, breakpoints_s=self.breaks_s, times_s=self.times_s,
            tableau=method, local_K=local_K, max_steps=MOST_STEPS if local_K > 1e-7 else 10**6,
        )  # fmt: skip

    def measured(self, method: Tableau, local_K: float) -> tuple[float, float, int, float]:
        """Return the error and its estimate [K], the stages computed, the processor time [ms]."""
        seconds = []
        for _ in range(self.repeats):
            began = time.process_time()
            run = self.run(method, local_K)
            seconds.append(time.process_time() - began)
        error = np.abs(run.y - self.reference) * self.system.bundle.weight
        work = (run.steps + run.rejected) * method.stages
        return float(error.max()), run.error_K, work, 1e3 * min(seconds)


def reference_problem() -> Orbit:
    """Return the problem of benchmarks/ on plain arrays."""
    from reference_problem import PERIOD_S, Panel
    from thermalsat_core import ThermalsatCore

    core = ThermalsatCore(Panel(nx=64, ny=32))
    return Orbit("reference problem, 64 x 32", core.system, core.start, PERIOD_S, core.breakpoints_s)


def fine_panel() -> Orbit:
    """Return half a pitch of the problem of benchmarks/, cut finely along the flow."""
    from reference_problem import PERIOD_S, Panel
    from thermalsat_core import ThermalsatCore

    panel = Panel(nx=512, ny=32, tubes=1, shadow=0.0, flow_spread=0.0)
    core = ThermalsatCore(panel, half_pitch=True)
    name = "half a pitch, 512 x 16"
    return Orbit(name, core.system, core.start, PERIOD_S, core.breakpoints_s, repeats=2)


def half_pitch_satellite() -> Orbit:
    """Return leo-53 in its power case with a burst over the night."""
    import thermalsat as ts
    from thermalsat.assembly.model import Model

    burst = Pieces.steps([-1.0, 1800.0, 2400.0], [100e3, 150e3, 100e3])
    model = Model(ts.designs.load("leo-53"), "power", burst)
    breaks = model._breakpoints(0.0, model.period_s)
    return Orbit("satellite, half a pitch", model.system, model.y0, model.period_s, breaks)


def against_cvode(orbit: Orbit) -> float:
    """Largest difference [K] between the reference and CVODE at rtol 1e-10."""
    from accuracy_cases import Problem, cvode

    times = np.append(0.0, orbit.times_s)
    problem = Problem(orbit.name, orbit.system.bundle, orbit.start, orbit.end_s, orbit.breaks_s, times)
    samples = cvode(problem, 1e-10)[1:]
    return float((np.abs(samples - orbit.reference) * orbit.system.bundle.weight).max())


def curve_of(orbit: Orbit, method: Tableau) -> np.ndarray:
    """Rows of error, stages, time, from loose to tight, up to what takes too many steps."""
    rows = []
    for local_K in LOCAL_K:
        try:
            rows.append(orbit.measured(method, float(local_K)))
        except ConvergenceError:
            break
    return np.array(rows)


def at_goal(curve: np.ndarray, goal_K: float, by: int, column: int) -> float:
    """Return the work where column `by` passes a goal, between the two runs that enclose it; NaN without."""
    error, work = curve[:, by], curve[:, column]
    for k in range(len(error) - 1):
        if error[k] >= goal_K > error[k + 1]:
            part = np.log(error[k] / goal_K) / np.log(error[k] / error[k + 1])
            return float(np.exp((1.0 - part) * np.log(work[k]) + part * np.log(work[k + 1])))
    return float("nan")


def table(orbit: Orbit, curves: dict[str, np.ndarray], by: int) -> str:
    """Return stages and processor time where the error (0) or its estimate (1) passes each goal."""
    head = "".join(f" {goal * 1e3:g} mK |" for goal in GOALS_K)
    lines = [f"| {orbit.name}: {('error', 'estimate')[by]} |{head}", "| --- |" + " --- |" * len(GOALS_K)]
    for name, curve in curves.items():
        cells = [(at_goal(curve, g, by, 2), at_goal(curve, g, by, 3)) for g in GOALS_K]
        text = ["–" if np.isnan(work) else f"{work:.0f}, {ms:.2g} ms" for work, ms in cells]
        lines.append(f"| {name} | " + " | ".join(text) + " |")
    return "\n".join(lines)


def growth(method: Tableau, z1: float, z2: np.ndarray) -> np.ndarray:
    """Return the factor of a step on y' = (z1 + z2) y / h whose matrix is (1 - gamma z1) (1 - gamma z2)."""
    u: list[np.ndarray] = []
    for i in range(method.stages):
        y = 1.0 + sum(method.a[i, j] * u[j] for j in range(i))
        right = (z1 + z2) * y + sum(method.c[i, j] * u[j] for j in range(i))
        u.append(method.gamma * right / ((1.0 - method.gamma * z1) * (1.0 - method.gamma * z2)))
    return np.abs(1.0 + sum(m * x for m, x in zip(method.m, u, strict=True)))


def growth_table() -> str:
    """Return the largest growth a step over real z2, and over all z2 of the left half plane."""
    stiff = (-1.0, -3.0, -10.0, -30.0, -1e2, -1e3, -1e6)
    angles = np.radians(np.linspace(90.0, 180.0, 31))
    far, turn = np.meshgrid(np.logspace(-3.0, 6.0, 181), np.exp(1j * angles))
    lines = ["| z1 |" + "".join(f" {z1:g} |" for z1 in stiff), "| --- |" + " --- |" * len(stiff)]
    for method in METHODS:
        pairs = [(growth(method, z1, -far[0]).max(), growth(method, z1, far * turn).max()) for z1 in stiff]
        cells = (f" {real:.2f}, {turned:.2f} |" for real, turned in pairs)
        lines.append(f"| {method.name} |" + "".join(cells))
    return "\n".join(lines)


def draw(found: list[tuple[Orbit, dict[str, np.ndarray]]]) -> None:
    """Draw error over processor time."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "thermalsat", "font.size": 9})
    figure, axes = plt.subplots(
        1, len(found), figsize=(4.2 * len(found), 3.4), sharey=True, layout="constrained"
    )
    for axis, (orbit, curves) in zip(axes, found, strict=True):
        for (name, curve), mark in zip(curves.items(), "os^Dv", strict=True):
            axis.loglog(curve[:, 3], curve[:, 0], marker=mark, markersize=3, linewidth=1, label=name)
        axis.set(title=orbit.name, xlabel="processor time [ms]", ylim=(1e-6, 3.0))
        axis.minorticks_off()
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("largest error [K]")
    axes[-1].legend()
    figure.savefig(HERE / "time-integration.svg", metadata={"Date": None})


def main() -> None:
    """Print the tables, draw the figure."""
    found = []
    print(growth_table(), end="\n\n")
    for orbit in (reference_problem(), fine_panel(), half_pitch_satellite()):
        curves = {m.name: curve_of(orbit, m) for m in METHODS}
        found.append((orbit, curves))
        print(table(orbit, curves, 0), table(orbit, curves, 1), sep="\n\n", end="\n\n", flush=True)
        print(f"the reference run differs from CVODE by {against_cvode(orbit) * 1e3:.2g} mK\n", flush=True)
    draw(found)


if __name__ == "__main__":
    main()
