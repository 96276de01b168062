"""What is printed and written of an answer, on answers made by hand: no search is run here."""

from __future__ import annotations

import csv
import json
import sys
import types

import pytest
from cli_answers import ALL, CURVE, JUNCTION, LOOSE, capability

import thermalsat
from thermalsat.cli import main
from thermalsat.errors import InfeasibleError


@pytest.fixture
def answering(monkeypatch):
    """Return a function that puts answers in place of the searches, and the list of what these were asked."""
    asked: list[tuple[str, dict]] = []

    def put(**answers) -> list[tuple[str, dict]]:
        module = types.ModuleType("thermalsat.capability")
        for name, answer in answers.items():

            def search(sat, answer=answer, name=name, **options):
                asked.append((name, options | {"cases": list(sat.cases)}))
                if isinstance(answer, Exception):
                    raise answer
                return answer

            setattr(module, name, search)
        monkeypatch.setitem(sys.modules, "thermalsat.capability", module)
        monkeypatch.setattr(thermalsat, "capability", module, raising=False)
        return asked

    return put


def printed(capsys, *words: str) -> tuple[int, str, str]:
    code = main(words)
    out, err = capsys.readouterr()
    return code, out, err


def test_sustained_prints_the_power_and_what_stops_it(answering, capsys):
    answering(sustained_power=capability())
    code, out, _ = printed(capsys, "sustained", "leo-53")
    assert code == 0
    assert "123.5 kW" in out
    assert "2.9 % above the requirement" in out
    assert "stopped by junction: hot case, orbit phase 0.21, junction" in out
    assert max(map(len, out.splitlines())) <= 100


def test_the_json_of_sustained_has_its_units_in_its_keys(answering, capsys):
    asked = answering(sustained_power=capability())
    code, out, _ = printed(
        capsys, "sustained", "leo-53", "--json", "--case", "hot", "--set", "array.area=910 m^2"
    )
    told = json.loads(out, parse_constant=pytest.fail)
    assert (code, told["exit"]) == (0, 0)
    assert asked == [("sustained_power", {"cases": ["hot"]})]
    assert told["changes"] == {"array.area": "910 m^2"}
    assert told["sustained_power_kW"] == pytest.approx(123.456, rel=1e-15)
    assert told["minimum_power_kW"] == 36.0
    assert told["duration_min"] is None
    assert told["sustainable"] is True
    assert told["junction_max_degC"] == pytest.approx(368.149 - 273.15, abs=1e-12)
    assert told["depth_of_discharge"] == 0.28
    assert told["energy_residual_relative"] == 2e-15
    assert told["binding_limit"] == str(JUNCTION)
    assert told["binding"]["limit"] == "junction"
    assert told["binding"]["limit_value_degC"] == pytest.approx(95.0, abs=1e-9)
    assert told["binding"]["margin_K"] == 0.001
    assert told["margins"]["bus power"]["margin_kW"] == -5.0
    assert "depth_of_discharge" not in told["cases"]["hot"]
    assert told["cases"]["power"]["margins"]["depth of discharge"]["margin"] == 0.02


def test_an_answer_that_is_not_to_be_trusted_ends_with_3(answering, capsys):
    answering(sustained_power=capability(certificate=LOOSE))
    code, out, _ = printed(capsys, "sustained", "leo-53", "--json")
    told = json.loads(out)
    assert (code, told["exit"]) == (3, 3)
    assert told["certificate"]["problems"] == LOOSE.problems()
    code, out, _ = printed(capsys, "sustained", "leo-53")
    assert code == 3
    assert "! the energy residual is 2e-09" in out


def test_no_feasible_answer_ends_with_1_and_names_the_limit(answering, capsys):
    answering(sustained_power=InfeasibleError("even at the idle floor the limit junction is exceeded by 3 K"))
    code, out, err = printed(capsys, "sustained", "leo-53", "--json")
    told = json.loads(out)
    assert (code, told["exit"]) == (1, 1)
    assert "exceeded by 3 K" in told["error"]
    assert err.startswith("thermalsat: no feasible answer: even at the idle floor")


def test_peak_asks_for_the_burst_of_the_requirement(answering, capsys):
    burst = capability(kind="peak", duration_s=600.0, base_W=120e3, start_phase=0.4, recovery_s=5400.0)
    asked = answering(peak_power=burst)
    code, out, _ = printed(capsys, "peak", "leo-53")
    assert code == 0
    assert asked == [("peak_power", {"duration": "10 min", "cases": ALL})]
    assert "123.5 kW" in out
    assert "10 min" in out
    assert "orbit phase 0.40" in out
    code, out, _ = printed(capsys, "peak", "leo-53", "--json", "--base", "100 kW", "--recovery", "5")
    told = json.loads(out)
    assert asked[-1][1] == {"duration": "10 min", "base": "100 kW", "recovery": 5, "cases": ALL}
    assert told["peak_duration_min"] == 10.0
    assert told["sustainable"] is False
    assert told["base_power_kW"] == 120.0
    assert told["recovery_min"] == 90.0


def test_a_power_that_lasts_for_ever_is_null_and_sustainable(answering, capsys):
    asked = answering(peak_duration=capability(kind="duration", power_W=121e3, binding_limit=None))
    code, out, _ = printed(capsys, "peak", "leo-53", "--power", "121 kW", "--json")
    told = json.loads(out, parse_constant=pytest.fail)
    assert code == 0
    assert asked == [("peak_duration", {"power": "121 kW", "cases": ALL})]
    assert told["peak_duration_min"] is None
    assert told["sustainable"] is True
    assert told["binding_limit"] is None
    code, out, _ = printed(capsys, "peak", "leo-53", "--power", "121 kW")
    assert "for ever" in out
    assert "nothing binds" in out


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["peak", "leo-53", "--power", "130 kW", "--duration", "3 min"], "give one of them"),
        (["peak", "leo-53", "--recovery", "some"], "`--recovery` must be a whole number"),
        (["envelope", "leo-53", "--points", "1"], "`--points` must be a whole number, 3 or more, got '1'"),
        (["envelope", "leo-53", "--plot", "curve.gif"], "`--plot` must end in .png or .svg or .pdf"),
        (["envelope", "leo-53", "-o", "nowhere/curve.csv"], "a folder that exists"),
    ],
)
def test_options_that_do_not_fit_are_refused_before_the_search(words, wanted, answering, capsys):
    asked = answering(peak_power=None, peak_duration=None, power_envelope=None)
    code, _, err = printed(capsys, *words)
    assert code == 2
    assert wanted in err
    assert asked == []


def test_the_envelope_is_a_table_a_file_and_a_picture(answering, capsys, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    asked = answering(power_envelope=CURVE)
    code, out, _ = printed(capsys, "envelope", "leo-53", "--points", "3", "-o", "c.csv", "--plot", "c.svg")
    assert code == 0
    assert asked == [("power_envelope", {"points": 3, "cases": ALL})]
    rows = [line.split() for line in out.splitlines() if "kW" in line and "█" in line]
    assert [row[0] for row in rows] == ["1", "10", "ever"]
    table = list(csv.reader((tmp_path / "c.csv").read_text(encoding="utf-8").splitlines()))
    assert table[0] == ["duration_min", "power_kW", "binding_limit", "case"]
    assert table[1:] == [
        ["1.0", "180.0", "junction", "hot"],
        ["10.0", "150.0", "junction", "hot"],
        ["", "121.0", "depth of discharge", "power"],
    ]
    assert (tmp_path / "c.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_the_json_of_the_envelope_has_no_infinity(answering, capsys):
    answering(power_envelope=CURVE)
    code, out, _ = printed(capsys, "envelope", "leo-53", "--json")
    told = json.loads(out, parse_constant=pytest.fail)
    assert code == 0
    assert [point["duration_min"] for point in told["points"]] == [1.0, 10.0, None]
    assert [point["sustainable"] for point in told["points"]] == [False, False, True]
    assert told["base_power_kW"] == 120.0


def test_a_missing_extra_is_told_with_the_pip_line(answering, capsys, monkeypatch):
    asked = answering(power_envelope=CURVE)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    code, _, err = printed(capsys, "envelope", "leo-53", "--plot", "c.svg")
    assert code == 2
    assert 'pip install "thermalsat[plot]"' in err
    assert asked == []
