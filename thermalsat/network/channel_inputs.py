"""Reads and checks the arguments of a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from thermalsat.errors import InputError
from thermalsat.laws import WallLaw
from thermalsat.units import si, si_fraction

from . import inputs
from .channel import Channel, WallConductance
from .plate import Line
from .power import Valve

if TYPE_CHECKING:
    from .base import NetworkBase

__all__ = ["flow_factors_of", "read_channel"]


def read_channel(
    net: NetworkBase,
    name: str,
    line: Line | None,
    *,
    mass_flow: Any,
    coolant: Any,
    specific_heat: Any,
    mass_per_length: Any,
    diameter: Any,
    wall_conductance: Any,
    scheme: str,
    reverse: bool,
    valve: Valve | None,
    flow_factors: tuple[float, float],
    length: Any,
    cells: int | None,
    temperature: Any,
    copies: float,
) -> Channel:
    """Return a channel from what a user wrote; `inlet` is connected by the caller."""
    if scheme not in ("ntu", "upwind"):
        raise InputError(f'`scheme` must be "ntu" or "upwind", got {scheme!r}')
    if (coolant is None) == (specific_heat is None):
        raise InputError("`coolant` or `specific_heat` must be given, and not both")
    if coolant is None:
        fluid, density = None, None
        heat = inputs.positive(specific_heat, "J/kg/K", "specific_heat")
    else:
        fluid, heat, density = net._fluid(coolant)
    factors = flow_factors_of(net, valve, flow_factors, "flow_factors")
    number = inputs.scalar(si_fraction(copies, "copies", 0.0, np.inf), "copies")
    if line is not None:
        net._own(line, "line", Line)
        _check_line(net, name, line)
        if length is not None or cells is not None or number != 1.0:
            raise InputError(
                "`length`, `cells` and `copies` must not be given with `line`: the plate has them"
            )
        dx, number = line.plate.dx_m, float(line.plate.copies or 1.0)
    else:
        dx = _own_cells(length, cells)
        if not number > 0.0:
            raise InputError(f"`copies` must be above zero, got {copies!r}")
    return Channel(
        net,
        name,
        line=line,
        dx_m=dx,
        mass_flow_kg_s=inputs.positive(mass_flow, "kg/s", "mass_flow"),
        specific_heat_J_kg_K=heat,
        mass_per_length_kg_m=_mass_per_length(mass_per_length, diameter, density),
        fluid=fluid,
        wall=_wall(wall_conductance, line, scheme),
        scheme=scheme,
        reverse=bool(reverse),
        valve=valve,
        flow_factors=factors,
        temperature_K=inputs.scalar(si(temperature, "K", "temperature"), "temperature"),
        copies=number,
    )


def flow_factors_of(net: NetworkBase, valve: Any, factors: Any, name: str) -> tuple[float, float]:
    """``(c0, c1)`` of a flow ``c0 + c1 v``, which must not be negative for v in 0..1."""
    if valve is not None:
        net._own(valve, "valve", Valve)
    try:
        c0, c1 = (float(value) for value in factors)
    except (TypeError, ValueError):
        raise InputError(f"`{name}` must be two numbers (c0, c1), got {factors!r}") from None
    low = c0 if valve is None else min(c0, c0 + c1)
    high = c0 if valve is None else max(c0, c0 + c1)
    if not (np.isfinite([c0, c1]).all() and low >= 0.0 and high > 0.0):
        raise InputError(
            f"`{name}` must give a flow that is not negative for a position 0..1, got {factors!r}"
        )
    if valve is None and c1 != 0.0:
        raise InputError(f"`{name}` must have c1 = 0 without a `valve`, got {factors!r}")
    return c0, c1


def _check_line(net: NetworkBase, name: str, line: Line) -> None:
    for part in net.parts:
        other = part.line if isinstance(part, Channel) else None
        if (
            other is not None
            and other.plate is line.plate
            and (other.kind, other.row) == (line.kind, line.row)
        ):
            raise InputError(f"`line` of {name!r} already carries {part.name!r}; one channel per line")
    ky = line.plate.ky_W_m_K
    rows = (
        [line.row] if line.kind == "centre" else [r for r in (line.row - 1, line.row) if 0 <= r < ky.shape[1]]
    )
    if line.kind == "face" and not np.all(ky[:, rows] > 0.0):
        raise InputError(f"`conductivity` along y of {line.plate.name!r} must be above zero beside a channel")


def _own_cells(length: Any, cells: int | None) -> Any:
    if length is None or cells is None:
        raise InputError("`line`, or `length` and `cells`, must be given for a channel")
    if isinstance(cells, bool) or not isinstance(cells, (int, np.integer)) or cells < 1:
        raise InputError(f"`cells` must be a whole number of at least 1, got {cells!r}")
    return np.full(cells, inputs.positive(length, "m", "length") / cells)


def _mass_per_length(mass_per_length: Any, diameter: Any, density: float | None) -> float:
    if mass_per_length is not None:
        if diameter is not None:
            raise InputError("`mass_per_length` and `diameter` must not both be given")
        return inputs.nonnegative(mass_per_length, "kg/m", "mass_per_length")
    if diameter is not None and density is not None:
        return 0.25 * np.pi * inputs.positive(diameter, "m", "diameter") ** 2 * density
    raise InputError(
        "`mass_per_length`, or `diameter` with a `coolant`, must be given; "
        '"0 kg/m" for a coolant without capacity'
    )


def _wall(value: Any, line: Line | None, scheme: str) -> WallConductance | None:
    if line is None:
        if value is not None:
            raise InputError("`wall_conductance` must come with a `line`; join other channels by net.couple")
        return None
    if value is None:
        raise InputError('`wall_conductance` must be given on a line, e.g. "400 W/m/K"')
    if isinstance(value, WallLaw) or callable(value):
        if scheme == "upwind":
            raise InputError('`wall_conductance` must be a constant with scheme="upwind"')
        return value
    return inputs.positive(value, "W/m/K", "wall_conductance")
