"""Sustained and peak power by brute force: long CVODE (SUNDIALS) runs of a design's exported equations.

Nothing of ``thermalsat.capability`` nor of its solvers is used. The equations are ``net.rhs``,
``net.jacobian`` and ``net.flows`` of ``assemble``; the limits, the anchor of the battery and recovery are
written out here from their definitions; powers are found by bisection, worst starts by trying them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from sksundae.cvode import CVODE

import thermalsat as ts

SAMPLE_S = 10.0
STILL_K = 1e-4
"""Largest change of any temperature from orbit to orbit that counts as none: within 1 mK of its end."""
MOST_ORBITS = 200
FULL = 0.999
"""State of energy that counts as full at the end of the orbit."""
RECOVERED_K, RECOVERED_ENERGY = 0.5, 1e-3
RELATIVE = 5e-5
"""Width of the bracket at which a bisection stops, of the power."""
PHASES = 48
FINEST = 1.0 / 400.0


@dataclass(frozen=True)
class Piece:
    """Samples between two kinks of the forcing; at both ends the limit from within."""

    times_s: np.ndarray
    y: np.ndarray


@dataclass
class Case:
    """One case of a design under one load: its equations, and runs of them."""

    sat: ts.Satellite
    name: str
    load: Any
    orbits: int = field(default=0, init=False)

    @cached_property
    def net(self) -> ts.ThermalNetwork:
        """The exported equations."""
        return ts.assemble(self.sat, case=self.name, load=self.load)

    @property
    def period_s(self) -> float:
        """Period of the orbit [s]."""
        return float(self.sat.orbit.period.m_as("s"))

    @cached_property
    def energy(self) -> int:
        """Index of the state of energy."""
        return int(self.net.layout.slice("state of energy").start)

    def follow(self, y: np.ndarray, begin_s: float, end_s: float) -> list[Piece]:
        """Run CVODE from `begin_s` to `end_s`, started again at every step and kink."""
        net, made = self.net, []
        knots = np.concatenate([[begin_s], net.breakpoints_between(begin_s, end_s), [end_s]])
        for a, b in pairwise(knots[np.append(True, np.diff(knots) > 1e-6)]):
            rhs, jacobian = _within(net, 0.5 * (a + b))
            times = np.linspace(a, b, max(int(np.ceil((b - a) / SAMPLE_S)), 2) + 1)
            solver = CVODE(rhs, rtol=1e-8, atol=1e-8, max_num_steps=100_000, jacfn=jacobian)
            solution = solver.solve(times, y)
            assert solution.success, solution.message
            y = solution.y[-1].copy()
            made.append(Piece(times, np.array(solution.y)))
        return made

    def settled(self, y: np.ndarray) -> tuple[np.ndarray, list[Piece]]:
        """Fly orbit after orbit, the battery full at each last sunlit instant, until nothing changes.

        Returns the state at the start of the orbit and the samples of it.
        """
        for self.orbits in range(1, MOST_ORBITS + 1):
            y = y.copy()
            y[self.energy] = 1.0
            run = self.follow(y, 0.0, self.period_s)
            end = run[-1].y[-1]
            change = np.delete(np.abs(end - y), self.energy).max()
            if change < STILL_K:
                return y, run
            y = end
        raise AssertionError(f"the {self.name} case does not settle in {MOST_ORBITS} orbits")

    def margins(self, run: list[Piece], whole_orbit: bool) -> dict[str, float]:
        """Distance to every upper limit over a run; of whole orbits the charging, too."""
        sat, net = self.sat, self.net
        battery, ageing = sat.battery, sat.case(self.name).ageing
        y, parts = np.concatenate([piece.y for piece in run]), net.unpack(run[0].y[0])

        def highest(name: str) -> float:
            return float(y[:, net.layout.slice(name)].max())

        layers = [name for name in parts if name.startswith("array ")]
        fresh_J = battery.capacity.m_as("J")
        now_J = fresh_J * (battery.end_of_life if ageing == "eol" else 1.0)
        depth = (1.0 - y[:, self.energy].min()) * now_J / (fresh_J * battery.end_of_life)
        boiling_K = sat.loop.coolant.boiling_K - sat.loop.boiling_margin.m_as("delta_degC")
        margins = {
            "junction [K]": sat.payload.junction_limit.m_as("K") - highest("junction"),
            "coolant maximum [K]": boiling_K - highest("cold plate"),
            "array maximum [K]": sat.limits.array_maximum.m_as("K") - max(map(highest, layers)),
            "battery maximum [K]": battery.temperature_maximum.m_as("K") - highest("battery"),
            "depth of discharge [%]": 100.0 * (battery.depth_of_discharge - depth),
        }
        bulk = sat.limits.coolant_maximum
        if bulk is not None:
            warmest = y[np.argmax(y[:, net.layout.slice("payload coolant")].ravel())]
            margins["coolant bulk [K]"] = bulk.m_as("K") - float(net.unpack(warmest)["payload coolant"])
        flows = [self._flows(piece) for piece in run]
        drawn = max(float(f["demand"].max()) for f in flows)
        given = max(float(f["state of energy discharge"].max()) for f in flows)
        margins["bus power [kW]"] = (sat.limits.bus_power.m_as("W") - drawn) / 1e3
        margins["discharge rate [kW]"] = (battery.discharge_rate.m_as("1/s") * now_J - given) / 1e3
        if whole_orbit:
            total = {
                name: sum(float(np.trapezoid(f[name], p.times_s)) for f, p in zip(flows, run, strict=True))
                for name in ("charge", "curtailed", "discharge")
                for name in (f"state of energy {name}",)
            }
            charge, curtailed, discharge = total.values()
            store, give = battery.charge_efficiency, battery.discharge_efficiency
            surplus_s = sum(_positive(p.times_s, f["net"]) for f, p in zip(flows, run, strict=True))
            needed = discharge / (store * give) / max(surplus_s, 1.0)
            margins["recharge [kWh]"] = (store * (charge + curtailed) - discharge / give) / 3.6e6
            margins["refill [%]"] = 100.0 * (float(y[-1, self.energy]) - FULL)
            margins["charge rate [kW]"] = (battery.charge_rate.m_as("1/s") * now_J - needed) / 1e3
        return margins

    def _flows(self, piece: Piece) -> dict[str, np.ndarray]:
        """Bus and battery at the samples of a piece [W]."""
        net, last = self.net, len(piece.times_s) - 1
        found: dict[str, list[float]] = {}
        for k, (t, y) in enumerate(zip(piece.times_s, piece.y, strict=True)):
            flows = net.flows(float(t), y, "left" if k == last else "right")
            flows["demand"] = sum(abs(w) for name, w in flows.items() if name.startswith("bus ->"))
            flows["net"] = abs(flows["array -> bus"]) - flows["demand"]
            for name in (
                "demand",
                "net",
                *(f"state of energy {x}" for x in ("charge", "curtailed", "discharge")),
            ):
                found.setdefault(name, []).append(flows[name])
        return {name: np.array(values) for name, values in found.items()}


def sustained(sat: ts.Satellite, low_W: float, high_W: float) -> Found:
    """Bisect the largest constant power whose settled orbit holds every upper limit in every case."""
    states: dict[str, np.ndarray] = {}
    orbits = 0

    def margins(power_W: float) -> dict[tuple[str, str], float]:
        nonlocal orbits
        found = {}
        for name in sat.cases:
            case = Case(sat, name, ts.Q(power_W, "W"))
            y, run = case.settled(states.get(name, case.net.layout.initial()))
            states[name] = y
            orbits += case.orbits
            found |= {(name, limit): m for limit, m in case.margins(run, True).items()}
        return found

    power, nearest = _bisected(margins, low_W, high_W)
    return Found(power, *nearest, orbits)


@dataclass(frozen=True)
class Found:
    """A power [W], what stops it, where its worst burst starts, and how many orbits or runs it took."""

    power_W: float
    case: str
    limit: str
    runs: int
    phase: float | None = None


class Bursts:
    """Bursts on top of the settled orbits of the required sustained power."""

    def __init__(self, sat: ts.Satellite, duration_s: float) -> None:
        self.sat, self.duration_s = sat, duration_s
        self.base = sat.requirement.sustained
        self.recovery = sat.requirement.recovery
        self.period_s = float(sat.orbit.period.m_as("s"))
        self.runs = 0
        self._calm = {name: Case(sat, name, self.base) for name in sat.cases}
        self._start = {name: one.settled(one.net.layout.initial())[0] for name, one in self._calm.items()}

    def margins(self, name: str, phase: float, power_W: float) -> dict[tuple[str, str], float]:
        """Distance to every limit through a burst, its recovery, and at its end to the base orbit."""
        self.runs += 1
        begin = phase * self.period_s
        end = begin + self.duration_s
        back = end + self.recovery * self.period_s
        load = ts.Load.burst(
            base=self.base,
            peak=ts.Q(power_W, "W"),
            start=ts.Q(begin, "s"),
            duration=ts.Q(self.duration_s, "s"),
        )
        case = Case(self.sat, name, load)
        run = case.follow(self._at(name, begin), begin, back)
        found = {(name, limit): m for limit, m in case.margins(run, False).items()}
        there, calm = run[-1].y[-1], self._at(name, end % self.period_s)
        then, base = case.net.unpack(there), case.net.unpack(calm)
        away = max(
            float(np.max(np.abs(then[part] - base[part])))
            for part in then
            if part not in ("state of energy", "bypass valve")
        )
        lost = abs(float(then["state of energy"] - base["state of energy"]))
        found[name, "recovery of temperatures [K]"] = RECOVERED_K - away
        found[name, "recovery of energy [%]"] = 100.0 * (RECOVERED_ENERGY - lost)
        return found

    def peak(self, high_W: float) -> Found:
        """Return the largest power that every start holds."""
        low_W, best = float(self.base.m_as("W")), Found(high_W, "", "", 0)
        for name, phase in self._starts():
            best = self._lower(best, name, phase, low_W)
        spacing = 0.5 / PHASES
        while spacing >= FINEST:
            assert best.phase is not None
            for phase in (best.phase - spacing, best.phase + spacing):
                best = self._lower(best, best.case, phase % 1.0, low_W)
            spacing *= 0.5
        return Found(best.power_W, best.case, best.limit, self.runs, best.phase)

    def _lower(self, best: Found, name: str, phase: float, low_W: float) -> Found:
        if min(self.margins(name, phase, best.power_W).values()) >= 0.0:
            return best
        power, (_, limit) = _bisected(lambda watts: self.margins(name, phase, watts), low_W, best.power_W)
        return Found(power, name, limit, self.runs, phase)

    def _starts(self) -> Iterator[tuple[str, float]]:
        for name, one in self._calm.items():
            kinks = one.net.breakpoints_between(0.0, self.period_s)
            edges = np.concatenate([kinks, kinks - self.duration_s]) / self.period_s % 1.0
            for phase in np.unique(np.round(np.concatenate([np.arange(PHASES) / PHASES, edges]), 4)):
                yield name, float(phase)

    def _at(self, name: str, time_s: float) -> np.ndarray:
        """State of the base orbit at a time in [0, period)."""
        time_s %= self.period_s
        if time_s < 1e-6:
            return self._start[name]
        return self._calm[name].follow(self._start[name], 0.0, time_s)[-1].y[-1]


def _within(net: ts.ThermalNetwork, middle_s: float) -> tuple[Any, Any]:
    """Equations on one piece of the forcing: at both ends of it the limit from within."""

    def rhs(t, y, yp):
        yp[:] = net.rhs(t, y, "right" if t < middle_s else "left")

    def jacobian(t, y, yp, J):
        J[:] = net.jacobian(t, y, "right" if t < middle_s else "left").toarray()

    return rhs, jacobian


def _bisected(margins, low_W: float, high_W: float) -> tuple[float, Any]:
    """Return the power at which the first margin vanishes, and which: [low, high] must hold it."""
    assert min(margins(low_W).values()) >= 0.0, margins(low_W)
    above = margins(high_W)
    assert min(above.values()) < 0.0, above
    while high_W - low_W > RELATIVE * high_W:
        middle = 0.5 * (low_W + high_W)
        found = margins(middle)
        if min(found.values()) >= 0.0:
            low_W = middle
        else:
            high_W, above = middle, found
    return 0.5 * (low_W + high_W), min(above, key=above.__getitem__)


def _positive(times_s: np.ndarray, values: np.ndarray) -> float:
    """Time during which a function given at samples is above zero [s], by straight lines."""
    before, after, width = values[:-1], values[1:], np.diff(times_s)
    size = np.abs(before) + np.abs(after)
    share = np.divide(
        np.maximum(before, 0) + np.maximum(after, 0), size, out=np.zeros_like(size), where=size > 0
    )
    return float(width @ share)
