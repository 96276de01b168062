"""The one door for quantities with units: text and `pint` in, SI floats inside, `pint` out.

Only string units are handed to a Quantity's own registry, so that quantities of any registry are
welcome, and the application registry is looked up at each call, so that it may be swapped.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, NoReturn, TypeAlias

import numpy as np
import pint

from thermalsat.errors import InputError

__all__ = [
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
]

QuantityLike: TypeAlias = "pint.Quantity[Any] | str | Sequence[Any]"


class UnitsError(InputError, pint.errors.PintTypeError):
    """A unit is missing, unknown or of the wrong dimension. A TypeError and a ValueError."""


# SI unit -> (what the dimension is called, a unit people write, a plausible number)
_KINDS: dict[str, tuple[str, str, str]] = {
    "m": ("a length", "m", "1.5"),
    "m^2": ("an area", "m^2", "110"),
    "m^3": ("a volume", "m^3", "0.02"),
    "kg": ("a mass", "kg", "1360"),
    "s": ("a duration", "min", "10"),
    "K": ("an absolute temperature", "degC", "27"),
    "W": ("a power", "kW", "120"),
    "J": ("an energy", "kWh", "80"),
    "Pa": ("a pressure", "bar", "36"),
    "J/K": ("a heat capacity", "J/K", "350e3"),
    "J/kg": ("a specific energy", "kJ/kg", "1200"),
    "J/kg/K": ("a specific heat", "J/kg/K", "900"),
    "J/m^2/K": ("a heat capacity per area", "J/m^2/K", "4000"),
    "W/K": ("a thermal conductance", "W/K", "5"),
    "K/W": ("a thermal resistance", "K/W", "0.02"),
    "W/m": ("a power per length", "W/m", "10"),
    "W/m^2": ("a heat flux", "W/m^2", "250"),
    "W/m^3": ("a power per volume", "W/m^3", "4e4"),
    "W/m/K": ("a conductivity or conductance per length", "W/m/K", "180"),
    "W/m^2/K": ("a heat transfer coefficient", "W/m^2/K", "750"),
    "W/K^4": ("a radiative conductance", "W/K^4", "1e-8"),
    "kg/s": ("a mass flow", "kg/s", "2.6"),
    "kg/m": ("a mass per length", "kg/m", "0.1"),
    "kg/m^2": ("a mass per area", "kg/m^2", "8"),
    "kg/m^3": ("a density", "kg/m^3", "2700"),
    "m/s": ("a velocity", "m/s", "1"),
    "Pa*s": ("a viscosity", "Pa*s", "1e-4"),
    "1/K": ("a coefficient per kelvin", "1/K", "-0.0023"),
    "1/s": ("a rate per time", "1/year", "0.01"),
    "rad/s": ("an angular rate", "deg/s", "0.06"),
}
_DIFFERENCE = ("a temperature difference", "K", "5")
_ANGLE = ("an angle", "deg", "28.5")

# fmt: off
_COMMON_UNITS = [
    "W", "kW", "MW", "mW", "W/m^2", "kW/m^2", "W/m", "W/m^2/K", "W/m/K", "W/K", "K/W", "watt", "kilowatt",
    "m", "mm", "cm", "km", "m^2", "cm^2", "m^3", "meter", "K", "degC", "degF", "delta_degC", "kelvin",
    "s", "min", "h", "second", "minute", "hour", "day", "year", "J", "kJ", "MJ", "Wh", "kWh", "Wh/kg",
    "J/kg/K", "J/K", "J/kg", "kg", "g", "kg/s", "g/s", "kg/m^2", "kg/m^3", "Pa", "kPa", "bar", "MPa",
    "deg", "rad", "percent", "%",
]
# fmt: on
_ALIASES = {"kelvins": "K", "c": "degC", "f": "degF", "degrees": "deg", "sec": "s", "secs": "s", "mins": "min"}
_ANGLE_UNITS = ("radian", "degree", "arcminute", "arcsecond", "turn", "grade", "steradian")

_NUMBER = re.compile(r"\s*([+-]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*$", re.DOTALL)
_GLYPHS = str.maketrans({"−": "-", "·": "*", "⋅": "*", "×": "*", "\u00a0": " ", "\u202f": " ", "℃": "°C", "µ": "µ"})


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
        value = _parse(value, "value", None)
    if isinstance(value, pint.Quantity):
        return value if unit is None else _converted(value, unit, "value")
    if unit is None:
        raise UnitsError(f'`value` must come with a unit, e.g. Q("120 kW") or Q(120, "kW"); got {value!r}')
    if not isinstance(value, (int, float)):
        value = np.asarray(value)
    if isinstance(value, bool) or (isinstance(value, np.ndarray) and value.dtype.kind not in "iufO"):
        raise UnitsError(f"`value` must be a number or numbers, got {value!r}")
    return _quantity(value, unit, "value", None)


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
        For a bare number, an unknown unit, another dimension, or a difference where an absolute
        temperature is wanted.
    InputError
        For a value that is not finite, or a temperature below absolute zero.

    Examples
    --------
    >>> si("120 kW", "W", "power")
    120000.0
    >>> si(["0 degC", "100 degC"], "K", "temperature")
    array([273.15, 373.15])
    """
    kind = _kind(unit)
    number = _numbers(value, unit, name, kind)
    if unit == "K" and np.any(np.less(number, 0.0)):
        raise InputError(f"`{name}` must not be below absolute zero, got {_show(value)}")
    return number


def si_positive(value: Any, unit: str, name: str) -> Any:
    """Like `si`, and every value must be above zero."""
    number = si(value, unit, name)
    if not np.all(np.greater(number, 0.0)):
        raise InputError(f"`{name}` must be above zero, got {_show(value)}")
    return number


def si_nonnegative(value: Any, unit: str, name: str) -> Any:
    """Like `si`, and no value may be below zero."""
    number = si(value, unit, name)
    if not np.all(np.greater_equal(number, 0.0)):
        raise InputError(f"`{name}` must not be negative, got {_show(value)}")
    return number


def si_difference(value: Any, name: str) -> Any:
    """Strip a temperature difference to kelvin; ``"5 degC"`` is refused as it names a temperature.

    Examples
    --------
    >>> si_difference("5 delta_degC", "boiling_margin")
    5.0
    """
    return _numbers(value, "K", name, _DIFFERENCE)


def si_fraction(value: Any, name: str, lo: float = 0.0, hi: float = 1.0) -> Any:
    """Strip a dimensionless value to a float between `lo` and `hi`: ``0.88``, ``"88 %"`` or a Quantity.

    Examples
    --------
    >>> si_fraction("30 %", "depth_of_discharge")
    0.3
    """
    number = _numbers(value, "", name, ("a plain number or a percentage", "%", "30"))
    if not (np.all(np.greater_equal(number, lo)) and np.all(np.less_equal(number, hi))):
        if math.isinf(hi):
            raise InputError(f"`{name}` must be at least {lo:g}, got {_show(value)}")
        raise InputError(f"`{name}` must be between {lo:g} and {hi:g}, got {_show(value)}")
    return number


def si_angle(value: Any, name: str) -> Any:
    """Strip an angle to radians; the unit is required.

    Examples
    --------
    >>> round(si_angle("90 deg", "inclination"), 6)
    1.570796
    """
    return _numbers(value, "rad", name, _ANGLE)


def _kind(unit: str) -> tuple[str, str, str]:
    return _KINDS.get(unit) or (f"a value in {unit}", unit, "1")


def _numbers(value: Any, unit: str, name: str, kind: tuple[str, str, str]) -> Any:
    """Finite SI numbers of `value`, item by item where it is a sequence."""
    if isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.dtype.kind in "OU"):
        if len(value) == 0:
            raise InputError(f"`{name}` must not be empty")
        items = [_numbers(item, unit, f"{name}[{i}]", kind) for i, item in enumerate(value)]
        try:
            return np.array(items, dtype=np.float64)
        except ValueError:
            raise InputError(f"`{name}` must be a regular array; its items differ in length") from None
    if isinstance(value, (bool, np.bool_)) or value is None:
        _refuse(name, kind, repr(value))
    if isinstance(value, str):
        value = _parse(value, name, kind)
    if isinstance(value, pint.Quantity):
        _check_flavour(value, name, kind)
        number = _converted(value, unit, name, kind).magnitude
    elif unit == "" and isinstance(value, (int, float, np.number, np.ndarray)):
        number = value
    else:
        _refuse(name, kind, repr(value))
    if isinstance(number, (bool, np.bool_)) or np.asarray(number).dtype.kind not in "iuf":
        _refuse(name, kind, repr(value))
    array = np.array(number, dtype=np.float64)
    if not np.isfinite(array).all():
        raise InputError(f"`{name}` must be finite, got {_show(value)}")
    return array if array.ndim else float(array)


def _check_flavour(q: Any, name: str, kind: tuple[str, str, str]) -> None:
    """Keep apart what `pint` lets through: absolute and difference, angle and fraction."""
    units = [(str(unit), power) for unit, power in q.unit_items()]
    names = [unit for unit, _ in units]
    if kind is _KINDS["K"] and any(unit.startswith("delta_") for unit in names):
        raise UnitsError(
            f'`{name}` must be an absolute temperature, e.g. "27 degC" or "300 K";'
            f" got {_show(q)}, which is a difference"
        )
    is_kelvin = len(units) == 1 and q.dimensionality == {"[temperature]": 1}
    if kind is _DIFFERENCE and is_kelvin and q.__class__(0.0, q.units).m_as("K") != 0.0:
        raise UnitsError(
            f'`{name}` must be a temperature difference, e.g. "5 K" or "5 delta_degC";'
            f" got {_show(q)}, which is a temperature"
        )
    if q.dimensionless:
        angular = any(unit.endswith(_ANGLE_UNITS) for unit in names)
        if kind is _ANGLE and not (angular and len(units) == 1 and units[0][1] == 1):
            _refuse(name, kind, _show(q))
        if kind[1] == "%" and angular:
            _refuse(name, kind, _show(q))


def _parse(text: str, name: str, kind: tuple[str, str, str] | None) -> Any:
    """Read ``"<number> <unit>"``: `pint` itself refuses offset units in a text."""
    match = _NUMBER.match(text.translate(_GLYPHS))
    if match is None:
        if kind is None:
            raise UnitsError(f'`{name}` must be a number and a unit, e.g. "120 kW"; got {text!r}')
        _refuse(name, kind, repr(text))
    number, unit = match.groups()
    if unit == "" and (kind is None or kind[1] != "%"):
        if kind is None:
            raise UnitsError(f'`{name}` must have a unit, e.g. "{text.strip()} kW"; got {text!r}')
        _refuse(name, kind, repr(text), number)
    return _quantity(float(number), unit, name, kind)


def _quantity(number: Any, unit: str, name: str, kind: tuple[str, str, str] | None) -> Any:
    try:
        return pint.get_application_registry().Quantity(number, unit.translate(_GLYPHS))
    except pint.errors.UndefinedUnitError as error:
        unknown = error.unit_names[0]
        raise UnitsError(f"`{name}` has an unknown unit {unknown!r}{_suggestion(unknown)}") from None
    except Exception:  # whatever the parser of `pint` raises for a broken text
        example = "W/m^2/K" if kind is None else kind[1]
        raise UnitsError(f'`{name}` has a unit that cannot be read: {unit!r}; write it like "{example}"') from None


def _converted(q: Any, unit: str, name: str, kind: tuple[str, str, str] | None = None) -> Any:
    try:
        return q.to(unit)
    except (pint.errors.DimensionalityError, pint.errors.OffsetUnitCalculusError):
        if kind is None:
            raise UnitsError(f"`{name}` cannot be converted to {unit!r}; got {_show(q)}") from None
        _refuse(name, kind, f"{_show(q)} ({q.dimensionality})")
    except pint.errors.UndefinedUnitError as error:
        unknown = error.unit_names[0]
        raise UnitsError(f"`unit` {unknown!r} is unknown{_suggestion(unknown)}") from None


def _suggestion(unknown: str) -> str:
    lower = unknown.lower()
    spelt = {unit.lower(): unit for unit in _COMMON_UNITS} | _ALIASES
    near = spelt.get(lower) or spelt.get(lower.rstrip("s"))
    if near is None and re.fullmatch(r"[A-Za-z]+[234]", unknown):
        near = f"{unknown[:-1]}^{unknown[-1]}"
    if near is None:
        close = get_close_matches(lower, spelt, n=1, cutoff=0.5)
        near = spelt[close[0]] if close else None
    return f"; did you mean {near!r}?" if near else ""


def _refuse(name: str, kind: tuple[str, str, str], got: str, number: str | None = None) -> NoReturn:
    what, unit, example = kind
    if number is None and re.fullmatch(r"[+-]?[\d.]+(e[+-]?\d+)?", got):
        number = got
    number = number or example
    hint = ""
    if unit == "degC" and re.search(r"\b(coulomb|farad)\b|[\d ][CF]\b", got):
        hint = "; write degC or degF for Celsius and Fahrenheit"
    if unit == "%":
        raise UnitsError(f'`{name}` must be {what}, e.g. 0.3 or "30 %"; got {got}')
    raise UnitsError(
        f'`{name}` must be {what} with a unit, e.g. "{number} {unit}" or Q({number}, "{unit}"); got {got}{hint}'
    )


def _show(value: Any) -> str:
    if isinstance(value, pint.Quantity):
        return f"{value:~P}" if np.ndim(value.magnitude) == 0 else f"{value.magnitude} {value.units:~P}"
    return repr(value) if isinstance(value, str) else str(value)
