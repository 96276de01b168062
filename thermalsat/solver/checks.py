"""What is refused before any step is taken, with names and values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from thermalsat.bundle import Bundle
from thermalsat.errors import InputError
from thermalsat.pieces import Pieces

from .islands import islands
from .transient import MIN_TOLERANCE_K

__all__ = [
    "check_balances",
    "check_bundle",
    "check_coverage",
    "check_period",
    "check_positive",
    "check_times",
    "check_tolerance",
    "common_period",
]

Floats = NDArray[np.float64]


def check_bundle(b: Bundle, describe: Callable[[int], str]) -> None:
    """Refuse negative capacities and numbers that are not finite.

    Raises
    ------
    InputError
        Names the first bad unknown or array.
    """
    bad = np.flatnonzero(~(b.capacity >= 0.0) | np.isinf(b.capacity))
    if len(bad):
        i = int(bad[0])
        raise InputError(
            f"`heat_capacity` of {describe(i)} must be finite and not negative, got {b.capacity[i]:g}"
        )
    for spec in fields(b):
        values = getattr(b, spec.name)
        if isinstance(values, np.ndarray) and values.dtype == np.float64 and not np.isfinite(values).all():
            where = int(np.argmin(np.isfinite(values).ravel()))
            raise InputError(
                f"`{spec.name}` must be finite, got {values.ravel()[where]} at its entry {where}"
            )


def check_balances(b: Bundle, describe: Callable[[int], str]) -> None:
    """Refuse unknowns without heat capacity that are joined to nothing which could set their temperature.

    Raises
    ------
    InputError
        Names them.
    """
    if (b.capacity > 0.0).all():
        return
    alone = islands(b, storing=True)
    if alone:
        named = list(dict.fromkeys(describe(int(i)) for members in alone for i in members))
        text = ", ".join(named[:6]) + (f" and {len(named) - 6} more" if len(named) > 6 else "")
        raise InputError(
            f"`heat_capacity` of {text} is zero, and nothing with a heat capacity or a given temperature is "
            "joined to it; give it one, couple it, or leave it out"
        )


def check_tolerance(tolerance_K: float, name: str = "tolerance") -> None:
    """Refuse what rounding makes out of reach."""
    if not tolerance_K >= MIN_TOLERANCE_K:
        raise InputError(f"`{name}` must be at least {MIN_TOLERANCE_K:g} K, got {tolerance_K:g} K")


def check_positive(value: float, name: str, unit: str) -> None:
    """Refuse a length that is not a finite number above zero."""
    if not (value > 0.0 and np.isfinite(value)):
        raise InputError(f"`{name}` must be finite and above zero, got {value:g} {unit}")


def check_coverage(forcings: Mapping[str, Pieces], start_s: float, stop_s: float) -> None:
    """Refuse forcings whose tables end within the run."""
    for name, pieces in forcings.items():
        if not pieces.covers(start_s, stop_s):
            raise InputError(
                f"`{name}` must be known from {start_s:g} s to {stop_s:g} s, its table covers "
                f"{pieces.knots[0]:g} s to {pieces.knots[-1]:g} s; extend it or give it a `period`"
            )


def check_period(forcings: Mapping[str, Pieces], period_s: float) -> None:
    """Refuse a period that is no multiple of each forcing's own."""
    for name, pieces in forcings.items():
        if pieces.period and not _divides(pieces.period, period_s):
            raise InputError(
                f"`period` must be a multiple of the period of {name!r}, {pieces.period:g} s; "
                f"got {period_s:g} s"
            )


def common_period(forcings: Mapping[str, Pieces]) -> float:
    """Longest period of the forcings [s], of which the others are parts; 0 without forcings.

    Raises
    ------
    InputError
        For a forcing without period, or periods that do not fit.
    """
    if not forcings:
        return 0.0
    for name, pieces in forcings.items():
        if not pieces.period:
            raise InputError(f"`mean` must have periodic forcings, {name!r} has no `period`")
    longest = max(pieces.period for pieces in forcings.values())
    for name, pieces in forcings.items():
        if not _divides(pieces.period, longest):
            raise InputError(
                f"`mean` must have periods that fit into each other, got {longest:g} s and "
                f"{pieces.period:g} s of {name!r}"
            )
    return longest


def check_times(times_s: Floats, start_s: float, end_s: float) -> Floats:
    """Return the sample times, refused unless they increase within the run."""
    times = np.atleast_1d(np.asarray(times_s, dtype=np.float64))
    slack = 1e-12 * max(abs(start_s), abs(end_s))
    ok = times.ndim == 1 and len(times) and np.isfinite(times).all() and np.all(np.diff(times) > 0.0)
    if not ok or times[0] < start_s - slack or times[-1] > end_s + slack:
        got = f"{times[0]:g} s to {times[-1]:g} s" if times.ndim == 1 and len(times) else "none"
        raise InputError(f"`times` must increase from {start_s:g} s to {end_s:g} s at most, got {got}")
    return np.clip(times, start_s, end_s)


def _divides(part: float, whole: float) -> bool:
    turns = whole / part
    return round(turns) >= 1 and abs(turns - round(turns)) <= 1e-9 * turns
