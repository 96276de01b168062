"""The radiating fin with insulated tip and no sink.

k t T'' = m eps sigma T^4, T(0) = Tb, T'(L) = 0; efficiency over N = m eps sigma Tb^3 L^2 / (k t).
Bartas and Sellers, Radiation fin effectiveness, J. Heat Transfer 82 (1960) 73; values by quadrature.
"""

from __future__ import annotations

import numpy as np
import pytest

import thermalsat as ts

SIGMA = 5.670374419e-8


def efficiency(number: float, edges_m: np.ndarray) -> float:
    """One face of unit emissivity, 1 m by 1 m, base at 300 K, conductivity so that N is `number`."""
    base_K = 300.0
    k_t = SIGMA * base_K**3 / number
    net = ts.ThermalNetwork()
    fin = net.plate(
        "fin",
        cells=(ts.Q(edges_m, "m"), ts.Q([0.0, 1.0], "m")),
        thickness="1 m",
        conductivity=ts.Q(k_t, "W/m/K"),
    )
    net.fix(fin.edge("west"), net.boundary("base", temperature=ts.Q(base_K, "K")), name="root")
    net.radiate(fin.face("front"), net.boundary("space", temperature="0 K"), emissivity=1.0)
    result = net.steady()
    assert result.certificate.problems() == []
    return -float(result.ledger["root"].m_as("W")) / (SIGMA * base_K**4)


@pytest.mark.parametrize(
    ("number", "expected"), [(0.1, 0.890035), (0.5, 0.663435), (1.0, 0.533989), (2.0, 0.409546)]
)
def test_efficiency(number, expected):
    assert efficiency(number, np.linspace(0.0, 1.0, 401)) == pytest.approx(expected, rel=1e-5)


def test_efficiency_of_a_short_fin():
    """N -> 0: eta = 1 - 4 N / 3, with a second-order remainder."""
    for number in (1e-2, 1e-3):
        assert (
            abs(efficiency(number, np.linspace(0.0, 1.0, 101)) - (1.0 - 4.0 * number / 3.0)) < 4.0 * number**2
        )


def test_efficiency_of_a_long_fin():
    """N -> inf: eta = sqrt(2 / (5 N)); cells grow away from the base, where it cools within L / sqrt(N)."""
    edges = np.concatenate([[0.0], np.geomspace(1e-6, 1.0, 600)])
    ratios = [efficiency(number, edges) / np.sqrt(2.0 / (5.0 * number)) for number in (1e4, 1e6)]
    assert ratios == pytest.approx([1.0, 1.0], abs=2e-4)


def test_fin_in_metres():
    """k 200, t 1 mm, L .1 m, eps .85, Tb 320 K, two faces: eta .841703, tip 299.674 K, 85.07847 W/m."""
    net = ts.ThermalNetwork()
    fin = net.plate("fin", size=("0.1 m", "1 m"), cells=(400, 1), thickness="1 mm", conductivity="200 W/m/K")
    space = net.boundary("space", temperature="0 K")
    net.fix(fin.edge("west"), net.boundary("base", temperature="320 K"), name="root")
    for face in ("front", "back"):
        net.radiate(fin.face(face), space, emissivity=0.85)
    result = net.steady()
    heat_W = -result.ledger["root"].m_as("W")
    assert heat_W == pytest.approx(85.07847, rel=1e-5)
    assert heat_W / (2.0 * 0.85 * SIGMA * 320.0**4 * 0.1) == pytest.approx(0.841703, rel=1e-5)
    assert result["fin"].at("0.1 m", "0.5 m").m_as("K") == pytest.approx(299.674, rel=1e-5)
