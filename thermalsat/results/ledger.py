"""The energy ledger: what each named flow carried, and what is left unexplained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.units import from_si

__all__ = ["Ledger"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Ledger(Mapping[str, Any]):
    """Energy carried by each named flow over a run [J], or its power in a steady state [W].

    Parameters
    ----------
    names : tuple of str
    carried : (q,) float
        What each flow carried, in `unit`.
    external : (q,) int
        +1: the flow enters the network, -1: it leaves, 0: it stays inside.
    stored_change : float
        Increase of the stored heat, in `unit`.
    throughput : float
        Absolute flows and the stored heat C·T, in `unit`: what the residual is measured against.
    unit : {"J", "W"}

    Examples
    --------
    >>> import numpy as np
    >>> ledger = Ledger(names=("heater", "box -> sky"), carried=np.array([500.0, 300.0]),
    ...                 external=np.array([1, -1]), stored_change=200.0, throughput=1e4)
    >>> print(ledger["heater"], ledger.residual, ledger.periodic_imbalance)
    500.0 joule 0.0 joule 0.02
    """

    names: tuple[str, ...]
    carried: Floats
    external: NDArray[np.intp]
    stored_change: float
    throughput: float
    unit: str = "J"

    def __getitem__(self, name: str) -> Any:
        try:
            return from_si(float(self.carried[self.names.index(name)]), self.unit)
        except ValueError:
            raise KeyError(f"no flow is named {name!r}; there are: {', '.join(self.names)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def residual(self) -> Any:
        """In - out - change of stored heat (Quantity [J]; steady: [W])."""
        return from_si(self._residual, self.unit)

    @property
    def _residual(self) -> float:
        return float(self.external @ self.carried - self.stored_change)

    @property
    def residual_relative(self) -> float:
        """The residual over the throughput [-]."""
        return _over(self._residual, self.throughput)

    @property
    def change_of_stored(self) -> Any:
        """Increase of the stored heat (Quantity [J])."""
        return from_si(self.stored_change, self.unit)

    @property
    def periodic_imbalance(self) -> float:
        """Change of stored heat over the throughput [-]: zero for a perfectly periodic state."""
        return _over(self.stored_change, self.throughput)

    def __repr__(self) -> str:
        width = max([len(name) for name in self.names] + [len("change of stored")])
        kinds = {1: "in", -1: "out", 0: "inside"}
        rows = [
            f"  {name:<{width}}  {value:>14.6g} {self.unit}  {kinds[int(kind)]}"
            for name, value, kind in zip(self.names, self.carried, self.external, strict=True)
        ]
        rows.append(f"  {'change of stored':<{width}}  {self.stored_change:>14.6g} {self.unit}")
        relative = f"{self.residual_relative:.2g} relative"
        rows.append(f"  {'residual':<{width}}  {self._residual:>14.3g} {self.unit}  {relative}")
        return "\n".join([f"<Ledger: {len(self)} flows", *rows]) + ">"


def _over(value: float, throughput: float) -> float:
    return value / throughput if throughput > 0.0 else value
