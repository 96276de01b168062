"""The thermal network: capacities, conductances, radiation, streams, boundaries and loads by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from thermalsat.bundle import Floats
from thermalsat.errors import ConvergenceError, InputError
from thermalsat.units import si, si_difference

from . import inputs
from .equations import Equations

__all__ = ["ThermalNetwork"]


class ThermalNetwork(Equations):
    """A lumped-parameter network with plates and coolant channels.

    Parameters
    ----------
    stefan_boltzmann : Quantity [W/m²/K⁴], optional
        CODATA unless a published case needs its own.

    Notes
    -----
    Units end here. Elements may be added until the network is solved, and after; it is built again
    when it has changed. The order of the unknowns is that of `layout`. Threads may solve one network: each
    solve waits for the one before it; copies are independent.

    Examples
    --------
    A box that sheds 100 W through 5 W/K, seen from outside as an ordinary differential equation:

    >>> import numpy as np
    >>> net = ThermalNetwork()
    >>> wall = net.boundary("wall", temperature="20 degC")
    >>> box = net.node("box", heat_capacity="2e5 J/K", temperature="30 degC")
    >>> net.couple(box, wall, conductance="5 W/K")
    >>> net.heat(box, "100 W")
    >>> y = net.pack({"box": 303.15})
    >>> float(np.round(net.rhs(0.0, y)[0], 12))  # (100 - 5 x 10) / 2e5 K/s
    0.00025
    """

    def steady(self, *, time: Any = None, mean: bool = False, initial: Any = None, **options: Any) -> Any:
        """Steady state.

        Parameters
        ----------
        time : Quantity [s], optional
            When forcings depend on time: the moment at which they are held,
        mean : bool
            or their means over their period.
        initial : state, mapping or Quantity [K], optional
            Where to start; default the initial temperatures.
        **options
            Handed to the solver.

        Raises
        ------
        InputError
            When a forcing depends on time and neither `time` nor `mean` is given.
        """
        from thermalsat import solver

        if time is not None and mean:
            raise InputError("`time` and `mean` must not both be given")
        if self.forcings and time is None and not mean:
            names = ", ".join(self.forcings)
            raise InputError(f"`time` or `mean=True` must be given, because these depend on time: {names}")
        time_s = None if time is None else inputs.scalar(si(time, "s", "time"), "time")
        if time_s is not None:
            self._check_covered(time_s, time_s)
        return self._solved(
            solver.steady, time_s=time_s, mean=bool(mean), initial=self._initial(initial), **options
        )

    def transient(
        self,
        *,
        duration: Any,
        times: Any = None,
        initial: Any = None,
        start: Any = "0 s",
        tolerance: Any = "10 mK",
        **options: Any,
    ) -> Any:
        """History over a duration.

        Parameters
        ----------
        duration : Quantity [s]
            Length of the run.
        times : Quantity [s], optional
            Times of the samples, from `start` to its end.
        initial : state, mapping or Quantity [K], optional
            Default the initial temperatures.
        start : Quantity [s]
            Time at which the run begins.
        tolerance : Quantity [K]
            Temperature error.
        **options
            Handed to the solver.
        """
        from thermalsat import solver
        from thermalsat.solver.checks import check_balances

        begin = inputs.scalar(si(start, "s", "start"), "start")
        length = inputs.positive(duration, "s", "duration")
        times_s = None if times is None else np.atleast_1d(si(times, "s", "times"))
        if times_s is not None:
            if times_s.ndim != 1 or len(times_s) == 0:
                raise InputError(f"`times` must be a row of at least one time, got shape {times_s.shape}")
            outside = times_s.min() < begin or times_s.max() > (begin + length) * (1.0 + 1e-12)
            if np.any(np.diff(times_s) <= 0.0) or outside:
                raise InputError(
                    f"`times` must increase from {begin:g} s to {begin + length:g} s at most, "
                    f"got {times_s[0]:g} s to {times_s[-1]:g} s"
                )
        self._check_covered(begin, begin + length)
        check_balances(self.bundle(), self.layout.label)
        return self._solved(
            solver.transient,
            duration_s=length,
            times_s=times_s,
            initial=self._initial(initial),
            start_s=begin,
            tolerance_K=_kelvins(tolerance, "tolerance"),
            **options,
        )

    def periodic(
        self,
        *,
        period: Any,
        tolerance: Any = "10 mK",
        closure: Any = "1 mK",
        initial: Any = None,
        **options: Any,
    ) -> Any:
        """Periodic steady state, ``T(t + period) = T(t)``.

        Parameters
        ----------
        period : Quantity [s]
            Every forcing's period must divide it; a table without period must cover it.
        tolerance : Quantity [K]
            Temperature error.
        closure : Quantity [K]
            Estimated distance to the periodic state.
        initial : state, mapping or Quantity [K], optional
            Where to start.
        **options
            Handed to the solver.
        """
        from thermalsat import solver

        period_s = inputs.positive(period, "s", "period")
        for name, pieces in self.forcings.items():
            turns = period_s / pieces.period if pieces.period else 1.0
            if abs(turns - round(turns)) > 1e-9 * turns or round(turns) == 0:
                raise InputError(
                    f"`period` must be a multiple of the period of {name!r}, {pieces.period:g} s; "
                    f"got {period_s:g} s"
                )
        self._check_covered(0.0, period_s)
        return self._solved(
            solver.periodic,
            period_s=period_s,
            tolerance_K=_kelvins(tolerance, "tolerance"),
            closure_K=_kelvins(closure, "closure"),
            initial=self._initial(initial),
            **options,
        )

    def gradient(self, state: Any, **output: Any) -> Any:
        """First derivatives of one output of a steady or periodic state by every coefficient.

        Parameters
        ----------
        state : Result
            What `steady` or `periodic` returned.
        **output
            ``temperature=`` with ``cell=`` and ``at=``, or ``flow=``; see
            `thermalsat.solver.sensitivity.gradient`.

        Returns
        -------
        Gradient
        """
        from thermalsat.solver.sensitivity import gradient

        with self._lock:
            return gradient(self, state, **output)

    def _solved(self, solve: Callable[..., Any], **arguments: Any) -> Any:
        """Return what a solver finds; where a balance is singular, the error names whose it is."""
        try:
            with self._lock:
                return solve(self, **arguments)
        except ConvergenceError as error:
            row = error.details.get("row")
            if row is None:
                raise
            mixer = row - self.layout.n
            name = self.layout.label(row) if mixer < 0 else self.layout.mixers[mixer].name
            raise ConvergenceError(
                f"the temperature of {name} cannot be found, the system is singular there; look for a part "
                "whose heat has no way to a boundary, or a stream without flow",
                error.details | {"name": name},
            ) from error

    def _initial(self, initial: Any, name: str = "initial") -> Floats:
        if self.layout.n == 0:
            raise InputError(
                '`network` must have a part to solve for; add one, e.g. net.node("box", '
                'heat_capacity="1e4 J/K")'
            )
        if initial is None:
            return self.layout.initial()
        if isinstance(initial, (str, int, float)) or hasattr(initial, "magnitude"):
            kelvin = inputs.scalar(si(initial, "K", name), name)
            thermal = [part for part in self.layout.parts if part.weight_K == 1.0]
            return self.layout.pack({part.name: kelvin for part in thermal})
        return self.pack(initial)

    def _check_covered(self, start_s: float, stop_s: float) -> None:
        for name, pieces in self.forcings.items():
            if not pieces.covers(start_s, stop_s):
                raise InputError(
                    f"`{name}` must be known from {start_s:g} s to {stop_s:g} s, its table covers "
                    f"{pieces.knots[0]:g} s to {pieces.knots[-1]:g} s; extend it or give it a `period`"
                )

    def __repr__(self) -> str:
        if self._built is None:
            return f"<ThermalNetwork: {len(self.parts)} parts, {len(self.elements)} elements>"
        bundle = self._built[0]
        return f"<ThermalNetwork: {bundle.n} unknowns, {bundle.nb} boundaries, {bundle.nq} flows>"


def _kelvins(value: Any, name: str) -> float:
    number = inputs.scalar(si_difference(value, name), name)
    if not number > 0.0:
        raise InputError(f"`{name}` must be above zero, got {value!r}")
    return number
