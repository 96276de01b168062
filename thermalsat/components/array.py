"""The solar wings: cells whose efficiency falls with temperature, on a thin panel."""

from __future__ import annotations

from dataclasses import dataclass

from thermalsat.components.coating import Coating
from thermalsat.components.fields import Angle, Count, Fraction, Number
from thermalsat.components.part import Nested, Part
from thermalsat.constants import SOLAR_CONSTANT_W_M2

__all__ = ["SolarArray"]

_YEAR_S = 365.25 * 86400.0


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SolarArray(Part):
    """Wings that track the Sun, stated by their gross area.

    {parameters}

    Notes
    -----
    Electrical output per gross area under the incident flux S:
    ``S * packing * wiring * life factor * efficiency(T)`` with
    ``efficiency(T) = cell_efficiency * (reference_flux / 1361 W/m^2) * (1 + temperature_coefficient *
    (T - reference_temperature))`` kept between `efficiency_floor` and `efficiency_cap`, on incident,
    not absorbed, flux. Data sheets divide the power under the Sun at one astronomical unit by the flux
    of their day: 29.5 % at 1367 W/m^2 and 29.8 % at 1353 W/m^2 are the same cell. What is converted is
    not heat; what is curtailed is.

    Examples
    --------
    >>> wing = SolarArray(area="600 m^2")
    >>> round(wing.efficiency(353.15), 4)
    0.2609
    """

    section = "array"

    area: Number = Number("m^2", "gross wing area, one side", above=0.0, high=1e7)
    cell_efficiency: Fraction = Fraction("efficiency of a new cell", default=0.295, above=0.0, high=0.6)
    reference_temperature: Number = Number(
        "K", "cell temperature of the stated efficiency", default="28 degC", low=200.0, high=400.0
    )
    reference_flux: Number = Number(
        "W/m^2",
        "solar flux that the stated efficiency was divided by",
        default="1367 W/m^2",
        low=1300.0,
        high=1420.0,
    )
    temperature_coefficient: Number = Number(
        "1/K", "relative change of efficiency per kelvin", default="-0.23 %/K", low=-0.02, high=0.0
    )
    efficiency_floor: Fraction = Fraction("lowest efficiency, however hot", default=0.05)
    efficiency_cap: Fraction = Fraction("highest efficiency, however cold", default=0.36)
    packing: Fraction = Fraction("share of the gross area that is cell", default=0.90, above=0.0)
    wiring: Fraction = Fraction(
        "share of the cell power that wiring and mismatch leave", default=0.96, above=0.0
    )
    end_of_life: Fraction = Fraction("power at the end of life over power when new", default=0.88, above=0.0)
    life: Number = Number(
        "s", "time over which the end-of-life factor is reached", default="5 year", above=0.0
    )
    layers: Count = Count("finite-difference cells through the thickness", default=3, low=1, high=50)
    thickness: Number = Number("m", "thickness of the panel", default="2 mm", above=0.0, high=0.5)
    conductivity: Number = Number(
        "W/m/K", "conductivity through the thickness", default="0.5 W/m/K", above=0.0, high=5000.0
    )
    areal_heat_capacity: Number = Number(
        "J/m^2/K", "heat capacity per gross area", default="2250 J/m^2/K", above=0.0
    )
    pointing_error: Angle = Angle(
        "angle between the wing's normal and the Sun", default="0 deg", low=0.0, high=1.5
    )
    front: Coating = Nested(Coating, "optics of the Sun side", default="GaAs cell")  # type: ignore[assignment]
    back: Coating = Nested(Coating, "optics of the other side", default="white silicate paint")  # type: ignore[assignment]

    def faults(self) -> list[str]:
        """Return contradictions between the fields."""
        if self.efficiency_floor < self.cell_efficiency <= self.efficiency_cap:
            return []
        return [
            f"`{self.named('cell_efficiency')}` must be between `{self.named('efficiency_floor')}`"
            f" ({self.efficiency_floor:g}) and `{self.named('efficiency_cap')}` ({self.efficiency_cap:g}),"
            f" got {self.cell_efficiency:g}"
        ]

    def efficiency(self, temperature_K: float) -> float:
        """Return efficiency of a new cell at a temperature, on incident flux."""
        relative = 1.0 + self.temperature_coefficient_per_K * (temperature_K - self.reference_temperature_K)
        rated = self.cell_efficiency * self.reference_flux_W_m2 / SOLAR_CONSTANT_W_M2
        return float(min(max(rated * relative, self.efficiency_floor), self.efficiency_cap))

    def life_factor(self, ageing: str) -> float:
        """Return power over power when new: 1 for ``"bol"``, `end_of_life` for ``"eol"``."""
        return self.end_of_life if ageing == "eol" else 1.0

    @property
    def degradation_per_year(self) -> float:
        """Share of the power that a year takes, from `end_of_life` and `life`."""
        return float(1.0 - self.end_of_life ** (_YEAR_S / self.life_s))
