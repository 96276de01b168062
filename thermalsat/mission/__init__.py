"""Answers over the orbits of a year and the years of a life: nights, fade, power that follows the Sun."""

from thermalsat.mission.day_night import sustained_average_power
from thermalsat.mission.day_night_answer import DayNight, Heater
from thermalsat.mission.life import BatteryLife, battery_life
from thermalsat.mission.year import year_view
from thermalsat.mission.year_answer import YearView

__all__ = [
    "BatteryLife",
    "DayNight",
    "Heater",
    "YearView",
    "battery_life",
    "sustained_average_power",
    "year_view",
]
