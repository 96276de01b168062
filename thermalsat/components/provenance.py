"""Where a number comes from: a record that reports print beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from thermalsat.errors import InputError

__all__ = ["KINDS", "Sourced", "load_table", "provenance_table"]

KINDS: Final = ("source", "announced", "derived", "assumed")


@dataclass(frozen=True, kw_only=True)
class Sourced:
    """A value with its origin.

    Parameters
    ----------
    name : str
        What the number is, such as ``"Z-93 emittance"``.
    value : str
        The value as a text with its unit, such as ``"0.92"`` or ``"36 bar"``.
    kind : {"source", "announced", "derived", "assumed"}
        From a publication or measurement; from its maker's announcement; computed from other values; or
        chosen for want of better.
    citation : str
        The source, or how it was derived, or why it was assumed.
    date : str
        Of the source: ``"2020"``, ``"2026-06"`` or ``"2026-06-08"``.

    Raises
    ------
    InputError
        If `kind` is unknown, or `citation` is missing.

    Examples
    --------
    >>> print(Sourced(name="area", value="110 m^2", kind="announced", citation="maker", date="2026-06"))
    area = 110 m^2 (announced, 2026-06: maker)
    """

    name: str
    value: str
    kind: str
    citation: str
    date: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"`kind` must be one of {', '.join(KINDS)}, got {self.kind!r}")
        if not self.citation:
            raise InputError(f"`citation` must say where {self.name!r} comes from")

    def __str__(self) -> str:
        when = f", {self.date}" if self.date else ""
        return f"{self.name} = {self.value} ({self.kind}{when}: {self.citation})"


def provenance_table(items: Iterable[Sourced]) -> str:
    """Return a table of sourced values, one a line, that a person can read.

    Parameters
    ----------
    items : iterable of Sourced
        What to print.

    Returns
    -------
    str
        Columns: name, value, kind, date, citation.
    """
    rows = [("name", "value", "kind", "date", "source")]
    rows += [(item.name, item.value, item.kind, item.date, item.citation) for item in items]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    padded = [[text.ljust(width) for text, width in zip(row, widths, strict=False)] for row in rows]
    return "\n".join("  ".join([*columns, row[4]]) for columns, row in zip(padded, rows, strict=True))


@cache
def load_table(name: str) -> Mapping[str, Any]:
    """Return a shipped data file, such as ``"coatings"``, as a dictionary."""
    return tomllib.loads((files("thermalsat") / "data" / f"{name}.toml").read_text(encoding="utf-8"))


def sourced_entry(table: str, entry: str) -> tuple[dict[str, Any], tuple[Sourced, ...]]:
    """Return the plain values of a preset, and the record of each.

    Every number of a data file is a row ``[value, unit, kind, citation key]``; the citations and their
    dates stand in the file's ``[citations]``.
    """
    data = load_table(table)
    values: dict[str, Any] = {}
    records: list[Sourced] = []
    for key, row in data[entry].items():
        if not isinstance(row, list):
            values[key] = row
            continue
        number, unit, kind, citation = row
        source = data["citations"][citation]
        text = f"{number:g} {unit}".strip()
        values[key] = text
        name = f"{entry} {key.replace('_', ' ')}"
        records.append(
            Sourced(name=name, value=text, kind=kind, citation=source["text"], date=str(source["date"]))
        )
    return values, tuple(records)
