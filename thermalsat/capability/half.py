"""Half a pitch in the place of the full plate: it tells where to look."""

from __future__ import annotations

from thermalsat.capability.bursts import Bursts
from thermalsat.capability.study import Study
from thermalsat.components.radiator import Radiator
from thermalsat.satellite import Satellite

__all__ = ["GUIDED", "half_of", "halved"]

GUIDED = 4
"""Burst starts that are taken over, the worst first."""


def half_of(sat: Satellite) -> Satellite | None:
    """Return the design with half a pitch standing for its radiator; None where it does already."""
    if sat.radiator.symmetry != "full":
        return None
    cells = list(Radiator.fields["cells"].default)
    return sat.replace({"radiator.symmetry": "half-pitch", "radiator.cells": cells})


def halved(bursts: Bursts) -> Bursts | None:
    """Return the same bursts with half a pitch standing for the radiator; None where it does already.

    The worst burst starts of the two are the same within the refinement of the search: the phases at which
    a satellite is hottest or emptiest do not hang on the mesh of its panels.
    """
    sat = bursts.study.satellite
    half = half_of(sat) if hasattr(sat, "radiator") else None
    if half is None:
        return None
    return Bursts(Study.of(half, bursts.study.cases), bursts.base_W, bursts.recovery)
