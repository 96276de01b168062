"""The mesh error a result carries is within a tenth on smooth fields, a factor of two on rough ones.

The true error is the difference to the limit of meshes three and nine times finer, extrapolated, at the
cell centres (an odd refinement keeps them) and at what leaves the cells of channels. The largest one of
all unknowns is compared with the estimate. ``python docs/studies/mesh_error.py`` prints the table of
space-order.md.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import thermalsat as ts

SIGMA = 5.670374419e-8
Build = Callable[[int], ts.ThermalNetwork]


def half_pitch(
    nx: int,
    ny: int,
    *,
    scheme: str = "ntu",
    flow: str = "0.0125 kg/s",
    coolant: str | None = None,
    y: str = "0 m",
) -> ts.ThermalNetwork:
    """Half a pitch of a wing that rejects 15 kW in 32 copies; its tube on the edge or on centres."""
    net = ts.ThermalNetwork()
    plate = net.plate(
        "plate",
        size=("10 m", "0.125 m"),
        cells=(nx, ny),
        thickness="1 mm",
        conductivity="167 W/m/K",
        copies=32,
    )
    sky = net.boundary("sky", temperature="200 K")
    for face in ("front", "back"):
        net.radiate(plate.face(face), sky, emissivity=0.85)
        net.heat(plate.face(face), "60 W/m^2")
    payload = net.node("payload")
    net.heat(payload, "15 kW")
    what = {"coolant": coolant} if coolant else {"specific_heat": "4700 J/kg/K"}
    tube = net.channel(
        "tube",
        plate.line(y=y),
        mass_flow=flow,
        mass_per_length="0 kg/m",
        wall_conductance="200 W/m/K",
        scheme=scheme,
        **what,
    )
    net.loop("loop", channels=[tube], node=payload, effectiveness=0.8)
    return net


def two_tubes(nx: int, ny: int, *, scheme: str = "ntu", steps: bool = False) -> ts.ThermalNetwork:
    """Two tubes against each other on faces of a plate in half shadow, or in sunlight that ends at lines."""
    net = ts.ThermalNetwork()
    plate = net.plate(
        "plate", size=("10 m", "0.5 m"), cells=(nx, ny), thickness="1 mm", conductivity="167 W/m/K"
    )
    sky = net.boundary("sky", temperature="200 K")
    for face in ("front", "back"):
        net.radiate(plate.face(face), sky, emissivity=0.85)
    x, y = np.meshgrid(plate.x_m, plate.y_m, indexing="ij")
    smooth = 1.0 - 0.5 * np.exp(-((x - 7.0) ** 2) - ((y - 0.1) / 0.2) ** 2)
    lit = ((y < 0.3125) & (x > 2.5)).astype(float)
    net.heat(plate.face("front"), "300 W/m^2", pattern=lit if steps else smooth)
    payload = net.node("payload")
    net.heat(payload, "1.2 kW")
    tubes = [
        net.channel(
            f"tube {j}",
            plate.line(y=f"{0.125 + 0.25 * j} m"),
            mass_flow=f"{0.02 + 0.01 * j} kg/s",
            specific_heat="4700 J/kg/K",
            mass_per_length="0 kg/m",
            wall_conductance="100 W/m/K",
            scheme=scheme,
            reverse=bool(j),
        )
        for j in range(2)
    ]
    net.loop("loop", channels=tubes, node=payload, effectiveness=0.8)
    return net


def nafems_t4(n: int) -> ts.ThermalNetwork:
    """NAFEMS T4: 0.6 x 1.0 m; its field is singular in the corner of the base and a convecting edge."""
    net = ts.ThermalNetwork()
    plate = net.plate(
        "plate", size=("0.6 m", "1.0 m"), cells=(3 * n, 5 * n), thickness="1 m", conductivity="52 W/m/K"
    )
    air = net.boundary("air", temperature="0 degC")
    net.fix(plate.edge("south"), net.boundary("base", temperature="100 degC"))
    for side in ("east", "north"):
        net.convect(plate.edge(side), air, coefficient="750 W/m^2/K")
    return net


def fin(n: int, number: float) -> ts.ThermalNetwork:
    """Radiating fin, N = eps sigma Tb^3 L^2 / (k t)."""
    net = ts.ThermalNetwork()
    plate = net.plate(
        "fin",
        size=("1 m", "1 m"),
        cells=(n, 1),
        thickness="1 m",
        conductivity=ts.Q(SIGMA * 300.0**3 / number, "W/m/K"),
    )
    net.fix(plate.edge("west"), net.boundary("base", temperature="300 K"))
    net.radiate(plate.face("front"), net.boundary("space", temperature="0 K"), emissivity=1.0)
    return net


def slab(n: int) -> ts.ThermalNetwork:
    """Slab with uneven generation, one side fixed, the other radiating."""
    net = ts.ThermalNetwork()
    plate = net.plate(
        "slab",
        size=("1 m", "1 m"),
        cells=(n, 1),
        thickness="1 m",
        conductivity="2 W/m/K",
        temperature="300 K",
    )
    net.fix(plate.edge("west"), net.boundary("base", temperature="300 K"))
    net.radiate(plate.edge("east"), net.boundary("space", temperature="200 K"), emissivity=0.9)
    net.heat(plate, "300 W/m^3", pattern=(1.0 + plate.x_m**2)[:, None])
    return net


CASES: dict[str, Build] = {
    "half pitch, 16 x 1": lambda r: half_pitch(16 * r, r),
    "half pitch, 16 x 2": lambda r: half_pitch(16 * r, 2 * r),
    "half pitch, 16 x 4": lambda r: half_pitch(16 * r, 4 * r),
    "half pitch, 16 x 8": lambda r: half_pitch(16 * r, 8 * r),
    "half pitch, 16 x 4, ammonia": lambda r: half_pitch(16 * r, 4 * r, coolant="ammonia"),
    "half pitch, 4 x 4, little flow": lambda r: half_pitch(4 * r, 4 * r, flow="0.002 kg/s"),
    "half pitch, 16 x 4, upwind": lambda r: half_pitch(16 * r, 4 * r, scheme="upwind"),
    "tube on centres, 16 x 5": lambda r: half_pitch(16 * r, 5 * r, y="0.0625 m"),
    "two tubes, 16 x 4": lambda r: two_tubes(16 * r, 4 * r),
    "two tubes, 16 x 8": lambda r: two_tubes(16 * r, 8 * r),
    "two tubes, 16 x 8, upwind": lambda r: two_tubes(16 * r, 8 * r, scheme="upwind"),
    "two tubes, 16 x 8, edges of sunlight": lambda r: two_tubes(16 * r, 8 * r, steps=True),
    "radiating fin N = 1, 2 cells": lambda r: fin(2 * r, 1.0),
    "radiating fin N = 1, 10 cells": lambda r: fin(10 * r, 1.0),
    "radiating fin N = 10, 10 cells": lambda r: fin(10 * r, 10.0),
    "slab with generation, 2 cells": lambda r: slab(2 * r),
    "slab with generation, 8 cells": lambda r: slab(8 * r),
    "NAFEMS T4, 6 x 10": lambda r: nafems_t4(2 * r),
    "NAFEMS T4, 24 x 40": lambda r: nafems_t4(8 * r),
}


def on_coarse(net: ts.ThermalNetwork, result: ts.Result, coarse: ts.Result) -> dict[str, np.ndarray]:
    """Temperatures of cells, channels and nodes [K] at the places of the coarse mesh."""
    found = {}
    for name in coarse.names:
        values, like = (np.atleast_1d(run[name].m_as("K")) for run in (result, coarse))
        for axis, (fine, few) in enumerate(zip(values.shape, like.shape, strict=True)):
            step = fine // few
            first = step // 2
            if name.startswith("tube"):
                first = 0 if net.layout.part(name).direction < 0 else step - 1
            values = np.take(values, np.arange(first, fine, step), axis=axis)
        found[name] = values
    return found


def errors(build: Build) -> tuple[float, float]:
    """Largest true error, extrapolated, and the estimate [K]."""
    runs = [(net, net.steady()) for net in (build(1), build(3), build(9))]
    coarse = runs[0][1]
    fields = [on_coarse(net, result, coarse) for net, result in runs]
    true = max(
        float(np.max(np.abs(fields[0][name] - fields[2][name] - (fields[2][name] - fields[1][name]) / 8.0)))
        for name in coarse.names
        if name.partition(".")[2] not in ("north", "south", "east", "west")
    )
    known = coarse.certificate.mesh_errors_K
    return true, max(abs(value) for name, value in known.items() if "." not in name)


def main() -> None:
    """Print the table."""
    print("| case | true | estimate | ratio |")
    print("| --- | --- | --- | --- |")
    for name, build in CASES.items():
        true, estimate = errors(build)
        print(f"| {name} | {true:.3g} K | {estimate:.3g} K | {estimate / true:.2f} |")


if __name__ == "__main__":
    main()
