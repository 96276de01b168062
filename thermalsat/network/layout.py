"""Which unknown, boundary and mixer belongs to which named part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from thermalsat.bundle import Floats
from thermalsat.errors import InputError

from .places import Boundary, Mixer, Part

__all__ = ["Layout"]


class Layout:
    """Order of the unknown vector.

    Blocks come as plates, channels, radiating or shared edges, nodes and volumes, valves, batteries,
    each kind in the order in which it was made. Within a plate x runs fastest; a channel runs along x.
    """

    def __init__(
        self, parts: Iterable[Part], boundaries: Iterable[Boundary], mixers: Iterable[Mixer]
    ) -> None:
        self.parts = sorted(parts, key=lambda part: part.rank)
        self.boundaries = list(boundaries)
        self.mixers = list(mixers)
        self._starts: dict[int, int] = {}
        n = 0
        for part in self.parts:
            self._starts[id(part)] = n
            n += part.size
        self.n = n
        self._boundaries = {id(item): n + k for k, item in enumerate(self.boundaries)}
        first = n + len(self.boundaries)
        self._mixers = {id(item): first + k for k, item in enumerate(self.mixers)}
        self._by_name = {part.name: part for part in self.parts}
        self._labels: dict[int, str] = {}

    def start(self, part: Part) -> int:
        """Index of the first unknown of a part."""
        return self._starts[id(part)]

    def boundary(self, item: Boundary) -> int:
        """Return extended index of a boundary."""
        return self._boundaries[id(item)]

    def mixer(self, item: Mixer) -> int:
        """Return extended index of a mixer."""
        return self._mixers[id(item)]

    def slice(self, name: str) -> slice:
        """Range of the unknowns of the part called `name`."""
        part = self.part(name)
        start = self.start(part)
        return slice(start, start + part.size)

    def part(self, name: str) -> Part:
        """Return the part called `name`."""
        try:
            return self._by_name[name]
        except KeyError:
            known = ", ".join(sorted(self._by_name)) or "none"
            raise InputError(f"`name` must be one of: {known}; got {name!r}") from None

    def label(self, index: int) -> str:
        """Name of one unknown, for messages.

        The inverse of the layout: ``plate[3, 4]``, ``t0[7]``, ``box``.
        """
        if index not in self._labels:
            for part in self.parts:
                start = self.start(part)
                if start <= index < start + part.size:
                    self._labels[index] = part.label(index - start)
                    break
            else:
                raise IndexError(index)
        return self._labels[index]

    def initial(self) -> Floats:
        """Return the unknown vector made of the initial values of the parts."""
        return np.concatenate([np.zeros(0), *(part.initial() for part in self.parts)])

    def unpack(self, y: Any) -> dict[str, Any]:
        """Temperatures [K] (valve positions and states of energy as they are) by name."""
        y = self.checked(y)
        fields: dict[str, Any] = {}
        for part in self.parts:
            start = self.start(part)
            values = y[..., start : start + part.size]
            if part.law is not None:
                values = np.asarray(part.law(values))
            fields[part.name] = part.view(values)
        return fields

    def pack(self, fields: Mapping[str, Any]) -> Floats:
        """Return the unknown vector of temperatures [K] by name; parts left out take their initial value."""
        y = self.initial()
        for name, value in fields.items():
            part = self.part(name)
            try:
                values = part.flat(value)
            except ValueError:
                raise InputError(
                    f"`{name}` must have the shape of its part, {np.shape(part.view(part.initial()))}, "
                    f"got {np.shape(value)}"
                ) from None
            start = self.start(part)
            y[start : start + part.size] = values if part.fluid is None else part.fluid.theta(values)
        return self.checked(y)

    def checked(self, y: Any) -> Floats:
        """`y` as a finite float array of length ``n``, or an error that names the first bad unknown."""
        array = np.ascontiguousarray(y, dtype=np.float64)
        if array.shape != (self.n,):
            raise InputError(f"`y` must have shape ({self.n},), got {array.shape}")
        if not np.isfinite(array).all():
            bad = int(np.argmin(np.isfinite(array)))
            raise InputError(f"`y` must be finite, got {array[bad]} at {self.label(bad)} (index {bad})")
        return array
