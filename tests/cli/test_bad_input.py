"""Bad input gets one clear message for each fault, exit code 2, and no traceback (DESIGN section 5)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from thermalsat import designs
from thermalsat.cli import main

LEO = designs.path("leo-53").read_text(encoding="utf-8")

# what is written in place of a line of leo-53, and what the message must hold: place, need, got, hint
FAULTS = {
    "misspelt key": ("pitch = ", "picth = ", ["radiator.picth", "did you mean `radiator.pitch`"]),
    "wrong unit": ('area = "240 m^2 [sized]"', 'area = "160 kg"', ["`radiator.area`", "kg", "m^2"]),
    "bare number": ('area = "240 m^2 [sized]"', "area = 160", ["`radiator.area`", "160", "m^2"]),
    "not a number": (
        'area = "240 m^2 [sized]"',
        'area = "nan m^2"',
        ["`radiator.area`", "nan m^2", "110 m^2"],
    ),
    "infinity": ('area = "240 m^2 [sized]"', 'area = "inf m^2"', ["`radiator.area`", "inf m^2", "110 m^2"]),
    "bare infinity": ('area = "240 m^2 [sized]"', "area = inf", ["`radiator.area`"]),
    "negative area": (
        'area = "240 m^2 [sized]"',
        'area = "-5 m^2"',
        ["`radiator.area`", "above 0", "-5 m^2"],
    ),
    "emittance above one": (
        'emittance = "0.88 [assumed]"',
        'emittance = "1.2"',
        ["`radiator.coating.emittance`", "between 0 and 1", "1.2"],
    ),
    "discharge beyond empty": (
        'depth_of_discharge = "0.3 [battery]"',
        'depth_of_discharge = "1.3"',
        ["`battery.depth_of_discharge`", "1", "1.3"],
    ),
    "unknown mark": ("240 m^2 [sized]", "240 m^2 [seized]", ["radiator.area", "did you mean `sized`"]),
    "unknown coolant": ('coolant = "ammonia"', 'coolant = "amonia"', ["loop.coolant", "ammonia"]),
}


@pytest.fixture
def written(tmp_path: Path):
    """Return a function that writes a design file and gives its path."""

    def write(text: str, name: str = "mine.toml") -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def seen(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def changed(old: str, new: str) -> str:
    assert old in LEO
    return LEO.replace(old, new, 1)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_file_is_named_with_its_place(fault, written, capsys):
    old, new, wanted = FAULTS[fault]
    path = written(changed(old, new))
    line = changed(old, new)[: changed(old, new).index(new)].count("\n") + 1
    code, out, err = seen(capsys, "check", path)
    assert (code, out) == (2, "")
    assert f"{path}:{line}:" in err
    for word in wanted:
        assert word in err


@pytest.mark.parametrize(
    "command", ["check", "run", "periodic", "sustained", "peak", "envelope", "size", "report"]
)
def test_every_command_refuses_the_same_file_in_the_same_words(command, written, capsys):
    path = written(changed("pitch = ", "picth = "))
    code, out, _ = seen(capsys, command, path, "--json")
    told = json.loads(out)
    assert (code, told["exit"]) == (2, 2)
    assert any("did you mean `radiator.pitch`" in fault for fault in told["faults"])


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_the_lines(written, capsys):
    text = LEO
    for name in ("bare number", "emittance above one", "discharge beyond empty"):
        old, new, _ = FAULTS[name]
        text = text.replace(old, new, 1)
    code, out, err = seen(capsys, "check", written(text), "--json")
    faults = json.loads(out)["faults"]
    assert code == 2
    assert [fault.split("`")[1] for fault in faults] == [
        "radiator.area",
        "radiator.coating.emittance",
        "battery.depth_of_discharge",
    ]
    assert "3 faults" in err
    assert all(fault in err for fault in faults)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ["is empty", "thermalsat init"]),
        (" \n\n", ["is empty"]),
        ("[radiator\narea = 3", ["not valid TOML", "line 1"]),
        ("area = 160 m^2", ["not valid TOML", 'key = "120 kW"']),
        ("schema = 1", ["`[radiator]` is missing", "`[orbit]` is missing"]),
        ("schema = 2\n", ["`schema` must be 1, got 2"]),
    ],
)
def test_a_file_that_is_no_design(text, wanted, written, capsys):
    code, out, err = seen(capsys, "size", written(text))
    assert (code, out) == (2, "")
    for word in wanted:
        assert word in err


def test_a_file_that_is_not_text(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00\x01")
    code, _, err = seen(capsys, "check", str(path))
    assert code == 2
    assert "UTF-8" in err


def test_a_folder_instead_of_a_file(tmp_path, capsys):
    code, _, err = seen(capsys, "check", str(tmp_path))
    assert code == 2
    assert str(tmp_path) in err


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["check", "leo53"], ['did you mean the shipped design "leo-53"']),
        (["check", "nowhere/mine.toml"], ["nowhere/mine.toml", "dawn-dusk, leo-53"]),
        (["sise", "leo-53"], ["'sise'", "did you mean `size`"]),
        (["xyzzy"], ["'xyzzy'", "init, check, run"]),
        ([], ["a command is needed", "thermalsat --help"]),
        (["size"], ["DESIGN", "thermalsat size --help"]),
        (["check", "leo-53", "dawn-dusk"], ["'dawn-dusk'", "too many"]),
        (["check", "leo-53", "--jsn"], ["'--jsn'", "did you mean `--json`"]),
        (["--jsn"], ["'--jsn'", "did you mean `--json`"]),
        (["check", "leo-53", "--case", "cool"], ["cool", "did you mean `cold`"]),
        (["check", "leo-53", "--case"], ["--case", "expected one argument"]),
        (["check", "leo-53", "--set", "radiator.aria=3 m^2"], ["did you mean `radiator.area`"]),
        (["check", "leo-53", "--set", "radiator.area"], ["--set", "130 m^2"]),
        (["check", "leo-53", "--set", "radiator.area="], ["--set", "dotted name and a value"]),
        (["check", "leo-53", "--set", "radiator.area=130"], ["`radiator.area`", "130", "m^2"]),
        (["check", "leo-53", "--set", "radiator.area=-1 m^2"], ["`radiator.area`", "above 0"]),
        (["check", "leo-53", "--set", "array.area=1 m^2", "--set", "array.area=2 m^2"], ["given twice"]),
        (
            ["check", "leo-53", "--set", "payload.idle_floor=130 kW"],
            ["payload.idle_floor", "lower the floor"],
        ),
    ],
)
def test_a_wrong_word_is_told_with_the_nearest_right_one(words, wanted, capsys):
    code, out, err = seen(capsys, *words)
    assert (code, out) == (2, "")
    for word in wanted:
        assert word in err


def test_the_json_of_bad_words_is_one_object(capsys):
    code, out, err = seen(capsys, "--json", "sise", "leo-53")
    told = json.loads(out)
    assert code == told["exit"] == 2
    assert told["faults"] == [told["error"]]
    assert told["error"] in err


def test_a_quoted_value_is_taken_without_its_quotes(capsys):
    code, out, _ = seen(capsys, "check", "leo-53", "--json", "--set", 'radiator.area="130 m^2"')
    assert code == 0
    assert json.loads(out)["radiator_area_m2"] == 130.0


def test_debug_adds_the_traceback_to_stderr_only(capsys):
    code = main(["check", "leo53", "--debug", "--json"])
    out, err = capsys.readouterr()
    assert code == 2
    assert "Traceback" in err
    assert json.loads(out)["exit"] == 2
