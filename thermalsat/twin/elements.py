"""The closed list of element laws, one function each.

Every function yields `Term`: a rate in watts, the rows it is added to with which sign, and the named flow
that counts it. Places are extended indices: unknowns, then boundaries, then mixers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from thermalsat.bundle import Bundle
from thermalsat.twin.dual import Number, larger, smaller
from thermalsat.twin.tables import law, wall_law

__all__ = ["State", "Term", "stream_rate", "terms"]

NONE = -1


@dataclass(frozen=True, slots=True)
class State:
    """What the laws look at: y and T at every extended index, and the forcings, at one time."""

    y: list[Number]
    T: list[Number]
    s: list[Number]


class Term(NamedTuple):
    """A rate [W], the rows (index, sign) it is added to, and the named flow that counts it (-1: none)."""

    rate: Number
    rows: tuple[tuple[int, float], ...]
    flow: int


def conductances(b: Bundle, x: State) -> Iterator[Term]:
    """Linear exchange: q = g (T_a - T_b)."""
    for k in range(len(b.gl_a)):
        i, j = int(b.gl_a[k]), int(b.gl_b[k])
        yield Term(b.gl_g[k] * (x.T[i] - x.T[j]), ((i, -1.0), (j, 1.0)), int(b.gl_flow[k]))


def radiative_exchanges(b: Bundle, x: State) -> Iterator[Term]:
    """Radiation: q = sigma g (T_a^4 - T_b^4), g in m2."""
    for k in range(len(b.gr_a)):
        i, j = int(b.gr_a[k]), int(b.gr_b[k])
        rate = b.sigma * b.gr_g[k] * (fourth_power(x.T[i]) - fourth_power(x.T[j]))
        yield Term(rate, ((i, -1.0), (j, 1.0)), int(b.gr_flow[k]))


def streams(b: Bundle, x: State) -> Iterator[Term]:
    """One-way links: q = r (y_from - y_to), what the stream brings to where it arrives.

    Into a mixer the terms are not heat but its balance: they add up to zero at the mixed temperature.
    """
    for k in range(len(b.adv_from)):
        i, j = int(b.adv_from[k]), int(b.adv_to[k])
        into_mixer = j >= b.n + b.nb
        rate = stream_rate(b, x.y, k) * (x.y[i] - x.y[j])
        yield Term(rate, ((j, 1.0),), NONE if into_mixer else int(b.adv_flow[k]))


def walls(b: Bundle, x: State) -> Iterator[Term]:
    """Tube wall as a star: rows a and b of the plate, and the coolant c, meet at the wall.

    Tw = (ga T_a + gb T_b + G T_c) / (ga + gb + G); side a gives ga (T_a - Tw), and all goes to the coolant.
    With ga = 0 row a is the wall itself: q = G (T_a - T_c).
    """
    for k in range(len(b.w_a)):
        c, flow = int(b.w_c[k]), int(b.w_flow[k])
        film: Number = b.w_g[k]
        if b.w_law[k] >= 0:
            fraction = valve_share(b, x.y, int(b.w_valve[k]), b.w_c0[k], b.w_c1[k])
            film = film * wall_law(b, int(b.w_law[k]), x.T[c], fraction)
        if b.w_ga[k] == 0.0 and b.w_a[k] >= 0:
            a = int(b.w_a[k])
            yield Term(film * (x.T[a] - x.T[c]), ((a, -1.0), (c, 1.0)), flow)
            continue
        sides = [(int(i), g) for i, g in ((b.w_a[k], b.w_ga[k]), (b.w_b[k], b.w_gb[k])) if i >= 0]
        total = film
        for _, g in sides:
            total = total + g
        for i, g in sides:
            # g (T_i - Tw) written with differences to the other ends, which keeps its digits when g is large
            others = film * (x.T[i] - x.T[c])
            for j, other in sides:
                others = others + other * (x.T[i] - x.T[j])
            yield Term(g * others / total, ((i, -1.0), (c, 1.0)), flow)


def sources(b: Bundle, x: State) -> Iterator[Term]:
    """Heat or electrical power: coef s(t) law(T_arg). Into a bus: only counted here, see `buses`."""
    for k in range(len(b.s_to)):
        i = int(b.s_to[k])
        yield Term(source_rate(b, x, k), ((i, 1.0),) if i >= 0 else (), int(b.s_flow[k]))


def plate_surfaces(b: Bundle, x: State) -> Iterator[Term]:
    """Exchange of a plate's face with one place: coef p_i (T_i - T_o), or sigma coef p_i (T_i^4 - T_o^4)."""
    for k in range(len(b.sf_start)):
        o = int(b.sf_other[k])
        for i, share in cells(b, int(b.sf_start[k]), int(b.sf_pattern[k])):
            if b.sf_kind[k] == 0:
                rate = b.sf_coef[k] * share * (x.T[i] - x.T[o])
            else:
                rate = b.sigma * b.sf_coef[k] * share * (fourth_power(x.T[i]) - fourth_power(x.T[o]))
            yield Term(rate, ((i, -1.0), (o, 1.0)), int(b.sf_flow[k]))


def plate_sources(b: Bundle, x: State) -> Iterator[Term]:
    """Heat into a plate's cells: coef p_i s(t)."""
    for k in range(len(b.ps_start)):
        strength = b.ps_coef[k] * (x.s[int(b.ps_forcing[k])] if b.ps_forcing[k] >= 0 else 1.0)
        for i, share in cells(b, int(b.ps_start[k]), int(b.ps_pattern[k])):
            yield Term(share * strength, ((i, 1.0),), int(b.ps_flow[k]))


def plate_conduction(b: Bundle, x: State) -> Iterator[Term]:
    """Conduction between neighbours in a plate, x fastest: q = g (T_i - T_j)."""
    for k in range(len(b.pl_start)):
        start, nx, ny = int(b.pl_start[k]), int(b.pl_nx[k]), int(b.pl_ny[k])
        along, across = int(b.pl_gx_ptr[k]), int(b.pl_gy_ptr[k])
        for row in range(ny):
            for column in range(nx):
                i = start + row * nx + column
                if column + 1 < nx:
                    g = b.pl_gx[along + row * (nx - 1) + column]
                    yield Term(g * (x.T[i] - x.T[i + 1]), ((i, -1.0), (i + 1, 1.0)), NONE)
                if row + 1 < ny:
                    g = b.pl_gy[across + row * nx + column]
                    yield Term(g * (x.T[i] - x.T[i + nx]), ((i, -1.0), (i + nx, 1.0)), NONE)


def valves(b: Bundle, x: State) -> Iterator[Term]:
    """Proportional valve with a lag: lag dv/dt = law(T_sensor) - v. Not heat: it counts nowhere."""
    for k in range(len(b.v_state)):
        i = int(b.v_state[k])
        yield Term(law(b, int(b.v_law[k]), x.T[int(b.v_sensor[k])]) - x.y[i], ((i, 1.0),), NONE)


def buses(b: Bundle, x: State) -> Iterator[Term]:
    """Battery on a bus: what the sources leave over after the loads charges it, what they lack is drawn.

    A surplus is taken up to the charge limit (which tapers with the state of energy), the rest is curtailed.
    Losses and curtailed power are heat where the bundle says they land.
    """
    for k in range(len(b.bt_soe)):
        soe, heat = int(b.bt_soe[k]), int(b.bt_heat[k])
        net: Number = 0.0
        for j in range(len(b.s_to)):
            if b.s_to[j] == -1 - k:
                net = net + source_rate(b, x, j)
        surplus, deficit = larger(net, 0.0), larger(-net, 0.0)
        charge = smaller(surplus, b.bt_pmax[k] * law(b, int(b.bt_taper[k]), x.y[soe]))
        loss = (1.0 - b.bt_eta_c[k]) * charge + (1.0 / b.bt_eta_d[k] - 1.0) * deficit
        curtailed = surplus - charge
        yield Term(b.bt_eta_c[k] * charge - deficit / b.bt_eta_d[k], ((soe, 1.0),), NONE)
        yield Term(loss, ((heat, 1.0),) if heat >= 0 else (), int(b.bt_flow_loss[k]))
        landings = range(int(b.cu_ptr[k]), int(b.cu_ptr[k + 1]))
        rows = tuple((int(b.cu_to[j]), float(b.cu_share[j])) for j in landings)
        yield Term(curtailed, rows, int(b.bt_flow_curtail[k]))
        yield Term(charge, (), int(b.bt_flow_charge[k]))
        yield Term(deficit, (), int(b.bt_flow_discharge[k]))


def terms(b: Bundle, x: State) -> Iterator[Term]:
    """Every term of every element."""
    for element in (
        conductances,
        radiative_exchanges,
        streams,
        walls,
        sources,
        plate_surfaces,
        plate_sources,
        plate_conduction,
        valves,
        buses,
    ):
        yield from element(b, x)


def fourth_power(T: Number) -> Number:
    """T^4."""
    square = T * T
    return square * square


def valve_share(b: Bundle, y: list[Number], valve: int, c0: float, c1: float) -> Number:
    """c0 + c1 v: the share of a flow that the position v of a valve sets; c0 without a valve (-1)."""
    return c0 if valve < 0 else c0 + c1 * y[int(b.v_state[valve])]


def stream_rate(b: Bundle, y: list[Number], k: int) -> Number:
    """Capacity rate of link k [W/K]: rate (c0 + c1 v)."""
    return b.adv_rate[k] * valve_share(b, y, int(b.adv_valve[k]), b.adv_c0[k], b.adv_c1[k])


def source_rate(b: Bundle, x: State, k: int) -> Number:
    """Power of source k [W]: coef s(t) law(T_arg)."""
    rate: Number = b.s_coef[k]
    if b.s_forcing[k] >= 0:
        rate = rate * x.s[int(b.s_forcing[k])]
    if b.s_law[k] >= 0:
        rate = rate * law(b, int(b.s_law[k]), x.T[int(b.s_arg[k])])
    return rate


def cells(b: Bundle, start: int, pattern: int) -> Iterator[tuple[int, float]]:
    """Yield the unknowns a pattern covers, from `start` on, with their values."""
    first, last = int(b.pat_ptr[pattern]), int(b.pat_ptr[pattern + 1])
    for i in range(first, last):
        yield start + i - first, b.pat_value[i]
