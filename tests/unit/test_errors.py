"""Exceptions carry their sentences, through pickle as well."""

import pickle
from pathlib import Path

import pytest

from thermalsat import errors
from thermalsat._optional import axes, require

CASES = [
    errors.InputError("`power` must be above zero, got -1 W"),
    errors.DesignError(["one", "two"]),
    errors.InfeasibleError("no area is enough"),
    errors.ConvergenceError("stopped at t = 3 s", {"status": 1, "time_s": 3.0}),
    errors.NoBalanceError("box passes 3000 K", {"index": 3, "value": 4000.0}),
    errors.CertificateError("error above the tolerance", {"error_K": 0.2}),
    errors.MissingExtraError("not installed"),
]


@pytest.mark.parametrize("error", CASES, ids=lambda error: type(error).__name__)
def test_errors_pickle_whole(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert again.__dict__ == error.__dict__
    assert isinstance(again, errors.ThermalsatError)


def test_a_caller_may_catch_the_built_in_kinds():
    assert issubclass(errors.DesignError, errors.InputError)
    assert issubclass(errors.InputError, ValueError)
    assert issubclass(errors.NoBalanceError, errors.ConvergenceError)
    for kind in (errors.InfeasibleError, errors.NoBalanceError, errors.CertificateError):
        assert issubclass(kind, RuntimeError)
    assert issubclass(errors.MissingExtraError, ImportError)


def test_every_fault_of_a_design_is_listed():
    error = errors.DesignError(f"fault {i}" for i in range(3))
    assert error.faults == ["fault 0", "fault 1", "fault 2"]
    assert str(error) == "3 faults in the design:\n  - fault 0\n  - fault 1\n  - fault 2"
    assert str(errors.DesignError("only one")) == "only one"


def test_every_status_of_the_core_has_a_sentence_and_advice():
    assert sorted(errors.STATUS_MESSAGES) == list(range(6))
    for code, sentence in errors.STATUS_MESSAGES.items():
        assert sentence == sentence.strip()
        assert len(sentence) > 20
        if code:
            assert ";" in sentence, f"code {code} says what happened but not what to do"


def test_a_missing_extra_names_the_pip_line():
    with pytest.raises(errors.MissingExtraError, match=r'pip install "thermalsat\[plot\]"'):
        require("no_such_module_anywhere.sub", extra="plot")


def test_a_broken_dependency_is_not_called_missing(tmp_path: Path, monkeypatch):
    (tmp_path / "half_installed_module.py").write_text("import another_absent_module\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="another_absent_module"):
        require("half_installed_module", extra="plot")


@pytest.mark.parametrize("name", errors.__all__)
def test_public_names_exist(name):
    assert hasattr(errors, name)


def test_plots_draw_on_what_is_given_or_on_a_new_figure():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    given = object()
    assert axes(given) is given
    before = set(pyplot.get_fignums())
    assert axes().figure.number not in before
    assert axes(rows=3, sharex=True).shape == (3,)
    pyplot.close("all")


def test_one_place_opens_figures():
    package = Path(errors.__file__).parent
    opening = [file.name for file in package.rglob("*.py") if "pyplot" in file.read_text(encoding="utf-8")]
    assert opening == ["_optional.py"]
