"""Flow inside a round smooth tube: film coefficient, friction, pump power.

Floats and NumPy arrays in SI units; arguments broadcast. Every relation is defined for zero and
reversed flow (only the magnitude of the flow matters, except for the sign of a pressure drop), and
is continuous with a continuous first derivative in the flow, so that a solver never meets a jump:

* laminar up to Re = 2300, turbulent from Re = 4000 (Gnielinski 2013);
* between the two, Gnielinski interpolates linearly in Re. Here a cubic takes the same end values and
  also the end slopes, which keeps the Nusselt number increasing with Re and with Pr. It lies up to
  25 % below the straight line just above Re = 2300 and up to 3 % above it near Re = 4000; measured
  values scatter as widely there.

References
----------
.. [1] V. Gnielinski, "New equations for heat and mass transfer in turbulent pipe and channel flow",
   Int. Chem. Eng. 16 (1976) 359-368; validity 0.5 < Pr < 2000, Re < 5e6.
.. [2] B. S. Petukhov, "Heat transfer and friction in turbulent pipe flow with variable physical
   properties", Adv. Heat Transfer 6 (1970) 503-564 (friction); in use for 3000 < Re < 5e6.
.. [3] V. Gnielinski, "On heat transfer in tubes", Int. J. Heat Mass Transfer 63 (2013) 134-140,
   https://doi.org/10.1016/j.ijheatmasstransfer.2013.04.015 (transition).
.. [4] H. Hausen, "Darstellung des Waermeueberganges in Rohren durch verallgemeinerte
   Potenzbeziehungen", Z. VDI Beih. Verfahrenstechnik 4 (1943) 91-98 (laminar thermal entry).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

LAMINAR_REYNOLDS = 2300.0
TURBULENT_REYNOLDS = 4000.0
LAMINAR_NUSSELT = 3.66  # fully developed, constant wall temperature (Graetz: 3.6568)


class _Property(Protocol):
    def __call__(self, x: ArrayLike, /) -> FloatArray: ...


class FilmProperties(Protocol):
    """What a film coefficient needs to know of a fluid: laws of the temperature in kelvin."""

    @property
    def specific_heat(self) -> _Property:
        """[J/kg/K]."""

    @property
    def conductivity(self) -> _Property:
        """[W/m/K]."""

    @property
    def viscosity(self) -> _Property:
        """[Pa s]."""


def reynolds_number(
    mass_flow_kg_s: ArrayLike, diameter_m: ArrayLike, viscosity_Pa_s: ArrayLike
) -> FloatArray:
    """Return the Reynolds number of a tube flow, 4 m / (pi D mu).

    Parameters
    ----------
    mass_flow_kg_s, diameter_m, viscosity_Pa_s : array_like
        Flow per tube [kg/s], inner diameter [m], dynamic viscosity [Pa s].

    Returns
    -------
    numpy.ndarray
        Non-negative, broadcast shape.

    Examples
    --------
    >>> round(float(reynolds_number(0.05, 0.008, 1.141e-4)))
    69744
    """
    flow = np.abs(np.asarray(mass_flow_kg_s, dtype=float))
    return np.asarray(4.0 * flow / (np.pi * np.asarray(diameter_m) * np.asarray(viscosity_Pa_s)))


def _bridge(
    reynolds: FloatArray, low: FloatArray, low_slope: FloatArray, high: FloatArray, high_slope: FloatArray
) -> FloatArray:
    """Cubic in Re between the laminar and turbulent limits, from end values and end slopes."""
    width = TURBULENT_REYNOLDS - LAMINAR_REYNOLDS
    s = (reynolds - LAMINAR_REYNOLDS) / width
    rise = s * s * (3.0 - 2.0 * s)
    return np.asarray(
        low + (high - low) * rise + width * s * (1.0 - s) * (low_slope * (1.0 - s) - high_slope * s)
    )


def _laminar_nusselt(
    reynolds: FloatArray, prandtl: FloatArray, diameter_over_length: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Nusselt number by Hausen [4] and its slope in Re."""
    per_reynolds = prandtl * diameter_over_length
    graetz = reynolds * per_reynolds
    root = np.cbrt(graetz)
    below = 1.0 + 0.04 * root * root
    entry = 0.0668 * graetz / below
    slope = 0.0668 * per_reynolds * (1.0 + 0.04 * root * root / 3.0) / (below * below)
    return LAMINAR_NUSSELT + entry, slope


def _turbulent_nusselt(
    reynolds: FloatArray, prandtl: FloatArray, diameter_over_length: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Nusselt number by Gnielinski [1] with Petukhov's friction [2], and its slope in Re."""
    log_term = 0.79 * np.log(reynolds) - 1.64
    speed = 1.0 / (np.sqrt(8.0) * log_term)  # sqrt(f / 8)
    speed_slope = -0.79 / (reynolds * log_term)  # d ln(speed) / d Re
    lag = 12.7 * speed * (np.cbrt(prandtl) ** 2 - 1.0)
    entry = 1.0 + np.cbrt(diameter_over_length) ** 2
    value = speed * speed * (reynolds - 1000.0) * prandtl / (1.0 + lag) * entry
    slope = value * (speed_slope * (2.0 - lag / (1.0 + lag)) + 1.0 / (reynolds - 1000.0))
    return value, slope


def nusselt_number(
    reynolds: ArrayLike, prandtl: ArrayLike, diameter_over_length: ArrayLike = 0.0
) -> FloatArray:
    """Return the mean Nusselt number of a smooth tube, laminar to turbulent.

    Parameters
    ----------
    reynolds : array_like
        Reynolds number on the diameter, >= 0.
    prandtl : array_like
        Prandtl number, 0.5 to 2000.
    diameter_over_length : array_like, default 0
        D/L of the heated tube, for the gain of the thermal entry; 0 leaves it out, which is on the
        safe side.

    Returns
    -------
    numpy.ndarray
        Never below 3.66; increasing in `reynolds` and in `prandtl`.

    Notes
    -----
    Laminar: Nu = 3.66 + 0.0668 Gz / (1 + 0.04 Gz^(2/3)), Gz = Re Pr D/L (Hausen). Turbulent:
    Nu = (f/8) (Re - 1000) Pr / (1 + 12.7 sqrt(f/8) (Pr^(2/3) - 1)) (1 + (D/L)^(2/3)),
    f = (0.79 ln Re - 1.64)^-2 (Gnielinski, Petukhov). Properties at the bulk temperature; no
    correction for the wall's viscosity.

    Examples
    --------
    >>> nusselt_number([0.0, 1e4], 5.0).round(2)
    array([ 3.66, 69.91])
    """
    re, pr, entry = np.broadcast_arrays(
        np.asarray(reynolds, dtype=float),
        np.asarray(prandtl, dtype=float),
        np.asarray(diameter_over_length, dtype=float),
    )
    laminar, laminar_slope = _laminar_nusselt(np.minimum(re, LAMINAR_REYNOLDS), pr, entry)
    turbulent, turbulent_slope = _turbulent_nusselt(np.maximum(re, TURBULENT_REYNOLDS), pr, entry)
    between = _bridge(re, laminar, laminar_slope, turbulent, turbulent_slope)
    return np.where(re <= LAMINAR_REYNOLDS, laminar, np.where(re >= TURBULENT_REYNOLDS, turbulent, between))


def friction_group(reynolds: ArrayLike) -> FloatArray:
    """Return f Re^2 of a smooth tube (f: Darcy), which is finite at rest and increases with Re.

    Parameters
    ----------
    reynolds : array_like
        Reynolds number, >= 0.

    Returns
    -------
    numpy.ndarray
        64 Re when laminar, Re^2 (0.79 ln Re - 1.64)^-2 when turbulent (Petukhov).

    Examples
    --------
    >>> float(friction_group(1000.0))
    64000.0
    """
    re = np.asarray(reynolds, dtype=float)
    laminar = 64.0 * np.minimum(re, LAMINAR_REYNOLDS)
    high = np.maximum(re, TURBULENT_REYNOLDS)
    log_term = 0.79 * np.log(high) - 1.64
    turbulent = (high / log_term) ** 2
    slope = 2.0 * turbulent / high * (1.0 - 0.79 / log_term)
    between = _bridge(re, laminar, np.full_like(re, 64.0), turbulent, slope)
    return np.where(re <= LAMINAR_REYNOLDS, laminar, np.where(re >= TURBULENT_REYNOLDS, turbulent, between))


def friction_factor(reynolds: ArrayLike) -> FloatArray:
    """Return the Darcy friction factor of a smooth tube; infinite at rest.

    Parameters
    ----------
    reynolds : array_like
        Reynolds number, >= 0.

    Returns
    -------
    numpy.ndarray
        Darcy (four times Fanning) friction factor.

    Examples
    --------
    >>> round(float(friction_factor(1e5)), 5)
    0.01799
    """
    re = np.asarray(reynolds, dtype=float)
    moving = np.where(re > 0.0, re, 1.0)
    return np.where(re > 0.0, friction_group(moving) / (moving * moving), np.inf)


def pressure_drop_Pa(
    mass_flow_kg_s: ArrayLike,
    diameter_m: ArrayLike,
    length_m: ArrayLike,
    density_kg_m3: ArrayLike,
    viscosity_Pa_s: ArrayLike,
    loss_coefficient: ArrayLike = 0.0,
) -> FloatArray:
    """Return the pressure lost along a tube [Pa], with the sign of the flow.

    Parameters
    ----------
    mass_flow_kg_s, diameter_m, length_m : array_like
        Flow per tube [kg/s], inner diameter [m], length [m].
    density_kg_m3, viscosity_Pa_s : array_like
        Of the liquid, at its mean temperature.
    loss_coefficient : array_like, default 0
        Sum of the fittings' loss coefficients, in velocity heads.

    Returns
    -------
    numpy.ndarray
        (f L/D + K) rho v |v| / 2.

    Examples
    --------
    >>> round(float(pressure_drop_Pa(0.05, 0.008, 10.0, 579.6, 1.141e-4)), 0)
    20751.0
    """
    flow = np.asarray(mass_flow_kg_s, dtype=float)
    diameter = np.asarray(diameter_m, dtype=float)
    density = np.asarray(density_kg_m3, dtype=float)
    viscosity = np.asarray(viscosity_Pa_s, dtype=float)
    group = friction_group(reynolds_number(flow, diameter, viscosity))
    friction = group * viscosity**2 * np.asarray(length_m) / (2.0 * density * diameter**3)
    mass_flux = 4.0 * flow / (np.pi * diameter**2)
    fittings = np.asarray(loss_coefficient) * mass_flux**2 / (2.0 * density)
    return np.asarray(np.sign(flow) * (friction + fittings))


def pump_power_W(
    mass_flow_kg_s: ArrayLike, pressure_rise_Pa: ArrayLike, density_kg_m3: ArrayLike, efficiency: ArrayLike
) -> FloatArray:
    """Return the electrical power of a pump [W], m dp / (rho eta).

    Parameters
    ----------
    mass_flow_kg_s, pressure_rise_Pa, density_kg_m3 : array_like
        Flow [kg/s], pressure rise [Pa], density at the pump [kg/m^3].
    efficiency : array_like
        Wire to fluid, 0 to 1. All of the power ends as heat in the liquid and the motor.

    Returns
    -------
    numpy.ndarray
        Power [W].

    Examples
    --------
    >>> round(float(pump_power_W(2.6, 1e5, 600.0, 0.5)), 1)
    866.7
    """
    lift = np.asarray(mass_flow_kg_s, dtype=float) * np.asarray(pressure_rise_Pa, dtype=float)
    return np.asarray(np.abs(lift) / (np.asarray(density_kg_m3) * np.asarray(efficiency)))


def film_coefficient_W_m2_K(
    mass_flow_kg_s: ArrayLike,
    diameter_m: ArrayLike,
    temperature_K: ArrayLike,
    fluid: FilmProperties,
    length_m: float | None = None,
) -> FloatArray:
    """Return the heat transfer coefficient between a tube's wall and its liquid [W/m^2/K].

    Parameters
    ----------
    mass_flow_kg_s, diameter_m, temperature_K : array_like
        Flow per tube [kg/s], inner diameter [m], bulk temperature [K].
    fluid : FilmProperties
        Laws of the temperature: ``specific_heat``, ``conductivity``, ``viscosity``.
    length_m : float, optional
        Heated length [m], to count the thermal entry; by default it is left out.

    Returns
    -------
    numpy.ndarray
        Nu k / D.
    """
    diameter = np.asarray(diameter_m, dtype=float)
    per_metre = wall_conductance_per_m(mass_flow_kg_s, diameter, temperature_K, fluid, length_m)
    return np.asarray(per_metre / (np.pi * diameter))


def wall_conductance_per_m(
    mass_flow_kg_s: ArrayLike,
    diameter_m: ArrayLike,
    temperature_K: ArrayLike,
    fluid: FilmProperties,
    length_m: float | None = None,
) -> FloatArray:
    """Return the conductance between a tube's wall and its liquid per metre of tube [W/m/K].

    Parameters
    ----------
    mass_flow_kg_s, diameter_m, temperature_K, fluid, length_m
        As for `film_coefficient_W_m2_K`.

    Returns
    -------
    numpy.ndarray
        pi Nu k: the diameter enters through the Reynolds number alone.
    """
    temperature = np.asarray(temperature_K, dtype=float)
    viscosity = fluid.viscosity(temperature)
    conductivity = fluid.conductivity(temperature)
    prandtl = fluid.specific_heat(temperature) * viscosity / conductivity
    reynolds = reynolds_number(mass_flow_kg_s, diameter_m, viscosity)
    entry = 0.0 if length_m is None else np.asarray(diameter_m, dtype=float) / length_m
    return np.asarray(np.pi * nusselt_number(reynolds, prandtl, entry) * conductivity)
