"""Events of a run: what buses and batteries turn to, batteries full or empty, valves at their stops."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.bundle import Bundle
from thermalsat.units import from_si

from .views import PartView

__all__ = ["Event", "named"]

Floats = NDArray[np.float64]

_KINDS = (
    ("charging", "discharging"),
    ("charge limited", "charge no longer limited"),
    ("no longer empty", "empty"),
    ("full", "no longer full"),
    ("no longer closed", "closed"),
    ("open", "no longer open"),
)
"""In the order of `solver.transient.EVENTS`, upwards and downwards."""
_FIRST_OF_VALVES = 4


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


def named(parts: Iterable[PartView], bundle: Bundle, rows: Floats) -> tuple[Event, ...]:
    """Return the events of a run in the order of time.

    Parameters
    ----------
    parts : iterable of PartView
    bundle : Bundle
    rows : ndarray (k, 4)
        Time [s], kind, number of the battery or valve, direction: `solver.transient.Trajectory.events`.
    """
    names = {part.start: part.name for part in parts if part.kind in ("battery", "valve")}
    found = []
    for time_s, kind, number, direction in rows:
        states = bundle.v_state if kind >= _FIRST_OF_VALVES else bundle.bt_soe
        name = names.get(int(states[int(number)]))
        if name is not None:
            word = _KINDS[int(kind)][0 if direction > 0.0 else 1]
            found.append(Event(time_s=float(time_s), name=name, kind=word))
    return tuple(found)
