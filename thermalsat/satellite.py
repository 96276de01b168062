"""The satellite: every part of a design, checked together, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from os import PathLike
from pathlib import Path
from typing import Any

from thermalsat.cases import DesignCase, Limits, Requirement, named_cases
from thermalsat.components.array import SolarArray
from thermalsat.components.battery import Battery
from thermalsat.components.bus import Bus
from thermalsat.components.field import unknown_name
from thermalsat.components.geometry import Geometry, Rectangle
from thermalsat.components.loop import CoolantLoop
from thermalsat.components.masses import Cost, Masses
from thermalsat.components.part import FrozenDict, Part
from thermalsat.components.payload import Payload
from thermalsat.components.provenance import Sourced
from thermalsat.components.radiator import Radiator
from thermalsat.components.store import PhaseChangeStore
from thermalsat.designnights import unbridged
from thermalsat.errors import DesignError, InputError
from thermalsat.massbudget import battery_radiator_m2
from thermalsat.orbit import Orbit
from thermalsat.sources import Source, provenance_of
from thermalsat.surroundings import OrbitStatement, Surroundings

__all__ = ["SECTIONS", "Satellite", "Source"]

SECTIONS: dict[str, type[Part]] = {
    "requirement": Requirement,
    "orbit": OrbitStatement,
    "environment": Surroundings,
    "payload": Payload,
    "bus": Bus,
    "loop": CoolantLoop,
    "store": PhaseChangeStore,
    "radiator": Radiator,
    "array": SolarArray,
    "battery": Battery,
    "geometry": Geometry,
    "masses": Masses,
    "limits": Limits,
    "cost": Cost,
}


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Satellite:
    """A design: requirement, orbit, cases and every part.

    Parameters
    ----------
    name : str
        What it is called.
    requirement : Requirement
        What it is asked to hold.
    orbit : Orbit
        Where it flies.
    cases : mapping of str to DesignCase, or sequence of DesignCase
        Circumstances in which the limits must hold.
    payload, bus, loop, radiator, array, battery : Payload, Bus, CoolantLoop, Radiator, SolarArray, Battery
        Its parts; only radiator, array and battery have no defaults.
    store : PhaseChangeStore, optional
        Material on the loop that melts in peaks; by default there is none.
    environment, geometry, masses, limits, cost : optional
        What surrounds it, where its surfaces are, what it weighs, what else must not be exceeded.
    description : str, optional
        A sentence for reports.
    marks : mapping of str to str, optional
        Mark of the source for each dotted name.
    sources : mapping of str to Source, optional
        The source for each mark.

    Raises
    ------
    DesignError
        With every contradiction between the parts in `faults`.

    Examples
    --------
    >>> import thermalsat as ts
    >>> sat = ts.designs.load("leo-53")
    >>> sat.replace("radiator.area", "130 m^2").radiator.tubes
    104.0
    """

    name: str
    requirement: Requirement
    orbit: Any
    cases: Any
    radiator: Radiator
    array: SolarArray
    battery: Battery
    payload: Payload = field(default_factory=Payload)
    bus: Bus = field(default_factory=Bus)
    loop: CoolantLoop = field(default_factory=CoolantLoop)
    store: PhaseChangeStore = field(default_factory=PhaseChangeStore)
    environment: Surroundings = field(default_factory=Surroundings)
    geometry: Geometry = field(default_factory=Geometry)
    masses: Masses = field(default_factory=Masses)
    limits: Limits = field(default_factory=Limits)
    cost: Cost = field(default_factory=Cost)
    description: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    orbit_statement: OrbitStatement = field(init=False)

    def __post_init__(self) -> None:
        statement = OrbitStatement.of(self.orbit)
        self._set(orbit_statement=statement, orbit=_orbit(statement), cases=named_cases(self.cases))
        for section, noun in SECTIONS.items():
            part = self.part(section)
            if part is None and section == "battery":
                raise DesignError(unbridged(self))
            if not isinstance(part, noun):
                raise InputError(f"`{section}` must be a {noun.__name__}, got {part!r}")
        self._set(marks=FrozenDict(self.marks), sources=FrozenDict(self.sources))
        faults = self.faults()
        if faults:
            raise DesignError(faults)

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @classmethod
    def from_file(cls, path: str | PathLike[str]) -> Satellite:
        """Read a design file.

        Raises
        ------
        DesignError
            With all faults of the file in `faults`, each naming its line and key.
        """
        from thermalsat.designfile import read

        return read(path)

    def to_toml(self) -> str:
        """Return the text of a design file that reads back as this satellite."""
        from thermalsat.designtext import write

        return write(self)

    def save(self, path: str | PathLike[str]) -> None:
        """Write a design file."""
        Path(path).write_text(self.to_toml(), encoding="utf-8")

    def part(self, section: str) -> Any:
        """Return the noun of a section of the design file; the orbit as it was stated."""
        return self.orbit_statement if section == "orbit" else getattr(self, section)

    def replace(self, name: str | Mapping[str, Any], value: Any = None) -> Satellite:
        """Return a copy with one or more values changed, checked again.

        Parameters
        ----------
        name : str or mapping
            A dotted name such as ``"radiator.area"`` or ``"cases.hot.albedo"``, or a section such as
            ``"radiator"``; or a mapping of several names to values, which are changed together.
        value : Quantity, str, number or noun
            The new value.

        Raises
        ------
        InputError
            For an unknown name, with the nearest known one, or a value that is refused.
        DesignError
            If the changed design contradicts itself.
        """
        from thermalsat.designchange import changed

        return changed(self, dict(name) if isinstance(name, Mapping) else {name: value})

    def sections(self) -> dict[str, Part]:
        """Return every section of the design file with its noun, cases as ``cases.<name>``."""
        return {name: self.part(name) for name in SECTIONS} | {
            f"cases.{n}": case for n, case in self.cases.items()
        }

    def values(self) -> dict[str, Any]:
        """Return every key by its dotted name with its value as it was written, None where there is none."""
        parts = self.sections().items()
        return {f"{section}.{key}": value for section, part in parts for key, value in part.leaves().items()}

    @property
    def provenance(self) -> dict[str, Sourced]:
        """The origin of every number by its dotted name."""
        return provenance_of(self)

    def orbit_of(self, case: DesignCase | str) -> Orbit:
        """Return the idealised orbit of a case: its beta, and the Sun at the distance of its date."""
        found = self.case(case)
        beta = found.beta if found.beta is not None else self.orbit.beta(found.__dict__["date"])
        return Orbit.from_beta(altitude=self.orbit.altitude, beta=beta, epoch=found.__dict__["date"])

    def environment_values(self, case: DesignCase | str) -> dict[str, Any]:
        """Return the arguments from which the `Environment` of a case is made."""
        found, around = self.case(case), self.environment
        return {
            "orbit": self.orbit,
            "solar_flux": found.solar_flux if found.enveloped else around.solar_constant,
            "albedo": found.albedo,
            "earth_ir": found.earth_ir,
            "shadow": around.shadow,
            "albedo_model": around.albedo_model,
            "epoch": found.__dict__["date"],
            "beta": found.beta,
            "enveloped": found.enveloped,
        }

    def case(self, case: DesignCase | str) -> DesignCase:
        """Return the case of that name.

        Raises
        ------
        InputError
            If there is none, with the nearest that there is.
        """
        if isinstance(case, DesignCase):
            return case
        if case not in self.cases:
            raise InputError(unknown_name(str(case), list(self.cases), "case of this design"))
        found: DesignCase = self.cases[case]
        return found

    def rectangles(self) -> list[Rectangle]:
        """Wings, panels and body sides in the Sun-fixed body frame."""
        return self.geometry.rectangles(
            self.array.area_m2, self.radiator.area_m2, self.radiator.tube_length_m
        )

    @property
    def masses_kg(self) -> dict[str, float]:
        """Mass of each part by name [kg]; store and the battery's own radiator where there are any."""
        parts = self.battery.mass_kg, self.store.total_kg, battery_radiator_m2(self)
        return self.masses.parts_kg(self.array.area_m2, self.radiator.area_m2, *parts)

    @property
    def mass_kg(self) -> float:
        """Mass of the satellite [kg]."""
        return sum(self.masses_kg.values())

    @property
    def flow_per_tube_kg_s(self) -> float:
        """Coolant flow in one tube with the bypass closed [kg/s]."""
        return float(self.loop.mass_flow_kg_s / self.radiator.tubes)

    def resized(self, radiator_area: Any) -> Satellite:
        """Return a copy with another radiator area at the same flow per tube.

        Parameters
        ----------
        radiator_area : Quantity or str
            Planform area.
        """
        radiator = self.radiator.replace(area=radiator_area)
        flow = f"{self.flow_per_tube_kg_s * radiator.tubes!r} kg/s"
        return self.replace({"radiator": radiator, "loop.mass_flow": flow})

    def faults(self) -> list[str]:
        """Return contradictions between the parts, a sentence each; empty if there are none."""
        from thermalsat.designchecks import contradictions

        return contradictions(self)

    def _identity(self) -> tuple[Any, ...]:
        return (self.name, tuple(self.cases.values()), *(self.part(section) for section in SECTIONS))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Satellite):
            return NotImplemented
        return self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __repr__(self) -> str:
        r, a, b, q = self.radiator, self.array, self.battery, self.requirement
        return (
            f"<Satellite {self.name!r}: {q.sustained_W / 1e3:g} kW sustained, {q.peak_W / 1e3:g} kW for"
            f" {q.burst_s / 60:g} min; radiator {r.area_m2:.4g} m² planform,"
            f" {r.emitting_area_m2:.4g} m² emitting,"
            f" array {a.area_m2:.4g} m², battery {b.capacity_J / 3.6e6:.4g} kWh, {self.mass_kg:.0f} kg;"
            f" cases {', '.join(self.cases)}>"
        )


@cache
def _orbit(statement: OrbitStatement) -> Orbit:
    try:
        orbit: Orbit = statement.build()
    except InputError as error:
        raise DesignError(f"`orbit`: {error}") from None
    return orbit
