"""View factors against catalogue values, brute-force quadrature and ray casting."""

import numpy as np
import pytest

from thermalsat.physics.blocking import earth_blocking, shadow_fraction_of_rectangle
from thermalsat.physics.rectangles import Rectangle
from thermalsat.physics.rectangleviews import cell_views, element_view, rectangle_view


def hottel_parallel(x, y):
    """Aligned equal rectangles, sides over distance x and y: Howell's catalogue C-11."""
    a, b = 1.0 + x * x, 1.0 + y * y
    return (
        2.0
        / (np.pi * x * y)
        * (
            0.5 * np.log(a * b / (a + y * y))
            + x * np.sqrt(b) * np.arctan(x / np.sqrt(b))
            + y * np.sqrt(a) * np.arctan(y / np.sqrt(a))
            - x * np.arctan(x)
            - y * np.arctan(y)
        )
    )


def hottel_corner(h, w):
    """Perpendicular rectangles with a common edge, height and depth over its length: catalogue C-14."""
    r, a, b = np.hypot(h, w), 1.0 + h * h, 1.0 + w * w
    c = a + w * w
    logs = (
        np.log(a * b / c) + w * w * np.log(w * w * c / (b * r * r)) + h * h * np.log(h * h * c / (a * r * r))
    )
    return (w * np.arctan(1.0 / w) + h * np.arctan(1.0 / h) - r * np.arctan(1.0 / r) + 0.25 * logs) / (
        np.pi * w
    )


@pytest.mark.parametrize(("x", "y"), [(1.0, 1.0), (0.2, 3.0), (10.0, 10.0), (0.1, 0.1), (40.0, 0.5)])
def test_aligned_parallel_rectangles(x, y):
    low, high = Rectangle((0.0, 0.0, 0.0), (x, y, 0.0)), Rectangle((0.0, 0.0, 1.0), (x, y, 1.0), -1)
    assert rectangle_view(low, high) == pytest.approx(hottel_parallel(x, y), rel=1e-10)


@pytest.mark.parametrize(("h", "w"), [(1.0, 1.0), (0.1, 5.0), (3.0, 0.2), (20.0, 20.0)])
def test_perpendicular_rectangles_with_a_common_edge(h, w):
    floor, wall = Rectangle((0.0, 0.0, 0.0), (w, 1.0, 0.0)), Rectangle((0.0, 0.0, 0.0), (0.0, 1.0, h))
    assert rectangle_view(floor, wall) == pytest.approx(hottel_corner(h, w), rel=1e-10)


def test_published_values():
    # textbook charts as computed values: unit cube faces, opposite 0.1998 and adjacent 0.2000
    faces = [
        Rectangle(
            tuple(0.0 if i != axis else end for i in range(3)),
            tuple(1.0 if i != axis else end for i in range(3)),
            1 if end == 0.0 else -1,
        )
        for axis in range(3)
        for end in (0.0, 1.0)
    ]
    views = np.array([[rectangle_view(a, b) for b in faces] for a in faces])
    assert views[0, 1] == pytest.approx(0.199825, abs=1e-6)
    assert views[0, 2] == pytest.approx(0.200044, abs=1e-6)
    np.testing.assert_allclose(views.sum(axis=1), 1.0, atol=1e-14)


def test_box_of_unequal_sides_closes_for_every_cell():
    corner, size = np.array([-1.0, 2.0, 0.5]), np.array([4.0, 0.7, 12.0])
    faces = []
    for axis in range(3):
        for end in (0, 1):
            low, high = corner.copy(), corner + size
            low[axis] = high[axis] = corner[axis] + end * size[axis]
            faces.append(Rectangle(tuple(low), tuple(high), 1 - 2 * end))
    for face in faces:
        total = sum(cell_views(face, 6, 5, other) for other in faces)
        np.testing.assert_allclose(total, 1.0, atol=1e-11)


PAIRS = [
    (Rectangle((0.0, 0.0, 0.0), (2.0, 1.0, 0.0)), Rectangle((1.0, 2.0, 1.5), (4.0, 3.0, 1.5), -1)),
    (Rectangle((0.0, 0.0, 0.0), (2.0, 1.0, 0.0)), Rectangle((-0.5, 0.4, -1.0), (-0.5, 3.0, 2.0))),
    (Rectangle((0.0, 0.0, 0.0), (2.0, 1.0, 0.0), -1), Rectangle((-1.0, 1.4, -3.0), (5.0, 1.4, 2.0), -1)),
    (Rectangle((1.0, 0.0, -2.0), (1.0, 4.0, 1.0), -1), Rectangle((-3.0, 1.0, -2.5), (3.0, 5.0, -2.5))),
]


def brute_force(a, b, count=28):
    """Double area integral of cos cos / (pi r^2) by Gauss's rule over the visible parts."""
    points, weights = np.polynomial.legendre.leggauss(count)

    def mesh(r, other):
        axes, sizes = [], []
        for axis in r.in_plane:
            low, high = r.low[axis], r.high[axis]
            if other.axis == axis:
                plane = other.low[axis]
                low, high = (max(low, plane), high) if other.facing > 0 else (low, min(high, plane))
            axes.append(0.5 * (low + high) + 0.5 * (high - low) * points)
            sizes.append(0.5 * (high - low) * weights)
        grid = np.empty((count, count, 3))
        grid[..., r.axis] = r.low[r.axis]
        grid[..., r.in_plane[0]] = axes[0][:, None]
        grid[..., r.in_plane[1]] = axes[1][None, :]
        return grid.reshape(-1, 3), np.outer(*sizes).ravel()

    (p, wp), (q, wq) = mesh(a, b), mesh(b, a)
    d = q[None, :, :] - p[:, None, :]
    square = (d * d).sum(axis=-1)
    product = (d[..., a.axis] * a.facing) * (-d[..., b.axis] * b.facing)
    return float(np.einsum("i,j,ij->", wp, wq, product / (np.pi * square**2)) / a.area_m2)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_offset_rectangles_by_quadrature(a, b):
    assert rectangle_view(a, b) == pytest.approx(brute_force(a, b), rel=1e-6)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_cells_are_means_of_elements(a, b):
    cells = cell_views(a, 3, 4, b)
    first, second = a.in_plane
    x, y = a.edges(first, 300), a.edges(second, 400)
    points = np.empty((300, 400, 3))
    points[..., a.axis] = a.low[a.axis]
    points[..., first] = 0.5 * (x[1:] + x[:-1])[:, None]
    points[..., second] = 0.5 * (y[1:] + y[:-1])[None, :]
    means = element_view(points, a.axis, a.facing, b).reshape(3, 100, 4, 100).mean(axis=(1, 3))
    np.testing.assert_allclose(cells, means, atol=2e-5)


def test_element_facing_a_rectangle_above_its_corner():
    # catalogue B-3: X = Y = 1
    x = 1.0 / np.sqrt(2.0)
    expected = 2.0 * x * np.arctan(x) / (2.0 * np.pi)
    wall = Rectangle((0.0, 0.0, 1.0), (1.0, 1.0, 1.0), -1)
    assert element_view((0.0, 0.0, 0.0), 2, 1, wall) == pytest.approx(expected, rel=1e-14)


def test_element_beside_a_rectangle():
    # catalogue B-5 at unit distance, height and width: (atan 1 - atan(1/sqrt 2)/sqrt 2) / (2 pi)
    expected = (np.arctan(1.0) - np.arctan(1.0 / np.sqrt(2.0)) / np.sqrt(2.0)) / (2.0 * np.pi)
    wall = Rectangle((0.0, 0.0, 0.0), (0.0, 1.0, 1.0))
    assert element_view((1.0, 0.0, 0.0), 2, 1, wall) == pytest.approx(expected, rel=1e-14)


def test_earth_blocking_is_converged_for_a_wing_and_a_panel():
    # the default quadrature against 36 times as many directions
    wing = Rectangle((1.5, -10.0, 2.0), (1.5, 10.0, 27.0))
    panel = Rectangle((-9.5, 0.0, 1.5), (0.5, 0.0, 9.5))
    earth = np.random.default_rng(0).normal(size=(30, 3))
    radius = np.arcsin(6378.137 / 6928.137)
    coarse = earth_blocking(panel, wing, earth, radius)
    fine = earth_blocking(panel, wing, earth, radius, rings=96, spokes=384)
    assert 0.5 < fine.max() < 1.0
    np.testing.assert_allclose(coarse, fine, atol=1e-3)


def cast(panel, blocker, directions, rng):
    """Whether rays from random points of the panel meet the blocker."""
    count = len(directions)
    start = np.array(panel.low) + rng.random((count, 3)) * np.subtract(panel.high, panel.low)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (blocker.low[blocker.axis] - start[:, blocker.axis]) / directions[:, blocker.axis]
        at = start + t[:, None] * directions
    hit = t > 0.0
    for axis in blocker.in_plane:
        hit &= (at[:, axis] > blocker.low[axis]) & (at[:, axis] < blocker.high[axis])
    return hit


BLOCKERS = [
    Rectangle((0.5, -1.0, 1.0), (3.0, 0.7, 1.0)),
    Rectangle((2.5, -1.0, -0.5), (2.5, 1.6, 2.0)),
    Rectangle((-1.0, 1.2, 0.3), (1.5, 1.2, 4.0)),
]
PANEL = Rectangle((0.0, 0.0, 0.0), (2.0, 1.0, 0.0))


@pytest.mark.parametrize("blocker", BLOCKERS)
@pytest.mark.parametrize("sun", [(0.3, 0.5, 0.6), (0.8, -0.1, 0.4), (-0.2, 0.9, 0.3)])
def test_shadows_by_casting_rays(blocker, sun):
    rng = np.random.default_rng(3)
    hit = cast(PANEL, blocker, np.tile(np.array(sun), (200_000, 1)), rng).mean()
    exact = shadow_fraction_of_rectangle(PANEL, blocker, sun)
    assert exact[0, 0] == pytest.approx(hit, abs=4e-3)
    assert shadow_fraction_of_rectangle(PANEL, blocker, sun, 5, 3).mean() == pytest.approx(
        exact[0, 0], abs=1e-12
    )


@pytest.mark.parametrize("blocker", BLOCKERS)
@pytest.mark.parametrize("earth", [(0.0, 0.0, 1.0), (0.9, 0.1, 0.2), (0.1, 0.8, -0.5)])
def test_earth_blocking_by_casting_rays(blocker, earth):
    rng = np.random.default_rng(4)
    radius = np.arcsin(6378.137 / 6928.137)
    nadir = np.array(earth) / np.linalg.norm(earth)
    count = 400_000
    rays = rng.normal(size=(count, 3))
    rays /= np.linalg.norm(rays, axis=1, keepdims=True)
    rays = rays[(rays @ nadir > np.cos(radius)) & (rays[:, 2] > 0.0)]
    hit = cast(PANEL, blocker, rays, rng)
    expected = (hit * rays[:, 2]).sum() / rays[:, 2].sum()
    assert earth_blocking(PANEL, blocker, earth, radius) == pytest.approx(expected, abs=0.01)
