"""What is said where there is no steady or periodic state: a load beyond reach, a battery that drains."""

import json

import pytest

import thermalsat as ts
from thermalsat.cli import main
from thermalsat.errors import ConvergenceError, InfeasibleError, NoBalanceError
from thermalsat.laws import Law

COARSE = ["--set", "radiator.cells=[8, 2]"]


@pytest.fixture(scope="module")
def sat():
    return ts.designs.load("leo-53").replace("radiator.cells", [8, 2])


@pytest.mark.parametrize("load", ["3 MW", "5 MW", "50 MW", "1 TW"])
def test_a_hopeless_load_is_infeasible_and_says_so(sat, load):
    with pytest.raises(NoBalanceError) as caught:
        ts.periodic(sat, load)
    said = str(caught.value)
    kilowatts = ts.Q(load).m_as("kW")
    assert said.startswith(f"a compute power of {kilowatts:g} kW has no periodic state in the hot case: ")
    assert "no balance at a physical temperature: " in said
    assert " passes 3000 K; the heat is far beyond what can leave" in said
    assert "sustained_power() tells what the design holds; more takes a larger `radiator.area`" in said
    assert caught.value.details["power_W"] == pytest.approx(1e3 * kilowatts)
    assert isinstance(caught.value, InfeasibleError)
    assert isinstance(caught.value, ConvergenceError)


def test_a_high_load_below_that_has_its_balance(sat):
    assert ts.periodic(sat, "500 kW").temperature("junction").max() < ts.Q("700 K")


@pytest.mark.parametrize(
    "words",
    [
        ["periodic", "--load", "5 MW"],
        ["size", "--sustained", "1 GW"],
        ["peak", "--base", "5 MW"],
        ["run", "--load", "5 MW"],
    ],
)
def test_the_command_line_ends_with_the_code_of_infeasible(words, capsys):
    assert main([words[0], "leo-53", *words[1:], *COARSE, "--json", "--quiet"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["exit"]) == ("NoBalanceError", 1)
    assert told["details"]["case"] in told["error"]


def test_a_plain_network_keeps_a_balance_however_hot():
    net = ts.ThermalNetwork()
    box = net.node("box", heat_capacity="1e4 J/K", temperature="300 K")
    net.couple(box, net.boundary("sink", temperature="280 K"), conductance="1 W/K")
    net.heat(box, "1 MW")
    assert net.steady().temperature("box").m_as("K") == pytest.approx(1e6 + 280.0)


def orbit_with_battery(load, taper=None):
    """An hour of 700 W and an hour of nothing; charged with at most 300 W at 90 %, discharged at 80 %."""
    net = ts.ThermalNetwork()
    pack = net.node("pack", heat_capacity="1e5 J/K", temperature="290 K")
    net.couple(pack, net.boundary("sink", temperature="280 K"), conductance="5 W/K")
    bus = net.bus("bus")
    net.battery(
        "bat", bus, capacity="1 kWh", charge_power="300 W", charge_efficiency=0.9, discharge_efficiency=0.8,
        heat_to=pack, state_of_energy=0.5, taper=Law.constant(1.0) if taper is None else taper,
    )  # fmt: skip
    array = ts.Table(["0 h", "1 h"], ["700 W", "0 W"], kind="step", period="2 h")
    net.supply(bus, array, name="array")
    net.supply(bus, load, sign=-1, name="load")
    return net


@pytest.mark.parametrize(
    ("load", "does", "kWh", "cure"),
    [("250 W", "drains", 0.25 / 0.8 - 0.27, "more array or less load"),
     ("200 W", "is charged beyond full", 0.27 - 0.2 / 0.8, "a taper that ends at full")],
)  # fmt: skip
def test_a_battery_that_does_not_close_says_by_how_much(load, does, kWh, cure):
    net = orbit_with_battery(load)
    with pytest.raises(NoBalanceError) as caught:
        net.periodic(period="2 h", anchored=())
    assert str(caught.value) == (
        f"no periodic state: the battery bat {does}, by {kWh:.4g} kWh an orbit ({100.0 * kWh:.3g} % of its"
        f" capacity); give it {cure}, or anchor it, so that the orbit starts at its initial state of energy"
        ' and need not close: anchored=["bat"]'
    )
    assert abs(caught.value.details["lost_J"]) == pytest.approx(3.6e6 * kWh, rel=1e-6)
    held = net.periodic(period="2 h", anchored=["bat"])
    assert abs(held.state_of_energy[0] - held.state_of_energy[-1]).m_as("") == pytest.approx(kWh, rel=1e-6)
