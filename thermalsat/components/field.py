"""Described attributes: each noun states a key once, with its unit, bounds, default and meaning.

A `Field` is a data descriptor. On assignment it checks the value and keeps the SI number beside the
text that was typed; on reading it gives a quantity. A field with a unit also adds the bare float to
its class, named with the unit: ``area`` is a quantity, ``area_m2`` a float.
"""

from __future__ import annotations

import math
from difflib import get_close_matches
from typing import Any, NamedTuple

import pint

from thermalsat import units
from thermalsat.errors import InputError

__all__ = ["REQUIRED", "Amount", "Field", "United", "as_written", "unknown_name"]


class _Required:
    def __repr__(self) -> str:
        return "required"


_LISTED = 20

REQUIRED: Any = _Required()


class Amount(NamedTuple):
    """An SI number and the way it was written."""

    si: float
    text: str | float


def unknown_name(name: str, known: list[str], what: str) -> str:
    """Return the sentence for a name that does not exist, with the nearest one that does."""
    last = name.rsplit(".", 1)[-1]
    near = get_close_matches(name, known, n=1, cutoff=0.6) or get_close_matches(last, known, n=1, cutoff=0.6)
    alike = [one for one in known if one.endswith(f".{last}")] or known
    hint = f"did you mean `{near[0]}`?" if near else "known: " + ", ".join(alike[:_LISTED])
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
        """Return what the attribute gives to the user."""
        return stored

    def written(self, stored: Any) -> Any:
        """Return what goes into a file: a text, number, truth value or list."""
        return stored

    def identity(self, stored: Any) -> Any:
        """Return what equality and hash look at."""
        return stored


class United(Field):
    """A field that is kept as an SI float and a text."""

    def __init__(
        self,
        doc: str,
        *,
        default: Any = REQUIRED,
        low: float = -math.inf,
        high: float = math.inf,
        above: float = -math.inf,
    ) -> None:
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
        """See `Field.bounds`."""
        u = f" {self.unit}" if self.unit else ""
        if self.above > -math.inf:
            low = f"above {self.above:g}{u}"
            return low if self.high == math.inf else f"{low} and at most {self.high:g}{u}"
        if self.low == -math.inf:
            return "" if self.high == math.inf else f"at most {self.high:g}{u}"
        return (
            f"at least {self.low:g}{u}"
            if self.high == math.inf
            else f"between {self.low:g} and {self.high:g}{u}"
        )

    def __set_name__(self, owner: type, name: str) -> None:
        super().__set_name__(owner, name)
        if self.suffix:

            def bare(instance: Any) -> float | None:
                stored = instance.__dict__[name]
                return None if stored is None else stored.si

            bare.__doc__ = f"{self.doc} [{self.unit}]"
            setattr(owner, f"{name}_{self.suffix}", property(bare))

    def si(self, value: Any, name: str) -> float:
        """Return the SI number of `value`."""
        return units.si(value, self.unit, name)

    def read(self, value: Any, name: str) -> Amount:
        """See `Field.read`."""
        if isinstance(value, Amount):
            number, text = value
        else:
            number = units.single(self.si(value, name), name)
            text = as_written(value)
        if not (self.low <= number <= self.high and number > self.above):
            raise InputError(f"`{name}` must be {self.bounds}, got {text!r}")
        return Amount(number, text)

    def public(self, stored: Any) -> Any:
        """See `Field.public`."""
        return None if stored is None else units.from_si(stored.si, self.unit)

    def written(self, stored: Any) -> Any:
        """See `Field.written`."""
        return None if stored is None else stored.text

    def identity(self, stored: Any) -> Any:
        """See `Field.identity`."""
        return None if stored is None else stored.si


def as_written(value: Any) -> str | float:
    """Return a quantity as a text, and a text or number as it is."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, pint.Quantity):
        unit = f"{value.units:~C}"
        return f"{float(value.magnitude)!r} {unit}" if unit else float(value.magnitude)
    return float(value) if not isinstance(value, int) else value
