"""From one bundle to another of the same form: what differs, in terms of coefficients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from thermalsat.bundle import Bundle
from thermalsat.errors import InputError

from .adjoint import COEFFICIENTS

__all__ = ["change"]

Floats = NDArray[np.float64]
FORCING = ("forcing_knots", "forcing_coef", "forcing_period", "forcing_ptr", "boundary_forcing")


def change(a: Bundle, b: Bundle, slopes: Mapping[str, Floats]) -> float:
    """Return ``sum of slopes x (coefficients of b - coefficients of a)``.

    Forcings of boundaries may differ by their level, those of loads by a factor.

    Raises
    ------
    InputError
        When the bundles differ in anything else.
    """
    for spec in fields(Bundle):
        known = spec.name in COEFFICIENTS or spec.name in FORCING
        if not known and not np.array_equal(getattr(a, spec.name), getattr(b, spec.name)):
            raise _other_form(f"`{spec.name}` differs")
    if len(a.forcing_period) != len(b.forcing_period):
        raise _other_form("it has another number of forcings")
    found = 0.0
    pairs = zip(a.boundary_forcing.tolist(), b.boundary_forcing.tolist(), strict=True)
    for slope, (before, after) in zip(slopes["boundary"].tolist(), pairs, strict=True):
        found += slope * _level(*_pieces(a, b, before, after))
    for name in COEFFICIENTS[:-1]:
        found += float(slopes[name] @ (getattr(b, name) - getattr(a, name)))
    for group in ("s", "ps"):
        coefficient = f"{group}_coef"
        loads = slopes[coefficient] * getattr(a, coefficient)
        driven = getattr(a, f"{group}_forcing")
        for k in np.unique(driven[driven >= 0]).tolist():
            found += (_factor(*_pieces(a, b, k, k)) - 1.0) * float(loads[driven == k].sum())
    return found


def _pieces(a: Bundle, b: Bundle, before: int, after: int) -> tuple[Floats, Floats]:
    """Return the polynomials of two forcings with the same pieces."""
    found = []
    for bundle, k in ((a, before), (b, after)):
        first, last = bundle.forcing_ptr[k], bundle.forcing_ptr[k + 1]
        knots = bundle.forcing_knots[first + k : last + k + 1]
        found.append((knots, bundle.forcing_coef[first:last], bundle.forcing_period[k]))
    (knots, one, period), (other_knots, other, other_period) = found
    if not np.array_equal(knots, other_knots) or period != other_period:
        raise _other_form("a forcing has other pieces")
    return one, other


def _level(one: Floats, other: Floats) -> float:
    rise = other - one
    level = float(rise[0, 0])
    rise[:, 0] -= level
    if not _vanishes(rise, one):
        raise _other_form("a boundary's temperature differs by more than its level")
    return level


def _factor(one: Floats, other: Floats) -> float:
    largest = np.unravel_index(int(np.argmax(np.abs(one))), one.shape)
    factor = 1.0 if one[largest] == 0.0 else float(other[largest] / one[largest])
    if not _vanishes(other - factor * one, one):
        raise _other_form("a load differs by more than a factor")
    return factor


def _vanishes(rest: Floats, beside: Floats) -> bool:
    """Whether a difference of polynomials is no more than rounding, power by power."""
    return bool(np.all(np.abs(rest) <= 1e-9 * np.abs(beside).max(axis=0)))


def _other_form(why: str) -> InputError:
    return InputError(f"`other` must be the same network with other values, but {why}")
