"""What every question refuses before any work: no satellite, several values where one is asked for."""

from pathlib import Path

import pytest

import thermalsat as ts
from thermalsat.errors import InputError

ASKED = {
    "assemble": ts.assemble,
    "battery_life": ts.battery_life,
    "degraded_modes": ts.degraded_modes,
    "needed": lambda sat: ts.needed(sat, "radiator.area", ("30 m^2", "43 m^2")),
    "peak_duration": ts.peak_duration,
    "peak_power": ts.peak_power,
    "periodic": ts.periodic,
    "pointing_sweep": ts.pointing_sweep,
    "power_envelope": ts.power_envelope,
    "simulate": ts.simulate,
    "size": ts.size,
    "sustained_average_power": ts.sustained_average_power,
    "sustained_power": ts.sustained_power,
    "wing_study": ts.wing_study,
    "worst_case": ts.worst_case,
    "year_view": ts.year_view,
}
OTHERS = [
    ("leo-53", "the str 'leo-53'", 'ts.designs.load("leo-53")'),
    ("mine.toml", "the str 'mine.toml'", 'ts.Satellite.from_file("mine.toml")'),
    (Path("mine.toml"), "Path", 'ts.Satellite.from_file("mine.toml")'),
    (None, "None", "ts.designs.load("),
    ({"name": "mine"}, "the dict", "ts.Satellite.from_file("),
    (ts.Satellite, "the type", "ts.designs.load("),
]


@pytest.fixture(scope="module")
def sat():
    return ts.designs.load("leo-53")


@pytest.mark.parametrize("given", OTHERS, ids=lambda given: given[1])
@pytest.mark.parametrize("name", ASKED)
def test_a_question_without_a_satellite_says_what_to_type(name, given):
    value, shown, typed = given
    with pytest.raises(InputError) as caught:
        ASKED[name](value)
    argument = "satellite" if name == "assemble" else "sat"
    assert str(caught.value).startswith(f"`{argument}` must be a Satellite, got ")
    assert shown in str(caught.value)
    assert typed in str(caught.value)


TIMES, POWERS = ts.Q([1.0, 2.0], "min"), ts.Q([120.0, 130.0], "kW")
SEVERAL = {
    "periodic tolerance": lambda sat: ts.periodic(sat, tolerance=ts.Q([1.0, 2.0], "mK")),
    "simulate tolerance": lambda sat: ts.simulate(sat, tolerance=["1 mK", "2 mK"]),
    "peak_power duration": lambda sat: ts.peak_power(sat, duration=TIMES),
    "peak_power base": lambda sat: ts.peak_power(sat, base=POWERS),
    "peak_duration power": lambda sat: ts.peak_duration(sat, power=POWERS),
    "peak_duration base": lambda sat: ts.peak_duration(sat, base=POWERS),
    "power_envelope base": lambda sat: ts.power_envelope(sat, base=POWERS),
    "size sustained": lambda sat: ts.size(sat, sustained=POWERS),
    "size peak": lambda sat: ts.size(sat, peak=POWERS),
    "size burst": lambda sat: ts.size(sat, burst=TIMES),
    "year_view step": lambda sat: ts.year_view(sat, step=TIMES),
    "year_view span": lambda sat: ts.year_view(sat, span=TIMES),
    "battery_life temperature": lambda sat: ts.battery_life(sat, temperature=ts.Q([20.0, 25.0], "degC")),
    "degraded_modes base": lambda sat: ts.degraded_modes(sat, base=POWERS),
    "pointing_sweep errors": lambda sat: ts.pointing_sweep(sat, [ts.Q([1.0, 2.0], "deg")]),
    "wing_study offsets": lambda sat: ts.wing_study(sat, [ts.Q([1.0, 2.0], "m")]),
    "needed radiator.area": lambda sat: ts.needed(sat, "radiator.area", (ts.Q([1, 2], "m^2"), "9 m^2")),
    "burst start": lambda sat: ts.Load.burst(base="1 kW", peak="2 kW", start=TIMES, duration="1 min"),
    "burst duration": lambda sat: ts.Load.burst(base="1 kW", peak="2 kW", start="1 min", duration=TIMES),
}


@pytest.mark.parametrize("asked", SEVERAL)
def test_one_value_is_wanted_where_several_are_given(asked, sat):
    with pytest.raises(InputError, match=rf"`[a-z.]*{asked.split()[1]}` must be one value, got 2"):
        SEVERAL[asked](sat)


@pytest.mark.parametrize("ask", [ts.periodic, ts.simulate])
@pytest.mark.parametrize("tolerance", ["0 K", "-1 mK", "1e-9 K"])
def test_a_tolerance_out_of_reach_is_refused(ask, tolerance, sat):
    with pytest.raises(InputError, match="`tolerance` must be at least 1e-07 K, got"):
        ask(sat, tolerance=tolerance)


def test_values_between_which_to_search_are_two(sat):
    with pytest.raises(InputError, match=r"`between` must be two values, e.g. .*, got '100 m\^2'"):
        ts.needed(sat, "radiator.area", "100 m^2")


def test_offsets_and_errors_are_sequences(sat):
    with pytest.raises(InputError, match="`offsets` must be a sequence of quantities, got 3"):
        ts.wing_study(sat, 3)
    with pytest.raises(InputError, match="`errors` must be a sequence of quantities, got 3"):
        ts.pointing_sweep(sat, 3)
    with pytest.raises(InputError, match="`pointing` must be a sequence of quantities, got None"):
        ts.degraded_modes(sat, pointing=None)


def test_a_run_may_start_at_one_temperature(sat):
    run = ts.simulate(sat, "120 kW", orbits=0.01, start="300 K")
    assert run.temperature("junction")[0] == ts.Q("300 K")
    with pytest.raises(InputError, match="`start` must be one value, got an array"):
        ts.simulate(sat, "120 kW", orbits=0.01, start=ts.Q([300.0, 301.0], "K"))
    with pytest.raises(InputError, match="`start` must be an absolute temperature with a unit"):
        ts.simulate(sat, "120 kW", orbits=0.01, start=300)
