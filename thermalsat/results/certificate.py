"""What every answer carries so that it cannot be silently wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from thermalsat.units import from_si

__all__ = ["ENERGY_LIMIT", "IMBALANCE_LIMIT", "Certificate"]

ENERGY_LIMIT = 1e-12
"""Largest relative energy residual of a sound run [-]: every flow is a component of the same step."""
IMBALANCE_LIMIT = 1e-5
"""Largest change of stored heat over a period, against the throughput [-]: 3 mK at 300 K."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Certificate:
    """Error estimates of one answer, and what was asked for.

    Parameters
    ----------
    energy_residual : float
        (in - out - change of stored heat) / throughput [-].
    periodic_imbalance : float, optional
        Change of stored heat over the period / throughput [-]; None for other runs.
    time_error_K : float, optional
        Estimated largest temperature error of the time integration [K]; None for a steady state.
    mesh_error_K : float, optional
        Estimated largest temperature error of the mesh [K]; None without plates.
    mesh_errors_K : mapping of str to float, optional
        The same for each part, with its sign: solution minus limit of fine meshes [K]. Names are those of
        temperatures, ``"<channel>.wall"`` and ``"<channel>.outlet"``.
    distance_K : float, optional
        Estimated distance to the periodic state, or last correction of a steady state [K].
    tolerance_K, closure_K : float, optional
        What was asked of `time_error_K` and of `distance_K` [K].
    imbalance_limit : float
        Largest sound `periodic_imbalance` [-].
    margins : mapping of str to Quantity or float, optional
        Distance to each limit; negative where it is exceeded.
    searched : str
        How the worst case was searched; empty where there was nothing to search.
    complete : bool
        False for a run that was interrupted.

    Examples
    --------
    >>> sound = Certificate(energy_residual=2e-15, time_error_K=0.004, tolerance_K=0.01)
    >>> sound.problems()
    []
    >>> Certificate(energy_residual=1e-6).problems()
    ['the energy residual is 1e-06 of the throughput, more than 1e-12']
    """

    energy_residual: float
    periodic_imbalance: float | None = None
    time_error_K: float | None = None
    mesh_error_K: float | None = None
    mesh_errors_K: Mapping[str, float] | None = None
    distance_K: float | None = None
    tolerance_K: float | None = None
    closure_K: float | None = None
    imbalance_limit: float = IMBALANCE_LIMIT
    margins: Mapping[str, Any] | None = None
    searched: str = ""
    complete: bool = True

    @property
    def time_error(self) -> Any:
        """Estimated error of the time integration (Quantity [K]), or None."""
        return _kelvin(self.time_error_K)

    @property
    def mesh_error(self) -> Any:
        """Estimated error of the mesh (Quantity [K]), or None without plates."""
        return _kelvin(self.mesh_error_K)

    @property
    def distance(self) -> Any:
        """Estimated distance to the periodic or steady state (Quantity [K]), or None."""
        return _kelvin(self.distance_K)

    def problems(self) -> list[str]:
        """Return what keeps the answer from being trusted, one sentence each; empty when nothing does."""
        found = []
        if not self.complete:
            found.append("the run was interrupted before its end")
        if not abs(self.energy_residual) <= ENERGY_LIMIT:
            found.append(
                f"the energy residual is {self.energy_residual:.3g} of the throughput, "
                f"more than {ENERGY_LIMIT:g}"
            )
        if self.periodic_imbalance is not None and not abs(self.periodic_imbalance) <= self.imbalance_limit:
            found.append(
                f"the stored energy changes by {self.periodic_imbalance:.3g} of the throughput in a period, "
                f"more than {self.imbalance_limit:.2g}"
            )
        for what, value, limit in (
            ("the time error", self.time_error_K, self.tolerance_K),
            ("the distance to the state", self.distance_K, self.closure_K),
        ):
            if value is not None and limit is not None and not value <= limit:
                found.append(f"{what} is an estimated {value:.3g} K, more than the {limit:.3g} K asked for")
        for name, margin in (self.margins or {}).items():
            if not getattr(margin, "magnitude", margin) >= 0.0:
                found.append(f"the limit {name!r} is exceeded, its margin is {_text(margin)}")
        return found

    def lines(self) -> list[str]:
        """Return the figures that are known, as text."""
        out = [f"energy residual {self.energy_residual:.2g}"]
        if self.periodic_imbalance is not None:
            out.append(f"periodic imbalance {self.periodic_imbalance:.2g}")
        for name, value, asked in (
            ("time error", self.time_error_K, self.tolerance_K),
            ("distance", self.distance_K, self.closure_K),
            ("mesh error", self.mesh_error_K, None),
        ):
            if value is not None:
                out.append(f"{name} {value:.2g} K" + (f" (asked {asked:.2g} K)" if asked is not None else ""))
        return out

    def __repr__(self) -> str:
        problems = self.problems()
        state = "sound" if not problems else f"{len(problems)} problem" + ("s" if len(problems) > 1 else "")
        return "\n  ".join([f"<Certificate: {state}", *self.lines(), *problems]) + ">"


def _kelvin(value: float | None) -> Any:
    return None if value is None else from_si(value, "K")


def _text(margin: Any) -> str:
    return f"{margin:.4g~P}" if hasattr(margin, "magnitude") else f"{margin:.4g}"
