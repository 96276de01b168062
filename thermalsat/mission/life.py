"""How a battery fades with the nights of its orbit, and what power is left at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.capability import Capability, sustained_power
from thermalsat.capability.answers import power_text
from thermalsat.components.provenance import Sourced
from thermalsat.constants import DAY_S, ZERO_CELSIUS_K
from thermalsat.errors import InputError
from thermalsat.load import Load
from thermalsat.mission.fade import fade_law, grown
from thermalsat.mission.nights import YEAR_DAYS, Nights
from thermalsat.physics.sun import epoch_text
from thermalsat.questions import asked_of
from thermalsat.satellite import Satellite
from thermalsat.units import QuantityLike, from_si, si, single

__all__ = ["BatteryLife", "battery_life"]

Floats = NDArray[np.float64]

LONGEST = 50.0
COLDEST_K, WARMEST_K = 288.15, 333.15
"""Range of the law of fade."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class BatteryLife:
    """Cycles, depths and fade of a battery over the years.

    Attributes
    ----------
    satellite : Satellite
        The design.
    cell : str
        Whose fade it is.
    records : tuple of Sourced
        Where the numbers of the fade come from.
    years : float
        How long.
    night_power : Quantity [kW]
        Power on the bus that the battery feeds through the longest night.
    night_energy : Quantity [kWh]
        What the longest night takes from the store.
    longest_night, longest_night_epoch : Quantity [min], str
        Its length, twilight counted in proportion, and date.
    cycles_per_year : ndarray (n,)
        Nights in each year; the last may be a part of one.
    cycles : float
        All of them.
    depth_edges, depth_cycles : ndarray (m + 1,), (m,)
        Cycles by their depth, against the capacity of their day.
    time : Quantity [year], (n + 1,)
        Ends of the years, from zero.
    capacity : Quantity [kWh], (n + 1,)
        Capacity then.
    fade_per_year : ndarray (n,)
        Share of the new capacity that each year takes.
    end_of_life : float
        Capacity at the end over capacity when new.
    deepest : float
        Largest depth at the end, against the capacity then.
    sustained : Capability
        The sustained power with this capacity, and with the cells of the array of that age.
    """

    satellite: Satellite
    cell: str
    records: tuple[Sourced, ...]
    years: float
    load_W: float
    temperature_K: float
    night_power_W: float
    night_energy_J: float
    longest_night_s: float
    longest_night_epoch: str
    cycles_per_year: Floats
    depth_edges: Floats
    depth_cycles: Floats
    time_years: Floats
    remaining: Floats
    deepest: float
    sustained: Capability

    @property
    def cycles(self) -> float:
        """Nights over all years."""
        return float(self.cycles_per_year.sum())

    @property
    def time(self) -> Any:
        """Ends of the years (Quantity [year], (n + 1,))."""
        return from_si(self.time_years, "year")

    @property
    def capacity(self) -> Any:
        """Capacity at the ends of the years (Quantity [kWh], (n + 1,))."""
        return from_si(self.remaining * self.satellite.battery.capacity_J / 3.6e6, "kWh")

    @property
    def capacity_at_end(self) -> Any:
        """Capacity at the end (Quantity [kWh])."""
        return self.capacity[-1]

    @property
    def fade_per_year(self) -> Floats:
        """Share of the new capacity that each year takes, (n,)."""
        return np.asarray(-np.diff(self.remaining))

    @property
    def end_of_life(self) -> float:
        """Capacity at the end over capacity when new."""
        return float(self.remaining[-1])

    @property
    def mean_depth(self) -> float:
        """Mean depth of the cycles, against the capacity of their day; zero without nights."""
        middles = 0.5 * (self.depth_edges[1:] + self.depth_edges[:-1])
        return float(self.depth_cycles @ middles / self.cycles) if self.cycles else 0.0

    @property
    def night_power(self) -> Any:
        """Power that the battery feeds through the longest night (Quantity [kW])."""
        return from_si(self.night_power_W / 1e3, "kW")

    @property
    def night_energy(self) -> Any:
        """What the longest night takes from the store (Quantity [kWh])."""
        return from_si(self.night_energy_J / 3.6e6, "kWh")

    @property
    def longest_night(self) -> Any:
        """Longest night, twilight counted in proportion (Quantity [min])."""
        return from_si(self.longest_night_s / 60.0, "min")

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers whose names end in their unit."""
        capacity = self.satellite.battery.capacity_J / 3.6e6
        return {
            "years": self.years,
            "cell": self.cell,
            "load_kW": self.load_W / 1e3,
            "battery_temperature_degC": self.temperature_K - ZERO_CELSIUS_K,
            "night_power_kW": self.night_power_W / 1e3,
            "night_energy_kWh": self.night_energy_J / 3.6e6,
            "longest_night_min": self.longest_night_s / 60.0,
            "longest_night_epoch": self.longest_night_epoch,
            "cycles": self.cycles,
            "cycles_per_year": self.cycles_per_year.tolist(),
            "mean_depth": self.mean_depth,
            "deepest_depth": self.deepest,
            "depth_edges": self.depth_edges.tolist(),
            "depth_cycles": self.depth_cycles.tolist(),
            "time_year": self.time_years.tolist(),
            "capacity_kWh": (self.remaining * capacity).tolist(),
            "fade_per_year": self.fade_per_year.tolist(),
            "end_of_life": self.end_of_life,
            "end_of_life_of_design": float(self.satellite.battery.end_of_life),
            "sustained_power_kW": float(self.sustained.power_W) / 1e3,
            "sources": [str(record) for record in self.records],
        }

    def __repr__(self) -> str:
        design, name = self.satellite.battery, self.satellite.name
        night = f"longest {self.longest_night_s / 60.0:.1f} min on {self.longest_night_epoch[:10]}"
        first = self.cycles_per_year[0] if len(self.cycles_per_year) else 0.0
        rows = [
            f"<Battery of {name!r} after {self.years:g} years at {power_text(self.load_W)},"
            f" fade of the {self.cell} cell",
            f"nights          {first:.0f} in the first year, {night}",
            f"longest night   {self.night_power_W / 1e3:.1f} kW on the bus,"
            f" {self.night_energy_J / 3.6e6:.1f} kWh from the store",
            f"depth           {100 * self.mean_depth:.1f} % in the mean,"
            f" {100 * self.deepest:.1f} % at the end, {100 * design.depth_of_discharge:.1f} % allowed",
            f"fade            {100 * self.fade_per_year[0]:.2f} % in the first year,"
            f" {100 * self.fade_per_year[-1]:.2f} % in the last",
            f"capacity        {design.capacity_J / 3.6e6:.1f} kWh new,"
            f" {self.capacity_at_end.magnitude:.1f} kWh at the end:"
            f" {self.end_of_life:.3f} of it ({design.end_of_life:g} in the design)",
            f"sustained then  {power_text(self.sustained.power_W)},"
            f" stopped by {self.sustained.binding_limit or 'nothing'}",
        ]
        return "\n  ".join(rows) + ">"


def battery_life(
    sat: Satellite,
    years: float = 5.0,
    *,
    load: Any = None,
    cell: str = "space",
    temperature: QuantityLike | None = None,
) -> BatteryLife:
    """Return how the battery fades with the nights of the design's orbit, and the sustained power then.

    Parameters
    ----------
    sat : Satellite
        The design; its orbit is followed from its epoch (of an orbit without one, its first case's date).
    years : float
        How long, above 0 and at most 50.
    load : Load, Quantity or str, optional
        Compute power, constant or different by day and night; default the required sustained power.
    cell : str
        Whose fade: ``"space"``, a space cell of 160 Wh/kg at its maker's bounds, or ``"LMO"``, the cell of
        the paper.
    temperature : Quantity or str, optional
        Of the battery; default `battery.radiator_temperature`.

    Returns
    -------
    BatteryLife

    Raises
    ------
    InfeasibleError
        If the battery fades so far that a night takes more than there is.

    Notes
    -----
    Each eclipse is one cycle. The periodic state at the longest night gives the power that the battery
    feeds; another night takes its share of that, by the time that the illuminated array falls short. The
    depth of a cycle is that energy over the capacity of its day, which falls by the law of
    `thermalsat.physics.fade.FadeLaw`, day by day, with the node's drift and the Sun's distance.

    Examples
    --------
    >>> import thermalsat as ts
    >>> life = ts.battery_life(ts.designs.load("dawn-dusk"))
    >>> print(f"{life.cycles_per_year[0]:.0f} nights, {life.end_of_life:.2f} of the capacity left")
    1342 nights, 0.95 of the capacity left
    """
    sat = asked_of(sat)
    if isinstance(years, bool) or not isinstance(years, (int, float)) or not 0.0 < years <= LONGEST:
        raise InputError(f"`years` must be a number above 0 and at most {LONGEST:g}, got {years!r}")
    law, proper, records = fade_law(cell)
    if temperature is None:
        temperature_K = float(sat.battery.radiator_temperature_K)
    else:
        temperature_K = single(si(temperature, "K", "temperature"), "temperature")
    if not COLDEST_K <= temperature_K <= WARMEST_K:
        raise InputError(
            "`temperature` must be between 15 and 60 degC, where the law of fade holds, got"
            f' {temperature_K - ZERO_CELSIUS_K:g} degC; give e.g. temperature="20 degC"'
        )
    chosen = Load.of(sat.requirement.sustained if load is None else load)
    nights = Nights.of(sat, years, chosen)
    found = grown(sat, law, nights, temperature_K, years)
    life = float(years)
    aged = sat.replace(
        {
            "battery.end_of_life": found.remaining[-1],
            "array.end_of_life": sat.array.end_of_life ** (life * YEAR_DAYS * DAY_S / sat.array.life_s),
        }
    )
    worst = int(np.argmax(nights.drawn_J))
    return BatteryLife(
        satellite=sat,
        cell=proper,
        records=records,
        years=life,
        load_W=chosen.base_W,
        temperature_K=temperature_K,
        night_power_W=nights.power_W,
        night_energy_J=float(nights.drawn_J[worst]),
        longest_night_s=float(nights.night_s[worst]),
        longest_night_epoch=epoch_text(nights.days[worst]),
        cycles_per_year=found.cycles,
        depth_edges=found.edges,
        depth_cycles=found.depths,
        time_years=found.time_years,
        remaining=found.remaining,
        deepest=float(nights.drawn_J[worst] / (sat.battery.capacity_J * found.remaining[-1])),
        sustained=sustained_power(aged),
    )
