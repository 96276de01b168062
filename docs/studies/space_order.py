"""Second order in space at every coupling; a first-order exchange shows where one is asked for.

A steady solution is made up for an orthotropic plate of varying conductivity, on cells of unequal widths,
with tubes on its edge, on cell faces and on cell centres, against the flow and with it, joined to a
payload by a loop; both faces radiate, one of them to a box whose temperature is unknown too; one edge
convects, one radiates; the heat that makes it a solution is put in by patterns. Cells are split in three
again and again (a tube on centres stays on centres). ``python docs/studies/space_order.py`` prints the
tables of space-order.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.polynomial import Polynomial

import thermalsat as ts

SIGMA = 5.670374419e-8
LENGTH_M, WIDTH_M, THICKNESS_M = 2.0, 0.4, 2e-3
INLET_K, SKY_K, BOX_K, AIR_K = 330.0, 180.0, 300.0, 220.0
EFFECTIVENESS = 0.8
FRONT_EMISSIVITY, BACK_AREA_M2, RIM_EMISSIVITY = 0.8, 0.4, 0.9
WIDTHS_X = (1.0, 0.6, 0.9, 1.4, 1.1, 0.5, 0.8, 1.0)
WIDTHS_Y = (0.9, 0.5, 1.2, 1.0, 0.7, 1.0, 0.6, 1.1)
DECAY_M, BELL_M = 0.1, 0.1
X = Polynomial([0.0, 1.0 / LENGTH_M])
KX_W_M_K = Polynomial([100.0, 30.0])
KY_W_M_K = Polynomial([60.0, 50.0])
GAIN_W_M = 60.0 * (1.0 - X) ** 2
FILM_W_M2_K = 4000.0


@dataclass(frozen=True, kw_only=True)
class Tube:
    """A tube and its coolant's temperature, ``330 K + drop`` with `drop` zero at the inlet [K]."""

    kind: str
    row: int
    drop: Polynomial
    reverse: bool = False
    rate_W_K: float = 20.0
    wall_W_m_K: float = 50.0

    @property
    def coolant(self) -> Polynomial:
        """Temperature of the coolant along x [K]."""
        return INLET_K + self.drop

    @property
    def heat(self) -> Polynomial:
        """Heat from the coolant to the wall [W/m]."""
        return (1.0 if self.reverse else -1.0) * self.rate_W_K * self.drop.deriv()

    @property
    def wall(self) -> Polynomial:
        """Temperature of the wall along x [K]."""
        return self.coolant - self.heat / self.wall_W_m_K


TUBES = {
    "edge": Tube(kind="edge", row=0, drop=-12.0 * X - 6.0 * X**2 + 3.0 * X**3),
    "face, against x": Tube(
        kind="face", row=3, drop=5.0 * (1.0 - X) + 4.0 * (1.0 - X) ** 2 - 2.0 * (1.0 - X) ** 3, reverse=True
    ),
    "centre": Tube(kind="centre", row=4, drop=-10.0 * X - 8.0 * X**2 + 2.0 * X**4, rate_W_K=30.0),
    "face": Tube(kind="face", row=6, drop=-15.0 * X - 3.0 * X**2 - 4.0 * X**3, wall_W_m_K=80.0),
}


@dataclass(frozen=True, kw_only=True)
class Made:
    """The made-up solution on one choice of tubes and edges; `south` counts beside a tube on that edge.

    The field is a sum of products of functions of x and of y: a wave, at each tube a kink that carries
    its heat and a bell that brings the wall to its temperature.
    """

    tubes: tuple[Tube, ...] = tuple(TUBES.values())
    widths_x: tuple[float, ...] = WIDTHS_X
    widths_y: tuple[float, ...] = WIDTHS_Y
    south: str = "insulated"
    north: str = "radiates"
    east: str = "convects"
    scheme: str = "ntu"
    terms: list = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "terms", self._terms())

    def edges(self, split: int) -> tuple[np.ndarray, np.ndarray]:
        """Edges of the cells [m], every cell of the coarsest mesh split into `split`."""
        made = []
        for widths, length in ((self.widths_x, LENGTH_M), (self.widths_y, WIDTH_M)):
            corners = np.concatenate([[0.0], np.cumsum(widths)]) * (length / np.sum(widths))
            parts = [np.linspace(a, b, split, endpoint=False) for a, b in pairwise(corners)]
            made.append(np.concatenate([*parts, corners[-1:]]))
        return made[0], made[1]

    def place(self, tube: Tube) -> float:
        """Where a tube lies [m]."""
        y = self.edges(1)[1]
        return float(0.5 * (y[tube.row] + y[tube.row + 1]) if tube.kind == "centre" else y[tube.row])

    def _terms(self) -> list:
        """Terms (function of x, function of y and its first two derivatives)."""
        places = [self.place(tube) for tube in self.tubes]
        terms = [(285.0 - 15.0 * X, _wave(0.0)), (6.0 + 8.0 * X - 4.0 * X**2, _wave(5.0 / WIDTH_M))]
        for tube, y in zip(self.tubes, places, strict=True):
            sides = 1.0 if tube.kind == "edge" else 2.0
            terms.append((tube.heat / (sides * KY_W_M_K(y) * THICKNESS_M), _kink(y)))
        # bells at the tubes, and a slope at an edge that carries a tube: its other terms have none there
        shapes = [_bell(y) for y in places]
        wanted = [(tube.wall, y, 0) for tube, y in zip(self.tubes, places, strict=True)]
        for tube in self.tubes:
            if tube.kind == "edge":
                shapes.append(_ramp())
                more = GAIN_W_M if self.south == "busy" else 0.0
                wanted.append((-(tube.heat + more) / (KY_W_M_K(0.0) * THICKNESS_M), 0.0, 1))
        matrix = np.array([[float(shape[order](y)) for shape in shapes] for _, y, order in wanted])
        missing = [
            value - sum((fx * float(fy[order](y)) for fx, fy in terms), Polynomial([0.0]))
            for value, y, order in wanted
        ]
        inverse = np.linalg.inv(matrix) if places else np.zeros((0, 0))
        for row, shape in zip(inverse, shapes, strict=True):
            terms.append((sum((c * p for c, p in zip(row, missing, strict=True)), Polynomial([0.0])), shape))
        return terms

    def field(self, x: np.ndarray, y: np.ndarray, dx: int = 0, dy: int = 0) -> np.ndarray:
        """Temperature or one of its derivatives on a grid (x, y)."""
        return sum(np.outer((fx.deriv(dx) if dx else fx)(x), fy[dy](y)) for fx, fy in self.terms)

    def conducted(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Heat that conduction brings [W/m²]."""
        kx, ky = KX_W_M_K(x)[:, None], KY_W_M_K(y)[None, :]
        along = kx * self.field(x, y, 2) + KX_W_M_K.deriv()(x)[:, None] * self.field(x, y, 1)
        across = ky * self.field(x, y, 0, 2) + KY_W_M_K.deriv()(y)[None, :] * self.field(x, y, 0, 1)
        return THICKNESS_M * (along + across)

    def to_box(self) -> float:
        """Heat from the back of the plate to the box [W], by Gauss's rule between tubes."""
        nodes, weights = np.polynomial.legendre.leggauss(20)
        ends = sorted({0.0, WIDTH_M, *(self.place(tube) for tube in self.tubes)})
        x, total = 0.5 * LENGTH_M * (nodes + 1.0), 0.0
        for low, high in pairwise(ends):
            y = low + 0.5 * (high - low) * (nodes + 1.0)
            flux = SIGMA * (self.field(x, y) ** 4 - BOX_K**4)
            total += float(weights @ flux @ weights) * 0.25 * LENGTH_M * (high - low)
        return BACK_AREA_M2 / (LENGTH_M * WIDTH_M) * total

    def network(self, split: int) -> ts.ThermalNetwork:
        """Network on a mesh."""
        x_edges, y_edges = self.edges(split)
        x, y = 0.5 * (x_edges[1:] + x_edges[:-1]), 0.5 * (y_edges[1:] + y_edges[:-1])
        shape = np.ones((len(x), len(y)))
        net = ts.ThermalNetwork()
        plate = net.plate(
            "plate",
            cells=(ts.Q(x_edges, "m"), ts.Q(y_edges, "m")),
            thickness=ts.Q(THICKNESS_M, "m"),
            conductivity=(ts.Q(KX_W_M_K(x)[:, None] * shape, "W/m/K"), ts.Q(KY_W_M_K(y) * shape, "W/m/K")),
        )
        sky = net.boundary("sky", temperature=ts.Q(SKY_K, "K"))
        box = net.node("box", temperature=ts.Q(BOX_K, "K"))
        net.radiate(plate.face("front"), sky, emissivity=FRONT_EMISSIVITY)
        net.radiate(plate.face("back"), box, GR=ts.Q(BACK_AREA_M2, "m^2"))
        T = self.field(x, y)
        back = BACK_AREA_M2 / (LENGTH_M * WIDTH_M)
        lost = SIGMA * (FRONT_EMISSIVITY * (T**4 - SKY_K**4) + back * (T**4 - BOX_K**4))
        net.heat(plate.face("front"), "1 W/m^2", pattern=lost - self.conducted(x, y), name="given")
        net.couple(box, sky, conductance="1 W/K")
        net.heat(box, ts.Q(BOX_K - SKY_K - self.to_box(), "W"))
        self._rim(net, plate, sky, x, y)
        if self.tubes:
            self._loop(net, plate)
        return net

    def _rim(self, net, plate, sky, x, y) -> None:
        ends = (np.array([0.0]), np.array([LENGTH_M])), (np.array([0.0]), np.array([WIDTH_M]))
        (west, east), (south, north) = ends
        slopes = {
            "west": -KX_W_M_K(0.0) * self.field(west, y, 1)[0],
            "east": KX_W_M_K(LENGTH_M) * self.field(east, y, 1)[0],
            "south": -KY_W_M_K(0.0) * self.field(x, south, 0, 1)[:, 0],
            "north": KY_W_M_K(WIDTH_M) * self.field(x, north, 0, 1)[:, 0],
        }
        surface = {"north": self.field(x, north)[:, 0], "east": self.field(east, y)[0]}
        for side, mode in (("north", self.north), ("east", self.east)):
            if mode == "radiates":
                net.radiate(plate.edge(side), sky, emissivity=RIM_EMISSIVITY)
                slopes[side] = slopes[side] + RIM_EMISSIVITY * SIGMA * (surface[side] ** 4 - SKY_K**4)
            elif mode == "convects":
                air = net.boundary("air", temperature=ts.Q(AIR_K, "K"))
                film = -slopes.pop(side) / (surface[side] - AIR_K)
                assert film.min() > 0.0
                net.convect(plate.edge(side), air, coefficient=ts.Q(film, "W/m^2/K"))
        on_edge = [tube for tube in self.tubes if tube.kind == "edge"]
        if on_edge and self.south == "busy":
            duct = net.boundary("duct", temperature=ts.Q(AIR_K, "K"))
            net.convect(plate.edge("south"), duct, coefficient=ts.Q(FILM_W_M2_K, "W/m^2/K"))
            net.radiate(plate.edge("south"), sky, emissivity=RIM_EMISSIVITY)
            wall = on_edge[0].wall(x)
            lost = RIM_EMISSIVITY * SIGMA * (wall**4 - SKY_K**4) + FILM_W_M2_K * (wall - AIR_K)
            slopes["south"] = slopes["south"] - on_edge[0].heat(x) / THICKNESS_M + lost
        elif on_edge:
            del slopes["south"]
        for side, flux in slopes.items():
            net.heat(plate.edge(side), "1 W/m^2", pattern=flux)

    def _loop(self, net, plate) -> None:
        channels = [
            net.channel(
                f"tube {j}",
                plate.line(y=ts.Q(self.place(tube), "m")),
                mass_flow=ts.Q(tube.rate_W_K / 1000.0, "kg/s"),
                specific_heat="1000 J/kg/K",
                mass_per_length="0 kg/m",
                wall_conductance=ts.Q(tube.wall_W_m_K, "W/m/K"),
                scheme=self.scheme,
                reverse=tube.reverse,
            )
            for j, tube in enumerate(self.tubes)
        ]
        payload = net.node("payload")
        net.loop("loop", channels=channels, node=payload, effectiveness=EFFECTIVENESS)
        net.flow(net.boundary("make-up", temperature="290 K"), payload, capacity_rate="5 W/K")
        total = sum(tube.rate_W_K for tube in self.tubes)
        net.heat(payload, ts.Q(total * (INLET_K - self.outlet_K) - 5.0 * (290.0 - self.payload_K), "W"))

    @property
    def outlet_K(self) -> float:
        """Mixed outlet of the tubes [K]."""
        leaving = [tube.rate_W_K * tube.coolant(0.0 if tube.reverse else LENGTH_M) for tube in self.tubes]
        return float(sum(leaving) / sum(tube.rate_W_K for tube in self.tubes))

    @property
    def payload_K(self) -> float:
        """Payload [K]."""
        return self.outlet_K + (INLET_K - self.outlet_K) / EFFECTIVENESS

    def errors(self, split: int) -> tuple[dict[str, float], dict[str, float]]:
        """Largest errors on a mesh by place [K], and what the certificate estimates."""
        net = self.network(split)
        result = net.steady()
        x_edges, y_edges = self.edges(split)
        x, y = 0.5 * (x_edges[1:] + x_edges[:-1]), 0.5 * (y_edges[1:] + y_edges[:-1])
        T = self.field(x, y)
        found = {"cells": result["plate"].m_as("K") - T, "box": result["box"].m_as("K") - BOX_K}
        if self.tubes:
            found["payload"] = result["payload"].m_as("K") - self.payload_K
        for j, tube in enumerate(self.tubes):
            leaves = x_edges[:-1] if tube.reverse else x_edges[1:]
            found[f"tube {j}"] = result[f"tube {j}"].m_as("K") - tube.coolant(leaves)
            found[f"tube {j}.wall"] = result.wall_temperature(f"tube {j}").m_as("K") - tube.wall(x)
        found["north"] = result["plate.north"].m_as("K") - self.field(x, np.array([WIDTH_M]))[:, 0]
        found["east"] = result["plate.east"].m_as("K") - self.field(np.array([LENGTH_M]), y)[0]
        errors = {name: float(np.max(np.abs(value))) for name, value in found.items()}
        known = {"cells": "plate", "north": "plate.north", "east": "plate.east"}
        estimates = result.certificate.mesh_errors_K
        return errors, {name: abs(estimates.get(known.get(name, name), np.nan)) for name in errors}


def _wave(k: float) -> tuple:
    return (lambda y: np.cos(k * y), lambda y: -k * np.sin(k * y), lambda y: -k * k * np.cos(k * y))


def _kink(y0: float) -> tuple:
    """Return ``d exp(-|y - y0| / d)``, whose slope falls by two at y0; the mean slope at y0 itself."""

    def decay(y):
        return np.exp(-np.abs(y - y0) / DECAY_M)

    return (
        lambda y: DECAY_M * decay(y),
        lambda y: -np.sign(y - y0 if y0 > 0.0 else 1.0) * decay(y),
        lambda y: decay(y) / DECAY_M,
    )


def _bell(y0: float) -> tuple:
    def bell(y):
        return np.exp(-(((y - y0) / BELL_M) ** 2))

    return (
        bell,
        lambda y: -2.0 * (y - y0) / BELL_M**2 * bell(y),
        lambda y: (4.0 * (y - y0) ** 2 / BELL_M**4 - 2.0 / BELL_M**2) * bell(y),
    )


def _ramp() -> tuple:
    value, slope, bend = _bell(0.0)
    return (
        lambda y: y * value(y),
        lambda y: value(y) + y * slope(y),
        lambda y: 2.0 * slope(y) + y * bend(y),
    )


@dataclass(frozen=True, kw_only=True)
class Study:
    """Errors by place on each mesh, those estimated, and the order between the last two meshes."""

    errors: list[dict[str, float]]
    estimates: list[dict[str, float]]
    order: dict[str, float]


def study(made: Made, splits: tuple[int, ...]) -> Study:
    """Solve on meshes of growing fineness."""
    errors, estimates = (list(side) for side in zip(*(made.errors(split) for split in splits), strict=True))
    ratio = np.log(splits[-1] / splits[-2])
    order = {name: float(np.log(errors[-2][name] / errors[-1][name]) / ratio) for name in errors[0]}
    return Study(errors=errors, estimates=estimates, order=order)


EVEN = {"widths_x": (1.0,) * 8, "widths_y": (1.0,) * 8}
CASES: dict[str, Made] = {
    "all terms": Made(),
    "all terms, even cells": Made(**EVEN),
    "no tube": Made(tubes=()),
    "a tube on an edge": Made(tubes=(TUBES["edge"],)),
    "the same, edge heated too, film, radiation": Made(tubes=(TUBES["edge"],), south="busy"),
    "a tube on a face": Made(tubes=(TUBES["face"],)),
    "a tube on centres": Made(tubes=(TUBES["centre"],)),
    "two tubes on faces, opposed": Made(tubes=(TUBES["face, against x"], TUBES["face"])),
    "edges heated only": Made(north="heated", east="heated"),
    'all terms, `scheme="upwind"`': replace(Made(), scheme="upwind"),
}


def main() -> None:
    """Print the tables."""
    splits = (1, 3, 9, 27)
    made = CASES["all terms"]
    found = study(made, splits)
    heads = [f"{len(made.widths_x) * s} x {len(made.widths_y) * s}" for s in splits]
    print("| place | " + " | ".join(heads) + f" | order | estimate, {heads[1]} | {heads[2]} |")
    print("| --- |" + " --- |" * (len(splits) + 3))
    for name, order in found.order.items():
        errors = [f"{row[name]:.3g} K" for row in found.errors]
        estimates = [f"{found.estimates[k][name]:.3g} K" for k in (1, 2)]
        print("| " + " | ".join([name, *errors, f"{order:.2f}", *estimates]) + " |")
    print(f"\n| case | error, {heads[3]} | estimate | order | least order | at |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, made in CASES.items():
        found = study(made, splits[2:])
        least = min(found.order, key=found.order.__getitem__)
        most = max(found.errors[-1], key=found.errors[-1].__getitem__)
        print(
            f"| {name} | {found.errors[-1][most]:.3g} K | {max(found.estimates[-1].values()):.3g} K "
            f"| {found.order[most]:.2f} | {found.order[least]:.2f} | {least} |"
        )


if __name__ == "__main__":
    main()
