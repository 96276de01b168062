"""One satellite in one case, bound to the solver: what a search for capabilities asks again and again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermalsat.assembly.limits import LimitMargin
from thermalsat.cases import DesignCase
from thermalsat.network import ThermalNetwork
from thermalsat.physics.heat import OrbitHeat
from thermalsat.pieces import Pieces
from thermalsat.satellite import Satellite
from thermalsat.solver.periodic import Cycle
from thermalsat.solver.system import System
from thermalsat.solver.transient import Trajectory

__all__ = ["Model"]

Floats = NDArray[np.float64]


class Model:
    """The network of a satellite in one case, at one compute power, in SI floats.

    Parameters
    ----------
    satellite : Satellite
        The design.
    case : str or DesignCase
        One of its cases.
    compute : float or Pieces, optional
        Compute power [W], constant or over time; default what the case asks for (`requirement.sustained`
        or `payload.idle_floor`).

    Attributes
    ----------
    satellite, case : Satellite, DesignCase
        What was given.
    compute : Pieces
        Compute power over time [W].
    environment : OrbitHeat
        Sun, shadow and Earth; time zero is the last sunlit instant.
    network : ThermalNetwork
        The same network in public form; of a model made by `with_power` it is built when asked for.
    system : System
        The network bound to the core.
    period_s : float
        Orbit period [s].
    breakpoints_s : ndarray
        Kinks of the environment within [0, period) [s]; those of the compute power are added by `history`.
    anchored : ndarray of intp
        Index of the battery's state of energy, which starts full.
    y0 : ndarray (n,)
        Initial values, battery full.
    """

    satellite: Satellite
    case: DesignCase
    compute: Pieces
    environment: OrbitHeat
    network: ThermalNetwork
    system: System
    period_s: float
    breakpoints_s: Floats
    anchored: NDArray[np.intp]
    y0: Floats

    def with_power(self, compute: float | Pieces) -> Model:
        """Return the model at another compute power [W]; only that forcing is exchanged."""
        raise NotImplementedError

    def illumination(self, time_s: ArrayLike) -> Floats:
        """Part of the Sun's disc in view, 0 to 1, at times after the last sunlit instant [s]."""
        return self.environment.illumination(time_s)

    def cycle(
        self,
        guess: Floats | None = None,
        tolerance_K: float = 0.01,
        closure_K: float = 1e-3,
        samples: int = 240,
        max_sweeps: int = 60,
    ) -> Cycle:
        """Return the periodic state: ``cycle.orbit`` is a `Trajectory` sampled at `times(0, period)`.

        Parameters
        ----------
        guess : ndarray (n,), optional
            Start of an orbit near to it, such as ``other.orbit.y_start`` of a neighbouring power.
        """
        raise NotImplementedError

    def history(
        self,
        y0: Floats,
        duration_s: float,
        *,
        start_s: float = 0.0,
        tolerance_K: float = 0.01,
        samples: int = 240,
    ) -> Trajectory:
        """Integrate from `y0` at `start_s`, sampled at about `samples` times and at every breakpoint."""
        raise NotImplementedError

    def margins(self, times_s: Floats, y: Floats, ledger_J: Floats | None = None) -> list[LimitMargin]:
        """Return the margin of every limit over the samples of a run.

        Parameters
        ----------
        times_s, y : ndarray (k,), (k, n)
            Samples: ``run.times_s, run.y``.
        ledger_J : ndarray (nq,), optional
            ``orbit.ledger_J`` of a whole orbit from t = 0: adds ``"recharge"``, the energy by which the
            battery would be refilled beyond full, ``eta_c N+ - D / eta_d`` over the orbit.
        """
        raise NotImplementedError

    def figures(self, times_s: Floats, y: Floats) -> dict[str, Any]:
        """Return extremes for tables.

        ``junction_max_K``, ``coolant_max_K``, ``coolant_min_K`` (panel cells), ``radiator_max_K``,
        ``radiator_min_K``, ``array_max_K``, ``array_min_K``, ``battery_max_K``, ``battery_min_K``,
        ``depth_of_discharge``.
        """
        raise NotImplementedError
