"""The package as it is installed: names, lazy import, typing marker, command, doctests, layers."""

import ast
import doctest
import importlib
import pkgutil
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

import thermalsat as ts

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(ts.__file__).parent
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(ts.__path__, "thermalsat.")
    if not module.name.endswith(("._core", ".__main__"))
)

# Imports go to the same layer or to one before. What is not named here is what the user states.
STATED = 4
LAYERS = {
    "constants": 0,
    "errors": 0,
    "_optional": 0,
    "pieces": 1,
    "sampling": 1,
    "laws": 1,
    "physics": 1,
    "tableaus": 1,
    "bundle": 1,
    "twin": 1,
    "solver": 1,
    # what turns solves of a network into results
    **{f"solver.{name}": 8 for name in ("api", "batch", "gradient", "outcome", "sensitivity")},
    **{
        f"solver.{name}": 8
        for name in ("mesh", "meshparts", "meshwalls", "halfcells", "outputs", "direction")
    },
    "_core": 1,
    "unit_text": 2,
    "units": 2,
    "forcing": 3,
    "environment": 5,
    "network": 6,
    "assembly": 7,
    "results": 8,
    "capability": 9,
    "sizing": 9,
    "mission": 9,
    "degraded": 9,
    "worst": 9,
    "cli": 10,
    "_versions": 10,
}
FLOAT_LAYER = 1


def _layer(module: str) -> int:
    """Layer of a module: that of its longest name in the table."""
    parts = module.split(".")[1:3]
    return LAYERS.get(".".join(parts), LAYERS.get(parts[0], STATED))


@pytest.mark.parametrize("name", ts.__all__)
def test_every_public_name_is_there(name):
    assert getattr(ts, name) is not None
    assert name in dir(ts)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'thermalsat' has no attribute 'radiater'"):
        ts.radiater  # noqa: B018


def test_type_checkers_see_the_names_that_are_loaded_late():
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.name for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen == set(ts.__all__) - {"__version__"}
    assert ts.__all__ == sorted(ts.__all__)


def test_import_loads_neither_pint_nor_numpy():
    assert _loaded_after("import thermalsat") == set()


@pytest.mark.parametrize("module", [m for m in MODULES if _layer(m) <= FLOAT_LAYER])
def test_float_layers_do_not_load_pint(module):
    assert "pint" not in _loaded_after(f"import {module}")


def _loaded_after(code: str) -> set[str]:
    code += "; import sys; print(*{'pint', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", MODULES)
def test_imports_flow_one_way(module):
    own = _layer(module)
    targets = _imports(module)
    if own <= FLOAT_LAYER:
        assert "pint" not in targets
    for target in targets - {"pint"}:
        layer = _layer(f"thermalsat.{target}")
        assert layer <= own, f"{module} imports thermalsat.{target}, which is of a later layer"


def _imports(module: str) -> set[str]:
    """Parts of the package that a module imports when it is loaded, and `pint`."""
    source = Path(importlib.import_module(module).__file__).read_text(encoding="utf-8")
    found = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("thermalsat.")}
        found |= {"pint"} & {name.split(".")[0] for name in names}
    return found - {"__version__"}


@pytest.mark.parametrize("module", ["thermalsat", *MODULES])
def test_examples_in_docstrings_run(module):
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    failed, _ = doctest.testmod(importlib.import_module(module), optionflags=flags)
    assert failed == 0


def test_the_core_is_compiled():
    core = importlib.import_module("thermalsat._core")
    assert not core.__file__.endswith(".py")


@pytest.fixture
def installed():
    try:
        files = distribution("thermalsat").files
    except PackageNotFoundError:
        pytest.skip("thermalsat runs from its source folder")
    if not any(str(file).endswith("thermalsat/__init__.py") for file in files):
        pytest.skip("thermalsat is installed as editable")
    return {str(file) for file in files}


def test_the_wheel_holds_the_package_and_nothing_else(installed):
    assert "thermalsat/py.typed" in installed
    assert "thermalsat/_core.pyi" in installed
    assert {f"thermalsat/designs/{name}.toml" for name in ("leo-53", "dawn-dusk")} <= installed
    tops = {name.split("/")[0] for name in installed if not name.startswith("..")}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"thermalsat"}
    assert not any(name.endswith((".pyx", ".pxd", ".c", ".h")) for name in installed)


def test_every_data_file_of_the_source_is_installed(installed):
    source = ROOT / "thermalsat"
    data = [path for path in source.rglob("*") if path.suffix in (".toml", ".csv", ".json", ".txt", ".pyi")]
    assert data
    assert {path.relative_to(ROOT).as_posix() for path in data} <= installed


def test_the_command_is_installed(installed):
    scripts = distribution("thermalsat").entry_points.select(group="console_scripts")
    assert [(script.name, script.value) for script in scripts] == [("thermalsat", "thermalsat.cli:main")]
    command = Path(sys.executable).with_name("thermalsat")
    done = subprocess.run([command, "--help"], capture_output=True, text=True, check=True)
    assert "size" in done.stdout


def test_metadata(installed):
    metadata = distribution("thermalsat").metadata
    assert metadata["Version"] == ts.__version__
    assert metadata["License-Expression"] == "MIT"
    required = [name for name in metadata.get_all("Requires-Dist") if "extra ==" not in name]
    assert sorted(re.split(r"[<>=]", name)[0] for name in required) == ["numpy", "pint", "scipy"]


def test_ci_runs_the_second_command_of_the_readme():
    commands = re.findall(
        r"^python3 -m venv .*$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(commands) == 2
    assert commands[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_versions_are_told(capsys):
    ts.show_versions()
    lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert lines["thermalsat"] == ts.__version__
    assert lines["python"] == ".".join(map(str, sys.version_info[:3]))
    assert set(lines) >= {"numpy", "scipy", "pint", "CoolProp"}
