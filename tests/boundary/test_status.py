"""What the core answers when it cannot go on, and what it refuses: see "Status" in ext/README.md."""

import os
import re
import signal
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bundles import PERIOD_S
from door import Door, lump
from plates import BREAKS_S, plate_case

from thermalsat.bundle import Bundle
from thermalsat.errors import STATUS_MESSAGES, ConvergenceError
from thermalsat.solver.system import System
from thermalsat.solver.transient import integrate

SOURCE = Path(__file__).parents[2] / "ext" / "core.pyx"
OK, STEP_TOO_SMALL, SINGULAR, NOT_FINITE, TOO_MANY_STEPS, INTERRUPTED = range(6)
PATHS = ["sparse", "plate"]


def reached(door, status):
    assert door() == status
    return door.info


def test_every_code_of_the_core_has_a_sentence():
    if not SOURCE.exists():
        pytest.skip("the sources of the core are not beside the tests")
    found = dict(re.findall(r"^    ([A-Z_]+) = (\d+)$", SOURCE.read_text(), flags=re.M))
    codes = {name: int(code) for name, code in found.items()}
    names = ("OK", "STEP_TOO_SMALL", "SINGULAR", "NOT_FINITE", "TOO_MANY_STEPS", "INTERRUPTED")
    assert codes == {name: globals()[name] for name in names}
    assert set(codes.values()) <= set(STATUS_MESSAGES)


def test_an_integration_ends_normally():
    info = reached(Door(lump(), [300.0]), OK)
    assert info[0] == 1000.0
    assert info[4] > 3


def test_a_jump_that_was_not_declared_makes_the_step_too_small():
    # late in time steps cannot be shorter than 1e-5 s, in which the jump brings 1e7 K
    b = lump(capacity_J_K=1e-3, power_W=1.0)
    jump = replace(
        b, s_forcing=[1], forcing_ptr=[0, 1, 3], forcing_knots=[0.0, 1.0, 0.0, 1e9 + 50.0, 2e9],
        forcing_coef=np.outer([3.0, 1.0, 1e9], [1, 0, 0, 0, 0, 0]), forcing_period=[0.0, 0.0],
    )  # fmt: skip
    info = reached(Door(jump, [4.0], t0=1e9, t1=1e9 + 100.0), STEP_TOO_SMALL)
    assert abs(info[0] - (1e9 + 50.0)) < 1e-3
    declared = Door(jump, [4.0], t0=1e9, t1=1e9 + 100.0, breaks=np.array([1e9 + 50.0]))
    assert reached(declared, OK)[0] == 1e9 + 100.0


def test_a_range_below_the_resolution_of_time_is_refused():
    info = reached(Door(lump(), [300.0], t0=1e9, t1=1e9 + 1e-6), STEP_TOO_SMALL)
    assert info[0] == 1e9
    assert info[4] == 0


@pytest.mark.parametrize("path", PATHS)
def test_a_node_that_nothing_holds_is_named_as_singular(path):
    case = plate_case(3, bus=False)
    b = loosened(case.bundle)
    row = b.n - 1
    info = reached(Door(b, np.append(case.y, 290.0), t1=100.0, path=path), SINGULAR)
    assert info[7] == 1 + row
    with pytest.raises(ConvergenceError, match=f"row {row}"):
        integrate(System(b, path=path), np.append(case.y, 290.0), 0.0, 100.0)


def loosened(b):
    """The bundle with one more unknown, without heat capacity or neighbour, behind the others."""
    moved = {}
    for name in ("gl_a", "gl_b", "gr_a", "gr_b", "adv_from", "adv_to", "s_arg", "sf_other", "v_sensor"):
        e = getattr(b, name)
        moved[name] = np.where(e >= b.n, e + 1, e)
    more = {"capacity": 0.0, "weight": 1.0, "stored": 1, "temperature_law": -1}
    moved |= {name: np.append(getattr(b, name), value) for name, value in more.items()}
    arrays = {name: getattr(b, name) for name in b.__dataclass_fields__}
    return Bundle(**(arrays | moved | {"n": b.n + 1}))


def test_emission_that_overflows_is_not_finite():
    info = reached(Door(lump(gr_m2=1.0), [1e80]), NOT_FINITE)
    assert info[0] == 0.0
    with pytest.raises(ConvergenceError, match="stopped being finite") as caught:
        integrate(System(lump(gr_m2=1.0)), [1e80], 0.0, 10.0)
    assert caught.value.details["status"] == NOT_FINITE
    assert caught.value.details["partial"].steps == 0


def test_the_step_limit_ends_the_run_where_it_got_to():
    door = Door(lump(), [300.0], max_steps=5)
    info = reached(door, TOO_MANY_STEPS)
    assert info[4] + info[5] == 5
    assert 0.0 < info[0] < 1000.0
    np.testing.assert_allclose(door.fields["log"][:5].sum(axis=1)[-1], info[0], rtol=1e-15)


@pytest.mark.parametrize("path", PATHS)
def test_an_interrupted_run_keeps_its_part(path):
    case, b = interruptible()
    times = np.linspace(0.0, 40 * PERIOD_S, 4001)
    told = []

    def stop_at_the_third(t, end):
        told.append((t, end))
        if len(told) == 3:
            raise KeyboardInterrupt

    system = System(b, path=path)
    with pytest.raises(KeyboardInterrupt) as caught:
        integrate(
            system, case.y, 0.0, 40 * PERIOD_S, times_s=times, tolerance_K=1e-4, progress=stop_at_the_third
        )
    part = caught.value.partial
    assert not part.complete
    assert 0.0 < part.end_s < 40 * PERIOD_S
    assert [end for _, end in told] == [40 * PERIOD_S] * 3
    assert told[0][0] < told[1][0] < told[2][0] <= part.end_s
    # samples and books up to there and no further; the state is that of the same steps taken again
    assert part.times_s[-1] <= part.end_s < times[len(part.times_s)]
    assert len(part.y) == len(part.times_s)
    stored = (b.stored * b.capacity) @ (part.y_end - part.y_start)
    assert abs(stored - b.flow_external @ part.ledger_J) < 1e-12 * part.throughput_J.sum()
    again = integrate(system, part.y_start, 0.0, 40 * PERIOD_S, replay=part.log)
    np.testing.assert_allclose(again.y_end, part.y_end, rtol=1e-12)


def interruptible():
    case = plate_case(1, shape=(12, 12), plates=2, bus=False)
    return case, case.bundle


@pytest.mark.skipif(os.name != "posix", reason="needs a signal to the own process")
def test_a_signal_interrupts_the_core_itself():
    case, b = interruptible()
    system = System(b)
    _ = system.solver
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt) as caught:
        integrate(system, case.y, 0.0, 1e6 * PERIOD_S, tolerance_K=1e-4, max_steps=10**9)
    timer.join()
    assert not caught.value.partial.complete
    assert caught.value.partial.steps > 0


def test_an_error_in_the_callers_report_of_progress_passes_through():
    case, b = interruptible()

    def broken(t, end):
        raise RuntimeError("no terminal")

    with pytest.raises(RuntimeError, match="no terminal"):
        integrate(System(b), case.y, 0.0, 40 * PERIOD_S, tolerance_K=1e-4, progress=broken)


def test_an_unfinished_run_says_where_and_what_to_try():
    many = np.linspace(0.0, 1e6, 9000)
    with pytest.raises(
        ConvergenceError, match=r"stopped at t = .* of 1e\+06 s: the step limit .*; raise"
    ) as caught:
        integrate(System(lump()), [300.0], 0.0, 1e6, breakpoints_s=many, max_steps=5000)
    details = caught.value.details
    assert details["status"] == TOO_MANY_STEPS
    assert details["steps"] == details["partial"].steps >= 4096
    assert details["time_s"] == details["partial"].end_s < 1e6


def test_breaks_are_landed_on():
    case = plate_case(0)
    run = integrate(System(case.bundle), case.y, 0.0, PERIOD_S, breakpoints_s=np.array(BREAKS_S))
    for t in BREAKS_S[1:4]:
        assert t in run.log[:, 0]
