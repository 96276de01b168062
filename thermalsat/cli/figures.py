"""Answers as plain numbers whose names end in their unit."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from thermalsat.constants import ZERO_CELSIUS_K

if TYPE_CHECKING:
    from thermalsat.capability.answers import Capability, LimitState
    from thermalsat.results import Certificate

__all__ = [
    "capability_record",
    "certificate_record",
    "extremes",
    "limit_record",
    "margin_records",
    "untrusted",
]

_KEYS = {
    "junction": ("junction_max_degC", max),
    "coolant maximum": ("coolant_max_degC", max),
    "coolant minimum": ("coolant_min_degC", min),
    "array maximum": ("array_max_degC", max),
    "array minimum": ("array_min_degC", min),
    "battery maximum": ("battery_max_degC", max),
    "battery minimum": ("battery_min_degC", min),
    "depth of discharge": ("depth_of_discharge", max),
}
_UNITS = {
    "W": ("kW", 1e3),
    "J": ("kWh", 3.6e6),
    "1/s": ("per_h", 1.0 / 3600.0),
    "": ("", 1.0),
    "1": ("", 1.0),
}


def extremes(limits: Iterable[Mapping[str, LimitState]]) -> dict[str, float]:
    """Return the highest and lowest temperatures, and the deepest discharge, over some cases.

    Parameters
    ----------
    limits : iterable of mappings of str to LimitState
        Limits by name, a mapping for each case.
    """
    found: dict[str, float] = {}
    for by_name in limits:
        for name, state in by_name.items():
            if name not in _KEYS:
                continue
            key, pick = _KEYS[name]
            value = state.value_si - (ZERO_CELSIUS_K if state.unit == "K" else 0.0)
            found[key] = pick(found[key], value) if key in found else value
    return found


def limit_record(state: LimitState | None) -> dict[str, Any] | None:
    """Return a limit where it is nearest, or None where nothing binds."""
    if state is None:
        return None
    return {
        "limit": state.name,
        "case": state.case,
        "orbit_phase": state.phase,
        "time_s": state.time_s,
        "place": state.place,
        **_sized("margin", state.margin_si, state.unit, difference=True),
        **_sized("value", state.value_si, state.unit, difference=state.difference),
        **_sized("limit_value", state.limit_si, state.unit, difference=state.difference),
    }


def _sized(name: str, value: float, unit: str, *, difference: bool) -> dict[str, float]:
    if unit == "K":
        return {f"{name}_K": value} if difference else {f"{name}_degC": value - ZERO_CELSIUS_K}
    suffix, size = _UNITS.get(unit, (unit.replace("/", "_"), 1.0))
    return {f"{name}_{suffix}" if suffix else name: value / size}


def margin_records(margins: Mapping[str, LimitState]) -> dict[str, Any]:
    """Return every limit by its name."""
    return {name: limit_record(state) for name, state in margins.items()}


def certificate_record(certificate: Certificate) -> dict[str, Any]:
    """Return the figures of a certificate, those of section 5 of the design first."""
    return {
        "energy_residual_relative": certificate.energy_residual,
        "periodic_imbalance_relative": certificate.periodic_imbalance,
        "certificate": {
            "time_error_K": certificate.time_error_K,
            "mesh_error_K": certificate.mesh_error_K,
            "distance_K": certificate.distance_K,
            "tolerance_K": certificate.tolerance_K,
            "searched": certificate.searched,
            "problems": untrusted(certificate),
        },
    }


def untrusted(certificate: Certificate) -> list[str]:
    """Return what is wrong with an answer itself; a limit that it finds exceeded is not."""
    return dataclasses.replace(certificate, margins=None).problems()


def capability_record(answer: Capability) -> dict[str, Any]:
    """Return a capability with its limits, case by case."""
    minutes = answer.duration_s / 60.0
    record: dict[str, Any] = {
        "power_kW": answer.power_W / 1e3,
        "duration_min": None if math.isinf(minutes) else minutes,
        "sustainable": answer.sustainable,
        "binding_limit": None if answer.binding_limit is None else str(answer.binding_limit),
        "binding": limit_record(answer.binding_limit),
        "binding_case": answer.case,
    }
    for key, value, size in (
        ("minimum_power_kW", answer.minimum_power_W, 1e3),
        ("base_power_kW", answer.base_W, 1e3),
        ("start_phase", answer.start_phase, 1.0),
        ("recovery_min", answer.recovery_s, 60.0),
    ):
        if value is not None:
            record[key] = value / size
    record |= extremes(answer.cases.values() or [answer.margins])
    record |= certificate_record(answer.certificate)
    record["margins"] = margin_records(answer.margins)
    record["cases"] = {
        name: extremes([limits]) | {"margins": margin_records(limits)}
        for name, limits in answer.cases.items()
    }
    return record
