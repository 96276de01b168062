"""What the core refuses: it checks lengths and memory layout before it reads or writes anything."""

import numpy as np
import pytest
from bundles import random_case
from door import Door, lump
from plates import plate_case

from thermalsat import twin
from thermalsat.solver.system import System

PATHS = ["sparse", "plate"]
WRONG = {
    "y": 2, "samples": (3, 2), "ledger": 1, "throughput": 3, "estimate": 2, "integral": 2, "info": 7,
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_integrate_refuses_arrays_of_another_length(name):
    door = Door(lump(), [300.0], times=np.linspace(0.0, 1.0, 3), samples=np.zeros((3, 1)))
    door.fields[name] = np.zeros(WRONG[name])
    with pytest.raises(ValueError, match="wrong length"):
        door()


@pytest.mark.parametrize("path", PATHS)
def test_integrate_refuses_too_little_room(path):
    case = plate_case(1)
    door = Door(case.bundle, case.y, path=path)
    door.fields["work"] = door.fields["work"][:-1]
    with pytest.raises(ValueError, match="wrong length"):
        door()


def test_integrate_refuses_fewer_samples_than_times():
    door = Door(lump(), [300.0], times=np.linspace(0.0, 1.0, 4), samples=np.zeros((3, 1)))
    with pytest.raises(ValueError, match="wrong length"):
        door()


def test_integrate_refuses_the_solver_of_another_problem():
    door = Door(lump(), [300.0])
    door.fields["solver"] = System(lump()).solver
    with pytest.raises(ValueError, match="wrong length"):
        door()


def test_a_length_of_zero_asks_for_no_estimate_and_no_integral():
    door = Door(lump(), [300.0], estimate=np.zeros(0), integral=np.zeros(0), log=np.zeros((0, 2)))
    assert door() == 0
    assert door.info[2] == 0.0


def arguments(method, b, system):
    """Arrays of a method in order, by name."""
    ne, scratch, r = b.n + b.nb + b.nm, system.scratch.copy(), np.zeros(b.n + b.nm)
    F, flow, y = np.zeros(b.n), np.zeros(b.nq), np.full(b.n, 300.0)
    now = (1.0, 1.0, 2.0)
    return {
        "rates": (*now, y, F, flow, scratch[: system.problem.point_size()]),
        "derived": (*now, y, np.zeros(ne), np.zeros(ne), scratch[: system.problem.point_size()]),
        "jacobian": (*now, y, np.zeros(len(system.pattern[0])), F, flow, scratch),
        "tangent": (*now, y, y.copy(), 0.0, F, flow, scratch),
        "factorise": (*now, y, 0.1, F, flow, scratch[: system.problem.point_size()]),
        "apply": (r, r.copy()),
        "product": (y, y.copy()),
    }[method]


CHECKED = [
    ("rates", (3, 4, 5, 6)), ("derived", (3, 4, 5, 6)), ("jacobian", (3, 5, 6)), ("tangent", (3, 4, 6, 7)),
    ("factorise", (3, 5, 6, 7)), ("apply", (0, 1)), ("product", (0, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("method", "place"), [(name, k) for name, places in CHECKED for k in places])
@pytest.mark.parametrize("path", PATHS)
def test_methods_refuse_arrays_of_another_length(path, method, place):
    case = plate_case(2)
    b, system = case.bundle, System(case.bundle, path=path)
    system.solver.factorise(*arguments("factorise", b, system))
    owner = system.problem if hasattr(system.problem, method) else system.solver
    right = list(arguments(method, b, system))
    getattr(owner, method)(*right)
    right[place] = right[place][:-1].copy()
    with pytest.raises(ValueError, match="wrong length"):
        getattr(owner, method)(*right)


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda F: F.astype(np.float32), "dtype"),
        (lambda F: np.zeros(2 * len(F))[::2], "contiguous"),
        (lambda F: read_only(F), "read-only"),
    ],
)
def test_other_layouts_are_refused(spoil, error):
    case = random_case(0)
    system = System(case.bundle, path="sparse")
    right = list(arguments("rates", case.bundle, system))
    right[4] = spoil(right[4])
    with pytest.raises(ValueError, match=error):
        system.problem.rates(*right)


def read_only(a):
    a = a.copy()
    a.flags.writeable = False
    return a


def test_a_read_only_state_is_welcome():
    case = random_case(0)
    F, _ = System(case.bundle, path="sparse").rates(1.0, read_only(case.y))
    np.testing.assert_allclose(
        F, twin.rates(case.bundle, 1.0, case.y)[0], rtol=0, atol=1e-12 * np.abs(F).max()
    )
