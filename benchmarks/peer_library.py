"""Compile ``peer_rhs.c`` once and call it through ctypes."""

from __future__ import annotations

import ctypes
import hashlib
import os
import subprocess
from pathlib import Path

import numpy as np
from reference_problem import Panel

SOURCE = Path(__file__).with_name("peer_rhs.c")
CACHE = Path(__file__).with_name(".cache")
FLAGS = ["-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-shared", "-fPIC"]

_DOUBLE = ctypes.c_double
_LONG = ctypes.c_long
_POINTER = ctypes.c_void_p


class _Problem(ctypes.Structure):
    """`problem` of ``peer_rhs.c``."""

    _fields_ = [
        *((name, _LONG) for name in ("nx", "ny", "tubes", "segments")),
        *((name, _DOUBLE) for name in ("along", "across", "emission", "infrared", "sun", "albedo")),
        *((name, _DOUBLE) for name in ("wall_plate", "wall_coolant", "payload_exchange", "effectiveness")),
        *((name, _POINTER) for name in ("shadow", "advection", "share", "row", "lit", "load")),
    ]


def build() -> Path:
    """Return the shared library, compiled with ``cc`` when it is not there yet."""
    stamp = hashlib.sha256(SOURCE.read_bytes() + " ".join(FLAGS).encode()).hexdigest()[:16]
    library = CACHE / f"peer_rhs_{stamp}.so"
    if not library.exists():
        CACHE.mkdir(exist_ok=True)
        draft = library.with_suffix(f".{os.getpid()}")
        subprocess.run([os.environ.get("CC", "cc"), *FLAGS, str(SOURCE), "-o", str(draft), "-lm"], check=True)
        draft.replace(library)
    return library


class PeerRHS:
    """The compiled right-hand side, Jacobian and Euler march of one panel.

    Parameters
    ----------
    panel : Panel
        The instance to solve.
    """

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        library = ctypes.CDLL(str(build()))
        pointer = _POINTER
        library.rhs.argtypes = [_DOUBLE, pointer, pointer, pointer, _LONG]
        library.jacobian.argtypes = [pointer, pointer, pointer, pointer, pointer, _LONG]
        library.jacobian_product.argtypes = [pointer, pointer, pointer, pointer]
        library.euler.argtypes = [_DOUBLE, _DOUBLE, _LONG, pointer, pointer, pointer, _LONG]
        for name in ("rhs", "jacobian", "jacobian_product", "euler"):
            getattr(library, name).restype = None
        self._library = library
        self._kept = {
            "shadow": np.ascontiguousarray(panel.shadow_pattern),
            "advection": panel.advection_1_s,
            "share": panel.share,
            "row": panel.row_below_tube.astype(np.int64),
            "lit": panel.lit,
            "load": panel.load_K_s,
        }
        sizes = {"nx": panel.nx, "ny": panel.ny, "tubes": panel.tubes, "segments": len(panel.lit)}
        arrays = {name: array.ctypes.data for name, array in self._kept.items()}
        self._problem = _Problem(**sizes, **panel.coefficients, **arrays)
        self._address = ctypes.addressof(self._problem)

    def rhs(self, t: float, y: np.ndarray, f: np.ndarray, segment: int) -> None:
        """Fill ``f`` with dy/dt."""
        self._library.rhs(t, y.ctypes.data, f.ctypes.data, self._address, segment)

    def prepare_jacobian(self) -> None:
        """Build the sparsity pattern and the constant part (the explicit methods never need them)."""
        matrix = self.panel.linear_jacobian
        self.pattern = matrix
        self._constant = matrix.data
        self._diagonal = self.panel.diagonal_positions.astype(np.int64)

    def jacobian(self, y: np.ndarray, values: np.ndarray) -> None:
        """Fill ``values`` with the Jacobian in compressed-column order."""
        self._library.jacobian(
            y.ctypes.data,
            values.ctypes.data,
            self._address,
            self._constant.ctypes.data,
            self._diagonal.ctypes.data,
            self._constant.size,
        )

    def jacobian_product(self, y: np.ndarray, v: np.ndarray, out: np.ndarray) -> None:
        """Fill ``out`` with J(y) v."""
        self._library.jacobian_product(y.ctypes.data, v.ctypes.data, out.ctypes.data, self._address)

    def euler(self, t: float, h: float, steps: int, y: np.ndarray, f: np.ndarray, segment: int) -> None:
        """March ``y`` in place over ``steps`` explicit Euler steps; ``f`` is scratch."""
        self._library.euler(t, h, steps, y.ctypes.data, f.ctypes.data, self._address, segment)
