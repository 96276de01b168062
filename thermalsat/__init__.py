"""Heat and power of high-power satellites: radiator, array, battery, temperatures, sustained power.

Start with a shipped design and ask it something:

>>> import thermalsat as ts
>>> sat = ts.designs.load("leo-53")  # doctest: +SKIP
>>> ts.sustained_power(sat)  # doctest: +SKIP

Every dimensional argument takes a text such as ``"120 kW"`` or a `pint` quantity (see `Q`); a bare
number is refused. Names are loaded when they are first used, so that ``import thermalsat`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from thermalsat import designs
    from thermalsat._versions import show_versions
    from thermalsat.assembly import assemble
    from thermalsat.capability import (
        needed,
        peak_duration,
        peak_power,
        periodic,
        power_envelope,
        simulate,
        sustained_power,
    )
    from thermalsat.cases import DesignCase, Limits, Requirement
    from thermalsat.components import (
        Battery,
        Bus,
        Coating,
        Coolant,
        CoolantLoop,
        Material,
        Payload,
        PhaseChangeStore,
        Radiator,
        SolarArray,
    )
    from thermalsat.degraded import degraded_modes, pointing_sweep, wing_study
    from thermalsat.environment import Environment, albedo_factor, earth_view_factor
    from thermalsat.forcing import Function, Table
    from thermalsat.load import Load
    from thermalsat.mission import (
        BatteryLife,
        DayNight,
        YearView,
        battery_life,
        sustained_average_power,
        year_view,
    )
    from thermalsat.network import ThermalNetwork
    from thermalsat.orbit import Orbit, shadow_fraction
    from thermalsat.satellite import Satellite
    from thermalsat.sizing import size, worst_case
    from thermalsat.solver.batch import periodic_batch
    from thermalsat.units import Q

__version__ = "0.1.0"

_MODULES: dict[str, tuple[str, ...]] = {
    "_versions": ("show_versions",),
    "assembly": ("assemble",),
    "capability": (
        "needed",
        "peak_duration",
        "peak_power",
        "periodic",
        "power_envelope",
        "simulate",
        "sustained_power",
    ),
    "cases": ("DesignCase", "Limits", "Requirement"),
    "components": (
        "Battery",
        "Bus",
        "Coating",
        "Coolant",
        "CoolantLoop",
        "Material",
        "Payload",
        "PhaseChangeStore",
        "Radiator",
        "SolarArray",
    ),
    "degraded": ("degraded_modes", "pointing_sweep", "wing_study"),
    "environment": ("Environment", "albedo_factor", "earth_view_factor"),
    "forcing": ("Function", "Table"),
    "load": ("Load",),
    "mission": (
        "BatteryLife",
        "DayNight",
        "YearView",
        "battery_life",
        "sustained_average_power",
        "year_view",
    ),
    "network": ("ThermalNetwork",),
    "orbit": ("Orbit", "shadow_fraction"),
    "satellite": ("Satellite",),
    "sizing": ("size", "worst_case"),
    "solver.batch": ("periodic_batch",),
    "units": ("Q",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "Battery",
    "BatteryLife",
    "Bus",
    "Coating",
    "Coolant",
    "CoolantLoop",
    "DayNight",
    "DesignCase",
    "Environment",
    "Function",
    "Limits",
    "Load",
    "Material",
    "Orbit",
    "Payload",
    "PhaseChangeStore",
    "Q",
    "Radiator",
    "Requirement",
    "Satellite",
    "SolarArray",
    "Table",
    "ThermalNetwork",
    "YearView",
    "__version__",
    "albedo_factor",
    "assemble",
    "battery_life",
    "degraded_modes",
    "designs",
    "earth_view_factor",
    "needed",
    "peak_duration",
    "peak_power",
    "periodic",
    "periodic_batch",
    "pointing_sweep",
    "power_envelope",
    "shadow_fraction",
    "show_versions",
    "simulate",
    "size",
    "sustained_average_power",
    "sustained_power",
    "wing_study",
    "worst_case",
    "year_view",
]


def __getattr__(name: str) -> Any:
    if name in ("designs", "errors", "units"):
        return import_module(f"thermalsat.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'thermalsat' has no attribute {name!r}")
    value = getattr(import_module(f"thermalsat.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
