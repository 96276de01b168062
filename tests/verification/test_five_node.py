"""Five-node network: the test case of a published C++ lumped-parameter solver, pycanha-core."""

from __future__ import annotations

import numpy as np

import thermalsat as ts

NODES = ("10", "15", "20", "25")


def network() -> ts.ThermalNetwork:
    net = ts.ThermalNetwork()
    nodes = {name: net.node(name, heat_capacity="2e5 J/K", temperature="273.15 K") for name in NODES}
    nodes["99"] = net.boundary("99", temperature="3.15 K")
    for a, b in (("10", "15"), ("20", "25")):
        net.couple(nodes[a], nodes[b], conductance="0.1 W/K")
    for a, b, area in (
        ("10", "99", 1.0),
        ("15", "25", 0.2),
        ("15", "99", 0.8),
        ("20", "99", 1.0),
        ("25", "99", 0.8),
    ):
        net.radiate(nodes[a], nodes[b], GR=ts.Q(area, "m^2"))
    net.heat(nodes["15"], "500 W")
    return net


def test_steady():
    result = network().steady()
    found = [result[name].m_as("K") for name in NODES]
    np.testing.assert_allclose(found, [132.38706, 306.56526, 111.78443, 200.32387], rtol=1e-7)


def test_after_100000_s():
    result = network().transient(duration="1e5 s", times=ts.Q([1e5], "s"), tolerance="1 mK")
    found = [result[name].m_as("K")[0] for name in NODES]
    np.testing.assert_allclose(found, [197.888065, 308.379860, 195.872346, 222.422606], rtol=1e-5)
