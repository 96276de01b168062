"""Sustained and peak power agree with brute force to 0.01 %: long CVODE runs, limits written anew, bisection.

The brute force is that of the slow test, ``tests/brute_force.py``. ``python docs/studies/brute_force.py
[design ...]`` prints the table of brute-force.md, by default for `leo-53` and `dawn-dusk`.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from brute_force import Bursts, sustained  # noqa: E402

import thermalsat as ts  # noqa: E402

BURST_S = 600.0


def main(names: list[str]) -> None:
    """Compute both points of every design both ways, print the table."""
    print("| design | asked | brute force | thermalsat | apart | stopped by | orbits or bursts |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name in names:
        sat = ts.designs.load(name)
        asked = sat.requirement
        low_W, high_W = 0.9 * asked.sustained_W, 1.1 * asked.sustained_W
        rows = [
            ("for ever", sustained(sat, low_W, high_W), ts.sustained_power(sat)),
            ("10 min", Bursts(sat, BURST_S).peak(1.15 * asked.peak_W), ts.peak_power(sat, "10 min")),
        ]
        for title, found, answer in rows:
            apart = 100.0 * (answer.power_W / found.power_W - 1.0)
            limit = f"{found.limit.split(' [')[0]}, {found.case}"
            print(
                f"| `{name}` | {title} | {found.power_W / 1e3:.3f} kW | {answer.power_W / 1e3:.3f} kW |"
                f" {apart:+.3f} % | {limit} | {found.runs} |",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:] or ["leo-53", "dawn-dusk"])
