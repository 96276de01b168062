"""Exit codes, the one JSON object, tables, progress."""

from __future__ import annotations

import io
import json
import math
import time

import numpy as np
import pytest

import thermalsat as ts
from thermalsat.cli import main, tables
from thermalsat.cli.answer import Answer, failed
from thermalsat.cli.commands import check
from thermalsat.cli.jsonout import clean, dumps
from thermalsat.cli.parser import COMMANDS
from thermalsat.cli.progress import Progress
from thermalsat.errors import (
    CertificateError,
    ConvergenceError,
    DesignError,
    InfeasibleError,
    InputError,
    MissingExtraError,
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InfeasibleError("the junction limit cannot be met, by 3 K"), 1),
        (InputError("`x` must be 1"), 2),
        (DesignError(["a", "b"]), 2),
        (ts.units.UnitsError("`x` needs a unit"), 2),
        (MissingExtraError('pip install "thermalsat[plot]"'), 2),
        (PermissionError(13, "Permission denied", "x.csv"), 2),
        (ConvergenceError("no step", {"status": 1}), 3),
        (CertificateError("the time error is 1 K", {"time_error_K": math.nan}), 3),
        (ConvergenceError("stopped", {"status": 5}), 130),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError("division by zero"), 70),
    ],
)
def test_every_outcome_has_its_exit_code_and_one_object(error, code, monkeypatch, capsys):
    def fail(args):
        raise error

    monkeypatch.setattr(check, "run", fail)
    assert main(["check", "leo-53", "--json"]) == code
    out, err = capsys.readouterr()
    told = json.loads(out, parse_constant=pytest.fail)
    assert told["exit"] == code
    assert told["error"] in err
    assert "Traceback" not in err


def test_the_figures_of_an_error_are_in_the_object():
    record = failed(ConvergenceError("no step", {"status": 1, "time_s": 120.0})).record
    assert record["details"] == {"status": 1, "time_s": 120.0}


def test_warnings_are_told_in_words(monkeypatch, capsys):
    import warnings

    def warn(args):
        warnings.warn("the case is enveloped", UserWarning, stacklevel=1)
        return Answer(text="done", record={"power_kW": 1.0})

    monkeypatch.setattr(check, "run", warn)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert main(["check", "leo-53", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["warnings"] == ["the case is enveloped"]
    assert err == "thermalsat: warning: the case is enveloped\n"


@pytest.mark.parametrize("words", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)])
def test_help_and_version_are_answers_and_objects_too(words, capsys):
    assert main(words) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 100
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.get("help", told.get("version")).strip() == text.strip()


def test_version_is_that_of_the_package(capsys):
    main(["--version"])
    assert capsys.readouterr().out == f"thermalsat {ts.__version__}\n"


def test_the_flags_are_understood_before_and_after_the_command(capsys):
    for words in (
        ["--json", "check", "leo-53"],
        ["check", "--json", "leo-53"],
        ["check", "leo-53", "--json"],
    ):
        assert main(words) == 0
        assert json.loads(capsys.readouterr().out)["design"] == "leo-53"


def test_what_is_not_finite_becomes_null():
    value = {"a_K": math.nan, "b": [math.inf, 1.5], "c": np.array([1.0, -math.inf]), "d": np.int64(3)}
    assert clean(value) == {"a_K": None, "b": [None, 1.5], "c": [1.0, None], "d": 3}
    assert clean({"e": np.float64(math.nan), "f": np.bool_(True)}) == {"e": None, "f": True}
    json.loads(dumps(value), parse_constant=pytest.fail)


def test_a_quantity_must_give_its_unit_to_the_key():
    with pytest.raises(TypeError, match="put its unit into the key"):
        clean({"power": ts.Q("3 kW")})


def test_columns_line_up_whatever_is_in_them():
    lines = tables.grid([["a", "1.0", "m²"], ["longer", "100.0"], []], "lrl").split("\n")
    assert lines == ["  a         1.0  m²", "  longer  100.0", ""]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(156.249, "156.2"), (4.0, "4"), (12345.6, "12346"), (0.25, "0.25"), (math.nan, "-"), (None, "-")],
)
def test_numbers_are_short(value, shown):
    assert tables.number(value) == shown


def test_colour_only_on_a_terminal_and_never_with_no_color(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    assert tables.bold("x") == "x"
    monkeypatch.setattr("sys.stdout", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert tables.bold("x") == "\x1b[1mx\x1b[0m"
    monkeypatch.setenv("NO_COLOR", "1")
    assert tables.bold("x") == "x"


def _progress(monkeypatch, terminal: bool, quiet: bool = False) -> str:
    stream = io.StringIO()
    stream.isatty = lambda: terminal  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr("thermalsat.cli.progress._QUIET_s", 0.01)
    with Progress("sizing leo-53", quiet) as progress:
        progress.note("radiator")
        deadline = time.monotonic() + 5.0
        while not quiet and "radiator" not in stream.getvalue() and time.monotonic() < deadline:
            time.sleep(0.005)
    return stream.getvalue()


def test_progress_is_one_line_that_is_wiped_on_a_terminal(monkeypatch):
    shown = _progress(monkeypatch, terminal=True)
    assert "sizing leo-53: radiator" in shown
    assert "\n" not in shown
    assert shown.endswith("\r\x1b[K")


def test_progress_is_plain_lines_elsewhere(monkeypatch):
    shown = _progress(monkeypatch, terminal=False)
    assert shown.startswith("thermalsat: sizing leo-53: radiator")
    assert not set("\r\x1b") & set(shown)


def test_progress_is_silent_when_asked(monkeypatch):
    assert _progress(monkeypatch, terminal=True, quiet=True) == ""
