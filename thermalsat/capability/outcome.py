"""From runs of a model to results with units and certificates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from thermalsat.assembly.model import Model
from thermalsat.capability.answers import LimitState
from thermalsat.capability.study import REFILLED
from thermalsat.errors import CertificateError
from thermalsat.results import Certificate, Result
from thermalsat.solver.outcome import compiled, from_trajectory
from thermalsat.solver.periodic import Cycle
from thermalsat.solver.transient import Trajectory
from thermalsat.units import from_si

__all__ = ["certified", "completed", "history_result", "orbit_result"]


def orbit_result(
    model: Model, cycle: Cycle, tolerance_K: float, limits: Mapping[str, LimitState], **stats: Any
) -> Result:
    """Return the result of a periodic state."""
    made = from_trajectory(
        compiled(model.network), cycle.orbit, "periodic", tolerance_K=tolerance_K,
        seconds=stats.pop("seconds", 0.0), distance_K=cycle.distance_K,
        closure_K=max(cycle.distance_K, tolerance_K), averaged=cycle.shooting.mean,
        sweeps=cycle.sweeps, **stats,
    )  # fmt: skip
    energy = float(model.system.bundle.capacity[model.anchored].sum())
    # a battery that counts as full again may lack the last of its taper
    allowed = made.certificate.imbalance_limit + (1.0 - REFILLED) * energy / made.ledger.throughput
    certificate = replace(made.certificate, imbalance_limit=allowed)
    return completed(replace(made, certificate=certificate), model, limits)


def history_result(
    model: Model, run: Trajectory, tolerance_K: float, limits: Mapping[str, LimitState], **stats: Any
) -> Result:
    """Return the result of a run over time."""
    made = from_trajectory(
        compiled(model.network), run, "transient", tolerance_K=tolerance_K,
        seconds=stats.pop("seconds", 0.0), **stats,
    )  # fmt: skip
    return completed(made, model, limits)


def completed(result: Result, model: Model, limits: Mapping[str, LimitState]) -> Result:
    """Return a result with the limits that applied, their margins and the illumination."""
    return replace(
        result,
        limits={name: state.limit for name, state in limits.items()},
        illumination=from_si(model.illumination(result.times_s), ""),
        certificate=replace(
            result.certificate, margins={name: state.margin for name, state in limits.items()}
        ),
    )


def certified(certificate: Certificate, margins: Mapping[str, LimitState], searched: str) -> Certificate:
    """Return the certificate of an answer.

    Raises
    ------
    CertificateError
        If something keeps the answer from being trusted.
    """
    made = replace(
        certificate,
        margins={name: state.margin for name, state in margins.items()},
        searched=searched,
    )
    problems = made.problems()
    if problems:
        raise CertificateError(
            "the answer is not to be trusted: " + "; ".join(problems), {"problems": problems}
        )
    return made
