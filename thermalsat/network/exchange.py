"""Exchange along channels: conductances between the outlet temperatures of upwind cells.

The unknown of a channel's cell is what leaves it. For a cell of conductance G between a stream of
capacity rate W_a and a partner, the heat is exact for

* a partner of fixed temperature: ``W_a (exp(G / W_a) - 1)``;
* a stream in the same direction: ``(exp(G p) - 1) / p``, ``p = 1/W_a + 1/W_b``;
* a stream the other way: ``r / (1 - r / W_a)``, ``r = (1 - exp(-G s)) / s``, ``s = 1/W_a - 1/W_b``,
  which needs an NTU below one in each cell.

They are taken at the flow of position zero where a valve varies it, and one by one where a channel has
several partners: then the outlet is of first order in the cell size.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from thermalsat.errors import InputError

from .channel import Channel
from .places import Place
from .plate import Edge
from .wall import exact_wall_W_K

__all__ = ["along", "exchange_W_K"]


def along(a: Place, b: Place) -> Any:
    """Length of each pair of cells [m], which both places must share."""
    lengths = [
        place.dx_m if isinstance(place, Channel) else place.length_m
        for place in (a, b)
        if isinstance(place, (Channel, Edge))
    ]
    if not lengths:
        raise InputError(
            f"`conductance_per_length` must join a channel or an edge, got {a.name!r} and {b.name!r}"
        )
    if len(lengths) == 2 and not np.allclose(lengths[0], lengths[1], rtol=1e-9, atol=0.0):
        raise InputError(f"`{a.name}` and `{b.name}` must have cells of the same lengths")
    return lengths[0]


def exchange_W_K(a: Place, b: Place, g_W_K: Any) -> Any:
    """Conductance between the unknowns of two places for a conductance `g_W_K` of each cell."""
    streams = [place for place in (a, b) if isinstance(place, Channel) and place.scheme == "ntu"]
    g = np.asarray(g_W_K, dtype=np.float64)
    if not streams:
        return g
    rates = [stream.rate_W_K * stream.flow_factors[0] for stream in streams]
    if len(streams) == 1:
        return exact_wall_W_K(g, rates[0])
    if streams[0].direction == streams[1].direction:
        return exact_wall_W_K(g, 1.0 / (1.0 / rates[0] + 1.0 / rates[1]))
    s = 1.0 / rates[0] - 1.0 / rates[1]
    r = g if s == 0.0 else -np.expm1(-g * s) / s
    if np.any(r >= 0.999 * rates[0]):
        raise InputError(
            f"`cells` of {a.name!r} and {b.name!r} must be more: the NTU of a cell is "
            f"{float(np.max(g)) / min(rates):.3g}, and counter flow needs less than one in each"
        )
    return r / (1.0 - r / rates[0])
