"""Events of a run: batteries full or empty, valves at their stops."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.units import from_si

from .views import PartView

__all__ = ["STOP", "Event", "crossings", "located"]

Floats = NDArray[np.float64]

STOP = 1e-3
"""How near to 0 or 1 a position or a state of energy counts as there."""

_KINDS = {
    ("battery", "high", 1): "full",
    ("battery", "high", -1): "no longer full",
    ("battery", "low", -1): "empty",
    ("battery", "low", 1): "no longer empty",
    ("valve", "high", 1): "open",
    ("valve", "high", -1): "no longer open",
    ("valve", "low", -1): "closed",
    ("valve", "low", 1): "no longer closed",
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Event:
    """Something that happened to a part at a time.

    Parameters
    ----------
    time_s : float
        When [s].
    name : str
        What it happened to.
    kind : str
        What happened, such as ``"full"``.

    Examples
    --------
    >>> Event(time_s=90.0, name="battery", kind="full")
    <Event: battery full at 90 s>
    """

    time_s: float
    name: str
    kind: str

    @property
    def time(self) -> Any:
        """When (Quantity [s])."""
        return from_si(self.time_s, "s")

    def __repr__(self) -> str:
        return f"<Event: {self.name} {self.kind} at {self.time_s:.6g} s>"


def crossings(times_s: Floats, values: Floats, level: float) -> list[tuple[float, int]]:
    """Return times [s] at which samples cross a level, and the direction (1 up, -1 down).

    By the straight line between samples: good to the square of their distance.

    Examples
    --------
    >>> import numpy as np
    >>> crossings(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.5]), 0.75)
    [(0.75, 1), (1.5, -1)]
    """
    above = values >= level
    found = []
    for k in np.flatnonzero(above[1:] != above[:-1]):
        part = (level - values[k]) / (values[k + 1] - values[k])
        time_s = times_s[k] + part * (times_s[k + 1] - times_s[k])
        found.append((float(time_s), 1 if above[k + 1] else -1))
    return found


def located(parts: Iterable[PartView], times_s: Floats, history: Floats) -> tuple[Event, ...]:
    """Return the events of a run in the order of time."""
    events = []
    for part in parts:
        if part.kind not in ("battery", "valve"):
            continue
        values = history[:, part.start]
        for stop, level in (("low", STOP), ("high", 1.0 - STOP)):
            for time_s, direction in crossings(times_s, values, level):
                kind = _KINDS[part.kind, stop, direction]
                events.append(Event(time_s=time_s, name=part.name, kind=kind))
    return tuple(sorted(events, key=lambda event: event.time_s))
