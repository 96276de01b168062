"""Faces of axis-aligned rectangles of one body frame. Floats in metres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermalsat.errors import InputError

FloatArray = NDArray[np.float64]
Point = tuple[float, float, float]


@dataclass(frozen=True)
class Rectangle:
    """One face of a rectangle whose sides lie along two axes of the frame.

    Parameters
    ----------
    low, high : tuple of 3 floats
        Opposite corners [m]; equal along exactly one axis, the normal.
    facing : {1, -1}
        Whether the face looks toward larger or smaller coordinates along its normal.

    Raises
    ------
    InputError
        If it has no area, or is not flat.
    """

    low: Point
    high: Point
    facing: int = 1

    def __post_init__(self) -> None:
        sides = np.subtract(self.high, self.low)
        if sides.shape != (3,) or not np.isfinite(sides).all() or np.any(sides < 0.0):
            raise InputError(f"`low` and `high` must be two opposite corners, got {self.low} and {self.high}")
        if np.count_nonzero(sides == 0.0) != 1:
            raise InputError(
                f"`low` and `high` must differ along exactly two axes, got {self.low} and {self.high}; "
                "a tilted rectangle or a box is not covered by the closed forms"
            )
        if self.facing not in (1, -1):
            raise InputError(f"`facing` must be 1 or -1, got {self.facing!r}")

    @classmethod
    def from_centre(cls, centre: ArrayLike, normal: ArrayLike, extents: ArrayLike) -> Rectangle:
        """Return the rectangle around a centre.

        Parameters
        ----------
        centre : array_like, shape (3,)
            Its middle [m].
        normal : array_like, shape (3,)
            Direction the face looks; must lie along an axis.
        extents : array_like, shape (3,) or (2,)
            Full side lengths along the axes [m], in the order of the axes; the one along the normal may
            be left out.

        Raises
        ------
        InputError
            If the normal is tilted.
        """
        direction = np.asarray(normal, dtype=float)
        along = np.flatnonzero(direction)
        if direction.shape != (3,) or along.size != 1:
            raise InputError(
                f"`normal` must lie along one axis of the frame, got {direction.tolist()}; tilted "
                "rectangles are not covered by the closed forms"
            )
        sides = np.asarray(extents, dtype=float)
        if sides.shape == (2,):
            sides = np.insert(sides, along[0], 0.0)
        half = 0.5 * sides
        low, high = np.asarray(centre, dtype=float) - half, np.asarray(centre, dtype=float) + half
        return cls(tuple(low.tolist()), tuple(high.tolist()), int(np.sign(direction[along[0]])))

    @property
    def axis(self) -> int:
        """Index of the axis along the normal."""
        return int(np.argmin(np.subtract(self.high, self.low)))

    @property
    def in_plane(self) -> tuple[int, int]:
        """Indices of the two axes along the sides, in ascending order: x and y of its cells."""
        first, second = (axis for axis in range(3) if axis != self.axis)
        return first, second

    @property
    def area_m2(self) -> float:
        """Area of the face [m^2]."""
        first, second = self.in_plane
        return (self.high[first] - self.low[first]) * (self.high[second] - self.low[second])

    def back(self) -> Rectangle:
        """Return the other face."""
        return Rectangle(self.low, self.high, -self.facing)

    def edges(self, axis: int, cells: int | ArrayLike) -> FloatArray:
        """Return the coordinates of cell edges along an axis: equal cells, or as given."""
        if isinstance(cells, int):
            return np.linspace(self.low[axis], self.high[axis], cells + 1)
        return np.asarray(cells, dtype=float)
