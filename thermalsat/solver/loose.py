"""The loose part of a network on the fast path: what neither plates nor tubes are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..bundle import Bundle

Indices = NDArray[np.intp]


class NotPlanar(Exception):
    """The network is not of the fast path's form; the text says why."""


def loose_part(b: Bundle) -> Bundle:
    """Return the network without plates, plate surfaces and sources, tube walls and streams through tubes.

    Raises
    ------
    NotPlanar
        When an element of a tube is not where the fast path needs it.
    """
    if len(b.pl_start) == 0:
        raise NotPlanar("no plate")
    if (b.ch_plate < 0).any():
        raise NotPlanar("a channel lies on no plate")
    ends = b.pl_start + b.pl_nx * b.pl_ny
    if (b.pl_start[1:] < ends[:-1]).any():
        raise NotPlanar("plates are out of order")
    for start, pattern in ((b.sf_start, b.sf_pattern), (b.ps_start, b.ps_pattern)):
        plate = np.searchsorted(b.pl_start, start, side="right") - 1
        if (plate < 0).any() or (start + np.diff(b.pat_ptr)[pattern] > ends[plate]).any():
            raise NotPlanar("a surface reaches beyond its plate")
    if any((b.temperature_law[s:e] >= 0).any() for s, e in zip(b.pl_start, ends, strict=True)):
        raise NotPlanar("a plate stores its heat by a law")
    walls = np.zeros(len(b.w_a), bool)
    for k in range(len(b.ch_plate)):
        walls[b.ch_wall[k] : b.ch_wall[k] + b.ch_n[k]] = True
    if not walls.all():
        raise NotPlanar("a tube wall belongs to no channel")
    none, keep = slice(0, 0), ~through_tubes(b)
    return b.exchanged(
        **{
            name: getattr(b, name)[none]
            for name in _names(b, ("w_", "sf_", "ps_", "pl_", "ch_"))
            if "ptr" not in name
        },
        pl_gx_ptr=np.zeros(1, np.intp),
        pl_gy_ptr=np.zeros(1, np.intp),
        **{name: getattr(b, name)[keep] for name in _names(b, ("adv_",))},
    )


def through_tubes(b: Bundle) -> NDArray[np.bool_]:
    """Which streams join cells of one channel, or enter it."""
    links = np.zeros(len(b.adv_from), bool)
    for first, count in zip(b.ch_adv, b.ch_n, strict=True):
        links[first : first + count] = True
    return links


def loose_part_like(loose: Bundle, whole: Bundle, b: Bundle) -> Bundle:
    """Return the loose part of b, where `loose` is that of `whole` and both have one topology."""
    changed = {
        name: getattr(b, name)
        for name in b.__dataclass_fields__
        if getattr(b, name) is not getattr(whole, name)
    }
    if any(name.startswith(("w_", "sf_", "ps_", "pl_", "ch_", "adv_")) for name in changed):
        return loose_part(b)
    return loose.exchanged(**changed)


def same_plates(a: Bundle, b: Bundle) -> bool:
    """Whether plates of bundles of one topology store and conduct alike, so that a plan serves both."""
    if a.pl_gx is not b.pl_gx and not np.array_equal(a.pl_gx, b.pl_gx):
        return False
    plates = (slice(s, s + nx * ny) for s, nx, ny in zip(a.pl_start, a.pl_nx, a.pl_ny, strict=True))
    return a.capacity is b.capacity or all(np.array_equal(a.capacity[p], b.capacity[p]) for p in plates)


def _names(b: Bundle, prefixes: tuple[str, ...]) -> list[str]:
    return [name for name in b.__dataclass_fields__ if name.startswith(prefixes)]


def loose_cells(loose: Bundle, in_plate: NDArray[np.bool_]) -> Indices:
    """Return the plate cells that elements outside plates and tubes read or heat."""
    ends = (
        loose.gl_a, loose.gl_b, loose.gr_a, loose.gr_b, loose.adv_from, loose.adv_to, loose.s_to, loose.s_arg,
        loose.v_sensor, loose.bt_heat, loose.cu_to,
    )  # fmt: skip
    touched = np.unique(np.concatenate(ends))
    touched = touched[(touched >= 0) & (touched < loose.n)]
    return touched[in_plate[touched]].astype(np.intp)
