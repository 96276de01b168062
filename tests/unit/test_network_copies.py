"""Networks copied, pickled, and solved from several threads."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from network_cases import everything

import thermalsat as ts

WAYS = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda net: pickle.loads(pickle.dumps(net)),
}


def cooled():
    """A plate with an ammonia tube fed by a boundary whose temperature varies."""
    net = ts.ThermalNetwork()
    plate = net.plate(
        "plate", size=("1 m", "0.2 m"), cells=(6, 3), thickness="1 mm", conductivity="170 W/m/K",
        density="2700 kg/m^3", specific_heat="900 J/kg/K",
    )  # fmt: skip
    supply = net.boundary("supply", temperature=ts.Table(["0 s", "500 s"], ["280 K", "320 K"], kind="step"))
    channel(net, plate, supply, "tube", "0 m")
    net.radiate(plate.face("front"), net.boundary("sky", temperature="3 K"), emissivity=0.9)
    return net


def channel(net, plate, supply, name, y):
    net.channel(name, plate.line(y=y), mass_flow="2 g/s", coolant="ammonia", diameter="8 mm",
                wall_conductance="100 W/m/K", inlet=supply)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("solved", [False, True])
def test_a_copy_has_the_same_equations_and_goes_its_own_way(way, solved):
    net = cooled()
    before = net.rhs(0.0, net.layout.initial()) if solved else None
    if solved:
        net.transient(duration="10 s")
    other = WAYS[way](net)
    rates = other.rhs(0.0, other.layout.initial())
    np.testing.assert_array_equal(rates, net.rhs(0.0, net.layout.initial()) if before is None else before)
    # the copy still knows its coolant, and the boundary that was put in terms of it
    plate, supply = other.parts[0], other.boundaries[0]
    channel(other, plate, supply, "second", "0.1 m")
    assert other.layout.n == net.layout.n + 6
    assert other.bundle().nb == net.bundle().nb
    assert other.transient(duration="10 s")["second"][-1].m_as("K").max() < 300.0


def test_a_copy_of_everything():
    net = everything()
    y = net.layout.initial()
    other = copy.deepcopy(net)
    np.testing.assert_array_equal(other.rhs(5.0, y), net.rhs(5.0, y))
    assert other.flow_names == net.flow_names


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("design", ["leo-53", "suncatcher-650"])
def test_a_copy_of_an_assembled_satellite_has_the_same_rates_and_may_grow(way, design):
    net = ts.assemble(ts.designs.load(design).replace("radiator.cells", [8, 2]), load="120 kW")
    other = WAYS[way](net)
    y = net.layout.initial()
    np.testing.assert_array_equal(other.rhs(60.0, y), net.rhs(60.0, y))
    other.node("star tracker", heat_capacity="1 kJ/K", temperature="290 K")
    assert other.layout.n == net.layout.n + 1


def test_threads_solve_one_network_in_turn():
    net = cooled()
    starts = [ts.Q(260.0 + 10.0 * k, "K") for k in range(8)]

    def run(start):
        return net.transient(duration="2000 s", initial=start, tolerance="1 mK").y

    expected = [run(start) for start in starts]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(run, starts))
    np.testing.assert_array_equal(found, expected)
