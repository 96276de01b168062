"""What the radiator's panels see besides the sky: wings, body, and what these hide of Sun and Earth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from thermalsat.errors import InputError
from thermalsat.physics.attitude import Attitude
from thermalsat.physics.blocking import EarthRays, shadow_fraction_of_rectangle
from thermalsat.physics.heat import OrbitHeat
from thermalsat.physics.rectangles import Rectangle
from thermalsat.physics.rectangleviews import cell_views
from thermalsat.pieces import Pieces
from thermalsat.satellite import Satellite

__all__ = ["EarthSeen", "PanelViews", "earth_seen", "hidden_earth", "less_hidden", "panel_views"]

Floats = NDArray[np.float64]

BLOCKING_TIMES = 32
_RINGS, _SPOKES = 8, 32
_CHECKS = np.linspace(0.0, 0.999999, 65)


@dataclass(frozen=True, kw_only=True, eq=False)
class PanelViews:
    """View factors from each cell of one face of a panel, x first; the other face sees the same.

    Attributes
    ----------
    array, body : ndarray, shape (nx, ny)
        To the backs of the wings and to the body's side.
    lit : ndarray, shape (nx, ny)
        Share of the direct sunlight, on the face that is turned to the Sun, that the wings let through.
    lit_face : {1, -1}
        Front or back.
    panel : Rectangle
        The front of the panel whose root is at +c, axes (s, n, c); a second one is its mirror image.
    blockers : list of Rectangle
        Wings and the body's side.
    panels : int
        Number of panels.
    """

    array: Floats
    body: Floats
    lit: Floats
    lit_face: int
    panel: Rectangle
    blockers: list[Rectangle]
    panels: int


def panel_views(satellite: Satellite, nx: int, ny: int) -> PanelViews:
    """Return what a panel sees from cells of equal size along the tubes (x) and across the panel (y).

    Notes
    -----
    Wings and body are symmetric about the panels' plane, so that both faces see the same. Nothing stands
    between panel and wing in the closed forms: the little that the body hides of a wing counts as wing.
    What `geometry.without` names is left out; where it is the exchange, panels see sky in the wings' place.

    Raises
    ------
    InputError
        If the panels do not see the same, which one model of a panel cannot stand for.
    """
    shape = satellite.geometry
    if shape.panels == 2 and shape.wings == 1:
        raise InputError(
            "`geometry.wings` must be 2 when `geometry.panels` is 2, got 1: the panels would see different"
            " surroundings, and one panel is modelled for both"
        )
    parts: dict[str, list[Rectangle]] = {"array": [], "radiator": [], "body": []}
    for item in satellite.rectangles():
        low, high = zip(item.s_m, item.n_m, item.c_m, strict=True)
        parts[item.part].append(Rectangle(low, high))
    panel, side, wings = parts["radiator"][0], parts["body"][0], parts["array"]
    error = satellite.radiator.pointing_error_rad
    sun = np.array([np.cos(error), np.sin(error), 0.0])
    lit_face = 1 if error >= 0.0 else -1
    shadow = np.zeros((nx, ny))
    array = np.zeros((nx, ny))
    for wing in wings:
        if shape.counts("exchange"):
            array += cell_views(panel, nx, ny, wing.back())
        if shape.counts("shadow"):
            lit_side = panel if lit_face > 0 else panel.back()
            shadow += shadow_fraction_of_rectangle(lit_side, wing, sun, nx, ny)
    # ascending s runs towards the array, x away from it; y and c both run away from the root
    array = np.minimum(array[::-1], 1.0)
    return PanelViews(
        array=array,
        body=np.minimum(cell_views(panel, nx, ny, side)[::-1], 1.0 - array),
        lit=1.0 - np.minimum(shadow[::-1], 1.0),
        lit_face=lit_face,
        panel=panel,
        blockers=[*(wings if shape.counts("blocking") else ()), side],
        panels=shape.panels,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class EarthSeen:
    """The Earth from panels over an orbit, whatever their size and what stands around them.

    Attributes
    ----------
    times_s : ndarray, shape (33,)
        Spread evenly over one orbit from a noon.
    rays : EarthRays
        To the Earth in the directions that differ.
    place : ndarray of intp, shape (2 panels 32,)
        Which of these directions each face of each panel has at ``times_s[:-1]``.
    """

    times_s: Floats
    rays: EarthRays
    place: NDArray[np.intp]


def hidden_earth(
    heat: OrbitHeat, attitude: Attitude, views: PanelViews, seen: EarthSeen | None = None
) -> tuple[Floats, dict[int, Floats]]:
    """Return the share of each face's view of the Earth that wings and body hide.

    Parameters
    ----------
    heat : OrbitHeat
        The environment.
    attitude : Attitude
        Of the panels' front.
    views : PanelViews
        A panel and what stands around it.
    seen : EarthSeen, optional
        What `earth_seen` returned for this environment, attitude and number of panels.

    Returns
    -------
    times_s : ndarray, shape (33,)
        Spread evenly over one orbit from a noon.
    shares : dict
        For the faces 1 (front) and -1 (back), the mean over all panels at ``times_s[:-1]``.

    Notes
    -----
    A mean over the face, with an error below 2e-3. The back sees what the front would see with the
    Earth on the other side of the panels' plane, and the second panel is the mirror image of the first;
    directions that occur more than once are worked out once.
    """
    seen = earth_seen(heat, attitude, views) if seen is None else seen
    hidden = np.zeros(len(seen.rays.lit))
    for blocker in views.blockers:
        hidden += seen.rays.blocked(views.panel, blocker)
    shares = np.minimum(hidden, 1.0)[seen.place].reshape(2, views.panels, -1).mean(axis=1)
    return seen.times_s, {1: shares[0], -1: shares[1]}


def earth_seen(heat: OrbitHeat, attitude: Attitude, views: PanelViews) -> EarthSeen:
    """Return the directions to the Earth of `hidden_earth`."""
    period = heat.period_s
    noon = -heat.start_angle_rad / (2.0 * np.pi) * period
    times = noon + np.linspace(0.0, period, BLOCKING_TIMES + 1)
    around = heat.geometry(times[:-1])
    normal = attitude(around)
    across = np.cross(around.sun, normal)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    axes = (np.cross(normal, across), normal, across)
    earth = np.stack([-np.sum(axis * around.radial, axis=1) for axis in axes], axis=1)
    mirrors = [np.array([1.0, face, side]) for face in (1.0, -1.0) for side in (1.0, -1.0)[: views.panels]]
    wanted = np.concatenate([np.round(earth * mirror, 9) for mirror in mirrors]) + 0.0
    distinct, place = np.unique(wanted, axis=0, return_inverse=True)
    radius = float(np.arcsin(1.0 / heat.height_ratio))
    rays = EarthRays.onto(views.panel, distinct, radius, rings=_RINGS, spokes=_SPOKES)
    return EarthSeen(times_s=times, rays=rays, place=place.ravel())


def less_hidden(view: Pieces, times_s: Floats, shares: Floats) -> Pieces:
    """Return a view factor over time less the hidden share of it, never below zero.

    Between the given times the hidden part is a monotone cubic.
    """
    if not shares.any():
        return view
    period = float(times_s[-1] - times_s[0])
    hidden = shares * view(times_s[:-1])
    curve = PchipInterpolator(times_s, np.append(hidden, hidden[0]))
    coef = np.zeros((len(shares), 6))
    coef[:, :4] = curve.c[::-1].T
    net = Pieces.sum([view, Pieces.assemble(times_s, coef, period, ()).scaled(-1.0)])
    width = np.diff(net.knots)[:, None]
    low = float(np.min(net(net.knots[:-1, None] + width * _CHECKS)))
    # between its times the cubic may hide a little more than there is to see
    return net if low >= 0.0 else Pieces.sum([net, Pieces.constant(-low)])
