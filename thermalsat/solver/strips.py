"""Strips of plate rows that the compiled solver takes through a stage, in the nearest caches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..bundle import Bundle

Indices = NDArray[np.intp]
STRIP_CELLS = 8192
"""Cells of a strip, about: from 4096 to 16384 the reference panels take the same time to some 3 %."""
ROWS_AT_ONCE = 8
"""Rows that conduction along x takes together (ts_x_sweep of ext/plate.c)."""


def strips(b: Bundle, tubes: dict[str, Indices], segments: dict[str, Indices]) -> dict[str, Indices]:
    """Return each strip's plate, rows, first tube and first segment, plate by plate upwards.

    No strip ends between the two rows that a tube's wall joins. A tube is in the strip of the row above its
    wall (below it on the last edge). `strip_tube` has one entry more than there are strips.
    """
    plate, first, end, tube = [], [], [], []
    for k in range(len(b.pl_start)):
        ny = int(b.pl_ny[k])
        mine = range(int(tubes["plate_tube"][k]), int(tubes["plate_tube"][k + 1]))
        rows = [int(tubes["tube_row"][t]) for t in mine]
        closed = {row for t, row in zip(mine, rows, strict=True) if not tubes["tube_centre"][t]}
        at, t = 0, 0
        while at < ny:
            stop = _end(at, ny, int(b.pl_nx[k]), closed)
            plate.append(k)
            first.append(at)
            end.append(stop)
            tube.append(mine.start + t)
            while t < len(rows) and min(rows[t], ny - 1) < stop:
                t += 1
            at = stop
    ends = segments["seg_first"] + segments["seg_rows"]
    passed = [
        int(np.count_nonzero((segments["seg_plate"] < k) | ((segments["seg_plate"] == k) & (ends <= at))))
        for k, at in zip(plate, first, strict=True)
    ]
    tube.append(int(tubes["plate_tube"][-1]))
    return {
        "strip_plate": np.array(plate, dtype=np.intp),
        "strip_first": np.array(first, dtype=np.intp),
        "strip_end": np.array(end, dtype=np.intp),
        "strip_tube": np.array(tube, dtype=np.intp),
        "strip_segment": np.array(passed, dtype=np.intp),
    }


def _end(at: int, ny: int, nx: int, closed: set[int]) -> int:
    """Return the row at which the strip that begins at row `at` ends."""
    rows = max(STRIP_CELLS // (nx * ROWS_AT_ONCE), 1) * ROWS_AT_ONCE
    if at + rows >= ny:
        return ny
    wanted = (at + rows) // ROWS_AT_ONCE * ROWS_AT_ONCE
    whole = [row for row in range(wanted, at, -ROWS_AT_ONCE) if row not in closed]
    later = [row for row in range(wanted, ny) if row not in closed]
    return next(iter([*whole, *later, ny]))


def x_factors(b: Bundle) -> tuple[Indices, Indices, int]:
    """Return each plate's step between rows of x factors (0: one for all), where they begin, their number."""
    step, at, size = [], [], 0
    for k in range(len(b.pl_start)):
        nx, ny, start = int(b.pl_nx[k]), int(b.pl_ny[k]), int(b.pl_start[k])
        ratio = b.pl_gx[b.pl_gx_ptr[k] : b.pl_gx_ptr[k + 1]].reshape(ny, max(nx - 1, 0))
        heat = b.capacity[start : start + nx * ny].reshape(ny, nx)
        scale = heat[:, :1] / heat[0, 0]
        shared = np.allclose(heat, heat[0] * scale, rtol=1e-14, atol=0.0) and np.allclose(
            ratio, ratio[0] * scale, rtol=1e-13, atol=0.0
        )
        at.append(size)
        step.append(0 if shared else nx)
        size += nx if shared else nx * ny
    return np.array(step, dtype=np.intp), np.array(at, dtype=np.intp), size


def steepest_x_per_s(b: Bundle) -> float:
    """Return the largest rate at which conduction along x evens out neighbouring cells of a plate, 1/s."""
    found = 0.0
    for k in range(len(b.pl_start)):
        g, start = b.pl_gx[b.pl_gx_ptr[k] : b.pl_gx_ptr[k + 1]], b.pl_start[k]
        least = float(b.capacity[start : start + b.pl_nx[k] * b.pl_ny[k]].min())
        found = max(found, 4.0 * float(g.max(initial=0.0)) / least)
    return found
