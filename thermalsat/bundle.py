"""The bundle: a network as flat arrays, the one thing the compiled core and the NumPy twin read.

The unknown vector is ``y`` of length ``n``. Elements address an *extended* index ``e``:
``0..n-1`` unknowns, then ``nb`` boundaries, then ``nm`` mixers. ``y_e`` is the value of the
unknown (a temperature in kelvin, the enthalpy temperature of a coolant cell, a valve position or
a state of energy, both 0..1); ``T_e`` is ``temperature_law`` applied to ``y_e``.

Rows are ``capacity_i dy_i/dt = F_i`` with ``F`` in watts (a valve's row: capacity = lag in
seconds; a battery's: capacity in joules; capacity 0: the row is algebraic). Each element adds its
rate to one named flow (or to none, ``-1``), and for every ``y`` and ``t``::

    sum_i stored_i F_i == sum_q flow_external_q flow_q

Indices are ``intp``, numbers ``float64``, flags ``uint8``; arrays are contiguous and read-only.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .constants import STEFAN_BOLTZMANN_W_M2_K4

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.uint8]

__all__ = ["Bundle"]


def _floats(length: int = 0) -> Any:
    return field(default_factory=lambda: np.zeros(length), metadata={"dtype": np.float64})


def _indices(length: int = 0) -> Any:
    return field(default_factory=lambda: np.zeros(length, np.intp), metadata={"dtype": np.intp})


def _flags() -> Any:
    return field(default_factory=lambda: np.zeros(0, np.uint8), metadata={"dtype": np.uint8})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bundle:
    """A network as flat arrays (see the module's docstring for the conventions).

    Every array not given is empty (pointer arrays: one zero). Given arrays are converted to the
    documented dtype, made contiguous and set read-only; lengths are checked against each other.

    Raises
    ------
    ValueError
        When the arrays of one group differ in length, or a size does not match.

    Examples
    --------
    Two nodes of 10 J/K joined by 2 W/K; the flow is internal:

    >>> import numpy as np
    >>> b = Bundle(n=2, nq=1, capacity=[10.0, 10.0], weight=[1.0, 1.0], stored=[1, 1],
    ...            temperature_law=[-1, -1], flow_external=[0],
    ...            gl_a=[0], gl_b=[1], gl_g=[2.0], gl_flow=[0])
    >>> b.gl_a.dtype == np.intp, b.gl_g.flags.writeable
    (True, False)
    """

    # sizes: unknowns, boundaries, mixers, named flows
    n: int
    nb: int = 0
    nm: int = 0
    nq: int = 0
    sigma: float = STEFAN_BOLTZMANN_W_M2_K4
    """Stefan-Boltzmann constant [W m⁻² K⁻⁴]."""

    # unknowns: capacity [J/K; s; J], kelvin per unit of y, counted as stored heat, law y -> T (-1: identity)
    capacity: Floats = _floats()
    weight: Floats = _floats()
    stored: Flags = _flags()
    temperature_law: Indices = _indices()
    mixer_law: Indices = _indices()
    boundary_forcing: Indices = _indices()
    flow_external: Indices = _indices()

    # forcing k: coef rows ptr[k]..ptr[k+1], knots ptr[k]+k .. ptr[k+1]+k inclusive, period 0 = none
    forcing_ptr: Indices = _indices(1)
    forcing_knots: Floats = _floats()
    forcing_coef: Floats = _floats()
    forcing_period: Floats = _floats()

    # laws: uniform-grid cubics in one variable
    law_x0: Floats = _floats()
    law_dx: Floats = _floats()
    law_ptr: Indices = _indices(1)
    law_coef: Floats = _floats()

    # wall laws: uniform-grid bicubics in coolant temperature [K] and flow fraction
    wl_T0: Floats = _floats()
    wl_dT: Floats = _floats()
    wl_nT: Indices = _indices()
    wl_w0: Floats = _floats()
    wl_dw: Floats = _floats()
    wl_nw: Indices = _indices()
    wl_ptr: Indices = _indices(1)
    wl_coef: Floats = _floats()

    # gl: q = g (T_a - T_b)
    gl_a: Indices = _indices()
    gl_b: Indices = _indices()
    gl_g: Floats = _floats()
    gl_flow: Indices = _indices()

    # gr: q = sigma g (T_a^4 - T_b^4), g in m2
    gr_a: Indices = _indices()
    gr_b: Indices = _indices()
    gr_g: Floats = _floats()
    gr_flow: Indices = _indices()

    # adv: q = rate (c0 + c1 v) (y_from - y_to) into `to`; `to` may be a mixer
    adv_from: Indices = _indices()
    adv_to: Indices = _indices()
    adv_rate: Floats = _floats()
    adv_valve: Indices = _indices()
    adv_c0: Floats = _floats()
    adv_c1: Floats = _floats()
    adv_flow: Indices = _indices()

    # wall: star of two plate rows (or the row itself, ga = 0) and a coolant cell
    w_a: Indices = _indices()
    w_b: Indices = _indices()
    w_c: Indices = _indices()
    w_ga: Floats = _floats()
    w_gb: Floats = _floats()
    w_g: Floats = _floats()
    w_law: Indices = _indices()
    w_valve: Indices = _indices()
    w_c0: Floats = _floats()
    w_c1: Floats = _floats()
    w_flow: Indices = _indices()

    # src: coef s(t) law(T_arg) into an unknown, or into bus k written -1-k
    s_to: Indices = _indices()
    s_coef: Floats = _floats()
    s_forcing: Indices = _indices()
    s_law: Indices = _indices()
    s_arg: Indices = _indices()
    s_flow: Indices = _indices()

    # patterns shared by plate surfaces and sources
    pat_ptr: Indices = _indices(1)
    pat_value: Floats = _floats()

    # sf: a plate's face to one other place; kind 0 linear, 1 fourth power
    sf_start: Indices = _indices()
    sf_pattern: Indices = _indices()
    sf_coef: Floats = _floats()
    sf_other: Indices = _indices()
    sf_kind: Indices = _indices()
    sf_flow: Indices = _indices()

    # ps: coef p_i s(t) into a plate's cells
    ps_start: Indices = _indices()
    ps_pattern: Indices = _indices()
    ps_coef: Floats = _floats()
    ps_forcing: Indices = _indices()
    ps_flow: Indices = _indices()

    # plates: unknown = start + j nx + i; gx: ny rows of nx-1, gy: ny-1 rows of nx [W/K]
    pl_start: Indices = _indices()
    pl_nx: Indices = _indices()
    pl_ny: Indices = _indices()
    pl_gx_ptr: Indices = _indices(1)
    pl_gx: Floats = _floats()
    pl_gy_ptr: Indices = _indices(1)
    pl_gy: Floats = _floats()

    # channels (for the fast path only): kind 0 between rows row-1 and row, 1 on the centre of a row
    ch_plate: Indices = _indices()
    ch_start: Indices = _indices()
    ch_n: Indices = _indices()
    ch_dir: Indices = _indices()
    ch_wall: Indices = _indices()
    ch_adv: Indices = _indices()
    ch_row: Indices = _indices()
    ch_kind: Indices = _indices()

    # valves: F[state] = law(T_sensor) - y[state]
    v_state: Indices = _indices()
    v_sensor: Indices = _indices()
    v_law: Indices = _indices()

    # batteries, one per bus; curtailed power goes to cu_to by share
    bt_soe: Indices = _indices()
    bt_heat: Indices = _indices()
    bt_eta_c: Floats = _floats()
    bt_eta_d: Floats = _floats()
    bt_pmax: Floats = _floats()
    bt_taper: Indices = _indices()
    bt_flow_loss: Indices = _indices()
    bt_flow_curtail: Indices = _indices()
    bt_flow_charge: Indices = _indices()
    bt_flow_discharge: Indices = _indices()
    cu_ptr: Indices = _indices(1)
    cu_to: Indices = _indices()
    cu_share: Floats = _floats()

    def __post_init__(self) -> None:
        for spec in fields(self):
            dtype = spec.metadata.get("dtype")
            if dtype is not None:
                object.__setattr__(self, spec.name, _frozen(getattr(self, spec.name), dtype, spec.name))
        for names, length in self._lengths():
            for name in names.split():
                if len(getattr(self, name)) != length:
                    raise ValueError(f"`{name}` must have length {length}, got {len(getattr(self, name))}")
        self._check_tables()

    def exchanged(self, **arrays: Any) -> Bundle:
        """Return a copy with some arrays replaced, the others shared and none checked again.

        For callers that keep the lengths right, such as one exchanging a forcing.
        """
        other: Bundle = object.__new__(Bundle)
        for name, dtype in _DTYPES.items():
            value = getattr(self, name)
            if name in arrays:
                value = arrays[name] if dtype is None else _frozen(arrays[name], dtype, name)
            object.__setattr__(other, name, value)
        return other

    def _lengths(self) -> list[tuple[str, int]]:
        nf, nl, nw = len(self.forcing_period), len(self.law_x0), len(self.wl_T0)
        return [
            ("capacity weight stored temperature_law", self.n),
            ("mixer_law", self.nm),
            ("boundary_forcing", self.nb),
            ("flow_external", self.nq),
            ("forcing_ptr", nf + 1),
            ("law_dx", nl),
            ("law_ptr", nl + 1),
            ("wl_dT wl_nT wl_w0 wl_dw wl_nw", nw),
            ("wl_ptr", nw + 1),
            ("gl_b gl_g gl_flow", len(self.gl_a)),
            ("gr_b gr_g gr_flow", len(self.gr_a)),
            ("adv_to adv_rate adv_valve adv_c0 adv_c1 adv_flow", len(self.adv_from)),
            ("w_b w_c w_ga w_gb w_g w_law w_valve w_c0 w_c1 w_flow", len(self.w_a)),
            ("s_coef s_forcing s_law s_arg s_flow", len(self.s_to)),
            ("sf_pattern sf_coef sf_other sf_kind sf_flow", len(self.sf_start)),
            ("ps_pattern ps_coef ps_forcing ps_flow", len(self.ps_start)),
            ("pl_nx pl_ny", len(self.pl_start)),
            ("pl_gx_ptr pl_gy_ptr", len(self.pl_start) + 1),
            ("ch_start ch_n ch_dir ch_wall ch_adv ch_row ch_kind", len(self.ch_plate)),
            ("v_sensor v_law", len(self.v_state)),
            (
                "bt_heat bt_eta_c bt_eta_d bt_pmax bt_taper bt_flow_loss bt_flow_curtail "
                "bt_flow_charge bt_flow_discharge",
                len(self.bt_soe),
            ),
            ("cu_ptr", len(self.bt_soe) + 1),
            ("cu_share", len(self.cu_to)),
        ]

    def _check_tables(self) -> None:
        tables = [
            ("forcing_ptr", "forcing_coef", self.forcing_coef.size // 6),
            ("law_ptr", "law_coef", self.law_coef.size // 4),
            ("wl_ptr", "wl_coef", self.wl_coef.size // 16),
            ("pat_ptr", "pat_value", len(self.pat_value)),
            ("pl_gx_ptr", "pl_gx", len(self.pl_gx)),
            ("pl_gy_ptr", "pl_gy", len(self.pl_gy)),
            ("cu_ptr", "cu_to", len(self.cu_to)),
        ]
        for pointer, table, length in tables:
            if getattr(self, pointer)[-1] != length:
                raise ValueError(f"`{pointer}` must end at {length}, the length of `{table}`")
        shapes = {"forcing_coef": 6, "law_coef": 4, "wl_coef": 16}
        for name, width in shapes.items():
            object.__setattr__(self, name, getattr(self, name).reshape(-1, width))
        if len(self.forcing_knots) != len(self.forcing_coef) + len(self.forcing_period):
            raise ValueError("`forcing_knots` must hold one knot more than pieces for each forcing")


def joined(chunks: list[Any]) -> NDArray[np.float64]:
    """Return new arrays end to end, read-only, so that a bundle takes the result as it is."""
    whole = chunks[0] if len(chunks) == 1 else np.concatenate([np.zeros(0), *chunks])
    whole.flags.writeable = False
    return np.asarray(whole)


def _frozen(value: Any, dtype: Any, name: str) -> NDArray[Any]:
    array = np.ascontiguousarray(value)
    if array.size and dtype is not np.float64 and array.dtype.kind not in "iub":
        raise ValueError(f"`{name}` must hold whole numbers, got {array.dtype}")
    array = array.astype(dtype, copy=False)
    if array.flags.writeable or array.base is not None:
        array = array.copy()
        array.flags.writeable = False
    return array


_DTYPES = {spec.name: spec.metadata.get("dtype") for spec in fields(Bundle)}
