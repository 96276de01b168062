"""Orbit, shadow and Earth-view numbers that others published, and exact values."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from thermalsat.constants import ASTRONOMICAL_UNIT_M, STEFAN_BOLTZMANN_W_M2_K4
from thermalsat.earthview import albedo_factor, earth_view_factor
from thermalsat.environment import Environment
from thermalsat.orbit import Orbit, shadow_fraction
from thermalsat.physics.attitude import EdgeOn, Opposite
from thermalsat.physics.sun import days_since_j2000, sun_direction, sun_distance_au
from thermalsat.units import Q


def at_beta(altitude_km, beta_deg=0.0):
    return Orbit.from_beta(altitude=Q(altitude_km, "km"), beta=Q(beta_deg, "deg"))


@pytest.mark.parametrize(
    ("altitude_km", "minutes"), [(400, 36.108), (500, 35.754), (600, 35.488), (800, 35.133)]
)
def test_eclipse_at_beta_zero_with_a_cylindrical_shadow(altitude_km, minutes):
    """Exact: 2 asin(R / r) / 360 deg of the period; 36.11 min is the figure printed for 400 km."""
    orbit = at_beta(altitude_km)
    night = orbit.eclipse(shadow="cylindrical")
    assert night.duration.m_as("min") == pytest.approx(minutes, abs=6e-4)
    assert (night.fraction * orbit.period).m_as("min") == pytest.approx(minutes, abs=6e-4)
    assert night.umbra == night.penumbra


@pytest.mark.parametrize(("altitude_km", "beta_deg"), [(400, 70.218), (600, 66.067)])
def test_beta_at_which_eclipses_end(altitude_km, beta_deg):
    """Exact: asin(R / r)."""
    fractions = [
        at_beta(altitude_km, sign * (beta_deg + step)).eclipse(shadow="cylindrical").fraction
        for sign in (1, -1)
        for step in (-6e-4, 6e-4)
    ]
    assert fractions[0] == fractions[2] > 0.0
    assert fractions[1] == fractions[3] == 0.0


def test_conical_shadow_at_400_km():
    """Umbra, umbra and penumbra, one crossing; exact cones, Sun at 1 au."""
    night = at_beta(400).eclipse()
    assert night.umbra.m_as("min") == pytest.approx(35.972, abs=6e-4)
    assert night.penumbra.m_as("min") == pytest.approx(36.246, abs=6e-4)
    assert night.crossing.m_as("s") == pytest.approx(8.22, abs=6e-3)


@pytest.mark.parametrize(("altitude_km", "inclination"), [(500, 97.402), (600, 97.788), (800, 98.603)])
def test_sun_synchronous_inclination(altitude_km, inclination):
    """J2 node rate equal to 360 deg in a tropical year."""
    orbit = Orbit.sun_synchronous(altitude=Q(altitude_km, "km"), ltan="18:00", epoch="2026-01-01")
    assert orbit.inclination.m_as("deg") == pytest.approx(inclination, abs=6e-4)


@pytest.mark.parametrize(("altitude", "longest", "season"), [("600 km", 20.69, 96.0), ("650 km", 19.7, 90.0)])
@pytest.mark.parametrize("shadow", ["conical", "cylindrical"])
def test_dawn_dusk_orbit_has_an_eclipse_season(altitude, longest, season, shadow):
    """Longest night and days a year with one, LTAN 18:00."""
    orbit = Orbit.sun_synchronous(altitude=altitude, ltan="18:00", epoch="2026-01-01")
    calendar = orbit.eclipse_calendar(step="0.25 day", shadow=shadow)
    assert calendar.longest.m_as("min") == pytest.approx(longest, abs=0.03)
    assert calendar.season.m_as("day") == pytest.approx(season, abs=2.5)


def test_orekit_eclipse_detector():
    """Orekit's EclipseDetectorTest: umbra entry 2303.1835 s, penumbra exit 4388.1559 s.

    Two-body propagation of the state vector in J2000 axes, contacts found through `shadow_fraction`; the
    almanac Sun, of date, is turned to J2000 with the ERFA precession and nutation.
    """
    erfa = pytest.importorskip("erfa")
    mu = 3.9860047e14
    start = [-6142438.668, 3492467.560, -25767.25680, 505.8479685, 942.7809215, 7435.922231]
    days = days_since_j2000("1969-07-28T04:00:00")

    def motion(_, y):
        return [*y[3:], *(-mu * y[:3] / np.linalg.norm(y[:3]) ** 3)]

    path = solve_ivp(motion, (0.0, 6000.0), start, "DOP853", rtol=1e-12, atol=1e-6, dense_output=True).sol
    to_j2000 = erfa.pnm06a(2451545.0, days).T

    def hidden(time_s):
        when = days + time_s / 86400.0
        sun = to_j2000 @ sun_direction(when) * float(sun_distance_au(when)) * ASTRONOMICAL_UNIT_M
        return shadow_fraction(
            Q(path(time_s)[:3], "m"), Q(sun, "m"), earth_radius="6400 km", sun_radius="696000 km"
        )

    def bisect(inside, low, high):
        while high - low > 1e-6:
            middle = 0.5 * (low + high)
            low, high = (middle, high) if inside(middle) == inside(low) else (low, middle)
        return 0.5 * (low + high)

    assert bisect(lambda t: hidden(t) == 1.0, 2000.0, 3300.0) == pytest.approx(2303.1835, abs=0.05)
    assert bisect(lambda t: hidden(t) > 0.0, 3300.0, 4800.0) == pytest.approx(4388.1559, abs=0.05)


@pytest.mark.parametrize(("tilt", "factor"), [(0, 0.859896), (45, 0.635398), (90, 0.267398), (120, 0.081903)])
def test_plate_view_factor_to_the_earth_from_500_km(tilt, factor):
    """Exact plate-to-sphere view factor."""
    assert earth_view_factor("500 km", Q(tilt, "deg")) == pytest.approx(factor, abs=6e-7)


@pytest.mark.parametrize(("zenith", "factor"), [(0, 0.85499), (60, 0.42750), (90, 0.02364)])
def test_lambert_albedo_of_a_nadir_plate_at_500_km(zenith, factor):
    """Integral over the lit part of the Earth in view."""
    assert albedo_factor("500 km", "0 deg", Q(zenith, "deg"), "0 deg") == pytest.approx(factor, abs=6e-6)


@pytest.mark.parametrize(("days", "flux"), [(range(1, 9), 1407.65), (range(182, 192), 1316.63)])
def test_sunlight_at_perihelion_and_aphelion(days, flux):
    """1361 W/m2 over the square of the almanac distance, 0.98329 and 1.01671 au, at the turning points."""
    start = np.datetime64("2026-01-01")
    envs = [
        Environment(orbit=Orbit.from_beta(altitude="550 km", beta="0 deg", epoch=start + day)) for day in days
    ]
    sunlight = np.array([env.sunlight.m_as("W/m^2") for env in envs])
    extreme = np.argmax(np.abs(sunlight - 1361))
    assert 0 < extreme < len(sunlight) - 1
    assert sunlight[extreme] == pytest.approx(flux, abs=0.01)


@pytest.mark.parametrize(
    ("beta", "law", "view"),
    [
        (0, EdgeOn(secondary="earth"), 0.516),
        (60, EdgeOn(secondary="earth"), 0.516),
        (90, EdgeOn(secondary="earth"), 0.516),
        (76, EdgeOn(), 0.654),
        (0, EdgeOn(angle_rad=math.pi / 2), 0.666),
        (76, EdgeOn(angle_rad=math.pi / 2), 0.666),
    ],
)
def test_orbit_mean_earth_view_of_both_faces_at_550_km(beta, law, view):
    """ "Perpendicular to the Sun line" leaves one rotation free, and it matters."""
    env = Environment(orbit=at_beta(550, beta))
    both = env.mean_incident(law).earth_view + env.mean_incident(Opposite(law)).earth_view
    assert both == pytest.approx(view, abs=6e-4)


def test_two_sided_plate_that_faces_the_sun_over_the_terminator():
    """Emittance .85 / .90, absorptance .92, 550 km, beta 90, 1361 and 237 W/m2: 342.0965 K."""
    env = Environment(orbit=at_beta(550, 90), albedo=0.0)
    front, back = env.mean_incident("sun"), env.mean_incident("anti-sun")
    absorbed = 0.92 * front.direct + 0.85 * front.earth_ir + 0.90 * back.earth_ir
    temperature = (absorbed.m_as("W/m^2") / (1.75 * STEFAN_BOLTZMANN_W_M2_K4)) ** 0.25
    assert temperature == pytest.approx(342.0965, abs=6e-5)


def test_beta_limit_of_a_grazing_conical_shadow_is_wider_than_the_cylinder():
    """First contact with the penumbra: acos((R + R_sun)/d) + acos(R/r) from the Sun, exact."""
    r_km, sun_km = 6378.137 + 400, ASTRONOMICAL_UNIT_M / 1e3
    contact = math.acos((6378.137 + 695700.0) / sun_km) + math.acos(6378.137 / r_km)
    limit = 180.0 - math.degrees(contact)
    found = brentq(lambda b: at_beta(400, b).eclipse().penumbra.m_as("s") - 1.0, 60.0, limit)
    assert limit == pytest.approx(70.218 + 0.2688, abs=1e-3)
    assert found == pytest.approx(limit, abs=1e-4)
