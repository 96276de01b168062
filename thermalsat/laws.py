"""Element laws on bare floats: piecewise polynomials in one temperature, in (temperature, flow), in time.

The compiled core evaluates the same coefficients with the same formulas in the same order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermalsat.errors import InputError
from thermalsat.pieces import Pieces, frozen_array

__all__ = ["Law", "Pieces", "WallLaw"]

Floats = NDArray[np.float64]

# fourth-order first derivatives: offsets and weights (times 12) at a left end, inside, at a right end
_STENCILS = (
    ((0.0, 1.0, 2.0, 3.0, 4.0), (-25.0, 48.0, -36.0, 16.0, -3.0)),
    ((-2.0, -1.0, 0.0, 1.0, 2.0), (1.0, -8.0, 0.0, 8.0, -1.0)),
    ((-4.0, -3.0, -2.0, -1.0, 0.0), (3.0, -16.0, 36.0, -48.0, 25.0)),
)


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """A function of one variable: cubic pieces on a uniform grid, continued by the tangent outside it.

    Parameters
    ----------
    x0, dx : float
        Left end and width of the pieces, in the unit of the argument.
    coef : array_like of float, shape (pieces, 4)
        Ascending powers of ``x - x_left`` of each piece.

    Examples
    --------
    >>> law = Law.fit(lambda T: 2.0 + 0.01 * T, 200.0, 400.0, pieces=4)
    >>> round(float(law(300.0)), 12), round(float(law(500.0)), 12), round(float(law.derivative(250.0)), 12)
    (5.0, 7.0, 0.01)
    """

    x0: float
    dx: float
    coef: Floats

    def __post_init__(self) -> None:
        coef = frozen_array(self.coef)
        object.__setattr__(self, "coef", coef)
        if coef.ndim != 2 or coef.shape[0] < 1 or coef.shape[1] != 4:
            raise InputError(f"`coef` must have the shape (pieces, 4), got {coef.shape}")
        if not (self.dx > 0.0 and np.isfinite([self.x0, self.dx]).all() and np.isfinite(coef).all()):
            raise InputError("`x0`, `dx` and `coef` must be finite and `dx` above zero")

    @property
    def x1(self) -> float:
        """Right end of the grid."""
        return self.x0 + len(self.coef) * self.dx

    def __call__(self, x: ArrayLike) -> Any:
        """Value at `x`: a float, or an array of the shape of `x`."""
        return self._evaluate(x)[0]

    def derivative(self, x: ArrayLike) -> Any:
        """Slope at `x`; outside the grid, that of the nearest end."""
        return self._evaluate(x)[1]

    def _evaluate(self, x: ArrayLike) -> tuple[Any, Any]:
        q, r, over = _locate(np.asarray(x, dtype=np.float64), self.x0, self.dx, len(self.coef))
        c = self.coef[q]
        c0, c1, c2, c3 = c[..., 0], c[..., 1], c[..., 2], c[..., 3]
        slope = c1 + r * (2.0 * c2 + r * (3.0 * c3))
        return c0 + r * (c1 + r * (c2 + r * c3)) + over * slope, slope

    def scaled(self, factor: float) -> Law:
        """Return the law times a number."""
        coef = self.coef * factor
        if not np.isfinite(coef).all():
            raise InputError(f"`factor` must keep the law finite, got {factor!r}")
        coef.flags.writeable = False
        made = object.__new__(Law)
        for name, value in (("x0", self.x0), ("dx", self.dx), ("coef", coef)):
            object.__setattr__(made, name, value)
        return made

    @classmethod
    def constant(cls, value: float) -> Self:
        """Return the law that is `value` everywhere."""
        return cls(0.0, 1.0, np.array([[value, 0.0, 0.0, 0.0]]))

    @classmethod
    def ramp(cls, x_lo: float, x_hi: float, y_lo: float, y_hi: float) -> Self:
        """Return a smoothstep from `y_lo` to `y_hi`: constant outside, continuous slope."""
        if not x_hi > x_lo:
            raise InputError(f"`x_hi` must be above `x_lo` = {x_lo:g}, got {x_hi:g}")
        return cls.hermite(x_lo, x_hi, np.array([y_lo, y_hi]), np.zeros(2))

    @classmethod
    def hermite(cls, lo: float, hi: float, values: ArrayLike, slopes: ArrayLike) -> Self:
        """Return the cubic Hermite interpolant on equidistant nodes from `lo` to `hi`."""
        y = np.asarray(values, dtype=np.float64)
        d = np.asarray(slopes, dtype=np.float64)
        dx = (hi - lo) / (len(y) - 1)
        ends = np.stack([y[:-1], y[1:], d[:-1], d[1:]], axis=-1)
        return cls(lo, dx, ends @ _hermite_matrix(dx).T)

    @classmethod
    def fit(
        cls,
        f: Callable[..., Any],
        lo: float,
        hi: float,
        pieces: int,
        df: Callable[..., Any] | None = None,
    ) -> Self:
        """Fit a function by cubic Hermite pieces (error of fourth order in their width).

        Parameters
        ----------
        f : callable
            Takes an array and returns one; a function of one float is called point by point.
        lo, hi : float
            Range; `f` is not called outside it.
        pieces : int
            Number of pieces.
        df : callable, optional
            Derivative of `f`; by default fourth-order differences.
        """
        nodes = _nodes(lo, hi, pieces, "lo", "hi", "pieces")
        if df is not None:
            return cls.hermite(lo, hi, _call(f, nodes), _call(df, nodes))
        points, weights = _stencil(nodes)
        table = _call(f, points)
        return cls.hermite(lo, hi, _at_nodes(table, 1), (table * weights).sum(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class WallLaw:
    """A function of coolant temperature and flow fraction: bicubic patches on a uniform grid.

    Outside the grid it is continued by the tangent in temperature and held in the flow fraction.

    Parameters
    ----------
    T0, dT : float
        Lowest temperature and width of the patches in temperature [K].
    w0, dw : float
        Lowest flow fraction and width of the patches in it [-].
    coef : array_like of float, shape (nT, nw, 4, 4)
        ``coef[i, j, a, b]`` multiplies ``(T - T_i)**a * (w - w_j)**b``.

    Examples
    --------
    >>> law = WallLaw.fit(lambda T, w: 3.0 * T * w, 250.0, 350.0, 2, 0.1, 1.0, 3)
    >>> round(float(law(300.0, 0.5)), 9), [round(float(d), 9) for d in law.derivatives(400.0, 0.5)]
    (450.0, [1.5, 1200.0])
    """

    T0: float
    dT: float
    w0: float
    dw: float
    coef: Floats

    def __post_init__(self) -> None:
        coef = frozen_array(self.coef)
        object.__setattr__(self, "coef", coef)
        if coef.ndim != 4 or coef.shape[2:] != (4, 4) or 0 in coef.shape:
            raise InputError(f"`coef` must have the shape (nT, nw, 4, 4), got {coef.shape}")
        grid = [self.T0, self.dT, self.w0, self.dw]
        if not (self.dT > 0.0 and self.dw > 0.0 and np.isfinite(grid).all() and np.isfinite(coef).all()):
            raise InputError("the grid and `coef` must be finite, `dT` and `dw` above zero")

    def __call__(self, temperature_K: ArrayLike, flow: ArrayLike) -> Any:
        """Value at a temperature and a flow fraction."""
        return self._evaluate(temperature_K, flow)[0]

    def derivatives(self, temperature_K: ArrayLike, flow: ArrayLike) -> tuple[Any, Any]:
        """Slopes with temperature and with flow fraction (zero where the flow is held)."""
        return self._evaluate(temperature_K, flow)[1:]

    def _evaluate(self, temperature_K: ArrayLike, flow: ArrayLike) -> tuple[Any, Any, Any]:
        T, w = np.broadcast_arrays(
            np.asarray(temperature_K, dtype=np.float64), np.asarray(flow, dtype=np.float64)
        )
        n_T, n_w = self.coef.shape[:2]
        i, r, over = _locate(T, self.T0, self.dT, n_T)
        j, z, beyond = _locate(w, self.w0, self.dw, n_w)
        rows = np.moveaxis(self.coef[i, j], (-2, -1), (0, 1))
        row = rows[:, 0] + z * (rows[:, 1] + z * (rows[:, 2] + z * rows[:, 3]))
        d_row = rows[:, 1] + z * (2.0 * rows[:, 2] + z * (3.0 * rows[:, 3]))
        value = row[0] + r * (row[1] + r * (row[2] + r * row[3]))
        d_T = row[1] + r * (2.0 * row[2] + r * (3.0 * row[3]))
        d_w = d_row[0] + r * (d_row[1] + r * (d_row[2] + r * d_row[3]))
        d_Tw = d_row[1] + r * (2.0 * d_row[2] + r * (3.0 * d_row[3]))
        held = np.where(beyond == 0.0, 1.0, 0.0)
        return value + over * d_T, d_T, held * (d_w + over * d_Tw)

    @classmethod
    def fit(
        cls,
        f: Callable[..., Any],
        T_lo: float,
        T_hi: float,
        nT: int,
        w_lo: float,
        w_hi: float,
        nw: int,
    ) -> Self:
        """Fit ``f(T, w)`` by bicubic Hermite patches; `f` is not called outside the ranges.

        `f` takes two arrays of one shape and returns an array; a function of two floats is called
        point by point.
        """
        T, weights_T = _stencil(_nodes(T_lo, T_hi, nT, "T_lo", "T_hi", "nT"))
        w, weights_w = _stencil(_nodes(w_lo, w_hi, nw, "w_lo", "w_hi", "nw"))
        table = _call(f, *np.broadcast_arrays(T[:, :, None, None], w[None, None, :, :]))
        d_T = (table * weights_T[:, :, None, None]).sum(axis=1)
        at_T = _at_nodes(table, 1)
        value, d_w = _at_nodes(at_T, 2), (at_T * weights_w).sum(axis=2)
        slope, d_Tw = _at_nodes(d_T, 2), (d_T * weights_w).sum(axis=2)
        patches = np.empty((nT, nw, 4, 4))
        for a, (y, d) in enumerate(((value, d_w), (value, d_w), (slope, d_Tw), (slope, d_Tw))):
            side = slice(1, None) if a % 2 else slice(None, -1)
            for b, (source, other) in enumerate(((y, 0), (y, 1), (d, 0), (d, 1))):
                patches[:, :, a, b] = source[side, other : other + nw]
        dT, dw = (T_hi - T_lo) / nT, (w_hi - w_lo) / nw
        return cls(T_lo, dT, w_lo, dw, _hermite_matrix(dT) @ patches @ _hermite_matrix(dw).T)


def _locate(x: Floats, x0: float, dx: float, count: int) -> tuple[Any, Any, Any]:
    """Piece, distance from its left end, and distance outside the grid."""
    s = (x - x0) / dx
    inside = np.minimum(np.maximum(s, 0.0), float(count))
    q = np.minimum(inside.astype(np.intp), count - 1)
    return q, (inside - q) * dx, (s - inside) * dx


def _hermite_matrix(h: float) -> Floats:
    """Map (left value, right value, left slope, right slope) to ascending powers."""
    return np.array(
        [
            [1.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 1.0, 0.0],
            [-3.0 / h**2, 3.0 / h**2, -2.0 / h, -1.0 / h],
            [2.0 / h**3, -2.0 / h**3, 1.0 / h**2, 1.0 / h**2],
        ]
    )


def _nodes(lo: float, hi: float, pieces: int, lo_name: str, hi_name: str, n_name: str) -> Floats:
    if not hi > lo:
        raise InputError(f"`{hi_name}` must be above `{lo_name}` = {lo:g}, got {hi:g}")
    if pieces < 1:
        raise InputError(f"`{n_name}` must be at least 1, got {pieces}")
    return np.linspace(lo, hi, pieces + 1)


def _stencil(nodes: Floats) -> tuple[Floats, Floats]:
    """Points (nodes, 5) within the range of the nodes, and the weights of the first derivative."""
    which = [0] + [1] * (len(nodes) - 2) + [2]
    h = (nodes[1] - nodes[0]) / 16.0
    points = nodes[:, None] + h * np.array([_STENCILS[k][0] for k in which])
    return points, np.array([_STENCILS[k][1] for k in which]) / (12.0 * h)


def _at_nodes(table: Floats, axis: int) -> Floats:
    """Values at the nodes themselves out of a table over stencil points along `axis`."""
    moved = np.moveaxis(table, axis, 0)
    out = moved[2].copy()
    along = np.moveaxis(out, axis - 1, 0)
    source = np.moveaxis(moved, axis, 1)
    along[0], along[-1] = source[0, 0], source[4, -1]
    return out


def _call(f: Callable[..., Any], *arguments: Floats) -> Floats:
    """Call with arrays; where `f` is a function of floats, point by point."""
    shape = arguments[0].shape
    try:
        values = np.asarray(f(*arguments), dtype=np.float64)
    except (TypeError, ValueError):
        values = np.empty(0)
    if values.shape != shape:
        points = zip(*(a.ravel().tolist() for a in arguments), strict=True)
        values = np.array([float(f(*point)) for point in points]).reshape(shape)
    if not np.isfinite(values).all():
        where = np.argmin(np.isfinite(values).ravel())
        point = ", ".join(f"{a.ravel()[where]:g}" for a in arguments)
        raise InputError(f"`f` must be finite over its range, got {values.ravel()[where]} at {point}")
    return values
