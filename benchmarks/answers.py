"""What the answers take: CPU seconds and the work behind them, beside the targets.

    python benchmarks/answers.py                       # every answer of both designs, half a pitch
    python benchmarks/answers.py --plate full          # the same with 128 x 64 cells a panel
    python benchmarks/answers.py sustained size --designs leo-53 --json

Every row is a process of its own on one thread, in which one orbit has been solved before, so that modules
and coolant tables are loaded. A row counts what one call does: models built, periodic states, sweeps over a
period for them, transients (bursts, recoveries, histories), and time steps of both, rejected ones included.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from reference import ONE_THREAD, process_environment

DESIGNS = ("leo-53", "dawn-dusk")
TARGETS_S = {"sustained": 0.2, "duration": 0.5, "envelope": 3.0, "size": 2.0, "worst-case": 5.0}
"""CPU seconds with half a pitch; the full plate may take ten times as long."""
FULL = 10.0
COUNTS = ("models", "cycles", "sweeps", "transients", "steps")


def design(name: str, plate: str) -> Any:
    """Return a shipped design; its full plate has two panels of 32 tubes of 30 m, 128 by 64 cells each."""
    import thermalsat as ts

    sat = ts.designs.load(name)
    if plate == "half-pitch":
        return sat
    changes = {"radiator.symmetry": "full", "radiator.cells": "128 x 1", "radiator.tube_length": "30 m"}
    return sat.replace(changes).resized("240 m^2")


def ask(answer: str, sat: Any) -> str:
    """Return what was found, as text, by one call."""
    import thermalsat as ts

    if answer == "sustained":
        return f"{ts.sustained_power(sat).power.to('kW'):.3f~P}"
    if answer == "peak":
        return f"{ts.peak_power(sat).power.to('kW'):.3f~P}"
    if answer == "duration":
        return f"{ts.peak_duration(sat).duration.to('min'):.3f~P}"
    if answer == "envelope":
        found = ts.power_envelope(sat).power.to("kW")
        return f"{found[0]:.2f~P} to {found[-1]:.2f~P}"
    if answer == "size":
        found = ts.size(sat)
        return f"{found.radiator_area:.1f~P}, {found.array_area:.1f~P}, {found.battery_capacity:.1f~P}"
    found = ts.worst_case(sat)
    return ", ".join(f"{name} {case.beta.m_as('deg'):.1f}" for name, case in found.cases.items()) + " deg"


ANSWERS = ("sustained", "peak", "duration", "envelope", "size", "worst-case")


def counted() -> Counter[str]:
    """Make the package count its work, and return the counter."""
    import thermalsat.assembly.model as model
    import thermalsat.solver  # noqa: F401

    periodic, transient = (sys.modules[f"thermalsat.solver.{name}"] for name in ("periodic", "transient"))
    counts: Counter[str] = Counter()

    def counting(where: Any, name: str, note: Callable[[Any], dict[str, int]]) -> None:
        inner = getattr(where, name)

        def outer(*arguments: Any, **options: Any) -> Any:
            made = inner(*arguments, **options)
            counts.update(note(made))
            return made

        setattr(where, name, outer)

    counting(model.Model, "__init__", lambda _: {"models": 1})
    counting(model, "periodic_state", lambda cycle: {"cycles": 1, "sweeps": cycle.sweeps})
    counting(model, "integrate_within", lambda _: {"transients": 1})
    for where in (periodic, transient):
        counting(where, "integrate", lambda run: {"steps": run.steps + run.rejected})
    return counts


def measure(answer: str, name: str, plate: str, repeats: int) -> dict[str, Any]:
    """Return one row, the least CPU time of some repeats."""
    import thermalsat as ts

    sat = design(name, plate)
    ts.periodic(ts.designs.load(name))
    counts, seconds = counted(), []
    for _ in range(repeats):
        counts.clear()
        begin = time.process_time()
        found = ask(answer, sat)
        seconds.append(time.process_time() - begin)
    target = TARGETS_S.get(answer)
    if target is not None and plate == "full":
        target *= FULL
    row = {"answer": answer, "design": name, "plate": plate, "found": found}
    return row | {"cpu_s": min(seconds), "target_s": target} | {key: counts[key] for key in COUNTS}


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows as a table of the documentation."""
    lines = [
        "| answer | design | plate | CPU | target | models | cycles | sweeps | transients | steps | found |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        target = "-" if row["target_s"] is None else f"{row['target_s']:g} s"
        counts = " | ".join(str(row[key]) for key in COUNTS)
        lines.append(
            f"| {row['answer']} | {row['design']} | {row['plate']} | {row['cpu_s']:.2f} s | {target}"
            f" | {counts} | {row['found']} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Run the rows, each in its own process."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("answers", nargs="*", metavar="answer", help=f"of {', '.join(ANSWERS)}")
    parser.add_argument("--designs", default=",".join(DESIGNS), help="shipped designs, separated by commas")
    parser.add_argument("--plate", choices=("half-pitch", "full", "both"), default="half-pitch")
    parser.add_argument("--repeats", type=int, default=3, help="the least CPU time of so many is shown")
    parser.add_argument("--json", action="store_true", help="print one JSON object with `rows`")
    parser.add_argument("--here", action="store_true", help="in this process")
    options = parser.parse_args()
    unknown = sorted(set(options.answers) - set(ANSWERS))
    if unknown:
        sys.exit(f"unknown answers {', '.join(unknown)}; choose from {', '.join(ANSWERS)}")
    plates = ("half-pitch", "full") if options.plate == "both" else (options.plate,)
    rows = []
    for plate in plates:
        for name in options.designs.split(","):
            for answer in options.answers or ANSWERS:
                if options.here:
                    rows.append(measure(answer, name, plate, options.repeats))
                    continue
                command = [sys.executable, __file__, answer, "--designs", name, "--plate", plate]
                command += ["--repeats", str(options.repeats), "--json", "--here"]
                done = subprocess.run(
                    command, capture_output=True, text=True, check=False, env=process_environment(ONE_THREAD)
                )
                if done.returncode:
                    sys.exit(f"{answer} of {name} failed:\n{done.stderr}")
                rows += json.loads(done.stdout)["rows"]
                print(f"{answer} {name} {plate}: {rows[-1]['cpu_s']:.2f} s", file=sys.stderr, flush=True)
    print(json.dumps({"rows": rows}) if options.json else table(rows))


if __name__ == "__main__":
    main()
