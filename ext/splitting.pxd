# What the factored conduction along x costs a step of the fast path. With z1 = h (rate along x) and z2 = h (rate of the
# rest), parts of the state where both are large hardly move in a step, though they should follow: the embedded error does
# not see it. The defect d = F - C dy/dt at the end of the step does. Of it the part s that is stiff along x, divided by
# its rate along x or by the rate of the rest, whichever gives less, is how far the plates lag behind.
from libc.string cimport memset, memcpy
from net cimport Net, Point, MAX_STAGES
from plate cimport Fast, fast_rates, strip_cell, strip_size
from sweep cimport begin_solve, fast_columns, strip_along
from stage cimport Mix, Norm, take_norm, ts_combine


cdef extern from "plate.h" nogil:
    void ts_defect(ptrdiff_t n, const double *C, double a, const double *rate, double *F, double *kept)
    void ts_stiff_part(ptrdiff_t n, double *F, double *kept)
    void ts_by_capacity(ptrdiff_t n, const double *C, double shift, double *q)
    void ts_lesser(ptrdiff_t n, const double *a, double *b)


cdef inline double fast_splitting(const Net *g, Fast *f, const Mix *x, Point *end, double h, double shift, double enough,
                                  double *F, double *q, double *flow, double *sums) noexcept nogil:
    # largest lag, weighted; below `enough` a bound on it. `end` is the step's end with its forcing set, x.a the weights
    # of the stages in h dy/dt there. F [ne] and q [n] are scratch
    cdef Py_ssize_t k, first, count
    cdef int i
    cdef const double *u[MAX_STAGES]
    cdef Norm n
    if f.steepest < 0.3 * shift:
        # gamma h times the rate is small: nothing is stiff along x
        return 0.0
    fast_rates(g, f, end, F, flow, sums)
    n.top = n.bad = 0.0
    for k in range(f.n_strip):
        first = strip_cell(g, f, k)
        count = strip_size(g, f, k)
        for i in range(x.count):
            u[i] = x.u[i] + first
        ts_combine(count, x.count, x.a, u, NULL, f.band)
        ts_defect(count, g.capacity + first, 1.0 / h, f.band, F + first, q + first)
        strip_along(g, f, k, q)
        ts_stiff_part(count, F + first, q + first)
        strip_along(g, f, k, q)
        ts_by_capacity(count, g.capacity + first, shift, q + first)
        take_norm(g, &n, first, count, q)
    if n.top + n.bad <= enough:
        return n.top
    for k in range(f.n_run):
        memset(F + f.run_first[k], 0, f.run_count[k] * sizeof(double))
    begin_solve(f)
    fast_columns(g, f, F, f.w, False)
    n.top = 0.0
    for k in range(f.n_strip):
        first = strip_cell(g, f, k)
        count = strip_size(g, f, k)
        ts_lesser(count, F + first, q + first)
        take_norm(g, &n, first, count, q)
    return n.top + n.bad
