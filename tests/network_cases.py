"""Networks and a plain Newton solve that the tests of the network share."""

from __future__ import annotations

import numpy as np
import scipy.sparse.linalg as spla

import thermalsat as ts
from thermalsat import twin


def steady(net: ts.ThermalNetwork, t: float = 0.0, rounds: int = 60) -> np.ndarray:
    """Newton's method on ``net.rhs``, from the initial temperatures."""
    y = net.layout.initial()
    for _ in range(rounds):
        step = spla.spsolve(net.jacobian(t, y).tocsc(), net.rhs(t, y))
        y = y - step
        if np.max(np.abs(step)) < 1e-10 * np.max(np.abs(y)):
            return y
    raise AssertionError(f"no convergence, last step {np.max(np.abs(step))}")


def energy_defect(net: ts.ThermalNetwork, y: np.ndarray, t: float = 0.0) -> float:
    """``sum stored F - sum external flow`` by the twin, relative to the largest flow."""
    bundle = net.bundle()
    F, flows = twin.rates(bundle, t, y)
    defect = F @ bundle.stored - flows @ bundle.flow_external
    return abs(defect) / max(float(np.max(np.abs(flows))), float(np.max(np.abs(F))))


def aluminium(net: ts.ThermalNetwork, name: str = "plate", **changes: object):
    """A 1 m by 0.5 m plate of 4 by 6 cells."""
    options = {
        "size": ("1 m", "0.5 m"),
        "cells": (4, 6),
        "thickness": "2 mm",
        "conductivity": "167 W/m/K",
        "density": "2700 kg/m^3",
        "specific_heat": "896 J/kg/K",
        "temperature": "300 K",
    }
    return net.plate(name, **(options | changes))


def everything() -> ts.ThermalNetwork:
    """A network with every element that a bundle can hold."""
    from thermalsat.laws import Law, WallLaw

    net = ts.ThermalNetwork()
    sky = net.boundary("sky", temperature="3 K")
    air = net.boundary("air", temperature=ts.Table(["0 s", "100 s"], ["280 K", "290 K"]))
    plate = aluminium(net, copies=2.5)
    net.radiate(plate.face("front"), sky, emissivity=0.9, view_factor=0.7)
    net.radiate(plate.face("back"), air, emissivity=np.linspace(0.1, 0.9, 24).reshape(4, 6))
    net.convect(plate.face("back"), air, coefficient="3 W/m^2/K")
    net.radiate(plate.edge("west"), sky, emissivity=0.5)
    net.convect(plate.edge("east"), air, coefficient="10 W/m^2/K")
    net.heat(plate.face("front"), "400 W/m^2", pattern=np.linspace(0.0, 1.0, 24).reshape(4, 6))
    net.heat(plate, "2e4 W/m^3")
    box = net.node("box", heat_capacity="5000 J/K", temperature="310 K")
    joint = net.node("joint", temperature="305 K")
    net.couple(box, joint, conductance="4 W/K")
    net.couple(joint, plate.cells[1:3, 2], conductance="6 W/K")
    net.radiate(box, sky, GR="0.2 m^2")
    net.heat(box, "50 W", law=Law.fit(lambda T: 1 + 0.01 * (T - 300), 200.0, 400.0, 8), argument=joint)
    valve = net.valve("valve", box, Law.ramp(290.0, 330.0, 0.0, 0.9), "20 s")
    wall = WallLaw.fit(lambda T, w: 80 + 0.1 * T + 50 * w, 250.0, 350.0, 10, 0.05, 1.0, 10)
    tubes = [
        net.channel(
            f"t{k}",
            plate.line(y=y),
            mass_flow="0.02 kg/s",
            specific_heat="4000 J/kg/K",
            mass_per_length="0.1 kg/m",
            wall_conductance=wall if k else "100 W/m/K",
            reverse=k == 2,
            valve=valve,
            flow_factors=(1.0, -0.8),
        )
        for k, y in enumerate([ts.Q(0.5 / 3, "m"), ts.Q(0.5 - 0.25 / 6, "m"), "0 m"])
    ]
    net.loop("loop", channels=tubes, node=box, effectiveness=0.8, bypass=valve, delay="5 s", delay_volumes=3)
    bus = net.bus("bus")
    net.supply(bus, ts.Table(["0 s", "60 s"], ["900 W", "0 W"], kind="step", period="100 s"))
    net.supply(
        bus, "400 W", sign=-1, law=Law.fit(lambda T: 1 + 0.002 * (T - 300), 200.0, 400.0, 8), argument=box
    )
    net.battery(
        "battery",
        bus,
        capacity="100 Wh",
        charge_efficiency=0.95,
        discharge_efficiency=0.9,
        charge_power="300 W",
        heat_to=joint,
        curtail_to=[(plate.cells[0, 0:3], 1.0)],
        state_of_energy=0.97,
    )
    return net
