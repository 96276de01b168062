"""Fade of lithium-ion cells by cycles of a depth and by time, in bare numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["DEEPEST", "FadeLaw"]

DEEPEST = 1.0
"""A cycle deeper than the whole capacity is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FadeLaw:
    """Capacity that is left after a stress, and the stress of a cycle and of time.

    Parameters
    ----------
    depth_scale, depth_exponent, depth_offset : float
        ``1 / (depth_scale depth^depth_exponent + depth_offset)`` is the stress of one cycle.
    calendar_rate_per_s : float
        Stress of time [1/s].
    state_slope, state_reference : float
        Both stresses are multiplied by ``exp(state_slope (state - state_reference))``, state of energy.
    temperature_slope_per_K, temperature_reference_K : float
        And by ``exp(temperature_slope (T - T_ref) T_ref / T)``.
    film_share, film_rate : float
        Share of the capacity that forms the first film, and how much faster than the rest it goes.

    Notes
    -----
    The semi-empirical model of Xu et al.: after the stress f, summed over cycles and time, the capacity left
    is ``film_share exp(-film_rate f) + (1 - film_share) exp(-f)``. Depths from 0 to 1, the depth's stress
    vanishing with it; temperatures above about 15 degC, below which plating, which is not modelled, takes
    over. Rates of charge and discharge are those of the cells' tests, one in an hour and less.

    References
    ----------
    B. Xu, A. Oudalov, A. Ulbig, G. Andersson, D. S. Kirschen, Modeling of lithium-ion battery degradation
    for cell life assessment, IEEE Trans. Smart Grid 9(2), 1131-1140, 2018, doi:10.1109/TSG.2016.2578950:
    the life equation with its film term, and the stresses of depth, time, state and temperature.
    """

    depth_scale: float
    depth_exponent: float
    depth_offset: float
    calendar_rate_per_s: float
    state_slope: float
    state_reference: float
    temperature_slope_per_K: float
    temperature_reference_K: float
    film_share: float
    film_rate: float

    def cycle_stress(self, depth: float) -> float:
        """Return the stress of one cycle at the reference state and temperature [-]."""
        if depth <= 0.0:
            return 0.0
        return 1.0 / (self.depth_scale * depth**self.depth_exponent + self.depth_offset)

    def weight(self, state: float, temperature_K: float) -> float:
        """Return the factor of a mean state of energy and a temperature [-]."""
        ratio = self.temperature_reference_K / temperature_K
        warmth = self.temperature_slope_per_K * (temperature_K - self.temperature_reference_K) * ratio
        return math.exp(self.state_slope * (state - self.state_reference) + warmth)

    def stress(self, cycles: float, depth: float, time_s: float, temperature_K: float) -> float:
        """Return the stress of some like cycles, discharged from full, spread over a time [-]."""
        both = cycles * self.cycle_stress(depth) + self.calendar_rate_per_s * time_s
        return both * self.weight(1.0 - 0.5 * depth, temperature_K)

    def remaining(self, stress: float) -> float:
        """Return the capacity left over the capacity when new, 1 without stress."""
        film = self.film_share
        return film * math.exp(-self.film_rate * stress) + (1.0 - film) * math.exp(-stress)
