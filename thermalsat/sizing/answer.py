"""The sizes that hold a requirement, and what they were found to hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from thermalsat.capability.answers import Capability, LimitState, power_text, time_text
from thermalsat.constants import ZERO_CELSIUS_K
from thermalsat.massbudget import mass_budget
from thermalsat.results import Certificate
from thermalsat.satellite import Satellite
from thermalsat.sizing.ledger import Ledger
from thermalsat.units import from_si

__all__ = ["SizeReason", "Sizing", "merged"]

_J_PER_KWH = 3.6e6


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeReason:
    """What sets one size: limit, case, and whether the burst or the steady load does."""

    size: str
    limit: str
    case: str
    burst_phase: float | None

    def __str__(self) -> str:
        load = "steady load" if self.burst_phase is None else f"burst from orbit phase {self.burst_phase:.3f}"
        return f"{self.limit} ({self.case} case, {load})"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Sizing:
    """Radiator, array and battery for a requirement, and their reasons.

    Attributes
    ----------
    satellite : Satellite
        The sized design.
    radiator_area : Quantity [m^2]
        Planform of all panels, one side.
    radiator_area_with_margin : Quantity [m^2]
        The same for the load margin.
    emitting_area : Quantity [m^2]
        Both faces.
    array_area : Quantity [m^2]
        Gross area of the wings.
    battery_capacity : Quantity [kWh]
        When new.
    battery_radiator_area : Quantity [m^2]
        The battery's own radiator.
    mass : Quantity [kg]
        Of the satellite.
    margin_ledger : Ledger
        How the radiator's area adds up.
    binding_limit : LimitState
        The limit nearest at the required powers.
    reasons : mapping of str to SizeReason
        What sets each size.
    sustained, peak, peak_duration : Capability
        Computed again at the answer.
    cases : mapping of str to mapping of str to float
        Extremes by case over idle, required power and burst.
    certificate : Certificate
        Of the sustained power at the answer.
    """

    satellite: Satellite
    sustained: Capability
    peak: Capability | None
    peak_duration: Capability | None
    margin_ledger: Ledger
    reasons: Mapping[str, SizeReason]
    cases: Mapping[str, Mapping[str, float]]
    binding_limit: LimitState | None
    certificate: Certificate
    battery_radiator_m2: float

    @property
    def radiator_area(self) -> Any:
        """Planform of all panels, one side (Quantity [m^2])."""
        return self.satellite.radiator.area

    @property
    def radiator_area_with_margin(self) -> Any:
        """Planform for the load margin (Quantity [m^2]), or None where no area holds it."""
        return self.margin_ledger.sums[-1].area

    @property
    def emitting_area(self) -> Any:
        """Both faces (Quantity [m^2])."""
        return from_si(self.satellite.radiator.emitting_area_m2, "m^2")

    @property
    def array_area(self) -> Any:
        """Gross area of the wings (Quantity [m^2])."""
        return self.satellite.array.area

    @property
    def battery_capacity(self) -> Any:
        """Energy of the battery when new (Quantity [kWh])."""
        return from_si(self.satellite.battery.capacity_J, "J").to("kWh")

    @property
    def battery_radiator_area(self) -> Any:
        """The battery's own radiator (Quantity [m^2])."""
        return from_si(self.battery_radiator_m2, "m^2")

    @property
    def mass(self) -> Any:
        """Mass of the satellite (Quantity [kg])."""
        return from_si(self.satellite.mass_kg, "kg")

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers and texts; names end in their unit, and None stands for what is infinite."""
        sat, ledger = self.satellite, self.margin_ledger
        peak_W = self.sustained.power_W if self.peak is None else self.peak.power_W
        minutes = math.inf if self.peak_duration is None else self.peak_duration.duration_s / 60.0
        everything = merged(self.cases.values())
        return {
            "radiator_area_m2": sat.radiator.area_m2,
            "radiator_area_with_margin_m2": ledger.sums[-1].area_m2,
            "emitting_area_m2": sat.radiator.emitting_area_m2,
            "tubes": sat.radiator.tubes_built,
            "mass_flow_kg_s": sat.loop.mass_flow_kg_s,
            "array_area_m2": sat.array.area_m2,
            "battery_capacity_kWh": sat.battery.capacity_J / _J_PER_KWH,
            "battery_radiator_area_m2": self.battery_radiator_m2,
            "sustained_power_kW": self.sustained.power_W / 1e3,
            "minimum_power_kW": (self.sustained.minimum_power_W or 0.0) / 1e3,
            "peak_power_kW": peak_W / 1e3,
            "peak_duration_min": None if math.isinf(minutes) else minutes,
            "peak_sustainable": math.isinf(minutes),
            "burst_min": sat.requirement.burst_s / 60.0,
            **_celsius(everything),
            "binding_limit": "" if self.binding_limit is None else str(self.binding_limit),
            "reasons": {size: str(reason) for size, reason in self.reasons.items()},
            "energy_residual_relative": self._worst_residual(),
            "periodic_imbalance_relative": self.certificate.periodic_imbalance,
            **mass_budget(sat).record(),
            "margin_ledger": ledger.to_dict(),
            "cases": {name: _celsius(figures) for name, figures in self.cases.items()},
            "searched": self.certificate.searched,
        }

    def _worst_residual(self) -> float:
        made = [one for one in (self.sustained, self.peak, self.peak_duration) if one is not None]
        return max((one.certificate.energy_residual for one in made), key=abs)

    def __repr__(self) -> str:
        sat, why = self.satellite, self.reasons
        lines = [
            f"<Sizing of {sat.name!r} for {power_text(sat.requirement.sustained_W)} sustained,"
            f" {power_text(sat.requirement.peak_W)} for {time_text(sat.requirement.burst_s)}",
            f"radiator  {sat.radiator.area_m2:8.1f} m² planform, {sat.radiator.tubes_built} tubes,"
            f" {sat.radiator.emitting_area_m2:.1f} m² emitting  {_reason(why, 'radiator')}",
            f"array     {sat.array.area_m2:8.1f} m²  {_reason(why, 'array')}",
            f"battery   {sat.battery.capacity_J / _J_PER_KWH:8.1f} kWh, its own radiator"
            f" {self.battery_radiator_m2:.1f} m²  {_reason(why, 'battery')}",
            *(f"{name:<10}{value:>11}  {note}" for name, value, note in mass_budget(sat).rows()),
            f"holds {power_text(self.sustained.power_W)} for ever, stopped by {self.sustained.binding_limit}",
        ]
        if self.peak is not None:
            lines.append(
                f"holds {power_text(self.peak.power_W)} for {time_text(self.peak.duration_s)},"
                f" stopped by {self.peak.binding_limit}"
            )
        lines += str(self.margin_ledger).removeprefix("<").removesuffix(">").split("\n  ")
        lines.append("; ".join(self.certificate.lines()))
        return "\n  ".join(lines) + ">"


def _reason(reasons: Mapping[str, SizeReason], size: str) -> str:
    return f"by {reasons[size]}" if size in reasons else ""


def merged(cases: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return the lowest of what has ``_min_`` in its name and the highest of all else."""
    found: dict[str, float] = {}
    for figures in cases:
        for key, value in figures.items():
            pick = min if "_min_" in key else max
            found[key] = pick(found[key], value) if key in found else value
    return found


def _celsius(figures: Mapping[str, float]) -> dict[str, float]:
    return {
        key.removesuffix("_K") + "_degC" if key.endswith("_K") else key: (
            value - ZERO_CELSIUS_K if key.endswith("_K") else value
        )
        for key, value in figures.items()
    }
