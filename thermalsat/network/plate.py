"""Plates: orthotropic conduction on finite volumes, with edges, faces, cells and tube lines."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from thermalsat.bundle import Floats
from thermalsat.errors import InputError

from .places import Part, Place
from .plate_places import Cells, CellsIndexer, Edge, EdgeSurface, Face, Line, flat, line_at

if TYPE_CHECKING:
    pass

__all__ = [
    "Cells",
    "Edge",
    "EdgeSurface",
    "Face",
    "Line",
    "Plate",
    "flat",
    "in_order",
    "series",
    "shape_of",
]

SIDES = ("west", "east", "south", "north")
FACES = ("front", "back")


def series(*conductances: Any) -> Any:
    """Conductances in series; ``inf`` is no resistance, zero no path.

    >>> float(series(2.0, 2.0)), float(series(3.0, np.inf)), float(series(0.0, 1.0))
    (1.0, 3.0, 0.0)
    """
    with np.errstate(divide="ignore"):
        resistance = sum(1.0 / np.asarray(g, dtype=np.float64) for g in conductances)
        return 1.0 / np.asarray(resistance)


class Plate(Part):
    """A rectangle of ``nx`` by ``ny`` cells; fields are ``(nx, ny)``, x first.

    Conductance between neighbours is the series of their two half cells,
    ``1 / (dx_i / (2 k_i A) + dx_j / (2 k_j A))`` (second order; exact for a step of conductivity on
    a cell face).
    """

    rank: ClassVar[int] = 0

    def __init__(
        self,
        network: Any,
        name: str,
        *,
        x_edges_m: Floats,
        y_edges_m: Floats,
        thickness_m: float,
        conductivity_W_m_K: tuple[Floats, Floats],
        capacity_J_m3_K: Floats,
        temperature_K: Floats,
        copies: float,
    ) -> None:
        super().__init__(network, name)
        self.x_edges_m, self.y_edges_m = x_edges_m, y_edges_m
        self.dx_m, self.dy_m = np.diff(x_edges_m), np.diff(y_edges_m)
        self.thickness_m = thickness_m
        self.kx_W_m_K, self.ky_W_m_K = conductivity_W_m_K
        self.capacity_J_m3_K = capacity_J_m3_K
        self.temperature_K = temperature_K
        self.copies = copies

    @property
    def shape(self) -> tuple[int, int]:
        """``(nx, ny)``."""
        return len(self.dx_m), len(self.dy_m)

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return len(self.dx_m) * len(self.dy_m)

    @cached_property
    def area_m2(self) -> Floats:
        """Area of each cell on one face, one copy, ``(nx, ny)`` [m²]."""
        area = np.outer(self.dx_m, self.dy_m)
        area.flags.writeable = False
        return area

    @property
    def x_m(self) -> Floats:
        """Cell centres along x [m]."""
        return 0.5 * (self.x_edges_m[1:] + self.x_edges_m[:-1])

    @property
    def y_m(self) -> Floats:
        """Cell centres along y [m]."""
        return 0.5 * (self.y_edges_m[1:] + self.y_edges_m[:-1])

    @property
    def shares(self) -> Floats:
        """How a total is shared between the cells (sums to one)."""
        area = flat(self.area_m2)
        return area / area.sum()

    def capacity(self) -> Floats:
        """Heat capacity of each unknown [J/K]."""
        return flat(float(self.copies or 1.0) * self.thickness_m * self.area_m2 * self.capacity_J_m3_K)

    def initial(self) -> Floats:
        """Return initial values of the unknowns."""
        return flat(self.temperature_K)

    def view(self, values: Floats) -> Floats:
        """Values in the shape that a user sees."""
        nx, ny = self.shape
        return values.reshape(ny, nx).T

    def flat(self, value: Any) -> Floats:
        """Values in the order of the unknowns."""
        return flat(np.broadcast_to(np.asarray(value, dtype=np.float64), self.shape))

    def label(self, offset: int) -> str:
        """Name of one unknown."""
        j, i = divmod(offset, len(self.dx_m))
        return f"{self.name}[{i}, {j}]"

    def conductances(self) -> tuple[Floats, Floats]:
        """Conductances of one copy along x ``(nx-1, ny)`` and along y ``(nx, ny-1)`` [W/K]."""
        hx, hy = self.half_cells()
        return series(hx[:-1], hx[1:]), series(hy[:, :-1], hy[:, 1:])

    def half_cells(self) -> tuple[Floats, Floats]:
        """Conductances from a cell's centre to its x and y faces, one copy, ``(nx, ny)`` [W/K]."""
        t, dx, dy = self.thickness_m, self.dx_m[:, None], self.dy_m[None, :]
        return 2.0 * t * self.kx_W_m_K * dy / dx, 2.0 * t * self.ky_W_m_K * dx / dy

    def edge(self, side: str) -> Edge:
        """Return an edge: ``"west"``/``"east"`` at x = 0/Lx, ``"south"``/``"north"`` at y = 0/Ly."""
        if side not in SIDES:
            raise InputError(f"`side` must be one of {', '.join(SIDES)}, got {side!r}")
        return Edge(self, side)

    def face(self, side: str) -> Face:
        """One of the two faces, ``"front"`` or ``"back"``."""
        if side not in FACES:
            raise InputError(f"`side` must be front or back, got {side!r}")
        return Face(self, side)

    @property
    def cells(self) -> CellsIndexer:
        """Cells by index: ``plate.cells[3, 4]``, ``plate.cells[3:5, 2]``."""
        return CellsIndexer(self)

    def line(self, *, y: Any) -> Line:
        """Return a line along x at `y`, for a channel: on a cell face, a cell centre or an edge."""
        from thermalsat.units import si, single

        return line_at(self, single(si(y, "m", "y"), "y"))


def in_order(values: Any) -> Any:
    """Values over a place in the order of its unknowns."""
    return flat(values) if np.ndim(values) == 2 else values


def shape_of(target: Place) -> tuple[int, ...]:
    """Shape of a field over a place."""
    if isinstance(target, Face):
        return target.plate.shape
    return target.shape if isinstance(target, Plate) else (target.size,)
