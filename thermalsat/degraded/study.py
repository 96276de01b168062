"""The same questions asked again with something lost."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from thermalsat.capability.answers import Capability
from thermalsat.capability.base import check_length
from thermalsat.capability.bursts import Bursts, Start
from thermalsat.capability.peak import burst_answer, find_peak
from thermalsat.capability.remedies import explained
from thermalsat.capability.study import Study
from thermalsat.capability.sustained import find_sustained, idle_margin, sustained_answer
from thermalsat.capability.worst import Worst
from thermalsat.components.field import unknown_name
from thermalsat.degraded.answer import Degraded, ModeAnswer
from thermalsat.degraded.carried import carried, rejects_heat
from thermalsat.degraded.modes import MODES, DegradedMode
from thermalsat.degraded.pointing import ERRORS, pointing_sweep
from thermalsat.errors import ConvergenceError, InfeasibleError, InputError
from thermalsat.questions import asked_of, each_of
from thermalsat.satellite import Satellite
from thermalsat.units import QuantityLike, si_positive, single

__all__ = ["SHED", "degraded_modes"]

SHED = 0.9
"""Base of a burst in a mode that does not hold the base asked for, of the mode's own sustained power."""
ROUND_W = 1e3
FEW_PHASES = 6


def degraded_modes(
    sat: Satellite,
    modes: Iterable[str | DegradedMode] | str | None = None,
    *,
    base: QuantityLike | None = None,
    peak: bool = True,
    pointing: Sequence[Any] = ERRORS,
    note: Callable[[str], None] | None = None,
) -> Degraded:
    """Return what a satellite holds with something lost.

    Parameters
    ----------
    sat : Satellite
        The intact design.
    modes : sequence of str or DegradedMode, optional
        Names of `thermalsat.degraded.MODES`, or modes made by its functions with other arguments; default
        all of `MODES`.
    base : Quantity or str, optional
        Compute power before and after a burst; default the requirement's sustained power. A mode that
        does not hold it is asked on top of 90 % of its own sustained power, in whole kilowatts.
    peak : bool
        Whether to ask for the peak power of the requirement's burst, which takes most of the time.
    pointing : sequence of Quantity or str
        Errors of the panels' pointing for a sweep beside the modes; none for no sweep.
    note : callable, optional
        Is told what is being asked, for a sign of life.

    Returns
    -------
    Degraded

    Raises
    ------
    InputError
        For an unknown mode, with the nearest known one.
    InfeasibleError
        If the intact satellite holds nothing.

    Notes
    -----
    Each mode is a changed design, so that network, limits and cases are those of that design. A mode that
    the model cannot stand for is refused in its row, with the reason; the others are answered.

    Examples
    --------
    >>> import thermalsat as ts
    >>> found = ts.degraded_modes(ts.designs.load("leo-53"), ["module"], peak=False, pointing=())
    >>> bool(found["battery module lost"].power < found.intact.power)
    True
    """
    sat = asked_of(sat)
    chosen, errors = _chosen(sat, modes), each_of(pointing, "pointing")
    asked_W = sat.requirement.sustained_W if base is None else single(si_positive(base, "W", "base"), "base")
    if peak:
        check_length(sat, sat.requirement.burst_s, "requirement.burst")
    whole = _Asked(DegradedMode(name="intact", satellite=sat, assumption=""), peak)
    tell = note or _silent
    tell("intact")
    with explained(sat, idle_margin(sat.cases)):
        intact = whole.answer(asked_W, whole, None)
    answers = []
    for mode in chosen:
        tell(mode.name)
        try:
            answers.append(_Asked(mode, peak).answer(asked_W, whole, intact))
        except (InputError, InfeasibleError, ConvergenceError) as error:
            answers.append(ModeAnswer(mode=mode, reason=str(error)))
    if errors:
        tell("pointing")
    return Degraded(
        design=sat.name,
        intact=intact,
        modes=tuple(answers),
        burst_s=sat.requirement.burst_s,
        pointing=pointing_sweep(sat, errors) if errors else None,
    )


class _Asked:
    """One mode, with its cycles and the peaks found so far."""

    def __init__(self, mode: DegradedMode, peak: bool) -> None:
        self.mode = mode
        self.wants_peak = peak
        self.study: Study | None = None
        self._starts: tuple[Start, ...] = ()
        self._beside: dict[float, float | None] = {}

    def answer(self, asked_W: float, whole: _Asked, intact: ModeAnswer | None) -> ModeAnswer:
        """Ask for sustained power, the radiator's power and the peak."""
        design = self.mode.satellite
        if design is None:
            return ModeAnswer(mode=self.mode, reason=self.mode.refused)
        study = self.study = Study.of(design)
        if whole.study is not None and whole is not self and _same_mesh(study, whole.study):
            study.borrow(whole.study)
        sustained = find_sustained(study)
        held, heat = sustained_answer(study, sustained), sustained
        if sustained.binding is None or not rejects_heat(sustained.binding):
            heat = carried(study, None if intact is None else intact.radiator_W)
        given: dict[str, Any] = {
            "mode": self.mode,
            "sustained": held,
            "radiator_W": heat.power_W,
            "radiator_limit": heat.binding,
            "intact_sustained_W": _power(held if intact is None else intact.sustained),
            "intact_radiator_W": heat.power_W if intact is None else intact.radiator_W,
        }
        if not self.wants_peak:
            return ModeAnswer(**given)
        base_W, found = asked_W, self.peak(asked_W) if asked_W < held.power_W else "no peak margin"
        if isinstance(found, str):
            base_W = ROUND_W * math.floor(SHED * held.power_W / ROUND_W)
            found = self.peak(base_W) if base_W > 0.0 else found
        if isinstance(found, str):
            return ModeAnswer(**given, reason=found)
        beside = found.power_W if whole is self else whole.peak_beside(base_W)
        return ModeAnswer(**given, peak=found, base_W=base_W, intact_peak_W=beside)

    def peak(self, base_W: float) -> Capability | str:
        """Return the peak on top of a base, or why there is none."""
        bursts, found = self._worst(base_W)
        if isinstance(found, str):
            return found
        if found.burst is None:
            return f"no limit is reached by a burst on top of {base_W / 1e3:g} kW"
        self._starts = found.starts
        self._beside[base_W] = found.x
        return burst_answer("peak", bursts, found.burst, found.scanned)

    def peak_beside(self, base_W: float) -> float | None:
        """Return the peak on top of a base [W], begun from the worst starts known, or None."""
        if base_W not in self._beside:
            _, found = self._worst(base_W, followed=self._starts, phases=FEW_PHASES)
            self._beside[base_W] = None if isinstance(found, str) or found.burst is None else found.x
        return self._beside[base_W]

    def _worst(self, base_W: float, **search: Any) -> tuple[Bursts, Worst | str]:
        study = self.study
        assert study is not None
        need = study.satellite.requirement
        bursts = Bursts(study, base_W, need.recovery)
        first_W = base_W * need.peak_W / need.sustained_W
        try:
            return bursts, find_peak(bursts, need.burst_s, first_W=first_W, **search)
        except (InfeasibleError, ConvergenceError) as error:
            return bursts, str(error)


def _silent(text: str) -> None:
    """Say nothing."""


def _chosen(sat: Satellite, modes: Iterable[str | DegradedMode] | str | None) -> list[DegradedMode]:
    wanted = list(MODES) if modes is None else [modes] if isinstance(modes, str) else list(modes)
    found = []
    for mode in wanted:
        if isinstance(mode, DegradedMode):
            found.append(mode)
        elif mode in MODES:
            found.append(MODES[mode](sat))
        else:
            raise InputError(unknown_name(str(mode), list(MODES), "degraded mode"))
    return found


def _same_mesh(one: Study, other: Study) -> bool:
    sizes = [len(study.models[study.cases[0]].y0) for study in (one, other)]
    return sizes[0] == sizes[1]


def _power(answer: Capability | None) -> float | None:
    return None if answer is None else answer.power_W
