"""Truncation defects of tubes on plates: stars of half cells and coolant, see `mesh`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thermalsat.bundle import Bundle
from thermalsat.laws import WallLaw
from thermalsat.network.channel import Channel
from thermalsat.network.layout import Layout

__all__ = ["WallState", "Walls", "walls_of"]

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WallState:
    """Stars at one state: shares of the legs in the wall, heat into it, and the coolant's defect.

    ``share`` and ``heat_W`` are (3, elements): legs a, b and coolant; ``more_W`` (2, elements) is what the
    network's element takes out of a and b beyond the star.
    """

    walls: Walls
    share: Floats
    stiffness_W_K: Floats
    heat_W: Floats
    more_W: Floats
    coolant_W: Floats
    curved_W: Floats

    def add_heat(self, through: Floats, line: Floats) -> None:
        """Add the heat into the rows beside tubes to (2, n) low and high faces, and to centres (n,)."""
        w = self.walls
        face = ~w.centre
        np.add.at(through, (w.side_a[face], w.a[face]), -self.heat_W[0, face])
        np.add.at(through[0], w.b[w.two], -self.heat_W[1, w.two])
        np.add.at(line, w.a[w.centre], self.heat_W[2, w.centre])

    def legs(self, delta: Floats) -> tuple[Floats, Floats, Floats]:
        """Return defects of legs a and b and the sum at the wall [W], from those of half cells (2, n)."""
        w = self.walls
        a = np.where(w.centre, 0.0, delta[w.side_a, w.a])
        b = np.where(w.two, delta[0, w.b], 0.0)
        return a, b, a + b + self.coolant_W + self.curved_W

    def add_defects(self, delta: Floats, defect: Floats) -> None:
        """Add the defects of the rows of the network [W]."""
        w = self.walls
        a, b, total = self.legs(delta)
        np.add.at(defect, w.a, -a + self.share[0] * total - self.more_W[0])
        np.add.at(defect, w.b[w.two], (-b + self.share[1] * total - self.more_W[1])[w.two])
        np.add.at(defect, w.c, -self.coolant_W + self.share[2] * total + self.more_W.sum(axis=0))

    def wall_error_K(self, error: Floats, delta: Floats) -> Floats:
        """Error of the tube walls [K], from that of the unknowns."""
        w = self.walls
        moved = np.where(w.centre, 0.0, self.legs(delta)[2] / self.stiffness_W_K)
        return np.asarray((self.share * np.stack([error[w.a], error[w.b], error[w.c]])).sum(axis=0) + moved)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Walls:
    """All wall elements of a network, and the legs that the tube really has.

    Attributes
    ----------
    a, b, c : (elements,) cells and coolant; b = a where there is no second cell (`two` False)
    side_a : 0 when the tube is on the low face of a, 1 on the high face
    centre, upwind : a itself is the wall (tubes on centres, edges with a surface); first-order exchange
    ga_W_K, gb_W_K, g_W_K : legs of all copies; g is NaN where the bundle's element has it
    dx_m : length of a cell, negative where the coolant flows against x
    feed : index of the link that feeds c
    laws : wall laws with the elements that have them
    channels : name and elements of each channel
    lines : elements (channels, nx) of each plate and the centres of its cells along x [m]
    """

    a: Indices
    b: Indices
    c: Indices
    side_a: Indices
    two: Bools
    centre: Bools
    upwind: Bools
    ga_W_K: Floats
    gb_W_K: Floats
    g_W_K: Floats
    dx_m: Floats
    feed: Indices
    laws: tuple[tuple[WallLaw, Indices], ...]
    channels: tuple[tuple[str, slice], ...]
    lines: tuple[tuple[Indices, Floats], ...]

    def evaluate(
        self, b: Bundle, values: Floats, temperatures: Floats, flows_W: Floats | None = None
    ) -> WallState:
        """Return the stars at extended values and temperatures.

        Where these are means over time, `flows_W` are the means of the named flows [W]: with a flow that
        varies, the mean heat of a tube is not that of its mean temperatures.
        """
        T = temperatures[np.stack([self.a, self.b, self.c])]
        film = np.ones(len(self.a))
        for law, which in self.laws:
            film[which] = law(T[2, which], self._flow(b, values, "w", which))
        theirs = np.stack([b.w_ga, b.w_gb, b.w_g * film])
        given = np.isnan(self.g_W_K)
        ours = np.stack([self.ga_W_K, self.gb_W_K, np.where(given, theirs[2], self.g_W_K)])
        share, heat = self._star(ours, T)
        _, other = self._star(np.where(self.upwind & self.two, theirs, ours), T)
        if flows_W is not None:
            for _, e in self.channels:
                known, found = -float(flows_W[b.w_flow[e.start]]), float(heat[2, e].sum())
                if b.w_flow[e.start] >= 0 and abs(known - found) < 0.5 * abs(found):
                    heat[:, e] *= known / found
                    other[:, e] *= known / found
        feed = self.feed
        flow = np.maximum(b.adv_rate[feed] * self._flow(b, values, "adv", feed), 1e-300)
        wall = (share * T).sum(axis=0)
        rise, curved = np.zeros(len(wall)), np.zeros(len(wall))
        for lines, x in self.lines:
            if len(x) > 1:
                slope = np.gradient(wall[lines], x, axis=1, edge_order=2 if len(x) > 2 else 1)
                rise[lines] = slope * self.dx_m[lines]
            if len(x) > 2:
                curved[lines] = _curvature(heat[2, lines] / np.abs(self.dx_m[lines]), x)
        ntu = np.log1p(ours[2] / flow)
        exact = ours[2] / -np.expm1(-ntu) * rise * _lag(ntu)
        first = 0.5 * ours[2] * (T[2] - temperatures[b.adv_from[feed]])
        return WallState(
            walls=self,
            share=share,
            stiffness_W_K=ours.sum(axis=0),
            heat_W=heat,
            more_W=other[:2] - heat[:2],
            coolant_W=np.where(self.upwind, first, exact),
            curved_W=curved * np.abs(self.dx_m) ** 3 / 24.0,
        )

    def _star(self, g: Floats, T: Floats) -> tuple[Floats, Floats]:
        """Shares of the legs in the wall's temperature, and heat through each into the wall."""
        share = g / g.sum(axis=0)
        share[:, self.centre] = np.array([[1.0], [0.0], [0.0]])
        wall = (share * T).sum(axis=0)
        heat = g * (T - wall)
        heat[0, self.centre] = -heat[2, self.centre]
        return share, heat

    @staticmethod
    def _flow(b: Bundle, values: Floats, group: str, which: Indices) -> Floats:
        c0, c1, valve = (getattr(b, f"{group}_{name}")[which] for name in ("c0", "c1", "valve"))
        if len(b.v_state) == 0:
            return np.asarray(c0)
        return np.asarray(c0 + np.where(valve >= 0, c1 * values[b.v_state[np.maximum(valve, 0)]], 0.0))


def _lag(ntu: Floats) -> Floats:
    """``(1 + e^-N)/2 - (1 - e^-N)/N``, without cancellation at small N.

    >>> np.round(_lag(np.array([1e-3, 2.0])) * np.array([12e6, 1.0]), 3).tolist()
    [1.0, 0.135]
    """
    n = np.maximum(ntu, 1e-300)
    small = n**2 / 12.0 - n**3 / 24.0 + n**4 / 80.0
    return np.where(n < 0.02, small, 0.5 * (1.0 + np.exp(-n)) + np.expm1(-n) / n)


def _curvature(q: Floats, x: Floats) -> Floats:
    """Second derivative along the last axis, at three or more points."""
    steps = np.diff(q) / np.diff(x)
    inner = np.diff(steps) / (0.5 * (x[2:] - x[:-2]))
    return np.concatenate([inner[:, :1], inner, inner[:, -1:]], axis=1)


def walls_of(bundle: Bundle, channels: Sequence[Channel], layout: Layout) -> Walls | None:
    """Return the wall elements of a network; None when no channel lies on a plate."""
    count = len(bundle.w_a)
    lying = [(k, c) for k, c in enumerate(channels) if c.line is not None]
    if not lying:
        return None
    two = bundle.w_b >= 0
    table: dict[str, Floats] = {name: np.zeros(count) for name in ("ga", "gb", "g", "dx")}
    table["g"][:] = np.nan
    flags = {name: np.zeros(count, dtype=bool) for name in ("high", "centre", "upwind")}
    feed = np.zeros(count, dtype=np.intp)
    named: list[tuple[str, slice]] = []
    lines: dict[int, tuple[list[Indices], Floats]] = {}
    for k, channel in lying:
        line = channel.line
        assert line is not None
        first = int(bundle.ch_wall[k])
        e = slice(first, first + channel.size)
        half = line.plate.half_cells()[1]
        copies = float(channel.copies or 1.0)
        flags["centre"][e] = bundle.w_ga[e] == 0.0
        flags["upwind"][e] = channel.scheme == "upwind"
        if line.kind == "face":
            # the tube is on the high face of the row below it, on the low face when there is none
            below = line.row - 1 if line.row > 0 else 0
            flags["high"][e] = line.row > 0
            table["ga"][e] = np.where(flags["centre"][e], 0.0, copies * half[:, below])
            if not line.on_edge:
                table["gb"][e] = copies * half[:, line.row]
                if channel.scheme == "upwind" and isinstance(channel.wall, float):
                    table["g"][e] = copies * channel.wall * channel.dx_m
        table["dx"][e] = channel.direction * channel.dx_m
        feed[e] = bundle.ch_adv[k] + np.arange(channel.size)
        named.append((channel.name, e))
        lines.setdefault(id(line.plate), ([], line.plate.x_m))[0].append(np.arange(e.start, e.stop))
    laws = tuple(
        (_law(bundle, int(k)), np.flatnonzero(bundle.w_law == k)) for k in np.unique(bundle.w_law) if k >= 0
    )
    return Walls(
        a=bundle.w_a,
        b=np.where(two, bundle.w_b, bundle.w_a),
        c=bundle.w_c,
        side_a=flags["high"].astype(np.intp),
        two=two,
        centre=flags["centre"],
        upwind=flags["upwind"],
        ga_W_K=table["ga"],
        gb_W_K=table["gb"],
        g_W_K=table["g"],
        dx_m=table["dx"],
        feed=feed,
        laws=laws,
        channels=tuple(named),
        lines=tuple((np.array(rows), x) for rows, x in lines.values()),
    )


def _law(b: Bundle, k: int) -> WallLaw:
    coef = b.wl_coef[b.wl_ptr[k] : b.wl_ptr[k + 1]].reshape(int(b.wl_nT[k]), int(b.wl_nw[k]), 4, 4)
    return WallLaw(float(b.wl_T0[k]), float(b.wl_dT[k]), float(b.wl_w0[k]), float(b.wl_dw[k]), coef)
