"""The largest power of an orbit when the load may follow the Sun."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.assembly.model import Model
from thermalsat.capability.outcome import certified, orbit_result
from thermalsat.capability.remedies import explained
from thermalsat.capability.search import Found, largest
from thermalsat.capability.study import TIGHT_K, Study, nearest, scaled, upper
from thermalsat.capability.sustained import Sustained, find_sustained, idle_margin
from thermalsat.mission.concave import maximum
from thermalsat.mission.day_night_answer import DayNight, Heater
from thermalsat.mission.nights import YEAR_DAYS, first_day, short_s
from thermalsat.pieces import Pieces
from thermalsat.questions import asked_of
from thermalsat.satellite import Satellite
from thermalsat.solver.system import System

__all__ = ["DayNight", "Heater", "sustained_average_power"]

Floats = NDArray[np.float64]

TOLERANCE_W = 50.0
"""How closely the average is found."""
HIGHEST = 100.0
FARTHEST = -10.0
"""Margins below are counted as this [K, %, kW, kWh]."""
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Parts of the minimum power at which the heater is looked at."""
STEP_DAYS = 5.0


@dataclass(frozen=True, eq=False)
class _Following:
    """A model whose power by night is a part of that by day, the idle floor at least."""

    model: Model
    ratio: float

    @property
    def satellite(self) -> Satellite:
        return self.model.satellite

    @property
    def system(self) -> System:
        return self.model.system

    def load(self, day_W: float) -> Pieces:
        """Return the power over time [W]."""
        night_W = max(self.ratio * day_W, self.satellite.payload.idle_floor_W)
        edges = self.model.environment.edges_s
        if not len(edges) or night_W == day_W:
            return Pieces.constant(day_W)
        times = [float(edges[0]), float(edges[-1])]
        return Pieces.steps(times, [night_W, day_W], self.model.period_s)

    def with_power(self, day_W: float) -> Model:
        return self.model.with_power(self.load(day_W))

    def average_W(self, day_W: float) -> float:
        return float(self.load(day_W).mean(0.0, self.model.period_s))


def sustained_average_power(sat: Satellite, cases: Iterable[str] | str | None = None) -> DayNight:
    """Return the largest orbit average of a load that may follow the Sun, beside the constant power.

    Parameters
    ----------
    sat : Satellite
        The design.
    cases : sequence of str, optional
        Names of the design cases that count; default all.

    Returns
    -------
    DayNight

    Raises
    ------
    InfeasibleError
        If no power is held: the limit and case that stop it, by how much.

    Notes
    -----
    The power is constant by day and constant by night, from the idle floor up to the day's; night is
    penumbra and umbra. For each ratio the largest power by day is found at which the periodic state of every
    case holds every upper limit. The average, in the orbit with the longest night, rises with the ratio
    while power by night is free and falls once it takes from the day: the ratio at its top is found
    between secants of both branches. At ratio 1 it is the constant sustained power, so it is never less.

    Examples
    --------
    >>> import thermalsat as ts
    >>> both = ts.sustained_average_power(ts.designs.load("dawn-dusk").replace("battery.capacity", "100 kWh"))
    >>> both.average > 1.2 * both.constant
    True
    """
    sat = asked_of(sat)
    plain = Study.of(sat, cases)
    with explained(sat, idle_margin(plain.cases)):
        constant = find_sustained(plain)
    search = _Search(plain, constant)
    top, value = constant.power_W, constant.power_W
    ratio = 1.0
    if search.nights and constant.power_W > search.idle_W:
        ratio, value = search.best()
    found, study = constant, plain
    if ratio < 1.0 and value > top:
        study = search.study(ratio)
        found = find_sustained(study, first_W=search.days[ratio])
    return _answer(sat, plain, study, constant, found, search)


class _Search:
    """The average against the ratio of night to day."""

    def __init__(self, plain: Study, constant: Sustained) -> None:
        self.plain, self.constant = plain, constant
        self.idle_W = float(plain.satellite.payload.idle_floor_W)
        self.nights = any(len(model.environment.edges_s) for model in plain.models.values())
        self.days: dict[float, float] = {1.0: float(constant.power_W)}
        self.curve: list[tuple[float, float]] = [(1.0, float(constant.power_W))]
        self.last = plain

    def study(self, ratio: float) -> Study:
        """Return the study of a ratio, from cycles that are near."""
        models = {case: _Following(model, ratio) for case, model in self.plain.models.items()}
        made = Study(models, self.plain.requirement_W)
        made.borrow(self.last)
        self.last = made
        return made

    def best(self) -> tuple[float, float]:
        """Return the ratio with the largest average, and that."""
        darkest = self._average(0.0)
        low = self.idle_W / self.days[0.0]
        self.days[low] = self.days[0.0]
        self.curve[-1] = (low, darkest)
        return maximum(self._average, low, 1.0, TOLERANCE_W, known=self.curve)

    def _average(self, ratio: float) -> float:
        study = self.study(ratio)
        cases = [case for case in study.cases if study.models[case].model.case.load != "idle"]
        first = self.days[min(self.days, key=lambda known: abs(known - ratio))]
        found = largest(
            partial(_margins, study, cases or list(study.cases)),
            low=self.idle_W, first=first, high=HIGHEST * self.constant.power_W, tolerance=TOLERANCE_W,
        )  # fmt: skip
        day = float(found.x) if isinstance(found, Found) else self.idle_W
        self.days[ratio] = day
        value = min(model.average_W(day) for model in study.models.values())
        self.curve.append((ratio, value))
        return value


def _margins(study: Study, cases: list[str], day_W: float) -> dict[Any, float] | None:
    margins: dict[Any, float] = {}
    for case in cases:
        limits = study.limits(case, day_W)
        if limits is None:
            return None
        # far from the answer a margin can run away, and a secant through it would end the search at once
        margins |= {key: max(margin, FARTHEST) for key, margin in scaled(upper(limits), case).items()}
    return margins


def _answer(
    sat: Satellite, plain: Study, study: Study, constant: Sustained, found: Sustained, search: _Search
) -> DayNight:
    def average(model: Any) -> float:
        return model.average_W(found.power_W) if isinstance(model, _Following) else found.power_W

    case = study.cases[0] if found.binding is None else found.binding.case
    orbit = study.orbit(case, found.power_W, TIGHT_K)
    margins = nearest(found.cases)
    model = study.models[case]
    result = orbit_result(model.with_power(found.power_W), orbit.cycle, TIGHT_K, found.cases[case])
    following = isinstance(model, _Following)
    night_W = max(model.ratio * found.power_W, search.idle_W) if following else found.power_W
    coldest, heater = _heater(plain, constant.minimum_W)
    searched = (
        f"{len(search.curve)} ratios of night to day in the cases that carry the load; every limit of the"
        f" cases {', '.join(study.cases)} at the answer"
    )
    held = {name: state for name, state in margins.items() if not state.lower}
    return DayNight(
        satellite=sat,
        constant_W=float(constant.power_W),
        average_W=float(min(average(one) for one in study.models.values())),
        day_W=float(found.power_W),
        night_W=float(night_W),
        year_average_W=_year_average(sat, found.power_W, night_W),
        minimum_power_W=float(constant.minimum_W),
        binding_limit=found.binding,
        constant_limit=constant.binding,
        margins=margins,
        heater=heater,
        heater_case=coldest,
        case=case,
        result=result,
        certificate=certified(result.certificate, held, searched),
        curve=tuple(sorted(search.curve)),
    )


def _year_average(sat: Satellite, day_W: float, night_W: float) -> float:
    orbit = sat.orbit.si
    days = first_day(sat) + np.arange(0.0, YEAR_DAYS, STEP_DAYS)
    beta = np.broadcast_to(orbit.beta_rad(days), days.shape)
    distance = np.broadcast_to(orbit.sun_distance_au(days), days.shape)
    share = short_s(sat, beta, distance, 1.0).mean() / orbit.period_s
    return float(day_W + share * (night_W - day_W))


def _heater(study: Study, minimum_W: float) -> tuple[str, tuple[Heater, ...]]:
    """Return the coldest case, and what the heaters take there from the minimum power down."""

    def margin(case: str, power_W: float) -> float:
        limits = study.limits(case, power_W)
        found = [one.margin for one in limits or () if one.name == "coolant minimum"]
        return min(found, default=-np.inf)

    coldest = min(study.cases, key=lambda case: margin(case, minimum_W))
    names = list(study.models[coldest].network.flow_names)
    found = []
    for share in SHARES:
        power = share * minimum_W
        run = study.orbit(coldest, power).cycle.orbit
        mean = {
            name: abs(float(run.ledger_J[names.index(name)])) / (run.end_s - run.start_s)
            if name in names
            else 0.0
            for name in ("bus -> freeze heater", "bus -> battery heater")
        }
        loop, battery = mean.values()
        found.append(
            Heater(power_W=power, heater_W=loop, battery_heater_W=battery, margin_K=margin(coldest, power))
        )
    return coldest, tuple(found)
