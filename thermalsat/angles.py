"""Angles and times of day on the way in and out."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from thermalsat.errors import InputError
from thermalsat.units import QuantityLike, from_si, si, si_angle


def angle_between(value: QuantityLike, name: str, low_deg: float, high_deg: float) -> Any:
    """Radians of an angle, or an array of them, that must lie between two limits in degrees."""
    angle = si_angle(value, name)
    degrees = np.degrees(angle)
    if np.any(degrees < low_deg - 1e-9) or np.any(degrees > high_deg + 1e-9):
        raise InputError(f"`{name}` must be between {low_deg:g} and {high_deg:g} deg, got {value}")
    clipped = np.clip(angle, math.radians(low_deg), math.radians(high_deg))
    return clipped if np.ndim(clipped) else float(clipped)


def angle_out(angle_rad: Any) -> Any:
    """Radians to a Quantity in degrees."""
    degrees = np.degrees(angle_rad)
    return from_si(degrees if np.ndim(degrees) else float(degrees), "deg")


def local_time_h(value: QuantityLike, name: str) -> float:
    """Hours in [0, 24) of a time of day: ``"18:00"`` or ``"18 h"``.

    Examples
    --------
    >>> local_time_h("10:30", "ltan")
    10.5
    """
    clock = re.fullmatch(r"\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*", value) if isinstance(value, str) else None
    if clock:
        hour, minute, second = (int(part or 0) for part in clock.groups())
        if minute > 59 or second > 59:
            raise InputError(f"`{name}` must be a time of day such as '18:00', got {value!r}")
        hours = hour + minute / 60 + second / 3600
    else:
        hours = si(value, "s", name) / 3600.0
    if not 0.0 <= hours <= 24.0:
        raise InputError(f"`{name}` must be between 0 and 24 h, such as '18:00' or '18 h', got {value}")
    return hours % 24.0
