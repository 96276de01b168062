"""Bad input is refused before any work, with the name of the argument and what was given."""

import numpy as np
import pytest
from network_cases import aluminium

import thermalsat as ts
from thermalsat.errors import InputError
from thermalsat.laws import Law
from thermalsat.units import UnitsError

TUBE = {
    "mass_flow": "0.01 kg/s",
    "specific_heat": "4000 J/kg/K",
    "mass_per_length": "0.1 kg/m",
    "wall_conductance": "60 W/m/K",
}


@pytest.fixture
def net():
    return ts.ThermalNetwork()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"thickness": "0 mm"}, "`thickness` must be above zero"),
        ({"thickness": 2.0}, "`thickness` must be a length with a unit"),
        ({"density": "-1 kg/m^3"}, "`density` must be above zero"),
        ({"specific_heat": None}, "`specific_heat` must be given with the other"),
        ({"conductivity": "-1 W/m/K"}, "`conductivity` must not be negative"),
        ({"conductivity": ts.Q(np.ones((4, 5)), "W/m/K")}, r"`conductivity` must have shape \(4, 6\)"),
        ({"cells": (0, 6)}, r"`cells\[0\]` must be at least 1, got 0"),
        ({"cells": 6}, "`cells` must be two counts"),
        ({"size": "1 m"}, "`size` must be two lengths"),
        ({"size": ts.Q(1.0, "m")}, "`size` must be two lengths"),
        ({"size": ("1 m", "2 m", "3 m")}, "`size` must be two lengths"),
        ({"size": (ts.Q(1.0, "m"), 2.0)}, r"`size\[1\]` must be a length with a unit"),
        (
            {"cells": (4, ts.Q([0.0, 0.3, 0.2, 0.5], "m"))},
            r"`cells\[1\]` must be a count, or edges that increase",
        ),
        (
            {"cells": (4, ts.Q([0.0, 0.2, 0.4], "m"))},
            r"`cells\[1\]` must end at the size, 0\.5 m, got 0\.4 m",
        ),
        ({"temperature": ts.Q(np.full((4, 6), np.nan), "K")}, r"`temperature\[0, 0\]` must be finite"),
        ({"copies": 0.0}, "`copies` must be above zero"),
    ],
)
def test_plates(net, changes, message):
    with pytest.raises(InputError, match=message):
        aluminium(net, **changes)


@pytest.mark.parametrize("size", [(ts.Q(1.0, "m"), ts.Q(50.0, "cm")), ts.Q([1.0, 0.5], "m")])
def test_sizes_are_texts_or_quantities(net, size):
    assert aluminium(net, size=size).area_m2.sum() == pytest.approx(0.5)


def test_a_refused_part_leaves_its_name_free(net):
    with pytest.raises(InputError):
        net.node("box", heat_capacity="-5 J/K")
    net.node("box", heat_capacity="5 J/K")


def test_names_are_unique_and_texts(net):
    net.node("box")
    with pytest.raises(InputError, match="`name` must be unique in the network, but 'box' is taken"):
        net.boundary("box", temperature="3 K")
    with pytest.raises(InputError, match="`name` must be a text"):
        net.node(3)


def test_negative_capacity(net):
    with pytest.raises(InputError, match="`heat_capacity` must not be negative, got '-5 J/K'"):
        net.node("box", heat_capacity="-5 J/K")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"emissivity": 1.2}, r"`emissivity` must be between 0 and 1, got 1\.2"),
        ({"emissivity": np.full((4, 6), np.nan)}, r"`emissivity\[0, 0\]` must be finite"),
        (
            {"emissivity": np.full((6, 4), 0.5)},
            r"`emissivity` must have shape \(4, 6\), x first; got \(6, 4\)",
        ),
        ({"emissivity": 0.9, "view_factor": -0.1}, "`view_factor` must be between 0 and 1"),
        ({"emissivity": 0.9, "GR": "1 m^2"}, "`GR` must not be given with `emissivity`"),
        ({}, "`emissivity` or `GR` must be given"),
    ],
)
def test_radiation(net, options, message):
    plate, sky = aluminium(net), net.boundary("sky", temperature="3 K")
    with pytest.raises(InputError, match=message):
        net.radiate(plate.face("front"), sky, **options)


def test_view_factors_out_of_a_face_sum_to_one_at_most(net):
    plate, sky, earth = (
        aluminium(net),
        net.boundary("sky", temperature="3 K"),
        net.boundary("e", temperature="254 K"),
    )
    net.radiate(plate.face("front"), sky, emissivity=0.9, view_factor=0.8)
    with pytest.raises(
        InputError, match=r"`view_factor` out of 'plate\.front' must sum to 1 at most, got 1\.1"
    ):
        net.radiate(plate.face("front"), earth, emissivity=0.9, view_factor=0.3)
    net.radiate(plate.face("front"), earth, emissivity=0.9, view_factor=0.2)


def test_a_node_needs_an_area(net):
    box, sky = net.node("box"), net.boundary("sky", temperature="3 K")
    with pytest.raises(InputError, match="`area` must be given for 'box'"):
        net.radiate(box, sky, emissivity=0.9)


def test_places_of_another_network(net):
    other = ts.ThermalNetwork().node("box")
    with pytest.raises(InputError, match="must be of this network; 'box' is of another one"):
        net.couple(net.node("a"), other, conductance="1 W/K")
    with pytest.raises(InputError, match="`second place` must be a node or a boundary"):
        net.couple(net.node("b"), "wall", conductance="1 W/K")


def test_couplings(net):
    a, b = net.boundary("a", temperature="3 K"), net.boundary("b", temperature="3 K")
    box = net.node("box")
    with pytest.raises(InputError, match="`a` and `b` are both boundaries"):
        net.couple(a, b, conductance="1 W/K")
    with pytest.raises(InputError, match="not to itself"):
        net.couple(box, box, conductance="1 W/K")
    with pytest.raises(InputError, match="`conductance` must not be negative"):
        net.couple(box, a, conductance="-1 W/K")
    with pytest.raises(UnitsError, match="`conductance` must be a thermal conductance with a unit"):
        net.couple(box, a, conductance=5)
    with pytest.raises(InputError, match="`conductance_per_length` must join a channel or an edge"):
        net.couple(box, a, conductance_per_length="1 W/m/K")
    plate, twin = aluminium(net), aluminium(net, "twin", copies=3)
    with pytest.raises(InputError, match="`copies` must be the same on both"):
        net.couple(plate.cells[0, 0], twin.cells[0, 0], conductance="1 W/K")
    with pytest.raises(InputError, match="join as many, or a single one"):
        net.couple(plate.cells[0, 0:2], plate.cells[1, 0:3], conductance="1 W/K")


def test_heat_names_the_units_it_takes(net):
    plate, box = aluminium(net), net.node("box")
    with pytest.raises(UnitsError, match=r"`heat` must be a power \[W\] with a unit"):
        net.heat(box, 500)
    with pytest.raises(UnitsError, match=r"`heat` must be a power \[W\] with a unit"):
        net.heat(box, "500 W/m^2")
    with pytest.raises(UnitsError, match=r"a power \[W\] or a power per volume \[W/m\^3\]"):
        net.heat(plate, "500 W/m^2")
    with pytest.raises(InputError, match=r"`pattern` must have shape \(4, 6\)"):
        net.heat(plate.face("front"), "500 W/m^2", pattern=np.ones((6, 4)))
    with pytest.raises(InputError, match="`pattern` must not be zero everywhere"):
        net.heat(plate, "500 W", pattern=np.zeros((4, 6)))
    with pytest.raises(InputError, match="`heat` must be finite"):
        net.heat(box, ts.Q(np.nan, "W"))


def test_an_edge_that_is_fixed_takes_nothing_else(net):
    plate, base = aluminium(net), net.boundary("base", temperature="300 K")
    net.fix(plate.edge("south"), base)
    net.heat(plate.edge("south"), "3 W/m^2")
    with pytest.raises(InputError, match=r"'plate\.south' is fixed to a temperature"):
        net.bundle()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mass_flow": "0 kg/s"}, "`mass_flow` must be above zero"),
        ({"specific_heat": None}, "`coolant` or `specific_heat` must be given"),
        ({"mass_per_length": None}, "`mass_per_length`, or `diameter` with a `coolant`"),
        ({"wall_conductance": None}, "`wall_conductance` must be given on a line"),
        (
            {"wall_conductance": lambda T, w: 60.0, "scheme": "upwind"},
            'must be a constant with scheme="upwind"',
        ),
        ({"scheme": "central"}, '`scheme` must be "ntu" or "upwind"'),
        ({"length": "1 m", "cells": 4}, "must not be given with `line`"),
        ({"flow_factors": (1.0, -0.5)}, "must have c1 = 0 without a `valve`"),
        ({"coolant": "beer", "specific_heat": None}, "beer"),
    ],
)
def test_channels(net, changes, message):
    plate = aluminium(net)
    with pytest.raises(InputError, match=message):
        net.channel("tube", plate.line(y="0.25 m"), **(TUBE | changes))


def test_one_channel_per_line_and_an_inlet_for_each(net):
    plate = aluminium(net)
    net.channel("tube", plate.line(y="0.25 m"), **TUBE)
    with pytest.raises(InputError, match="already carries 'tube'"):
        net.channel("other", plate.line(y="0.25 m"), **TUBE)
    with pytest.raises(InputError, match="`inlet` of channel 'tube' must be given"):
        net.bundle()


def test_streams_have_one_fluid(net):
    tank = net.volume("tank", heat_capacity="1 J/K", coolant="ammonia")
    plain = net.node("plain", heat_capacity="1 J/K")
    with pytest.raises(InputError, match="`plain` carries plain temperature and `tank` ammonia"):
        net.flow(plain, tank, capacity_rate="1 W/K")


def test_loops(net):
    plate, box = aluminium(net), net.node("box", heat_capacity="1 J/K")
    tube = net.channel("tube", plate.line(y="0.25 m"), **TUBE)
    with pytest.raises(InputError, match="`effectiveness` must be between 0 and 1"):
        net.loop("loop", channels=[tube], node=box, effectiveness=1.5)
    with pytest.raises(InputError, match="`bypass` must be below 1"):
        net.loop("loop", channels=[tube], node=box, bypass=1.0)
    valve = net.valve("valve", box, Law.constant(0.5), "1 s")
    with pytest.raises(InputError, match="must be the valve of the loop's channels"):
        net.loop("loop", channels=[tube], node=box, bypass=valve)
    with pytest.raises(InputError, match="`channels` must be at least one channel"):
        net.loop("loop", channels=[], node=box)
    net.loop("loop", channels=[tube], node=box)
    with pytest.raises(InputError, match="must be without an inlet, but 'tube' has 'loop.inlet'"):
        net.loop("second", channels=[tube], node=box)


def test_buses_and_batteries(net):
    bus = net.bus("bus")
    net.supply(bus, "5 W")
    with pytest.raises(InputError, match="`bus` 'bus' has no battery"):
        net.bundle()
    with pytest.raises(InputError, match="`charge_efficiency` must be between 0 and 1"):
        net.battery("b", bus, capacity="1 kWh", charge_power="1 W", charge_efficiency=1.1)
    with pytest.raises(InputError, match=r"`curtail_to` must have shares that sum to 1, got 0\.5"):
        net.battery("b", bus, capacity="1 kWh", charge_power="1 W", curtail_to=[(net.node("n"), 0.5)])
    net.battery("b", bus, capacity="1 kWh", charge_power="1 W")
    with pytest.raises(InputError, match="already has the battery 'b'"):
        net.battery("c", bus, capacity="1 kWh", charge_power="1 W")


def test_valves_stay_between_shut_and_open(net):
    with pytest.raises(InputError, match="`law` must stay between 0 and 1, got 0 to 2"):
        net.valve("valve", net.node("box"), Law.ramp(290.0, 300.0, 0.0, 2.0), "5 s")


def test_packing(net):
    aluminium(net)
    with pytest.raises(InputError, match="`name` must be one of: plate; got 'plat'"):
        net.pack({"plat": 300.0})
    with pytest.raises(InputError, match=r"`plate` must have the shape of its part, \(4, 6\), got \(6, 4\)"):
        net.pack({"plate": np.ones((6, 4))})
    with pytest.raises(InputError, match=r"`y` must have shape \(24,\), got \(3,\)"):
        net.rhs(0.0, np.ones(3))
    y = np.full(24, 300.0)
    y[9] = np.inf
    with pytest.raises(InputError, match=r"`y` must be finite, got inf at plate\[1, 2\]"):
        net.rhs(0.0, y)


def test_tables_must_cover_the_run_and_steady_needs_a_time(net):
    box = net.node("box", heat_capacity="10 J/K")
    net.heat(box, ts.Table(["0 s", "60 s"], ["10 W", "30 W"]), name="lamp")
    with pytest.raises(
        InputError, match="`lamp` must be known from 0 s to 90 s, its table covers 0 s to 60 s"
    ):
        net.transient(duration="90 s")
    with pytest.raises(InputError, match="because these depend on time: lamp"):
        net.steady()
    with pytest.raises(InputError, match="`times` must increase from 0 s to 50 s"):
        net.transient(duration="50 s", times=["0 s", "60 s"])


def test_a_period_must_fit_the_forcings(net):
    box = net.node("box", heat_capacity="10 J/K")
    net.heat(box, ts.Table(["0 s", "60 s"], ["10 W", "30 W"], kind="step", period="100 s"))
    with pytest.raises(
        InputError, match="`period` must be a multiple of the period of 'heat -> box', 100 s; got 250 s"
    ):
        net.periodic(period="250 s")
