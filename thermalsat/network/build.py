"""Collects the elements of a network into a `Bundle`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from thermalsat.bundle import Bundle, Indices, joined

from .channel import Channel
from .collector import Collector, pointer
from .elements import Stream
from .layout import Layout
from .places import Mixer, Part
from .plate import Plate
from .power import Battery, Valve
from .wall import emit_channel

if TYPE_CHECKING:
    from .network import ThermalNetwork

__all__ = ["build"]


def build(network: ThermalNetwork) -> tuple[Bundle, Layout, list[str]]:
    """Bundle, layout and names of the flows of a network."""
    c = Collector(network)
    layout, parts = c.layout, c.layout.parts
    plates = [part for part in parts if isinstance(part, Plate)]
    channels = [part for part in parts if isinstance(part, Channel)]
    for key, surface in c.surfaces.items():
        edge = surface.edge
        assert key == edge.key
        g = float(edge.copies or 1.0) * edge.half_W_K
        c.add("gl", a=edge.indices(layout), b=surface.indices(layout), g=g, flow=-1)
    for channel in channels:
        emit_channel(c, channel, plates)
    # links into mixers last and in the order of the mixers, as the core reads them
    into_mixers = []
    for element in network.elements:
        if isinstance(element, Stream) and isinstance(element.b, Mixer):
            into_mixers.append((layout.mixer(element.b), element))
        else:
            element.emit(c)
    for _, stream in sorted(into_mixers, key=lambda pair: pair[0]):
        stream.emit(c)
    for battery in network.batteries:
        _emit_battery(c, battery)
    nodes = _node_arrays(c, parts)
    _emit_valves(c, network.valves)
    shares = [battery.curtail_shares(layout) for battery in network.batteries]
    boundary_forcing = _indices(c.forcing(boundary.forcing) for boundary in network.boundaries)
    bundle = Bundle(
        n=layout.n,
        nb=len(network.boundaries),
        nm=len(layout.mixers),
        nq=len(c.flow_names),
        sigma=network.stefan_boltzmann_W_m2_K4,
        mixer_law=_indices(c.law(m.fluid.temperature_law if m.fluid else None) for m in layout.mixers),
        boundary_forcing=boundary_forcing,
        cu_ptr=pointer([to for to, _ in shares]),
        cu_to=np.concatenate([np.zeros(0, np.intp), *(to for to, _ in shares)]),
        cu_share=np.concatenate([np.zeros(0), *(share for _, share in shares)]),
        **nodes,
        **_plate_arrays(layout, plates, channels),
        **c.arrays(),
    )
    return bundle, layout, c.flow_names


def _node_arrays(c: Collector, parts: list[Part]) -> dict[str, Any]:
    def column(values: Iterable[tuple[Part, Any]], dtype: Any) -> Any:
        made = np.empty(c.layout.n, dtype)
        for part, value in values:
            start = c.layout.start(part)
            made[start : start + part.size] = value
        made.flags.writeable = False
        return made

    return {
        "capacity": column(((p, p.capacity()) for p in parts), np.float64),
        "weight": column(((p, p.weight_K) for p in parts), np.float64),
        "stored": column(((p, p.stored) for p in parts), np.uint8),
        "temperature_law": column(((p, c.law(p.law)) for p in parts), np.intp),
    }


def _plate_arrays(layout: Layout, plates: list[Plate], channels: list[Channel]) -> dict[str, Any]:
    gx, gy = [], []
    for plate in plates:
        along, across = plate.conductances()
        for channel in channels:
            line = channel.line
            if line is not None and line.plate is plate and line.kind == "face" and not line.on_edge:
                across[:, line.row - 1] = 0.0
        copies = float(plate.copies or 1.0)
        gx.append(copies * along.T.ravel())
        gy.append(copies * across.T.ravel())
    return {
        "pl_start": [layout.start(plate) for plate in plates],
        "pl_nx": [plate.shape[0] for plate in plates],
        "pl_ny": [plate.shape[1] for plate in plates],
        "pl_gx_ptr": pointer(gx),
        "pl_gx": joined(gx),
        "pl_gy_ptr": pointer(gy),
        "pl_gy": joined(gy),
    }


def _emit_valves(c: Collector, valves: list[Valve]) -> None:
    for valve in valves:
        c.add(
            "v",
            state=valve.indices(c.layout),
            sensor=c.side(valve.sensor)[0],
            law=c.law(valve.position_law),
        )


def _emit_battery(c: Collector, battery: Battery) -> None:
    heated, curtailed = battery.heat_to is not None, bool(battery.curtail_to)
    c.add(
        "bt",
        soe=battery.indices(c.layout),
        heat=battery.heat_to.indices(c.layout) if battery.heat_to is not None else -1,
        eta_c=battery.charge_efficiency,
        eta_d=battery.discharge_efficiency,
        pmax=battery.charge_power_W,
        taper=c.law(battery.taper),
        flow_loss=c.flow(battery.flow_names["loss"], 0 if heated else -1),
        flow_curtail=c.flow(battery.flow_names["curtailed"], 0 if curtailed else -1),
        flow_charge=c.flow(battery.flow_names["charge"], 0),
        flow_discharge=c.flow(battery.flow_names["discharge"], 0),
    )


def _indices(values: Iterable[int]) -> Indices:
    return np.array(list(values), dtype=np.intp)
