"""The examples of the documentation: found, run, and written anew.

    python docs/examples.py                   run every example and say which prints something else
    python docs/examples.py --update          write what the examples print into the pages
    python docs/examples.py docs/cli.md ...   the same for some pages

Fences marked ``python`` hold doctest examples, which share their names within a page. Fences marked
``console`` hold commands of the package after ``$ ``, with what they print. Examples that size a design are
long; they run with ``--long``. Figures that are rounding or effort alone (`MASKS`) are not compared.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
LONG = re.compile(r"ts\.size\(|^thermalsat size|^thermalsat report|# long")
_ROUNDING = (
    r"energy residual|periodic imbalance|energy_residual_relative\W+|periodic_imbalance_relative\W+"
    r"|time error|distance|mesh error"
)
MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"((?:{_ROUNDING})\s?)-?\d[\d.e+-]*"), r"\1#"),
    (re.compile(r"\b\d+ (periodic states|burst starts|runs)"), r"# \1"),
    (re.compile(r"\b\d[\d.e-]* s>"), "# s>"),
)
_FENCE = re.compile(r"^```(python|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FAILED = "Traceback (most recent call last):\n    ..."
_PARSER, _CHECKER = doctest.DocTestParser(), doctest.OutputChecker()


class Example(NamedTuple):
    """One example: what is run, what the page says it prints, and where that stands in the page."""

    kind: str
    source: str
    want: str
    line: int
    start: int
    stop: int
    indent: int = 0
    flags: int = FLAGS

    @property
    def long(self) -> bool:
        """Whether it takes more than a few seconds."""
        return bool(LONG.search(self.source))


class Fault(NamedTuple):
    """An example that printed something else."""

    page: Path
    example: Example
    got: str

    def __str__(self) -> str:
        name = self.page.relative_to(ROOT)
        return f"{name}:{self.example.line}: {self.example.source.strip()}\n" + _CHECKER.output_difference(
            doctest.Example(self.example.source, self.example.want), self.got, FLAGS
        )


def pages() -> list[Path]:
    """Return the README and every page under docs."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def examples(text: str) -> Iterator[Example]:
    """Find the examples of a page."""
    for fence in _FENCE.finditer(text):
        kind, body, start = fence[1], fence[2], fence.start(2)
        found = list((_python if kind == "python" else _console)(body, start, text))
        if not found:
            raise ValueError(f"line {text.count(chr(10), 0, start)}: a {kind} fence without examples")
        yield from found


def _python(body: str, start: int, text: str) -> Iterator[Example]:
    at = 0
    for piece in _PARSER.parse(body):
        if isinstance(piece, str):
            at += len(piece)
            continue
        lead = sum(4 + len(row) for row in piece.source.splitlines(keepends=True))
        begin = start + at + lead
        stop = begin + len(piece.want)
        at = stop - start
        line = text.count("\n", 0, begin)
        yield Example("python", piece.source, piece.want, line, begin, stop, piece.indent)


def _console(body: str, start: int, text: str) -> Iterator[Example]:
    for block in re.finditer(r"^\$ (.*\n)((?:(?!\$ ).*\n)*)", body, re.MULTILINE):
        begin, stop = start + block.start(2), start + block.end(2)
        yield Example("console", block[1], block[2], text.count("\n", 0, begin), begin, stop)


def run(page: Path, *, long: bool = False, update: bool = False) -> list[Fault]:
    """Run the examples of a page in a folder of their own; return those that print something else."""
    text, faults, names = page.read_text(encoding="utf-8"), [], {"__name__": "__main__"}
    changes: list[tuple[int, int, str]] = []
    home = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for example in examples(text):
                if example.long and not long:
                    continue
                got = _printed(example, names)
                if _same(example.want, got):
                    continue
                faults.append(Fault(page, example, got))
                if got.startswith(_FAILED) and "Traceback" not in example.want:
                    continue
                changes.append((example.start, example.stop, got))
        finally:
            os.chdir(home)
    if update:
        for start, stop, got in reversed(changes):
            text = text[:start] + got + text[stop:]
        page.write_text(text, encoding="utf-8")
    return faults


def _same(want: str, got: str) -> bool:
    for pattern, mask in MASKS:
        want, got = pattern.sub(mask, want), pattern.sub(mask, got)
    return want == got or _CHECKER.check_output(want, got, FLAGS)


def _printed(example: Example, names: dict[str, Any]) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        if example.kind == "console":
            _command(example.source, out)
        else:
            try:
                exec(compile(example.source, "<example>", "single"), names)
            except Exception as error:
                kind = type(error)
                print(f"{_FAILED}\n{kind.__module__}.{kind.__name__}: {error}")
    got = out.getvalue()
    if example.kind == "python":
        got = re.sub(r"^\n|(?<=\n)\n", "<BLANKLINE>\n", got)
    return re.sub(r"[ \t]+$", "", got, flags=re.MULTILINE)


def _command(line: str, out: io.StringIO) -> None:
    from thermalsat.cli import main

    words = shlex.split(line, comments=True)
    if words[0] != "thermalsat":
        raise ValueError(f"a console fence holds commands of thermalsat, got {line!r}; use sh for others")
    with contextlib.redirect_stderr(out):
        code = main([*words[1:], "--quiet"])
    if code:
        print(f"(exit code {code})")


def main(words: list[str]) -> int:
    """Run or update the pages that are named, by default all."""
    options = {word for word in words if word.startswith("--")}
    chosen = [Path(word).resolve() for word in words if word not in options] or pages()
    count = 0
    for page in chosen:
        for fault in run(page, long="--long" in options, update="--update" in options):
            print(fault)
            count += 1
    return 1 if count and "--update" not in options else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
