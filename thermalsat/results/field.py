"""A temperature field over a plate, with its values between and beyond the cell centres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.errors import InputError
from thermalsat.units import from_si, si

__all__ = ["SIDES", "EdgeField", "Field", "LineField"]

Floats = NDArray[np.float64]
SIDES = ("west", "east", "south", "north")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EdgeField:
    """Surface temperatures of one edge [K], (..., cells along it); None where no heat crosses it."""

    values_K: Floats | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LineField:
    """A line along x at which the slope across it jumps: a tube.

    ``row`` and ``kind`` as in `thermalsat.network`: "face" lies below row ``row`` and brings its own
    temperatures (..., nx) [K], "centre" lies on the centres of row ``row``.
    """

    kind: str
    row: int
    values_K: Floats | None = None


class Field:
    """Temperatures of the cells of a plate, (time, nx, ny), or (nx, ny) for a steady state.

    Behaves like the Quantity in `values` for reading (``field[3]``, ``field.m_as("degC")``,
    ``field.max()``), and gives the temperature anywhere on the plate with `at`.

    Parameters
    ----------
    name : str
    values_K : (..., nx, ny) float
    x_edges_m, y_edges_m : (nx + 1,), (ny + 1,) float
        Edges of the cells [m].
    edges : mapping of side to EdgeField
        Conditions at the edges; a side left out lets no heat through.
    lines : sequence of LineField
        Tubes, by increasing y.

    Examples
    --------
    >>> import numpy as np
    >>> field = Field("p", np.array([[300.0, 310.0]]), np.array([0.0, 1.0]), np.array([0.0, 1.0, 2.0]))
    >>> field.shape
    (1, 2)
    >>> print(field.at("0.5 m", "1 m"))
    305.0 kelvin
    """

    def __init__(
        self,
        name: str,
        values_K: Floats,
        x_edges_m: Floats,
        y_edges_m: Floats,
        edges: Mapping[str, EdgeField] | None = None,
        lines: tuple[LineField, ...] = (),
    ) -> None:
        self.name = name
        self.values_K = values_K
        self.x_edges_m, self.y_edges_m = x_edges_m, y_edges_m
        self.edges = {side: (edges or {}).get(side, EdgeField()) for side in SIDES}
        self.lines = tuple(
            line for line in lines if line.kind == "centre" or 0 < line.row < len(y_edges_m) - 1
        )

    @property
    def values(self) -> Any:
        """The temperatures (Quantity [K]), x before y."""
        return from_si(self.values_K, "K")

    @property
    def x(self) -> Any:
        """Cell centres along x (Quantity [m])."""
        return from_si(_centres(self.x_edges_m), "m")

    @property
    def y(self) -> Any:
        """Cell centres along y (Quantity [m])."""
        return from_si(_centres(self.y_edges_m), "m")

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the values."""
        return self.values_K.shape

    @property
    def magnitude(self) -> Floats:
        """The temperatures in kelvin, as floats."""
        return self.values_K

    def m_as(self, unit: Any) -> Any:
        """Return the temperatures in `unit`, as floats."""
        return self.values.m_as(unit)

    def to(self, unit: Any) -> Any:
        """Return the temperatures as a Quantity in `unit`."""
        return self.values.to(unit)

    def __getitem__(self, key: Any) -> Any:
        return from_si(self.values_K[key], "K")

    def __len__(self) -> int:
        return len(self.values_K)

    def max(self) -> Any:
        """Hottest cell at any time (Quantity [K])."""
        return from_si(float(self.values_K.max()), "K")

    def min(self) -> Any:
        """Coldest cell at any time (Quantity [K])."""
        return from_si(float(self.values_K.min()), "K")

    def mean(self) -> Any:
        """Area-weighted mean over the plate, one value for each time (Quantity [K])."""
        area = np.outer(np.diff(self.x_edges_m), np.diff(self.y_edges_m))
        return from_si((self.values_K * area).sum(axis=(-2, -1)) / area.sum(), "K")

    def edge(self, side: str) -> Any:
        """Surface temperatures of an edge (Quantity [K], (..., cells along it))."""
        if side not in SIDES:
            raise InputError(f"`side` must be one of {', '.join(SIDES)}, got {side!r}")
        return from_si(self._edge_K(side), "K")

    def _edge_K(self, side: str) -> Floats:
        given = self.edges[side].values_K
        if given is not None:
            return given
        across = self.values_K if side in ("west", "east") else np.swapaxes(self.values_K, -1, -2)
        ends = self.x_edges_m if side in ("west", "east") else self.y_edges_m
        width = np.diff(ends)
        if side in ("east", "north"):
            across, width = across[..., ::-1, :], width[::-1]
        if len(width) == 1:
            return across[..., 0, :]
        # no slope at the edge: the parabola T = T0 + b s^2 through the two nearest centres
        near, far = 0.5 * width[0], width[0] + 0.5 * width[1]
        return across[..., 0, :] + (across[..., 0, :] - across[..., 1, :]) * (near**2 / (far**2 - near**2))

    def at(self, x: Any, y: Any) -> Any:
        """Temperature at points of the plate, by cubic interpolation that honours the edges.

        Parameters
        ----------
        x, y : Quantity [m]
            Points; arrays are broadcast against each other.

        Returns
        -------
        Quantity [K]
            The time axis, where there is one, followed by the shape of the points.

        Raises
        ------
        InputError
            For a point outside the plate.

        Notes
        -----
        Cell centres, edges and tube walls are the nodes of local cubics along x and y; no cubic reaches
        across a tube. Where no heat crosses an edge its value is that of the parabola without slope at
        the edge; otherwise it follows from the balance of the half cell, second order in its width.
        """
        x_m, y_m = np.broadcast_arrays(_inside(x, "x", self.x_edges_m), _inside(y, "y", self.y_edges_m))
        x_nodes = np.concatenate([self.x_edges_m[:1], _centres(self.x_edges_m), self.x_edges_m[-1:]])
        y_nodes, table, cuts = self._nodes()
        ix, wx = _stencils(x_m.ravel(), x_nodes, [0, len(x_nodes) - 1])
        iy, wy = _stencils(y_m.ravel(), y_nodes, cuts)
        chosen = table[..., ix[:, :, None], iy[:, None, :]]
        values = np.einsum("...pab,pa,pb->...p", chosen, wx, wy)
        values = values.reshape((*values.shape[:-1], *x_m.shape))
        return from_si(values if values.ndim else float(values), "K")

    def _nodes(self) -> tuple[Floats, Floats, list[int]]:
        """Nodes along y, values (..., nx + 2, nodes) and the nodes at which the slope may jump."""
        T = self.values_K
        west, east, south, north = (self._edge_K(side) for side in SIDES)
        corners = {
            (i, j): self._corner(i, j, (west, east)[i], (south, north)[j]) for i in (0, 1) for j in (0, 1)
        }
        rise = (west - T[..., 0, :], east - T[..., -1, :])
        first = np.concatenate([corners[0, 0][..., None], south, corners[1, 0][..., None]], axis=-1)
        last = np.concatenate([corners[0, 1][..., None], north, corners[1, 1][..., None]], axis=-1)
        rows = np.concatenate([west[..., None, :], T, east[..., None, :]], axis=-2)
        centres = _centres(self.y_edges_m)
        nodes, columns, cuts = [float(self.y_edges_m[0])], [first], [0]
        at_face = {line.row: line for line in self.lines if line.kind == "face" and line.values_K is not None}
        at_centre = {line.row for line in self.lines if line.kind == "centre"}
        for j, y in enumerate(centres):
            if j in at_face:
                wall = at_face[j].values_K
                assert wall is not None
                ends = [
                    wall[..., -side] + 0.5 * (rise[side][..., j - 1] + rise[side][..., j]) for side in (0, 1)
                ]
                columns.append(np.concatenate([ends[0][..., None], wall, ends[1][..., None]], axis=-1))
                cuts.append(len(nodes))
                nodes.append(float(self.y_edges_m[j]))
            if j in at_centre:
                cuts.append(len(nodes))
            columns.append(rows[..., j])
            nodes.append(float(y))
        cuts.append(len(nodes))
        nodes.append(float(self.y_edges_m[-1]))
        columns.append(last)
        return np.array(nodes), np.stack(columns, axis=-1), cuts

    def _corner(self, i: int, j: int, along_y: Floats, along_x: Floats) -> Floats:
        """Value of a corner: fixed where an edge is, else what both edges' rises give."""
        side_x, side_y = SIDES[i], SIDES[2 + j]
        fixed = [
            values
            for side, values in ((side_x, along_y[..., -j]), (side_y, along_x[..., -i]))
            if self.edges[side].fixed
        ]
        if fixed:
            return np.asarray(sum(fixed) / len(fixed))
        return np.asarray(along_y[..., -j] + along_x[..., -i] - self.values_K[..., -i, -j])

    def __repr__(self) -> str:
        axes = "(time, x, y)" if self.values_K.ndim == 3 else "(x, y)"
        span = f"{self.values_K.min():.3f} to {self.values_K.max():.3f} K"
        return f"<Field {self.name!r}: {axes} {self.shape}, {span}>"


def _centres(edges: Floats) -> Floats:
    return np.asarray(0.5 * (edges[1:] + edges[:-1]))


def _inside(value: Any, name: str, edges: Floats) -> Floats:
    points = np.asarray(si(value, "m", name))
    slack = 1e-9 * (edges[-1] - edges[0])
    outside = (points < edges[0] - slack) | (points > edges[-1] + slack)
    if outside.any():
        bad = float(points[outside].flat[0])
        raise InputError(f"`{name}` must be on the plate, {edges[0]:g} m to {edges[-1]:g} m, got {bad:g} m")
    return points


def _stencils(points: Floats, nodes: Floats, cuts: list[int]) -> tuple[NDArray[np.intp], Floats]:
    """Four nodes and their Lagrange weights for each point; none beyond a cut on either side of it."""
    indices, weights = np.zeros((len(points), 4), np.intp), np.zeros((len(points), 4))
    for p, q in enumerate(points):
        segment = min(max(int(np.searchsorted(nodes[cuts], q)) - 1, 0), len(cuts) - 2)
        lo, hi = cuts[segment], cuts[segment + 1]
        first = max(min(int(np.searchsorted(nodes, q)) - 2, hi - 3), lo)
        chosen = np.arange(first, min(first + 4, hi + 1))
        x = nodes[chosen]
        for a in range(len(chosen)):
            others = np.delete(x, a)
            weights[p, a] = np.prod((q - others) / (x[a] - others))
        indices[p, : len(chosen)] = chosen
    return indices, weights
