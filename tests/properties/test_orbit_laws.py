"""Laws that hold for every orbit, face and date."""

import math

import numpy as np
from hypothesis import assume, example, given
from hypothesis import strategies as st

from thermalsat.constants import ASTRONOMICAL_UNIT_M, EARTH_RADIUS_M
from thermalsat.environment import Environment
from thermalsat.orbit import Orbit
from thermalsat.physics import earthview, shadow
from thermalsat.physics.attitude import NAMED, EdgeOn, Inertial, Opposite, OrbitFixed, SunPointing
from thermalsat.units import Q

ALTITUDES_KM = st.floats(160.0, 40000.0)
BETAS_DEG = st.floats(-90.0, 90.0)
ANGLES = st.floats(0.0, math.pi)
SHADOWS = st.sampled_from(["conical", "cylindrical"])
COMPONENTS = st.floats(-1.0, 1.0)
ATTITUDES = st.one_of(
    st.sampled_from(list(NAMED.values())),
    st.builds(
        EdgeOn,
        secondary=st.sampled_from(["orbit-normal", "earth"]),
        angle_rad=st.floats(-math.pi, math.pi),
        error_rad=st.floats(-0.1, 0.1),
    ),
    st.builds(SunPointing, error_rad=st.floats(-0.3, 0.3)),
    st.tuples(COMPONENTS, COMPONENTS, st.floats(0.1, 1.0)).map(OrbitFixed),
    st.tuples(COMPONENTS, COMPONENTS, st.floats(0.1, 1.0)).map(Inertial),
)


def fraction(altitude_km, beta_deg, model):
    radius = EARTH_RADIUS_M + altitude_km * 1e3
    return float(shadow.eclipse_fraction(math.radians(beta_deg), radius, ASTRONOMICAL_UNIT_M, model))


@given(ALTITUDES_KM, BETAS_DEG, BETAS_DEG, SHADOWS)
@example(500.0, 67.9, 67.8, "conical")
def test_eclipse_fraction_is_even_falls_with_beta_and_is_under_a_half(altitude_km, one, two, model):
    low, high = sorted((abs(one), abs(two)))
    less, more = fraction(altitude_km, high, model), fraction(altitude_km, low, model)
    assert 0.0 <= less <= more + 1e-12
    assert more < 0.5
    assert fraction(altitude_km, -low, model) == more


@given(ALTITUDES_KM, SHADOWS)
def test_eclipse_ends_at_its_limit(altitude_km, model):
    radius = EARTH_RADIUS_M + altitude_km * 1e3
    limit = 180.0 - math.degrees(shadow.contact_angles_rad(radius, ASTRONOMICAL_UNIT_M, model)[0])
    assert fraction(altitude_km, limit + 1e-6, model) == 0.0
    assert 0.0 < fraction(altitude_km, limit - 0.01, model) < 0.02


@given(ALTITUDES_KM, st.floats(0.0, 66.0), st.floats(0.9833, 1.0167))
def test_conical_fraction_is_near_the_cylindrical_one(altitude_km, beta_deg, distance):
    """The mean of the light lost through the penumbra is nearly that of parallel light."""
    radius, beta = EARTH_RADIUS_M + altitude_km * 1e3, math.radians(beta_deg)
    cone = shadow.eclipse_fraction(beta, radius, distance * ASTRONOMICAL_UNIT_M)
    cylinder = shadow.eclipse_fraction(beta, radius, ASTRONOMICAL_UNIT_M, "cylindrical")
    assert abs(cone - cylinder) < 0.01


@given(st.floats(0.0, 40000.0), ANGLES)
@example(0.0, 0.0)
@example(0.0, math.pi)
def test_view_factors_of_the_two_sides_of_a_plate(altitude_km, tilt):
    """F(tilt) - F(180 deg - tilt) = cos(tilt) / H^2, and the two together are at most one."""
    h, c = 1 + altitude_km / 6378.137, math.cos(tilt)
    front, back = float(earthview.view_factor(h, c)), float(earthview.view_factor(h, -c))
    assert abs(front - back - c / h**2) < 1e-14
    assert 0.0 <= front <= 1.0
    assert front + back <= 1.0 + 1e-14


@given(st.floats(0.0, 40000.0), st.floats(0.0, 40000.0), ANGLES, ANGLES)
def test_view_factor_falls_with_tilt_and_with_altitude(altitude_one, altitude_two, tilt_one, tilt_two):
    low, high = sorted((1 + altitude_one / 6378.137, 1 + altitude_two / 6378.137))
    small, large = sorted((tilt_one, tilt_two))
    most = earthview.view_factor(low, math.cos(small)) + 1e-13
    assert most >= earthview.view_factor(low, math.cos(large))
    assert most >= earthview.view_factor(high, math.cos(small))


@given(st.floats(300.0, 40000.0), ANGLES, ANGLES, ANGLES)
def test_albedo_is_at_most_the_view_factor_and_falls_as_the_plate_turns_from_the_sun(
    altitude_km, tilt, zenith, azimuth
):
    h = 1 + altitude_km / 6378.137
    value = float(earthview.lambert_albedo_angles(h, tilt, zenith, azimuth))
    assert 0.0 <= value <= earthview.view_factor(h, math.cos(tilt)) + 1e-6
    # The lit side of the Earth is on the Sun's side.
    assert value <= earthview.lambert_albedo_angles(h, tilt, zenith, 0.0) + 1e-6


@given(st.floats(300.0, 40000.0), ANGLES, ANGLES, ANGLES)
def test_albedo_of_opposite_suns_adds_to_the_linear_integral(altitude_km, tilt, zenith, azimuth):
    """max(0, x) - max(0, -x) = x: the two half-lit Earths differ by a linear functional of the Sun.

    For a plate that has the whole disc in view the zenith part of that functional is tied to the
    overhead Sun's own value.
    """
    h = 1 + altitude_km / 6378.137
    assume(tilt + math.asin(1 / h) < math.pi / 2)

    def net(z, a):
        day = earthview.lambert_albedo_angles(h, tilt, z, a)
        night = earthview.lambert_albedo_angles(h, tilt, math.pi - z, a + math.pi)
        return float(day - night)

    expected = math.cos(zenith) * net(0.0, 0.0) + math.sin(zenith) * math.cos(azimuth) * net(math.pi / 2, 0.0)
    assert abs(net(zenith, azimuth) - expected) < 2e-6


@given(ALTITUDES_KM, BETAS_DEG, ATTITUDES, SHADOWS)
@example(550.0, 0.0, EdgeOn(secondary="earth"), "conical")
@example(550.0, 90.0, NAMED["edge-on"], "conical")
def test_heat_on_the_two_faces_of_any_panel(altitude_km, beta_deg, law, model):
    """Nothing negative, nothing above its source, direct light on one face only, bounded Earth view."""
    orbit = Orbit.from_beta(altitude=Q(altitude_km, "km"), beta=Q(beta_deg, "deg"))
    heat = Environment(orbit=orbit, shadow=model).si
    times = np.linspace(0.0, heat.period_s, 200)
    front, back = heat.incident(law, times), heat.incident(Opposite(law), times)
    for face in (front, back):
        assert all(np.all(np.isfinite(x)) and np.all(x >= 0) for x in face)
        assert np.all(face.direct_W_m2 <= heat.solar_flux_W_m2 * heat.illumination(times) + 1e-9)
        assert np.all(face.albedo_W_m2 <= heat.albedo * heat.solar_flux_W_m2 * (face.earth_view + 1e-5))
    assert np.all(np.minimum(front.direct_W_m2, back.direct_W_m2) == 0)
    assert np.all(front.earth_view + back.earth_view <= 1 + 1e-12)
    marks = heat.face_breakpoints(law)
    assert np.all(np.diff(marks) > 0)
    assert np.all((marks >= 0) & (marks < heat.period_s))
    assert np.isin(heat.edges_s, marks).all()


@given(ALTITUDES_KM, BETAS_DEG, SHADOWS)
def test_time_zero_is_the_last_sunlit_instant(altitude_km, beta_deg, model):
    heat = Environment(
        orbit=Orbit.from_beta(altitude=Q(altitude_km, "km"), beta=Q(beta_deg, "deg")), shadow=model
    ).si
    edges = heat.edges_s
    if len(edges) == 0:
        assert np.all(heat.illumination(np.linspace(0, heat.period_s, 100)) == 1.0)
        assert np.allclose(heat.position(0.0), [1.0, 0.0, 0.0])
        return
    assert edges[0] == 0.0
    assert np.all(heat.illumination(np.linspace(edges[-1] + 1e-3, heat.period_s - 1e-3, 200)) == 1.0)
    assert np.all(heat.illumination(np.linspace(edges[0] + 1e-6, edges[-1] - 1e-6, 200)) < 1.0)
    dark = edges[1:3] if len(edges) == 4 else edges if model == "cylindrical" else edges[:0]
    if len(dark):
        assert np.all(heat.illumination(np.linspace(dark[0] + 1e-3, dark[1] - 1e-3, 200)) == 0.0)
