"""Texts and units: the parser of ``"120 kW"``, what to call a dimension, and what to say of a wrong one."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any, NoReturn, TypeAlias

import numpy as np
import pint

from thermalsat.errors import InputError

__all__ = [
    "ANGLE",
    "DIFFERENCE",
    "FRACTION",
    "TEMPERATURE",
    "Kind",
    "UnitsError",
    "convert",
    "kind_of",
    "make",
    "parse",
    "refuse",
    "show",
]

Kind: TypeAlias = tuple[str, str, str]


class UnitsError(InputError, pint.errors.PintTypeError):
    """A unit is missing, unknown or of the wrong dimension. A TypeError and a ValueError."""


# SI unit -> (what the dimension is called, a unit people write, a plausible number)
_KINDS: dict[str, Kind] = {
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
DIFFERENCE = ("a temperature difference", "K", "5")
ANGLE = ("an angle", "deg", "28.5")
FRACTION = ("a plain number or a percentage", "%", "30")
TEMPERATURE = _KINDS["K"]

# fmt: off
_COMMON_UNITS = [
    "W", "kW", "MW", "W/m^2", "kW/m^2", "W/m", "W/m^2/K", "W/m/K", "W/K", "K/W", "watt", "kilowatt",
    "m", "mm", "cm", "km", "m^2", "cm^2", "m^3", "meter", "K", "degC", "degF", "delta_degC", "kelvin",
    "s", "min", "h", "second", "minute", "hour", "day", "year", "J", "kJ", "MJ", "Wh", "kWh", "Wh/kg",
    "J/kg/K", "J/K", "J/kg", "kg", "g", "kg/s", "g/s", "kg/m^2", "kg/m^3", "Pa", "kPa", "bar", "MPa",
    "deg", "rad", "percent", "%",
]
# fmt: on
_ALIASES = {"kelvins": "K", "c": "degC", "f": "degF", "degrees": "deg", "sec": "s", "mins": "min"}

_NUMBER = re.compile(r"\s*([+-]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*$", re.DOTALL)
_GLYPHS = str.maketrans({"−": "-", "·": "*", "⋅": "*", "×": "*", "\u00a0": " ", "\u202f": " ", "℃": "°C"})


def kind_of(unit: str) -> Kind:
    """Return what the dimension of an SI unit is called, a unit people write, a plausible number."""
    return _KINDS.get(unit) or (f"a value in {unit}", unit, "1")


def parse(text: str, name: str, kind: Kind | None) -> Any:
    """Read ``"<number> <unit>"``: `pint` itself refuses offset units in a text."""
    match = _NUMBER.match(text.translate(_GLYPHS))
    if match is None:
        if kind is None:
            raise UnitsError(f'`{name}` must be a number and a unit, e.g. "120 kW"; got {text!r}')
        refuse(name, kind, repr(text))
    number, unit = match.groups()
    if unit == "" and kind is not FRACTION:
        if kind is None:
            raise UnitsError(f'`{name}` must have a unit, e.g. "{text.strip()} kW"; got {text!r}')
        refuse(name, kind, repr(text), number)
    return make(float(number), unit, name, kind)


def make(number: Any, unit: str, name: str, kind: Kind | None) -> Any:
    """Make a quantity on the application registry."""
    try:
        return pint.get_application_registry().Quantity(number, unit.translate(_GLYPHS))
    except pint.errors.UndefinedUnitError as error:
        unknown = error.unit_names[0]
        raise UnitsError(f"`{name}` has an unknown unit {unknown!r}{_suggestion(unknown)}") from None
    except Exception:  # whatever the parser of `pint` raises for a broken text
        example = "W/m^2/K" if kind is None else kind[1]
        message = f'`{name}` has a unit that cannot be read: {unit!r}; write it like "{example}"'
        raise UnitsError(message) from None


def convert(q: Any, unit: str, name: str, kind: Kind | None = None) -> Any:
    """Convert a quantity by its own registry."""
    try:
        return q.to(unit)
    except (pint.errors.DimensionalityError, pint.errors.OffsetUnitCalculusError) as error:
        # pint holds the error in a frame of the error's own traceback, which would keep every caller's arrays
        error.__traceback__ = None
        if kind is None:
            raise UnitsError(f"`{name}` cannot be converted to {unit!r}; got {show(q)}") from None
        refuse(name, kind, f"{show(q)} ({q.dimensionality})")
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


def refuse(name: str, kind: Kind, got: str, number: str | None = None) -> NoReturn:
    """Raise the error that names the argument, what it must be, what to type and what was given."""
    what, unit, plausible = kind
    if number is None and re.fullmatch(r"[+-]?[\d.]+(e[+-]?\d+)?", got):
        number = got
    number = number or plausible
    hint = ""
    if unit == "degC" and re.search(r"\b(coulomb|farad)\b|[\d ][CF]\b", got):
        hint = "; write degC or degF for Celsius and Fahrenheit"
    if kind is FRACTION:
        raise UnitsError(f'`{name}` must be {what}, e.g. 0.3 or "30 %"; got {got}')
    example = f'"{number} {unit}" or Q({number}, "{unit}")'
    raise UnitsError(f"`{name}` must be {what} with a unit, e.g. {example}; got {got}{hint}")


def show(value: Any) -> str:
    """Return a value as a message shows it."""
    if isinstance(value, pint.Quantity):
        if np.ndim(value.magnitude) == 0:
            return f"{value:~P}"
        return f"{show(np.asarray(value.magnitude))} {value.units:~P}"
    if isinstance(value, np.ndarray):
        return np.array2string(value, threshold=6, edgeitems=2)
    return repr(value) if isinstance(value, str) else str(value)
