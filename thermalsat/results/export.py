"""Results for other programs and for people: xarray, matplotlib, text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from thermalsat._optional import axes, require
from thermalsat.errors import InputError

from .field import Field

if TYPE_CHECKING:
    from .result import Result

__all__ = ["describe", "plot", "to_xarray"]


def to_xarray(result: Result) -> Any:
    """Return an `xarray.Dataset`: a variable for each part and each named flow.

    Plates have the dimensions ``time, <name>_x, <name>_y``, channels ``time, <name>_x`` (the centres of
    their cells), flows the name ``flow: <name>``. Attributes follow the CF conventions 1.11.
    """
    xarray = require("xarray", "xarray")
    steady = result.kind == "steady"
    time = () if steady else ("time",)
    variables: dict[str, Any] = {}
    coords: dict[str, Any] = {} if steady else {"time": ("time", result.times_s, {"units": "s", "axis": "T"})}
    heat = {"units": "K", "standard_name": "temperature"}
    for name in result.names:
        values, dims = result.temperature(name), list(time)
        part = result.parts.get(name)
        if part is not None and part.x_edges_m is not None:
            dims.append(_axis(coords, f"{name}_x", part.x_edges_m, "X"))
            if part.y_edges_m is not None:
                dims.append(_axis(coords, f"{name}_y", part.y_edges_m, "Y"))
        elif part is not None and part.kind == "edge":
            dims.append(f"{name}_cell")
        variables[name] = (dims, values.magnitude, heat | {"long_name": f"temperature of {name}"})
    for name, part in result.parts.items():
        if part.kind in ("valve", "battery"):
            what = "position" if part.kind == "valve" else "state of energy"
            column = result.history[:, part.start]
            variables[name] = (
                time,
                column[0] if steady else column,
                {"units": "1", "long_name": f"{what} of {name}"},
            )
    for name in result.ledger.names:
        attributes = {"units": "W", "long_name": f"heat flow {name}"}
        variables[f"flow: {name}"] = (time, result.power(name).magnitude, attributes)
    if result.illumination is not None:
        variables["illumination"] = (
            time,
            result.illumination.m_as(""),
            {"units": "1", "long_name": "sunlit fraction"},
        )
    overall: dict[str, Any] = {
        "Conventions": "CF-1.11",
        "title": f"{result.kind} result",
        "source": "thermalsat",
        "energy_residual_relative": result.ledger.residual_relative,
        "complete": int(result.complete),
    }
    return xarray.Dataset(variables, coords, overall)


def _axis(coords: dict[str, Any], name: str, edges: Any, axis: str) -> str:
    coords[name] = (name, 0.5 * (edges[1:] + edges[:-1]), {"units": "m", "axis": axis})
    return name


def plot(result: Result, names: Sequence[str], ax: Any = None) -> Any:
    """Draw temperatures over time; see `Result.plot`."""
    if result.kind == "steady":
        raise InputError("`plot` must be given a history; a steady state has no time axis")
    ax = axes(ax)
    chosen = names or [
        name for name, part in result.parts.items() if part.kind in ("plate", "channel", "node")
    ]
    hours = result.times_s[-1] - result.times_s[0] > 6 * 3600.0
    time = result.times_s / (3600.0 if hours else 60.0)
    for name in chosen:
        celsius = result.temperature(name).m_as("degC")
        flat = celsius.reshape(len(time), -1)
        if flat.shape[1] == 1:
            ax.plot(time, flat[:, 0], label=name)
            continue
        band = ax.fill_between(time, flat.min(axis=1), flat.max(axis=1), alpha=0.3, label=name)
        ax.plot(time, flat.mean(axis=1), color=band.get_facecolor()[0][:3])
    ax.set_xlabel("time [h]" if hours else "time [min]")
    ax.set_ylabel("temperature [°C]")
    ax.legend()
    return ax


def describe(result: Result) -> str:
    """Return the text that stands for a result: what it spans, each part's range, the certificate."""
    head = f"<Result: {result.kind}"
    if result.kind != "steady":
        head += f", {result.times_s[0]:g} s to {result.times_s[-1]:g} s" if len(result.times_s) else ""
        head += f", {len(result.times_s)} samples"
    lines = [head + f", {len(result.y)} unknowns" + ("" if result.complete else ", INTERRUPTED")]
    shown = list(result.parts.values())[:12] if len(result.history) else []
    width = max((len(part.name) for part in shown), default=0)
    for part in shown:
        if part.kind in ("valve", "battery"):
            values, unit = result.history[:, part.start], ""
        else:
            found = result.temperature(part.name)
            values, unit = found.values_K if isinstance(found, Field) else found.magnitude, " K"
        lo, hi = float(np.min(values)), float(np.max(values))
        span = f"{lo:.3f}" if lo == hi else f"{lo:.3f} to {hi:.3f}"
        lines.append(f"{part.name:<{width}}  {span}{unit}")
    if len(result.parts) > len(shown) and shown:
        lines.append(f"and {len(result.parts) - len(shown)} more")
    lines += result.certificate.lines()
    keys = [key for key in ("steps", "rejected", "sweeps", "iterations") if key in result.stats]
    lines.append(
        ", ".join(f"{result.stats[key]} {key}" for key in keys) + f", {result.stats['seconds']:.3g} s"
    )
    return "\n  ".join(lines) + ">"
