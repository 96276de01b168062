"""Laws on bare floats, against the functions they follow and against exact integrals and derivatives."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import floats

from thermalsat.errors import InputError
from thermalsat.laws import Law, Pieces, WallLaw
from thermalsat.pieces import FOREVER_S
from thermalsat.sampling import MAX_PIECES

PERIOD = 5760.0
OMEGA = 2.0 * np.pi / PERIOD


class TestLaw:
    def test_fourth_order_of_the_hermite_fit(self):
        # classical bound of cubic Hermite interpolation: h^4 / 384 max |f''''|
        x = np.linspace(0.0, 3.0, 2001)
        errors = [np.abs(Law.fit(np.sin, 0.0, 3.0, n)(x) - np.sin(x)).max() for n in (10, 20, 40)]
        assert errors[0] < 1.01 * (3.0 / 10.0) ** 4 / 384.0
        assert errors[0] / errors[1] == pytest.approx(16.0, rel=0.05)
        assert errors[1] / errors[2] == pytest.approx(16.0, rel=0.05)

    @given(c=st.tuples(*[floats(-5.0, 5.0)] * 4), x=floats(0.0, 4.0))
    def test_a_cubic_is_its_own_fit(self, c, x):
        cubic = np.polynomial.Polynomial(c)
        law = Law.fit(cubic, 0.0, 4.0, 3)
        assert law(x) == pytest.approx(cubic(x), abs=1e-10)
        assert law.derivative(x) == pytest.approx(cubic.deriv()(x), abs=1e-9)

    def test_scalar_functions_and_given_derivatives(self):
        x = np.linspace(0.0, 3.0, 101)
        np.testing.assert_allclose(
            Law.fit(math.sin, 0.0, 3.0, 50)(x), Law.fit(np.sin, 0.0, 3.0, 50)(x), atol=1e-15
        )
        exact = Law.fit(np.sin, 0.0, 3.0, 50, df=np.cos)
        np.testing.assert_allclose(exact(x), np.sin(x), atol=4e-8)
        np.testing.assert_allclose(Law.fit(lambda x: 7.0, 0.0, 1.0, 2)(x), 7.0, atol=1e-13)

    def test_the_function_is_not_called_outside_the_range(self):
        def f(x):
            assert np.all(x >= 1.0)
            assert np.all(x <= 2.0)
            return np.log(x)

        assert Law.fit(f, 1.0, 2.0, 8)(1.5) == pytest.approx(math.log(1.5), abs=1e-6)

    @given(x=floats(-10.0, 10.0))
    def test_tangent_outside_the_grid(self, x):
        law = Law.hermite(0.0, 2.0, [1.0, 3.0, 2.0], [0.5, 0.0, -1.5])
        if x < 0.0:
            assert law(x) == pytest.approx(1.0 + 0.5 * x)
            assert law.derivative(x) == 0.5
        elif x > 2.0:
            assert law(x) == pytest.approx(2.0 - 1.5 * (x - 2.0))
            assert law.derivative(x) == pytest.approx(-1.5)
        else:
            h = 1e-6
            slope = (law(x + h) - law(x - h)) / (2.0 * h)
            assert law.derivative(x) == pytest.approx(slope, abs=1e-4)

    def test_ramp_and_constant(self):
        ramp = Law.ramp(1.0, 3.0, 0.0, 2.0)
        np.testing.assert_allclose(ramp([-9.0, 1.0, 2.0, 3.0, 9.0]), [0.0, 0.0, 1.0, 2.0, 2.0], atol=1e-14)
        np.testing.assert_allclose(
            ramp.derivative([0.0, 1.0, 2.0, 3.0, 9.0]), [0.0, 0.0, 1.5, 0.0, 0.0], atol=1e-14
        )
        assert Law.constant(4.0)(1e6) == 4.0
        assert Law.constant(4.0).scaled(0.5)(-3.0) == 2.0

    def test_arrays_are_read_only(self):
        with pytest.raises(ValueError, match="read-only"):
            Law.constant(1.0).coef[0, 0] = 2.0

    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (
                lambda: Law(0.0, 1.0, np.zeros((2, 3))),
                r"`coef` must have the shape \(pieces, 4\), got \(2, 3\)",
            ),
            (lambda: Law(0.0, 0.0, np.zeros((2, 4))), "`dx` above zero"),
            (lambda: Law(0.0, 1.0, np.full((2, 4), np.nan)), "must be finite"),
            (lambda: Law.ramp(2.0, 1.0, 0.0, 1.0), "`x_hi` must be above `x_lo` = 2, got 1"),
            (lambda: Law.fit(np.log, 1.0, 1.0, 3), "`hi` must be above `lo` = 1, got 1"),
            (lambda: Law.fit(np.log, 1.0, 2.0, 0), "`pieces` must be at least 1, got 0"),
            (
                lambda: Law.fit(lambda x: np.where(x > 1.9, np.nan, x), 1.0, 2.0, 4),
                "finite over its range, got nan at 1.9",
            ),
        ],
    )
    def test_bad_laws_are_refused(self, make, message):
        with pytest.raises(InputError, match=message):
            make()


class TestWallLaw:
    @given(T=floats(240.0, 360.0), w=floats(0.0, 1.2))
    def test_a_bicubic_is_its_own_fit_inside_tangent_in_temperature_held_in_flow(self, T, w):
        def value(T, w):
            x = (T - 300.0) / 50.0
            return (1.0 + x - 0.5 * x**3) * (2.0 + w**2 + 0.3 * w**3)

        def slopes(T, w):
            x = (T - 300.0) / 50.0
            return (1.0 - 1.5 * x**2) / 50.0 * (2.0 + w**2 + 0.3 * w**3), (1.0 + x - 0.5 * x**3) * (
                2.0 * w + 0.9 * w**2
            )

        law = WallLaw.fit(value, 250.0, 350.0, 3, 0.1, 1.0, 2)
        T_in, w_in = np.clip(T, 250.0, 350.0), np.clip(w, 0.1, 1.0)
        d_T, d_w = slopes(T_in, w_in)
        assert law(T, w) == pytest.approx(value(T_in, w_in) + d_T * (T - T_in), abs=1e-9)
        got_T, got_w = law.derivatives(T, w)
        assert got_T == pytest.approx(d_T, abs=1e-9)
        if not 0.1 <= w <= 1.0:
            assert got_w == 0.0
        elif 250.0 <= T <= 350.0:
            assert got_w == pytest.approx(d_w, abs=1e-8)

    def test_derivatives_are_those_of_the_value(self):
        law = WallLaw.fit(lambda T, w: np.sin(T / 30.0) * w**0.8, 250.0, 350.0, 9, 0.1, 1.0, 7)
        rng = np.random.default_rng(1)
        T, w = rng.uniform(230.0, 370.0, 300), rng.uniform(0.11, 0.99, 300)
        d_T, d_w = law.derivatives(T, w)
        np.testing.assert_allclose(d_T, (law(T + 1e-4, w) - law(T - 1e-4, w)) / 2e-4, atol=1e-6)
        np.testing.assert_allclose(d_w, (law(T, w + 1e-6) - law(T, w - 1e-6)) / 2e-6, atol=1e-6)

    def test_scalar_functions(self):
        law = WallLaw.fit(lambda T, w: math.exp(-T / 300.0) * w, 250.0, 350.0, 8, 0.1, 1.0, 4)
        assert law(310.0, 0.7) == pytest.approx(math.exp(-310.0 / 300.0) * 0.7, abs=1e-7)

    def test_bad_shape_is_refused(self):
        with pytest.raises(InputError, match=r"shape \(nT, nw, 4, 4\)"):
            WallLaw(0.0, 1.0, 0.0, 1.0, np.zeros((1, 4, 4)))
        with pytest.raises(InputError, match="`w_hi` must be above `w_lo`"):
            WallLaw.fit(lambda T, w: T, 1.0, 2.0, 1, 0.5, 0.5, 1)


@st.composite
def step_tables(draw):
    times = sorted(draw(st.sets(st.integers(0, 99), min_size=1, max_size=8)))
    values = draw(st.lists(floats(-10.0, 10.0), min_size=len(times), max_size=len(times)))
    return [float(t) for t in times], values


class TestPieces:
    @given(table=step_tables(), t=floats(-300.0, 300.0))
    def test_periodic_steps_by_counting(self, table, t):
        times, values = table
        assume(min(abs((t - s + 50.0) % 100.0 - 50.0) for s in times) > 1e-9)
        pieces = Pieces.steps(times, values, 100.0)
        index = int(np.searchsorted(times, t % 100.0, side="right")) - 1
        assert pieces(t) == values[index]
        assert pieces(t, side="left") == values[index]
        widths = np.diff([*times, times[0] + 100.0])
        assert pieces.mean() == pytest.approx(np.dot(widths, values) / 100.0, abs=1e-12)

    def test_each_side_of_a_step(self):
        pieces = Pieces.steps([0.0, 60.0], [1.0, 0.0], 100.0)
        t = [0.0, 60.0, 100.0, 160.0, -40.0]
        np.testing.assert_array_equal(pieces(t, side="right"), [1.0, 0.0, 1.0, 0.0, 0.0])
        np.testing.assert_array_equal(pieces(t, side="left"), [0.0, 1.0, 0.0, 1.0, 1.0])
        with pytest.raises(InputError, match='`side` must be "left" or "right"'):
            pieces(0.0, side="both")

    @given(first=st.integers(-3, 250), t=floats(-500.0, 500.0))
    def test_periodic_lines_agree_with_numpy(self, first, t):
        times = first + np.array([0.0, 11.0, 50.0, 93.0, 100.0])
        values = [1.0, 3.0, -2.0, 0.5, 1.0]
        pieces = Pieces.linear(times, values, 100.0)
        assert pieces.knots[0] == 0.0
        assert pieces.knots[-1] == 100.0
        expected = np.interp(t, times[:-1], values[:-1], period=100.0)
        assert pieces(t) == pytest.approx(expected, abs=1e-9)

    def test_held_outside_and_covers(self):
        ramp = Pieces.linear([10.0, 20.0], [1.0, 3.0])
        np.testing.assert_array_equal(ramp([0.0, 15.0, 99.0]), [1.0, 2.0, 3.0])
        np.testing.assert_array_equal(ramp.derivative([0.0, 15.0, 99.0]), [0.0, 0.2, 0.0])
        assert ramp.covers(10.0, 20.0)
        assert not ramp.covers(10.0, 20.1)
        assert not ramp.covers(9.0, 20.0)
        assert Pieces.constant(1.0).covers(-1e9, 1e9)
        steps = Pieces.steps([0.0, 5.0], [1.0, 2.0])
        assert steps.covers(0.0, 1e9)
        assert not steps.covers(-1.0, 1.0)
        np.testing.assert_array_equal(steps([4.0, 5.0, 1e8]), [1.0, 2.0, 2.0])

    def test_breakpoints_repeat_with_the_period(self):
        pieces = Pieces.steps([10.0, 60.0], [1.0, 0.0], 100.0)
        np.testing.assert_array_equal(pieces.breakpoints, [10.0, 60.0])
        np.testing.assert_array_equal(pieces.breakpoints_between(-90.0, 160.0), [-40.0, 10.0, 60.0, 110.0])
        assert Pieces.constant(2.0).breakpoints_between(0.0, 1e6).size == 0
        flat = Pieces.steps([0.0, 5.0, 7.0], [1.0, 1.0, 2.0])
        np.testing.assert_array_equal(flat.breakpoints, [7.0])

    @given(a=step_tables(), b=step_tables(), t=floats(-150.0, 250.0), c=floats(-3.0, 3.0))
    def test_sum_and_scale_act_point_by_point(self, a, b, t, c):
        one = Pieces.steps(*a, 100.0)
        two = Pieces.linear([0.0, 30.0, 100.0], [b[1][0], 4.0, b[1][0]], 100.0)
        three = Pieces.sample(lambda t: np.cos(2.0 * np.pi * t / 100.0), (), 100.0)
        total = one + 2.0 * two + three.scaled(c) + 7.0
        expected = one(t) + 2.0 * two(t) + c * three(t) + 7.0
        assert total(t) == pytest.approx(expected, abs=1e-10)
        slope = one.derivative(t) + 2.0 * two.derivative(t) + c * three.derivative(t)
        assert total.derivative(t) == pytest.approx(slope, abs=1e-10)
        assert set(two.breakpoints) <= set(total.breakpoints)

    def test_sum_of_aperiodic_functions_has_the_common_range(self):
        total = Pieces.sum([Pieces.linear([0.0, 10.0], [0.0, 10.0]), Pieces.steps([5.0, 7.0], [1.0, 3.0])])
        np.testing.assert_array_equal(total.knots, [5.0, 7.0, 10.0])
        np.testing.assert_allclose(total([5.0, 6.0, 7.0, 10.0]), [6.0, 7.0, 10.0, 13.0])
        assert Pieces.sum([Pieces.constant(1.0), Pieces.constant(2.0)]).is_constant
        with pytest.raises(InputError, match="must have one period, got 3 s and 4 s"):
            Pieces.steps([0.0, 1.0], [1.0, 2.0], 3.0) + Pieces.steps([0.0, 1.0], [1.0, 2.0], 4.0)
        with pytest.raises(InputError, match="no range of time in common"):
            Pieces.linear([0.0, 1.0], [1.0, 2.0]) + Pieces.linear([2.0, 3.0], [1.0, 2.0])

    def test_means(self):
        wave = Pieces.sample(lambda t: 3.0 + np.cos(OMEGA * t), (), PERIOD)
        assert wave.mean() == pytest.approx(3.0, abs=1e-9)
        assert wave.mean(0.0, PERIOD / 4.0) == pytest.approx(3.0 + 2.0 / np.pi, abs=1e-9)
        assert wave.mean(-PERIOD / 4.0, 2.25 * PERIOD) == pytest.approx(
            3.0 + 2.0 / (2.5 * 2.0 * np.pi), abs=1e-9
        )
        assert Pieces.constant(4.0).mean() == 4.0
        with pytest.raises(InputError, match="has no period"):
            Pieces.linear([0.0, 1.0], [0.0, 1.0]).mean()
        with pytest.raises(InputError, match="`stop_s` must be above"):
            wave.mean(3.0, 3.0)

    def test_bad_arrays_are_refused(self):
        for knots, coef, period in (
            ([0.0, 1.0], np.zeros((2, 6)), 0.0),
            ([0.0, 1.0, 1.0], np.zeros((2, 6)), 0.0),
            ([0.0, np.inf], np.zeros((1, 6)), 0.0),
            ([0.0, 1.0], np.full((1, 6), np.nan), 0.0),
            ([0.0, 1.0], np.zeros((1, 6)), 2.0),
        ):
            with pytest.raises(InputError):
                Pieces(np.array(knots), coef, period)


class TestSample:
    @given(
        amplitude=floats(1e-3, 1e6),
        offset=floats(-1e3, 1e3),
        harmonic=st.integers(1, 12),
        phase=floats(0.0, 6.0),
    )
    def test_error_below_its_bound_for_any_wave(self, amplitude, offset, harmonic, phase):
        def f(t):
            return offset + amplitude * np.sin(harmonic * OMEGA * t + phase)

        pieces = Pieces.sample(f, (), PERIOD)
        t = np.random.default_rng(2).uniform(0.0, PERIOD, 5000)
        assert np.abs(pieces(t) - f(t)).max() < 1e-9 * 2.0 * amplitude + 1e-13 * abs(offset)

    def test_declared_breakpoints_take_one_sided_limits(self):
        edges = np.array([0.0, 2160.0])

        def f(t):
            assert not np.isin(t, edges).any()
            return np.where(t < 2160.0, 0.0, np.cos(OMEGA * t))

        pieces = Pieces.sample(f, edges, PERIOD)
        np.testing.assert_array_equal(pieces.breakpoints, edges)
        assert pieces(2160.0, side="left") == 0.0
        assert pieces(2160.0) == pytest.approx(np.cos(OMEGA * 2160.0), abs=2e-9)
        assert pieces(0.0, side="left") == pytest.approx(1.0, abs=2e-9)

    @pytest.mark.parametrize("edge", [PERIOD / 2.0, PERIOD / 4.0, 1234.5678, 1.0, PERIOD - 0.01])
    @pytest.mark.parametrize("height", [1.0, 1e-3])
    def test_an_undeclared_jump_names_its_time(self, edge, height):
        def f(t):
            return np.cos(OMEGA * t) + np.where(np.mod(t, PERIOD) >= edge, height, 0.0)

        with pytest.raises(InputError, match="`f` jumps at t = .*add it to `breakpoints`") as caught:
            Pieces.sample(f, (0.0,), PERIOD)
        assert float(str(caught.value).split("t = ")[1].split(" s")[0]) == pytest.approx(edge, abs=1e-4)

    def test_a_jump_where_the_period_closes_must_be_declared(self):
        with pytest.raises(InputError, match="jumps at t = 0 s"):
            Pieces.sample(lambda t: t, (), 10.0)
        for declared in (0.0, 10.0):
            np.testing.assert_array_equal(Pieces.sample(lambda t: t, (declared,), 10.0).breakpoints, [0.0])

    def test_kinks_are_followed_declared_or_not(self):
        def f(t):
            return np.maximum(0.0, np.sin(OMEGA * t + 0.1))

        t = np.random.default_rng(3).uniform(0.0, PERIOD, 20000)
        assert np.abs(Pieces.sample(f, (), PERIOD)(t) - f(t)).max() < 1e-9
        kinks = (np.array([np.pi, 2.0 * np.pi]) - 0.1) / OMEGA
        declared = Pieces.sample(f, kinks, PERIOD)
        assert np.abs(declared(t) - f(t)).max() < 1e-9
        assert len(declared.coef) < len(Pieces.sample(f, (), PERIOD).coef)

    def test_polynomials_take_one_piece(self):
        pieces = Pieces.sample(lambda t: 1.0 + 2.0 * t - 0.3 * t**5, (), span=(0.0, 2.0))
        assert len(pieces.coef) == 1
        np.testing.assert_allclose(pieces.coef[0], [1.0, 2.0, 0.0, 0.0, 0.0, -0.3], atol=1e-11)
        assert Pieces.sample(lambda t: 5.0, (), PERIOD)(3.0) == 5.0

    def test_a_narrow_pulse_is_seen(self):
        def f(t):
            return np.exp(-(((t - 3000.0) / 10.0) ** 2))

        t = np.linspace(2900.0, 3100.0, 4001)
        assert np.abs(Pieces.sample(f, (), PERIOD)(t) - f(t)).max() < 1e-9

    @pytest.mark.parametrize(
        ("f", "arguments", "message"),
        [
            (
                lambda t: np.where(t > 50.0, np.nan, t),
                {"period": 100.0},
                r"must be finite, got nan at t = 50\.\d+ s",
            ),
            (lambda t: t[:3], {"period": 100.0}, "return an array of the same shape"),
            (np.cos, {}, "must have a period, or breakpoints at its start and its end"),
            (np.cos, {"span": (1.0, 1.0)}, "must have a range of time above zero, got 1 s to 1 s"),
            (np.cos, {"breakpoints": (3.0,), "period": 2.0}, "must lie between 0 and the period of 2 s"),
            (np.cos, {"breakpoints": (np.nan,), "period": 2.0}, "`breakpoints` of `f` must be finite"),
            (lambda t: np.sin(1e6 * t), {"span": (0.0, 1.0)}, "`f` is too rough near t = "),
        ],
    )
    def test_what_cannot_be_sampled_is_refused(self, f, arguments, message):
        with pytest.raises(InputError, match=message):
            Pieces.sample(f, **arguments)

    def test_the_number_of_pieces_is_limited(self):
        rng = np.random.default_rng(4)
        calls = []

        def noise(t):
            calls.append(t.size)
            return rng.normal(size=t.shape)

        with pytest.raises(InputError, match="too rough"):
            Pieces.sample(noise, (), PERIOD)
        assert sum(calls) < 100 * MAX_PIECES


def test_bare_float_laws_do_not_bring_pint():
    code = "import sys, thermalsat.laws, thermalsat.sampling; print('pint' in sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_for_ever_is_long():
    assert FOREVER_S > 1e4 * 365.25 * 86400.0
