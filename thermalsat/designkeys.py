"""The keys of a design file, as the nouns describe them."""

from __future__ import annotations

from typing import Any, NamedTuple

from thermalsat.cases import DesignCase
from thermalsat.components.field import Field
from thermalsat.components.part import Nested, Part
from thermalsat.satellite import SECTIONS

__all__ = ["Key", "keys"]


class Key(NamedTuple):
    """One key of a design file."""

    name: str
    unit: str
    kind: str
    bounds: str
    default: Any
    doc: str


def keys() -> list[Key]:
    """Return every key that a design file may hold; the case's name stands as ``*``.

    Examples
    --------
    >>> next(key for key in keys() if key.name == "radiator.pitch")[:4]
    ('radiator.pitch', 'm', 'quantity', 'above 0 m and at most 10 m')
    """
    found: list[Key] = []
    nouns: dict[str, type[Part]] = SECTIONS | {"cases.*": DesignCase}
    for section, noun in nouns.items():
        for name, field in noun.fields.items():
            if name not in noun.unlisted:
                found += _described(f"{section}.{name}", field)
    return found


def _described(dotted: str, field: Field) -> list[Key]:
    default = "required" if field.required else field.default
    own = [Key(dotted, field.unit, field.kind, field.bounds, default, field.doc)]
    if isinstance(field, Nested):
        own += [
            key for name, inner in field.noun.fields.items() for key in _described(f"{dotted}.{name}", inner)
        ]
    return own
