"""Figures and tables of a run over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from thermalsat.cli import blocks, tables
from thermalsat.cli.daynight import Spans, day_night, day_night_record
from thermalsat.cli.figures import certificate_record
from thermalsat.constants import ZERO_CELSIUS_K

if TYPE_CHECKING:
    from thermalsat.results import Result

__all__ = ["extremes_of", "limit_rows", "limit_table", "result_record", "worst_residual"]

_NAMES = {"panel": "radiator"}
_OVERRIDE = {"coolant minimum": "coolant_min_degC", "coolant maximum": "coolant_max_degC"}


def result_record(result: Result, spans: Spans | None = None) -> dict[str, Any]:
    """Return a run as plain numbers: extremes by day and night, margins, certificate, ledger."""
    spans = day_night(result) if spans is None else spans
    record: dict[str, Any] = {"duration_min": float(result.times_s[-1] - result.times_s[0]) / 60.0}
    record |= extremes_of(result, spans) | day_night_record(spans)
    charge = result.state_of_energy
    if charge is not None and hasattr(charge, "m_as"):
        record["state_of_energy_min"] = float(charge.m_as("").min())
    record |= certificate_record(result.certificate)
    record["margins"] = {name: _plain(margin) for name, margin in (result.certificate.margins or {}).items()}
    record["ledger_kWh"] = {name: result.ledger[name].m_as("kWh") for name in result.ledger}
    record["events"] = [str(event) for event in result.events]
    return record


def extremes_of(result: Result, spans: Spans) -> dict[str, float]:
    """Return the highest and lowest temperature of each part [°C]; of the coolant, where it has a limit."""
    found: dict[str, float] = {}
    for row, by_time in spans.items():
        ends = [span for span in by_time.values() if span is not None]
        name = _NAMES.get(row, row)
        found[f"{name}_max_degC"] = max(high for _, high in ends) - ZERO_CELSIUS_K
        found[f"{name}_min_degC"] = min(low for low, _ in ends) - ZERO_CELSIUS_K
    margins = result.certificate.margins or {}
    for name, key in _OVERRIDE.items():
        if name in margins and name in result.limits:
            found[key] = _value(name, result.limits[name], margins[name]).m_as("degC")
    if "depth of discharge" in margins:
        limit, margin = result.limits["depth of discharge"], margins["depth of discharge"]
        found["depth_of_discharge"] = float((limit - margin).m_as(""))
    return found


def limit_table(results: Mapping[str, Result]) -> str:
    """Return the table of `limit_rows`."""
    return tables.grid(limit_rows(results), "lr")


def limit_rows(results: Mapping[str, Result]) -> list[list[str]]:
    """Return a head, and a row for each limit with a column for its margin in each case."""
    names = list(dict.fromkeys(name for run in results.values() for name in run.certificate.margins or {}))
    several = len(results) > 1
    rows = [["", "limit", *(results if several else ["margin"])]]
    for name in names:
        limit = next(run.limits[name] for run in results.values() if name in run.limits)
        cells = []
        for run in results.values():
            margin = (run.certificate.margins or {}).get(name)
            cells.append("-" if margin is None else _margin(margin))
        rows.append([name, _amount(limit), *cells])
    return rows


def worst_residual(results: Mapping[str, Result]) -> Result:
    """Return the run with the largest energy residual."""
    return max(results.values(), key=lambda run: abs(run.certificate.energy_residual))


def _value(name: str, limit: Any, margin: Any) -> Any:
    """Return what came nearest to a limit."""
    kelvin, distance = limit.m_as("K"), margin.m_as("K")
    value = kelvin + distance if "minimum" in name else kelvin - distance
    return type(limit)(value, "K")


def _margin(margin: Any) -> str:
    shown = _amount(margin, difference=True)
    negative = margin.magnitude < 0.0 if hasattr(margin, "magnitude") else margin < 0.0
    return tables.BAD + shown if negative else shown


def _amount(value: Any, *, difference: bool = False) -> str:
    for unit in ("K", "W", "J", "1/s"):
        if hasattr(value, "check") and value.is_compatible_with(unit):
            return blocks.amount(float(value.m_as(unit)), unit, difference=difference)
    return blocks.amount(float(value.m_as("") if hasattr(value, "m_as") else value), "")


def _plain(margin: Any) -> dict[str, float] | float:
    for unit, key in (("K", "margin_K"), ("kW", "margin_kW"), ("kWh", "margin_kWh"), ("1/h", "margin_per_h")):
        if hasattr(margin, "check") and margin.is_compatible_with(unit):
            return {key: float(margin.m_as(unit))}
    return {"margin": float(margin.m_as("") if hasattr(margin, "m_as") else margin)}
