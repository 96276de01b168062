"""Element laws with their places: each emits its entries of the bundle.

Values are for one copy of the plate or channel they sit on; the collector multiplies by the copies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from thermalsat.bundle import Floats
from thermalsat.errors import InputError
from thermalsat.laws import Law
from thermalsat.pieces import Pieces

from .places import Boundary, Bus, Mixer, Place
from .plate import Edge, Face, Plate, flat, series

if TYPE_CHECKING:
    from .collector import Collector
    from .power import Valve

__all__ = [
    "Conductance",
    "Element",
    "PlateSource",
    "Radiation",
    "Source",
    "Stream",
    "Surface",
    "common_copies",
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Element:
    """Something between places that moves heat; `flow` is the name of its ledger entry."""

    flow: str | None = None

    @property
    def edges(self) -> list[Edge]:
        """Plate edges it acts on."""
        return []

    def emit(self, c: Collector) -> None:
        """Add its entries."""
        raise NotImplementedError


def common_copies(a: Place, b: Place) -> float:
    """Return copies of an element between two places; parts with different copies cannot be joined."""
    if a.copies is not None and b.copies is not None and a.copies != b.copies:
        raise InputError(
            f"`copies` must be the same on both sides of a coupling: {a.name!r} has {a.copies:g}, "
            f"{b.name!r} has {b.copies:g}; join them through a node"
        )
    for place in (a, b):
        if place.copies is not None:
            return place.copies
    return 1.0


def external(*places: Place) -> int:
    """Class of a flow that leaves its first place: -1 when another is a boundary, else internal."""
    return -1 if any(isinstance(place, Boundary) for place in places) else 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conductance(Element):
    """Linear exchange; `g_W_K` is outside the half cells of plate edges (infinite: a fixed edge)."""

    a: Place
    b: Place
    g_W_K: Any

    @property
    def edges(self) -> list[Edge]:
        """Plate edges that it acts on."""
        return [place for place in (self.a, self.b) if isinstance(place, Edge)]

    def emit(self, c: Collector) -> None:
        """Add its entries."""
        (a, half_a), (b, half_b) = c.side(self.a), c.side(self.b)
        g = common_copies(self.a, self.b) * series(self.g_W_K, half_a, half_b)
        c.add("gl", a=a, b=b, g=g, flow=c.flow(self.flow, external(self.b)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Radiation(Element):
    """Exchange of fourth powers; edges take part with their surface."""

    a: Place
    b: Place
    area_m2: Any

    @property
    def edges(self) -> list[Edge]:
        """Plate edges that it acts on."""
        return [place for place in (self.a, self.b) if isinstance(place, Edge)]

    def emit(self, c: Collector) -> None:
        """Add its entries."""
        a, b = c.side(self.a)[0], c.side(self.b)[0]
        g = common_copies(self.a, self.b) * np.asarray(self.area_m2)
        c.add("gr", a=a, b=b, g=g, flow=c.flow(self.flow, external(self.b)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surface(Element):
    """Every cell of a face against one other place; `field` is multiplied by the cells' areas."""

    face: Face
    other: Place
    field: Any
    fourth_power: bool

    def emit(self, c: Collector) -> None:
        """Add its entries."""
        plate = self.face.plate
        uniform = np.ndim(self.field) == 0
        values = plate.area_m2 if uniform else plate.area_m2 * self.field
        scale = float(self.field) if uniform else 1.0
        c.add(
            "sf",
            start=c.layout.start(plate),
            pattern=c.pattern(flat(values)),
            coef=common_copies(self.face, self.other) * scale,
            other=self.other.indices(c.layout),
            kind=int(self.fourth_power),
            flow=c.flow(self.flow, external(self.other)),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stream(Element):
    """A one-way link that carries what it finds at `a` into `b`; into a mixer it only mixes."""

    a: Place
    b: Place
    rate_W_K: float
    valve: Valve | None = None
    factors: tuple[float, float] = (1.0, 0.0)

    def emit(self, c: Collector) -> None:
        """Add its entries."""
        mixed = isinstance(self.b, Mixer)
        c.add(
            "adv",
            **{"from": self.a.indices(c.layout)},
            to=self.b.indices(c.layout),
            rate=self.rate_W_K,
            valve=c.valve(self.valve),
            c0=self.factors[0],
            c1=self.factors[1],
            flow=-1 if mixed else c.flow(self.flow, 1),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source(Element):
    """Power into the cells of a place or into a bus, times a forcing and a law of one temperature."""

    to: Place | Bus
    power_W: Floats
    pieces: Pieces | None = None
    law: Law | None = None
    argument: Place | None = None

    @property
    def edges(self) -> list[Edge]:
        """Plate edges that it acts on."""
        return [self.to] if isinstance(self.to, Edge) else []

    def emit(self, c: Collector) -> None:
        """Add its entries."""
        if isinstance(self.to, Bus):
            to, copies = np.array([c.bus(self.to)]), 1.0
        else:
            to, copies = c.side(self.to)[0], self.to.copies or 1.0
        argument = to if self.argument is None else c.side(self.argument)[0]
        c.add(
            "s",
            to=to,
            coef=copies * self.power_W,
            forcing=c.forcing(self.pieces),
            law=c.law(self.law),
            arg=np.zeros(1, np.intp) if self.law is None else argument,
            flow=c.flow(self.flow, 1),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlateSource(Element):
    """Heat on every cell of a plate: ``scale field_ij A_ij s(t)``, `scale` in W/m²."""

    plate: Plate
    field: Any
    scale: float
    pieces: Pieces | None = None

    def emit(self, c: Collector) -> None:
        """Add its entries."""
        c.add(
            "ps",
            start=c.layout.start(self.plate),
            pattern=c.pattern(flat(self.plate.area_m2 * self.field)),
            coef=float(self.plate.copies or 1.0) * self.scale,
            forcing=c.forcing(self.pieces),
            flow=c.flow(self.flow, 1),
        )
