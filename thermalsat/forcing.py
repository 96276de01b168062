"""What varies with time, as a user states it: a table of quantities or a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pint
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from thermalsat.errors import InputError
from thermalsat.pieces import DEGREE, Pieces
from thermalsat.units import Q, QuantityLike, UnitsError, si, si_difference, si_fraction, si_positive, single

__all__ = ["Function", "Table", "to_pieces"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """Values at given times, joined by lines, steps or a cubic spline.

    Parameters
    ----------
    time : Quantity [time], shape (n,)
        Increasing times.
    value : Quantity, shape (n,)
        A value for each time; plain numbers for a dimensionless quantity.
    kind : {"linear", "step", "cubic"}
        ``"step"``: a value holds from its time until the next, the last one on. ``"cubic"``: spline with
        continuous curvature.
    period : Quantity [time], optional
        The table repeats. Linear and cubic tables then span one period exactly and end as they
        begin; of a step table the last value holds until the first time comes round again.

    Raises
    ------
    UnitsError
        For a value or time without unit.
    InputError
        For times that do not increase, lengths that differ, values that are not finite, or a table
        that does not fit its period. The message holds the place.

    Examples
    --------
    >>> load = Table(["0 min", "30 min"], ["120 kW", "150 kW"], kind="step", period="96 min")
    >>> load
    <Table: 2 values, 'step', 0 s to 1800 s, period 5760 s>
    >>> load.pieces("W")(1800.0).item()
    150000.0
    """

    time: QuantityLike
    value: Any
    kind: Literal["linear", "step", "cubic"] = "linear"
    period: QuantityLike | None = None
    time_s: Floats = field(init=False)
    period_s: float = field(init=False)

    def __post_init__(self) -> None:
        if self.kind not in ("linear", "step", "cubic"):
            raise InputError(f'`kind` must be "linear", "step" or "cubic", got {self.kind!r}')
        time = np.atleast_1d(si(self.time, "s", "time"))
        period = 0.0 if self.period is None else single(si_positive(self.period, "s", "period"), "period")
        object.__setattr__(self, "time_s", time)
        object.__setattr__(self, "period_s", period)
        if isinstance(self.value, str) or np.ndim(getattr(self.value, "magnitude", self.value)) == 0:
            raise InputError(f"`value` must hold a value for each time, got one: {self.value}")
        self._check_times(time, period)

    def _check_times(self, time: Floats, period: float) -> None:
        count = len(self.value)
        if time.ndim != 1 or count != len(time):
            raise InputError(
                f"`time` and `value` must have the same length, got {len(time)} times and {count} values"
            )
        least = 1 if self.kind == "step" else 2
        if count < least:
            raise InputError(f"`time` must hold at least {least} times for a {self.kind} table, got {count}")
        wrong = np.flatnonzero(np.diff(time) <= 0.0)
        if len(wrong):
            i = int(wrong[0])
            raise InputError(
                f"`time` must increase, but time[{i}] = {time[i]:g} s and time[{i + 1}] = {time[i + 1]:g} s"
            )
        if not period:
            return
        span = time[-1] - time[0]
        if self.kind == "step":
            if span >= period * (1.0 - 1e-9):
                raise InputError(
                    f"`time` must span less than the period of {period:g} s in a step table, got {span:g} s:"
                    " the first value comes round again by itself"
                )
        elif abs(span - period) > 1e-9 * period:
            raise InputError(
                f"`time` must span the period of {period:g} s exactly, got {span:g} s: in a periodic"
                f" {self.kind} table the last value repeats the first"
            )

    def __repr__(self) -> str:
        period = f", period {self.period_s:g} s" if self.period_s else ""
        span = f"{self.time_s[0]:g} s to {self.time_s[-1]:g} s"
        return f"<Table: {len(self.time_s)} values, {self.kind!r}, {span}{period}>"

    def pieces(self, unit: str, name: str = "value", difference: bool = False) -> Pieces:
        """Return the table as polynomials in SI floats.

        Parameters
        ----------
        unit : str
            SI unit; ``""`` for none.
        name : str
            What to call the values in messages.
        difference : bool
            The values are temperature differences.
        """
        y = np.asarray(_convert(self.value, unit, name, difference), dtype=np.float64)
        if y.ndim != 1:
            raise InputError(f"`{name}` must be a single row of values, got the shape {y.shape}")
        if self.kind == "step":
            return Pieces.steps(self.time_s, y, self.period_s)
        if self.period_s:
            if abs(y[-1] - y[0]) > 1e-9 * max(float(np.ptp(y)), 1e-9 * abs(y[0])):
                raise InputError(
                    f"`{name}` must end as it begins in a periodic {self.kind} table,"
                    f" but {name}[0] = {y[0]:g} {unit} and {name}[{len(y) - 1}] = {y[-1]:g} {unit}"
                )
            y[-1] = y[0]
        if self.kind == "linear":
            return Pieces.linear(self.time_s, y, self.period_s)
        boundary = "periodic" if self.period_s else "not-a-knot"
        spline = CubicSpline(self.time_s, y, bc_type=boundary)
        coef = np.zeros((len(y) - 1, DEGREE + 1))
        coef[:, : len(spline.c)] = spline.c[::-1].T
        return Pieces.assemble(self.time_s, coef, self.period_s, ())


@dataclass(frozen=True, eq=False, repr=False)
class Function:
    """A function of time, sampled once into polynomials when a model is built.

    Parameters
    ----------
    f : callable
        Takes an array of times in seconds (floats) and returns an array of quantities, or of numbers
        in `unit`.
    breakpoints : Quantity [time], shape (n,), optional
        Every time at which `f` or its slope jumps; with a period, within the first one. Without a
        period the first and the last one are the range of the function.
    period : Quantity [time], optional
        The function repeats; it is sampled from zero to the period.
    unit : str, optional
        Unit of the numbers that `f` returns.

    Notes
    -----
    The error of the polynomials is below 1e-9 of the range of `f`. A jump that is not declared raises
    `InputError` with its time.

    Examples
    --------
    >>> import numpy as np
    >>> sink = Function(lambda t: 250 + 20 * np.sin(2 * np.pi * t / 5760), period="96 min", unit="K")
    >>> round(sink.pieces("K")(1440.0).item(), 6)
    270.0
    """

    f: Callable[[Floats], Any]
    breakpoints: QuantityLike | tuple[()] = ()
    period: QuantityLike | None = None
    unit: str | None = None
    breakpoints_s: Floats = field(init=False)
    period_s: float = field(init=False)

    def __post_init__(self) -> None:
        if not callable(self.f):
            raise InputError(f"`f` must be a function of an array of times, got {self.f!r}")
        given = self.breakpoints
        empty = isinstance(given, (list, tuple)) and len(given) == 0
        points = np.empty(0) if empty else np.sort(np.atleast_1d(si(given, "s", "breakpoints")).ravel())
        period = 0.0 if self.period is None else single(si_positive(self.period, "s", "period"), "period")
        if period and len(points) and (points[0] < 0.0 or points[-1] > period):
            raise InputError(
                f"`breakpoints` must lie between 0 and the period of {period:g} s,"
                f" got {points[0]:g} s to {points[-1]:g} s"
            )
        object.__setattr__(self, "breakpoints_s", points)
        object.__setattr__(self, "period_s", period)
        if self.unit is not None:
            Q(0.0, self.unit)

    def __repr__(self) -> str:
        period = f", period {self.period_s:g} s" if self.period_s else ""
        return f"<Function: {len(self.breakpoints_s)} breakpoints{period}>"

    def pieces(
        self,
        unit: str,
        name: str = "f",
        difference: bool = False,
        span: tuple[float, float] | None = None,
    ) -> Pieces:
        """Return the function as polynomials in SI floats.

        Parameters
        ----------
        unit : str
            SI unit; ``""`` for none.
        name : str
            What to call the function in messages.
        difference : bool
            The values are temperature differences.
        span : (float, float), optional
            Range [s] of a function without period.
        """

        def evaluate(t: Floats) -> Any:
            try:
                y = self.f(t)
            except TypeError as error:
                raise InputError(
                    f"`{name}` must be a function of an array of times [s] that returns an array (np.sin, "
                    f"not math.sin); it raised {error}"
                ) from error
            if isinstance(y, pint.Quantity):
                bare = np.asarray(y.magnitude, dtype=np.float64)
            else:
                bare = np.asarray(y, dtype=np.float64)
                if self.unit is not None:
                    y = Q(bare, self.unit)
                elif unit:
                    raise UnitsError(
                        f"`{name}` returns numbers without a unit: return a quantity,"
                        f" or give `unit`, such as {unit!r}"
                    )
            if not np.isfinite(bare).all():
                return bare
            return _convert(y, unit, name, difference)

        return Pieces.sample(evaluate, self.breakpoints_s, self.period_s, span=span, name=name)


def to_pieces(
    value: Any,
    unit: str,
    name: str,
    *,
    difference: bool = False,
    span: tuple[float, float] | None = None,
) -> Pieces:
    """Return a quantity, a `Table` or a `Function` as polynomials in time."""
    if isinstance(value, Table):
        return value.pieces(unit, name, difference)
    if isinstance(value, Function):
        return value.pieces(unit, name, difference, span)
    number = _convert(value, unit, name, difference)
    if np.ndim(number):
        raise InputError(f"`{name}` must be one value, a Table or a Function, got {np.size(number)} values")
    return Pieces.constant(number)


def _convert(value: Any, unit: str, name: str, difference: bool) -> Any:
    if difference:
        return si_difference(value, name)
    if unit == "":
        return si_fraction(value, name, -np.inf, np.inf)
    return si(value, unit, name)
