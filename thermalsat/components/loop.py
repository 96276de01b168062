"""The pumped single-phase coolant loop."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

from thermalsat.components.coolant import Coolant
from thermalsat.components.fields import Count, Difference, Field, Flag, Fraction, Number
from thermalsat.components.part import Part
from thermalsat.errors import InputError
from thermalsat.units import from_si

__all__ = ["CoolantLoop"]

_COOLPROP = "coolprop:"


class _CoolantField(Field):
    """A coolant by name, taken at the pressure of its loop, or a Coolant made elsewhere."""

    kind = "coolant"
    numeric = False

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self.default
        stored = instance.__dict__[self.name]
        return _at_pressure(stored, instance.pressure_Pa) if isinstance(stored, str) else stored

    def read(self, value: Any, name: str) -> Any:
        if isinstance(value, Coolant):
            return value
        if not isinstance(value, str):
            raise InputError(f'`{name}` must be a Coolant or the name of one, e.g. "ammonia"; got {value!r}')
        if not value.startswith(_COOLPROP):
            try:
                Coolant.preset(value)
            except InputError as error:
                raise InputError(f"`{name}`: {error}") from None
        return value

    def written(self, stored: Any) -> Any:
        return stored if isinstance(stored, str) else stored.name


@cache
def _at_pressure(name: str, pressure_Pa: float) -> Coolant:
    pressure = from_si(pressure_Pa, "Pa")
    if name.startswith(_COOLPROP):
        return Coolant.from_coolprop(name.removeprefix(_COOLPROP), pressure=pressure)
    return Coolant.preset(name, pressure=pressure)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CoolantLoop(Part):
    """All loops together: one coolant, a pump, a bypass, a heater, and lines to the radiator and back.

    {parameters}

    Notes
    -----
    The bypass mixes hot return into the supply so that the payload never gets coolant colder than
    `supply_set_point`; it is proportional over `bypass_band` and never starves the panels below
    `minimum_panel_flow`. The heater holds the panel's inlet above `heater_set_point`.

    Examples
    --------
    >>> loop = CoolantLoop(coolant="ammonia", mass_flow="2.6 kg/s")
    >>> round(loop.supply_line_volume_m3, 5)
    0.01885
    """

    section = "loop"

    coolant: _CoolantField = _CoolantField(
        'the coolant: a preset, or "coolprop:" and a fluid', default="ammonia"
    )
    mass_flow: Number = Number(
        "kg/s", "flow through the payload, all loops together", default="2.6 kg/s", above=0.0
    )
    pressure: Number = Number(
        "Pa", "loop pressure, which sets the boiling point", default="36 bar", above=0.0
    )
    boiling_margin: Difference = Difference("distance to boiling at the hottest wall", default="5 K", low=0.0)
    freezing_margin: Difference = Difference(
        "distance to freezing in every panel cell", default="10 K", low=0.0
    )
    supply_set_point: Number = Number(
        "K", "coldest supply to the payload, held by the bypass", default="15 degC", low=150.0, high=450.0
    )
    bypass_band: Difference = Difference("proportional band of the bypass", default="4 K", above=0.0)
    valve_lag: Number = Number("s", "time constant of the bypass actuator", default="20 s", above=0.0)
    minimum_panel_flow: Fraction = Fraction(
        "share of the flow that the panels always get", default=0.20, above=0.0
    )
    heater_power: Number = Number(
        "W", "heater against freezing, at the panel's inlet", default="6 kW", low=0.0
    )
    heater_set_point: Number = Number(
        "K", "panel inlet temperature below which the heater works", default="-40 degC", low=100.0, high=450.0
    )
    heater_band: Difference = Difference("proportional band of the heater", default="5 K", above=0.0)
    loops: Count = Count("number of independent loops", default=2, low=1)
    interleaved: Flag = Flag("tubes of the loops alternate on the panels", default=True)
    supply_line_length: Number = Number("m", "line from radiator to payload", default="15 m", above=0.0)
    return_line_length: Number = Number("m", "line from payload to radiator", default="15 m", above=0.0)
    line_diameter: Number = Number(
        "m", "inner diameter of one line carrying all flow", default="40 mm", above=0.0
    )
    line_volumes: Count = Count("finite volumes along each line", default=6, low=1, high=200)

    def faults(self) -> list[str]:
        """Return contradictions between the fields, and with the coolant's range."""
        try:
            fluid = self.coolant
        except InputError as error:
            return [f"`{self.named('pressure')}`: {error}"]
        found = []
        if math.isfinite(fluid.pressure_Pa) and abs(fluid.pressure_Pa / self.pressure_Pa - 1.0) > 1e-9:
            found.append(
                f"`{self.named('pressure')}` must be the pressure of the coolant given"
                f" ({fluid.pressure_Pa:g} Pa), got {self.pressure_Pa:g} Pa"
            )
        lowest, highest = fluid.freezing_K + self.freezing_margin_K, fluid.boiling_K - self.boiling_margin_K
        if lowest >= highest:
            return [
                *found,
                f"`{self.named('freezing_margin')}` and `{self.named('boiling_margin')}` must leave a coolant"
                f" temperature between them, got {lowest:.2f} K at least and {highest:.2f} K at most for"
                f" {fluid.name} at {self.pressure_Pa / 1e5:g} bar; lower a margin or raise"
                f" `{self.named('pressure')}`",
            ]
        for name, low, high in (
            ("supply_set_point", lowest, highest),
            ("heater_set_point", fluid.freezing_K, fluid.boiling_K),
        ):
            value = getattr(self, f"{name}_K")
            if not low < value < high:
                found.append(
                    f"`{self.named(name)}` must be between freezing and boiling of {fluid.name}"
                    f" with the margins"
                    f" ({low:.2f} to {high:.2f} K), got {value:g} K"
                )
        if self.heater_set_point_K >= self.supply_set_point_K:
            found.append(
                f"`{self.named('heater_set_point')}` must be below `{self.named('supply_set_point')}`"
                f" ({self.supply_set_point_K:g} K), got {self.heater_set_point_K:g} K"
            )
        return found

    @property
    def supply_line_volume_m3(self) -> float:
        """Volume of the line from radiator to payload [m^3]."""
        return 0.25 * math.pi * self.line_diameter_m**2 * self.supply_line_length_m

    @property
    def return_line_volume_m3(self) -> float:
        """Volume of the line from payload to radiator [m^3]."""
        return 0.25 * math.pi * self.line_diameter_m**2 * self.return_line_length_m
