"""Temperatures of the main parts in sunlight and in the Earth's shadow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.cli import tables
from thermalsat.constants import ZERO_CELSIUS_K

if TYPE_CHECKING:
    from thermalsat.results import Result
    from thermalsat.results.views import PartView

__all__ = ["PARTS", "day_night", "day_night_record", "day_night_rows", "day_night_table", "kelvins"]

Floats = NDArray[np.float64]
Spans = dict[str, dict[str, tuple[float, float] | None]]

PARTS = ("junction", "coolant", "panel", "array", "battery")
_ACROSS = 3  # cases beside each other in a table


def _row(part: PartView) -> str | None:
    """Name the row of the table to which a part of the network belongs."""
    if part.kind == "plate":
        return "panel" if part.name == "radiator" else None
    if part.kind == "channel" or (part.kind == "node" and part.law is not None):
        return "coolant"  # volumes of coolant are followed by their enthalpy
    return part.name.split()[0] if part.kind == "node" else None


def kelvins(result: Result, row: str) -> Floats | None:
    """Return temperatures of the parts of a row over the samples (k, m) [K], or None without any."""
    found = [
        np.asarray(result.temperature(name).magnitude).reshape(len(result.times_s), -1)
        for name, part in result.parts.items()
        if _row(part) == row
    ]
    return np.concatenate(found, axis=1) if found else None


def day_night(result: Result) -> Spans:
    """Return the lowest and highest temperature of each part [K], by day and by night.

    Parameters
    ----------
    result : Result
        Samples with their illumination; half of the Sun's disc divides day from night.

    Returns
    -------
    dict of str to dict
        By part, then ``"day"`` and ``"night"``; None where there is no such time.
    """
    light = np.ones(len(result.times_s))
    if result.illumination is not None:
        light = np.asarray(result.illumination.m_as(""))
    spans: Spans = {}
    for row in PARTS:
        values = kelvins(result, row)
        if values is None:
            continue
        spans[row] = {}
        for name, chosen in (("day", light >= 0.5), ("night", light < 0.5)):
            part = values[chosen]
            spans[row][name] = (float(part.min()), float(part.max())) if part.size else None
    return spans


def day_night_record(spans: Spans) -> dict[str, Any]:
    """Return the temperatures as plain numbers: ``junction_day_max_degC`` and so on."""
    record: dict[str, Any] = {}
    for row, by_time in spans.items():
        for name, span in by_time.items():
            for end, which in (("min", 0), ("max", 1)):
                value = None if span is None else span[which] - ZERO_CELSIUS_K
                record[f"{row}_{name}_{end}_degC"] = value
    return record


def day_night_table(cases: Mapping[str, Spans]) -> str:
    """Return the tables of `day_night_rows` below each other."""
    return "\n\n".join(tables.grid(rows, "lr") for rows in day_night_rows(cases))


def day_night_rows(cases: Mapping[str, Spans]) -> list[list[list[str]]]:
    """Return tables with a row for each part and a column for the day and the night of each case."""
    names = list(cases)
    blocks = []
    for start in range(0, len(names), _ACROSS):
        some = names[start : start + _ACROSS]
        rows = [["°C", *(f"{name} {time}" for name in some for time in ("day", "night"))]]
        for row in PARTS:
            if any(row in cases[name] for name in some):
                cells = [
                    _cell(cases[name].get(row, {}).get(time)) for name in some for time in ("day", "night")
                ]
                rows.append([row, *cells])
        blocks.append(rows)
    return blocks


def _cell(span: tuple[float, float] | None) -> str:
    if span is None:
        return "-"
    low, high = (f"{round(value - ZERO_CELSIUS_K)}" for value in span)
    return low if low == high else f"{low} to {high}"
