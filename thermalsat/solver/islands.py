"""Parts of a network that have no way to a boundary."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..bundle import Bundle


def islands(b: Bundle) -> list[NDArray[np.intp]]:
    """Return the groups of unknowns that exchange heat with no boundary.

    Unknowns whose balance follows a law of their own (valves, batteries, sources that depend on a
    temperature)
    do not count as islands.
    """
    size = b.n + b.nb + b.nm
    pairs = [(b.gl_a, b.gl_b), (b.gr_a, b.gr_b), (b.adv_from, b.adv_to), (b.w_a, b.w_c)]
    both = b.w_b >= 0
    pairs.append((b.w_a[both], b.w_b[both]))
    for start, pattern, other in zip(b.sf_start, b.sf_pattern, b.sf_other, strict=True):
        live = np.flatnonzero(b.pat_value[b.pat_ptr[pattern] : b.pat_ptr[pattern + 1]] != 0.0)
        pairs.append((start + live, np.full(len(live), other)))
    for k in range(len(b.pl_start)):
        cells = b.pl_start[k] + np.arange(b.pl_nx[k] * b.pl_ny[k])
        pairs.append((cells[:-1], cells[1:]))
    # a source that depends on a temperature, a valve, a battery: no island of their own
    loose = np.concatenate([b.v_state, b.bt_soe, b.s_to[(b.s_law >= 0) & (b.s_to >= 0)]]).astype(np.intp)
    pairs.append((loose, np.full(len(loose), b.n)))
    rows, cols = (np.concatenate([p[i] for p in pairs]) for i in (0, 1))
    anchor = size if b.nb == 0 and len(loose) == 0 else b.n
    size += 1
    count, label = connected_components(
        coo_array((np.ones(len(rows)), (rows, cols)), shape=(size, size)), directed=False
    )
    sinks = set(label[b.n : b.n + b.nb].tolist()) | ({int(label[anchor])} if anchor < size - 1 else set())
    found = (np.flatnonzero(label[: b.n] == island) for island in range(count) if island not in sinks)
    return [members.astype(np.intp) for members in found if len(members)]
