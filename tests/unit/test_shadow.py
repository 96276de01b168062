"""The shadow's geometry against direct constructions."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from thermalsat.constants import ASTRONOMICAL_UNIT_M, EARTH_RADIUS_M, SUN_RADIUS_M
from thermalsat.errors import InputError
from thermalsat.physics import shadow

RADIUS_M = EARTH_RADIUS_M + 550e3


def test_half_covered_disc():
    """A limb through the Sun's centre that is nearly straight hides half of it."""
    assert shadow.disc_overlap_fraction(1e-6, 1.0, 1.0) == pytest.approx(0.5, abs=1e-6)


def test_equal_discs_overlap_by_the_lens_formula():
    """Two unit discs one radius apart share 2 pi/3 - sqrt(3)/2 (elementary geometry)."""
    share = (2 * math.pi / 3 - math.sqrt(3) / 2) / math.pi
    assert shadow.disc_overlap_fraction(0.01, 0.01, 0.01) == pytest.approx(share, rel=1e-12)


@pytest.mark.parametrize(
    ("sun", "earth", "separation", "hidden"),
    [(0.01, 0.3, 0.31, 0.0), (0.01, 0.3, 0.29, 1.0), (0.01, 0.3, 0.0, 1.0), (0.02, 0.01, 0.0, 0.25)],
)
def test_contacts_and_annular_eclipse(sun, earth, separation, hidden):
    assert shadow.disc_overlap_fraction(sun, earth, separation) == pytest.approx(hidden, abs=1e-7)


def test_overlap_falls_steadily_through_the_contacts():
    separation = np.linspace(0.28, 0.32, 4001)
    hidden = shadow.disc_overlap_fraction(0.01, 0.3, separation)
    assert np.all(np.diff(hidden) <= 0)
    assert hidden[[0, -1]].tolist() == [1.0, 0.0]
    assert np.abs(np.diff(hidden)).max() < 2e-3


def test_vectors_and_orbit_angles_give_the_same_shadow():
    beta = math.radians(31.0)
    angle = np.linspace(0, 2 * np.pi, 20001)
    sat = RADIUS_M * np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)
    sun = ASTRONOMICAL_UNIT_M * np.array([math.cos(beta), 0.0, math.sin(beta)])
    along = shadow.hidden_fraction(angle, beta, RADIUS_M, ASTRONOMICAL_UNIT_M)
    np.testing.assert_allclose(along, shadow.shadow_fraction(sat, sun), atol=1e-11)


@pytest.mark.parametrize("beta_deg", [0.0, 30.0, 60.0])
@pytest.mark.parametrize("distance", [0.983, 1.017, 0.3])
def test_contact_angles_are_the_roots_of_the_apparent_disc_condition(beta_deg, distance):
    beta, d = math.radians(beta_deg), distance * ASTRONOMICAL_UNIT_M

    def gap(angle, sign):
        sat = RADIUS_M * np.array([math.cos(angle), math.sin(angle), 0.0])
        to_sun = d * np.array([math.cos(beta), 0.0, math.sin(beta)]) - sat
        size = np.linalg.norm(to_sun)
        separation = math.acos(np.dot(-sat, to_sun) / RADIUS_M / size)
        return separation - math.asin(EARTH_RADIUS_M / RADIUS_M) - sign * math.asin(SUN_RADIUS_M / size)

    for contact, sign in zip(shadow.contact_angles_rad(RADIUS_M, d), (1, -1), strict=True):
        half = shadow.half_shadow_angle_rad(contact, beta)
        root = brentq(gap, 0.3, math.pi, args=(sign,), xtol=1e-14)
        # 1e-7 rad is a tenth of a millisecond in orbit.
        assert math.pi - half == pytest.approx(root, abs=1e-7)


def test_the_umbra_of_the_earth_ends_at_1_38_million_km():
    """Length of the umbra R d / (R_sun - R): 1.384e9 m from similar triangles."""
    length = EARTH_RADIUS_M * ASTRONOMICAL_UNIT_M / (SUN_RADIUS_M - EARTH_RADIUS_M)
    inside = shadow.contact_angles_rad(0.999 * length, ASTRONOMICAL_UNIT_M)[1]
    beyond = shadow.contact_angles_rad(1.001 * length, ASTRONOMICAL_UNIT_M)[1]
    assert inside < math.pi < beyond
    assert shadow.half_shadow_angle_rad(beyond, 0.0) == 0.0


@pytest.mark.parametrize("beta_deg", [0.0, 50.0, 66.6, 67.0, 67.2, 67.4])
def test_eclipse_fraction_is_the_integral_of_the_hidden_part(beta_deg):
    beta = math.radians(beta_deg)
    contacts = shadow.contact_angles_rad(RADIUS_M, ASTRONOMICAL_UNIT_M)
    marks = [math.pi - float(shadow.half_shadow_angle_rad(c, beta)) for c in contacts]
    points = [0.0, *marks, math.pi]
    total = sum(
        quad(shadow.hidden_fraction, a, b, (beta, RADIUS_M, ASTRONOMICAL_UNIT_M), epsabs=1e-12, limit=200)[0]
        for a, b in pairwise(points)
        if b > a
    )
    fraction = shadow.eclipse_fraction(beta, RADIUS_M, ASTRONOMICAL_UNIT_M)
    assert fraction == pytest.approx(total / math.pi, abs=1e-9)


def test_the_point_source_shadow_is_sharp():
    sat = RADIUS_M * np.array([[-1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    hidden = shadow.shadow_fraction(sat, [ASTRONOMICAL_UNIT_M, 0.0, 0.0], sun_radius_m=0.0)
    assert hidden.tolist() == [1.0, 0.0]


def test_cylindrical_fraction_is_the_contact_arc():
    expected = math.asin(EARTH_RADIUS_M / RADIUS_M) / math.pi
    found = shadow.eclipse_fraction(0.0, RADIUS_M, ASTRONOMICAL_UNIT_M, "cylindrical")
    assert found == pytest.approx(expected)
    inside = shadow.hidden_fraction([0.0, math.pi], 0.0, RADIUS_M, ASTRONOMICAL_UNIT_M, "cylindrical")
    assert inside.tolist() == [0.0, 1.0]


def test_a_place_inside_the_earth_is_refused():
    with pytest.raises(InputError, match="`r_sat` must lie outside the Earth"):
        shadow.shadow_fraction([6e6, 0, 0], [ASTRONOMICAL_UNIT_M, 0, 0])


def test_an_unknown_shadow_is_refused():
    with pytest.raises(InputError, match="`shadow` must be 'conical' or 'cylindrical', got 'square'"):
        shadow.check_shadow("square")
