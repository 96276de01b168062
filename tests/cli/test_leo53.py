"""The shipped design through the commands, against the same questions asked from Python."""

from __future__ import annotations

import json

import numpy as np
import pytest

import thermalsat as ts
from thermalsat.cli import main
from thermalsat.cli.daynight import day_night

SAT = ts.designs.load("leo-53")


def told(capsys, *words: str) -> dict:
    code = main([*words, "--json"])
    out, _ = capsys.readouterr()
    found = json.loads(out, parse_constant=pytest.fail)
    assert code == found["exit"] == 0
    return found


def test_periodic_is_the_cycle_of_the_api(capsys):
    found = told(capsys, "periodic", "leo-53", "--case", "power", "--load", "100 kW")
    orbit = ts.periodic(SAT, load="100 kW", case="power")
    case = found["cases"]["power"]
    junction = orbit.temperature("junction").m_as("degC")
    dark = orbit.illumination.m_as("") < 0.5
    assert case["junction_max_degC"] == pytest.approx(junction.max(), abs=1e-9)
    assert case["junction_night_min_degC"] == pytest.approx(junction[dark].min(), abs=1e-9)
    assert case["radiator_max_degC"] == pytest.approx(orbit["radiator"].max().m_as("degC"), abs=1e-9)
    assert case["state_of_energy_min"] == pytest.approx(float(orbit.state_of_energy.min()), abs=1e-12)
    assert abs(found["energy_residual_relative"]) < 1e-12
    # one night of up to 36 min in every 96 (DESIGN section 1) takes the battery down, and only then
    assert case["state_of_energy_min"] < 1.0 - 0.5 * 100.0 * 35.0 / 60.0 / 360.0


def test_every_part_of_the_table_is_there_by_day_and_by_night():
    spans = day_night(ts.periodic(SAT, case="power"))
    assert list(spans) == ["junction", "coolant", "panel", "array", "battery"]
    for by_time in spans.values():
        assert by_time["day"] is not None
        assert by_time["night"] is not None
    # heat flows from the junction through the coolant to the panel
    assert spans["junction"]["day"][1] > spans["coolant"]["day"][1] > spans["panel"]["day"][1]
    assert spans["array"]["night"][0] < spans["array"]["day"][1] - 100.0


def test_run_is_the_history_of_the_api(capsys, tmp_path):
    file = tmp_path / "day.npz"
    words = ["--orbits", "1", "--case", "power", "--load", "burst 130 kW at 5 min for 4 min base 100 kW"]
    found = told(capsys, "run", "leo-53", *words, "-o", str(file))
    load = ts.Load.burst(base="100 kW", peak="130 kW", start="5 min", duration="4 min")
    day = ts.simulate(SAT, load=load, orbits=1, case="power")
    with np.load(file) as stored:
        assert np.array_equal(stored["time_s"], day.times_s)
        assert np.array_equal(stored["junction_K"], day.temperature("junction").magnitude)
        assert np.array_equal(stored["radiator_K"], day.temperature("radiator").magnitude)
    assert found["junction_max_degC"] == pytest.approx(day["junction"].m_as("degC").max(), abs=1e-9)
    assert abs(found["energy_residual_relative"]) < 1e-12


def test_a_design_that_holds_nothing_names_the_limit_and_by_how_much(capsys):
    code = main(["sustained", "leo-53", "--case", "hot", "--json", "--set", "radiator.area=20 m^2"])
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert code == found["exit"] == 1
    assert "coolant maximum" in found["error"]
    assert " K" in found["error"]
    assert "Traceback" not in err
