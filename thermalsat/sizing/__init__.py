"""Sizing: how much radiator, array and battery a requirement takes."""

from thermalsat.sizing.answer import Sizing
from thermalsat.sizing.ledger import Ledger
from thermalsat.sizing.size import size

__all__ = ["Ledger", "Sizing", "size"]
