"""The words of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

import thermalsat
from thermalsat.errors import InputError

__all__ = ["COMMANDS", "Help", "parse", "whole"]

COMMANDS: dict[str, str] = {
    "init": "write a design file to start from",
    "check": "read a design, print its summary and where its numbers come from, or every fault",
    "run": "follow the temperatures through a stated load",
    "periodic": "find the state that repeats with every orbit, by day and by night",
    "sustained": "find the largest power that can be held for ever",
    "peak": "find the largest power for a duration, or the longest time at a power",
    "envelope": "find the peak power against its duration, from a minute to for ever",
    "degraded": "find what is still held with a loop, a tube, a string or a battery module lost",
    "daynight": "find the largest average of a power that follows the Sun",
    "year": "find power, nights and temperatures against the date",
    "life": "follow the battery through the nights of some years, and find the power then",
    "size": "find the radiator, array and battery that meet the requirement",
    "report": "write a page with the temperatures, the powers, the margins and the sources",
}
_EPILOG = """\
Exit codes: 0 answered, 1 no feasible answer, 2 bad input, 3 not converged or certificate failed,
130 interrupted. Start with: thermalsat size leo-53"""
_FLAGS = {
    "--json": "print one JSON object on stdout, whatever the outcome",
    "--quiet": "no progress on stderr",
    "--debug": "print the traceback of a failure",
}


class Help(Exception):
    """A text was asked for instead of an answer."""

    def __init__(self, text: str, topic: str = "help") -> None:
        self.text, self.topic = text, topic
        super().__init__(text, topic)


class _Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of printing and leaving."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message}; see `{self.prog} --help`")

    def print_help(self, file: Any = None) -> None:
        raise Help(self.format_help())


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Return the command and its options.

    Parameters
    ----------
    words : sequence of str
        Everything after the program's name.

    Raises
    ------
    Help
        If help or the version is asked for.
    InputError
        If a word is unknown or missing, with the nearest known one.

    Examples
    --------
    >>> args = parse(["size", "leo-53", "--set", "radiator.pitch=0.1 m"])
    >>> args.command, args.design, args.changes
    ('size', 'leo-53', {'radiator.pitch': '0.1 m'})
    """
    if "--version" in words:
        raise Help(f"thermalsat {thermalsat.__version__}", "version")
    parser, commands = _build()
    first = next((word for word in words if not word.startswith("-")), None)
    if first is not None and first not in COMMANDS:
        raise InputError(f"there is no command {first!r}; {_nearest(first, list(COMMANDS), 'commands')}")
    if first is None and not {"-h", "--help"} & set(words):
        unknown = [word for word in words if word not in ("-q", *_FLAGS)]
        if unknown:
            _refuse(unknown, parser)
        raise InputError(f"a command is needed: {', '.join(COMMANDS)}; see `thermalsat --help`")
    args, unknown = parser.parse_known_args(list(words))
    if unknown:
        _refuse(unknown, commands[args.command])
    args.changes = _changes(getattr(args, "set", None) or [])
    return args


def whole(text: str, option: str, least: int = 1) -> int:
    """Return a whole number that was typed after an option.

    Raises
    ------
    InputError
        If it is not one, or too small.

    Examples
    --------
    >>> whole("12", "--points")
    12
    """
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise InputError(f"`{option}` must be a whole number, {least} or more, got {text!r}")
    return number


def _formatter(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=28, width=96)


def _refuse(unknown: list[str], parser: argparse.ArgumentParser) -> NoReturn:
    word = unknown[0].partition("=")[0]
    if not word.startswith("-"):
        raise InputError(f"{word!r} is one word too many; see `{parser.prog} --help`")
    known = [name for action in parser._actions for name in action.option_strings if name.startswith("--")]
    raise InputError(f"there is no option {word!r}; {_nearest(word, known, 'options')}")


def _nearest(word: str, known: list[str], what: str) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else f"{what}: " + ", ".join(known)


def _changes(given: list[str]) -> dict[str, str]:
    changes: dict[str, str] = {}
    for item in given:
        name, equals, value = (part.strip() for part in item.partition("="))
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1].strip()
        if not (name and equals and value):
            raise InputError(
                f'`--set` must be a dotted name and a value, e.g. --set radiator.area="130 m^2"; got {item!r}'
            )
        if name in changes:
            raise InputError(f"`--set {name}` is given twice: {changes[name]!r} and {value!r}; keep one")
        changes[name] = value
    return changes


def _build() -> tuple[_Parser, dict[str, argparse.ArgumentParser]]:
    flags = _Parser(add_help=False)
    for name, text in _FLAGS.items():
        names = ["-q", name] if name == "--quiet" else [name]
        flags.add_argument(*names, action="store_true", default=argparse.SUPPRESS, help=text)
    design = _Parser(add_help=False)
    design.add_argument("design", metavar="DESIGN", help="a design file, or the name of a shipped design")
    design.add_argument("--case", metavar="NAME", help="one design case instead of all")
    design.add_argument(
        "--set",
        action="append",
        metavar="NAME=VALUE",
        help='change a value by its dotted name, e.g. radiator.area="130 m^2"; may be repeated',
    )
    parser = _Parser(
        prog="thermalsat",
        description="Heat and power of satellites that carry a computer of 100 kW and more.",
        epilog=_EPILOG,
        formatter_class=_formatter,
        parents=[flags],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    parser.set_defaults(json=False, quiet=False, debug=False)
    made = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    commands: dict[str, argparse.ArgumentParser] = {}
    for name, text in COMMANDS.items():
        parents = [flags] if name == "init" else [design, flags]
        commands[name] = made.add_parser(
            name,
            help=text,
            description=f"{text[0].upper()}{text[1:]}.",
            parents=parents,
            allow_abbrev=False,
            formatter_class=_formatter,
        )
        for option, settings in _OPTIONS.get(name, {}).items():
            commands[name].add_argument(*option.split(), **settings)
    return parser, commands


_LOAD = {
    "metavar": "LOAD",
    "help": 'compute power: "120 kW", "day 120 kW night 80 kW", or'
    ' "burst 150 kW at 10 min for 12 min base 120 kW"',
}
_TABLE: dict[str, Any] = {"metavar": "FILE", "help": "write the histories to a .csv or .npz file"}
_OPTIONS: dict[str, dict[str, dict[str, Any]]] = {
    "init": {
        "start": {
            "nargs": "*",
            "metavar": "DESIGN|FILE",
            "help": "shipped design to start from (leo-53), and the file to write (DESIGN.toml)",
        },
        "-o --output": {"metavar": "FILE", "help": 'the file to write; "-" prints it'},
        "--force": {"action": "store_true", "help": "overwrite the file if it exists"},
        "--set": {
            "action": "append",
            "metavar": "NAME=VALUE",
            "help": 'change a value by its dotted name, e.g. radiator.area="130 m^2"; may be repeated',
        },
    },
    "run": {
        "--load": _LOAD,
        "--orbits": {"metavar": "NUMBER", "default": "3", "help": "how many orbits to follow (3)"},
        "-o --output": _TABLE,
    },
    "periodic": {"--load": _LOAD, "-o --output": _TABLE},
    "peak": {
        "--duration": {"metavar": "TIME", "help": "how long the peak is held (the requirement's burst)"},
        "--power": {"metavar": "POWER", "help": "find the longest time at this power instead"},
        "--base": {"metavar": "POWER", "help": "power before and after (the requirement's sustained power)"},
        "--recovery": {"metavar": "ORBITS", "help": "orbits within which the base cycle is back"},
    },
    "envelope": {
        "--points": {"metavar": "NUMBER", "default": "12", "help": "how many durations (12)"},
        "--plot": {"metavar": "FILE", "help": "draw the curve into a .png, .svg or .pdf file"},
        "-o --output": {"metavar": "FILE", "help": "write the curve to a .csv file"},
    },
    "degraded": {
        "--mode": {
            "action": "append",
            "metavar": "NAME",
            "help": "loop, loop-own-plates, segment, tube, pump, pointing+, pointing-, string or module; may"
            " be repeated (all)",
        },
        "--base": {"metavar": "POWER", "help": "power before and after a burst (the requirement's)"},
        "--pointing": {
            "action": "append",
            "metavar": "ANGLE",
            "help": 'pointing error of the panels for the sweep, e.g. "-3 deg"; may be repeated',
        },
        "--no-peak": {"action": "store_true", "help": "leave out the peaks, which take most of the time"},
        "--wings": {"action": "store_true", "help": "what the wings cost or bring the radiator, too"},
    },
    "year": {
        "--step": {"metavar": "TIME", "default": "10 day", "help": 'from one date to the next ("10 day")'},
        "--span": {"metavar": "TIME", "default": "365.25 day", "help": "how long (a year)"},
        "--plot": {"metavar": "FILE", "help": "draw the year into a .png, .svg or .pdf file"},
        "-o --output": {"metavar": "FILE", "help": "write the table to a .csv file"},
    },
    "life": {
        "--years": {"metavar": "NUMBER", "default": "5", "help": "how long (5)"},
        "--load": _LOAD,
        "--cell": {
            "metavar": "NAME",
            "default": "space",
            "help": "whose fade: space, a space cell at its maker's bounds, or LMO, the cell of the paper",
        },
    },
    "size": {
        "--sustained": {"metavar": "POWER", "help": "instead of the requirement's sustained power"},
        "--peak": {"metavar": "POWER", "help": "instead of the requirement's peak power"},
        "--burst": {"metavar": "TIME", "help": "instead of the requirement's duration of the peak"},
        "-o --output": {"metavar": "FILE", "help": "write the sized design to a .toml file"},
    },
    "report": {"-o --output": {"metavar": "FILE", "help": "the page to write (NAME.html)"}},
}
