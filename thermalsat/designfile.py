"""Reading a design file: TOML whose every number is a text with its unit and the mark of its source.

``area = "160 m^2 [sized]"`` states a value and, in brackets, the mark of an entry under ``[sources]``
that says where it comes from. All faults of a file are collected and raised at once.
"""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from thermalsat.cases import DesignCase
from thermalsat.components.fields import Field, Text, unknown_name
from thermalsat.components.part import Nested, Part
from thermalsat.components.provenance import KINDS
from thermalsat.designkeys import Key, keys
from thermalsat.designnights import no_battery
from thermalsat.errors import DesignError, InputError
from thermalsat.satellite import SECTIONS, Satellite
from thermalsat.sources import Source

__all__ = ["SCHEMA", "Key", "keys", "loads", "read"]

SCHEMA = 1

_MARK = re.compile(r"^(.*\S)\s*\[([A-Za-z][\w .-]*)\]\s*$", re.DOTALL)
_OPTIONAL_SECTIONS = ("cost", "store")
_TOP = ("schema", "name", "description", "sources", "cases", *SECTIONS)


def read(path: str | PathLike[str]) -> Satellite:
    """Read a design file; see `Satellite.from_file`."""
    shown = fspath(path)
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DesignError(_missing_file(shown)) from None
    except (IsADirectoryError, PermissionError) as error:
        raise DesignError(f"the design file {shown!r} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise DesignError(f"the design file {shown!r} is not a text in UTF-8") from None
    return loads(text, shown)


def _missing_file(shown: str) -> str:
    from thermalsat.designs import names

    near = get_close_matches(Path(shown).stem, names(), n=1)
    hint = (
        f'did you mean the shipped design "{near[0]}"?' if near else "shipped designs: " + ", ".join(names())
    )
    return f"there is no design file {shown!r}; {hint}"


def loads(text: str, origin: str = "design") -> Satellite:
    """Read a design from a text.

    Parameters
    ----------
    text : str
        TOML.
    origin : str
        What to call it in messages.

    Raises
    ------
    DesignError
        With all faults in `faults`, each naming its line and key, what is needed, what was given.
    """
    if not text.strip():
        raise DesignError(f"{origin} is empty; start from a shipped design: `thermalsat init leo-53`")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DesignError(
            f'{origin} is not valid TOML: {error}; write `key = "120 kW"` under `[section]`'
        ) from None
    reader = _Reader(origin, _lines(text))
    sat = reader.satellite(table)
    if sat is None:
        raise DesignError(reader.sorted_faults())
    return sat


class _Reader:
    """One pass over a table, with the faults and marks met on the way."""

    def __init__(self, origin: str, lines: dict[str, int]) -> None:
        self.origin = origin
        self.lines = lines
        self.found: list[tuple[int, str]] = []
        self.marks: dict[str, str] = {}

    def fault(self, dotted: str, sentence: str) -> None:
        line = self.lines.get(dotted, 0)
        while not line and "." in dotted:
            dotted = dotted.rpartition(".")[0]
            line = self.lines.get(dotted, 0)
        self.found.append(
            (line, f"{self.origin}:{line}: {sentence}" if line else f"{self.origin}: {sentence}")
        )

    def sorted_faults(self) -> list[str]:
        return [sentence for _, sentence in sorted(self.found, key=lambda item: item[0])]

    def satellite(self, table: dict[str, Any]) -> Satellite | None:
        self._schema(table)
        for name in table:
            if name not in _TOP:
                self.fault(name, unknown_name(name, list(_TOP), "section"))
        head: dict[str, Any] = {name: self._head(table, name) for name in ("name", "description")}
        sources = self._sources(table)
        parts: dict[str, Any] = {}
        for section, noun in SECTIONS.items():
            inside = self._section(table, section)
            if inside is not None:
                parts[section] = self.part(noun, inside, section)
        parts["cases"] = self._cases(self._section(table, "cases"))
        if "battery" not in table:
            self._missing_battery(parts)
        for dotted, mark in self.marks.items():
            if mark not in sources:
                near = (
                    unknown_name(mark, list(sources), "source")
                    if sources
                    else f"there is no `[sources.{mark}]`"
                )
                self.fault(dotted, f"`{dotted}` has a mark without a source: {near}")
        if self.found:
            return None
        try:
            return Satellite(**head, **parts, marks=self.marks, sources=sources)
        except InputError as error:
            for sentence in _sentences(error):
                self.fault(_first_name(sentence), sentence)
            return None

    def _schema(self, table: dict[str, Any]) -> None:
        if "schema" not in table:
            self.fault("schema", f"`schema` is missing; write `schema = {SCHEMA}` in the first line")
        elif table["schema"] != SCHEMA or isinstance(table["schema"], bool):
            self.fault("schema", f"`schema` must be {SCHEMA}, got {table['schema']!r}")

    def _head(self, table: dict[str, Any], name: str) -> str:
        value = table.get(name, "" if name == "description" else Path(self.origin).stem)
        if not isinstance(value, str):
            self.fault(name, f"`{name}` must be a text in quotes, got {value!r}")
        return str(value)

    def _section(self, table: dict[str, Any], section: str) -> dict[str, Any] | None:
        if section not in table:
            if section not in (*_OPTIONAL_SECTIONS, "battery"):
                self._missing_section(section)
            return None
        inside = table[section]
        if not isinstance(inside, dict):
            self.fault(section, f"`{section}` must be a section `[{section}]`, got {inside!r}")
            return None
        return inside

    def _missing_section(self, section: str) -> None:
        fields = SECTIONS[section].fields if section in SECTIONS else {}
        needed = ", ".join(f"`{name}`" for name, field in fields.items() if field.required)
        hint = f" with {needed}" if needed else ""
        self.fault(
            section, f"the section `[{section}]` is missing; add it{hint}, or copy it from `thermalsat init`"
        )

    def _missing_battery(self, parts: dict[str, Any]) -> None:
        """Note the battery that is missing, with the night it would bridge where that is known."""
        known: dict[str, Any] = {
            name: parts.get(name) for name in ("requirement", "orbit", "environment", "bus", "cases")
        }
        if None in known.values() or not known["cases"] or None in known["cases"].values():
            self._missing_section("battery")
            return
        demand_W = known["bus"].demand_W(known["requirement"].sustained_W)
        try:
            orbit = known["orbit"].build()
        except InputError:
            self._missing_section("battery")
            return
        self.fault("battery", no_battery(orbit, known["cases"], known["environment"].shadow, demand_W, None))

    def _sources(self, table: dict[str, Any]) -> dict[str, Source]:
        sources: dict[str, Source] = {}
        given = table.get("sources", {})
        if not isinstance(given, dict):
            self.fault("sources", f"`sources` must be a section `[sources]`, got {given!r}")
            return sources
        for mark, entry in given.items():
            dotted = f"sources.{mark}"
            entry = entry if isinstance(entry, dict) else {"": entry}
            kind, citation = entry.get("kind"), entry.get("citation")
            if not set(entry) <= {"kind", "citation", "date"}:
                need = f"`{dotted}` must hold `kind`, `citation` and perhaps `date`, got {entry!r}"
                self.fault(dotted, need)
            elif kind not in KINDS:
                need = f"`{dotted}.kind` must be one of {', '.join(KINDS)}, got {kind!r}"
                self.fault(f"{dotted}.kind", need)
            elif not isinstance(citation, str) or not citation.strip():
                self.fault(f"{dotted}.citation", f"`{dotted}.citation` must say where the number comes from")
            else:
                sources[mark] = Source(kind, citation, str(entry.get("date", "")))
        return sources

    def _cases(self, given: dict[str, Any] | None) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if given is not None and not given:
            self.fault("cases", "`cases` must hold at least one case, e.g. `[cases.hot]`")
        for name, inside in (given or {}).items():
            if isinstance(inside, dict):
                made[name] = self.part(DesignCase, inside, f"cases.{name}", name=name)
            else:
                self.fault(
                    f"cases.{name}", f"`cases.{name}` must be a section `[cases.{name}]`, got {inside!r}"
                )
        return made

    def part(self, noun: type[Part], table: dict[str, Any], prefix: str, **more: Any) -> Part | None:
        """Make the noun of a section; on any fault, note it and return None."""
        before = len(self.found)
        listed = [name for name in noun.fields if name not in noun.unlisted]
        values = dict(more)
        for key, given in table.items():
            dotted = f"{prefix}.{key}"
            if key not in listed:
                self.fault(dotted, unknown_name(dotted, [f"{prefix}.{name}" for name in listed], "key"))
                continue
            field = noun.fields[key]
            if isinstance(field, Nested) and isinstance(given, dict):
                values[key] = self.part(field.noun, given, dotted)
            else:
                values[key] = self.value(field, given, dotted)
        for name in listed:
            if name not in table and noun.fields[name].required:
                self._missing(f"{prefix}.{name}", noun.fields[name])
        if len(self.found) > before:
            return None
        try:
            return noun(**values)
        except InputError as error:
            for sentence in _sentences(error):
                self.fault(_first_name(sentence) or prefix, sentence)
            return None

    def _missing(self, dotted: str, field: Field) -> None:
        bounds = f", {field.bounds}" if field.bounds else ""
        unit = f" [{field.unit}]" if field.unit else ""
        self.fault(dotted, f"`{dotted}` is missing: {field.doc} ({field.kind}{unit}{bounds})")

    def value(self, field: Field, given: Any, dotted: str) -> Any:
        """Read one value and note its mark; on a fault, note that and return None."""
        if isinstance(given, str) and not isinstance(field, Text):
            match = _MARK.match(given)
            if match:
                given, self.marks[dotted] = match.groups()
        try:
            return field.read(given, dotted)
        except InputError as error:
            self.fault(dotted, str(error))
            return None


def _sentences(error: InputError) -> list[str]:
    return error.faults if isinstance(error, DesignError) else [str(error)]


def _first_name(sentence: str) -> str:
    match = re.search(r"`([\w.*-]+)`", sentence)
    return match.group(1) if match else ""


def _lines(text: str) -> dict[str, int]:
    """Line of every section and key, by dotted name."""
    found: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$", line)
        key = re.match(r"\s*([\w.\"'-]+?)\s*=", line)
        if header:
            section = header.group(1).replace('"', "").replace("'", "")
            found.setdefault(section, number)
        elif key:
            name = key.group(1).strip("\"'")
            found.setdefault(f"{section}.{name}" if section else name, number)
    return found
