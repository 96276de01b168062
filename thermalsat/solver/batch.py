"""Many designs of one topology in one call: threads over a core that holds no lock."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.bundle import Bundle
from thermalsat.errors import ConvergenceError, InputError, ThermalsatError
from thermalsat.network import ThermalNetwork
from thermalsat.results import Result
from thermalsat.units import from_si, si, si_difference, si_positive, single

from .api import DEFAULT_SAMPLES
from .checks import check_bundle, check_coverage, check_period, check_tolerance
from .outcome import Compiled, compiled, from_trajectory
from .periodic import Cycle, periodic_state
from .system import System

__all__ = ["Batch", "periodic_batch"]

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Batch:
    """The periodic states of many designs of one topology.

    Attributes
    ----------
    nets : tuple of ThermalNetwork
        The designs asked for.
    errors : tuple of (None or ThermalsatError)
        What stopped a design, None where there is an answer.
    ok : ndarray of bool (designs,)
    sweeps : ndarray of int (designs,), 0 where a design failed
    distance : Quantity (designs,) [K], NaN where it failed
        Estimated distance to the periodic state.
    """

    nets: tuple[ThermalNetwork, ...]
    errors: tuple[ThermalsatError | None, ...]
    _cycles: tuple[Cycle | None, ...]
    _tolerance_K: float
    _closure_K: float

    def __len__(self) -> int:
        return len(self.nets)

    def __repr__(self) -> str:
        return f"<Batch: {int(self.ok.sum())} of {len(self)} designs answered>"

    @property
    def ok(self) -> NDArray[np.bool_]:
        """Which designs have an answer."""
        return np.array([cycle is not None for cycle in self._cycles])

    @property
    def sweeps(self) -> NDArray[np.intp]:
        """Passes over the period, 0 where a design failed."""
        return np.array([0 if c is None else c.sweeps for c in self._cycles], dtype=np.intp)

    @property
    def distance(self) -> Any:
        """Estimated distance to the periodic state [K], NaN where a design failed."""
        return from_si(np.array([np.nan if c is None else c.distance_K for c in self._cycles]), "K")

    def extreme(self, name: str, which: str = "max") -> Any:
        """Return the largest ("max") or smallest ("min") temperature of a part over the orbit, by design [K].

        Over the samples and every cell of the part; NaN where a design failed.
        """
        if which not in ("max", "min"):
            raise InputError(f'`which` must be "max" or "min", got {which!r}')
        reduce = np.max if which == "max" else np.min
        values = [
            np.nan if cycle is None else float(reduce(self[i].temperature(name).m_as("K")))
            for i, cycle in enumerate(self._cycles)
        ]
        return from_si(np.array(values), "K")

    def __getitem__(self, index: int) -> Result:
        """Return one design's result.

        Raises
        ------
        ThermalsatError
            The error that stopped the design.
        """
        cycle, error = self._cycles[index], self.errors[index]
        if cycle is None:
            raise error if error is not None else InputError("the design was not run")
        return from_trajectory(
            compiled(self.nets[index]), cycle.orbit, "periodic", tolerance_K=self._tolerance_K, seconds=0.0,
            distance_K=cycle.distance_K, closure_K=self._closure_K, averaged=cycle.shooting.mean,
            sweeps=cycle.sweeps,
        )  # fmt: skip


def periodic_batch(
    nets: Iterable[ThermalNetwork],
    *,
    period: Any,
    tolerance: Any = "10 mK",
    closure: Any = "1 mK",
    times: Any = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Batch:
    """Find the periodic states of many networks of one topology.

    The analysis of the topology (elimination order, plates and tubes) is made once. Each design is then
    solved
    on its own, from its own first guess, so that it gets the same bits as when solved alone, in whatever
    order
    and on however many threads.

    Parameters
    ----------
    nets : iterable of ThermalNetwork
        Networks built alike: the same parts in the same order, with other numbers.
    period : Quantity or str [time]
    tolerance, closure : Quantity or str [temperature difference]
        As in `ThermalNetwork.periodic`.
    times : Quantity, optional
        Sample times within the period; by default about 120.
    threads : int, optional
        Default: one for each processor.
    progress : callable, optional
        Called with the number of designs done and the number in all.

    Returns
    -------
    Batch

    Raises
    ------
    InputError
        When the networks differ in topology (names the first that does), or for arguments out of range.
        A design that fails on its own does not stop the others; see `Batch.errors`.
    KeyboardInterrupt
        Carries the designs done as ``.partial``, a Batch.

    Examples
    --------
    >>> import thermalsat as ts
    >>> def box(load):
    ...     net = ts.ThermalNetwork()
    ...     node = net.node("box", heat_capacity="5 kJ/K", temperature="300 K")
    ...     net.radiate(node, net.boundary("space", temperature="3 K"), GR="1 m^2")
    ...     net.heat(node, load)
    ...     return net
    >>> batch = ts.periodic_batch([box("200 W"), box("400 W")], period="6000 s")
    >>> batch
    <Batch: 2 of 2 designs answered>
    >>> batch.extreme("box").m_as("K").round(2).tolist()
    [243.7, 289.81]
    """
    designs = tuple(nets)
    if not designs:
        raise InputError("`nets` must hold at least one network")
    if threads is not None and (not isinstance(threads, int) or threads < 1):
        raise InputError(f"`threads` must be a whole number of at least 1, got {threads!r}")
    period_s = single(si_positive(period, "s", "period"), "period")
    tolerance_K = single(si_difference(tolerance, "tolerance"), "tolerance")
    closure_K = single(si_difference(closure, "closure"), "closure")
    check_tolerance(tolerance_K)
    check_tolerance(closure_K, "closure")
    first = compiled(designs[0])
    first.system.solver  # noqa: B018  analysed before the threads share it
    systems = [first.system, *(_alike(first, net, i) for i, net in enumerate(designs[1:], start=1))]
    for net in designs:
        check_period(net.forcings, period_s)
        check_coverage(net.forcings, 0.0, period_s)
    if times is None:
        times_s = np.linspace(0.0, period_s, DEFAULT_SAMPLES)
    else:
        times_s = np.atleast_1d(np.asarray(si(times, "s", "times"), dtype=np.float64))
    stop = threading.Event()

    def watch(_time_s: float, _end_s: float) -> None:
        if stop.is_set():
            raise KeyboardInterrupt

    def one(index: int) -> Cycle:
        net = designs[index]
        return periodic_state(
            systems[index], period_s, breakpoints_s=net.breakpoints_between(0.0, period_s), times_s=times_s,
            tolerance_K=tolerance_K, closure_K=closure_K, y0=net.layout.initial(),
            anchored=systems[index].bundle.bt_soe,
            progress=watch, describe=first.describe,
        )  # fmt: skip

    workers = min(len(designs), threads or os.cpu_count() or 1)
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(one, i) for i in range(len(designs))]
        try:
            _follow(futures, progress)
        except KeyboardInterrupt as interrupt:
            stop.set()
            for future in futures:
                future.cancel()
            wait([f for f in futures if not f.cancelled()])
            interrupt.partial = _collect(designs, futures, tolerance_K, closure_K)  # type: ignore[attr-defined]
            raise
    return _collect(designs, futures, tolerance_K, closure_K)


def _follow(futures: Sequence[Future[Cycle]], progress: Progress | None) -> None:
    pending: set[Future[Cycle]] = set(futures)
    while pending:
        # short waits, so that an interrupt is seen
        _, pending = wait(pending, timeout=0.1)
        if progress is not None:
            progress(len(futures) - len(pending), len(futures))


def _collect(
    designs: tuple[ThermalNetwork, ...],
    futures: Sequence[Future[Cycle]],
    tolerance_K: float,
    closure_K: float,
) -> Batch:
    cycles: list[Cycle | None] = []
    errors: list[ThermalsatError | None] = []
    for future in futures:
        if future.cancelled():
            cycles.append(None)
            errors.append(ConvergenceError("interrupted before this design was run"))
            continue
        error = future.exception()
        if error is not None and not isinstance(error, ThermalsatError | KeyboardInterrupt):
            raise error
        cycles.append(future.result() if error is None else None)
        errors.append(
            error if isinstance(error, ThermalsatError) or error is None else ConvergenceError("interrupted")
        )
    return Batch(
        nets=designs,
        errors=tuple(errors),
        _cycles=tuple(cycles),
        _tolerance_K=tolerance_K,
        _closure_K=closure_K,
    )


def _alike(first: Compiled, net: ThermalNetwork, index: int) -> System:
    bundle, other = net.bundle(), first.bundle
    difference = _difference(bundle, other)
    if difference:
        raise InputError(
            f"`nets[{index}]` must be built as `nets[0]` is: the same parts in the same order; they differ "
            f"in "
            f"`{difference}`"
        )
    check_bundle(bundle, net.layout.label)
    return System(bundle, like=first.system)


def _difference(a: Bundle, b: Bundle) -> str | None:
    """Return the first size or index array in which two bundles differ."""
    forcing = {"forcing_ptr", "flow_external"}
    for spec in fields(Bundle):
        x, y = getattr(a, spec.name), getattr(b, spec.name)
        if spec.name in ("n", "nb", "nm", "nq") and x != y:
            return spec.name
        if spec.metadata.get("dtype") is np.intp and spec.name not in forcing and not np.array_equal(x, y):
            return spec.name
    return None
