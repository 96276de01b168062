"""Adaptive sampling of a function of time into polynomials of degree five."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.errors import InputError
from thermalsat.pieces import DEGREE, Pieces

__all__ = ["MAX_PIECES", "sample"]

Floats = NDArray[np.float64]

MAX_PIECES = 50_000
_NARROWEST = 1e-12  # of the span
_JUMP = 1e-6  # of the range: a larger step within or between pieces is a jump
_NOISE = 64.0 * np.finfo(np.float64).eps  # of the largest value

# Nodes and checks lie strictly inside (0, 1), so that a limit is taken from within at each breakpoint; the
# checks crowd at the ends, where a breakpoint that is declared a little beside the jump would hide it.
_NODES = 0.5 - 0.5 * np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))
_TO_POWERS = np.linalg.inv(np.vander(_NODES, increasing=True))
_SAFETY = 0.5  # between the checks the error is larger than at them
_NEAR_ENDS = np.array([1e-6, 1e-5, 1e-4, 1e-3, 0.01])
_BETWEEN = np.array([0.047, 0.113, 0.213, 0.319, 0.443, 0.557, 0.689, 0.781, 0.893, 0.957])
_CHECKS = np.concatenate([_NEAR_ENDS, _BETWEEN, 1.0 - _NEAR_ENDS])
_FIRST = len(_NODES) + len(_CHECKS)


def sample(
    f: Callable[[Floats], Any],
    breakpoints: Sequence[float] | Floats = (),
    period: float = 0.0,
    *,
    span: tuple[float, float] | None = None,
    rtol: float = 1e-9,
    name: str = "f",
) -> Pieces:
    """Follow a function by pieces whose error is below `rtol` of its range.

    Parameters
    ----------
    f : callable
        Takes an array of times [s], returns an array of the same shape (or one number). It is not
        called at a breakpoint itself.
    breakpoints : sequence of float
        Every time [s] at which `f` or its slope jumps; with a period, within one period.
    period : float
        Period [s]; 0 for none.
    span : (float, float), optional
        Range [s] without a period; by default from the first breakpoint to the last.
    rtol : float
        Error of a piece as a part of ``max(f) - min(f)``.
    name : str
        What to call the function in messages.

    Raises
    ------
    InputError
        For a jump that is not declared (the message holds its time), a value that is not finite, or
        a function too rough for 50 000 pieces.

    Notes
    -----
    Intervals are halved until the interpolant through six Chebyshev nodes agrees with `f` at checking
    points, at least 1024 over the range: a narrower feature must be announced by a breakpoint.
    """
    edges = _edges(breakpoints, period, span, name)
    width = edges[-1] - edges[0]
    left, right = edges[:-1], edges[1:]
    checks = 1024 // len(left)
    starts, stops, coefs = [], [], []
    low, high = np.inf, -np.inf
    kept = 0
    whole = True
    while len(left):
        s = np.concatenate([_NODES, _CHECKS, _spread(checks)])
        h = right - left
        narrow = h <= _NARROWEST * width
        t = left[:, None] + h[:, None] * s
        # in a very narrow interval rounding may reach an end: stay within
        t = np.clip(t, np.nextafter(left, np.inf)[:, None], np.nextafter(right, -np.inf)[:, None])
        y = _values(f, t if whole else t[:, :_FIRST], name)
        low, high = min(low, y.min()), max(high, y.max())
        base = y[:, :1]
        powers = (y[:, : DEGREE + 1] - base) @ _TO_POWERS.T
        powers[np.abs(powers) < 1e-12 * np.abs(powers).max(axis=1, keepdims=True)] = 0.0
        at = np.vander(s, DEGREE + 1, increasing=True).T
        error = np.abs(powers @ at[:, : y.shape[1]] - (y - base)).max(axis=1)
        rise = np.ptp(y, axis=1)
        more = narrow | (error <= _allowed(rtol, low, high))
        if not whole and more.any() and len(s) > _FIRST:
            # what fails already is halved, whatever it does at the other points
            rest = _values(f, t[more, _FIRST:], name)
            low, high = min(low, rest.min()), max(high, rest.max())
            off = np.abs(powers[more] @ at[:, _FIRST:] - (rest - base[more])).max(axis=1)
            error[more] = np.maximum(error[more], off)
            rise[more] = np.ptp(np.concatenate([y[more], rest], axis=1), axis=1)
        whole = False
        good = error <= _allowed(rtol, low, high)
        narrow &= ~good
        if narrow.any():
            jump = narrow & (rise > _JUMP * (high - low))
            if jump.any():
                _refuse_jump(left[np.argmax(jump)], name)
            powers[narrow, 1:] = 0.0
            good |= narrow
        powers[:, 0] += base[:, 0]
        starts.append(left[good])
        stops.append(right[good])
        coefs.append(powers[good] / h[good, None] ** np.arange(DEGREE + 1))
        kept += int(good.sum())
        left, right = left[~good], right[~good]
        if kept + 2 * len(left) > MAX_PIECES:
            raise InputError(
                f"`{name}` is too rough near t = {left[0]:.9g} s to be followed within {rtol:g} of its range;"
                " smooth it, declare its steps and kinks in `breakpoints`, or give a Table"
            )
        middle = 0.5 * (left + right)
        left, right = np.stack([left, middle], 1).ravel(), np.stack([middle, right], 1).ravel()
        checks //= 2
    order = np.argsort(np.concatenate(starts))
    knots = np.append(np.concatenate(starts)[order], edges[-1])
    declared = _declared(breakpoints, period, edges)
    pieces = Pieces(knots, np.concatenate(coefs)[order], period, declared)
    _check_joints(pieces, high - low, max(abs(low), abs(high)), name)
    return pieces


def _allowed(rtol: float, low: float, high: float) -> float:
    """Error that a piece may have of a function in a range."""
    return float(max(_SAFETY * rtol * (high - low), _NOISE * max(abs(low), abs(high))))


def _edges(breakpoints: Any, period: float, span: tuple[float, float] | None, name: str) -> Floats:
    points = np.asarray(breakpoints, dtype=np.float64).ravel()
    if not np.isfinite(points).all():
        raise InputError(f"`breakpoints` of `{name}` must be finite, got {points.tolist()}")
    if period:
        if points.size and (points.min() < 0.0 or points.max() > period):
            raise InputError(f"`breakpoints` of `{name}` must lie between 0 and the period of {period:g} s")
        start, stop = 0.0, period
    elif span is not None:
        start, stop = map(float, span)
    elif points.size >= 2:
        start, stop = float(points.min()), float(points.max())
    else:
        raise InputError(f"`{name}` must have a period, or breakpoints at its start and its end")
    if not stop > start:
        raise InputError(f"`{name}` must have a range of time above zero, got {start:g} s to {stop:g} s")
    inside = points[(points > start) & (points < stop)]
    return np.unique(np.concatenate([[start], inside, [stop]]))


def _declared(breakpoints: Any, period: float, edges: Floats) -> Floats:
    """Breakpoints as the pieces carry them: within one period, or strictly inside the range."""
    if not period:
        return edges[1:-1]
    return np.unique(np.mod(np.asarray(breakpoints, dtype=np.float64).ravel(), period))


def _spread(count: int) -> Floats:
    """Points spread over (0, 1) without a common period, against a feature that falls between the nodes."""
    return 0.001 + 0.998 * np.mod(0.618033988749895 * np.arange(1, count + 1), 1.0)


def _values(f: Callable[[Floats], Any], t: Floats, name: str) -> Floats:
    flat = t.ravel()
    result = np.asarray(f(flat), dtype=np.float64)
    if result.shape not in ((), flat.shape):
        raise InputError(
            f"`{name}` must take an array of times and return an array of the same shape;"
            f" got the shape {result.shape} for {flat.shape}"
        )
    y = np.broadcast_to(result, flat.shape)
    bad = np.flatnonzero(~np.isfinite(y))
    if len(bad):
        where = bad[np.argmin(flat[bad])]
        raise InputError(f"`{name}` must be finite, got {y[where]} at t = {flat[where]:.9g} s")
    return y.reshape(t.shape)


def _check_joints(pieces: Pieces, rise: float, size: float, name: str) -> None:
    """Refuse a jump that falls exactly on a joint of two pieces, where neither of them sees it."""
    knots = pieces.knots[:-1] if pieces.period else pieces.knots[1:-1]
    joints = knots[~np.isin(knots, pieces.breakpoints)]
    if len(joints) == 0:
        return
    step = np.abs(pieces(joints, side="right") - pieces(joints, side="left"))
    worst = int(np.argmax(step))
    if step[worst] > _JUMP * rise + 100.0 * _NOISE * size:
        _refuse_jump(joints[worst], name)


def _refuse_jump(time: float, name: str) -> None:
    raise InputError(
        f"`{name}` jumps at t = {time:.9g} s, which is not declared; add it to `breakpoints`"
        " (or smooth the function)"
    )
