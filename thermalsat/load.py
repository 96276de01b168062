"""The compute power that is asked for over time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from thermalsat.errors import InputError
from thermalsat.forcing import Function, Table
from thermalsat.pieces import Pieces
from thermalsat.units import QuantityLike, from_si, si_nonnegative, si_positive, single

__all__ = ["Load"]


@dataclass(frozen=True, eq=False, repr=False)
class Load:
    """Compute power over time. Make one with `constant`, `burst`, `day_night` or `profile`.

    Attributes
    ----------
    kind : {"constant", "burst", "day_night", "profile"}
        Which of them made it.
    base_W : float
        Power of the periodic state that a simulation starts from [W].
    peak_W : float
        Highest power [W].
    start_s, duration_s : float
        Of a burst [s].
    night_W : float
        Power in the Earth's shadow, of a day and night load [W].

    Examples
    --------
    >>> load = Load.burst(base="120 kW", peak="150 kW", start="10 min", duration="12 min")
    >>> load
    Load.burst(base='120 kW', peak='150 kW', start='10 min', duration='12 min')
    >>> load.pieces()([0.0, 600.0, 1319.0, 1320.0])
    array([120000., 150000., 150000., 120000.])
    """

    kind: str
    base_W: float
    peak_W: float
    start_s: float = 0.0
    duration_s: float = 0.0
    night_W: float = 0.0
    profile_pieces: Pieces | None = None
    text: str = ""

    @classmethod
    def of(cls, value: Any, name: str = "load") -> Load:
        """Return `value` if it is a Load, otherwise the constant load of that power.

        Parameters
        ----------
        value : Load, Quantity, str, Table or Function
            What the user gave.
        name : str
            The argument, for messages.
        """
        if isinstance(value, Load):
            return value
        if isinstance(value, (Table, Function)):
            return cls.profile(value)
        return cls._constant(value, name)

    @classmethod
    def constant(cls, power: QuantityLike) -> Load:
        """Return a load that never changes.

        Examples
        --------
        >>> Load.constant("120 kW").base_W
        120000.0
        """
        return cls._constant(power, "power")

    @classmethod
    def _constant(cls, power: Any, name: str) -> Load:
        watts = _power(power, name)
        return cls("constant", watts, watts, text=f"constant({_shown(power)})")

    @classmethod
    def burst(
        cls, *, base: QuantityLike, peak: QuantityLike, start: QuantityLike, duration: QuantityLike
    ) -> Load:
        """Return a load that rises from `base` to `peak` once and falls back.

        Parameters
        ----------
        base, peak : Quantity or str
            Powers; `peak` may not be below `base`.
        start : Quantity or str
            Time from the beginning of the simulation, zero or later.
        duration : Quantity or str
            How long the peak is held.

        Raises
        ------
        InputError
            If `peak` is below `base`, or a time is out of range.
        """
        low, high = _power(base, "base"), _power(peak, "peak")
        if high < low:
            raise InputError(f"`peak` must not be below `base` ({_shown(base)}), got {_shown(peak)}")
        begin = single(si_nonnegative(start, "s", "start"), "start")
        length = single(si_positive(duration, "s", "duration"), "duration")
        shown = (
            f"base={_shown(base)}, peak={_shown(peak)}, start={_shown(start)}, duration={_shown(duration)}"
        )
        return cls("burst", low, high, begin, length, text=f"burst({shown})")

    @classmethod
    def day_night(cls, *, day: QuantityLike, night: QuantityLike) -> Load:
        """Return a load of one power in sunlight and another in the Earth's shadow."""
        lit, dark = _power(day, "day"), _power(night, "night")
        text = f"day_night(day={_shown(day)}, night={_shown(night)})"
        return cls("day_night", lit, max(lit, dark), night_W=dark, text=text)

    @classmethod
    def profile(cls, forcing: Table | Function) -> Load:
        """Return a load that follows a `Table` or a `Function` of time.

        A simulation starts from the periodic state under the mean of a periodic profile, or under the
        first value of another.

        Raises
        ------
        InputError
            If it is neither, or its power is negative somewhere.
        """
        if not isinstance(forcing, (Table, Function)):
            raise InputError(
                f"`profile` must be a Table or a Function, got {forcing!r}; for one power use Load.constant"
            )
        pieces = forcing.pieces("W")
        times = np.linspace(pieces.knots[:-1], pieces.knots[1:], 9).ravel()
        values = np.concatenate([pieces(times), pieces(times, side="left")])
        if values.min() < 0.0:
            raise InputError(f"`profile` must not be negative, got {values.min():g} W")
        base = pieces.mean() if pieces.period else float(pieces(pieces.knots[0]))
        return cls("profile", base, float(values.max()), profile_pieces=pieces, text=f"profile({forcing!r})")

    @property
    def base(self) -> Any:
        """Power of the periodic state that a simulation starts from."""
        return from_si(self.base_W, "W")

    @property
    def peak(self) -> Any:
        """Highest power."""
        return from_si(self.peak_W, "W")

    @property
    def periodic(self) -> bool:
        """Whether the load can have a periodic state of its own."""
        return self.kind in ("constant", "day_night") or bool(
            self.profile_pieces is not None and self.profile_pieces.period
        )

    def pieces(self, nights: Iterable[tuple[float, float]] = (), period_s: float = 0.0) -> Pieces:
        """Return the power over time [W], in seconds from the start of the run.

        Parameters
        ----------
        nights : iterable of (float, float)
            Entry and exit of the shadow [s], for a day and night load.
        period_s : float
            Orbit period [s], for a day and night load.

        Raises
        ------
        InputError
            If a day and night load is not told the orbit.
        """
        if self.profile_pieces is not None:
            return self.profile_pieces
        if self.kind == "burst":
            # A first step to the base holds the base before a burst at time zero.
            times = [min(self.start_s, 0.0) - 1.0, self.start_s, self.start_s + self.duration_s]
            return Pieces.steps(times, [self.base_W, self.peak_W, self.base_W])
        if self.kind == "day_night":
            if not period_s > 0.0:
                raise InputError(
                    "`period_s` must be given for a day and night load: the orbit period in seconds"
                )
            return self._day_night(list(nights), period_s)
        return Pieces.constant(self.base_W)

    def _day_night(self, nights: list[tuple[float, float]], period_s: float) -> Pieces:
        dusk = [(start % period_s, self.night_W) for start, _ in nights]
        dawn = [(stop % period_s, self.base_W) for _, stop in nights]
        edges = sorted(dusk + dawn)
        if not edges:
            return Pieces.constant(self.base_W)
        return Pieces.steps([t for t, _ in edges], [power for _, power in edges], period_s)

    def _identity(self) -> tuple[Any, ...]:
        pieces = self.profile_pieces
        shape = () if pieces is None else (pieces.knots.tobytes(), pieces.coef.tobytes(), pieces.period)
        return (self.kind, self.base_W, self.peak_W, self.start_s, self.duration_s, self.night_W, shape)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Load):
            return NotImplemented
        return self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __repr__(self) -> str:
        return f"Load.{self.text}"


def _power(value: Any, name: str) -> float:
    watts = si_nonnegative(value, "W", name)
    if not isinstance(watts, float):
        raise InputError(
            f"`{name}` must be one power, got {len(watts)}; for a series use Load.profile(Table(...))"
        )
    return watts


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, str) else f"'{value:g~C}'"
