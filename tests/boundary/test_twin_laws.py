"""The twin's tables and element laws, each against its formula worked by hand or by the `laws` module."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from thermalsat import twin
from thermalsat.bundle import Bundle
from thermalsat.laws import Law, WallLaw
from thermalsat.twin.dual import Dual, larger, smaller
from thermalsat.twin.tables import law, wall_law

SIGMA = 5.670374419e-8


def nodes(n, **more):
    """n unknowns of 1 J/K, all counted, no temperature laws."""
    return {
        "n": n,
        "capacity": [1.0] * n,
        "weight": [1.0] * n,
        "stored": [1] * n,
        "temperature_law": [-1] * n,
        **more,
    }


def constants(*values):
    """Forcings that never change."""
    count = len(values)
    coef = np.zeros((count, 6))
    coef[:, 0] = values
    return {
        "forcing_ptr": np.arange(count + 1),
        "forcing_knots": [0.0, 1.0] * count,
        "forcing_coef": coef,
        "forcing_period": [0.0] * count,
    }


def one_law(fitted):
    return {
        "law_x0": [fitted.x0],
        "law_dx": [fitted.dx],
        "law_ptr": [0, len(fitted.coef)],
        "law_coef": fitted.coef,
    }


def test_duals_follow_the_rules_of_calculus():
    x, y = Dual(3.0, {0: 1.0}), Dual(2.0, {1: 1.0})
    f = 5.0 - (x * y + 2.0 * x) / (y - 1.0) + 1.0 / x - y / 4.0 + np.float64(2.0) * y
    assert f.value == pytest.approx(5 - 12 + 1 / 3 - 0.5 + 4)
    assert f.slopes[0] == pytest.approx(-(2 + 2) / 1 - 1 / 9)
    assert f.slopes[1] == pytest.approx(-3 / 1 + 12 / 1 - 0.25 + 2)
    assert larger(x, 0.0) is x
    assert larger(-x, 0.0) == 0.0
    assert smaller(x, y) is y
    assert smaller(y, 2.0) is y


@pytest.fixture
def jumping():
    """A period of 10 s with jumps at 0 and 4 s, and a ramp from 2 to 6 s that is held outside."""
    coef = np.zeros((3, 6))
    coef[0, :2], coef[1, 0], coef[2, :2] = (1.0, 0.5), 7.0, (20.0, 3.0)
    return Bundle(
        n=0,
        forcing_ptr=[0, 2, 3],
        forcing_knots=[0.0, 4.0, 10.0, 2.0, 6.0],
        forcing_coef=coef,
        forcing_period=[10.0, 0.0],
    )


@pytest.mark.parametrize(
    ("t", "value", "rate"),
    [
        (0.0, 1.0, 0.5),
        (2.0, 2.0, 0.5),
        (4.0, 7.0, 0.0),
        (9.9, 7.0, 0.0),
        (10.0, 1.0, 0.5),
        (-7.0, 2.5, 0.5),
        (32.0, 2.0, 0.5),
    ],
)
def test_periodic_forcing_repeats_and_takes_the_later_piece_at_a_knot(jumping, t, value, rate):
    s, sdot = twin.forcing_values(jumping, t)
    assert (s[0], sdot[0]) == pytest.approx((value, rate))


def test_forcing_keeps_to_its_side_of_a_jump_within_the_limits(jumping):
    s, sdot = twin.forcing_values(jumping, 4.0, 3.0, 4.0 - 1e-6)
    assert (s[0], sdot[0]) == pytest.approx((3.0, 0.5))
    s, _ = twin.forcing_values(jumping, 10.0, 9.0, 10.0 - 1e-6)
    assert s[0] == pytest.approx(7.0)
    s, _ = twin.forcing_values(jumping, 4.0, 4.0 + 1e-6, 5.0)
    assert s[0] == pytest.approx(7.0)


@pytest.mark.parametrize(
    ("t", "value", "rate"), [(-5.0, 20.0, 0.0), (2.0, 20.0, 3.0), (4.0, 26.0, 3.0), (60.0, 32.0, 0.0)]
)
def test_forcing_without_period_holds_its_end_values(jumping, t, value, rate):
    s, sdot = twin.forcing_values(jumping, t)
    assert (s[1], sdot[1]) == pytest.approx((value, rate))


@pytest.mark.parametrize("x", [100.0, 250.0, 251.0, 280.0, 333.3, 350.0, 500.0])
def test_law_is_the_law_of_the_laws_module(x):
    fitted = Law.fit(lambda T: 1.0 + 0.01 * T + np.sin(T / 20.0), 250.0, 350.0, 4)
    y = law(Bundle(n=0, **one_law(fitted)), 0, Dual(x, {0: 1.0}))
    assert y.value == pytest.approx(fitted(x), rel=1e-14)
    assert y.slopes[0] == pytest.approx(fitted.derivative(x), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("T", [200.0, 250.0, 290.0, 350.0, 400.0])
@pytest.mark.parametrize("w", [0.1, 0.2, 0.55, 1.0, 1.2])
def test_wall_law_is_that_of_the_laws_module(T, w):
    fitted = WallLaw.fit(
        lambda T, w: (1.0 + 0.002 * (T - 250.0)) * w**0.8 + T * w / 900.0, 250.0, 350.0, 3, 0.2, 1.0, 2
    )
    b = Bundle(
        n=0,
        wl_T0=[fitted.T0],
        wl_dT=[fitted.dT],
        wl_nT=[3],
        wl_w0=[fitted.w0],
        wl_dw=[fitted.dw],
        wl_nw=[2],
        wl_ptr=[0, 6],
        wl_coef=fitted.coef,
    )
    y = wall_law(b, 0, Dual(T, {0: 1.0}), Dual(w, {1: 1.0}))
    by_T, by_w = fitted.derivatives(T, w)
    assert y.value == pytest.approx(fitted(T, w), rel=1e-13)
    assert y.slopes[0] == pytest.approx(by_T, rel=1e-11)
    assert y.slopes.get(1, 0.0) == pytest.approx(by_w, rel=1e-11)


def test_radiation_to_space_by_hand():
    b = Bundle(
        **nodes(1, nb=1, nq=1, flow_external=[-1], boundary_forcing=[0], **constants(3.0)),
        gr_a=[0],
        gr_b=[1],
        gr_g=[0.5],
        gr_flow=[0],
    )
    F, flows = twin.rates(b, 0.0, [300.0])
    expected = SIGMA * 0.5 * (300.0**4 - 3.0**4)
    assert_allclose(flows, [expected], rtol=1e-14)
    assert_allclose(F, [-expected], rtol=1e-14)


def test_wall_star_gives_the_series_resistance():
    """Two rows at 320 K through 4 and 6 W/K, coolant at 300 K through 5 W/K: 20 / (1/10 + 1/5) = 66.667 W."""
    b = Bundle(
        **nodes(3, nq=1, flow_external=[0]),
        w_a=[0],
        w_b=[1],
        w_c=[2],
        w_ga=[4.0],
        w_gb=[6.0],
        w_g=[5.0],
        w_law=[-1],
        w_valve=[-1],
        w_c0=[1.0],
        w_c1=[0.0],
        w_flow=[0],
    )
    F, flows = twin.rates(b, 0.0, [320.0, 320.0, 300.0])
    assert_allclose(flows, [200.0 / 3.0], rtol=1e-14)
    assert_allclose(F, np.array([-0.4, -0.6, 1.0]) * 200.0 / 3.0, rtol=1e-14)


@pytest.mark.parametrize(("other", "ga", "expected"), [(-1, 4.0, 20.0 / (1 / 4 + 1 / 5)), (-1, 0.0, 100.0)])
def test_wall_on_an_edge_and_wall_that_is_the_row_itself(other, ga, expected):
    b = Bundle(
        **nodes(2),
        w_a=[0],
        w_b=[other],
        w_c=[1],
        w_ga=[ga],
        w_gb=[0.0],
        w_g=[5.0],
        w_law=[-1],
        w_valve=[-1],
        w_c0=[1.0],
        w_c1=[0.0],
        w_flow=[-1],
    )
    F, _ = twin.rates(b, 0.0, [320.0, 300.0])
    assert_allclose(F, [-expected, expected], rtol=1e-14)


def mixing(position):
    """A valve of the given position sends its share of 10 W/K from 360 K, the rest comes from node 0."""
    return Bundle(
        n=3,
        nb=1,
        nm=1,
        nq=1,
        capacity=[1.0, 1.0, 20.0],
        weight=[1.0, 1.0, 100.0],
        stored=[1, 1, 0],
        temperature_law=[-1, -1, -1],
        mixer_law=[-1],
        flow_external=[1],
        boundary_forcing=[0],
        **constants(360.0),
        adv_from=[0, 3, 4],
        adv_to=[4, 4, 1],
        adv_rate=[10.0, 10.0, 10.0],
        adv_valve=[0, 0, -1],
        adv_c0=[1.0, 0.0, 1.0],
        adv_c1=[-1.0, 1.0, 0.0],
        adv_flow=[-1, -1, 0],
        v_state=[2],
        v_sensor=[4],
        v_law=[0],
        **one_law(Law.ramp(300.0, 400.0, 0.9, 0.1)),
    ), [300.0, 310.0, position]


def test_mixer_and_valve_by_hand():
    """300 K and 360 K mixed 3 to 1 are 315 K: 50 W into node 1 at 310 K; the smoothstep is at 15 %."""
    F, flows = twin.rates(mixing(0.25)[0], 0.0, mixing(0.25)[1])
    assert_allclose(flows, [50.0], rtol=1e-14)
    assert_allclose(F, [0.0, 50.0, 0.9 - 0.8 * (3 * 0.15**2 - 2 * 0.15**3) - 0.25], rtol=1e-13)


def test_mixer_rows_of_the_full_jacobian_by_hand():
    """Balance 7.5 (y0 - m) + 2.5 (360 - m) = 0; opening the valve trades 300 K for 360 K at 10 W/K."""
    b, y = mixing(0.25)
    J = twin.jacobian_full(b, 0.0, y)
    assert_allclose(J[3], [7.5, 0.0, 10.0 * 60.0, -10.0], rtol=1e-13)
    assert_allclose(J[1], [0.0, -10.0, 0.0, 10.0], rtol=1e-13)
    assert_allclose(twin.jacobian(b, 0.0, y)[1], [7.5, -10.0, 600.0], rtol=1e-13)


def battery(net, soe, heat=0, landings=((0, 1.0),)):
    """A bus with `net` W; charge limit 100 W tapering from 1 at 0.8 to 0 at 1; efficiencies 0.95 and 0.9."""
    return Bundle(
        n=2,
        nq=5,
        capacity=[10.0, 3600.0],
        weight=[1.0, 100.0],
        stored=[1, 1],
        temperature_law=[-1, -1],
        flow_external=[1, 0 if heat >= 0 else -1, 0 if landings else -1, 0, 0],
        s_to=[-1],
        s_coef=[net],
        s_forcing=[-1],
        s_law=[-1],
        s_arg=[0],
        s_flow=[0],
        bt_soe=[1],
        bt_heat=[heat],
        bt_eta_c=[0.95],
        bt_eta_d=[0.9],
        bt_pmax=[100.0],
        bt_taper=[0],
        bt_flow_loss=[1],
        bt_flow_curtail=[2],
        bt_flow_charge=[3],
        bt_flow_discharge=[4],
        cu_ptr=[0, len(landings)],
        cu_to=[i for i, _ in landings],
        cu_share=[share for _, share in landings],
        **one_law(Law.ramp(0.8, 1.0, 1.0, 0.0)),
    ), [300.0, soe]


@pytest.mark.parametrize(
    ("net", "soe", "into_battery", "flows"),
    [
        (60.0, 0.5, 57.0, [60.0, 3.0, 0.0, 60.0, 0.0]),
        (130.0, 0.5, 95.0, [130.0, 5.0, 30.0, 100.0, 0.0]),
        (130.0, 0.9, 47.5, [130.0, 2.5, 80.0, 50.0, 0.0]),
        (130.0, 1.0, 0.0, [130.0, 0.0, 130.0, 0.0, 0.0]),
        (-90.0, 0.5, -100.0, [-90.0, 10.0, 0.0, 0.0, 90.0]),
    ],
)
def test_battery_charges_tapers_curtails_and_discharges(net, soe, into_battery, flows):
    b, y = battery(net, soe)
    F, got = twin.rates(b, 0.0, y)
    assert_allclose(got, flows, rtol=1e-12, atol=1e-12)
    assert_allclose(F, [flows[1] + flows[2], into_battery], rtol=1e-12, atol=1e-12)


def test_battery_losses_that_land_nowhere_leave_the_account():
    b, y = battery(130.0, 0.5, heat=-1, landings=())
    F, flows = twin.rates(b, 0.0, y)
    assert_allclose(F, [0.0, 95.0], atol=1e-12)
    assert twin.energy_defect(b, F, flows) == pytest.approx(0.0, abs=1e-12)


def test_plate_conducts_between_neighbours_x_fastest():
    """A 3 x 2 plate: unknown j nx + i; conductances 1, 2 | 3, 4 along x and 10, 20, 30 across."""
    b = Bundle(
        **nodes(6),
        pl_start=[0],
        pl_nx=[3],
        pl_ny=[2],
        pl_gx_ptr=[0, 4],
        pl_gx=[1.0, 2.0, 3.0, 4.0],
        pl_gy_ptr=[0, 3],
        pl_gy=[10.0, 20.0, 30.0],
    )
    for hot, expected in ((1, [1.0, -23.0, 2.0, 0.0, 20.0, 0.0]), (3, [10.0, 0.0, 0.0, -13.0, 3.0, 0.0])):
        y = np.full(6, 300.0)
        y[hot] += 1.0
        assert_allclose(twin.rates(b, 0.0, y)[0], expected, atol=1e-11)


def test_unknowns_of_the_wrong_number_are_refused():
    with pytest.raises(ValueError, match=r"`y` must have shape \(2,\), got \(3,\)"):
        twin.rates(Bundle(**nodes(2)), 0.0, [1.0, 2.0, 3.0])


def test_limits_default_to_all_times(jumping):
    assert_allclose(twin.forcing_values(jumping, 3.0), twin.forcing_values(jumping, 3.0, -math.inf, math.inf))
