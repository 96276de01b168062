"""Signs of life on stderr during long work."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Self

__all__ = ["Progress"]

_QUIET_s = 1.0  # work shorter than this shows nothing
_PATIENCE = 5.0  # times longer where the lines stay
_PERIOD_s = 0.25
_LINE_s = 15.0  # between lines where the cursor cannot be moved back


class Progress:
    """Show what is being done and for how long, on one line of a terminal, or in plain lines elsewhere.

    Parameters
    ----------
    what : str
        What is being done.
    quiet : bool
        Show nothing.

    Examples
    --------
    >>> with Progress("sizing leo-53") as progress:
    ...     progress.note("radiator")
    """

    def __init__(self, what: str, quiet: bool = False) -> None:
        self.what, self.quiet = what, quiet
        self.terminal = sys.stderr.isatty()
        self._note = ""
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, text: str) -> None:
        """Say which part of the work has begun."""
        self._note = f": {text}"

    def __enter__(self) -> Self:
        if not self.quiet:
            self._start = time.monotonic()
            self._thread = threading.Thread(target=self._show, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def _show(self) -> None:
        wait = _QUIET_s if self.terminal else _QUIET_s * _PATIENCE
        while not self._done.wait(wait):
            seconds = time.monotonic() - self._start
            line = f"{self.what}{self._note} ... {seconds:.0f} s"
            sys.stderr.write(f"\r{line[:100]}\x1b[K" if self.terminal else f"thermalsat: {line}\n")
            sys.stderr.flush()
            wait = _PERIOD_s if self.terminal else _LINE_s
        if self.terminal and wait == _PERIOD_s:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
