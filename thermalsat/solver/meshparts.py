"""What the estimate of the mesh error needs to know of a network: cells, edges and tubes of its plates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.bundle import Bundle
from thermalsat.network.channel import Channel
from thermalsat.network.layout import Layout
from thermalsat.network.plate import Plate
from thermalsat.results.views import PartView

from .halfcells import Direction
from .meshwalls import Walls, walls_of

__all__ = ["EdgeMesh", "Mesh", "PlateMesh", "mesh_of"]

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
SIDES = {"south": (1, 0), "north": (1, 1), "west": (0, 0), "east": (0, 1)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlateMesh:
    """Cells of one plate along y (rows first) and along x (columns first), and its surfaces."""

    name: str
    start: int
    shape: tuple[int, int]
    across: Direction
    along: Direction
    surfaces: Indices


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EdgeMesh:
    """What acts on an edge: a link to `other` through the share `ratio` of its half cell, or heat."""

    name: str
    axis: int
    high: int
    cells: Indices
    half_W_K: Floats
    terms: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mesh:
    """What the estimate needs to know of a network; made once."""

    plates: tuple[PlateMesh, ...]
    edges: tuple[EdgeMesh, ...]
    walls: Walls | None
    parts: Mapping[str, PartView]
    outlets: Mapping[str, int]


def mesh_of(bundle: Bundle, layout: Layout, parts: Mapping[str, PartView]) -> Mesh | None:
    """Return what the estimate needs of a network; None without plates."""
    plates = [part for part in layout.parts if isinstance(part, Plate)]
    channels = [part for part in layout.parts if isinstance(part, Channel)]
    if not plates:
        return None
    made, edges = [], []
    for plate in plates:
        lines = [c.line for c in channels if c.line is not None and c.line.plate is plate]
        nx, ny = plate.shape
        copies = float(plate.copies or 1.0)
        half_x, half_y = plate.half_cells()
        open_y, kinked = np.ones(ny + 1, dtype=bool), np.zeros(ny, dtype=bool)
        open_x = np.ones(nx + 1, dtype=bool)
        open_y[[0, ny]], open_x[[0, nx]] = False, False
        open_y[[line.row for line in lines if line.kind == "face"]] = False
        kinked[[line.row for line in lines if line.kind == "centre"]] = True
        start = layout.start(plate)
        area = copies * plate.area_m2
        across = _direction(plate.dy_m, copies * half_y.T, area.T, open_y, kinked)
        along = _direction(plate.dx_m, copies * half_x, area, open_x, np.zeros(nx, dtype=bool))
        inside = (bundle.sf_start >= start) & (bundle.sf_start < start + nx * ny)
        made.append(
            PlateMesh(
                name=plate.name,
                start=start,
                shape=(nx, ny),
                across=across,
                along=along,
                surfaces=np.flatnonzero(inside),
            )
        )
        for side, view in parts[plate.name].edges.items():
            if view.terms:
                axis, high = SIDES[side]
                half = copies * plate.edge(side).half_W_K
                edges.append(
                    EdgeMesh(
                        name=f"{plate.name}.{side}",
                        axis=axis,
                        high=high,
                        cells=view.cells,
                        half_W_K=half,
                        terms=view.terms,
                    )
                )
    outlets = {f"{c.name}.outlet": layout.start(c) + c.last for c in channels}
    walls = walls_of(bundle, channels, layout)
    return Mesh(plates=tuple(made), edges=tuple(edges), walls=walls, parts=parts, outlets=outlets)


def _direction(
    width: Floats, half: Floats, area: Floats, open_face: NDArray[np.bool_], kinked: NDArray[np.bool_]
) -> Direction:
    return Direction(
        width_m=np.ascontiguousarray(width[:, None]),
        half_W_K=np.ascontiguousarray(half),
        area_m2=np.ascontiguousarray(area),
        open_face=open_face[:, None],
        kinked=kinked,
    )
