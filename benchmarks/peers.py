"""The alternatives a user could install, each marching the reference problem over one orbit.

Every peer is restarted at the kinks of the forcing, has the right-hand side in C and, where it can
use one, the analytic sparse Jacobian. A peer is built for one panel and then called as
``peer.orbit(start, setting)``; it returns the 77 sampled states.
"""

from __future__ import annotations

import warnings
from itertools import pairwise

import numpy as np
import scipy.sparse as sp
from peer_library import PeerRHS
from reference_problem import KNOTS_S, SAMPLES_S, Panel


def segments() -> list[tuple[int, float, np.ndarray]]:
    """Return (index, start time, sample times up to the end) of each stretch of smooth forcing."""
    pieces = []
    for index, (start, end) in enumerate(pairwise(KNOTS_S)):
        pieces.append((index, start, SAMPLES_S[(start < SAMPLES_S) & (end >= SAMPLES_S)]))
    return pieces


class Cvode:
    """SUNDIALS CVODE (BDF) through scikit-sundae: sparse direct, or GMRES.

    Parameters
    ----------
    panel : Panel
        The instance to solve.
    linear_solver : {"sparse", "gmres"}
        SuperLU_MT on the analytic Jacobian, or GMRES. Without a preconditioner GMRES is quicker and no
        less accurate on CVODE's own difference quotients and its default of 5 Krylov vectors (5 to 40
        vectors and the analytic product were measured), so it runs on those.
    preconditioner : object, optional
        Has ``setup(t, y, gamma)`` and ``solve(r, z, gamma)`` for the matrix ``I - gamma J``.
    """

    def __init__(self, panel: Panel, linear_solver: str = "sparse", preconditioner: object = None) -> None:
        self.panel = panel
        self.compiled = PeerRHS(panel)
        self.linear_solver = linear_solver
        self.preconditioner = preconditioner
        self.segment = 0
        self._solvers: dict[float, object] = {}  # kept: SuperLU_MT does not give its memory back
        if linear_solver == "sparse":
            self.compiled.prepare_jacobian()

    def _rhs(self, t: float, y: np.ndarray, f: np.ndarray) -> None:
        self.compiled.rhs(t, y, f, self.segment)

    def _jacobian(self, t: float, y: np.ndarray, f: np.ndarray, values: np.ndarray) -> None:
        self.compiled.jacobian(y, values)

    def _product(self, t: float, y: np.ndarray, f: np.ndarray, v: np.ndarray, out: np.ndarray) -> None:
        self.compiled.jacobian_product(y, v, out)

    def _precondition_setup(
        self, t: float, y: np.ndarray, f: np.ndarray, jok: int, jnew: list, gamma: float
    ) -> None:
        jnew[0] = 1
        self.preconditioner.setup(t, y, gamma)

    def _precondition(
        self,
        t: float,
        y: np.ndarray,
        f: np.ndarray,
        r: np.ndarray,
        z: np.ndarray,
        gamma: float,
        delta: float,
        lr: int,
    ) -> None:
        self.preconditioner.solve(r, z, gamma)

    def _solver(self, rtol: float) -> object:
        from sksundae.cvode import CVODE, CVODEJacTimes, CVODEPrecond

        options = {"rtol": rtol, "atol": rtol, "max_num_steps": 10_000_000}
        if self.linear_solver == "sparse":
            pattern = sp.csc_matrix(self.compiled.pattern)
            options |= {"linsolver": "sparse", "sparsity": pattern, "jacfn": self._jacobian, "nthreads": 1}
        else:
            options |= {"linsolver": "gmres", "krylov_dim": 5}
            if self.preconditioner is not None:
                options["jactimes"] = CVODEJacTimes(None, self._product)
                options["precond"] = CVODEPrecond(self._precondition_setup, self._precondition)
        with warnings.catch_warnings():  # it announces that the analytic Jacobian is used
            warnings.simplefilter("ignore")
            return CVODE(self._rhs, **options)

    def orbit(self, start: np.ndarray, setting: float) -> np.ndarray:
        """Return the sampled states, shape (77, unknowns)."""
        if setting not in self._solvers:
            self._solvers[setting] = self._solver(setting)
        solver = self._solvers[setting]
        samples = np.empty((SAMPLES_S.size, self.panel.unknowns))
        samples[0] = start
        row = 0
        for self.segment, begin, times in segments():
            solver.init_step(begin, samples[row])
            for time in times:
                step = solver.step(time, "normal", tstop=times[-1])
                if not step.success:
                    raise RuntimeError(f"CVODE stopped at {step.t} s: {step.message}")
                row += 1
                samples[row] = step.y
        return samples


class Scipy:
    """`scipy.integrate.solve_ivp`; the implicit methods get the analytic sparse Jacobian."""

    def __init__(self, panel: Panel, method: str = "BDF") -> None:
        self.panel = panel
        self.method = method
        self.compiled = PeerRHS(panel)
        self.segment = 0
        if method in ("BDF", "Radau"):
            self.compiled.prepare_jacobian()

    def _rhs(self, t: float, y: np.ndarray) -> np.ndarray:
        f = np.empty(y.size)
        self.compiled.rhs(t, np.ascontiguousarray(y), f, self.segment)
        return f

    def _jacobian(self, t: float, y: np.ndarray) -> sp.csc_matrix:
        pattern = self.compiled.pattern
        values = np.empty(pattern.nnz)
        self.compiled.jacobian(np.ascontiguousarray(y), values)
        return sp.csc_matrix((values, pattern.indices, pattern.indptr), shape=pattern.shape)

    def orbit(self, start: np.ndarray, setting: float) -> np.ndarray:
        """Return the sampled states, shape (77, unknowns)."""
        from scipy.integrate import solve_ivp

        options = {"rtol": setting, "atol": setting, "method": self.method}
        if self.method in ("BDF", "Radau"):
            options["jac"] = self._jacobian
        samples = np.empty((SAMPLES_S.size, self.panel.unknowns))
        samples[0] = start
        row = 0
        for self.segment, begin, times in segments():
            solution = solve_ivp(self._rhs, (begin, times[-1]), samples[row], t_eval=times, **options)
            if not solution.success:
                raise RuntimeError(f"{self.method} stopped: {solution.message}")
            samples[row + 1 : row + 1 + times.size] = solution.y.T
            row += times.size
        return samples


class ExplicitEuler:
    """Plain C, explicit Euler; the setting is the step over the stability limit.

    The limit is the largest step that keeps every coefficient of the update non-negative. The upwind
    coolant is far from normal, so a longer step up to the spectral limit grows before it decays.
    """

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.compiled = PeerRHS(panel)
        c = panel.coefficients
        plate = 2.0 * (c["along"] + c["across"]) + c["wall_plate"] + 4.0 * c["emission"] * 340.0**3
        coolant = panel.advection_1_s.max() + 2.0 * c["wall_coolant"]
        self.limit_s = 1.0 / max(plate, coolant)

    def orbit(self, start: np.ndarray, setting: float) -> np.ndarray:
        """Return the sampled states, shape (77, unknowns)."""
        samples = np.empty((SAMPLES_S.size, self.panel.unknowns))
        samples[0] = start
        y, scratch = start.copy(), np.empty_like(start)
        row = 0
        for segment, begin, times in segments():
            for time in times:
                steps = int(np.ceil((time - begin) / (setting * self.limit_s)))
                self.compiled.euler(begin, (time - begin) / steps, steps, y, scratch, segment)
                begin = time
                row += 1
                samples[row] = y
        return samples


PEERS = {
    "cvode-sparse": lambda panel: Cvode(panel, "sparse"),
    "cvode-gmres": lambda panel: Cvode(panel, "gmres"),
    "scipy-bdf": lambda panel: Scipy(panel, "BDF"),
    "scipy-radau": lambda panel: Scipy(panel, "Radau"),
    "scipy-rk45": lambda panel: Scipy(panel, "RK45"),
    "explicit-c": ExplicitEuler,
}
