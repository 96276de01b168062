"""The kinds of described attributes: quantities, fractions, counts, words, dates."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from thermalsat import units
from thermalsat.components.field import REQUIRED, Amount, Field, United, as_written, unknown_name
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


class Number(United):
    """A value with a unit; with ``"K"``, an absolute temperature."""

    kind = "quantity"

    def __init__(self, unit: str, doc: str, **bounds: Any) -> None:
        self.unit = unit
        super().__init__(doc, **bounds)


class Difference(United):
    """A temperature difference."""

    kind = "temperature difference"
    unit = "K"

    def si(self, value: Any, name: str) -> float:
        """See `Number.si`."""
        return units.si_difference(value, name)


class Angle(United):
    """An angle, stored in radians."""

    kind = "angle"
    unit = "rad"

    def si(self, value: Any, name: str) -> float:
        """See `Number.si`."""
        return units.si_angle(value, name)


class Fraction(United):
    """A plain number or a percentage, between 0 and 1 unless stated; reads back as a float."""

    kind = "fraction"

    def __init__(
        self,
        doc: str,
        *,
        default: Any = REQUIRED,
        low: float = 0.0,
        high: float = 1.0,
        above: float = -math.inf,
    ) -> None:
        super().__init__(doc, default=default, low=low, high=high, above=above)

    def si(self, value: Any, name: str) -> float:
        """See `Number.si`."""
        return units.si_fraction(value, name, self.low, self.high)

    def public(self, stored: Any) -> Any:
        """See `Field.public`."""
        return None if stored is None else stored.si


class Count(Field):
    """A whole number."""

    kind = "count"

    def __init__(self, doc: str, *, default: Any = REQUIRED, low: int = 0, high: int | None = None) -> None:
        super().__init__(doc, default=default)
        self.low, self.high = low, high

    @property
    def bounds(self) -> str:
        """See `Field.bounds`."""
        return f"at least {self.low}" if self.high is None else f"between {self.low} and {self.high}"

    def read(self, value: Any, name: str) -> int:
        """See `Field.read`."""
        if isinstance(value, str):
            try:
                value = int(value)
            except ValueError:
                raise InputError(
                    f"`{name}` must be a whole number, e.g. {max(self.low, 2)}; got {value!r}"
                ) from None
        if isinstance(value, bool) or not isinstance(value, int):
            raise InputError(f"`{name}` must be a whole number, e.g. {max(self.low, 2)}; got {value!r}")
        if value < self.low or (self.high is not None and value > self.high):
            raise InputError(f"`{name}` must be {self.bounds}, got {value}")
        return value


class Pair(Count):
    """Two whole numbers."""

    kind = "pair of counts"

    def read(self, value: Any, name: str) -> Any:
        """See `Field.read`."""
        if isinstance(value, str):
            value = value.strip(" []()").replace("x", ",").split(",")
        if not isinstance(value, (list, tuple)) or len(value) != 2:
            raise InputError(f"`{name}` must be two whole numbers, e.g. [40, 6]; got {value!r}")
        item = super().read
        return tuple(item(v, f"{name}[{i}]") for i, v in enumerate(value))

    def written(self, stored: Any) -> Any:
        """See `Field.written`."""
        return list(stored)


class Flag(Field):
    """True or false."""

    kind = "flag"
    numeric = False

    def read(self, value: Any, name: str) -> bool:
        """See `Field.read`."""
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
        """See `Field.read`."""
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
        """See `Field.bounds`."""
        return "one of " + ", ".join(f'"{option}"' for option in self.options)

    def read(self, value: Any, name: str) -> Any:
        """See `Field.read`."""
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
        """See `Field.bounds`."""
        return f"{super().bounds}, or an angle"

    def read(self, value: Any, name: str) -> Any:
        """See `Field.read`."""
        if isinstance(value, Amount) or (isinstance(value, str) and value in self.options):
            return value
        try:
            return Amount(units.si_angle(value, name), as_written(value))
        except InputError:
            pass
        return super().read(value, name)

    def public(self, stored: Any) -> Any:
        """See `Field.public`."""
        return units.from_si(stored.si, "rad") if isinstance(stored, Amount) else stored

    def written(self, stored: Any) -> Any:
        """See `Field.written`."""
        return stored.text if isinstance(stored, Amount) else stored

    def identity(self, stored: Any) -> Any:
        """See `Field.identity`."""
        return stored.si if isinstance(stored, Amount) else stored


class Date(Field):
    """A date or an instant, UTC; kept as ISO text, read back as a `datetime.datetime` in UTC."""

    kind = "date"

    def read(self, value: Any, name: str) -> str:
        """See `Field.read`."""
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
        """See `Field.public`."""
        return (
            None if stored is None else datetime.fromisoformat(stored.removesuffix("Z")).replace(tzinfo=UTC)
        )
