"""Coolants: liquids of a pumped loop, with their properties as laws of temperature at its pressure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from thermalsat.components.coolprop import tabulate, version
from thermalsat.components.fields import unknown_name
from thermalsat.components.liquid import Liquid
from thermalsat.components.provenance import Sourced
from thermalsat.errors import InputError
from thermalsat.physics.fluid_laws import FluidLaws
from thermalsat.physics.fluids import FluidTable
from thermalsat.units import QuantityLike, si, si_positive

__all__ = ["Coolant"]

PRESETS = ("ammonia", "PG25", "water", "HFE-7100")


@cache
def _shipped(name: str) -> Mapping[str, Any]:
    path = files("thermalsat") / "data" / "coolants" / f"{name}.json"
    data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


@cache
def _shipped_table(name: str) -> FluidTable:
    return FluidTable.from_dict(_shipped(name))


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Coolant(Liquid):
    """A liquid at a pressure. Make one with `preset`, `from_coolprop` or `constant`.

    Notes
    -----
    Heat in a moving liquid is counted in enthalpy. With the enthalpy temperature
    ``theta = T_ref + (h(T) - h(T_ref)) / cp(T_ref)`` a stream carries ``m_dot cp(T_ref) theta`` exactly.
    Attributes and property methods are those of `Liquid`.

    Examples
    --------
    >>> ammonia = Coolant.preset("ammonia")
    >>> print(f"{ammonia.density('40 degC'):.1f~P}")
    582.0 kg/m³
    >>> print(f"{ammonia.boiling_temperature().to('degC'):.1f~P}")
    73.7 °C
    """

    @classmethod
    def preset(cls, name: str, pressure: QuantityLike | None = None) -> Coolant:
        """Return a shipped coolant.

        Parameters
        ----------
        name : {"ammonia", "PG25", "water", "HFE-7100"}
            PG25 is a quarter of propylene glycol by mass in water; HFE-7100 a dielectric.
        pressure : Quantity or str, optional
            Default 36 bar for ammonia, 3 bar for the others.

        Raises
        ------
        InputError
            For an unknown name, or a pressure at which it is no liquid.
        """
        known = {preset.lower(): preset for preset in PRESETS}
        if not isinstance(name, str) or name.lower() not in known:
            hint = '; for other fluids use Coolant.from_coolprop("...", pressure=...)'
            raise InputError(unknown_name(str(name), list(PRESETS), "coolant") + hint)
        name = known[name.lower()]
        data = _shipped(name)
        default = float(data["default_pressure_Pa"])
        pressure_Pa = default if pressure is None else si_positive(pressure, "Pa", "pressure")
        kind = "source" if pressure is not None else "assumed"
        records = (
            Sourced(
                name=f"{name} properties",
                value=f"{len(data['temperature_K'])} temperatures",
                kind=data["kind"],
                citation=f"{data['source']}; {data['made_with']}",
                date=data["date"],
            ),
            Sourced(
                name=f"{name} pressure",
                value=f"{pressure_Pa / 1e5:g} bar",
                kind=kind,
                citation=data["note"] if pressure is None else "given by the user",
            ),
        )
        made = cls(
            name=name,
            pressure_Pa=pressure_Pa,
            origin=("preset", name),
            records=records,
            _table=_shipped_table(name),
        )
        return made._checked()

    @classmethod
    def from_coolprop(cls, fluid: str, *, pressure: QuantityLike, name: str | None = None) -> Coolant:
        """Return any liquid that CoolProp knows; needs the extra ``thermalsat[fluids]``.

        Parameters
        ----------
        fluid : str
            CoolProp's name, such as ``"Acetone"`` or ``"INCOMP::MEG[0.30]"``.
        pressure : Quantity or str
            Pressure of the loop.
        name : str, optional
            By default `fluid`.

        Raises
        ------
        MissingExtraError
            If CoolProp is not installed.
        InputError
            If CoolProp has no such fluid, or none of the properties needed.
        """
        pressure_Pa = si_positive(pressure, "Pa", "pressure")
        data = tabulate(fluid, highest_pressure_Pa=max(1e7, 1.5 * pressure_Pa))
        name = fluid if name is None else name
        record = Sourced(
            name=f"{name} properties",
            value=f"{len(data['temperature_K'])} temperatures",
            kind="source",
            citation=f"{version()}, {fluid}; its documentation cites the equations of state",
        )
        made = cls(
            name=name,
            pressure_Pa=pressure_Pa,
            origin=("CoolProp", fluid),
            records=(record,),
            _table=FluidTable.from_dict(data),
        )
        return made._checked()

    @classmethod
    def constant(
        cls,
        name: str,
        *,
        specific_heat: QuantityLike,
        density: QuantityLike,
        conductivity: QuantityLike,
        viscosity: QuantityLike,
        freezing_temperature: QuantityLike | None = None,
        boiling_temperature: QuantityLike | None = None,
    ) -> Coolant:
        """Return a coolant of your own whose properties do not vary with temperature.

        Parameters
        ----------
        name : str
            Its name.
        specific_heat, density, conductivity, viscosity : Quantity or str
            Its properties, all above zero.
        freezing_temperature, boiling_temperature : Quantity or str, optional
            Limits; without them it neither freezes nor boils.

        Raises
        ------
        InputError
            For a property that is not above zero, or limits the wrong way round.
        """
        low = 0.0 if freezing_temperature is None else si(freezing_temperature, "K", "freezing_temperature")
        high = float("inf")
        if boiling_temperature is not None:
            high = si(boiling_temperature, "K", "boiling_temperature")
        if not high > low:
            raise InputError(f"`boiling_temperature` must be above freezing ({low:g} K), got {high:g} K")
        numbers = {
            "density_kg_m3": si_positive(density, "kg/m^3", "density"),
            "specific_heat_J_kg_K": si_positive(specific_heat, "J/kg/K", "specific_heat"),
            "conductivity_W_m_K": si_positive(conductivity, "W/m/K", "conductivity"),
            "viscosity_Pa_s": si_positive(viscosity, "Pa*s", "viscosity"),
        }
        laws = FluidLaws.constant(**numbers, lowest_K=low, highest_K=high)
        record = Sourced(
            name=f"{name} properties", value="constant", kind="assumed", citation="given by the user"
        )
        return cls(
            name=name,
            pressure_Pa=None,
            origin=("constant", low, high, *numbers.values()),
            records=(record,),
            _constant=laws,
        )

    def at_pressure(self, pressure: QuantityLike) -> Coolant:
        """Return the same liquid at another pressure; constant properties stay as they are."""
        pressure_Pa = si_positive(pressure, "Pa", "pressure")
        if self._table is None or pressure_Pa == self.pressure_Pa:
            return self
        return replace(self, pressure_Pa=pressure_Pa)._checked()

    def _checked(self) -> Coolant:
        """Make the laws now, so that a pressure at which there is no liquid is refused here."""
        if not self.laws.highest_K > self.laws.lowest_K:
            raise InputError(f"`pressure` must be high enough for {self.name} to be liquid")
        return self
