"""Power against the error of the panels' edge-on pointing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat._optional import axes
from thermalsat.capability.answers import LimitState, power_text
from thermalsat.capability.study import Study
from thermalsat.capability.sustained import Sustained, find_sustained
from thermalsat.degraded.carried import carried
from thermalsat.degraded.modes import pointing_error
from thermalsat.errors import InputError
from thermalsat.questions import asked_of, each_of
from thermalsat.satellite import Satellite
from thermalsat.units import from_si, si_angle, single

__all__ = ["ERRORS", "PointingSweep", "pointing_sweep"]

Floats = NDArray[np.float64]

ERRORS = ("-5 deg", "-2 deg", "0 deg", "2 deg", "5 deg")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class PointingSweep:
    """Power at each pointing error of the panels, the sign of the error kept.

    Attributes
    ----------
    error_deg : ndarray (n,)
        Ascending, zero among them [deg]; positive turns the front to the Sun.
    sustained_W : ndarray (n,)
        Sustained power, every limit held [W].
    radiator_W : ndarray (n,)
        Power whose heat the radiator carries, array and battery left aside [W].
    binding_limit : tuple of LimitState or None, (n,)
        What stops the sustained power.
    """

    error_deg: Floats
    sustained_W: Floats
    radiator_W: Floats
    binding_limit: tuple[LimitState | None, ...]

    @property
    def error(self) -> Any:
        """Pointing errors (Quantity [deg], (n,))."""
        return from_si(np.radians(self.error_deg), "rad").to("deg")

    @property
    def power(self) -> Any:
        """Sustained powers (Quantity [kW], (n,))."""
        return from_si(self.sustained_W, "W").to("kW")

    @property
    def radiator_power(self) -> Any:
        """Powers whose heat the radiator carries (Quantity [kW], (n,))."""
        return from_si(self.radiator_W, "W").to("kW")

    def lost_per_degree_kW(self, what: str = "radiator") -> tuple[float, float]:
        """Return the power lost per degree [kW/deg], from no error to the furthest of each sign.

        Parameters
        ----------
        what : {"radiator", "sustained"}
            Which power.

        Returns
        -------
        negative, positive : float
            NaN where there is no error of that sign.
        """
        if what not in ("radiator", "sustained"):
            raise InputError(f'`what` must be "radiator" or "sustained", got {what!r}')
        power = self.radiator_W if what == "radiator" else self.sustained_W
        none = float(power[np.flatnonzero(self.error_deg == 0.0)[0]])
        slopes = [
            (none - float(power[k])) / abs(float(self.error_deg[k])) / 1e3 if self.error_deg[k] else math.nan
            for k in (0, -1)
        ]
        return slopes[0], slopes[1]

    def plot(self, ax: Any = None) -> Any:
        """Draw both powers against the error (extra ``plot``).

        Parameters
        ----------
        ax : matplotlib Axes, optional

        Returns
        -------
        matplotlib Axes
        """
        ax = axes(ax)
        ax.plot(self.error_deg, self.radiator_W / 1e3, "o-", label="carried by the radiator")
        ax.plot(self.error_deg, self.sustained_W / 1e3, "s--", label="sustained")
        ax.set_xlabel("pointing error [deg]")
        ax.set_ylabel("compute power [kW]")
        ax.legend()
        return ax

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers and texts; names end in their unit."""
        negative, positive = (
            None if math.isnan(slope) else slope for slope in self.lost_per_degree_kW("radiator")
        )
        return {
            "error_deg": self.error_deg.tolist(),
            "sustained_power_kW": (self.sustained_W / 1e3).tolist(),
            "radiator_power_kW": (self.radiator_W / 1e3).tolist(),
            "binding_limit": [None if state is None else str(state) for state in self.binding_limit],
            "radiator_lost_negative_kW_per_deg": negative,
            "radiator_lost_positive_kW_per_deg": positive,
        }

    def lines(self) -> list[str]:
        """Return a line for each error, and the slopes."""
        rows = [
            f"{error:+8.2f} deg  radiator {power_text(heat):>10}  sustained {power_text(power):>10}"
            for error, heat, power in zip(self.error_deg, self.radiator_W, self.sustained_W, strict=True)
        ]
        slopes = (
            "-" if math.isnan(slope) else f"{slope:.3f} kW" for slope in self.lost_per_degree_kW("radiator")
        )
        return [*rows, "the radiator loses {} a degree below zero, {} above".format(*slopes)]

    def __repr__(self) -> str:
        return "\n  ".join(["<Pointing error of the panels", *self.lines()]) + ">"


def pointing_sweep(sat: Satellite, errors: Sequence[Any] = ERRORS) -> PointingSweep:
    """Return the power against the error of the panels' edge-on pointing.

    Parameters
    ----------
    sat : Satellite
        The design; its own `radiator.pointing_error` is replaced.
    errors : sequence of Quantity or str
        Angles about the in-panel axis across the Sun line, of either sign; zero is added.

    Returns
    -------
    PointingSweep

    Raises
    ------
    InfeasibleError
        If an error leaves no power that can be held.

    Notes
    -----
    The wings keep facing the Sun (`array.pointing_error`), and their shadow counts: panels well behind
    them see little of a small error.

    Examples
    --------
    >>> import thermalsat as ts
    >>> unshaded = ts.designs.load("leo-53").replace("geometry.without", "shadow")
    >>> sweep = ts.pointing_sweep(unshaded, ["10 deg"])
    >>> bool(sweep.radiator_W[1] < sweep.radiator_W[0])
    True
    """
    sat = asked_of(sat)
    every = each_of(errors, "errors")
    angles = (math.degrees(single(si_angle(error, "errors"), "errors")) for error in every)
    degrees = sorted({0.0, *(round(angle, 12) for angle in angles)})
    found: list[tuple[Sustained, Sustained]] = []
    before: Study | None = None
    for degree in degrees:
        design = pointing_error(sat, f"{degree!r} deg").satellite
        if design is None:
            raise InputError(f"`errors` must be between -85.9 and 85.9 deg, got {degree:g} deg")
        study = Study.of(design)
        if before is not None:
            study.borrow(before)
        last = found[-1] if found else (None, None)
        sustained = find_sustained(study, None if last[0] is None else last[0].power_W)
        heat = carried(study, sustained.power_W if last[1] is None else last[1].power_W)
        found.append((sustained, heat))
        before = study
    return PointingSweep(
        error_deg=np.array(degrees),
        sustained_W=np.array([sustained.power_W for sustained, _ in found]),
        radiator_W=np.array([heat.power_W for _, heat in found]),
        binding_limit=tuple(sustained.binding for sustained, _ in found),
    )
