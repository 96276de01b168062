"""Every example of the README and of the documentation prints what its page says."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


pytestmark = pytest.mark.skipif(not (ROOT / "docs").is_dir(), reason="the documentation is not here")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_the_examples_print_what_the_page_says(page: Path) -> None:
    faults = _script("examples").run(page)
    assert not faults, "\n".join(map(str, faults))


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_the_long_examples_print_what_the_page_says(page: Path) -> None:
    found = _script("examples")
    if not any(example.long for example in found.examples(page.read_text(encoding="utf-8"))):
        pytest.skip("no long example")
    faults = found.run(page, long=True)
    assert not faults, "\n".join(map(str, faults))


def test_an_example_that_prints_something_else_is_a_fault(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\n>>> 1 + 1\n3\n```\n", encoding="utf-8")
    found = _script("examples")
    assert [fault.got for fault in found.run(page)] == ["2\n"]
    found.run(page, update=True)
    assert page.read_text(encoding="utf-8") == "```python\n>>> 1 + 1\n2\n```\n"


def test_the_table_of_keys_is_current() -> None:
    script = _script("make_design_keys")
    text = script.PAGE.read_text(encoding="utf-8")
    assert text == script.page(text), "run: python docs/make_design_keys.py"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), target


def test_every_public_name_is_in_the_list_of_names() -> None:
    import thermalsat

    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    missing = [name for name in thermalsat.__all__ if f"`{name}" not in text and not name.startswith("_")]
    assert not missing


def test_every_command_has_a_section() -> None:
    from thermalsat.cli.parser import COMMANDS

    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"## `thermalsat {name}`" not in text] == []
