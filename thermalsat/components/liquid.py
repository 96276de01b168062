"""What every liquid coolant answers: properties at a temperature, freezing, boiling, origin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from thermalsat.components.provenance import Sourced
from thermalsat.errors import InputError
from thermalsat.physics.fluid_laws import FluidLaws
from thermalsat.physics.fluids import FluidTable
from thermalsat.units import QuantityLike, from_si, si, si_difference, si_positive

__all__ = ["Liquid"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Liquid:
    """A liquid at a pressure, from a table over temperature and pressure or from constants.

    Attributes
    ----------
    name : str
        Its name.
    pressure_Pa : float or None
        Pressure at which the properties are taken [Pa]; None for constant properties.
    laws : FluidLaws
        The same properties as piecewise cubics of floats, for solvers.
    boiling_K, freezing_K : float
        Saturation temperature at the pressure (infinite when unknown), freezing temperature [K].
    lowest_K, highest_K : float
        Range in which properties are given: liquid, and within the source's table [K].
    origin : tuple
        What identifies the liquid: how it was made, and from what.
    records : tuple of Sourced
        Where the numbers come from.
    """

    name: str
    pressure_Pa: float | None
    origin: tuple[Any, ...]
    records: tuple[Sourced, ...]
    _table: FluidTable | None = None
    _constant: FluidLaws | None = None

    @cached_property
    def laws(self) -> FluidLaws:
        """The properties as laws of floats; see `FluidLaws`."""
        if self._table is None or self.pressure_Pa is None:
            assert self._constant is not None
            return self._constant
        return self._table.laws(self.pressure_Pa)

    @property
    def lowest_K(self) -> float:
        """Lowest temperature at which properties are given [K]."""
        return self.laws.lowest_K

    @property
    def highest_K(self) -> float:
        """Highest temperature at which properties are given [K]: boiling, or the end of the table."""
        return self.laws.highest_K

    @property
    def freezing_K(self) -> float:
        """Freezing temperature [K]."""
        return self.laws.lowest_K if self._table is None else self._table.freezing_K

    @cached_property
    def boiling_K(self) -> float:
        """Boiling temperature at the pressure [K]; infinite when it cannot boil there."""
        if self._table is None or self.pressure_Pa is None:
            return self.laws.highest_K
        return self._table.boiling_K(self.pressure_Pa)

    @property
    def pressure(self) -> Any:
        """Pressure at which the properties are taken, or None."""
        return None if self.pressure_Pa is None else from_si(self.pressure_Pa, "Pa")

    @property
    def freezing_temperature(self) -> Any:
        """Freezing temperature."""
        return from_si(self.freezing_K, "K")

    def boiling_temperature(self, pressure: QuantityLike | None = None) -> Any:
        """Boiling temperature at its own or another pressure; infinite when it cannot boil there."""
        if pressure is None or self._table is None:
            return from_si(self.boiling_K, "K")
        return from_si(self._table.boiling_K(si_positive(pressure, "Pa", "pressure")), "K")

    def saturation_pressure(self, temperature: QuantityLike) -> Any:
        """Pressure below which it boils at a temperature.

        Raises
        ------
        InputError
            If the vapour pressure is not known, there or at all.
        """
        kelvin = si(temperature, "K", "temperature")
        known = np.empty(0) if self._table is None else self._table.saturation_temperature_K
        if self._table is None or known.size == 0:
            raise InputError(f"the vapour pressure of {self.name} is not known")
        where = f"the vapour pressure of {self.name} is known"
        _require_within(kelvin, float(known[0]), float(known[-1]), where)
        return from_si(self._table.saturation_pressure_Pa_at(kelvin), "Pa")

    def usable_range(
        self, boiling_margin: QuantityLike = "5 K", freezing_margin: QuantityLike = "5 K"
    ) -> Any:
        """Lowest and highest temperature with margins to freezing and boiling, within the table.

        Raises
        ------
        InputError
            If the margins leave nothing.
        """
        low = max(self.freezing_K + si_difference(freezing_margin, "freezing_margin"), self.lowest_K)
        high = min(self.boiling_K - si_difference(boiling_margin, "boiling_margin"), self.highest_K)
        if not high > low:
            raise InputError(
                f"`boiling_margin` and `freezing_margin` must leave a range for {self.name}, which freezes "
                f"at {self.freezing_K:.1f} K and boils at {self.boiling_K:.1f} K"
            )
        return from_si(low, "K"), from_si(high, "K")

    def density(self, temperature: QuantityLike) -> Any:
        """Density at a temperature, or at each of several."""
        return self._property("density", temperature, "kg/m^3")

    def specific_heat(self, temperature: QuantityLike) -> Any:
        """Specific heat at constant pressure."""
        return self._property("specific_heat", temperature, "J/kg/K")

    def conductivity(self, temperature: QuantityLike) -> Any:
        """Thermal conductivity."""
        return self._property("conductivity", temperature, "W/m/K")

    def viscosity(self, temperature: QuantityLike) -> Any:
        """Dynamic viscosity."""
        return self._property("viscosity", temperature, "Pa*s")

    def enthalpy(self, temperature: QuantityLike) -> Any:
        """Specific enthalpy, zero at 300 K or the nearest temperature at which it is liquid."""
        return self._property("enthalpy", temperature, "J/kg")

    def enthalpy_temperature(self, temperature: QuantityLike) -> Any:
        """Enthalpy temperature; equal to the temperature where the enthalpy is zero."""
        return self._property("enthalpy_temperature", temperature, "K")

    def _property(self, name: str, temperature: QuantityLike, unit: str) -> Any:
        kelvin = si(temperature, "K", "temperature")
        where = f"{self.name} is liquid and its properties are known"
        if self.pressure_Pa is not None:
            where = f"{self.name} at {self.pressure_Pa / 1e5:g} bar is liquid and its properties are known"
        _require_within(kelvin, self.lowest_K, self.highest_K, where)
        return from_si(getattr(self.laws, name)(kelvin), unit)

    def _identity(self) -> tuple[Any, ...]:
        return (self.name, self.pressure_Pa, self.origin)

    def __eq__(self, other: object) -> bool:
        return self._identity() == other._identity() if isinstance(other, Liquid) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._identity())

    def __repr__(self) -> str:
        at = "" if self.pressure_Pa is None else f" at {self.pressure_Pa / 1e5:g} bar"
        return f"<{type(self).__name__} {self.name}{at}: {self.lowest_K:.2f} to {self.highest_K:.2f} K>"


def _require_within(kelvin: Any, low: float, high: float, where: str) -> None:
    outside = np.less(kelvin, low - 1e-9) | np.greater(kelvin, high + 1e-9)
    if np.any(outside):
        worst = float(np.atleast_1d(kelvin)[np.atleast_1d(outside)][0])
        raise InputError(
            f"`temperature` must be between {low:.2f} and {high:.2f} K, where {where}; got {worst:.2f} K"
        )
