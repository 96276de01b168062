"""FiPy on the plate without its tubes: backward Euler, linearised emission, one linear solve a step.

FiPy has no coolant network, so its row is compared with CVODE on the same uncoupled plate.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from peers import segments
from reference_problem import PERIOD_S, SAMPLES_S, Panel


class FipyPlate:
    """The uncoupled plate of one panel; the setting is the time step in seconds.

    Parameters
    ----------
    panel : Panel
        The instance to solve; its tubes and payload are left out.
    """

    def __init__(self, panel: Panel) -> None:
        from fipy import CellVariable, DiffusionTerm, Grid2D, ImplicitSourceTerm, TransientTerm

        self.panel = dataclasses.replace(panel, coupled=False)
        self.compared = slice(0, panel.nx * panel.ny)
        c = self.panel.coefficients
        mesh = Grid2D(nx=panel.nx, ny=panel.ny, dx=panel.dx_m, dy=panel.dy_m)
        self.temperature = CellVariable(mesh=mesh, hasOld=True)
        self.absorbed = CellVariable(mesh=mesh)
        diffusivity = c["along"] * panel.dx_m**2
        old = self.temperature.old
        emitted = ImplicitSourceTerm(coeff=-4.0 * c["emission"] * old**3)
        constant = self.absorbed + 3.0 * c["emission"] * old**4
        self.equation = TransientTerm() == DiffusionTerm(coeff=diffusivity) + emitted + constant

    def _absorbed_K_s(self, t: float, lit: float) -> np.ndarray:
        c, angle = self.panel.coefficients, 2.0 * np.pi / PERIOD_S
        sun = lit * c["sun"] * abs(np.cos(angle * (t - 2700.0)))
        albedo = lit * c["albedo"] * max(0.0, np.cos(angle * (t - 1800.0)))
        return (c["infrared"] + albedo + sun * self.panel.shadow_pattern).ravel()

    def orbit(self, start: np.ndarray, setting: float) -> np.ndarray:
        """Return the sampled states, shape (77, unknowns); only the plate is filled in."""
        samples = np.repeat(start[None, :], SAMPLES_S.size, axis=0)
        self.temperature.value = start[self.compared]
        row = 0
        for segment, begin, times in segments():
            for time in times:
                steps = int(np.ceil((time - begin) / setting))
                step_s = (time - begin) / steps
                for k in range(1, steps + 1):
                    self.temperature.updateOld()
                    self.absorbed.value = self._absorbed_K_s(begin + k * step_s, self.panel.lit[segment])
                    self.equation.solve(var=self.temperature, dt=step_s)
                begin = time
                row += 1
                samples[row, self.compared] = self.temperature.value
        return samples
