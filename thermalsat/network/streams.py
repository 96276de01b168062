"""The part of the network's interface that makes streams: channels, loops, one-way links."""

from __future__ import annotations

from typing import Any

from thermalsat.errors import InputError

from . import inputs
from .channel import Channel, ChannelCells
from .channel_inputs import flow_factors_of, read_channel
from .elements import Stream
from .loop import Loop, make_loop
from .parts import Parts
from .places import Boundary, Mixer, Node, Place
from .plate import Cells, Line

__all__ = ["Streams"]


class Streams(Parts):
    """Methods that add streams."""

    def channel(
        self,
        name: str,
        line: Line | None = None,
        *,
        mass_flow: Any,
        coolant: Any = None,
        specific_heat: Any = None,
        mass_per_length: Any = None,
        diameter: Any = None,
        wall_conductance: Any = None,
        scheme: str = "ntu",
        reverse: bool = False,
        inlet: Any = None,
        valve: Any = None,
        flow_factors: tuple[float, float] = (1.0, 0.0),
        length: Any = None,
        cells: int | None = None,
        temperature: Any = "300 K",
        copies: float = 1.0,
    ) -> Channel:
        """Add a stream in finite volumes, along a line of a plate or on its own.

        Parameters
        ----------
        name : str
            Its name.
        line : Line, optional
            ``plate.line(y=...)``; cell i of the channel then belongs to column i of the plate.
        mass_flow : Quantity [kg/s]
            Flow in one copy. On an edge line (symmetry) everything is for the half that is modelled.
        coolant : Coolant or str, optional
            Its properties; otherwise `specific_heat`.
        specific_heat : Quantity [J/kg/K], optional
            A constant.
        mass_per_length : Quantity [kg/m], optional
            Liquid in the channel.
        diameter : Quantity [m], optional
            Instead, inner diameter of the tube; with a coolant.
        wall_conductance : Quantity [W/m/K], WallLaw or callable
            Between coolant and wall, on a line. A callable takes coolant temperature [K] and flow
            fraction and returns W/m/K.
        scheme : {"ntu", "upwind"}
            ``"ntu"``: exact in NTU for each cell. ``"upwind"``: first order, for comparison.
        reverse : bool
            Flow towards smaller x.
        inlet : Place, optional
            Boundary, node, mixer or ``other.outlet``; a loop sets it.
        valve, flow_factors : Valve, (c0, c1)
            The flow is ``mass_flow (c0 + c1 v)``.
        length, cells : Quantity [m], int
            Of a channel that is not on a line.
        temperature : Quantity [K]
            Initial temperature.
        copies : float
            Of a channel that is not on a line.

        Raises
        ------
        InputError
            For a missing or contradicting argument, or a line that another channel lies on.
        """
        made = read_channel(
            self,
            name,
            line,
            mass_flow=mass_flow,
            coolant=coolant,
            specific_heat=specific_heat,
            mass_per_length=mass_per_length,
            diameter=diameter,
            wall_conductance=wall_conductance,
            scheme=scheme,
            reverse=reverse,
            valve=valve,
            flow_factors=flow_factors,
            length=length,
            cells=cells,
            temperature=temperature,
            copies=copies,
        )
        if inlet is not None:
            self._own(inlet.outlet if isinstance(inlet, Channel) else inlet, "inlet", Place)
        self._part(made)
        made.flow_names["stream"] = self._flow(None, f"stream -> {name}", "stream")
        if line is not None:
            made.flow_names["wall"] = self._flow(None, f"{line.plate.name} -> {name}", "wall")
        if inlet is not None:
            self._feed(made, inlet)
        return made

    def loop(
        self,
        name: str,
        *,
        channels: Any,
        node: Node | None = None,
        effectiveness: Any = 1.0,
        bypass: Any = None,
        delay: Any = None,
        delay_volumes: int = 10,
        inlet: Any = None,
    ) -> Loop:
        """Close channels to a loop: their outlets are mixed, and one supply feeds them all.

        Parameters
        ----------
        name : str
            Its name.
        channels : sequence of Channel
            In parallel.
        node : Node, optional
            The heat source: ``T_in = T_o + e (T_node - T_o)`` and the node gives ``e W (T_node - T_o)``.
        effectiveness : float
            e, above 0 and at most 1.
        bypass : fraction or Valve, optional
            Share of the node's flow that returns to the node without passing the channels. A fraction:
            the channels' flow is ``1 - bypass`` of the node's. A valve, whose position every channel's
            ``flow_factors`` must reduce: the node's flow stays the channels' flow at position 0.
        delay : Quantity [s], optional
            Transport time from the mixed outlet to the supply, at full flow.
        delay_volumes : int
            Finite volumes that make the delay.
        inlet : Place, optional
            Without a node: what feeds the channels (or else feed ``loop.inlet`` by `flow`).

        Returns
        -------
        Loop
            With the places ``inlet`` (T_in), ``outlet`` (the mixed outlets) and ``supply`` (T_o as it
            reaches the node).
        """
        return make_loop(
            self,
            name,
            channels=channels,
            node=node,
            effectiveness=effectiveness,
            bypass=bypass,
            delay=delay,
            delay_volumes=delay_volumes,
            inlet=inlet,
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

    def _feed(self, channel: Channel, inlet: Any) -> None:
        if isinstance(inlet, Channel):
            inlet = inlet.outlet
        place = self._own(inlet, "inlet", Place)
        if place.size != 1:
            raise InputError(
                f"`inlet` of {channel.name!r} must be one place, {place.name!r} has {place.size}"
            )
        if channel.inlet is not None:
            raise InputError(f"`inlet` of {channel.name!r} is already {channel.inlet.name!r}")
        channel.inlet = self._stream_source(place, channel)
        self._built = None
