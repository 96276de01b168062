"""Sun, shadow, and heat on a face of any attitude against time, with units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from thermalsat.angles import angle_between, angle_out
from thermalsat.constants import SOLAR_CONSTANT_W_M2
from thermalsat.earthview import albedo_factor, earth_view_factor, number_out
from thermalsat.eclipse import Eclipse
from thermalsat.errors import InputError
from thermalsat.orbit import Orbit
from thermalsat.physics import attitude as _attitude
from thermalsat.physics.attitude import Attitude
from thermalsat.physics.heat import Incident, OrbitHeat
from thermalsat.physics.sun import Epoch, days_since_j2000, epoch_text
from thermalsat.units import QuantityLike, from_si, si, si_fraction, si_nonnegative, si_positive, single

__all__ = ["Environment", "FaceFlux", "albedo_factor", "as_attitude", "earth_view_factor"]

_LAWS = (
    _attitude.SunPointing,
    _attitude.EdgeOn,
    _attitude.OrbitFixed,
    _attitude.Inertial,
    _attitude.TimeFunction,
    _attitude.Opposite,
)


def as_attitude(value: Attitude | str | Callable[[Any], Any]) -> Attitude:
    """Return the attitude law for a name, a law, or a function of time.

    Parameters
    ----------
    value : str, attitude or callable
        ``"sun"``, ``"anti-sun"``, ``"edge-on"``, ``"nadir"``, ``"zenith"``, ``"ram"``, ``"wake"``,
        ``"orbit-normal"``, ``"anti-orbit-normal"``; an object of `thermalsat.physics.attitude`; or a
        function of times in seconds, shape (n,), that gives vectors in the orbit-noon frame, shape (n, 3).
    """
    if isinstance(value, str):
        return _attitude.named_attitude(value)
    if isinstance(value, _LAWS):
        return value
    if callable(value):
        return _attitude.TimeFunction(cast(Callable[[Any], Any], value))
    raise InputError(f"`attitude` must be a name such as 'nadir', an attitude or a function, got {value!r}")


@dataclass(frozen=True, kw_only=True, eq=False)
class FaceFlux:
    """Heat on one face: `direct`, `albedo`, `earth_ir` [W/m^2], bare `earth_view`; shape (n,) or ()."""

    direct: Any
    albedo: Any
    earth_ir: Any
    earth_view: Any

    @classmethod
    def of(cls, incident: Incident, scalar: bool) -> FaceFlux:
        """Put units on what the float layer gives."""
        direct, albedo, infrared, view = (x[0] if scalar else x for x in incident)
        return cls(
            direct=from_si(direct, "W/m^2"),
            albedo=from_si(albedo, "W/m^2"),
            earth_ir=from_si(infrared, "W/m^2"),
            earth_view=view,
        )


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Sun, shadow and Earth over one orbit, Sun and node frozen within it.

    Time zero is the last sunlit instant (first contact with the penumbra); without an eclipse it is orbit
    noon. Crossing the beta at which eclipses end therefore moves time zero by half an orbit.

    Parameters
    ----------
    orbit : Orbit
        The orbit.
    solar_flux : Quantity or str, optional
        At 1 au [W/m^2]; default 1361 W/m^2. Scaled by the Sun's distance at the date.
    albedo : float or str
        Share of the sunlight that the Earth reflects.
    earth_ir : Quantity or str
        Infrared flux that leaves the Earth [W/m^2].
    epoch : str or datetime, optional
        Date; default the orbit's own.
    beta : Quantity or str, optional
        Overrides the orbit's beta angle [deg].

    Other Parameters
    ----------------
    shadow : {"conical", "cylindrical"}
        Shadow model.
    albedo_model : {"lambert", "cosine"}
        Lambert sphere, or view factor times the cosine of the solar zenith angle.
    enveloped : bool
        Take `solar_flux` as it is, whatever the Sun's distance.

    Attributes
    ----------
    si : OrbitHeat
        The same in bare SI numbers: `period_s`, `beta_rad`, `solar_flux_W_m2`, `edges_s`,
        `sun_direction`, `position(t)`, `illumination(t)`, `incident(attitude, t)`,
        `face_breakpoints(attitude)`.

    Raises
    ------
    UnitsError
        A bare number, or another dimension.
    InputError
        A value out of range, or a date that cannot be read.

    Examples
    --------
    >>> from thermalsat.orbit import Orbit
    >>> env = Environment(orbit=Orbit.from_beta(altitude="550 km", beta="0 deg"))
    >>> noon = env.period * 0.5 + env.eclipse.penumbra * 0.5
    >>> print(f"{env.incident('sun', noon).direct:.1f~P}")
    1361.0 W/m²
    """

    orbit: Orbit
    solar_flux: QuantityLike | None = None
    albedo: Any = 0.30
    earth_ir: QuantityLike = "237 W/m^2"
    shadow: str = "conical"
    albedo_model: str = "lambert"
    epoch: Epoch | None = None
    beta: QuantityLike | None = None
    enveloped: bool = False
    si: OrbitHeat = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.orbit, Orbit):
            raise InputError(f"`orbit` must be an Orbit, got {self.orbit!r}")
        twin = self.orbit.si
        days = None if self.epoch is None else days_since_j2000(self.epoch)
        flux = SOLAR_CONSTANT_W_M2
        if self.solar_flux is not None:
            flux = single(si_positive(self.solar_flux, "W/m^2", "solar_flux"), "solar_flux")
        distance = float(twin.sun_distance_au(days))
        if self.beta is None:
            beta = float(twin.beta_rad(days))
        else:
            beta = single(angle_between(self.beta, "beta", -90.0, 90.0), "beta")
        has_frame = self.beta is None and twin.inclination_rad is not None
        heat = OrbitHeat(
            orbit=twin,
            beta_rad=beta,
            sun_distance_au=distance,
            solar_flux_W_m2=flux if self.enveloped else flux / distance**2,
            albedo=single(si_fraction(self.albedo, "albedo"), "albedo"),
            earth_ir_W_m2=single(si_nonnegative(self.earth_ir, "W/m^2", "earth_ir"), "earth_ir"),
            shadow=self.shadow,
            albedo_model=self.albedo_model,
            equatorial=twin.sun_frame(days) if has_frame else None,
        )
        self._set(
            solar_flux=from_si(flux, "W/m^2"),
            albedo=heat.albedo,
            earth_ir=from_si(heat.earth_ir_W_m2, "W/m^2"),
            si=heat,
        )
        if days is not None:
            self._set(epoch=epoch_text(days))
        if self.beta is not None:
            self._set(beta=angle_out(beta))

    def __repr__(self) -> str:
        date = "no date" if self.si.orbit.epoch_days is None and self.epoch is None else "dated"
        return (
            f"<Environment: {self.orbit!r}, beta {self.beta_angle:.3f~P}, sunlight {self.sunlight:.2f~P}"
            f" ({'enveloped' if self.enveloped else date}), albedo {self.albedo:g} ({self.albedo_model}),"
            f" Earth infrared {self.earth_ir:.6g~P}, {self.shadow} shadow>"
        )

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def period(self) -> Any:
        """Keplerian period [min]."""
        return self.orbit.period

    @property
    def beta_angle(self) -> Any:
        """Angle of the Sun above the orbit plane [deg]: the orbit's at the date, or `beta`."""
        return angle_out(self.si.beta_rad)

    @property
    def sunlight(self) -> Any:
        """Solar flux at the satellite [W/m^2]."""
        return from_si(self.si.solar_flux_W_m2, "W/m^2")

    @property
    def sun_distance(self) -> Any:
        """Distance of the Sun [au]."""
        return from_si(self.si.sun_distance_au, "astronomical_unit")

    @property
    def edge_times(self) -> Any:
        """Shadow contacts on this clock [s]: penumbra entry (0), umbra entry, umbra exit, penumbra exit."""
        return from_si(self.si.edges_s, "s")

    @property
    def eclipse(self) -> Eclipse:
        """The night; its own edge times count from orbit noon."""
        return Eclipse.of(self.orbit.si, self.si.beta_rad, self.si.sun_distance_au, self.shadow)

    def illumination(self, time: QuantityLike) -> Any:
        """Part of the Sun's disc in view, 0 to 1, at times after the last sunlit instant [s]."""
        return number_out(self.si.illumination(si(time, "s", "time")))

    def incident(self, attitude: Attitude | str | Callable[[Any], Any], time: QuantityLike) -> FaceFlux:
        """Return direct, reflected and infrared flux on a one-sided face.

        Parameters
        ----------
        attitude : str, attitude or callable
            See `as_attitude`.
        time : Quantity or str, shape (n,) or ()
            After the last sunlit instant [s].
        """
        time_s = si(time, "s", "time")
        return FaceFlux.of(self.si.incident(as_attitude(attitude), time_s), np.ndim(time_s) == 0)

    def mean_incident(self, attitude: Attitude | str | Callable[[Any], Any]) -> FaceFlux:
        """Return the orbit means of what `incident` gives.

        Examples
        --------
        >>> from thermalsat.orbit import Orbit
        >>> env = Environment(orbit=Orbit.from_beta(altitude="550 km", beta="90 deg"))
        >>> print(f"{env.mean_incident('nadir').earth_ir:.2f~P}")
        200.86 W/m²
        """
        law = as_attitude(attitude)
        return FaceFlux.of(self.si.mean_incident(law), scalar=True)
