"""One node, and the arguments of one call of the core's integrator."""

import numpy as np

from thermalsat import _core
from thermalsat.bundle import Bundle
from thermalsat.solver.system import System
from thermalsat.tableaus import RODAS5P


def lump(capacity_J_K=1000.0, g_W_K=1.0, gr_m2=0.0, power_W=0.0):
    """One node joined to a boundary at 3 K by a conductance and by radiation."""
    return Bundle(
        n=1, nb=1, nq=2, capacity=[capacity_J_K], weight=[1.0], stored=[1], temperature_law=[-1],
        boundary_forcing=[0], forcing_ptr=[0, 1], forcing_knots=[0.0, 1.0],
        forcing_coef=[[3.0, 0, 0, 0, 0, 0]], forcing_period=[0.0], flow_external=[-1, 1],
        gl_a=[0], gl_b=[1], gl_g=[g_W_K], gl_flow=[0],
        gr_a=[0], gr_b=[1], gr_g=[gr_m2], gr_flow=[0], s_to=[0], s_coef=[power_W], s_forcing=[-1], s_law=[-1],
        s_arg=[0], s_flow=[1],
    )  # fmt: skip


class Door:
    """Arguments of one call of `_core.integrate`; `fields` may be exchanged before it."""

    def __init__(self, bundle, y, t0=0.0, t1=1000.0, path="sparse", **fields):
        system = System(bundle, path=path)
        tab, n, nq = RODAS5P, bundle.n, bundle.nq
        packed = (tab.gamma, tab.alpha, tab.gamma_sum, tab.a.ravel(), tab.c.ravel(), tab.m, tab.e)
        self.system, self.info = system, np.zeros(10)
        self.fields = {
            "problem": system.problem, "solver": system.solver,
            "tableau": (*packed, tab.dense.ravel(), tab.stiffly_accurate),
            "embedded_order": tab.embedded_order,
            "y": np.array(y, dtype=float), "t0": t0, "t1": t1, "breaks": np.zeros(0), "tolerance": 0.01,
            "most_lag": np.inf,
            "h_first": 1.0, "h_restart": 1.0, "max_steps": 10_000, "times": np.zeros(0),
            "samples": np.zeros((0, n)), "ledger": np.zeros(nq), "throughput": np.zeros(nq),
            "estimate": np.zeros(n), "integral": np.zeros(n), "log": np.zeros((10_000, 2)), "replay": False,
            "info": self.info, "work": np.zeros(_core.step_size_in_doubles(system.problem, tab.stages, True)),
        }  # fmt: skip
        self.fields |= fields

    def __call__(self):
        return _core.integrate(**self.fields)
