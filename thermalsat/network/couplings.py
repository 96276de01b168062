"""The part of the network's interface that couples places."""

from __future__ import annotations

from typing import Any

import numpy as np

from thermalsat.errors import InputError

from . import inputs
from .channel import Channel, ChannelCells
from .electrics import Electrics
from .elements import Conductance, Radiation, Surface, common_copies
from .exchange import along, exchange_W_K
from .places import Boundary, Node, Place
from .plate import Cells, Edge, Face, Plate, in_order, shape_of
from .store import Store

__all__ = ["Couplings"]

Targets = (Node, Boundary, Cells, ChannelCells, Channel, Edge, Face, Plate, Store)


class Couplings(Electrics):
    """Methods that couple places."""

    def fix(self, edge: Edge, boundary: Boundary | Node, *, name: str | None = None) -> None:
        """Hold an edge at a temperature: half a cell of plate to each edge cell (second order).

        Parameters
        ----------
        edge : Edge
            ``plate.edge("south")``; nothing else can act on it.
        boundary : Boundary or Node
            What holds it.
        """
        self._own(edge, "edge", Edge)
        self._own(boundary, "boundary", Boundary, Node)
        flow = self._flow(name, f"{edge.name} -> {boundary.name}", "fixed")
        self._add(Conductance(a=edge, b=boundary, g_W_K=np.inf, flow=flow))

    def convect(
        self, target: Any, air: Any, *, coefficient: Any, area: Any = None, name: str | None = None
    ) -> None:
        """Exchange heat with a fluid through a film: ``h A (T - T_air)``.

        Parameters
        ----------
        target : Edge, Face, Node, Cells or Channel
            An edge takes part with half a cell of plate in series.
        air : Boundary or Node
            The fluid.
        coefficient : Quantity [W/m²/K]
            One value, or a field of the target's shape.
        area : Quantity [m²], optional
            Of a node or channel; other targets have their own.
        """
        target, other = self._pair(target, air)
        shape = shape_of(target)
        h = inputs.nonnegative_field(coefficient, "W/m^2/K", "coefficient", shape)
        areas = self._areas(target, area)
        flow = self._flow(name, f"{target.name} -> {other.name}", "convection")
        if isinstance(target, Face) and other.size == 1:
            value = h.flat[0] if np.all(h == h.flat[0]) else h
            self._add(Surface(face=target, other=other, field=value, fourth_power=False, flow=flow))
            return
        self._add(
            Conductance(a=target, b=other, g_W_K=exchange_W_K(target, other, in_order(h * areas)), flow=flow)
        )

    def radiate(
        self,
        target: Any,
        other: Any,
        *,
        emissivity: Any = None,
        view_factor: Any = 1.0,
        area: Any = None,
        GR: Any = None,
        name: str | None = None,
    ) -> None:
        """Exchange radiation: ``sigma eps F A (T⁴ - T_other⁴)``.

        Parameters
        ----------
        target : Face, Edge, Node, Cells or Channel
            An edge radiates with its surface, half a cell of plate from the cells' centres.
        other : Boundary, Node, or any target with GR
            Where to.
        emissivity, view_factor : float
            Between 0 and 1; one value or a field. The view factors out of a face or edge sum to one at most.
        area : Quantity [m²], optional
            Of a node or channel.
        GR : Quantity [m²], optional
            Radiative conductance ``eps F A`` in total, instead of the three others; shared by area.
        """
        target, other = self._pair(target, other)
        self._check_radiation(target, emissivity, area, GR)
        default = f"{target.name} -> {other.name}"
        if GR is not None:
            total = inputs.nonnegative(GR, "m^2", "GR")
            self._exchange(target, other, total, self._flow(name, default, "radiation"), fourth_power=True)
            return
        shape = shape_of(target)
        eps = inputs.fraction_field(emissivity, "emissivity", shape)
        view = inputs.fraction_field(view_factor, "view_factor", shape)
        areas = self._areas(target, area)
        self._see(target, view)
        flow = self._flow(name, default, "radiation")
        if isinstance(target, Face) and other.size == 1:
            self._add(Surface(face=target, other=other, field=eps * view, fourth_power=True, flow=flow))
            return
        self._add(Radiation(a=target, b=other, area_m2=in_order(eps * view * areas), flow=flow))

    def couple(
        self,
        a: Any,
        b: Any,
        *,
        conductance: Any = None,
        conductance_per_length: Any = None,
        name: str | None = None,
    ) -> None:
        """Join two places by a linear conductance: ``G (T_a - T_b)``.

        Parameters
        ----------
        a, b : Node, Store, Boundary, Cells, Edge, Face or Channel
            Places of several cells are joined to a single one cell by cell, or to one of as many cells
            pair by pair. Edges take part with half a cell of plate in series.
        conductance : Quantity [W/K]
            In total; shared between the cells by area or length.
        conductance_per_length : Quantity [W/m/K]
            Instead, along channels and edges. Cells of an ``"ntu"`` channel are exact in NTU, against a
            boundary or another channel in parallel or counter flow.
        """
        a, b = self._pair(a, b)
        if (conductance is None) == (conductance_per_length is None):
            raise InputError("`conductance` or `conductance_per_length` must be given, and not both")
        if conductance is not None:
            total = inputs.nonnegative(conductance, "W/K", "conductance")
            flow = self._flow(name, f"{a.name} -> {b.name}", "conduction")
            self._exchange(a, b, total, flow, fourth_power=False)
            return
        per_length = inputs.nonnegative(conductance_per_length, "W/m/K", "conductance_per_length")
        g = exchange_W_K(a, b, per_length * along(a, b))
        self._add(
            Conductance(a=a, b=b, g_W_K=g, flow=self._flow(name, f"{a.name} -> {b.name}", "conduction"))
        )

    def _pair(self, a: Any, b: Any) -> tuple[Any, Any]:
        """Two different places, a boundary last."""
        a, b = self._own(a, "first place", *Targets), self._own(b, "second place", *Targets)
        if isinstance(a, Boundary) and isinstance(b, Boundary):
            raise InputError(
                f"`{a.name}` and `{b.name}` are both boundaries; nothing would flow into the network"
            )
        if isinstance(a, Boundary):
            a, b = b, a
        if isinstance(a, Plate) or isinstance(b, Plate):
            a, b = (item.face("front") if isinstance(item, Plate) else item for item in (a, b))
        if isinstance(b, Face) and not isinstance(a, Face):
            a, b = b, a
        if a is b:
            raise InputError(f"`{a.name}` must be joined to another place, not to itself")
        common_copies(a, b)
        if a.size > 1 and b.size > 1 and a.size != b.size:
            raise InputError(
                f"`{a.name}` has {a.size} cells and `{b.name}` {b.size}: join as many, or a single one"
            )
        return a, b

    def _exchange(self, a: Any, b: Any, total: float, flow: str, *, fourth_power: bool) -> None:
        """Share a total conductance between the cells of two places."""
        if isinstance(a, Face) and b.size == 1:
            per_area = total / float(a.plate.area_m2.sum())
            self._add(Surface(face=a, other=b, field=per_area, fourth_power=fourth_power, flow=flow))
            return
        g = total * (a.shares if a.size > 1 else b.shares)
        if fourth_power:
            self._add(Radiation(a=a, b=b, area_m2=g, flow=flow))
        else:
            self._add(Conductance(a=a, b=b, g_W_K=exchange_W_K(a, b, g), flow=flow))

    def _areas(self, target: Any, area: Any) -> Any:
        if isinstance(target, (Edge, Cells, Face)):
            if area is not None:
                raise InputError(f"`area` must not be given for {target.name!r}, which has its own")
            return target.plate.area_m2 if isinstance(target, Face) else target.area_m2
        if area is None:
            raise InputError(f'`area` must be given for {target.name!r}, e.g. area="1 m^2"')
        return inputs.nonnegative(area, "m^2", "area") * target.shares

    def _check_radiation(self, target: Place, emissivity: Any, area: Any, GR: Any) -> None:
        if GR is not None and (emissivity is not None or area is not None):
            raise InputError("`GR` must not be given with `emissivity` or `area`")
        if GR is None and emissivity is None:
            raise InputError(f"`emissivity` or `GR` must be given to radiate from {target.name!r}")

    def _see(self, target: Place, view: Any) -> None:
        """Keep the sum of the view factors out of a face or edge at one or less."""
        if isinstance(target, (Face, Edge)):
            seen = self._views.get(target.name, 0.0) + np.asarray(view)
            most = float(np.max(seen))
            if most > 1.0 + 1e-9:
                raise InputError(
                    f"`view_factor` out of {target.name!r} must sum to 1 at most, got {most:.6g}"
                )
            self._views[target.name] = seen
