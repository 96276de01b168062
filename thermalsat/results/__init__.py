"""Results: labelled, with units, and with what is needed to trust them."""

from __future__ import annotations

from .certificate import Certificate
from .events import Event
from .field import Field
from .ledger import Ledger
from .result import Result

__all__ = ["Certificate", "Event", "Field", "Ledger", "Result"]
