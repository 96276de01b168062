"""The orbit and the surroundings as a design states them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from thermalsat.components.fields import Angle, Choice, Date, Number, Text
from thermalsat.components.part import Part
from thermalsat.errors import InputError

__all__ = ["OrbitStatement", "Surroundings"]

_WAYS = (
    "`altitude`, `inclination`, `raan` (or `ltan`) and `epoch`; `altitude`, `ltan` and `epoch` "
    "(Sun-synchronous);"
    " `altitude` and `beta` (idealised); or `tle`"
)
_COMPLETE: tuple[set[str], ...] = (
    {"altitude", "inclination", "raan", "epoch"},
    {"altitude", "inclination", "ltan", "epoch"},
    {"altitude", "ltan", "epoch"},
    {"altitude", "beta"},
    {"altitude", "beta", "epoch"},
    {"tle"},
)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class OrbitStatement(Part):
    """The keys from which an `Orbit` is made, in one of four ways.

    {parameters}

    Notes
    -----
    Inclination, node and epoch; Sun-synchronous by local time of the ascending node and epoch;
    idealised, by beta; or the two lines of an element set.
    """

    section = "orbit"

    altitude: Number = Number("m", "height above the equatorial radius", default=None, above=1e5, high=1e9)
    inclination: Angle = Angle("inclination", default=None, low=0.0, high=3.141593)
    raan: Angle = Angle("right ascension of the ascending node at the epoch", default=None)
    ltan: Text = Text('local time of the ascending node, e.g. "18:00"', default=None)
    epoch: Date = Date("instant of the elements", default=None)
    beta: Angle = Angle("angle of the Sun to the orbit plane, held", default=None, low=-1.5708, high=1.5708)
    tle: Text = Text("two lines of an element set", default=None)

    def faults(self) -> list[str]:
        """Return contradictions between the fields."""
        given = {name for name in self.fields if self.__dict__[name] is not None}
        if given in _COMPLETE:
            return []
        got = ", ".join(f"`{name}`" for name in self.fields if name in given) or "nothing"
        return [f"`{self.section}` must be stated by {_WAYS}; got {got}"]

    @classmethod
    def of(cls, value: Any) -> OrbitStatement:
        """Return the statement of an `Orbit`, or `value` itself if it is one."""
        if isinstance(value, cls):
            return value
        names = ("altitude", "inclination", "raan", "ltan", "epoch")
        try:
            given: dict[str, Any] = {name: getattr(value, name) for name in names}
        except AttributeError:
            raise InputError(f"`orbit` must be an Orbit, got {value!r}") from None
        if given["ltan"] is not None:
            hours = given["ltan"].m_as("h")
            given["ltan"] = f"{hours!r} h"
        return cls(**given, beta=value.fixed_beta)

    def build(self) -> Any:
        """Return the `Orbit`."""
        from thermalsat.orbit import Orbit

        if self.tle is not None:
            return Orbit.from_tle(*self.tle.strip().splitlines())
        epoch = self.__dict__["epoch"]
        if self.beta is not None:
            return Orbit.from_beta(altitude=self.altitude, beta=self.beta, epoch=epoch)
        if self.inclination is None:
            return Orbit.sun_synchronous(altitude=self.altitude, ltan=self.ltan, epoch=epoch)
        return Orbit(
            altitude=self.altitude, inclination=self.inclination, raan=self.raan, ltan=self.ltan, epoch=epoch
        )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Surroundings(Part):
    """What surrounds the satellite in every case; albedo and infrared belong to the cases.

    {parameters}
    """

    section = "environment"

    shadow: Choice = Choice(
        ("conical", "cylindrical"), "Earth's shadow, with or without penumbra", default="conical"
    )
    albedo_model: Choice = Choice(
        ("lambert", "cosine"),
        "reflection by a Lambert sphere, or view factor times cosine",
        default="lambert",
    )
    solar_constant: Number = Number(
        "W/m^2", "solar flux at one astronomical unit", default="1361 W/m^2", above=0.0, high=3000.0
    )
    sky_temperature: Number = Number("K", "temperature of deep space", default="2.725 K", low=0.0, high=300.0)
