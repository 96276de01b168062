"""Versions of what an answer depends on, for a report of a fault."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

import thermalsat

__all__ = ["show_versions", "versions"]

_PACKAGES = ("numpy", "scipy", "pint", "CoolProp", "sgp4", "xarray", "matplotlib", "hypothesis", "pytest")


def versions() -> dict[str, str]:
    """Return the versions of Python, this package and its dependencies, ``"-"`` where not installed."""
    found = {"thermalsat": thermalsat.__version__, "python": platform.python_version()}
    found["platform"] = platform.platform()
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "-"
    return found


def show_versions() -> None:
    """Print the versions of Python, this package and its dependencies."""
    found = versions()
    width = max(map(len, found))
    for name, number in found.items():
        sys.stdout.write(f"{name:<{width}}  {number}\n")
