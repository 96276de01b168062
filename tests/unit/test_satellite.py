"""The satellite: frozen, replaced by dotted name, written and read back."""

import pickle
from dataclasses import FrozenInstanceError

import pytest

import thermalsat as ts
from thermalsat.assembly.power import battery_radiator_area_m2
from thermalsat.cases import DesignCase, Requirement
from thermalsat.components import Battery, Radiator, SolarArray
from thermalsat.designfile import loads
from thermalsat.errors import DesignError, InputError
from thermalsat.satellite import Satellite
from thermalsat.units import Q, UnitsError

HOT = DesignCase(
    name="hot", ageing="eol", albedo=0.35, earth_ir="250 W/m^2", date="2026-12-21", beta="76 deg"
)
ORBIT = ts.Orbit(altitude="550 km", inclination="53 deg", raan="20 deg", epoch="2026-06-21")


def built(**changes):
    parts = {
        "name": "own",
        "requirement": Requirement(sustained="120 kW", peak="150 kW"),
        "orbit": ORBIT,
        "cases": [HOT],
        "radiator": Radiator(area="160 m^2"),
        "array": SolarArray(area="900 m^2"),
        "battery": Battery(capacity="360 kWh"),
    }
    return Satellite(**(parts | changes))


@pytest.fixture(scope="module")
def leo():
    return ts.designs.load("leo-53")


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("radiator.area", "130 m^2", lambda s: s.radiator.area_m2 == 130.0),
        ("radiator.area", Q(130, "m^2"), lambda s: s.radiator.area_m2 == 130.0),
        ("radiator.coating.emittance", 0.9, lambda s: s.radiator.coating.emittance == 0.9),
        ("radiator.coating", "OSR", lambda s: s.radiator.coating.emittance == 0.8),
        ("radiator.secondary", "30 deg", lambda s: s.radiator.secondary_rad == pytest.approx(0.5235988)),
        ("radiator.cells", [40, 6], lambda s: s.radiator.cells == (40, 6)),
        ("battery.radiator_area", "4 m^2", lambda s: s.battery.radiator_area_m2 == 4.0),
        ("battery.radiator_area", None, lambda s: s.battery.radiator_area_m2 is None),
        ("cases.hot.beta", "60 deg", lambda s: s.cases["hot"].beta.m_as("deg") == pytest.approx(60.0)),
        ("cases.hot.beta", None, lambda s: s.cases["hot"].beta is None),
        ("cases", [HOT], lambda s: list(s.cases) == ["hot"]),
        ("orbit.altitude", "700 km", lambda s: s.orbit.altitude.m_as("km") == pytest.approx(700.0)),
        ("orbit", ORBIT, lambda s: s.orbit.raan.m_as("deg") == pytest.approx(20.0)),
        ("loop.coolant", "PG25", lambda s: s.loop.coolant.name == "PG25"),
        ("name", "mine", lambda s: s.name == "mine"),
        ("cost.launch", "1600 USD/kg", lambda s: s.cost.launch_USD_kg == 1600.0),
    ],
)
def test_replace_changes_a_copy(leo, name, value, read):
    before = leo.to_toml()
    changed = leo.replace(
        {name: value, "loop.supply_set_point": "20 degC", "loop.heater_set_point": "2 degC"}
    )
    assert read(changed)
    assert changed.loop.supply_set_point_K == pytest.approx(293.15)
    assert leo.to_toml() == before
    assert changed != leo


def test_cases_and_what_is_in_them_change_together(leo):
    """In either order; a name that only the new cases have is known."""
    warm = HOT.replace(name="warm", albedo=0.5)
    for changes in (
        {"cases": [HOT, warm], "cases.hot.beta": "60 deg", "cases.warm.albedo": 0.4},
        {"cases.warm.albedo": 0.4, "cases.hot.beta": "60 deg", "cases": [HOT, warm]},
    ):
        sat = leo.replace(changes)
        assert list(sat.cases) == ["hot", "warm"]
        assert sat.cases["hot"].beta.m_as("deg") == pytest.approx(60.0)
        assert sat.cases["warm"].albedo == 0.4
    with pytest.raises(InputError, match=r"cases.cold.albedo"):
        leo.replace({"cases": [HOT], "cases.cold.albedo": 0.4})


def test_the_battery_s_own_radiator_has_a_mass(leo):
    parts = leo.masses_kg
    assert parts["battery radiator"] == pytest.approx(22.0 * 8.0)
    assert parts["rest"] == pytest.approx(0.2 * (sum(parts.values()) - parts["rest"]))
    sized = leo.replace("battery.radiator_area", None)
    assert sized.masses_kg["battery radiator"] == pytest.approx(8.0 * battery_radiator_area_m2(sized))
    assert sized.masses_kg["battery radiator"] > 50.0


def test_several_values_change_together(leo):
    """One at a time the sustained power would pass the peak."""
    changed = leo.replace({"requirement.sustained": "160 kW", "requirement.peak": "200 kW"})
    assert (changed.requirement.sustained_W, changed.requirement.peak_W) == (160e3, 200e3)


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("radiator.aera", "1 m^2", InputError, "`radiator.aera` is not .*; did you mean `radiator.area`"),
        ("radiater.area", "1 m^2", InputError, "did you mean `radiator.area`"),
        ("area", "1 m^2", InputError, "known: radiator.area, array.area$"),
        ("radiator.coating.emitance", 0.9, InputError, "did you mean `radiator.coating.emittance`"),
        ("radiator.area.x", "1 m^2", InputError, "`radiator.area.x` is not a known name"),
        ("cases.hott.albedo", 0.3, InputError, "did you mean `cases.hot.albedo`"),
        ("radiator.area", 130, UnitsError, "`radiator.area` must be an area with a unit"),
        ("radiator.area", "-1 m^2", InputError, "`radiator.area` must be above 0"),
        ("radiator", 130, InputError, "`radiator` must be a Radiator, got 130"),
        (
            "battery.depth_of_discharge",
            1.2,
            InputError,
            "`battery.depth_of_discharge` must be between 0 and 1",
        ),
        ("payload.idle_floor", "130 kW", DesignError, "must not be above `requirement.sustained`"),
        ("limits.coolant_maximum", "10 degC", DesignError, "must be below `limits.coolant_maximum`"),
        ("limits.coolant_minimum", "20 degC", DesignError, "must be above `limits.coolant_minimum`"),
        (
            "payload.junction_limit",
            "12 degC",
            DesignError,
            "must be below `payload.junction_limit`|must not be above",
        ),
        ("loop.loops", 200, DesignError, "must hold a tube for each of the 200 loops, got 192 tubes"),
        ("orbit.ltan", "18:00", DesignError, "`orbit` must be stated by"),
        ("cases", [], InputError, "`cases` must hold at least one DesignCase"),
        ("cases", [HOT, HOT], InputError, "`cases` must have different names"),
    ],
)
def test_replace_refuses(leo, name, value, error, message):
    with pytest.raises(error, match=message):
        leo.replace(name, value)


@pytest.mark.parametrize("name", ["leo-53", "dawn-dusk"])
def test_a_design_is_a_frozen_value(name):
    sat = ts.designs.load(name)
    again = pickle.loads(pickle.dumps(sat))
    assert again == sat
    assert hash(again) == hash(sat)
    assert again.provenance == sat.provenance
    with pytest.raises(FrozenInstanceError):
        sat.name = "x"
    with pytest.raises(TypeError, match="frozen"):
        sat.cases["hot"] = HOT
    with pytest.raises(TypeError, match="frozen"):
        sat.marks.update(x="y")


def test_a_design_from_nouns_is_written_and_read_back(tmp_path):
    sat = built(description='with "quotes" and \\')
    sat.save(tmp_path / "own.toml")
    again = Satellite.from_file(tmp_path / "own.toml")
    assert again == sat
    assert again.description == sat.description
    assert again.orbit.raan.m_as("deg") == pytest.approx(20.0)


@pytest.mark.parametrize(
    "orbit",
    [
        ts.Orbit.sun_synchronous(altitude="600 km", ltan="10:30", epoch="2026-06-21"),
        ts.Orbit.from_beta(altitude="400 km", beta="30 deg"),
        ts.Orbit.from_beta(altitude="400 km", beta="30 deg", epoch="2026-06-21"),
    ],
    ids=["sun-synchronous", "beta", "beta and date"],
)
def test_every_orbit_survives_the_file(orbit):
    sat = built(orbit=orbit)
    read = loads(sat.to_toml()).orbit
    assert read.period.m_as("s") == pytest.approx(orbit.period.m_as("s"), rel=1e-12)
    assert read.beta().m_as("deg") == pytest.approx(orbit.beta().m_as("deg"), abs=1e-9)


def test_a_replaced_value_loses_the_source_of_the_old_one(leo):
    changed = leo.replace("radiator.area", "130 m^2")
    assert leo.provenance["radiator.area"].kind == "derived"
    assert changed.provenance["radiator.area"].kind == "assumed"
    assert changed.provenance["radiator.area"].value == "130 m^2"
    assert changed.provenance["radiator.pitch"] == leo.provenance["radiator.pitch"]


def test_a_case_turns_the_orbit_to_its_beta_and_date(leo):
    hot = leo.orbit_of("hot")
    assert hot.beta().m_as("deg") == pytest.approx(-70.5)
    assert hot.sun_distance().m_as("au") == pytest.approx(0.983317, abs=2e-4)  # 7 January
    assert leo.replace("cases.hot.beta", None).orbit_of("hot").beta().m_as("deg") == pytest.approx(
        leo.orbit.beta("2026-01-07").m_as("deg")
    )
    with pytest.raises(InputError, match="did you mean `power`"):
        leo.orbit_of("powr")


def test_a_case_makes_its_environment(leo):
    hot = ts.Environment(**leo.environment_values("hot"))
    assert hot.si.beta_rad == pytest.approx(-1.2304571)
    assert hot.si.solar_flux_W_m2 == pytest.approx(1361.0 / 0.983317**2, rel=1e-3)
    sized = leo.replace({"cases.hot.enveloped": True, "cases.hot.solar_flux": "1414 W/m^2"})
    assert ts.Environment(**sized.environment_values("hot")).si.solar_flux_W_m2 == 1414.0


def test_resizing_keeps_the_flow_per_tube(leo):
    larger = leo.resized("200 m^2")
    assert larger.radiator.area_m2 == 200.0
    assert larger.flow_per_tube_kg_s == pytest.approx(leo.flow_per_tube_kg_s, rel=1e-14)
    assert larger.loop.mass_flow_kg_s == pytest.approx(2.6 * 200.0 / 240.0)


def test_the_geometry_follows_the_areas(leo):
    wings = [r for r in leo.replace("array.area", "600 m^2").rectangles() if r.part == "array"]
    assert sum(r.area_m2 for r in wings) == pytest.approx(600.0)


def test_a_wrong_part_is_refused():
    with pytest.raises(InputError, match="`battery` must be a Battery"):
        built(battery="360 kWh")
    with pytest.raises(InputError, match="`orbit` must be an Orbit"):
        built(orbit="leo")
    with pytest.raises(InputError, match="`cases` must hold at least one DesignCase"):
        built(cases={"hot": "x"})


def test_the_repr_has_units(leo):
    text = repr(leo)
    assert "240 m² planform, 480 m² emitting" in text
    assert "120 kW sustained, 150 kW for 10 min" in text
