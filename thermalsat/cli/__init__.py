"""The command line: one command a question, a table or one JSON object, an exit code.

======  =========================================
code    meaning
======  =========================================
0       answered
1       no feasible answer
2       bad input
3       not converged, or the certificate failed
130     interrupted
70      a fault of the program itself
======  =========================================
"""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from importlib import import_module

from thermalsat.cli.answer import INTERRUPTED, Answer, failed
from thermalsat.cli.jsonout import dumps
from thermalsat.cli.parser import Help, parse

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        The words after the program's name; by default those the process was started with.

    Returns
    -------
    int
        The exit code.

    Examples
    --------
    >>> main(["--version"])
    thermalsat 0.1.0
    0
    """
    words = list(sys.argv[1:] if argv is None else argv)
    as_json = "--json" in words
    notes: list[str] = []
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *rest, **more: notes.append(str(message))
        try:
            answer = _answer(words)
        except (Exception, KeyboardInterrupt) as error:
            if "--debug" in words:
                traceback.print_exc(file=sys.stderr)
            answer = failed(error)
    try:
        _emit(answer, as_json, notes)
    except BrokenPipeError:
        # the reader, such as `head`, has seen enough; nothing more can be written, not even at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if answer.exit == INTERRUPTED and argv is None:
        # an interpreter that saw the interrupt inside `exec` would end itself by the signal instead
        sys.stderr.flush()
        os._exit(INTERRUPTED)
    return answer.exit


def _answer(words: Sequence[str]) -> Answer:
    try:
        args = parse(words)
    except Help as asked:
        return Answer(text=asked.text, record={asked.topic: asked.text})
    command = import_module(f"thermalsat.cli.commands.{args.command}")
    answer: Answer = command.run(args)
    return answer


def _emit(answer: Answer, as_json: bool, notes: list[str]) -> None:
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    for note in notes:
        sys.stderr.write(f"thermalsat: warning: {note}\n")
    if as_json:
        more = {"warnings": notes} if notes else {}
        sys.stdout.write(dumps({**answer.record, **more, "exit": answer.exit}) + "\n")
    elif answer.text:
        sys.stdout.write(answer.text.rstrip("\n") + "\n")
    if answer.error:
        sys.stderr.write(f"thermalsat: {answer.error}\n")
    sys.stdout.flush()
