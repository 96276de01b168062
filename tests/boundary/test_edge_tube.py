"""A tube on an edge on which something else acts too: its wall is the edge's surface."""

from __future__ import annotations

import numpy as np
import pytest

import thermalsat as ts
from thermalsat import twin
from thermalsat.errors import InputError
from thermalsat.laws import Law
from thermalsat.solver import loose
from thermalsat.solver.system import System

LENGTH_M, WIDTH_M = 1.2, 0.1
SUN = ts.Table(["0 s", "3000 s"], ["40 W", "5 W"], kind="step", period="5000 s")
ALL = ("heat", "convect", "radiate")


def sheet(
    acts=ALL, *, form="line", cells=(4, 3), side="south", heat="20 W", film=800.0, load="60 W", valve=False
):
    """Half a pitch whose edge carries a tube and what `acts`; `form` "coupled": a channel of its own."""
    net = ts.ThermalNetwork()
    plate = net.plate(
        "plate",
        size=(ts.Q(LENGTH_M, "m"), ts.Q(WIDTH_M, "m")),
        cells=cells,
        thickness="1 mm",
        conductivity="170 W/m/K",
        density="2700 kg/m^3",
        specific_heat="900 J/kg/K",
        copies=3.0,
    )
    sky = net.boundary("sky", temperature="150 K")
    net.radiate(plate.face("front"), sky, emissivity=0.9)
    payload = net.node("payload", heat_capacity="5e3 J/K")
    net.heat(payload, load, name="load")
    flow = {"mass_flow": "10 g/s", "specific_heat": "1000 J/kg/K", "mass_per_length": "0.05 kg/m"}
    if valve:
        ramp = Law.ramp(280.0, 330.0, 0.0, 1.0)
        flow |= {"valve": net.valve("valve", payload, ramp, lag="10 s"), "flow_factors": (0.2, 0.8)}
    if form == "line":
        line = plate.line(y="0 m" if side == "south" else ts.Q(WIDTH_M, "m"))
        tube = net.channel("tube", line, wall_conductance="50 W/m/K", **flow)
    else:
        tube = net.channel("tube", length=ts.Q(LENGTH_M, "m"), cells=cells[0], copies=3.0, **flow)
        net.couple(tube, plate.edge(side), conductance_per_length="50 W/m/K")
    net.loop("loop", channels=[tube], node=payload)
    if "heat" in acts:
        net.heat(plate.edge(side), heat, name="rim heat")
    if "convect" in acts:
        net.convect(plate.edge(side), sky, coefficient=ts.Q(film, "W/m^2/K"), name="rim film")
    if "radiate" in acts:
        net.radiate(plate.edge(side), sky, GR="0.02 m^2", name="rim radiation")
    return net


@pytest.mark.parametrize("side", ["south", "north"])
@pytest.mark.parametrize("acts", [("heat",), ("convect",), ("radiate",), ALL])
def test_it_is_a_channel_coupled_to_the_edge(acts, side):
    """The same equations as with a channel of its own joined to the surface: unknown by unknown."""
    line, coupled = (sheet(acts, form=form, side=side) for form in ("line", "coupled"))
    for net in (line, coupled):
        # a channel that is coupled needs no other reason for the edge to have a surface than one more term
        assert net.layout.slice(f"plate.{side}") == slice(16, 20)
    y = line.layout.initial() + np.random.default_rng(3).uniform(-20.0, 20.0, line.layout.n)
    np.testing.assert_allclose(line.rhs(0.0, y), coupled.rhs(0.0, y), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(
        line.jacobian(0.0, y).toarray(), coupled.jacobian(0.0, y).toarray(), rtol=1e-12, atol=1e-14
    )


def test_wall_surface_and_field_are_one():
    result = sheet().steady()
    wall = result.wall_temperature("tube").m_as("K")
    np.testing.assert_array_equal(result["plate.south"].m_as("K"), wall)
    x = ts.Q((np.arange(4) + 0.5) * LENGTH_M / 4, "m")
    np.testing.assert_allclose(result["plate"].at(x, "0 m").m_as("K"), wall, rtol=1e-13)
    # what the surface takes in is what it gives
    half = 3.0 * 2.0 * 170.0 * 1e-3 * (LENGTH_M / 4) / (WIDTH_M / 3)
    into_plate = half * (wall - result["plate"].m_as("K")[:, 0]).sum()
    named = {name: result.power(name).m_as("W") for name in result.ledger.names}
    # the 20 W are of one copy
    assert named["rim heat"] == pytest.approx(60.0)
    balance = named["rim heat"] - named["rim film"] - named["rim radiation"] - named["plate -> tube"]
    assert balance == pytest.approx(into_plate, rel=1e-9)


def test_a_tube_alone_on_its_edge_needs_no_surface():
    net = sheet(())
    assert net.layout.n == 12 + 4 + 1
    assert type(System(net.bundle()).solver).__name__ == "PlateSolver"


def test_core_and_twin_agree_and_the_sparse_path_is_taken():
    net = sheet(valve=True, heat=SUN)
    b, y = net.bundle(), sheet(valve=True).layout.initial() + 7.0
    y = y + np.random.default_rng(0).uniform(-9.0, 9.0, b.n)
    y[net.layout.slice("valve")] = 0.4
    system = System(b)
    F, flows = system.rates(10.0, y)
    F_twin, flows_twin = twin.rates(b, 10.0, y)
    np.testing.assert_allclose(F, F_twin, rtol=0.0, atol=1e-11)
    np.testing.assert_allclose(flows, flows_twin, rtol=0.0, atol=1e-11)
    np.testing.assert_allclose(system.jacobian(10.0, y).toarray(), twin.jacobian(b, 10.0, y), atol=1e-12)
    assert type(system.solver).__name__ == "SparseSolver"
    with pytest.raises(loose.NotPlanar, match="not along one row"):
        _ = System(b, path="plate").solver


@pytest.mark.parametrize("acts", [("heat",), ALL])
def test_a_thin_row_on_the_plate_path_tends_to_it(acts):
    """The same edge as a row of cells a micrometre wide with the tube on its centre: plate against sparse."""
    net = sheet(acts, form="line", heat=SUN)
    sliver = 1e-6
    other = ts.ThermalNetwork()
    rows = np.concatenate([[0.0], sliver + np.linspace(0.0, WIDTH_M, 4)])
    plate = other.plate(
        "plate",
        cells=(ts.Q(np.linspace(0.0, LENGTH_M, 5), "m"), ts.Q(rows, "m")),
        thickness="1 mm",
        conductivity="170 W/m/K",
        density="2700 kg/m^3",
        specific_heat="900 J/kg/K",
        copies=3.0,
    )
    sky = other.boundary("sky", temperature="150 K")
    other.radiate(plate.face("front"), sky, emissivity=0.9)
    payload = other.node("payload", heat_capacity="5e3 J/K")
    other.heat(payload, "60 W")
    tube = other.channel(
        "tube",
        plate.line(y=ts.Q(0.5 * sliver, "m")),
        mass_flow="10 g/s",
        specific_heat="1000 J/kg/K",
        mass_per_length="0.05 kg/m",
        wall_conductance="50 W/m/K",
    )
    other.loop("loop", channels=[tube], node=payload)
    other.heat(plate.cells[:, 0], SUN)
    if "convect" in acts:
        other.couple(plate.cells[:, 0], sky, conductance=ts.Q(800.0 * LENGTH_M * 1e-3, "W/K"))
        other.radiate(plate.cells[:, 0], sky, GR="0.02 m^2")
    assert type(System(other.bundle()).solver).__name__ == "PlateSolver"
    times = ts.Q(np.linspace(0.0, 5000.0, 26), "s")
    runs = [n.periodic(period="5000 s", tolerance="1 mK", times=times) for n in (net, other)]
    for name in ("tube", "payload"):
        a, b = (run[name].m_as("K") for run in runs)
        np.testing.assert_allclose(a, b, atol=5e-3)
    assert np.ptp(runs[0]["payload"].m_as("K")) > 1.0


@pytest.mark.parametrize("valve", [False, True])
def test_ledger_closes_over_an_orbit(valve):
    net = sheet(heat=SUN, valve=valve)
    run = net.periodic(period="5000 s", tolerance="5 mK")
    assert abs(run.ledger.residual_relative) < 1e-12
    # 40 W for 3000 s and 5 W for 2000 s, in three copies
    assert run.ledger["rim heat"].m_as("J") == pytest.approx(3.0 * (40.0 * 3000.0 + 5.0 * 2000.0), rel=1e-12)


def test_estimate_of_the_mesh_error():
    coarse, fine = (sheet(cells=cells).steady() for cells in ((4, 3), (48, 36)))
    known = coarse.certificate.mesh_errors_K
    assert {"plate.south", "tube.wall", "tube.outlet", "payload"} <= set(known)
    assert known["plate.south"] == known["tube.wall"]
    rise = (coarse["payload"] - fine["payload"]).m_as("K")
    assert known["payload"] == pytest.approx(rise, rel=0.15)


@pytest.mark.parametrize("kind", ["steady", "periodic"])
def test_derivatives_against_differences(kind):
    def gradient(heat=1.0, film=1.0, load=1.0):
        wave = ts.Function(
            lambda t: heat * (30.0 + 20.0 * np.sin(2.0 * np.pi * t / 5000.0)), period="5000 s", unit="W"
        )
        net = sheet(heat=wave, film=800.0 * film, load=ts.Q(60.0 * load, "W"))
        if kind == "steady":
            return net.gradient(net.steady(mean=True), temperature="payload")
        orbit = net.periodic(period="5000 s", tolerance="0.1 mK", closure="1e-7 K")
        return net.gradient(orbit, temperature="payload")

    found = gradient()
    for name, flow in (("heat", "rim heat"), ("film", "rim film"), ("load", "load")):
        up, down = (gradient(**{name: factor}).value.m_as("K") for factor in (1.001, 0.999))
        slope = found.by(flow).relative.m_as("K")
        assert abs(slope) > 0.5
        assert slope == pytest.approx((up - down) / 0.002, rel=1e-4)


def test_a_fixed_edge_takes_no_tube():
    net = sheet(())
    net.fix(net.parts[0].edge("south"), net.boundary("base", temperature="300 K"))
    with pytest.raises(InputError, match=r"plate\.south' is fixed .* channel 'tube' cannot lie on it; give"):
        net.bundle()


def test_upwind_tubes_have_the_surface_too():
    """Half a wall conductance less: the outlet of one cell of NTU 5 is W T_in + G T_w over W + G."""
    net = ts.ThermalNetwork()
    plate = net.plate(
        "plate", size=("1 m", "0.1 m"), cells=(1, 2), thickness="1 mm", conductivity="170 W/m/K"
    )
    net.channel(
        "tube", plate.line(y="0 m"), mass_flow="10 g/s", specific_heat="1000 J/kg/K",
        mass_per_length="0 kg/m", wall_conductance="50 W/m/K", scheme="upwind",
        inlet=net.boundary("inlet", temperature="330 K"),
    )  # fmt: skip
    air = net.boundary("air", temperature="250 K")
    net.convect(plate.edge("south"), air, coefficient="3e4 W/m^2/K")
    net.convect(plate.edge("north"), air, coefficient="10 W/m^2/K")
    result = net.steady()
    wall, out = result.wall_temperature("tube").m_as("K")[0], result["tube"].m_as("K")[0]
    assert 10.0 * (330.0 - out) == pytest.approx(50.0 * (out - wall), rel=1e-9)
    # plate: two half cells, one whole between centres, and the film of the far edge
    through = 1.0 / (0.1 / (170.0 * 1e-3) + 1.0 / (10.0 * 1e-3))
    assert 50.0 * (out - wall) == pytest.approx((30.0 + through) * (wall - 250.0), rel=1e-9)
