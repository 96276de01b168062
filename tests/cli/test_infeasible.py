"""Requests without an answer on the command line: exit code, sentence, and what a program reads."""

from __future__ import annotations

import json
import re

import pytest

from thermalsat import designs
from thermalsat.cli import main

COARSE = ("--set", "radiator.cells=[8, 2]")
SMALL = ("--set", "battery.capacity=300 kWh")
COLD = ("--set", "limits.coolant_minimum=-20 degC")


def told(capsys, *words):
    code = main([*words, "--json"])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    record = json.loads(out)
    assert record["exit"] == code
    return code, record, err


@pytest.mark.parametrize("command", [["peak"], ["envelope", "--points", "3"]])
def test_an_infeasible_request_tells_limit_and_smallest_change(command, capsys):
    code, record, err = told(capsys, command[0], "leo-53", *command[1:], *COARSE, *SMALL)
    assert code == 1
    assert record["kind"] == "InfeasibleError"
    assert record["binding"]["limit"] == "depth of discharge"
    assert record["binding"]["margin"] == pytest.approx(-0.041, abs=0.002)
    assert {"case", "orbit_phase", "time_s", "place"} <= set(record["binding"])
    best = record["smallest_change"]
    assert best["name"] == "battery.capacity"
    assert best["value_kWh"] == pytest.approx(1.139 * best["stated_kWh"], rel=0.01)
    assert [change["name"] for change in record["changes"]] == [
        "radiator.area",
        "array.area",
        "battery.capacity",
    ]
    assert err.startswith("thermalsat: no feasible answer: no peak margin")
    assert f'`battery.capacity` = "{best["value_kWh"]:.4g} kWh" instead of 300 kWh' in err


def test_sizing_tells_the_limit_that_no_size_changes(capsys):
    code, record, err = told(capsys, "size", "leo-53", *COARSE, "--set", "limits.bus_power=150 kW")
    assert code == 1
    assert record["binding"]["limit"] == "bus power"
    assert record["smallest_change"]["name"] == "limits.bus_power"
    assert 165.0 < record["smallest_change"]["value_kW"] < 172.0
    assert "`limits.bus_power`" in err


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["peak", "--base", "160 kW"], 1, "a burst would never be recovered"),
        (["peak", "--base", "50 kW", *COLD], 1, r"`base` must be at least [\d.]+ kW, the minimum power"),
        (["peak", "--power", "1 MW"], 1, "1000.00 kW is not held for any time"),
        (["peak", "--duration", "1e9 yr"], 2, "`duration` must not be longer than the mission"),
        (["peak", "--duration", "4 yr"], 2, "`duration` must not be longer than 200 orbits"),
        (["peak", "--duration", "10 year"], 2, "`duration` must not be longer than the mission"),
        (
            ["run", "--orbits", "1", "--load", "burst 150 kW at 10 min for 3 h base 120 kW"],
            2,
            "type orbits=2",
        ),
        (["size", "--burst", "10 year"], 2, "`requirement.burst` must not be longer than the mission"),
        (
            ["sustained", "--set", "battery.capacity=0 kWh"],
            2,
            r"bridge the night: the orbit has one of 35.6 min",
        ),
        (["check", "--set", "limits.coolant_minimum=70 degC"], 2, "less `loop.boiling_margin`"),
    ],
)
def test_each_has_a_sentence_of_its_own(words, code, sentence, capsys):
    found, record, err = told(capsys, words[0], "leo-53", *words[1:], *COARSE)
    assert found == code
    assert re.search(sentence, record["error"])
    assert re.search(sentence, err)


def test_a_file_without_a_battery(tmp_path, capsys):
    text = designs.path("leo-53").read_text(encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(re.sub(r"\[battery\].*?(?=\[geometry\])", "", text, flags=re.DOTALL), encoding="utf-8")
    code, record, _ = told(capsys, "size", str(path))
    assert code == 2
    assert "`battery.capacity` must bridge the night" in record["error"]
