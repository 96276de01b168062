"""What the answers hold, and how an engineer reads them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat._optional import axes
from thermalsat.capability.limitstate import LimitState, margin_lines
from thermalsat.results import Certificate, Result
from thermalsat.units import from_si

__all__ = ["Capability", "Envelope", "LimitState", "power_text", "time_text"]

_HOUR_S = 3600.0


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Capability:
    """A power that can be held, for how long, and what stops it.

    Attributes
    ----------
    kind : {"sustained", "peak", "duration"}
        What was asked.
    power : Quantity [kW]
        Compute power that can be held.
    minimum_power : Quantity [kW] or None
        Compute power below which something freezes; the idle floor where nothing does.
    duration : Quantity [min]
        For how long; infinite for a sustained power.
    binding_limit : LimitState
        The limit whose margin is zero at the answer, with the case, orbit phase and place.
    margins : mapping of str to LimitState
        Each limit where it is nearest, over all cases.
    case : str
        The case that binds.
    result : Result
        The orbit, or the burst and its recovery, of that case.
    certificate : Certificate
        Error estimates, margins, how the worst case was searched.
    cases : mapping of str to mapping of str to LimitState
        Margins case by case.
    base : Quantity [kW] or None
        Power before and after a burst.
    start_phase : float or None
        Orbit phase at which the worst burst starts.
    recovery : Quantity [min] or None
        From the end of the burst until the base cycle is back.
    sustainable : bool
        Whether the power can be held for ever.
    """

    kind: str
    power_W: float
    minimum_power_W: float | None
    duration_s: float
    binding_limit: LimitState | None
    margins: Mapping[str, LimitState]
    case: str
    result: Result
    certificate: Certificate
    cases: Mapping[str, Mapping[str, LimitState]] = field(default_factory=dict)
    base_W: float | None = None
    start_phase: float | None = None
    recovery_s: float | None = None

    @property
    def power(self) -> Any:
        """Compute power that can be held (Quantity [kW])."""
        return from_si(self.power_W, "W").to("kW")

    @property
    def minimum_power(self) -> Any:
        """Least compute power at which nothing freezes (Quantity [kW]), or None."""
        return None if self.minimum_power_W is None else from_si(self.minimum_power_W, "W").to("kW")

    @property
    def duration(self) -> Any:
        """For how long (Quantity [min]); infinite for ever."""
        return from_si(self.duration_s, "s").to("min")

    @property
    def base(self) -> Any:
        """Power before and after the burst (Quantity [kW]), or None."""
        return None if self.base_W is None else from_si(self.base_W, "W").to("kW")

    @property
    def recovery(self) -> Any:
        """From the end of the burst until the base cycle is back (Quantity [min]), or None."""
        return None if self.recovery_s is None else from_si(self.recovery_s, "s").to("min")

    @property
    def sustainable(self) -> bool:
        """Whether the power can be held for ever."""
        return math.isinf(self.duration_s)

    def __repr__(self) -> str:
        held = "for ever" if self.sustainable else f"for {time_text(self.duration_s)}"
        lines = [f"<Capability: {power_text(self.power_W)} {held}"]
        if self.base_W is not None:
            phase = "" if self.start_phase is None else f", worst start at orbit phase {self.start_phase:.3f}"
            lines.append(f"on top of {power_text(self.base_W)}{phase}")
        if self.binding_limit is not None:
            lines.append(f"stopped by {self.binding_limit}: {self.binding_limit.level}")
        if self.minimum_power_W is not None:
            lines.append(f"least power {power_text(self.minimum_power_W)}")
        if self.recovery_s is not None:
            lines.append(f"back on the base cycle {time_text(self.recovery_s)} after the burst")
        lines += margin_lines(self.margins)
        lines.append("; ".join(self.certificate.lines()))
        return "\n  ".join(lines) + ">"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Envelope:
    """Peak power against duration, from short bursts to for ever.

    Attributes
    ----------
    duration : Quantity [min], (n,)
        Ascending; the last is infinite.
    power : Quantity [kW], (n,)
        Non-increasing.
    binding_limit : tuple of LimitState, (n,)
        What stops each.
    base : Quantity [kW]
        Power before and after a burst.
    certificate : Certificate
        Of the last point, the sustained power; `searched` tells how the worst starts were found.
    """

    duration_s: NDArray[np.float64]
    power_W: NDArray[np.float64]
    binding_limit: tuple[LimitState | None, ...]
    base_W: float
    certificate: Certificate

    @property
    def duration(self) -> Any:
        """Durations (Quantity [min], (n,)); the last is infinite."""
        return from_si(self.duration_s, "s").to("min")

    @property
    def power(self) -> Any:
        """Peak powers (Quantity [kW], (n,))."""
        return from_si(self.power_W, "W").to("kW")

    @property
    def base(self) -> Any:
        """Power before and after a burst (Quantity [kW])."""
        return from_si(self.base_W, "W").to("kW")

    def plot(self, ax: Any = None) -> Any:
        """Draw power against duration, the sustained power as a line (extra ``plot``).

        Parameters
        ----------
        ax : matplotlib Axes, optional

        Returns
        -------
        matplotlib Axes
        """
        ax = axes(ax)
        finite = np.isfinite(self.duration_s)
        ax.semilogx(self.duration_s[finite] / 60.0, self.power_W[finite] / 1e3, "o-", label="peak power")
        if not finite.all():
            ax.axhline(self.power_W[~finite][0] / 1e3, linestyle="--", label="sustained power")
        ax.axhline(self.base_W / 1e3, linestyle=":", label="base power")
        ax.set_xlabel("duration [min]")
        ax.set_ylabel("compute power [kW]")
        ax.legend()
        return ax

    def __len__(self) -> int:
        return len(self.duration_s)

    def __repr__(self) -> str:
        rows = [
            f"{time_text(d):>10}  {power_text(p):>10}  {'' if limit is None else limit}"
            for d, p, limit in zip(self.duration_s, self.power_W, self.binding_limit, strict=True)
        ]
        head = f"<Envelope: {len(self)} durations on top of {power_text(self.base_W)}"
        return "\n  ".join([head, *rows]) + ">"


def power_text(power_W: float) -> str:
    """Return a power as an engineer writes it."""
    return f"{power_W / 1e3:.2f} kW"


def time_text(time_s: float) -> str:
    """Return a duration as an engineer writes it."""
    if math.isinf(time_s):
        return "for ever"
    return f"{time_s / 60.0:.1f} min" if time_s < 10.0 * _HOUR_S else f"{time_s / _HOUR_S:.1f} h"
