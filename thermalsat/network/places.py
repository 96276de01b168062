"""Places of a network: what heat can go to, and the parts that own unknowns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from thermalsat.bundle import Floats, Indices

if TYPE_CHECKING:
    from thermalsat.laws import Law

    from .layout import Layout

__all__ = ["Boundary", "Bus", "Fluid", "Mixer", "Node", "Part", "Place"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fluid:
    """What the network needs of a coolant: enthalpy as a temperature, and back.

    With ``theta = T_ref + (h(T) - h_ref) / cp_ref`` a stream carries ``m_dot cp_ref theta`` exactly.
    """

    name: str
    specific_heat_J_kg_K: float
    temperature_law: Law
    """theta -> T [K]."""
    density_kg_m3: float
    coldest_K: float
    hottest_K: float

    def theta(self, temperature_K: Any) -> Any:
        """Enthalpy temperature [K] of a temperature [K]: the inverse of `temperature_law`, by Newton."""
        if isinstance(temperature_K, float):
            return _one_inverse(self.temperature_law, temperature_K)
        return _inverse(self.temperature_law, temperature_K)


def _inverse(law: Law, value: Any) -> Any:
    target = np.asarray(value, dtype=np.float64)
    x = target.copy()
    for _ in range(50):
        step = (law(x) - target) / law.derivative(x)
        x = x - step
        if np.all(np.abs(step) <= 1e-12 * np.abs(x)):
            break
    return x if x.ndim else float(x)


_one_inverse = lru_cache(maxsize=256)(_inverse)


class Place:
    """Something of one network that an element can be attached to.

    Attributes
    ----------
    name : str
        Unique within the network.
    copies : float or None
        How many identical copies it stands for; None when it is not on a copied part.
    """

    fluid: Fluid | None = None
    copies: float | None = None

    def __init__(self, network: Any, name: str) -> None:
        self.network = network
        self.name = name

    @property
    def size(self) -> int:
        """Number of unknowns, boundaries or mixers that the place covers."""
        return 1

    def indices(self, layout: Layout) -> Indices:
        """Return extended indices of the place."""
        raise NotImplementedError

    @property
    def shares(self) -> Floats:
        """How a total is shared between the cells of the place (sums to one)."""
        return np.ones(1)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"


class Part(Place):
    """A place that owns a contiguous block of unknowns."""

    stored: ClassVar[int] = 1
    weight_K: ClassVar[float] = 1.0
    rank: ClassVar[int] = 3
    """Order of the blocks: plates 0, channels 1, edges 2, nodes 3, valves 4, batteries 5."""

    def indices(self, layout: Layout) -> Indices:
        """Return extended indices in the bundle."""
        start = layout.start(self)
        return np.arange(start, start + self.size, dtype=np.intp)

    def capacity(self) -> Floats:
        """Heat capacity [J/K] of each unknown (a valve: lag [s]; a battery: capacity [J])."""
        raise NotImplementedError

    def initial(self) -> Floats:
        """Return initial values of the unknowns."""
        raise NotImplementedError

    def view(self, values: Floats) -> Any:
        """Return the block in the shape that a user sees."""
        return values

    def flat(self, value: Any) -> Floats:
        """Return the inverse of `view`."""
        return np.broadcast_to(np.asarray(value, dtype=np.float64), (self.size,))

    @property
    def law(self) -> Law | None:
        """Law from the unknown to the temperature, or None where they are the same."""
        return None if self.fluid is None else self.fluid.temperature_law

    def label(self, offset: int) -> str:
        """Name of one unknown, for messages."""
        return self.name if self.size == 1 else f"{self.name}[{offset}]"


class Node(Part):
    """A lump with one temperature; without heat capacity it is an arithmetic node."""

    def __init__(
        self,
        network: Any,
        name: str,
        *,
        heat_capacity_J_K: float,
        temperature_K: float,
        fluid: Fluid | None = None,
    ) -> None:
        super().__init__(network, name)
        self.heat_capacity_J_K = heat_capacity_J_K
        self.temperature_K = temperature_K
        self.fluid = fluid

    def capacity(self) -> Floats:
        """Heat capacity of each unknown [J/K]."""
        return np.array([self.heat_capacity_J_K])

    def initial(self) -> Floats:
        """Return initial values of the unknowns."""
        value = self.temperature_K if self.fluid is None else self.fluid.theta(self.temperature_K)
        return np.array([value])

    def view(self, values: Floats) -> float:
        """Values in the shape that a user sees."""
        return float(values[0])


class Boundary(Place):
    """A place whose temperature is given: constant or a forcing."""

    def __init__(self, network: Any, name: str, *, forcing: Any, fluid: Fluid | None = None) -> None:
        super().__init__(network, name)
        self.forcing = forcing
        self.fluid = fluid

    def indices(self, layout: Layout) -> Indices:
        """Return extended indices in the bundle."""
        return np.array([layout.boundary(self)], dtype=np.intp)


class Mixer(Place):
    """A junction of streams without volume: the flow-weighted mean of what enters it."""

    def indices(self, layout: Layout) -> Indices:
        """Return extended indices in the bundle."""
        return np.array([layout.mixer(self)], dtype=np.intp)


class Bus:
    """An electrical bus: the sum of what is supplied to it is what its battery takes or gives."""

    def __init__(self, network: Any, name: str) -> None:
        self.network = network
        self.name = name

    def __repr__(self) -> str:
        return f"<Bus {self.name!r}>"
