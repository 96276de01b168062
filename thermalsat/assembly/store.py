"""The phase-change store: a volume of coolant on the loop, and what melts beside it."""

from __future__ import annotations

from typing import Any

from thermalsat.network import ThermalNetwork
from thermalsat.network.places import Node
from thermalsat.satellite import Satellite
from thermalsat.units import Bare

__all__ = ["through_store"]


def through_store(
    net: ThermalNetwork, satellite: Satellite, place: str, coolant: Node, temperature: Any
) -> Node:
    """Return the volume in which coolant from another one has passed the store.

    Parameters
    ----------
    place : {"return", "supply"}
        Where on the loop this is; the volume given comes back where the store is not there.
    coolant : Node
        Where the coolant comes from.
    temperature : Quantity
        Initial temperature.
    """
    store, loop = satellite.store, satellite.loop
    if not store.present or (store.place or "return") != place:
        return coolant
    laws = loop.coolant.laws
    heat = float(laws.density(laws.reference_K)) * laws.reference_specific_heat_J_kg_K
    line = loop.return_line_volume_m3 if place == "return" else loop.supply_line_volume_m3
    passing = net.volume(
        "store coolant",
        heat_capacity=Bare(heat * line / loop.line_volumes, "J/K"),
        coolant=loop.coolant,
        temperature=temperature,
    )
    net.flow(coolant, passing, mass_flow=Bare(loop.mass_flow_kg_s, "kg/s"))
    material = net.store(
        "store",
        mass=Bare(store.mass_kg, "kg"),
        melting_temperature=Bare(store.melting_temperature_K, "K"),
        melting_band=Bare(store.band_K, "K"),
        latent_heat=Bare(store.latent_heat_J_kg, "J/kg"),
        specific_heat=(
            Bare(store.specific_heat_solid_J_kg_K, "J/kg/K"),
            Bare(store.liquid_J_kg_K, "J/kg/K"),
        ),
        temperature=temperature,
    )
    net.couple(passing, material, conductance=Bare(store.conductance_W_K, "W/K"), name="coolant -> store")
    return passing
