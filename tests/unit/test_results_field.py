"""Fields: values between cell centres, at edges, corners and across tubes."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import thermalsat as ts
from thermalsat.errors import InputError
from thermalsat.results.field import EdgeField, Field, LineField

X = np.array([0.0, 0.1, 0.25, 0.45, 0.7, 1.0])
Y = np.array([0.0, 0.2, 0.3, 0.5, 0.6])


def centres(edges):
    return 0.5 * (edges[1:] + edges[:-1])


def field_of(f) -> Field:
    """Cell values and edge values of a function."""
    x, y = centres(X), centres(Y)
    ends = {
        "west": f(0.0 * y, y),
        "east": f(0.0 * y + 1.0, y),
        "south": f(x, 0.0 * x),
        "north": f(x, 0.0 * x + 0.6),
    }
    given = {side: EdgeField(values_K=values) for side, values in ends.items()}
    return Field("p", f(x[:, None], y[None, :]), X, Y, given)


def test_sums_of_cubics_are_exact_everywhere():
    def cubic(x, y):
        return 300.0 + x - 2.0 * x**3 + 5.0 * y**2 - 7.0 * y**3

    points = np.random.default_rng(1).random((200, 2)) * [1.0, 0.6]
    found = field_of(cubic).at(ts.Q(points[:, 0], "m"), ts.Q(points[:, 1], "m")).m_as("K")
    np.testing.assert_allclose(found, cubic(*points.T), rtol=1e-12)


def test_bicubics_are_exact_away_from_the_corners():
    def bicubic(x, y):
        return 300.0 + x - 2.0 * x**3 + 5.0 * y**2 * x - 7.0 * y**3 + x**2 * y**3

    points = np.random.default_rng(2).random((200, 2)) * [1.0, 0.15] + [0.0, 0.25]
    found = field_of(bicubic).at(ts.Q(points[:, 0], "m"), ts.Q(points[:, 1], "m")).m_as("K")
    np.testing.assert_allclose(found, bicubic(*points.T), rtol=1e-12)


def test_points_broadcast_and_time_comes_first():
    field = Field("p", np.stack([np.full((5, 4), 300.0), np.full((5, 4), 310.0)]), X, Y)
    found = field.at(ts.Q([[0.1], [0.2]], "m"), ts.Q([0.0, 0.3, 0.6], "m"))
    assert found.shape == (2, 2, 3)
    np.testing.assert_allclose(found.m_as("K")[1], 310.0, rtol=1e-15)
    assert field.at("1 m", "60 cm").shape == (2,)


def test_an_edge_that_lets_no_heat_through_has_no_slope():
    """T = 300 + cos(pi x) on [0, 1]: the value at the edge converges with the fourth power of the cell."""
    errors = []
    for n in (10, 20, 40):
        x_edges = np.linspace(0.0, 1.0, n + 1)
        field = Field("p", 300.0 + np.cos(np.pi * centres(x_edges))[:, None], x_edges, np.array([0.0, 1.0]))
        errors.append(abs(field.at("0 m", "0.5 m").m_as("K") - 301.0))
    assert errors[2] < 1e-6
    assert np.log2(errors[1] / errors[2]) > 3.5


def test_corners_of_insulated_plates():
    def f(x, y):
        return 300.0 + 5.0 * np.cos(np.pi * x) + 3.0 * np.cos(np.pi * y / 0.6)

    n = np.linspace(0.0, 1.0, 41)
    field = Field("p", f(centres(n)[:, None], centres(0.6 * n)[None, :]), n, 0.6 * n)
    for x in (0.0, 1.0):
        for y in (0.0, 0.6):
            assert field.at(ts.Q(x, "m"), ts.Q(y, "m")).m_as("K") == pytest.approx(f(x, y), abs=1e-4)


def test_a_fixed_edge_sets_its_corners():
    south = EdgeField(values_K=np.full(5, 400.0), fixed=True)
    field = Field("p", np.full((5, 4), 300.0), X, Y, {"south": south})
    assert field.at("0 m", "0 m").m_as("K") == 400.0
    assert field.at("1 m", "0.6 m").m_as("K") == 300.0
    np.testing.assert_array_equal(field.edge("south").m_as("K"), 400.0)


def test_no_cubic_reaches_across_a_tube():
    """A profile with a kink at y = .3 (a tube on a face) is met exactly on both sides of it."""

    def f(y):
        return 300.0 - 50.0 * np.abs(y - 0.3)

    values = np.broadcast_to(f(centres(Y)), (5, 4))
    ends = {
        "south": EdgeField(values_K=np.full(5, f(0.0)), fixed=True),
        "north": EdgeField(values_K=np.full(5, f(0.6)), fixed=True),
    }
    y = ts.Q([0.0, 0.15, 0.29, 0.3, 0.31, 0.5], "m")
    smooth = Field("p", values, X, Y, ends)
    kinked = Field("p", values, X, Y, ends, (LineField(kind="face", row=2, values_K=np.full(5, 300.0)),))
    np.testing.assert_allclose(kinked.at("0.4 m", y).m_as("K"), f(y.m_as("m")), rtol=1e-14)
    assert abs(smooth.at("0.4 m", "0.3 m").m_as("K") - 300.0) > 0.1


def test_a_tube_on_centres_cuts_at_its_row():
    def f(y):
        return 300.0 - 50.0 * np.abs(y - 0.25)

    ends = {
        "south": EdgeField(values_K=np.full(5, f(0.0)), fixed=True),
        "north": EdgeField(values_K=np.full(5, f(0.6)), fixed=True),
    }
    field = Field("p", np.broadcast_to(f(centres(Y)), (5, 4)), X, Y, ends, (LineField(kind="centre", row=1),))
    y = ts.Q([0.05, 0.2, 0.25, 0.33], "m")
    np.testing.assert_allclose(field.at("0.4 m", y).m_as("K"), f(y.m_as("m")), rtol=1e-14)


def test_it_reads_like_a_quantity():
    values = np.arange(40.0).reshape(2, 5, 4) + 300.0
    field = Field("p", values, X, Y)
    assert field.shape == (2, 5, 4)
    assert len(field) == 2
    assert field[1, 2, 3].m_as("K") == values[1, 2, 3]
    assert field.max().m_as("K") == 339.0
    assert field.min().to("degC").magnitude == pytest.approx(26.85)
    np.testing.assert_allclose(field.m_as("degC"), values - 273.15)
    np.testing.assert_array_equal(field.to("mK").magnitude, values * 1000.0)
    area = np.outer(np.diff(X), np.diff(Y))
    np.testing.assert_allclose(field.mean().m_as("K"), (values * area).sum(axis=(1, 2)) / 0.6)
    np.testing.assert_allclose(field.x.m_as("m"), centres(X))
    np.testing.assert_allclose(field.y.m_as("m"), centres(Y))
    assert repr(field) == "<Field 'p': (time, x, y) (2, 5, 4), 300.000 to 339.000 K>"
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(field)).values_K, values)


@pytest.mark.parametrize(
    ("x", "y", "text"),
    [
        ("1.1 m", "0.1 m", "`x` must be on the plate, 0 m to 1 m, got 1.1 m"),
        ("0.5 m", "-1 cm", "`y` must be on the plate, 0 m to 0.6 m, got -0.01 m"),
    ],
)
def test_points_off_the_plate_are_refused(x, y, text):
    field = Field("p", np.full((5, 4), 300.0), X, Y)
    with pytest.raises(InputError) as caught:
        field.at(x, y)
    assert str(caught.value) == text


def test_an_unknown_side_is_refused():
    with pytest.raises(InputError, match="`side` must be one of west, east, south, north, got 'top'"):
        Field("p", np.full((5, 4), 300.0), X, Y).edge("top")
