"""The battery on the bus: energy, losses, its own radiator and heater."""

from __future__ import annotations

from thermalsat.assembly.faces import Surroundings, surroundings_of, wing_attitude
from thermalsat.assembly.rules import taper_law
from thermalsat.constants import STEFAN_BOLTZMANN_W_M2_K4
from thermalsat.errors import InputError
from thermalsat.laws import Law
from thermalsat.network import ThermalNetwork
from thermalsat.network.places import Boundary, Bus, Node
from thermalsat.satellite import Satellite
from thermalsat.units import Bare

__all__ = ["BATTERY_HEATER_BAND_K", "add_battery", "battery_heater_W", "battery_radiator_area_m2"]

BATTERY_HEATER_BAND_K = (2.0, 8.0)
"""The heater works fully below the first and not above the second, counted from the coldest allowed [K]."""


def battery_radiator_area_m2(satellite: Satellite) -> float:
    """Return the area of the battery's own radiator [m^2]: `radiator_area`, or one sized for the losses.

    Notes
    -----
    It looks away from the Sun. Its area is such that at `radiator_temperature` it emits the mean loss
    and what it absorbs of the Earth's infrared and albedo at the end of life, in the case where that takes
    most. The mean loss is that of an orbit whose night is fed from the battery at the required sustained
    power and refilled by day:
    ``(demand night_share / eta_d) (1 - eta_d + 1 / eta_c - 1)``.

    Raises
    ------
    InputError
        If it absorbs more than it emits at that temperature.
    """
    battery = satellite.battery
    if battery.radiator_area_m2 is not None:
        return float(battery.radiator_area_m2)
    demand = satellite.bus.demand_W(satellite.requirement.sustained_W)
    to_store = 1.0 / battery.charge_efficiency - battery.discharge_efficiency
    coating, back = battery.coating, wing_attitude(satellite)[1]
    areas = [0.0]
    for case in satellite.cases.values():
        around = surroundings_of(satellite, case)
        loss = demand * around.night_share / battery.discharge_efficiency * to_store
        emittance = coating.emittance_at(case.ageing)
        face, period = around.face(back), around.heat.period_s
        absorbed = emittance * face.earth_ir.mean(0.0, period)
        absorbed += coating.solar_absorptance_at(case.ageing) * face.albedo.mean(0.0, period)
        emitted = emittance * _black(satellite, battery.radiator_temperature_K)
        if emitted <= absorbed:
            raise InputError(
                "`battery.radiator_temperature` must be warm enough to shed heat past what its radiator"
                f" absorbs from the Earth in case {case.name!r} ({absorbed:.0f} W/m^2), got"
                f" {battery.radiator_temperature_K:g} K, which emits {emitted:.0f} W/m^2"
            )
        areas.append(loss / (emitted - absorbed))
    return max(areas)


def battery_heater_W(satellite: Satellite, area_m2: float) -> float:
    """Return the power of the battery's heater [W]: it replaces what the radiator emits in its band."""
    warm = satellite.battery.temperature_minimum_K + BATTERY_HEATER_BAND_K[1]
    coating = satellite.battery.coating
    emittance = max(coating.emittance_at("bol"), coating.emittance_at("eol"))
    return float(emittance * area_m2 * _black(satellite, warm))


def add_battery(
    net: ThermalNetwork,
    satellite: Satellite,
    around: Surroundings,
    ageing: str,
    bus: Bus,
    sky: Boundary,
    curtail_to: Node,
) -> Node:
    """Add the battery, full, with its losses on its own radiator; return its thermal node.

    Notes
    -----
    Its heater is proportional over 2 to 8 K above the coldest allowed temperature, and fed by the bus.
    """
    battery = satellite.battery
    heat_capacity = Bare(battery.heat_capacity_J_K, "J/K")
    low, high = (float(battery.temperature_minimum_K + above) for above in BATTERY_HEATER_BAND_K)
    # it starts where the heater's law is steep, from where a search for a steady state finds its way
    node = net.node("battery", heat_capacity=heat_capacity, temperature=Bare(0.5 * (low + high), "K"))
    net.battery(
        "state of energy",
        bus,
        capacity=Bare(battery.capacity_at_J(ageing), "J"),
        charge_efficiency=battery.charge_efficiency,
        discharge_efficiency=battery.discharge_efficiency,
        charge_power=Bare(battery.charge_limit_W(ageing), "W"),
        taper=taper_law(battery),
        heat_to=node,
        curtail_to=[(curtail_to, 1.0)],
        state_of_energy=1.0,
    )
    area = battery_radiator_area_m2(satellite)
    if area == 0.0:
        # without nights it has no losses; a square metre keeps its temperature defined
        area = 1.0
    coating = battery.coating
    emittance, absorptance = coating.emittance_at(ageing), coating.solar_absorptance_at(ageing)
    face = around.face(wing_attitude(satellite)[1])
    net.radiate(node, sky, GR=Bare(emittance * area, "m^2"), name="battery -> sky")
    net.heat(node, face.earth_ir.scaled(emittance * area), name="earth infrared -> battery")
    net.heat(node, face.albedo.scaled(absorptance * area), name="albedo -> battery")
    law = Law.ramp(low, high, 1.0, 0.0)
    power = Bare(battery_heater_W(satellite, area), "W")
    net.heat(node, power, law=law, argument=node, name="battery heater -> battery")
    net.supply(bus, power, law=law, argument=node, sign=-1, name="bus -> battery heater")
    return node


def _black(satellite: Satellite, temperature_K: float) -> float:
    sky = satellite.environment.sky_temperature_K
    return float(STEFAN_BOLTZMANN_W_M2_K4 * (temperature_K**4 - sky**4))
