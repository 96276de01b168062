"""The result of a run: temperatures, powers, ledger and certificate by name, with units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.bundle import Bundle
from thermalsat.errors import InputError
from thermalsat.laws import Law
from thermalsat.units import from_si

from .certificate import Certificate
from .events import Event
from .field import SIDES, EdgeField, Field, LineField
from .ledger import Ledger
from .views import PartView, wall_K

__all__ = ["Result"]

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Result:
    """Temperatures and flows of one run, by name and with units.

    ``result[name]`` and ``result.temperature(name)`` are the same. Histories have the time first; a
    steady state has no time axis. Inside are floats in SI units; nothing of the compiled core is kept,
    so a result can be pickled.

    Attributes
    ----------
    kind : {"steady", "transient", "periodic"}
    ledger : Ledger
        What every named flow carried, and the energy residual.
    certificate : Certificate
        Error estimates.
    stats : dict
        ``steps``, ``rejected``, ``sweeps``, ``unknowns``, ``seconds``.
    events : tuple of Event
        Batteries full or empty, valves at their stops, in the order of time.
    limits : mapping of str to Quantity
        Limits that applied, by name.
    illumination : Quantity or None
        Sunlit fraction at the samples, where there is an orbit.
    complete : bool
        False for a run that was interrupted.
    times_s, history : (k,), (k, n) float
        Samples: times [s] and vectors of unknowns.
    y, y_start : (n,) float
        Unknowns at the end and at the start, in the order of `ThermalNetwork.layout`.
    log : (steps, 2) float
        Start and length of every step of a run [s]; no rows in a steady state.
    """

    kind: str
    times_s: Floats
    history: Floats
    y: Floats
    y_start: Floats
    bundle: Bundle
    parts: Mapping[str, PartView]
    outside: tuple[str, ...]
    ledger: Ledger
    certificate: Certificate
    stats: Mapping[str, Any]
    events: tuple[Event, ...] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)
    illumination: Any = None
    complete: bool = True
    log: Floats = field(default_factory=lambda: np.zeros((0, 2)))

    @property
    def time(self) -> Any:
        """Times of the samples (Quantity [s]); of a steady state the moment it holds for."""
        return from_si(self.times_s if self.kind != "steady" else float(self.times_s[0]), "s")

    @property
    def names(self) -> tuple[str, ...]:
        """Names that have a temperature: plates, channels, nodes, edges, boundaries, mixers."""
        thermal = (name for name, part in self.parts.items() if part.kind not in ("valve", "battery"))
        return (*thermal, *self.outside)

    def temperature(self, name: str) -> Any:
        """Temperatures of a part.

        Parameters
        ----------
        name : str
            A plate, channel, node, boundary or mixer, or an edge such as ``"plate.east"`` (its surface).

        Returns
        -------
        Field or Quantity [K]
            A plate: `Field`, (time, nx, ny). A channel: what leaves each cell, (time, n). An edge:
            (time, cells along it). Others: (time).

        Raises
        ------
        InputError
            For an unknown name, with those there are.
        """
        part = self.parts.get(name)
        if part is not None and part.kind not in ("valve", "battery"):
            values = self._no_time(part.shown(self._part_K(part)))
            if part.kind != "plate":
                return self._kelvins(values)
            assert part.x_edges_m is not None
            assert part.y_edges_m is not None
            edges = {side: EdgeField(values_K=self._no_time(self._edge_K(part, side)), fixed=view.fixed)
                     for side, view in part.edges.items()}  # fmt: skip
            return Field(name, values, part.x_edges_m, part.y_edges_m, edges, self._lines(part))
        if name in self.outside:
            return self._kelvins(self._no_time(self._outside_K[:, self.outside.index(name)]))
        plate, _, side = name.rpartition(".")
        if side in SIDES and plate in self.parts and self.parts[plate].kind == "plate":
            return self.temperature(plate).edge(side)
        if part is not None:
            other = "state_of_energy" if part.kind == "battery" else "position"
            raise InputError(f"`name` must be of a temperature; {name!r} is a {part.kind}, see `{other}`")
        raise InputError(f"`name` must be one of: {', '.join(self.names)}; got {name!r}")

    def __getitem__(self, name: str) -> Any:
        return self.temperature(name)

    def wall_temperature(self, name: str) -> Any:
        """Temperature of the tube wall of a channel, (time, n), column by column (Quantity [K])."""
        part = self.parts.get(name)
        if part is None or part.wall is None:
            known = ", ".join(item.name for item in self.parts.values() if item.wall is not None)
            raise InputError(f"`name` must be a channel on a plate: {known or 'there is none'}; got {name!r}")
        return self._kelvins(self._no_time(self._wall_K(part)))

    def power(self, name: str) -> Any:
        """Named flow at the samples (Quantity [W]); the names are those of `ledger`."""
        if name not in self.ledger.names:
            raise InputError(f"`name` must be a flow: {', '.join(self.ledger.names)}; got {name!r}")
        values = self._no_time(self._flows_W[:, self.ledger.names.index(name)])
        return from_si(values if values.ndim else float(values), "W")

    @property
    def state_of_energy(self) -> Any:
        """State of energy of the battery, 0 to 1 (Quantity); with several, a dict by name; None without."""
        states = {
            name: from_si(self._no_time(self.history[:, part.start]), "")
            for name, part in self.parts.items()
            if part.kind == "battery"
        }
        if len(states) > 1:
            return states
        return next(iter(states.values()), None)

    def position(self, name: str) -> Any:
        """Position of a valve at the samples, 0 to 1 (Quantity)."""
        part = self.parts.get(name)
        if part is None or part.kind != "valve":
            known = ", ".join(item.name for item in self.parts.values() if item.kind == "valve")
            raise InputError(f"`name` must be a valve: {known or 'there is none'}; got {name!r}")
        return from_si(self._no_time(self.history[:, part.start]), "")

    def to_xarray(self) -> Any:
        """Return everything as an `xarray.Dataset` with CF attributes (extra ``xarray``)."""
        from .export import to_xarray

        return to_xarray(self)

    def plot(self, *names: str, ax: Any = None) -> Any:
        """Draw temperatures over time (extra ``plot``); fields and channels as the band they span.

        Parameters
        ----------
        *names : str
            Parts; by default all plates, channels and nodes.
        ax : matplotlib Axes, optional

        Returns
        -------
        matplotlib Axes
        """
        from .export import plot

        return plot(self, names, ax)

    # floats, (samples, ...)

    def _part_K(self, part: PartView) -> Floats:
        values = self.history[:, part.start : part.stop]
        return values if part.law is None else np.asarray(part.law(values))

    def _at_K(self, indices: Indices) -> Floats:
        """Temperatures (k, m) at extended indices."""
        n = self.bundle.n
        values = np.empty((len(self.history), len(indices)))
        for column, index in enumerate(indices):
            if index >= n:
                values[:, column] = self._outside_K[:, index - n]
                continue
            values[:, column] = self.history[:, index]
            which = int(self.bundle.temperature_law[index])
            if which >= 0:
                values[:, column] = _law(self.bundle, which)(values[:, column])
        return values

    def _edge_K(self, part: PartView, side: str) -> Floats:
        view = part.edges[side]
        cells = self._at_K(view.cells)
        surface = cells.copy()
        for term in view.terms:
            if term.other is not None:
                surface += term.ratio * (self._at_K(term.other) - cells)
            if np.any(term.over_half_K):
                rise: Any = term.over_half_K
                if term.pieces is not None:
                    rise = rise * term.pieces(self.times_s)[:, None]
                if term.law is not None and term.argument is not None:
                    rise = rise * term.law(self._at_K(term.argument))
                surface += rise
        for name in view.channels:
            surface += self._wall_K(self.parts[name]) - cells
        return surface

    def _wall_K(self, part: PartView) -> Floats:
        assert part.wall is not None
        e = slice(part.wall.first, part.wall.first + part.size)
        rows = [self._at_K(index[e]) for index in (self.bundle.w_a, np.maximum(self.bundle.w_b, 0))]
        return wall_K(self.bundle, part, self.history, rows[0], rows[1], self._part_K(part))

    def _lines(self, part: PartView) -> tuple[LineField, ...]:
        lines = []
        for name, kind, row in sorted(part.lines, key=lambda item: item[2]):
            values = self._no_time(self._wall_K(self.parts[name])) if kind == "face" else None
            lines.append(LineField(kind=kind, row=row, values_K=values))
        return tuple(lines)

    def _no_time(self, values: Floats) -> Floats:
        return np.asarray(values[0]) if self.kind == "steady" else values

    @staticmethod
    def _kelvins(values: Floats) -> Any:
        return from_si(values if values.ndim else float(values), "K")

    @cached_property
    def _outside_K(self) -> Floats:
        """Temperatures of boundaries and mixers at the samples."""
        return self._evaluated("extended", self.bundle.nb + self.bundle.nm)

    @cached_property
    def _flows_W(self) -> Floats:
        return self._evaluated("rates", self.bundle.nq)

    def _evaluated(self, what: str, count: int) -> Floats:
        from thermalsat.solver.system import System

        system = System(self.bundle)
        table = np.empty((len(self.history), count))
        for k, (t, y) in enumerate(zip(self.times_s.tolist(), self.history, strict=True)):
            # the last sample belongs to the run before it, even where a forcing steps at the end
            last = k == len(self.history) - 1 and k > 0
            found = getattr(system, what)(t, y, "left" if last else "right")[1]
            table[k] = found[len(found) - count :]
        return table

    def __repr__(self) -> str:
        from .export import describe

        return describe(self)


def _law(b: Bundle, k: int) -> Law:
    return Law(float(b.law_x0[k]), float(b.law_dx[k]), b.law_coef[b.law_ptr[k] : b.law_ptr[k + 1]])
