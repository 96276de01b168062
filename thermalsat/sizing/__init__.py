"""Sizing: how much radiator, array and battery a requirement takes, and in which circumstances."""

from thermalsat.sizing.answer import Sizing
from thermalsat.sizing.ledger import Ledger
from thermalsat.sizing.sizes import size
from thermalsat.worst import WorstCases, worst_case

__all__ = ["Ledger", "Sizing", "WorstCases", "size", "worst_case"]
