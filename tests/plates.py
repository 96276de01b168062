"""Random plate-and-tube networks of the form that the fast path takes, from one seed.

`plate_case` draws plates whose tubes run along x on cell faces, on row centres or along an edge, at least one
row apart, and a border of lumps, mixers, valve, bus and battery, coupled to cells in every way the fast path
allows: conductances and radiation to cells, plate surfaces that see lumps and mixers, sensors and sources in
cells, streams through cells, losses and curtailed power that land in cells.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from bundles import PERIOD_S, Boundary, Case, Draft, Mixer, link
from hypothesis import strategies as st
from numpy.typing import NDArray

from thermalsat.bundle import Bundle

KINDS = ("edge", "centre", "face")
BREAKS_S = tuple(PERIOD_S * k for k in (0.0, 0.35, 0.4, 0.6, 1.0, 1.35, 1.4, 1.6))
"""Jumps of `Draft.day` and kinks of `Draft.wave`."""


class Sheet(NamedTuple):
    """A plate: first unknown, cells along x and y."""

    start: int
    nx: int
    ny: int

    def cell(self, d: Draft) -> int:
        return self.start + int(d.rng.integers(self.nx * self.ny))


def plate_case(
    seed: int,
    *,
    plates: int = 1,
    most: int = 5,
    kinds: tuple[str, ...] = KINDS,
    uniform: bool = False,
    valve: bool = True,
    law: bool = True,
    bus: bool = True,
    shape: tuple[int, int] | None = None,
    apart: bool = False,
    even: bool = False,
) -> Case:
    """Plates of up to `most` cells a side (or of `shape`), tubes of the given kinds, and their border.

    `apart`: tubes alone join plates and border; `even`: one capacity a plate, one conductance along a row.
    """
    d = Draft(np.random.default_rng(seed))
    for value in (d.constant(3.0), d.wave(250.0, 20.0), d.wave(290.0, 5.0)):
        d.add(boundary_forcing=value)
    space, earth, supply = Boundary(0), Boundary(1), Boundary(2)
    nodes = np.linspace(240.0, 360.0, 5)
    liquid = d.law(240.0, 360.0, nodes + 3.0 * np.sin((nodes - 240.0) / 40.0),
                   1.0 + 0.075 * np.cos((nodes - 240.0) / 40.0))  # fmt: skip
    body = [d.lump() for _ in range(3)]
    sheets = []
    for _ in range(plates):
        nx, ny = shape or (int(d.rng.integers(1, most + 1)), int(d.rng.integers(1, most + 1)))
        sheets.append(add_sheet(d, nx, ny, uniform, even, [] if apart else body, space, earth))
    cells = [d.pick(body) if apart else sheet.cell(d) for sheet in sheets for _ in range(3)]
    add_border(d, body, cells, sheets, space, earth)
    nm, loop = add_loop(d, sheets, kinds, body, cells, liquid, supply, valve, law)
    if bus:
        add_bus(d, body, cells)
    return Case(d.finish(3, nm), np.array(d.y), BREAKS_S, loop)


def add_sheet(
    d: Draft, nx: int, ny: int, uniform: bool, even: bool, body: list[int], space: Boundary, earth: Boundary
) -> Sheet:
    """Conduction, faces that see space, Earth, a lump; a lump and space along the last row; sunlight."""
    sheet = Sheet(len(d.y), nx, ny)
    capacity = d.rng.uniform(20.0, 200.0, nx * ny)
    gx, gy = d.rng.uniform(0.2, 3.0, ny * (nx - 1)), d.rng.uniform(0.2, 3.0, (ny - 1) * nx)
    if uniform:
        # rows of different width share the ratio of conductance to capacity
        width = d.rng.uniform(0.5, 2.0, ny)
        capacity = np.outer(width, d.rng.uniform(20.0, 200.0, nx)).ravel()
        gx = np.outer(width, d.rng.uniform(0.2, 3.0, nx - 1)).ravel()
    if even:
        capacity[:] = capacity[0]
        gx = np.repeat(d.rng.uniform(0.2, 3.0, ny), nx - 1)
        gy = np.repeat(d.rng.uniform(0.2, 3.0, ny - 1), nx)
    for c in capacity:
        d.unknown(c, d.between(260.0, 310.0))
    d.add(pl_start=sheet.start, pl_nx=nx, pl_ny=ny, pl_gx_count=len(gx), pl_gy_count=len(gy))
    d.extend("pl_gx", gx)
    d.extend("pl_gy", gy)
    front, back, edge = d.pattern(nx * ny), d.pattern(nx * ny), d.pattern(nx)
    last = sheet.start + (ny - 1) * nx
    seen, inner = (body, 0) if body else ([earth], -1)
    surfaces = (
        (sheet.start, front, space, 1, -1), (sheet.start, back, earth, 1, -1),
        (sheet.start, back, earth, 0, -1), (sheet.start, front, d.pick(seen), 1, inner),
        (last, edge, d.pick(seen), 0, inner), (last, edge, space, 1, -1),
    )  # fmt: skip
    for start, pattern, other, kind, external in surfaces:
        coef = d.between(0.01, 0.1) if kind else d.between(0.01, 0.2)
        d.add(sf_start=start, sf_pattern=pattern, sf_coef=coef, sf_other=other, sf_kind=kind)
        d.add(sf_flow=d.flow(external))
    for pattern, forcing in ((front, d.day(1.0)), (back, -1)):
        d.add(ps_start=sheet.start, ps_pattern=pattern, ps_coef=d.between(1.0, 20.0), ps_forcing=forcing)
        d.add(ps_flow=d.flow(1))
    return sheet


def add_border(
    d: Draft, body: list[int], cells: list[int], sheets: list[Sheet], space: Boundary, earth: Boundary
) -> None:
    """Lumps in a chain and against cells, an interface without capacity, heat that follows temperatures."""
    inner, lost, sky, heat = d.flow(0), d.flow(-1), d.flow(-1), d.flow(1)
    for a, b in [*pairwise(body), *((d.pick(body), cell) for cell in cells)]:
        d.add(gl_a=a, gl_b=b, gl_g=d.between(0.2, 4.0), gl_flow=inner)
        d.add(gr_a=a, gr_b=b, gr_g=d.between(0.01, 0.1), gr_flow=inner)
    d.add(gl_a=cells[0], gl_b=earth, gl_g=d.between(0.2, 2.0), gl_flow=lost)
    for i in (body[-1], cells[-1]):
        d.add(gr_a=i, gr_b=space, gr_g=d.between(0.05, 0.5), gr_flow=sky)
    skin = d.unknown(0.0, 290.0)
    for other in (body[0], cells[0]):
        d.add(gl_a=skin, gl_b=other, gl_g=d.between(1.0, 5.0), gl_flow=inner)
    d.add(gr_a=skin, gr_b=space, gr_g=d.between(0.05, 0.3), gr_flow=sky)
    leakage = d.law(250.0, 370.0, [0.8, 0.9, 1.1, 1.5])
    for to, by in ((body[0], cells[0]), (cells[0], body[0]), (cells[-1], cells[-1]), (body[1], body[1])):
        d.add(s_to=to, s_coef=d.between(5.0, 50.0), s_forcing=d.pick([-1, d.day(0.8)]), s_law=leakage)
        d.add(s_arg=by, s_flow=heat)
    # air passes through a cell on its way between lumps
    air, rate = d.flow(1), d.between(0.5, 3.0)
    for a, b in pairwise((earth, body[0], cells[0], body[1])):
        link(d, a, b, rate, -1, 1.0, 0.0, air)


def add_loop(
    d: Draft, sheets: list[Sheet], kinds: tuple[str, ...], body: list[int], cells: list[int], liquid: int,
    supply: Boundary, valve: bool, law: bool,
) -> tuple[int, tuple[int, ...]]:  # fmt: skip
    """Tank, bypass, tubes on every plate: mixer 0 is their return, 1 the supply. Second tubes run open."""
    tank = d.lump(law=liquid)
    d.add(gl_a=body[-1], gl_b=tank, gl_g=d.between(1.0, 6.0), gl_flow=d.flow(0))
    opening = d.unknown(d.between(5.0, 60.0), d.between(0.2, 0.8), weight=100.0, stored=0)
    d.add(v_state=opening, v_sensor=d.pick([Mixer(1), tank, cells[0]]))
    d.add(v_law=d.law(270.0, 310.0, [0.9, 0.1], [0.0, 0.0]))
    d.add(mixer_law=liquid)
    d.add(mixer_law=d.pick([liquid, -1]))
    tube, pumped, exchange = d.flow(1), d.flow(1), d.flow(0)
    outlets = []
    for number, sheet in enumerate(sheets):
        direction = d.pick([1, -1])
        for k, (kind, row) in enumerate(tube_rows(d, sheet, kinds)):
            open_ended = k == 1 or not kinds
            follows = 0 if valve and (open_ended or d.pick([True, False])) else -1
            rate = d.between(3.0, 12.0)
            inlet = d.pick([supply, body[0], tank]) if open_ended else Mixer(1)
            # the share of flow through a tube of the loop stays; an open one is throttled
            shares = (follows if open_ended else -1, 1.0, -0.5 if follows >= 0 else 0.0)
            film = (shares[0], 1.0, -0.6)
            film = film if law and d.pick([True, True, False]) else None
            last = add_tube(
                d, sheet, number, kind, row, direction, inlet, rate, shares, film,
                d.pick([liquid, -1]), tube if not open_ended else d.flow(1), exchange,
            )  # fmt: skip
            if not open_ended:
                outlets.append((last, rate))
    if not outlets:
        outlets.append((body[1], 5.0))
        link(d, Mixer(1), body[1], 5.0, -1, 1.0, 0.0, tube)
    total = sum(rate for _, rate in outlets)
    link(d, Mixer(0), tank, total, 0, 1.0, -1.0, pumped)
    for last, rate in outlets:
        link(d, last, Mixer(0), rate, -1, 1.0, 0.0, -1)
    link(d, tank, Mixer(1), total, 0, 1.0, -1.0, -1)
    link(d, Mixer(0), Mixer(1), total, 0, 0.0, 1.0, -1)
    return 2, (tube, pumped)


def tube_rows(d: Draft, sheet: Sheet, kinds: tuple[str, ...]) -> list[tuple[str, int]]:
    """Places of tubes from one edge to the other, at least one free row between two."""
    found: list[tuple[str, int]] = []
    first = 0
    for row in range(sheet.ny + 1):
        free = not found or row > first
        here = [kind for kind in kinds if (kind == "edge") == (row in (0, sheet.ny)) or kind == "centre"]
        here = [kind for kind in here if kind != "centre" or row < sheet.ny]
        if free and here and d.rng.uniform() < 0.7:
            kind = d.pick(here)
            found.append((kind, row))
            first = row + (kind == "centre")
    return found


def add_tube(
    d: Draft, sheet: Sheet, plate: int, kind: str, row: int, direction: int, inlet: int, rate: float,
    shares: tuple[int, float, float], film: tuple[int, float, float] | None, law: int, flow: int,
    exchange: int,
) -> int:  # fmt: skip
    """One tube of nx cells; its outlet. `film` is valve, c0, c1 of a wall law, or None for a constant."""
    nx, first = sheet.nx, len(d.y)
    for _ in range(nx):
        d.unknown(d.between(5.0, 40.0), d.between(270.0, 310.0), law=law)
    wall, links = len(d.columns.get("w_a", [])), len(d.columns.get("adv_from", []))
    wall_law = d.wall_law() if film else -1
    valve, c0, c1 = film or (-1, 1.0, 0.0)
    swapped = d.pick([True, False])
    for i in range(nx):
        below, above = sheet.start + (row - 1) * nx + i, sheet.start + row * nx + i
        ga, gb, g = d.rng.uniform(2.0, 10.0, 3)
        if kind == "centre":
            a, b, ga, gb = above, -1, 0.0, 0.0
        elif kind == "edge":
            a, b, gb = (above if row == 0 else below), -1, 0.0
        else:
            a, b = (above, below) if swapped else (below, above)
        d.add(w_a=a, w_b=b, w_c=first + i, w_ga=ga, w_gb=gb, w_g=g, w_law=wall_law, w_flow=exchange)
        d.add(w_valve=valve, w_c0=c0, w_c1=c1)
        entering = i == (0 if direction == 1 else nx - 1)
        link(d, inlet if entering else first + i - direction, first + i, rate, *shares, flow)
    if kind == "face":
        # the star carries what crosses the tube line
        across = sum(d.columns["pl_gy_count"][:plate]) + (row - 1) * nx
        d.columns["pl_gy"][across : across + nx] = [0.0] * nx
    d.add(ch_plate=plate, ch_start=first, ch_n=nx, ch_dir=direction, ch_wall=wall, ch_adv=links)
    d.add(ch_row=row, ch_kind=int(kind == "centre"))
    return first + (nx - 1 if direction == 1 else 0)


def add_bus(d: Draft, body: list[int], cells: list[int]) -> None:
    """An array, a load, a battery: either the array's power follows a cell, or cells take the heat."""
    array, heated = d.pick([(cells[0], body[0]), (body[0], cells[0]), (cells[0], cells[0])])
    soe = d.unknown(d.between(5e4, 5e5), d.between(0.3, 0.9), weight=100.0)
    output = d.law(200.0, 400.0, [1.15, 1.0, 0.8])
    d.add(s_to=-1, s_coef=d.between(200.0, 900.0), s_forcing=d.day(1.0), s_law=output, s_arg=array)
    d.add(s_flow=d.flow(1))
    d.add(s_to=-1, s_coef=-d.between(100.0, 300.0), s_forcing=-1, s_law=-1, s_arg=0, s_flow=d.flow(1))
    d.add(bt_soe=soe, bt_heat=heated, bt_eta_c=0.95, bt_eta_d=0.93, bt_pmax=d.between(100.0, 500.0))
    d.add(bt_taper=d.law(0.7, 1.0, [1.0, 0.0], [0.0, 0.0]), bt_flow_charge=d.flow(0))
    d.add(bt_flow_discharge=d.flow(0), bt_flow_loss=d.flow(0), bt_flow_curtail=d.flow(0), cu_count=2)
    d.extend("cu_to", [heated, body[1]])
    d.extend("cu_share", [0.4, 0.6])


def plate_cases() -> st.SearchStrategy[Case]:
    """Hypothesis strategy: seed, number of plates, kinds of tubes, uniform or not, which parts there are."""
    return st.builds(
        plate_case,
        seed=st.integers(0, 2**32 - 1),
        plates=st.integers(1, 3),
        kinds=st.sampled_from([KINDS, ("face",), ("centre",), ("edge",), ("face", "edge"), ()]),
        uniform=st.booleans(),
        valve=st.booleans(),
        law=st.booleans(),
        bus=st.booleans(),
        apart=st.booleans(),
        even=st.booleans(),
    )


def conduction_along_x(b: Bundle) -> NDArray[np.float64]:
    """Conduction along x in the plates, over unknowns and mixers."""
    J1 = np.zeros((b.n + b.nm,) * 2)
    for k, (start, nx, ny) in enumerate(zip(b.pl_start, b.pl_nx, b.pl_ny, strict=True)):
        g = b.pl_gx[b.pl_gx_ptr[k] : b.pl_gx_ptr[k + 1]].reshape(ny, nx - 1)
        for j, i in np.ndindex(g.shape):
            a = start + j * nx + i
            J1[a : a + 2, a : a + 2] += g[j, i] * np.array([[-1.0, 1.0], [1.0, -1.0]])
    return J1
