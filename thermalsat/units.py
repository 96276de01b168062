"""The one door for quantities with units: text and `pint` in, SI floats inside, `pint` out.

Only string units are handed to a Quantity's own registry, so that quantities of any registry are
welcome, and the application registry is looked up at each call, so that it may be swapped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pint

from thermalsat.errors import InputError
from thermalsat.unit_text import (
    ANGLE,
    DIFFERENCE,
    FRACTION,
    TEMPERATURE,
    Kind,
    UnitsError,
    convert,
    kind_of,
    make,
    parse,
    refuse,
    show,
)

__all__ = [
    "Bare",
    "Q",
    "QuantityLike",
    "UnitsError",
    "from_si",
    "si",
    "si_angle",
    "si_difference",
    "si_fraction",
    "si_nonnegative",
    "si_positive",
    "single",
]

QuantityLike: TypeAlias = "pint.Quantity[Any] | str | Sequence[Any]"


_ANGLE_UNITS = ("radian", "degree", "arcminute", "arcsecond", "turn", "grade", "steradian")


def Q(value: Any, unit: str | None = None) -> Any:
    """Make a quantity on the application registry.

    Parameters
    ----------
    value : str, number, array_like or Quantity
        A text such as ``"27 degC"`` or ``"5.5 W/m²/K"``, or numbers that `unit` goes with. A Quantity
        is returned as it is, or converted to `unit`.
    unit : str, optional
        The unit of the numbers in `value`; ``""`` for none. With a text or a Quantity: convert to it.

    Returns
    -------
    pint.Quantity

    Raises
    ------
    UnitsError
        If there is no unit, or it is unknown, or `value` cannot be converted to it.

    Notes
    -----
    Unlike `pint`, a text with an offset unit is understood: ``"27 degC"`` is a temperature.

    Examples
    --------
    >>> print(f"{Q('120 kW').to('W'):g~P}")
    120000 W
    >>> print(f"{Q('-40 °C').to('K'):g~P}")
    233.15 K
    >>> print(f"{Q([1, 2], 'kW').m_as('W')}")
    [1000. 2000.]
    """
    if isinstance(value, str):
        value = parse(value, "value", None)
    if isinstance(value, pint.Quantity):
        return value if unit is None else convert(value, unit, "value")
    if unit is None:
        raise UnitsError(f'`value` must come with a unit, e.g. Q("120 kW") or Q(120, "kW"); got {value!r}')
    if not isinstance(value, (int, float)):
        value = np.asarray(value)
    if isinstance(value, bool) or (isinstance(value, np.ndarray) and value.dtype.kind not in "iufO"):
        raise UnitsError(f"`value` must be a number or numbers, got {value!r}")
    return make(value, unit, "value", None)


@dataclass(frozen=True, slots=True)
class Bare:
    """Numbers in the SI unit that the receiver asks for: how one layer hands its floats to another.

    Examples
    --------
    >>> si(Bare(120e3, "W"), "W", "power")
    120000.0
    """

    value: Any
    unit: str

    def __str__(self) -> str:
        return f"{show(self.value)} {self.unit}"


def from_si(x: Any, unit: str) -> Any:
    """Put `unit` on SI numbers: the one way out. The application registry is looked up now."""
    return pint.get_application_registry().Quantity(x, unit)


def si(value: Any, unit: str, name: str) -> Any:
    """Strip a quantity to SI numbers: the one way in.

    Parameters
    ----------
    value : Quantity, str, or sequence of them
        What the user gave. A text is read by the package's own parser.
    unit : str
        The SI unit wanted. ``"K"`` means an absolute temperature.
    name : str
        The argument, for messages.

    Returns
    -------
    float or ndarray of float64
        A float for a scalar, otherwise an array of the same shape.

    Raises
    ------
    UnitsError
        For a bare number, an unknown unit, another dimension, or a difference for an absolute temperature.
    InputError
        For a value that is not finite, or a temperature below absolute zero.

    Examples
    --------
    >>> si("120 kW", "W", "power")
    120000.0
    >>> si(["0 degC", "100 degC"], "K", "temperature")
    array([273.15, 373.15])
    """
    kind = kind_of(unit)
    number = _numbers(value, unit, name, kind)
    if unit == "K" and not (type(number) is float and number >= 0.0):
        _require(np.greater_equal(number, 0.0), name, "must not be below absolute zero", value)
    return number


def single(number: Any, name: str) -> float:
    """Return a stripped number that must not be an array."""
    if np.ndim(number):
        raise InputError(f"`{name}` must be one value, got {np.size(number)}")
    return float(number)


def si_positive(value: Any, unit: str, name: str) -> Any:
    """Like `si`, and every value must be above zero."""
    number = si(value, unit, name)
    if not (type(number) is float and number > 0.0):
        _require(np.greater(number, 0.0), name, "must be above zero", value)
    return number


def si_nonnegative(value: Any, unit: str, name: str) -> Any:
    """Like `si`, and no value may be below zero."""
    number = si(value, unit, name)
    if not (type(number) is float and number >= 0.0):
        _require(np.greater_equal(number, 0.0), name, "must not be negative", value)
    return number


def si_difference(value: Any, name: str) -> Any:
    """Strip a temperature difference to kelvin; ``"5 degC"`` is refused as it names a temperature.

    Examples
    --------
    >>> si_difference("5 delta_degC", "boiling_margin")
    5.0
    """
    return _numbers(value, "K", name, DIFFERENCE)


def si_fraction(value: Any, name: str, lo: float = 0.0, hi: float = 1.0) -> Any:
    """Strip a dimensionless value to a float between `lo` and `hi`: ``0.88``, ``"88 %"`` or a Quantity.

    Examples
    --------
    >>> si_fraction("30 %", "depth_of_discharge")
    0.3
    """
    number = _numbers(value, "", name, FRACTION)
    if type(number) is float and lo <= number <= hi:
        return number
    need = f"must be at least {lo:g}" if math.isinf(hi) else f"must be between {lo:g} and {hi:g}"
    _require(np.greater_equal(number, lo) & np.less_equal(number, hi), name, need, value)
    return number


def si_angle(value: Any, name: str) -> Any:
    """Strip an angle to radians; the unit is required.

    Examples
    --------
    >>> round(si_angle("90 deg", "inclination"), 6)
    1.570796
    """
    return _numbers(value, "rad", name, ANGLE)


def _numbers(value: Any, unit: str, name: str, kind: Kind) -> Any:
    """Finite SI numbers of `value`, item by item where it is a sequence."""
    if type(value) is Bare:
        if value.unit != unit:
            refuse(name, kind, show(value))
        return _finite(value.value, name, value)
    if unit == "" and type(value) is float:
        return _finite(value, name, value)
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.dtype.kind in "OU"):
        if len(value) == 0:
            raise InputError(f"`{name}` must not be empty")
        items = [_numbers(item, unit, f"{name}[{i}]", kind) for i, item in enumerate(value)]
        try:
            return np.array(items, dtype=np.float64)
        except ValueError:
            raise InputError(f"`{name}` must be a regular array; its items differ in length") from None
    if isinstance(value, (bool, np.bool_)) or value is None:
        refuse(name, kind, repr(value))
    if isinstance(value, str):
        value = parse(value, name, kind)
    if isinstance(value, pint.Quantity):
        _check_flavour(value, name, kind)
        number = convert(value, unit, name, kind).magnitude
    elif unit == "" and isinstance(value, (int, float, np.number, np.ndarray)):
        number = value
    else:
        refuse(name, kind, show(value))
    if isinstance(number, (bool, np.bool_)) or np.asarray(number).dtype.kind not in "iuf":
        refuse(name, kind, show(value))
    return _finite(number, name, value)


def _finite(number: Any, name: str, value: Any) -> Any:
    """Return a float, or a new float64 array, that is finite; `value` is what the user gave."""
    if isinstance(number, float) and math.isfinite(number):
        return float(number)
    array = np.array(number, dtype=np.float64)
    _require(np.isfinite(array), name, "must be finite", value)
    return array if array.ndim else float(array)


def _require(ok: Any, name: str, need: str, value: Any) -> None:
    """Refuse a value, or the first wrong one of many, where `ok` does not hold."""
    if np.all(ok):
        return
    if np.ndim(ok):
        where = tuple(int(i) for i in np.argwhere(~np.asarray(ok))[0])
        name += "[" + ", ".join(map(str, where)) + "]"
        for i in where:
            value = value[i]
    raise InputError(f"`{name}` {need}, got {show(value)}")


def _check_flavour(q: Any, name: str, kind: Kind) -> None:
    """Keep apart what `pint` lets through: absolute and difference, angle and fraction."""
    units = [(str(unit), power) for unit, power in q.unit_items()]
    names = [unit for unit, _ in units]
    if kind is TEMPERATURE and any(unit.startswith("delta_") for unit in names):
        raise UnitsError(
            f'`{name}` must be an absolute temperature, e.g. "27 degC" or "300 K";'
            f" got {show(q)}, which is a difference"
        )
    is_kelvin = len(units) == 1 and q.dimensionality == {"[temperature]": 1}
    if kind is DIFFERENCE and is_kelvin and q.__class__(0.0, q.units).m_as("K") != 0.0:
        raise UnitsError(
            f'`{name}` must be a temperature difference, e.g. "5 K" or "5 delta_degC";'
            f" got {show(q)}, which is a temperature"
        )
    if q.dimensionless:
        angular = any(unit.endswith(_ANGLE_UNITS) for unit in names)
        if kind is ANGLE and not (angular and len(units) == 1 and units[0][1] == 1):
            refuse(name, kind, show(q))
        if kind is FRACTION and angular:
            refuse(name, kind, show(q))
