"""The hand calculation that a reviewer puts beside the answer: one node, the fourth power."""

from __future__ import annotations

from thermalsat.constants import STEFAN_BOLTZMANN_W_M2_K4
from thermalsat.satellite import Satellite

__all__ = ["one_node_area_m2", "one_node_for", "one_node_temperature_K"]

FIN_EFFICIENCY = 1.0


def one_node_temperature_K(heat_W: float, emitting_m2: float, emittance: float, sink_K: float) -> float:
    """Return the temperature at which an isothermal surface emits a heat to a sink [K].

    ``heat = emittance sigma A (T^4 - sink^4)``.

    Examples
    --------
    >>> round(one_node_temperature_K(120e3, 220.0, 0.91, 220.0), 4)
    337.1004
    >>> round(one_node_temperature_K(150e3, 220.0, 0.91, 220.0), 4)
    353.1623
    """
    return float((heat_W / (emittance * STEFAN_BOLTZMANN_W_M2_K4 * emitting_m2) + sink_K**4) ** 0.25)


def one_node_area_m2(
    heat_W: float, temperature_K: float, emittance: float, absorbed_W_m2: float = 0.0
) -> float:
    """Return the planform area of two isothermal faces that sheds a heat [m^2].

    ``heat = A (2 emittance sigma T^4 - absorbed)``, `absorbed` per planform area of both faces together.

    Examples
    --------
    >>> round(one_node_area_m2(120e3, 337.1004, 0.91, 2 * 0.91 * 5.670374419e-8 * 220.0**4), 2)
    110.0
    """
    net = 2.0 * emittance * STEFAN_BOLTZMANN_W_M2_K4 * temperature_K**4 - absorbed_W_m2
    return float(heat_W / net)


def one_node_for(sat: Satellite, case: str, power_W: float) -> float:
    """Return the planform area by hand for a design [m^2].

    All heat of the loop leaves a surface at the mean of the coolant between its highest temperature and
    the payload's outlet less its rise, against the orbit-mean infrared and albedo of the case; no fins,
    no view of array and body, no transients.
    """
    from thermalsat.assembly.faces import panel_attitude, surroundings_of
    from thermalsat.physics.attitude import Opposite

    found, coating = sat.case(case), sat.radiator.coating
    around = surroundings_of(sat, found)
    emittance, absorptance = coating.emittance_at(found.ageing), coating.solar_absorptance_at(found.ageing)
    front, absorbed = panel_attitude(sat), 0.0
    for attitude in (front, Opposite(front)):
        face, period = around.face(attitude), around.heat.period_s
        absorbed += emittance * face.earth_ir.mean(0.0, period)
        absorbed += absorptance * (face.albedo.mean(0.0, period) + face.direct.mean(0.0, period))
    fluid, heat = sat.loop.coolant, sat.bus.loop_heat_W(power_W)
    wall_K = fluid.boiling_K - sat.loop.boiling_margin_K
    hot_K = min(
        wall_K - power_W / sat.payload.plate_to_coolant_W_K,
        sat.payload.junction_limit_K - power_W * sat.payload.rack_resistance_K_W,
    )
    rise_K = heat / (sat.loop.mass_flow_kg_s * float(fluid.laws.specific_heat(hot_K)))
    return one_node_area_m2(heat, hot_K - 0.5 * rise_K, emittance, absorbed)
