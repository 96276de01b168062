"""Power on the bus along a run: what the array gives, what is drawn, what the battery takes or gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from thermalsat.laws import Law
from thermalsat.network import ThermalNetwork
from thermalsat.network.elements import Source
from thermalsat.network.places import Bus, Part
from thermalsat.pieces import Pieces, Side

__all__ = ["BusPower", "BusReading"]

Floats = NDArray[np.float64]


class BusReading(NamedTuple):
    """Powers at a number of instants [W], all not negative."""

    supply_W: Floats
    demand_W: Floats
    charge_W: Floats
    discharge_W: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class _Term:
    """One source or load: ``coefficient s(t) law(T)``, negative for a load."""

    coefficient_W: float
    pieces: Pieces | None
    law: Law | None
    column: int
    temperature: Law | None


@dataclass(frozen=True, kw_only=True, eq=False)
class BusPower:
    """The terms of a bus and the battery that balances them.

    Attributes
    ----------
    energy : int
        Index of the state of energy.
    """

    terms: tuple[_Term, ...]
    energy: int
    charge_limit_W: float
    taper: Law

    @classmethod
    def of(cls, network: ThermalNetwork, bus: Bus) -> BusPower:
        """Collect the terms of a bus of a network."""
        layout, terms = network.layout, []
        for element in network.elements:
            if isinstance(element, Source) and element.to is bus:
                at = element.argument
                terms.append(
                    _Term(
                        coefficient_W=float(element.power_W[0]),
                        pieces=element.pieces,
                        law=element.law,
                        column=-1 if at is None else int(at.indices(layout)[0]),
                        temperature=at.law if isinstance(at, Part) else None,
                    )
                )
        battery = next(item for item in network.batteries if item.bus is bus)
        return cls(
            terms=tuple(terms),
            energy=layout.start(battery),
            charge_limit_W=battery.charge_power_W,
            taper=battery.taper,
        )

    def with_pieces(self, old: Pieces, new: Pieces) -> BusPower:
        """Return the bus with one function of time exchanged for another."""
        terms = tuple(replace(term, pieces=new) if term.pieces is old else term for term in self.terms)
        return replace(self, terms=terms)

    def read(self, times_s: Floats, y: Floats, side: Side = "right") -> BusReading:
        """Return the powers at samples of a run; at a step of a function of time, its limit from `side`."""
        return self._read(times_s, y, (side,))

    def read_both(self, times_s: Floats, y: Floats) -> BusReading:
        """Return the limits from right and left at once, each power (2, samples)."""
        return self._read(times_s, y, ("right", "left"))

    def _read(self, times_s: Floats, y: Floats, sides: tuple[Side, ...]) -> BusReading:
        shape = (len(times_s),) if len(sides) == 1 else (len(sides), len(times_s))
        supply, demand = np.zeros(shape), np.zeros(shape)
        for term in self.terms:
            power: Floats = np.full(shape, abs(term.coefficient_W))
            if term.pieces is not None and term.pieces.is_constant:
                power = power * float(term.pieces.coef[0, 0])
            elif term.pieces is not None:
                factors = [term.pieces(times_s, side=side) for side in sides]
                power = power * np.reshape(factors, shape)
            if term.law is not None:
                value = y[:, term.column]
                power = power * term.law(value if term.temperature is None else term.temperature(value))
            if term.coefficient_W > 0.0:
                supply += power
            else:
                demand += power
        net = supply - demand
        charge = np.minimum(np.maximum(net, 0.0), self.charge_limit_W * self.taper(y[:, self.energy]))
        return BusReading(supply, demand, np.maximum(charge, 0.0), np.maximum(-net, 0.0))
