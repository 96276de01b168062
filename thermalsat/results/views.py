"""What a result needs to know of a network: shapes, edges and walls, without the network itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.bundle import Bundle
from thermalsat.laws import Law, WallLaw
from thermalsat.network.channel import Channel
from thermalsat.network.elements import Conductance, Source
from thermalsat.network.layout import Layout
from thermalsat.network.plate import Edge, EdgeSurface, Plate, series
from thermalsat.network.power import Battery, Valve
from thermalsat.pieces import Pieces

__all__ = ["EdgeTerm", "EdgeView", "PartView", "WallView", "view_parts"]

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EdgeTerm:
    """One thing that acts on an edge and raises its surface over the cells' centres.

    ``ratio (T[other] - T_cell) + over_half s(t) law(T[argument])``: a link of which `ratio` is the part
    of the resistance in the half cell, or heat over the conductance of the half cell.
    """

    other: Indices | None = None
    ratio: Floats | float = 0.0
    over_half_K: Floats | float = 0.0
    pieces: Pieces | None = None
    law: Law | None = None
    argument: Indices | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EdgeView:
    """Cells of an edge, what acts on it, the channel that lies on it; whether the surface is an unknown."""

    cells: Indices
    terms: tuple[EdgeTerm, ...] = ()
    channels: tuple[str, ...] = ()
    own_surface: bool = False

    @property
    def fixed(self) -> bool:
        """Whether the surface is held at the temperature of what it is joined to."""
        return (
            not self.own_surface
            and len(self.terms) == 1
            and self.terms[0].other is not None
            and bool(np.all(self.terms[0].ratio == 1.0))
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WallView:
    """Walls of a channel: its elements in the bundle, and its conductance where the star is not a tube."""

    first: int
    conductance_W_K: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartView:
    """One part: its unknowns ``start .. start + size`` and the shape in which they are shown.

    `kind` is one of "plate", "channel", "edge", "node", "valve", "battery".
    """

    name: str
    kind: str
    start: int
    size: int
    law: Law | None = None
    x_edges_m: Floats | None = None
    y_edges_m: Floats | None = None
    edges: Mapping[str, EdgeView] = field(default_factory=dict)
    lines: tuple[tuple[str, str, int], ...] = ()
    wall: WallView | None = None

    @property
    def stop(self) -> int:
        """One past the last unknown."""
        return self.start + self.size

    def label(self, offset: int) -> str:
        """Name of one unknown, for messages."""
        if self.kind == "plate":
            assert self.x_edges_m is not None
            j, i = divmod(offset, len(self.x_edges_m) - 1)
            return f"{self.name}[{i}, {j}]"
        return self.name if self.size == 1 else f"{self.name}[{offset}]"

    def shown(self, values: Floats) -> Floats:
        """Return values (..., size) in the part's shape: (..., nx, ny), (..., n) or (...)."""
        if self.kind == "plate":
            assert self.x_edges_m is not None
            nx = len(self.x_edges_m) - 1
            return np.swapaxes(values.reshape(*values.shape[:-1], -1, nx), -1, -2)
        return values[..., 0] if self.size == 1 and self.kind not in ("channel", "edge") else values


def view_parts(bundle: Bundle, layout: Layout, elements: Sequence[Any]) -> dict[str, PartView]:
    """Describe every part of a network."""
    plates = [part for part in layout.parts if isinstance(part, Plate)]
    channels = [part for part in layout.parts if isinstance(part, Channel)]
    surfaces = {part.edge.key: part for part in layout.parts if isinstance(part, EdgeSurface)}
    views: dict[str, PartView] = {}
    for part in layout.parts:
        common: dict[str, Any] = {
            "name": part.name,
            "start": layout.start(part),
            "size": part.size,
            "law": part.law,
        }
        if isinstance(part, Plate):
            view = PartView(
                kind="plate",
                x_edges_m=part.x_edges_m,
                y_edges_m=part.y_edges_m,
                edges=_edges(part, layout, elements, surfaces, channels),
                lines=tuple(
                    (channel.name, channel.line.kind, channel.line.row)
                    for channel in channels
                    if channel.line is not None and channel.line.plate is part
                ),
                **common,
            )
        elif isinstance(part, Channel):
            k = channels.index(part)
            x = np.concatenate([[0.0], np.cumsum(part.dx_m)])
            if part.line is not None:
                x = part.line.plate.x_edges_m
            view = PartView(kind="channel", x_edges_m=x, wall=_wall(part, int(bundle.ch_wall[k])), **common)
        elif isinstance(part, EdgeSurface):
            view = PartView(kind="edge", **common)
        else:
            kind = {Valve: "valve", Battery: "battery"}.get(type(part), "node")
            view = PartView(kind=kind, **common)
        views[part.name] = view
    assert len(plates) == len(bundle.pl_start)
    return views


def _wall(channel: Channel, first: int) -> WallView | None:
    if channel.line is None:
        return None
    two_sided = channel.line.kind == "face" and not channel.line.on_edge
    if channel.scheme == "upwind" and two_sided and isinstance(channel.wall, float):
        return WallView(
            first=first, conductance_W_K=float(channel.copies or 1.0) * channel.wall * channel.dx_m
        )
    return WallView(first=first)


def _edges(
    plate: Plate,
    layout: Layout,
    elements: Sequence[Any],
    surfaces: Mapping[tuple[str, str], EdgeSurface],
    channels: Sequence[Channel],
) -> dict[str, EdgeView]:
    views = {}
    for side in ("west", "east", "south", "north"):
        edge = Edge(plate, side)
        surface = surfaces.get(edge.key)
        if surface is not None:
            terms = [EdgeTerm(other=surface.indices(layout), ratio=1.0)]
        else:
            acting = [item for item in elements if any(other.key == edge.key for other in item.edges)]
            terms = [_term(item, edge, layout, surfaces) for item in acting]
        row = {"south": 0, "north": plate.shape[1]}.get(side, -1)
        lying = tuple(
            channel.name
            for channel in channels
            if channel.line is not None
            and channel.line.plate is plate
            and channel.line.on_edge
            and channel.line.row == row
            and surface is None
        )
        if terms or lying:
            views[side] = EdgeView(
                cells=edge.indices(layout),
                terms=tuple(terms),
                channels=lying,
                own_surface=surface is not None,
            )
    return views


def _term(
    element: Any, edge: Edge, layout: Layout, surfaces: Mapping[tuple[str, str], EdgeSurface]
) -> EdgeTerm:
    half = edge.half_W_K
    if isinstance(element, Source):
        argument = element.argument
        return EdgeTerm(
            over_half_K=element.power_W / half,
            pieces=element.pieces,
            law=element.law,
            argument=edge.indices(layout) if argument is None else argument.indices(layout),
        )
    assert isinstance(element, Conductance)
    mine = isinstance(element.a, Edge) and element.a.key == edge.key
    other = element.b if mine else element.a
    half_other = np.inf
    if isinstance(other, Edge):
        found = surfaces.get(other.key)
        if found is None:
            half_other, indices = other.half_W_K, other.indices(layout)
        else:
            indices = found.indices(layout)
    else:
        indices = other.indices(layout)
    with np.errstate(invalid="ignore"):
        ratio = np.where(
            np.isinf(element.g_W_K) & np.isinf(half_other),
            1.0,
            series(element.g_W_K, half, half_other) / half,
        )
    return EdgeTerm(other=indices, ratio=ratio)


def wall_K(bundle: Bundle, part: PartView, y: Floats, Ta: Floats, Tb: Floats, Tc: Floats) -> Floats:
    """Tube-wall temperatures of a channel [K], (k, cells).

    From the unknowns y (k, n), the rows of plate beside it Ta, Tb and the coolant Tc, (k, cells).
    """
    assert part.wall is not None
    e = slice(part.wall.first, part.wall.first + part.size)
    ga, gb = bundle.w_ga[e], bundle.w_gb[e]
    if not ga.any():
        return np.asarray(Ta)
    g = bundle.w_g[e] * _film(bundle, e, y, Tc)
    wall = (ga * Ta + gb * Tb + g * Tc) / (ga + gb + g)
    outer = part.wall.conductance_W_K
    if outer is None:
        return np.asarray(wall)
    return np.asarray(Tc + g * (wall - Tc) / outer)


def _film(b: Bundle, e: slice, y: Floats, Tc: Floats) -> Any:
    film = np.ones_like(Tc)
    for k, element in enumerate(range(e.start, e.stop)):
        which, valve = int(b.w_law[element]), int(b.w_valve[element])
        if which < 0:
            continue
        flow: Any = b.w_c0[element]
        if valve >= 0:
            flow = flow + b.w_c1[element] * y[:, int(b.v_state[valve])]
        film[:, k] = _wall_law(b, which)(Tc[:, k], flow)
    return film


def _wall_law(b: Bundle, k: int) -> WallLaw:
    coef = b.wl_coef[b.wl_ptr[k] : b.wl_ptr[k + 1]].reshape(int(b.wl_nT[k]), int(b.wl_nw[k]), 4, 4)
    return WallLaw(float(b.wl_T0[k]), float(b.wl_dT[k]), float(b.wl_w0[k]), float(b.wl_dw[k]), coef)
