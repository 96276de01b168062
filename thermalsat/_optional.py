"""Optional dependencies, imported where they are needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from thermalsat.errors import MissingExtraError

__all__ = ["axes", "require"]


def require(module: str, extra: str) -> Any:
    """Import an optional module, or say how to install it.

    Parameters
    ----------
    module : str
        Full name of the module.
    extra : str
        The extra of this package that installs it.

    Raises
    ------
    MissingExtraError
        If it is not installed.

    Examples
    --------
    >>> require("json", extra="plot").dumps([1])
    '[1]'
    """
    top = module.partition(".")[0]
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != top:
            raise
        raise MissingExtraError(
            f'`{top}` is needed here and not installed; type: pip install "thermalsat[{extra}]"'
        ) from None


def axes(given: Any = None, rows: int = 1, **options: Any) -> Any:
    """Return what to draw on: what was given, or axes of a new figure (extra ``plot``).

    Parameters
    ----------
    given : matplotlib Axes, optional
        Returned as it is.
    rows : int
        Axes below each other.
    **options
        Handed to ``pyplot.subplots``.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    pyplot = require("matplotlib.pyplot", "plot")
    return pyplot.subplots(rows, **options)[1] if given is None else given
