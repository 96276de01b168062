"""The estimate of the mesh error: its defects on polynomials, and itself against refined meshes."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

import thermalsat as ts
from thermalsat.solver.halfcells import Direction, legs_of
from thermalsat.solver.meshwalls import _lag
from thermalsat.solver.outcome import compiled

SCRIPT = Path(__file__).parents[2] / "docs" / "studies" / "mesh_error.py"


def study():
    spec = importlib.util.spec_from_file_location("mesh_error_study", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["mesh_error_study"] = module
    spec.loader.exec_module(module)
    return module


STUDY = study()


def along(widths, field, bend):
    """Defects of a column of cells with k t = 3 W/K, a field and its second derivative over its length."""
    edges = np.concatenate([[0.0], np.cumsum(widths)])
    centres = 0.5 * (edges[1:] + edges[:-1])
    conductance = 3.0
    h = np.asarray(widths)[:, None]
    open_face = np.ones((len(widths) + 1, 1), dtype=bool)
    open_face[[0, -1]] = False
    direction = Direction(
        width_m=h,
        half_W_K=conductance / (0.5 * h),
        area_m2=h,
        open_face=open_face,
        kinked=np.zeros(len(widths), dtype=bool),
    )
    slope = conductance * field.deriv()(edges)
    zero = np.zeros_like(h)
    legs = legs_of(direction, -slope[:-1, None], slope[1:, None], zero, zero, zero)
    # what the scheme makes of the exact field, and of heat taken at the centres
    T = field(centres)
    flux = np.empty(len(edges))
    flux[1:-1] = conductance * np.diff(T) / np.diff(centres)
    flux[[0, -1]] = slope[[0, -1]]
    return legs, conductance, edges, T, np.diff(flux) - widths * conductance * bend(centres)


def test_defects_of_a_field_of_fourth_degree_on_even_cells():
    """k t h^3 T_yyyy / 12 in inner cells, half cells at the ends to the order of the estimate."""
    field = np.polynomial.Polynomial([300.0, 2.0, -3.0, 5.0, 4.0])
    widths = np.full(10, 0.1)
    legs, k, edges, T, exact = along(widths, field, field.deriv(2))
    np.testing.assert_allclose(exact[1:-1], k * 0.1**3 * 96.0 / 12.0, rtol=1e-8)
    np.testing.assert_allclose(legs.row_W[1:-1, 0], exact[1:-1], rtol=1e-9, atol=1e-12)
    low = k * ((T[0] - field(0.0)) / 0.05 - field.deriv()(0.0))
    high = k * ((T[-1] - field(1.0)) / 0.05 + field.deriv()(1.0))
    np.testing.assert_allclose([legs.low_W[0, 0], legs.high_W[-1, 0]], [low, high], rtol=1e-2)
    assert edges[-1] == pytest.approx(1.0)


def test_defects_of_a_cubic_on_uneven_cells():
    """Exact wherever both neighbours are inside: s is linear, and so is what is made of it."""
    field = np.polynomial.Polynomial([300.0, 2.0, -3.0, 5.0])
    widths = np.array([0.1, 0.05, 0.2, 0.15, 0.08, 0.12, 0.3])
    legs, k, _, T, exact = along(widths, field, field.deriv(2))
    np.testing.assert_allclose(legs.row_W[1:-1, 0], exact[1:-1], rtol=1e-9, atol=1e-12)
    low = k * ((T[0] - field(0.0)) / 0.05 - field.deriv()(0.0))
    np.testing.assert_allclose(legs.low_W[0, 0], low, rtol=1e-9)


def test_lag_of_a_coolant_behind_its_wall():
    """(1 + e^-N)/2 - (1 - e^-N)/N from W T' = -g (T - w x) solved on one cell, at both ends of its series."""
    for ntu in (0.019999, 0.020001, 1.0, 5.0):
        exact = 0.5 * (1.0 + np.exp(-ntu)) + np.expm1(-ntu) / ntu
        assert float(_lag(np.array([ntu]))[0]) == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize(
    "name",
    [
        "half pitch, 16 x 1",
        "half pitch, 16 x 4, ammonia",
        "half pitch, 16 x 4, upwind",
        "half pitch, 4 x 4, little flow",
        "tube on centres, 16 x 5",
        "two tubes, 16 x 4",
        "radiating fin N = 10, 10 cells",
        "slab with generation, 2 cells",
    ],
)
def test_smooth_fields(name):
    true, estimate = STUDY.errors(STUDY.CASES[name])
    assert estimate == pytest.approx(true, rel=0.15)


@pytest.mark.parametrize("name", ["two tubes, 16 x 8, edges of sunlight", "NAFEMS T4, 6 x 10"])
def test_rough_fields(name):
    true, estimate = STUDY.errors(STUDY.CASES[name])
    assert 0.5 < estimate / true < 2.0


def test_parts_and_signs():
    """A tube that exchanges through half a cell leaves the payload too hot; names as in the result."""
    result = STUDY.half_pitch(16, 2).steady()
    known = result.certificate.mesh_errors_K
    assert set(known) == {"plate", "tube", "payload", "tube.wall", "tube.outlet"}
    fine = STUDY.half_pitch(16, 40).steady()
    rise = result["payload"].m_as("K") - fine["payload"].m_as("K")
    assert known["payload"] == pytest.approx(rise, rel=0.15)
    wall = result.wall_temperature("tube").m_as("K")[0] - fine.wall_temperature("tube").m_as("K")[0]
    assert known["tube.wall"] == pytest.approx(wall, rel=0.15)
    assert result.certificate.mesh_error_K == max(abs(value) for value in known.values())
    assert "mesh error" in repr(result.certificate)


def test_edges():
    """The surface of a radiating edge, against forty times as many cells."""
    coarse, fine = (STUDY.slab(n).steady() for n in (8, 320))
    error = coarse["slab.east"].m_as("K")[0] - fine["slab.east"].m_as("K")[0]
    assert coarse.certificate.mesh_errors_K["slab.east"] == pytest.approx(error, rel=0.05)


def test_mirror():
    """A plate seen in a mirror across y has the same errors."""

    def built(sign: int):
        net = ts.ThermalNetwork()
        edges = np.array([0.0, 0.02, 0.05, 0.08, 0.1, 0.16])
        edges = edges if sign > 0 else (edges[-1] - edges)[::-1]
        plate = net.plate(
            "plate",
            cells=(ts.Q(np.linspace(0.0, 2.0, 7), "m"), ts.Q(edges, "m")),
            thickness="1 mm",
            conductivity="150 W/m/K",
        )
        space = net.boundary("space", temperature="100 K")
        net.radiate(plate.face("front"), space, emissivity=0.9)
        net.convect(plate.edge("south" if sign > 0 else "north"), space, coefficient="20 W/m^2/K")
        net.heat(plate.edge("west"), "3 W")
        net.channel(
            "tube",
            plate.line(y=ts.Q(0.05 if sign > 0 else 0.11, "m")),
            mass_flow="5 g/s",
            specific_heat="2000 J/kg/K",
            mass_per_length="0 kg/m",
            wall_conductance="30 W/m/K",
            inlet=net.boundary("inlet", temperature="320 K"),
        )
        return net.steady().certificate.mesh_errors_K

    up, down = built(1), built(-1)
    assert up["plate.south"] == pytest.approx(down["plate.north"], rel=1e-9)
    for name in ("plate", "tube", "tube.wall"):
        assert up[name] == pytest.approx(down[name], rel=1e-9)


def day_and_night(split: int, ny: int = 2, *, valve: bool = False) -> ts.ThermalNetwork:
    net = ts.ThermalNetwork()
    plate = net.plate(
        "plate",
        size=("2 m", "0.1 m"),
        cells=(8 * split, ny * split),
        thickness="1 mm",
        conductivity="170 W/m/K",
        density="2700 kg/m^3",
        specific_heat="900 J/kg/K",
    )
    net.radiate(plate.face("front"), net.boundary("sky", temperature="100 K"), emissivity=0.9)
    sun = ts.Table(ts.Q([0.0, 3000.0], "s"), ts.Q([200.0, 0.0], "W/m^2"), kind="step", period="5400 s")
    net.heat(plate.face("front"), sun)
    payload = net.node("payload", heat_capacity="5e3 J/K")
    net.heat(payload, "60 W")
    varied = {}
    if valve:
        sensor = net.node("sensor", heat_capacity="10 J/K")
        net.couple(sensor, payload, conductance="1 W/K")
        law = ts.laws.Law.ramp(320.0, 360.0, 0.0, 1.0)
        varied = {"valve": net.valve("valve", sensor, law, lag="10 s"), "flow_factors": (0.1, 0.9)}
    tube = net.channel(
        "tube",
        plate.line(y="0 m"),
        mass_flow="4 g/s",
        specific_heat="2000 J/kg/K",
        mass_per_length="0.02 kg/m",
        wall_conductance="50 W/m/K",
        **varied,
    )
    net.loop("loop", channels=[tube], node=payload)
    return net


@pytest.mark.parametrize("valve", [False, True])
def test_periodic_state(valve):
    """The mean of the error over an orbit, with a flow that varies too."""
    times = ts.Q(np.linspace(0.0, 5400.0, 109), "s")
    coarse, fine = (
        day_and_night(k, valve=valve).periodic(period="5400 s", tolerance="0.5 mK", times=times)
        for k in (1, 6)
    )
    error = float(np.mean((coarse["payload"] - fine["payload"]).m_as("K")))
    assert coarse.certificate.mesh_errors_K["payload"] == pytest.approx(error, rel=0.15)


def test_short_run_has_not_come_to_its_error():
    """A run ends before the payload feels all of the mesh; the estimate is of what it felt by then."""
    error, estimate = {}, {}
    for seconds in (60.0, 5000.0):
        coarse, fine = (
            day_and_night(k).transient(duration=ts.Q(seconds, "s"), initial="290 K", tolerance="0.1 mK")
            for k in (1, 6)
        )
        error[seconds] = float((coarse["payload"][-1] - fine["payload"][-1]).m_as("K"))
        estimate[seconds] = coarse.certificate.mesh_errors_K["payload"]
        assert 0.3 < estimate[seconds] / error[seconds] < 3.0
    assert estimate[60.0] < 0.1 * estimate[5000.0]


def test_plate_solver_gives_the_same():
    """The fast path's iterative solve and the sparse one agree to its accuracy."""
    from thermalsat.solver.mesh import mesh_error

    net = STUDY.two_tubes(12, 6)
    result = net.steady()
    c = compiled(net)
    fast = mesh_error(c.mesh, c.system, 0.0, result.y, relative=1e-8)
    sparse = mesh_error(c.mesh, c.exact, 0.0, result.y)
    np.testing.assert_allclose(fast.error, sparse.error, rtol=1e-5)


def test_battery_keeps_its_charge():
    """A state of energy has no balance of its own; the plate's error is what it is without."""
    nets = []
    for battery in (False, True):
        net = day_and_night(1, 3)
        if battery:
            bus = net.bus("bus")
            net.battery("battery", bus, capacity="1 kWh", charge_power="100 W")
        nets.append(net.steady(time="0 s"))
    known = [result.certificate.mesh_errors_K for result in nets]
    assert known[1]["plate"] == pytest.approx(known[0]["plate"], rel=1e-6)
    assert "battery" not in known[1]


def test_none_without_plates():
    net = ts.ThermalNetwork()
    box = net.node("box", heat_capacity="1 J/K")
    net.couple(box, net.boundary("room", temperature="300 K"), conductance="1 W/K")
    assert net.steady().certificate.mesh_error is None


def test_satellite():
    """A shipped design, whose bypass varies the flow in the tubes over the orbit."""
    satellite = ts.designs.load("leo-53")
    runs = [
        ts.periodic(satellite.replace("radiator.cells", cells), load="120 kW")
        for cells in ((48, 8), (96, 16))
    ]
    means = [
        np.trapezoid(run["junction"].m_as("K"), run.time.m_as("s")) / run.time.m_as("s")[-1] for run in runs
    ]
    error = 4.0 / 3.0 * (means[0] - means[1])
    assert runs[0].certificate.mesh_errors_K["junction"] == pytest.approx(error, rel=0.08)
