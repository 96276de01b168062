"""The wings: layers through the thickness, sunlight, Earth, and the electricity taken out of the cells."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from thermalsat.assembly.faces import Surroundings, wing_attitude
from thermalsat.assembly.rules import efficiency_law
from thermalsat.laws import Law
from thermalsat.network import ThermalNetwork
from thermalsat.network.places import Boundary, Bus, Node
from thermalsat.pieces import Pieces
from thermalsat.satellite import Satellite
from thermalsat.units import Bare

__all__ = ["Wings", "add_wings", "connect_wings", "expose_wings"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Wings:
    """The layers of all wings together, cells first."""

    layers: list[Node]

    @property
    def front(self) -> Node:
        """The cells."""
        return self.layers[0]

    @property
    def back(self) -> Node:
        """The side away from the Sun."""
        return self.layers[-1]


def add_wings(net: ThermalNetwork, satellite: Satellite, temperature: Any) -> Wings:
    """Add the layers: temperatures on both surfaces and evenly between (finite volumes about them)."""
    array = satellite.array
    count, area = array.layers, array.area_m2
    names = ["array"]
    if count > 1:
        names = ["array front", *(f"array layer {k + 1}" for k in range(1, count - 1)), "array back"]
    total = array.areal_heat_capacity_J_m2_K * area
    layers = []
    for k, name in enumerate(names):
        part = total if count == 1 else total / (count - 1) * (0.5 if k in (0, count - 1) else 1.0)
        layers.append(net.node(name, heat_capacity=Bare(part, "J/K"), temperature=temperature))
    if count > 1:
        between = array.conductivity_W_m_K * area * (count - 1) / array.thickness_m
        for upper, lower in pairwise(layers):
            net.couple(upper, lower, conductance=Bare(between, "W/K"))
    return Wings(layers=layers)


def expose_wings(
    net: ThermalNetwork,
    satellite: Satellite,
    wings: Wings,
    around: Surroundings,
    ageing: str,
    sky: Boundary,
    to_panels_m2: float,
) -> Pieces:
    """Put the wings into their surroundings; return the sunlight on them [W].

    Parameters
    ----------
    to_panels_m2 : float
        ``eps_p F_pa A_p`` of both faces of the panels: what the back does not emit to the sky, per unit
        of its own emittance.

    Notes
    -----
    Panels and body hide none of the Earth from the wings.
    """
    array, area = satellite.array, satellite.array.area_m2
    sunlight = around.face(wing_attitude(satellite)[0]).direct.scaled(area)
    front, back = wing_attitude(satellite)
    for node, coating, attitude, side, taken in (
        (wings.front, array.front, front, "front", 0.0),
        (wings.back, array.back, back, "back", to_panels_m2),
    ):
        emittance, absorptance = coating.emittance_at(ageing), coating.solar_absorptance_at(ageing)
        heat = around.face(attitude)
        net.radiate(node, sky, GR=Bare(emittance * max(area - taken, 0.0), "m^2"),
                    name=f"array {side} -> sky")  # fmt: skip
        net.heat(node, heat.earth_ir.scaled(emittance * area), name=f"earth infrared -> array {side}")
        net.heat(node, heat.albedo.scaled(absorptance * area), name=f"albedo -> array {side}")
        if side == "front":
            law = Law.constant(absorptance)
            net.heat(node, sunlight, law=law, argument=node, name="sun -> array front")
    return sunlight


def connect_wings(
    net: ThermalNetwork,
    satellite: Satellite,
    wings: Wings,
    sunlight: Pieces,
    ageing: str,
    bus: Bus,
    coolant: Node,
) -> None:
    """Take electricity out of the cells and bring it to the bus.

    Notes
    -----
    ``packing life_factor efficiency(T)`` of the incident sunlight leaves the cells; `wiring` and
    `regulator` take their losses from it, the wiring's as heat on the wings' back, the regulator's as
    heat of the body, of which the loop may carry a share. What battery and loads do not take returns to
    the cells as heat (see `add_battery`); the regulator then counts as if it had carried it.
    """
    array, power = satellite.array, satellite.bus
    taken = efficiency_law(array).scaled(array.packing * array.life_factor(ageing))
    delivered = taken.scaled(array.wiring)
    cells: dict[str, Any] = {"argument": wings.front}
    net.heat(wings.front, sunlight, law=taken.scaled(-1.0), name="cells -> electricity", **cells)
    if array.wiring < 1.0:
        lost = taken.scaled(1.0 - array.wiring)
        net.heat(wings.back, sunlight, law=lost, name="wiring loss -> array back", **cells)
    net.supply(bus, sunlight, law=delivered.scaled(power.regulator), name="array -> bus", **cells)
    carried = power.body_heat_to_loop * (1.0 - power.regulator)
    if carried > 0.0:
        net.heat(coolant, sunlight, law=delivered.scaled(carried), name="regulator loss -> coolant", **cells)
