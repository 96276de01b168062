"""What a command hands back, and what becomes of an exception."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from thermalsat.errors import (
    CertificateError,
    ConvergenceError,
    DesignError,
    InfeasibleError,
    ThermalsatError,
)

__all__ = [
    "ANSWERED",
    "BAD_INPUT",
    "INFEASIBLE",
    "INTERNAL",
    "INTERRUPTED",
    "UNTRUSTED",
    "Answer",
    "failed",
]

ANSWERED, INFEASIBLE, BAD_INPUT, UNTRUSTED, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 70, 130
_STATUS_INTERRUPTED = 5


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Outcome of a command.

    Parameters
    ----------
    text : str
        For a person, on stdout.
    record : dict
        For a program: what ``--json`` prints; keys end in their unit.
    exit : int
        Exit code.
    error : str
        For a person, on stderr.
    """

    text: str = ""
    record: dict[str, Any] = field(default_factory=dict)
    exit: int = ANSWERED
    error: str = ""


def failed(error: BaseException) -> Answer:
    """Return the answer that an exception amounts to.

    Examples
    --------
    >>> failed(InfeasibleError("no area holds the junction limit")).exit
    1
    """
    message, code = str(error) or type(error).__name__, _code(error)
    if code == INTERRUPTED:
        message = "interrupted"
    elif code == INTERNAL:
        message = (
            f"a fault of the program: {type(error).__name__}: {message};"
            " run it again with --debug and report what it prints"
        )
    record: dict[str, Any] = {"error": message, "kind": type(error).__name__}
    record["faults"] = error.faults if isinstance(error, DesignError) else [message]
    details = getattr(error, "details", None)
    if isinstance(details, dict) and details:
        record["details"] = details
    if isinstance(error, InfeasibleError) and error.limit is not None:
        from thermalsat.cli.figures import limit_record

        record["binding"] = limit_record(error.limit)
        record["changes"] = [change.record() for change in error.changes]
        record["smallest_change"] = None if error.smallest is None else error.smallest.record()
    label = "" if code == INTERRUPTED else f"{_LABELS.get(code, 'error')}: "
    return Answer(record=record, exit=code, error=f"{label}{message}")


_LABELS = {INFEASIBLE: "no feasible answer", UNTRUSTED: "no trusted answer"}


def _code(error: BaseException) -> int:
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, InfeasibleError):
        return INFEASIBLE
    if isinstance(error, (ConvergenceError, CertificateError)):
        return INTERRUPTED if error.details.get("status") == _STATUS_INTERRUPTED else UNTRUSTED
    if isinstance(error, (ThermalsatError, OSError)):
        return BAD_INPUT
    return INTERNAL
