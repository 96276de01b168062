"""View factor and albedo against direct summation over the directions in which the Earth is seen."""

import math

import numpy as np
import pytest

from thermalsat.physics import earthview


def summed_over_directions(height_ratio, tilt, zenith, azimuth, count=700):
    """(view factor, Lambert albedo) by the midpoint rule: no use of rings, arcs or closed forms."""
    edge = math.asin(1 / height_ratio)
    x = (np.arange(count) + 0.5) / count
    nadir = (edge * x * (2 - x))[:, None]
    area = np.sin(nadir) * (edge * 2 * (1 - x) / count)[:, None] * math.pi / count
    turn = (np.arange(2 * count) + 0.5) * math.pi / count
    central = np.arcsin(np.minimum(height_ratio * np.sin(nadir), 1.0)) - nadir
    facing = np.maximum(np.sin(tilt) * np.sin(nadir) * np.cos(turn) + math.cos(tilt) * np.cos(nadir), 0.0)
    lit = np.maximum(
        math.sin(zenith) * np.sin(central) * np.cos(turn - azimuth) + math.cos(zenith) * np.cos(central), 0.0
    )
    return np.sum(facing * area) / math.pi, np.sum(facing * lit * area) / math.pi


CASES = [
    (altitude, tilt, zenith, azimuth)
    for altitude in (300.0, 800.0, 35786.0)
    for tilt, zenith, azimuth in [
        (0, 0, 0), (40, 75, 20), (90, 80, 0), (90, 95, 180),
        (110, 60, 150), (70, 105, 10), (130, 45, 60), (20, 92, 90),
    ]
]  # fmt: skip


@pytest.mark.parametrize(("altitude_km", "tilt", "zenith", "azimuth"), CASES)
def test_against_summation_over_directions(altitude_km, tilt, zenith, azimuth):
    h = 1 + altitude_km / 6378.137
    angles = [math.radians(x) for x in (tilt, zenith, azimuth)]
    view, albedo = summed_over_directions(h, *angles)
    assert earthview.view_factor(h, math.cos(angles[0])) == pytest.approx(view, abs=2e-6)
    assert earthview.lambert_albedo_angles(h, *angles) == pytest.approx(albedo, abs=2e-6)


def test_vectors_and_angles_agree():
    rng = np.random.default_rng(5)
    n, k, s = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in rng.normal(size=(3, 200, 3)))
    tilt, zenith = np.arccos(-np.sum(n * k, 1)), np.arccos(np.sum(s * k, 1))
    flat_n, flat_s = n - np.sum(n * k, 1)[:, None] * k, s - np.sum(s * k, 1)[:, None] * k
    cosine = np.sum(flat_n * flat_s, 1) / np.linalg.norm(flat_n, axis=1) / np.linalg.norm(flat_s, axis=1)
    by_angles = earthview.lambert_albedo_angles(1.08, tilt, zenith, np.arccos(np.clip(cosine, -1, 1)))
    np.testing.assert_allclose(earthview.lambert_albedo(1.08, n, k, s), by_angles, atol=1e-8)
    assert by_angles.max() > 0.2


def test_quadrature_is_converged_to_a_millionth(monkeypatch):
    rng = np.random.default_rng(1)
    angles = rng.uniform(0, math.pi, (3, 3000))
    values = {h: earthview.lambert_albedo_angles(h, *angles) for h in (1.024, 1.08, 1.3)}
    nodes, weights = earthview._panel_rule(48)
    monkeypatch.setattr(earthview, "_PANEL_NODES", nodes)
    monkeypatch.setattr(earthview, "_PANEL_WEIGHTS", weights)
    for h, value in values.items():
        assert np.abs(value - earthview.lambert_albedo_angles(h, *angles)).max() < 1e-6


def test_a_nadir_plate_under_the_overhead_sun_sees_less_than_its_view_factor():
    """Lambert's limb is darker than the disc's centre: E/(aS) < F, and F cos zeta is the upper figure."""
    h = 1.08
    view = earthview.view_factor(h, 1.0)
    albedo = earthview.lambert_albedo_angles(h, 0.0, 0.0, 0.0)
    assert albedo < view == earthview.simple_albedo(view, 1.0)
    assert earthview.simple_albedo(view, -0.2) == 0.0


def test_far_away_the_sphere_is_a_lambert_phase_disc():
    """Lambert phase function (2/3)(sin p + (pi - p) cos p)/pi (Russell 1916), over H^2."""
    h = 1e4
    for phase in (0.0, 0.7, 1.6, 2.8):
        expected = 2 / 3 * (math.sin(phase) + (math.pi - phase) * math.cos(phase)) / math.pi / h**2
        assert earthview.lambert_albedo_angles(h, 0.0, phase, 0.0) == pytest.approx(expected, rel=2e-4)


def test_shape_is_kept():
    grid = np.zeros((2, 3))
    assert earthview.lambert_albedo_angles(1.1, grid, 0.3, 0.0).shape == (2, 3)
    normals = np.broadcast_to([0.0, 0.0, -1.0], (2, 3, 3))
    assert earthview.lambert_albedo(1.1, normals, [0, 0, 1], [0, 0, 1]).shape == (2, 3)
    assert earthview.lambert_albedo_angles(1.1, 0.0, math.pi, 0.0).shape == ()
