"""What a design weighs part by part, its power per mass, and what its launch costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from thermalsat.errors import InputError

if TYPE_CHECKING:
    from thermalsat.satellite import Satellite

__all__ = ["MassBudget", "battery_radiator_m2", "mass_budget"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MassBudget:
    """Masses beside what was announced, and the launch at the stated price.

    Attributes
    ----------
    parts_kg : mapping of str to float
        Mass of each part [kg].
    peak_W : float
        Required peak power, to which power per mass refers [W].
    announced_kg : float or None
        Mass of the whole as announced or agreed [kg].
    price_USD_kg : float or None
        Price of a kilogram in orbit [USD/kg].
    """

    parts_kg: Mapping[str, float]
    peak_W: float
    announced_kg: float | None
    price_USD_kg: float | None

    @property
    def total_kg(self) -> float:
        """Mass of the whole [kg]."""
        return sum(self.parts_kg.values())

    @property
    def specific_power_W_kg(self) -> float:
        """Peak power over mass [W/kg]; the same number in kW/t."""
        return self.peak_W / self.total_kg

    @property
    def announced_specific_power_W_kg(self) -> float | None:
        """The same with the announced mass."""
        return None if self.announced_kg is None else self.peak_W / self.announced_kg

    @property
    def launch_USD(self) -> float | None:
        """Cost of the launch [USD]."""
        return None if self.price_USD_kg is None else self.price_USD_kg * self.total_kg

    def beside(self) -> str:
        """Return power per mass, and the announced figures, as text.

        Examples
        --------
        >>> import thermalsat as ts
        >>> mass_budget(ts.designs.load("announced")).beside()
        '25 kW/t at the peak; announced: 2143 kg, 70 kW/t'
        """
        text = f"{self.specific_power_W_kg:.3g} kW/t at the peak"
        if self.announced_kg is None:
            return text
        return f"{text}; announced: {self.announced_kg:.4g} kg, {self.announced_specific_power_W_kg:.3g} kW/t"

    def record(self) -> dict[str, Any]:
        """Return plain numbers; names end in their unit."""
        found: dict[str, Any] = {
            "mass_kg": self.total_kg,
            "masses_kg": dict(self.parts_kg),
            "specific_power_kW_t": self.specific_power_W_kg,
        }
        if self.announced_kg is not None:
            found["announced_mass_kg"] = self.announced_kg
            found["announced_specific_power_kW_t"] = self.announced_specific_power_W_kg
        if self.price_USD_kg is not None:
            found |= {"launch_price_USD_kg": self.price_USD_kg, "launch_cost_USD": self.launch_USD}
        return found

    def rows(self) -> list[list[str]]:
        """Return rows of a table: mass, and the launch where its price is stated."""
        made = [["mass", f"{self.total_kg:.0f} kg", self.beside()]]
        if self.launch_USD is not None:
            made.append(["launch", f"{self.launch_USD / 1e6:.3g} M USD", f"at {self.price_USD_kg:g} USD/kg"])
        return made


def mass_budget(satellite: Satellite) -> MassBudget:
    """Return the masses of a design, and the cost of its launch where a price is stated."""
    return MassBudget(
        parts_kg=satellite.masses_kg,
        peak_W=satellite.requirement.peak_W,
        announced_kg=satellite.masses.announced_kg,
        price_USD_kg=satellite.cost.launch_USD_kg,
    )


def battery_radiator_m2(satellite: Satellite) -> float:
    """Return the area of the battery's own radiator [m^2], stated or sized for its losses.

    Zero where none can be sized, as the Earth warms it more than it sheds: such a design is refused when it
    is assembled.
    """
    from thermalsat.assembly.power import battery_radiator_area_m2

    try:
        return battery_radiator_area_m2(satellite)
    except InputError:
        return 0.0
