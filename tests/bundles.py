"""Random but valid bundles: every element law, several topologies, from one seed.

`random_case` draws a network as an engineer could have built it: plates with tubes on cell faces, on cell
centres or along an edge, a coolant loop with mixers and a bypass, lumps and arithmetic nodes, a bus with
its battery, forcing with steps. Streams are balanced (the loop's flow terms add up to zero); links into one
mixer follow each other. `cases` is the same as a Hypothesis strategy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from thermalsat.bundle import Bundle

PERIOD_S = 600.0


class Case(NamedTuple):
    """A bundle, a state to start from, times [s] where forcing jumps, and the flows of the closed loop."""

    bundle: Bundle
    y: np.ndarray
    jumps: tuple[float, ...]
    loop_flows: tuple[int, ...]


@dataclass
class Draft:
    """Lists that grow, one per array of the bundle; unknowns are numbered as they are added."""

    rng: np.random.Generator
    columns: dict[str, list] = field(default_factory=dict)
    y: list[float] = field(default_factory=list)
    law_count: int = 0

    def add(self, **values) -> None:
        for name, value in values.items():
            self.columns.setdefault(name, []).append(value)

    def extend(self, name: str, values) -> None:
        self.columns.setdefault(name, []).extend(np.ravel(values).tolist())

    def between(self, lo: float, hi: float) -> float:
        return float(self.rng.uniform(lo, hi))

    def pick(self, items):
        return items[int(self.rng.integers(len(items)))]

    def unknown(
        self, capacity: float, y: float, *, weight: float = 1.0, stored: int = 1, law: int = -1
    ) -> int:
        self.add(capacity=capacity, weight=weight, stored=stored, temperature_law=law)
        self.y.append(y)
        return len(self.y) - 1

    def lump(self, law: int = -1) -> int:
        return self.unknown(self.between(50.0, 5000.0), self.between(260.0, 340.0), law=law)

    def flow(self, external: int) -> int:
        self.add(flow_external=external)
        return len(self.columns["flow_external"]) - 1

    def forcing(self, knots, coef, period: float = 0.0) -> int:
        self.extend("forcing_knots", knots)
        self.columns.setdefault("forcing_coef", []).extend(np.asarray(coef, dtype=float).tolist())
        self.add(forcing_period=period, forcing_pieces=len(coef))
        return len(self.columns["forcing_period"]) - 1

    def constant(self, value: float) -> int:
        return self.forcing([0.0, 1.0], [[value, 0, 0, 0, 0, 0]])

    def wave(self, mean: float, swing: float) -> int:
        """Periodic, continuous: cubic arcs that meet."""
        knots = np.array([0.0, 0.35, 0.6, 1.0]) * PERIOD_S
        values = mean + swing * self.rng.uniform(-1.0, 1.0, 3)
        values = np.append(values, values[0])
        coef = np.zeros((3, 6))
        for p, width in enumerate(np.diff(knots)):
            rise, bulge = (
                (values[p + 1] - values[p]) / width,
                0.3 * swing / width**2 * self.rng.uniform(-1, 1),
            )
            coef[p, :3] = values[p], rise - bulge * width, bulge
        return self.forcing(knots, coef, PERIOD_S)

    def day(self, value: float) -> int:
        """Periodic on and off, with jumps at 0 and at 0.4 of the period."""
        coef = np.zeros((2, 6))
        coef[0, :2] = value, 0.05 * value / PERIOD_S
        return self.forcing([0.0, 0.4 * PERIOD_S, PERIOD_S], coef, PERIOD_S)

    def burst(self, low: float, high: float) -> int:
        """Not periodic: low, then high from 100 s to 250 s with a quintic ripple, then low, held outside."""
        coef = np.zeros((3, 6))
        coef[:, 0] = low, high, low
        coef[1, 1:] = 0.02 * high * self.rng.uniform(-1, 1, 5) / 150.0 ** np.arange(1, 6)
        return self.forcing([0.0, 100.0, 250.0, 400.0], coef)

    def law(self, x_lo: float, x_hi: float, values, slopes=None) -> int:
        """Cubic Hermite through values at equidistant nodes."""
        values = np.asarray(values, dtype=float)
        dx = (x_hi - x_lo) / (len(values) - 1)
        slopes = np.gradient(values, dx) if slopes is None else np.asarray(slopes, dtype=float)
        rows = [
            hermite(*ends, dx) for ends in zip(values[:-1], values[1:], slopes[:-1], slopes[1:], strict=True)
        ]
        self.add(law_x0=x_lo, law_dx=dx, law_pieces=len(rows))
        self.columns.setdefault("law_coef", []).extend(rows)
        self.law_count += 1
        return self.law_count - 1

    def wall_law(self) -> int:
        """A film coefficient that grows with temperature and with flow: nodes 250..350 K and 0.2..1."""
        n_t, n_w = int(self.rng.integers(1, 4)), int(self.rng.integers(1, 4))
        t, w = np.linspace(250.0, 350.0, n_t + 1), np.linspace(0.2, 1.0, n_w + 1)
        a, b = self.between(0.3, 0.9), self.between(0.001, 0.004)
        by_t = 1.0 + b * (t - 250.0) + 0.05 * np.sin(t / 17.0)
        d_t = b + 0.05 / 17.0 * np.cos(t / 17.0)
        by_w, d_w = w**a, a * w ** (a - 1.0)
        dT, dw = 100.0 / n_t, 0.8 / n_w
        for i in range(n_t):
            in_t = hermite(by_t[i], by_t[i + 1], d_t[i], d_t[i + 1], dT)
            for j in range(n_w):
                in_w = hermite(by_w[j], by_w[j + 1], d_w[j], d_w[j + 1], dw)
                self.columns.setdefault("wl_coef", []).append(np.outer(in_t, in_w).ravel().tolist())
        self.add(wl_T0=250.0, wl_dT=dT, wl_nT=n_t, wl_w0=0.2, wl_dw=dw, wl_nw=n_w, wl_patches=n_t * n_w)
        return len(self.columns["wl_T0"]) - 1

    def pattern(self, length: int) -> int:
        self.extend("pat_value", self.rng.uniform(0.5, 1.5, length))
        self.add(pat_length=length)
        return len(self.columns["pat_length"]) - 1

    def finish(self, nb: int, nm: int) -> Bundle:
        """Turn counts into pointers and boundary and mixer marks into extended indices."""
        n = len(self.y)
        arrays = dict(self.columns)
        for count, pointer in (
            ("forcing_pieces", "forcing_ptr"),
            ("law_pieces", "law_ptr"),
            ("wl_patches", "wl_ptr"),
            ("pat_length", "pat_ptr"),
            ("pl_gx_count", "pl_gx_ptr"),
            ("pl_gy_count", "pl_gy_ptr"),
            ("cu_count", "cu_ptr"),
        ):
            arrays[pointer] = np.concatenate([[0], np.cumsum(arrays.pop(count, []))]).astype(np.intp)
        for name in EXTENDED:
            arrays[name] = [place(i, n, nb) for i in arrays.get(name, [])]
        return Bundle(n=n, nb=nb, nm=nm, nq=len(arrays.get("flow_external", [])), **arrays)


EXTENDED = ("gl_a", "gl_b", "gr_a", "gr_b", "adv_from", "adv_to", "s_arg", "sf_other", "v_sensor")


class Boundary(int):
    """Number of a boundary, before the unknowns are counted."""


class Mixer(int):
    """Number of a mixer, before the unknowns are counted."""


def place(i: int, n: int, nb: int) -> int:
    if isinstance(i, Boundary):
        return n + int(i)
    return n + nb + int(i) if isinstance(i, Mixer) else int(i)


def hermite(y0: float, y1: float, d0: float, d1: float, width: float) -> list[float]:
    """Cubic in ascending powers from values and slopes at both ends."""
    rise = (y1 - y0) / width
    return [
        float(y0),
        float(d0),
        float((3 * rise - 2 * d0 - d1) / width),
        float((d0 + d1 - 2 * rise) / width**2),
    ]


def random_case(
    seed: int,
    *,
    lumps: int = 3,
    plates: int = 1,
    nx: int = 3,
    ny: int = 3,
    loop: bool = True,
    bus: bool = True,
    arithmetic: bool = True,
) -> Case:
    """A valid bundle with the parts asked for; the seed draws every number and the choices left open."""
    d = Draft(np.random.default_rng(seed))
    for value in (d.constant(3.0), d.wave(250.0, 20.0), d.burst(285.0, 300.0)):
        d.add(boundary_forcing=value)
    space, earth, supply = Boundary(0), Boundary(1), Boundary(2)
    # theta -> T, close to the identity, as the enthalpy temperature of a liquid is
    nodes = np.linspace(240.0, 360.0, 5)
    liquid = d.law(
        240.0,
        360.0,
        nodes + 3.0 * np.sin((nodes - 240.0) / 40.0),
        1.0 + 0.075 * np.cos((nodes - 240.0) / 40.0),
    )
    body = [d.lump() for _ in range(lumps)]
    lump_links(d, body, space, earth, arithmetic)
    sheets = [add_plate(d, nx, ny, body, space, earth) for _ in range(plates)]
    open_stream(d, body, supply)
    nm, loop_flows = (2, add_loop(d, sheets, nx, ny, body, liquid)) if loop else (0, ())
    if bus:
        add_bus(d, body)
    bundle = d.finish(3, nm)
    jumps = (0.0, 100.0, 0.4 * PERIOD_S, 250.0, 400.0, PERIOD_S, 1.4 * PERIOD_S)
    return Case(bundle, np.array(d.y), tuple(sorted(jumps)), loop_flows)


def lump_links(d: Draft, body: list[int], space: Boundary, earth: Boundary, arithmetic: bool) -> None:
    """A chain of lumps, radiators on some of them, an interface without capacity, heat by law and by time."""
    inner, lost, sky = d.flow(0), d.flow(-1), d.flow(-1)
    for a, b in pairwise(body):
        d.add(gl_a=a, gl_b=b, gl_g=d.between(0.5, 8.0), gl_flow=inner)
        d.add(gr_a=a, gr_b=b, gr_g=d.between(0.01, 0.1), gr_flow=d.pick([inner, -1]))
    d.add(gl_a=body[0], gl_b=earth, gl_g=d.between(0.2, 2.0), gl_flow=lost)
    d.add(gr_a=body[-1], gr_b=space, gr_g=d.between(0.05, 0.5), gr_flow=sky)
    if arithmetic:
        skin = d.unknown(0.0, 290.0)
        d.add(gl_a=skin, gl_b=body[0], gl_g=d.between(1.0, 5.0), gl_flow=-1)
        d.add(gr_a=skin, gr_b=space, gr_g=d.between(0.05, 0.3), gr_flow=sky)
        d.add(
            s_to=skin, s_coef=d.between(10.0, 60.0), s_forcing=d.day(1.0), s_law=-1, s_arg=0, s_flow=d.flow(1)
        )
    leakage = d.law(250.0, 370.0, [0.8, 0.9, 1.1, 1.5])
    heat = d.flow(1)
    for i in body:
        law = d.pick([leakage, -1])
        d.add(s_to=i, s_coef=d.between(20.0, 200.0), s_law=law, s_arg=d.pick(body), s_flow=heat)
        d.add(s_forcing=d.pick([-1, d.burst(0.5, 1.0)]))


def add_plate(d: Draft, nx: int, ny: int, body: list[int], space: Boundary, earth: Boundary) -> int:
    """A plate that conducts, radiates from both faces, absorbs sunlight, touches a lump; its start."""
    start = len(d.y)
    for _ in range(nx * ny):
        d.unknown(d.between(20.0, 200.0), d.between(260.0, 310.0))
    d.add(pl_start=start, pl_nx=nx, pl_ny=ny, pl_gx_count=ny * (nx - 1), pl_gy_count=(ny - 1) * nx)
    d.extend("pl_gx", d.rng.uniform(0.2, 3.0, ny * (nx - 1)))
    d.extend("pl_gy", d.rng.uniform(0.2, 3.0, (ny - 1) * nx))
    front, back = d.pattern(nx * ny), d.pattern(nx * ny)
    faces = ((front, space, 1, -1), (back, earth, 1, -1), (back, earth, 0, -1), (front, body[0], 1, 0))
    for pattern, other, kind, external in faces:
        coef = d.between(0.01, 0.1) if kind else d.between(0.01, 0.2)
        d.add(
            sf_start=start,
            sf_pattern=pattern,
            sf_coef=coef,
            sf_other=other,
            sf_kind=kind,
            sf_flow=d.flow(external),
        )
    d.add(
        ps_start=start,
        ps_pattern=front,
        ps_coef=d.between(1.0, 30.0),
        ps_forcing=d.day(1.0),
        ps_flow=d.flow(1),
    )
    d.add(ps_start=start, ps_pattern=back, ps_coef=d.between(0.1, 5.0), ps_forcing=-1, ps_flow=d.flow(1))
    d.add(gl_a=start + nx * ny - 1, gl_b=body[-1], gl_g=d.between(0.2, 2.0), gl_flow=d.flow(0))
    return start


def open_stream(d: Draft, body: list[int], supply: Boundary) -> None:
    """Air or coolant that enters from outside, passes through the lumps and leaves."""
    flow, rate, before = d.flow(1), d.between(0.5, 5.0), supply
    for i in body:
        d.add(adv_from=before, adv_to=i, adv_rate=rate, adv_valve=-1, adv_c0=1.0, adv_c1=0.0, adv_flow=flow)
        before = i


def add_loop(d: Draft, sheets: list[int], nx: int, ny: int, body: list[int], liquid: int) -> tuple[int, ...]:
    """Tank, bypass valve, tubes on every plate. Mixer 0 is their return, mixer 1 the supply."""
    tank = d.lump(law=liquid)
    d.add(gl_a=body[-1], gl_b=tank, gl_g=d.between(1.0, 6.0), gl_flow=d.flow(0))
    opening = d.unknown(d.between(5.0, 60.0), d.between(0.2, 0.8), weight=100.0, stored=0)
    position = d.law(270.0, 310.0, [0.9, 0.1], [0.0, 0.0])
    d.add(v_state=opening, v_sensor=Mixer(1), v_law=position)
    valve = 0
    d.add(mixer_law=liquid)
    d.add(mixer_law=d.pick([liquid, -1]))
    tube, pumped = d.flow(1), d.flow(1)
    outlets = []
    for sheet in sheets or [-1]:
        for _ in range(int(d.rng.integers(1, 3))):
            rate = d.between(3.0, 12.0)
            outlets.append((add_tube(d, sheet, nx, ny, rate, liquid, valve, body, tube), rate))
    total = sum(rate for _, rate in outlets)
    for last, rate in outlets:
        link(d, last, Mixer(0), rate, -1, 1.0, 0.0, -1)
    link(d, Mixer(0), tank, total, valve, 1.0, -1.0, pumped)
    link(d, tank, Mixer(1), total, valve, 1.0, -1.0, -1)
    link(d, Mixer(0), Mixer(1), total, valve, 0.0, 1.0, -1)
    return (tube, pumped)


def link(d: Draft, a: int, b: int, rate: float, valve: int, c0: float, c1: float, flow: int) -> None:
    d.add(adv_from=a, adv_to=b, adv_rate=rate, adv_valve=valve, adv_c0=c0, adv_c1=c1, adv_flow=flow)


def add_tube(
    d: Draft, sheet: int, nx: int, ny: int, rate: float, liquid: int, valve: int, body: list[int], flow: int
) -> int:
    """One tube of nx cells from the supply mixer: on a face, on a centre or along an edge. Its outlet."""
    first = len(d.y)
    for _ in range(nx):
        d.unknown(d.between(5.0, 40.0), d.between(270.0, 310.0), law=liquid)
    direction = d.pick([1, -1])
    kind = d.pick(["face", "centre", "edge"] if ny > 1 else ["centre", "edge"])
    row = (
        int(d.rng.integers(1, ny))
        if kind == "face"
        else (d.pick([0, ny - 1]) if kind == "edge" else d.pick(range(ny)))
    )
    film = d.pick([d.wall_law(), -1])
    exchange = d.flow(0)
    wall_start, link_start = len(d.columns.get("w_a", [])), len(d.columns.get("adv_from", []))
    fraction_valve, c0, c1 = d.pick([(valve, 1.0, -0.6), (-1, 0.7, 0.0)])
    ga, gb, g = d.between(2.0, 10.0), d.between(2.0, 10.0), d.between(2.0, 10.0)
    for i in range(nx):
        if sheet < 0:
            a, b, to_a, to_b = d.pick(body), -1, 0.0, 0.0
        elif kind == "face":
            a, b, to_a, to_b = sheet + (row - 1) * nx + i, sheet + row * nx + i, ga, gb
        else:
            a, b, to_a, to_b = sheet + row * nx + i, -1, (ga if kind == "edge" else 0.0), 0.0
        d.add(w_a=a, w_b=b, w_c=first + i, w_ga=to_a, w_gb=to_b, w_g=g, w_law=film, w_flow=exchange)
        d.add(w_valve=fraction_valve, w_c0=c0, w_c1=c1)
        upstream = first + i - direction
        inlet = i == (0 if direction == 1 else nx - 1)
        link(d, Mixer(1) if inlet else upstream, first + i, rate, -1, 1.0, 0.0, flow)
    plate = [int(s) for s in d.columns.get("pl_start", [])].index(sheet) if sheet >= 0 else -1
    d.add(ch_plate=plate, ch_start=first, ch_n=nx, ch_dir=direction, ch_wall=wall_start, ch_adv=link_start)
    d.add(ch_row=row if sheet >= 0 else 0, ch_kind=0 if kind == "face" else 1)
    return first + (nx - 1 if direction == 1 else 0)


def add_bus(d: Draft, body: list[int]) -> None:
    """An array that loses power with temperature, a load, a battery; losses and curtailment land or leave."""
    soe = d.unknown(d.between(5e4, 5e5), d.between(0.3, 0.9), weight=100.0)
    array, load = d.flow(1), d.flow(1)
    output = d.law(200.0, 400.0, [1.15, 1.0, 0.8])
    d.add(
        s_to=-1,
        s_coef=d.between(200.0, 900.0),
        s_forcing=d.day(1.0),
        s_law=output,
        s_arg=d.pick(body),
        s_flow=array,
    )
    d.add(
        s_to=-1, s_coef=-d.between(100.0, 300.0), s_forcing=d.burst(0.6, 1.2), s_law=-1, s_arg=0, s_flow=load
    )
    warm = d.pick([d.pick(body), -1])
    shares = d.pick([(), (1.0,), (0.25, 0.75)])
    d.add(bt_soe=soe, bt_heat=warm, bt_eta_c=0.95, bt_eta_d=0.93, bt_pmax=d.between(100.0, 500.0))
    d.add(
        bt_taper=d.law(0.7, 1.0, [1.0, 0.0], [0.0, 0.0]),
        bt_flow_charge=d.flow(0),
        bt_flow_discharge=d.pick([d.flow(0), -1]),
    )
    d.add(bt_flow_loss=d.flow(0 if warm >= 0 else -1), bt_flow_curtail=d.flow(0 if shares else -1))
    d.add(cu_count=len(shares))
    d.extend("cu_to", [d.pick(body) for _ in shares])
    d.extend("cu_share", shares)


def cases() -> st.SearchStrategy[Case]:
    """Hypothesis strategy: seed, sizes and which parts there are."""
    return st.builds(
        random_case,
        seed=st.integers(0, 2**32 - 1),
        lumps=st.integers(1, 4),
        plates=st.integers(0, 2),
        nx=st.integers(1, 4),
        ny=st.integers(1, 4),
        loop=st.booleans(),
        bus=st.booleans(),
        arithmetic=st.booleans(),
    )
