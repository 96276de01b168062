"""Parts of a network that have no way to a boundary."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..bundle import Bundle


def islands(b: Bundle, *, storing: bool = False) -> list[NDArray[np.intp]]:
    """Return the groups of unknowns that exchange heat with no boundary.

    Unknowns whose balance follows a law of their own (valves, batteries, sources that depend on a
    temperature) do not count as islands; `storing`: nor do those with heat capacity, which leaves the
    groups that have no balance at any moment.
    """
    size = b.n + b.nb + b.nm
    pairs = [(b.w_a, b.w_c)]
    for ends, others, value in (
        (b.gl_a, b.gl_b, b.gl_g),
        (b.gr_a, b.gr_b, b.gr_g),
        (b.adv_from, b.adv_to, b.adv_rate),
    ):
        joined = value != 0.0
        pairs.append((ends[joined], others[joined]))
    both = b.w_b >= 0
    pairs.append((b.w_a[both], b.w_b[both]))
    for start, pattern, other in zip(b.sf_start, b.sf_pattern, b.sf_other, strict=True):
        live = np.flatnonzero(b.pat_value[b.pat_ptr[pattern] : b.pat_ptr[pattern + 1]] != 0.0)
        pairs.append((start + live, np.full(len(live), other)))
    for k in range(len(b.pl_start)):
        nx, ny = int(b.pl_nx[k]), int(b.pl_ny[k])
        cells = b.pl_start[k] + np.arange(nx * ny).reshape(ny, nx)
        along = b.pl_gx[b.pl_gx_ptr[k] : b.pl_gx_ptr[k + 1]].reshape(ny, nx - 1) != 0.0
        across = b.pl_gy[b.pl_gy_ptr[k] : b.pl_gy_ptr[k + 1]].reshape(ny - 1, nx) != 0.0
        pairs += [(cells[:, :-1][along], cells[:, 1:][along]), (cells[:-1][across], cells[1:][across])]
    # a source that depends on a temperature, a valve, a battery: no island of their own
    store = np.flatnonzero(b.capacity > 0.0) if storing else np.zeros(0, np.intp)
    lawful = b.s_to[(b.s_law >= 0) & (b.s_to >= 0)]
    loose = np.concatenate([b.v_state, b.bt_soe, lawful, store]).astype(np.intp)
    anchor = size
    pairs.append((loose, np.full(len(loose), anchor)))
    rows, cols = (np.concatenate([p[i] for p in pairs]) for i in (0, 1))
    count, label = connected_components(
        coo_array((np.ones(len(rows)), (rows, cols)), shape=(size + 1, size + 1)), directed=False
    )
    sinks = {*label[b.n : b.n + b.nb].tolist(), int(label[anchor])}
    found = (np.flatnonzero(label[: b.n] == island) for island in range(count) if island not in sinks)
    return [members.astype(np.intp) for members in found if len(members)]
