"""What a steady or periodic state depends on: first derivatives by every coefficient of a network."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.errors import InputError
from thermalsat.network import ThermalNetwork
from thermalsat.results import Result
from thermalsat.results.views import PartView
from thermalsat.units import si, single

from . import outputs
from .adjoint import COEFFICIENTS, Replay, Seeds, by_array, room, steady_derivatives
from .api import _anchored
from .checks import check_period
from .gradient import Gradient
from .orbitadjoint import periodic_multiplier
from .outcome import Compiled, compiled
from .outputs import Reading
from .system import System
from .transient import integrate_within

__all__ = ["gradient"]

Floats = NDArray[np.float64]
HELD_J_K = 1e29
"""Unknowns with more are held: states of energy in a steady state."""
HELD_SHIFT_PER_S = 1e-12


def gradient(
    net: ThermalNetwork,
    state: Result,
    *,
    temperature: str | None = None,
    cell: Any = None,
    at: Any = "mean",
    flow: str | None = None,
    period: Any = None,
    anchored: Iterable[str] | None = None,
    relative: float = 1e-6,
) -> Gradient:
    """Differentiate one output of a steady or periodic state by every coefficient of its network.

    Parameters
    ----------
    net : ThermalNetwork
        The network that `state` was solved for.
    state : Result
        What ``net.steady()`` or ``net.periodic()`` returned.
    temperature : str
        The output: the temperature of a plate, channel, edge or node; or give `flow`.
    cell : int or (int, int), optional
        Which cell, as in `Result.temperature`. A plate without: its mean over the area, at "max" and "min"
        the hottest and coldest cell.
    at : {"mean", "max", "min"} or Quantity [s]
        Of a periodic state: mean over the period, extreme (its place and time are held), or a moment.
    flow : str
        The output: a named flow; of a periodic state what it carries in a period.
    period : Quantity [s], optional
        When the samples of a periodic `state` do not span its period.
    anchored : names of batteries, optional
        As given to ``net.periodic()``: which need not close; default all.
    relative : float
        Error allowed in solving for the periodic state's derivatives.

    Returns
    -------
    Gradient

    Raises
    ------
    InputError
        For an output that there is not, a transient state, or a state of another network.
    ConvergenceError
        When the derivatives of a periodic state do not settle.

    Notes
    -----
    The discrete adjoint [1]_: with the steps of the orbit frozen, ``y_end = Phi(y_0, p)`` and
    ``(I - Phi_y^T) x = g_y``, the derivative of an output g is ``g_p + Phi_p^T x``. Its cost does not depend
    on the number of parameters. Laws are held, and of forcings all but amplitude and level; a maximum or
    minimum is differentiated at its place and time. The state may lie `closure` from the periodic one: a
    tight closure gives better derivatives.

    References
    ----------
    .. [1] A. Sandu, On the properties of Runge-Kutta discrete adjoints, ICCS 2006, LNCS 3994, 550-557.

    Examples
    --------
    100 W leave through 5 W/K; T = 293.15 + 100 / 5 K:

    >>> net = ThermalNetwork()
    >>> wall = net.boundary("wall", temperature="20 degC")
    >>> box = net.node("box", heat_capacity="2e5 J/K", temperature="30 degC")
    >>> net.couple(box, wall, conductance="5 W/K", name="strap")
    >>> net.heat(box, "100 W", name="heater")
    >>> g = gradient(net, net.steady(), temperature="box")
    >>> print(f"{g.by('strap').relative:.3f}, {g.by('strap').per_unit:.3f}")  # -100 / 5, -100 / 25
    -20.000 kelvin, -4.000 kelvin ** 2 / watt
    >>> print(f"{g.by('wall').per_unit:.3f}")
    1.000 dimensionless
    """
    c = compiled(net)
    _check_state(c, state)
    if (temperature is None) == (flow is None):
        raise InputError("one of `temperature` and `flow` must be given, e.g. temperature='box'")
    if state.kind == "steady":
        value, text, derivatives = _steady(state, temperature, cell, flow)
        passes = 1
    else:
        replay = _replay(net, c, state, period)
        seeds, text = _periodic_output(replay, c, state, temperature, cell, at, flow)
        free = ~replay.algebraic
        free[_anchored(c, anchored)] = False
        multiplier, passes = periodic_multiplier(replay, free, seeds, relative=relative)
        value, derivatives, passes = seeds.value, room(replay.system), passes + 1
        replay.back(multiplier, seeds, derivatives)
    return Gradient(
        output=text, value_si=value, unit="K" if flow is None else state.ledger.unit,
        arrays=by_array(state.bundle, derivatives), passes=passes, bundle=state.bundle,
        flow_names=state.ledger.names, boundary_names=state.outside[: state.bundle.nb], parts=state.parts,
    )  # fmt: skip


def _check_state(c: Compiled, state: Result) -> None:
    if not isinstance(state, Result) or state.kind not in ("steady", "periodic") or not state.complete:
        kind = f"the {state.kind} result" if isinstance(state, Result) else repr(state)
        raise InputError(f"`state` must be what net.steady() or net.periodic() returned, got {kind}")
    same = state.bundle.n == c.bundle.n and state.bundle.nb == c.bundle.nb
    for name in COEFFICIENTS[:-2]:
        same = same and np.array_equal(getattr(state.bundle, name), getattr(c.bundle, name))
    if not same:
        raise InputError(
            "`state` must be of this network as it is now; solve again after elements were added"
        )


def _steady(state: Result, temperature: str | None, cell: Any, flow: str | None) -> tuple[float, str, Floats]:
    b, t, y = state.bundle, float(state.times_s[0]), state.y
    held = b.capacity >= HELD_J_K
    # only what is held needs a capacity: the others' would add a trace of inertia
    system = System(b.exchanged(capacity=np.where(held, b.capacity, 0.0)), path="sparse")
    shift = HELD_SHIFT_PER_S if held.any() else 0.0
    by_y, by_flow = np.zeros(b.n), np.zeros(0)
    if flow is not None:
        by_flow = np.zeros(b.nq)
        index = _flow_index(state, flow)
        by_flow[index] = 1.0
        value, text = float(state.ledger.carried[index]), f"flow {flow!r}"
    else:
        assert temperature is not None
        reading, text = _reading(state, temperature, cell)
        own = y[reading.columns]
        value, by_y = float(reading.value(own)), reading.shape(b.n) * float(reading.slope(own))
    return value, text, steady_derivatives(system, t, y, by_y, by_flow, shift)


def _replay(net: ThermalNetwork, c: Compiled, state: Result, period: Any) -> Replay:
    """Take the steps of a periodic state again."""
    start = float(state.times_s[0])
    length = (
        float(state.times_s[-1]) - start if period is None else single(si(period, "s", "period"), "period")
    )
    if not length > 0.0:
        raise InputError("`period` must be given, because `state` has one sample only")
    check_period(net.forcings, length)
    breakpoints = net.breakpoints_between(start, start + length)
    tolerance = state.certificate.tolerance_K or 0.01
    log = state.log
    if not len(log) or abs(float(log[-1].sum()) - start - length) > 1e-9 * length:
        log = integrate_within(
            c.system, state.y_start, start, start + length, breakpoints_s=breakpoints, tolerance_K=tolerance,
            describe=c.describe,
        ).log  # fmt: skip
    replay = Replay(c.system, state.y_start, log, breakpoints, c.system.method)
    apart = float((c.bundle.weight * np.abs(replay.y_end - state.y)).max(initial=0.0))
    if apart > 3.0 * tolerance + 1e-6:
        raise InputError(
            f"`period` must be given: an orbit of {length:g} s from {start:g} s, the span of the samples, "
            f"ends {apart:.3g} K from where `state` ends"
        )
    return replay


def _periodic_output(
    replay: Replay, c: Compiled, state: Result, temperature: str | None, cell: Any, at: Any, flow: str | None
) -> tuple[Seeds, str]:
    if flow is not None:
        return outputs.carried(replay, _flow_index(state, flow)), f"energy of {flow!r} in a period"
    assert temperature is not None
    if isinstance(at, str) and at in ("max", "min"):
        part = _part(state, temperature)
        columns = np.arange(part.start, part.stop) if cell is None else np.array([_index(part, cell)])
        seeds, where, time = outputs.extreme(replay, columns, part.law, 1.0 if at == "max" else -1.0)
        return seeds, f"{at} temperature of {c.describe(where)!r}, at {time:.6g} s"
    reading, text = _reading(state, temperature, cell)
    if isinstance(at, str) and at == "mean":
        return outputs.mean(replay, reading), f"mean {text}"
    time = single(si(at, "s", "at"), "at")
    end = float(replay.starts[-1] + replay.log[-1, 1])
    if not replay.starts[0] <= time <= end * (1.0 + 1e-12):
        raise InputError(f"`at` must be from {replay.starts[0]:g} s to {end:g} s, got {time:g} s")
    return outputs.at_time(replay, reading, time), f"{text} at {time:.6g} s"


def _flow_index(state: Result, flow: str) -> int:
    if flow not in state.ledger.names:
        raise InputError(f"`flow` must be one of: {', '.join(state.ledger.names)}; got {flow!r}")
    return state.ledger.names.index(flow)


def _part(state: Result, name: str) -> PartView:
    part = state.parts.get(name)
    if part is None or part.kind in ("valve", "battery"):
        known = [item.name for item in state.parts.values() if item.kind not in ("valve", "battery")]
        raise InputError(f"`temperature` must be of one of: {', '.join(known)}; got {name!r}")
    return part


def _reading(state: Result, name: str, cell: Any) -> tuple[Reading, str]:
    part = _part(state, name)
    if cell is not None or part.size == 1:
        index = part.start if cell is None else _index(part, cell)
        one = Reading(columns=np.array([index]), weights=np.ones(1), law=part.law)
        return one, f"temperature of {part.label(index - part.start)!r}"
    if part.kind != "plate":
        raise InputError(f"`cell` must be given: {name!r} has {part.size} cells, 0 to {part.size - 1}")
    assert part.x_edges_m is not None
    assert part.y_edges_m is not None
    area = np.outer(np.diff(part.y_edges_m), np.diff(part.x_edges_m)).ravel()
    columns = np.arange(part.start, part.stop)
    return Reading(columns=columns, weights=area / area.sum()), f"temperature of {name!r}"


def _index(part: PartView, cell: Any) -> int:
    """Unknown of a cell, ``(i, j)`` of a plate and ``i`` of other parts."""
    shape = part.shown(np.zeros(part.size)).shape if part.size > 1 else (1,)
    place = np.atleast_1d(np.asarray(cell))
    whole = place.dtype.kind in "iu" and place.shape == (len(shape),)
    if not whole or np.any(place < 0) or np.any(place >= shape):
        ranges = ", ".join(f"0 to {count - 1}" for count in shape)
        raise InputError(f"`cell` of {part.name!r} must be whole numbers ({ranges}), got {cell!r}")
    if part.kind == "plate":
        return part.start + int(place[1]) * shape[0] + int(place[0])
    return part.start + int(place[0])
