"""What every part of the network's interface shares: names, ownership, streams of one fluid."""

from __future__ import annotations

import copy
import threading
from typing import Any, TypeVar

import numpy as np

from thermalsat.bundle import Bundle
from thermalsat.constants import STEFAN_BOLTZMANN_W_M2_K4
from thermalsat.errors import InputError
from thermalsat.laws import WallLaw
from thermalsat.pieces import Pieces
from thermalsat.units import si_positive

from .channel import fluid_of
from .elements import Element
from .layout import Layout
from .places import Boundary, Bus, Fluid, Mixer, Part, Place
from .power import Battery, Valve

__all__ = ["NetworkBase"]

P = TypeVar("P")


class NetworkBase:
    """Lists of the named things of a network, and the checks on them."""

    def __init__(self, stefan_boltzmann: Any = None) -> None:
        self.stefan_boltzmann_W_m2_K4 = STEFAN_BOLTZMANN_W_M2_K4
        if stefan_boltzmann is not None:
            self.stefan_boltzmann_W_m2_K4 = float(
                si_positive(stefan_boltzmann, "W/m^2/K^4", "stefan_boltzmann")
            )
        self.parts: list[Part] = []
        self.boundaries: list[Boundary] = []
        self.mixers: list[Mixer] = []
        self.buses: list[Bus] = []
        self.valves: list[Valve] = []
        self.batteries: list[Battery] = []
        self.elements: list[Element] = []
        self.wall_laws: dict[Any, WallLaw] = {}
        self.forcings: dict[str, Pieces] = {}
        """Every dependence on time, by what it drives."""
        self._names: set[str] = set()
        self._flow_names: set[str] = set()
        self._fluids: dict[int, tuple[Any, tuple[Fluid | None, float, float]]] = {}
        self._derived: dict[tuple[int, int], Boundary] = {}
        self._known_fluid: set[int] = set()
        self._views: dict[str, Any] = {}
        self._evaluated: Any = None
        self._built: tuple[Bundle, Layout, list[str]] | None = None
        self._lock = threading.RLock()
        """Held while the core works on the network: it has one workspace."""

    def __getstate__(self) -> dict[str, Any]:
        """Return what was stated: not what is built of it, and nothing that goes by an address in memory."""
        state = self.__dict__.copy()
        for name in ("_built", "_evaluated", "_compiled", "_lock", "wall_laws"):
            state.pop(name, None)
        fluids = {id(fluid): fluid for _, (fluid, _, _) in self._fluids.values()}
        at = {id(place): place for place in (*self.boundaries, *self.mixers)}
        state["_derived"] = [(at[a], fluids[b], made) for (a, b), made in self._derived.items()]
        state["_known_fluid"] = [at[key] for key in self._known_fluid]
        state["_fluids"] = list(self._fluids.values())
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__ |= state
        self._derived = {(id(a), id(b)): made for a, b, made in state["_derived"]}
        self._known_fluid = {id(mixer) for mixer in state["_known_fluid"]}
        self._fluids = {id(coolant): (coolant, read) for coolant, read in state["_fluids"]}
        self.wall_laws = {}
        self._evaluated = self._built = None
        self._lock = threading.RLock()

    def __copy__(self) -> Any:
        return copy.deepcopy(self)

    def _claim(self, name: str) -> str:
        """Take a name, which must be new."""
        if not isinstance(name, str) or not name:
            raise InputError(f"`name` must be a text that is not empty, got {name!r}")
        if name in self._names:
            raise InputError(f"`name` must be unique in the network, but {name!r} is taken")
        self._names.add(name)
        self._built = None
        return name

    def _flow(self, name: str | None, default: str, kind: str) -> str:
        """Name of a ledger entry; a default that is taken gets its kind, then a number."""
        if name is not None:
            if not isinstance(name, str) or not name:
                raise InputError(f"`name` must be a text that is not empty, got {name!r}")
            if name in self._flow_names:
                raise InputError(f"`name` must be unique among the flows, but {name!r} is taken")
        else:
            name, number = default, 2
            if name in self._flow_names:
                name = f"{default} ({kind})"
            while name in self._flow_names:
                name, number = f"{default} ({kind} {number})", number + 1
        self._flow_names.add(name)
        return name

    def _add(self, element: Element) -> None:
        self.elements.append(element)
        self._built = None

    def _forced(self, pieces: Pieces | None, what: str) -> Pieces | None:
        if pieces is not None and not pieces.is_constant:
            self.forcings[what] = pieces
        return pieces

    def _own(self, value: Any, name: str, *types: type[P]) -> P:
        """`value` if it is of this network and of one of the types."""
        if not isinstance(value, types):
            words = " or ".join(_WORDS.get(kind.__name__, kind.__name__.lower()) for kind in types)
            raise InputError(f"`{name}` must be {words} of this network, got {value!r}")
        owner = getattr(value, "network", None)
        if owner is not self:
            raise InputError(
                f"`{name}` must be of this network; {getattr(value, 'name', value)!r} is of another one"
            )
        return value

    def _fluid(self, coolant: Any) -> tuple[Fluid | None, float, float]:
        """Fluid, specific heat and density of a coolant, read once per coolant."""
        key = id(coolant)
        for other, read in self._fluids.values():
            if type(other) is type(coolant) and other == coolant:
                return read
        self._fluids[key] = (coolant, fluid_of(coolant))
        return self._fluids[key][1]

    def _stream_source(self, source: Place, target: Place) -> Place:
        """Return the source of a stream in terms of the target's fluid; different fluids are refused."""
        if isinstance(source, Mixer) and id(source) not in self._known_fluid:
            self._set_fluid(source, target.fluid)
        if isinstance(target, Mixer) and id(target) not in self._known_fluid:
            self._set_fluid(target, source.fluid)
        if source.fluid is target.fluid:
            return source
        if isinstance(source, Boundary) and target.fluid is not None:
            return self._boundary_as(source, target.fluid)
        have, need = (p.fluid.name if p.fluid else "plain temperature" for p in (source, target))
        raise InputError(
            f"`{source.name}` carries {have} and `{target.name}` {need}; a stream has one fluid: "
            "give both the same `coolant`, or couple them by a conductance"
        )

    def _set_fluid(self, mixer: Mixer, fluid: Fluid | None) -> None:
        mixer.fluid = fluid
        self._known_fluid.add(id(mixer))

    def _boundary_as(self, boundary: Boundary, fluid: Fluid) -> Boundary:
        """Return the same boundary in the enthalpy temperature of a fluid."""
        key = (id(boundary), id(fluid))
        if key not in self._derived:
            pieces: Pieces = boundary.forcing
            if pieces.is_constant:
                mapped = Pieces.constant(fluid.theta(float(pieces.coef[0, 0])))
            else:
                points = np.unique(np.concatenate([pieces.breakpoints, pieces.knots]))
                mapped = Pieces.sample(
                    lambda t: fluid.theta(pieces(t)),
                    points,
                    pieces.period,
                    name=f"{boundary.name} in {fluid.name}",
                )
            name = self._claim(f"{boundary.name} in {fluid.name}")
            derived = Boundary(self, name, forcing=mapped, fluid=fluid)
            self.boundaries.append(derived)
            self._derived[key] = derived
        return self._derived[key]


_WORDS = {
    "Node": "a node",
    "Boundary": "a boundary",
    "Mixer": "a mixer",
    "Cells": "cells of a plate",
    "ChannelCells": "cells of a channel",
    "Channel": "a channel",
    "Edge": "an edge",
    "Face": "a face",
    "Plate": "a plate",
    "Line": "a line of a plate",
    "Place": "a place",
    "Bus": "a bus",
    "Valve": "a valve",
    "Battery": "a battery",
    "Store": "a store",
}
