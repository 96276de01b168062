"""Histories of a run as a table for a spreadsheet or as arrays."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from thermalsat.errors import InputError

if TYPE_CHECKING:
    from thermalsat.results import Result

__all__ = ["check_output", "write_csv", "write_histories", "writing"]

Floats = NDArray[np.float64]
_KINDS = (".csv", ".npz")


def check_output(path: str | None, kinds: tuple[str, ...] = _KINDS, option: str = "--output") -> Path | None:
    """Return the file to write, before any work is done for it.

    Raises
    ------
    InputError
        If the end of its name is none of `kinds`, or its folder does not exist.
    """
    if path is None:
        return None
    file = Path(path)
    if file.suffix.lower() not in kinds:
        raise InputError(f"`{option}` must end in {' or '.join(kinds)}, got {path!r}")
    if not file.parent.is_dir():
        raise InputError(f"`{option}` must be in a folder that exists, got {path!r}")
    return file


class writing:
    """Turn the failure to write a file into one sentence."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, OSError):
            raise InputError(f"{str(self.path)!r} cannot be written: {error.strerror}") from None


def write_histories(path: Path, result: Result) -> None:
    """Write the samples of a run.

    A ``.csv`` holds the least, mean and largest temperature of fields and channels, and every named
    flow; an ``.npz`` holds the fields themselves, plates as (time, x, y). Names end in their unit.
    """
    if path.suffix.lower() == ".npz":
        columns = _common(result) | _fields(result) | _flows(result)
        with writing(path), path.open("wb") as file:
            np.savez_compressed(file, **columns)  # type: ignore[arg-type]
        return
    write_csv(path, _common(result) | _spans(result) | _flows(result))


def write_csv(path: Path, columns: dict[str, Any]) -> None:
    """Write columns of equal length; what is not finite stays empty."""
    with writing(path), path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in zip(*columns.values(), strict=True):
            writer.writerow(value if isinstance(value, str) else _shown(float(value)) for value in row)


def _shown(value: float) -> str:
    return repr(value) if np.isfinite(value) else ""


def _common(result: Result) -> dict[str, Floats]:
    columns = {"time_s": result.times_s}
    if result.illumination is not None:
        columns["illumination"] = np.asarray(result.illumination.m_as(""))
    for name, part in result.parts.items():
        if part.kind in ("battery", "valve"):
            what = "state_of_energy" if part.kind == "battery" else "position"
            columns[f"{name}_{what}"] = result.history[:, part.start]
    return columns


def _fields(result: Result) -> dict[str, Floats]:
    return {f"{name}_K": np.asarray(result.temperature(name).magnitude) for name in result.names}


def _spans(result: Result) -> dict[str, Floats]:
    columns: dict[str, Floats] = {}
    for name, values in _fields(result).items():
        if values.ndim == 1:
            columns[name] = values
            continue
        flat = values.reshape(len(values), -1)
        plain = name.removesuffix("_K")
        columns |= {
            f"{plain}_min_K": flat.min(axis=1),
            f"{plain}_mean_K": flat.mean(axis=1),
            f"{plain}_max_K": flat.max(axis=1),
        }
    return columns


def _flows(result: Result) -> dict[str, Floats]:
    return {f"{name}_W": np.asarray(result.power(name).magnitude) for name in result.ledger.names}
