"""Parts that are not temperatures: proportional valves and batteries on electrical buses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from thermalsat.bundle import Floats, Indices
from thermalsat.laws import Law

from .places import Bus, Node, Part, Place

if TYPE_CHECKING:
    from .layout import Layout

__all__ = ["Battery", "Valve"]


class Valve(Part):
    """A proportional valve: ``lag dv/dt = law(T_sensor) - v``; the position v is an unknown."""

    stored: ClassVar[int] = 0
    weight_K: ClassVar[float] = 10.0
    rank: ClassVar[int] = 4

    def __init__(self, network: Any, name: str, *, sensor: Place, law: Law, lag_s: float) -> None:
        super().__init__(network, name)
        self.sensor = sensor
        self.position_law = law
        self.lag_s = lag_s

    def capacity(self) -> Floats:
        """Heat capacity of each unknown [J/K]."""
        return np.array([self.lag_s])

    def initial(self) -> Floats:
        """Return initial values of the unknowns."""
        kelvin = getattr(self.sensor, "temperature_K", None)
        start = 0.5 if kelvin is None else float(np.mean(self.position_law(kelvin)))
        return np.array([start])

    def view(self, values: Floats) -> float:
        """Values in the shape that a user sees."""
        return float(values[0])


class Battery(Part):
    """A battery on a bus; the unknown is its state of energy, 0 to 1.

    With N the net power of the bus: ``P = min(max(N, 0), pmax taper(s))`` is charged, the rest is
    curtailed, ``E ds/dt = eta_c P - max(-N, 0) / eta_d``.
    """

    weight_K: ClassVar[float] = 100.0
    rank: ClassVar[int] = 5

    def __init__(
        self,
        network: Any,
        name: str,
        *,
        bus: Bus,
        capacity_J: float,
        charge_efficiency: float,
        discharge_efficiency: float,
        charge_power_W: float,
        taper: Law,
        heat_to: Node | None,
        curtail_to: list[tuple[Place, float]],
        state_of_energy: float,
        flow_names: dict[str, str],
    ) -> None:
        super().__init__(network, name)
        self.bus = bus
        self.capacity_J = capacity_J
        self.charge_efficiency = charge_efficiency
        self.discharge_efficiency = discharge_efficiency
        self.charge_power_W = charge_power_W
        self.taper = taper
        self.heat_to = heat_to
        self.curtail_to = curtail_to
        self.state_of_energy = state_of_energy
        self.flow_names = flow_names

    def capacity(self) -> Floats:
        """Heat capacity of each unknown [J/K]."""
        return np.array([self.capacity_J])

    def initial(self) -> Floats:
        """Return initial values of the unknowns."""
        return np.array([self.state_of_energy])

    def view(self, values: Floats) -> float:
        """Values in the shape that a user sees."""
        return float(values[0])

    def curtail_shares(self, layout: Layout) -> tuple[Indices, Floats]:
        """Unknowns that receive the curtailed power, and their shares."""
        to = [place.indices(layout) for place, _ in self.curtail_to]
        share = [weight * place.shares for place, weight in self.curtail_to]
        return np.concatenate([np.zeros(0, np.intp), *to]), np.concatenate([np.zeros(0), *share])
