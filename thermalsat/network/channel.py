"""Channels: one-way streams in finite volumes, along a line of a plate or on their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from thermalsat.bundle import Floats, Indices
from thermalsat.errors import InputError
from thermalsat.laws import WallLaw

from .places import Fluid, Part, Place
from .plate import Line

if TYPE_CHECKING:
    from .layout import Layout
    from .power import Valve

__all__ = ["Channel", "ChannelCells", "WallConductance", "fluid_of"]

WallConductance = float | WallLaw | Callable[..., Any]


class Channel(Part):
    """A stream of ``n`` cells along x; the unknown of a cell is what leaves it.

    ``C_i dy_i/dt = W (y_upstream - y_i) + wall heat``, with ``W = m_dot c_p`` and, for a coolant with
    temperature-dependent properties, ``y`` the enthalpy temperature.
    """

    rank: ClassVar[int] = 1

    def __init__(
        self,
        network: Any,
        name: str,
        *,
        line: Line | None,
        dx_m: Floats,
        mass_flow_kg_s: float,
        specific_heat_J_kg_K: float,
        mass_per_length_kg_m: float,
        fluid: Fluid | None,
        wall: WallConductance | None,
        scheme: str,
        reverse: bool,
        valve: Valve | None,
        flow_factors: tuple[float, float],
        temperature_K: float,
        copies: float,
    ) -> None:
        super().__init__(network, name)
        self.line = line
        self.dx_m = dx_m
        self.mass_flow_kg_s = mass_flow_kg_s
        self.specific_heat_J_kg_K = specific_heat_J_kg_K
        self.mass_per_length_kg_m = mass_per_length_kg_m
        self.fluid = fluid
        self.wall = wall
        self.scheme = scheme
        self.direction = -1 if reverse else 1
        self.valve = valve
        self.flow_factors = flow_factors
        self.temperature_K = temperature_K
        self.copies = copies
        self.inlet: Place | None = None
        self.flow_names: dict[str, str] = {}

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return len(self.dx_m)

    @property
    def shares(self) -> Floats:
        """How a total is shared between the cells (sums to one)."""
        return self.dx_m / self.dx_m.sum()

    @property
    def rate_W_K(self) -> float:
        """Capacity rate of one copy at flow fraction one [W/K]."""
        return self.mass_flow_kg_s * self.specific_heat_J_kg_K

    @property
    def total_rate_W_K(self) -> float:
        """Capacity rate of all copies at flow fraction one [W/K]."""
        return float(self.copies or 1.0) * self.rate_W_K

    @property
    def last(self) -> int:
        """Offset of the cell at the outlet."""
        return self.size - 1 if self.direction > 0 else 0

    @property
    def outlet(self) -> ChannelCells:
        """What leaves the channel."""
        return ChannelCells(self, np.array([self.last]), f"{self.name}.outlet")

    @property
    def cells(self) -> ChannelIndexer:
        """Cells along x: ``tube.cells[0]``, ``tube.cells[2:5]``."""
        return ChannelIndexer(self)

    def capacity(self) -> Floats:
        """Heat capacity of each unknown [J/K]."""
        per_length = float(self.copies or 1.0) * self.mass_per_length_kg_m * self.specific_heat_J_kg_K
        return per_length * self.dx_m

    def initial(self) -> Floats:
        """Return initial values of the unknowns."""
        value = self.temperature_K if self.fluid is None else self.fluid.theta(self.temperature_K)
        return np.full(self.size, value)


class ChannelCells(Place):
    """Some cells of a channel."""

    def __init__(self, channel: Channel, offsets: Indices, name: str) -> None:
        super().__init__(channel.network, name)
        self.channel = channel
        self.offsets = offsets
        self.fluid = channel.fluid
        self.copies = channel.copies

    @property
    def temperature_K(self) -> float:
        """Initial temperature [K]."""
        return self.channel.temperature_K

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return len(self.offsets)

    @property
    def shares(self) -> Floats:
        """How a total is shared between the cells (sums to one)."""
        length = self.channel.dx_m[self.offsets]
        return length / length.sum()

    def indices(self, layout: Layout) -> Indices:
        """Return extended indices in the bundle."""
        return layout.start(self.channel) + self.offsets.astype(np.intp)


class ChannelIndexer:
    """Makes `ChannelCells` by NumPy-like indexing."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def __getitem__(self, key: Any) -> ChannelCells:
        channel = self._channel
        return ChannelCells(channel, np.atleast_1d(np.arange(channel.size)[key]), f"{channel.name}[{key}]")


def fluid_of(coolant: Any) -> tuple[Fluid | None, float, float]:
    """Read a coolant (or its shipped name): the only place that knows its attributes.

    Returns
    -------
    fluid : Fluid or None
        None when enthalpy temperature is temperature (constant specific heat).
    specific_heat_J_kg_K, density_kg_m3 : float
        At the reference temperature.
    """
    if isinstance(coolant, str):
        from thermalsat.components import Coolant

        coolant = Coolant.preset(coolant)
    try:
        laws = coolant.laws
    except AttributeError:
        raise InputError(
            f'`coolant` must be a Coolant or the name of one, e.g. "ammonia"; got {coolant!r}'
        ) from None
    specific_heat = float(laws.reference_specific_heat_J_kg_K)
    density = float(laws.density(laws.reference_K))
    law = laws.temperature
    if (
        len(law.coef) == 1
        and law.coef[0, 1] == 1.0
        and law.coef[0, 0] == law.x0
        and not law.coef[0, 2:].any()
    ):
        return None, specific_heat, density
    fluid = Fluid(
        name=coolant.name,
        specific_heat_J_kg_K=specific_heat,
        temperature_law=law,
        density_kg_m3=density,
        coldest_K=float(laws.lowest_K),
        hottest_K=float(laws.highest_K),
    )
    return fluid, specific_heat, density
