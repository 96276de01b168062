"""Where wings, panels and body are: rectangles in a body frame that follows the Sun.

The frame has its origin at the centre of the body and three axes: *s* points to the Sun, *n* is the
radiator's normal, *c* completes them (``c = s x n``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from thermalsat.components.fields import Choice, Count, Number
from thermalsat.components.part import Part

__all__ = ["Geometry", "Rectangle"]


class Rectangle(NamedTuple):
    """An axis-aligned rectangle: the axis with equal bounds is its normal. Lengths in metres."""

    name: str
    part: str
    s_m: tuple[float, float]
    n_m: tuple[float, float]
    c_m: tuple[float, float]

    @property
    def normal(self) -> str:
        """The axis across it: ``"s"``, ``"n"`` or ``"c"``."""
        return next(axis for axis, (low, high) in self._sides().items() if low == high)

    @property
    def area_m2(self) -> float:
        """Its area [m^2]."""
        return math.prod(high - low for low, high in self._sides().values() if high > low)

    def _sides(self) -> dict[str, tuple[float, float]]:
        return {"s": self.s_m, "n": self.n_m, "c": self.c_m}


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Geometry(Part):
    """Wings across the Sun line, panels edge-on behind them, on one or both sides of a box.

    {parameters}

    Notes
    -----
    A wing is `wing_chord` wide along n and grows along c with the array's area; a panel is one
    `Radiator.tube_length` long along -s and grows along c with the radiator's area. Wings and panels
    start at their roots, measured from the centre of the body.

    Examples
    --------
    >>> wing, *others = Geometry().rectangles(array_m2=1000.0, radiator_m2=160.0, tube_length_m=10.0)
    >>> wing.part, wing.normal, wing.n_m
    ('array', 's', (-7.5, 7.5))
    """

    section = "geometry"

    wings: Count = Count("number of wings, on alternate sides", default=2, low=1, high=2)
    wing_chord: Number = Number("m", "width of a wing along the radiator's normal", default="15 m", above=0.0)
    wing_root: Number = Number(
        "m", "distance from body centre to the near end of a wing", default="2 m", low=0.0
    )
    wing_offset: Number = Number("m", "position of the wing plane toward the Sun", default="1.5 m")
    panels: Count = Count("number of radiator panels, on alternate sides", default=2, low=1, high=2)
    panel_root: Number = Number(
        "m", "distance from body centre to the near side of a panel", default="1.5 m", low=0.0
    )
    panel_gap: Number = Number(
        "m", "distance from the wing plane to the near end of a panel", default="1 m", above=0.0
    )
    body_length: Number = Number("m", "size of the body along s", default="3 m", above=0.0)
    body_depth: Number = Number("m", "size of the body along n", default="2 m", above=0.0)
    body_width: Number = Number("m", "size of the body along c", default="2 m", above=0.0)
    without: Choice = Choice(
        ("exchange", "shadow", "blocking", "all"),
        "what the wings do to the panels and is left out, to see what it is worth: the exchange of radiation,"
        " the shadow, the blocking of the Earth, or all three; nothing where absent",
        default=None,
    )

    def faults(self) -> list[str]:
        """Return contradictions between the fields."""
        half = 0.5 * self.body_width_m
        return [
            f"`{self.named(name)}` must not be inside the body ({half:g} m),"
            f" got {getattr(self, name + '_m'):g} m"
            for name in ("wing_root", "panel_root")
            if getattr(self, name + "_m") < half
        ]

    def counts(self, effect: str) -> bool:
        """Return whether an effect of the wings on the panels is in the model.

        Parameters
        ----------
        effect : {"exchange", "shadow", "blocking"}
            Which.
        """
        return self.without not in (effect, "all")

    def rectangles(self, array_m2: float, radiator_m2: float, tube_length_m: float) -> list[Rectangle]:
        """Return every wing, panel and body side, wings first.

        Parameters
        ----------
        array_m2, radiator_m2 : float
            Gross wing area and radiator planform [m^2].
        tube_length_m : float
            Length of a tube [m].
        """
        half_chord = 0.5 * self.wing_chord_m
        span = array_m2 / (self.wings * self.wing_chord_m)
        width = radiator_m2 / (self.panels * tube_length_m)
        near = self.wing_offset_m - self.panel_gap_m
        plane = (self.wing_offset_m, self.wing_offset_m)
        made = []
        for i, sign in enumerate((1.0, -1.0)[: self.wings]):
            c = _along(sign, self.wing_root_m, span)
            made.append(Rectangle(f"wing {i + 1}", "array", plane, (-half_chord, half_chord), c))
        for i, sign in enumerate((1.0, -1.0)[: self.panels]):
            c = _along(sign, self.panel_root_m, width)
            made.append(Rectangle(f"panel {i + 1}", "radiator", (near - tube_length_m, near), (0.0, 0.0), c))
        s, n = 0.5 * self.body_length_m, 0.5 * self.body_depth_m
        for i, c in enumerate((0.5 * self.body_width_m, -0.5 * self.body_width_m)):
            made.append(Rectangle(f"body side {i + 1}", "body", (-s, s), (-n, n), (c, c)))
        return made


def _along(sign: float, root: float, length: float) -> tuple[float, float]:
    return (root, root + length) if sign > 0.0 else (-root - length, -root)
