"""Liquids as laws of temperature at one pressure, from a table over temperature and pressure.

Floats in SI units. A `FluidTable` holds a few dozen Chebyshev points, through which polynomials are
exact to rounding; `FluidTable.laws` turns it, at the pressure of a loop, into piecewise cubics that the
solver evaluates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.polynomial import Chebyshev
from numpy.typing import ArrayLike, NDArray

from thermalsat.errors import InputError
from thermalsat.laws import Law
from thermalsat.physics.fluid_laws import REFERENCE_K, FluidLaws

FloatArray = NDArray[np.float64]
Function = Callable[[FloatArray], FloatArray]

_SPACING_K = 0.5  # of the laws: keeps the inverse of the enthalpy within 1e-6 K
_PROPERTIES = ("density_kg_m3", "specific_heat_J_kg_K", "conductivity_W_m_K", "viscosity_Pa_s")
_GAUSS_X, _GAUSS_W = np.polynomial.legendre.leggauss(6)


def _through(x: FloatArray, y: FloatArray) -> Chebyshev:
    return Chebyshev.fit(x, y, deg=len(x) - 1, domain=[x[0], x[-1]])


@dataclass(frozen=True, eq=False)
class FluidTable:
    """Properties of a liquid over temperature, and over pressure if it is compressible.

    Parameters
    ----------
    temperature_K : ndarray, shape (n,)
        Chebyshev points.
    pressure_fraction : ndarray, shape (m,)
        Pressure lines, as (p - p_sat(T)) / (p_highest - p_sat(T)); a single 0 for an incompressible liquid.
    properties : dict of ndarray, shape (m, n)
        Density, specific heat, conductivity, viscosity.
    saturation_temperature_K, saturation_pressure_Pa : ndarray
        Vapour pressure curve; empty when unknown, then the liquid never boils.
    freezing_K, highest_pressure_Pa : float
        Limits.
    """

    temperature_K: FloatArray
    pressure_fraction: FloatArray
    properties: Mapping[str, FloatArray]
    saturation_temperature_K: FloatArray
    saturation_pressure_Pa: FloatArray
    freezing_K: float
    highest_pressure_Pa: float

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> FluidTable:
        """Return the table of a dictionary such as the shipped JSON files hold."""
        array = {key: np.array(data[key], dtype=float) for key in (*_PROPERTIES, "temperature_K")}
        return cls(
            temperature_K=array.pop("temperature_K"),
            pressure_fraction=np.array(data["pressure_fraction"], dtype=float),
            properties=array,
            saturation_temperature_K=np.array(data["saturation_temperature_K"], dtype=float),
            saturation_pressure_Pa=np.array(data["saturation_pressure_Pa"], dtype=float),
            freezing_K=float(data["freezing_K"]),
            highest_pressure_Pa=float(data["highest_pressure_Pa"]),
        )

    @cached_property
    def _lines(self) -> dict[str, list[Chebyshev]]:
        kelvin = self.temperature_K
        lines = {name: [_through(kelvin, row) for row in self.properties[name]] for name in _PROPERTIES[:3]}
        viscosity = self.properties["viscosity_Pa_s"]
        lines["viscosity_Pa_s"] = [_through(kelvin, row) for row in np.log(viscosity)]
        return lines

    @cached_property
    def _log_vapour(self) -> Chebyshev:
        return _through(self.saturation_temperature_K, np.log(self.saturation_pressure_Pa))

    def saturation_pressure_Pa_at(self, temperature_K: ArrayLike) -> FloatArray:
        """Return the vapour pressure [Pa]; zero when the table has none."""
        temperature = np.asarray(temperature_K, dtype=float)
        if self.saturation_temperature_K.size == 0:
            return np.zeros_like(temperature)
        return np.asarray(np.exp(self._log_vapour(temperature)))

    def boiling_K(self, pressure_Pa: float) -> float:
        """Return the temperature at which the liquid boils [K]; infinite when it cannot.

        Raises
        ------
        InputError
            If the liquid boils below the table's first temperature.
        """
        known = self.saturation_pressure_Pa
        if known.size == 0 or pressure_Pa >= known[-1]:
            return float("inf")
        if pressure_Pa <= known[0]:
            raise InputError(
                f"`pressure` must be above {known[0] / 1e5:.3g} bar for this coolant to be liquid, "
                f"got {pressure_Pa / 1e5:.3g} bar"
            )
        low, high = self.saturation_temperature_K[[0, -1]]
        target = np.log(pressure_Pa)
        while high - low > 1e-11 * high:
            middle = 0.5 * (low + high)
            if middle in (low, high):
                break
            low, high = (middle, high) if self._log_vapour(middle) < target else (low, middle)
        return float(0.5 * (low + high))

    def value(self, name: str, temperature_K: ArrayLike, pressure_Pa: float) -> FloatArray:
        """Return a property of the liquid; continued through boiling as if it stayed liquid."""
        return self._at(name, np.asarray(temperature_K, dtype=float), pressure_Pa, boiling=False)

    def _at(self, name: str, temperature: FloatArray, pressure_Pa: float, *, boiling: bool) -> FloatArray:
        lines = self._lines[name]
        if len(lines) == 1:
            total = lines[0](temperature)
        elif boiling:
            total = lines[int(np.argmin(self.pressure_fraction))](temperature)
        else:
            vapour = self.saturation_pressure_Pa_at(temperature)
            fraction = (pressure_Pa - vapour) / (self.highest_pressure_Pa - vapour)
            total = np.zeros_like(temperature)
            for i, line in enumerate(lines):
                others = np.delete(self.pressure_fraction, i)
                weight = np.prod([(fraction - s) / (self.pressure_fraction[i] - s) for s in others], axis=0)
                total = total + weight * line(temperature)
        return np.asarray(np.exp(total) if name == "viscosity_Pa_s" else total)

    def laws(self, pressure_Pa: float) -> FluidLaws:
        """Return the property laws at a pressure [Pa]; the last few are kept.

        Raises
        ------
        InputError
            If the pressure is above the table's, or too low for a liquid.
        """
        return _laws(self, pressure_Pa)

    def _laws(self, pressure_Pa: float) -> FluidLaws:
        if not 0.0 < pressure_Pa <= self.highest_pressure_Pa:
            raise InputError(
                f"`pressure` must be above zero and at most {self.highest_pressure_Pa / 1e5:g} bar for this "
                f"coolant, got {pressure_Pa / 1e5:g} bar"
            )
        lowest, top = float(self.temperature_K[0]), float(self.temperature_K[-1])
        highest = min(self.boiling_K(pressure_Pa), top)
        # boiling is a knot, because superheated liquid is continued by another formula
        pieces = int(np.ceil((highest - lowest) / _SPACING_K))
        spacing = (highest - lowest) / pieces
        beyond = int((top - highest) / spacing + 1e-9)
        knots: FloatArray = np.asarray(lowest + spacing * np.arange(pieces + beyond + 1), dtype=np.float64)

        def both(function: Callable[[FloatArray, bool], FloatArray], at: FloatArray) -> FloatArray:
            liquid = at <= highest + 1e-6 * spacing
            value = np.empty_like(at)
            value[liquid] = function(at[liquid], False)
            value[~liquid] = function(at[~liquid], True)
            return value

        def law(name: str) -> Law:
            def value(at: FloatArray, boiling: bool) -> FloatArray:
                return self._at(name, at, pressure_Pa, boiling=boiling)

            def slope(at: FloatArray, boiling: bool) -> FloatArray:
                step = 1e-3
                return (value(at + step, boiling) - value(at - step, boiling)) / (2.0 * step)

            return Law.hermite(lowest, float(knots[-1]), both(value, knots), both(slope, knots))

        def specific_heat(at: FloatArray) -> FloatArray:
            name = "specific_heat_J_kg_K"
            return both(lambda t, boiling: self._at(name, t, pressure_Pa, boiling=boiling), at)

        reference_K = min(max(REFERENCE_K, lowest), highest)
        enthalpy, theta, inverse, reference = _enthalpy_laws(knots, pieces, reference_K, specific_heat)
        return FluidLaws(
            density=law("density_kg_m3"),
            specific_heat=law("specific_heat_J_kg_K"),
            conductivity=law("conductivity_W_m_K"),
            viscosity=law("viscosity_Pa_s"),
            enthalpy=enthalpy,
            enthalpy_temperature=theta,
            temperature=inverse,
            reference_K=reference_K,
            reference_specific_heat_J_kg_K=reference,
            lowest_K=lowest,
            highest_K=highest,
        )


@lru_cache(maxsize=32)
def _laws(table: FluidTable, pressure_Pa: float) -> FluidLaws:
    return table._laws(pressure_Pa)


def _integral(function: Function, start: ArrayLike, end: ArrayLike) -> FloatArray:
    """Gauss's rule between pairs of points that lie within one piece."""
    half = 0.5 * (np.asarray(end, dtype=float) - np.asarray(start, dtype=float))
    middle = np.asarray(start, dtype=float) + half
    points = middle[..., None] + half[..., None] * _GAUSS_X
    return np.asarray(half * np.sum(function(points) * _GAUSS_W, axis=-1))


def _enthalpy_laws(
    knots: FloatArray, pieces: int, reference_K: float, specific_heat: Function
) -> tuple[Law, Law, Law, float]:
    """Enthalpy, enthalpy temperature and its inverse, by integrating the specific heat."""
    lowest, spacing = float(knots[0]), float(knots[1] - knots[0])
    slopes = specific_heat(knots)
    climb = np.concatenate([[0.0], np.cumsum(_integral(specific_heat, knots[:-1], knots[1:]))])

    def from_lowest(at: FloatArray) -> FloatArray:
        piece = np.clip(((at - lowest) / spacing).astype(int), 0, len(knots) - 2)
        return np.asarray(climb[piece] + _integral(specific_heat, knots[piece], at))

    here = np.array([reference_K])
    reference = float(specific_heat(here)[0])
    enthalpy = climb - float(from_lowest(here)[0])
    theta = reference_K + enthalpy / reference

    # the inverse has its own uniform grid, with boiling on a knot; by Newton's rule on the integral
    rise = (theta[pieces] - theta[0]) / pieces
    levels = theta[0] + rise * np.arange(pieces + int((theta[-1] - theta[pieces]) / rise + 1e-9) + 1)
    temperature = np.interp(levels, theta, knots)
    for _ in range(30):
        excess = theta[0] + from_lowest(temperature) / reference - levels
        temperature = temperature - excess * reference / specific_heat(temperature)
        if np.max(np.abs(excess)) < 1e-11 * reference_K:
            break
    end_slopes = reference / specific_heat(temperature)
    inverse = Law.hermite(float(levels[0]), float(levels[-1]), temperature, end_slopes)
    return (
        Law.hermite(lowest, float(knots[-1]), enthalpy, slopes),
        Law.hermite(lowest, float(knots[-1]), theta, slopes / reference),
        inverse,
        reference,
    )
