"""The part of the network's interface that makes valves, buses and batteries."""

from __future__ import annotations

from typing import Any

import numpy as np

from thermalsat.errors import InputError
from thermalsat.laws import Law

from . import inputs
from .channel import Channel
from .elements import Source
from .places import Bus, Part, Place
from .power import Battery, Valve
from .streams import Streams

__all__ = ["Electrics"]


class Electrics(Streams):
    """Methods that add valves, buses, batteries, supplies and loads."""

    def valve(self, name: str, sensor: Place, law: Law, lag: Any) -> Valve:
        """Add a proportional valve: ``lag dv/dt = law(T_sensor) - v``, `law` of kelvins, in 0..1."""
        place = self._own(sensor, "sensor", Place)
        if place.size != 1:
            raise InputError(f"`sensor` of {name!r} must be one place, {place.name!r} has {place.size}")
        if not isinstance(law, Law):
            raise InputError(f"`law` must be a Law of the sensor's temperature, got {law!r}")
        ends = law(np.linspace(law.x0, law.x1, 33))
        if np.min(ends) < -1e-9 or np.max(ends) > 1.0 + 1e-9:
            raise InputError(f"`law` must stay between 0 and 1, got {np.min(ends):g} to {np.max(ends):g}")
        made = Valve(self, name, sensor=place, law=law, lag_s=inputs.positive(lag, "s", "lag"))
        self._part(made)
        self.valves.append(made)
        return made

    def bus(self, name: str) -> Bus:
        """Add an electrical bus; one battery takes or gives what its supplies and loads leave."""
        made = Bus(self, self._claim(name))
        self.buses.append(made)
        return made

    def battery(
        self,
        name: str,
        bus: Bus,
        *,
        capacity: Any,
        charge_efficiency: Any = 1.0,
        discharge_efficiency: Any = 1.0,
        charge_power: Any,
        taper: Law | None = None,
        heat_to: Place | None = None,
        curtail_to: Any = (),
        state_of_energy: Any = 1.0,
    ) -> Battery:
        """Add the battery of a bus.

        Parameters
        ----------
        name : str
            Its name.
        bus : Bus
            A bus without a battery so far.
        capacity : Quantity [J]
            Energy from empty to full.
        charge_efficiency, discharge_efficiency : float
            Above 0, at most 1; the losses go to `heat_to`, or leave.
        charge_power : Quantity [W]
            Largest charging power.
        taper : Law, optional
            Of the state of energy, multiplies `charge_power`; default 1 up to 0.95, falling to 0 at 1.
        heat_to : Place, optional
            One node.
        curtail_to : sequence of (Place, share)
            Where power goes that the battery does not take; shares sum to one. Default: it leaves.
        state_of_energy : float
            Initial state, 0 to 1.
        """
        self._own(bus, "bus", Bus)
        for other in self.batteries:
            if other.bus is bus:
                raise InputError(f"`bus` {bus.name!r} already has the battery {other.name!r}")
        efficiency = [
            inputs.fraction_field(value, label, ())
            for value, label in (
                (charge_efficiency, "charge_efficiency"),
                (discharge_efficiency, "discharge_efficiency"),
            )
        ]
        if min(efficiency) <= 0.0:
            raise InputError(
                f"`charge_efficiency` and `discharge_efficiency` must be above 0, got {efficiency}"
            )
        if heat_to is not None and self._own(heat_to, "heat_to", Part).size != 1:
            raise InputError(f"`heat_to` must be one node, got {heat_to.name!r}")
        shares = [
            (self._own(place, "curtail_to", Place), inputs.fraction_field(share, "curtail_to", ()))
            for place, share in curtail_to
        ]
        total = sum(share for _, share in shares)
        if shares and abs(total - 1.0) > 1e-12:
            raise InputError(f"`curtail_to` must have shares that sum to 1, got {total:g}")
        made = Battery(
            self,
            name,
            bus=bus,
            capacity_J=inputs.positive(capacity, "J", "capacity"),
            charge_efficiency=efficiency[0],
            discharge_efficiency=efficiency[1],
            charge_power_W=inputs.nonnegative(charge_power, "W", "charge_power"),
            taper=Law.ramp(0.95, 1.0, 1.0, 0.0) if taper is None else taper,
            heat_to=heat_to,  # type: ignore[arg-type]
            curtail_to=shares,
            state_of_energy=inputs.fraction_field(state_of_energy, "state_of_energy", ()),
            flow_names={
                kind: self._flow(None, f"{name} {kind}", "battery")
                for kind in ("loss", "curtailed", "charge", "discharge")
            },
        )
        self._part(made)
        self.batteries.append(made)
        return made

    def supply(
        self,
        bus: Bus,
        power: Any,
        *,
        law: Law | None = None,
        argument: Any = None,
        sign: int = 1,
        name: str | None = None,
    ) -> None:
        """Feed a bus (``sign=+1``) or load it (``sign=-1``) with ``power law(T_argument)``.

        Parameters
        ----------
        bus : Bus
            Where to.
        power : Quantity, Table or Function [W]
            Electrical power.
        law, argument : Law, Place
            Both or none.
        """
        self._own(bus, "bus", Bus)
        if sign not in (1, -1):
            raise InputError(f"`sign` must be +1 or -1, got {sign!r}")
        if (law is None) != (argument is None):
            raise InputError("`law` and `argument` must be given together")
        _, value, pieces = inputs.heat_amount(power, ("W",), "power")
        argument = self._argument(law, argument)
        flow = self._flow(name, f"{'supply' if sign > 0 else 'load'} -> {bus.name}", "supply")
        self._forced(pieces, flow)
        self._add(
            Source(
                to=bus, power_W=np.array([sign * value]), pieces=pieces, law=law, argument=argument, flow=flow
            )
        )

    def _argument(self, law: Law | None, argument: Any) -> Place | None:
        if argument is None:
            return None
        if not isinstance(law, Law):
            raise InputError(f"`argument` must come with a `law`, got {law!r}")
        if isinstance(argument, Channel):
            argument = argument.outlet
        place = self._own(argument, "argument", Place)
        if place.size != 1:
            raise InputError(f"`argument` must be one place, {place.name!r} has {place.size}")
        return place
