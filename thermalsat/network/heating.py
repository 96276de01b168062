"""The part of the network's interface that heats places."""

from __future__ import annotations

from typing import Any

import numpy as np

from thermalsat.bundle import Floats
from thermalsat.errors import InputError
from thermalsat.laws import Law
from thermalsat.pieces import Pieces

from . import inputs
from .channel import ChannelCells
from .couplings import Couplings
from .elements import PlateSource, Source
from .places import Node, Place
from .plate import Cells, Edge, Face, Plate, in_order, shape_of
from .store import Store

__all__ = ["Heating"]


class Heating(Couplings):
    """The method that adds heat."""

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
        target : Node, Store, Cells, Edge, Face or Plate
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
        target = self._own(target, "target", Node, Store, Cells, Edge, Face, Plate, ChannelCells)
        unit, value, pieces = inputs.heat_amount(amount, _heat_units(target))
        if pattern is None and isinstance(target, (Node, Store)):
            self._source(target, np.array([value]), pieces, law, argument, name)
            return
        shape = shape_of(target)
        weights: Any = 1.0 if pattern is None else inputs.numbers(pattern, "pattern", shape)
        if np.ndim(weights) and np.all(weights == weights.flat[0]) and weights.flat[0] != 0.0:
            # the plain area pattern is shared by all that acts on the plate
            value, weights = value * (1.0 if unit == "W" else float(weights.flat[0])), 1.0
        extent = _extent(target)
        if unit == "W":
            total = float(np.sum(weights * extent))
            if total == 0.0:
                raise InputError("`pattern` must not be zero everywhere when a total power is shared by it")
            value /= total
        elif unit == "W/m^3":
            value *= target.thickness_m if isinstance(target, Plate) else target.plate.thickness_m
        if isinstance(target, (Face, Plate)) and law is None:
            self._argument(law, argument)
            flow = self._flow(name, f"heat -> {target.name}", "source")
            self._forced(pieces, flow)
            plate = target.plate if isinstance(target, Face) else target
            self._add(PlateSource(plate=plate, field=weights, scale=value, pieces=pieces, flow=flow))
            return
        power = value * np.atleast_1d(in_order(weights * extent))
        self._source(target, power, pieces, law, argument, name)

    def _source(
        self,
        target: Place,
        power_W: Floats,
        pieces: Pieces | None,
        law: Law | None,
        argument: Any,
        name: str | None,
    ) -> None:
        argument = self._argument(law, argument)
        flow = self._flow(name, f"heat -> {target.name}", "source")
        self._forced(pieces, flow)
        self._add(Source(to=target, power_W=power_W, pieces=pieces, law=law, argument=argument, flow=flow))


def _heat_units(target: Place) -> tuple[str, ...]:
    if isinstance(target, Face):
        return ("W", "W/m^2")
    if isinstance(target, Plate):
        return ("W", "W/m^3")
    if isinstance(target, Cells):
        return ("W", "W/m^2", "W/m^3")
    return ("W", "W/m^2") if isinstance(target, Edge) else ("W",)


def _extent(target: Any) -> Any:
    """Area of each cell [m²]; for places without area how a total is shared."""
    if isinstance(target, Face):
        return target.plate.area_m2
    return target.area_m2 if isinstance(target, (Plate, Cells, Edge)) else target.shares
