"""The same problem on the solver's plain arrays: what remains of a solve without units and results."""

from __future__ import annotations

from typing import Any

import numpy as np
from reference_problem import PERIOD_S, SAMPLES_S, Panel
from thermalsat_problem import CLOSURE_K, build

from thermalsat.solver.periodic import periodic_state
from thermalsat.solver.system import System
from thermalsat.solver.transient import integrate


class ThermalsatCore:
    """One orbit or the periodic state of one panel; the setting is the tolerance in kelvin.

    Parameters
    ----------
    panel : Panel
        The instance to solve.
    half_pitch : bool
        Half of a one-tube panel, by symmetry.
    closure_K : float
        Wanted distance to the periodic state (K).
    """

    def __init__(self, panel: Panel, half_pitch: bool = False, closure_K: float = CLOSURE_K) -> None:
        self.panel = panel
        self.closure_K = closure_K
        network = build(panel, half_pitch)
        self.system = System(network.bundle())
        self.start = network.pack({})
        self.breakpoints_s = network.breakpoints_between(0.0, PERIOD_S)

    def orbit(self, start: np.ndarray, setting: float) -> Any:
        """Return the trajectory of one orbit with the 77 samples."""
        return integrate(
            self.system,
            start,
            0.0,
            PERIOD_S,
            breakpoints_s=self.breakpoints_s,
            tolerance_K=setting,
            times_s=SAMPLES_S,
        )

    def final(self, tolerance_K: float) -> np.ndarray:
        """Return the state after one orbit, with no samples stored."""
        return integrate(
            self.system, self.start, 0.0, PERIOD_S, breakpoints_s=self.breakpoints_s, tolerance_K=tolerance_K
        ).y_end

    def periodic(self, setting: float) -> tuple[Any, int]:
        """Return the periodic orbit's trajectory and the number of sweeps it took."""
        cycle = periodic_state(
            self.system,
            PERIOD_S,
            breakpoints_s=self.breakpoints_s,
            times_s=SAMPLES_S,
            tolerance_K=setting,
            closure_K=self.closure_K,
            y0=self.start,
        )
        return cycle.orbit, cycle.sweeps

    def samples(self, trajectory: Any) -> np.ndarray:
        """Return the sampled states (K), shape (77, unknowns): both orders of the unknowns are the same."""
        return trajectory.y

    def stats(self, trajectory: Any) -> dict[str, float]:
        """Return the step counts and the estimated error."""
        return {
            "steps": trajectory.steps,
            "rejected": trajectory.rejected,
            "estimated_error_K": trajectory.error_K,
        }
