"""Which path is taken: the fast one for plates with tubes and a small border, the sparse one for the rest."""

import inspect
import re
from dataclasses import replace

import numpy as np
import pytest
from bundles import cases, random_case
from hypothesis import given
from hypothesis import strategies as st
from plates import plate_case, plate_cases

from thermalsat.solver import loose, plan
from thermalsat.solver.loose import NotPlanar
from thermalsat.solver.plan import MAX_BORDER
from thermalsat.solver.system import System

NX, NY = 3, 6


def tubes(kind, *, number=2, plates=1, law=False):
    """A plate of NX by NY cells with at least so many tubes of one kind, as the fast path takes them."""
    for seed in range(200):
        case = plate_case(seed, plates=plates, kinds=(kind,), law=law, bus=False, shape=(NX, NY))
        if (np.bincount(case.bundle.ch_plate, minlength=plates) >= number).all():
            return case.bundle
    raise AssertionError("no seed draws such a plate")


def changed(b, **entries):
    """A copy of b in which array `name` holds `value` at `where`, for each name=(where, value)."""
    arrays = {}
    for name, (where, value) in entries.items():
        arrays[name] = getattr(b, name).copy()
        arrays[name][where] = value
    return replace(b, **arrays)


def without_channels(b):
    return replace(b, **{name: getattr(b, name)[:0] for name in columns(b, "ch_")})


def short_channel(b):
    """The last wall of the last channel is gone."""
    walls = {name: getattr(b, name)[:-1] for name in columns(b, "w_")}
    return changed(replace(b, **walls), ch_n=(-1, NX - 1))


def columns(b, prefix):
    return [name for name in b.__dataclass_fields__ if name.startswith(prefix)]


def entry(b, channel):
    """Place of the link that feeds a channel."""
    return b.ch_adv[channel] + (0 if b.ch_dir[channel] > 0 else NX - 1)


def turned(b):
    """The second channel runs the other way."""
    cells, at = b.ch_start[1] + np.arange(NX), b.ch_adv[1]
    before = np.roll(cells, b.ch_dir[1] * -1)
    before[NX - 1 if b.ch_dir[1] > 0 else 0] = b.adv_from[entry(b, 1)]
    return changed(b, adv_from=(slice(at, at + NX), before), ch_dir=(1, -b.ch_dir[1]))


def neighbours(b):
    """The second tube lies on the row next to the first."""
    row = b.ch_row[0] + 1
    cells = b.pl_start[0] + row * NX + np.arange(NX)
    return changed(b, w_a=(slice(b.ch_wall[1], b.ch_wall[1] + NX), cells), ch_row=(1, row))


def past_the_wall(b):
    return changed(b, pl_gy=((b.ch_row[0] - 1) * NX, 1.0))


FACE, TWO, LAW = tubes("face"), tubes("face", plates=2), tubes("face", law=True)
CELL, LINK, WALL = FACE.pl_start[0], FACE.ch_adv[0], FACE.ch_wall[0]
FILMED = int(np.flatnonzero(LAW.w_law[LAW.ch_wall] >= 0)[0])
FOLLOWED = LAW.w_valve[LAW.ch_wall[FILMED]]

REFUSED = {
    "no plate": random_case(0, plates=0).bundle,
    "a channel lies on no plate": changed(FACE, ch_plate=(0, -1)),
    "plates are out of order": replace(TWO, pl_start=TWO.pl_start[::-1]),
    "a surface reaches beyond its plate": changed(FACE, sf_start=(0, CELL + 1)),
    "a plate stores its heat by a law": changed(FACE, temperature_law=(CELL, 0)),
    "a tube wall belongs to no channel": without_channels(FACE),
    "a channel is shorter than its plate": short_channel(FACE),
    "unknowns outside plates and tubes, more than": random_case(0, lumps=MAX_BORDER + 1, loop=False).bundle,
    "a plate or coolant cell without heat capacity": changed(FACE, capacity=(CELL, 0.0)),
    "a plate radiates to another plate's cell": changed(TWO, sf_other=(0, TWO.pl_start[1])),
    "a channel is fed by another channel's cell directly": changed(
        FACE, adv_from=(entry(FACE, 1), FACE.ch_start[0])
    ),
    "two cells are joined outside plates and tubes": changed(FACE, gl_a=(0, CELL), gl_b=(0, CELL + 1)),
    "the flow changes along a channel": changed(FACE, adv_rate=(LINK, 0.5 * FACE.adv_rate[LINK])),
    "a channel follows two valves": changed(LAW, w_valve=(LAW.ch_wall[FILMED], -1 if FOLLOWED >= 0 else 0)),
    "a channel's walls are out of order": changed(FACE, w_c=([WALL, WALL + 1], FACE.w_c[[WALL + 1, WALL]])),
    "a channel's cells are not fed in order": changed(FACE, adv_from=(LINK + 1, FACE.ch_start[1])),
    "a plate conducts past a tube's wall": past_the_wall(FACE),
    "a channel's walls are not along one row": changed(FACE, w_a=(WALL, FACE.w_a[WALL] + 2 * NX)),
    "tubes of one plate run in opposite directions": turned(FACE),
    "two tubes with no row between them": neighbours(tubes("centre")),
}


def test_every_reason_is_reached_below():
    written = re.findall(r'NotPlanar\(\s*f?"(.*?)"\)', inspect.getsource(loose) + inspect.getsource(plan))
    reasons = {re.sub(r"{.*?}", "", text).strip() for text in written}
    assert reasons == set(REFUSED)


@pytest.mark.parametrize("reason", REFUSED)
def test_other_networks_take_the_sparse_path_and_the_reason_is_told(reason):
    b = REFUSED[reason]
    assert type(System(b).solver).__name__ == "SparseSolver"
    with pytest.raises(NotPlanar, match=reason):
        _ = System(b, path="plate").solver


def test_a_source_beyond_its_plate_is_refused_too():
    with pytest.raises(NotPlanar, match="beyond its plate"):
        _ = System(changed(FACE, ps_start=(0, CELL + 1)), path="plate").solver


def test_a_surface_on_no_plate_is_refused_too():
    with pytest.raises(NotPlanar, match="beyond its plate"):
        _ = System(changed(FACE, sf_start=(0, 0)), path="plate").solver


@given(case=plate_cases())
def test_plates_with_tubes_take_the_fast_path(case):
    assert type(System(case.bundle).solver).__name__ == "PlateSolver"


@given(case=cases(), decades=st.floats(-2.0, 7.0), seed=st.integers(0, 99))
def test_the_answer_does_not_depend_on_the_choice(case, decades, seed):
    b, shift = case.bundle, 10.0**decades
    right = np.random.default_rng(seed).normal(size=b.n)
    u = System(b).solve(57.3, case.y, shift, right)
    expected = System(b, path="sparse").solve(57.3, case.y, shift, right)
    np.testing.assert_allclose(b.weight * u, b.weight * expected, rtol=0, atol=1e-7 * np.abs(expected).max())


@pytest.mark.parametrize("seed", range(6))
def test_a_network_of_the_same_topology_takes_the_analysis_over(seed):
    case = plate_case(seed, plates=2)
    b = replace(
        case.bundle, w_g=1.3 * case.bundle.w_g, gl_g=0.7 * case.bundle.gl_g, sf_coef=case.bundle.sf_coef * 2
    )
    right = np.random.default_rng(seed).normal(size=b.n)
    first = System(case.bundle)
    first.solve(57.3, case.y, 0.1, right)
    u = System(b, like=first).solve(57.3, case.y, 0.1, right)
    np.testing.assert_array_equal(u, System(b).solve(57.3, case.y, 0.1, right))
