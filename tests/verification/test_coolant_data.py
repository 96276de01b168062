"""Shipped coolant tables against CoolProp and against published values."""

import numpy as np
import pytest

from thermalsat.components.coolant import Coolant

CoolProp = pytest.importorskip("CoolProp.CoolProp")

COOLPROP_NAMES = {
    "ammonia": "Ammonia",
    "PG25": "INCOMP::MPG[0.25]",
    "water": "Water",
    "HFE-7100": "INCOMP::HFE2",
}


@pytest.mark.parametrize("name", COOLPROP_NAMES)
@pytest.mark.parametrize(
    ("key", "law", "within"),
    [
        ("D", "density", 1e-6),
        ("C", "specific_heat", 1e-5),
        ("L", "conductivity", 2e-5),
        ("V", "viscosity", 1e-5),
    ],
)
def test_tables_reproduce_coolprop(name, key, law, within):
    coolant = Coolant.preset(name)
    kelvin = np.linspace(coolant.lowest_K + 0.01, coolant.highest_K - 0.01, 47)
    expected = [CoolProp.PropsSI(key, "T", t, "P", coolant.pressure_Pa, COOLPROP_NAMES[name]) for t in kelvin]
    np.testing.assert_allclose(getattr(coolant.laws, law)(kelvin), expected, rtol=within)


@pytest.mark.parametrize("pressure_bar", [10.0, 25.0, 50.0, 80.0])
def test_ammonia_at_other_pressures(pressure_bar):
    coolant = Coolant.preset("ammonia", f"{pressure_bar} bar")
    kelvin = np.linspace(coolant.lowest_K + 0.01, coolant.highest_K - 0.01, 23)
    for key, law in (("D", "density"), ("C", "specific_heat"), ("L", "conductivity"), ("V", "viscosity")):
        expected = [CoolProp.PropsSI(key, "T", t, "P", 1e5 * pressure_bar, "Ammonia") for t in kelvin]
        np.testing.assert_allclose(getattr(coolant.laws, law)(kelvin), expected, rtol=1e-4)


@pytest.mark.parametrize("name", COOLPROP_NAMES)
def test_enthalpy_is_coolprops(name):
    # of an incompressible fluid CoolProp's own enthalpy differs from the integral of its cp by 0.01 K
    coolant = Coolant.preset(name)
    kelvin = np.linspace(coolant.lowest_K + 0.01, coolant.highest_K - 0.01, 23)
    enthalpy = [CoolProp.PropsSI("H", "T", t, "P", coolant.pressure_Pa, COOLPROP_NAMES[name]) for t in kelvin]
    origin = CoolProp.PropsSI("H", "T", 300.0, "P", coolant.pressure_Pa, COOLPROP_NAMES[name])
    scale = coolant.laws.reference_specific_heat_J_kg_K
    within = 1e-4 if name in ("ammonia", "water") else 0.03
    np.testing.assert_allclose(
        coolant.laws.enthalpy(kelvin) / scale, (np.array(enthalpy) - origin) / scale, atol=within
    )


@pytest.mark.parametrize(
    ("celsius", "bar", "density", "specific_heat", "conductivity", "viscosity"),
    [(2.0, 4.623, 635.91, 4620.6, 0.5533, 1.666e-4), (40.0, 15.545, 579.61, 4933.3, 0.4438, 1.141e-4)],
)
def test_saturated_ammonia(celsius, bar, density, specific_heat, conductivity, viscosity):
    # CoolProp 8 (Gao et al. 2020), saturated liquid
    coolant = Coolant.preset("ammonia")
    temperature = f"{celsius} degC"
    assert coolant.saturation_pressure(temperature).m_as("bar") == pytest.approx(bar, abs=1e-3)
    at_saturation = coolant.at_pressure(coolant.saturation_pressure(temperature))
    kelvin = celsius + 273.15
    assert at_saturation.boiling_K == pytest.approx(kelvin, abs=1e-6)
    laws = at_saturation.laws
    assert laws.density(kelvin) == pytest.approx(density, abs=0.01)
    assert laws.specific_heat(kelvin) == pytest.approx(specific_heat, abs=0.1)
    assert laws.conductivity(kelvin) == pytest.approx(conductivity, abs=1e-4)
    assert laws.viscosity(kelvin) == pytest.approx(viscosity, abs=1e-7)


@pytest.mark.parametrize(("celsius", "bar"), [(60, 26.1), (70, 33.1), (80, 41.4), (90, 51.2)])
def test_ammonia_saturation_pressures(celsius, bar):
    assert Coolant.preset("ammonia").saturation_pressure(f"{celsius} degC").m_as("bar") == pytest.approx(
        bar, abs=0.06
    )


def test_ammonia_freezes_at_its_triple_point():
    assert Coolant.preset("ammonia").freezing_temperature.m_as("degC") == pytest.approx(-77.7, abs=0.1)


def test_pg25_at_40_degC():
    # CoolProp's MPG (Melinder 2010), 25 % by mass
    pg = Coolant.preset("PG25")
    assert pg.density("40 degC").m_as("kg/m^3") == pytest.approx(1009.9, abs=0.05)
    assert pg.specific_heat("40 degC").m_as("J/kg/K") == pytest.approx(3968.6, abs=0.1)
    assert pg.conductivity("40 degC").m_as("W/m/K") == pytest.approx(0.4858, abs=1e-4)
    assert pg.viscosity("40 degC").m_as("Pa*s") == pytest.approx(1.353e-3, abs=1e-6)
    assert pg.freezing_temperature.m_as("degC") == pytest.approx(-9.8, abs=0.05)


def test_rack_loop_of_pg25_warms_by_ten_kelvin():
    # 120 kW into 180 L/min of PG25 at 40 degC: 9.98 K
    pg = Coolant.preset("PG25")
    flow_kg_s = pg.density("40 degC").m_as("kg/m^3") * 0.180 / 60.0
    rise = 120e3 / (flow_kg_s * pg.specific_heat("40 degC").m_as("J/kg/K"))
    assert rise == pytest.approx(9.98, abs=0.005)


def test_dielectric_conducts_like_its_data_sheet():
    # 3M Novec 7100: 0.069 W/m/K, 1183 J/kg/K, 27 kPa at 25 degC, boils at 61 degC; not the 0.97 W/m/K
    # of CoolProp's INCOMP::HFE
    hfe = Coolant.preset("HFE-7100")
    assert hfe.conductivity("25 degC").m_as("W/m/K") == pytest.approx(0.069, abs=0.001)
    assert hfe.specific_heat("25 degC").m_as("J/kg/K") == pytest.approx(1183.0, abs=1.0)
    assert hfe.saturation_pressure("25 degC").m_as("kPa") == pytest.approx(27.0, abs=0.5)
    assert hfe.boiling_temperature("101325 Pa").m_as("degC") == pytest.approx(61.0, abs=0.5)


def test_water_boils_at_one_atmosphere():
    assert Coolant.preset("water").boiling_temperature("101325 Pa").m_as("K") == pytest.approx(
        373.124, abs=0.001
    )


def test_other_fluids_come_from_coolprop():
    methanol = Coolant.from_coolprop("Methanol", pressure="3 bar", name="methanol")
    expected = CoolProp.PropsSI("C", "T", 300.0, "P", 3e5, "Methanol")
    assert methanol.specific_heat("300 K").m_as("J/kg/K") == pytest.approx(expected, rel=1e-6)
    assert methanol.name == "methanol"
    glycol = Coolant.from_coolprop("INCOMP::MEG[0.30]", pressure="3 bar")
    expected = CoolProp.PropsSI("V", "T", 300.0, "P", 3e5, "INCOMP::MEG[0.30]")
    assert glycol.viscosity("300 K").m_as("Pa*s") == pytest.approx(expected, rel=1e-6)
