"""Places on a plate: cells, edges, faces and tube lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from thermalsat.bundle import Floats, Indices
from thermalsat.errors import InputError

from .places import Part, Place

if TYPE_CHECKING:
    from .layout import Layout
    from .plate import Plate

__all__ = ["Cells", "CellsIndexer", "Edge", "EdgeSurface", "Face", "Line", "flat", "line_at"]


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

    It exists where an edge radiates, or where more than one thing acts on it, a tube included: then it is
    the tube's wall.
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

    @property
    def edge(self) -> Edge:
        """The edge that the line is, where it is one."""
        return Edge(self.plate, "south" if self.row == 0 else "north")


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
