"""Loops: channels in parallel, a mixed outlet, optional delay and bypass, a source with effectiveness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from thermalsat.errors import InputError
from thermalsat.units import si_fraction, single

from . import inputs
from .channel import Channel
from .elements import Conductance, Stream
from .places import Fluid, Mixer, Node, Place
from .power import Valve

if TYPE_CHECKING:
    from .streams import Streams

__all__ = ["Loop", "make_loop"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loop:
    """A closed or open loop and its places.

    Attributes
    ----------
    inlet : Place
        What feeds the channels.
    outlet : Mixer
        The flow-weighted mix of the channels' outlets.
    supply : Place
        The outlet after delay and bypass, as it reaches the node.
    capacity_rate_W_K : float
        Of all channels at flow fraction one.
    """

    name: str
    channels: tuple[Channel, ...]
    node: Node | None
    inlet: Place
    outlet: Mixer
    supply: Place
    capacity_rate_W_K: float

    def __repr__(self) -> str:
        return f"<Loop {self.name!r}: {len(self.channels)} channels, {self.capacity_rate_W_K:g} W/K>"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flow:
    """The channels' flow together, ``rate (c0 + c1 v)``."""

    rate_W_K: float
    valve: Valve | None
    factors: tuple[float, float]

    def stream(self, a: Place, b: Place, share: float = 1.0, flow: str | None = None) -> Stream:
        """Carry this flow from one place to another."""
        return Stream(
            a=a, b=b, rate_W_K=share * self.rate_W_K, valve=self.valve, factors=self.factors, flow=flow
        )


def make_loop(
    net: Streams,
    name: str,
    *,
    channels: Any,
    node: Node | None,
    effectiveness: Any,
    bypass: Any,
    delay: Any,
    delay_volumes: int,
    inlet: Any,
) -> Loop:
    """Build a loop out of mixers, streams and volumes; see `ThermalNetwork.loop`."""
    tubes = tuple(net._own(channel, f"channels[{k}]", Channel) for k, channel in enumerate(channels))
    if not tubes or len({id(tube) for tube in tubes}) != len(tubes):
        raise InputError(f"`channels` must be at least one channel, each once; got {[t.name for t in tubes]}")
    for tube in tubes:
        if tube.inlet is not None:
            raise InputError(
                f"`channels` must be without an inlet, but {tube.name!r} has {tube.inlet.name!r}"
            )
    if node is not None:
        net._own(node, "node", Node)
        if inlet is not None:
            raise InputError("`inlet` and `node` must not both be given")
    elif bypass is not None:
        raise InputError("`bypass` must come with a `node`")
    e = inputs.fraction_field(effectiveness, "effectiveness", ())
    if not e > 0.0:
        raise InputError(f"`effectiveness` must be above 0 and at most 1, got {effectiveness!r}")
    fluid, flow = tubes[0].fluid, _common_flow(tubes)
    bypassed = _bypassed(net, bypass, flow)
    if node is not None and node.fluid is not fluid:
        _check_exchanger(e, flow, bypassed)
    net._claim(name)
    outlet = net.mixer(f"{name}.outlet")
    net._set_fluid(outlet, fluid)
    for tube in tubes:
        net._add(
            Stream(
                a=net._stream_source(tube.outlet, outlet),
                b=outlet,
                rate_W_K=tube.total_rate_W_K,
                valve=tube.valve,
                factors=tube.flow_factors,
            )
        )
    supply: Place = (
        outlet if delay is None else _delayed(net, name, outlet, flow, delay, delay_volumes, tubes[0])
    )
    if node is None:
        feed = _open_inlet(net, name, inlet, fluid)
    elif node.fluid is fluid:
        supply, feed = _closed(net, name, supply, node, e, flow, bypassed)
    else:
        supply, feed = _closed_through_exchanger(net, name, supply, node, e, flow, bypassed, tubes[0])
    for tube in tubes:
        net._feed(tube, feed)
    return Loop(
        name=name,
        channels=tubes,
        node=node,
        inlet=feed,
        outlet=outlet,
        supply=supply,
        capacity_rate_W_K=flow.rate_W_K,
    )


def _common_flow(tubes: tuple[Channel, ...]) -> _Flow:
    valves = {id(tube.valve): tube.valve for tube in tubes if tube.valve is not None}
    if len(valves) > 1:
        names = ", ".join(valve.name for valve in valves.values() if valve is not None)
        raise InputError(f"`channels` of a loop must share one valve, got {names}")
    if any(tube.fluid is not tubes[0].fluid for tube in tubes):
        raise InputError("`channels` of a loop must carry one coolant")
    total = sum(tube.total_rate_W_K for tube in tubes)
    c0 = sum(tube.total_rate_W_K * tube.flow_factors[0] for tube in tubes) / total
    c1 = sum(tube.total_rate_W_K * tube.flow_factors[1] for tube in tubes) / total
    return _Flow(rate_W_K=total, valve=next(iter(valves.values()), None), factors=(c0, c1))


def _bypassed(net: Streams, bypass: Any, flow: _Flow) -> float | Valve:
    """Return the bypass as a share of the node's flow, or the valve that makes it."""
    if bypass is None:
        return 0.0
    if isinstance(bypass, Valve):
        net._own(bypass, "bypass", Valve)
        if flow.valve is not bypass or not flow.factors[1] < 0.0:
            raise InputError(
                f"`bypass` {bypass.name!r} must be the valve of the loop's channels and reduce their flow, "
                "e.g. valve=bypass, flow_factors=(1, -0.8)"
            )
        return bypass
    share = single(si_fraction(bypass, "bypass", 0.0, 1.0), "bypass")
    if share >= 1.0:
        raise InputError(f"`bypass` must be below 1, got {bypass!r}")
    return share


def _check_exchanger(e: float, flow: _Flow, bypassed: float | Valve) -> None:
    if e >= 1.0:
        raise InputError("`effectiveness` must be below 1 with a coolant of varying properties")
    if flow.valve is not None and not isinstance(bypassed, Valve):
        raise InputError(
            "`bypass` must be the valve that varies the channels' flow, so that the node's is constant"
        )


def _delayed(
    net: Streams, name: str, outlet: Mixer, flow: _Flow, delay: Any, count: int, tube: Channel
) -> Place:
    seconds = inputs.positive(delay, "s", "delay")
    if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 1:
        raise InputError(f"`delay_volumes` must be a whole number of at least 1, got {count!r}")
    last: Place = outlet
    for k in range(count):
        volume = Node(
            net,
            f"{name}.delay[{k}]",
            heat_capacity_J_K=flow.rate_W_K * seconds / count,
            temperature_K=tube.temperature_K,
            fluid=tube.fluid,
        )
        net._part(volume)
        net._add(flow.stream(last, volume, flow=net._flow(None, f"{last.name} -> {volume.name}", "stream")))
        last = volume
    return last


def _open_inlet(net: Streams, name: str, inlet: Any, fluid: Fluid | None) -> Place:
    if inlet is not None:
        return inlet.outlet if isinstance(inlet, Channel) else net._own(inlet, "inlet", Place)
    mixer = net.mixer(f"{name}.inlet")
    net._set_fluid(mixer, fluid)
    return mixer


def _closed(
    net: Streams, name: str, returned: Place, node: Node, e: float, flow: _Flow, bypassed: float | Valve
) -> tuple[Place, Place]:
    """Supply and feed of a loop whose node is in terms of the channels' unknown.

    With a bypassed share b the supply is ``(1 - b) T_o + b T_in`` and ``T_in = (1 - e) supply + e T_node``;
    eliminating T_in gives the supply as the mean of T_o with weight 1 - b and T_node with b e.
    """
    rate, supply = flow.rate_W_K, returned
    varying = isinstance(bypassed, Valve)
    if varying or bypassed:
        mixed = net.mixer(f"{name}.supply")
        net._set_fluid(mixed, node.fluid)
        if isinstance(bypassed, Valve):
            net._add(flow.stream(returned, mixed))
            around = -e * rate * flow.factors[1]
            net._add(Stream(a=node, b=mixed, rate_W_K=around, valve=bypassed, factors=(0.0, 1.0)))
        else:
            net._add(Stream(a=returned, b=mixed, rate_W_K=rate * (1.0 - bypassed)))
            net._add(Stream(a=node, b=mixed, rate_W_K=rate * bypassed * e))
        supply = mixed
    feed = net.mixer(f"{name}.inlet")
    net._set_fluid(feed, node.fluid)
    if e < 1.0:
        net._add(Stream(a=supply, b=feed, rate_W_K=rate * (1.0 - e)))
    net._add(Stream(a=node, b=feed, rate_W_K=rate * e))
    label = net._flow(None, f"{name} -> {node.name}", "stream")
    net._add(_through_node(flow, bypassed, supply, node, e, label))
    return supply, feed


def _through_node(
    flow: _Flow, bypassed: float | Valve, supply: Place, node: Node, share: float, label: str
) -> Stream:
    """Return the stream through the node: the channels' flow and what is bypassed around them."""
    if isinstance(bypassed, Valve):
        return Stream(a=supply, b=node, rate_W_K=share * flow.rate_W_K * flow.factors[0], flow=label)
    return flow.stream(supply, node, share / (1.0 - bypassed), label)


def _closed_through_exchanger(
    net: Streams,
    name: str,
    returned: Place,
    node: Node,
    e: float,
    flow: _Flow,
    bypassed: float | Valve,
    tube: Channel,
) -> tuple[Place, Place]:
    """Return the same for a coolant of varying properties: an exchanger volume joined to the node.

    Its conductance ``W e / (1 - e)`` to the leaving coolant is the effectiveness e at the reference
    capacity rate W.
    """
    exchanger = Node(
        net, f"{name}.exchanger", heat_capacity_J_K=0.0, temperature_K=tube.temperature_K, fluid=tube.fluid
    )
    net._part(exchanger)
    supply = returned
    if isinstance(bypassed, Valve) or bypassed:
        mixed = net.mixer(f"{name}.supply")
        net._set_fluid(mixed, tube.fluid)
        net._add(flow.stream(returned, mixed))
        if isinstance(bypassed, Valve):
            around, factors, valve = -flow.rate_W_K * flow.factors[1], (0.0, 1.0), bypassed
        else:
            around, factors, valve = flow.rate_W_K * bypassed / (1.0 - bypassed), (1.0, 0.0), None
        net._add(Stream(a=exchanger, b=mixed, rate_W_K=around, valve=valve, factors=factors))
        supply = mixed
    label = net._flow(None, f"{supply.name} -> {exchanger.name}", "stream")
    stream = _through_node(flow, bypassed, supply, exchanger, 1.0, label)
    net._add(stream)
    total = stream.rate_W_K * stream.factors[0]
    label = net._flow(None, f"{node.name} -> {exchanger.name}", "conduction")
    net._add(Conductance(a=node, b=exchanger, g_W_K=np.array([total * e / (1.0 - e)]), flow=label))
    return supply, exchanger
