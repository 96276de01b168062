"""The property laws of a liquid at one pressure, as the solver evaluates them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from thermalsat.laws import Law

REFERENCE_K = 300.0  # enthalpy is zero here and enthalpy temperature equals temperature, if liquid


@dataclass(frozen=True, kw_only=True)
class FluidLaws:
    """Property laws of a liquid at one pressure; each is called with kelvins.

    Parameters
    ----------
    density, specific_heat, conductivity, viscosity : Law
        [kg/m^3], [J/kg/K], [W/m/K], [Pa s].
    enthalpy : Law
        Specific enthalpy [J/kg], zero at the reference; its derivative is the specific heat.
    enthalpy_temperature : Law
        theta(T) = T_ref + h(T) / cp(T_ref) [K]. A liquid volume of capacity m cp(T_ref) stores heat
        exactly in theta, however cp varies.
    temperature : Law
        T(theta) [K], the inverse.
    reference_K, reference_specific_heat_J_kg_K : float
        T_ref and cp(T_ref): 300 K, or the nearest temperature at which the fluid is liquid.
    lowest_K, highest_K : float
        Where the liquid is one, and its properties are known. Up to the end of the table, superheated
        liquid takes the values of boiling liquid; beyond that every law goes on as a straight line. A
        solver may pass through there; an answer may not rest there.
    """

    density: Law
    specific_heat: Law
    conductivity: Law
    viscosity: Law
    enthalpy: Law
    enthalpy_temperature: Law
    temperature: Law
    reference_K: float
    reference_specific_heat_J_kg_K: float
    lowest_K: float
    highest_K: float

    @classmethod
    def constant(
        cls,
        *,
        density_kg_m3: float,
        specific_heat_J_kg_K: float,
        conductivity_W_m_K: float,
        viscosity_Pa_s: float,
        lowest_K: float = 0.0,
        highest_K: float = np.inf,
    ) -> FluidLaws:
        """Return laws that do not vary with temperature; enthalpy temperature is temperature."""
        enthalpy = Law(REFERENCE_K, 1.0, np.array([[0.0, specific_heat_J_kg_K, 0.0, 0.0]]))
        same = Law(REFERENCE_K, 1.0, np.array([[REFERENCE_K, 1.0, 0.0, 0.0]]))
        return cls(
            density=Law.constant(density_kg_m3),
            specific_heat=Law.constant(specific_heat_J_kg_K),
            conductivity=Law.constant(conductivity_W_m_K),
            viscosity=Law.constant(viscosity_Pa_s),
            enthalpy=enthalpy,
            enthalpy_temperature=same,
            temperature=same,
            reference_K=REFERENCE_K,
            reference_specific_heat_J_kg_K=specific_heat_J_kg_K,
            lowest_K=lowest_K,
            highest_K=highest_K,
        )
