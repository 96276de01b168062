"""The part of the network's interface that makes its parts."""

from __future__ import annotations

from typing import Any

import numpy as np

from thermalsat.errors import InputError
from thermalsat.laws import Law
from thermalsat.units import si, si_fraction

from . import inputs
from .base import NetworkBase
from .channel import Channel
from .channel_inputs import read_channel
from .loop import Loop, make_loop
from .places import Boundary, Bus, Mixer, Node, Part, Place
from .plate import Line, Plate
from .power import Battery, Valve

__all__ = ["Parts"]


class Parts(NetworkBase):
    """Methods that add named parts."""

    def plate(
        self,
        name: str,
        *,
        size: Any = None,
        cells: Any,
        thickness: Any,
        conductivity: Any,
        density: Any = None,
        specific_heat: Any = None,
        temperature: Any = "300 K",
        copies: float = 1.0,
    ) -> Plate:
        """Add a rectangular plate of finite-volume cells with in-plane conduction.

        Parameters
        ----------
        name : str
            Its name, unique in the network.
        size : pair of Quantity [m]
            Length along x and along y; may be left out where `cells` are edges.
        cells : pair
            For x and y: a number of cells, or the increasing edges of the cells from 0 [m].
        thickness : Quantity [m]
            Thickness; the conducting section of an edge is its length times this.
        conductivity : Quantity [W/m/K], or tuple (kx, ky)
            One value or a field ``(nx, ny)``; a tuple of two for an orthotropic plate.
        density, specific_heat : Quantity [kg/m³], [J/kg/K]
            One value or fields; both left out: cells without heat capacity, for steady states.
        temperature : Quantity [K]
            Initial temperature, one value or a field ``(nx, ny)``.
        copies : float
            Number of identical copies, a real number, that the plate stands for. Capacities,
            conductances, areas, powers and flows of everything that is attached to it are given for one
            copy and multiplied by it.

        Returns
        -------
        Plate
            With ``edge(side)``, ``face(side)``, ``cells[i, j]`` and ``line(y=)``.

        Raises
        ------
        InputError
            For a size, thickness or property that is not positive, a wrong shape, or a name taken.

        Notes
        -----
        Neighbours are joined by the series of their half cells: second order in the cell size.

        Examples
        --------
        >>> net = ThermalNetwork()
        >>> plate = net.plate("plate", size=("1 m", "0.5 m"), cells=(4, 2), thickness="1 mm",
        ...                   conductivity="200 W/m/K", density="2700 kg/m^3", specific_heat="900 J/kg/K")
        >>> plate.shape, round(float(plate.capacity().sum()), 6)
        ((4, 2), 1215.0)
        """
        x, y = inputs.cell_edges(size, cells)
        shape = (len(x) - 1, len(y) - 1)
        number = si_fraction(copies, "copies", 0.0, np.inf)
        if not number > 0.0:
            raise InputError(f"`copies` must be above zero, got {copies!r}")
        made = Plate(
            self,
            name,
            x_edges_m=x,
            y_edges_m=y,
            thickness_m=inputs.positive(thickness, "m", "thickness"),
            conductivity_W_m_K=inputs.conductivity(conductivity, shape),
            capacity_J_m3_K=inputs.capacity_per_volume(density, specific_heat, shape),
            temperature_K=inputs.field(temperature, "K", "temperature", shape),
            copies=float(number),
        )
        return self._part(made)

    def node(self, name: str, *, heat_capacity: Any = "0 J/K", temperature: Any = "300 K") -> Node:
        """Add a lump with one temperature; with no heat capacity it is an arithmetic node.

        Parameters
        ----------
        name : str
            Its name.
        heat_capacity : Quantity [J/K]
            Not negative.
        temperature : Quantity [K]
            Initial temperature.
        """
        return self.volume(name, heat_capacity=heat_capacity, temperature=temperature)

    def volume(
        self, name: str, *, heat_capacity: Any, coolant: Any = None, temperature: Any = "300 K"
    ) -> Node:
        """Add a node that streams of a coolant may pass through.

        Parameters
        ----------
        name : str
            Its name.
        heat_capacity : Quantity [J/K]
            Of the liquid in it, at the coolant's reference temperature.
        coolant : Coolant or str, optional
            The unknown is then its enthalpy temperature, so that heat is counted in enthalpy.
        temperature : Quantity [K]
            Initial temperature.
        """
        made = Node(
            self,
            name,
            heat_capacity_J_K=inputs.nonnegative(heat_capacity, "J/K", "heat_capacity"),
            temperature_K=inputs.scalar(si(temperature, "K", "temperature"), "temperature"),
            fluid=None if coolant is None else self._fluid(coolant)[0],
        )
        return self._part(made)

    def boundary(self, name: str, *, temperature: Any) -> Boundary:
        """Add a place whose temperature is given: a value, a `Table` or a `Function`."""
        pieces = inputs.to_pieces(temperature, "K", "temperature")
        made = Boundary(self, self._claim(name), forcing=pieces)
        self._forced(pieces, name)
        self.boundaries.append(made)
        return made

    def mixer(self, name: str, *, coolant: Any = None) -> Mixer:
        """Add a junction of streams without volume; its value is the flow-weighted mean of its inflows."""
        fluid = None if coolant is None else self._fluid(coolant)[0]
        made = Mixer(self, self._claim(name))
        if coolant is not None:
            self._set_fluid(made, fluid)
        self.mixers.append(made)
        return made

    def channel(self, name: str, line: Line | None = None, *, mass_flow: Any, **options: Any) -> Channel:
        """Add a stream in finite volumes, along a line of a plate or on its own.

        Parameters
        ----------
        name : str
            Its name.
        line : Line, optional
            ``plate.line(y=...)``; cell i of the channel then belongs to column i of the plate.
        mass_flow : Quantity [kg/s]
            Flow in one copy. On an edge line (symmetry) everything is for the half that is modelled.
        coolant : Coolant or str, optional
            Its properties; otherwise `specific_heat`.
        specific_heat : Quantity [J/kg/K], optional
            A constant.
        mass_per_length : Quantity [kg/m], optional
            Liquid in the channel; or `diameter` [m] with a coolant.
        wall_conductance : Quantity [W/m/K], WallLaw or callable
            Between coolant and wall, on a line. A callable takes coolant temperature [K] and flow
            fraction and returns W/m/K.
        scheme : {"ntu", "upwind"}
            ``"ntu"``: exact in NTU for each cell. ``"upwind"``: first order, for comparison.
        reverse : bool
            Flow towards smaller x.
        inlet : Place, optional
            Boundary, node, mixer or ``other.outlet``; a loop sets it.
        valve : Valve, optional
            With ``flow_factors=(c0, c1)`` the flow is ``mass_flow (c0 + c1 v)``.
        length, cells : Quantity [m], int
            Of a channel that is not on a line.
        temperature : Quantity [K]
            Initial temperature, default 300 K.
        copies : float
            Of a channel that is not on a line.

        Raises
        ------
        InputError
            For a missing or contradicting argument, or a line that another channel lies on.
        """
        made = read_channel(self, name, line, mass_flow=mass_flow, **options)
        inlet = options.get("inlet")
        self._part(made)
        made.flow_names["stream"] = self._flow(None, f"stream -> {name}", "stream")
        if line is not None:
            made.flow_names["wall"] = self._flow(None, f"{line.plate.name} -> {name}", "wall")
        if inlet is not None:
            self._feed(made, inlet)
        return made

    def _feed(self, channel: Channel, inlet: Any) -> None:
        if isinstance(inlet, Channel):
            inlet = inlet.outlet
        place = self._own(inlet, "inlet", Place)  # type: ignore[type-abstract]
        if place.size != 1:
            raise InputError(
                f"`inlet` of {channel.name!r} must be one place, {place.name!r} has {place.size}"
            )
        if channel.inlet is not None:
            raise InputError(f"`inlet` of {channel.name!r} is already {channel.inlet.name!r}")
        channel.inlet = self._stream_source(place, channel)
        self._built = None

    def loop(
        self,
        name: str,
        *,
        channels: Any,
        node: Node | None = None,
        effectiveness: Any = 1.0,
        bypass: Any = None,
        delay: Any = None,
        delay_volumes: int = 10,
        inlet: Any = None,
    ) -> Loop:
        """Close channels to a loop: their outlets are mixed, and one supply feeds them all.

        Parameters
        ----------
        name : str
            Its name.
        channels : sequence of Channel
            In parallel.
        node : Node, optional
            The heat source: ``T_in = T_o + e (T_node - T_o)`` and the node gives ``e W (T_node - T_o)``.
        effectiveness : float
            e, above 0 and at most 1.
        bypass : fraction or Valve, optional
            Share of the node's flow that returns to the node without passing the channels. A fraction:
            the channels' flow is ``1 - bypass`` of the node's. A valve, whose position every channel's
            ``flow_factors`` must reduce: the node's flow stays the channels' flow at position 0.
        delay : Quantity [s], optional
            Transport time from the mixed outlet to the supply, at full flow.
        delay_volumes : int
            Finite volumes that make the delay.
        inlet : Place, optional
            Without a node: what feeds the channels (or else feed ``loop.inlet`` by `flow`).

        Returns
        -------
        Loop
            With the places ``inlet`` (T_in), ``outlet`` (the mixed outlets) and ``supply`` (T_o as it
            reaches the node).
        """
        return make_loop(
            self,
            name,
            channels=channels,
            node=node,
            effectiveness=effectiveness,
            bypass=bypass,
            delay=delay,
            delay_volumes=delay_volumes,
            inlet=inlet,
        )

    def valve(self, name: str, sensor: Place, law: Law, lag: Any) -> Valve:
        """Add a proportional valve: ``lag dv/dt = law(T_sensor) - v``, `law` of kelvins, in 0..1."""
        place = self._own(sensor, "sensor", Place)  # type: ignore[type-abstract]
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
            (self._own(place, "curtail_to", Place), inputs.fraction_field(share, "curtail_to", ()))  # type: ignore[type-abstract]
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

    def _part(self, part: Any) -> Any:
        self._claim(part.name)
        self.parts.append(part)
        return part
