"""The thermal network: capacities, conductances, radiation, streams, boundaries and loads by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from thermalsat.bundle import Bundle, Floats
from thermalsat.errors import InputError
from thermalsat.pieces import Pieces
from thermalsat.units import si, si_difference

from . import inputs
from .build import build
from .evaluate import Evaluator
from .heating import Heating
from .layout import Layout

__all__ = ["ThermalNetwork"]


class ThermalNetwork(Heating):
    """A lumped-parameter network with plates and coolant channels.

    Parameters
    ----------
    stefan_boltzmann : Quantity [W/m²/K⁴], optional
        CODATA unless a published case needs its own.

    Notes
    -----
    Units end here. Elements may be added until the network is solved, and after; it is built again
    when it has changed. The order of the unknowns is that of `layout`.

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

    def bundle(self) -> Bundle:
        """Return the network as flat arrays; built once, and again after a change."""
        return self._build()[0]

    @property
    def layout(self) -> Layout:
        """Order of the unknowns: names to slices and back."""
        return self._build()[1]

    @property
    def flow_names(self) -> list[str]:
        """Names of the ledger's flows, in the order of the bundle."""
        return list(self._build()[2])

    def _build(self) -> tuple[Bundle, Layout, list[str]]:
        if self._built is None:
            self._built = build(self)
        return self._built

    @property
    def heat_capacities(self) -> Floats:
        """Capacity [J/K] of each unknown (valves: lag [s]; batteries: energy [J]; 0: algebraic)."""
        return self.bundle().capacity

    @property
    def breakpoints(self) -> Floats:
        """Every declared step and kink [s], sorted; of a periodic forcing those of its first period."""
        points = [np.zeros(0), *(pieces.breakpoints for pieces in self.forcings.values())]
        return np.unique(np.concatenate(points))

    def breakpoints_between(self, start_s: float, stop_s: float) -> Floats:
        """Return steps and kinks strictly between two times [s], periodic ones repeated."""
        points = [p.breakpoints_between(start_s, stop_s) for p in self.forcings.values()]
        return np.unique(np.concatenate([np.zeros(0), *points]))

    def pack(self, state: Any) -> Floats:
        """Return the unknown vector of a state.

        Parameters
        ----------
        state : mapping, ndarray or state
            Temperatures [K] by name as `unpack` returns them (names left out take their initial value),
            something with an attribute ``y``, or the vector itself.

        Returns
        -------
        ndarray (n,)
            Temperatures [K]; enthalpy temperatures [K] of coolants with varying properties; valve
            positions and states of energy, 0 to 1.
        """
        if hasattr(state, "y") and not isinstance(state, np.ndarray):
            state = state.y
        if isinstance(state, dict):
            return self.layout.pack(state)
        return self.layout.checked(state)

    def unpack(self, y: Any) -> dict[str, Any]:
        """Values by name of an unknown vector: floats, rows of channels, plates as ``(nx, ny)`` [K]."""
        return self.layout.unpack(y)

    def rhs(self, t: float, y: Any, side: str = "right") -> Floats:
        """Rate of change of the unknowns at time t.

        Parameters
        ----------
        t : float
            Time [s].
        y : array_like (n,)
            Unknowns; see `pack`.
        side : {"right", "left"}
            The limit to take at a step of a forcing.

        Returns
        -------
        ndarray (n,)
            [K/s], or [1/s]; for a row without heat capacity the heat that does not balance [W].
        """
        _check_side(side)
        capacity = self.heat_capacities
        F, _ = self._evaluator().rates(float(t), self.layout.checked(y), side)
        return F / np.where(capacity > 0.0, capacity, 1.0)

    def jacobian(self, t: float, y: Any, side: str = "right") -> sp.csc_array:
        """Return derivative of `rhs` with respect to the unknowns, ``(n, n)``, mixers eliminated."""
        _check_side(side)
        capacity = self.heat_capacities
        scale = sp.diags_array(1.0 / np.where(capacity > 0.0, capacity, 1.0))
        return sp.csc_array(scale @ self._evaluator().jacobian(float(t), self.layout.checked(y), side))

    def flows(self, t: float, y: Any, side: str = "right") -> dict[str, float]:
        """Named flows [W] at time t [s]."""
        _check_side(side)
        _, flows = self._evaluator().rates(float(t), self.layout.checked(y), side)
        return dict(zip(self.flow_names, flows.tolist(), strict=True))

    def _evaluator(self) -> Evaluator:
        if self._evaluated is None or self._evaluated.bundle is not self.bundle():
            self._evaluated = Evaluator(self.bundle())
        return self._evaluated

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
        return solver.steady(self, time_s=time_s, mean=bool(mean), initial=self._initial(initial), **options)

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

        begin = inputs.scalar(si(start, "s", "start"), "start")
        length = inputs.positive(duration, "s", "duration")
        times_s = None if times is None else np.atleast_1d(si(times, "s", "times"))
        if times_s is not None:
            outside = times_s.min() < begin or times_s.max() > (begin + length) * (1.0 + 1e-12)
            if np.any(np.diff(times_s) <= 0.0) or outside:
                raise InputError(
                    f"`times` must increase from {begin:g} s to {begin + length:g} s at most, "
                    f"got {times_s[0]:g} s to {times_s[-1]:g} s"
                )
        self._check_covered(begin, begin + length)
        return solver.transient(
            self,
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
        return solver.periodic(
            self,
            period_s=period_s,
            tolerance_K=_kelvins(tolerance, "tolerance"),
            closure_K=_kelvins(closure, "closure"),
            initial=self._initial(initial),
            **options,
        )

    def _initial(self, initial: Any) -> Floats:
        if initial is None:
            return self.layout.initial()
        if isinstance(initial, str) or hasattr(initial, "magnitude"):
            kelvin = inputs.scalar(si(initial, "K", "initial"), "initial")
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

    def forcing_of(self, name: str) -> Pieces:
        """Return the dependence on time of a boundary or a named flow."""
        try:
            return self.forcings[name]
        except KeyError:
            raise InputError(
                f"`name` must be one of: {', '.join(self.forcings) or 'none'}; got {name!r}"
            ) from None

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


def _check_side(side: str) -> None:
    if side not in ("left", "right"):
        raise InputError(f"`side` must be left or right, got {side!r}")
