"""One satellite in one case, bound to the solver: what a search for capabilities asks again and again."""

from __future__ import annotations

from copy import copy

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermalsat.assembly.extremes import Run
from thermalsat.assembly.limits import LimitMargin
from thermalsat.assembly.margins import Gauge
from thermalsat.assembly.satellite_network import assembled
from thermalsat.bundle import Bundle
from thermalsat.cases import DesignCase
from thermalsat.errors import NoBalanceError
from thermalsat.network import ThermalNetwork
from thermalsat.physics.heat import OrbitHeat
from thermalsat.pieces import Pieces
from thermalsat.satellite import Satellite
from thermalsat.solver.periodic import Cycle, Shooting, periodic_state
from thermalsat.solver.steady import check_physical
from thermalsat.solver.system import System
from thermalsat.solver.transient import Trajectory, integrate_within

__all__ = ["Model"]

Floats = NDArray[np.float64]

_SAME_S = 1e-6
_AFTER_STEP_S = 2.0 ** np.arange(10)
"""Samples after a step of the power, where temperatures bend most [s]."""


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
    gauge : Gauge
        Reads limits off the unknowns.
    period_s : float
        Orbit period [s].
    breakpoints_s : ndarray
        Kinks of the environment within [0, period) [s]; those of the compute power are added by `history`.
    anchored : ndarray of intp
        Index of the battery's state of energy, which starts full.
    y0 : ndarray (n,)
        Initial values, battery full.
    """

    def __init__(
        self, satellite: Satellite, case: str | DesignCase, compute: float | Pieces | None = None
    ) -> None:
        self.satellite = satellite
        self.case = satellite.case(case)
        if compute is None:
            idle = self.case.load == "idle"
            compute = satellite.payload.idle_floor_W if idle else satellite.requirement.sustained_W
        self.compute = _pieces(compute)
        made = assembled(satellite, self.case, self.compute)
        network, junction = made.network, made.computer.junction
        bundle = network.bundle()
        self.environment: OrbitHeat = made.surroundings.heat
        self.period_s = self.environment.period_s
        self.system = System(bundle)
        self.gauge = Gauge.of(satellite, self.case, made)
        self.y0: Floats = network.layout.initial()
        self.anchored = bundle.bt_soe
        self._network: ThermalNetwork | None = network
        # the last cycle's correction, shared with models of other powers
        self._shooting: list[Shooting] = []
        self._forcing = int(bundle.s_forcing[bundle.s_to == network.layout.start(junction)][0])
        kinks = [p.breakpoints for p in network.forcings.values() if p is not self.compute]
        self.breakpoints_s: Floats = np.unique(np.concatenate([np.zeros(0), *kinks]))

    @property
    def network(self) -> ThermalNetwork:
        """The network in public form."""
        if self._network is None:
            self._network = assembled(self.satellite, self.case, self.compute).network
        return self._network

    def with_power(self, compute: float | Pieces) -> Model:
        """Return the model at another compute power [W]; only that forcing is exchanged."""
        other = copy(self)
        other.compute = _pieces(compute)
        other.system = System(_exchanged(self.system.bundle, self._forcing, other.compute), like=self.system)
        other.gauge = self.gauge.with_pieces(self.compute, other.compute)
        other._network = None
        return other

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
        guess_K: float = np.inf,
    ) -> Cycle:
        """Return the periodic state from t = 0; ``cycle.orbit`` is sampled evenly and at every kink.

        Parameters
        ----------
        guess : ndarray (n,), optional
            Start of an orbit near to it, such as ``other.orbit.y_start`` of a neighbouring power.
        tolerance_K, closure_K : float
            Of the time integration, and of the distance to the periodic state [K].
        samples : int
            Even samples.
        max_sweeps : int
            Orbits to try.
        guess_K : float
            About how far `guess` is from the periodic state [K].

        Raises
        ------
        NoBalanceError
            When there is no periodic state: the power, the case, the place that runs away.
        ConvergenceError
            When none is found, or its estimated time error stays above `tolerance_K`.
        """
        breaks = self._breakpoints(0.0, self.period_s)
        times = _merged(np.linspace(0.0, self.period_s, samples + 1), breaks)
        try:
            found = periodic_state(
                self.system, self.period_s, y0=self.y0, guess=guess, guess_K=guess_K, anchored=self.anchored,
                breakpoints_s=breaks, times_s=times, tolerance_K=tolerance_K, closure_K=closure_K,
                max_sweeps=max_sweeps,
                shooting=self._shooting[0] if self._shooting else None, describe=self.gauge.layout.label,
            )  # fmt: skip
            check_physical(self.system.bundle.weight, found.orbit.y_end, self.gauge.layout.label)
        except NoBalanceError as error:
            power_W = float(self.compute.mean(0.0, self.period_s))
            raise NoBalanceError(
                f"a compute power of {power_W / 1e3:.6g} kW has no periodic state in the {self.case.name}"
                f" case: {error}. sustained_power() tells what the design holds; more takes a larger"
                " `radiator.area`, with `loop` and `payload` made for it",
                error.details | {"power_W": power_W, "case": self.case.name},
            ) from None
        self._shooting[:] = [found.shooting]
        return found

    def history(
        self,
        y0: Floats,
        duration_s: float,
        *,
        start_s: float = 0.0,
        tolerance_K: float = 0.01,
        samples: int = 240,
    ) -> Trajectory:
        """Integrate from `y0` at `start_s`.

        Sampled at about `samples` even times, at every kink and step, and closer together after a step of
        the power.

        Raises
        ------
        ConvergenceError
            When a step fails, or the estimated time error stays above `tolerance_K`.
        """
        end_s = start_s + duration_s
        breaks = self._breakpoints(start_s, end_s)
        steps = self.compute.breakpoints_between(start_s - _AFTER_STEP_S[-1], end_s)
        after = (steps[:, None] + _AFTER_STEP_S).ravel()
        times = _merged(np.linspace(start_s, end_s, samples + 1), breaks)
        times = _merged(after[(after > start_s) & (after < end_s)], times)
        return integrate_within(
            self.system, y0, start_s, end_s, breakpoints_s=breaks, times_s=times, tolerance_K=tolerance_K,
            describe=self.gauge.layout.label,
        )  # fmt: skip

    def state_within(self, orbit: Trajectory, time_s: float, allowed_K: float) -> Floats | None:
        """Return the unknowns between two samples of an orbit, or None where that may be wrong by more.

        The cubic with the samples' values and rates; what its own rate is off by in the middle of the
        interval, over a quarter of that, stands for its error.
        """
        k = min(max(int(np.searchsorted(orbit.times_s, time_s, side="right")) - 1, 0), len(orbit.times_s) - 2)
        t0, t1 = float(orbit.times_s[k]), float(orbit.times_s[k + 1])
        h, s = t1 - t0, (time_s - t0) / (t1 - t0)
        b = self.system.bundle
        heat = np.where(b.capacity > 0.0, b.capacity, np.inf)
        y0, y1 = orbit.y[k], orbit.y[k + 1]
        d0 = self.system.rates(t0, y0, "right")[0] / heat
        d1 = self.system.rates(t1, y1, "left")[0] / heat
        c2, c3 = 3.0 * (y1 - y0) - h * (2.0 * d0 + d1), 2.0 * (y0 - y1) + h * (d0 + d1)
        middle = y0 + 0.5 * (h * d0 + 0.5 * (c2 + 0.5 * c3))
        off = self.system.rates(t0 + 0.5 * h, middle)[0] / heat - d0 - (c2 + 0.75 * c3) / h
        if float((b.weight * np.abs(off)).max()) * 0.25 * h > allowed_K:
            return None
        return np.asarray(y0 + s * (h * d0 + s * (c2 + s * c3)))

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
        return self.gauge.margins(Run(self.system, times_s, y), ledger_J)

    def figures(self, times_s: Floats, y: Floats) -> dict[str, float]:
        """Return extremes for tables.

        ``junction_max_K``, ``junction_min_K``, ``coolant_max_K``, ``coolant_min_K`` (panel cells),
        ``wall_max_K``, ``radiator_max_K``, ``radiator_min_K``, ``array_max_K``, ``array_min_K``,
        ``battery_max_K``, ``battery_min_K``, ``depth_of_discharge``.
        """
        return self.gauge.figures(Run(self.system, times_s, y))

    def _breakpoints(self, start_s: float, end_s: float) -> Floats:
        """Kinks of surroundings and power strictly between two times."""
        turns = np.arange(np.floor(start_s / self.period_s), np.ceil(end_s / self.period_s) + 1.0)
        around = (self.breakpoints_s + self.period_s * turns[:, None]).ravel()
        times = _merged(self.compute.breakpoints_between(start_s, end_s), around)
        return times[(times > start_s + _SAME_S) & (times < end_s - _SAME_S)]


def _pieces(compute: float | Pieces) -> Pieces:
    return compute if isinstance(compute, Pieces) else Pieces.constant(float(compute))


def _merged(times_s: Floats, fixed_s: Floats) -> Floats:
    """Sorted union; of times nearer than a microsecond to a fixed one, the fixed one is kept."""
    fixed = _distinct(fixed_s)
    if len(fixed):
        at = np.clip(np.searchsorted(fixed, times_s), 1, max(len(fixed) - 1, 1))
        near = np.abs(times_s - fixed[at - 1])
        if len(fixed) > 1:
            near = np.minimum(near, np.abs(times_s - fixed[at]))
        times_s = times_s[near > _SAME_S]
    return _distinct(np.concatenate([times_s, fixed]))


def _distinct(times_s: Floats) -> Floats:
    times = np.sort(times_s)
    return times[np.concatenate([np.ones(min(len(times), 1), bool), times[1:] != times[:-1]])]


def _exchanged(b: Bundle, k: int, pieces: Pieces) -> Bundle:
    """Return the bundle with forcing k replaced."""
    first, last = int(b.forcing_ptr[k]), int(b.forcing_ptr[k + 1])
    ptr = b.forcing_ptr.copy()
    ptr[k + 1 :] += len(pieces.coef) - (last - first)
    period = b.forcing_period.copy()
    period[k] = pieces.period
    return b.exchanged(
        forcing_ptr=ptr,
        forcing_knots=np.concatenate(
            [b.forcing_knots[: first + k], pieces.knots, b.forcing_knots[last + k + 1 :]]
        ),
        forcing_coef=np.concatenate([b.forcing_coef[:first], pieces.coef, b.forcing_coef[last:]]),
        forcing_period=period,
    )
