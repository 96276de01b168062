"""Tube correlations against the `ht` and `fluids` libraries and the limits they must keep."""

from types import SimpleNamespace

import fluids
import ht
import numpy as np
import pytest

from thermalsat.physics import correlations as c


@pytest.mark.parametrize("prandtl", [0.7, 1.3, 5.0, 11.0, 60.0])
@pytest.mark.parametrize("reynolds", [4e3, 1e4, 7e4, 1e6])
def test_turbulent_is_gnielinski_as_in_ht(reynolds, prandtl):
    petukhov = (0.79 * np.log(reynolds) - 1.64) ** -2
    expected = ht.conv_internal.turbulent_Gnielinski(reynolds, prandtl, petukhov)
    assert c.nusselt_number(reynolds, prandtl) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("reynolds", [10.0, 500.0, 2300.0])
def test_laminar_entry_is_hausen_as_in_ht(reynolds):
    expected = ht.conv_internal.laminar_entry_thermal_Hausen(reynolds, 1.3, 10.0, 0.008)
    assert c.nusselt_number(reynolds, 1.3, 0.008 / 10.0) == pytest.approx(expected, rel=1e-12)


def test_laminar_without_entry_is_the_constant_wall_temperature_value():
    np.testing.assert_array_equal(c.nusselt_number([0.0, 100.0, 2300.0], 3.0), 3.66)


@pytest.mark.parametrize(("reynolds", "within"), [(4e3, 0.04), (2e4, 0.02), (1e5, 0.02), (3e6, 0.02)])
def test_friction_is_near_colebrook(reynolds, within):
    # Petukhov's fit against Clamond's exact solution of Colebrook's equation for a smooth tube
    assert c.friction_factor(reynolds) == pytest.approx(fluids.friction.Clamond(reynolds, 0.0), rel=within)


def test_friction_is_poiseuille_when_laminar():
    assert c.friction_factor(1600.0) == pytest.approx(0.04, rel=1e-14)
    assert c.friction_factor(0.0) == np.inf


def test_pressure_drop_is_poiseuille_at_low_flow_and_changes_sign_with_it():
    flow, diameter, length, density, viscosity = 1e-4, 0.008, 10.0, 600.0, 1.2e-4
    expected = 128.0 * viscosity * length * flow / (np.pi * density * diameter**4)
    assert c.pressure_drop_Pa(flow, diameter, length, density, viscosity) == pytest.approx(
        expected, rel=1e-12
    )
    assert c.pressure_drop_Pa(-flow, diameter, length, density, viscosity) == pytest.approx(
        -expected, rel=1e-12
    )
    assert c.pressure_drop_Pa(0.0, diameter, length, density, viscosity) == 0.0


def test_fittings_add_velocity_heads():
    base = c.pressure_drop_Pa(0.05, 0.008, 10.0, 600.0, 1.2e-4)
    speed = 0.05 / (600.0 * np.pi * 0.004**2)
    more = c.pressure_drop_Pa(0.05, 0.008, 10.0, 600.0, 1.2e-4, loss_coefficient=3.0)
    assert more - base == pytest.approx(3.0 * 0.5 * 600.0 * speed**2, rel=1e-12)


def test_pump_power_is_flow_times_lift_over_efficiency():
    assert c.pump_power_W(3.0, 2e5, 600.0, 0.5) == pytest.approx(2000.0)


@pytest.mark.parametrize("edge", [c.LAMINAR_REYNOLDS, c.TURBULENT_REYNOLDS])
@pytest.mark.parametrize("relation", [lambda r: c.nusselt_number(r, 4.0, 1e-3), c.friction_group])
def test_value_and_slope_are_continuous_at_the_ends_of_transition(relation, edge):
    step = 1e-2
    below, at, above = relation(np.array([edge - step, edge, edge + step]))
    assert (above - at) == pytest.approx(at - below, rel=1e-3)
    assert above == pytest.approx(below, rel=1e-4)


def test_transition_stays_near_gnielinski_2013():
    # Gnielinski (2013): linear in Re between the two limits
    reynolds = np.linspace(2300.0, 4000.0, 35)
    linear = np.interp(reynolds, [2300.0, 4000.0], c.nusselt_number([2300.0, 4000.0], 1.3))
    ratio = c.nusselt_number(reynolds, 1.3) / linear
    assert 0.75 < ratio.min() < 1.0
    assert 1.0 < ratio.max() < 1.03


def test_wall_conductance_is_pi_nusselt_times_conductivity():
    fluid = SimpleNamespace(
        specific_heat=lambda t: np.full_like(t, 4933.3),
        conductivity=lambda t: np.full_like(t, 0.4438),
        viscosity=lambda t: np.full_like(t, 1.141e-4),
    )
    flow, diameter = 0.0236, 0.008
    reynolds = 4.0 * flow / (np.pi * diameter * 1.141e-4)
    expected = np.pi * 0.4438 * c.nusselt_number(reynolds, 4933.3 * 1.141e-4 / 0.4438)
    assert c.wall_conductance_per_m(flow, diameter, 313.15, fluid) == pytest.approx(expected, rel=1e-14)
    film = c.film_coefficient_W_m2_K(flow, diameter, 313.15, fluid)
    assert film == pytest.approx(expected / (np.pi * diameter), rel=1e-14)
    assert c.wall_conductance_per_m(flow, diameter, 313.15, fluid, length_m=10.0) > expected
