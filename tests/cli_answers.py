"""Answers made by hand and a small network that stands for a satellite: no search is run."""

from __future__ import annotations

import dataclasses
import math
from functools import cache
from typing import Any

import numpy as np

import thermalsat as ts
from thermalsat.capability.answers import Capability, Envelope, LimitState
from thermalsat.results import Certificate, Result

ALL = ["hot", "cold", "power"]
SOUND = Certificate(
    energy_residual=2e-15,
    periodic_imbalance=3e-9,
    time_error_K=0.001,
    tolerance_K=0.002,
    searched="all cases",
)
LOOSE = Certificate(energy_residual=2e-9, searched="all cases")
JUNCTION = LimitState(
    name="junction", case="hot", margin_si=0.001, value_si=368.149, limit_si=368.15, unit="K",
    time_s=1200.0, phase=0.21, place="junction",
)  # fmt: skip
DISCHARGE = LimitState(
    name="depth of discharge", case="power", margin_si=0.02, value_si=0.28, limit_si=0.3, unit="",
    time_s=2100.0, phase=0.37, place="battery",
)  # fmt: skip
BUS = LimitState(
    name="bus power", case="hot", margin_si=-5e3, value_si=205e3, limit_si=200e3, unit="W",
    time_s=0.0, phase=0.0, place="bus",
)  # fmt: skip
CURVE = Envelope(
    duration_s=np.array([60.0, 600.0, math.inf]),
    power_W=np.array([180e3, 150e3, 121e3]),
    binding_limit=(JUNCTION, JUNCTION, DISCHARGE),
    base_W=120e3,
    certificate=SOUND,
)
PERIOD_S = 6000.0


def capability(**more: Any) -> Capability:
    """Return a sustained power, with changes."""
    given: dict[str, Any] = {
        "kind": "sustained",
        "power_W": 123456.0,
        "minimum_power_W": 36000.0,
        "duration_s": math.inf,
        "binding_limit": JUNCTION,
        "margins": {"junction": JUNCTION, "depth of discharge": DISCHARGE, "bus power": BUS},
        "case": "hot",
        "result": small_orbit(),
        "certificate": SOUND,
        "cases": {
            "hot": {"junction": JUNCTION, "bus power": BUS},
            "power": {"depth of discharge": DISCHARGE},
        },
    }
    return Capability(**(given | more))


@cache
def small_orbit(power_W: float = 100.0) -> Result:
    """Return the periodic state of a plate that is lit in the second half of a period, and of a node."""
    net = ts.ThermalNetwork()
    sky = net.boundary("sky", temperature="3 K")
    plate = net.plate(
        "radiator", size=("1 m", "0.5 m"), cells=(4, 2), thickness="2 mm", conductivity="180 W/m/K",
        density="2700 kg/m^3", specific_heat="900 J/kg/K", temperature="290 K",
    )  # fmt: skip
    junction = net.node("junction", heat_capacity="500 J/K", temperature="300 K")
    net.radiate(plate.face("front"), sky, emissivity=0.9, view_factor=1)
    net.couple(junction, plate.cells[0, 0], conductance="20 W/K")
    net.heat(junction, ts.Q(power_W, "W"), name="compute -> junction")
    light = ts.Table(["0 s", "3000 s"], ["0 W", "120 W"], kind="step", period=ts.Q(PERIOD_S, "s"))
    net.heat(plate, light, name="sun -> front")
    result = net.periodic(period=ts.Q(PERIOD_S, "s"))
    lit = (result.times_s >= 3000.0).astype(float)
    limits = {"junction": ts.Q(368.15, "K"), "coolant minimum": ts.Q(205.0, "K")}
    margins = {"junction": ts.Q(-2.5, "K"), "coolant minimum": ts.Q(40.0, "K")}
    certificate = dataclasses.replace(result.certificate, margins=margins)
    return dataclasses.replace(result, illumination=ts.Q(lit, ""), limits=limits, certificate=certificate)
