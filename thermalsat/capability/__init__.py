"""Answers: what power a satellite holds for ever, and for how long it can go above that."""

from thermalsat.capability.answers import Capability, Envelope, LimitState
from thermalsat.capability.cycles import periodic, simulate
from thermalsat.capability.envelope import power_envelope
from thermalsat.capability.peak import peak_duration, peak_power
from thermalsat.capability.required import Needed, needed
from thermalsat.capability.sustained import sustained_power

__all__ = [
    "Capability",
    "Envelope",
    "LimitState",
    "Needed",
    "needed",
    "peak_duration",
    "peak_power",
    "periodic",
    "power_envelope",
    "simulate",
    "sustained_power",
]
