"""Hypothesis strategies: numbers in SI, and the same numbers as a user would write them."""

from __future__ import annotations

from typing import Any

import pint
from hypothesis import strategies as st

import thermalsat as ts

# units a user may write for an SI unit, each with the SI value of (zero, one) in it: exact by definition
UNITS: dict[str, dict[str, tuple[float, float]]] = {
    "W": {"W": (0.0, 1.0), "kW": (0.0, 1e3), "MW": (0.0, 1e6), "kJ/min": (0.0, 1e3 / 60.0)},
    "m": {"m": (0.0, 1.0), "mm": (0.0, 1e-3), "km": (0.0, 1e3), "inch": (0.0, 0.0254)},
    "m^2": {"m^2": (0.0, 1.0), "cm²": (0.0, 1e-4), "km**2": (0.0, 1e6)},
    "s": {"s": (0.0, 1.0), "min": (0.0, 60.0), "h": (0.0, 3600.0), "day": (0.0, 86400.0)},
    "kg/s": {"kg/s": (0.0, 1.0), "g/s": (0.0, 1e-3), "kg/h": (0.0, 1.0 / 3600.0)},
    "K": {"K": (0.0, 1.0), "degC": (273.15, 274.15), "degF": (459.67 / 1.8, 460.67 / 1.8)},
    "J": {"J": (0.0, 1.0), "kWh": (0.0, 3.6e6), "Wh": (0.0, 3600.0), "MJ": (0.0, 1e6)},
    "W/m^2/K": {"W/m^2/K": (0.0, 1.0), "W/m²/degC": (0.0, 1.0), "W/cm^2/K": (0.0, 1e4)},
}


def floats(lo: float, hi: float) -> st.SearchStrategy[float]:
    """Finite bare numbers without subnormals."""
    return st.floats(lo, hi, allow_nan=False, allow_infinity=False, allow_subnormal=False)


@st.composite
def quantities(draw: st.DrawFn, unit: str, lo: float, hi: float) -> tuple[Any, float]:
    """Return (text or Quantity in some unit, the SI value) with the value between `lo` and `hi` in SI."""
    wanted = draw(floats(lo, hi))
    spelling = draw(st.sampled_from(sorted(UNITS[unit])))
    zero, one = UNITS[unit][spelling]
    number = (wanted - zero) / (one - zero)
    form = draw(st.sampled_from(["text", "tight text", "own", "foreign"]))
    if form == "text":
        return f"{number!r} {spelling}", wanted
    if form == "tight text":
        return f"{number!r}{spelling}", wanted
    if form == "own":
        return ts.Q(number, spelling), wanted
    return FOREIGN.Quantity(number, spelling), wanted


FOREIGN: Any = pint.UnitRegistry()
