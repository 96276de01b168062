"""Plain text tables that fit a terminal."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Sequence

__all__ = ["BAD", "WIDTH", "bold", "colour", "grid", "number", "section", "wrapped"]

WIDTH = 96
BAD = "\N{NULL}"
"""Marks a cell of a table that is to catch the eye."""
_CODES = {"bold": "1", "red": "31", "green": "32", "yellow": "33"}
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def colour(text: str, name: str) -> str:
    """Return `text` in a colour, where stdout is a terminal and NO_COLOR is not set."""
    wanted = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return f"\x1b[{_CODES[name]}m{text}\x1b[0m" if wanted and text else text


def bold(text: str) -> str:
    """Return `text` in bold, where that can be shown."""
    return colour(text, "bold")


def number(value: float | None, digits: int = 4) -> str:
    """Return a number with so many significant digits, never in scientific form between 1e-3 and 1e7.

    Examples
    --------
    >>> number(156.249), number(12.0), number(5234.7), number(None), number(float("inf"))
    ('156.2', '12', '5235', '-', 'for ever')
    """
    if value is None or value != value:
        return "-"
    if abs(value) == float("inf"):
        return "for ever" if value > 0 else "-"
    size = abs(value)
    if size >= 10.0 ** (digits - 1) and size < 1e7:
        return f"{value:.0f}"
    return f"{value:.{digits}g}"


def grid(rows: Sequence[Sequence[str]], align: str = "", indent: int = 2, gap: int = 2) -> str:
    """Return rows as aligned columns.

    Parameters
    ----------
    rows : sequence of sequences of str
        Cells; short rows are filled up. A cell that begins with `BAD` is shown in red without it.
    align : str
        A letter a column, "l" or "r"; the last letter stands for all that follow.
    indent, gap : int
        Spaces before a row and between columns.

    Examples
    --------
    >>> print(grid([["area", "156.2", "m²"], ["mass", "5.1", "t"]], "lrl", indent=0))
    area  156.2  m²
    mass    5.1  t
    """
    count = max(map(len, rows), default=0)
    filled = [[_marked(cell) for cell in [*row, *[""] * (count - len(row))]] for row in rows]
    widths = [max(_length(row[k]) for row in filled) for k in range(count)]
    align = (align or "l").ljust(count, (align or "l")[-1])
    lines = []
    for row in filled:
        cells = []
        for text, width, side in zip(row, widths, align, strict=False):
            space = " " * (width - _length(text))
            cells.append(space + text if side == "r" else text + space)
        lines.append((" " * indent + (" " * gap).join(cells)).rstrip())
    return "\n".join(lines)


def _marked(cell: str) -> str:
    return colour(cell.removeprefix(BAD), "red") if cell.startswith(BAD) else cell


def section(title: str, body: str) -> str:
    """Return a heading and what stands under it."""
    return f"{bold(title)}\n{body}"


def wrapped(text: str, indent: int = 2, first: str = "") -> str:
    """Return a paragraph within the width, its lines after the first indented as far as `first` reaches."""
    lead = " " * indent + first
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * _length(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _length(text: str) -> int:
    return len(_ESCAPE.sub("", text))
