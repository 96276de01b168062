"""Derivatives by a bundle's arrays against differences of an output, each moved along a random direction."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from thermalsat.bundle import Bundle
from thermalsat.solver.adjoint import by_array

RELATIVE = 1e-6
WIDTHS = (5e-4, 5e-5)


def difference(f: Callable[[float], float], width: float) -> float:
    """f'(0), to fourth order."""
    wide, narrow = ((f(h) - f(-h)) / (2.0 * h) for h in (width, 0.5 * width))
    return (4.0 * narrow - wide) / 3.0


def lifted(b: Bundle, rise_K: np.ndarray) -> Bundle:
    """The same network, boundary k lying `rise_K[k]` higher at all times."""
    knots, coef = [], []
    for k in b.boundary_forcing.tolist():
        first, last = b.forcing_ptr[k], b.forcing_ptr[k + 1]
        knots.append(b.forcing_knots[first + k : last + k + 1])
        coef.append(b.forcing_coef[first:last] + np.eye(1, 6) * rise_K[len(coef)])
    counts = [*np.diff(b.forcing_ptr), *(len(c) for c in coef)]
    known = len(b.forcing_period)
    return b.exchanged(
        forcing_ptr=np.concatenate([[0], np.cumsum(counts)]),
        forcing_knots=np.concatenate([b.forcing_knots, *knots]),
        forcing_coef=np.concatenate([b.forcing_coef, *coef]),
        forcing_period=np.concatenate([b.forcing_period, b.forcing_period[b.boundary_forcing]]),
        boundary_forcing=np.arange(known, known + b.nb),
    )


def assert_slopes(
    b: Bundle,
    derivatives: np.ndarray,
    output: Callable[[Bundle], float],
    rng: np.random.Generator,
    skip: str = "",
) -> None:
    """Every array's derivatives along one random direction, against differences of `output`."""
    for name, slopes in by_array(b, derivatives).items():
        if len(slopes) == 0 or name == skip:
            continue
        direction, unit = rng.uniform(0.5, 1.5, len(slopes)), 50.0
        if name == "adv_rate":
            # the plate path takes channels of one flow only
            for first, count in zip(b.ch_adv, b.ch_n, strict=True):
                direction[first : first + count] = direction[first]
        if name != "boundary":
            direction, unit = direction * getattr(b, name), 1.0

        def moved(h: float, name: str = name, d: np.ndarray = direction) -> float:
            return output(
                lifted(b, h * d) if name == "boundary" else b.exchanged(**{name: getattr(b, name) + h * d})
            )

        # rounding asks for wide differences, kinks of laws and batteries for narrow ones
        found = [difference(moved, width * unit) for width in WIDTHS]
        error = np.abs(slopes @ direction - np.array(found)).min()
        assert error <= RELATIVE * (np.abs(slopes) @ np.abs(direction)) + 1e-300, name
