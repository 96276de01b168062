"""Functions of time on bare floats: piecewise polynomials of degree five, periodic or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermalsat.errors import InputError

__all__ = ["DEGREE", "FOREVER_S", "Pieces", "frozen_array"]

Floats = NDArray[np.float64]
Side = Literal["left", "right"]

DEGREE = 5
FOREVER_S = 1e12  # stands for "from always" and "for ever": 30 000 years
_SAME = 1e-12  # knots nearer than this part of the range are one knot


def frozen_array(values: ArrayLike) -> Floats:
    """Return a C-contiguous read-only float64 copy."""
    array = np.array(values, dtype=np.float64, order="C")
    array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Pieces:
    """A function of time as polynomials between knots, in SI floats.

    Parameters
    ----------
    knots : array_like of float, shape (pieces + 1,)
        Increasing times [s]. With a period they run from `knots[0]` to `knots[0] + period`.
    coef : array_like of float, shape (pieces, 6)
        Ascending powers of ``t - knots[p]``.
    period : float
        Period [s]; 0 for none. Without a period the end values are held outside the knots; `covers`
        tells whether that is needed.
    breakpoints : array_like of float
        Times of declared steps and kinks [s], within one period or the range of the knots.

    Examples
    --------
    >>> ramp = Pieces.linear([0.0, 10.0], [0.0, 5.0])
    >>> ramp(4.0).item(), ramp.derivative(4.0).item(), ramp.mean(0.0, 10.0)
    (2.0, 0.5, 2.5)
    >>> night = Pieces.steps([0.0, 60.0], [1.0, 0.0], period=100.0)
    >>> night([30.0, 160.0, 200.0]), night(160.0, side="left").item()
    (array([1., 0., 1.]), 1.0)
    """

    knots: Floats
    coef: Floats
    period: float = 0.0
    breakpoints: Floats = ()  # type: ignore[assignment]

    def __post_init__(self) -> None:
        knots, coef = frozen_array(self.knots), frozen_array(self.coef)
        breakpoints = frozen_array(np.unique(np.asarray(self.breakpoints, dtype=np.float64)))
        for name, value in (("knots", knots), ("coef", coef), ("breakpoints", breakpoints)):
            object.__setattr__(self, name, value)
        if knots.ndim != 1 or coef.shape != (len(knots) - 1, DEGREE + 1) or len(coef) == 0:
            raise InputError(f"`coef` must have the shape (knots - 1, 6), got {coef.shape} for {knots.shape}")
        if not (np.isfinite(knots).all() and np.isfinite(coef).all() and (np.diff(knots) > 0.0).all()):
            raise InputError("`knots` must increase, `knots` and `coef` must be finite")
        width = knots[-1] - knots[0]
        if self.period < 0.0 or (self.period and abs(width - self.period) > 1e-9 * self.period):
            raise InputError(f"`knots` must span the period of {self.period:g} s, they span {width:g} s")

    def __repr__(self) -> str:
        span = f"period {self.period:g} s" if self.period else f"{self.knots[0]:g} s to {self.knots[-1]:g} s"
        return f"<Pieces: {len(self.coef)} pieces, {span}, {len(self.breakpoints)} breakpoints>"

    def __call__(self, t: ArrayLike, side: Side = "right") -> Any:
        """Value at `t`; at a step, the limit from `side`."""
        p, x, _ = self._locate(t, side)
        c = np.moveaxis(self.coef[p], -1, 0)
        return c[0] + x * (c[1] + x * (c[2] + x * (c[3] + x * (c[4] + x * c[5]))))

    def derivative(self, t: ArrayLike, side: Side = "right") -> Any:
        """Rate at `t` [1/s]; zero where the end value is held."""
        p, x, held = self._locate(t, side)
        c = np.moveaxis(self.coef[p], -1, 0)
        rate = c[1] + x * (2.0 * c[2] + x * (3.0 * c[3] + x * (4.0 * c[4] + x * (5.0 * c[5]))))
        return np.where(held, 0.0, rate)

    def _locate(self, t: ArrayLike, side: Side) -> tuple[Any, Any, Any]:
        if side not in ("left", "right"):
            raise InputError(f'`side` must be "left" or "right", got {side!r}')
        time: Floats = np.asarray(t, dtype=np.float64)
        first, last = self.knots[0], self.knots[-1]
        if self.period:
            held = np.zeros(time.shape, dtype=bool)
            time = time - self.period * np.floor((time - first) / self.period)
            if side == "left":
                time = np.where(time <= first, time + self.period, time)
        else:
            held = (time < first) | (time > last)
            time = np.clip(time, first, last)
        p = np.clip(np.searchsorted(self.knots, time, side=side) - 1, 0, len(self.coef) - 1)
        return p, time - self.knots[p], held

    def covers(self, start_s: float, stop_s: float) -> bool:
        """Whether no end value need be held anywhere between two times."""
        return bool(self.period) or bool(self.knots[0] <= start_s and stop_s <= self.knots[-1])

    @property
    def is_constant(self) -> bool:
        """Whether there is one value at all times."""
        return len(self.coef) == 1 and not self.coef[0, 1:].any()

    def breakpoints_between(self, start_s: float, stop_s: float) -> Floats:
        """Breakpoints strictly between two times, repeated with the period."""
        times = self.breakpoints
        if self.period and len(times):
            first = np.floor((start_s - times.max()) / self.period)
            turns = np.arange(first, np.ceil((stop_s - times.min()) / self.period) + 1.0)
            times = np.unique(times + self.period * turns[:, None])
        return times[(times > start_s) & (times < stop_s)]

    def mean(self, start_s: float | None = None, stop_s: float | None = None) -> float:
        """Mean over a period, or between two times."""
        if start_s is None or stop_s is None:
            if self.is_constant:
                return float(self.coef[0, 0])
            if not self.period:
                raise InputError("`start_s` and `stop_s` must be given: the function has no period")
            start_s, stop_s = float(self.knots[0]), float(self.knots[-1])
        if not stop_s > start_s:
            raise InputError(f"`stop_s` must be above `start_s` = {start_s:g}, got {stop_s:g}")
        cuts = self.knots
        if self.period:
            low = np.floor((start_s - cuts[0]) / self.period)
            turns = np.arange(low, np.floor((stop_s - cuts[0]) / self.period) + 1.0)
            cuts = (cuts[:-1] + self.period * turns[:, None]).ravel()
        cuts = np.concatenate([[start_s], cuts[(cuts > start_s) & (cuts < stop_s)], [stop_s]])
        middle, half = 0.5 * (cuts[1:] + cuts[:-1]), 0.5 * np.diff(cuts)
        nodes, weights = np.polynomial.legendre.leggauss(3)  # exact for degree five
        values = self(middle[:, None] + half[:, None] * nodes)
        return float(half @ (values @ weights) / (stop_s - start_s))

    def scaled(self, factor: float) -> Pieces:
        """Return the function times a number."""
        coef = self.coef * float(factor)
        if not np.isfinite(coef).all():
            raise InputError(f"`factor` must keep the function finite, got {factor!r}")
        coef.flags.writeable = False
        made = object.__new__(Pieces)
        # knots and breakpoints were checked when this function was made
        for name, value in (
            ("knots", self.knots),
            ("coef", coef),
            ("period", self.period),
            ("breakpoints", self.breakpoints),
        ):
            object.__setattr__(made, name, value)
        return made

    def __mul__(self, factor: float) -> Pieces:
        return self.scaled(factor)

    __rmul__ = __mul__

    def __add__(self, other: Pieces | float) -> Pieces:
        return Pieces.sum([self, other if isinstance(other, Pieces) else Pieces.constant(other)])

    __radd__ = __add__

    @classmethod
    def constant(cls, value: float) -> Self:
        """Return the function that is `value` at all times."""
        coef = np.zeros((1, DEGREE + 1))
        coef[0, 0] = value
        return cls(np.array([-FOREVER_S, FOREVER_S]), coef)

    @classmethod
    def steps(cls, times_s: ArrayLike, values: ArrayLike, period: float = 0.0) -> Self:
        """Return the function that takes `values[i]` at `times_s[i]` and keeps it until the next time.

        The last value is kept for ever, or until the first time comes round again.
        """
        times, y = np.asarray(times_s, dtype=np.float64), np.asarray(values, dtype=np.float64)
        coef = np.zeros((len(y), DEGREE + 1))
        coef[:, 0] = y
        end = times[0] + period if period else times[-1] + FOREVER_S
        changes = y != np.roll(y, 1)
        changes[0] &= bool(period)
        return cls.assemble(np.append(times, end), coef, period, times[changes])

    @classmethod
    def linear(cls, times_s: ArrayLike, values: ArrayLike, period: float = 0.0) -> Self:
        """Return the straight lines through points; with a period the last point repeats the first."""
        times, y = np.asarray(times_s, dtype=np.float64), np.asarray(values, dtype=np.float64)
        slope = np.diff(y) / np.diff(times)
        coef = np.zeros((len(slope), DEGREE + 1))
        coef[:, 0], coef[:, 1] = y[:-1], slope
        before = np.roll(slope, 1)
        kinks = np.abs(slope - before) > 1e-12 * np.maximum(np.abs(slope), np.abs(before))
        kinks[0] &= bool(period)
        return cls.assemble(times, coef, period, times[:-1][kinks])

    @classmethod
    def assemble(
        cls, knots: Floats, coef: Floats, period: float, breakpoints: Sequence[float] | Floats
    ) -> Self:
        """Return pieces whose knots may start anywhere; with a period they are turned to start at zero."""
        points = np.asarray(breakpoints, dtype=np.float64)
        if not period:
            return cls(knots, coef, 0.0, points)
        start = -np.floor(knots[0] / period) * period
        knots, cut = knots + start, period
        p = int(np.searchsorted(knots, cut, side="right")) - 1
        if knots[0] > 0.0 and p < len(coef):
            tail = taylor_shift(coef[p : p + 1], np.array([cut - knots[p]]))
            head = p if knots[p] == cut else p + 1
            coef = np.concatenate([tail, coef[p + 1 :], coef[:head]])
            knots = np.concatenate([[0.0], knots[p + 1 : -1] - period, knots[:head], [period]])
        else:
            knots = np.append(knots[:-1], period)
        return cls(knots, coef, period, np.mod(points, period))

    @classmethod
    def sum(cls, parts: Iterable[Pieces]) -> Pieces:
        """Return the sum of functions of one period (constants go with any) on the union of their knots."""
        parts = list(parts)
        level = sum(float(part.coef[0, 0]) for part in parts if part.is_constant)
        varying = [part for part in parts if not part.is_constant]
        if not varying:
            return cls.constant(level)
        period = varying[0].period
        for part in varying:
            if abs(part.period - period) > _SAME * period:
                raise InputError(
                    f"the functions must have one period, got {period:g} s and {part.period:g} s"
                )
        start = max(float(part.knots[0]) for part in varying)
        stop = min(float(part.knots[-1]) for part in varying)
        if not stop > start:
            raise InputError("the functions have no range of time in common")
        knots = np.unique(np.concatenate([part.knots for part in varying]))
        finite = knots[np.abs(knots) < 0.5 * FOREVER_S]
        near = _SAME * float(np.ptp(finite)) if len(finite) else 0.0
        inside = knots[(knots > start + near) & (knots < stop - near)]
        knots = np.concatenate([[start], _distinct(inside, near), [stop]])
        coef = np.zeros((len(knots) - 1, DEGREE + 1))
        coef[:, 0] = level
        middle = 0.5 * (knots[:-1] + knots[1:])
        for part in varying:
            p = np.clip(np.searchsorted(part.knots, middle, side="right") - 1, 0, len(part.coef) - 1)
            coef += taylor_shift(part.coef[p], knots[:-1] - part.knots[p])
        points = _distinct(np.sort(np.concatenate([part.breakpoints for part in varying])), near)
        return cls(knots, coef, period, points[(points >= start) & (points <= stop)])

    @classmethod
    def sample(
        cls,
        f: Callable[[Floats], Any],
        breakpoints: Sequence[float] | Floats = (),
        period: float = 0.0,
        *,
        span: tuple[float, float] | None = None,
        rtol: float = 1e-9,
        name: str = "f",
    ) -> Pieces:
        """Return pieces that follow a function within `rtol` of its range; see `thermalsat.sampling`."""
        from thermalsat.sampling import sample

        return sample(f, breakpoints, period, span=span, rtol=rtol, name=name)


def _distinct(times: Floats, near: float) -> Floats:
    """Sorted times without those that repeat the one before."""
    return times[np.diff(times, prepend=-np.inf) > near]


def taylor_shift(coef: Floats, distance: Floats) -> Floats:
    """Coefficients of the same polynomials about points moved to the right by `distance`."""
    shifted = np.zeros_like(coef)
    for k in range(DEGREE + 1):
        for j in range(DEGREE, k - 1, -1):
            shifted[:, k] = shifted[:, k] * distance + comb(j, k) * coef[:, j]
    return shifted
