"""The twin: the physics of the compiled core, written slowly and plainly, for reading and for checking.

Read it in this order:

* `elements` -- one function per element law, each a few lines that state the formula;
* `tables`   -- the piecewise polynomials the laws use: forcing in time, properties in temperature;
* `system`   -- the laws added up: rates, named flows, their Jacobian;
* `steps`    -- one implicit time step, and a sequence of steps at times given by the caller;
* `dual`     -- numbers that carry their derivatives, so that no derivative is written by hand.

The core computes the same figures with derivatives written out by hand; the tests hold the two together.
"""

from __future__ import annotations

from thermalsat.twin.steps import Steps, dense_output, step, step_sequence
from thermalsat.twin.system import (
    Linearization,
    energy_defect,
    jacobian,
    jacobian_full,
    linearize,
    rates,
    tangent,
)
from thermalsat.twin.tables import forcing_values

__all__ = [
    "Linearization",
    "Steps",
    "dense_output",
    "energy_defect",
    "forcing_values",
    "jacobian",
    "jacobian_full",
    "linearize",
    "rates",
    "step",
    "step_sequence",
    "tangent",
]
