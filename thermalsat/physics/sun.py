"""Where the Sun is: low-precision almanac series, mean equator and equinox of date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thermalsat.constants import DAY_S
from thermalsat.errors import InputError

Epoch = str | datetime | date | np.datetime64
Epochs = Epoch | Sequence[Epoch]

_J2000 = datetime(2000, 1, 1, 12)
MEAN_SUN_RATE_RAD_DAY = float(np.radians(0.9856474))  # Astronomical Almanac, page C5: of date, tropical


def days_since_j2000(epoch: Epoch, name: str = "epoch") -> float:
    """Days since 2000-01-01 12:00 of a date given as ISO text or as a datetime.

    A time without a zone is universal time. The 69 s between universal and terrestrial time move
    the Sun by 0.001 degree and are left out.

    Parameters
    ----------
    epoch : str, datetime, date or datetime64
        ``"2026-06-21"``, ``"2026-06-21T12:00:00"``, ``"2026-06-21T12:00:00Z"`` or a datetime.
    name : str
        How the argument is called in the error message.

    Returns
    -------
    float
        Days since J2000.

    Raises
    ------
    InputError
        The text is not an ISO date, or the value is of another type.

    Examples
    --------
    >>> days_since_j2000("2000-01-02T12:00:00")
    1.0
    """
    if isinstance(epoch, np.datetime64):
        epoch = str(epoch)
    if isinstance(epoch, str):
        try:
            moment = datetime.fromisoformat(epoch.strip())
        except ValueError:
            raise InputError(
                f"`{name}` must be an ISO date such as '2026-06-21' or '2026-06-21T12:00:00', got {epoch!r}"
            ) from None
    elif isinstance(epoch, datetime):
        moment = epoch
    elif isinstance(epoch, date):
        moment = datetime(epoch.year, epoch.month, epoch.day)
    else:
        raise InputError(f"`{name}` must be an ISO date such as '2026-06-21' or a datetime, got {epoch!r}")
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return (moment - _J2000) / timedelta(days=1)


def days_of(epoch: Epochs | None, name: str = "epoch") -> NDArray[np.float64] | None:
    """Days since J2000 of one date, shape (), or of several, shape (n,); None stays None."""
    if epoch is None:
        return None
    if isinstance(epoch, (list, tuple, np.ndarray)) and np.ndim(epoch):
        return np.array([days_since_j2000(item, f"{name}[{i}]") for i, item in enumerate(epoch)])
    return np.asarray(days_since_j2000(epoch, name))  # type: ignore[arg-type]


def epoch_text(days: float) -> str:
    """ISO text, to the millisecond, of a number of days since J2000.

    Examples
    --------
    >>> epoch_text(1.5)
    '2000-01-03T00:00:00'
    """
    moment = _J2000 + timedelta(milliseconds=round(float(days) * DAY_S * 1e3))
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def mean_longitude_rad(days: ArrayLike) -> NDArray[np.float64]:
    """Mean longitude of the Sun (aberration included), which is the right ascension of the mean Sun, rad."""
    return np.remainder(np.radians(280.460) + MEAN_SUN_RATE_RAD_DAY * np.asarray(days, float), 2 * np.pi)


def sun_distance_au(days: ArrayLike) -> NDArray[np.float64]:
    """Distance from the Earth to the Sun in astronomical units.

    Parameters
    ----------
    days : array_like
        Days since J2000.

    Returns
    -------
    ndarray
        Distance, within 1e-4 of the ephemeris from 1950 to 2050.

    Notes
    -----
    The Astronomical Almanac, page C5: ``R = 1.00014 - 0.01671 cos g - 0.00014 cos 2g`` with the mean
    anomaly ``g = 357.528 + 0.9856003 n`` degrees.
    """
    g = np.radians(357.528 + 0.9856003 * np.asarray(days, float))
    return 1.00014 - 0.01671 * np.cos(g) - 0.00014 * np.cos(2 * g)


def sun_direction(days: ArrayLike) -> NDArray[np.float64]:
    """Return the unit vector from the Earth to the Sun, mean equator and equinox of date.

    Parameters
    ----------
    days : array_like, shape (...)
        Days since J2000.

    Returns
    -------
    ndarray, shape (..., 3)
        Unit vectors; within 0.017 degree of the ephemeris from 1950 to 2050. Nodes given in another
        frame (J2000, for example) are off by the precession since, up to 0.7 degree.

    Notes
    -----
    The Astronomical Almanac, page C5: ecliptic longitude ``L + 1.915 sin g + 0.020 sin 2g`` degrees,
    obliquity ``23.439 - 4e-7 n``, latitude zero.
    """
    n = np.asarray(days, float)
    g = np.radians(357.528 + 0.9856003 * n)
    longitude = mean_longitude_rad(n) + np.radians(1.915 * np.sin(g) + 0.020 * np.sin(2 * g))
    obliquity = np.radians(23.439 - 4e-7 * n)
    return np.stack(
        [np.cos(longitude), np.cos(obliquity) * np.sin(longitude), np.sin(obliquity) * np.sin(longitude)],
        axis=-1,
    )
