"""The radiator: thin plates with tubes bonded to them, both faces radiating."""

from __future__ import annotations

import math
from dataclasses import dataclass

from thermalsat.components.coating import Coating
from thermalsat.components.fields import Angle, Choice, ChoiceOrAngle, Number, Pair
from thermalsat.components.part import Nested, Part

__all__ = ["Radiator"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Radiator(Part):
    """All panels of the compute loop, edge-on to the Sun, stated by their planform area.

    {parameters}

    Notes
    -----
    ``area = tubes * pitch * tube_length``: a changed area changes the number of tubes, which is a
    real number while a design is being sized. Both faces radiate, so that the emitting area is twice
    the planform. Tubes run along x, from the edge nearest to the array outwards; the mesh covers half
    a pitch where symmetry holds.

    Examples
    --------
    >>> panel = Radiator(area="110 m^2")
    >>> panel.tubes, panel.emitting_area_m2
    (88.0, 220.0)
    """

    section = "radiator"

    area: Number = Number("m^2", "planform area of all panels, one side", above=0.0, high=1e7)
    pitch: Number = Number("m", "distance between tubes", default="0.125 m", above=0.0, high=10.0)
    tube_diameter: Number = Number("m", "inner diameter of a tube", default="8 mm", above=0.0, high=1.0)
    tube_length: Number = Number("m", "length of a tube, one pass", default="10 m", above=0.0, high=1000.0)
    thickness: Number = Number(
        "m", "thickness of both face sheets together", default="0.8 mm", above=0.0, high=1.0
    )
    conductivity: Number = Number(
        "W/m/K", "in-plane conductivity of the sheets", default="180 W/m/K", above=0.0, high=5000.0
    )
    density: Number = Number("kg/m^3", "density of the sheets", default="2700 kg/m^3", above=0.0, high=3e4)
    specific_heat: Number = Number(
        "J/kg/K", "specific heat of the sheets", default="896 J/kg/K", above=0.0, high=1e4
    )
    bond: Number = Number(
        "W/m/K", "conductance from tube wall to sheet per length", default="60 W/m/K", above=0.0
    )
    coating: Coating = Nested(Coating, "optics of both faces", default="Z-93 design")  # type: ignore[assignment]
    cells: Pair = Pair("mesh cells along a tube and across half a pitch", default=(24, 4), low=1, high=10000)
    symmetry: Choice = Choice(
        ("half-pitch", "full"),
        "mesh half a pitch for a wing of equal tubes, or the full plate",
        default="half-pitch",
    )
    secondary: ChoiceOrAngle = ChoiceOrAngle(
        ("orbit-normal", "earth"),
        "where the normal points on the circle around the Sun line",
        default="orbit-normal",
    )
    pointing_error: Angle = Angle(
        "tilt about the in-panel axis across the Sun line; its sign is kept",
        default="1 deg",
        low=-1.5,
        high=1.5,
    )

    def faults(self) -> list[str]:
        """Return contradictions between the fields."""
        found = []
        if self.pitch_m <= self.tube_diameter_m:
            found.append(
                f"`{self.named('pitch')}` must be above `{self.named('tube_diameter')}`"
                f" ({self.tube_diameter_m:g} m), got {self.pitch_m:g} m"
            )
        if self.tubes < 1.0:
            found.append(
                f"`{self.named('area')}` must hold at least one tube of"
                f" {self.pitch_m * self.tube_length_m:g} m^2"
                f" (pitch times tube_length), got {self.area_m2:g} m^2; raise the area or shorten the tube"
            )
        return found

    @property
    def tubes(self) -> float:
        """Number of tubes, a real number."""
        return float(self.area_m2 / (self.pitch_m * self.tube_length_m))

    @property
    def tubes_built(self) -> int:
        """Number of tubes, rounded up."""
        return math.ceil(self.tubes - 1e-9)

    @property
    def emitting_area_m2(self) -> float:
        """Area of both faces [m^2]."""
        return float(2.0 * self.area_m2)

    @property
    def areal_heat_capacity_J_m2_K(self) -> float:
        """Heat capacity of the sheets per planform area [J/m^2/K]."""
        return float(self.thickness_m * self.density_kg_m3 * self.specific_heat_J_kg_K)

    @property
    def secondary_rad(self) -> float | None:
        """The angle of `secondary` [rad], or None where it is a word."""
        stored = self.__dict__["secondary"]
        return None if isinstance(stored, str) else stored.si
