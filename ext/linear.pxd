# One interface to the linear systems (shift C - J) u = r, whatever the structure behind it.
from net cimport Net, Point
from sparse cimport Sparse, sparse_factor, sparse_solve

ctypedef struct Linear:
    Sparse *sparse


cdef inline Py_ssize_t factor(const Linear *m, const Net *g, Point *p, double shift) noexcept nogil:
    # 0, or 1 + index of the unknown (or n + mixer) whose pivot vanished
    return sparse_factor(m.sparse, g, p, shift)


cdef inline void solve(const Linear *m, const Net *g, double *r, double *u) noexcept nogil:
    # r [nu] (mixer rows zero) may be overwritten; u [nu]: unknowns, then mixers
    sparse_solve(m.sparse, r, u)
