"""The part of the network's interface that couples places and heats them."""

from __future__ import annotations

from typing import Any

import numpy as np

from thermalsat.errors import InputError
from thermalsat.laws import Law

from . import inputs
from .channel import Channel, ChannelCells
from .channel_inputs import flow_factors_of
from .elements import Conductance, PlateSource, Radiation, Source, Stream, Surface, common_copies
from .exchange import along, exchange_W_K
from .parts import Parts
from .places import Boundary, Bus, Mixer, Node, Part, Place
from .plate import Cells, Edge, Face, Plate

__all__ = ["Couplings"]

Targets = (Node, Boundary, Cells, ChannelCells, Channel, Edge, Face, Plate)


class Couplings(Parts):
    """Methods that add heat flows."""

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
        flow = self._flow(name, f"{target.name} -> {other.name}", "convection")
        shape = _shape(target)
        h = inputs.nonnegative_field(coefficient, "W/m^2/K", "coefficient", shape)
        if isinstance(target, Face):
            value = h.flat[0] if np.all(h == h.flat[0]) else h
            self._add(Surface(face=target, other=other, field=value, fourth_power=False, flow=flow))
            return
        g = exchange_W_K(target, other, h * self._areas(target, area))
        self._add(Conductance(a=target, b=other, g_W_K=g, flow=flow))

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
        shape = _shape(target)
        eps = inputs.fraction_field(emissivity, "emissivity", shape)
        view = inputs.fraction_field(view_factor, "view_factor", shape)
        self._see(target, view)
        flow = self._flow(name, default, "radiation")
        if isinstance(target, Face):
            self._add(Surface(face=target, other=other, field=eps * view, fourth_power=True, flow=flow))
            return
        self._add(Radiation(a=target, b=other, area_m2=eps * view * self._areas(target, area), flow=flow))

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
        a, b : Node, Boundary, Cells, Edge, Face or Channel
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

    def flow(
        self,
        a: Any,
        b: Any,
        *,
        capacity_rate: Any = None,
        mass_flow: Any = None,
        valve: Any = None,
        factors: tuple[float, float] = (1.0, 0.0),
        name: str | None = None,
    ) -> None:
        """Carry heat one way with a stream: `b` receives ``W (T_a - T_b)``, `a` nothing.

        Parameters
        ----------
        a : Boundary, Node, Mixer or Channel
            Where the stream comes from (a channel: its outlet).
        b : Node or Mixer
            Where it goes.
        capacity_rate : Quantity [W/K]
            ``m_dot c_p`` in total, not per copy; for a coolant at its reference temperature.
        mass_flow : Quantity [kg/s]
            Instead, where `a` or `b` carries a coolant of varying properties.
        valve, factors : Valve, (c0, c1)
            The flow is multiplied by ``c0 + c1 v``.
        """
        source, target = (item.outlet if isinstance(item, Channel) else item for item in (a, b))
        source = self._own(source, "a", Boundary, Node, Mixer, ChannelCells, Cells)
        target = self._own(target, "b", Node, Mixer, Cells, ChannelCells)
        if source.size != 1 or target.size != 1:
            raise InputError(
                f"`a` and `b` of a flow must be single places, got {source.name!r}, {target.name!r}"
            )
        source = self._stream_source(source, target)
        if (capacity_rate is None) == (mass_flow is None):
            raise InputError("`capacity_rate` or `mass_flow` must be given, and not both")
        if mass_flow is not None:
            if source.fluid is None:
                raise InputError("`mass_flow` must be replaced by `capacity_rate` where no coolant is known")
            rate = inputs.nonnegative(mass_flow, "kg/s", "mass_flow") * source.fluid.specific_heat_J_kg_K
        else:
            rate = inputs.nonnegative(capacity_rate, "W/K", "capacity_rate")
        pair = flow_factors_of(self, valve, factors, "factors")
        label = None
        if not isinstance(target, Mixer):
            label = self._flow(name, f"{source.name} -> {target.name}", "stream")
        self._add(Stream(a=source, b=target, rate_W_K=rate, valve=valve, factors=pair, flow=label))

    def heat(
        self,
        target: Any,
        amount: Any,
        *,
        pattern: Any = None,
        law: Law | None = None,
        argument: Any = None,
        name: str | None = None,
    ) -> None:
        """Put heat into a place; its unit decides: W in total, W/m² per area, W/m³ per volume.

        Parameters
        ----------
        target : Node, Cells, Edge, Face or Plate
            Where to. A flux needs a face, an edge or cells; W/m³ a plate or cells.
        amount : Quantity, Table or Function [W, W/m² or W/m³]
            How much.
        pattern : array, optional
            Factor for each cell, ``(nx, ny)`` (an edge: one row). A total in W is shared in proportion
            to pattern times area; a flux is multiplied by it.
        law : Law, optional
            Multiplies by ``law(T)``, T [K] of `argument`, or of each cell itself.
        argument : Place, optional
            One place.
        """
        target = self._own(target, "target", Node, Cells, Edge, Face, Plate, ChannelCells)
        unit, value, pieces = inputs.heat_amount(amount, _heat_units(target))
        shape = _shape(target)
        weights = 1.0 if pattern is None else inputs.numbers(pattern, "pattern", shape)
        if unit != "W" and np.ndim(weights) and np.all(weights == weights.flat[0]):
            # the plain area pattern is shared by all that acts on the plate
            value, weights = value * float(weights.flat[0]), 1.0
        if unit == "W":
            field = weights * _grid_shares(target)
            total = float(np.sum(field))
            if total == 0.0:
                raise InputError("`pattern` must not be zero everywhere when a total power is shared by it")
            field = field / total if pattern is not None else field
        else:
            field = weights * _measure(target, unit)
        flow = self._flow(name, f"heat -> {target.name}", "source")
        self._forced(pieces, flow)
        argument = self._argument(law, argument)
        if isinstance(target, (Face, Plate)) and law is None:
            plate = target.plate if isinstance(target, Face) else target
            self._add(PlateSource(plate=plate, field=field, scale=value, pieces=pieces, flow=flow))
            return
        power = value * np.asarray(field).T.ravel() if np.ndim(field) == 2 else value * np.atleast_1d(field)
        self._add(Source(to=target, power_W=power, pieces=pieces, law=law, argument=argument, flow=flow))

    def supply(
        self,
        bus: Bus,
        power: Any,
        *,
        law: Law | None = None,
        argument: Any = None,
        sign: int = 1,
        name: str | None = None,
    ) -> None:
        """Feed a bus (``sign=+1``) or load it (``sign=-1``) with ``power law(T_argument)``.

        Parameters
        ----------
        bus : Bus
            Where to.
        power : Quantity, Table or Function [W]
            Electrical power.
        law, argument : Law, Place
            Both or none.
        """
        self._own(bus, "bus", Bus)
        if sign not in (1, -1):
            raise InputError(f"`sign` must be +1 or -1, got {sign!r}")
        if (law is None) != (argument is None):
            raise InputError("`law` and `argument` must be given together")
        _, value, pieces = inputs.heat_amount(power, ("W",), "power")
        flow = self._flow(name, f"{'supply' if sign > 0 else 'load'} -> {bus.name}", "supply")
        self._forced(pieces, flow)
        argument = self._argument(law, argument)
        self._add(
            Source(
                to=bus, power_W=np.array([sign * value]), pieces=pieces, law=law, argument=argument, flow=flow
            )
        )

    def _argument(self, law: Law | None, argument: Any) -> Place | None:
        if argument is None:
            return None
        if not isinstance(law, Law):
            raise InputError(f"`argument` must come with a `law`, got {law!r}")
        if isinstance(argument, Channel):
            argument = argument.outlet
        place = self._own(argument, "argument", Place)  # type: ignore[type-abstract]
        if place.size != 1:
            raise InputError(f"`argument` must be one place, {place.name!r} has {place.size}")
        return place

    def _pair(self, a: Any, b: Any) -> tuple[Any, Any]:
        """Two different places, a boundary last."""
        a, b = self._own(a, "first place", *Targets), self._own(b, "second place", *Targets)
        if isinstance(a, Boundary):
            a, b = b, a
        if isinstance(a, Boundary):
            raise InputError(
                f"`{a.name}` and `{b.name}` are both boundaries; nothing would flow into the network"
            )
        if isinstance(a, Plate) or isinstance(b, Plate):
            a, b = (item.face("front") if isinstance(item, Plate) else item for item in (a, b))
        if isinstance(b, Face) and not isinstance(a, Face):
            a, b = b, a
        if a is b or (isinstance(a, Part) and a is b):
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
        if isinstance(target, (Edge, Cells)):
            if area is not None:
                raise InputError(f"`area` must not be given for {target.name!r}, which has its own")
            return target.area_m2
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
            if np.max(seen) > 1.0 + 1e-9:
                raise InputError(
                    f"`view_factor` out of {target.name!r} must sum to 1 at most, got {float(np.max(seen)):.6g}"
                )
            self._views[target.name] = seen


def _shape(target: Place) -> tuple[int, ...]:
    """Shape of a field over a place."""
    if isinstance(target, Face):
        return target.plate.shape
    return target.shape if isinstance(target, Plate) else (target.size,)


def _grid_shares(target: Any) -> Any:
    plate = target.plate if isinstance(target, Face) else target
    return plate.area_m2 / plate.area_m2.sum() if isinstance(plate, Plate) else target.shares


def _heat_units(target: Place) -> tuple[str, ...]:
    if isinstance(target, Face):
        return ("W", "W/m^2")
    if isinstance(target, Plate):
        return ("W", "W/m^3")
    if isinstance(target, Cells):
        return ("W", "W/m^2", "W/m^3")
    return ("W", "W/m^2") if isinstance(target, Edge) else ("W",)


def _measure(target: Any, unit: str) -> Any:
    """Area [m²] or volume [m³] of each cell."""
    if isinstance(target, Face):
        return target.plate.area_m2
    if isinstance(target, Edge) or unit == "W/m^2":
        return target.area_m2
    thickness = target.thickness_m if isinstance(target, Plate) else target.plate.thickness_m
    return target.area_m2 * thickness
