"""The commands that follow the Sun and the years: what they print, write and refuse."""

from __future__ import annotations

import csv
import json

import pytest

from thermalsat.cli import main


def printed(capsys, *words: str) -> tuple[int, str, str]:
    code = main([*words, "--quiet"])
    out, err = capsys.readouterr()
    return code, out, err


def test_life_is_a_table(capsys):
    code, out, _ = printed(capsys, "life", "dawn-dusk", "--years", "0.5", "--case", "power")
    assert code == 0
    assert "fade of the space cell" in out
    assert "nights in 0.5 years" in out
    assert "in the power case alone" in out
    assert "sustained power then" in out
    assert max(map(len, out.splitlines())) <= 100


def test_the_json_of_life_has_its_units_in_its_keys(capsys):
    words = ("life", "dawn-dusk", "--years", "1", "--cell", "lmo", "--load", "day 120 kW night 60 kW")
    code, out, _ = printed(capsys, *words, "--case", "power", "--json")
    told = json.loads(out, parse_constant=pytest.fail)
    assert (code, told["exit"], told["cell"], told["years"]) == (0, 0, "LMO", 1.0)
    assert told["capacity_kWh"][0] == told["battery_capacity_kWh"]
    assert told["capacity_kWh"][-1] == pytest.approx(told["battery_capacity_kWh"] * told["end_of_life"])
    assert sum(told["depth_cycles"]) == pytest.approx(told["cycles"])
    assert 0.4 * 131.0 < told["night_power_kW"] < 0.6 * 131.0
    assert told["binding"]["case"] == "power"
    assert told["certificate"]["problems"] == []


def test_daynight_prints_both_senses(capsys):
    words = ("daynight", "dawn-dusk", "--set", "battery.capacity=100 kWh", "--case", "power")
    code, out, _ = printed(capsys, *words)
    assert code == 0
    assert "the same by day and night" in out
    assert "in the orbit with the longest night" in out
    assert "loop heater" in out
    assert max(map(len, out.splitlines())) <= 100
    code, out, _ = printed(capsys, *words, "--json")
    told = json.loads(out, parse_constant=pytest.fail)
    assert told["sustained_average_power_kW"] > told["sustained_power_kW"]
    assert told["night_over_day"] == pytest.approx(told["night_power_kW"] / told["day_power_kW"])
    assert told["heater"][0]["power_kW"] == 0.0
    assert told["margins"]["recharge"]["margin_kWh"] >= 0.0


def test_the_year_is_a_table_a_file_and_a_picture(capsys, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    words = ("year", "dawn-dusk", "--step", "180 day", "--plot", "y.svg", "-o", "y.csv")
    code, out, _ = printed(capsys, *words)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines() if line.startswith("  2026")] == [
        "2026-01-01",
        "2026-06-30",
        "2026-12-27",
    ]
    assert "least on 2026-06-30, stopped by refill" in out
    rows = list(csv.DictReader((tmp_path / "y.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["epochs"] for row in rows] == ["2026-01-01", "2026-06-30", "2026-12-27"]
    assert float(rows[1]["night_min"]) > 19.0
    assert (tmp_path / "y.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_the_json_of_the_year_has_a_column_for_each_figure(capsys):
    code, out, _ = printed(capsys, "year", "dawn-dusk", "--step", "200 day", "--json")
    told = json.loads(out, parse_constant=pytest.fail)
    assert code == 0
    for key in ("sustained_power_kW", "night_min", "coolant_max_degC", "array_min_degC", "binding_limit"):
        assert len(told[key]) == len(told["epochs"]) == 2
    assert told["sustained_power_min_kW"] == min(told["sustained_power_kW"])


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["life", "leo-53", "--years", "some"], "`--years` must be a number of years"),
        (["life", "leo-53", "--years", "-1"], "`years` must be a number above 0"),
        (["life", "leo-53", "--cell", "lead"], "known: space, LMO"),
        (["life", "leo-53", "--load", "burst 150 kW for 1 min"], "constant or different by day and night"),
        (["year", "leo-53", "--step", "10"], "`step` must be"),
        (["year", "leo-53", "--step", "1 min"], "at most 1000 dates"),
        (["year", "leo-53", "--plot", "y.gif"], "`--plot` must end in .png or .svg or .pdf"),
        (["daynight", "leo-53", "--power", "1 kW"], "there is no option '--power'"),
    ],
)
def test_what_does_not_fit_is_refused(words, wanted, capsys):
    code, _, err = printed(capsys, *words)
    assert code == 2
    assert wanted in err
