"""A design through the year: sustained power, nights and extremes against the date."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.assembly.limits import LimitMargin
from thermalsat.assembly.model import Model
from thermalsat.capability.search import Found, largest
from thermalsat.capability.study import Study, scaled, upper
from thermalsat.cases import DesignCase
from thermalsat.constants import DAY_S
from thermalsat.errors import InputError
from thermalsat.mission.nights import first_day, short_s
from thermalsat.mission.year_answer import YearView
from thermalsat.physics.sun import epoch_text
from thermalsat.questions import asked_of
from thermalsat.satellite import Satellite
from thermalsat.units import QuantityLike, from_si, si_positive, single

__all__ = ["YearView", "cases_on", "year_view"]

Floats = NDArray[np.float64]

TOLERANCE_W = 100.0
HIGHEST = 10.0
FARTHEST = -10.0
"""Margins below are counted as this [K, %, kW, kWh]."""
MOST_DATES = 1000
_MAXIMA = {"junction": "junction_max", "coolant": "coolant_max", "array": "array_max"}
_MINIMA = {"coolant": "coolant_min", "array": "array_min"}


def year_view(
    sat: Satellite,
    step: QuantityLike = "10 day",
    *,
    span: QuantityLike = "365.25 day",
    progress: Callable[[str], None] | None = None,
) -> YearView:
    """Return sustained power, night and extremes of a design against the date.

    Parameters
    ----------
    sat : Satellite
        The design; its own orbit is followed from its epoch (without one, from the first case's date).
    step, span : Quantity or str
        Time from one date to the next, and from the first to beyond the last.
    progress : callable, optional
        Called with each date.

    Returns
    -------
    YearView

    Raises
    ------
    InputError
        For more than 1000 dates.

    Notes
    -----
    Beta follows the Sun and the node, which drifts by J2; the flux follows the Sun's distance. Ageing,
    albedo and infrared are those of the design's cases, of which equal ones are flown once. The power is the
    largest at which the periodic state of that date holds every upper limit, to 0.1 kW below it; highest
    temperatures are at the required power in the cases that carry it, lowest ones at the idle floor in the
    others (and of the array by night in all).

    Examples
    --------
    >>> import thermalsat as ts
    >>> year = ts.year_view(ts.designs.load("dawn-dusk"), step="90 day")
    >>> print(f"{len(year)} dates, nights up to {year.night.max():.1f~P}")
    5 dates, nights up to 19.4 min
    """
    sat = asked_of(sat)
    step_d, span_d = (
        single(si_positive(value, "s", name), name) / DAY_S
        for value, name in ((step, "step"), (span, "span"))
    )
    count = max(math.ceil(span_d / step_d - 1e-9), 1)
    if count > MOST_DATES:
        raise InputError(
            f"`step` must leave at most {MOST_DATES} dates in `span`, got {count};"
            f' give e.g. step="{span_d / 100:.3g} day"'
        )
    days: Floats = first_day(sat) + step_d * np.arange(float(count))
    orbit = sat.orbit.si
    beta = np.array(np.broadcast_to(orbit.beta_rad(days), days.shape))
    distance = np.array(np.broadcast_to(orbit.sun_distance_au(days), days.shape))
    columns: dict[str, list[Any]] = {}
    guess, last = float(sat.requirement.sustained_W), None
    for day, angle in zip(days, beta, strict=True):
        if progress is not None:
            progress(epoch_text(day)[:10])
        date = _Date(sat, day, float(angle), last)
        found = date.row(guess)
        for name, value in found.items():
            columns.setdefault(name, []).append(value)
        guess, last = max(found["sustained_W"], date.idle_W), date.study
    return YearView(
        satellite=sat,
        epochs=tuple(epoch_text(day)[:10] for day in days),
        beta_rad=beta,
        sun_distance_au=distance,
        night_s=short_s(sat, beta, distance, 1.0),
        binding=tuple(columns.pop("binding")),
        **{name: np.array(values, dtype=np.float64) for name, values in columns.items()},
    )


def cases_on(sat: Satellite, day: float, beta_rad: float) -> dict[str, DesignCase]:
    """Return a design's cases moved to a date of its orbit, equal ones once, by the names they stand for."""
    kinds: dict[tuple[Any, ...], list[str]] = {}
    for name, case in sat.cases.items():
        key = (case.ageing, case.albedo, case.earth_ir_W_m2, case.load)
        kinds.setdefault(key, []).append(name)
    beta = from_si(math.degrees(beta_rad), "deg")
    found: dict[str, DesignCase] = {}
    for names in kinds.values():
        name = " ".join(names)
        found[name] = sat.cases[names[0]].replace(
            name=name, date=epoch_text(day), beta=beta, enveloped=False, solar_flux=None
        )
    return found


class _Date:
    """One date of the year."""

    def __init__(self, sat: Satellite, day: float, beta_rad: float, last: Study | None) -> None:
        self.required_W = float(sat.requirement.sustained_W)
        self.idle_W = float(sat.payload.idle_floor_W)
        cases = cases_on(sat, day, beta_rad)
        self.loaded = [name for name, case in cases.items() if case.load != "idle"] or list(cases)
        self.idle = [name for name in cases if name not in self.loaded] or list(cases)
        self.study = Study({name: Model(sat, case) for name, case in cases.items()}, self.required_W)
        if last is not None:
            self.study.borrow(last)

    def row(self, guess_W: float) -> dict[str, Any]:
        """Return the figures of this date, temperatures in kelvin."""
        found = self._sustained(guess_W)
        row: dict[str, Any] = {"sustained_W": 0.0, "binding": ""}
        if isinstance(found, Found):
            row["sustained_W"] = float(found.x)
            row["binding"] = found.binding[1] if found.binding else ""
        elif found.worst is not None:
            row["binding"] = found.worst[1]
        full = [self._figures(name, self.required_W) for name in self.loaded]
        cold = [self._figures(name, self.idle_W) for name in self.idle]
        for part, name in _MAXIMA.items():
            row[f"{name}_K"] = max(figures[f"{part}_max_K"] for figures in full)
        for part, name in _MINIMA.items():
            row[f"{name}_K"] = min(figures[f"{part}_min_K"] for figures in (*full, *cold))
        row["depth"] = max(figures["depth_of_discharge"] for figures in full)
        row["margin_J"] = min(figures["recharge_J"] for figures in full)
        return row

    def _sustained(self, guess_W: float) -> Any:
        return largest(
            partial(self._margins, self.loaded),
            low=self.idle_W, first=guess_W, high=HIGHEST * self.required_W, tolerance=TOLERANCE_W,
        )  # fmt: skip

    def _margins(self, cases: list[str], power_W: float) -> dict[Any, float] | None:
        margins: dict[Any, float] = {}
        for case in cases:
            limits = self.study.limits(case, power_W)
            if limits is None:
                return None
            margins |= {key: max(value, FARTHEST) for key, value in scaled(upper(limits), case).items()}
        return margins

    def _figures(self, case: str, power_W: float) -> dict[str, float]:
        orbit = self.study.orbit(case, power_W)
        run = orbit.cycle.orbit
        figures = self.study.models[case].figures(run.times_s, run.y)
        figures["recharge_J"] = _recharge(orbit.limits)
        return figures


def _recharge(limits: tuple[LimitMargin, ...]) -> float:
    return min((one.margin for one in limits if one.name == "recharge"), default=math.inf)
