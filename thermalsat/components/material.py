"""Solids: density, specific heat, conductivity."""

from __future__ import annotations

from dataclasses import dataclass

from thermalsat.components.fields import Number, Text
from thermalsat.components.part import Part
from thermalsat.components.provenance import Sourced, records_of, sourced_entry

__all__ = ["Material"]

_NUMBERS = ("density", "specific_heat", "conductivity")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Material(Part):
    """A solid with constant properties.

    {parameters}

    Examples
    --------
    >>> sheet = Material.preset("aluminium 6061")
    >>> sheet.conductivity_W_m_K, sheet.volumetric_heat_capacity_J_m3_K
    (167.0, 2419200.0)
    """

    section = "material"

    name: Text = Text("what it is called", default="own material")
    density: Number = Number("kg/m^3", "density", above=0.0)
    specific_heat: Number = Number("J/kg/K", "specific heat", above=0.0)
    conductivity: Number = Number("W/m/K", "thermal conductivity", above=0.0)
    source: Text = Text("where the numbers come from", default="")

    @classmethod
    def preset(cls, name: str) -> Material:
        """Return a shipped material.

        Parameters
        ----------
        name : str
            ``"aluminium 6061"``, ``"aluminium 1100"``, ``"copper"``, ``"titanium 6Al-4V"``,
            ``"stainless steel 304"`` or ``"Kapton"``.

        Raises
        ------
        InputError
            For an unknown name, with the nearest known one.
        """
        proper, values, records = sourced_entry("materials", name, "material")
        texts = dict.fromkeys(record.citation for record in records)
        return cls(name=proper, source="; ".join(texts), **values)

    @property
    def volumetric_heat_capacity_J_m3_K(self) -> float:
        """Heat capacity per volume [J/m^3/K]."""
        return float(self.density_kg_m3 * self.specific_heat_J_kg_K)

    @property
    def diffusivity_m2_s(self) -> float:
        """Thermal diffusivity [m^2/s]."""
        return float(self.conductivity_W_m_K / self.volumetric_heat_capacity_J_m3_K)

    @property
    def records(self) -> tuple[Sourced, ...]:
        """Where each number comes from; what differs from the preset is the user's."""
        return records_of("materials", self.name, self.written(), _NUMBERS, self.source)
