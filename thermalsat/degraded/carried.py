"""The power that the radiator carries, whatever array and battery give."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from thermalsat.assembly.limits import LimitMargin
from thermalsat.capability.answers import LimitState
from thermalsat.capability.study import LOOSE_K, Orbit, Study
from thermalsat.capability.sustained import Sustained, find_sustained
from thermalsat.sizing.trial import size_of

__all__ = ["carried", "rejects_heat"]


class _Heat(Study):
    """The cycles of a study, with the limits of the radiator and the lower limits alone."""

    def __init__(self, study: Study) -> None:
        super().__init__(study.models, study.requirement_W)
        self._orbits = study._orbits

    def orbit(self, case: str, power_W: float, tolerance_K: float = LOOSE_K) -> Orbit:
        """See `Study.orbit`."""
        found = super().orbit(case, power_W, tolerance_K)
        kept = tuple(limit for limit in found.limits if limit.lower or rejects_heat(limit))
        return replace(found, limits=kept)


def carried(study: Study, first_W: float | None = None) -> Sustained:
    """Return the largest compute power whose periodic states hold junction and coolant in every case.

    The limits of array, battery and bus are left aside: it is what the heat rejection is good for.

    Parameters
    ----------
    study : Study
        Whose cycles are used and added to.
    first_W : float, optional
        Where to begin [W].

    Raises
    ------
    InfeasibleError
        If not even the idle floor is carried.
    """
    return find_sustained(_Heat(study), first_W)


def rejects_heat(limit: LimitMargin | LimitState) -> bool:
    """Return whether more radiator is what a limit asks for."""
    asked: Any = limit
    return size_of(asked) == "radiator"
