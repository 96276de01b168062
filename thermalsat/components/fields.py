"""Described attributes: each noun states a key once, with its unit, bounds, default and meaning.

A `Field` is a data descriptor. On assignment it checks the value and keeps the SI number beside the
text that was typed; on reading it gives a quantity. A field with a unit also adds the bare float to
its class, named with the unit: ``area`` is a quantity, ``area_m2`` a float.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from typing import Any, NamedTuple

import pint

from thermalsat import units
from thermalsat.errors import InputError

__all__ = [
    "Amount",
    "Angle",
    "Choice",
    "ChoiceOrAngle",
    "Count",
    "Date",
    "Difference",
    "Field",
    "Flag",
    "Fraction",
    "Number",
    "Pair",
    "Text",
    "unknown_name",
]


class _Required:
    def __repr__(self) -> str:
        return "required"


REQUIRED: Any = _Required()


class Amount(NamedTuple):
    """An SI number and the way it was written."""

    si: float
    text: str | float


def unknown_name(name: str, known: list[str], what: str) -> str:
    """The sentence for a name that does not exist, with the nearest one that does."""
    last = name.rsplit(".", 1)[-1]
    near = get_close_matches(name, known, n=1, cutoff=0.6) or get_close_matches(last, known, n=1, cutoff=0.6)
    hint = f"did you mean `{near[0]}`?" if near else "known: " + ", ".join(known)
    return f"`{name}` is not a known {what}; {hint}"


class Field:
    """One key of a noun: a plain value of some kind.

    Parameters
    ----------
    doc : str
        What it means, one line.
    default : object, optional
        Value where none is given; without it the key is required. None makes it optional.
    """

    kind = "value"
    numeric = True  # a number whose source is to be stated
    unit = ""
    name = ""

    def __init__(self, doc: str, *, default: Any = REQUIRED) -> None:
        self.doc = doc
        self.default = default

    @property
    def required(self) -> bool:
        """Whether a value must be given."""
        return self.default is REQUIRED

    @property
    def bounds(self) -> str:
        """The accepted range in words, or an empty text."""
        return ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            if self.required:
                raise AttributeError(self.name)
            return self.default
        return self.public(instance.__dict__[self.name])

    def __set__(self, instance: Any, value: Any) -> None:
        if value is None and self.default is None:
            instance.__dict__[self.name] = None
        else:
            instance.__dict__[self.name] = self.read(value, self.name)

    def read(self, value: Any, name: str) -> Any:
        """Check `value` and turn it into what is stored."""
        return value

    def public(self, stored: Any) -> Any:
        """What the attribute gives to the user."""
        return stored

    def written(self, stored: Any) -> Any:
        """What goes into a file: a text, number, truth value or list."""
        return stored

    def identity(self, stored: Any) -> Any:
        """What equality and hash look at."""
        return stored


class _United(Field):
    """A field that is kept as an SI float and a text."""

    def __init__(self, doc: str, *, default: Any = REQUIRED, low: float = -math.inf, high: float = math.inf,
                 above: float = -math.inf) -> None:  # fmt: skip
        super().__init__(doc, default=default)
        self.low, self.high, self.above = low, high, above

    @property
    def suffix(self) -> str:
        """The end of the bare float's name."""
        unit = self.unit.removeprefix("1/")
        plain = unit.replace("^", "").replace("/", "_").replace("*", "_")
        return plain if unit == self.unit else f"per_{plain}"

    @property
    def bounds(self) -> str:
        u = f" {self.unit}" if self.unit else ""
        if self.above > -math.inf:
            low = f"above {self.above:g}{u}"
            return low if self.high == math.inf else f"{low} and at most {self.high:g}{u}"
        if self.low == -math.inf:
            return "" if self.high == math.inf else f"at most {self.high:g}{u}"
        return f"at least {self.low:g}{u}" if self.high == math.inf else f"between {self.low:g} and {self.high:g}{u}"

    def __set_name__(self, owner: type, name: str) -> None:
        super().__set_name__(owner, name)
        if self.suffix:

            def bare(instance: Any) -> float | None:
                stored = instance.__dict__[name]
                return None if stored is None else stored.si

            bare.__doc__ = f"{self.doc} [{self.unit}]"
            setattr(owner, f"{name}_{self.suffix}", property(bare))

    def si(self, value: Any, name: str) -> float:
        """The SI number of `value`."""
        return units.si(value, self.unit, name)

    def read(self, value: Any, name: str) -> Amount:
        if isinstance(value, Amount):
            number, text = value
        else:
            number = self.si(value, name)
            text = _as_written(value)
        if not isinstance(number, float):
            raise InputError(f"`{name}` must be one value, got {len(number)}")
        if not (self.low <= number <= self.high and number > self.above):
            raise InputError(f"`{name}` must be {self.bounds}, got {text!r}")
        return Amount(number, text)

    def public(self, stored: Any) -> Any:
        return None if stored is None else units.from_si(stored.si, self.unit)

    def written(self, stored: Any) -> Any:
        return None if stored is None else stored.text

    def identity(self, stored: Any) -> Any:
        return None if stored is None else stored.si


def _as_written(value: Any) -> str | float:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, pint.Quantity):
        unit = f"{value.units:~C}"
        return f"{float(value.magnitude)!r} {unit}" if unit else float(value.magnitude)
    return float(value) if not isinstance(value, int) else value


class Number(_United):
    """A value with a unit; with ``"K"``, an absolute temperature."""

    kind = "quantity"

    def __init__(self, unit: str, doc: str, **bounds: Any) -> None:
        self.unit = unit
        super().__init__(doc, **bounds)


class Difference(_United):
    """A temperature difference."""

    kind = "temperature difference"
    unit = "K"

    def si(self, value: Any, name: str) -> float:
        return units.si_difference(value, name)


class Angle(_United):
    """An angle, stored in radians."""

    kind = "angle"
    unit = "rad"

    def si(self, value: Any, name: str) -> float:
        return units.si_angle(value, name)


class Fraction(_United):
    """A plain number or a percentage, between 0 and 1 unless stated; reads back as a float."""

    kind = "fraction"

    def __init__(self, doc: str, *, default: Any = REQUIRED, low: float = 0.0, high: float = 1.0,
                 above: float = -math.inf) -> None:  # fmt: skip
        super().__init__(doc, default=default, low=low, high=high, above=above)

    def si(self, value: Any, name: str) -> float:
        return units.si_fraction(value, name, self.low, self.high)

    def public(self, stored: Any) -> Any:
        return None if stored is None else stored.si


class Count(Field):
    """A whole number."""

    kind = "count"

    def __init__(self, doc: str, *, default: Any = REQUIRED, low: int = 0, high: int | None = None) -> None:
        super().__init__(doc, default=default)
        self.low, self.high = low, high

    @property
    def bounds(self) -> str:
        return f"at least {self.low}" if self.high is None else f"between {self.low} and {self.high}"

    def read(self, value: Any, name: str) -> int:
        if isinstance(value, str):
            try:
                value = int(value)
            except ValueError:
                raise InputError(f"`{name}` must be a whole number, e.g. {max(self.low, 2)}; got {value!r}") from None
        if isinstance(value, bool) or not isinstance(value, int):
            raise InputError(f"`{name}` must be a whole number, e.g. {max(self.low, 2)}; got {value!r}")
        if value < self.low or (self.high is not None and value > self.high):
            raise InputError(f"`{name}` must be {self.bounds}, got {value}")
        return value


class Pair(Count):
    """Two whole numbers."""

    kind = "pair of counts"

    def read(self, value: Any, name: str) -> Any:
        if isinstance(value, str):
            value = value.strip(" []()").replace("x", ",").split(",")
        if not isinstance(value, (list, tuple)) or len(value) != 2:
            raise InputError(f"`{name}` must be two whole numbers, e.g. [40, 6]; got {value!r}")
        item = super().read
        return tuple(item(v, f"{name}[{i}]") for i, v in enumerate(value))

    def written(self, stored: Any) -> Any:
        return list(stored)


class Flag(Field):
    """True or false."""

    kind = "flag"
    numeric = False

    def read(self, value: Any, name: str) -> bool:
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if not isinstance(value, bool):
            raise InputError(f"`{name}` must be true or false, got {value!r}")
        return value


class Text(Field):
    """Free text."""

    kind = "text"
    numeric = False

    def read(self, value: Any, name: str) -> str:
        if not isinstance(value, str):
            raise InputError(f"`{name}` must be a text in quotes, got {value!r}")
        return value


class Choice(Field):
    """One of a few words."""

    kind = "choice"
    numeric = False

    def __init__(self, options: tuple[str, ...], doc: str, *, default: Any = REQUIRED) -> None:
        super().__init__(doc, default=default)
        self.options = options

    @property
    def bounds(self) -> str:
        return "one of " + ", ".join(f'"{option}"' for option in self.options)

    def read(self, value: Any, name: str) -> Any:
        if not isinstance(value, str) or value not in self.options:
            near = get_close_matches(str(value), self.options, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            raise InputError(f"`{name}` must be {self.bounds}, got {value!r}{hint}")
        return value


class ChoiceOrAngle(Choice):
    """One of a few words, or an angle."""

    kind = "choice or angle"

    @property
    def bounds(self) -> str:
        return f"{super().bounds}, or an angle"

    def read(self, value: Any, name: str) -> Any:
        if isinstance(value, Amount) or (isinstance(value, str) and value in self.options):
            return value
        try:
            return Amount(units.si_angle(value, name), _as_written(value))
        except InputError:
            pass
        return super().read(value, name)

    def public(self, stored: Any) -> Any:
        return units.from_si(stored.si, "rad") if isinstance(stored, Amount) else stored

    def written(self, stored: Any) -> Any:
        return stored.text if isinstance(stored, Amount) else stored

    def identity(self, stored: Any) -> Any:
        return stored.si if isinstance(stored, Amount) else stored


class Date(Field):
    """A date or an instant, UTC; kept as ISO text, read back as a `datetime.datetime` in UTC."""

    kind = "date"

    def read(self, value: Any, name: str) -> str:
        if isinstance(value, datetime):
            moment = value
        elif isinstance(value, date):
            moment = datetime(value.year, value.month, value.day)
        else:
            try:
                moment = datetime.fromisoformat(value)
            except (TypeError, ValueError):
                raise InputError(f'`{name}` must be a date such as "2026-12-21", got {value!r}') from None
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        if moment - datetime(moment.year, moment.month, moment.day) == timedelta(0):
            return moment.date().isoformat()
        return moment.isoformat() + "Z"

    def public(self, stored: Any) -> Any:
        return None if stored is None else datetime.fromisoformat(stored.removesuffix("Z")).replace(tzinfo=UTC)
