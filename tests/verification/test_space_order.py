"""Order of the error in the cell size, on a steady solution made up with all terms on (docs/studies)."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

import thermalsat as ts

SCRIPT = Path(__file__).parents[2] / "docs" / "studies" / "space_order.py"


@pytest.fixture(scope="module")
def made_up():
    spec = importlib.util.spec_from_file_location("space_order", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["space_order"] = module
    spec.loader.exec_module(module)
    return module


def test_second_order_with_all_terms(made_up):
    """Everywhere: cells, coolants, tube walls, edges that convect and radiate, payload, radiating box."""
    found = made_up.study(made_up.Made(), (3, 9))
    assert len(found.order) == 13
    assert min(found.order.values()) > 1.9, found.order
    assert found.errors[-1]["cells"] < 0.25


@pytest.mark.parametrize("tube", ["edge", "face", "face, against x", "centre"])
def test_second_order_of_each_kind_of_line(made_up, tube):
    made = made_up.Made(tubes=(made_up.TUBES[tube],))
    found = made_up.study(made, (3, 9))
    for name in ("cells", "tube 0", "tube 0.wall", "payload"):
        assert found.order[name] > 1.85, found.order


def test_second_order_where_a_tube_shares_its_edge(made_up):
    """The south edge carries a tube, convects, radiates and is heated: one surface for all of them."""
    found = made_up.study(made_up.Made(south="busy"), (3, 9))
    assert min(found.order.values()) > 1.9, found.order
    for name in ("cells", "tube 0", "tube 0.wall"):
        assert found.estimates[-1][name] == pytest.approx(found.errors[-1][name], rel=0.1), name


def test_upwind_exchange_is_first_order(made_up):
    """The comparison scheme keeps its first order: the study can tell."""
    found = made_up.study(made_up.Made(scheme="upwind"), (3, 9))
    assert found.order["tube 0"] < 1.5


def test_made_up_estimate(made_up):
    """The estimate of the mesh error against the known error, place by place."""
    errors, estimates = made_up.Made().errors(9)
    for name, error in errors.items():
        assert estimates[name] == pytest.approx(error, rel=0.15), name


@pytest.mark.parametrize("acts", ["heat", "convect", "radiate"])
def test_tube_on_an_edge_that_something_else_acts_on(acts):
    def outlet_K(rows: int) -> float:
        net = ts.ThermalNetwork()
        plate = net.plate(
            "plate", size=("1 m", "0.1 m"), cells=(1, rows), thickness="1 mm", conductivity="167 W/m/K"
        )
        space = net.boundary("space", temperature="0 K")
        net.radiate(plate.face("front"), space, emissivity=0.9)
        net.channel(
            "tube",
            plate.line(y="0 m"),
            mass_flow="0.01 kg/s",
            specific_heat="1000 J/kg/K",
            mass_per_length="0 kg/m",
            wall_conductance="50 W/m/K",
            inlet=net.boundary("inlet", temperature="330 K"),
        )
        if acts == "heat":
            net.heat(plate.edge("south"), "20 W")
        elif acts == "radiate":
            net.radiate(plate.edge("south"), space, GR="0.05 m^2")
        else:
            net.convect(plate.edge("south"), space, coefficient="3000 W/m^2/K")
        return float(net.steady()["tube"].m_as("K")[0])

    coarse, middle, fine = (outlet_K(rows) for rows in (20, 40, 80))
    assert abs(coarse - middle) / abs(middle - fine) == pytest.approx(4.0, rel=0.1)
