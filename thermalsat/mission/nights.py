"""The nights of an orbit over the years, and what each takes from the battery."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from thermalsat.assembly.model import Model
from thermalsat.cases import DesignCase
from thermalsat.constants import ASTRONOMICAL_UNIT_M
from thermalsat.errors import InputError
from thermalsat.load import Load
from thermalsat.physics import shadow as shadows
from thermalsat.physics.sun import days_since_j2000, epoch_text
from thermalsat.satellite import Satellite
from thermalsat.units import from_si

__all__ = ["STEPS_A_YEAR", "YEAR_DAYS", "Nights", "first_day", "short_s"]

Floats = NDArray[np.float64]

YEAR_DAYS = 365.25
STEPS_A_YEAR = 365
TOLERANCE_K = 0.01
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


def first_day(sat: Satellite) -> float:
    """Return the orbit's epoch, or the date of the first case where it has none, in days since J2000."""
    if sat.orbit.epoch is not None:
        return float(days_since_j2000(sat.orbit.epoch))
    return float(days_since_j2000(min(case.__dict__["date"] for case in sat.cases.values())))


@dataclass(frozen=True, kw_only=True, eq=False)
class Nights:
    """One night for each day: its length, and what it takes from the store.

    Attributes
    ----------
    days : ndarray (n,)
        Since J2000, `STEPS_A_YEAR` of them a year.
    night_s : ndarray (n,)
        Length of the night, twilight counted in proportion [s]; 0 where there is none.
    drawn_J : ndarray (n,)
        What it takes from the store [J].
    power_W : float
        Power on the bus that the battery feeds [W].
    """

    days: Floats
    night_s: Floats
    drawn_J: Floats
    power_W: float

    @classmethod
    def of(cls, sat: Satellite, years: float, load: Load) -> Nights:
        """Follow the orbit of a satellite over the years, at a constant or a day and night load."""
        if load.kind not in ("constant", "day_night"):
            raise InputError(f"`load` must be constant or different by day and night, got {load!r}")
        orbit, count = sat.orbit.si, max(math.ceil(years * STEPS_A_YEAR - 1e-9), 1)
        days: Floats = first_day(sat) + YEAR_DAYS / STEPS_A_YEAR * (0.5 + np.arange(float(count)))
        beta = np.broadcast_to(orbit.beta_rad(days), days.shape)
        distance = np.broadcast_to(orbit.sun_distance_au(days), days.shape)
        night = short_s(sat, beta, distance, 1.0)
        worst = int(np.argmax(night))
        if night[worst] <= 0.0:
            return cls(days=days, night_s=night, drawn_J=np.zeros(count), power_W=0.0)
        drawn, ratio = _longest(sat, days[worst], float(beta[worst]), load)
        short = short_s(sat, beta, distance, ratio)
        power = drawn / float(short[worst])
        stored = power * short / sat.battery.discharge_efficiency
        return cls(days=days, night_s=night, drawn_J=stored, power_W=power)


def short_s(sat: Satellite, beta_rad: Floats, distance_au: Floats, ratio: float) -> Floats:
    """Return the time of each orbit in which the array falls short, counted in full demand [s].

    Parameters
    ----------
    sat : Satellite
        Its orbit and shadow.
    beta_rad, distance_au : ndarray (n,)
        Of each orbit.
    ratio : float
        What the sunlit array gives over the demand; at 1 this is the night, twilight in proportion.
    """
    orbit, shadow = sat.orbit.si, str(sat.environment.shadow)
    found = np.zeros(len(beta_rad))
    for k, (beta, au) in enumerate(zip(beta_rad, distance_au, strict=True)):
        meters = float(au) * ASTRONOMICAL_UNIT_M
        contacts = shadows.contact_angles_rad(orbit.radius_m, meters, shadow)
        outer, inner = (float(shadows.half_shadow_angle_rad(contact, beta)) for contact in contacts)
        if shadow == "cylindrical" or outer <= 0.0:
            found[k] = outer
            continue
        angle = inner + (outer - inner) * 0.5 * (1.0 + _NODES)
        hidden = shadows.hidden_fraction(np.pi - angle, beta, orbit.radius_m, meters)
        lack = np.maximum(1.0 - ratio * (1.0 - hidden), 0.0)
        found[k] = inner + (outer - inner) * 0.5 * float(_WEIGHTS @ lack)
    return found * orbit.period_s / np.pi


def _longest(sat: Satellite, day: float, beta_rad: float, load: Load) -> tuple[float, float]:
    """Return what the battery gives in a night [J], and the sunlit array's power over the night's demand."""
    like: DesignCase = sat.cases.get("power", next(iter(sat.cases.values())))
    beta = from_si(math.degrees(beta_rad), "deg")
    case = replace(like, name="night", ageing="eol", date=epoch_text(day), beta=beta, load="sustained")
    model = Model(sat, case)
    edges = model.environment.edges_s
    model = model.with_power(load.pieces([(float(edges[0]), float(edges[-1]))], model.period_s))
    run = model.cycle(tolerance_K=TOLERANCE_K, closure_K=0.1 * TOLERANCE_K).orbit
    read = model.gauge.power.read(run.times_s, run.y, "left")
    dark = model.illumination(run.times_s) == 0.0
    demand = read.demand_W[dark if dark.any() else slice(None)].mean()
    given = float(run.ledger_J[model.system.bundle.bt_flow_discharge[0]])
    return given, float(read.supply_W[-1] / demand)
