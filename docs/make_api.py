"""Writes the tables of docs/api.md from the first lines of the docstrings.

python docs/make_api.py
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import thermalsat as ts
from thermalsat.capability import Capability, Envelope
from thermalsat.capability.answers import LimitState
from thermalsat.degraded import Degraded, ModeAnswer, PointingSweep, WingStudy
from thermalsat.results import Certificate, Field, Ledger, Result
from thermalsat.sizing import Sizing

PAGE = Path(__file__).with_name("api.md")
TABLES: dict[str, tuple[Any, ...]] = {
    "parts": (ts.Satellite, ts.Radiator, ts.CoolantLoop, ts.Payload, ts.SolarArray, ts.Battery, ts.Bus,
              ts.Coating, ts.Material, ts.Coolant, ts.DesignCase, ts.Limits, ts.Requirement, ts.Load),
    "environment": (ts.Orbit, ts.Environment, ts.earth_view_factor, ts.albedo_factor, ts.shadow_fraction),
    "answers": (ts.periodic, ts.simulate, ts.sustained_power, ts.peak_power, ts.peak_duration,
                ts.power_envelope, ts.size, ts.worst_case, ts.degraded_modes, ts.pointing_sweep,
                ts.wing_study, ts.assemble),
    "network": (ts.ThermalNetwork, ts.Table, ts.Function, ts.periodic_batch),
    "other": (ts.Q, ts.show_versions),
    "results": (Result, Field, Ledger, Certificate, Capability, LimitState, Envelope, Sizing, Degraded,
                ModeAnswer, PointingSweep, WingStudy),
}  # fmt: skip
MEMBERS = {
    "orbit-members": ts.Orbit,
    "satellite-members": ts.Satellite,
    "network-members": ts.ThermalNetwork,
    "result-members": Result,
    "capability-members": Capability,
    "sizing-members": Sizing,
    "ledger-members": Ledger,
    "certificate-members": Certificate,
    "field-members": Field,
}


def line(thing: Any) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(thing) or "").split("\n")[0].replace("|", "\\|").replace("``", "`")


def members(noun: type) -> str:
    """Return a table of what a class offers."""
    rows = []
    for name in sorted(dir(noun)):
        value = inspect.getattr_static(noun, name)
        if name.startswith("_") or name in ("faults", "part", "fields", "section", "unlisted"):
            continue
        if isinstance(value, (property, staticmethod, classmethod)) or inspect.isfunction(value):
            text = line(value.fget if isinstance(value, property) else getattr(noun, name))
            call = "" if isinstance(value, property) else "()"
            rows.append(f"| `{name}{call}` | {text} |")
    return "\n".join(["| name | what |", "| --- | --- |", *rows])


def table(things: tuple[Any, ...]) -> str:
    """Return a table of names."""
    rows = [f"| `{thing.__name__}` | {line(thing)} |" for thing in things]
    return "\n".join(["| name | what |", "| --- | --- |", *rows])


def page(text: str) -> str:
    """Return the page with its tables written anew."""
    listed = {thing.__name__ for things in TABLES.values() for thing in things}
    rest = tuple(getattr(ts, name) for name in ts.__all__ if name not in {*listed, "designs", "__version__"})
    made = {name: table(things) for name, things in TABLES.items()}
    made["other"] = table((*TABLES["other"], *rest))
    made |= {name: members(noun) for name, noun in MEMBERS.items()}
    for name, new in made.items():
        block = re.compile(rf"(<!-- {name} -->\n\n)(?:\|.*\n)*")
        assert block.search(text), name
        text = block.sub(lambda found, new=new: f"{found[1]}{new}\n", text)
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
