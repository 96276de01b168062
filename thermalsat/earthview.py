"""What a plate sees of the Earth, with units: view factor and albedo."""

from __future__ import annotations

from typing import Any

import numpy as np

from thermalsat.angles import angle_between
from thermalsat.constants import EARTH_RADIUS_M
from thermalsat.errors import InputError
from thermalsat.physics import earthview
from thermalsat.units import QuantityLike, si_angle, si_nonnegative

__all__ = ["albedo_factor", "earth_view_factor"]


def _height_ratio(altitude: QuantityLike) -> float:
    altitude_m = si_nonnegative(altitude, "m", "altitude")
    if np.ndim(altitude_m):
        raise InputError(f"`altitude` must be one length, got {altitude}")
    return 1.0 + float(altitude_m) / EARTH_RADIUS_M


def number_out(value: Any) -> Any:
    """Return a float for an array without dimensions, otherwise the array."""
    return float(value) if np.ndim(value) == 0 else value


def earth_view_factor(altitude: QuantityLike, tilt: QuantityLike) -> Any:
    """View factor from a small one-sided plate to the Earth, exact at any tilt.

    Parameters
    ----------
    altitude : Quantity or str
        Above a sphere of the equatorial radius [m].
    tilt : Quantity or str, shape (...)
        Angle between the plate's normal and nadir, 0 to 180 degrees.

    Returns
    -------
    float or ndarray, shape (...)
        In [0, 1]; ``F(tilt) - F(180 deg - tilt) = cos(tilt) / H^2`` with H the distance in Earth radii.

    Raises
    ------
    UnitsError
        A bare number, or another dimension.
    InputError
        A negative altitude, or a tilt out of range.

    Notes
    -----
    With ``q = sqrt(H^2 - 1)`` and ``w = sqrt(max(0, 1 - H^2 cos^2 tilt))``,
    ``F = [atan2(w, q) + (cos(tilt) atan2(w, -q cos(tilt)) - q w) / H^2] / pi``.

    References
    ----------
    M. H. N. Naraghi, J. Thermophysics and Heat Transfer 2 (1988) 373, doi:10.2514/3.117.

    Examples
    --------
    >>> round(earth_view_factor("500 km", "90 deg"), 6)
    0.267398
    """
    tilt_rad = angle_between(tilt, "tilt", 0.0, 180.0)
    return number_out(earthview.view_factor(_height_ratio(altitude), np.cos(tilt_rad)))


def albedo_factor(
    altitude: QuantityLike,
    tilt: QuantityLike,
    zenith: QuantityLike,
    azimuth: QuantityLike = "0 deg",
    *,
    model: str = "lambert",
) -> Any:
    """Sunlight that the Earth reflects onto a small one-sided plate, over albedo times solar flux.

    Parameters
    ----------
    altitude : Quantity or str
        Above a sphere of the equatorial radius [m].
    tilt : Quantity or str
        Angle between the plate's normal and nadir, 0 to 180 degrees.
    zenith : Quantity or str
        Angle between the Sun and the zenith, 0 to 180 degrees.
    azimuth : Quantity or str
        Angle about the vertical between the side to which the plate leans and the Sun's side.
    model : {"lambert", "cosine"}
        The integral over the part of the Earth that is lit and in view, taken as a Lambert sphere; or
        the view factor times the cosine of the zenith angle, which ends at the terminator.

    Returns
    -------
    float or ndarray
        E / (a S). Angles are broadcast against each other.

    Raises
    ------
    UnitsError
        A bare number, or another dimension.
    InputError
        A negative altitude, an angle out of range, or an unknown model.

    Notes
    -----
    ``E / (a S) = (1/pi) integral max(0, n.d) max(0, N.s) dw``, good to 1e-6 from 150 km upwards.

    Examples
    --------
    >>> round(albedo_factor("500 km", "0 deg", "60 deg"), 4)
    0.4275
    """
    height = _height_ratio(altitude)
    tilt_rad = angle_between(tilt, "tilt", 0.0, 180.0)
    zenith_rad = angle_between(zenith, "zenith", 0.0, 180.0)
    azimuth_rad = si_angle(azimuth, "azimuth")
    if model == "lambert":
        return number_out(earthview.lambert_albedo_angles(height, tilt_rad, zenith_rad, azimuth_rad))
    if model != "cosine":
        raise InputError(f"`model` must be 'lambert' or 'cosine', got {model!r}")
    view = earthview.view_factor(height, np.cos(tilt_rad))
    return number_out(earthview.simple_albedo(view, np.cos(zenith_rad)))
