"""The nouns: what they refuse, what they work out, and that they are values."""

import pickle
from dataclasses import FrozenInstanceError

import pint
import pytest

from thermalsat.components import (
    Battery,
    Bus,
    Coating,
    Coolant,
    CoolantLoop,
    Payload,
    Radiator,
    SolarArray,
)
from thermalsat.components.geometry import Geometry
from thermalsat.components.masses import Cost, Masses
from thermalsat.errors import DesignError, InputError
from thermalsat.units import Q, UnitsError

NOUNS = [
    Payload(),
    Bus(),
    CoolantLoop(),
    Radiator(area="110 m^2"),
    SolarArray(area="600 m^2"),
    Battery(capacity="250 kWh"),
    Geometry(),
    Masses(),
    Cost(launch="1600 USD/kg"),
]


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: type(noun).__name__)
def test_a_noun_is_a_frozen_value(noun):
    assert pickle.loads(pickle.dumps(noun)) == noun
    assert hash(noun.replace()) == hash(noun)
    with pytest.raises(FrozenInstanceError):
        setattr(noun, next(iter(noun.fields)), 1)


@pytest.mark.parametrize("noun", NOUNS[:3] + NOUNS[6:], ids=lambda noun: type(noun).__name__)
def test_a_repr_makes_the_noun_again(noun):
    assert eval(repr(noun), {type(noun).__name__: type(noun), "Coating": Coating}) == noun


def test_a_unit_gives_a_quantity_and_a_bare_float():
    panel = Radiator(area=Q(1.1e6, "cm^2"))
    assert isinstance(panel.area, pint.Quantity)
    assert panel.area.m_as("m^2") == pytest.approx(110.0, rel=1e-15)
    assert panel.area_m2 == pytest.approx(110.0, rel=1e-15)
    assert panel.pitch_m == 0.125


def test_the_unit_of_an_input_does_not_matter():
    assert Bus(housekeeping="4 kW") == Bus(housekeeping="4000 W") != Bus(housekeeping="4001 W")


def test_a_foreign_registry_is_welcome():
    area = pint.UnitRegistry().Quantity(110.0, "m^2")
    assert Radiator(area=area) == Radiator(area="110 m^2")


@pytest.mark.parametrize(
    ("noun", "values", "error", "message"),
    [
        (Radiator, {"area": 110}, UnitsError, r'`area` must be an area with a unit, e.g. "110 m\^2"'),
        (
            Radiator,
            {"area": "-1 m^2"},
            InputError,
            r"`area` must be above 0 m\^2 and at most .*, got '-1 m\^2'",
        ),
        (Radiator, {"area": "1 m^2", "cells": [4]}, InputError, r"`cells` must be two whole numbers"),
        (Radiator, {"area": "1 m^2", "cells": [4, 0]}, InputError, r"`cells\[1\]` must be between 1"),
        (Radiator, {"area": "1 m^2", "symmetry": "halfpitch"}, InputError, 'did you mean "half-pitch"'),
        (Radiator, {"area": "1 m^2", "coating": "Z-39"}, InputError, "did you mean `Z-93`"),
        (Radiator, {"area": "1 m^2", "coating": 0.9}, InputError, "`coating` must be a Coating or the name"),
        (Radiator, {"area": "1 m^2"}, DesignError, r"must hold at least one tube of 1.25 m\^2"),
        (Radiator, {"area": "9 m^2", "pitch": "8 mm"}, DesignError, "`radiator.pitch` must be above"),
        (
            SolarArray,
            {"area": "9 m^2", "packing": 1.1},
            InputError,
            "`packing` must be between 0 and 1, got 1.1",
        ),
        (
            SolarArray,
            {"area": "9 m^2", "efficiency_cap": 0.2},
            DesignError,
            "`array.cell_efficiency` must be between",
        ),
        (Battery, {"capacity": "9 kWh", "depth_of_discharge": 1.2}, InputError, "between 0 and 1, got 1.2"),
        (Battery, {"capacity": "9 kWh", "temperature_minimum": "50 degC"}, DesignError, "must be below"),
        (Payload, {"packages": 72.5}, InputError, "`packages` must be a whole number"),
        (Payload, {"packages": True}, InputError, "`packages` must be a whole number"),
        (Payload, {"throttle": 1}, InputError, "`throttle` must be true or false"),
        (Payload, {"junction_limit": "95 K"}, InputError, "between 273.15 and 500 K, got '95 K'"),
        (Payload, {"junction_limit": "95 delta_degC"}, UnitsError, "absolute temperature"),
        (Payload, {"junction_capacity_share": 0.7}, DesignError, "leave a share for the boards"),
        (
            Payload,
            {"reference_junction": "99 degC"},
            DesignError,
            "must not be above `payload.junction_limit`",
        ),
        (CoolantLoop, {"boiling_margin": "5 degC"}, UnitsError, "a temperature difference"),
        (CoolantLoop, {"coolant": "amonia"}, InputError, "`coolant`: .* did you mean `ammonia`"),
        (CoolantLoop, {"coolant": 3}, InputError, "`coolant` must be a Coolant or the name of one"),
        (
            CoolantLoop,
            {"supply_set_point": "80 degC"},
            DesignError,
            "between freezing and boiling of ammonia",
        ),
        (CoolantLoop, {"heater_set_point": "20 degC"}, DesignError, "must be below `loop.supply_set_point`"),
        (Geometry, {"wing_root": "0.5 m"}, DesignError, r"must not be inside the body \(1 m\)"),
        (Cost, {"launch": "1600"}, UnitsError, 'e.g. "1600 USD/kg"'),
        (Cost, {"launch": 1600.0}, UnitsError, 'e.g. "1600 USD/kg"'),
    ],
)
def test_a_bad_value_is_refused(noun, values, error, message):
    with pytest.raises(error, match=message):
        noun(**values)


def test_all_contradictions_of_a_noun_come_at_once():
    with pytest.raises(DesignError) as caught:
        Payload(junction_capacity_share=0.7, reference_junction="99 degC")
    assert len(caught.value.faults) == 2


def test_replace_names_the_field_that_was_meant():
    with pytest.raises(InputError, match="did you mean `pitch`"):
        Radiator(area="110 m^2").replace(pich="1 m")


def test_the_junction_stands_above_the_coolant_by_the_rack_resistance():
    """DESIGN preset: R = R_package x share / 72, so 26.67 K at 120 kW; both paths must add up to it."""
    payload = Payload()
    power = 120e3
    rise = (
        payload.share_packages * power / payload.junction_to_plate_W_K + power / payload.plate_to_coolant_W_K
    )
    assert payload.rack_resistance_K_W * power == pytest.approx(80.0 / 3.0, rel=1e-12)
    assert rise == pytest.approx(80.0 / 3.0, rel=1e-12)


def test_the_payload_keeps_its_heat_capacity():
    p = Payload(heat_capacity="350 kJ/K")
    parts = p.junction_capacity_J_K + p.cold_plate_capacity_J_K + p.board_capacity_J_K
    assert parts == pytest.approx(350e3, rel=1e-12)


def test_the_bus_asks_for_131_kW():
    """By hand: 120 kW / .96 + 4 kW + 2 kW; the loop takes the first and the last."""
    assert Bus().demand_W(120e3) == pytest.approx(131e3, rel=1e-12)
    assert Bus().loop_heat_W(120e3) == pytest.approx(127e3, rel=1e-12)


def test_one_cell_on_two_reference_fluxes_gives_one_power():
    """VALIDATION, traps: 29.5 % at 1367 W/m² and 29.8 % at 1353 W/m² are the same cell."""
    new = SolarArray(area="1 m^2", cell_efficiency=0.295, reference_flux="1367 W/m^2")
    old = SolarArray(area="1 m^2", cell_efficiency=0.298, reference_flux="1353 W/m^2")
    assert old.efficiency(320.0) == pytest.approx(new.efficiency(320.0), rel=3e-4)
    assert 1361.0 * new.efficiency(301.15) == pytest.approx(0.295 * 1367.0, rel=1e-12)


def test_efficiency_has_a_floor_and_a_cap():
    array = SolarArray(area="1 m^2")
    assert array.efficiency(1000.0) == 0.05
    assert array.efficiency(20.0) == 0.36


def test_degradation_reaches_the_end_of_life_factor():
    array = SolarArray(area="1 m^2", end_of_life=0.88, life="5 year")
    assert (1.0 - array.degradation_per_year) ** 5 == pytest.approx(0.88, rel=1e-12)
    assert (array.life_factor("bol"), array.life_factor("eol")) == (1.0, 0.88)


def test_battery_figures():
    battery = Battery(
        capacity="100 kWh", end_of_life=0.8, depth_of_discharge=0.3, specific_energy="160 Wh/kg"
    )
    assert battery.usable_J("bol") == battery.usable_J("eol") == pytest.approx(24.0 * 3.6e6)
    assert battery.mass_kg == pytest.approx(625.0)
    assert battery.charge_limit_W("bol") == pytest.approx(50e3)
    assert battery.discharge_limit_W("eol") == pytest.approx(80e3)


def test_the_loop_takes_the_coolant_at_its_own_pressure():
    loop = CoolantLoop(coolant="ammonia", pressure="26.1 bar")
    assert loop.coolant.boiling_K == pytest.approx(333.15, abs=0.1)  # VALIDATION: 26.1 bar at 60 degC
    assert CoolantLoop(coolant=Coolant.preset("ammonia"), pressure="36 bar").coolant.boiling_K > 340.0
    with pytest.raises(DesignError, match="must be the pressure of the coolant"):
        CoolantLoop(coolant=Coolant.preset("ammonia"), pressure="30 bar")


def test_the_rectangles_hold_the_areas():
    made = Geometry(wings=2, panels=2).rectangles(array_m2=900.0, radiator_m2=160.0, tube_length_m=10.0)
    area = {part: sum(r.area_m2 for r in made if r.part == part) for part in ("array", "radiator")}
    assert area == pytest.approx({"array": 900.0, "radiator": 160.0})
    assert {(r.part, r.normal) for r in made} == {("array", "s"), ("radiator", "n"), ("body", "c")}
    port, starboard = (r for r in made if r.part == "radiator")
    assert port.s_m == (-9.5, 0.5)
    assert port.c_m == tuple(-c for c in reversed(starboard.c_m))


def test_masses_by_hand():
    """2.5 x 600 + 8 x 110 + 1360 + 500 = 4240 kg, and a fifth on top."""
    assert Masses().total_kg(600.0, 110.0, 500.0) == pytest.approx(5088.0)
