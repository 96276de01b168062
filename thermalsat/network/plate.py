"""Plates: orthotropic conduction on finite volumes, with edges, faces, cells and tube lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from thermalsat.bundle import Floats, Indices
from thermalsat.errors import InputError

from .places import Part, Place

if TYPE_CHECKING:
    from .layout import Layout

__all__ = ["Cells", "Edge", "EdgeSurface", "Face", "Line", "Plate", "in_order", "series", "shape_of"]

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

    @property
    def area_m2(self) -> Floats:
        """Area of each cell on one face, one copy, ``(nx, ny)`` [m²]."""
        return np.outer(self.dx_m, self.dy_m)

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
        from thermalsat.units import si

        return line_at(self, float(si(y, "m", "y")))


def flat(values: Any) -> Floats:
    """Return an ``(nx, ny)`` field in the order of the unknowns, x fastest."""
    return np.ascontiguousarray(np.asarray(values).T).ravel()


class OnPlate(Place):
    """A place that is part of a plate."""

    def __init__(self, plate: Plate, name: str) -> None:
        super().__init__(plate.network, name)
        self.plate = plate
        self.copies = plate.copies


class CellsIndexer:
    """Makes `Cells` of a plate by NumPy-like indexing."""

    def __init__(self, plate: Plate) -> None:
        self._plate = plate

    def __getitem__(self, key: Any) -> Cells:
        if not (isinstance(key, tuple) and len(key) == 2):
            raise InputError(
                f"`cells` must be indexed by two of index or slice, e.g. cells[3, 4]; got {key!r}"
            )
        index = np.arange(self._plate.size).reshape(self._plate.shape[::-1]).T
        try:
            chosen = np.ravel(index[key])
        except IndexError as error:
            raise InputError(
                f"`cells` of {self._plate.name!r} have shape {self._plate.shape}: {error}"
            ) from None
        if chosen.size == 0:
            raise InputError(f"`cells` must select at least one cell, got {key!r}")
        text = ", ".join(_key_text(part) for part in key)
        return Cells(self._plate, chosen, f"{self._plate.name}[{text}]")


def _key_text(part: Any) -> str:
    if isinstance(part, slice):
        ends = ["" if end is None else str(end) for end in (part.start, part.stop)]
        return ":".join([*ends, str(part.step)] if part.step is not None else ends)
    return str(part)


class Cells(OnPlate):
    """Some cells of a plate; totals are shared between them by area."""

    def __init__(self, plate: Plate, offsets: Indices, name: str) -> None:
        super().__init__(plate, name)
        self.offsets = offsets

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return len(self.offsets)

    @property
    def area_m2(self) -> Floats:
        """Area of each cell on one face [m²]."""
        return flat(self.plate.area_m2)[self.offsets]

    @property
    def shares(self) -> Floats:
        """How a total is shared between the cells (sums to one)."""
        area = self.area_m2
        return area / area.sum()

    def indices(self, layout: Layout) -> Indices:
        """Return extended indices in the bundle."""
        return layout.start(self.plate) + self.offsets.astype(np.intp)


class Edge(OnPlate):
    """One edge of a plate, through its thickness."""

    def __init__(self, plate: Plate, side: str) -> None:
        super().__init__(plate, f"{plate.name}.{side}")
        self.side = side
        nx, ny = plate.shape
        index = np.arange(plate.size).reshape(ny, nx).T
        hx, hy = plate.half_cells()
        self.offsets, self.half_W_K, self.length_m = {
            "west": (index[0], hx[0], plate.dy_m),
            "east": (index[-1], hx[-1], plate.dy_m),
            "south": (index[:, 0], hy[:, 0], plate.dx_m),
            "north": (index[:, -1], hy[:, -1], plate.dx_m),
        }[side]

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return len(self.offsets)

    @property
    def area_m2(self) -> Floats:
        """Area of each edge cell, length times thickness [m²]."""
        return self.length_m * self.plate.thickness_m

    @property
    def shares(self) -> Floats:
        """How a total is shared between the cells (sums to one)."""
        return self.length_m / self.length_m.sum()

    @property
    def key(self) -> tuple[str, str]:
        """What tells edges apart."""
        return self.plate.name, self.side

    def indices(self, layout: Layout) -> Indices:
        """Return extended indices in the bundle."""
        return layout.start(self.plate) + self.offsets.astype(np.intp)


class EdgeSurface(Part):
    """The surface temperatures of an edge, without heat capacity, half a cell from the cells' centres.

    It exists where an edge radiates, or where more than one thing acts on it.
    """

    rank: ClassVar[int] = 2

    def __init__(self, edge: Edge) -> None:
        super().__init__(edge.network, edge.name)
        self.edge = edge
        self.copies = edge.copies

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return self.edge.size

    def capacity(self) -> Floats:
        """Heat capacity of each unknown [J/K]."""
        return np.zeros(self.size)

    def initial(self) -> Floats:
        """Return initial values of the unknowns."""
        return self.edge.plate.initial()[self.edge.offsets]


class Face(OnPlate):
    """One face of a plate, every cell of it."""

    def __init__(self, plate: Plate, side: str) -> None:
        super().__init__(plate, f"{plate.name}.{side}")
        self.side = side

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return self.plate.size

    @property
    def shares(self) -> Floats:
        """How a total is shared between the cells (sums to one)."""
        return self.plate.shares

    def indices(self, layout: Layout) -> Indices:
        """Return extended indices in the bundle."""
        return self.plate.indices(layout)


class Line(OnPlate):
    """A line of a plate along x that a channel lies on.

    ``kind`` is ``"face"`` (between rows ``row - 1`` and ``row``; rows 0 and ny are the edges) or
    ``"centre"`` (along the centres of row ``row``).
    """

    def __init__(self, plate: Plate, kind: str, row: int) -> None:
        y = plate.y_edges_m[row] if kind == "face" else plate.y_m[row]
        super().__init__(plate, f"{plate.name}.line({y:g} m)")
        self.kind, self.row = kind, row

    @property
    def on_edge(self) -> bool:
        """Whether the line is an edge of the plate (a line of symmetry)."""
        return self.kind == "face" and self.row in (0, self.plate.shape[1])


def line_at(plate: Plate, y_m: float) -> Line:
    """Return the line at `y_m`, refused with the nearest allowed values when it is on no face or centre."""
    tolerance = 1e-9 * (plate.y_edges_m[-1] - plate.y_edges_m[0])
    for kind, values in (("face", plate.y_edges_m), ("centre", plate.y_m)):
        row = int(np.argmin(np.abs(values - y_m)))
        if abs(values[row] - y_m) <= tolerance:
            return Line(plate, kind, row)
    allowed = np.sort(np.concatenate([plate.y_edges_m, plate.y_m]))
    near = np.sort(allowed[np.argsort(np.abs(allowed - y_m))[:2]])
    raise InputError(
        f"`y` must lie on a cell face, a cell centre or an edge of {plate.name!r}; the nearest are "
        f"{near[0]:.9g} m and {near[1]:.9g} m, got {y_m:.9g} m"
    )


def in_order(values: Any) -> Any:
    """Values over a place in the order of its unknowns."""
    return flat(values) if np.ndim(values) == 2 else values


def shape_of(target: Place) -> tuple[int, ...]:
    """Shape of a field over a place."""
    if isinstance(target, Face):
        return target.plate.shape
    return target.shape if isinstance(target, Plate) else (target.size,)
