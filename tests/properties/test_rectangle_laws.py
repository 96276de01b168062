"""Laws of view factors and shadows that hold for every pair of rectangles."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from thermalsat.physics.blocking import shadow_fraction_of_rectangle
from thermalsat.physics.rectangles import Rectangle
from thermalsat.physics.rectangleviews import cell_views, rectangle_view

coordinate = st.floats(-20.0, 20.0).map(lambda x: round(x, 3))
side = st.floats(0.01, 30.0).map(lambda x: round(x, 3))


@st.composite
def rectangles(draw, axis=None):
    """A rectangle anywhere near the origin."""
    axis = draw(st.integers(0, 2)) if axis is None else axis
    low = [draw(coordinate) for _ in range(3)]
    high = [x if i == axis else x + draw(side) for i, x in enumerate(low)]
    return Rectangle(tuple(low), tuple(high), draw(st.sampled_from([1, -1])))


@given(rectangles(), rectangles())
def test_reciprocity_and_bounds(a, b):
    forth, back = rectangle_view(a, b), rectangle_view(b, a)
    assert 0.0 <= forth <= 1.0
    assert abs(forth * a.area_m2 - back * b.area_m2) <= 1e-12 * (a.area_m2 + b.area_m2)


@given(rectangles(), rectangles(), st.floats(0.05, 0.95))
def test_views_of_two_halves_add_up(a, b, where):
    axis = b.in_plane[0]
    cut = b.low[axis] + where * (b.high[axis] - b.low[axis])
    left, right = list(b.high), list(b.low)
    left[axis] = right[axis] = cut
    parts = Rectangle(b.low, tuple(left), b.facing), Rectangle(tuple(right), b.high, b.facing)
    total = sum(rectangle_view(a, part) for part in parts)
    assert abs(total - rectangle_view(a, b)) <= 1e-8


@given(rectangles(axis=2), rectangles(), st.integers(1, 6), st.integers(1, 6))
def test_cells_average_to_the_face(a, b, nx, ny):
    cells = cell_views(a, nx, ny, b)
    assert cells.min() >= 0.0
    assert cells.max() <= 1.0
    assert abs(cells.mean() - rectangle_view(a, b)) <= 1e-8


@given(rectangles(), rectangles(), st.integers(0, 2))
def test_mirrored_rectangles_see_the_same(a, b, axis):
    def mirror(r):
        low, high = list(r.low), list(r.high)
        low[axis], high[axis] = -r.high[axis], -r.low[axis]
        return Rectangle(tuple(low), tuple(high), -r.facing if r.axis == axis else r.facing)

    assert abs(rectangle_view(mirror(a), mirror(b)) - rectangle_view(a, b)) <= 1e-9


@given(rectangles(), rectangles(axis=1), st.tuples(*3 * [st.floats(-1.0, 1.0)]), st.integers(1, 4))
def test_shadows_are_fractions_and_average_to_the_face(panel, blocker, sun, cells):
    if np.linalg.norm(sun) < 1e-3:
        return
    whole = shadow_fraction_of_rectangle(panel, blocker, sun)[0, 0]
    parts = shadow_fraction_of_rectangle(panel, blocker, sun, cells, cells)
    assert 0.0 <= whole <= 1.0
    assert parts.min() >= 0.0
    assert parts.max() <= 1.0
    assert abs(parts.mean() - whole) <= 1e-6
