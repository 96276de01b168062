"""View factors between axis-aligned rectangles of one body frame, in closed form.

Floats in metres. Parallel and perpendicular rectangles of any size and offset are covered, including
those that only partly face each other: the part behind the other's plane is cut off first. Nothing
stands between two rectangles here; see `blocking` for shadows.

References
----------
.. [1] J. R. Ehlert and T. F. Smith, "View factors for perpendicular and parallel rectangular plates",
   J. Thermophys. Heat Transfer 7 (1993) 173-174, https://doi.org/10.2514/3.11587.
.. [2] J. R. Howell, "A catalog of radiation heat transfer configuration factors", sections B and C,
   https://www.thermalradiation.net.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermalsat.physics.rectangles import Rectangle

FloatArray = NDArray[np.float64]

_GAUSS_X, _GAUSS_W = np.polynomial.legendre.leggauss(6)
# from this many diagonals away the mean over Gauss points is good to rounding, and the closed form,
# a difference of large numbers, is not
_FAR = 4.0


def rectangle_view(a: Rectangle, b: Rectangle) -> float:
    """Return the view factor from face `a` to face `b`.

    Parameters
    ----------
    a, b : Rectangle
        Parallel or perpendicular; zero when either faces away from the other.

    Returns
    -------
    float
        Between 0 and 1; ``a.area_m2 * F_ab == b.area_m2 * F_ba`` to rounding. Absolute error below
        1e-10 unless one rectangle is a millionth of the other and nearly touches it.

    Examples
    --------
    >>> floor = Rectangle((0.0, 0.0, 0.0), (1.0, 1.0, 0.0))
    >>> ceiling = Rectangle((0.0, 0.0, 1.0), (1.0, 1.0, 1.0), -1)
    >>> wall = Rectangle((0.0, 0.0, 0.0), (0.0, 1.0, 1.0))
    >>> round(rectangle_view(floor, ceiling), 6), round(rectangle_view(floor, wall), 6)
    (0.199825, 0.200044)
    """
    small, large = (a, b) if a.area_m2 <= b.area_m2 else (b, a)
    exchange = small.area_m2 * float(cell_views(small, 1, 1, large)[0, 0])
    return min(exchange / a.area_m2, 1.0)


def cell_views(panel: Rectangle, nx: int | ArrayLike, ny: int | ArrayLike, other: Rectangle) -> FloatArray:
    """Return the view factor from each cell of a panel to another rectangle.

    Parameters
    ----------
    panel, other : Rectangle
        Parallel or perpendicular.
    nx, ny : int or array_like
        Numbers of equal cells along the panel's two sides, ``panel.in_plane``, or the coordinates of the
        cells' edges, ascending [m].

    Returns
    -------
    ndarray, shape (nx, ny)
        Mean over each cell, between 0 and 1; a cell that straddles the other's plane counts its visible
        part. Ascending coordinates along both axes.
    """
    first, second = panel.in_plane
    x, y = panel.edges(first, nx), panel.edges(second, ny)
    views = np.zeros((len(x) - 1, len(y) - 1))
    normal, plane = panel.axis, panel.low[panel.axis]
    if other.axis == normal:
        gap = (other.low[normal] - plane) * panel.facing
        if gap <= 0.0 or other.facing == panel.facing:
            return views
        closed = _parallel(x, y, gap, other, first, second)
    else:
        # cells and the other rectangle are cut at each other's plane: what lies behind is not seen
        cut = other.low[other.axis]
        ahead = _ahead(np.array([other.low[normal], other.high[normal]]), plane, panel.facing)
        if ahead[0] == ahead[1]:
            return views
        common = 3 - normal - other.axis
        if other.axis == first:
            x = cut + other.facing * _ahead(x, cut, other.facing)
            closed = _perpendicular(np.abs(x - cut), y, ahead, other, common)
        else:
            y = cut + other.facing * _ahead(y, cut, other.facing)
            closed = _perpendicular(np.abs(y - cut), x, ahead, other, common).T
    sizes = np.diff(x)[:, None] * np.diff(y)[None, :]
    whole = np.diff(panel.edges(first, nx))[:, None] * np.diff(panel.edges(second, ny))[None, :]
    far = _far_cells(x, y, panel, other)
    exchange = np.where(sizes > 0.0, closed, 0.0)
    if far.any():
        exchange = np.where(far, sizes * _gauss_mean(x, y, panel, other), exchange)
    return np.asarray(np.clip(exchange / whole, 0.0, 1.0))


def element_view(points: ArrayLike, axis: int, facing: int, other: Rectangle) -> FloatArray:
    """Return the view factor from small elements to a rectangle.

    Parameters
    ----------
    points : array_like, shape (..., 3)
        Where the elements are [m].
    axis, facing : int
        Their common normal: the axis, and 1 or -1.
    other : Rectangle
        Parallel or perpendicular to the elements.

    Returns
    -------
    ndarray, shape (...)
        Catalogue factors [2] of an element to a rectangle in a parallel plane (B-3) and in a perpendicular
        one, summed over the four corners.
    """
    at = np.asarray(points, dtype=float)
    return _element_view([at[..., k] for k in range(3)], axis, facing, other)


def _element_view(at: list[FloatArray], axis: int, facing: int, other: Rectangle) -> FloatArray:
    """View factor of elements at three coordinates that are broadcast against each other."""
    total: FloatArray | float = 0.0
    if other.axis == axis:
        gap = (other.low[axis] - at[axis]) * facing
        visible = (gap > 0.0) & (other.facing != facing)
        depth = np.where(visible, gap, 1.0)
        first, second = other.in_plane
        for i, u in enumerate((other.low[first], other.high[first])):
            for j, v in enumerate((other.low[second], other.high[second])):
                p, q = u - at[first], v - at[second]
                a, b = np.hypot(depth, p), np.hypot(depth, q)
                corner = p / a * np.arctan(q / a) + q / b * np.arctan(p / b)
                total = total + (-1.0) ** (i + j) * corner
    else:
        distance = (at[other.axis] - other.low[other.axis]) * other.facing
        common = 3 - axis - other.axis
        heights = [(end[axis] - at[axis]) * facing for end in (other.low, other.high)]
        low, high = (np.maximum(h, 0.0) for h in (np.minimum(*heights), np.maximum(*heights)))
        visible = (distance > 0.0) & (high > low)
        depth = np.where(visible, distance, 1.0)
        for sign, height in ((1.0, low), (-1.0, high)):
            slant = np.hypot(depth, height)
            ends = [np.arctan((end[common] - at[common]) / slant) for end in (other.low, other.high)]
            total = total + sign * depth / slant * (ends[1] - ends[0])
    return np.where(visible, np.clip(total / (2.0 * np.pi), 0.0, 1.0), 0.0)


def _ahead(coordinates: FloatArray, plane: float, facing: int) -> FloatArray:
    """Distances in front of a plane, zero behind it, in the order given."""
    return np.maximum((coordinates - plane) * facing, 0.0)


def _scaled_log(square: FloatArray, scale: float) -> FloatArray:
    return np.log(np.where(square > 0.0, square, scale) / scale)


def _differences(primitive: FloatArray) -> FloatArray:
    """Exchange area of each cell from the primitive at cell corners and the other's corners."""
    inner = primitive[:, :, 1, 1] - primitive[:, :, 0, 1] - primitive[:, :, 1, 0] + primitive[:, :, 0, 0]
    return np.asarray(np.diff(np.diff(inner, axis=0), axis=1) / (2.0 * np.pi))


def _parallel(
    x: FloatArray, y: FloatArray, gap: float, other: Rectangle, first: int, second: int
) -> FloatArray:
    """Exchange areas F A of cells parallel to the other rectangle; primitive of [1]."""
    p = x[:, None, None, None] - np.array([other.low[first], other.high[first]])[:, None]
    q = y[None, :, None, None] - np.array([other.low[second], other.high[second]])
    a, b = np.hypot(p, gap), np.hypot(q, gap)
    square = p * p + q * q + gap * gap
    logs = _scaled_log(square, float(np.mean(square)))
    return _differences(q * a * np.arctan(q / a) + p * b * np.arctan(p / b) - 0.5 * gap * gap * logs)


def _perpendicular(
    away: FloatArray, along: FloatArray, ahead: FloatArray, other: Rectangle, common: int
) -> FloatArray:
    """Exchange areas F A of cells perpendicular to the other rectangle; primitive of [1].

    `away` are distances of cell edges from the other's plane, `ahead` those of its edges from the
    panel's plane, `along` coordinates of cell edges on the common line.
    """
    a = np.hypot(away[:, None, None, None], ahead[:, None])
    q = along[None, :, None, None] - np.array([other.low[common], other.high[common]])
    square = a * a + q * q
    logs = _scaled_log(square, float(np.mean(square)))
    angle = np.arctan(q / np.where(a > 0.0, a, 1.0))
    exchange = _differences(q * a * angle - 0.25 * (a * a - q * q) * logs)
    return np.abs(exchange)


def _far_cells(x: FloatArray, y: FloatArray, panel: Rectangle, other: Rectangle) -> NDArray[np.bool_]:
    """Which cells are many of their own diagonals away from the other rectangle."""
    first, second = panel.in_plane
    gaps = [
        np.maximum(np.maximum(other.low[axis] - e[1:], e[:-1] - other.high[axis]), 0.0)
        for axis, e in ((first, np.sort(x)), (second, np.sort(y)))
    ]
    plane = panel.low[panel.axis]
    height = max(other.low[panel.axis] - plane, plane - other.high[panel.axis], 0.0)
    distance = np.sqrt(gaps[0][:, None] ** 2 + gaps[1][None, :] ** 2 + height**2)
    return np.asarray(distance > _FAR * np.hypot(np.diff(x)[:, None], np.diff(y)[None, :]))


def _gauss_mean(x: FloatArray, y: FloatArray, panel: Rectangle, other: Rectangle) -> FloatArray:
    """Mean over each cell of the view factor of its elements, by Gauss's rule."""
    first, second = panel.in_plane
    u = 0.5 * (x[:-1, None] + x[1:, None]) + 0.5 * np.diff(x)[:, None] * _GAUSS_X
    v = 0.5 * (y[:-1, None] + y[1:, None]) + 0.5 * np.diff(y)[:, None] * _GAUSS_X
    at: dict[int, FloatArray] = {
        first: u[:, None, :, None],
        second: v[None, :, None, :],
        panel.axis: np.array(panel.low[panel.axis], dtype=float),
    }
    found = _element_view([at[k] for k in range(3)], panel.axis, panel.facing, other)
    # in one order of memory, so that the sums below are the same for any of the three
    views = np.ascontiguousarray(np.broadcast_to(found, (len(u), len(v), 6, 6)))
    return np.asarray(np.einsum("ijkl,k,l->ij", views, _GAUSS_W, _GAUSS_W) / 4.0)
