"""``thermalsat init``: write a design to start from."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from thermalsat import designs
from thermalsat.cli.answer import Answer
from thermalsat.errors import InputError

__all__ = ["run"]

_DEFAULT = "leo-53"


def run(args: argparse.Namespace) -> Answer:
    """Write the file of a shipped design, with changes where they were asked for."""
    start, output = _words(args.start, args.output)
    source = designs.path(start)
    if args.changes:
        text = designs.load(start).replace(dict(args.changes)).to_toml()
    else:
        text = source.read_text(encoding="utf-8")
    record = {"command": "init", "design": start, "changes": args.changes}
    if output == "-":
        return Answer(text=text, record={**record, "file": None, "text": text})
    path = Path(output)
    _write(path, _named(text, path.stem), args.force)
    shown = f"wrote {path}, a copy of {start}; now: thermalsat check {path}"
    return Answer(text=shown, record={**record, "file": str(path)})


def _words(words: list[str], option: str | None) -> tuple[str, str]:
    """Return the shipped design and the file; a lone word that ends in .toml is the file."""
    files = [word for word in words if word.endswith(".toml")]
    names = [word for word in words if word not in files]
    if len(names) > 1 or len(files) > 1 or (files and option is not None):
        given = " ".join([*words, *(["-o", option] if option else [])])
        raise InputError(
            f"`init` takes one shipped design and one .toml file,"
            f' e.g. "thermalsat init leo-53 my.toml"; got {given!r}'
        )
    start = names[0] if names else _DEFAULT
    return start, option or (files[0] if files else f"{start}.toml")


def _named(text: str, name: str) -> str:
    plain = name.replace("\\", "\\\\").replace('"', '\\"')
    return re.sub(r'^name = ".*"$', lambda _: f'name = "{plain}"', text, count=1, flags=re.MULTILINE)


def _write(path: Path, text: str, force: bool) -> None:
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(
            f"{str(path)!r} exists; type --force to overwrite it, or give another name"
        ) from None
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be written: {error.strerror}") from None
