"""The computer: junctions, cold plates, boards; its power as heat and as demand on the bus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from thermalsat.assembly.loop import Circuit
from thermalsat.assembly.rules import package_law, throttle_law
from thermalsat.laws import Law
from thermalsat.network import ThermalNetwork
from thermalsat.network.places import Bus, Node
from thermalsat.pieces import Pieces
from thermalsat.satellite import Satellite
from thermalsat.units import Bare

__all__ = ["Computer", "add_computer"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Computer:
    """Its three lumps."""

    junction: Node
    cold_plate: Node
    board: Node


def add_computer(
    net: ThermalNetwork,
    satellite: Satellite,
    circuit: Circuit,
    bus: Bus,
    compute: Pieces,
    temperature: Any,
    throttle_to: float | None = None,
) -> Computer:
    """Add the computer on its coolant, and what it draws from the bus.

    Parameters
    ----------
    compute : Pieces
        Power at the computer's terminals at the reference junction temperature [W]; every source below
        is this one function of time, times a law.
    throttle_to : float, optional
        Share of the power left at the junction limit; None for no throttling.

    Notes
    -----
    Packages draw ``share P leak(T_j)`` and heat the junctions; the rest heats the cold plates; what the
    converter loses, ``(1 / eta - 1)`` of both, and the pump's power heat the coolant. The bus is asked for
    their sum.
    """
    payload, power = satellite.payload, satellite.bus
    share, loss = payload.share_packages, 1.0 / power.converter - 1.0

    def node(name: str, capacity_J_K: float) -> Node:
        return net.node(name, heat_capacity=Bare(capacity_J_K, "J/K"), temperature=temperature)

    junction = node("junction", payload.junction_capacity_J_K)
    plate = node("cold plate", payload.cold_plate_capacity_J_K)
    board = node("board", payload.board_capacity_J_K)
    net.couple(junction, plate, conductance=Bare(payload.junction_to_plate_W_K, "W/K"))
    net.couple(plate, circuit.payload, conductance=Bare(payload.plate_to_coolant_W_K, "W/K"))
    net.couple(board, plate, conductance=Bare(payload.board_conductance_W_K, "W/K"))

    packages = package_law(payload, throttle_to).scaled(share)
    rest = Law.constant(1.0 - share)
    if throttle_to is not None:
        rest = throttle_law(payload, throttle_to).scaled(1.0 - share)
    hot = {"argument": junction}
    net.heat(junction, compute, law=packages, name="packages -> junction", **hot)
    net.heat(plate, compute, law=rest, name="other compute -> cold plate", **hot)
    if loss > 0.0:
        name = "converter loss"
        net.heat(circuit.payload, compute, law=packages.scaled(loss), name=f"{name} of packages", **hot)
        net.heat(circuit.payload, compute, law=rest.scaled(loss), name=f"{name} of the rest", **hot)
    for what, law in (("packages", packages), ("other compute", rest)):
        demand = law.scaled(1.0 + loss)
        net.supply(bus, compute, law=demand, argument=junction, sign=-1, name=f"bus -> {what}")
    pump = Bare(power.pump_W, "W")
    net.heat(circuit.payload, pump, name="pump -> coolant")
    net.supply(bus, pump, sign=-1, name="bus -> pump")
    net.supply(bus, Bare(power.housekeeping_W, "W"), sign=-1, name="bus -> housekeeping")
    if power.body_heat_to_loop > 0.0:
        body = Bare(power.body_heat_to_loop * power.housekeeping_W, "W")
        net.heat(circuit.payload, body, name="housekeeping -> coolant")
    return Computer(junction=junction, cold_plate=plate, board=board)
