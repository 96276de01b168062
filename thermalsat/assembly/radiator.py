"""The panels: a plate with tubes, and what its two faces exchange with Sun, Earth, wings and sky."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from thermalsat.assembly.faces import FaceHeat, Surroundings, kept, kept_large, panel_attitude
from thermalsat.assembly.views import PanelViews, earth_seen, hidden_earth, less_hidden, panel_views
from thermalsat.errors import InputError
from thermalsat.laws import WallLaw
from thermalsat.network import ThermalNetwork
from thermalsat.network.places import Boundary, Node
from thermalsat.network.plate import Line, Plate
from thermalsat.physics.attitude import Opposite
from thermalsat.physics.correlations import wall_conductance_per_m
from thermalsat.physics.fluid_laws import FluidLaws
from thermalsat.pieces import Pieces
from thermalsat.satellite import Satellite
from thermalsat.units import Bare

__all__ = [
    "Panel",
    "TubeWall",
    "add_panel",
    "expose_panel",
    "face_views",
    "flow_per_tube_kg_s",
    "shared_wall",
    "tube_wall",
]


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """The plate that stands for all panels.

    Attributes
    ----------
    plate : Plate
        ``copies`` times it is the whole radiator.
    lines : list of Line
        Where the tubes lie.
    tubes : float
        Tubes of the whole radiator.
    share : float
        Part of a tube that each line stands for: a half on an edge of symmetry.
    """

    plate: Plate
    lines: list[Line]
    tubes: float
    share: float


def add_panel(net: ThermalNetwork, satellite: Satellite, temperature: Any) -> Panel:
    """Add the plate: half a pitch with a tube on its edge, or one whole panel.

    Raises
    ------
    InputError
        If the full plate's tubes cannot be shared by the panels.
    """
    radiator = satellite.radiator
    nx, ny = radiator.cells
    common = {
        "thickness": Bare(radiator.thickness_m, "m"),
        "conductivity": Bare(radiator.conductivity_W_m_K, "W/m/K"),
        "density": Bare(radiator.density_kg_m3, "kg/m^3"),
        "specific_heat": Bare(radiator.specific_heat_J_kg_K, "J/kg/K"),
        "temperature": temperature,
    }
    length, pitch = radiator.tube_length_m, radiator.pitch_m
    along = even_edges(length, nx)
    if radiator.symmetry == "half-pitch":
        cells = (along, even_edges(0.5 * pitch, ny))
        half = net.plate("radiator", cells=cells, copies=2.0 * radiator.tubes, **common)
        return Panel(plate=half, lines=[half.line(y=Bare(0.0, "m"))], tubes=radiator.tubes, share=0.5)
    panels, tubes = satellite.geometry.panels, radiator.tubes_built
    if tubes % panels:
        raise InputError(
            f"`radiator.area` must hold the same number of tubes in each of the {panels} panels where"
            f' `radiator.symmetry` is "full", got {tubes} tubes; take {(tubes + 1) * pitch * length:g} m^2'
        )
    each = tubes // panels
    cells = (along, even_edges(each * pitch, 2 * ny * each))
    plate = net.plate("radiator", cells=cells, copies=float(panels), **common)
    lines = [plate.line(y=Bare((k + 0.5) * pitch, "m")) for k in range(each)]
    return Panel(plate=plate, lines=lines, tubes=float(tubes), share=1.0)


def even_edges(length_m: float, count: int) -> Any:
    """Return edges of cells that are equal to the last bit, so that they share what depends on the width.

    The width is rounded to 40 binary digits, of which every multiple up to 8192 is exact.
    """
    mantissa, exponent = math.frexp(length_m / count)
    width = math.ldexp(round(mantissa * 2.0**40), exponent - 40)
    return Bare(width * np.arange(count + 1), "m")


def flow_per_tube_kg_s(satellite: Satellite, tubes: float) -> float:
    """Return the flow of one tube, the same for areas and flows in proportion, to twelve digits."""
    return float(f"{satellite.loop.mass_flow_kg_s / tubes:.12g}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TubeWall:
    """The conductance between coolant and sheet per length [W/m/K]: film and bond in series.

    A function of coolant temperature [K] and flow fraction, for `share` of a tube. The film is that of
    a smooth tube (Gnielinski), the thermal entry left out.
    """

    flow_kg_s: float
    diameter_m: float
    bond_W_m_K: float
    share: float
    laws: FluidLaws

    def __call__(self, temperature_K: Any, fraction: Any) -> Any:
        """Return the conductance at a coolant temperature [K] and a part of the flow."""
        flow, bond = self.flow_kg_s * np.asarray(fraction), self.bond_W_m_K
        film = wall_conductance_per_m(flow, self.diameter_m, temperature_K, self.laws)
        return self.share * film * bond / (film + bond)


def tube_wall(satellite: Satellite, tubes: float, share: float) -> TubeWall:
    """Return the wall of one of so many tubes."""
    radiator = satellite.radiator
    return TubeWall(
        flow_kg_s=flow_per_tube_kg_s(satellite, tubes),
        diameter_m=radiator.tube_diameter_m,
        bond_W_m_K=radiator.bond_W_m_K,
        share=share,
        laws=satellite.loop.coolant.laws,
    )


class _Wall:
    """A wall's conductance, and what networks have worked out for it."""

    def __init__(self, conductance: Callable[[Any, Any], Any]) -> None:
        self.conductance = conductance
        self.laws: dict[Any, WallLaw] = {}
        self.fluids: dict[int, Any] = {}


def shared_wall(net: ThermalNetwork, satellite: Satellite, panel: Panel) -> Callable[[Any, Any], Any]:
    """Return the wall's conductance for a network, with what was worked out for others of the same flow."""
    loop, radiator = satellite.loop, satellite.radiator
    flow = flow_per_tube_kg_s(satellite, panel.tubes)
    key = ("wall", loop.coolant, flow, radiator.tube_diameter_m, radiator.bond_W_m_K, panel.share)
    found = kept.get(key, lambda: _Wall(tube_wall(satellite, panel.tubes, panel.share)))
    # the network knows laws by the identity of wall and fluid, which live as long as this entry
    net.wall_laws, net._fluids = found.laws, found.fluids
    return found.conductance


def expose_panel(
    net: ThermalNetwork,
    satellite: Satellite,
    panel: Panel,
    around: Surroundings,
    ageing: str,
    array_back: Node,
    sky: Boundary,
) -> None:
    """Put both faces into their surroundings.

    Notes
    -----
    Radiation between panel and wings is exchanged with ``eps_p eps_a F`` in both directions; what one
    reflects of the other goes to the sky, an error of the order ``(1 - eps_a) eps_p F_ap``. The body is
    insulated and gives back what it takes from the panel, so that share of the view exchanges nothing.
    The sky gets what is left, ``1 - eps_a F - F_body`` of the emission; the Earth's infrared comes in
    over the part of the Earth that neither wings nor body hide, sunlight it reflects over all of it.
    """
    plate, coating = panel.plate, satellite.radiator.coating
    nx, ny = plate.shape
    views = face_views(satellite, panel)
    emittance, absorptance = coating.emittance_at(ageing), coating.solar_absorptance_at(ageing)
    wing_emittance = satellite.array.back.emittance_at(ageing)
    to_array = np.broadcast_to(wing_emittance * views.array, (nx, ny))
    to_sky = np.broadcast_to(1.0 - wing_emittance * views.array - views.body, (nx, ny))
    attitude = panel_attitude(satellite)
    area = float(plate.area_m2.sum())
    for side, turn in (("front", 1), ("back", -1)):
        face = plate.face(side)
        net.radiate(face, array_back, emissivity=emittance, view_factor=to_array, name=f"{side} -> array")
        net.radiate(face, sky, emissivity=emittance, view_factor=to_sky, name=f"{side} -> sky")
        heat = around.face(attitude if turn > 0 else Opposite(attitude))
        seen = _seen(satellite, around, views, heat, turn).scaled(heat.heat.earth_ir_W_m2)
        net.heat(face, seen.scaled(emittance * area), name=f"earth infrared -> {side}")
        net.heat(face, heat.albedo.scaled(absorptance * area), name=f"albedo -> {side}")
        lit = np.broadcast_to(views.lit, (nx, ny))
        if turn == views.lit_face and heat.direct.coef.any() and lit.any():
            share = float(np.mean(views.lit))
            sun = heat.direct.scaled(absorptance * area * share)
            net.heat(face, sun, pattern=lit, name=f"sun -> {side}")


def face_views(satellite: Satellite, panel: Panel) -> PanelViews:
    """Return what the cells of either face see; half a pitch sees the mean across the panel."""
    nx, rows = panel.plate.shape
    ny = 1 if panel.share == 0.5 else rows
    key = ("views", _shape(satellite), nx, ny)
    return kept.get(key, lambda: panel_views(satellite, nx, ny))


def _seen(satellite: Satellite, around: Surroundings, views: PanelViews, heat: FaceHeat, turn: int) -> Pieces:
    """View factor of a face to the part of the Earth that is not hidden."""

    def made() -> Pieces:
        times, shares = _hidden(satellite, around, views)
        return less_hidden(heat.earth_view, times, shares[turn])

    # cases of one orbit share what the face sees, whatever the Earth's infrared
    return kept.get(("seen", _shape(satellite), heat.like or heat), made)


def _hidden(satellite: Satellite, around: Surroundings, views: PanelViews) -> Any:
    heat, attitude = around.heat, panel_attitude(satellite)
    place = (heat.beta_rad, heat.height_ratio, heat.start_angle_rad, attitude)

    def made() -> Any:
        seen = kept_large.get((place, views.panels), lambda: earth_seen(heat, attitude, views))
        return hidden_earth(heat, attitude, views, seen)

    return kept.get(("hidden", _shape(satellite), place), made)


def _shape(satellite: Satellite) -> tuple[Any, ...]:
    radiator = satellite.radiator
    areas = (satellite.array.area_m2, radiator.area_m2, radiator.tube_length_m)
    return (satellite.geometry, *areas, radiator.pointing_error_rad)
