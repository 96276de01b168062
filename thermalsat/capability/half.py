"""Half a pitch in the place of the full plate: it tells where to look."""

from __future__ import annotations

from thermalsat.capability.bursts import Bursts
from thermalsat.capability.study import Study
from thermalsat.components.radiator import Radiator

__all__ = ["GUIDED", "halved"]

GUIDED = 4
"""Burst starts that are taken over, the worst first."""


def halved(bursts: Bursts) -> Bursts | None:
    """Return the same bursts with half a pitch standing for the radiator; None where it does already.

    The worst burst starts of the two are the same within the refinement of the search: the phases at which
    a satellite is hottest or emptiest do not hang on the mesh of its panels.
    """
    radiator = getattr(bursts.study.satellite, "radiator", None)
    if radiator is None or radiator.symmetry != "full":
        return None
    changes = {"radiator.symmetry": "half-pitch", "radiator.cells": list(Radiator.fields["cells"].default)}
    sat = bursts.study.satellite.replace(changes)
    return Bursts(Study.of(sat, bursts.study.cases), bursts.base_W, bursts.recovery)
