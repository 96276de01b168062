"""The computer: packages on cold plates, and where its heat goes."""

from __future__ import annotations

from dataclasses import dataclass

from thermalsat.components.fields import Count, Difference, Flag, Fraction, Number
from thermalsat.components.part import Part

__all__ = ["Payload"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Payload(Part):
    """A liquid-cooled computer of `packages` equal processor packages.

    {parameters}

    Notes
    -----
    The junction stands above the coolant by ``R_package * share_packages * P / packages`` at a
    compute power P, the rack-level resistance. It is split at the cold plate so that this difference
    is exact in the steady state although all of P crosses the film of the cold plate:
    ``R_jp = (1 - film_share) R_package / packages`` carries the packages' share and
    ``R_pc = film_share R_package share_packages / packages`` carries P.

    Above `reference_junction` the packages draw ``leakage * (T - reference_junction)`` of their rated
    power in addition.

    Examples
    --------
    >>> Payload(packages=36).packages
    36
    """

    section = "payload"

    share_packages: Fraction = Fraction(
        "share of the compute power that is drawn by the packages; the rest heats the cold plates",
        default=0.80,
        above=0.0,
    )
    packages: Count = Count("number of processor packages", default=72, low=1)
    resistance_per_package: Number = Number(
        "K/W",
        "thermal resistance from junction to coolant of one package",
        default="0.02 K/W",
        above=0.0,
        high=10.0,
    )
    junction_limit: Number = Number(
        "K", "highest junction temperature, on the hottest coolant", default="95 degC", low=273.15, high=500.0
    )
    reference_junction: Number = Number(
        "K",
        "junction temperature at which the compute power is stated",
        default="85 degC",
        low=200.0,
        high=500.0,
    )
    leakage: Number = Number(
        "1/K",
        "extra package power per kelvin above the reference junction, of the rated package power",
        default="0.1 %/K",
        low=0.0,
        high=0.1,
    )
    idle_floor: Number = Number("W", "compute power that cannot be switched off", default="36 kW", low=0.0)
    heat_capacity: Number = Number(
        "J/K", "heat capacity of the whole computer", default="350 kJ/K", above=0.0
    )
    junction_capacity_share: Fraction = Fraction(
        "share of the heat capacity that follows the junctions", default=0.04, above=0.0
    )
    cold_plate_capacity_share: Fraction = Fraction(
        "share of the heat capacity in the cold plates; the boards hold the rest", default=0.36, above=0.0
    )
    film_share: Fraction = Fraction(
        "share of the package resistance between cold plate and coolant", default=0.3, above=0.0, high=0.99
    )
    board_conductance: Number = Number(
        "W/K", "thermal conductance between boards and cold plates", default="500 W/K", above=0.0
    )
    throttle: Flag = Flag("reduce the power of hot packages in simulations", default=False)
    throttle_band: Difference = Difference(
        "width below the junction limit over which throttling goes from none to the idle floor",
        default="5 K",
        above=0.0,
    )

    def faults(self) -> list[str]:
        """Return contradictions between the fields."""
        found = []
        shares = self.junction_capacity_share + self.cold_plate_capacity_share
        if shares >= 1.0:
            found.append(
                f"`{self.named('junction_capacity_share')}` and `{self.named('cold_plate_capacity_share')}`"
                f" must"
                f" leave a share for the boards, got a sum of {shares:g}; lower one of them"
            )
        if self.reference_junction_K > self.junction_limit_K:
            found.append(
                f"`{self.named('reference_junction')}` must not be above `{self.named('junction_limit')}`"
                f" ({self.junction_limit_K:g} K), got {self.reference_junction_K:g} K"
            )
        return found

    @property
    def junction_capacity_J_K(self) -> float:
        """Heat capacity of all junctions [J/K]."""
        return self.junction_capacity_share * self.heat_capacity_J_K

    @property
    def cold_plate_capacity_J_K(self) -> float:
        """Heat capacity of all cold plates [J/K]."""
        return self.cold_plate_capacity_share * self.heat_capacity_J_K

    @property
    def board_capacity_J_K(self) -> float:
        """Heat capacity of the boards [J/K]."""
        shares = self.junction_capacity_share + self.cold_plate_capacity_share
        return (1.0 - shares) * self.heat_capacity_J_K

    @property
    def rack_resistance_K_W(self) -> float:
        """Junction rise above the coolant per watt of compute power [K/W]."""
        return self.resistance_per_package_K_W * self.share_packages / self.packages

    @property
    def junction_to_plate_W_K(self) -> float:
        """Conductance from all junctions to the cold plates [W/K]."""
        return self.packages / ((1.0 - self.film_share) * self.resistance_per_package_K_W)

    @property
    def plate_to_coolant_W_K(self) -> float:
        """Conductance from the cold plates to the coolant [W/K]."""
        return 1.0 / (self.film_share * self.rack_resistance_K_W)
