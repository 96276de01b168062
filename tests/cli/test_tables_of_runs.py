"""What is printed and written of a run, on a small network that stands for a satellite."""

from __future__ import annotations

import csv
import dataclasses
import json

import numpy as np
import pytest
from cli_answers import PERIOD_S, small_orbit

import thermalsat as ts
from thermalsat import capability
from thermalsat.cli import main
from thermalsat.cli.daynight import day_night
from thermalsat.cli.histories import write_histories
from thermalsat.errors import InputError


@pytest.fixture(scope="module")
def result():
    return small_orbit()


@pytest.fixture
def solved(monkeypatch, result):
    asked = []

    def solve(sat, **options):
        asked.append(options)
        return result

    monkeypatch.setattr(capability, "periodic", solve)
    monkeypatch.setattr(capability, "simulate", solve)
    return asked


def celsius(result, name, chosen):
    values = np.asarray(result.temperature(name).magnitude)[chosen]
    return values.min() - 273.15, values.max() - 273.15


def test_day_and_night_are_told_apart_by_the_light(result):
    spans = day_night(result)
    lit = result.times_s >= 3000.0
    for row, name in (("panel", "radiator"), ("junction", "junction")):
        for time, chosen in (("day", lit), ("night", ~lit)):
            low, high = spans[row][time]
            assert (low - 273.15, high - 273.15) == pytest.approx(celsius(result, name, chosen), abs=1e-9)
    assert set(spans) == {"panel", "junction"}


def test_an_orbit_without_a_night_says_so(result):
    sunny = dataclasses.replace(result, illumination=ts.Q(np.ones(len(result.times_s)), ""))
    assert day_night(sunny)["panel"]["night"] is None


def test_periodic_shows_every_case_with_the_load_it_starts_from(solved, capsys, result):
    assert main(["periodic", "leo-53", "--json"]) == 0
    told = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert [(ask["case"], ask["load"].base_W) for ask in solved] == [
        ("hot", 120e3),
        ("cold", 36e3),
        ("power", 120e3),
    ]
    assert list(told["cases"]) == ["hot", "cold", "power"]
    case = told["cases"]["cold"]
    assert case["power_kW"] == 36.0
    assert case["radiator_max_degC"] == pytest.approx(celsius(result, "radiator", slice(None))[1], abs=1e-9)
    assert case["coolant_min_degC"] == pytest.approx(245.0 - 273.15, abs=1e-9)
    assert case["margins"]["junction"] == {"margin_K": -2.5}
    assert case["ledger_kWh"]["compute -> junction"] == pytest.approx(100.0 * PERIOD_S / 3.6e6, rel=1e-9)
    assert abs(told["energy_residual_relative"]) < 1e-12
    assert told["radiator_min_degC"] == case["radiator_min_degC"]


def test_periodic_prints_day_and_night_beside_each_other(solved, capsys):
    assert main(["periodic", "leo-53", "--load", "day 120 kW night 80 kW", "--case", "power"]) == 0
    out = capsys.readouterr().out
    assert solved == [{"case": "power", "load": ts.Load.day_night(day="120 kW", night="80 kW")}]
    head = next(line for line in out.splitlines() if line.split()[:1] == ["°C"])
    assert head.split() == ["°C", "power", "day", "power", "night"]
    assert "-2.5 K" in out
    assert max(map(len, out.splitlines())) <= 100


def test_a_limit_that_is_exceeded_is_an_answer_not_a_failure(solved, capsys):
    assert main(["periodic", "leo-53", "--case", "hot", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cases"]["hot"]["certificate"]["problems"] == []


def test_run_follows_the_burst_of_the_requirement_by_default(solved, capsys, result):
    assert main(["run", "leo-53"]) == 0
    out = capsys.readouterr().out
    load = ts.Load.burst(base="120 kW", peak="150 kW", start="10 min", duration="10 min")
    assert solved == [{"load": load, "orbits": 3, "case": "hot"}]
    row = next(line for line in out.splitlines() if line.split()[:1] == ["junction"])
    low, high = celsius(result, "junction", slice(None))
    assert [float(word) for word in row.split()[1:6:4]] == pytest.approx([low, high], abs=0.06)


def test_run_writes_the_histories(solved, capsys, tmp_path, result):
    table, arrays = tmp_path / "run.csv", tmp_path / "run.npz"
    words = ["run", "leo-53", "--load", "100 kW", "--orbits", "2", "--case", "cold"]
    assert main([*words, "-o", str(table), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == [str(table)]
    assert solved[-1] == {"load": ts.Load.constant("100 kW"), "orbits": 2, "case": "cold"}
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert [float(row["time_s"]) for row in rows] == result.times_s.tolist()
    field = result.temperature("radiator").magnitude
    assert [float(row["radiator_max_K"]) for row in rows] == field.max(axis=(1, 2)).tolist()
    assert float(rows[0]["compute -> junction_W"]) == 100.0
    assert main([*words, "-o", str(arrays)]) == 0
    with np.load(arrays) as stored:
        assert np.array_equal(stored["radiator_K"], field)
        assert np.array_equal(stored["illumination"], result.illumination.magnitude)


def test_periodic_writes_a_file_for_each_case(solved, capsys, tmp_path):
    assert main(["periodic", "leo-53", "-o", str(tmp_path / "orbit.csv")]) == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "orbit-cold.csv",
        "orbit-hot.csv",
        "orbit-power.csv",
    ]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["run", "leo-53", "--orbits", "2.5"], "`--orbits` must be a whole number"),
        (["run", "leo-53", "--orbits", "0"], "1 or more, got '0'"),
        (["run", "leo-53", "--load", "120"], "`load`"),
        (["run", "leo-53", "-o", "run.xlsx"], "`--output` must end in .csv or .npz, got 'run.xlsx'"),
        (["periodic", "leo-53", "--load", "burst 150"], "`peak`"),
        (["periodic", "leo-53", "-o", "nowhere/run.csv"], "a folder that exists"),
    ],
)
def test_what_does_not_fit_is_refused_before_the_solve(words, wanted, solved, capsys):
    assert main(words) == 2
    assert wanted in capsys.readouterr().err
    assert solved == []


def test_a_file_that_cannot_be_written_is_one_sentence(result, tmp_path):
    folder = tmp_path / "run.csv"
    folder.mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_histories(folder, result)
