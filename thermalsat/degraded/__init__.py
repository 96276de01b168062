"""Degraded modes, and what the wings are worth to the radiator: the same questions, the design changed."""

from thermalsat.degraded.answer import Degraded, ModeAnswer
from thermalsat.degraded.modes import (
    MODES,
    DegradedMode,
    loop_lost,
    module_lost,
    pointing_error,
    pump_slowed,
    segment_lost,
    string_lost,
    tube_lost,
)
from thermalsat.degraded.pointing import ERRORS, PointingSweep, pointing_sweep
from thermalsat.degraded.study import degraded_modes
from thermalsat.degraded.wings import WingStudy, wing_study

__all__ = [
    "ERRORS",
    "MODES",
    "Degraded",
    "DegradedMode",
    "ModeAnswer",
    "PointingSweep",
    "WingStudy",
    "degraded_modes",
    "loop_lost",
    "module_lost",
    "pointing_error",
    "pointing_sweep",
    "pump_slowed",
    "segment_lost",
    "string_lost",
    "tube_lost",
    "wing_study",
]
