"""``thermalsat check``: what a design says, and where its numbers come from."""

from __future__ import annotations

import argparse
import math
from typing import Any

from thermalsat.cli import tables
from thermalsat.cli.answer import Answer
from thermalsat.cli.design import header, load, sizes_record
from thermalsat.components.provenance import Sourced
from thermalsat.massbudget import mass_budget
from thermalsat.satellite import Satellite

__all__ = ["run"]

_NAME, _VALUE = 38, 24


def run(args: argparse.Namespace) -> Answer:
    """Read a design and describe it; its faults, if any, are raised by the reading."""
    sat = load(args.design, args.changes)
    chosen = list(sat.cases) if args.case is None else [sat.case(args.case).name]
    figures, cases = _figures(sat), _cases(sat, chosen)
    others = tuple(f"cases.{name}." for name in sat.cases if name not in chosen)
    provenance = {name: item for name, item in sat.provenance.items() if not name.startswith(others)}
    text = "\n\n".join(
        [
            tables.wrapped(sat.description or "a design", indent=0, first=f"{sat.name}: "),
            tables.section("Summary", _summary(sat, figures)),
            tables.section("Cases", _case_table(cases)),
            tables.section("Where the numbers come from", _provenance(provenance)),
            f"No fault in {len(provenance)} numbers. Now: thermalsat size {args.design}",
        ]
    )
    record = {**header(args, sat), "description": sat.description, **figures, "cases": cases}
    record["provenance"] = [vars(item) for item in provenance.values()]
    record["faults"] = []
    return Answer(text=text, record=record)


def _figures(sat: Satellite) -> dict[str, Any]:
    asked = sat.requirement
    return {
        "sustained_power_required_kW": asked.sustained_W / 1e3,
        "peak_power_required_kW": asked.peak_W / 1e3,
        "burst_required_min": asked.burst_s / 60.0,
        "recovery_required_orbits": asked.recovery,
        "load_margin": asked.margin,
        "idle_floor_kW": sat.payload.idle_floor_W / 1e3,
        "period_min": sat.orbit.period.m_as("min"),
        "altitude_km": sat.orbit.altitude.m_as("km"),
        "tubes": sat.radiator.tubes,
        **sizes_record(sat),
        **mass_budget(sat).record(),
    }


def _summary(sat: Satellite, f: dict[str, Any]) -> str:
    show = tables.number
    loop, radiator = sat.loop, sat.radiator
    asked = (
        f"{show(f['sustained_power_required_kW'])} kW sustained,"
        f" {show(f['peak_power_required_kW'])} kW for {show(f['burst_required_min'])} min,"
        f" recovered within {f['recovery_required_orbits']} orbits"
    )
    coating = radiator.coating
    return tables.grid(
        [
            ["requirement", asked],
            ["orbit", f"{show(f['altitude_km'])} km, period {f['period_min']:.2f} min"],
            [
                "radiator",
                f"{show(f['radiator_area_m2'])} m² planform, {show(f['emitting_area_m2'])} m² emitting,"
                f" {show(f['tubes'])} tubes, {coating.name}",
            ],
            [
                "loop",
                f"{loop.coolant.name}, {show(loop.mass_flow_kg_s)} kg/s"
                f" at {show(loop.pressure_Pa / 1e5)} bar,"
                f" {loop.loops} {'loop' if loop.loops == 1 else 'loops'}",
            ],
            [
                "payload",
                f"{sat.payload.packages} packages, junctions up to"
                f" {show(sat.payload.junction_limit_K - 273.15)} °C, idle {show(f['idle_floor_kW'])} kW",
            ],
            ["array", f"{show(f['array_area_m2'])} m² gross"],
            [
                "battery",
                f"{show(f['battery_capacity_kWh'])} kWh when new,"
                f" {show(100.0 * sat.battery.depth_of_discharge)} % depth of discharge",
            ],
            *([name, f"{value}, {note}"] for name, value, note in mass_budget(sat).rows()),
        ]
    )


def _cases(sat: Satellite, chosen: list[str]) -> dict[str, dict[str, Any]]:
    found = {}
    for name in chosen:
        case, orbit = sat.case(name), sat.orbit_of(name)
        beta = orbit.beta() if case.beta is None else case.beta
        found[name] = {
            "ageing": case.ageing,
            "date": case.date.date(),
            "beta_deg": beta.m_as("deg"),
            "night_min": orbit.eclipse(shadow=sat.environment.shadow).duration.m_as("min"),
            "albedo": case.albedo,
            "earth_ir_W_m2": case.earth_ir_W_m2,
            "load": case.load,
            "enveloped": case.enveloped,
        }
    return found


def _case_table(cases: dict[str, dict[str, Any]]) -> str:
    rows = [["case", "life", "date", "beta", "night", "albedo", "Earth IR", "load", ""]]
    for name, case in cases.items():
        rows.append(
            [
                name,
                {"bol": "new", "eol": "end of life"}[case["ageing"]],
                case["date"].isoformat(),
                f"{case['beta_deg']:.1f}°",
                f"{case['night_min']:.1f} min",
                tables.number(case["albedo"]),
                f"{tables.number(case['earth_ir_W_m2'])} W/m²",
                case["load"],
                "enveloped" if case["enveloped"] else "",
            ]
        )
    return tables.grid(rows, "lllrrrrl")


def _provenance(provenance: dict[str, Sourced]) -> str:
    """Return a row a number, with the number of its source in the list that follows."""
    sources: dict[tuple[str, str, str], int] = {}
    rows = [["name", "value", "kind", "from"]]
    for name, item in provenance.items():
        number = sources.setdefault((item.kind, item.citation, item.date), len(sources) + 1)
        rows.append([_cut(name, _NAME), _cut(item.value, _VALUE), item.kind, f"[{number}]"])
    digits = int(math.log10(max(len(sources), 1))) + 1
    listed = [
        tables.wrapped(
            f"{citation}{f', {date}' if date else ''} ({kind})", first=f"[{number}]".rjust(digits + 2) + " "
        )
        for (kind, citation, date), number in sources.items()
    ]
    return tables.grid(rows, "lllr") + "\n\n" + "\n".join(listed)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
