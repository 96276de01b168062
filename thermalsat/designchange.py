"""Changed copies of a design, by dotted name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thermalsat.cases import named_cases
from thermalsat.components.field import unknown_name
from thermalsat.errors import InputError
from thermalsat.satellite import SECTIONS, Satellite

__all__ = ["changed"]


def changed(sat: Satellite, changes: dict[str, Any]) -> Satellite:
    """Return a copy with values changed together; see `Satellite.replace`."""
    made = {name: getattr(sat, name) for name in ("name", "description", "sources")}
    parts: dict[str, Any] = sat.sections()
    inside: dict[str, dict[str, Any]] = {}
    cases: Mapping[str, Any] = sat.cases
    if "cases" in changes:
        cases = named_cases(changes["cases"])
        parts = {part: value for part, value in parts.items() if not part.startswith("cases.")}
        parts |= {f"cases.{name}": case for name, case in cases.items()}
    for dotted, new in changes.items():
        if dotted == "cases":
            continue
        part, key = _place(sat, cases, dotted)
        if key:
            inside.setdefault(part, {})[key] = new
        else:
            parts[part] = new
    for part, some in inside.items():
        parts[part] = parts[part].changed(part, some)
    made["cases"] = [case for part, case in parts.items() if part.startswith("cases.")]
    made |= {part: value for part, value in parts.items() if not part.startswith("cases.")}
    made["marks"] = {key: mark for key, mark in sat.marks.items() if not _within(key, changes)}
    return Satellite(**made)


def _place(sat: Satellite, cases: Mapping[str, Any], dotted: str) -> tuple[str, str]:
    """Split a dotted name into the part (or case) and the key inside it, which may be empty."""
    section, _, key = dotted.partition(".")
    if section == "cases" and key:
        case, _, key = key.partition(".")
        if case in cases:
            return f"cases.{case}", key
    elif section in SECTIONS or (not key and section in ("name", "description")):
        return section, key
    raise InputError(unknown_name(dotted, list(sat.values()), "name in a design"))


def _within(key: str, changes: dict[str, Any]) -> bool:
    return any(key == name or key.startswith(f"{name}.") for name in changes)
