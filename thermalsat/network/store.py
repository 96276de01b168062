"""Phase-change stores: lumps that melt over a narrow band of temperatures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from thermalsat.bundle import Floats
from thermalsat.laws import Law
from thermalsat.physics.melting import enthalpy_temperature_K, melted_share
from thermalsat.units import si

from .places import Part

__all__ = ["Store"]


@dataclass(frozen=True, slots=True, eq=False)
class _Melting:
    """What the unknown of a store stands for, in the form in which the network knows fluids."""

    temperature_law: Law

    def theta(self, temperature_K: Any) -> Any:
        """Enthalpy temperature [K] of a temperature [K]."""
        return enthalpy_temperature_K(self.temperature_law, temperature_K)


class Store(Part):
    """A lump that melts; its unknown is the enthalpy temperature, its capacity constant.

    Attributes
    ----------
    heat_capacity_J_K : float
        Mass times specific heat of the solid [J/K].
    latent_J : float
        Latent heat of all of it [J].
    """

    def __init__(
        self,
        network: Any,
        name: str,
        *,
        heat_capacity_J_K: float,
        latent_J: float,
        law: Law,
        temperature_K: float,
    ) -> None:
        super().__init__(network, name)
        self.heat_capacity_J_K = heat_capacity_J_K
        self.latent_J = latent_J
        self.temperature_K = temperature_K
        self.fluid: Any = _Melting(law)

    def capacity(self) -> Floats:
        """Heat capacity of the unknown [J/K]."""
        return np.array([self.heat_capacity_J_K])

    def initial(self) -> Floats:
        """Return the initial value of the unknown."""
        return np.array([self.fluid.theta(self.temperature_K)])

    def view(self, values: Floats) -> float:
        """Values in the shape that a user sees."""
        return float(values[0])

    def melted(self, temperature: Any) -> Any:
        """Return the melted share, 0 to 1, at a temperature of the store or at each of several.

        Parameters
        ----------
        temperature : Quantity [K]
            Such as ``result.temperature("store")``.
        """
        return melted_share(self.fluid.temperature_law, si(temperature, "K", "temperature"))
