"""What a small flat face sees of the Earth: exact view factor, Lambert albedo at any attitude."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray


def _panel_rule(count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gauss rule on [0, 1] after a cubic map: integrands may end in powers of 3/2 at either side."""
    node, weight = np.polynomial.legendre.leggauss(count)
    node, weight = (node + 1) / 2, weight / 2
    return node**2 * (3 - 2 * node), weight * 6 * node * (1 - node)


_PANEL_NODES, _PANEL_WEIGHTS = _panel_rule(12)


def view_factor(height_ratio: ArrayLike, cos_tilt: ArrayLike) -> NDArray[np.float64]:
    """View factor from a small one-sided plate to a sphere, at any tilt.

    Parameters
    ----------
    height_ratio : array_like
        Distance of the plate from the sphere's centre over the sphere's radius, at least 1.
    cos_tilt : array_like
        Cosine of the angle between the plate's normal and the direction to the sphere's centre.

    Returns
    -------
    ndarray
        In [0, 1], exact.

    Notes
    -----
    With ``H`` the ratio, ``g`` the tilt, ``q = sqrt(H^2 - 1)`` and
    ``w = sqrt(max(0, 1 - H^2 cos^2 g))``, which is zero unless the plate's own plane cuts the sphere,

        F = [atan2(w, q) + (cos g atan2(w, -q cos g) - q w) / H^2] / pi

    which is cos g / H^2 for the whole sphere in view and 0 for none of it. Equivalent to Naraghi,
    J. Thermophys. Heat Transf. 2 (1988) 373, doi:10.2514/3.117.

    Examples
    --------
    >>> bool(abs(view_factor(2.0, 1.0) - 0.25) < 1e-15)
    True
    """
    h = np.asarray(height_ratio, float)
    c = np.clip(np.asarray(cos_tilt, float), -1.0, 1.0)
    q = np.sqrt((h - 1.0) * (h + 1.0))
    w = np.sqrt(np.maximum((1.0 - h * c) * (1.0 + h * c), 0.0))
    f = (np.arctan2(w, q) + (c * np.arctan2(w, -q * c) - q * w) / h**2) / np.pi
    return np.clip(f, 0.0, 1.0)


def lambert_albedo(
    height_ratio: float, normal: ArrayLike, zenith: ArrayLike, sun: ArrayLike
) -> NDArray[np.float64]:
    """Sunlight from a diffusely reflecting sphere on a small one-sided plate, over albedo times flux.

    Parameters
    ----------
    height_ratio : float
        Distance of the plate from the sphere's centre over the sphere's radius, above 1.
    normal, zenith, sun : array_like, shape (..., 3)
        Unit vectors of the plate's normal, of the direction away from the sphere's centre, and to the
        Sun; one frame, broadcast against each other.

    Returns
    -------
    ndarray, shape (...)
        E / (a S), good to 2e-7 above 300 km, 1e-6 from 150 km.

    Notes
    -----
    ``E / (a S) = (1/pi) integral max(0, n.d) max(0, N.s) dw`` over the directions ``d`` in which the
    sphere is seen, with ``N`` the sphere's normal at the point seen. On a ring of constant nadir angle
    both factors are of the form A + B cos(azimuth), so the ring's integral over the arc where both are
    positive is closed; the rings are summed by Gauss quadrature, split where a ring begins to cross the
    plate's plane or the terminator.
    """
    n, k, s = np.broadcast_arrays(*(np.asarray(v, float) for v in (normal, zenith, sun)))
    shape = n.shape[:-1]
    n, k, s = (v.reshape(-1, 3) for v in (n, k, s))
    cos_zenith = np.sum(k * s, axis=1)
    cos_tilt = -np.sum(k * n, axis=1)
    across_n = n + cos_tilt[:, None] * k
    across_s = s - cos_zenith[:, None] * k
    sin_tilt = np.linalg.norm(across_n, axis=1)
    sin_zenith = np.linalg.norm(across_s, axis=1)
    azimuth = np.arctan2(
        np.linalg.norm(np.cross(across_n, across_s), axis=1), np.sum(across_n * across_s, axis=1)
    )
    out = _lambert(height_ratio, cos_tilt, sin_tilt, cos_zenith, sin_zenith, azimuth)
    return out.reshape(shape)


def lambert_albedo_angles(
    height_ratio: float, tilt_rad: ArrayLike, zenith_rad: ArrayLike, azimuth_rad: ArrayLike
) -> NDArray[np.float64]:
    """`lambert_albedo` from angles.

    Parameters
    ----------
    height_ratio : float
        Distance from the centre over the sphere's radius, above 1.
    tilt_rad : array_like
        Angle between the plate's normal and nadir.
    zenith_rad : array_like
        Angle between the Sun and the zenith of the point below the plate.
    azimuth_rad : array_like
        Angle about the vertical from the side the plate leans to to the Sun's side.

    Returns
    -------
    ndarray
        E / (a S).
    """
    arrays = (np.asarray(x, float) for x in (tilt_rad, zenith_rad, azimuth_rad))
    tilt, zenith, azimuth = np.broadcast_arrays(*arrays)
    shape = tilt.shape
    tilt, zenith, azimuth = tilt.ravel(), zenith.ravel(), azimuth.ravel()
    azimuth = np.abs(np.remainder(azimuth + np.pi, 2 * np.pi) - np.pi)
    out = _lambert(height_ratio, np.cos(tilt), np.sin(tilt), np.cos(zenith), np.sin(zenith), azimuth)
    return out.reshape(shape)


def simple_albedo(view: ArrayLike, cos_zenith: ArrayLike) -> NDArray[np.float64]:
    """Return the view factor times the cosine of the solar zenith angle, none at night: F cos zeta."""
    return np.asarray(view, float) * np.maximum(np.asarray(cos_zenith, float), 0.0)


def _lambert(
    height_ratio: float,
    cos_tilt: NDArray[np.float64],
    sin_tilt: NDArray[np.float64],
    cos_zenith: NDArray[np.float64],
    sin_zenith: NDArray[np.float64],
    azimuth: NDArray[np.float64],
) -> NDArray[np.float64]:
    """One value per row of the flat arrays; azimuth in [0, pi]."""
    h = height_ratio
    out = np.zeros(cos_tilt.shape)
    edge = math.asin(min(1.0 / h, 1.0))  # nadir angle of the limb
    cap = math.acos(min(1.0 / h, 1.0))  # angle at the centre from the point below to the limb
    below_plane = np.arctan2(cos_tilt, sin_tilt)  # plate's plane above (+) or below (-) the nadir direction
    sun_height = np.arctan2(cos_zenith, sin_zenith)
    live = (sun_height > -cap) & (below_plane > -edge)
    if not np.any(live):
        return out
    ct, st, cz, sz, az = (x[live, None] for x in (cos_tilt, sin_tilt, cos_zenith, sin_zenith, azimuth))
    first_cut = np.minimum(np.abs(below_plane[live]), edge)
    cut = np.minimum(np.abs(sun_height[live]), cap)
    second_cut = np.minimum(np.arctan2(np.sin(cut), h - np.cos(cut)), edge)
    lo, hi = np.minimum(first_cut, second_cut), np.maximum(first_cut, second_cut)
    # x in [0, 1] with nadir angle = edge x (2 - x): the limb's square root becomes smooth.
    marks = 1.0 - np.sqrt(np.maximum(1.0 - np.stack([np.zeros_like(lo), lo, hi], 1) / edge, 0.0))
    width = np.diff(marks, axis=1, append=1.0)[:, :, None]
    rows = len(lo)
    x = (marks[:, :, None] + width * _PANEL_NODES).reshape(rows, -1)
    weight = (width * _PANEL_WEIGHTS).reshape(rows, -1)
    nadir = edge * x * (2.0 - x)
    sin_nadir, cos_nadir = np.sin(nadir), np.cos(nadir)
    central = np.arcsin(np.minimum(h * sin_nadir, 1.0)) - nadir
    ring = _ring_integral(cos_nadir * ct, sin_nadir * st, np.cos(central) * cz, np.sin(central) * sz, az)
    total = np.sum(ring * sin_nadir * weight * 2.0 * edge * (1.0 - x), axis=1) / np.pi
    out[live] = np.maximum(total, 0.0)
    return out


def _ring_integral(
    a1: NDArray[np.float64],
    b1: NDArray[np.float64],
    a2: NDArray[np.float64],
    b2: NDArray[np.float64],
    shift: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Integral over a turn of max(0, a1 + b1 cos p) max(0, a2 + b2 cos(p - shift)); b >= 0."""
    half1, half2 = _half_arc(a1, b1), _half_arc(a2, b2)
    cos_shift = np.cos(shift)
    mean = a1 * a2 + 0.5 * b1 * b2 * cos_shift
    first, second, both = a1 * b2, a2 * b1, 0.25 * b1 * b2
    shifts = np.broadcast_to(shift, mean.shape)

    def between(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
        """Integral from low to high, zero where there is nothing between them."""
        some = high > low
        m, c1, c2, c3, turn = mean[some], first[some], second[some], both[some], shifts[some]

        def primitive(p: NDArray[np.float64]) -> NDArray[np.float64]:
            return m * p + c1 * np.sin(p - turn) + c2 * np.sin(p) + c3 * np.sin(2 * p - turn)

        found = np.zeros(some.shape)
        found[some] = primitive(high[some]) - primitive(low[some])
        return found

    total = between(np.maximum(-half1, shift - half2), np.minimum(half1, shift + half2))
    # The second arc may reach round past p = pi and meet the first from the other side.
    return total + between(-half1, np.minimum(half1, shift + half2 - 2 * np.pi))


def _half_arc(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half the arc on which a + b cos p is positive, in [0, pi]."""
    full, none = a >= b, a <= -b
    part = ~(full | none)
    ratio = np.divide(-a, b, out=np.zeros(a.shape), where=part)
    return np.where(part, np.arccos(ratio), np.where(full, np.pi, 0.0))
