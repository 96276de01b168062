"""From what a user writes to floats: edges of cells, fields, heat by its unit, forcings."""

from __future__ import annotations

from typing import Any

import numpy as np

from thermalsat.bundle import Floats
from thermalsat.errors import InputError
from thermalsat.forcing import Function, Table
from thermalsat.pieces import Pieces
from thermalsat.units import UnitsError, si, si_fraction, si_nonnegative, si_positive

__all__ = [
    "capacity_per_volume",
    "cell_edges",
    "conductivity",
    "field",
    "fraction_field",
    "heat_amount",
    "nonnegative",
    "numbers",
    "positive",
    "scalar",
    "to_pieces",
]


def to_pieces(value: Any, unit: str, name: str) -> Pieces:
    """Return a quantity, `Table`, `Function` or `Pieces` (SI floats) as pieces."""
    if isinstance(value, Pieces):
        return value
    if isinstance(value, (Table, Function)):
        return value.pieces(unit, name)
    return Pieces.constant(float(scalar(si(value, unit, name), name)))


def scalar(value: Any, name: str) -> float:
    """One number."""
    if np.ndim(value) != 0:
        raise InputError(f"`{name}` must be one value, got an array of shape {np.shape(value)}")
    return float(value)


def cell_edges(size: Any, cells: Any) -> tuple[Floats, Floats]:
    """Cell edges along x and y [m] of ``size=(lx, ly)`` and ``cells=(nx, ny)``, counts or edges."""
    if not isinstance(cells, (tuple, list)) or len(cells) != 2:
        raise InputError(f"`cells` must be two counts or two arrays of edges, e.g. (60, 100); got {cells!r}")
    sizes: list[float | None] = [None, None]
    if size is not None:
        try:
            lengths = [] if isinstance(size, str) else list(size)
        except TypeError:
            lengths = []
        if len(lengths) != 2:
            raise InputError(f'`size` must be two lengths, e.g. ("0.6 m", "1.0 m"); got {size!r}')
        sizes = [positive(item, "m", f"size[{k}]") for k, item in enumerate(lengths)]
    x, y = (_edges(item, sizes[k], k) for k, item in enumerate(cells))
    return x, y


def _edges(cells: Any, length_m: float | None, axis: int) -> Floats:
    name = f"cells[{axis}]"
    if isinstance(cells, (int, np.integer)) and not isinstance(cells, bool):
        if cells < 1:
            raise InputError(f"`{name}` must be at least 1, got {cells}")
        if length_m is None:
            raise InputError(f"`size` must be given when `{name}` is a count")
        edges = length_m * (np.arange(cells + 1) / cells)
        return np.asarray(edges, dtype=np.float64)
    edges = np.asarray(si(cells, "m", name), dtype=np.float64)
    if edges.ndim != 1 or len(edges) < 2 or not np.all(np.diff(edges) > 0.0) or edges[0] != 0.0:
        raise InputError(f"`{name}` must be a count, or edges that increase from 0 m; got {cells!r}")
    if length_m is not None and abs(edges[-1] - length_m) > 1e-9 * length_m:
        raise InputError(f"`{name}` must end at the size, {length_m:g} m, got {edges[-1]:g} m")
    return edges


def conductivity(value: Any, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """``(kx, ky)`` fields [W/m/K]: a tuple is orthotropic, anything else isotropic."""
    if isinstance(value, tuple):
        if len(value) != 2:
            raise InputError(f"`conductivity` must be one value or a pair (kx, ky), got {len(value)} values")
        kx, ky = (field(item, "W/m/K", f"conductivity[{k}]", shape) for k, item in enumerate(value))
    else:
        kx = ky = field(value, "W/m/K", "conductivity", shape)
    for name, k in (("kx", kx), ("ky", ky)):
        if not np.all(k >= 0.0):
            raise InputError(f"`conductivity` must not be negative, got {name} = {k.min():g} W/m/K")
    return kx, ky


def field(value: Any, unit: str, name: str, shape: tuple[int, ...]) -> Floats:
    """Return a quantity as a read-only field of `shape`: one value, or an array that broadcasts."""
    return _shaped(si(value, unit, name), name, shape)


def fraction_field(value: Any, name: str, shape: tuple[int, ...], hi: float = 1.0) -> Any:
    """Return a number between 0 and `hi` as a float, or as a field of `shape`."""
    number = si_fraction(value, name, 0.0, hi)
    return float(number) if np.ndim(number) == 0 else _shaped(number, name, shape)


def numbers(value: Any, name: str, shape: tuple[int, ...]) -> Floats:
    """Return a dimensionless, finite field of `shape`."""
    return _shaped(si_fraction(value, name, -np.inf, np.inf), name, shape)


def _shaped(value: Any, name: str, shape: tuple[int, ...]) -> Floats:
    try:
        return np.broadcast_to(np.asarray(value, dtype=np.float64), shape)
    except ValueError:
        raise InputError(f"`{name}` must have shape {shape}, x first; got {np.shape(value)}") from None


def nonnegative_field(value: Any, unit: str, name: str, shape: tuple[int, ...]) -> Floats:
    """Like `field`, and no value may be below zero."""
    return _shaped(si_nonnegative(value, unit, name), name, shape)


_HEAT = {"W": "a power", "W/m^2": "a heat flux", "W/m^3": "a power per volume"}


def heat_amount(value: Any, allowed: tuple[str, ...], name: str = "heat") -> tuple[str, float, Pieces | None]:
    """Return unit, constant factor and time dependence of a heat, by the dimension of what was given."""
    for unit in allowed:
        try:
            if isinstance(value, (Table, Function)):
                return unit, 1.0, value.pieces(unit, name)
            if isinstance(value, Pieces):
                return "W" if "W" in allowed else unit, 1.0, value
            return unit, scalar(si(value, unit, name), name), None
        except UnitsError:
            continue
    words = " or ".join(f"{_HEAT[unit]} [{unit}]" for unit in allowed)
    raise UnitsError(f'`{name}` must be {words} with a unit, e.g. "500 {allowed[0]}"; got {value!r}')


def capacity_per_volume(density: Any, specific_heat: Any, shape: tuple[int, int]) -> Floats:
    """Heat capacity per volume [J/m³/K]; zero when neither is given."""
    if density is None and specific_heat is None:
        return np.zeros(shape)
    if density is None or specific_heat is None:
        missing = "density" if density is None else "specific_heat"
        raise InputError(
            f"`{missing}` must be given with the other, or both left out for a plate without capacity"
        )
    rho = si_positive(density, "kg/m^3", "density")
    c = si_positive(specific_heat, "J/kg/K", "specific_heat")
    _shaped(rho, "density", shape)
    _shaped(c, "specific_heat", shape)
    return _shaped(rho * c, "density", shape)


def nonnegative(value: Any, unit: str, name: str) -> float:
    """One quantity that is not negative."""
    return scalar(si_nonnegative(value, unit, name), name)


def positive(value: Any, unit: str, name: str) -> float:
    """One quantity above zero."""
    return scalar(si_positive(value, unit, name), name)
