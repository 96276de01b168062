"""The coolant noun: presets, ranges, units, and its laws."""

import pickle

import numpy as np
import pytest

from thermalsat.components.coolant import Coolant
from thermalsat.errors import InputError
from thermalsat.units import Q, UnitsError

PRESETS = ("ammonia", "PG25", "water", "HFE-7100")


@pytest.fixture(scope="module", params=PRESETS)
def coolant(request):
    return Coolant.preset(request.param)


def inside(coolant, count=2001):
    return np.linspace(coolant.lowest_K, coolant.highest_K, count)


def test_enthalpy_temperature_and_its_inverse_agree(coolant):
    kelvin = inside(coolant, 20011)
    laws = coolant.laws
    back = laws.temperature(laws.enthalpy_temperature(kelvin))
    assert np.max(np.abs(back - kelvin)) < 1e-6


def test_slope_of_enthalpy_is_the_specific_heat(coolant):
    kelvin = inside(coolant)
    np.testing.assert_allclose(
        coolant.laws.enthalpy.derivative(kelvin), coolant.laws.specific_heat(kelvin), rtol=1e-6
    )


def test_enthalpy_temperature_is_enthalpy_over_reference_specific_heat(coolant):
    laws, kelvin = coolant.laws, inside(coolant)
    expected = laws.reference_K + laws.enthalpy(kelvin) / laws.reference_specific_heat_J_kg_K
    np.testing.assert_allclose(laws.enthalpy_temperature(kelvin), expected, rtol=1e-13)
    assert laws.enthalpy(laws.reference_K) == pytest.approx(0.0, abs=1e-6)
    assert laws.specific_heat(laws.reference_K) == pytest.approx(
        laws.reference_specific_heat_J_kg_K, rel=1e-8
    )


def test_laws_are_smooth_everywhere(coolant):
    for name in ("density", "specific_heat", "conductivity", "viscosity", "enthalpy", "temperature"):
        law = getattr(coolant.laws, name)
        knots = law.x0 + law.dx * np.arange(1, len(law.coef))
        assert np.allclose(
            law.derivative(knots - 1e-7), law.derivative(knots + 1e-7), rtol=2e-5, atol=1e-12
        ), name


def test_laws_stay_physical_well_beyond_boiling_and_freezing(coolant):
    kelvin = np.linspace(coolant.lowest_K - 20.0, coolant.highest_K + 60.0, 500)
    for name in ("density", "specific_heat", "conductivity", "viscosity"):
        assert np.all(getattr(coolant.laws, name)(kelvin) > 0.0), name
    assert np.all(np.diff(coolant.laws.enthalpy(kelvin)) > 0.0)


def test_quantity_methods_give_the_laws_with_units(coolant):
    kelvin = 0.5 * (coolant.lowest_K + coolant.highest_K)
    temperature = Q(kelvin, "K")
    for name, unit in (
        ("density", "kg/m^3"),
        ("specific_heat", "J/kg/K"),
        ("conductivity", "W/m/K"),
        ("viscosity", "Pa*s"),
        ("enthalpy", "J/kg"),
        ("enthalpy_temperature", "K"),
    ):
        got = getattr(coolant, name)(temperature)
        assert got.m_as(unit) == pytest.approx(getattr(coolant.laws, name)(kelvin), rel=1e-12)
    assert coolant.density([temperature, temperature]).shape == (2,)


def test_temperatures_outside_the_liquid_are_refused_by_name():
    ammonia = Coolant.preset("ammonia")
    with pytest.raises(
        InputError, match=r"`temperature` must be between 195\.51 and 346\.81 K, where ammonia at 36 bar"
    ):
        ammonia.density("80 degC")
    with pytest.raises(InputError, match=r"got 190\.00 K"):
        ammonia.viscosity(["250 K", "190 K"])
    with pytest.raises(UnitsError):
        ammonia.density(300.0)


def test_unknown_name_suggests_the_nearest():
    with pytest.raises(InputError, match="did you mean `ammonia`"):
        Coolant.preset("amonia")


def test_pressure_moves_boiling_and_properties_but_not_the_name():
    low, high = Coolant.preset("ammonia", "20 bar"), Coolant.preset("ammonia", pressure="36 bar")
    assert low.at_pressure("36 bar") == high
    assert hash(low.at_pressure("36 bar")) == hash(high)
    assert low != high
    assert low.boiling_K < high.boiling_K
    assert low.density("300 K") < high.density("300 K")
    assert high.boiling_temperature("20 bar").m_as("K") == pytest.approx(low.boiling_K)


@pytest.mark.parametrize(
    ("pressure", "message"), [("200 bar", "at most 100 bar"), ("1 mbar", "to be liquid")]
)
def test_pressures_without_liquid_data_are_refused(pressure, message):
    with pytest.raises(InputError, match=message):
        Coolant.preset("ammonia", pressure)


def test_usable_range_keeps_margins():
    ammonia = Coolant.preset("ammonia")
    low, high = ammonia.usable_range(boiling_margin="5 K", freezing_margin="10 K")
    assert high.m_as("K") == pytest.approx(ammonia.boiling_K - 5.0)
    assert low.m_as("K") == pytest.approx(ammonia.freezing_K + 10.0)
    with pytest.raises(InputError, match="must leave a range"):
        ammonia.usable_range(boiling_margin="200 K")


def test_saturation_pressure_is_the_inverse_of_boiling(coolant):
    pressure = Q(0.9, "bar")
    boiling = coolant.boiling_temperature(pressure)
    assert coolant.saturation_pressure(boiling).m_as("bar") == pytest.approx(0.9, rel=1e-9)


def test_constant_coolant_has_trivial_laws():
    own = Coolant.constant(
        "oil",
        specific_heat="2 kJ/kg/K",
        density="900 kg/m^3",
        conductivity="0.13 W/m/K",
        viscosity="5 mPa*s",
        boiling_temperature="450 K",
    )
    assert own.laws.enthalpy_temperature(333.0) == pytest.approx(333.0)
    assert own.laws.temperature(333.0) == pytest.approx(333.0)
    assert own.enthalpy("310 K").m_as("J/kg") == pytest.approx(20e3)
    assert own.viscosity("310 K").m_as("Pa*s") == pytest.approx(5e-3)
    assert own.boiling_K == 450.0
    assert own.at_pressure("3 bar") == own
    with pytest.raises(InputError, match="`density` must be above zero"):
        Coolant.constant(
            "x", specific_heat="1 J/kg/K", density="0 kg/m^3", conductivity="1 W/m/K", viscosity="1 Pa*s"
        )
    with pytest.raises(InputError, match="vapour pressure of oil is not known"):
        own.saturation_pressure("300 K")


def test_coolants_pickle(coolant):
    again = pickle.loads(pickle.dumps(coolant))
    assert again == coolant
    assert again.laws.viscosity(300.0) == coolant.laws.viscosity(300.0)


def test_records_name_source_and_date(coolant):
    properties, pressure = coolant.records
    assert properties.kind == "source"
    assert "CoolProp 8" in properties.citation
    assert len(properties.date) == len("2026-01-01")
    assert pressure.kind == "assumed"
