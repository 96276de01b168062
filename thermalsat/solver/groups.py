"""Plate surfaces and sources that the core evaluates together."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..bundle import Bundle
from .melting import steep_law

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Groups: TypeAlias = tuple[
    Indices, Indices, Floats, Indices, Indices, Indices, Indices, Indices, Indices, Indices
]
"""First cell, pattern and pattern sum of each group; the group of each surface and source; entries with a
temperature law; patterns of one value; plates of one conductance along every row, and of one capacity;
unknowns that melt."""

SOURCES = (
    "pat_value",
    "sf_start",
    "sf_pattern",
    "ps_start",
    "ps_pattern",
    "pl_gx",
    "pl_gy",
    "temperature_law",
    "law_coef",
)
"""Arrays of a bundle that the groups follow from, capacities apart."""
EQUAL = 8
"""Place of the plates of one capacity among the groups."""


def groups_of(b: Bundle) -> Groups:
    """Return the groups of a bundle: surfaces and sources that share cells and pattern."""
    keys: dict[tuple[int, int], int] = {}
    ids: list[Indices] = []
    for starts, patterns in ((b.sf_start, b.sf_pattern), (b.ps_start, b.ps_pattern)):
        ids.append(
            np.array(
                [keys.setdefault((int(s), int(p)), len(keys)) for s, p in zip(starts, patterns, strict=True)],
                dtype=np.intp,
            )
        )
    start = np.array([s for s, _ in keys], dtype=np.intp)
    pattern = np.array([p for _, p in keys], dtype=np.intp)
    total = np.array([math.fsum(b.pat_value[b.pat_ptr[p] : b.pat_ptr[p + 1]]) for p in pattern])
    mapped = np.concatenate(
        [np.flatnonzero(b.temperature_law >= 0), b.n + b.nb + np.flatnonzero(b.mixer_law >= 0)]
    ).astype(np.intp)
    values = [b.pat_value[b.pat_ptr[p] : b.pat_ptr[p + 1]] for p in range(len(b.pat_ptr) - 1)]
    constant = np.array([np.ptp(p) == 0.0 if len(p) else 0 for p in values], dtype=np.intp)
    plates = _even_plates(b), _equal_plates(b)
    return start, pattern, total, ids[0], ids[1], mapped, constant, *plates, _melting(b)


def groups_like(groups: Groups, b: Bundle) -> Groups:
    """Return the groups of a bundle from those of another whose capacities alone may differ."""
    return *groups[:EQUAL], _equal_plates(b), *groups[EQUAL + 1 :]  # type: ignore[return-value]


def _melting(b: Bundle) -> Indices:
    """Return the unknowns whose temperature law has knees."""
    laws = np.unique(b.temperature_law[b.temperature_law >= 0])
    steep = [which for which in laws.tolist() if steep_law(b, which) is not None]
    return np.flatnonzero(np.isin(b.temperature_law, steep)).astype(np.intp)


def _even_plates(b: Bundle) -> Indices:
    """1 for plates whose conductances have one value along every row."""
    found = []
    for k in range(len(b.pl_start)):
        along = b.pl_gx[b.pl_gx_ptr[k] : b.pl_gx_ptr[k + 1]].reshape(b.pl_ny[k], -1)
        across = b.pl_gy[b.pl_gy_ptr[k] : b.pl_gy_ptr[k + 1]].reshape(-1, b.pl_nx[k])
        found.append(all(g.size == 0 or (g == g[:, :1]).all() for g in (along, across)))
    return np.array(found, dtype=np.intp)


def _equal_plates(b: Bundle) -> Indices:
    """1 for plates whose cells have one capacity."""
    plates = zip(b.pl_start, b.pl_start + b.pl_nx * b.pl_ny, strict=True)
    cells = (b.capacity[start:end] for start, end in plates)
    return np.array([len(c) > 0 and bool((c == c[0]).all()) for c in cells], dtype=np.intp)
