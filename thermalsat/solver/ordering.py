"""Elimination order and fill of a sparse pattern, found once per topology."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.linalg import splu

from .. import _core

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Ordering:
    """Rows of L and U together, in elimination order.

    Attributes
    ----------
    perm : (nu,) original index of each row
    ptr, col : compressed rows, columns ascending
    diag : (nu,) place of each diagonal
    slot : (entries,) place of each entry of the original pattern
    """

    perm: Indices
    ptr: Indices
    col: Indices
    diag: Indices
    slot: Indices

    def bind(self, problem: _core.Problem) -> _core.SparseSolver:
        """Return a factorisation with its own numbers on this pattern."""
        work = np.zeros(len(self.slot) + len(self.col) + 2 * len(self.perm))
        return _core.SparseSolver(problem, self.perm, self.ptr, self.col, self.diag, self.slot, work)


def order(rows: Indices, cols: Indices, size: int) -> Ordering:
    """Return a fill-reducing order (minimum degree on A + A^T) and its symbolic factorisation.

    The fill is read from one SuperLU factorisation of a diagonally dominant matrix on the symmetric pattern:
    with such values it takes every pivot from the diagonal, as the numeric refill does.
    """
    off = rows != cols
    r, c = rows[off], cols[off]
    i, j = np.concatenate([r, c, np.arange(size)]), np.concatenate([c, r, np.arange(size)])
    pattern = sp.coo_array((np.ones(len(i)), (i, j)), shape=(size, size)).tocsc()
    # values without structure, so that no entry of the fill cancels
    values = -(0.5 + 0.5 * np.random.default_rng(0).random(pattern.nnz))
    matrix = sp.csc_array((values, pattern.indices, pattern.indptr), shape=pattern.shape)
    matrix.setdiag(2.0 + np.diff(matrix.indptr))
    factors = splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    position = factors.perm_c.astype(np.intp)  # original index -> place
    perm = np.empty(size, np.intp)
    perm[position] = np.arange(size)
    lower, upper = factors.L.tocoo(), factors.U.tocoo()
    off_l, off_u = lower.row > lower.col, upper.row < upper.col
    row = np.concatenate([lower.row[off_l], upper.row[off_u], np.arange(size)]).astype(np.int64)
    col = np.concatenate([lower.col[off_l], upper.col[off_u], np.arange(size)]).astype(np.int64)
    # the fill is symmetric; closing it guards against entries SuperLU stored on one side only
    key = np.unique(np.concatenate([row * size + col, col * size + row]))
    row, col = key // size, key % size
    ptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=size))]).astype(np.intp)
    diag = np.flatnonzero(row == col).astype(np.intp)
    slot = np.searchsorted(key, position[rows].astype(np.int64) * size + position[cols]).astype(np.intp)
    return Ordering(perm=perm, ptr=ptr, col=col.astype(np.intp), diag=diag, slot=slot)
