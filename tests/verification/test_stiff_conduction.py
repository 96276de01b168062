"""Steps of plates whose cells along the flow are so short that conduction between them is stiff.

The plate path factors that conduction out of its linear systems. On y' = (z1 + z2) y / h, z1 for conduction
along x and z2 for all the rest, a step of a method then multiplies y by R(z1, z2), its matrix being
(1 - gamma z1) (1 - gamma z2) in place of 1 - gamma (z1 + z2). That makes it a W-method (Hairer and Wanner,
Solving Ordinary Differential Equations II, 1996, section IV.7), whose stability does not follow from that of
the Rosenbrock method.
"""

from __future__ import annotations

import sys

import numpy as np
import pytest

import thermalsat as ts
from thermalsat.solver.system import STIFF_X_PER_S, System
from thermalsat.solver.transient import integrate
from thermalsat.tableaus import RODAS3, RODAS4P2, RODAS5P

FAR = -np.logspace(-3.0, 6.0, 91)
"""From slow to stiff, per step."""
ANGLES = np.radians([0.0, 15.0, 30.0, 45.0, 60.0, 75.0, 90.0])
PERIOD_S = 5700.0


def growth(tableau, z1, z2):
    """|R| of a step with the factored matrix."""
    u = []
    for i in range(tableau.stages):
        y = 1.0 + sum(tableau.a[i, j] * u[j] for j in range(i))
        right = (z1 + z2) * y + sum(tableau.c[i, j] * u[j] for j in range(i))
        u.append(tableau.gamma * right / ((1.0 - tableau.gamma * z1) * (1.0 - tableau.gamma * z2)))
    return np.abs(1.0 + sum(m * x for m, x in zip(tableau.m, u, strict=True)))


def largest(tableau, z1):
    """The largest growth over all z2 of the left half plane, conjugates left out."""
    z1, z2, angle = np.meshgrid(z1, FAR, ANGLES)
    return growth(tableau, z1, z2 * np.exp(1j * angle)).max()


@pytest.mark.parametrize("tableau", [RODAS3, RODAS4P2], ids=lambda t: t.name)
def test_methods_of_plates_never_grow(tableau):
    assert largest(tableau, FAR) <= 1.0 + 1e-12


def test_rodas5p_grows_where_the_plate_path_does_not_use_it():
    """Steps of 1000 s are not beyond its bound where it is used."""
    assert largest(RODAS5P, FAR[-FAR <= 1000.0 * STIFF_X_PER_S]) <= 1.0
    assert largest(RODAS5P, FAR) > 1.5


def panel(nx):
    """Half a pitch of a radiator with one tube, lit for part of its period, its load stepping."""
    net = ts.ThermalNetwork()
    plate = net.plate(
        "plate", size=("4 m", "0.125 m"), cells=(nx, 4), thickness="1 mm", conductivity="167 W/m/K",
        density="2700 kg/m^3", specific_heat="896 J/kg/K", copies=32.0,
    )  # fmt: skip
    sky = net.boundary("sky", temperature="100 K")
    net.radiate(plate.face("front"), sky, emissivity=0.85)
    sun = ts.Table(["0 s", "3600 s"], ["800 W/m^2", "0 W/m^2"], kind="step", period="5700 s")
    net.heat(plate.face("front"), sun, pattern=np.full((nx, 4), 0.2))
    payload = net.node("payload", heat_capacity="2e5 J/K")
    net.heat(payload, ts.Table(["0 s", "1500 s"], ["3 kW", "6 kW"], kind="step", period="5700 s"))
    tube = net.channel(
        "tube", plate.line(y="0 m"), mass_flow="12.5 g/s", specific_heat="4700 J/kg/K",
        mass_per_length="9.4 g/m", wall_conductance="200 W/m/K", scheme="upwind",
    )  # fmt: skip
    net.loop("loop", channels=[tube], node=payload, effectiveness=0.8)
    return net


@pytest.mark.parametrize("tolerance_K", [0.3, 0.1, 0.03, 0.01, 1e-3])
def test_short_cells_cost_neither_accuracy_nor_steps(tolerance_K):
    """RODAS5P takes up to 99 steps on the fine panel, 56 on the coarse one."""
    steps = {}
    for nx in (32, 256):
        net = panel(nx)
        bundle, start = net.bundle(), net.layout.initial()
        options = {
            "breakpoints_s": net.breakpoints_between(0.0, PERIOD_S),
            "times_s": np.linspace(0.0, PERIOD_S, 39),
        }  # fmt: skip
        exact = integrate(System(bundle, path="sparse"), start, 0.0, PERIOD_S, tolerance_K=1e-5, **options)
        plates = System(bundle, path="plate")
        run = integrate(plates, start, 0.0, PERIOD_S, tolerance_K=tolerance_K, **options)
        assert np.abs(bundle.weight * (run.y - exact.y)).max() <= tolerance_K
        steps[nx] = run.steps + run.rejected
    assert plates._plan.steepest_x_per_s > 10.0 * STIFF_X_PER_S
    assert steps[256] <= 1.3 * steps[32]


def spreader(length, width, cells, conductivity, thickness, tubes, step):
    """A small plate that conducts well, under sunlight in fine stripes that steps or swings."""
    net = ts.ThermalNetwork()
    plate = net.plate(
        "plate", size=(length, width), cells=cells, thickness=thickness, conductivity=conductivity,
        density="2000 kg/m^3", specific_heat="800 J/kg/K",
    )  # fmt: skip
    sky = net.boundary("sky", temperature="4 K")
    for face in ("front", "back"):
        net.radiate(plate.face(face), sky, emissivity=0.85)
    x, y = (np.linspace(0.0, 1.0, count) for count in cells)
    stripes = 0.2 * (1.0 + 0.9 * np.outer(np.sin(9.0 * np.pi * x), np.cos(5.0 * np.pi * y)))
    sun = ts.Table(["0 s", "3600 s"], ["1361 W/m^2", "0 W/m^2"], kind="step", period="5700 s")
    if not step:
        sun = ts.Function(
            lambda t: 1361.0 * np.sin(2.0 * np.pi * t / PERIOD_S) ** 2, period="5700 s", unit="W/m^2"
        )
    net.heat(plate.face("front"), sun, pattern=stripes)
    payload = net.node("payload", heat_capacity="3e4 J/K")
    net.heat(payload, ts.Table(["0 s", "1500 s"], ["300 W", "900 W"], kind="step", period="5700 s"))
    apart = ts.Q(width).m_as("m") / tubes
    lines = [
        net.channel(
            f"tube {j}", plate.line(y=ts.Q((j + 0.5) * apart, "m")), mass_flow="10 g/s",
            specific_heat="4700 J/kg/K", mass_per_length="0.02 kg/m", wall_conductance="400 W/m/K",
            scheme="upwind",
        )
        for j in range(tubes)
    ]  # fmt: skip
    net.loop("loop", channels=lines, node=payload, effectiveness=0.8)
    return net


ALUMINIUM = ("0.5 m", "0.1 m", (64, 32), "170 W/m/K", "0.5 mm", 4, False)
GRAPHITE = ("2 m", "0.1 m", (128, 8), "1500 W/m/K", "3 mm", 2, True)


@pytest.mark.parametrize(("plate", "tolerance_K"), [(ALUMINIUM, 0.1), (ALUMINIUM, 0.03), (GRAPHITE, 0.01)])
def test_plates_stiff_both_ways_follow_their_stripes(plate, tolerance_K, monkeypatch):
    """What is stiff along x and across hardly moves in a step; the embedded error is blind to that."""
    net = spreader(*plate)
    bundle, start = net.bundle(), net.layout.initial()
    options = {
        "breakpoints_s": net.breakpoints_between(0.0, PERIOD_S),
        "times_s": np.linspace(0.0, PERIOD_S, 39),
    }
    exact = integrate(System(bundle, path="sparse"), start, 0.0, PERIOD_S, tolerance_K=1e-4, **options)

    def error_K():
        run = integrate(
            System(bundle, path="plate"), start, 0.0, PERIOD_S, tolerance_K=tolerance_K, **options
        )
        return np.abs(bundle.weight * (run.y - exact.y)).max(), run

    error, run = error_K()
    assert error < 0.5 * tolerance_K
    assert error < 1.5 * run.error_K
    monkeypatch.setattr(sys.modules[integrate.__module__], "LAG_PER_TOLERANCE", np.inf)
    blind, unseen = error_K()
    assert blind > tolerance_K
    assert unseen.error_K < 0.5 * blind
