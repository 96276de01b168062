"""The designs that ship with the package, as text files a person can read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from thermalsat.components.fields import unknown_name
from thermalsat.errors import InputError

if TYPE_CHECKING:
    from thermalsat.satellite import Satellite

__all__ = ["load", "names", "path"]

_FOLDER = Path(__file__).parent


def names() -> list[str]:
    """Return the names of the shipped designs.

    Examples
    --------
    >>> names()
    ['announced', 'dawn-dusk', 'leo-53', 'leo-53-gb300', 'suncatcher-650']
    """
    return sorted(file.stem for file in _FOLDER.glob("*.toml"))


def path(name: str) -> Path:
    """Return the file of a shipped design.

    Raises
    ------
    InputError
        For an unknown name, with the nearest known one.
    """
    if name not in names():
        raise InputError(unknown_name(str(name), names(), "shipped design"))
    return _FOLDER / f"{name}.toml"


@cache
def load(name: str) -> Satellite:
    """Return a shipped design.

    Raises
    ------
    InputError
        For an unknown name, with the nearest known one.
    """
    from thermalsat.satellite import Satellite

    return Satellite.from_file(path(name))
