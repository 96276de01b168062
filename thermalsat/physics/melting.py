"""Melting in the enthalpy form: temperature as a function of the heat taken up."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from thermalsat.errors import InputError
from thermalsat.laws import Law

__all__ = ["enthalpy_temperature_K", "melted_share", "melting_law"]

_FINEST = 4000
_PLATEAU = 2.0
"""Pieces over the fewest that leave the plateau a slope: half the band is then in its rounded ends."""


def melting_law(
    melting_K: float, band_K: float, latent_J_kg: float, solid_J_kg_K: float, liquid_J_kg_K: float
) -> Law:
    """Return temperature [K] against enthalpy temperature [K] of a material that melts over a band.

    Parameters
    ----------
    melting_K, band_K : float
        Middle and width of the temperatures over which it melts [K].
    latent_J_kg : float
        Latent heat [J/kg].
    solid_J_kg_K, liquid_J_kg_K : float
        Specific heats on either side of the band [J/kg/K].

    Raises
    ------
    InputError
        If the band is so narrow beside ``latent / specific heat`` that it cannot be told from a jump.

    Notes
    -----
    ``theta = T`` in the solid, and above it counts every joule per kilogram as ``1 / c_s`` kelvin:
    ``theta = T_s + (h - h(T_s)) / c_s`` with the solidus ``T_s = melting_K - band_K / 2``. Between solidus
    and liquidus h rises by ``latent + (c_s + c_l) band / 2``, so that a narrow band tends to a jump of the
    latent heat at the melting temperature. The law is made of parabolas and straight lines: slope one in
    the solid, ``c_s / c_l`` in the liquid, a small constant one between, all rounded into each other; it
    rises strictly and its slope is continuous. With the capacity ``m c_s`` constant, ``m c_s dtheta/dt`` is
    the heat flow exactly: no heat is lost in the melting.

    Examples
    --------
    >>> law = melting_law(330.0, 1.0, 200e3, 2000.0, 2000.0)
    >>> round(float(law(329.0)), 9), round(float(law(430.0)), 3), round(float(law(531.0)), 9)
    (329.0, 330.249, 431.0)
    """
    ratio = solid_J_kg_K / liquid_J_kg_K
    length = latent_J_kg / solid_J_kg_K + 0.5 * (1.0 + 1.0 / ratio) * band_K
    pieces = max(math.ceil(0.5 * _PLATEAU * (1.0 + ratio) * length / band_K), 3)
    if pieces > _FINEST:
        narrowest = 1.01 * band_K * pieces / _FINEST
        raise InputError(
            f"`melting_band` must be at least {narrowest:.3g} K for this latent heat, got {band_K:g} K"
        )
    slope = (band_K * pieces / length - 0.5 * (1.0 + ratio)) / (pieces - 1)
    slopes = np.full(pieces + 1, slope)
    slopes[[0, -1]] = 1.0, ratio
    start, width = melting_K - 0.5 * band_K, length / pieces
    rises = 0.5 * width * (slopes[:-1] + slopes[1:])
    values = start + np.concatenate([[0.0], np.cumsum(rises)])
    return Law.hermite(start, start + length, values, slopes)


def enthalpy_temperature_K(law: Law, temperature_K: Any) -> Any:
    """Return the enthalpy temperature [K] at a temperature [K]: the inverse of a `melting_law`.

    Notes
    -----
    The pieces are parabolas, inverted in closed form; outside them the law is a straight line.
    """
    T = np.asarray(temperature_K, dtype=np.float64)
    nodes = np.append(law.coef[:, 0], law(law.x1))
    melting = np.clip(T, nodes[0], nodes[-1])
    k = np.clip(np.searchsorted(nodes, melting, side="right") - 1, 0, len(law.coef) - 1)
    c1, c2, rise = law.coef[k, 1], law.coef[k, 2], melting - law.coef[k, 0]
    theta = law.x0 + k * law.dx + 2.0 * rise / (c1 + np.sqrt(np.maximum(c1 * c1 + 4.0 * c2 * rise, 0.0)))
    theta = theta + np.minimum(T - nodes[0], 0.0) / law.derivative(law.x0)
    theta = theta + np.maximum(T - nodes[-1], 0.0) / law.derivative(law.x1)
    return theta if np.ndim(theta) else float(theta)


def melted_share(law: Law, temperature_K: Any) -> Any:
    """Return which part of the heat between solidus and liquidus is taken up at a temperature [K]: 0 to 1."""
    theta = enthalpy_temperature_K(law, temperature_K)
    share = np.clip((theta - law.x0) / (law.x1 - law.x0), 0.0, 1.0)
    return share if np.ndim(share) else float(share)
