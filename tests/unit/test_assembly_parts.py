"""Laws of the parts, what the panels see, extremes between samples."""

from __future__ import annotations

import numpy as np
import pytest

import thermalsat as ts
from thermalsat.assembly import rules
from thermalsat.assembly.extremes import Run
from thermalsat.assembly.faces import panel_attitude, surroundings_of
from thermalsat.assembly.power import battery_heater_W, battery_radiator_area_m2
from thermalsat.assembly.views import hidden_earth, less_hidden, panel_views
from thermalsat.bundle import Bundle
from thermalsat.constants import STEFAN_BOLTZMANN_W_M2_K4 as SIGMA
from thermalsat.physics.rectangleviews import rectangle_view
from thermalsat.pieces import Pieces
from thermalsat.solver.system import System


@pytest.fixture(scope="module")
def sat() -> ts.Satellite:
    return ts.designs.load("leo-53")


def smooth(law, low: float, high: float) -> None:
    """Continuous with its slope over a range."""
    x = np.linspace(low, high, 20001)
    slope = law.derivative(x)
    assert np.max(np.abs(np.diff(law(x)))) < 2.0 * np.max(np.abs(slope)) * (x[1] - x[0]) + 1e-12
    assert np.max(np.abs(np.diff(slope))) < 0.02 * (np.ptp(slope) + 1e-12)


def test_packages_leak_above_their_reference(sat):
    law = rules.package_law(sat.payload)
    assert law(300.0) == law(357.0) == 1.0
    assert law(368.15) == pytest.approx(1.0 + 0.001 * 10.0, rel=1e-12)
    assert law(390.0) == pytest.approx(1.0 + 0.001 * 31.85, rel=1e-12)
    smooth(law, 350.0, 370.0)


def test_throttled_packages_fall_to_their_floor(sat):
    law = rules.package_law(sat.payload, 0.3)
    assert law(368.15) == pytest.approx(0.3 * 1.01, rel=1e-6)
    assert law(360.0) == pytest.approx(1.0 + 0.001 * 1.85, rel=1e-6)
    assert law(375.0) == pytest.approx(0.3 * 1.01, rel=0.02)
    smooth(law, 350.0, 380.0)


def test_efficiency_follows_the_cell_between_cap_and_floor(sat):
    law, array = rules.efficiency_law(sat.array), sat.array
    for kelvin in (215.0, 260.0, 301.15, 353.15, 400.0, 600.0):
        assert law(kelvin) == pytest.approx(array.efficiency(kelvin), rel=1e-9)
    assert law(301.15) == pytest.approx(0.295 * 1367.0 / 1361.0)
    assert (law(100.0), law(900.0)) == (pytest.approx(0.36), pytest.approx(0.05))
    smooth(law, 180.0, 700.0)
    flat = sat.array.replace(temperature_coefficient="0 %/K")
    assert rules.efficiency_law(flat)(400.0) == pytest.approx(flat.efficiency(300.0))


def test_charging_tapers_to_nothing_at_full(sat):
    law = rules.taper_law(sat.battery)
    assert law(0.5) == law(0.96) == 1.0
    assert law(0.985) == pytest.approx(0.5)
    assert law(1.0) == pytest.approx(0.0, abs=1e-12)
    smooth(law, 0.9, 1.0)


def test_bypass_and_heater_act_on_their_sides(sat):
    bypass, heater = rules.bypass_law(sat.loop), rules.freeze_heater_law(sat.loop)
    assert (bypass(280.0), bypass(288.15), bypass(292.15), bypass(350.0)) == (0.0, 0.0, 1.0, 1.0)
    assert (heater(228.15), heater(233.15), heater(300.0)) == pytest.approx((1.0, 0.0, 0.0))


def test_views_fall_with_distance_and_are_reciprocal(sat):
    views = panel_views(sat, 24, 1)
    assert np.all(np.diff(views.array[:, 0]) < 0.0)
    assert views.array[0, 0] > 0.3 > 0.1 > views.array[-1, 0]
    assert np.all(views.array + views.body <= 1.0)
    wings = [blocker.back() for blocker in views.blockers[:2]]
    back = sum(wing.area_m2 * rectangle_view(wing, views.panel) for wing in wings)
    assert views.panel.area_m2 * views.array.mean() == pytest.approx(back, rel=1e-9)


def test_views_across_the_panel_average_to_those_of_half_a_pitch(sat):
    one, many = panel_views(sat, 12, 1), panel_views(sat, 12, 8)
    np.testing.assert_allclose(many.array.mean(axis=1), one.array[:, 0], rtol=1e-9)
    np.testing.assert_allclose(many.lit.mean(axis=1), one.lit[:, 0], atol=1e-12)
    assert many.lit[0, 0] > many.lit[0, -1]  # half a metre at the root stands beside the wing


def test_pointing_error_lights_one_face_where_the_wings_let_it(sat):
    width_m = 0.5 * sat.radiator.area_m2 / 10.0  # of which half a metre stands beside the wings
    for sign in (1, -1):
        views = panel_views(sat.replace("radiator.pointing_error", f"{sign} deg"), 4, 1)
        assert views.lit_face == sign
        assert views.lit.mean() == pytest.approx(0.5 / width_m, rel=1e-6)
    far = sat.replace("geometry.wing_root", "30 m")
    assert panel_views(far, 4, 1).lit.mean() == 1.0


@pytest.mark.parametrize("case", ["hot", "power"])
def test_hidden_earth_is_a_share_and_fades_with_distance(sat, case):
    around = surroundings_of(sat, sat.case(case))
    attitude = panel_attitude(sat)
    times, near = hidden_earth(around.heat, attitude, panel_views(sat, 2, 1))
    away = panel_views(sat.replace({"geometry.panel_gap": "300 m", "geometry.panel_root": "300 m"}), 2, 1)
    _, far = hidden_earth(around.heat, attitude, away)
    for face in (1, -1):
        assert near[face].min() >= 0.0
        assert 0.1 < near[face].max() <= 1.0
        assert far[face].max() < 0.02
    view = around.face(attitude).earth_view
    seen = less_hidden(view, times, near[1])
    clock = np.mod(times[:-1], around.heat.period_s)
    np.testing.assert_allclose(seen(clock), view(clock) * (1.0 - near[1]), atol=2e-3)
    fine = np.linspace(0.0, around.heat.period_s, 5000)
    assert seen(fine).min() >= 0.0
    assert less_hidden(view, times, np.zeros_like(near[1])) is view


def test_less_hidden_never_goes_below_zero():
    """All of a view that is nearly nothing hidden: the cubic between its times may not take more."""
    period = 100.0
    view = Pieces.sample(lambda t: np.sin(np.pi * t / period) ** 8, (), period)
    times = np.linspace(0.0, period, 9)
    seen = less_hidden(view, times, np.ones(8))
    assert seen(np.linspace(0.0, period, 4001)).min() >= -1e-6
    assert seen(times[:-1]).max() < 0.05


def test_faces_share_their_kinks_and_surroundings_are_kept(sat):
    around = surroundings_of(sat, sat.case("power"))
    assert surroundings_of(sat.replace("array.area", "901 m^2"), sat.case("power")) is around
    assert surroundings_of(sat, sat.case("hot")) is not around
    net = ts.assemble(sat, "power")
    assert np.min(np.diff(net.breakpoints)) > 1e-4
    assert around.nights_s[0][0] == 0.0
    assert around.night_share == pytest.approx(0.3723, abs=1e-3)


def test_sampled_fluxes_are_those_of_the_environment(sat):
    around = surroundings_of(sat, sat.case("hot"))
    face = around.face(panel_attitude(sat))
    t = np.linspace(1.0, around.heat.period_s - 1.0, 997)
    exact = around.heat.incident(face.attitude, t)
    for pieces, values in (
        (face.direct, exact.direct_W_m2),
        (face.albedo, exact.albedo_W_m2),
        (face.earth_ir, exact.earth_ir_W_m2),
    ):
        np.testing.assert_allclose(pieces(t), values, atol=1e-6 * max(np.ptp(values), 1.0))


def test_battery_radiator_as_stated_or_for_its_losses(sat):
    assert battery_radiator_area_m2(sat.replace("battery.radiator_area", "12 m^2")) == 12.0
    sat = sat.replace("battery.radiator_area", None)
    area = battery_radiator_area_m2(sat)
    warmer = battery_radiator_area_m2(sat.replace("battery.radiator_temperature", "30 degC"))
    assert 0.85 * area < warmer < area
    assert battery_heater_W(sat, area) == pytest.approx(0.88 * SIGMA * 281.15**4 * area, rel=1e-6)
    cold = {"battery.radiator_temperature": "-60 degC", "battery.temperature_minimum": "-70 degC"}
    swamped = sat.replace(cold | {"cases.power.earth_ir": "900 W/m^2"})
    with pytest.raises(ts.errors.InputError, match=r"`battery.radiator_temperature` must be warm enough"):
        battery_radiator_area_m2(swamped)


def test_an_extreme_between_samples_is_found():
    """One node under constant heat and a sink that swings: the cubic finds the peak to 1e-4 of the swing."""
    pieces = Pieces.sample(lambda t: 300.0 + 10.0 * np.sin(2.0 * np.pi * t / 100.0), (), 100.0)
    bundle = Bundle(
        n=1, nb=1, capacity=[1.0], weight=[1.0], stored=[1], temperature_law=[-1],
        boundary_forcing=[0], forcing_ptr=[0, len(pieces.coef)], forcing_knots=pieces.knots,
        forcing_coef=pieces.coef, forcing_period=[100.0], gl_a=[0], gl_b=[1], gl_g=[1.0], gl_flow=[-1],
    )  # fmt: skip
    omega = 2.0 * np.pi / 100.0
    times = np.linspace(0.0, 100.0, 14)
    gain, lag = 1.0 / np.sqrt(1.0 + omega**2), np.arctan(omega)
    y = 300.0 + 10.0 * gain * np.sin(omega * times - lag)
    run = Run(System(bundle), times, y[:, None])
    value, time, column = run.extreme(slice(0, 1), 1.0)
    assert y.max() < 300.0 + 10.0 * gain - 0.02
    assert value == pytest.approx(300.0 + 10.0 * gain, abs=2e-3)
    assert time == pytest.approx((0.5 * np.pi + lag) / omega, abs=0.1)
    assert column == 0
    assert run.extreme(slice(0, 1), -1.0)[0] == pytest.approx(300.0 - 10.0 * gain, abs=2e-3)
