"""From arrays of the solver to a `Result`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.bundle import Bundle
from thermalsat.errors import ConvergenceError
from thermalsat.network import ThermalNetwork
from thermalsat.network.layout import Layout
from thermalsat.results import Certificate, Ledger, Result
from thermalsat.results.certificate import IMBALANCE_LIMIT
from thermalsat.results.events import named
from thermalsat.results.views import PartView, view_parts

from .checks import check_bundle
from .mesh import Mesh, MeshError, mesh_error, mesh_of
from .steady import rounding_K
from .system import System
from .transient import Trajectory

__all__ = ["Compiled", "compiled", "from_steady", "from_trajectory"]

Floats = NDArray[np.float64]
MOMENTS = 240
"""Times at which heat into edges is averaged over an orbit."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Compiled:
    """A network bound to the core, with what its results need."""

    bundle: Bundle
    layout: Layout
    system: System
    flow_names: tuple[str, ...]
    parts: Mapping[str, PartView]

    @cached_property
    def exact(self) -> System:
        """The same with the sparse factorisation, exact at any step length: what a steady state needs."""
        return System(self.bundle, path="sparse", like=self.system)

    @cached_property
    def mesh(self) -> Mesh | None:
        """What the estimate of the mesh error needs; None without plates."""
        return mesh_of(self.bundle, self.layout, self.parts)

    @property
    def outside(self) -> tuple[str, ...]:
        """Names of boundaries and mixers."""
        return tuple(item.name for item in (*self.layout.boundaries, *self.layout.mixers))

    @property
    def batteries(self) -> NDArray[np.intp]:
        """Unknowns that are states of energy."""
        return self.bundle.bt_soe

    def describe(self, index: int) -> str:
        """Name of an unknown (or of a mixer), for messages."""
        if index < self.bundle.n:
            return self.layout.label(index)
        return self.outside[self.bundle.nb + index - self.bundle.n]


def compiled(net: ThermalNetwork) -> Compiled:
    """Return the network bound to the core; kept until the network changes."""
    kept: Compiled | None = net.__dict__.get("_compiled")
    bundle, layout = net.bundle(), net.layout
    if kept is not None and kept.bundle is bundle:
        return kept
    check_bundle(bundle, layout.label)
    made = Compiled(
        bundle=bundle,
        layout=layout,
        system=System(bundle),
        flow_names=tuple(net.flow_names),
        parts=view_parts(bundle, layout, net.elements),
    )
    net.__dict__["_compiled"] = made
    return made


def from_trajectory(
    c: Compiled,
    run: Trajectory,
    kind: str,
    *,
    tolerance_K: float,
    seconds: float,
    distance_K: float | None = None,
    closure_K: float | None = None,
    averaged: System | None = None,
    **stats: Any,
) -> Result:
    """Return the result of an integration, or of the last orbit of a periodic solve.

    `averaged` is the network under its orbit-averaged forcing, where there is one.
    """
    b = c.bundle
    mesh = _mesh_of_run(c, run, averaged)
    stored = b.stored.astype(bool)
    heat = b.capacity[stored]
    held = heat * np.maximum(np.abs(run.y_start[stored]), np.abs(run.y_end[stored]))
    ledger = Ledger(
        names=c.flow_names,
        carried=run.ledger_J,
        external=b.flow_external,
        stored_change=float(heat @ (run.y_end[stored] - run.y_start[stored])),
        throughput=float(run.throughput_J.sum() + held.sum()),
    )
    certificate = Certificate(
        energy_residual=ledger.residual_relative,
        periodic_imbalance=ledger.periodic_imbalance if kind == "periodic" else None,
        time_error_K=run.error_K,
        mesh_error_K=None if mesh is None else mesh.largest_K,
        mesh_errors_K=None if mesh is None else mesh.by_part_K,
        distance_K=distance_K,
        tolerance_K=tolerance_K,
        closure_K=closure_K,
        imbalance_limit=max(
            IMBALANCE_LIMIT, _allowed_J(b, closure_K or 0.0) / max(ledger.throughput, 1e-300)
        ),
        complete=run.complete,
    )
    events = named(c.parts.values(), b, run.events)
    counts = {"steps": run.steps, "rejected": run.rejected, **stats, "unknowns": b.n, "seconds": seconds}
    return Result(
        kind=kind, times_s=run.times_s, history=run.y, y=run.y_end, y_start=run.y_start, bundle=b,
        parts=c.parts, outside=c.outside, ledger=ledger, certificate=certificate, stats=counts,
        events=events, complete=run.complete, log=run.log,
    )  # fmt: skip


def _allowed_J(b: Bundle, closure_K: float) -> float:
    """Change of the stored energy of an orbit whose every unknown closes within `closure_K`."""
    stored = b.stored.astype(bool)
    return 2.0 * closure_K * float((b.capacity[stored] / b.weight[stored]).sum())


def from_steady(
    c: Compiled, system: System, t: float, y: Floats, *, shift_per_s: float, tolerance_K: float, **stats: Any
) -> Result:
    """Return the result of a steady solve on `system`, whose bundle may be an average of the network's."""
    b = system.bundle
    F, flows = system.rates(t, y)
    rows, cols = system.pattern
    entries, _ = system.jacobian_entries(t, y)
    diagonal = (rows == cols) & (rows < b.n)
    gross = np.zeros(b.n)
    np.add.at(gross, rows[diagonal], np.abs(entries[diagonal]))
    stored = b.stored.astype(bool)
    held = float(F[c.batteries].sum())
    # what C T is to a run: the stored heat for each time constant C / |dF/dT|
    throughput = float(np.abs(flows).sum() + (gross * np.abs(y))[stored].sum())
    ledger = Ledger(
        names=c.flow_names,
        carried=flows,
        external=b.flow_external,
        stored_change=held,
        throughput=throughput,
        unit="W",
    )
    correction = system.solve(t, y, shift_per_s, F)
    mesh = _mesh(c, system, t, y, shift_per_s=shift_per_s)
    certificate = Certificate(
        energy_residual=ledger.residual_relative,
        mesh_error_K=None if mesh is None else mesh.largest_K,
        mesh_errors_K=None if mesh is None else mesh.by_part_K,
        distance_K=float((b.weight * np.abs(correction)).max(initial=0.0)),
        closure_K=max(tolerance_K, rounding_K(system, t, y, shift_per_s)),
    )
    return Result(
        kind="steady", times_s=np.array([t]), history=y[None, :], y=y, y_start=y, bundle=b, parts=c.parts,
        outside=c.outside, ledger=ledger, certificate=certificate, stats={**stats, "unknowns": b.n},
    )  # fmt: skip


def _mesh(c: Compiled, system: System, t: float, y: Floats, **options: Any) -> MeshError | None:
    """Return the estimated mesh error at a state; None without plates, or where nothing bounds it."""
    if c.mesh is None:
        return None
    try:
        found = mesh_error(c.mesh, system, t, y, **options)
    except ConvergenceError:
        return None
    return found if np.isfinite(found.largest_K) else None


def _mesh_of_run(c: Compiled, run: Trajectory, averaged: System | None) -> MeshError | None:
    """Return the estimate at the mean of an orbit, or at the end of a run as far as it has got there."""
    if not run.complete:
        return None
    length_s = run.end_s - run.start_s
    if averaged is None:
        return _mesh(c, c.system, run.end_s, run.y_end, side="left", shift_per_s=1.0 / length_s)
    moments = run.start_s + length_s * (np.arange(MOMENTS) + 0.5) / MOMENTS
    return _mesh(
        c, averaged, 0.0, run.y_mean, times_s=moments, flows_W=run.ledger_J / length_s,
        shift_per_s=1e-6 / length_s,
    )  # fmt: skip
