"""`Environment`: clock, Sun's distance, heat on faces, what it refuses."""

import dataclasses
import math
import pickle
from itertools import pairwise

import numpy as np
import pytest

from thermalsat.earthview import albedo_factor, earth_view_factor
from thermalsat.environment import Environment, as_attitude
from thermalsat.errors import InputError
from thermalsat.orbit import Orbit
from thermalsat.physics import earthview
from thermalsat.physics.attitude import EdgeOn, Inertial, Opposite, TimeFunction
from thermalsat.units import Q, UnitsError

LEO = Orbit(altitude="550 km", inclination="53 deg", raan="10 deg", epoch="2026-06-21")


def at_beta(beta_deg, **changes):
    return Environment(orbit=Orbit.from_beta(altitude="550 km", beta=Q(beta_deg, "deg")), **changes)


def test_clock_starts_at_the_last_sunlit_instant():
    env = at_beta(20)
    night = env.eclipse
    edges = env.edge_times.m_as("s")
    expected = night.edge_times.m_as("s") - night.edge_times[0].m_as("s")
    np.testing.assert_allclose(edges, expected, atol=1e-9)
    assert env.illumination(Q(-1e-3, "s")) == 1.0
    assert env.illumination("1e-3 s") < 1.0
    assert env.illumination("10 min") == 0.0


def test_without_an_eclipse_the_clock_starts_at_orbit_noon():
    env = at_beta(75)
    assert env.edge_times.m_as("s").size == 0
    np.testing.assert_allclose(env.si.position(0.0), [[1.0, 0.0, 0.0]], atol=1e-15)


def test_position_turns_once_a_period_in_the_sense_of_the_motion():
    heat = at_beta(20).si
    quarter = heat.position(np.array([0.0, 0.25, 1.0]) * heat.period_s)
    np.testing.assert_allclose(np.cross(quarter[0], quarter[1]), [0, 0, 1], atol=1e-12)
    np.testing.assert_allclose(quarter[0], quarter[2], atol=1e-12)


def test_sunlight_follows_the_date_unless_enveloped():
    january = Environment(orbit=LEO, epoch="2026-01-04")
    assert january.sunlight.m_as("W/m^2") == pytest.approx(1361 / january.sun_distance.m_as("au") ** 2)
    assert january.sunlight.m_as("W/m^2") > 1407
    assert january.beta_angle == LEO.beta("2026-01-04")
    fixed = Environment(orbit=LEO, epoch="2026-01-04", solar_flux="1414 W/m^2", enveloped=True)
    assert fixed.sunlight.m_as("W/m^2") == 1414
    assert at_beta(10, solar_flux="1400 W/m^2").sunlight.m_as("W/m^2") == 1400


def test_beta_may_be_set_beside_a_dated_orbit():
    env = Environment(orbit=LEO, beta="-75 deg", epoch="2026-01-04")
    assert env.beta_angle.m_as("deg") == pytest.approx(-75)
    assert env.sun_distance.m_as("au") < 0.984
    with pytest.raises(InputError, match="`frame` 'equatorial' needs an orbit"):
        env.incident(Inertial((1, 0, 0), frame="equatorial"), "0 s")


def test_equatorial_frame_points_at_the_sun_of_date():
    from thermalsat.physics.sun import days_since_j2000, sun_direction

    sun = sun_direction(days_since_j2000("2026-06-21"))
    env = Environment(orbit=LEO)
    flux = env.incident(Inertial(tuple(sun), frame="equatorial"), "70 min")
    assert flux.direct.m_as("W/m^2") == pytest.approx(env.sunlight.m_as("W/m^2"), rel=1e-12)


def test_heat_on_a_nadir_face_is_made_of_the_public_factors():
    env = at_beta(30, albedo="35 %", earth_ir="250 W/m^2")
    time_s = np.array([100.0, 2600.0, 3900.0])
    flux = env.incident("nadir", Q(time_s, "s"))
    zenith = np.arccos(env.si.position(time_s) @ env.si.sun_direction)
    factor = albedo_factor("550 km", "0 deg", Q(zenith, "rad"))
    np.testing.assert_allclose(flux.albedo.m_as("W/m^2"), 0.35 * 1361 * factor, rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(flux.earth_ir.m_as("W/m^2"), 250 * earth_view_factor("550 km", "0 deg"))
    assert flux.albedo.m_as("W/m^2").max() > 300
    single = env.incident("nadir", "3900 s")
    assert single.albedo.m_as("W/m^2") == pytest.approx(flux.albedo[2].m_as("W/m^2"))
    assert np.ndim(single.direct.m) == 0


def test_cosine_albedo_on_request():
    simple, exact = at_beta(0, albedo_model="cosine"), at_beta(0)
    noon = Q(exact.si.period_s / 2 + exact.si.edges_s[-1] / 2, "s")
    view = earth_view_factor("550 km", "0 deg")
    assert simple.incident("nadir", noon).albedo.m_as("W/m^2") == pytest.approx(0.3 * 1361 * view)
    assert exact.incident("nadir", noon).albedo < simple.incident("nadir", noon).albedo


def test_orbit_means_agree_with_dense_sampling():
    for beta in (0, 40, 72):
        heat = at_beta(beta).si
        times = (np.arange(20000) + 0.5) / 20000 * heat.period_s
        for law in map(as_attitude, ("sun", "ram", EdgeOn(error_rad=0.0175), "nadir")):
            mean, dense = heat.mean_incident(law), heat.incident(law, times)
            for one, other in zip(mean, dense, strict=True):
                assert one[0] == pytest.approx(np.mean(other), rel=1e-6, abs=1e-5)


def test_between_face_breakpoints_the_heat_is_smooth():
    """Direct light, whose kinks are sharp, is a single cosine or nothing between two marks."""
    heat = at_beta(35, shadow="cylindrical").si
    law = as_attitude("ram")
    marks = np.append(heat.face_breakpoints(law), heat.period_s)
    for low, high in pairwise(marks):
        times = np.linspace(low, high, 9)[1:-1]
        direct = heat.incident(law, times).direct_W_m2
        along = 1361 * heat.geometry(times).along @ heat.sun_direction
        assert np.allclose(direct, 0) or np.allclose(direct, along)
    crossing = heat.period_s / 2 + heat.edges_s[-1] / 2  # the ram face loses the Sun at noon
    assert np.abs(marks - crossing).min() < 1e-6


def test_edge_on_panel_without_pointing_error_has_no_sun_marks():
    heat = at_beta(72).si
    assert np.all(heat.sun_cosine(EdgeOn(), np.linspace(0, heat.period_s, 99)) == 0)
    marks = heat.face_breakpoints(EdgeOn(secondary="earth"))
    assert len(marks) == 2  # the terminator passes below at dawn and dusk; it is in view all the way round


def test_an_attitude_may_be_a_function_of_time():
    env = at_beta(20)
    period = env.si.period_s
    spin = env.incident(lambda t: np.stack([np.cos(t / period), np.sin(t / period), 0 * t], 1), "3000 s")
    angle = 3000 / period
    expected = max(0.0, math.cos(angle) * math.cos(math.radians(20))) * 1361
    assert spin.direct.m_as("W/m^2") == pytest.approx(expected)
    assert isinstance(as_attitude(np.cos), TimeFunction)
    assert as_attitude(Opposite(EdgeOn())) == Opposite(EdgeOn())


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"solar_flux": 1361}, UnitsError, "`solar_flux`"),
        ({"solar_flux": "0 W/m^2"}, InputError, "`solar_flux` must be above zero"),
        ({"albedo": 1.3}, InputError, "`albedo` must be between 0 and 1, got 1.3"),
        ({"earth_ir": 237}, UnitsError, "`earth_ir`"),
        ({"earth_ir": "-1 W/m^2"}, InputError, "`earth_ir` must not be negative"),
        ({"shadow": "none"}, InputError, "`shadow` must be 'conical' or 'cylindrical'"),
        ({"albedo_model": "grey"}, InputError, "`albedo_model` must be 'lambert' or 'cosine'"),
        ({"beta": "91 deg"}, InputError, "`beta` must be between -90 and 90 deg"),
        ({"beta": 20}, UnitsError, "`beta`"),
        ({"epoch": "yesterday"}, InputError, "`epoch` must be an ISO date"),
        ({"orbit": "550 km"}, InputError, "`orbit` must be an Orbit"),
    ],
)
def test_refusals(changes, error, message):
    with pytest.raises(error, match=message):
        Environment(**({"orbit": LEO} | changes))


def test_faces_and_times_that_are_refused():
    with pytest.raises(InputError, match="`attitude` must be one of"):
        at_beta(0).incident("up", "0 s")
    with pytest.raises(InputError, match="`attitude` must be a name such as 'nadir'"):
        at_beta(0).incident(3.0, "0 s")
    with pytest.raises(UnitsError, match="`time`"):
        at_beta(0).illumination(12.0)


def test_public_factors_refuse_bare_numbers_and_impossible_geometry():
    with pytest.raises(UnitsError, match="`altitude`"):
        earth_view_factor(500, "0 deg")
    with pytest.raises(InputError, match="`altitude` must not be negative"):
        earth_view_factor("-1 km", "0 deg")
    with pytest.raises(InputError, match="`altitude` must be one length"):
        earth_view_factor(["1 km", "2 km"], "0 deg")
    with pytest.raises(UnitsError, match="`tilt`"):
        earth_view_factor("500 km", 90)
    with pytest.raises(InputError, match="`tilt` must be between 0 and 180 deg"):
        earth_view_factor("500 km", "190 deg")
    with pytest.raises(InputError, match="`zenith` must be between 0 and 180 deg"):
        albedo_factor("500 km", "0 deg", "-3 deg")
    with pytest.raises(UnitsError, match="`azimuth`"):
        albedo_factor("500 km", "0 deg", "3 deg", 0)
    with pytest.raises(InputError, match="`model` must be 'lambert' or 'cosine'"):
        albedo_factor("500 km", "0 deg", "3 deg", model="phong")


def test_public_factors_take_arrays():
    tilt = Q([0.0, 90.0, 180.0], "deg")
    view = earth_view_factor("500 km", tilt)
    np.testing.assert_allclose(view, earthview.view_factor(1 + 500 / 6378.137, [1.0, 0.0, -1.0]), atol=1e-15)
    assert albedo_factor("500 km", tilt, "30 deg", "20 deg").shape == (3,)
    cosine = albedo_factor("500 km", tilt, "60 deg", model="cosine")
    np.testing.assert_allclose(cosine, view / 2)


def test_environments_are_frozen_equal_by_value_and_pickle():
    env = Environment(orbit=LEO)
    with pytest.raises(dataclasses.FrozenInstanceError):
        env.albedo = 0.2
    assert "(dated), albedo 0.3 (lambert), Earth infrared 237 W/m²" in repr(env)
    again = pickle.loads(pickle.dumps(env))
    assert again == env
    assert again.si.period_s == env.si.period_s
    colder = dataclasses.replace(env, earth_ir="200 W/m^2", epoch="2026-07-01")
    assert colder.si.earth_ir_W_m2 == 200
    assert colder.epoch == "2026-07-01T00:00:00"
