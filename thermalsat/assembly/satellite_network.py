"""Puts the parts of a satellite in a case together to one network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from thermalsat.assembly.array import Wings, add_wings, connect_wings, expose_wings
from thermalsat.assembly.faces import Surroundings, surroundings_of
from thermalsat.assembly.loop import Circuit, add_circuit
from thermalsat.assembly.payload import Computer, add_computer
from thermalsat.assembly.power import add_battery
from thermalsat.assembly.radiator import Panel, add_panel, expose_panel, face_views
from thermalsat.cases import DesignCase
from thermalsat.network import ThermalNetwork
from thermalsat.network.places import Bus, Node
from thermalsat.pieces import Pieces
from thermalsat.satellite import Satellite
from thermalsat.units import Bare

__all__ = ["Assembled", "assembled"]

_LOOP_START, _PANEL_START, _ARRAY_START = Bare(310.0, "K"), Bare(300.0, "K"), Bare(300.0, "K")


@dataclass(frozen=True, kw_only=True, eq=False)
class Assembled:
    """A satellite's network and where its parts are in it."""

    network: ThermalNetwork
    surroundings: Surroundings
    panel: Panel
    circuit: Circuit
    computer: Computer
    wings: Wings
    battery: Node
    bus: Bus


def assembled(
    satellite: Satellite, case: DesignCase, compute: Pieces, throttle_to: float | None = None
) -> Assembled:
    """Return the network of a satellite in a case.

    Parameters
    ----------
    satellite : Satellite
        The design.
    case : DesignCase
        Surroundings and ageing.
    compute : Pieces
        Compute power over time, from the last sunlit instant [W].
    throttle_to : float, optional
        Share of the power that throttling leaves at the junction limit; None for no throttling.
    """
    around, ageing = surroundings_of(satellite, case), case.ageing
    net = ThermalNetwork()
    sky = net.boundary("sky", temperature=Bare(satellite.environment.sky_temperature_K, "K"))
    bus = net.bus("bus")
    panel = add_panel(net, satellite, _PANEL_START)
    circuit = add_circuit(net, satellite, panel, bus, _LOOP_START)
    computer = add_computer(net, satellite, circuit, bus, compute, _LOOP_START, throttle_to)
    wings = add_wings(net, satellite, _ARRAY_START)
    expose_panel(net, satellite, panel, around, ageing, wings.back, sky)
    nx, ny = panel.plate.shape
    seen = np.broadcast_to(face_views(satellite, panel).array, (nx, ny))
    taken = 2.0 * float(panel.plate.copies or 1.0) * float(np.sum(seen * panel.plate.area_m2))
    taken *= satellite.radiator.coating.emittance_at(ageing)
    sunlight = expose_wings(net, satellite, wings, around, ageing, sky, taken)
    connect_wings(net, satellite, wings, sunlight, ageing, bus, circuit.payload)
    battery = add_battery(net, satellite, around, ageing, bus, sky, wings.front)
    return Assembled(
        network=net,
        surroundings=around,
        panel=panel,
        circuit=circuit,
        computer=computer,
        wings=wings,
        battery=battery,
        bus=bus,
    )
