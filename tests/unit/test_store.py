"""The phase-change store: its law, its section of a design file, its place on the loop, what it is worth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import thermalsat as ts
from thermalsat.assembly.model import Model
from thermalsat.components import PhaseChangeStore
from thermalsat.designfile import loads
from thermalsat.errors import DesignError, InputError
from thermalsat.physics.melting import enthalpy_temperature_K, melted_share, melting_law

WAX = {
    "store.mass": "300 kg",
    "store.melting_temperature": "56 degC",
    "store.melting_band": "2 K",
    "store.latent_heat": "220 kJ/kg",
    "store.specific_heat_solid": "2 kJ/kg/K",
    "store.conductance": "20 kW/K",
    "store.place": "return",
}

heats = st.floats(500.0, 5000.0)
laws = st.tuples(st.floats(1.0, 20.0), st.floats(50e3, 400e3), heats, heats)


@given(laws)
def test_the_law_rises_with_a_continuous_slope_and_holds_the_latent_heat(values):
    band, latent, solid, liquid = values
    law = melting_law(330.0, band, latent, solid, liquid)
    theta = np.linspace(law.x0 - 5.0, law.x1 + 5.0, 4001)
    slope = law.derivative(theta)
    assert slope.min() > 0.0
    assert np.all(np.diff(law(theta)) > 0.0)
    left, right = law.coef[:-1], law.coef[1:, 1]
    ends = left[:, 1] + law.dx * (2.0 * left[:, 2] + 3.0 * law.dx * left[:, 3])
    np.testing.assert_allclose(ends, right, rtol=1e-6, atol=1e-9)
    assert law.derivative(law.x0) == pytest.approx(1.0)
    assert law.derivative(law.x1) == pytest.approx(solid / liquid)
    assert (law(law.x0), law(law.x1)) == pytest.approx((330.0 - 0.5 * band, 330.0 + 0.5 * band))
    between = solid * (law.x1 - law.x0)
    assert between == pytest.approx(latent + 0.5 * (solid + liquid) * band, rel=1e-12)


@given(laws, st.floats(-3.0, 4.0))
def test_the_inverse_of_the_law(values, part):
    band, *rest = values
    law = melting_law(330.0, band, *rest)
    T = 330.0 + part * band
    assert law(enthalpy_temperature_K(law, T)) == pytest.approx(T, abs=1e-9)
    assert 0.0 <= melted_share(law, T) <= 1.0
    assert melted_share(law, 330.0 - 0.51 * band) == 0.0
    assert melted_share(law, 330.0 + 0.51 * band) == 1.0


def test_a_band_that_is_a_jump_is_refused():
    with pytest.raises(InputError, match=r"`melting_band` must be at least .* K .* got 0.001 K"):
        melting_law(330.0, 1e-3, 200e3, 2000.0, 2000.0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mass": "-1 kg"}, "`mass` must be above zero"),
        ({"latent_heat": "200 kJ"}, "`latent_heat` must be"),
        ({"melting_temperature": 330.0}, "`melting_temperature` must be"),
        ({"melting_band": "0 K"}, "`melting_band` must be above 0 K"),
        ({"specific_heat": ("1 kJ/kg/K",) * 3}, "`specific_heat` must be one value or a pair"),
    ],
)
def test_bad_values_of_a_network_store(changes, message):
    stated = {
        "mass": "50 kg",
        "melting_temperature": "60 degC",
        "latent_heat": "200 kJ/kg",
        "specific_heat": "2 kJ/kg/K",
    }
    with pytest.raises(InputError, match=message):
        ts.ThermalNetwork().store("wax", **(stated | changes))


def test_a_store_is_no_place_for_a_stream():
    net = ts.ThermalNetwork()
    wax = net.store(
        "wax", mass="1 kg", melting_temperature="60 degC", latent_heat="200 kJ/kg", specific_heat="2 kJ/kg/K"
    )
    with pytest.raises(InputError, match="`b` must be a node"):
        net.flow(net.node("a"), wax, capacity_rate="1 W/K")


def test_packing_a_state_by_temperature():
    net = ts.ThermalNetwork()
    wax = net.store(
        "wax", mass="1 kg", melting_temperature="60 degC", latent_heat="200 kJ/kg", specific_heat="2 kJ/kg/K"
    )
    net.heat(wax, "1 W")
    for kelvin in (300.0, 333.15, 350.0):
        y = net.pack({"wax": kelvin})
        assert net.unpack(y)["wax"] == pytest.approx(kelvin, abs=1e-9)


def test_absent_by_default():
    sat = ts.designs.load("leo-53")
    assert not sat.store.present
    assert (sat.store.latent_J, sat.store.total_kg) == (0.0, 0.0)
    assert "[store]" not in sat.to_toml()
    assert "store" not in sat.masses_kg
    assert all(part.name != "store" for part in Model(sat, "hot").network.layout.parts)
    with pytest.raises(InputError, match="there is no store; give it a `mass`"):
        sat.store.melted("60 degC")


def test_the_section_of_a_design_file_comes_back():
    sat = ts.designs.load("leo-53").replace(WAX).replace("store.housing", 0.5)
    text = sat.to_toml()
    assert '[store]\nmass = "300 kg"' in text
    again = loads(text)
    assert again == sat
    assert again.store.latent_J == pytest.approx(300.0 * 220e3)
    plain = ts.designs.load("leo-53")
    assert sat.masses_kg["store"] == pytest.approx(450.0)
    assert sat.mass_kg == pytest.approx(plain.mass_kg + 450.0 * 1.2)
    assert sat.replace("store", PhaseChangeStore()) == plain


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"store.mass": "300 kg"},
            "`store.melting_temperature`, .* must be given for a store, got only",
        ),
        (WAX | {"store.latent_heat": "-1 kJ/kg"}, "`store.latent_heat` must be above 0 J/kg"),
        (WAX | {"store.place": "middle"}, '`store.place` must be one of "return", "supply"'),
        (WAX | {"store.melting_band": "0.001 K"}, r"`store.melting_band` must be at least"),
        (WAX | {"store.melting_temperature": "150 degC"}, "between freezing and boiling of ammonia"),
    ],
)
def test_bad_values_of_a_design(changes, message):
    with pytest.raises(InputError, match=message):
        ts.designs.load("leo-53").replace(changes)


def test_a_fault_names_its_line():
    text = ts.designs.load("leo-53").to_toml() + '\n[store]\nmass = "300 kg"\n'
    with pytest.raises(DesignError, match=r"x.toml:\d+: .*`store.melting_temperature`"):
        loads(text, "x.toml")


@pytest.mark.parametrize("place", ["return", "supply"])
def test_on_the_loop_the_store_takes_what_the_coolant_loses(place):
    """The store follows the coolant that passes it: hot behind the computer, cold before it."""
    sat = ts.designs.load("leo-53").replace(
        WAX | {"store.place": place, "store.melting_temperature": "-20 degC"}
    )
    model = Model(sat, "hot", 100e3)
    cycle = model.cycle()
    layout, y = model.gauge.layout, cycle.orbit.y
    at = {name: y[:, layout.slice(name).start] for name in ("store coolant", "payload coolant", "store")}
    law = layout.part("store").law
    kelvin = layout.part("store coolant").law(at["store coolant"])
    assert np.mean(law(at["store"])) == pytest.approx(np.mean(kelvin), abs=0.05)
    hotter = np.mean(at["payload coolant"] - at["store coolant"])
    assert hotter == pytest.approx(0.0, abs=0.05) if place == "return" else hotter > 5.0
    carried = dict(zip(model.network.flow_names, cycle.orbit.ledger_J, strict=True))
    assert carried["coolant -> store"] == pytest.approx(0.0, abs=50.0 * 600e3 * 1e-3)


@pytest.mark.slow
def test_what_a_store_is_worth_for_peaks():
    """A store that melts just above the base cycle holds a burst longer and higher than none; never longer
    than its latent heat lasts at what the burst is above the power that is held for ever, doubled."""
    sat = ts.designs.load("leo-53").replace("battery.capacity", "500 kWh")
    sat = sat.replace("cases", [sat.case("hot")])
    store = sat.replace(WAX | {"store.melting_temperature": "52 degC"})
    none, wax = (ts.peak_duration(one, power="150 kW") for one in (sat, store))
    cold = ts.peak_duration(sat.replace(WAX | {"store.melting_temperature": "0 degC"}), power="150 kW")
    assert none.duration_s < cold.duration_s < 2.5 * none.duration_s  # molten for good: sensible heat alone
    assert wax.duration_s > 2.0 * cold.duration_s
    above_W = 150e3 - ts.sustained_power(store).power_W
    assert wax.duration_s < none.duration_s + 2.0 * store.store.latent_J / above_W
    assert abs(wax.certificate.energy_residual) < 1e-12
    high, plain = (ts.peak_power(one, duration="10 min").power_W for one in (store, sat))
    assert 5e3 < high - plain < store.store.latent_J / 600.0
