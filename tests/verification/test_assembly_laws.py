"""Laws of the assembled satellite: energy, what more radiator does, half pitch against full panel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermalsat as ts
from thermalsat import twin
from thermalsat.assembly import Model

NIGHTLY = "power"


def residual(model: Model, run) -> float:
    """In less out less the change of stored, over throughput, as the definition of the design says."""
    bundle = model.system.bundle
    stored = bundle.stored.astype(bool)
    heat = bundle.capacity[stored]
    change = heat @ (run.y_end[stored] - run.y_start[stored])
    largest = np.maximum(np.abs(run.y_start[stored]), np.abs(run.y_end[stored]))
    throughput = run.throughput_J.sum() + heat @ largest
    return float((bundle.flow_external @ run.ledger_J - change) / throughput)


@pytest.fixture(scope="module")
def models() -> dict[str, Model]:
    return {
        f"{design} {case}": Model(sat, case)
        for design in ("leo-53", "dawn-dusk")
        for sat in [ts.designs.load(design)]
        for case in sat.cases
    }


def test_energy_closes_over_a_cycle_in_every_case_of_both_designs(models):
    for name, model in models.items():
        orbit = model.cycle().orbit
        assert abs(residual(model, orbit)) < 1e-12, name
        assert residual_of_a_lost_flow(model, orbit) > 1e-9, name


def residual_of_a_lost_flow(model: Model, orbit) -> float:
    """What a forgotten thousandth of the radiated heat would show."""
    names = model.network.flow_names
    lost = 1e-3 * abs(orbit.ledger_J[names.index("front -> sky")])
    bundle = model.system.bundle
    held = (bundle.capacity * bundle.stored) @ np.abs(orbit.y_end)
    return lost / float(orbit.throughput_J.sum() + held)


def test_energy_closes_at_an_instant_in_any_state(models):
    """The bundle's invariant, by the slow twin: stored F = external flows, at random states."""
    model = models["leo-53 power"]
    bundle = model.system.bundle
    rng = np.random.default_rng(7)
    for _ in range(20):
        y = model.y0 * rng.uniform(0.7, 1.2, bundle.n)
        t = float(rng.uniform(0.0, model.period_s))
        F, flows = twin.rates(bundle, t, y)
        defect = F @ bundle.stored - flows @ bundle.flow_external
        assert abs(defect) < 1e-11 * np.max(np.abs(flows))


@given(
    power_kW=st.floats(36.0, 150.0),
    tolerance=st.sampled_from([0.3, 0.01]),
    case=st.sampled_from(["hot", "power"]),
)
@settings(max_examples=8)
def test_energy_closes_at_any_power_and_tolerance(models, power_kW, tolerance, case):
    model = models[f"leo-53 {case}"].with_power(power_kW * 1e3)
    assert abs(residual(model, model.cycle(tolerance_K=tolerance, closure_K=0.1).orbit)) < 1e-12


def hottest(sat: ts.Satellite, power_W: float = 120e3) -> float:
    model = Model(sat, NIGHTLY, power_W)
    orbit = model.cycle().orbit
    return model.figures(orbit.times_s, orbit.y)["junction_max_K"]


def test_more_area_or_emittance_or_less_power_never_heats_the_junction():
    sat = ts.designs.load("leo-53").resized("160 m^2")
    base = hottest(sat)
    assert hottest(sat.resized("170 m^2")) < base - 1.0
    assert hottest(sat.replace("radiator.coating.emittance", 0.92)) < base - 1.0
    assert hottest(sat, 119e3) < base - 0.1
    assert hottest(sat.replace("radiator.coating.solar_absorptance_eol", 0.45)) > base + 0.3


def test_full_panel_agrees_with_half_a_pitch():
    """Views averaged across the panel: half a pitch stands for equal tubes, the full panel has its own."""
    few = ts.designs.load("leo-53").replace(
        {
            "radiator.area": "10 m^2",
            "radiator.cells": "6 x 2",
            "loop.mass_flow": "0.1625 kg/s",
            "requirement.sustained": "5 kW",
            "requirement.peak": "6 kW",
            "payload.idle_floor": "1 kW",
            "bus.pump": "100 W",
        }
    )
    half, full = (
        Model(few.replace("radiator.symmetry", word), NIGHTLY, 5e3) for word in ("half-pitch", "full")
    )
    assert full.network.layout.part("radiator").shape == (6, 16)
    orbits = [model.cycle().orbit for model in (half, full)]
    figures = [m.figures(o.times_s, o.y) for m, o in zip((half, full), orbits, strict=True)]
    assert figures[1]["junction_max_K"] == pytest.approx(figures[0]["junction_max_K"], abs=0.15)
    shed = [
        o.ledger_J[m.network.flow_names.index("front -> sky")]
        for m, o in zip((half, full), orbits, strict=True)
    ]
    assert shed[1] == pytest.approx(shed[0], rel=2e-3)
    assert figures[1]["radiator_max_K"] != pytest.approx(figures[0]["radiator_max_K"], abs=1e-3)


def test_bypass_holds_the_supply_while_the_panels_could_give_it_colder():
    """Less than half the power in the hot case: set-point 15 degC, band 4 K."""
    sat = ts.designs.load("leo-53").replace({"radiator.area": "160 m^2", "cases.hot.beta": "76 deg"})
    model = Model(sat, "hot", 44e3)
    orbit, layout = model.cycle().orbit, model.network.layout
    name = f"supply line {model.satellite.loop.line_volumes}"
    seen_K = layout.part(name).law(orbit.y[:, layout.slice(name)])
    assert 288.15 - 1.0 < seen_K.min() < seen_K.max() < 288.15 + 4.0
    assert model.figures(orbit.times_s, orbit.y)["coolant_min_K"] < 288.15 - 10.0
    valve = orbit.y[:, layout.slice("bypass valve")]
    assert -1e-6 < valve.min() < 0.1 < 0.3 < valve.max() < 1.0


def test_least_panel_flow_carries_the_idle_heat():
    """Valve shut: a fifth of 2.6 kg/s takes it all, five times the fall in temperature."""
    model = Model(ts.designs.load("leo-53"), "cold", 36e3)
    orbit, layout = model.cycle().orbit, model.network.layout
    assert orbit.y[:, layout.slice("bypass valve")].max() < 1e-6
    law = layout.part("tubes").law
    inlet, outlet = (orbit.y[:, layout.slice(name)][:, -1] for name in ("panel inlet", "tubes"))
    fall_K = np.trapezoid(inlet - outlet, orbit.times_s) / model.period_s
    heat = -orbit.ledger_J[model.network.flow_names.index("radiator -> tubes")] / model.period_s
    flow = 0.2 * 2.6 * model.satellite.loop.coolant.laws.reference_specific_heat_J_kg_K
    assert flow * fall_K == pytest.approx(heat, rel=2e-3)
    assert law(outlet).min() < 250.0


def test_heater_works_at_the_panel_inlet_and_draws_from_the_bus():
    sat = ts.designs.load("leo-53").replace({"payload.idle_floor": "16 kW", "radiator.area": "160 m^2"})
    model = Model(sat, "cold")
    orbit = model.cycle().orbit
    names = model.network.flow_names
    heat = orbit.ledger_J[names.index("freeze heater -> panel inlet")] / model.period_s
    assert 100.0 < heat < 6000.0
    assert orbit.ledger_J[names.index("bus -> freeze heater")] / model.period_s == pytest.approx(-heat)
    inlet = model.network.layout.part("panel inlet")
    seen_K = inlet.law(orbit.y[:, model.network.layout.slice("panel inlet")])
    assert seen_K.min() > 233.15 - 5.0
