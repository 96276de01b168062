"""What one rectangle hides from another: sunlight, and part of the Earth.

Floats in metres; rectangles are axis-aligned in one body frame, parallel or perpendicular. A blocker is
projected along the light onto the panel's plane, where it is a parallelogram with two sides along an
axis; its overlap with each cell has a closed form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermalsat.errors import InputError
from thermalsat.physics.rectangles import Rectangle

FloatArray = NDArray[np.float64]

_GRAZING = 1e-9  # sine of the angle below which light does not reach a face
_NEARLY_UPRIGHT = 1e-7  # relative lean below which a parallelogram is taken as a rectangle


def shadow_fraction_of_rectangle(
    panel: Rectangle, blocker: Rectangle, sun: ArrayLike, nx: int | ArrayLike = 1, ny: int | ArrayLike = 1
) -> FloatArray:
    """Return the share of each cell of a panel that a rectangle shadows.

    Parameters
    ----------
    panel : Rectangle
        The lit face.
    blocker : Rectangle
        Opaque; which way it faces does not matter.
    sun : array_like, shape (..., 3)
        Direction to the Sun in the frame of the rectangles; need not be of unit length.
    nx, ny : int or array_like
        Numbers of equal cells along ``panel.in_plane``, or the coordinates of the cells' edges [m].

    Returns
    -------
    ndarray, shape (..., nx, ny)
        Between 0 and 1, exact for parallel light. Zero where the Sun does not shine on the face.

    Raises
    ------
    InputError
        If a direction has no length.

    Examples
    --------
    >>> panel = Rectangle((0.0, 0.0, 0.0), (4.0, 1.0, 0.0))
    >>> roof = Rectangle((0.0, 0.0, 1.0), (1.0, 1.0, 1.0))
    >>> shadow_fraction_of_rectangle(panel, roof, (-1.0, 0.0, 1.0), nx=4)[:, 0].tolist()
    [0.0, 1.0, 0.0, 0.0]
    """
    lit, lean = _leans(panel, _unit(sun, "sun"))
    first, second = panel.in_plane
    x, y = panel.edges(first, nx), panel.edges(second, ny)
    share = _shadow(panel, blocker, lean, x, y)
    return np.asarray(np.where(lit[..., None, None], share, 0.0))


def _leans(panel: Rectangle, direction: FloatArray) -> tuple[NDArray[np.bool_], dict[int, FloatArray]]:
    """Whether light from each direction reaches the face, and how far it leans along each side per height."""
    rise = direction[..., panel.axis] * panel.facing
    lit = np.asarray(rise > _GRAZING)
    rise = np.where(lit, rise, 1.0)
    return lit, {axis: direction[..., axis] / rise for axis in panel.in_plane}


def _shadow(
    panel: Rectangle, blocker: Rectangle, lean: dict[int, FloatArray], x: FloatArray, y: FloatArray
) -> FloatArray:
    """Share of each cell in the shadow, shape (..., nx, ny)."""
    first, second = panel.in_plane
    dark = (*lean[first].shape, len(x) - 1, len(y) - 1)
    plane = panel.low[panel.axis]
    bottom, top = sorted(
        max((end[panel.axis] - plane) * panel.facing, 0.0) for end in (blocker.low, blocker.high)
    )
    if blocker.axis == panel.axis:
        if top <= 0.0:
            return np.zeros(dark)
        spans = [
            _overlap(e, blocker.low[axis] - top * lean[axis], blocker.high[axis] - top * lean[axis])
            for axis, e in ((first, x), (second, y))
        ]
        area = spans[0][..., :, None] * spans[1][..., None, :]
    elif top <= bottom:
        return np.zeros(dark)
    elif blocker.axis == second:
        area = _leaning(x, y, blocker, first, second, bottom, top, lean)
    else:
        area = np.swapaxes(_leaning(y, x, blocker, second, first, bottom, top, lean), -1, -2)
    cells = np.diff(x)[:, None] * np.diff(y)[None, :]
    return np.asarray(np.clip(area / cells, 0.0, 1.0))


def earth_blocking(
    panel: Rectangle,
    blocker: Rectangle,
    earth: ArrayLike,
    angular_radius_rad: float,
    *,
    rings: int = 16,
    spokes: int = 64,
) -> FloatArray:
    """Return the share of a face's view of the Earth that a rectangle blocks.

    Parameters
    ----------
    panel, blocker : Rectangle
        The face, and the opaque rectangle.
    earth : array_like, shape (..., 3)
        Direction to the Earth's centre in the frame of the rectangles.
    angular_radius_rad : float
        Half the angle the Earth's disc subtends, asin(R / r) [rad].
    rings, spokes : int
        Directions of the quadrature: Gauss points from the disc's centre to its rim, and around it.

    Returns
    -------
    ndarray, shape (...)
        Between 0 and 1: blocked over unblocked view factor, both averaged over the face, for an Earth of
        even brightness. Zero where the face does not see the Earth.

    Raises
    ------
    InputError
        If a direction has no length or the radius is not between 0 and 90 degrees.

    Notes
    -----
    Every direction weighs with its cosine on the face; the shadow in that direction is exact. With the
    default 1024 directions the absolute error is below 1e-3 for a wing, a panel and a body of a
    satellite, typically 1e-4.

    Examples
    --------
    >>> panel = Rectangle((0.0, 0.0, 0.0), (1.0, 1.0, 0.0))
    >>> lid = Rectangle((-50.0, -50.0, 0.1), (50.0, 50.0, 0.1))
    >>> round(float(earth_blocking(panel, lid, (0.0, 0.0, 1.0), 1.0)), 6)
    1.0
    """
    rays = EarthRays.onto(panel, earth, angular_radius_rad, rings=rings, spokes=spokes)
    return rays.blocked(panel, blocker)


@dataclass(frozen=True, eq=False, slots=True)
class EarthRays:
    """Directions of the quadrature of `earth_blocking`, for any panel of that normal and any blocker.

    Attributes
    ----------
    axis, facing : int
        Of the panel's normal.
    weight : ndarray, shape (..., rings, spokes)
        Weight of each direction on the face.
    lit : ndarray of bool, shape (..., rings, spokes)
        Whether it reaches the face.
    lean : dict of ndarray, shape (lit,)
        How far the directions that do lean along each side of the panel, per height.
    """

    axis: int
    facing: int
    weight: FloatArray
    lit: NDArray[np.bool_]
    lean: dict[int, FloatArray]

    @classmethod
    def onto(
        cls, panel: Rectangle, earth: ArrayLike, angular_radius_rad: float, *, rings: int, spokes: int
    ) -> EarthRays:
        """Return the directions to the Earth's disc; see `earth_blocking`."""
        rays, gauss_w = _towards(earth, angular_radius_rad, rings, spokes)
        weight = np.maximum(rays[..., panel.axis] * panel.facing, 0.0) * gauss_w[:, None]
        lit, lean = _leans(panel, _unit(rays, "earth"))
        reaching = {axis: every[lit] for axis, every in lean.items()}
        return cls(panel.axis, panel.facing, weight, lit, reaching)

    def blocked(self, panel: Rectangle, blocker: Rectangle) -> FloatArray:
        """Return the share of a panel's view of the Earth that a rectangle blocks, shape (...)."""
        if (panel.axis, panel.facing) != (self.axis, self.facing):
            raise InputError("`panel` must face the way that the directions were made for")
        first, second = panel.in_plane
        shadow = np.zeros(self.lit.shape)
        edges = panel.edges(first, 1), panel.edges(second, 1)
        shadow[self.lit] = _shadow(panel, blocker, self.lean, *edges)[:, 0, 0]
        seen = self.weight.sum(axis=(-2, -1))
        dimmed = (self.weight * shadow).sum(axis=(-2, -1))
        return np.asarray(np.where(seen > 0.0, dimmed / np.where(seen > 0.0, seen, 1.0), 0.0))


def _towards(
    earth: ArrayLike, angular_radius_rad: float, rings: int, spokes: int
) -> tuple[FloatArray, FloatArray]:
    """Directions within the Earth's disc, shape (..., rings, spokes, 3), and Gauss's weights of the rings."""
    if not 0.0 < angular_radius_rad <= 0.5 * np.pi:
        raise InputError(f"`angular_radius_rad` must be between 0 and pi/2, got {angular_radius_rad:g}")
    nadir = _unit(earth, "earth")
    helper = np.zeros_like(nadir)
    np.put_along_axis(helper, np.argmin(np.abs(nadir), axis=-1)[..., None], 1.0, axis=-1)
    east = np.cross(nadir, helper)
    east /= np.linalg.norm(east, axis=-1, keepdims=True)
    north = np.cross(nadir, east)

    gauss_x, gauss_w = np.polynomial.legendre.leggauss(rings)
    rim = np.cos(angular_radius_rad)
    cosine = 0.5 * (1.0 + rim) + 0.5 * (1.0 - rim) * gauss_x
    sine = np.sqrt(1.0 - cosine * cosine)
    azimuth = 2.0 * np.pi * (np.arange(spokes) + 0.5) / spokes
    along = cosine[:, None] * np.ones(spokes)
    across = sine[:, None] * np.cos(azimuth), sine[:, None] * np.sin(azimuth)
    rays = (
        along[..., None] * nadir[..., None, None, :]
        + across[0][..., None] * east[..., None, None, :]
        + across[1][..., None] * north[..., None, None, :]
    )
    return rays, gauss_w


def _unit(direction: ArrayLike, name: str) -> FloatArray:
    vector = np.asarray(direction, dtype=float)
    if vector.shape[-1:] != (3,):
        raise InputError(f"`{name}` must have three components, got the shape {vector.shape}")
    length = np.linalg.norm(vector, axis=-1, keepdims=True)
    if not np.all(length > 0.0):
        raise InputError(f"`{name}` must not be a zero vector")
    return np.asarray(vector / length)


def _overlap(edges: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Length of each interval between edges that lies within [low, high]."""
    inside = np.clip(edges, np.asarray(low)[..., None], np.asarray(high)[..., None])
    return np.diff(inside, axis=-1)


def _leaning(
    u: FloatArray,
    w: FloatArray,
    blocker: Rectangle,
    u_axis: int,
    w_axis: int,
    bottom: float,
    top: float,
    lean: dict[int, FloatArray],
) -> FloatArray:
    """Overlap area of cells (u, w) with the shadow of an upright blocker whose normal is along w.

    A point at height h of the blocker throws its shadow by -h lean. In the panel's plane that is a
    parallelogram: at each w an interval of constant length along u, which moves in proportion to w.
    """
    height = np.array([bottom, top])
    slope_w = -lean[w_axis]
    steep = np.abs(slope_w) > 1e-12
    rate = np.where(steep, slope_w, 1.0)
    # the heights whose shadow falls on each row of cells
    at = (w - blocker.low[w_axis]) / rate[..., None]
    at = np.clip(at, height[0], height[1])
    low, high = np.minimum(at[..., :-1], at[..., 1:]), np.maximum(at[..., :-1], at[..., 1:])
    area = np.zeros((*steep.shape, len(u) - 1, len(w) - 1))
    falls = np.asarray(steep & np.any(high > low, axis=-1))
    low, high, slope_w = low[falls], high[falls], slope_w[falls]
    shift = -lean[u_axis][falls][..., None]
    start, end = shift * low, shift * high
    length = _mean_overlap(u, blocker.low[u_axis], blocker.high[u_axis], start, end)
    area[falls] = length * ((high - low) * np.abs(slope_w)[..., None])[..., None, :]
    return area


def _mean_overlap(u: FloatArray, low: float, high: float, start: FloatArray, end: FloatArray) -> FloatArray:
    """Mean overlap of [low + s, high + s] with each interval of u, for s evenly from start to end.

    The overlap is a second difference of the ramp (v - s)+, whose integral is half a square.
    """
    s0, s1 = start[..., None, :], end[..., None, :]
    span = s1 - s0
    size = (u[-1] - u[0]) + (high - low)
    upright = np.abs(span) < _NEARLY_UPRIGHT * size
    middle = 0.5 * (s0 + s1)
    width = np.where(upright, 1.0, span)

    def mean_ramp(v: FloatArray) -> FloatArray:
        v = v[:, None]
        tilted = 0.5 * (np.maximum(v - s0, 0.0) ** 2 - np.maximum(v - s1, 0.0) ** 2) / width
        return np.asarray(np.where(upright, np.maximum(v - middle, 0.0), tilted))

    b, a = u[1:], u[:-1]
    total = mean_ramp(b - low) - mean_ramp(b - high) - mean_ramp(a - low) + mean_ramp(a - high)
    return np.asarray(np.maximum(total, 0.0))
