"""Reads the margins of every limit, and the extremes for tables, off a run."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from thermalsat.assembly.bus_power import BusPower, BusReading
from thermalsat.assembly.extremes import Run
from thermalsat.assembly.limits import LimitMargin
from thermalsat.assembly.satellite_network import Assembled
from thermalsat.bundle import Bundle
from thermalsat.cases import DesignCase
from thermalsat.laws import Law
from thermalsat.network.layout import Layout
from thermalsat.pieces import Pieces
from thermalsat.satellite import Satellite

__all__ = ["Gauge"]

Floats = NDArray[np.float64]
Columns = slice | NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, eq=False)
class Gauge:
    """Where to look in the unknowns of a satellite's network, and what the limits are.

    Attributes
    ----------
    columns : dict
        Unknowns of each thing that has limits or belongs in a table.
    coolant : Law or None
        Temperature of its enthalpy temperature.
    power : BusPower
        The bus.
    """

    satellite: Satellite
    case: DesignCase
    period_s: float
    layout: Layout
    columns: dict[str, Columns]
    coolant: Law | None
    power: BusPower

    @classmethod
    def of(cls, satellite: Satellite, case: DesignCase, made: Assembled) -> Gauge:
        """Find the parts in an assembled network."""
        layout = made.network.layout

        def places(*names: str) -> Columns:
            return np.concatenate([np.arange(layout.n)[layout.slice(name)] for name in names])

        circuit, computer = made.circuit, made.computer
        columns = {
            "junction": places(computer.junction.name),
            "wall": places(computer.cold_plate.name),
            "coolant": places(circuit.payload.name),
            "panel coolant": places(*(tube.name for tube in circuit.tubes)),
            "radiator": layout.slice(made.panel.plate.name),
            "array": places(*(layer.name for layer in made.wings.layers)),
            "battery": places(made.battery.name),
            "energy": places("state of energy"),
        }
        return cls(
            satellite=satellite,
            case=case,
            period_s=made.surroundings.heat.period_s,
            layout=layout,
            columns=columns,
            coolant=circuit.payload.law,
            power=BusPower.of(made.network, made.bus),
        )

    def with_pieces(self, old: Pieces, new: Pieces) -> Gauge:
        """Return the gauge for another compute power."""
        return replace(self, power=self.power.with_pieces(old, new))

    def margins(self, run: Run, ledger_J: Floats | None) -> list[LimitMargin]:
        """Return the margin of every limit over a run; with the ledger of an orbit, recharge too."""
        sat = self.satellite
        found = [
            self._above(run, "junction", "junction", sat.payload.junction_limit_K),
            self._coolant_maximum(run),
            self._below(run, "coolant minimum", "panel coolant", self._coldest_coolant_K),
            self._above(run, "array maximum", "array", sat.limits.array_maximum_K),
            self._below(run, "array minimum", "array", sat.limits.array_minimum_K),
            self._above(run, "battery maximum", "battery", sat.battery.temperature_maximum_K),
            self._below(run, "battery minimum", "battery", sat.battery.temperature_minimum_K),
            self._depth(run),
            *self._powers(run),
        ]
        if ledger_J is not None:
            found.append(self._recharge(run, ledger_J))
        return found

    def figures(self, run: Run) -> dict[str, float]:
        """Return the extremes that tables show; temperatures in kelvin."""
        figures = {}
        for name, key, highest, lowest in (
            ("junction", "junction", True, True),
            ("coolant", "coolant", True, False),
            ("coolant", "panel coolant", False, True),
            ("wall", "wall", True, False),
            ("radiator", "radiator", True, True),
            ("array", "array", True, True),
            ("battery", "battery", True, True),
        ):
            if highest:
                figures[f"{name}_max_K"] = self._temperature(run, key, 1.0)[0]
            if lowest:
                figures[f"{name}_min_K"] = self._temperature(run, key, -1.0)[0]
        figures["depth_of_discharge"] = self._depth(run).value
        return figures

    @property
    def _coldest_coolant_K(self) -> float:
        loop, low = self.satellite.loop, self.satellite.limits.coolant_minimum_K
        frozen = float(loop.coolant.freezing_K + loop.freezing_margin_K)
        return frozen if low is None else max(frozen, low)

    def _temperature(self, run: Run, key: str, sign: float) -> tuple[float, float, int]:
        value, time, column = run.extreme(self.columns[key], sign)
        if self.coolant is not None and "coolant" in key:
            value = float(self.coolant(value))
        return value, time, column

    def _above(self, run: Run, name: str, key: str, limit: float) -> LimitMargin:
        value, time, column = self._temperature(run, key, 1.0)
        return self._made(name, limit - value, "K", value, limit, time, self.layout.label(column))

    def _below(self, run: Run, name: str, key: str, limit: float) -> LimitMargin:
        value, time, column = self._temperature(run, key, -1.0)
        return self._made(name, value - limit, "K", value, limit, time, self.layout.label(column))

    def _coolant_maximum(self, run: Run) -> LimitMargin:
        """Boiling at the hottest wall the coolant touches, or the bulk limit where that is nearer."""
        loop, bulk = self.satellite.loop, self.satellite.limits.coolant_maximum_K
        wall = self._above(run, "coolant maximum", "wall", loop.coolant.boiling_K - loop.boiling_margin_K)
        if bulk is None:
            return wall
        return min(wall, self._above(run, "coolant maximum", "coolant", bulk), key=lambda one: one.margin)

    def _depth(self, run: Run) -> LimitMargin:
        battery = self.satellite.battery
        lowest, time, column = run.extreme(self.columns["energy"], -1.0)
        aged = battery.capacity_at_J(self.case.ageing) / battery.capacity_at_J("eol")
        value, limit = (1.0 - lowest) * aged, battery.depth_of_discharge
        label = self.layout.label(column)
        return self._made("depth of discharge", limit - value, "1", value, limit, time, label)

    def _powers(self, run: Run) -> list[LimitMargin]:
        battery, ageing = self.satellite.battery, self.case.ageing
        read = self.power.read_both(run.times_s, run.y)
        found = [self._charge(run, BusReading(*(power[0] for power in read)), battery.charge_limit_W(ageing))]
        for name, which, limit, place in (
            ("discharge rate", 3, battery.discharge_limit_W(ageing), "battery"),
            ("bus power", 1, self.satellite.limits.bus_power_W, "bus"),
        ):
            values = read[which].max(axis=0)
            row = int(np.argmax(values))
            value, time = float(values[row]), float(run.times_s[row])
            found.append(self._made(name, limit - value, "W", value, limit, time, place))
        return found

    def _charge(self, run: Run, read: BusReading, limit_W: float) -> LimitMargin:
        """Charging power that refills what the run takes from the battery in its time of surplus.

        The charger never exceeds its limit; the question is whether that leaves time enough.
        """
        battery, width = self.satellite.battery, np.diff(run.times_s)
        net = read.supply_W - read.demand_W
        before, after = net[:-1], net[1:]
        size = np.abs(before) + np.abs(after)
        positive = np.maximum(before, 0.0) + np.maximum(after, 0.0)
        surplus_s = float(width @ np.divide(positive, size, out=np.zeros_like(size), where=size > 0.0))
        taken = float(np.trapezoid(read.discharge_W, run.times_s)) / (
            battery.charge_efficiency * battery.discharge_efficiency
        )
        value = taken / max(surplus_s, 1.0)
        row = int(np.argmax(read.charge_W))
        time = float(run.times_s[row])
        return self._made("charge rate", limit_W - value, "W", value, limit_W, time, "battery")

    def _recharge(self, run: Run, ledger_J: Floats) -> LimitMargin:
        bundle: Bundle = run.system.bundle
        charge, curtailed, discharge = (
            float(ledger_J[flow[0]])
            for flow in (bundle.bt_flow_charge, bundle.bt_flow_curtail, bundle.bt_flow_discharge)
        )
        surplus = float(bundle.bt_eta_c[0]) * (charge + curtailed) - discharge / float(bundle.bt_eta_d[0])
        return self._made("recharge", surplus, "J", surplus, 0.0, float(run.times_s[-1]), "battery")

    def _made(
        self, name: str, margin: float, unit: str, value: float, limit: float, time_s: float, place: str
    ) -> LimitMargin:
        return LimitMargin(
            name=name,
            margin=float(margin),
            unit=unit,
            value=value,
            limit=float(limit),
            time_s=time_s,
            phase=float(time_s / self.period_s % 1.0),
            place=place,
        )
