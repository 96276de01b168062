"""The laws of one temperature (or state of energy) that the parts of a satellite follow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from thermalsat.components import Battery, CoolantLoop, Payload, SolarArray
from thermalsat.constants import SOLAR_CONSTANT_W_M2
from thermalsat.laws import Law

__all__ = ["bypass_law", "efficiency_law", "freeze_heater_law", "package_law", "taper_law"]

Floats = NDArray[np.float64]

HINGE_K = 1.0
"""Half the width over which a kink in a temperature law is rounded [K]."""
_THROTTLE_PIECES = 64


def package_law(payload: Payload, throttle_to: float | None = None) -> Law:
    """Power of the packages over their rated power, against the junction temperature.

    ``1 + leakage max(0, T - reference)``, the kink rounded by a parabola over 1 K either side.

    Parameters
    ----------
    payload : Payload
        Gives leakage, limit and throttling band.
    throttle_to : float, optional
        Share of the power that is left at the junction limit; throttling begins one band below it.
    """
    reference, rise = payload.reference_junction_K, payload.leakage_per_K
    nodes = np.array([0.0, 0.25, 1.0]) * HINGE_K * rise + 1.0
    plain = Law.hermite(reference - HINGE_K, reference + HINGE_K, nodes, rise * np.array([0.0, 0.5, 1.0]))
    if throttle_to is None:
        return plain
    ramp = throttle_law(payload, throttle_to)
    low = min(reference - HINGE_K, ramp.x0)
    high = max(reference + HINGE_K, ramp.x1)
    return Law.fit(
        lambda T: plain(T) * ramp(T),
        low,
        high,
        _THROTTLE_PIECES,
        df=lambda T: plain.derivative(T) * ramp(T) + plain(T) * ramp.derivative(T),
    )


def throttle_law(payload: Payload, throttle_to: float) -> Law:
    """Share of the asked power that is delivered: one up to a band below the limit, then less."""
    limit = payload.junction_limit_K
    return Law.ramp(limit - payload.throttle_band_K, limit, 1.0, throttle_to)


def efficiency_law(array: SolarArray) -> Law:
    """Efficiency of a new cell on incident flux against its temperature.

    The straight line of `SolarArray.efficiency`, with the corners at floor and cap rounded over half
    a percent of the range of temperatures between them.
    """
    rated = array.cell_efficiency * array.reference_flux_W_m2 / SOLAR_CONSTANT_W_M2
    slope = rated * array.temperature_coefficient_per_K
    if slope == 0.0:
        return Law.constant(array.efficiency(array.reference_temperature_K))
    cold = array.reference_temperature_K + (array.efficiency_cap - rated) / slope
    hot = array.reference_temperature_K + (array.efficiency_floor - rated) / slope
    count = 200
    step = (hot - cold) / count
    at = np.arange(-1, count + 2) * step
    line = array.efficiency_cap + slope * at
    slopes = np.full(len(at), slope)
    # parabolas one step either side of each corner
    line[[0, -1]] = array.efficiency_cap, array.efficiency_floor
    line[1] += 0.25 * slope * step
    line[-2] -= 0.25 * slope * step
    slopes[[0, -1]] = 0.0
    slopes[[1, -2]] = 0.5 * slope
    return Law.hermite(cold - step, hot + step, line, slopes)


def taper_law(battery: Battery) -> Law:
    """Charging power over the highest, against the state of energy.

    One up to `taper_start`, then a straight line to zero at full, the corner rounded over a quarter
    of the taper either side.
    """
    start = battery.taper_start
    step = 0.25 * (1.0 - start)
    at = np.arange(-1, 5) * step
    value, slope = 1.0 - at / (4.0 * step), np.full(6, -1.0 / (4.0 * step))
    value[0], slope[0] = 1.0, 0.0
    value[1], slope[1] = 1.0 - 0.25 * step / (4.0 * step), 0.5 * slope[1]
    return Law.hermite(start - step, 1.0, value, slope)


def bypass_law(loop: CoolantLoop) -> Law:
    """Position of the bypass valve against the supply temperature: 0 all that may bypass, 1 none."""
    return Law.ramp(loop.supply_set_point_K, loop.supply_set_point_K + loop.bypass_band_K, 0.0, 1.0)


def freeze_heater_law(loop: CoolantLoop) -> Law:
    """Share of the heater's power against the panel's inlet temperature."""
    return Law.ramp(loop.heater_set_point_K - loop.heater_band_K, loop.heater_set_point_K, 1.0, 0.0)
