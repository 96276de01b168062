"""Draws the figures of the documentation with the shipped design (extra ``plot``).

python docs/make_figures.py
"""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import numpy as np

import thermalsat as ts

FOLDER = Path(__file__).with_name("figures")
plt.rcParams |= {"figure.figsize": (7.0, 3.6), "svg.hashsalt": "thermalsat", "font.size": 9}


def orbit(sat: ts.Satellite) -> None:
    """Draw the temperatures of the power case through an orbit, the night shaded."""
    found = ts.periodic(sat, load=sat.requirement.sustained, case="power")
    figure, ax = plt.subplots()
    minutes, dark = found.time.m_as("min"), found.illumination.m_as("") < 0.5
    for name in ("junction", "payload coolant", "array front"):
        ax.plot(minutes, found[name].m_as("degC"), label=name)
    cells = found["radiator"].m_as("degC").reshape(len(minutes), -1)
    ax.fill_between(minutes, cells.min(axis=1), cells.max(axis=1), color="C3", alpha=0.4, label="radiator")
    ax.axvspan(minutes[dark].min(), minutes[dark].max(), color="0.9", zorder=0)
    ax.set_xlabel("time after the last sunlit instant [min]")
    ax.set_ylabel("temperature [°C]")
    ax.legend(loc="lower right")
    ax.set_title(f"{sat.name}, power case, {sat.requirement.sustained_W / 1e3:g} kW")
    save(figure, "orbit")


def panel(sat: ts.Satellite) -> None:
    """Draw the temperature across half a pitch at three places along a tube, in the hot case."""
    field = ts.periodic(sat, load=sat.requirement.sustained, case="hot")["radiator"]
    y = np.linspace(0.0, sat.radiator.pitch_m / 2.0, 101)
    figure, ax = plt.subplots()
    for x in (0.1, 5.0, 9.9):
        across = field.at(ts.Q(np.full_like(y, x), "m"), ts.Q(y, "m")).m_as("degC")[0]
        ax.plot(1e3 * y, across, label=f"{x:g} m from the inlet")
    ax.set_xlabel("distance from the tube [mm]")
    ax.set_ylabel("temperature [°C]")
    ax.set_title(f"{sat.name}, hot case, {sat.requirement.sustained_W / 1e3:g} kW, last sunlit instant")
    ax.legend()
    save(figure, "panel")


def save(figure: plt.Figure, name: str) -> None:
    """Write a figure without its date."""
    FOLDER.mkdir(exist_ok=True)
    figure.tight_layout()
    figure.savefig(FOLDER / f"{name}.svg", metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    design = ts.designs.load("leo-53")
    orbit(design)
    panel(design)
