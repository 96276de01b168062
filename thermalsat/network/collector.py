"""Growing arrays of a bundle, and what its elements share."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from thermalsat.bundle import Bundle, Floats, Indices, joined
from thermalsat.errors import InputError
from thermalsat.laws import Law, WallLaw
from thermalsat.pieces import Pieces

from .channel import Channel
from .elements import Conductance, Element, Radiation, Stream
from .layout import Layout
from .places import Bus, Mixer, Place
from .plate import Edge, EdgeSurface
from .power import Valve

if TYPE_CHECKING:
    from .network import ThermalNetwork

__all__ = ["Collector", "pointer"]

_DTYPES = {spec.name: spec.metadata["dtype"] for spec in fields(Bundle) if "dtype" in spec.metadata}


class Collector:
    """Growing arrays of the bundle, and the tables of what elements share."""

    def __init__(self, network: ThermalNetwork) -> None:
        self.network = network
        self.surfaces = _edge_surfaces(network)
        self.layout = Layout(
            [*network.parts, *self.surfaces.values()],
            network.boundaries,
            _ordered_mixers(network),
        )
        self.count: Counter[str] = Counter()
        self._groups: dict[str, list[tuple[slice, dict[str, Any]]]] = {}
        self._flows: dict[str, tuple[int, int]] = {}
        self._forcing: list[Pieces] = []
        self._laws: list[Law] = []
        self._wall_laws: list[WallLaw] = []
        self._patterns: list[Floats] = []
        self._known: dict[Any, int] = {}

    def add(self, group: str, **columns: Any) -> None:
        """Append rows to a group: as many as the longest column has, which the others are repeated for."""
        rows = 1
        for value in columns.values():
            if isinstance(value, np.ndarray) and value.ndim and len(value) != 1:
                rows = len(value)
        first = self.count[group]
        self.count[group] = first + rows
        self._groups.setdefault(group, []).append((slice(first, first + rows), columns))

    def flow(self, name: str | None, external: int) -> int:
        """Index of a named flow of class +1 (enters), -1 (leaves) or 0 (internal)."""
        if name is None:
            return -1
        index, known = self._flows.setdefault(name, (len(self._flows), external))
        if known != external:
            raise InputError(
                f"`name` {name!r} must not be shared by a flow that leaves and one that does not"
            )
        return index

    def side(self, place: Place) -> tuple[Indices, Any]:
        """Return indices of a place and the conductance between them and where it is touched (inf: none)."""
        if not isinstance(place, Edge):
            return place.indices(self.layout), np.inf
        surface = self.surfaces.get(place.key)
        if surface is None:
            return place.indices(self.layout), place.half_W_K
        return surface.indices(self.layout), np.inf

    def forcing(self, pieces: Pieces | None) -> int:
        """Index of a forcing, -1 for none."""
        return -1 if pieces is None else self._shared(id(pieces), pieces, self._forcing)

    def law(self, law: Law | None) -> int:
        """Index of a law, -1 for none."""
        return -1 if law is None else self._shared(id(law), law, self._laws)

    def wall_law(self, law: WallLaw | None) -> int:
        """Index of a wall law, -1 for none."""
        return -1 if law is None else self._shared(id(law), law, self._wall_laws)

    def pattern(self, values: Floats) -> int:
        """Index of a pattern; equal ones are stored once."""
        return self._shared(blake2b(values.data).digest(), values, self._patterns)

    def _shared(self, key: Any, item: Any, table: list[Any]) -> int:
        if key not in self._known:
            self._known[key] = len(table)
            table.append(item)
        return self._known[key]

    def valve(self, valve: Valve | None) -> int:
        """Index of a valve, -1 for none."""
        return -1 if valve is None else self.network.valves.index(valve)

    def bus(self, bus: Bus) -> int:
        """Bus k as the target of a source: -1-k, k the index of its battery."""
        for k, battery in enumerate(self.network.batteries):
            if battery.bus is bus:
                return -1 - k
        raise InputError(
            f"`bus` {bus.name!r} has no battery; add one with net.battery(name, bus, capacity=...)"
        )

    def arrays(self) -> dict[str, Any]:
        """Everything collected, as keyword arguments of `Bundle`."""
        out: dict[str, Any] = {}
        for group, chunks in self._groups.items():
            for name in chunks[0][1]:
                key = f"{group}_{name}"
                column = out[key] = np.empty(self.count[group], _DTYPES[key])
                for rows, columns in chunks:
                    column[rows] = columns[name]
                column.flags.writeable = False
        out["flow_external"] = [external for _, external in self._flows.values()]
        out |= _concatenated("forcing", [p.coef for p in self._forcing], 6)
        out["forcing_knots"] = np.concatenate([np.zeros(0), *(p.knots for p in self._forcing)])
        out["forcing_period"] = [p.period for p in self._forcing]
        out |= _concatenated("law", [law.coef for law in self._laws], 4)
        out["law_x0"], out["law_dx"] = [law.x0 for law in self._laws], [law.dx for law in self._laws]
        out |= _concatenated("wl", [law.coef.reshape(-1, 16) for law in self._wall_laws], 16)
        for key in ("T0", "dT", "w0", "dw"):
            out[f"wl_{key}"] = [getattr(law, key) for law in self._wall_laws]
        out["wl_nT"] = [law.coef.shape[0] for law in self._wall_laws]
        out["wl_nw"] = [law.coef.shape[1] for law in self._wall_laws]
        out["pat_ptr"] = pointer(self._patterns)
        out["pat_value"] = joined(self._patterns)
        return out

    @property
    def flow_names(self) -> list[str]:
        """Names of the flows in the order of the ledger."""
        return list(self._flows)


def _edge_surfaces(network: ThermalNetwork) -> dict[tuple[str, str], EdgeSurface]:
    """Surfaces of the edges that radiate or that more than one thing, a tube among them, acts on."""
    acting: dict[tuple[str, str], list[Element]] = {}
    edges: dict[tuple[str, str], Edge] = {}
    for element in network.elements:
        for edge in element.edges:
            acting.setdefault(edge.key, []).append(element)
            edges.setdefault(edge.key, edge)
    lines = ((part.line, part.name) for part in network.parts if isinstance(part, Channel))
    tubes = {line.edge.key: name for line, name in lines if line is not None and line.on_edge}
    chosen = {}
    for key, users in acting.items():
        fixed = any(isinstance(user, Conductance) and np.isinf(user.g_W_K).any() for user in users)
        if fixed and len(users) > 1:
            raise InputError(
                f"`edge` {edges[key].name!r} is fixed to a temperature, so nothing else can act on it; "
                f"it has {len(users)} elements"
            )
        if fixed and key in tubes:
            raise InputError(
                f"`edge` {edges[key].name!r} is fixed to a temperature, so channel {tubes[key]!r} cannot lie "
                "on it; give the channel a `length` and `cells` instead of a `line`, and couple it to what "
                "holds the edge: net.couple(channel, boundary, conductance_per_length=...)"
            )
        if len(users) > 1 or key in tubes or isinstance(users[0], Radiation):
            chosen[key] = EdgeSurface(edges[key])
    return chosen


def _ordered_mixers(network: ThermalNetwork) -> list[Mixer]:
    """Mixers so that each depends on earlier ones only."""
    feeds: dict[int, list[Place]] = {id(mixer): [] for mixer in network.mixers}
    for element in network.elements:
        if isinstance(element, Stream) and isinstance(element.b, Mixer):
            feeds[id(element.b)].append(element.a)
    ordered: list[Mixer] = []
    done: set[int] = set()
    waiting = list(network.mixers)
    while waiting:
        ready = [m for m in waiting if all(id(a) in done for a in feeds[id(m)] if isinstance(a, Mixer))]
        if not ready:
            names = ", ".join(mixer.name for mixer in waiting)
            raise InputError(
                f"`mixers` must not feed each other in a circle: {names}; put a volume between them"
            )
        for mixer in ready:
            if not feeds[id(mixer)]:
                raise InputError(
                    f"`mixer` {mixer.name!r} has no inflow; add one with net.flow(source, mixer, ...)"
                )
            done.add(id(mixer))
        ordered += ready
        waiting = [mixer for mixer in waiting if id(mixer) not in done]
    return ordered


def pointer(chunks: list[Any]) -> Indices:
    """Return where each chunk begins in their concatenation, and the end."""
    return np.concatenate([[0], np.cumsum([len(chunk) for chunk in chunks], dtype=np.intp)]).astype(np.intp)


def _concatenated(group: str, chunks: list[Floats], width: int) -> dict[str, Any]:
    return {
        f"{group}_ptr": pointer(chunks),
        f"{group}_coef": np.concatenate([np.zeros((0, width)), *chunks]),
    }
