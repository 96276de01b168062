"""The piecewise polynomials of a bundle: forcing in time, laws in one variable, wall laws in two."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from thermalsat.bundle import Bundle, Floats
from thermalsat.twin.dual import Dual, Number, slopes_of, value_of

__all__ = ["forcing", "forcing_values", "law", "wall_law"]

_TIME = 0


def polynomial(coefficients: Iterable[Number], x: Number) -> Number:
    """c_0 + c_1 x + c_2 x^2 + ... by Horner's rule."""
    total: Number = 0.0
    for c in reversed(list(coefficients)):
        total = total * x + c
    return total


def forcing(bundle: Bundle, k: int, t: Number, t_lo: float, t_hi: float) -> Number:
    """Value of forcing k at time t [s].

    The piece is the one that holds min(max(t, t_lo), t_hi), at a knot the later one; its polynomial is
    evaluated at t itself. A step that ends on a jump passes a t_hi just before it and so stays on its side.
    A periodic forcing repeats; any other keeps its end values outside its range.
    """
    first, last = int(bundle.forcing_ptr[k]), int(bundle.forcing_ptr[k + 1])
    knots = bundle.forcing_knots[first + k : last + k + 1]
    period = float(bundle.forcing_period[k])
    lookup = min(max(value_of(t), t_lo), t_hi)
    shift = math.floor((lookup - knots[0]) / period) * period if period > 0.0 else 0.0
    piece = int(np.searchsorted(knots, lookup - shift, side="right")) - 1
    piece = min(max(piece, 0), last - first - 1)
    if period == 0.0 and not knots[0] <= value_of(t) <= knots[-1]:
        t = float(min(max(value_of(t), knots[0]), knots[-1]))
    return polynomial(bundle.forcing_coef[first + piece], (t - shift) - knots[piece])


def forcing_values(
    bundle: Bundle, t: float, t_lo: float = -math.inf, t_hi: float = math.inf
) -> tuple[Floats, Floats]:
    """Every forcing and its time derivative at time t.

    Parameters
    ----------
    bundle : Bundle
    t : float
        Time [s].
    t_lo, t_hi : float
        The pieces are looked up at t clipped to these limits [s]; see `forcing`.

    Returns
    -------
    s, sdot : ndarray (n_forcing,)
        Values, in the unit of each forcing, and their derivatives per second.

    Examples
    --------
    A ramp from 0 to 6 in 2 s, held afterwards:

    >>> from thermalsat.bundle import Bundle
    >>> b = Bundle(n=0, forcing_ptr=[0, 1], forcing_knots=[0.0, 2.0], forcing_coef=[[0, 3.0, 0, 0, 0, 0]],
    ...            forcing_period=[0.0])
    >>> [float(x[0]) for x in forcing_values(b, 1.0)], [float(x[0]) for x in forcing_values(b, 5.0)]
    ([3.0, 3.0], [6.0, 0.0])
    """
    time = Dual(float(t), {_TIME: 1.0})
    values = [forcing(bundle, k, time, t_lo, t_hi) for k in range(len(bundle.forcing_period))]
    return (
        np.array([value_of(x) for x in values], dtype=np.float64),
        np.array([slopes_of(x).get(_TIME, 0.0) for x in values], dtype=np.float64),
    )


def law(bundle: Bundle, k: int, x: Number) -> Number:
    """Law k at x: a cubic per cell of a uniform grid, straight lines outside it."""
    first, last = int(bundle.law_ptr[k]), int(bundle.law_ptr[k + 1])
    x0, dx = float(bundle.law_x0[k]), float(bundle.law_dx[k])
    pieces = last - first
    position = (value_of(x) - x0) / dx
    if position < 0.0:
        c = bundle.law_coef[first]
        return c[0] + c[1] * (x - x0)
    if position >= pieces:
        c = bundle.law_coef[last - 1]
        slope = c[1] + dx * (2.0 * c[2] + dx * 3.0 * c[3])
        return polynomial(c, dx) + slope * (x - (x0 + pieces * dx))
    piece = int(position)
    return polynomial(bundle.law_coef[first + piece], x - (x0 + piece * dx))


def wall_law(bundle: Bundle, k: int, temperature: Number, fraction: Number) -> Number:
    """Wall law k at (coolant temperature [K], flow fraction): a bicubic per patch of a uniform grid.

    Outside the grid: straight lines in temperature, at the slope of the edge; the fraction is held.
    """
    columns = int(bundle.wl_nw[k])
    column, w = _held(fraction, float(bundle.wl_w0[k]), float(bundle.wl_dw[k]), columns)
    T0, dT, rows = float(bundle.wl_T0[k]), float(bundle.wl_dT[k]), int(bundle.wl_nT[k])
    position = (value_of(temperature) - T0) / dT
    row = min(max(math.floor(position), 0), rows - 1)
    patch = bundle.wl_coef[int(bundle.wl_ptr[k]) + row * columns + column].reshape(4, 4)
    in_temperature = [polynomial(line, w) for line in patch]
    x = temperature - (T0 + row * dT)
    if position < 0.0:
        return in_temperature[0] + in_temperature[1] * x
    if position >= rows:
        slope = in_temperature[1] + dT * (2.0 * in_temperature[2] + dT * 3.0 * in_temperature[3])
        return polynomial(in_temperature, dT) + slope * (x - dT)
    return polynomial(in_temperature, x)


def _held(x: Number, x0: float, dx: float, cells: int) -> tuple[int, Number]:
    """Cell of a uniform grid and the distance into it, x held to the grid's ends."""
    position = (value_of(x) - x0) / dx
    if position < 0.0:
        return 0, 0.0
    if position > cells:
        return cells - 1, dx
    cell = min(int(position), cells - 1)
    return cell, x - (x0 + cell * dx)
