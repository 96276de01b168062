"""CVODE with GMRES, preconditioned by thermalsat's own linear solver: the rival nobody has built.

The preconditioner solves ``(I - gamma J) z = r`` exactly up to the solver's approximate factorisation in x,
at the state where CVODE last asked for a setup. Rows of the core are ``C dy/dt = F``, so the system handed
over is ``(C / gamma - dF/dy) z = C r / gamma``.
"""

from __future__ import annotations

import numpy as np
from peers import Cvode
from reference_problem import Panel
from thermalsat_problem import build

from thermalsat.solver.system import System


class CorePreconditioner:
    """The linear solver of one panel's network, as `Cvode` wants it.

    Parameters
    ----------
    panel : Panel
        The instance to solve.
    """

    def __init__(self, panel: Panel) -> None:
        self.system = System(build(panel).bundle())
        self.capacity = self.system.bundle.capacity
        self.time_s = 0.0
        self.state = np.zeros(panel.unknowns)

    def setup(self, t: float, y: np.ndarray, gamma: float) -> None:
        """Factorise at the state where CVODE wants its Jacobian."""
        self.time_s, self.gamma = t, gamma
        self.state[:] = y
        self.factors = self.system.factorise(t, self.state, 1.0 / gamma)

    def solve(self, r: np.ndarray, z: np.ndarray, gamma: float) -> None:
        """Fill ``z`` with the solution for ``r``; a new ``gamma`` at the old state is factorised anew."""
        if gamma != self.gamma:
            self.setup(self.time_s, self.state.copy(), gamma)
        z[:] = self.factors.precondition(self.capacity * r / gamma)


def preconditioned_cvode(panel: Panel) -> Cvode:
    """Return CVODE for ``panel`` with GMRES and this preconditioner."""
    return Cvode(panel, "gmres", CorePreconditioner(panel))
