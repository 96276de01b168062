"""One implicit time step, and a sequence of steps at times given by the caller.

The named flows are integrated as extra components of the same Rosenbrock step, with the same linear operator.
So the change of stored heat equals the integral of the external flows to rounding, whatever the step size.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from thermalsat.bundle import Bundle, Floats
from thermalsat.tableaus import Tableau
from thermalsat.twin.system import linearize, rates

__all__ = ["Step", "Steps", "dense_output", "step", "step_sequence"]


class Step(NamedTuple):
    """One step: y at its end, each flow's integral [J], the error estimate, and the stage vectors (s, n)."""

    y: Floats
    heat: Floats
    error: Floats
    stages: Floats


class Steps(NamedTuple):
    """y (K+1, n), ledger (K+1, n_flow) [J, zero at the start] at every time; error (K, n) of every step."""

    y: Floats
    ledger: Floats
    error: Floats


def step(bundle: Bundle, tableau: Tableau, t: float, h: float, y: ArrayLike, *, nudge: float = 1e-6) -> Step:
    """One Rosenbrock step of C y' = F(t, y) from t to t + h.

    Parameters
    ----------
    bundle : Bundle
    tableau : Tableau
        The method; its equations are in `thermalsat.tableaus`.
    t, h : float
        Start and length [s].
    y : array_like (n,)
        Unknowns at the start.
    nudge : float
        Forcing pieces are looked up no nearer to the step's ends than this share of h, so that a step that
        begins or ends on a jump does not see its other side.

    Returns
    -------
    Step
    """
    t_lo, t_hi = t + nudge * h, t + (1.0 - nudge) * h
    start = np.asarray(y, dtype=np.float64)
    at = linearize(bundle, t, start, t_lo, t_hi)
    C, stages = bundle.capacity, tableau.stages
    matrix = np.diag(C / (h * tableau.gamma)) - at.F_y
    u, e = np.zeros((stages, bundle.n)), np.zeros((stages, bundle.nq))
    for i in range(stages):
        F, flows = rates(bundle, t + tableau.alpha[i] * h, start + tableau.a[i] @ u, t_lo, t_hi)
        late = tableau.gamma_sum[i] * h
        u[i] = np.linalg.solve(matrix, F + C * (tableau.c[i] @ u) / h + late * at.F_t)
        e[i] = h * tableau.gamma * (flows + at.flows_y @ u[i] + (tableau.c[i] @ e) / h + late * at.flows_t)
    return Step(start + tableau.m @ u, tableau.m @ e, tableau.e @ u, u)


def step_sequence(
    bundle: Bundle, tableau: Tableau, y0: ArrayLike, times: ArrayLike, *, nudge: float = 1e-6
) -> Steps:
    """Step from each time to the next, with no choice of step size.

    Parameters
    ----------
    bundle, tableau, nudge
        As for `step`.
    y0 : array_like (n,)
        Unknowns at ``times[0]``.
    times : array_like (K+1,)
        Increasing times [s]; forcing jumps belong on them.

    Returns
    -------
    Steps

    Examples
    --------
    A body of 10 J/K cooling through 1 W/K towards 0 K, one time constant in ten steps:

    >>> import numpy as np
    >>> from thermalsat.bundle import Bundle
    >>> from thermalsat.tableaus import RODAS4
    >>> b = Bundle(n=1, nb=1, nq=1, capacity=[10.0], weight=[1.0], stored=[1], temperature_law=[-1],
    ...            flow_external=[-1], boundary_forcing=[0], forcing_ptr=[0, 1], forcing_knots=[0.0, 1.0],
    ...            forcing_coef=np.zeros((1, 6)), forcing_period=[0.0],
    ...            gl_a=[0], gl_b=[1], gl_g=[1.0], gl_flow=[0])
    >>> run = step_sequence(b, RODAS4, [100.0], np.linspace(0.0, 10.0, 11))
    >>> round(float(run.y[-1, 0]), 3), round(float(run.ledger[-1, 0]), 2)
    (36.788, 632.12)
    """
    t = np.asarray(times, dtype=np.float64)
    if t.ndim != 1 or len(t) < 1 or np.any(np.diff(t) <= 0.0):
        raise ValueError("`times` must be one row of increasing times [s]")
    ys, ledger = np.zeros((len(t), bundle.n)), np.zeros((len(t), bundle.nq))
    error = np.zeros((len(t) - 1, bundle.n))
    ys[0] = y0
    for k in range(len(t) - 1):
        done = step(bundle, tableau, float(t[k]), float(t[k + 1] - t[k]), ys[k], nudge=nudge)
        ys[k + 1], ledger[k + 1], error[k] = done.y, ledger[k] + done.heat, done.error
    return Steps(ys, ledger, error)


def dense_output(tableau: Tableau, y0: Floats, done: Step, theta: float) -> Floats:
    """Interpolate at t + theta h, 0 <= theta <= 1, in the step begun at y0; see `thermalsat.tableaus`."""
    if not len(tableau.dense):
        raise ValueError(f"`tableau` {tableau.name} has no dense output")
    bracket = np.zeros_like(y0)
    for row in tableau.dense[::-1]:
        bracket = row @ done.stages + theta * bracket
    return np.asarray((1.0 - theta) * y0 + theta * (done.y + (1.0 - theta) * bracket))
