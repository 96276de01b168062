"""What the design weighs and what its launch costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from thermalsat.components.fields import Fraction, Number
from thermalsat.components.part import Part
from thermalsat.units import UnitsError

__all__ = ["Cost", "Masses"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Masses(Part):
    """Masses per area and of the rack; those of battery and store are with these.

    {parameters}

    Examples
    --------
    >>> round(Masses().total_kg(array_m2=600.0, radiator_m2=110.0, battery_kg=0.0))
    4488
    """

    section = "masses"

    array: Number = Number("kg/m^2", "mass of the wings per gross area", default="2.5 kg/m^2", above=0.0)
    radiator: Number = Number(
        "kg/m^2", "mass of the radiator per planform area", default="8 kg/m^2", above=0.0
    )
    rack: Number = Number("kg", "mass of the computer", default="1360 kg", above=0.0)
    rest: Fraction = Fraction(
        "mass of all else, of the sum of the parts above and the battery", default=0.20, high=10.0
    )
    announced: Number = Number(
        "kg", "mass of the whole as announced or agreed, to stand beside the sum", default=None, above=0.0
    )

    def parts_kg(
        self,
        array_m2: float,
        radiator_m2: float,
        battery_kg: float,
        store_kg: float = 0.0,
        battery_radiator_m2: float = 0.0,
    ) -> dict[str, float]:
        """Return mass of each part by name [kg]; store and battery's radiator where they have one."""
        parts = {
            "array": self.array_kg_m2 * array_m2,
            "radiator": self.radiator_kg_m2 * radiator_m2,
            "rack": self.rack_kg,
            "battery": battery_kg,
        }
        if battery_radiator_m2 > 0.0:
            parts["battery radiator"] = self.radiator_kg_m2 * battery_radiator_m2
        if store_kg > 0.0:
            parts["store"] = store_kg
        parts["rest"] = self.rest * sum(parts.values())
        return parts

    def total_kg(
        self,
        array_m2: float,
        radiator_m2: float,
        battery_kg: float,
        store_kg: float = 0.0,
        battery_radiator_m2: float = 0.0,
    ) -> float:
        """Return mass of the satellite [kg]."""
        parts = self.parts_kg(array_m2, radiator_m2, battery_kg, store_kg, battery_radiator_m2)
        return sum(parts.values())


class _Price(Number):
    """A price per mass: ``"1600 USD/kg"``; `pint` knows no currencies."""

    kind = "price per mass"
    suffix = "USD_kg"

    def si(self, value: object, name: str) -> float:
        number, _, unit = str(value).partition(" ")
        try:
            if unit.strip().replace(" ", "") in ("USD/kg", "$/kg"):
                return float(number)
        except ValueError:
            pass
        raise UnitsError(f'`{name}` must be a price per mass, e.g. "1600 USD/kg"; got {value!r}')

    def public(self, stored: Any) -> Any:
        return None if stored is None else stored.text


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Cost(Part):
    """Prices, where an answer in money is wanted.

    {parameters}

    Examples
    --------
    >>> Cost(launch="1600 USD/kg").launch_USD_kg
    1600.0
    """

    section = "cost"

    launch: _Price = _Price("USD/kg", "price of a kilogram in orbit", default=None, low=0.0)
