"""Writing a design file: the text that `designfile` reads back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from thermalsat.components.fields import Text
from thermalsat.components.part import Nested, Part

if TYPE_CHECKING:
    from thermalsat.satellite import Satellite

__all__ = ["write"]

_WIDEST = 60  # longer rows stand without a comment


def write(sat: Satellite) -> str:
    """Return a design as TOML, each key with its meaning in a comment.

    Keys that hold nothing are left out.
    """
    from thermalsat.designfile import SCHEMA
    from thermalsat.satellite import SECTIONS

    lines = [f"schema = {SCHEMA}", f"name = {_toml(sat.name)}"]
    if sat.description:
        lines.append(f"description = {_toml(sat.description)}")
    for section in SECTIONS:
        lines += _table(section, sat.part(section), sat.marks)
        if section == "environment":
            for name, case in sat.cases.items():
                lines += _table(f"cases.{name}", case, sat.marks)
    for mark, source in sat.sources.items():
        lines += ["", f"[sources.{_key(mark)}]"]
        lines += [f"{name} = {_toml(value)}" for name, value in source._asdict().items() if value]
    return "\n".join(lines) + "\n"


def _table(prefix: str, part: Part, marks: Any) -> list[str]:
    rows: list[tuple[str, str]] = []
    nested: list[str] = []
    for name, field in part.fields.items():
        stored = part.__dict__[name]
        if stored is None or name in part.unlisted or (isinstance(field, Text) and stored == field.default):
            continue
        if isinstance(field, Nested):
            nested += _table(f"{prefix}.{name}", stored, marks)
            continue
        value, mark = field.written(stored), marks.get(f"{prefix}.{name}")
        if mark and not isinstance(field, Text):
            value = f"{_plain(value)} [{mark}]"
        rows.append((f"{name} = {_toml(value)}", field.doc))
    width = max((len(row) for row, _ in rows if len(row) <= _WIDEST), default=0)
    own = [f"{row.ljust(width)}  # {doc}" if len(row) <= _WIDEST else row for row, doc in rows]
    return (["", f"[{prefix}]", *own] if own else []) + nested


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " x ".join(str(item) for item in value)
    return str(value)


def _key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() else _toml(name)


def _toml(value: Any) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        return f'"{escaped}"'
    if isinstance(value, list):
        return "[" + ", ".join(str(item) for item in value) + "]"
    return _plain(value)
