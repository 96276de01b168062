"""A satellite of one radiating node and one battery, for which the answers are known in closed form."""

from __future__ import annotations

import copy
import math
from types import SimpleNamespace

import numpy as np

from thermalsat.assembly.limits import LimitMargin

SIGMA = 5.670374419e-8


class OneNode:
    """C dT/dt = P + q - eps sigma A T^4; E ds/dt = eta_c (N > 0) - (N < 0) / eta_d, never above full."""

    def __init__(
        self,
        *,
        area_m2=200.0,
        heat_W=10e3,
        limit_K=340.0,
        coldest_K=200.0,
        capacity_J_K=5e5,
        array_W=1e9,
        battery_J=1e12,
        depth=0.3,
        night_s=0.0,
        idle_W=30e3,
        period_s=5400.0,
        step_s=10.0,
        base_W=120e3,
    ):
        self.area, self.heat, self.limit, self.coldest = area_m2, heat_W, limit_K, coldest_K
        self.capacity, self.array, self.energy, self.depth = capacity_J_K, array_W, battery_J, depth
        self.night, self.period_s, self.step = night_s, period_s, step_s
        self.power = 0.0
        self.breakpoints_s = np.array([night_s]) if night_s else np.zeros(0)
        self.environment = SimpleNamespace(edges_s=np.array([0.0, night_s] if night_s else []))
        self.anchored = np.array([1])
        bundle = SimpleNamespace(stored=np.ones(2), weight=np.array([1.0, 100.0]))
        self.system = SimpleNamespace(bundle=bundle)
        self.satellite = SimpleNamespace(payload=SimpleNamespace(idle_floor_W=idle_W))
        self.runs = 0
        self.gauge = SimpleNamespace(layout=SimpleNamespace(label=("node", "battery").__getitem__))

    eta = 0.95

    def with_power(self, power):
        other = copy.copy(self)
        other.power = power
        return other

    def equilibrium_K(self, power):
        return ((power + self.heat) / (SIGMA * self.area)) ** 0.25

    def _rates(self, t, temperature, energy):
        net = self.array * ((t % self.period_s) >= self.night) - self.power
        charge = self.eta * net if net > 0.0 else net / self.eta
        if energy >= 1.0 and charge > 0.0:
            charge = 0.0
        return (
            self.power + self.heat - SIGMA * self.area * temperature**4
        ) / self.capacity, charge / self.energy

    def history(self, y0, duration_s, *, start_s=0.0, tolerance_K=0.01, samples=240):
        self.runs += 1
        end = start_s + duration_s
        turns = (
            np.arange(math.floor(start_s / self.period_s), math.ceil(end / self.period_s) + 1) * self.period_s
        )
        edges = np.concatenate([turns, turns + self.night])
        times = np.unique(
            np.concatenate([np.linspace(start_s, end, samples), edges[(edges > start_s) & (edges < end)]])
        )
        y = np.empty((len(times), 2))
        y[0] = y0
        for k in range(1, len(times)):
            t, (temperature, energy) = times[k - 1], y[k - 1]
            count = max(1, math.ceil((times[k] - t) / self.step))
            h = (times[k] - t) / count
            for i in range(count):
                middle = t + (i + 0.5) * h
                a = self._rates(middle, temperature, energy)
                b = self._rates(middle, temperature + 0.5 * h * a[0], energy)
                c = self._rates(middle, temperature + 0.5 * h * b[0], energy)
                d = self._rates(middle, temperature + h * c[0], energy)
                temperature += h / 6.0 * (a[0] + 2.0 * b[0] + 2.0 * c[0] + d[0])
                energy = min(energy + h * a[1], 1.0)
            y[k] = temperature, energy
        return SimpleNamespace(times_s=times, y=y, y_start=y[0], y_end=y[-1], ledger_J=None)

    def cycle(
        self, guess=None, tolerance_K=0.01, closure_K=1e-3, samples=240, max_sweeps=60, guess_K=math.inf
    ):
        orbit = self.history(np.array([self.equilibrium_K(self.power), 1.0]), self.period_s, samples=samples)
        day = self.period_s - self.night
        orbit.ledger_J = np.array(
            [self.eta * (self.array - self.power) * day - self.power * self.night / self.eta]
        )
        return SimpleNamespace(orbit=orbit)

    def state_within(self, orbit, time_s, allowed_K):
        return None

    def margins(self, times_s, y, ledger_J=None):
        hot, cold, empty = int(np.argmax(y[:, 0])), int(np.argmin(y[:, 0])), int(np.argmin(y[:, 1]))

        def made(name, margin, unit, value, limit, k):
            phase = times_s[k] / self.period_s % 1.0
            return LimitMargin(
                name=name,
                margin=margin,
                unit=unit,
                value=value,
                limit=limit,
                time_s=times_s[k],
                phase=phase,
                place="node",
            )

        found = [
            made("coolant maximum", self.limit - y[hot, 0], "K", y[hot, 0], self.limit, hot),
            made("coolant minimum", y[cold, 0] - self.coldest, "K", y[cold, 0], self.coldest, cold),
            made(
                "depth of discharge",
                self.depth - (1.0 - y[empty, 1]),
                "1",
                1.0 - y[empty, 1],
                self.depth,
                empty,
            ),
        ]
        if ledger_J is not None:
            found.append(made("recharge", float(ledger_J[0]), "J", float(ledger_J[0]), 0.0, 0))
        return found


def heating_s(model, power, start_K, end_K):
    """Time to warm from one temperature to another at constant power: the integral of C dT / (P - k T^4)."""
    hot = model.equilibrium_K(power)

    def primitive(temperature):
        x = temperature / hot
        return 0.25 * math.log((1.0 + x) / (1.0 - x)) + 0.5 * math.atan(x)

    scale = model.capacity * hot / (power + model.heat)
    return scale * (primitive(end_K) - primitive(start_K))
