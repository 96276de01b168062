"""The element laws added up: rates of every row, named flows, and their derivatives.

C_i dy_i/dt = F_i(t, y), with one row per unknown; a row of zero capacity is an algebraic balance. Each term
also adds its rate to a named flow, so that sum_i stored_i F_i = sum_q external_q flow_q for every t and y.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from thermalsat.bundle import Bundle, Floats
from thermalsat.twin.dual import Dual, Number, slopes_of, value_of
from thermalsat.twin.elements import State, stream_rate, terms
from thermalsat.twin.tables import forcing, law

__all__ = ["Linearization", "energy_defect", "jacobian", "jacobian_full", "linearize", "rates", "tangent"]

_TIME = -1
_DIRECTION = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Linearization:
    """Rates and flows at one (t, y) with every derivative, mixers eliminated.

    Attributes
    ----------
    F : ndarray (n,)
        Rate of each row [W].
    flows : ndarray (n_flow,)
        Named flows [W].
    F_y, flows_y : ndarray (n, n), (n_flow, n)
        Derivatives with respect to the unknowns.
    F_t, flows_t : ndarray (n,), (n_flow,)
        Derivatives with respect to time [W/s].
    """

    F: Floats
    flows: Floats
    F_y: Floats
    flows_y: Floats
    F_t: Floats
    flows_t: Floats


def rates(
    bundle: Bundle, t: float, y: ArrayLike, t_lo: float = -math.inf, t_hi: float = math.inf
) -> tuple[Floats, Floats]:
    """Rates of the rows and named flows.

    Parameters
    ----------
    bundle : Bundle
    t : float
        Time [s].
    y : array_like (n,)
        Unknowns.
    t_lo, t_hi : float
        Limits of the look-up of forcing pieces [s]; see `thermalsat.twin.forcing_values`.

    Returns
    -------
    F : ndarray (n,)
        C_i dy_i/dt [W].
    flows : ndarray (n_flow,)
        Named flows [W].

    Examples
    --------
    Two nodes, 10 K apart, joined by 2 W/K:

    >>> from thermalsat.bundle import Bundle
    >>> b = Bundle(n=2, nq=1, capacity=[10.0, 10.0], weight=[1.0, 1.0], stored=[1, 1],
    ...            temperature_law=[-1, -1], flow_external=[0],
    ...            gl_a=[0], gl_b=[1], gl_g=[2.0], gl_flow=[0])
    >>> F, flows = rates(b, 0.0, [310.0, 300.0])
    >>> F.tolist(), flows.tolist()
    ([-20.0, 20.0], [20.0])
    """
    F, flows = np.zeros(bundle.n), np.zeros(bundle.nq)
    for rate, rows, flow in terms(bundle, _state(bundle, float(t), _numbers(bundle, y), t_lo, t_hi)):
        for i, sign in rows:
            if 0 <= i < bundle.n:
                F[i] += sign * value_of(rate)
        if flow >= 0:
            flows[flow] += value_of(rate)
    return F, flows


def tangent(
    bundle: Bundle,
    t: float,
    y: ArrayLike,
    dy: ArrayLike,
    dt_factor: float = 0.0,
    t_lo: float = -math.inf,
    t_hi: float = math.inf,
) -> tuple[Floats, Floats]:
    """Differentiate `rates` along the direction (dy, dt_factor in time).

    Parameters
    ----------
    bundle, t, y, t_lo, t_hi
        As for `rates`.
    dy : array_like (n,)
        Change of the unknowns.
    dt_factor : float
        Change of time that goes with it [s].

    Returns
    -------
    dF, dflows : ndarray (n,), (n_flow,)
        F_y dy + F_t dt_factor, and the same of the flows [W].
    """
    values, change = _numbers(bundle, y), _numbers(bundle, dy)
    time = Dual(float(t), {_DIRECTION: float(dt_factor)})
    seeded: list[Number] = [
        Dual(value_of(v), {_DIRECTION: value_of(d)}) for v, d in zip(values, change, strict=True)
    ]
    dF, dflows = np.zeros(bundle.n), np.zeros(bundle.nq)
    for rate, rows, flow in terms(bundle, _state(bundle, time, seeded, t_lo, t_hi)):
        slope = slopes_of(rate).get(_DIRECTION, 0.0)
        for i, sign in rows:
            if 0 <= i < bundle.n:
                dF[i] += sign * slope
        if flow >= 0:
            dflows[flow] += slope
    return dF, dflows


def linearize(
    bundle: Bundle, t: float, y: ArrayLike, t_lo: float = -math.inf, t_hi: float = math.inf
) -> Linearization:
    """Rates, flows and all their derivatives; arguments as for `rates`. Dense: for small networks."""
    n, nq = bundle.n, bundle.nq
    F, flows, F_t, flows_t = np.zeros(n), np.zeros(nq), np.zeros(n), np.zeros(nq)
    F_y, flows_y = np.zeros((n, n)), np.zeros((nq, n))
    seeded: list[Number] = [Dual(value_of(v), {i: 1.0}) for i, v in enumerate(_numbers(bundle, y))]
    state = _state(bundle, Dual(float(t), {_TIME: 1.0}), seeded, t_lo, t_hi)
    for rate, rows, flow in terms(bundle, state):
        kept = [(i, sign, F, F_y, F_t) for i, sign in rows if 0 <= i < n]
        kept += [(flow, 1.0, flows, flows_y, flows_t)] if flow >= 0 else []
        for i, sign, values, by_y, by_t in kept:
            values[i] += sign * value_of(rate)
            for j, slope in slopes_of(rate).items():
                if j == _TIME:
                    by_t[i] += sign * slope
                else:
                    by_y[i, j] += sign * slope
    return Linearization(F=F, flows=flows, F_y=F_y, flows_y=flows_y, F_t=F_t, flows_t=flows_t)


def jacobian(
    bundle: Bundle, t: float, y: ArrayLike, t_lo: float = -math.inf, t_hi: float = math.inf
) -> Floats:
    """dF/dy, dense (n, n), the mixers eliminated; arguments as for `rates`."""
    return linearize(bundle, t, y, t_lo, t_hi).F_y


def jacobian_full(
    bundle: Bundle, t: float, y: ArrayLike, t_lo: float = -math.inf, t_hi: float = math.inf
) -> Floats:
    """Differentiate with the mixers kept as unknowns, dense (n + nm, n + nm); arguments as for `rates`.

    Row n + m is the balance of mixer m, sum_k r_k (y_from_k - y_m) = 0.
    """
    n, nb, nm = bundle.n, bundle.nb, bundle.nm
    values = _numbers(bundle, y)
    mixed = _state(bundle, float(t), values, t_lo, t_hi).y[n + nb :]
    seeded: list[Number] = [Dual(value_of(v), {i: 1.0}) for i, v in enumerate([*values, *mixed])]
    J = np.zeros((n + nm, n + nm))
    for rate, rows, _ in terms(bundle, _state(bundle, float(t), seeded[:n], t_lo, t_hi, seeded[n:])):
        for i, sign in rows:
            row = i if i < n else i - nb
            if i < 0 or n <= i < n + nb:
                continue
            for j, slope in slopes_of(rate).items():
                J[row, j] += sign * slope
    return J


def energy_defect(bundle: Bundle, F: ArrayLike, flows: ArrayLike) -> float:
    """Return what enters by the flows less what the stored heat gains [W]: zero to rounding."""
    gained = float(np.dot(bundle.stored.astype(np.float64), np.asarray(F)))
    entered = float(np.dot(bundle.flow_external.astype(np.float64), np.asarray(flows)))
    return entered - gained


def _numbers(bundle: Bundle, y: Any) -> list[Number]:
    values = np.asarray(y, dtype=np.float64)
    if values.shape != (bundle.n,):
        raise ValueError(f"`y` must have shape ({bundle.n},), got {values.shape}")
    return [float(v) for v in values]


def _state(
    bundle: Bundle, t: Number, y: list[Number], t_lo: float, t_hi: float, mixed: list[Number] | None = None
) -> State:
    """Evaluate y and T at every extended index; mixers from their inflows unless given."""
    s = [forcing(bundle, k, t, t_lo, t_hi) for k in range(len(bundle.forcing_period))]
    extended = [*y, *(s[int(k)] for k in bundle.boundary_forcing)]
    extended += _mix(bundle, extended) if mixed is None else mixed
    laws = [*bundle.temperature_law, *[-1] * bundle.nb, *bundle.mixer_law]
    T = [x if k < 0 else law(bundle, int(k), x) for x, k in zip(extended, laws, strict=True)]
    return State(y=extended, T=T, s=s)


def _mix(bundle: Bundle, known: list[Number]) -> list[Number]:
    """Flow-weighted mean of what runs into each mixer; a mixer may feed a later one."""
    extended = list(known)
    for m in range(bundle.nm):
        heat: Number = 0.0
        total: Number = 0.0
        for k in np.flatnonzero(bundle.adv_to == bundle.n + bundle.nb + m):
            r = stream_rate(bundle, extended, int(k))
            heat, total = heat + r * extended[int(bundle.adv_from[k])], total + r
        extended.append(heat / total)
    return extended[len(known) :]
