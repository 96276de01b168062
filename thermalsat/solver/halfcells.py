"""Truncation defects of a plate's finite volumes along one direction, from a solution on its mesh.

A cell of width h conducts through its two half cells, eta = h/2. With s = k t T'' the density of the
heat that conduction brings, the flux of a half cell into its face, ``k t (T_c - T_f) / eta``, exceeds
the true one at the face by

    delta = s_f eta / 2 + s'_n eta^2 / 6 + s'' eta^3 / 24,

s_f at the face and s'_n from the face into the cell. What meets at a face, the other half cell, a
coolant, an air, is a star of such legs, see `mesh`. The heat of the cell's other laws is taken at its
centre: ``h s_c`` misses ``h^2/8 (s'_high - s'_low) - s'' h^3/12``, with the slopes at the two faces
(equal to ``s'' h^3/24`` where s is smooth, and right where a tube on the centres makes s' jump). On even
cells both together are ``s'' h^3/12``, the familiar ``k t h^3 T_yyyy / 12``.

s is known in every cell from the solution. Its slope is the difference of neighbours; at a tube or an
edge it is ``G T'``, G the slope of the surface's heat with temperature (known however few cells there
are), and the rest of the nearest inner slope (sources, storage).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Direction", "Legs", "legs_of"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
LIMIT = 3.0
"""How much steeper than at the next face a slope may become at a wall."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Direction:
    """Cells along one direction, which is the first axis of every array.

    Attributes
    ----------
    width_m : (m, 1) width of the cells along the direction
    half_W_K : (m, k) conductance of a half cell, all copies
    area_m2 : (m, k) area of a cell, all copies
    open_face : (m + 1, 1) whether the field is smooth across a face: neither an edge nor a tube
    kinked : (m,) rows with a tube on their centres
    """

    width_m: Floats
    half_W_K: Floats
    area_m2: Floats
    open_face: Bools
    kinked: Bools


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Legs:
    """Defects of the half cells on the low and high side [W], and of the cells' rows of the network [W]."""

    low_W: Floats
    high_W: Floats
    row_W: Floats


def legs_of(
    d: Direction, in_low_W: Floats, in_high_W: Floats, line_W: Floats | float, lost: Floats, slope: Floats
) -> Legs:
    """Return the defects of half cells and rows.

    Parameters
    ----------
    d : Direction
    in_low_W, in_high_W : (m, k)
        Heat into each cell through its two faces [W].
    line_W : (m, k)
        Heat into a cell from a tube on its centre [W].
    lost, slope : (m, k)
        Heat that leaves the faces of the plate [W/m²], and its derivative with temperature [W/m²/K].
    """
    h, eta = d.width_m, 0.5 * d.width_m
    s = (in_low_W + in_high_W + line_W) / d.area_m2
    m = len(h)
    # slopes at the faces: of neighbours, or G T' and the rest as it goes on from the next faces
    at_low, at_high = np.zeros_like(s), np.zeros_like(s)
    if m > 1:
        apart = 0.5 * (h[1:] + h[:-1])
        inner = (s[1:] - s[:-1]) / apart
        rest = np.where(d.open_face[1:-1], inner - (lost[1:] - lost[:-1]) / apart, 0.0)
        at_low[:-1], at_high[1:] = rest, rest
    if m > 2:
        inside = d.open_face[1:-2] & d.open_face[2:-1]
        turn = np.where(inside, (rest[1:] - rest[:-1]) / h[1:-1], 0.0)
        at_low[:-2] -= _limited(turn * h[:-2], rest[:-1])
        at_high[2:] += _limited(turn * h[2:], rest[1:])
    to_K_m = np.where(d.half_W_K > 0.0, slope / np.where(d.half_W_K > 0.0, d.half_W_K * eta, 1.0), 0.0)
    at_low -= to_K_m * in_low_W
    at_high += to_K_m * in_high_W
    if m > 1:
        at_high[:-1] = np.where(d.open_face[1:-1], inner, at_high[:-1])
        at_low[1:] = np.where(d.open_face[1:-1], inner, at_low[1:])
    bend = (at_high - at_low) / h
    if d.kinked.any():
        near = np.zeros((m + 2, s.shape[1]))
        near[1:-1] = np.where(d.kinked[:, None], 0.0, bend)
        count = np.concatenate([[0], ~d.kinked, [0]])
        mean = (near[:-2] + near[2:]) / np.maximum(count[:-2] + count[2:], 1)[:, None]
        bend = np.where(d.kinked[:, None], mean, bend)
    width = d.area_m2 / h
    common = 0.5 * s * eta - (5.0 / 24.0) * bend * eta**3
    low = width * (common - at_low * (eta**2 / 3.0))
    high = width * (common + at_high * (eta**2 / 3.0))
    row = width * (h**2 / 8.0 * (at_high - at_low) - bend * (h**3 / 12.0))
    if m > 1:
        ga, gb = d.half_W_K[:-1], d.half_W_K[1:]
        both = ga + gb
        moved = (ga * low[1:] - gb * high[:-1]) / np.where(both > 0.0, both, 1.0)
        moved = np.where(d.open_face[1:-1] & (both > 0.0), moved, 0.0)
        row[:-1] += moved
        row[1:] -= moved
    return Legs(low_W=low, high_W=high, row_W=row)


def _limited(change: Floats, slope: Floats) -> Floats:
    """Keep a change of slope within a few times the slope: sources may jump."""
    return np.clip(change, -LIMIT * np.abs(slope), LIMIT * np.abs(slope))
