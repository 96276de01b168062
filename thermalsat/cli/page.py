"""A page in one file: headings, tables, drawings; nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from thermalsat.cli.tables import BAD

__all__ = ["Page"]

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem;
       color: #1a1a1a; }
h1 { margin-bottom: 0; } h2 { border-bottom: 1px solid #ccc; margin-top: 2.2rem; padding-bottom: .2rem; }
table { border-collapse: collapse; margin: .8rem 0; font-variant-numeric: tabular-nums; font-size: .92em; }
th, td { padding: .18rem .7rem .18rem 0; text-align: left; vertical-align: top; }
th { border-bottom: 1px solid #888; font-weight: 600; } td.n, th.n { text-align: right; }
tr:nth-child(even) td { background: #f7f7f7; } .bad { color: #b2182b; font-weight: 600; }
.note { color: #555; } svg { max-width: 100%; height: auto; }
@media print { body { max-width: none; margin: 0; } h2 { break-after: avoid; }
         svg, table { break-inside: avoid; } }
"""


class Page:
    """A page that grows from top to bottom.

    Parameters
    ----------
    title : str
        Shown as heading and in the window's title.

    Examples
    --------
    >>> page = Page("leo-53")
    >>> page.section("Limits")
    >>> page.table([["limit", "margin"], ["junction", "< 3 K"]], "lr")
    >>> "&lt; 3 K" in page.html()
    True
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self._parts = [f"<h1>{escape(title)}</h1>"]

    def section(self, title: str) -> None:
        """Begin a section."""
        self._parts.append(f"<h2>{escape(title)}</h2>")

    def text(self, text: str, kind: str = "") -> None:
        """Add a paragraph; `kind` is ``"note"`` or ``"bad"``."""
        named = f' class="{kind}"' if kind else ""
        self._parts.append(f"<p{named}>{escape(text)}</p>")

    def table(self, rows: Sequence[Sequence[str]], align: str = "l") -> None:
        """Add a table whose first row is its head; cells and `align` as in `tables.grid`."""
        count = max(map(len, rows))
        sides = align.ljust(count, align[-1])
        lines = ["<table>"]
        for k, row in enumerate(rows):
            tag = "th" if k == 0 else "td"
            cells = []
            for text, side in zip([*row, *[""] * (count - len(row))], sides, strict=False):
                named = ' class="n"' if side == "r" else ""
                cells.append(f"<{tag}{named}>{self._cell(text)}</{tag}>")
            lines.append(f"<tr>{''.join(cells)}</tr>")
        self._parts.append("\n".join([*lines, "</table>"]))

    @staticmethod
    def _cell(text: str) -> str:
        if text.startswith(BAD):
            return f'<span class="bad">{escape(text.removeprefix(BAD))}</span>'
        return escape(text)

    def drawing(self, svg: str, caption: str) -> None:
        """Add a drawing with what it shows."""
        self._parts.append(f'<figure>{svg}<figcaption class="note">{escape(caption)}</figcaption></figure>')

    def html(self) -> str:
        """Return the page."""
        head = (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escape(self.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        )
        return head + "\n".join(self._parts) + "\n</body>\n</html>\n"
