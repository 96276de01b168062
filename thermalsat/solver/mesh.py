"""How far the mesh moves a solution: its truncation defects, and what one linear solve makes of them.

The finite volumes are not exact for the exact field T: ``F(T) = d`` instead of zero. The solution u
obeys ``F(u) = 0``, so ``u - T = (shift C - J)^-1 d`` to first order. d is local and follows from u:

* conduction: `halfcells`;
* a tube between two rows is a star of legs that meet at its wall: the half cells a and b (defects
  delta_a, delta_b), and the coolant's leg ``W (e^N - 1)`` to what leaves the cell, exact for a wall of
  one temperature. On a wall of slope w' along the flow it conducts too much by
  ``delta_c = W e^N w' dx ((1 + e^-N)/2 - (1 - e^-N)/N)``. The wall then lies above its place by
  ``Delta = (delta_a + delta_b + delta_c + dx^3 q''/24) / (g_a + g_b + g_c)``, q the coolant's heat to the
  wall per length, and the rows get ``-delta_a + g_a Delta``, ``-delta_b + g_b Delta``,
  ``-delta_c + g_c Delta``;
* ``scheme="upwind"``: ``delta_c = g (T_out - T_in)/2``, and what its three conductances differ from the
  star;
* an edge is such a star of its half cell and of what acts on it;
* a channel that radiates does so at what leaves each cell: too far downstream by half a cell.

Not seen: what a pattern changes within a cell, couplings of channels to other places than a plate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.bundle import Bundle

from .halfcells import legs_of
from .meshparts import EdgeMesh, Mesh, PlateMesh, mesh_of
from .meshwalls import WallState
from .system import System

__all__ = ["Mesh", "MeshError", "mesh_error", "mesh_of"]

Floats = NDArray[np.float64]
HELD_J_K = 1e30


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeshError:
    """Estimated error of the mesh: solution minus limit of fine meshes.

    Attributes
    ----------
    largest_K : float
        Largest magnitude in any cell, node, tube wall or edge surface [K].
    where : str
        The part that has it.
    by_part_K : mapping
        For each part, ``"<channel>.wall"`` and ``"<plate>.<side>"`` the error of largest magnitude, with its
        sign [K]; for a channel ``"<channel>.outlet"`` too.
    error : (n,) float
        Of every unknown [K].
    """

    largest_K: float
    where: str
    by_part_K: Mapping[str, float]
    error: Floats


def mesh_error(
    mesh: Mesh,
    system: System,
    t: float,
    y: Floats,
    *,
    side: str = "right",
    times_s: Floats | None = None,
    flows_W: Floats | None = None,
    shift_per_s: float = 0.0,
    relative: float = 0.02,
) -> MeshError:
    """Estimate the error of the mesh at a state.

    Parameters
    ----------
    mesh : Mesh
    system : System
        The network, or its average over an orbit.
    t : float
        Time [s] at which boundaries and forcings are taken.
    y : (n,) float
        A steady state, the mean of an orbit, or the end of a run.
    side : {"right", "left"}
        The limit to take at a step of a forcing.
    times_s : (k,) float, optional
        Times over which heat into edges is averaged [s]; by default it is that of time t.
    flows_W : (nq,) float, optional
        Named flows [W] where `y` is a mean over time: the means of theirs.
    shift_per_s : float
        0 for a steady or periodic state; 1/duration for a run, in which slow parts do not get to their
        error's limit [1/s].
    relative : float
        Accuracy of the linear solve [-].

    Returns
    -------
    MeshError

    Notes
    -----
    The estimate is of the leading order of the cell size: within a factor of about two where the cells
    resolve the field (docs/studies/space-order.md).
    """
    b = system.bundle
    values, temperatures = system.extended(t, y, side)
    moments = np.array([t]) if times_s is None else times_s
    T = temperatures[: b.n]
    # heat through the low and high faces of every cell along x and y, and from tubes on centres
    through = np.zeros((2, 2, b.n))
    line = np.zeros(b.n)
    for p in mesh.plates:
        _conduction(b, p, T, through)
    found = None
    if mesh.walls is not None:
        found = mesh.walls.evaluate(b, values, temperatures, flows_W)
        found.add_heat(through[1], line)
    for e in mesh.edges:
        through[e.axis, e.high, e.cells] += e.half_W_K * _surface_rise(e, temperatures, moments)
    delta = np.zeros((2, 2, b.n))
    defect = np.zeros(b.n)
    for p in mesh.plates:
        _plate_defects(b, p, T, through, line, delta, defect)
    if found is not None:
        found.add_defects(delta[1], defect)
    for e in mesh.edges:
        for term in e.terms:
            if term.other is not None:
                moved = term.ratio * delta[e.axis, e.high, e.cells]
                np.add.at(defect, e.cells, -moved)
                other = np.broadcast_to(term.other, e.cells.shape)
                inside = other < b.n
                np.add.at(defect, other[inside], moved[inside])
    _radiating_channels(b, temperatures, defect)
    if (b.capacity[b.bt_soe] < HELD_J_K).any():
        capacity = b.capacity.copy()
        capacity[b.bt_soe] = HELD_J_K
        system = System(replace(b, capacity=capacity), path=system.path, like=system)
        shift_per_s = max(shift_per_s, 1e-12)
    error = system.factorise(t, y, shift_per_s, side).solve(defect, relative=relative)
    return _named(b, mesh, error, delta, found)


def _conduction(b: Bundle, p: PlateMesh, T: Floats, through: Floats) -> None:
    (nx, ny), cells = p.shape, slice(p.start, p.start + p.shape[0] * p.shape[1])
    k = int(np.searchsorted(b.pl_start, p.start))
    field = T[cells].reshape(ny, nx)
    gx = b.pl_gx[b.pl_gx_ptr[k] : b.pl_gx_ptr[k + 1]].reshape(ny, nx - 1)
    gy = b.pl_gy[b.pl_gy_ptr[k] : b.pl_gy_ptr[k + 1]].reshape(ny - 1, nx)
    qx, qy = gx * np.diff(field, axis=1), gy * np.diff(field, axis=0)
    table = through[:, :, cells].reshape(2, 2, ny, nx)
    table[0, 1, :, :-1], table[0, 0, :, 1:] = qx, -qx
    table[1, 1, :-1], table[1, 0, 1:] = qy, -qy
    through[:, :, cells] = table.reshape(2, 2, -1)


def _surface_rise(e: EdgeMesh, temperatures: Floats, times_s: Floats) -> Floats:
    """How far the surface of an edge is above its cells [K]."""
    rise = np.zeros(len(e.cells))
    for term in e.terms:
        if term.other is not None:
            rise += term.ratio * (temperatures[term.other] - temperatures[e.cells])
        heat: Any = term.over_half_K
        if np.any(heat):
            heat = heat * (1.0 if term.pieces is None else float(np.mean(term.pieces(times_s))))
            if term.law is not None and term.argument is not None:
                heat = heat * term.law(temperatures[term.argument])
            rise += heat
    return rise


def _plate_defects(
    b: Bundle, p: PlateMesh, T: Floats, through: Floats, line: Floats, delta: Floats, defect: Floats
) -> None:
    (nx, ny), cells = p.shape, slice(p.start, p.start + p.shape[0] * p.shape[1])
    field = T[cells]
    lost, slope = np.zeros(nx * ny), np.zeros(nx * ny)
    cubed = field * field * field
    for k in p.surfaces:
        pattern = b.sf_pattern[k]
        weight = b.sf_coef[k] * b.pat_value[b.pat_ptr[pattern] : b.pat_ptr[pattern + 1]]
        if b.sf_kind[k]:
            lost += (b.sigma * weight) * cubed * field
            slope += (4.0 * b.sigma * weight) * cubed
        else:
            lost += weight * field
            slope += weight
    shape = (ny, nx)
    area = p.across.area_m2
    lost, slope = lost.reshape(shape) / area, slope.reshape(shape) / area
    low, high = (through[1, i, cells].reshape(shape) for i in (0, 1))
    across = legs_of(p.across, low, high, line[cells].reshape(shape), lost, slope)
    low, high = (through[0, i, cells].reshape(shape).T for i in (0, 1))
    along = legs_of(p.along, low, high, 0.0, lost.T, slope.T)
    delta[1, 0, cells], delta[1, 1, cells] = across.low_W.ravel(), across.high_W.ravel()
    delta[0, 0, cells], delta[0, 1, cells] = along.low_W.T.ravel(), along.high_W.T.ravel()
    defect[cells] += (across.row_W + along.row_W.T).ravel()


def _radiating_channels(b: Bundle, temperatures: Floats, defect: Floats) -> None:
    """Add the defects of cells that radiate at what leaves them, not at their means."""
    if not len(b.gr_a):
        return
    inlet = np.full(b.n, -1)
    for k in range(len(b.ch_start)):
        feeds = slice(b.ch_adv[k], b.ch_adv[k] + b.ch_n[k])
        inlet[b.adv_to[feeds]] = b.adv_from[feeds]
    for ends, others in ((b.gr_a, b.gr_b), (b.gr_b, b.gr_a)):
        mine = np.flatnonzero(ends < b.n)
        mine = mine[inlet[ends[mine]] >= 0]
        cell, other = ends[mine], others[mine]
        half_K = 0.5 * (temperatures[cell] - temperatures[inlet[cell]])
        more = 4.0 * b.sigma * b.gr_g[mine] * temperatures[cell] ** 3 * half_K
        np.add.at(defect, cell, -more)
        np.add.at(defect, other[other < b.n], more[other < b.n])


def _named(b: Bundle, mesh: Mesh, error: Floats, delta: Floats, found: WallState | None) -> MeshError:
    """Sort the errors by part."""
    groups = {
        name: error[part.start : part.stop]
        for name, part in mesh.parts.items()
        if part.kind not in ("valve", "battery", "edge")
    }
    if found is not None:
        wall = found.wall_error_K(error, delta[1])
        groups |= {f"{name}.wall": wall[e] for name, e in found.walls.channels}
    for edge in mesh.edges:
        surface = error[edge.cells] + delta[edge.axis, edge.high, edge.cells] / edge.half_W_K
        for term in edge.terms:
            if term.other is not None:
                other = np.broadcast_to(term.other, edge.cells.shape)
                theirs = np.where(other < b.n, error[np.minimum(other, b.n - 1)], 0.0)
                surface = surface + term.ratio * (theirs - surface)
        groups[edge.name] = surface
    by_part = {name: float(e[np.argmax(np.abs(e))]) for name, e in groups.items() if len(e)}
    where = max(by_part, key=lambda name: abs(by_part[name]))
    by_part |= {name: float(error[index]) for name, index in mesh.outlets.items()}
    return MeshError(largest_K=abs(by_part[where]), where=where, by_part_K=by_part, error=error)
