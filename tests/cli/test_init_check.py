"""`thermalsat init` writes a design that `thermalsat check` accepts."""

from __future__ import annotations

import json
import re

import pytest

import thermalsat as ts
from thermalsat.cli import main


@pytest.fixture(autouse=True)
def inside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ts.designs.names())
def test_what_init_writes_is_the_shipped_design_and_passes_check(name, inside, capsys):
    assert main(["init", name]) == 0
    path = inside / f"{name}.toml"
    assert path.read_text(encoding="utf-8") == ts.designs.path(name).read_text(encoding="utf-8")
    assert main(["check", str(path)]) == 0
    assert "No fault" in capsys.readouterr().out


def test_init_without_words_starts_from_leo_53(inside, capsys):
    assert main(["init"]) == 0
    assert "leo-53.toml" in capsys.readouterr().out
    assert (inside / "leo-53.toml").exists()


def test_the_file_gives_the_design_its_name(inside):
    assert main(["init", "mine.toml"]) == 0
    assert ts.Satellite.from_file("mine.toml").name == "mine"
    assert main(["init", "dawn-dusk", "-o", "other.toml"]) == 0
    assert ts.Satellite.from_file("other.toml").orbit == ts.designs.load("dawn-dusk").orbit


def test_init_does_not_overwrite_without_force(inside, capsys):
    (inside / "mine.toml").write_text("precious")
    assert main(["init", "mine.toml"]) == 2
    assert "--force" in capsys.readouterr().err
    assert (inside / "mine.toml").read_text() == "precious"
    assert main(["init", "mine.toml", "--force"]) == 0
    assert ts.Satellite.from_file("mine.toml").name == "mine"


def test_init_with_a_change_writes_the_changed_design(inside):
    assert main(["init", "mine.toml", "--set", "radiator.area=130 m^2"]) == 0
    assert ts.Satellite.from_file("mine.toml") == ts.designs.load("leo-53").replace(
        {"radiator.area": "130 m^2", "name": "mine"}
    )


def test_init_prints_instead_of_writing(inside, capsys):
    assert main(["init", "leo-53", "-o", "-"]) == 0
    assert capsys.readouterr().out == ts.designs.path("leo-53").read_text(encoding="utf-8")
    assert list(inside.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["leo53"], "did you mean `leo-53`"),
        (["leo-53", "dawn-dusk"], "one shipped design"),
        (["mine.toml", "-o", "other.toml"], "one .toml file"),
        (["leo-53", "nowhere/mine.toml"], "cannot be written"),
    ],
)
def test_init_refuses(words, wanted, inside, capsys):
    assert main(["init", *words]) == 2
    assert wanted in capsys.readouterr().err
    assert list(inside.iterdir()) == []


def test_check_tells_the_summary_and_every_source(capsys):
    assert main(["check", "leo-53"]) == 0
    out = capsys.readouterr().out
    sat = ts.designs.load("leo-53")
    assert "240 m² planform, 480 m² emitting" in out
    assert all(name in out for name in sat.provenance)
    flat = re.sub(r"\s+", " ", out)
    assert all(source.citation in flat for source in sat.sources.values())
    assert max(map(len, out.splitlines())) <= 100


def test_the_json_of_check_agrees_with_the_design(capsys):
    assert main(["check", "dawn-dusk", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    sat = ts.designs.load("dawn-dusk")
    assert told["exit"] == 0
    assert told["faults"] == []
    assert told["radiator_area_m2"] == sat.radiator.area_m2
    assert told["mass_kg"] == pytest.approx(sat.mass_kg, rel=1e-15)
    assert {item["name"] for item in told["provenance"]} >= set(sat.marks)
    # Sun-synchronous at 650 km, LTAN 18:00: the longest night of the year is 19.7 min (DESIGN section 1)
    assert max(case["night_min"] for case in told["cases"].values()) == pytest.approx(19.7, abs=0.7)


def test_check_of_one_case_shows_that_case_alone(capsys):
    assert main(["check", "leo-53", "--case", "cold", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told["cases"]) == ["cold"]
    names = {item["name"]: item["citation"] for item in told["provenance"]}
    assert names["cases.cold.beta"] == "chosen for the reference design"
    assert "cases.hot.beta" not in names
