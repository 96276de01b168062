"""The compiled solver bound to networks: steady states, histories, periodic states."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from thermalsat.solver.api import periodic, steady, transient

__all__ = ["periodic", "steady", "transient"]


def __getattr__(name: str) -> Any:
    # late, so that `thermalsat.network` may import `thermalsat.solver.system`
    if name in __all__:
        return getattr(import_module("thermalsat.solver.api"), name)
    raise AttributeError(f"module 'thermalsat.solver' has no attribute {name!r}")
