"""Writes docs/design-file.md: every key of a design file, from the package's own table of keys.

python docs/make_design_keys.py
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from thermalsat.designkeys import Key, keys

PAGE = Path(__file__).with_name("design-file.md")
MARK = "<!-- the tables below are written by docs/make_design_keys.py -->"


def tables() -> str:
    """Return a table of keys for each section."""
    parts = []
    for section, found in groupby(keys(), key=lambda key: key.name.split(".")[0]):
        shown = "cases.NAME" if section == "cases" else section
        head = [f"## `[{shown}]`", "", "| key | unit | default | range | meaning |"]
        parts.append("\n".join([*head, "| --- | --- | --- | --- | --- |", *_rows(list(found), section)]))
    return "\n\n".join(parts) + "\n"


def _rows(found: list[Key], section: str) -> Iterator[str]:
    for key in found:
        name = key.name.removeprefix(f"{section}.").removeprefix("*.")
        default = "required" if key.default == "required" else _default(key.default)
        bounds = key.bounds.replace("|", "\\|") or ("any date" if key.kind == "date" else key.kind)
        unit = f"{key.unit}, difference" if key.kind == "temperature difference" else key.unit or "-"
        yield f"| `{name}` | {unit} | {default} | {bounds} | {key.doc} |"


def _default(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    return f"`{list(value)}`" if isinstance(value, tuple) else f"`{value}`"


def page(text: str) -> str:
    """Return the page with its tables written anew."""
    return text.partition(MARK)[0] + MARK + "\n\n" + tables()


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
