"""What the questions refuse before any work."""

from __future__ import annotations

from os import PathLike, fspath
from typing import Any

import numpy as np

from thermalsat.errors import InputError
from thermalsat.satellite import Satellite
from thermalsat.solver.checks import check_tolerance
from thermalsat.units import QuantityLike, si_difference, single

__all__ = ["asked_of", "each_of", "kelvins"]

_SHOWN = 60


def asked_of(sat: Any, name: str = "sat") -> Satellite:
    """Return the satellite that a question is asked of.

    Parameters
    ----------
    sat : Satellite
        What was given.
    name : str
        The argument, for messages.

    Raises
    ------
    InputError
        For anything else: what was given, and what to type.

    Examples
    --------
    >>> asked_of("leo-53")
    Traceback (most recent call last):
    thermalsat.errors.InputError: `sat` must be a Satellite, got the str 'leo-53'; type \
ts.designs.load("leo-53")
    """
    if isinstance(sat, Satellite):
        return sat
    shown = repr(sat)
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
    given = shown if sat is None else f"the {type(sat).__name__} {shown}"
    raise InputError(f"`{name}` must be a Satellite, got {given}; type {_typed(sat)}")


def kelvins(tolerance: QuantityLike, name: str = "tolerance") -> float:
    """Return a tolerance [K], one value within what rounding leaves in reach.

    Examples
    --------
    >>> kelvins("10 mK")
    0.01
    """
    number = single(si_difference(tolerance, name), name)
    check_tolerance(number, name)
    return number


def each_of(values: Any, name: str) -> list[Any]:
    """Return the items of a sequence of quantities; one alone is a sequence of one.

    Examples
    --------
    >>> each_of("1 m", "offsets")
    ['1 m']
    """
    if isinstance(values, str) or (hasattr(values, "magnitude") and np.ndim(values.magnitude) == 0):
        return [values]
    try:
        return list(values)
    except TypeError:
        raise InputError(f"`{name}` must be a sequence of quantities, got {values!r}") from None


def _typed(sat: Any) -> str:
    """Return what to type for a satellite instead of what was given."""
    from thermalsat import designs

    if isinstance(sat, str) and sat in designs.names():
        return f'ts.designs.load("{sat}")'
    if isinstance(sat, PathLike) or (isinstance(sat, str) and sat.endswith(".toml")):
        return f'ts.Satellite.from_file("{fspath(sat)!s}")'
    return 'ts.designs.load("leo-53") or ts.Satellite.from_file("design.toml")'
