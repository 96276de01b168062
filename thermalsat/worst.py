"""The date, beta and ageing that bind, found over the year and the node."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.assembly.faces import panel_attitude
from thermalsat.capability.study import Study, scaled, upper
from thermalsat.cases import DesignCase
from thermalsat.environment import Environment
from thermalsat.orbit import Orbit
from thermalsat.physics.attitude import Opposite, SunPointing
from thermalsat.physics.sun import days_since_j2000, epoch_text
from thermalsat.questions import asked_of
from thermalsat.satellite import Satellite
from thermalsat.units import from_si

__all__ = ["WorstCases", "worst_case"]

Floats = NDArray[np.float64]

DAYS = 365
STEP_DAYS = 3.0
NODES = 12
BETAS = 25
CONFIRMED = 3
APART = 0.03
"""Candidates nearer than this in beta [rad] to a better one are not confirmed."""
WINGS = 0.1
"""Share of the sunlight on the wings that reaches the panels as heat, for the ranking alone."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class WorstCases:
    """The circumstances that bind a design, and what was searched for them.

    Attributes
    ----------
    cases : mapping of str to DesignCase
        The binding hot, cold and power cases.
    satellite : Satellite
        The design with these cases in the place of its own.
    margins : mapping of str to float
        Margin that each case was chosen by, at the required sustained power or the idle floor: kelvins,
        for the power case kilowatt-hours.
    epochs : tuple of str
        Days of the year.
    beta : Quantity [deg], (days,)
        Of the design's own node.
    night : Quantity [min], (days,)
        Umbra and penumbra.
    searched : str
        What was searched.
    """

    cases: dict[str, DesignCase]
    satellite: Satellite
    margins: dict[str, float]
    epochs: tuple[str, ...]
    beta: Any
    night: Any
    searched: str

    def __repr__(self) -> str:
        unit = {"power": "kWh"}
        rows = [
            f"{name:<6} {case.date:%Y-%m-%d}  beta {case.beta.m_as('deg'):6.2f}°  {case.ageing}"
            f"  margin {self.margins[name]:.2f} {unit.get(name, 'K')}"
            for name, case in self.cases.items()
        ]
        return "\n  ".join([f"<Worst cases of {self.satellite.name!r}", *rows, self.searched]) + ">"


def worst_case(sat: Satellite) -> WorstCases:
    """Find the date, beta and ageing that bind over a year and, where it drifts freely, the node.

    Parameters
    ----------
    sat : Satellite
        The design. Albedo and infrared of its own hot, cold and power cases are kept; where it has no
        case of that name, those of its first are taken.

    Returns
    -------
    WorstCases

    Notes
    -----
    Every third day of a year and twelve nodes give pairs of beta and solar distance. A reduced model,
    the orbit-mean heat on both faces of the panels and the sunlit share of the orbit, ranks them; the
    best few of each kind are put through the periodic state of the full model, and the one with the
    smallest margin is taken: junction and coolant for the hot case, freezing at the idle floor for the
    cold one, the orbit's energy surplus for the power case.

    Examples
    --------
    >>> import thermalsat as ts
    >>> found = ts.worst_case(ts.designs.load("dawn-dusk"))
    >>> sorted(found.cases)
    ['cold', 'hot', 'power']
    """
    sat = asked_of(sat)
    days, betas, distances, nodes = _year(sat)
    shares = _Reduced(sat)
    kinds: dict[str, tuple[str, Callable[[Floats, Floats], Floats]]] = {
        "hot": ("eol", lambda b, d: shares.heat(b, d, "eol")),
        "cold": ("bol", lambda b, d: -shares.heat(b, d, "bol")),
        "power": ("eol", lambda b, d: -shares.energy(b, d)),
    }
    cases, margins, confirmed = {}, {}, 0
    for name, (ageing, merit) in kinds.items():
        order = np.argsort(-merit(betas, distances))
        best: tuple[float, DesignCase] | None = None
        for k in _spread(order, betas):
            case = _case(sat, name, ageing, days[k], betas[k])
            margin = _margin(sat, case, name)
            confirmed += 1
            if best is None or margin < best[0]:
                best = (margin, case)
        assert best is not None
        margins[name], cases[name] = best
    own = _own_year(sat)
    searched = (
        f"searched {len(days)} pairs of beta and date ({DAYS} days every {STEP_DAYS:g}, {nodes} node"
        f"{'s' if nodes > 1 else ''}), |beta| {math.degrees(np.abs(betas).min()):.1f} to"
        f" {math.degrees(np.abs(betas).max()):.1f} deg, by a reduced model; {confirmed} confirmed by the"
        " full one"
    )
    return WorstCases(
        cases=cases,
        satellite=_with_cases(sat, cases),
        margins=margins,
        epochs=own[0],
        beta=from_si(np.degrees(own[1]), "deg"),
        night=from_si(own[2] / 60.0, "min"),
        searched=searched,
    )


def _with_cases(sat: Satellite, cases: dict[str, DesignCase]) -> Satellite:
    return replace(sat, orbit=sat.orbit_statement, cases={**sat.cases, **cases})


def _year(sat: Satellite) -> tuple[Floats, Floats, Floats, int]:
    """Return days since J2000, beta [rad] and solar distance [au] of all pairs, and how many nodes."""
    orbit = sat.orbit
    first = _first_day(sat)
    days = first + np.arange(0.0, DAYS, STEP_DAYS)
    turning = orbit.si.inclination_rad is not None and orbit.raan is not None
    if not turning:
        betas = np.broadcast_to(orbit.si.beta_rad(days), days.shape)
        return days, np.array(betas), np.asarray(orbit.si.sun_distance_au(days)), 1
    found = []
    for node in range(NODES):
        turned = Orbit(
            altitude=orbit.altitude,
            inclination=orbit.inclination,
            raan=orbit.raan + from_si(360.0 * node / NODES, "deg"),
            epoch=orbit.epoch,
        )
        found.append(np.asarray(turned.si.beta_rad(days)))
    distances = np.tile(np.asarray(orbit.si.sun_distance_au(days)), NODES)
    return np.tile(days, NODES), np.concatenate(found), distances, NODES


def _first_day(sat: Satellite) -> float:
    if sat.orbit.epoch is not None:
        return float(days_since_j2000(sat.orbit.epoch))
    first = min(case.__dict__["date"] for case in sat.cases.values())
    return float(days_since_j2000(first))


def _own_year(sat: Satellite) -> tuple[tuple[str, ...], Floats, Floats]:
    """Return dates, beta [rad] and night [s] of the design's own node."""
    days = _first_day(sat) + np.arange(0.0, DAYS, STEP_DAYS)
    orbit = sat.orbit.si
    betas = np.array(np.broadcast_to(orbit.beta_rad(days), days.shape))
    grid = np.linspace(0.0, 0.5 * math.pi, BETAS)
    nights = [_heat(sat, beta, 1.0).edges_s for beta in grid]
    length = np.array([float(edges[-1] - edges[0]) if len(edges) else 0.0 for edges in nights])
    return tuple(epoch_text(day)[:10] for day in days), betas, np.interp(np.abs(betas), grid, length)


def _heat(sat: Satellite, beta: float, albedo: float) -> Any:
    values = sat.environment_values(next(iter(sat.cases.values())))
    values |= {"beta": from_si(math.degrees(beta), "deg"), "albedo": albedo, "earth_ir": "1 W/m^2"}
    values |= {"solar_flux": "1 W/m^2", "enveloped": True, "albedo_model": "cosine"}
    return Environment(**values).si


class _Reduced:
    """Orbit means against beta, per unit of flux."""

    def __init__(self, sat: Satellite) -> None:
        self.sat = sat
        self.grid = np.linspace(0.0, 0.5 * math.pi, BETAS)
        front = panel_attitude(sat)
        rows = []
        for beta in self.grid:
            heat = _heat(sat, float(beta), 1.0)
            sides = [heat.mean_incident(law) for law in (front, Opposite(front))]
            lit = heat.mean_incident(SunPointing())
            sums = [sum(float(side[k][0]) for side in sides) for k in range(3)]
            rows.append([*sums, float(lit[0][0])])
        self.direct, self.albedo, self.infrared, self.lit = np.array(rows).T

    def heat(self, beta: Floats, distance: Floats, ageing: str) -> Floats:
        """Return the mean heat absorbed by both faces [W/m^2 of planform]."""
        sat = self.sat
        case = _named(sat, "hot" if ageing == "eol" else "cold")
        coating, at = sat.radiator.coating, np.abs(beta)
        sun = sat.environment.solar_constant_W_m2 / distance**2
        emittance, absorptance = coating.emittance_at(ageing), coating.solar_absorptance_at(ageing)
        warm = emittance * case.earth_ir_W_m2 * np.interp(at, self.grid, self.infrared)
        bright = np.interp(at, self.grid, self.direct) + case.albedo * np.interp(at, self.grid, self.albedo)
        # the warm wings add heat in proportion to the sunlight they take
        wings = WINGS * np.interp(at, self.grid, self.lit)
        return np.asarray(warm + sun * (absorptance * bright + wings))

    def energy(self, beta: Floats, distance: Floats) -> Floats:
        """Return the mean sunlight on the wings [W/m^2]."""
        sun = self.sat.environment.solar_constant_W_m2 / distance**2
        return np.asarray(sun * np.interp(np.abs(beta), self.grid, self.lit))


def _spread(order: NDArray[np.intp], betas: Floats) -> list[int]:
    """Return the first few of a ranking that are not alike."""
    chosen: list[int] = []
    for k in order.tolist():
        if all(abs(abs(betas[k]) - abs(betas[j])) > APART for j in chosen):
            chosen.append(k)
        if len(chosen) == CONFIRMED:
            break
    return chosen


def _named(sat: Satellite, name: str) -> DesignCase:
    found: DesignCase = sat.cases.get(name, next(iter(sat.cases.values())))
    return found


def _case(sat: Satellite, name: str, ageing: str, day: float, beta: float) -> DesignCase:
    like = _named(sat, name)
    return DesignCase(
        name=name,
        ageing=ageing,
        albedo=like.albedo,
        earth_ir=like.earth_ir,
        date=epoch_text(day),
        beta=from_si(round(math.degrees(beta), 4), "deg"),
        load="idle" if name == "cold" else "sustained",
    )


def _margin(sat: Satellite, case: DesignCase, kind: str) -> float:
    """Return the margin in the full model that a kind of case is judged by."""
    design = _with_cases(sat, {case.name: case})
    study = Study.of(design, [case.name])
    cold = kind == "cold"
    power = sat.payload.idle_floor_W if cold else sat.requirement.sustained_W
    limits = study.orbit(case.name, power).limits
    if kind == "power":
        return min(limit.margin for limit in limits if limit.name == "recharge") / 3.6e6
    names = ("coolant minimum",) if cold else ("junction", "coolant maximum")
    chosen = [limit for limit in (limits if cold else upper(limits)) if limit.name in names]
    return min(scaled(chosen, case.name).values())
