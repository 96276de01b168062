"""State events: steps land on the kinks of a battery's law, and the times are those of a hand calculation."""

import numpy as np
import pytest
from bundles import random_case
from plates import BREAKS_S, plate_case

from thermalsat.bundle import Bundle
from thermalsat.solver.system import System
from thermalsat.solver.transient import EVENTS, integrate

CAPACITY_J = 2e5
NET, LIMIT, EMPTY, FULL, CLOSED, OPEN = range(6)


def battery(start_W, slope_W_s, limit_W=120.0):
    """A battery of 200 kJ whose bus has net power start + slope t; its losses heat an insulated node."""
    forcing = np.zeros((1, 6))
    forcing[0, :2] = start_W, slope_W_s
    return Bundle(
        n=2, nb=0, nq=0, capacity=[500.0, CAPACITY_J], weight=[1.0, 100.0], stored=[1, 1],
        temperature_law=[-1, -1], forcing_ptr=[0, 1], forcing_knots=[0.0, 1e4], forcing_coef=forcing,
        forcing_period=[0.0], flow_external=[], s_to=[-1], s_coef=[1.0], s_forcing=[0], s_law=[-1],
        s_arg=[0], s_flow=[-1],
        law_x0=[0.0], law_dx=[1.0], law_ptr=[0, 1], law_coef=[[1.0, 0.0, 0.0, 0.0]],
        bt_soe=[1], bt_heat=[0], bt_eta_c=[0.95], bt_eta_d=[0.9], bt_pmax=[limit_W], bt_taper=[0],
        bt_flow_loss=[-1], bt_flow_curtail=[-1], bt_flow_charge=[-1], bt_flow_discharge=[-1], cu_ptr=[0, 1],
        cu_to=[0], cu_share=[1.0],
    )  # fmt: skip


def test_every_kind_has_a_name():
    assert EVENTS == ("net power", "charge limit", "empty", "full", "closed", "open")


@pytest.mark.parametrize("path", ["sparse", "auto"])
def test_falling_net_power_meets_the_limit_and_zero(path):
    """200 W - .4 W/s: below the limit of 120 W at 200 s, negative at 500 s; stored energy by hand."""
    b = battery(200.0, -0.4)
    run = integrate(System(b, path=path), [300.0, 0.4], 0.0, 1000.0, tolerance_K=0.01)
    np.testing.assert_allclose(run.events, [[200.0, LIMIT, 0, -1], [500.0, NET, 0, -1]], atol=1e-6)
    ends = run.log.sum(axis=1)
    for time_s in (200.0, 500.0):
        behind = ends[ends >= time_s - 1e-9].min() - time_s
        assert 0.0 <= behind < 1.0
    charged, drawn = 120.0 * 200.0 + 0.5 * 120.0 * 300.0, 0.5 * 200.0 * 500.0
    stored = (0.95 * charged - drawn / 0.9) / CAPACITY_J
    assert run.y_end[1] == pytest.approx(0.4 + stored, abs=1e-6)


def test_rising_net_power_has_the_same_kinks():
    run = integrate(System(battery(-200.0, 0.4)), [300.0, 0.6], 0.0, 1000.0, tolerance_K=0.01)
    np.testing.assert_allclose(run.events, [[500.0, NET, 0, 1], [800.0, LIMIT, 0, 1]], atol=1e-6)


def test_a_battery_that_fills_and_one_that_empties():
    """100 W into a battery from .5: .999 after .499 x 200 kJ / 95 W; at 90 W drawn .001 likewise."""
    full = integrate(System(battery(100.0, 0.0)), [300.0, 0.5], 0.0, 1200.0)
    np.testing.assert_allclose(full.events, [[0.499 * CAPACITY_J / 95.0, FULL, 0, 1]], rtol=1e-9)
    empty = integrate(System(battery(-90.0, 0.0)), [300.0, 0.5], 0.0, 1200.0)
    np.testing.assert_allclose(empty.events, [[0.499 * CAPACITY_J / 100.0, EMPTY, 0, -1]], rtol=1e-9)


def test_jumps_of_the_forcing_count_as_crossings_at_their_time():
    coef = np.zeros((2, 6))
    coef[:, 0] = 50.0, -50.0
    b = battery(0.0, 0.0).exchanged(
        forcing_ptr=np.array([0, 2]), forcing_knots=np.array([0.0, 40.0, 100.0]), forcing_coef=coef,
        forcing_period=np.array([100.0]),
    )  # fmt: skip
    run = integrate(System(b), [300.0, 0.5], 0.0, 150.0, breakpoints_s=np.array([40.0, 100.0, 140.0]))
    np.testing.assert_allclose(run.events, [[40.0, NET, 0, -1], [100.0, NET, 0, 1], [140.0, NET, 0, -1]])


def test_steps_land_on_the_corners_of_a_valves_band():
    """A node of 100 J/K under 10 W passes 290 K and 300 K at 100 s and 200 s; the valve lags 5 s."""
    b = Bundle(
        n=2, nb=0, nq=0, capacity=[100.0, 5.0], weight=[1.0, 100.0], stored=[1, 0], temperature_law=[-1, -1],
        forcing_ptr=[0], flow_external=[], s_to=[0], s_coef=[10.0], s_forcing=[-1], s_law=[-1], s_arg=[0],
        s_flow=[-1], law_x0=[290.0], law_dx=[10.0], law_ptr=[0, 1], law_coef=[[0.0, 0.0, 0.03, -0.002]],
        v_state=[1], v_sensor=[0], v_law=[0],
    )  # fmt: skip
    run = integrate(System(b), [280.0, 0.0], 0.0, 300.0, tolerance_K=0.01)
    ends = run.log.sum(axis=1)
    for time_s in (100.0, 200.0):
        assert np.abs(ends - time_s).min() < 0.1
    # the position's lag is a linear equation: by quadrature of the law against exp(-t / 5 s)
    s = np.linspace(100.0, 150.0, 200_001)
    x = s / 10.0 - 10.0
    target = x**2 * (0.03 - 0.002 * x)
    held = np.trapezoid(np.exp((s - 150.0) / 5.0) * target, s) / 5.0
    at = integrate(System(b), [280.0, 0.0], 0.0, 150.0, tolerance_K=1e-4).y_end[1]
    assert at == pytest.approx(held, abs=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_events_do_not_depend_on_the_tolerance_nor_on_the_replay(seed):
    case = plate_case(seed) if seed % 2 else random_case(seed)
    system, breaks = System(case.bundle), np.union1d(BREAKS_S, [100.0, 250.0, 400.0])
    options = {"breakpoints_s": breaks, "times_s": np.array([500.0])}
    runs = [integrate(system, case.y, 0.0, 700.0, tolerance_K=tol, **options) for tol in (1e-3, 1e-5)]
    assert [tuple(row[1:]) for row in runs[0].events] == [tuple(row[1:]) for row in runs[1].events]
    np.testing.assert_allclose(runs[0].events[:, 0], runs[1].events[:, 0], atol=0.05)
    again = integrate(system, runs[0].y_start, 0.0, 700.0, replay=runs[0].log, **options)
    np.testing.assert_allclose(again.events, runs[0].events, rtol=1e-9)


def test_each_crossing_is_at_a_zero_of_its_function():
    """The state at the charge limit's event, sampled there: charge plus curtailed power equal the limit's."""
    case = random_case(8, lumps=3, plates=0, arithmetic=False)
    b, system = case.bundle, System(case.bundle)
    options = {"breakpoints_s": np.array(BREAKS_S), "tolerance_K": 1e-4}
    run = integrate(system, case.y, 0.0, 600.0, **options)
    hit = [row[0] for row in run.events if row[1] == LIMIT and row[0] not in BREAKS_S]
    assert hit
    for time_s in hit:
        again = integrate(system, case.y, 0.0, 600.0, times_s=np.array([time_s]), **options)
        _, flows = system.rates(time_s, again.y[0])
        net = flows[b.bt_flow_charge[0]] + flows[b.bt_flow_curtail[0]] - flows[b.bt_flow_discharge[0]]
        assert flows[b.bt_flow_curtail[0]] == pytest.approx(0.0, abs=1e-3 * abs(net))
        assert flows[b.bt_flow_discharge[0]] == 0.0
