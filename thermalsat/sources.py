"""Where the numbers of a design come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from thermalsat.components.part import Nested, Part
from thermalsat.components.provenance import Sourced

if TYPE_CHECKING:
    from thermalsat.satellite import Satellite

__all__ = ["Source", "provenance_of"]


class Source(NamedTuple):
    """Where a number comes from, under the mark that stands beside it in a design file.

    `kind` is ``"source"``, ``"announced"``, ``"derived"`` or ``"assumed"``.
    """

    kind: str
    citation: str
    date: str = ""


UNMARKED = Source("assumed", "no source is stated")


def provenance_of(sat: Satellite) -> dict[str, Sourced]:
    """Return the origin of every number of a design by its dotted name.

    A number of a preset that has no mark of its own has the preset's record; any other number without
    a mark is called assumed.
    """
    made: dict[str, Sourced] = {}
    for section, part in sat.sections().items():
        _collect(section, part, sat, made)
    for record in sat.loop.coolant.records:
        made[f"loop.coolant ({record.name})"] = record
    return made


def _collect(prefix: str, part: Part, sat: Satellite, made: dict[str, Sourced]) -> None:
    preset = _preset_records(part)
    for name, field in part.fields.items():
        stored, dotted = part.__dict__[name], f"{prefix}.{name}"
        if isinstance(field, Nested):
            _collect(dotted, stored, sat, made)
        elif field.numeric and stored is not None and name not in part.unlisted:
            text = str(field.written(stored))
            source = sat.sources.get(sat.marks.get(dotted, ""), preset.get(name, UNMARKED))
            made[dotted] = Sourced(name=dotted, value=text, **source._asdict())


def _preset_records(part: Any) -> dict[str, Source]:
    records = getattr(type(part), "records", None) and part.records
    if not records:
        return {}
    by_words = {name.replace("_", " "): name for name in part.fields}
    found = {}
    for record in records:
        for words, name in by_words.items():
            if record.name == f"{part.name} {words}":
                found[name] = Source(record.kind, record.citation, record.date)
    return found
