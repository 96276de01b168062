"""Two-line element sets, read through the optional sgp4 package."""

from __future__ import annotations

import re

from thermalsat.constants import EARTH_RADIUS_M, J2000_JD
from thermalsat.errors import InputError, MissingExtraError
from thermalsat.physics.circular import CircularOrbit

MOST_ECCENTRIC = 0.02
# The columns that matter here; the reader itself takes letters among the digits without a word.
_ANGLE = r" [\d ]{2}\d\.\d{4}"
_COLUMNS = {
    1: re.compile(r"1 [\w ]{5}\w .{8} [\d ]{5}\.\d{8} .{35}\d"),
    2: re.compile(rf"2 [\w ]{{5}}({_ANGLE}){{2}} [\d ]{{7}}({_ANGLE}){{2}} [\d ]\d\.\d{{8}}[\d ]{{5}}\d"),
}


def circular_orbit_of_tle(line1: str, line2: str) -> CircularOrbit:
    """Circle with the mean semi-major axis, inclination and node of a two-line element set.

    Parameters
    ----------
    line1, line2 : str
        The two lines; checksums are verified.

    Returns
    -------
    CircularOrbit
        At the elements' epoch.

    Raises
    ------
    MissingExtraError
        The sgp4 package is not installed.
    InputError
        The lines cannot be read, a checksum fails, or the eccentricity exceeds 0.02.
    """
    try:
        from sgp4.api import SGP4_ERRORS, Satrec
        from sgp4.io import verify_checksum
    except ImportError:
        raise MissingExtraError(
            "Orbit.from_tle needs the sgp4 package: pip install 'thermalsat[tle]'"
        ) from None
    lines = [_checked_line(text, number) for number, text in ((1, line1), (2, line2))]
    if lines[0][2:7] != lines[1][2:7]:
        raise InputError(f"`line1` and `line2` are of different satellites: {lines[0][2:7]}, {lines[1][2:7]}")
    try:
        verify_checksum(*lines)
        satellite = Satrec.twoline2rv(*lines)
    except ValueError as error:
        raise InputError(f"the two-line element set cannot be read: {error}") from None
    if satellite.error:
        raise InputError(f"the two-line element set cannot be used: {SGP4_ERRORS[satellite.error]}")
    if satellite.ecco > MOST_ECCENTRIC:
        raise InputError(
            f"the orbit must be nearly circular, eccentricity up to {MOST_ECCENTRIC},"
            f" got {satellite.ecco:.4f}"
        )
    return CircularOrbit(
        altitude_m=satellite.a * satellite.radiusearthkm * 1e3 - EARTH_RADIUS_M,
        inclination_rad=satellite.inclo,
        raan_rad=satellite.nodeo,
        epoch_days=satellite.jdsatepoch - J2000_JD + satellite.jdsatepochF,
    )


def _checked_line(text: str, number: int) -> str:
    if not isinstance(text, str):
        raise InputError(f"`line{number}` must be a text of 69 characters, got {text!r}")
    line = text.rstrip()
    if len(line) != 69 or not line.startswith(f"{number} "):
        raise InputError(f"`line{number}` must be 69 characters and start with {number}, got {text!r}")
    if not _COLUMNS[number].fullmatch(line):
        raise InputError(f"`line{number}` cannot be read as a line of a two-line element set: {text!r}")
    return line
