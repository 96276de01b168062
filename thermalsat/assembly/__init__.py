"""From a satellite in a case to its thermal network."""

from thermalsat.assembly.limits import LOWER_LIMITS, LimitMargin
from thermalsat.assembly.model import Model

__all__ = ["LOWER_LIMITS", "LimitMargin", "Model"]
