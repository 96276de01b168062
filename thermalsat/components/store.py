"""A phase-change store on the coolant loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from thermalsat.components.fields import Choice, Difference, Fraction, Number
from thermalsat.components.part import Part
from thermalsat.errors import InputError
from thermalsat.laws import Law
from thermalsat.physics.melting import melted_share, melting_law
from thermalsat.units import si

__all__ = ["PhaseChangeStore"]

_NEEDED = ("mass", "melting_temperature", "latent_heat", "specific_heat_solid", "conductance")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class PhaseChangeStore(Part):
    """Material that melts when the coolant runs hot and freezes again afterwards; absent by default.

    {parameters}

    Notes
    -----
    The coolant passes it on its way from the computer to the panels (``place = "return"``) or from the
    panels to the computer (``"supply"``) as one perfectly mixed volume at T, and gives it
    ``conductance (T - T_store)``. It melts evenly over `melting_band` and freezes over the same, without
    hysteresis or supercooling.

    Examples
    --------
    >>> wax = PhaseChangeStore(mass="300 kg", melting_temperature="50 degC", latent_heat="200 kJ/kg",
    ...                        specific_heat_solid="2 kJ/kg/K", conductance="20 kW/K")
    >>> wax.present, wax.latent_J / 3.6e6
    (True, 16.666666666666668)
    """

    section = "store"

    mass: Number = Number("kg", "mass of the material; without it there is no store", default=None, above=0.0)
    melting_temperature: Number = Number(
        "K", "middle of the temperatures over which it melts", default=None, low=100.0, high=700.0
    )
    melting_band: Difference = Difference(
        "width of the temperatures over which it melts; 1 K where absent", default=None, above=0.0, high=100.0
    )
    latent_heat: Number = Number("J/kg", "heat of melting", default=None, above=0.0, high=1e7)
    specific_heat_solid: Number = Number(
        "J/kg/K", "specific heat when frozen", default=None, above=0.0, high=1e5
    )
    specific_heat_liquid: Number = Number(
        "J/kg/K", "specific heat when molten; as frozen where absent", default=None, above=0.0, high=1e5
    )
    conductance: Number = Number(
        "W/K", "conductance from the coolant to the material", default=None, above=0.0
    )
    place: Choice = Choice(
        ("return", "supply"),
        "where the coolant passes it: behind the computer or before it; return where absent",
        default=None,
    )
    housing: Fraction = Fraction(
        "mass of container and fins over that of the material; none where absent", default=None, high=10.0
    )

    def faults(self) -> list[str]:
        """Return contradictions between the fields."""
        given = [name for name in self.fields if self.__dict__[name] is not None]
        missing = [f"`{self.named(name)}`" for name in _NEEDED if name not in given]
        if given and missing:
            return [f"{', '.join(missing)} must be given for a store, got only {', '.join(given)}"]
        try:
            self._law()
        except InputError as error:
            return [str(error).replace("`melting_band`", f"`{self.named('melting_band')}`")]
        return []

    @property
    def present(self) -> bool:
        """Whether there is one."""
        return self.mass_kg is not None

    @property
    def band_K(self) -> float:
        """Width of the temperatures over which it melts [K]."""
        return 1.0 if self.melting_band_K is None else float(self.melting_band_K)

    @property
    def liquid_J_kg_K(self) -> float:
        """Specific heat when molten [J/kg/K]."""
        liquid = self.specific_heat_liquid_J_kg_K
        return float(self.specific_heat_solid_J_kg_K if liquid is None else liquid)

    @property
    def latent_J(self) -> float:
        """Heat that melts all of it [J]; zero where there is none."""
        return float(self.mass_kg * self.latent_heat_J_kg) if self.present else 0.0

    @property
    def total_kg(self) -> float:
        """Mass with its housing [kg]; zero where there is none."""
        return float(self.mass_kg * (1.0 + (self.housing or 0.0))) if self.present else 0.0

    def melted(self, temperature: Any) -> Any:
        """Return the melted share, 0 to 1, at a temperature of the store or at each of several.

        Parameters
        ----------
        temperature : Quantity [K]
            Such as ``result.temperature("store")``.

        Raises
        ------
        InputError
            If there is no store.
        """
        law = self._law()
        if law is None:
            raise InputError("there is no store; give it a `mass`")
        return melted_share(law, si(temperature, "K", "temperature"))

    def _law(self) -> Law | None:
        if not self.present:
            return None
        return melting_law(
            self.melting_temperature_K,
            self.band_K,
            self.latent_heat_J_kg,
            self.specific_heat_solid_J_kg_K,
            self.liquid_J_kg_K,
        )
