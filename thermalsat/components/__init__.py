"""The parts of a satellite: frozen nouns that check what they are given."""

from thermalsat.components.array import SolarArray
from thermalsat.components.battery import Battery
from thermalsat.components.bus import Bus
from thermalsat.components.coating import Coating
from thermalsat.components.coolant import Coolant
from thermalsat.components.loop import CoolantLoop
from thermalsat.components.material import Material
from thermalsat.components.payload import Payload
from thermalsat.components.provenance import Sourced
from thermalsat.components.radiator import Radiator
from thermalsat.components.store import PhaseChangeStore

__all__ = [
    "Battery",
    "Bus",
    "Coating",
    "Coolant",
    "CoolantLoop",
    "Material",
    "Payload",
    "PhaseChangeStore",
    "Radiator",
    "SolarArray",
    "Sourced",
]
