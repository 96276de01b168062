"""From a satellite in a case to its thermal network."""

from __future__ import annotations

from typing import Any

from thermalsat.assembly.limits import LOWER_LIMITS, LimitMargin
from thermalsat.assembly.model import Model
from thermalsat.cases import DesignCase
from thermalsat.network import ThermalNetwork
from thermalsat.questions import asked_of
from thermalsat.satellite import Satellite

__all__ = ["LOWER_LIMITS", "LimitMargin", "Model", "assemble"]


def assemble(
    satellite: Satellite, case: str | DesignCase = "hot", load: Any = "120 kW", *, throttle: bool = False
) -> ThermalNetwork:
    """Return the thermal network of a satellite in one case.

    Parameters
    ----------
    satellite : Satellite
        The design.
    case : str or DesignCase
        Surroundings and ageing.
    load : Load, Quantity, str, Table or Function
        Compute power at the reference junction temperature, over time from the last sunlit instant.
    throttle : bool
        Reduce the power of hot packages as `payload.throttle_band` says, down to the idle floor.

    Returns
    -------
    ThermalNetwork
        Parts ``"radiator"``, ``"tubes"``, ``"return line"``, ``"supply line"``, ``"payload coolant"``,
        ``"panel inlet"``, ``"junction"``, ``"cold plate"``, ``"board"``, ``"array front"`` to
        ``"array back"``, ``"battery"``, ``"bypass valve"`` and ``"state of energy"``, to which more may
        be added. Time zero is the last sunlit instant, with the battery full.

    Raises
    ------
    InputError
        For an unknown case, or a design that the model does not cover; the message says what.

    Examples
    --------
    >>> import thermalsat as ts
    >>> net = ts.assemble(ts.designs.load("leo-53"), case="power", load="120 kW")
    >>> net.layout.part("radiator").shape
    (24, 4)
    """
    from thermalsat.assembly.faces import surroundings_of
    from thermalsat.assembly.satellite_network import assembled
    from thermalsat.load import Load

    satellite = asked_of(satellite, "satellite")
    found = satellite.case(case)
    around = surroundings_of(satellite, found)
    asked = Load.of(load)
    compute = asked.pieces(around.nights_s, around.heat.period_s)
    floor = None
    if throttle:
        floor = min(satellite.payload.idle_floor_W / max(asked.base_W, 1e-9), 1.0)
    return assembled(satellite, found, compute, floor).network
