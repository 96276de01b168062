"""What a year's view holds, and how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat._optional import axes as drawn_on
from thermalsat.capability.answers import power_text
from thermalsat.constants import ZERO_CELSIUS_K
from thermalsat.satellite import Satellite
from thermalsat.units import from_si

__all__ = ["YearView"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class YearView:
    """A design against the date.

    Attributes
    ----------
    satellite : Satellite
        The design.
    epochs : tuple of str, length n
        Dates.
    beta : Quantity [deg], (n,)
        Angle of the Sun above the orbit plane.
    sun_distance : Quantity [au], (n,)
        Distance of the Sun.
    night : Quantity [min], (n,)
        Night of an orbit, twilight counted in proportion.
    sustained : Quantity [kW], (n,)
        Largest constant compute power that this date's orbit holds; 0 where not even the idle floor is.
    binding : tuple of str, length n
        The limit that stops it.
    junction_max, coolant_max, array_max : Quantity [K], (n,)
        Highest temperatures at the required power.
    coolant_min, array_min : Quantity [K], (n,)
        Lowest temperatures, of the coolant in the panels, at the idle floor.
    depth : ndarray (n,)
        Depth of discharge at the required power, against the end-of-life capacity.
    recharge : Quantity [kWh], (n,)
        Energy of an orbit beyond what refills the battery, at the required power.
    """

    satellite: Satellite
    epochs: tuple[str, ...]
    beta_rad: Floats
    sun_distance_au: Floats
    night_s: Floats
    sustained_W: Floats
    binding: tuple[str, ...]
    junction_max_K: Floats
    coolant_max_K: Floats
    coolant_min_K: Floats
    array_max_K: Floats
    array_min_K: Floats
    depth: Floats
    margin_J: Floats

    @property
    def beta(self) -> Any:
        """Angle of the Sun above the orbit plane (Quantity [deg], (n,))."""
        return from_si(np.degrees(self.beta_rad), "deg")

    @property
    def sun_distance(self) -> Any:
        """Distance of the Sun (Quantity [au], (n,))."""
        return from_si(self.sun_distance_au, "astronomical_unit")

    @property
    def night(self) -> Any:
        """Night of an orbit (Quantity [min], (n,))."""
        return from_si(self.night_s / 60.0, "min")

    @property
    def sustained(self) -> Any:
        """Largest constant compute power (Quantity [kW], (n,))."""
        return from_si(self.sustained_W / 1e3, "kW")

    @property
    def junction_max(self) -> Any:
        """Hottest junction at the required power (Quantity [K], (n,))."""
        return from_si(self.junction_max_K, "K")

    @property
    def coolant_max(self) -> Any:
        """Hottest coolant at the required power (Quantity [K], (n,))."""
        return from_si(self.coolant_max_K, "K")

    @property
    def coolant_min(self) -> Any:
        """Coldest coolant in a panel at the idle floor (Quantity [K], (n,))."""
        return from_si(self.coolant_min_K, "K")

    @property
    def array_max(self) -> Any:
        """Hottest cells at the required power (Quantity [K], (n,))."""
        return from_si(self.array_max_K, "K")

    @property
    def array_min(self) -> Any:
        """Coldest cells (Quantity [K], (n,))."""
        return from_si(self.array_min_K, "K")

    @property
    def recharge(self) -> Any:
        """Energy of an orbit beyond what refills the battery (Quantity [kWh], (n,))."""
        return from_si(self.margin_J / 3.6e6, "kWh")

    @property
    def worst(self) -> int:
        """Index of the date with the lowest sustained power."""
        return int(np.argmin(self.sustained_W))

    @property
    def mean(self) -> Any:
        """Mean over the dates of the power that each holds (Quantity [kW])."""
        return from_si(float(self.sustained_W.mean()) / 1e3, "kW")

    def to_dict(self) -> dict[str, Any]:
        """Return plain columns whose names end in their unit."""
        return {
            "epochs": list(self.epochs),
            "beta_deg": np.degrees(self.beta_rad).tolist(),
            "sun_distance_au": self.sun_distance_au.tolist(),
            "night_min": (self.night_s / 60.0).tolist(),
            "sustained_power_kW": (self.sustained_W / 1e3).tolist(),
            "binding_limit": list(self.binding),
            **{
                f"{name}_degC": (getattr(self, f"{name}_K") - ZERO_CELSIUS_K).tolist()
                for name in ("junction_max", "coolant_max", "coolant_min", "array_max", "array_min")
            },
            "depth_of_discharge": self.depth.tolist(),
            "recharge_kWh": (self.margin_J / 3.6e6).tolist(),
        }

    def plot(self, axes: Any = None) -> Any:
        """Draw power, night and temperatures below each other (extra ``plot``).

        Parameters
        ----------
        axes : three matplotlib Axes, optional

        Returns
        -------
        array of matplotlib Axes
        """
        axes = drawn_on(axes, 3, sharex=True, layout="constrained")
        dates = np.array(self.epochs, dtype="datetime64[D]")
        power, night, heat = axes
        power.plot(dates, self.sustained_W / 1e3, label="sustained power")
        power.axhline(self.satellite.requirement.sustained_W / 1e3, linestyle=":", label="required")
        power.set_ylabel("compute power [kW]")
        night.plot(dates, self.night_s / 60.0, label="night")
        night.set_ylabel("night [min]")
        for name in ("junction_max", "coolant_max", "coolant_min", "array_max", "array_min"):
            label = name.replace("_", " ")
            heat.plot(dates, getattr(self, f"{name}_K") - ZERO_CELSIUS_K, label=label)
        heat.set_ylabel("temperature [degC]")
        for one in (power, heat):
            one.legend(fontsize="small")
        return axes

    def __len__(self) -> int:
        return len(self.epochs)

    def __repr__(self) -> str:
        k, low = self.worst, self.sustained_W.min()
        dark = int(np.argmax(self.night_s))
        celsius = {
            name: getattr(self, f"{name}_K") - ZERO_CELSIUS_K
            for name in ("coolant_max", "coolant_min", "array_max", "array_min")
        }
        rows = [
            f"<Year of {self.satellite.name!r}: {len(self)} dates from {self.epochs[0]}",
            f"beta       {np.degrees(self.beta_rad).min():.1f} to {np.degrees(self.beta_rad).max():.1f} deg",
            f"night      up to {self.night_s[dark] / 60.0:.1f} min, on {self.epochs[dark]};"
            f" none on {int(np.count_nonzero(self.night_s == 0.0))} of the dates",
            f"sustained  {power_text(low)} to {power_text(self.sustained_W.max())};"
            f" least on {self.epochs[k]}, stopped by {self.binding[k] or 'nothing'}",
            f"coolant    {celsius['coolant_min'].min():.1f} to {celsius['coolant_max'].max():.1f} degC",
            f"array      {celsius['array_min'].min():.1f} to {celsius['array_max'].max():.1f} degC",
        ]
        return "\n  ".join(rows) + ">"
