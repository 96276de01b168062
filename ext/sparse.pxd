# Sparse LU on a fixed pattern: ordering and fill are found once in Python, the numbers are refilled here.
# The matrices C/(h gamma) - J are M-matrices in all but small terms, so the diagonal is the pivot.
from libc.string cimport memset
from net cimport Net, Point
from partials cimport Sink, partials

ctypedef struct Sparse:
    Py_ssize_t nu
    const Py_ssize_t *perm        # [nu] permuted -> original
    const Py_ssize_t *ptr         # [nu+1] rows of L\U in permuted order, columns ascending
    const Py_ssize_t *col
    const Py_ssize_t *diag        # [nu] where each row's diagonal lies
    const Py_ssize_t *slot        # [entries] where each entry of the pattern lies
    Py_ssize_t entries
    double *value                 # [entries] Jacobian values in pattern order
    double *lu                    # [ptr[nu]]
    double *work                  # [nu]
    double *inverse               # [nu] reciprocal pivots


cdef inline Py_ssize_t sparse_factor(const Sparse *m, const Net *g, Point *p, double shift) noexcept nogil:
    # factorises shift C - J at the evaluated point p; returns 0, or 1 + the original index of a vanished pivot
    cdef Sink sink
    cdef Py_ssize_t i, k, q, r, end, start
    cdef double lower, pivot
    sink.k = 0
    sink.row = sink.col = NULL
    sink.value = m.value
    sink.out = sink.flow = sink.sums = NULL
    sink.still = False
    partials(g, p, &sink, 0.0)
    memset(m.lu, 0, m.ptr[m.nu] * sizeof(double))
    for k in range(m.entries):
        m.lu[m.slot[k]] -= m.value[k]
    for i in range(m.nu):
        if m.perm[i] < g.n:
            m.lu[m.diag[i]] += shift * g.capacity[m.perm[i]]
    for i in range(m.nu):
        start = m.ptr[i]
        end = m.ptr[i + 1]
        for k in range(start, end):
            m.work[m.col[k]] = m.lu[k]
        for k in range(start, m.diag[i]):
            q = m.col[k]
            lower = m.work[q] * m.inverse[q]
            m.work[q] = lower
            if lower != 0.0:
                for r in range(m.diag[q] + 1, m.ptr[q + 1]):
                    m.work[m.col[r]] -= lower * m.lu[r]
        for k in range(start, end):
            m.lu[k] = m.work[m.col[k]]
        pivot = m.lu[m.diag[i]]
        if pivot == 0.0 or pivot != pivot:
            return 1 + m.perm[i]
        m.inverse[i] = 1.0 / pivot
    return 0


cdef inline void sparse_solve(const Sparse *m, const double *rhs, double *x) noexcept nogil:
    # x = M^-1 rhs, both [nu] in original order; rhs and x may be the same memory
    cdef Py_ssize_t i, k
    cdef double s
    for i in range(m.nu):
        s = rhs[m.perm[i]]
        for k in range(m.ptr[i], m.diag[i]):
            s -= m.lu[k] * m.work[m.col[k]]
        m.work[i] = s
    for i in range(m.nu - 1, -1, -1):
        s = m.work[i]
        for k in range(m.diag[i] + 1, m.ptr[i + 1]):
            s -= m.lu[k] * m.work[m.col[k]]
        m.work[i] = s * m.inverse[i]
    for i in range(m.nu):
        x[m.perm[i]] = m.work[i]


cdef inline void sparse_solve_transpose(const Sparse *m, const double *rhs, double *x) noexcept nogil:
    # x = M^-T rhs, both [nu] in original order; rhs and x may be the same memory
    cdef Py_ssize_t i, k
    cdef double s
    for i in range(m.nu):
        m.work[i] = rhs[m.perm[i]]
    for i in range(m.nu):
        s = m.work[i] * m.inverse[i]
        m.work[i] = s
        for k in range(m.diag[i] + 1, m.ptr[i + 1]):
            m.work[m.col[k]] -= m.lu[k] * s
    for i in range(m.nu - 1, -1, -1):
        s = m.work[i]
        for k in range(m.ptr[i], m.diag[i]):
            m.work[m.col[k]] -= m.lu[k] * s
    for i in range(m.nu):
        x[m.perm[i]] = m.work[i]
