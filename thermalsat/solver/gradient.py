"""First derivatives of one output, by the names of a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.bundle import Bundle
from thermalsat.errors import InputError
from thermalsat.results.views import PartView
from thermalsat.units import from_si

from .direction import change

__all__ = ["Effect", "Gradient"]

Floats = NDArray[np.float64]
SHOWN = 8
"""Couplings and loads in the text of a gradient."""
GROUPS = (
    # flow, coefficient, unit of the coefficient, how its elements make up one
    ("gl_flow", "gl_g", "W/K", "sum"),
    ("gr_flow", "gr_g", "m^2", "sum"),
    ("adv_flow", "adv_rate", "W/K", "largest"),
    ("w_flow", "w_g", "W/K", "sum"),
    ("s_flow", "s_coef", "W", "sum"),
    ("sf_flow", "sf_coef", "", "pattern"),
    ("ps_flow", "ps_coef", "W", "pattern"),
)


@dataclass(frozen=True, kw_only=True)
class Effect:
    """How an output changes with one named coefficient or boundary.

    Attributes
    ----------
    name : str
    amount : Quantity or None
        The coefficient: total conductance [W/K], radiative conductance eps F A [m²], capacity rate [W/K],
        power [W] (1 for a load that a table or function gives), heat capacity [J/K]. None for a boundary,
        and where a law makes it up.
    relative : Quantity or None
        Change of the output per relative change of the coefficient: half of it for 50 % more, to first order.
    per_unit : Quantity or None
        Change per unit of `amount`; for a boundary per kelvin.
    """

    name: str
    amount: Any
    relative: Any
    per_unit: Any


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Gradient:
    """First derivatives of one output by every coefficient of a network.

    Attributes
    ----------
    output : str
        What was differentiated.
    value_si : float
        Its value in `unit`.
    unit : {"K", "W", "J"}
    arrays : mapping of str to (k,) float
        Derivatives by the elements of the bundle's arrays, SI: ``gl_g``, ``gr_g``, ``adv_rate``, ``w_g``,
        ``w_ga``, ``w_gb``, ``s_coef``, ``sf_coef``, ``ps_coef``, ``pl_gx``, ``pl_gy``, ``capacity``, and
        ``boundary``, an offset of each boundary [K].
    passes : int
        Passes backwards over the period.
    """

    output: str
    value_si: float
    unit: str
    arrays: Mapping[str, Floats]
    passes: int
    bundle: Bundle
    flow_names: tuple[str, ...]
    boundary_names: tuple[str, ...]
    parts: Mapping[str, PartView]

    @property
    def value(self) -> Any:
        """The output (Quantity)."""
        return from_si(self.value_si, self.unit)

    def by(self, name: str) -> Effect:
        """Return the effect of a named coupling, stream or load (a flow of the ledger) or of a boundary.

        All elements of the name are scaled together. A channel's stream is scaled along its cells, not in the
        loop around it; of a wall the film is scaled, not the plate beside it: `toward` follows any change.

        Raises
        ------
        InputError
            For an unknown name, with those there are.
        """
        if name in self.flow_names:
            return self._flow(name)
        if name in self.boundary_names:
            slope = float(self.arrays["boundary"][self.boundary_names.index(name)])
            return Effect(name=name, amount=None, relative=None, per_unit=self._per(slope, "K"))
        known = (*self.flow_names, *self.boundary_names)
        raise InputError(f"`name` must be a flow or a boundary: {', '.join(known)}; got {name!r}")

    def by_capacity(self, name: str) -> Effect:
        """Return the effect of the heat capacity of a part (a battery: its energy; a valve: its lag)."""
        part = self.parts.get(name)
        if part is None:
            raise InputError(f"`name` must be one of: {', '.join(self.parts)}; got {name!r}")
        cells = slice(part.start, part.stop)
        capacity = self.bundle.capacity[cells]
        unit = {"battery": "J", "valve": "s"}.get(part.kind, "J/K")
        total = float(self.arrays["capacity"][cells] @ capacity)
        return self._effect(name, total, float(capacity.sum()), unit)

    def toward(self, other: Any) -> Any:
        """Return the first-order change of the output on the way to another network (Quantity).

        Parameters
        ----------
        other : ThermalNetwork
            The same elements with other values: areas, conductances, flow rates, loads, capacities, boundary
            temperatures. It serves parameters that many coefficients depend on.

        Raises
        ------
        InputError
            When the networks differ in more than coefficients, levels of boundaries and factors on loads.
        """
        changed: Bundle = other.bundle() if hasattr(other, "bundle") else other
        return self._per(change(self.bundle, changed, self.arrays), "")

    def _flow(self, name: str) -> Effect:
        b, flow = self.bundle, self.flow_names.index(name)
        total, amount, unit, known = 0.0, 0.0, "", True
        for index, coefficient, group_unit, rule in GROUPS:
            mine = np.flatnonzero(getattr(b, index) == flow)
            if len(mine) == 0:
                continue
            values = getattr(b, coefficient)[mine]
            total += float(self.arrays[coefficient][mine] @ values)
            unit = group_unit
            if rule == "pattern":
                patterns = getattr(b, coefficient[:2] + "_pattern")[mine]
                sums = [b.pat_value[b.pat_ptr[p] : b.pat_ptr[p + 1]].sum() for p in patterns]
                values = values * np.array(sums)
            amount += float(values.max() if rule == "largest" else values.sum())
            if coefficient == "sf_coef":
                unit = "m^2" if b.sf_kind[mine[0]] else "W/K"
            if coefficient == "w_g":
                known = known and bool(np.all(b.w_law[mine] < 0))
            forcing = getattr(b, index.replace("flow", "forcing"), None)
            if forcing is not None and np.any(forcing[mine] >= 0):
                amount, unit = 1.0, ""
        return self._effect(name, total, amount if known else 0.0, unit)

    def _effect(self, name: str, total: float, amount: float, unit: str) -> Effect:
        relative = self._per(total, "")
        if amount == 0.0:
            return Effect(name=name, amount=None, relative=relative, per_unit=None)
        per_unit = self._per(total / amount, unit)
        return Effect(name=name, amount=from_si(amount, unit), relative=relative, per_unit=per_unit)

    def _per(self, slope: float, unit: str) -> Any:
        return from_si(slope, f"{self.unit}/({unit})" if unit else self.unit)

    def ranked(self) -> list[Effect]:
        """Return the effects of all named couplings, streams and loads, the strongest relative one first."""
        effects = [self._flow(name) for name in self.flow_names]
        return sorted(effects, key=lambda effect: -abs(effect.relative.magnitude))

    def __repr__(self) -> str:
        rows = [
            (effect.name, f"{effect.relative.magnitude / 100.0:+.4g} {self.unit} per %")
            for effect in self.ranked()[:SHOWN]
        ]
        slopes = zip(self.boundary_names, self.arrays["boundary"].tolist(), strict=True)
        rows += [(name, f"{slope:+.4g} {self.unit} per K") for name, slope in slopes]
        width = max((len(name) for name, _ in rows), default=0)
        lines = [f"  {name:<{width}}  {text}" for name, text in rows]
        return "\n".join([f"<Gradient: {self.output}: {self.value_si:.6g} {self.unit}", *lines]) + ">"
