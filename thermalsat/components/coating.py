"""Coatings: solar absorptance and infrared emittance, new and at the end of life."""

from __future__ import annotations

from dataclasses import dataclass

from thermalsat.components.fields import Fraction, Text
from thermalsat.components.part import Part
from thermalsat.components.provenance import Sourced, records_of, sourced_entry
from thermalsat.errors import InputError

__all__ = ["Coating"]

_NUMBERS = ("solar_absorptance", "solar_absorptance_eol", "emittance", "emittance_eol")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Coating(Part):
    """Optics of a surface in two bands: sunlight, and infrared.

    {parameters}

    Notes
    -----
    Infrared from the Earth and from other parts is absorbed with the emittance (Kirchhoff's law for a
    grey band). Without a value for the end of life, the new one holds throughout.

    Examples
    --------
    >>> paint = Coating.preset("Z-93")
    >>> paint.solar_absorptance, paint.emittance
    (0.17, 0.92)
    >>> aged = paint.replace(solar_absorptance_eol=0.25)
    >>> aged.solar_absorptance_at("bol"), aged.solar_absorptance_at("eol")
    (0.17, 0.25)
    """

    section = "coating"

    name: Text = Text("what it is called", default="own coating")
    solar_absorptance: Fraction = Fraction("share of sunlight absorbed, new")
    emittance: Fraction = Fraction("infrared emittance and absorptance, new")
    solar_absorptance_eol: Fraction = Fraction("share of sunlight absorbed at the end of life", default=None)
    emittance_eol: Fraction = Fraction("infrared emittance at the end of life", default=None)
    source: Text = Text("where the numbers come from", default="")

    @classmethod
    def preset(cls, name: str) -> Coating:
        """Return a shipped coating.

        Parameters
        ----------
        name : str
            ``"Z-93"``, ``"Z-93 design"``, ``"AZ-93"``, ``"S13G-LO"``, ``"white silicate paint"``,
            ``"silver-FEP"``, ``"OSR"``, ``"black anodize"``, ``"GaAs cell"`` or ``"silicon cell"``.

        Raises
        ------
        InputError
            For an unknown name, with the nearest known one.
        """
        proper, values, records = sourced_entry("coatings", name, "coating")
        texts = dict.fromkeys(record.citation for record in records)
        numbers = {key: float(value) for key, value in values.items()}
        return cls(name=proper, source="; ".join(texts), **numbers)

    def solar_absorptance_at(self, ageing: str) -> float:
        """Share of sunlight absorbed at ``"bol"`` or ``"eol"``."""
        return self._aged("solar_absorptance", ageing)

    def emittance_at(self, ageing: str) -> float:
        """Infrared emittance at ``"bol"`` or ``"eol"``."""
        return self._aged("emittance", ageing)

    def _aged(self, name: str, ageing: str) -> float:
        if ageing not in ("bol", "eol"):
            raise InputError(f'`ageing` must be "bol" or "eol", got {ageing!r}')
        later = getattr(self, f"{name}_eol") if ageing == "eol" else None
        return float(getattr(self, name) if later is None else later)

    @property
    def records(self) -> tuple[Sourced, ...]:
        """Where each number comes from; what differs from the preset is the user's."""
        values = {name: getattr(self, name) for name in _NUMBERS}
        return records_of("coatings", self.name, values, _NUMBERS, self.source)
