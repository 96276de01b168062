"""What degraded modes hold, beside the intact satellite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from thermalsat.capability.answers import Capability, LimitState, time_text
from thermalsat.degraded.modes import DegradedMode
from thermalsat.degraded.pointing import PointingSweep
from thermalsat.units import from_si

__all__ = ["HEAD", "Degraded", "ModeAnswer"]

HEAD = ["", "sustained kW", "%", "radiator kW", "%", "peak kW", "on top of kW", "%"]
"""Columns: each power and its share of the intact satellite's."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ModeAnswer:
    """What one mode holds.

    Attributes
    ----------
    mode : DegradedMode
        What is lost, and how it is represented.
    sustained : Capability or None
        Power for ever, with the limit that stops it; None where there is none.
    radiator_W : float or None
        Power whose heat the radiator carries, array and battery left aside [W].
    radiator_limit : LimitState or None
        What stops that.
    peak : Capability or None
        Power for the burst on top of `base_W`.
    base_W : float or None
        Power before and after the burst [W]: what was asked, or less where the mode does not hold that.
    intact_sustained_W, intact_radiator_W, intact_peak_W : float or None
        The same of the intact satellite; the peak on top of the same base.
    reason : str
        Why there is no answer, or no peak.
    """

    mode: DegradedMode
    sustained: Capability | None = None
    radiator_W: float | None = None
    radiator_limit: LimitState | None = None
    peak: Capability | None = None
    base_W: float | None = None
    intact_sustained_W: float | None = None
    intact_radiator_W: float | None = None
    intact_peak_W: float | None = None
    reason: str = ""

    @property
    def name(self) -> str:
        """What is lost."""
        return self.mode.name

    @property
    def power(self) -> Any:
        """Sustained power (Quantity [kW]), or None."""
        return None if self.sustained is None else self.sustained.power

    @property
    def radiator_power(self) -> Any:
        """Power whose heat the radiator carries (Quantity [kW]), or None."""
        return None if self.radiator_W is None else from_si(self.radiator_W, "W").to("kW")

    @property
    def peak_power(self) -> Any:
        """Power for the burst (Quantity [kW]), or None."""
        return None if self.peak is None else self.peak.power

    @property
    def sustained_ratio(self) -> float | None:
        """Sustained power over that of the intact satellite."""
        return _ratio(None if self.sustained is None else self.sustained.power_W, self.intact_sustained_W)

    @property
    def radiator_ratio(self) -> float | None:
        """Power that the radiator carries over that of the intact satellite."""
        return _ratio(self.radiator_W, self.intact_radiator_W)

    @property
    def peak_ratio(self) -> float | None:
        """Peak power over that of the intact satellite on top of the same base."""
        return _ratio(None if self.peak is None else self.peak.power_W, self.intact_peak_W)

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers and texts; names end in their unit, None stands for no answer."""
        sustained, peak = self.sustained, self.peak
        return {
            "sustained_power_kW": None if sustained is None else sustained.power_W / 1e3,
            "sustained_ratio": self.sustained_ratio,
            **_limit("binding", None if sustained is None else sustained.binding_limit),
            "radiator_power_kW": _kilo(self.radiator_W),
            "radiator_ratio": self.radiator_ratio,
            **_limit("radiator_binding", self.radiator_limit),
            "peak_power_kW": None if peak is None else peak.power_W / 1e3,
            "peak_ratio": self.peak_ratio,
            "base_power_kW": _kilo(self.base_W),
            **_limit("peak_binding", None if peak is None else peak.binding_limit),
            "assumption": self.mode.assumption,
            "reason": self.reason,
        }

    def __repr__(self) -> str:
        lines = [f"<ModeAnswer: {self.name}", *_grid([HEAD, _powers(self)], "lr")]
        return "\n  ".join([*lines, *_grid(_limits(self), "l"), *_said(self)]) + ">"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Degraded:
    """Sustained and peak power with something lost, beside the intact satellite.

    Attributes
    ----------
    design : str
        Name of the satellite.
    intact : ModeAnswer
        Of the satellite as it is.
    modes : tuple of ModeAnswer
        In the order asked for; ``found["tube lost"]`` looks one up.
    burst_s : float
        Duration of the peaks [s].
    pointing : PointingSweep or None
        Power against the panels' pointing error.
    """

    design: str
    intact: ModeAnswer
    modes: tuple[ModeAnswer, ...]
    burst_s: float
    pointing: PointingSweep | None = None

    def __getitem__(self, name: str) -> ModeAnswer:
        for answer in (self.intact, *self.modes):
            if answer.name == name:
                return answer
        raise KeyError(f"{name!r}; there are {', '.join(repr(one.name) for one in self.modes)}")

    def __len__(self) -> int:
        return len(self.modes)

    def __iter__(self) -> Any:
        return iter(self.modes)

    def rows(self) -> list[list[str]]:
        """Return a head, and the powers of the intact satellite and of each mode, as texts."""
        return [HEAD, *(_powers(one) for one in (self.intact, *self.modes))]

    def limit_rows(self) -> list[list[str]]:
        """Return what stops each power: case, orbit phase, place."""
        return [row for one in (self.intact, *self.modes) for row in _limits(one)]

    def notes(self) -> list[str]:
        """Return how each loss is represented, and why an answer is missing."""
        return [line for one in self.modes for line in _said(one)]

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers and texts; names end in their unit."""
        return {
            "design": self.design,
            "burst_min": self.burst_s / 60.0,
            "intact": self.intact.to_dict(),
            "modes": {one.name: one.to_dict() for one in self.modes},
            "pointing": None if self.pointing is None else self.pointing.to_dict(),
        }

    def __repr__(self) -> str:
        lines = [
            f"<Degraded modes of {self.design!r}, peaks of {time_text(self.burst_s)}",
            *_grid(self.rows(), "lr"),
            *_grid(self.limit_rows(), "l"),
            *self.notes(),
        ]
        if self.pointing is not None:
            lines += str(self.pointing).removeprefix("<").removesuffix(">").split("\n  ")
        return "\n  ".join(lines) + ">"


def _powers(one: ModeAnswer) -> list[str]:
    return [
        one.name,
        _kw(None if one.sustained is None else one.sustained.power_W),
        _percent(one.sustained_ratio),
        _kw(one.radiator_W),
        _percent(one.radiator_ratio),
        _kw(None if one.peak is None else one.peak.power_W),
        _kw(one.base_W),
        _percent(one.peak_ratio),
    ]


def _limits(one: ModeAnswer) -> list[list[str]]:
    stops = [
        ("sustained", None if one.sustained is None else one.sustained.binding_limit),
        ("radiator", one.radiator_limit),
        ("peak", None if one.peak is None else one.peak.binding_limit),
    ]
    if stops[0][1] is not None and stops[0][1] is stops[1][1]:
        del stops[1]
    rows = [[what, _stop(state)] for what, state in stops if state is not None]
    return [[one.name if k == 0 else "", *row] for k, row in enumerate(rows)]


def _grid(rows: Sequence[Sequence[str]], align: str) -> list[str]:
    if not rows:
        return []
    align = align.ljust(len(rows[0]), align[-1])
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if side == "l" else cell.rjust(width)
            for cell, width, side in zip(row, widths, align, strict=True)
        ).rstrip()
        for row in rows
    ]


def _said(one: ModeAnswer) -> list[str]:
    parts = [part for part in (one.mode.assumption, one.reason) if part]
    return [f"{one.name}: {'; '.join(parts)}"] if parts else []


def _stop(state: LimitState) -> str:
    return f"{state.name}: {state.where}"


def _limit(name: str, state: LimitState | None) -> dict[str, Any]:
    if state is None:
        return {f"{name}_limit": None}
    return {
        f"{name}_limit": state.name,
        f"{name}_case": state.case,
        f"{name}_orbit_phase": state.phase,
        f"{name}_place": state.place,
    }


def _kw(power_W: float | None) -> str:
    return "-" if power_W is None else f"{power_W / 1e3:.2f}"


def _percent(ratio: float | None) -> str:
    return "-" if ratio is None else f"{100.0 * ratio:.1f}"


def _kilo(power_W: float | None) -> float | None:
    return None if power_W is None else power_W / 1e3


def _ratio(value: float | None, intact: float | None) -> float | None:
    return None if value is None or intact is None else value / intact
