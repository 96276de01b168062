"""Errors stay within the tolerance asked for, 1 K to 0.1 mK, on two hundred random networks and satellites.

The cases, the reference (CVODE) and the measure are those of the slow test, ``tests/slow/test_accuracy.py``.
``python docs/studies/accuracy.py [name ...]`` runs all of them, or those whose names begin so, and prints the
table of accuracy.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from accuracy_cases import CASES, Row, measure, summary  # noqa: E402


def main(beginnings: list[str]) -> None:
    """Run the cases, print the table."""
    rows: list[Row] = []
    for name, make in CASES.items():
        if not beginnings or any(name.startswith(text) for text in beginnings):
            rows += measure(make())
            worst = max(row.error_K / row.tolerance_K for row in rows[-5:])
            print(f"{name}: {rows[-1].unknowns} unknowns, largest error / tolerance {worst:.2f}", flush=True)
    print(summary(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
