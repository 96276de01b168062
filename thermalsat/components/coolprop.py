"""Tables of liquids made with CoolProp, which is imported only when asked for.

The shipped tables are made by the same function: see ``scripts/tabulate_coolants.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.errors import InputError, MissingExtraError

FloatArray = NDArray[np.float64]

# Chebyshev-Lobatto points: how far each isoline lies between saturation and the highest pressure
PRESSURE_FRACTIONS = (0.0, 0.146447, 0.5, 0.853553, 1.0)
_REDUCED_TOP = 0.945  # of the critical temperature: beyond it a liquid is no coolant
_VAPOUR_BEYOND_K = 80.0  # a loop's pressure may move boiling past the range of the properties
_REDUCED_TOP_VAPOUR = 0.99
_HIGHEST_PRESSURE_PA = 100e5


def tabulate(
    fluid: str,
    *,
    lowest_K: float | None = None,
    highest_K: float | None = None,
    highest_pressure_Pa: float = _HIGHEST_PRESSURE_PA,
    points: int = 40,
    saturation: Callable[[FloatArray], FloatArray] | None = None,
    freezing_K: float | None = None,
) -> dict[str, Any]:
    """Return a table of a liquid's properties, ready for `FluidTable`.

    Parameters
    ----------
    fluid : str
        CoolProp's name, such as ``"Ammonia"`` or ``"INCOMP::MPG[0.25]"``.
    lowest_K, highest_K : float, optional
        Range of the table [K]; by default all that the liquid and CoolProp allow.
    highest_pressure_Pa : float, default 1e7
        Highest pressure of the table [Pa]; an incompressible fluid has none.
    points : int, default 40
        Temperatures of the table, at Chebyshev points so that a polynomial through all of them is exact
        to rounding.
    saturation : callable, optional
        Vapour pressure [Pa] of temperatures [K], for an incompressible fluid of which CoolProp has none.
    freezing_K : float, optional
        Freezing temperature [K], where CoolProp has none.

    Returns
    -------
    dict
        Lists of floats, SI units; each property has one row for every pressure fraction.

    Raises
    ------
    MissingExtraError
        If CoolProp is not installed.
    InputError
        If CoolProp does not know the fluid, or has no viscosity or conductivity of it.
    """
    coolprop = _coolprop()
    try:
        if fluid.startswith("INCOMP::"):
            return _incompressible(
                coolprop, fluid, lowest_K, highest_K, highest_pressure_Pa, points, saturation, freezing_K
            )
        return _liquid(coolprop, fluid, lowest_K, highest_K, highest_pressure_Pa, points)
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"`fluid` {fluid!r} cannot be tabulated by CoolProp: {error}") from None


def _coolprop() -> Any:
    try:
        import CoolProp
    except ImportError:
        raise MissingExtraError(
            'a coolant that is not shipped needs CoolProp; type: pip install "thermalsat[fluids]"'
        ) from None
    return CoolProp


def version() -> str:
    """Return the name and version of the installed CoolProp."""
    return f"CoolProp {_coolprop().__version__}"


def _temperatures(lowest_K: float, highest_K: float, points: int) -> FloatArray:
    unit = 0.5 * (1.0 - np.cos(np.pi * np.arange(points) / (points - 1)))
    inner = np.round(lowest_K + (highest_K - lowest_K) * unit, 3)
    inner[0], inner[-1] = lowest_K, highest_K
    return np.asarray(inner)


def _row(state: Any) -> tuple[float, float, float, float]:
    return state.rhomass(), state.cpmass(), state.conductivity(), state.viscosity()


def _table(
    temperature: FloatArray,
    vapour: tuple[FloatArray, FloatArray],
    fractions: tuple[float, ...],
    rows: FloatArray,
    freezing_K: float,
    highest_pressure_Pa: float,
) -> dict[str, Any]:
    def digits(array: FloatArray) -> Any:
        return np.array([float(f"{x:.12g}") for x in array.flat]).reshape(array.shape).tolist()

    return {
        "freezing_K": freezing_K,
        "highest_pressure_Pa": highest_pressure_Pa,
        "pressure_fraction": list(fractions),
        "temperature_K": digits(temperature),
        "saturation_temperature_K": digits(vapour[0]),
        "saturation_pressure_Pa": digits(vapour[1]),
        "density_kg_m3": digits(rows[..., 0]),
        "specific_heat_J_kg_K": digits(rows[..., 1]),
        "conductivity_W_m_K": digits(rows[..., 2]),
        "viscosity_Pa_s": digits(rows[..., 3]),
    }


def _liquid(
    coolprop: Any,
    fluid: str,
    lowest_K: float | None,
    highest_K: float | None,
    highest_pressure_Pa: float,
    points: int,
) -> dict[str, Any]:
    state = coolprop.AbstractState("HEOS", fluid.removeprefix("HEOS::"))
    triple = state.Ttriple()
    if lowest_K is None:
        melting = 0.0
        if state.has_melting_line():
            melting = state.melting_line(coolprop.iT, coolprop.iP, highest_pressure_Pa)
        lowest_K = max(triple * 1.0001, state.Tmin(), melting + 0.005)
    highest = _REDUCED_TOP * state.T_critical() if highest_K is None else highest_K
    temperature = _temperatures(lowest_K, highest, points)
    rows = np.empty((len(PRESSURE_FRACTIONS), points, 4))
    for i, kelvin in enumerate(temperature):
        state.update(coolprop.QT_INPUTS, 0.0, kelvin)
        saturation = state.p()
        rows[0, i] = _row(state)
        for j, fraction in enumerate(PRESSURE_FRACTIONS[1:], start=1):
            pressure = saturation + fraction * (highest_pressure_Pa - saturation)
            state.update(coolprop.PT_INPUTS, pressure, kelvin)
            rows[j, i] = _row(state)
    warm = _temperatures(lowest_K, _REDUCED_TOP_VAPOUR * state.T_critical(), points)
    vapour = np.empty(points)
    for i, kelvin in enumerate(warm):
        state.update(coolprop.QT_INPUTS, 0.0, kelvin)
        vapour[i] = state.p()
    return _table(temperature, (warm, vapour), PRESSURE_FRACTIONS, rows, triple, highest_pressure_Pa)


def _incompressible(
    coolprop: Any,
    fluid: str,
    lowest_K: float | None,
    highest_K: float | None,
    highest_pressure_Pa: float,
    points: int,
    saturation: Callable[[FloatArray], FloatArray] | None,
    freezing_K: float | None,
) -> dict[str, Any]:
    match = re.fullmatch(r"INCOMP::([^\[]+?)(?:\[([\d.]+)\])?", fluid)
    if match is None:
        raise InputError(f'`fluid` must read like "INCOMP::MEG[0.3]", got {fluid!r}')
    state = coolprop.AbstractState("INCOMP", match[1])
    if match[2] is not None:
        state.set_mass_fractions([float(match[2])])
    if freezing_K is None:
        try:
            freezing_K = state.keyed_output(coolprop.iT_freeze)
        except ValueError:
            freezing_K = state.Tmin()
    lowest = max(freezing_K, state.Tmin()) + 0.005 if lowest_K is None else lowest_K
    highest = state.Tmax() if highest_K is None else highest_K
    temperature = _temperatures(lowest, highest, points)
    rows = np.empty((1, points, 4))
    for i, kelvin in enumerate(temperature):
        state.update(coolprop.PT_INPUTS, highest_pressure_Pa, kelvin)
        rows[0, i] = _row(state)
    if saturation is None:
        vapour = (np.empty(0), np.empty(0))
    else:
        warm = _temperatures(lowest, highest + _VAPOUR_BEYOND_K, points)
        vapour = (warm, saturation(warm))
    return _table(temperature, vapour, (0.0,), rows, freezing_K, highest_pressure_Pa)
