"""Hashes of what the core computes on networks with every element, for comparing builds bit by bit."""

import hashlib

import numpy as np
from bundles import random_case
from plates import BREAKS_S, plate_case

from thermalsat import _core
from thermalsat.solver.adjoint import Replay, Seeds, room
from thermalsat.solver.system import System
from thermalsat.solver.transient import integrate
from thermalsat.tableaus import TABLEAUS


def fingerprint(seed):
    """Hash of rates, factors, steps, ledgers, samples and derivatives on both paths."""
    digest = hashlib.sha256()
    # rows that eight lanes do and do not divide
    shape = (5 + 3 * (seed % 4), 4 + 5 * (seed % 3))
    for case in (
        plate_case(seed, plates=1 + seed % 2, shape=shape, uniform=bool(seed % 2)),
        random_case(seed, nx=shape[0], ny=shape[1]),
    ):
        b = case.bundle
        for path in ("auto", "sparse"):
            system = System(b, path=path)
            scratch, F, flows, Ju = (
                np.zeros_like(system.scratch),
                np.zeros(b.n),
                np.zeros(b.nq),
                np.zeros(b.n),
            )
            u, r = np.zeros(b.n + b.nm), np.append(np.linspace(-1.0, 1.0, b.n), np.zeros(b.nm))
            system.solver.factorise(57.3, 57.3, 57.4, case.y, 0.1, F, flows, scratch)
            system.solver.apply(r, u)
            system.solver.product(u[: b.n].copy(), Ju)
            run = integrate(
                system, case.y, 0.0, 300.0, breakpoints_s=np.array(BREAKS_S), times_s=np.linspace(0, 300, 8),
                tableau=TABLEAUS[sorted(TABLEAUS)[seed % len(TABLEAUS)]],
            )  # fmt: skip
            slopes, replay = room(system), Replay(system, run.y_end, run.log[-8:])
            back = replay.back(r[: b.n], Seeds(value=0.0, by_flow=np.linspace(0.0, 1e-3, b.nq)), slopes)
            for array in (F, flows, u, Ju, run.y_end, run.ledger_J, run.y, run.log, back, slopes):
                digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


if __name__ == "__main__":
    print(_core.__file__, *(fingerprint(seed) for seed in range(12)), sep="\n")
