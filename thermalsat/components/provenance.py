"""Where a number comes from: a record that reports print beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from thermalsat.components.fields import unknown_name
from thermalsat.errors import InputError

__all__ = [
    "KINDS",
    "Sourced",
    "load_table",
    "preset_names",
    "provenance_table",
    "records_of",
    "sourced_entry",
]

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


def preset_names(table: str) -> list[str]:
    """Return the names that a shipped data file holds."""
    return [name for name in load_table(table) if name != "citations"]


def sourced_entry(table: str, name: str, what: str) -> tuple[str, dict[str, str], tuple[Sourced, ...]]:
    """Return a preset's proper name, its values as texts with units, and the record of each.

    Every number of a data file is a row ``[value, unit, kind, citation]``; the citations and their
    dates stand in the file's ``[citations]``.

    Parameters
    ----------
    table : str
        The file, such as ``"cells"``.
    name : str
        The preset; upper and lower case do not matter.
    what : str
        What the file holds, for the message.

    Raises
    ------
    InputError
        For an unknown name, with the nearest known one.

    Examples
    --------
    >>> name, values, records = sourced_entry("cells", "xtj", "solar cell")
    >>> values["cell_efficiency"], records[0].kind, records[0].date
    ('29.8 %', 'source', '2010')
    """
    known = {preset.lower(): preset for preset in preset_names(table)}
    if not isinstance(name, str) or name.lower() not in known:
        raise InputError(unknown_name(str(name), list(known.values()), what))
    proper = known[name.lower()]
    data = load_table(table)
    values: dict[str, str] = {}
    records: list[Sourced] = []
    for key, (number, unit, kind, citation) in data[proper].items():
        source = data["citations"][citation]
        values[key] = f"{number:g} {unit}".strip()
        records.append(
            Sourced(
                name=f"{proper} {key.replace('_', ' ')}",
                value=values[key],
                kind=kind,
                citation=source["text"],
                date=source["date"],
            )
        )
    return proper, values, tuple(records)


def records_of(
    table: str, preset: str, values: Mapping[str, Any], names: Iterable[str], source: str
) -> tuple[Sourced, ...]:
    """Return where a noun's numbers come from: the preset's record where a number is still the preset's.

    Parameters
    ----------
    table, preset : str
        The data file, and the name under which the noun may be found there.
    values : mapping
        The noun's values as typed; None is left out.
    names : iterable of str
        Which of them to record.
    source : str
        What the user said of the others.
    """
    theirs: dict[str, Sourced] = {}
    if preset in preset_names(table):
        _, texts, records = sourced_entry(table, preset, "preset")
        theirs = dict(zip(texts, records, strict=True))
    found = []
    for name in names:
        value = values[name]
        if value is None:
            continue
        text = f"{value:g}" if isinstance(value, float) else str(value)
        known = theirs.get(name)
        if known is None or known.value != text:
            label = f"{preset} {name.replace('_', ' ')}"
            known = Sourced(name=label, value=text, kind="assumed", citation=source or "given by the user")
        found.append(known)
    return tuple(found)
