"""Design files: the shipped ones, and every fault of a bad one at once."""

import re

import pytest

import thermalsat as ts
from thermalsat.components.fields import Amount
from thermalsat.designfile import keys, loads
from thermalsat.errors import DesignError, InputError

NAMES = ["announced", "dawn-dusk", "leo-53", "leo-53-gb300", "suncatcher-650"]

# (what is found, what replaces it, the key, what the message must say)
FAULTS = [
    (
        'area = "240 m^2 [sized]"',
        'area = "-240 m^2 [sized]"',
        "radiator.area",
        r"above 0 m\^2 .* got '-240 m\^2'",
    ),
    ("pitch =", "pich =", "radiator.pich", "not a known key; did you mean `radiator.pitch`"),
    ('"4 kW [assumed]"', "4", "bus.housekeeping", 'a power with a unit, e.g. "4 kW"'),
    ('"2.6 kg/s [assumed]"', '"2.6 kW"', "loop.mass_flow", "a mass flow with a unit"),
    ('"350 kJ/K [assumed]"', '"nan kJ/K"', "payload.heat_capacity", "got 'nan kJ/K'"),
    ('packing = "0.9 [assumed]"', "packing = inf", "array.packing", "must be finite, got inf"),
    ('wiring = "0.96 [assumed]"', "wiring = nan", "array.wiring", "must be finite, got nan"),
    (
        'emittance = "0.88 [assumed]"',
        "emittance = 1.2",
        "radiator.coating.emittance",
        "between 0 and 1, got 1.2",
    ),
    ('"0.3 [battery]"', '"1.3 [battery]"', "battery.depth_of_discharge", "between 0 and 1, got '1.3'"),
    ('ageing = "bol"', 'ageing = "boll"', "cases.cold.ageing", 'did you mean "bol"'),
    ('packages = "72 [rack]"', 'packages = "many"', "payload.packages", "a whole number"),
    ("throttle = false", 'throttle = "no"', "payload.throttle", "true or false"),
    ('coolant = "ammonia"', 'coolant = "amonia"', "loop.coolant", "did you mean `ammonia`"),
    ('date = "2026-01-07 [found]"', 'date = "Christmas"', "cases.hot.date", "must be a date such as"),
    (
        '"150 kW [rating]"',
        '"150 kW [ratting]"',
        "requirement.peak",
        "mark without a source.* did you mean `rating`",
    ),
    (
        '[sources.sky]\nkind = "source"',
        '[sources.sky]\nkind = "rumour"',
        "sources.sky.kind",
        "must be one of source",
    ),
    ("schema = 1", "schema = 2", "schema", "must be 1, got 2"),
]


@pytest.fixture(scope="module")
def text():
    return ts.designs.path("leo-53").read_text(encoding="utf-8")


def faults_of(text, origin="x.toml"):
    with pytest.raises(DesignError) as caught:
        loads(text, origin)
    return caught.value.faults


def test_the_shipped_designs_are_named():
    assert ts.designs.names() == NAMES
    with pytest.raises(InputError, match="did you mean `leo-53`"):
        ts.designs.load("leo53")


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_a_shipped_design_has_its_source(name):
    sat = ts.designs.load(name)
    numbers = {key: origin for key, origin in sat.provenance.items() if "(" not in key}
    assert len(numbers) > 80
    assert set(numbers) == set(sat.marks)
    assert {origin.kind for origin in numbers.values()} == {"source", "announced", "derived", "assumed"}
    assert all(origin.citation and origin.date for origin in numbers.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_design_states_every_key(name):
    """Nothing is left to a default that a reader would have to look up."""
    text = ts.designs.path(name).read_text(encoding="utf-8")
    optional = {key.name for key in keys() if key.default is None}
    written = set(re.findall(r"^(\w+) =", text, flags=re.M))
    needed = {
        key.name.rpartition(".")[2]
        for key in keys()
        if key.name not in optional and key.kind != "table or preset"
    }
    assert needed - written <= {"source"}


@pytest.mark.parametrize("name", ["dawn-dusk", "leo-53"])
def test_presets_of_the_design_page(name):
    """DESIGN, section 1: the numbers of both files, except those that are sized."""
    sat = ts.designs.load(name)
    expected = {
        "requirement.sustained": 120e3, "requirement.peak": 150e3, "requirement.burst": 600.0,
        "requirement.recovery": 3, "requirement.margin": 0.25,
        "payload.share_packages": 0.8, "payload.packages": 72, "payload.resistance_per_package": 0.02,
        "payload.junction_limit": 368.15, "payload.idle_floor": 36e3, "payload.heat_capacity": 350e3,
        "bus.converter": 0.96, "bus.regulator": 0.98, "bus.housekeeping": 4e3, "bus.pump": 2e3,
        "loop.mass_flow": 2.6, "loop.pressure": 36e5, "loop.boiling_margin": 5.0,
        "loop.supply_set_point": 288.15, "loop.loops": 2, "loop.interleaved": True,
        "radiator.pitch": 0.125, "radiator.tube_diameter": 0.008, "radiator.tube_length": 10.0,
        "radiator.thickness": 0.0008, "radiator.conductivity": 180.0, "radiator.bond": 60.0,
        "radiator.coating.emittance": 0.88, "radiator.coating.solar_absorptance": 0.17,
        "radiator.coating.solar_absorptance_eol": 0.25, "radiator.pointing_error": 0.017453292519943295,
        "cases.hot.albedo": 0.35, "cases.hot.earth_ir": 250.0,
        "array.cell_efficiency": 0.295, "array.reference_temperature": 301.15,
        "array.temperature_coefficient": -0.0023, "array.packing": 0.9, "array.wiring": 0.96,
        "array.end_of_life": 0.88,
        "battery.charge_efficiency": 0.95, "battery.discharge_efficiency": 0.95,
        "battery.depth_of_discharge": 0.3, "battery.specific_energy": 160 * 3600.0,
        "battery.temperature_minimum": 273.15, "battery.temperature_maximum": 313.15,
        "battery.radiator_temperature": 298.15,
        "masses.array": 2.5, "masses.radiator": 8.0, "masses.rack": 1360.0, "masses.rest": 0.2,
    }  # fmt: skip
    found = {key: stored_number(sat, key) for key in expected}
    assert found == pytest.approx(expected, rel=1e-12)
    assert sat.loop.coolant.name == "ammonia"
    assert list(sat.cases) == ["hot", "cold", "power"]


def stored_number(sat, dotted):
    section, *path = dotted.split(".")
    part = sat.cases[path.pop(0)] if section == "cases" else sat.part(section)
    for name in path:
        part = part.__dict__[name]
    return part.si if isinstance(part, Amount) else part


def test_the_orbits_of_the_shipped_designs():
    leo, dusk = (ts.designs.load(name).orbit for name in ("leo-53", "dawn-dusk"))
    assert (leo.altitude.m_as("km"), leo.inclination.m_as("deg")) == pytest.approx((550.0, 53.0))
    assert dusk.altitude.m_as("km") == pytest.approx(650.0)
    assert dusk.ltan.m_as("h") == pytest.approx(18.0)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_design_is_what_the_writer_makes(name):
    text = ts.designs.path(name).read_text(encoding="utf-8")
    body = text[text.index("schema =") :]
    assert ts.designs.load(name).to_toml() == body
    assert loads(body) == ts.designs.load(name)


@pytest.mark.parametrize(("old", "new", "key", "message"), FAULTS, ids=[fault[2] for fault in FAULTS])
def test_one_fault_names_its_line_and_key(text, old, new, key, message):
    bad = text.replace(old, new, 1)
    assert bad != text
    (fault,) = [f for f in faults_of(bad) if f"`{key}`" in f]
    assert re.search(message, fault)
    line = int(re.match(r"x\.toml:(\d+): ", fault).group(1))
    assert bad.splitlines()[line - 1].startswith(key.rpartition(".")[2])


def test_all_faults_come_at_once(text):
    bad = text
    for old, new, *_ in FAULTS:
        bad = bad.replace(old, new, 1)
    faults = faults_of(bad)
    assert all(any(f"`{key}`" in fault for fault in faults) for _, _, key, _ in FAULTS)
    lines = [int(fault.split(":")[1]) for fault in faults]
    assert lines == sorted(lines)


@pytest.mark.parametrize("section", ["requirement", "payload", "radiator", "cases", "geometry"])
def test_a_missing_section_is_named(text, section):
    bad = text.replace(f"[{section}", f"[x{section}")
    assert any(f"the section `[{section}]` is missing" in fault for fault in faults_of(bad))


def test_a_missing_key_says_what_it_means(text):
    bad = text.replace('area = "240 m^2 [sized]"', "", 1)
    assert any("`radiator.area` is missing: planform area" in fault for fault in faults_of(bad))


def test_contradictions_between_parts_have_their_line(text):
    bad = text.replace('idle_floor = "36 kW [assumed]"', 'idle_floor = "130 kW"').replace(
        'supply_set_point = "15 degC [assumed]"', 'supply_set_point = "-50 degC"'
    )
    faults = faults_of(bad)
    assert any(re.search(r"x.toml:\d+: `loop.heater_set_point` must be below", fault) for fault in faults)
    faults = faults_of(text.replace('idle_floor = "36 kW [assumed]"', 'idle_floor = "130 kW"'))
    assert re.match(r"x.toml:\d+: `payload.idle_floor` must not be above", faults[0])


def test_a_section_that_is_no_section(text):
    bad = "bus = 3\n" + text.replace("[bus]", "[busses]")
    assert any("`bus` must be a section `[bus]`, got 3" in fault for fault in faults_of(bad))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty; start from a shipped design"),
        ("  \n", "is empty"),
        ("a = = 1", r"is not valid TOML: .*line 1"),
        ('schema = 1\n[bus]\nx = "unclosed\n', r"is not valid TOML: .*line 3"),
        ("[bus]\npump = 1\npump = 2", "is not valid TOML"),
    ],
)
def test_what_is_no_design(content, message):
    (fault,) = faults_of(content)
    assert re.search(message, fault)


def test_what_is_no_file(tmp_path):
    with pytest.raises(DesignError, match=r'no design file .*did you mean the shipped design "leo-53"'):
        ts.Satellite.from_file(tmp_path / "leo53.toml")
    with pytest.raises(DesignError, match="cannot be read"):
        ts.Satellite.from_file(tmp_path)
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DesignError, match="not a text in UTF-8"):
        ts.Satellite.from_file(tmp_path / "binary.toml")


def test_the_table_of_keys_describes_each_once():
    names = [key.name for key in keys()]
    assert len(names) == len(set(names))
    assert all(key.doc for key in keys())
    area = next(key for key in keys() if key.name == "radiator.area")
    assert (area.unit, area.kind, area.default) == ("m^2", "quantity", "required")
