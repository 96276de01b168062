"""The part of the network's interface that is its equations: arrays, order of the unknowns, rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import scipy.sparse as sp

from thermalsat.bundle import Bundle, Floats
from thermalsat.errors import InputError
from thermalsat.pieces import Pieces
from thermalsat.units import si, si_fraction

from .build import build
from .evaluate import Evaluator
from .heating import Heating
from .layout import Layout

if TYPE_CHECKING:
    from .network import ThermalNetwork

__all__ = ["Equations"]


class Equations(Heating):
    """The network as an ordinary differential equation with algebraic rows."""

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
            self._built = build(cast("ThermalNetwork", self))
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
            Temperatures by name, floats [K] as `unpack` returns them or with a unit (names left out take
            their initial value), something with an attribute ``y``, or the vector itself.

        Returns
        -------
        ndarray (n,)
            Temperatures [K]; enthalpy temperatures [K] of coolants with varying properties; valve
            positions and states of energy, 0 to 1.
        """
        if hasattr(state, "y") and not isinstance(state, np.ndarray):
            state = state.y
        if isinstance(state, dict):
            return self.layout.pack({name: self._bare(name, value) for name, value in state.items()})
        return self.layout.checked(state)

    def _bare(self, name: str, value: Any) -> Any:
        """Values of a part as floats [K; a valve, a battery: 0 to 1], whether or not they have a unit."""
        value = getattr(value, "values", value) if hasattr(value, "values_K") else value
        items = value if isinstance(value, (list, tuple)) else (value,)
        if not any(isinstance(item, str) or hasattr(item, "magnitude") for item in items):
            return value
        if self.layout.part(name).weight_K == 1.0:
            return si(value, "K", name)
        return si_fraction(value, name)

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
        with self._lock:
            F, _ = self._evaluator().rates(float(t), self.layout.checked(y), side)
        return F / np.where(capacity > 0.0, capacity, 1.0)

    def jacobian(self, t: float, y: Any, side: str = "right") -> sp.csc_array:
        """Return derivative of `rhs` with respect to the unknowns, ``(n, n)``, mixers eliminated."""
        _check_side(side)
        capacity = self.heat_capacities
        scale = sp.diags_array(1.0 / np.where(capacity > 0.0, capacity, 1.0))
        with self._lock:
            found = self._evaluator().jacobian(float(t), self.layout.checked(y), side)
        return sp.csc_array(scale @ found)

    def flows(self, t: float, y: Any, side: str = "right") -> dict[str, float]:
        """Named flows [W] at time t [s]."""
        _check_side(side)
        with self._lock:
            _, flows = self._evaluator().rates(float(t), self.layout.checked(y), side)
        return dict(zip(self.flow_names, flows.tolist(), strict=True))

    def _evaluator(self) -> Evaluator:
        if self._evaluated is None or self._evaluated.bundle is not self.bundle():
            self._evaluated = Evaluator(self.bundle())
        return self._evaluated

    def forcing_of(self, name: str) -> Pieces:
        """Return the dependence on time of a boundary or a named flow."""
        try:
            return self.forcings[name]
        except KeyError:
            raise InputError(
                f"`name` must be one of: {', '.join(self.forcings) or 'none'}; got {name!r}"
            ) from None


def _check_side(side: str) -> None:
    if side not in ("left", "right"):
        raise InputError(f"`side` must be left or right, got {side!r}")
