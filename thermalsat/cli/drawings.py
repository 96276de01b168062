"""Drawings of a run as SVG that stands inside a page (extra ``plot``)."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from thermalsat._optional import require
from thermalsat.cli.daynight import PARTS, kelvins
from thermalsat.constants import ZERO_CELSIUS_K

if TYPE_CHECKING:
    from thermalsat.results import Result

__all__ = ["curve", "field", "orbit"]

Floats = NDArray[np.float64]
_COLOURS = dict(zip(PARTS, ("#b2182b", "#2166ac", "#4393c3", "#e08214", "#1b7837"), strict=True))


def field(result: Result, salt: str) -> str:
    """Draw the panel's temperatures when it is hottest and when it is coldest.

    Parameters
    ----------
    result : Result
        A run with the plate ``"radiator"``.
    salt : str
        Makes the identifiers inside the drawing differ from those of others on the same page.
    """
    plate = result.temperature("radiator")
    celsius = plate.values_K - ZERO_CELSIUS_K
    mean = celsius.mean(axis=(1, 2))
    figure, axes = _figure(salt, rows=2, height=4.2)
    shown = None
    for ax, k, word in ((axes[0], int(mean.argmax()), "hottest"), (axes[1], int(mean.argmin()), "coldest")):
        y, values = plate.y_edges_m, celsius[k]
        if not plate.lines:  # the tube lies on the edge of symmetry
            y, values = _both_sides(y, values)
        shown = ax.pcolormesh(
            plate.x_edges_m, y, values.T, cmap="inferno", vmin=celsius.min(), vmax=celsius.max()
        )
        ax.set_title(f"{word}, {result.times_s[k] / 60.0:.1f} min after the last sunlit instant", fontsize=9)
        ax.set_ylabel("across [m]")
    axes[1].set_xlabel("along the tubes, from the inlet [m]")
    figure.colorbar(shown, ax=axes, label="temperature [°C]")
    return _svg(figure, salt)


def _both_sides(edges: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Mirror half a pitch, whose tube lies on its south edge, to a whole one."""
    return np.concatenate([-edges[:0:-1], edges]), np.concatenate([values[:, ::-1], values], axis=1)


def orbit(result: Result, salt: str) -> str:
    """Draw temperatures, powers and the battery's charge through an orbit, the night shaded."""
    minutes = result.times_s / 60.0
    figure, axes = _figure(salt, rows=3, height=7.0, sharex=True)
    for row in PARTS:
        values = kelvins(result, row)
        if values is not None:
            low, high = values.min(axis=1) - ZERO_CELSIUS_K, values.max(axis=1) - ZERO_CELSIUS_K
            axes[0].fill_between(minutes, low, high, color=_COLOURS[row], alpha=0.25, linewidth=0)
            axes[0].plot(minutes, high, color=_COLOURS[row], label=row, linewidth=1.2)
    axes[0].set_ylabel("temperature [°C]")
    for label, colour, values in _powers(result):
        axes[1].plot(minutes, values / 1e3, color=colour, label=label, linewidth=1.2)
    axes[1].set_ylabel("power [kW]")
    charge = result.state_of_energy
    if charge is not None and hasattr(charge, "m_as"):
        axes[2].plot(minutes, 100.0 * charge.m_as(""), color=_COLOURS["battery"], label="battery")
    axes[2].set_ylabel("state of energy [%]")
    axes[2].set_xlabel("time after the last sunlit instant [min]")
    for ax in axes:
        _shade(ax, result)
        if ax.get_legend_handles_labels()[1]:
            ax.legend(fontsize=8, ncols=5, loc="lower left", bbox_to_anchor=(0.0, 1.0), frameon=False)
        ax.grid(alpha=0.25)
    axes[0].set_xlim(minutes[0], minutes[-1])
    return _svg(figure, salt)


def _powers(result: Result) -> list[tuple[str, str, Floats]]:
    """Return what the array gives to the bus, what leaves the bus, and what the computer draws."""
    flows = {name: np.asarray(result.power(name).magnitude) for name in result.ledger.names if "bus" in name}
    away = [name for name in flows if name.startswith("bus -> ")]
    computer = [name for name in away if name in ("bus -> packages", "bus -> other compute")]
    made = [("array to bus", "#e08214", flows["array -> bus"])] if "array -> bus" in flows else []
    if away:
        made.append(("all loads", "#333333", -np.sum([flows[name] for name in away], axis=0)))
    if computer:
        made.append(
            ("computer and converter", "#b2182b", -np.sum([flows[name] for name in computer], axis=0))
        )
    return made


def _shade(ax: Any, result: Result) -> None:
    if result.illumination is None:
        return
    dark = np.asarray(result.illumination.m_as("")) < 0.5
    minutes = result.times_s / 60.0
    ax.fill_between(
        minutes,
        0.0,
        1.0,
        where=dark,
        transform=ax.get_xaxis_transform(),
        color="#888",
        alpha=0.15,
        linewidth=0,
    )


def curve(envelope: Any, salt: str) -> str:
    """Draw a power envelope."""
    figure, axes = _figure(salt, rows=1, height=3.2)
    envelope.plot(ax=axes[0])
    return _svg(figure, salt)


def _figure(salt: str, rows: int, height: float, **more: Any) -> tuple[Any, list[Any]]:
    require("matplotlib.backends.backend_svg", "plot")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.6, height), layout="constrained")
    axes = figure.subplots(rows, 1, squeeze=False, **more)
    return figure, list(axes[:, 0])


def _svg(figure: Any, salt: str) -> str:
    from matplotlib import rc_context

    style: Any = {"svg.hashsalt": salt, "svg.fonttype": "none", "font.size": 9}
    stream = io.StringIO()
    with rc_context(style):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    text = stream.getvalue()
    # names of groups, which nothing refers to, would come back in every drawing of a page
    return re.sub(r'(<g) id="[\w.]+_\d+"', r"\1", text[text.index("<svg") :].strip())
