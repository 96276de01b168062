"""Normals of the attitude laws: directions, degenerate geometries, pointing error."""

import math

import numpy as np
import pytest

from thermalsat.errors import InputError
from thermalsat.physics import attitude as att

ANGLES = np.linspace(0, 2 * np.pi, 361)


def geometry(beta_deg=35.0):
    return att.Geometry.at(ANGLES, math.radians(beta_deg))


ALL = [
    *att.NAMED.values(),
    att.EdgeOn(secondary="earth"),
    att.EdgeOn(angle_rad=0.4, error_rad=0.02),
    att.SunPointing(error_rad=0.1),
    att.OrbitFixed((1.0, 2.0, -3.0)),
    att.Inertial((0.0, 3.0, 4.0)),
    att.TimeFunction(lambda t: np.stack([np.cos(t), 2 + 0 * t, np.sin(t)], 1)),
]


@pytest.mark.parametrize("beta_deg", [-90.0, -35.0, 0.0, 35.0, 90.0])
@pytest.mark.parametrize("law", ALL, ids=lambda law: repr(law).split(" at 0x")[0])
def test_normals_are_unit_vectors_at_every_beta(law, beta_deg):
    normal = law(geometry(beta_deg))
    assert normal.shape == (361, 3)
    np.testing.assert_allclose(np.linalg.norm(normal, axis=1), 1.0, atol=1e-14)


@pytest.mark.parametrize("beta_deg", [-90.0, -35.0, 0.0, 35.0, 90.0])
@pytest.mark.parametrize("secondary", ["orbit-normal", "earth"])
@pytest.mark.parametrize("angle", [0.0, 0.7])
@pytest.mark.parametrize("error", [0.0, 0.03, -0.03])
def test_edge_on_panel_meets_the_sun_by_the_pointing_error_only(beta_deg, secondary, angle, error):
    g = geometry(beta_deg)
    normal = att.EdgeOn(secondary=secondary, angle_rad=angle, error_rad=error)(g)
    np.testing.assert_allclose(normal @ g.sun, math.sin(error), atol=1e-15)


def test_orbit_normal_rule_is_the_projection_and_has_a_limit():
    g = geometry(40.0)
    z = np.array([0.0, 0.0, 1.0])
    projected = z - (z @ g.sun) * g.sun
    np.testing.assert_allclose(att.EdgeOn()(g)[0], projected / np.linalg.norm(projected), atol=1e-15)
    near, at = att.EdgeOn()(geometry(89.9999999))[0], att.EdgeOn()(geometry(90.0))[0]
    np.testing.assert_allclose(near, at, atol=1e-8)
    np.testing.assert_allclose(at, [-1, 0, 0], atol=1e-15)


def test_ninety_degrees_from_the_orbit_normal_lies_in_the_orbit_plane():
    normal = att.EdgeOn(angle_rad=math.pi / 2)(geometry(55.0))
    np.testing.assert_allclose(normal[:, 2], 0.0, atol=1e-15)


def test_earth_rule_is_square_to_the_nadir_and_falls_back_under_the_overhead_sun():
    g = geometry(20.0)
    assert np.abs(np.sum(att.EdgeOn(secondary="earth")(g) * g.radial, axis=1)).max() < 1e-15
    noon = att.EdgeOn(secondary="earth")(att.Geometry.at([0.0, math.pi], 0.0))
    np.testing.assert_allclose(noon, [[0, 0, 1], [0, 0, 1]], atol=1e-15)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nadir", (-1, 0, 0)),
        ("zenith", (1, 0, 0)),
        ("ram", (0, 1, 0)),
        ("wake", (0, -1, 0)),
        ("orbit-normal", (0, 0, 1)),
    ],
)
def test_names_at_orbit_noon(name, expected):
    normal = att.named_attitude(name)(att.Geometry.at(0.0, 0.3))
    np.testing.assert_allclose(normal[0], expected, atol=1e-15)


def test_sun_pointing_error_is_an_angle_from_the_sun():
    g = geometry(50.0)
    np.testing.assert_allclose(att.SunPointing(error_rad=0.2)(g) @ g.sun, math.cos(0.2))
    np.testing.assert_allclose(att.named_attitude("anti-sun")(g) @ g.sun, -1.0)


def test_function_of_time_in_the_orbit_frame():
    g = att.Geometry.at(ANGLES, 0.1, time_s=ANGLES * 10)
    nadir = att.TimeFunction(lambda t: np.stack([-5 + 0 * t, 0 * t, 0 * t], 1), frame="orbit")(g)
    np.testing.assert_allclose(nadir, -g.radial, atol=1e-15)


def test_equatorial_direction_uses_the_orbit_frame_given():
    turn = np.array([[0.0, 1, 0], [0, 0, 1], [1, 0, 0]])
    g = att.Geometry.at(0.0, 0.0, equatorial=turn)
    np.testing.assert_allclose(att.Inertial((1, 0, 0), frame="equatorial")(g)[0], [0, 0, 1])
    with pytest.raises(InputError, match="`frame` 'equatorial' needs an orbit with `inclination`"):
        att.Inertial((1, 0, 0), frame="equatorial")(geometry())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: att.named_attitude("sideways"), "`attitude` must be one of 'sun'"),
        (lambda: att.EdgeOn(secondary="moon"), "`secondary` must be 'orbit-normal', 'earth' or an angle"),
        (lambda: att.OrbitFixed((0, 0, 0)), "`vector` must be three finite numbers, not all zero"),
        (lambda: att.OrbitFixed((1, 0)), "`vector` must be three finite numbers"),
        (lambda: att.Inertial((1, 0, 0), frame="galactic"), "`frame` must be 'orbit-noon' or 'equatorial'"),
        (lambda: att.TimeFunction(np.cos, frame="x"), "`frame` must be 'orbit-noon' or 'orbit'"),
        (lambda: att.TimeFunction(np.cos)(geometry()), r"must return shape \(361, 3\)"),
        (lambda: att.TimeFunction(lambda t: np.zeros((361, 3)))(geometry()), "vectors that are not zero"),
    ],
)
def test_refusals(make, message):
    with pytest.raises(InputError, match=message):
        make()
