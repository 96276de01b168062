"""Exceptions and the sentences that go with the status codes of the compiled core."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

__all__ = [
    "STATUS_MESSAGES",
    "CertificateError",
    "ConvergenceError",
    "DesignError",
    "InfeasibleError",
    "InputError",
    "MissingExtraError",
    "NoBalanceError",
    "ThermalsatError",
]


class ThermalsatError(Exception):
    """Base of every exception that this package raises on purpose."""


class InputError(ThermalsatError, ValueError):
    """An argument is outside what is accepted; the message names it and says what to give."""


class DesignError(InputError):
    """A design file or a set of parts is not consistent.

    Parameters
    ----------
    faults : str or iterable of str
        Every fault that was found, one sentence each.

    Attributes
    ----------
    faults : list of str
        The same sentences.
    """

    faults: list[str]

    def __init__(self, faults: str | Iterable[str]) -> None:
        self.faults = [faults] if isinstance(faults, str) else [str(fault) for fault in faults]
        super().__init__(self.faults)

    def __str__(self) -> str:
        if len(self.faults) == 1:
            return self.faults[0]
        lines = "".join(f"\n  - {fault}" for fault in self.faults)
        return f"{len(self.faults)} faults in the design:{lines}"


class _DetailedError(ThermalsatError, RuntimeError):
    """A message with the figures it was made from, in `details`; pickles with both."""

    details: dict[str, Any]

    def __init__(self, message: str = "", details: dict[str, Any] | None = None) -> None:
        self.details = {} if details is None else dict(details)
        super().__init__(message, self.details)

    def __str__(self) -> str:
        return str(self.args[0])


class InfeasibleError(_DetailedError):
    """No design or power satisfies the limits; the message names the limit that cannot be met.

    Parameters
    ----------
    message : str
        The sentence.
    details : dict, optional
        Figures for a program to read.
    limit : LimitState, optional
        The limit that stops it, with its case, by how much, when and where.
    changes : iterable of Change, optional
        The smallest change of each size that makes the request feasible.

    Attributes
    ----------
    limit : LimitState or None
        The limit.
    case : str or None
        The design case that stops it.
    shortfall : Quantity or None
        By how much the limit is exceeded.
    changes : tuple of Change
        By size; `smallest` is the least of them.
    smallest : Change or None
        The smallest single change that was found; None where none of them does, or none was looked for.
    """

    def __init__(
        self,
        message: str = "",
        details: dict[str, Any] | None = None,
        *,
        limit: Any = None,
        changes: Iterable[Any] = (),
    ) -> None:
        super().__init__(message, details)
        self.limit = limit
        self.changes = tuple(changes)

    @property
    def case(self) -> str | None:
        """The design case that stops it."""
        return None if self.limit is None else str(self.limit.case)

    @property
    def shortfall(self) -> Any:
        """By how much the limit is exceeded (Quantity), or None."""
        return None if self.limit is None else -self.limit.margin

    @property
    def smallest(self) -> Any:
        """The smallest single change that makes it feasible, or None."""
        found = [change for change in self.changes if change.factor is not None]
        return min(found, key=lambda change: change.distance, default=None)


class ConvergenceError(_DetailedError):
    """A solve ended without an answer; the message says what, where, with what value, what to try.

    Parameters
    ----------
    message : str
        The sentence.
    details : dict, optional
        Figures for a program to read, such as ``{"status": 1, "time_s": 120.0}``.
    """


class NoBalanceError(InfeasibleError, ConvergenceError):
    """A network has no steady or periodic state: its heat grows without end, or a battery drains.

    It is infeasible, as no other way of solving helps; solvers that meet it end without an answer.

    Parameters
    ----------
    message : str
        The sentence.
    details : dict, optional
        Figures for a program to read, such as ``{"index": 3, "value": 4000.0}``.
    """


class CertificateError(_DetailedError):
    """An answer was found, but its own error estimates exceed what was asked for.

    Parameters
    ----------
    message : str
        The sentence.
    details : dict, optional
        The figures of the certificate.
    """


class MissingExtraError(ThermalsatError, ImportError):
    """An optional dependency is needed and not installed; the message holds the pip line."""


STATUS_MESSAGES: Final[dict[int, str]] = {
    0: "the solve ended normally",
    1: (
        "the step size became too small to go on; look for a forcing that is nearly a jump and declare"
        " it in `breakpoints`, or for a node with almost no heat capacity, or loosen `tolerance`"
    ),
    2: (
        "the linear system is singular; look for a node without heat capacity that is joined to nothing,"
        " or for a steady state that nothing anchors: add a boundary or a radiative link"
    ),
    3: (
        "a value stopped being finite; look for a temperature outside the range of its property law"
        " and check the initial temperatures"
    ),
    4: "the step limit was reached before the end; raise `max_steps`, loosen `tolerance` or shorten the run",
    5: "the solve was interrupted; the state reached so far is not an answer",
}
