"""Rectangles, their refusals, and what they hide from each other."""

import numpy as np
import pytest

from thermalsat.errors import InputError
from thermalsat.physics.blocking import earth_blocking, shadow_fraction_of_rectangle
from thermalsat.physics.rectangles import Rectangle
from thermalsat.physics.rectangleviews import cell_views, element_view, rectangle_view

FLOOR = Rectangle((0.0, 0.0, 0.0), (4.0, 2.0, 0.0))
CEILING = Rectangle((0.0, 0.0, 1.0), (4.0, 2.0, 1.0), -1)
WALL = Rectangle((4.0, 0.0, 0.0), (4.0, 2.0, 1.5), -1)


def test_from_centre_is_the_same_as_corners():
    assert Rectangle.from_centre((2.0, 1.0, 0.0), (0.0, 0.0, 1.0), (4.0, 2.0)) == FLOOR
    assert Rectangle.from_centre((4.0, 1.0, 0.75), (-2.0, 0.0, 0.0), (0.0, 2.0, 1.5)) == WALL


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Rectangle.from_centre((0, 0, 0), (0.1, 0.0, 1.0), (1.0, 1.0)),
            "tilted rectangles are not covered",
        ),
        (lambda: Rectangle((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)), "exactly two axes"),
        (lambda: Rectangle((0.0, 0.0, 0.0), (1.0, 0.0, 0.0)), "exactly two axes"),
        (lambda: Rectangle((0.0, 2.0, 0.0), (1.0, 1.0, 0.0)), "opposite corners"),
        (lambda: Rectangle((0.0, 0.0, 0.0), (1.0, 1.0, 0.0), 0), "`facing` must be 1 or -1"),
    ],
)
def test_what_the_closed_forms_do_not_cover_is_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()


@pytest.mark.parametrize(
    "other",
    [
        CEILING.back(),  # looks away
        Rectangle((0.0, 0.0, -1.0), (4.0, 2.0, -1.0)),  # behind
        Rectangle((5.0, 0.0, 0.0), (9.0, 2.0, 0.0), -1),  # in the same plane
        WALL.back(),  # perpendicular, looks away
        Rectangle((4.0, 0.0, -2.0), (4.0, 2.0, 0.0), -1),  # perpendicular, below the floor's plane
        FLOOR,
        FLOOR.back(),
    ],
)
def test_faces_that_do_not_see_each_other_have_exactly_zero(other):
    assert rectangle_view(FLOOR, other) == 0.0
    assert not cell_views(FLOOR, 3, 2, other).any()


def test_only_the_part_in_front_counts():
    # of the floor the half in front of the wall, of the wall what stands above the floor
    middle = Rectangle((2.0, 0.0, -1.0), (2.0, 2.0, 1.5), -1)
    front = Rectangle((0.0, 0.0, 0.0), (2.0, 2.0, 0.0))
    above = Rectangle((2.0, 0.0, 0.0), (2.0, 2.0, 1.5), -1)
    expected = rectangle_view(front, above) * front.area_m2 / FLOOR.area_m2
    assert rectangle_view(FLOOR, middle) == pytest.approx(expected, rel=1e-13)
    cells = cell_views(FLOOR, 4, 1, middle)[:, 0]
    assert (cells[:2] > 0.0).all()
    assert not cells[2:].any()


def test_cells_average_to_the_whole_and_follow_given_edges():
    for other in (CEILING, WALL, Rectangle((7.0, 3.0, 2.0), (9.0, 3.0, 4.0), -1)):
        cells = cell_views(FLOOR, 7, 5, other)
        assert cells.mean() == pytest.approx(rectangle_view(FLOOR, other), rel=1e-12)
    edges = [0.0, 1.0, 4.0]
    uneven = cell_views(FLOOR, edges, 1, WALL)[:, 0]
    even = cell_views(FLOOR, 4, 1, WALL)[:, 0]
    np.testing.assert_allclose(uneven, [even[0], even[1:].mean()], rtol=1e-12)


def test_thin_far_cells_keep_their_digits():
    # cells of 1 cm seen from 40 m: the closed form alone would lose ten digits
    panel = Rectangle((0.0, 0.0, 0.0), (0.02, 0.02, 0.0))
    other = Rectangle((-1.0, -1.0, 40.0), (1.0, 1.0, 40.0), -1)
    cells = cell_views(panel, 2, 2, other)
    point = element_view((0.005, 0.005, 0.0), 2, 1, other)
    assert cells[0, 0] == pytest.approx(float(point), rel=1e-7)
    assert rectangle_view(other, panel) * other.area_m2 == pytest.approx(
        cells.mean() * panel.area_m2, rel=1e-12
    )


def test_element_sees_nothing_behind_it():
    assert element_view((1.0, 1.0, 2.0), 2, 1, CEILING) == 0.0
    assert element_view((5.0, 1.0, 0.0), 2, 1, WALL) == 0.0
    assert element_view((1.0, 1.0, 0.5), 2, 1, CEILING) > element_view((1.0, 1.0, 0.0), 2, 1, CEILING)


def test_shadow_of_a_wall_is_its_length():
    # a wall 1.5 m high, Sun at 45 degrees from behind it: shadow 1.5 m of 4 m, here cut in cells of 1 m
    shadow = shadow_fraction_of_rectangle(FLOOR, WALL, (1.0, 0.0, 1.0), nx=4)[:, 0]
    np.testing.assert_allclose(shadow, [0.0, 0.0, 0.5, 1.0], atol=1e-14)


def test_leaning_shadow_is_a_parallelogram():
    # Sun along (1, 1, 1): the wall's shadow slides by its own height along y, and half of it falls off
    wall = Rectangle((4.0, 0.0, 0.0), (4.0, 2.0, 2.0))
    shadow = shadow_fraction_of_rectangle(FLOOR, wall, (1.0, 1.0, 1.0))
    assert shadow[0, 0] * FLOOR.area_m2 == pytest.approx(2.0, rel=1e-12)


def test_no_shadow_without_sunlight_or_from_behind():
    assert not shadow_fraction_of_rectangle(FLOOR, CEILING, (0.0, 0.0, -1.0)).any()
    assert not shadow_fraction_of_rectangle(FLOOR, CEILING, (1.0, 0.0, 0.0)).any()
    below = Rectangle((0.0, 0.0, -1.0), (4.0, 2.0, -1.0))
    assert not shadow_fraction_of_rectangle(FLOOR, below, (0.0, 0.0, 1.0)).any()
    assert shadow_fraction_of_rectangle(FLOOR, CEILING, (0.0, 0.0, 3.0)) == 1.0


def test_array_across_the_sun_line_shadows_an_edge_on_panel_with_pointing_error():
    # wing at s = 1.5 m, 20 m wide; panel 10 m long behind it, turned by 1 degree: grazing light all stopped
    wing = Rectangle((1.5, -10.0, 2.0), (1.5, 10.0, 27.0))
    panel = Rectangle((-9.5, 0.0, 1.5), (0.5, 0.0, 9.5))
    sun = (np.cos(np.radians(1.0)), np.sin(np.radians(1.0)), 0.0)
    shadow = shadow_fraction_of_rectangle(panel, wing, sun, 5, 16)
    np.testing.assert_allclose(shadow[:, 0], 0.0, atol=1e-12)
    np.testing.assert_allclose(shadow[:, 1:], 1.0, atol=1e-12)


def test_many_sun_directions_at_once():
    suns = np.array([[[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]], [[0.0, 1.0, 1.0], [1.0, 1.0, 1.0]]])
    together = shadow_fraction_of_rectangle(FLOOR, WALL, suns, 3, 2)
    assert together.shape == (2, 2, 3, 2)
    for i in np.ndindex(2, 2):
        np.testing.assert_array_equal(together[i], shadow_fraction_of_rectangle(FLOOR, WALL, suns[i], 3, 2))


def test_bad_directions_are_refused():
    with pytest.raises(InputError, match="`sun` must not be a zero vector"):
        shadow_fraction_of_rectangle(FLOOR, WALL, (0.0, 0.0, 0.0))
    with pytest.raises(InputError, match="`earth` must have three components"):
        earth_blocking(FLOOR, WALL, (1.0, 0.0), 1.0)
    with pytest.raises(InputError, match="`angular_radius_rad` must be between"):
        earth_blocking(FLOOR, WALL, (1.0, 0.0, 0.0), 2.0)


def test_earth_blocking_limits():
    assert earth_blocking(FLOOR, CEILING, (0.0, 0.0, -1.0), 1.1) == 0.0
    lid = Rectangle((-90.0, -90.0, 0.1), (90.0, 90.0, 0.1))
    assert earth_blocking(FLOOR, lid, (0.0, 0.3, 1.0), 1.1) == pytest.approx(1.0, abs=1e-9)
    behind = Rectangle((-90.0, -90.0, -0.1), (90.0, 90.0, -0.1))
    assert earth_blocking(FLOOR, behind, (0.0, 0.0, 1.0), 1.1) == 0.0
