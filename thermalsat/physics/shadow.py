"""The Earth's shadow: hidden part of the Sun's disc, contact angles, eclipse durations."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermalsat.constants import EARTH_RADIUS_M, SUN_RADIUS_M
from thermalsat.errors import InputError

SHADOWS = ("conical", "cylindrical")
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_NODES, _WEIGHTS = (_NODES + 1) / 2, _WEIGHTS / 2


def check_shadow(shadow: str) -> str:
    """Return the name of a shadow model, or refuse it."""
    if shadow not in SHADOWS:
        raise InputError(f"`shadow` must be 'conical' or 'cylindrical', got {shadow!r}")
    return shadow


def _segment_area(radius: NDArray, chord_distance: NDArray, half_chord: NDArray) -> NDArray:
    """Area of a disc beyond a chord; the distance is negative when more than half lies beyond."""
    half_angle = np.arctan2(half_chord, chord_distance)
    return radius**2 * (half_angle - np.sin(half_angle) * np.cos(half_angle))


def disc_overlap_fraction(sun: ArrayLike, earth: ArrayLike, separation: ArrayLike) -> NDArray[np.float64]:
    """Part of the Sun's disc covered by the Earth's, in [0, 1].

    Parameters
    ----------
    sun, earth, separation : array_like
        Apparent angular radii of the two discs and the angle between their centres, rad.

    Returns
    -------
    ndarray
        Zero when the discs do not touch, one when the Sun's is covered whole, continuous between.

    Notes
    -----
    The discs are taken as plane (Montenbruck and Gill, Satellite Orbits, 2000, section 3.4.2); contact
    angles are exact, the covered part between them is good to about half a percent of the disc.
    """
    a, b, c = np.broadcast_arrays(*(np.asarray(x, float) for x in (sun, earth, separation)))
    smaller = np.minimum(a, b)
    apart, inside = c >= a + b, c <= np.abs(a - b)
    distance = np.where(inside | apart, 1.0, c)
    to_sun_chord = (distance**2 + a**2 - b**2) / (2 * distance)
    to_earth_chord = distance - to_sun_chord
    # Half the common chord by Heron's product, which keeps its digits at the contacts.
    product = (a + b - distance) * (distance + a - b) * (distance - a + b) * (a + b + distance)
    half_chord = np.sqrt(np.maximum(product, 0.0)) / (2 * distance)
    lens = _segment_area(a, to_sun_chord, half_chord) + _segment_area(b, to_earth_chord, half_chord)
    partial = np.clip(lens / (np.pi * a**2), 0.0, (smaller / a) ** 2)
    return np.where(apart, 0.0, np.where(inside, (smaller / a) ** 2, partial))


def shadow_fraction(
    r_sat_m: ArrayLike,
    r_sun_m: ArrayLike,
    earth_radius_m: float = EARTH_RADIUS_M,
    sun_radius_m: float = SUN_RADIUS_M,
) -> NDArray[np.float64]:
    """Part of the Sun's disc that the Earth hides: 0 in sunlight, 1 in the umbra.

    Parameters
    ----------
    r_sat_m, r_sun_m : array_like, shape (..., 3)
        Satellite and Sun from the Earth's centre, one frame, m.
    earth_radius_m, sun_radius_m : float
        Radii, m. A Sun of radius zero gives the sharp shadow of a point source.

    Returns
    -------
    ndarray, shape (...)
        In [0, 1].

    Raises
    ------
    InputError
        A satellite position lies inside the Earth.
    """
    r_sat, r_sun = np.asarray(r_sat_m, float), np.asarray(r_sun_m, float)
    to_sun = r_sun - r_sat
    r = np.linalg.norm(r_sat, axis=-1)
    if np.any(r < earth_radius_m * (1 - 1e-12)):
        raise InputError(
            f"`r_sat` must lie outside the Earth ({earth_radius_m:.6g} m from its centre),"
            f" got {np.min(r):.6g} m"
        )
    distance = np.linalg.norm(to_sun, axis=-1)
    earth = np.arcsin(np.minimum(earth_radius_m / r, 1.0))
    separation = np.arctan2(
        np.linalg.norm(np.cross(-r_sat, to_sun), axis=-1), np.sum(-r_sat * to_sun, axis=-1)
    )
    if sun_radius_m == 0.0:
        return np.where(separation < earth, 1.0, 0.0)
    return disc_overlap_fraction(np.arcsin(sun_radius_m / distance), earth, separation)


def contact_angles_rad(
    radius_m: float, sun_distance_m: float, shadow: str = "conical"
) -> tuple[float, float]:
    """Angles at the Earth's centre between Sun and satellite at which penumbra and umbra begin.

    Parameters
    ----------
    radius_m : float
        Distance of the satellite from the Earth's centre.
    sun_distance_m : float
        Distance of the Sun from the Earth's centre.
    shadow : {"conical", "cylindrical"}
        The two angles are equal for a cylindrical shadow.

    Returns
    -------
    penumbra, umbra : float
        In [0, pi]; an umbra angle of pi or more means that the umbra ends before the satellite's distance.

    Notes
    -----
    A ray that touches both bodies touches the Earth at the angle ``acos((R +- R_sun) / d)`` from the Sun
    line and reaches the satellite a further ``acos(R / r)`` on: exact, for any Sun distance.
    """
    beyond_limb = math.acos(min(EARTH_RADIUS_M / radius_m, 1.0))
    if check_shadow(shadow) == "cylindrical":
        return math.pi / 2 + beyond_limb, math.pi / 2 + beyond_limb
    penumbra = math.acos((EARTH_RADIUS_M + SUN_RADIUS_M) / sun_distance_m)
    umbra = math.acos((EARTH_RADIUS_M - SUN_RADIUS_M) / sun_distance_m)
    return penumbra + beyond_limb, umbra + beyond_limb


def half_shadow_angle_rad(contact_rad: float, beta_rad: ArrayLike) -> NDArray[np.float64]:
    """Half the arc of a circular orbit, either side of orbit midnight, that lies beyond a contact angle.

    Parameters
    ----------
    contact_rad : float
        Angle between Sun and satellite at the contact, from `contact_angles_rad`.
    beta_rad : array_like
        Angle of the Sun above the orbit plane.

    Returns
    -------
    ndarray
        In [0, pi/2]; zero when the orbit does not get so far from the Sun.
    """
    cos_beta = np.cos(np.asarray(beta_rad, float))
    if contact_rad >= math.pi:
        return np.zeros(cos_beta.shape)
    room = (cos_beta - math.cos(contact_rad)) * (cos_beta + math.cos(contact_rad))
    return np.where(room > 0, np.arctan2(np.sqrt(np.maximum(room, 0.0)), -math.cos(contact_rad)), 0.0)


def hidden_fraction(
    angle_rad: ArrayLike,
    beta_rad: ArrayLike,
    radius_m: float,
    sun_distance_m: float,
    shadow: str = "conical",
) -> NDArray[np.float64]:
    """Hidden part of the Sun's disc along a circular orbit.

    Parameters
    ----------
    angle_rad : array_like
        Place in the orbit, from orbit noon in the sense of motion.
    beta_rad : array_like
        Angle of the Sun above the orbit plane; broadcast against `angle_rad`.
    radius_m, sun_distance_m : float
        Geometry.
    shadow : {"conical", "cylindrical"}
        The cylindrical shadow is 0 or 1, contacts included in the shadow.

    Returns
    -------
    ndarray
        In [0, 1].
    """
    cos_sun = np.cos(np.asarray(beta_rad, float)) * np.cos(np.asarray(angle_rad, float))
    if check_shadow(shadow) == "cylindrical":
        contact, _ = contact_angles_rad(radius_m, sun_distance_m, shadow)
        return np.where(cos_sun <= math.cos(contact), 1.0, 0.0)
    # The Sun's distance from the satellite and the angle that the Earth's centre and the Sun subtend there.
    distance = np.sqrt(sun_distance_m**2 + radius_m**2 - 2 * radius_m * sun_distance_m * cos_sun)
    sin_sun = np.sqrt(np.maximum(1.0 - cos_sun**2, 0.0))
    separation = np.arctan2(sun_distance_m * sin_sun, radius_m - sun_distance_m * cos_sun)
    earth = math.asin(min(EARTH_RADIUS_M / radius_m, 1.0))
    return disc_overlap_fraction(np.arcsin(SUN_RADIUS_M / distance), earth, separation)


def eclipse_fraction(
    beta_rad: ArrayLike, radius_m: float, sun_distance_m: float, shadow: str = "conical"
) -> NDArray[np.float64]:
    """Orbit mean of the hidden part of the Sun's disc: the share of the sunlight that is lost.

    Parameters
    ----------
    beta_rad : array_like, shape (...)
        Angle of the Sun above the orbit plane.
    radius_m, sun_distance_m : float
        Geometry.
    shadow : {"conical", "cylindrical"}
        For the cylindrical shadow this is the part of the period spent in it.

    Returns
    -------
    ndarray, shape (...)
        In [0, 0.5]: even in beta, falling with its size.
    """
    beta = np.asarray(beta_rad, float)
    penumbra_rad, umbra_rad = contact_angles_rad(radius_m, sun_distance_m, shadow)
    outer = half_shadow_angle_rad(penumbra_rad, beta)
    if shadow == "cylindrical":
        return outer / np.pi
    inner = half_shadow_angle_rad(umbra_rad, beta)
    # The covered part leaves both contacts as the power 3/2; the cubic map takes that out.
    width = (outer - inner)[..., None]
    midnight = inner[..., None] + width * (_NODES**2 * (3 - 2 * _NODES))
    hidden = hidden_fraction(np.pi - midnight, beta[..., None], radius_m, sun_distance_m)
    crossing = np.sum(hidden * width * 6 * _NODES * (1 - _NODES) * _WEIGHTS, axis=-1)
    return (inner + crossing) / np.pi
