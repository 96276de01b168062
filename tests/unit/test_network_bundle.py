"""The bundle that a network makes: layout, invariants, flows, pack and unpack (ext contract, BUNDLE)."""

import numpy as np
import pytest
from network_cases import aluminium, energy_defect, everything

import thermalsat as ts
from thermalsat import twin
from thermalsat.errors import InputError


def disturbed(net, seed=0):
    rng = np.random.default_rng(seed)
    y = net.layout.initial()
    return np.where(
        y > 2.0, y + rng.normal(scale=15.0, size=len(y)), np.clip(y * rng.uniform(0.5, 1.0), 0, 1)
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("t", [0.0, 30.0, 75.0])
def test_stored_heat_changes_by_the_external_flows_alone(t, seed):
    net = everything()
    assert energy_defect(net, disturbed(net, seed), t) < 1e-13


def test_core_and_twin_agree_on_a_network_with_everything():
    net = everything()
    y, bundle = disturbed(net), net.bundle()
    F, flows = twin.rates(bundle, 30.0, y)
    scale = np.where(bundle.capacity > 0.0, bundle.capacity, 1.0)
    assert np.allclose(net.rhs(30.0, y) * scale, F, rtol=0.0, atol=1e-11 * np.max(np.abs(F)))
    assert np.allclose(list(net.flows(30.0, y).values()), flows, rtol=1e-12, atol=1e-10)
    assert np.allclose(
        net.jacobian(30.0, y).toarray(),
        twin.jacobian(bundle, 30.0, y) / scale[:, None],
        rtol=1e-9,
        atol=1e-12,
    )


def test_jacobian_is_the_derivative_of_rhs():
    net = everything()
    y = disturbed(net, 3)
    J = net.jacobian(30.0, y).toarray()
    for i in range(0, len(y), 5):
        h = 1e-4 if y[i] > 2.0 else 1e-6
        step = np.zeros_like(y)
        step[i] = h
        numeric = (net.rhs(30.0, y + step) - net.rhs(30.0, y - step)) / (2 * h)
        assert np.allclose(J[:, i], numeric, rtol=2e-6, atol=1e-6 * max(1e-3, np.max(np.abs(numeric))))


def test_blocks_come_as_plates_channels_edges_nodes_valves_batteries():
    net = everything()
    names = [part.name for part in net.layout.parts]
    assert names[:5] == ["plate", "t0", "t1", "t2", "plate.west"]
    assert names[5:7] == ["box", "joint"]
    assert names[-2:] == ["valve", "battery"]
    assert net.layout.slice("t0") == slice(24, 28)
    assert net.layout.label(4 * 2 + 3) == "plate[3, 2]"
    assert net.layout.label(25) == "t0[1]"


def test_the_reference_problem_has_nx_times_ny_plus_16_plus_1_unknowns():
    # PERFORMANCE: unknowns nx (ny + 16) + 1 = 3,073 on 64 x 32
    net = ts.ThermalNetwork()
    plate = aluminium(net, size=("10 m", "4 m"), cells=(64, 32))
    payload = net.node("payload", heat_capacity="2e5 J/K")
    tubes = [
        net.channel(
            f"t{j}",
            plate.line(y=ts.Q((j + 0.5) * 4 / 16, "m")),
            mass_flow="0.025 kg/s",
            specific_heat="4700 J/kg/K",
            mass_per_length=ts.Q(3 / 160, "kg/m"),
            wall_conductance="400 W/m/K",
            scheme="upwind",
        )
        for j in range(16)
    ]
    net.loop("loop", channels=tubes, node=payload, effectiveness=0.8)
    bundle = net.bundle()
    assert bundle.n == 3073
    assert bundle.ch_kind.tolist() == [0] * 16
    assert bundle.ch_row.tolist() == [2 * j + 1 for j in range(16)]
    assert bundle.ch_wall.tolist() == [64 * j for j in range(16)]
    links = bundle.ch_adv[3] + np.arange(64)
    assert bundle.adv_to[links].tolist() == list(range(bundle.ch_start[3], bundle.ch_start[3] + 64))
    assert bundle.adv_from[links[1:]].tolist() == bundle.adv_to[links[:-1]].tolist()


def test_faces_share_the_area_pattern():
    net = ts.ThermalNetwork()
    plate, sky = aluminium(net), net.boundary("sky", temperature="3 K")
    for side in ("front", "back"):
        net.radiate(plate.face(side), sky, emissivity=0.9)
    net.heat(plate.face("front"), "100 W/m^2", pattern=np.full((4, 6), 0.2))
    bundle = net.bundle()
    assert len(bundle.pat_ptr) == 2
    assert bundle.ps_coef.tolist() == [pytest.approx(20.0)]


def test_copies_multiply_everything_extensive_and_no_temperature():
    def make(copies):
        net = ts.ThermalNetwork()
        sky = net.boundary("sky", temperature="100 K")
        plate = aluminium(net, copies=copies)
        net.radiate(plate.face("front"), sky, emissivity=0.9)
        net.radiate(plate.edge("north"), sky, emissivity=0.9)
        net.convect(plate.edge("east"), sky, coefficient="3 W/m^2/K")
        net.heat(plate.face("back"), "400 W/m^2")
        net.heat(plate.cells[0, 0], "3 W")
        net.channel(
            "tube",
            plate.line(y="0.25 m"),
            mass_flow="0.01 kg/s",
            specific_heat="4000 J/kg/K",
            mass_per_length="0.1 kg/m",
            wall_conductance="80 W/m/K",
            inlet=sky,
        )
        return net

    one, many = make(1.0), make(7.3)
    y = disturbed(one)
    assert np.allclose(many.rhs(0, y)[:28], one.rhs(0, y)[:28], rtol=1e-12)
    assert np.allclose(many.heat_capacities, 7.3 * one.heat_capacities, rtol=1e-14)
    flows_one, flows_many = one.flows(0, y), many.flows(0, y)
    assert list(flows_one) == list(flows_many)
    assert all(flows_many[name] == pytest.approx(7.3 * flows_one[name], rel=1e-12) for name in flows_one)


def test_pack_and_unpack_are_inverse_and_x_comes_first():
    net = everything()
    y = disturbed(net)
    fields = net.unpack(y)
    assert fields["plate"].shape == (4, 6)
    assert fields["plate"][3, 2] == y[4 * 2 + 3]
    assert isinstance(fields["box"], float)
    assert np.array_equal(net.pack(fields), y)
    assert np.array_equal(net.pack(y), y)
    field = np.arange(24.0).reshape(4, 6) + 200.0
    assert np.array_equal(net.unpack(net.pack({"plate": field}))["plate"], field)


def test_coolant_unknowns_are_enthalpy_temperatures_and_come_back_as_temperatures():
    net = ts.ThermalNetwork()
    net.volume("tank", heat_capacity="100 J/K", coolant="ammonia", temperature="330 K")
    theta = net.pack({})[0]
    law = ts.Coolant.preset("ammonia").laws
    assert theta == pytest.approx(float(law.enthalpy_temperature(330.0)), abs=2e-5)
    assert abs(theta - 330.0) > 0.1
    assert net.unpack([theta])["tank"] == pytest.approx(330.0, abs=1e-10)


def test_the_bundle_is_built_again_after_a_change():
    net = ts.ThermalNetwork()
    box = net.node("box", heat_capacity="100 J/K")
    first = net.bundle()
    assert net.bundle() is first
    net.heat(box, "5 W")
    assert net.rhs(0.0, [300.0]).tolist() == [pytest.approx(0.05)]


def test_flows_are_named_once_per_coupling():
    net = ts.ThermalNetwork()
    box, sky = net.node("box", heat_capacity="100 J/K"), net.boundary("sky", temperature="3 K")
    net.couple(sky, box, conductance="1 W/K")
    net.radiate(box, sky, GR="1 m^2")
    net.heat(box, "1 W", name="lamp")
    assert net.flow_names == ["box -> sky", "box -> sky (radiation)", "lamp"]
    assert net.bundle().flow_external.tolist() == [-1, -1, 1]
    with pytest.raises(InputError, match="'lamp' is taken"):
        net.heat(box, "1 W", name="lamp")


def test_breakpoints_and_sides_of_a_step():
    net = ts.ThermalNetwork()
    box = net.node("box", heat_capacity="10 J/K")
    net.heat(box, ts.Table(["0 s", "60 s"], ["10 W", "30 W"], kind="step", period="100 s"))
    assert net.breakpoints.tolist() == [0.0, 60.0]
    assert net.breakpoints_between(0.0, 260.0).tolist() == [60.0, 100.0, 160.0, 200.0]
    assert net.rhs(60.0, [300.0], side="left")[0] == pytest.approx(1.0)
    assert net.rhs(60.0, [300.0], side="right")[0] == pytest.approx(3.0)
