"""The battery: energy, losses, limits, and its own small radiator."""

from __future__ import annotations

from dataclasses import dataclass

from thermalsat.components.coating import Coating
from thermalsat.components.fields import Fraction, Number
from thermalsat.components.part import Nested, Part

__all__ = ["Battery"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Battery(Part):
    """Cells stated by the energy they hold when new.

    {parameters}

    Notes
    -----
    Energy stored rises by ``charge_efficiency`` times the charging power and falls by the discharging
    power over ``discharge_efficiency``; the differences are heat in the battery. Depth of discharge
    counts from full, against the end-of-life capacity. Charging power falls linearly to zero between
    `taper_start` and full. Rates are powers over the capacity.

    Examples
    --------
    >>> battery = Battery(capacity="250 kWh")
    >>> round(battery.mass_kg, 1), round(battery.usable_J("eol") / 3.6e6, 3)
    (1562.5, 60.0)
    """

    section = "battery"

    capacity: Number = Number("J", "energy it holds when new, from empty to full", low=0.0)
    charge_efficiency: Fraction = Fraction("energy stored over energy taken", default=0.95, above=0.0)
    discharge_efficiency: Fraction = Fraction(
        "energy given over energy drawn from store", default=0.95, above=0.0
    )
    depth_of_discharge: Fraction = Fraction("deepest discharge from full", default=0.30, above=0.0)
    end_of_life: Fraction = Fraction(
        "capacity at the end of life over capacity when new", default=0.80, above=0.0
    )
    specific_energy: Number = Number("J/kg", "capacity over mass", default="160 Wh/kg", above=0.0)
    specific_heat: Number = Number("J/kg/K", "specific heat of the battery", default="1000 J/kg/K", above=0.0)
    temperature_minimum: Number = Number("K", "lowest temperature", default="0 degC", low=150.0, high=400.0)
    temperature_maximum: Number = Number("K", "highest temperature", default="40 degC", low=150.0, high=450.0)
    charge_rate: Number = Number("1/s", "highest charging power over capacity", default="0.5 1/h", above=0.0)
    discharge_rate: Number = Number(
        "1/s", "highest discharging power over capacity", default="1.0 1/h", above=0.0
    )
    taper_start: Fraction = Fraction(
        "state of energy where charging begins to taper", default=0.97, above=0.0
    )
    radiator_temperature: Number = Number(
        "K", "temperature its radiator holds at the mean loss", default="25 degC", low=200.0, high=400.0
    )
    radiator_area: Number = Number(
        "m^2",
        "area of its own radiator; sized for `radiator_temperature` where absent",
        default=None,
        above=0.0,
    )
    coating: Coating = Nested(Coating, "optics of its radiator", default="Z-93 design")  # type: ignore[assignment]

    def faults(self) -> list[str]:
        """Return contradictions between the fields."""
        found = []
        low, high = self.temperature_minimum_K, self.temperature_maximum_K
        if low >= high:
            found.append(
                f"`{self.named('temperature_minimum')}` must be below `{self.named('temperature_maximum')}`"
                f" ({high:g} K), got {low:g} K"
            )
        elif not low <= self.radiator_temperature_K <= high:
            found.append(
                f"`{self.named('radiator_temperature')}` must be within the battery's limits,"
                f" {low:g} to {high:g} K,"
                f" got {self.radiator_temperature_K:g} K"
            )
        if self.taper_start >= 1.0:
            found.append(f"`{self.named('taper_start')}` must be below 1, got {self.taper_start:g}")
        return found

    def capacity_at_J(self, ageing: str) -> float:
        """Return capacity when new (``"bol"``) or at the end of life (``"eol"``) [J]."""
        return float(self.capacity_J * (self.end_of_life if ageing == "eol" else 1.0))

    def usable_J(self, ageing: str) -> float:
        """Return energy between full and the deepest discharge [J], of end-of-life capacity."""
        return float(self.depth_of_discharge * self.capacity_at_J("eol"))

    def charge_limit_W(self, ageing: str) -> float:
        """Return highest charging power [W]."""
        return float(self.charge_rate_per_s * self.capacity_at_J(ageing))

    def discharge_limit_W(self, ageing: str) -> float:
        """Return highest discharging power [W]."""
        return float(self.discharge_rate_per_s * self.capacity_at_J(ageing))

    @property
    def mass_kg(self) -> float:
        """Mass [kg]."""
        return float(self.capacity_J / self.specific_energy_J_kg)

    @property
    def heat_capacity_J_K(self) -> float:
        """Heat capacity [J/K]."""
        return float(self.mass_kg * self.specific_heat_J_kg_K)
