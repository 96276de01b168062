"""Recognise a plate-and-tube network and lay it out for the fast path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._core import march_size
from ..bundle import Bundle
from .loose import NotPlanar, loose_cells, through_tubes
from .strips import steepest_x_per_s, strips, x_factors

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
MAX_BORDER = 96
"""Unknowns and mixers outside plates and tubes that the dense border takes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """Tubes, segments of rows, border and loose Jacobian entries; fields as in ext/plate.pxd."""

    loose: Bundle
    loose_groups: tuple[object, ...]
    tube_channel: Indices
    tube_plate: Indices
    tube_centre: Indices
    tube_row: Indices
    tube_low: Indices
    tube_at: Indices
    tube_inlet: Indices
    tube_valve: Indices
    plate_tube: Indices
    plate_x_step: Indices
    plate_x_at: Indices
    plate_at: Indices
    seg_plate: Indices
    seg_first: Indices
    seg_rows: Indices
    seg_left: Indices
    seg_right: Indices
    strip_plate: Indices
    strip_first: Indices
    strip_end: Indices
    strip_tube: Indices
    strip_segment: Indices
    run_first: Indices
    run_count: Indices
    loose_cells: Indices
    border: Indices
    active: Indices
    active_of: Indices
    loose_adv: Indices
    border_of_surface: Indices
    entry_kind: Indices
    entry_a: Indices
    entry_b: Indices
    any_law: bool
    tubes_only: bool
    steepest_x_per_s: float
    cells: int
    walls: int
    x_factors: int
    widest: int
    work_size: int


def make_plan(
    b: Bundle, loose: Bundle, loose_groups: tuple[object, ...], rows: Indices, cols: Indices
) -> Plan:
    """Lay out bundle b, whose loose part has Jacobian entries at (rows, cols).

    Raises
    ------
    NotPlanar
        With the reason.
    """
    nu = b.n + b.nm
    cells = b.pl_nx * b.pl_ny
    plate_at = np.concatenate([[0], np.cumsum(cells)[:-1]]).astype(np.intp)
    tubes = _tubes(b)
    if not all(b.ch_n[t] == b.pl_nx[b.ch_plate[t]] for t in tubes["tube_channel"]):
        raise NotPlanar("a channel is shorter than its plate")
    tube_at = np.concatenate([[0], np.cumsum(b.ch_n[tubes["tube_channel"]])]).astype(np.intp)
    walls = int(tube_at[-1])
    is_border = np.ones(nu, bool)
    for start, count in zip(
        [*b.pl_start, *b.ch_start[tubes["tube_channel"]]],
        [*cells, *b.ch_n[tubes["tube_channel"]]],
        strict=True,
    ):
        is_border[start : start + count] = False
    border = np.flatnonzero(is_border).astype(np.intp)
    if len(border) > MAX_BORDER:
        raise NotPlanar(f"{len(border)} unknowns outside plates and tubes, more than {MAX_BORDER}")
    if (b.capacity[~is_border[: b.n]] <= 0.0).any() if b.n else False:
        raise NotPlanar("a plate or coolant cell without heat capacity")

    def place(extended: Indices) -> Indices:
        """Return the place in linear systems, -1 for boundaries."""
        behind = np.where(extended >= b.n + b.nb, extended - b.nb, -1)
        return np.where(extended < b.n, extended, behind).astype(np.intp)

    def border_of(unknowns: Indices) -> Indices:
        """Return the index in the border, -1 for others."""
        at = np.searchsorted(border, unknowns)
        there = np.append(border, -1)[at] == unknowns
        return np.where(there, at, -1).astype(np.intp)

    surface_end = place(b.sf_other)
    border_of_surface = border_of(surface_end)
    if ((surface_end >= 0) & (border_of_surface < 0)).any():
        raise NotPlanar("a plate radiates to another plate's cell")
    inlet = place(tubes["tube_inlet"])
    if ((inlet >= 0) & ~is_border[inlet]).any():
        raise NotPlanar("a channel is fed by another channel's cell directly")
    row_in, col_in = ~is_border[rows], ~is_border[cols]
    if (row_in & col_in & (rows != cols)).any():
        raise NotPlanar("two cells are joined outside plates and tubes")
    active_set = set(border_of(cols[row_in & ~col_in]).tolist())
    active_set |= set(border_of_surface[border_of_surface >= 0].tolist())
    active_set |= set(border_of(inlet[inlet >= 0]).tolist())
    valves = [_valve(b, int(c)) for c in tubes["tube_channel"]]
    valve_state = border_of(b.v_state)
    active_set |= {int(valve_state[v]) for v in valves if v >= 0}
    active = np.array(sorted(active_set), dtype=np.intp)
    active_of = np.full(max(len(border), 1), -1, np.intp)
    active_of[active] = np.arange(len(active))
    kind = np.where(row_in, np.where(col_in, 0, 1), np.where(col_in, 2, 3)).astype(np.intp)
    inside = _inside(b, tubes["tube_channel"], plate_at, tube_at, rows)
    entry_a = np.where(kind == 1, active_of[border_of(cols)], border_of(rows))
    entry_b = np.select([kind == 0, kind == 1, kind == 2], [inside, rows, cols], border_of(cols))
    x_step, x_at, x_size = x_factors(b)
    segments = _segments(b, tubes)
    bands = strips(b, tubes, segments)
    strip_cells = (bands["strip_end"] - bands["strip_first"]) * b.pl_nx[bands["strip_plate"]]
    in_plate = np.zeros(nu, bool)
    for start, count in zip(b.pl_start, cells, strict=True):
        in_plate[start : start + count] = True
    touched = loose_cells(loose, in_plate)
    ends = np.append(b.pl_start, b.n)
    run_first = np.concatenate([[0], b.pl_start + cells])
    joined = np.concatenate([rows[kind == 1], cols[kind == 2]])
    tubes_only = not in_plate[joined].any() and not (border_of_surface >= 0).any()
    any_law = bool((b.w_law >= 0).any())
    widest, per_plate = int(b.pl_nx.max()), np.diff(tubes["plate_tube"])
    size = (
        len(rows) + 2 * int(cells.sum()) + 3 * x_size + (9 + any_law) * walls + 14 * widest
        + sum(int(nx) * march_size(int(k)) for nx, k in zip(b.pl_nx, per_plate, strict=True) if k)
        + 9 * (int(per_plate.max()) + 8) + len(active) * (nu + walls) + 2 * int(strip_cells.max())
        + len(touched)
        + len(border) ** 2 + len(border) + 2 * len(valves) + len(b.pl_nx) + 16
    )  # fmt: skip
    tube_valve = [active_of[valve_state[v]] if v >= 0 else -1 for v in valves]
    return Plan(
        loose=loose, loose_groups=loose_groups, **tubes, tube_at=tube_at[:-1],
        tube_valve=np.array(tube_valve, dtype=np.intp),
        plate_x_step=x_step, plate_x_at=x_at, plate_at=plate_at, **segments, **bands, loose_cells=touched,
        run_first=run_first[ends > run_first].astype(np.intp),
        run_count=(ends - run_first)[ends > run_first].astype(np.intp), border=border, active=active,
        active_of=active_of, loose_adv=np.flatnonzero(~through_tubes(b)).astype(np.intp),
        border_of_surface=border_of_surface.astype(np.intp), entry_kind=kind,
        entry_a=entry_a.astype(np.intp), entry_b=entry_b.astype(np.intp), any_law=any_law,
        tubes_only=tubes_only, steepest_x_per_s=steepest_x_per_s(b), cells=int(cells.sum()),
        walls=walls, x_factors=x_size, widest=widest, work_size=size,
    )  # fmt: skip


def _inside(b: Bundle, channel: Indices, plate_at: Indices, tube_at: Indices, rows: Indices) -> Indices:
    """Return where the diagonals of plate and coolant cells lie: offset in inv, or -1 - offset in dc."""
    start = np.concatenate([b.pl_start, b.ch_start[channel]])
    first = np.concatenate([plate_at, tube_at[:-1]])
    order = np.argsort(start, kind="stable")
    block = order[np.maximum(np.searchsorted(start[order], rows, side="right") - 1, 0)]
    offset = first[block] + rows - start[block]
    return np.where(block < len(b.pl_start), offset, -1 - offset).astype(np.intp)


def _valve(b: Bundle, channel: int) -> int:
    """Return the valve that sets a channel's flow, -1 for none."""
    link, wall = b.ch_adv[channel], b.ch_wall[channel]
    n = b.ch_n[channel]
    used = {int(v) for v in b.adv_valve[link : link + n]}
    if (b.w_law[wall : wall + n] >= 0).any():
        used |= {int(v) for v in b.w_valve[wall : wall + n]}
    for name in ("adv_rate", "adv_c0", "adv_c1"):
        if np.ptp(getattr(b, name)[link : link + n]) != 0.0:
            raise NotPlanar("the flow changes along a channel")
    if len(used) > 1:
        raise NotPlanar("a channel follows two valves")
    return used.pop() if used else -1


def _tubes(b: Bundle) -> dict[str, Indices]:
    """Return tubes by plate and y: channel, plate, centre flag, row, which leg is the lower row's, inlet."""
    found = []
    for c in range(len(b.ch_plate)):
        plate, row, n, wall = b.ch_plate[c], b.ch_row[c], b.ch_n[c], b.ch_wall[c]
        nx, ny, start = b.pl_nx[plate], b.pl_ny[plate], b.pl_start[plate]
        steps = np.arange(n)
        a, other, cool = (getattr(b, f"w_{x}")[wall : wall + n] for x in "abc")
        if not (cool == b.ch_start[c] + steps).all():
            raise NotPlanar("a channel's walls are out of order")
        links = slice(b.ch_adv[c], b.ch_adv[c] + n)
        before = np.roll(cool, 1) if b.ch_dir[c] > 0 else np.roll(cool, -1)
        entry = 0 if b.ch_dir[c] > 0 else n - 1
        inner = steps != entry
        if not ((b.adv_to[links] == cool).all() and (b.adv_from[links][inner] == before[inner]).all()):
            raise NotPlanar("a channel's cells are not fed in order")
        centre = b.ch_kind[c] == 1
        below, above = start + (row - 1) * nx + steps, start + row * nx + steps
        low = 1
        if centre:
            fits = (a == above).all() and (b.w_ga[wall : wall + n] == 0.0).all() and (other < 0).all()
        elif (other < 0).all():
            low = int(row == ny)
            fits = (a == (below if low else above)).all() and row in (0, ny)
        else:
            low = int((a == below).all())
            across = b.pl_gy[b.pl_gy_ptr[plate] + (row - 1) * nx : b.pl_gy_ptr[plate] + row * nx]
            if across.any():
                raise NotPlanar("a plate conducts past a tube's wall")
            fits = ((a == below).all() and (other == above).all()) or (
                (a == above).all() and (other == below).all()
            )
        if not fits:
            raise NotPlanar("a channel's walls are not along one row")
        found.append((int(plate), float(row) + (0.5 if centre else 0.0), c, int(centre), int(row), low,
                      int(b.adv_from[links][entry])))  # fmt: skip
    found.sort()
    columns: list[tuple[Any, ...]] = list(zip(*found, strict=True)) if found else [()] * 7
    plate = np.array(columns[0], dtype=np.intp)
    for k in range(len(b.pl_start)):
        if len(set(b.ch_dir[[c for p, _, c, *_ in found if p == k]].tolist())) > 1:
            raise NotPlanar("tubes of one plate run in opposite directions")
    return {
        "tube_channel": np.array(columns[2], dtype=np.intp),
        "tube_plate": plate,
        "tube_centre": np.array(columns[3], dtype=np.intp),
        "tube_row": np.array(columns[4], dtype=np.intp),
        "tube_low": np.array(columns[5], dtype=np.intp),
        "tube_inlet": np.array(columns[6], dtype=np.intp),
        "plate_tube": np.searchsorted(plate, np.arange(len(b.pl_start) + 1)).astype(np.intp),
    }


def _segments(b: Bundle, tubes: dict[str, Indices]) -> dict[str, Indices]:
    """Return the runs of rows between tube walls."""
    found = []
    for k in range(len(b.pl_start)):
        ny, first, left = int(b.pl_ny[k]), 0, -1
        for t in range(tubes["plate_tube"][k], tubes["plate_tube"][k + 1]):
            row, centre = int(tubes["tube_row"][t]), int(tubes["tube_centre"][t])
            if row > first:
                found.append((k, first, row - first, left, t))
            elif left >= 0:
                raise NotPlanar("two tubes with no row between them")
            first, left = row + centre, t
        if ny > first:
            found.append((k, first, ny - first, left, -1))
    names = ("seg_plate", "seg_first", "seg_rows", "seg_left", "seg_right")
    return {name: np.array([f[i] for f in found], dtype=np.intp) for i, name in enumerate(names)}
