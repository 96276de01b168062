"""A load as it is typed: ``120 kW``, ``day 120 kW night 80 kW``, ``burst 150 kW at 10 min for 12 min``."""

from __future__ import annotations

import re

from thermalsat.errors import InputError
from thermalsat.load import Load
from thermalsat.satellite import Satellite

__all__ = ["case_load", "default_load", "read_load"]

_WORDS = re.compile(r"(?:^|\s)(burst|at|for|base|day|night)\s+(?=[-+.\d]|nan|inf)", re.IGNORECASE)
_FORMS = {"burst": {"burst", "at", "for", "base"}, "day": {"day", "night"}}
_EXAMPLE = '"120 kW", "day 120 kW night 80 kW" or "burst 150 kW at 10 min for 12 min base 120 kW"'


def read_load(text: str, sat: Satellite) -> Load:
    """Return the load that a text describes.

    ``sustained``, ``peak`` and ``idle`` stand for the design's own powers. In a burst, what is left out
    is the requirement's: its sustained power as the base, its duration; it starts at once.

    Parameters
    ----------
    text : str
        What was typed.
    sat : Satellite
        The design.

    Raises
    ------
    InputError
        If the text does not describe a load.

    Examples
    --------
    >>> from thermalsat import designs
    >>> read_load("burst 150 kW at 10 min", designs.load("leo-53"))
    Load.burst(base='120 kW', peak='150 kW', start='10 min', duration='10 min')
    """
    asked = sat.requirement.written()
    own = {
        "sustained": asked["sustained"],
        "peak": asked["peak"],
        "idle": sat.payload.written()["idle_floor"],
    }
    plain = text.strip()
    if plain.lower() in own:
        return Load.constant(own[plain.lower()])
    first = plain.partition(" ")[0].lower()
    if first not in _FORMS:
        return Load.of(plain)
    given = _values(plain, _FORMS[first])
    if first == "day":
        return Load.day_night(day=given["day"], night=given.get("night", own["idle"]))
    return Load.burst(
        base=given.get("base", own["sustained"]),
        peak=given["burst"],
        start=given.get("at", "0 min"),
        duration=given.get("for", asked["burst"]),
    )


def default_load(sat: Satellite) -> Load:
    """Return the burst that the requirement asks for, ten minutes after the start."""
    asked = sat.requirement.written()
    return Load.burst(base=asked["sustained"], peak=asked["peak"], start="10 min", duration=asked["burst"])


def case_load(sat: Satellite, case: str) -> Load:
    """Return the constant power that a case starts from."""
    idle = sat.case(case).load == "idle"
    part, key = (sat.payload, "idle_floor") if idle else (sat.requirement, "sustained")
    return Load.constant(part.written()[key])


def _values(text: str, words: set[str]) -> dict[str, str]:
    pieces = _WORDS.split(text)
    found: dict[str, str] = {}
    for word, value in zip((piece.lower() for piece in pieces[1::2]), pieces[2::2], strict=True):
        if word not in words or word in found:
            raise InputError(f"`load` must be {_EXAMPLE}; {word!r} does not belong in {text!r}")
        found[word] = value.strip()
    if pieces[0].strip() or next(iter(words & {"burst", "day"})) not in found:
        raise InputError(f"`load` must be {_EXAMPLE}; got {text!r}")
    return found
