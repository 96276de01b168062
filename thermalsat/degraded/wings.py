"""What the wings cost or bring the radiator: their heat, their shadow, the Earth that they hide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat._optional import axes
from thermalsat.capability.study import Study
from thermalsat.degraded.carried import carried
from thermalsat.errors import InputError
from thermalsat.questions import asked_of, each_of
from thermalsat.satellite import Satellite
from thermalsat.units import from_si, si_positive, single

__all__ = ["EFFECTS", "OFFSETS", "WingStudy", "wing_study"]

Floats = NDArray[np.float64]

OFFSETS = ("0.5 m", "1 m", "2 m", "4 m", "8 m")
EFFECTS = ("exchange", "shadow", "blocking", "all")
_TITLES = {"exchange": "hot array", "shadow": "shadow", "blocking": "Earth hidden", "all": "all three"}
_WIDER = 1.02


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class WingStudy:
    """Power that the radiator carries, and what each effect of the wings takes from it.

    Attributes
    ----------
    design, case : str
        Name of the satellite, and the case that binds its radiator.
    offset_m : ndarray (n,)
        Distance from the plane of the wings to the near end of the panels [m].
    power_W : ndarray (n,)
        Power whose heat the radiator carries with everything in the model [W].
    cost_W : mapping of str to ndarray (n,)
        Power without an effect less the power with everything [W]: positive where the effect costs
        power, negative where it brings some. ``"exchange"`` is the infrared of the hot wings,
        ``"shadow"`` their shade on the panels, ``"blocking"`` the Earth's infrared that they keep off,
        ``"all"`` the three left out together.
    power_per_area_W_m2 : float
        Power that a square metre more of radiator carries, flow per tube kept [W/m^2].
    """

    design: str
    case: str
    offset_m: Floats
    power_W: Floats
    cost_W: Mapping[str, Floats]
    power_per_area_W_m2: float

    @property
    def offset(self) -> Any:
        """Distances (Quantity [m], (n,))."""
        return from_si(self.offset_m, "m")

    @property
    def power(self) -> Any:
        """Powers with everything in the model (Quantity [kW], (n,))."""
        return from_si(self.power_W, "W").to("kW")

    def cost(self, effect: str = "all") -> Any:
        """Return what an effect costs (Quantity [kW], (n,)), negative where it brings power."""
        return from_si(self._of(effect), "W").to("kW")

    def area(self, effect: str = "all") -> Any:
        """Return the radiator planform that makes up for an effect (Quantity [m^2], (n,))."""
        return from_si(self._of(effect) / self.power_per_area_W_m2, "m^2")

    def _of(self, effect: str) -> Floats:
        if effect not in self.cost_W:
            raise InputError(f"`effect` must be one of {', '.join(EFFECTS)}, got {effect!r}")
        return self.cost_W[effect]

    def plot(self, ax: Any = None) -> Any:
        """Draw what each effect costs against the offset (extra ``plot``).

        Parameters
        ----------
        ax : matplotlib Axes, optional

        Returns
        -------
        matplotlib Axes
        """
        ax = axes(ax)
        for effect, cost in self.cost_W.items():
            style = "k--" if effect == "all" else "o-"
            ax.plot(self.offset_m, cost / 1e3, style, label=_TITLES[effect])
        ax.axhline(0.0, color="0.7", linewidth=0.8)
        ax.set_xlabel("from the wing plane to the panels [m]")
        ax.set_ylabel("cost [kW of compute power]")
        ax.legend()
        return ax

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers and texts; names end in their unit."""
        return {
            "design": self.design,
            "case": self.case,
            "offset_m": self.offset_m.tolist(),
            "radiator_power_kW": (self.power_W / 1e3).tolist(),
            **{f"{effect}_cost_kW": (cost / 1e3).tolist() for effect, cost in self.cost_W.items()},
            **{f"{effect}_cost_m2": self.area(effect).m_as("m^2").tolist() for effect in self.cost_W},
            "power_per_area_kW_m2": self.power_per_area_W_m2 / 1e3,
        }

    def rows(self) -> list[list[str]]:
        """Return a head, and a row of texts for each offset."""
        found = [["offset", "carries", *(_TITLES[effect] for effect in self.cost_W)]]
        for k, offset in enumerate(self.offset_m):
            costs = (
                f"{cost[k] / 1e3:+.2f} kW {cost[k] / self.power_per_area_W_m2:+.1f} m²"
                for cost in self.cost_W.values()
            )
            found.append([f"{offset:g} m", f"{self.power_W[k] / 1e3:.2f} kW", *costs])
        return found

    def __repr__(self) -> str:
        rows = self.rows()
        widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
        head = (
            f"<Wings and radiator of {self.design!r}, {self.case} case; a square metre carries"
            f" {self.power_per_area_W_m2:.0f} W; + costs, - brings"
        )
        lines = ("  ".join(c.rjust(w) for c, w in zip(row, widths, strict=True)) for row in rows)
        return "\n  ".join([head, *lines]) + ">"


def wing_study(sat: Satellite, offsets: Sequence[Any] | None = OFFSETS) -> WingStudy:
    """Return what the hot array, its shadow and its blocking of the Earth cost or bring the radiator.

    Parameters
    ----------
    sat : Satellite
        The design.
    offsets : sequence of Quantity or str, optional
        Distances from the plane of the wings to the near end of the panels. The panels stay where they
        are on the body and the wings move towards the Sun. None for the design's own alone.

    Returns
    -------
    WingStudy

    Raises
    ------
    InfeasibleError
        If the radiator does not carry the idle floor.

    Notes
    -----
    The power whose heat the radiator carries is computed again with `geometry.without` set to each effect
    in turn. Effects do not add up to that of leaving all out, as each changes the temperatures that the
    others work on. All of it is for the case that binds the radiator of the design as it is, with the
    temperature of the array that comes out of its own balance.

    Examples
    --------
    >>> import thermalsat as ts
    >>> found = ts.wing_study(ts.designs.load("leo-53"), offsets=None)
    >>> bool(found.cost_W["exchange"][0] > 0.0)
    True
    """
    sat = asked_of(sat)
    shape = sat.geometry
    gaps = [shape.panel_gap_m]
    if offsets is not None:
        gaps = [single(si_positive(one, "m", "offsets"), "offsets") for one in each_of(offsets, "offsets")]
    if not gaps:
        raise InputError("`offsets` must hold at least one distance, got none")
    first = Study.of(sat)
    asis = carried(first)
    case = first.cases[0] if asis.binding is None else asis.binding.case
    last = [first]

    def power_W(design: Satellite) -> float:
        study = Study.of(design, [case])
        study.borrow(last[0])
        last[0] = study
        return carried(study, asis.power_W).power_W

    area = _WIDER * sat.radiator.area_m2
    gain = power_W(sat.resized(from_si(area, "m^2"))) - power_W(sat)
    powers: list[float] = []
    costs: dict[str, list[float]] = {effect: [] for effect in EFFECTS}
    for gap in gaps:
        design = sat.replace(
            {
                "geometry.panel_gap": from_si(gap, "m"),
                "geometry.wing_offset": from_si(shape.wing_offset_m + gap - shape.panel_gap_m, "m"),
                "geometry.without": None,
            }
        )
        powers.append(power_W(design))
        for effect in EFFECTS:
            costs[effect].append(power_W(design.replace("geometry.without", effect)) - powers[-1])
    return WingStudy(
        design=sat.name,
        case=case,
        offset_m=np.array(gaps, dtype=float),
        power_W=np.array(powers),
        cost_W={effect: np.array(found) for effect, found in costs.items()},
        power_per_area_W_m2=gain / (area - sat.radiator.area_m2),
    )
