"""The coolant loop: payload volume, lines, bypass, panel inlet with its heater, tubes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from thermalsat.assembly.radiator import Panel, flow_per_tube_kg_s, shared_wall
from thermalsat.assembly.rules import bypass_law, freeze_heater_law
from thermalsat.assembly.store import through_store
from thermalsat.network import ThermalNetwork
from thermalsat.network.channel import Channel
from thermalsat.network.places import Bus, Node
from thermalsat.satellite import Satellite
from thermalsat.units import Bare

__all__ = ["Circuit", "add_circuit"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Circuit:
    """The places of the loop that other parts need.

    Attributes
    ----------
    payload : Node
        Coolant that leaves the computer, the hottest of the loop.
    tubes : list of Channel
        Coolant on the panels.
    """

    payload: Node
    tubes: list[Channel]


def add_circuit(
    net: ThermalNetwork, satellite: Satellite, panel: Panel, bus: Bus, temperature: Any
) -> Circuit:
    """Add the loop, closed.

    Notes
    -----
    Payload outlet -> return line -> panel inlet (share ``w = w_min + (1 - w_min) v`` of the flow) ->
    tubes -> mixed with the bypassed rest -> supply line -> payload. The valve's position v follows the
    mixed temperature. A phase-change store stands before the return line or behind the supply line. All
    lines and the payload's volume are perfectly mixed finite volumes in enthalpy; the payload and the panel
    inlet hold as much coolant as one volume of a line.
    """
    loop, radiator = satellite.loop, satellite.radiator
    wall = shared_wall(net, satellite, panel)
    fluid = loop.coolant
    flow = Bare(loop.mass_flow_kg_s, "kg/s")
    closed, open_ = loop.minimum_panel_flow, 1.0 - loop.minimum_panel_flow
    laws = fluid.laws
    density = float(laws.density(laws.reference_K))
    heat = density * laws.reference_specific_heat_J_kg_K
    stated = {"coolant": fluid, "temperature": temperature}

    def volume(name: str, size_m3: float) -> Node:
        return net.volume(name, heat_capacity=Bare(heat * size_m3, "J/K"), **stated)

    def line(name: str, size_m3: float, inlet: Any) -> Node:
        count = loop.line_volumes
        for k in range(count):
            cell = volume(f"{name} {k + 1}" if count > 1 else name, size_m3 / count)
            net.flow(inlet, cell, mass_flow=flow)
            inlet = cell
        last: Node = inlet
        return last

    payload = volume("payload coolant", loop.return_line_volume_m3 / loop.line_volumes)
    hot = through_store(net, satellite, "return", payload, temperature)
    back = line("return line", loop.return_line_volume_m3, hot)
    supply = net.mixer("mixed supply", coolant=fluid)
    valve = net.valve("bypass valve", supply, bypass_law(loop), Bare(loop.valve_lag_s, "s"))
    inlet = volume("panel inlet", loop.supply_line_volume_m3 / loop.line_volumes)
    through: dict[str, Any] = {"valve": valve, "factors": (closed, open_)}
    net.flow(back, inlet, mass_flow=flow, **through)
    tubes = [
        net.channel(
            "tubes" if panel.share == 0.5 else f"tube {k + 1}",
            place,
            mass_flow=Bare(panel.share * flow_per_tube_kg_s(satellite, panel.tubes), "kg/s"),
            mass_per_length=Bare(
                panel.share * 0.25 * math.pi * radiator.tube_diameter_m**2 * density, "kg/m"
            ),
            wall_conductance=wall,
            inlet=inlet,
            valve=valve,
            flow_factors=(closed, open_),
            **stated,
        )
        for k, place in enumerate(panel.lines)
    ]
    each = Bare(loop.mass_flow_kg_s / len(tubes), "kg/s")
    for tube in tubes:
        net.flow(tube, supply, mass_flow=each, **through)
    net.flow(back, supply, mass_flow=flow, valve=valve, factors=(1.0 - closed, -open_))
    cold = line("supply line", loop.supply_line_volume_m3, supply)
    cold = through_store(net, satellite, "supply", cold, temperature)
    net.flow(cold, payload, mass_flow=flow)
    if loop.heater_power_W > 0.0:
        power, law = Bare(loop.heater_power_W, "W"), freeze_heater_law(loop)
        net.heat(inlet, power, law=law, argument=inlet, name="freeze heater -> panel inlet")
        net.supply(bus, power, law=law, argument=inlet, sign=-1, name="bus -> freeze heater")
    return Circuit(payload=payload, tubes=tubes)
