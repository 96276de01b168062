"""Tables and functions of time as a user states them, against NumPy's and SciPy's interpolation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline
from strategies import floats

from thermalsat import Function, Q, Table
from thermalsat.errors import InputError
from thermalsat.forcing import to_pieces
from thermalsat.units import UnitsError

TIMES = ["0 min", "10 min", "36 min", "96 min"]
PERIOD_S = 5760.0


def test_linear_table_interpolates_in_the_unit_of_the_answer():
    pieces = Table(TIMES, ["0 degC", "20 degC", "-10 degC", "0 degC"], period="96 min").pieces("K")
    t = np.linspace(-PERIOD_S, 2.0 * PERIOD_S, 777)
    expected = 273.15 + np.interp(t, [0.0, 600.0, 2160.0], [0.0, 20.0, -10.0], period=PERIOD_S)
    np.testing.assert_allclose(pieces(t), expected, rtol=1e-13)
    np.testing.assert_array_equal(pieces.breakpoints, [0.0, 600.0, 2160.0])


def test_step_table_holds_a_value_until_the_next_time():
    pieces = Table(Q([0, 10, 40], "min"), Q([120, 150, 120], "kW"), kind="step").pieces("W")
    np.testing.assert_array_equal(
        pieces([0.0, 599.0, 600.0, 2399.0, 2400.0, 1e6]) / 1e3, [120, 120, 150, 150, 120, 120]
    )
    np.testing.assert_array_equal(pieces.breakpoints, [600.0, 2400.0])
    assert pieces.covers(0.0, 1e6)


def test_periodic_step_table_wraps_round():
    pieces = Table(["10 s", "15 s"], ["1 W", "3 W"], kind="step", period="20 s").pieces("W")
    np.testing.assert_array_equal(pieces([0.0, 9.0, 10.0, 15.0, 29.0, 30.0]), [3.0, 3.0, 1.0, 3.0, 3.0, 1.0])


@given(values=st.lists(floats(-100.0, 100.0), min_size=4, max_size=9), t=floats(0.0, 1.0))
def test_cubic_table_is_the_spline_of_scipy(values, t):
    times = np.linspace(0.0, 1.0, len(values))
    pieces = Table(Q(times, "s"), Q(values, "W"), kind="cubic").pieces("W")
    assert pieces(t) == pytest.approx(CubicSpline(times, values)(t), abs=1e-9)
    closed = [*values, values[0]]
    times = np.linspace(0.0, 1.0, len(closed))
    pieces = Table(Q(times, "s"), Q(closed, "W"), kind="cubic", period="1 s").pieces("W")
    assert pieces(t + 3.0) == pytest.approx(CubicSpline(times, closed, bc_type="periodic")(t), abs=1e-9)
    assert pieces.breakpoints.size == 0


def test_tables_of_plain_numbers_are_dimensionless():
    table = Table(["0 s", "10 s"], [0.0, 1.0])
    assert table.pieces("")(5.0) == 0.5
    with pytest.raises(UnitsError, match=r"`power\[0\]` must be a power with a unit"):
        table.pieces("W", "power")


def test_differences_and_absolute_temperatures_stay_apart():
    table = Table(["0 s", "10 s"], ["1 delta_degC", "3 delta_degC"])
    assert table.pieces("K", difference=True)(5.0) == pytest.approx(2.0)
    with pytest.raises(UnitsError, match="which is a difference"):
        table.pieces("K")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["0 s", "5 s", "5 s"], ["1 W"] * 3), r"must increase, but time\[1\] = 5 s and time\[2\] = 5 s"),
        ((["0 s", "9 s", "5 s"], ["1 W"] * 3), r"must increase, but time\[1\] = 9 s and time\[2\] = 5 s"),
        ((["0 s", "1 s"], ["1 W"]), "must have the same length, got 2 times and 1 values"),
        ((["0 s"], ["1 W"]), "must hold at least 2 times for a linear table, got 1"),
        ((["0 s", "1 s"], "1 W"), "must hold a value for each time, got one: 1 W"),
        (([0, 1], ["1 W", "2 W"]), r"`time\[0\]` must be a duration with a unit"),
        (
            (["0 s", "1 s"], ["1 W", "2 W"], "spline"),
            '`kind` must be "linear", "step" or "cubic", got \'spline\'',
        ),
        ((["0 s", "1 s"], ["1 W", "1 W"], "linear", "2 s"), "must span the period of 2 s exactly, got 1 s"),
        ((["0 s", "1 s"], ["1 W", "1 W"], "step", "1 s"), "must span less than the period of 1 s"),
        ((["0 s", "1 s"], ["1 W", "1 W"], "linear", "0 s"), "`period` must be above zero"),
        ((["0 s", "nan s"], ["1 W", "1 W"]), r"`time\[1\]` must be a duration"),
        ((Q([0.0, np.nan], "s"), ["1 W", "1 W"]), r"`time\[1\]` must be finite, got nan s"),
    ],
)
def test_bad_tables_are_refused_with_the_place(arguments, message):
    with pytest.raises(InputError, match=message):
        Table(*arguments)


def test_bad_values_are_refused_with_the_place():
    with pytest.raises(InputError, match=r"`load\[1\]` must be finite, got nan W"):
        Table(["0 s", "1 s"], Q([1.0, np.nan], "W")).pieces("W", "load")
    with pytest.raises(InputError, match=r"load\[0\] = 1 W and load\[1\] = 2 W"):
        Table(["0 s", "1 s"], ["1 W", "2 W"], period="1 s").pieces("W", "load")
    with pytest.raises(UnitsError, match=r"`load\[1\]` must be a power"):
        Table(["0 s", "1 s"], ["1 W", "2 m"]).pieces("W", "load")


def test_functions_return_quantities_or_numbers_with_a_unit():
    t = np.linspace(0.0, 3.0 * PERIOD_S, 501)
    expected = 300.15 + 10.0 * np.sin(2.0 * np.pi * t / PERIOD_S)

    def celsius(t):
        return 27.0 + 10.0 * np.sin(2.0 * np.pi * t / PERIOD_S)

    for function in (
        Function(celsius, period="96 min", unit="degC"),
        Function(lambda t: Q(celsius(t), "degC"), period="96 min"),
        Function(lambda t: Q(celsius(t) + 273.15, "K"), period=Q(96, "min")),
    ):
        np.testing.assert_allclose(function.pieces("K")(t), expected, atol=2e-8)
    with pytest.raises(UnitsError, match="`sink` returns numbers without a unit"):
        Function(celsius, period="96 min").pieces("K", "sink")
    with pytest.raises(UnitsError, match="`sink` must be a power"):
        Function(celsius, period="96 min", unit="degC").pieces("W", "sink")
    with pytest.raises(UnitsError, match="unknown unit 'degc'"):
        Function(celsius, period="96 min", unit="degc")


def test_the_function_is_sampled_once():
    calls = []

    def f(t):
        calls.append(t)
        return 1.0 + 0.0 * t

    pieces = Function(f, period="1 h", unit="W").pieces("W")
    sampled = len(calls)
    pieces(np.linspace(0.0, 1e5, 1000))
    assert len(calls) == sampled


def test_range_of_a_function_without_period():
    ramp = Function(lambda t: t, breakpoints=["0 s", "10 s"], unit="kW")
    assert ramp.pieces("W")(5.0) == pytest.approx(5000.0)
    assert ramp.pieces("W", span=(0.0, 100.0))(50.0) == pytest.approx(50e3)
    with pytest.raises(InputError, match="must have a period, or breakpoints at its start and its end"):
        Function(lambda t: t, unit="kW").pieces("W")


def test_an_undeclared_jump_of_a_function_is_named():
    def burst(t):
        return np.where((t > 600.0) & (t < 1200.0), 150.0, 120.0)

    with pytest.raises(InputError, match=r"`load` jumps at t = (600|1200)\.?\d* s"):
        Function(burst, period="96 min", unit="kW").pieces("W", "load")
    declared = Function(burst, ["10 min", "20 min"], period="96 min", unit="kW").pieces("W")
    np.testing.assert_array_equal(
        declared([599.0, 600.0, 1199.0, 1200.0]) / 1e3, [120.0, 150.0, 150.0, 120.0]
    )
    assert declared(600.0, side="left") == 120e3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3.0,), "`f` must be a function of an array of times, got 3.0"),
        ((np.cos, ["3 s"], "2 s"), "`breakpoints` must lie between 0 and the period of 2 s, got 3 s to 3 s"),
        ((np.cos, [3.0], "5 s"), r"`breakpoints\[0\]` must be a duration with a unit"),
        ((np.cos, (), "-5 s"), "`period` must be above zero"),
    ],
)
def test_bad_functions_are_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        Function(*arguments)


def test_a_value_that_is_not_finite_is_named_with_its_time():
    function = Function(lambda t: np.where(t < 50.0, 1.0, np.nan), period="100 s", unit="W")
    with pytest.raises(InputError, match=r"`load` must be finite, got nan at t = 50\.\d+ s"):
        function.pieces("W", "load")


def test_to_pieces_takes_whatever_may_vary():
    assert to_pieces("120 kW", "W", "load").is_constant
    assert to_pieces("120 kW", "W", "load")(3.0) == 120e3
    assert to_pieces(0.3, "", "share")(3.0) == 0.3
    assert to_pieces("3 K", "K", "margin", difference=True)(0.0) == 3.0
    assert to_pieces(Table(["0 s", "2 s"], ["1 W", "3 W"]), "W", "load")(1.0) == 2.0
    assert to_pieces(Function(lambda t: t, unit="W"), "W", "load", span=(0.0, 9.0))(4.0) == pytest.approx(4.0)
    with pytest.raises(UnitsError, match="`load` must be a power with a unit"):
        to_pieces(120e3, "W", "load")
    with pytest.raises(InputError, match="`load` must be one value, a Table or a Function"):
        to_pieces(["1 W", "2 W"], "W", "load")


def test_reprs_tell_what_they_hold():
    assert (
        repr(Table(TIMES, ["1 W"] * 4, period="96 min"))
        == "<Table: 4 values, 'linear', 0 s to 5760 s, period 5760 s>"
    )
    assert repr(Function(np.cos, ["1 s"], "5 s")) == "<Function: 1 breakpoints, period 5 s>"


def test_functions_of_one_number_are_told_what_to_take():
    with pytest.raises(InputError, match="`heat` must be a function of an array of times"):
        Function(lambda t: math.sin(t), period="10 s", unit="W").pieces("W", "heat")
