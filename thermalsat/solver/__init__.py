"""The compiled solver bound to networks: steady states, histories, periodic states.

`steady`, `transient` and `periodic` take a `ThermalNetwork` and SI floats and return a `Result`; they are
documented in `thermalsat.solver.api`. Below them, on plain arrays, are the modules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

# the submodules first: importing one later would put it in the place of the function of its name
from . import periodic as _periodic  # noqa: F401
from . import steady as _steady  # noqa: F401
from . import transient as _transient  # noqa: F401

if TYPE_CHECKING:
    from thermalsat.network import ThermalNetwork
    from thermalsat.results import Result

__all__ = ["periodic", "steady", "transient"]


# `api` is imported late: it needs the network, which needs `thermalsat.solver.system`


def steady(net: ThermalNetwork, **options: Any) -> Result:
    """Solve for the state in which every unknown is in balance; see `api.steady`."""
    from .api import steady

    return steady(net, **options)


def transient(net: ThermalNetwork, **options: Any) -> Result:
    """Integrate over a duration; see `api.transient`."""
    from .api import transient

    return transient(net, **options)


def periodic(net: ThermalNetwork, **options: Any) -> Result:
    """Find the state that repeats itself; see `api.periodic`."""
    from .api import periodic

    return periodic(net, **options)
