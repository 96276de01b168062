"""The power bus: converters and what the rest of the satellite draws."""

from __future__ import annotations

from dataclasses import dataclass

from thermalsat.components.fields import Fraction, Number
from thermalsat.components.part import Part

__all__ = ["Bus"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Bus(Part):
    """Regulator between array and bus, converter between bus and computer, and the steady loads.

    {parameters}

    Notes
    -----
    At a compute power P the bus is asked for ``P / converter + housekeeping + pump``; the array
    delivers to it ``regulator`` times its output. Converter losses and pump power go to the coolant.

    Examples
    --------
    >>> f"{Bus().demand_W(120e3):.0f}"
    '131000'
    """

    section = "bus"

    converter: Fraction = Fraction(
        "efficiency of the converter to the computer's terminals", default=0.96, above=0.0
    )
    regulator: Fraction = Fraction("efficiency of the array's regulator", default=0.98, above=0.0)
    housekeeping: Number = Number("W", "power of all that is not computer or pump", default="4 kW", low=0.0)
    pump: Number = Number(
        "W", "electrical power of the pumps; all of it heats the coolant", default="2 kW", low=0.0
    )
    body_heat_to_loop: Fraction = Fraction(
        "share of the heat of housekeeping and regulator that the loop carries;"
        " the rest leaves by the body's own surfaces",
        default=0.0,
    )

    def demand_W(self, compute_W: float) -> float:
        """Return power asked of the bus at a compute power [W]."""
        return compute_W / self.converter + self.housekeeping_W + self.pump_W

    def loop_heat_W(self, compute_W: float) -> float:
        """Return heat that the coolant takes at a compute power, leakage and body heat aside [W]."""
        return compute_W / self.converter + self.pump_W + self.body_heat_to_loop * self.housekeeping_W
