"""The wall between a channel and the plate it lies on, as one star element per cell.

``scheme="ntu"``: the tube wall, on the face between two rows, is eliminated; its legs are the half
cells of the rows, and the coolant's leg is ``W (exp(N) - 1)`` with ``N = G dx / W``, which makes the
outlet of an upwind cell exact for a wall of uniform temperature:
``W (T_in - T) = W (e^N - 1) (T - T_w)`` gives ``T - T_w = (T_in - T_w) e^-N``. On an edge that something
else acts on too, the wall is the edge's surface, an unknown of its own.

``scheme="upwind"``: the wall conductance as it is, first order in dx, and the rows joined to each
other as if the tube were not there. This delta of three conductances is the same star.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from thermalsat.bundle import Floats
from thermalsat.errors import InputError
from thermalsat.laws import WallLaw

from .plate import Line, Plate, series

if TYPE_CHECKING:
    from .channel import Channel
    from .collector import Collector

__all__ = ["NTU_CAP", "emit_channel", "exact_wall_W_K"]

NTU_CAP = 16.0  # exp(-16) = 1e-7: the coolant leaves at the wall's temperature


def exact_wall_W_K(conductance_W_K: Any, rate_W_K: Any) -> Any:
    """Conductance to the outlet temperature that gives an upwind cell its exact effectiveness.

    >>> g = exact_wall_W_K(5.0, 10.0)
    >>> round(float(g / (g + 10.0) + np.exp(-0.5)), 12)  # effectiveness 1 - exp(-NTU)
    1.0
    """
    ntu = np.minimum(np.asarray(conductance_W_K) / rate_W_K, NTU_CAP)
    return rate_W_K * np.expm1(ntu)


def emit_channel(c: Collector, channel: Channel, plates: list[Plate]) -> None:
    """Stream, wall and fast-path entries of a channel."""
    if channel.inlet is None:
        raise InputError(
            f"`inlet` of channel {channel.name!r} must be given, or the channel put in a loop; "
            f"e.g. net.channel({channel.name!r}, ..., inlet=boundary)"
        )
    layout, line = c.layout, channel.line
    own = channel.indices(layout)
    upstream = np.roll(own, channel.direction)
    upstream[channel.size - 1 - channel.last] = channel.inlet.indices(layout)[0]
    first_adv, first_wall = c.count["adv"], c.count["w"]
    valve, (c0, c1) = c.valve(channel.valve), channel.flow_factors
    c.add(
        "adv",
        **{"from": upstream},
        to=own,
        rate=channel.total_rate_W_K,
        valve=valve,
        c0=c0,
        c1=c1,
        flow=c.flow(channel.flow_names["stream"], 1),
    )
    if line is not None:
        legs = _star(channel, line, c)
        c.add(
            "w",
            **legs,
            c=own,
            valve=valve,
            c0=c0,
            c1=c1,
            flow=c.flow(channel.flow_names["wall"], 0),
        )
    c.add(
        "ch",
        plate=-1 if line is None else plates.index(line.plate),
        start=own[0],
        n=channel.size,
        dir=channel.direction,
        wall=-1 if line is None else first_wall,
        adv=first_adv,
        row=-1 if line is None else line.row,
        kind=0 if line is None or line.kind == "face" else 1,
    )


def _star(channel: Channel, line: Line, c: Collector) -> dict[str, Any]:
    plate, row = line.plate, line.row
    nx, ny = plate.shape
    half = plate.half_cells()[1]
    first, cells = c.layout.start(plate), np.arange(nx)
    copies = float(channel.copies or 1.0)
    law, g = _coolant_leg(channel, c)
    if line.kind == "centre":
        return {"a": first + row * nx + cells, "b": -1, "ga": 0.0, "gb": 0.0, "g": copies * g, "law": law}
    if line.on_edge:
        surface = c.surfaces.get(line.edge.key)
        if surface is not None:
            wall = surface.indices(c.layout)
            return {"a": wall, "b": -1, "ga": 0.0, "gb": 0.0, "g": copies * g, "law": law}
        end = 0 if row == 0 else ny - 1
        return {
            "a": first + end * nx + cells,
            "b": -1,
            "ga": copies * half[:, end],
            "gb": 0.0,
            "g": copies * g,
            "law": law,
        }
    ga, gb = half[:, row - 1], half[:, row]
    if channel.scheme == "upwind":
        ga, gb, g = _star_of_delta(series(ga, gb), series(0.5 * g, ga), series(0.5 * g, gb))
    return {
        "a": first + (row - 1) * nx + cells,
        "b": first + row * nx + cells,
        "ga": copies * ga,
        "gb": copies * gb,
        "g": copies * g,
        "law": law,
    }


def _star_of_delta(ab: Floats, ac: Floats, bc: Floats) -> tuple[Floats, Floats, Floats]:
    """Legs of the star that equals three mutual conductances."""
    total = ab * ac + ab * bc + ac * bc
    return total / bc, total / ac, total / ab


def _coolant_leg(channel: Channel, c: Collector) -> tuple[Any, Floats]:
    """Wall-law index and scale (or conductance) of the coolant's leg of each cell, one copy [W/K]."""
    wall, dx = channel.wall, channel.dx_m
    varies = channel.scheme == "ntu" and (channel.valve is not None or channel.fluid is not None)
    if isinstance(wall, float) and not varies:
        c0 = channel.flow_factors[0]
        g = wall * dx
        return -1, g if channel.scheme == "upwind" else exact_wall_W_K(g, c0 * channel.rate_W_K)
    laws = {width: c.wall_law(_exact_law(channel, float(width), c)) for width in np.unique(dx)}
    return np.array([laws[width] for width in dx]), np.ones(channel.size)


def _exact_law(channel: Channel, dx_m: float, c: Collector) -> WallLaw:
    """Law of the exact cell conductance against coolant temperature and flow fraction."""
    wall, fluid, rate = channel.wall, channel.fluid, channel.rate_W_K
    cache = c.network.wall_laws
    key = (wall if isinstance(wall, float) else id(wall), rate, dx_m, id(fluid), channel.valve is None,
           channel.flow_factors)  # fmt: skip
    if key in cache:
        return cache[key]

    def per_length(T: Floats, w: Floats) -> Any:
        return wall if isinstance(wall, float) else wall(T, w)  # type: ignore[misc]

    def conductance(T: Floats, w: Floats) -> Any:
        slope = 1.0 if fluid is None else 1.0 / fluid.temperature_law.derivative(fluid.theta(_once(T)))
        return exact_wall_W_K(per_length(T, w) * dx_m, rate * w * slope)

    if isinstance(wall, WallLaw):
        count = len(wall.coef)
        T_lo, T_hi = wall.T0, wall.T0 + count * wall.dT
    else:
        T_lo, T_hi = (180.0, 420.0) if fluid is None else (fluid.coldest_K, fluid.hottest_K)
        count = 1 if fluid is None and isinstance(wall, float) else max(1, round((T_hi - T_lo) / 5.0))
    c0, c1 = channel.flow_factors
    if channel.valve is None:
        # the law is read at the fixed flow c0 only, a node of the grid
        w_lo, w_hi, n_w = c0, 1.01 * c0, 1
    else:
        w_lo, w_hi = min(c0, c0 + c1), max(c0, c0 + c1)
        w_lo = max(w_lo, 1e-3 * w_hi)
        n_w = 32
    cache[key] = WallLaw.fit(conductance, T_lo, T_hi, count, w_lo, w_hi, n_w)
    return cache[key]


def _once(T: Any) -> Any:
    """Return a broadcast array with one value along each axis on which it only repeats."""
    T = np.asarray(T)
    return T[tuple(slice(1) if step == 0 else slice(None) for step in T.strides)]
