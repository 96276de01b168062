"""The satellite's network where it reduces to one node, and its heat balance by hand."""

from __future__ import annotations

import numpy as np
import pytest

import thermalsat as ts
from thermalsat.assembly import Model
from thermalsat.assembly.faces import panel_attitude
from thermalsat.assembly.power import battery_radiator_area_m2
from thermalsat.constants import STEFAN_BOLTZMANN_W_M2_K4 as SIGMA


@pytest.fixture(scope="module")
def sat() -> ts.Satellite:
    """The shipped design with round sizes, and without a night in the hot case."""
    return ts.designs.load("leo-53").replace(
        {
            "radiator.area": "160 m^2",
            "array.area": "900 m^2",
            "battery.capacity": "360 kWh",
            "battery.radiator_area": None,
            "cases.hot.beta": "76 deg",
        }
    )


@pytest.fixture(scope="module")
def bare(sat) -> ts.Satellite:
    """Both faces see nothing but a sky of 220 K, and no heat but the computer's enters the loop."""
    return sat.replace(
        {
            "radiator.area": "110 m^2",
            "radiator.coating.emittance": 0.91,
            "radiator.pointing_error": "0 deg",
            "environment.sky_temperature": "220 K",
            "cases.hot.albedo": 0.0,
            "cases.hot.earth_ir": "0 W/m^2",
            "cases.hot.beta": "90 deg",
            "cases.cold.earth_ir": "0 W/m^2",
            "cases.power.earth_ir": "0 W/m^2",
            "geometry.panel_gap": "1000 km",
            "geometry.panel_root": "1000 km",
            "payload.leakage": "0 %/K",
            "bus.converter": 1.0,
            "bus.pump": "0 W",
        }
    )


@pytest.mark.parametrize(("power_kW", "published_K"), [(120.0, 337.1004), (150.0, 353.1623)])
def test_eps_091_and_220_m2_to_220_K(bare, power_kW, published_K):
    """VALIDATION, whole satellite: eps .91, 220 m2 emitting, 220 K sink.

    However uneven the panel, the mean of T^4 is that of the one node: T^4 = Ts^4 + P / (eps sigma A).
    """
    model = Model(bare, "hot", power_kW * 1e3)
    orbit = model.cycle(tolerance_K=1e-3, closure_K=1e-5).orbit
    field = orbit.y[-1, model.gauge.columns["radiator"]]
    assert np.mean(field**4) ** 0.25 == pytest.approx(published_K, abs=2e-3)
    assert field.max() - field.min() > 5.0  # the panel itself is far from even


def test_junction_stands_above_the_coolant_by_the_rack_resistance(bare):
    model = Model(bare, "hot", 120e3)
    orbit = model.cycle(tolerance_K=1e-3, closure_K=1e-5).orbit
    seen = model.figures(orbit.times_s, orbit.y)
    rise = 0.02 * 0.8 * 120e3 / 72
    assert seen["junction_max_K"] - seen["coolant_max_K"] == pytest.approx(rise, abs=1e-3)
    assert seen["wall_max_K"] - seen["coolant_max_K"] == pytest.approx(0.3 * rise, abs=1e-3)


def test_heat_of_the_loop_and_power_of_the_bus_by_hand(sat):
    """Converter .96, pump 2 kW, housekeeping 4 kW at 120 kW: 127 kW to the loop, 131 kW from the bus."""
    model = Model(sat.replace("payload.leakage", "0 %/K"), "power", 120e3)
    ledger = mean_flows(model)
    assert ledger["radiator -> tubes"] == pytest.approx(-127e3, abs=2.0)
    drawn = -sum(power for name, power in ledger.items() if name.startswith("bus -> "))
    assert drawn == pytest.approx(120e3 / 0.96 + 2e3 + 4e3, abs=1.0)


def test_heat_that_the_panels_shed_by_hand(sat):
    model = Model(sat, "power", 120e3)
    ledger = mean_flows(model)
    shed = sum(ledger[f"{side} -> {to}"] for side in ("front", "back") for to in ("sky", "array"))
    sources = ("earth infrared", "albedo", "sun")
    taken = sum(ledger.get(f"{what} -> {side}", 0.0) for side in ("front", "back") for what in sources)
    assert shed == pytest.approx(taken - ledger["radiator -> tubes"], abs=1.0)
    # Kirchhoff: infrared goes in with the emittance, .88 of 250 W/m2 times the view of an edge-on panel
    view = model.environment.mean_incident(panel_attitude(sat)).earth_view[0]
    whole = 0.88 * 250.0 * 160.0 * view
    assert 0.6 * whole < ledger["earth infrared -> front"] < whole


def test_array_power_by_hand(sat):
    """No night at beta 76 deg: S A packing life wiring regulator eta(T), on incident flux."""
    model = Model(sat, "hot", 120e3)
    ledger = mean_flows(model)
    orbit = model.cycle().orbit
    cells_K = orbit.y[:, model.gauge.columns["array"][0]]
    mean_K = np.trapezoid(cells_K, orbit.times_s) / model.period_s
    eta = 0.295 * 1367.0 / 1361.0 * (1.0 - 0.0023 * (mean_K - 301.15))
    taken = model.environment.solar_flux_W_m2 * 900.0 * 0.9 * 0.88 * eta
    assert -ledger["cells -> electricity"] == pytest.approx(taken, rel=1e-5)
    assert ledger["array -> bus"] == pytest.approx(0.96 * 0.98 * taken, rel=1e-5)
    assert ledger["wiring loss -> array back"] == pytest.approx(0.04 * taken, rel=1e-5)
    assert model.environment.solar_flux_W_m2 == pytest.approx(1407.65, abs=2.0)  # near perihelion


def test_surplus_returns_to_the_cells_as_heat(sat):
    ledger = mean_flows(Model(sat, "hot", 120e3))
    drawn = -sum(power for name, power in ledger.items() if name.startswith("bus -> "))
    assert ledger["state of energy curtailed"] == pytest.approx(ledger["array -> bus"] - drawn, rel=1e-6)


def test_battery_losses_and_radiator_by_hand(sat):
    """A night of 37.2 % of the orbit at 131 kW, .95 each way."""
    model = Model(sat.replace("payload.leakage", "0 %/K"), "power", 120e3)
    ledger = mean_flows(model)
    given = 131e3 * night_share(model)
    loss = given / 0.95 * (1.0 - 0.95 + 1.0 / 0.95 - 1.0)
    assert ledger["state of energy discharge"] == pytest.approx(given, rel=5e-3)  # dusk and dawn help
    assert ledger["state of energy loss"] == pytest.approx(loss, rel=5e-3)
    area = battery_radiator_area_m2(model.satellite)
    balance = 0.88 * SIGMA * 298.15**4 * area
    absorbed = ledger["earth infrared -> battery"] + ledger["albedo -> battery"]
    assert balance == pytest.approx(loss + absorbed, rel=0.01)
    orbit = model.cycle().orbit
    battery_K = np.trapezoid(orbit.y[:, model.gauge.columns["battery"][0]], orbit.times_s) / model.period_s
    assert battery_K == pytest.approx(298.15, abs=1.0)


def night_share(model: Model) -> float:
    edges = model.environment.edges_s
    return 0.5 * (edges[2] - edges[1] + edges[3] - edges[0]) / model.period_s


def mean_flows(model: Model) -> dict[str, float]:
    """Means over the periodic orbit of every named flow [W]."""
    orbit = model.cycle().orbit
    return dict(zip(model.network.flow_names, orbit.ledger_J / model.period_s, strict=True))
