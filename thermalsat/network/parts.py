"""The part of the network's interface that makes plates, nodes, stores, boundaries and mixers."""

from __future__ import annotations

from typing import Any

import numpy as np

from thermalsat.errors import InputError
from thermalsat.physics.melting import melting_law
from thermalsat.units import si, si_difference, si_fraction

from . import inputs
from .base import NetworkBase
from .places import Boundary, Mixer, Node
from .plate import Plate
from .store import Store

__all__ = ["Parts"]


class Parts(NetworkBase):
    """Methods that add plates, nodes, stores, boundaries and mixers."""

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
        >>> import thermalsat as ts
        >>> net = ts.ThermalNetwork()
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

    def store(
        self,
        name: str,
        *,
        mass: Any,
        melting_temperature: Any,
        latent_heat: Any,
        specific_heat: Any,
        melting_band: Any = "1 K",
        temperature: Any = "300 K",
    ) -> Store:
        """Add a lump that melts and freezes, without hysteresis.

        Parameters
        ----------
        name : str
            Its name.
        mass : Quantity [kg]
            Of what melts; a container is a node of its own.
        melting_temperature, melting_band : Quantity [K], temperature difference [K]
            Middle and width of the temperatures over which it melts.
        latent_heat : Quantity [J/kg]
            Taken up in melting, beside the specific heats.
        specific_heat : Quantity [J/kg/K], or tuple (solid, liquid)
            On either side of the band.
        temperature : Quantity [K]
            Initial temperature; within the band it is melted in part.

        Raises
        ------
        InputError
            For a value that is not positive, or a band too narrow for the latent heat.

        Notes
        -----
        The unknown is the enthalpy temperature, so that every joule is counted however fast it melts; see
        `thermalsat.physics.melting.melting_law`.

        Examples
        --------
        50 kg take up 10 MJ of latent heat between 59.5 and 60.5 degC:

        >>> import thermalsat as ts
        >>> net = ts.ThermalNetwork()
        >>> wax = net.store("wax", mass="50 kg", melting_temperature="60 degC", latent_heat="200 kJ/kg",
        ...                 specific_heat=("2.0 kJ/kg/K", "2.2 kJ/kg/K"))
        >>> wax.latent_J, round(wax.melted("60 degC"), 2), wax.melted("70 degC")
        (10000000.0, 0.48, 1.0)
        """
        heats = specific_heat if isinstance(specific_heat, tuple) else (specific_heat, specific_heat)
        if len(heats) != 2:
            raise InputError(f"`specific_heat` must be one value or a pair (solid, liquid), got {len(heats)}")
        solid, liquid = (inputs.positive(value, "J/kg/K", "specific_heat") for value in heats)
        kilograms = inputs.positive(mass, "kg", "mass")
        latent = inputs.positive(latent_heat, "J/kg", "latent_heat")
        band = inputs.scalar(si_difference(melting_band, "melting_band"), "melting_band")
        if not band > 0.0:
            raise InputError(f"`melting_band` must be above 0 K, got {melting_band!r}")
        middle = inputs.scalar(si(melting_temperature, "K", "melting_temperature"), "melting_temperature")
        made = Store(
            self,
            name,
            heat_capacity_J_K=kilograms * solid,
            latent_J=kilograms * latent,
            law=melting_law(middle, band, latent, solid, liquid),
            temperature_K=inputs.scalar(si(temperature, "K", "temperature"), "temperature"),
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

    def _part(self, part: Any) -> Any:
        self._claim(part.name)
        self.parts.append(part)
        return part
