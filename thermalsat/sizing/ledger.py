"""The margin ledger: the radiator's area as sequential sums, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from thermalsat.capability.bursts import Start
from thermalsat.capability.search import Found, largest
from thermalsat.capability.study import Study, scaled, upper
from thermalsat.errors import ConvergenceError, InfeasibleError
from thermalsat.satellite import Satellite
from thermalsat.sizing.solve import solve
from thermalsat.sizing.trial import Demand, size_of
from thermalsat.units import from_si

__all__ = ["ALTERNATIVE_K", "Ledger", "Row", "make_ledger"]

ALTERNATIVE_K = 11.0
"""Temperature margin of a passive design whose model a test confirmed, the alternative to a load margin
(MIL-STD-1540B)."""
ROUGH_W, ROUGH = 50.0, 1e-3
ALONE, COOLER, LOADED = 0.8, 1.2, 1.4
"""First guesses: area without wings and with the temperature margin, over that of the design, and the power
of the load with which it grows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the ledger: planform area up to here [m^2] and what this line added.

    `area_m2` is None where there is no such area; `note` says why, or what was assumed.
    """

    name: str
    area_m2: float | None
    added_m2: float | None = None
    note: str = ""

    @property
    def area(self) -> Any:
        """Planform area (Quantity [m^2]), or None."""
        return None if self.area_m2 is None else from_si(self.area_m2, "m^2")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ledger:
    """The radiator's area as a reviewer reads it.

    Attributes
    ----------
    sums : tuple of Row
        Beginning of life; + hot end of life; + array view and pointing; + whole tubes, which is the
        radiator's area; + load margin.
    beside : tuple of Row
        The temperature margin that may be taken instead of the load margin.
    loop_out_power_W : float or None
        Sustained power that the radiator's limits allow with one loop lost.
    loop_out_fraction : float or None
        The same over the required sustained power.
    loop_out_note : str
    """

    sums: tuple[Row, ...]
    beside: tuple[Row, ...]
    loop_out_power_W: float | None
    loop_out_fraction: float | None
    loop_out_note: str

    def __repr__(self) -> str:
        rows = []
        for row in (*self.sums, *self.beside):
            area = "-" if row.area_m2 is None else f"{row.area_m2:.1f} m²"
            added = "" if row.added_m2 is None else f"{row.added_m2:+.1f} m²"
            rows.append(f"{row.name:<34} {area:>10} {added:>10}  {row.note}".rstrip())
        out = "n/a" if self.loop_out_fraction is None else f"{100.0 * self.loop_out_fraction:.0f} %"
        rows.append(f"{'one loop out: share of the power':<34} {out:>10}  {self.loop_out_note}".rstrip())
        return "\n  ".join(["<Margin ledger, planform", *rows]) + ">"

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers; names end in their unit."""
        return {
            "sums": [_plain(row) for row in self.sums],
            "beside": [_plain(row) for row in self.beside],
            "one_loop_out_power_kW": None if self.loop_out_power_W is None else self.loop_out_power_W / 1e3,
            "one_loop_out_fraction": self.loop_out_fraction,
            "one_loop_out_note": self.loop_out_note,
        }


def make_ledger(
    sat: Satellite,
    demand: Demand,
    solved_m2: float,
    start: Start,
    margin: float,
    name: str,
    slopes: Mapping[str, Mapping[Any, float]] | None = None,
) -> Ledger:
    """Return the ledger of a sized design.

    Parameters
    ----------
    sat : Satellite
        The sized design.
    demand : Demand
        What it was sized for.
    solved_m2 : float
        Radiator area before tubes were made whole [m^2].
    start : Start
        Case and burst start that set the radiator.
    margin : float
        Load margin.
    name : str
        Name of the limit that set the radiator.
    slopes : mapping, optional
        `Solved.slopes` of the design.
    """
    ageing = sat.case(start.case).ageing
    alone = {"geometry.without": "all", "radiator.pointing_error": "0 deg"}
    new = {f"cases.{start.case}.ageing": "bol"}

    def area(changes: Mapping[str, Any], asked: Demand, guess_m2: float | None) -> float | None:
        design = sat.replace(dict(changes)) if changes else sat
        if guess_m2 is not None:
            design = design.resized(from_si(guess_m2, "m^2"))
        starts = [start] if start.phase >= 0.0 else []
        try:
            found = solve(
                design, asked, free=("radiator",), starts=starts, cases=[start.case], tolerance=ROUGH,
                slopes=slopes,
            )  # fmt: skip
        except (InfeasibleError, ConvergenceError):
            return None
        return float(found.satellite.radiator.area_m2)

    more = 1.0 + margin
    loaded = replace(demand, sustained_W=more * demand.sustained_W, peak_W=more * demand.peak_W)
    built = sat.radiator.area_m2
    first = area({**alone, **new}, demand, ALONE * built)
    aged = area(alone, demand, first)
    heavy = area({}, loaded, more**LOADED * built)
    values = [
        ("beginning of life", first, "ideal pointing, without the wings"),
        ("+ hot end of life", aged, f"{start.case} case" if ageing == "eol" else "no ageing"),
        ("+ array view and pointing", solved_m2, "what the limits ask for"),
        ("+ whole tubes = radiator area", built, f"{sat.radiator.tubes_built} tubes"),
        (
            f"+ {100.0 * margin:g} % load margin",
            heavy,
            "area for the load times that",
        ),
    ]
    sums: list[Row] = []
    before: float | None = None
    for title, value, note in values:
        added = None if value is None or before is None else value - before
        sums.append(Row(name=title, area_m2=value, added_m2=added, note=note))
        before = value if value is not None else before
    cooler = area({}, replace(demand, spare_K=ALTERNATIVE_K), COOLER * built)
    beside = Row(
        name=f"instead of it: {ALTERNATIVE_K:g} K margin",
        area_m2=cooler,
        added_m2=None if cooler is None else cooler - built,
        note=f"{name} {ALTERNATIVE_K:g} K lower" if cooler is not None else "out of reach of any area",
    )
    power, note = loop_out(sat, [start.case])
    return Ledger(
        sums=tuple(sums),
        beside=(beside,),
        loop_out_power_W=power,
        loop_out_fraction=None if power is None else power / demand.sustained_W,
        loop_out_note=note,
    )


def loop_out(sat: Satellite, cases: Sequence[str]) -> tuple[float | None, str]:
    """Return the sustained power that the radiator's limits allow with one loop lost, and how it was taken.

    Interleaved loops leave every tube of the others with a wider pitch; segregated ones lose their part
    of the panels. The coolant goes with its loop, so that the flow per tube stays.
    """
    loops = sat.loop.loops
    if loops < 2:
        return None, "there is one loop only"
    left = (loops - 1) / loops
    flow = from_si(left * sat.loop.mass_flow_kg_s, "kg/s")
    if sat.loop.interleaved:
        pitch = from_si(sat.radiator.pitch_m / left, "m")
        design = sat.replace({"loop.mass_flow": flow, "radiator.pitch": pitch})
        note = f"tubes of {loops} loops alternate, {loops - 1} left"
    else:
        area = from_si(left * sat.radiator.area_m2, "m^2")
        design = sat.replace({"loop.mass_flow": flow, "radiator.area": area})
        note = f"{loops - 1} of {loops} separate parts left"
    study = Study.of(design, cases)

    def evaluate(power_W: float) -> Mapping[Any, float] | None:
        margins: dict[Any, float] = {}
        for case in study.cases:
            limits = study.limits(case, power_W)
            if limits is None:
                return None
            margins |= scaled([one for one in upper(limits) if size_of(one) == "radiator"], case)
        return margins

    idle, asked = sat.payload.idle_floor_W, sat.requirement.sustained_W
    found = largest(evaluate, low=idle, first=0.7 * asked, high=10.0 * asked, tolerance=ROUGH_W)
    if not isinstance(found, Found):
        return 0.0, note + "; not even the idle floor is held"
    return found.x, note + "; limits of the radiator alone, sustained"


def _plain(row: Row) -> dict[str, Any]:
    return {"name": row.name, "area_m2": row.area_m2, "added_m2": row.added_m2, "note": row.note}
