"""The door for units. Expected factors are the definitions of the units (SI Brochure, NIST SP 811)."""

import pickle

import numpy as np
import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import FOREIGN, UNITS, quantities

import thermalsat as ts
from thermalsat import Q
from thermalsat.errors import InputError, ThermalsatError
from thermalsat.units import (
    Bare,
    UnitsError,
    from_si,
    si,
    si_angle,
    si_difference,
    si_fraction,
    si_nonnegative,
    si_positive,
)


@given(data=st.data(), unit=st.sampled_from(sorted(UNITS)))
def test_any_spelling_of_a_quantity_gives_its_si_value(data, unit):
    written, wanted = data.draw(quantities(unit, 1.0, 1e4))
    got = si(written, unit, "x")
    assert type(got) is float
    assert got == pytest.approx(wanted, rel=1e-12, abs=1e-12 * 273.15)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("27 degC", "K", 300.15),
        ("27degC", "K", 300.15),
        ("-40 °C", "K", 233.15),
        ("−40 °C", "K", 233.15),
        ("-40 degF", "K", 233.15),
        ("5.5 W/m²/K", "W/m^2/K", 5.5),
        ("10 W/m^2/degC", "W/m^2/K", 10.0),
        ("18 W/m^2/degF", "W/m^2/K", 32.4),
        ("10 W/(m^2 K)", "W/m^2/K", 10.0),
        ("1e5 s", "s", 1e5),
        ("1.5E-3 s", "s", 1.5e-3),
        (".5 h", "s", 1800.0),
        ("1_000 s", "s", 1000.0),
        ("120 kW", "W", 120e3),
        ("160 Wh/kg", "J/kg", 576e3),
        ("2 W·h", "J", 7200.0),
        ("-0.23 %/K", "1/K", -0.0023),
        ("36 bar", "Pa", 3.6e6),
    ],
)
def test_texts_that_engineers_write(text, unit, value):
    assert si(text, unit, "x") == pytest.approx(value, rel=1e-14)


def test_a_text_of_several_digits_keeps_its_last_one():
    assert si_fraction("0.88", "emittance") == 0.88


@pytest.mark.parametrize(
    ("value", "unit", "message"),
    [
        (120, "W", '`x` must be a power with a unit, e.g. "120 kW" or Q(120, "kW"); got 120'),
        (1.5, "m", '`x` must be a length with a unit, e.g. "1.5 m" or Q(1.5, "m"); got 1.5'),
        (
            "27",
            "K",
            '`x` must be an absolute temperature with a unit, e.g. "27 degC" or Q(27, "degC"); got \'27\'',
        ),
        (np.float64(3.0), "m^2", '`x` must be an area with a unit, e.g. "3.0 m^2" or Q(3.0, "m^2"); got 3.0'),
        (np.ones(2), "W", '`x` must be a power with a unit, e.g. "120 kW" or Q(120, "kW"); got [1. 1.]'),
        (None, "kg", '`x` must be a mass with a unit, e.g. "1360 kg" or Q(1360, "kg"); got None'),
        (True, "W", '`x` must be a power with a unit, e.g. "120 kW" or Q(120, "kW"); got True'),
        ("120 kw", "W", "`x` has an unknown unit 'kw'; did you mean 'kW'?"),
        ("120 KW", "W", "`x` has an unknown unit 'KW'; did you mean 'kW'?"),
        ("120 kWatts", "W", "`x` has an unknown unit 'kWatts'; did you mean 'watt'?"),
        ("110 m2", "m^2", "`x` has an unknown unit 'm2'; did you mean 'm^2'?"),
        ("27 Kelvin", "K", "`x` has an unknown unit 'Kelvin'; did you mean 'kelvin'?"),
        ("3 qwxyz", "W", "`x` has an unknown unit 'qwxyz'"),
        ("1,000 W", "W", "`x` has a unit that cannot be read: ',000 W'; write it like \"kW\""),
        (["1 W", 2], "W", '`x[1]` must be a power with a unit, e.g. "2 kW" or Q(2, "kW"); got 2'),
    ],
)
def test_what_has_no_readable_unit_is_refused_with_the_remedy(value, unit, message):
    with pytest.raises(UnitsError) as caught:
        si(value, unit, "x")
    assert str(caught.value) == message


@pytest.mark.parametrize("value", ["120 m", Q(120, "m"), FOREIGN.Quantity(120, "m"), Q([1, 2], "m")])
def test_another_dimension_is_refused_with_what_was_given(value):
    with pytest.raises(UnitsError, match=r"`power` must be a power .* m \(\[length\]\)"):
        si(value, "W", "power")


def test_coulombs_are_not_celsius():
    with pytest.raises(UnitsError, match="write degC or degF"):
        si("27 C", "K", "temperature")


@pytest.mark.parametrize("value", ["5 delta_degC", "5 delta_degF", Q(5, "delta_degC")])
def test_a_difference_is_not_an_absolute_temperature(value):
    with pytest.raises(UnitsError, match="must be an absolute temperature.*which is a difference"):
        si(value, "K", "temperature")


@pytest.mark.parametrize("value", ["5 degC", "9 degF", Q(5, "degC"), FOREIGN.Quantity(5, "degC")])
def test_an_absolute_temperature_is_not_a_difference(value):
    with pytest.raises(UnitsError, match="must be a temperature difference.*which is a temperature"):
        si_difference(value, "margin")


@pytest.mark.parametrize("value", ["5 K", "5000 mK", "5 delta_degC", "9 delta_degF", Q(5, "K")])
def test_differences_come_out_in_kelvin(value):
    assert si_difference(value, "margin") == pytest.approx(5.0, rel=1e-14)


@pytest.mark.parametrize("value", [0.3, "0.3", "30 %", Q(30, "percent"), Q(0.3, ""), np.float64(0.3)])
def test_fractions_in_every_form(value):
    assert si_fraction(value, "share") == pytest.approx(0.3, rel=1e-15)
    assert type(si_fraction(value, "share")) is float


@pytest.mark.parametrize("value", ["30 deg", Q(0.3, "rad"), "0.3 sr", "3 m", True, None, "x", "", 1j])
def test_what_is_no_fraction_is_refused(value):
    with pytest.raises(UnitsError, match="`share` must be a plain number or a percentage"):
        si_fraction(value, "share")


def test_a_fraction_outside_its_range_is_named():
    with pytest.raises(InputError, match=r"^`emissivity` must be between 0 and 1, got 1\.3$"):
        si_fraction(1.3, "emissivity")
    with pytest.raises(InputError, match=r"^`emissivity\[1\]` must be between 0 and 1, got -0\.1$"):
        si_fraction([0.2, -0.1], "emissivity")
    with pytest.raises(InputError, match=r"^`factor` must be at least 1, got 0\.5$"):
        si_fraction(0.5, "factor", 1.0, np.inf)


def test_angles_need_their_unit():
    assert si_angle("180 deg", "angle") == pytest.approx(np.pi, rel=1e-15)
    assert si_angle(Q(0.5, "turn"), "angle") == pytest.approx(np.pi, rel=1e-15)
    assert si_angle("1 mrad", "angle") == pytest.approx(1e-3, rel=1e-15)
    for value in (28.5, "28.5", Q(28.5, ""), "30 %", "1 deg^2", "3 m"):
        with pytest.raises(UnitsError, match="`angle` must be an angle with a unit"):
            si_angle(value, "angle")


@pytest.mark.parametrize("value", [Q(np.nan, "W"), Q(-np.inf, "W"), "1e999 W", Q([1.0, np.nan], "W")])
def test_what_is_not_finite_is_refused(value):
    with pytest.raises(InputError, match=r"^`power(\[1\])?` must be finite, got (nan|-?inf) W|'1e999 W'"):
        si(value, "W", "power")


def test_no_temperature_lies_below_absolute_zero():
    assert si("-273.15 degC", "K", "temperature") == 0.0
    with pytest.raises(InputError, match=r"^`temperature` must not be below absolute zero, got '-300 degC'$"):
        si("-300 degC", "K", "temperature")


def test_signs():
    assert si_nonnegative("0 m", "m", "length") == 0.0
    with pytest.raises(InputError, match="^`length` must be above zero, got '0 m'$"):
        si_positive("0 m", "m", "length")
    with pytest.raises(InputError, match=r"^`length\[1\]` must not be negative, got -2 m$"):
        si_nonnegative(Q([1, -2], "m"), "m", "length")


def test_sequences_and_arrays_become_float_arrays():
    mixed = si(["1 kW", Q(2, "W"), FOREIGN.Quantity(3, "mW")], "W", "power")
    np.testing.assert_allclose(mixed, [1000.0, 2.0, 0.003], rtol=1e-15)
    assert mixed.dtype == np.float64
    np.testing.assert_array_equal(si(np.array(["1 W", "2 W"]), "W", "power"), [1.0, 2.0])
    np.testing.assert_array_equal(
        si(np.array([Q(1, "W"), Q(2, "W")], dtype=object), "W", "power"), [1.0, 2.0]
    )
    assert si(Q(np.ones((2, 3)), "kW"), "W", "power").shape == (2, 3)
    with pytest.raises(InputError, match="`power` must not be empty"):
        si([], "W", "power")
    with pytest.raises(InputError, match="`power` must be a regular array"):
        si([["1 W"], ["1 W", "2 W"]], "W", "power")


def test_the_result_is_a_copy():
    q = Q(np.array([1.0, 2.0]), "W")
    si(q, "W", "power")[0] = 99.0
    assert q.magnitude[0] == 1.0


def test_a_swapped_application_registry_is_followed():
    before = pint.get_application_registry().get()
    other = pint.UnitRegistry()
    try:
        pint.set_application_registry(other)
        assert Q("3 kW")._REGISTRY is other
        assert from_si(3.0, "W")._REGISTRY is other
        assert si(before.Quantity(2, "kW"), "W", "power") == 2000.0
    finally:
        pint.set_application_registry(before)


def test_a_unit_of_a_foreign_registry_is_understood():
    FOREIGN.define("racklet = 7 * kilowatt")
    assert si(FOREIGN.Quantity(2, "racklet"), "W", "power") == pytest.approx(14e3)


def test_q_makes_converts_and_passes():
    assert Q("27 degC").to("K").magnitude == pytest.approx(300.15)
    assert Q("3 kW", "W").magnitude == pytest.approx(3000.0)
    assert Q(0.3, "").dimensionless
    q = FOREIGN.Quantity(1, "W")
    assert Q(q) is q
    np.testing.assert_allclose(Q([1, 2], "kW").m_as("W"), [1000.0, 2000.0])
    for arguments in ((3,), ("3",), ("x",), (True, "W"), ("3 kW", "m"), (3, "kw"), (3, "kW+"), (None,)):
        with pytest.raises(UnitsError):
            Q(*arguments)


def test_units_error_is_caught_as_any_of_its_kinds_and_pickles():
    with pytest.raises(UnitsError) as caught:
        si(3, "W", "power")
    for kind in (TypeError, ValueError, InputError, ThermalsatError, pint.errors.PintTypeError):
        assert isinstance(caught.value, kind)
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is UnitsError
    assert str(again) == str(caught.value)


@given(text=st.text(max_size=12))
def test_any_text_is_read_or_refused(text):
    try:
        value = si(text, "W", "power")
    except InputError as error:
        assert "`power`" in str(error)
    else:
        assert np.isfinite(value)


def test_bare_numbers_pass_where_their_unit_is_the_one_asked_for():
    assert si(Bare(120e3, "W"), "W", "power") == 120e3
    assert type(si(Bare(np.float64(3.0), "K"), "K", "t")) is float
    assert si_difference(Bare(5.0, "K"), "margin") == 5.0
    given_m = np.arange(3.0)
    found = si(Bare(given_m, "m"), "m", "edges")
    np.testing.assert_array_equal(found, given_m)
    assert found is not given_m


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda: si(Bare(5.0, "kg"), "W", "power"), "a power with a unit.*got 5.0 kg"),
        (lambda: si(Bare(np.nan, "W"), "W", "power"), "`power` must be finite, got nan W"),
        (lambda: si(Bare(-1.0, "K"), "K", "t"), "below absolute zero, got -1.0 K"),
        (lambda: si_positive(Bare(0.0, "m"), "m", "length"), "above zero, got 0.0 m"),
        (lambda: si_nonnegative(Bare(-2.0, "W"), "W", "heat"), "not be negative, got -2.0 W"),
    ],
)
def test_bare_numbers_are_checked_like_any_other(read, message):
    with pytest.raises(InputError, match=message):
        read()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("altitude", lambda: ts.Orbit.from_beta(altitude=Q([500, 600], "km"), beta="0 deg")),
        ("beta", lambda: ts.Orbit.from_beta(altitude="500 km", beta=Q([0, 10], "deg"))),
        ("period", lambda: ts.Table(["0 s", "1 s"], ["1 W", "2 W"], period=Q([1, 2], "s"))),
        ("period", lambda: ts.Function(np.sin, period=Q([1, 2], "s"))),
        ("radiator.area", lambda: ts.designs.load("leo-53").replace("radiator.area", Q([1, 2], "m^2"))),
    ],
)
def test_arrays_are_refused_where_one_value_is_wanted(name, make):
    with pytest.raises(InputError, match=f"`{name}` must be one value, got 2"):
        make()
