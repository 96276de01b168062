# Stages of a step on the fast path. Plates are gone through once for a stage, a strip of rows at a time: what the stage
# before left open, the combination of earlier stages, rates, right-hand side, conduction along x and the elimination
# of rows towards the walls, while all of it lies in the nearest caches.
from libc.string cimport memset, memmove
from net cimport Net, Point, MAX_STAGES
from partials cimport Sink, extend_direction
from plate cimport Fast, begin_rates, strip_rates, end_rates, strip_cell, strip_size, loose_before
from plate_tangent cimport strip_flow_tangent, end_flow_tangent
from sweep cimport begin_solve, strip_along, strip_forward, end_solve, end_waiting, rows_back


cdef extern from "kernels.h" nogil:
    void ts_combine(ptrdiff_t n, int count, const double *coef, const double **vec, const double *base, double *out)
    void ts_combine2(ptrdiff_t n, int count, const double *a, const double *c, const double **vec,
                     const double *base, double *out, double *sum)
    void ts_stage_rows(ptrdiff_t n, const double *C, int equal, const double *F, double *u)
    void ts_stage(ptrdiff_t n, const double *C, const double *F, double f, const double *Ft, double *u)
    void ts_start(ptrdiff_t n, const double *F, double f, const double *Ft, double *u)
    void ts_last(ptrdiff_t n, const double *y, const double *u, double *y1)
    void ts_scale(ptrdiff_t n, double a, const double *C, const double *x, double *y)
    double ts_norm(ptrdiff_t n, const double *w, const double *e)


ctypedef struct Mix:
    # what is made of a step's stages: base + sum of a u, and sum of c u
    int count
    const double *a
    const double *c
    const double **u
    const double *base


ctypedef struct Norm:
    double top, bad              # largest so far; 0, or NaN when one was


cdef inline void take_norm(const Net *g, Norm *n, Py_ssize_t first, Py_ssize_t count, const double *error) noexcept nogil:
    cdef double d = ts_norm(count, NULL if g.unit_weight else g.weight + first, error + first)
    if d > n.top:
        n.top = d
    elif d != d:
        n.bad = d


cdef inline void combine(const Mix *x, Py_ssize_t first, Py_ssize_t count, double *state, double *sum) noexcept nogil:
    # of `count` unknowns from `first` on
    cdef const double *from_first[MAX_STAGES]
    cdef int k
    for k in range(x.count):
        from_first[k] = x.u[k] + first
    ts_combine2(count, x.count, x.a, x.c, from_first, x.base + first, state, sum)


cdef inline const double *strip_state(const Net *g, Fast *f, const Mix *x, Py_ssize_t strip, double *u) noexcept nogil:
    # temperatures of a strip at the stage, those of the rows on either side beside them
    cdef Py_ssize_t plate = f.strip_plate[strip], nx = g.pl_nx[plate], cell = strip_cell(g, f, strip)
    cdef Py_ssize_t first = f.strip_first[strip], rows = f.strip_end[strip] - first, before, count, done = 0
    cdef double *T = f.band + nx
    if first > 0:
        done = 1
        before = first - f.strip_first[strip - 1]
        memmove(f.band, f.band + before * nx, 2 * nx * sizeof(double))
    count = min(rows + 1, g.pl_ny[plate] - first) - done
    if count > 0:
        combine(x, cell + done * nx, count * nx, T + done * nx, u + cell + done * nx)
    return T


cdef inline void fast_stage(const Net *g, Fast *f, const Mix *x, const Point *p, Point *at, double time_factor,
                            const double *Ft, double *F, double *flow, double *sums, double *u) noexcept nogil:
    # u = M^-1 (F + C sum of c u + time_factor Ft) with F and flows at the stage's point; p is the point that was
    # factorised. Without earlier stages (x.count = 0) they are the same, and begun. Of Ft plates need loose cells alone
    cdef Py_ssize_t k, i, plate, first, count, segment = 0
    cdef bint later = x.count > 0
    cdef const double *T
    cdef double *heat
    if f.n_loose_cell > 0:
        # loose elements need theirs first
        end_waiting(g, f)
    begin_solve(f)
    if later:
        for k in range(f.n_run):
            combine(x, f.run_first[k], f.run_count[k], at.y + f.run_first[k], u + f.run_first[k])
        for k in range(f.n_loose_cell):
            first = f.loose_cells[k]
            combine(x, first, 1, at.y + first, u + first)
        begin_rates(g, f, at, F, flow, sums)
    for k in range(g.n_group):
        at.group[3 * k] += time_factor * p.group_rate[k]
    for k in range(f.n_strip):
        plate = f.strip_plate[k]
        first = strip_cell(g, f, k)
        count = strip_size(g, f, k)
        if later:
            if f.waiting != NULL:
                # the row above is read too
                segment = rows_back(g, f, segment, plate, f.strip_end[k] + 1, f.waiting, f.waiting_w)
            T = strip_state(g, f, x, k, u)
            heat = f.heat
        else:
            T = at.y + first
            heat = u + first
        strip_rates(g, f, at, k, T, heat, F, flow, sums)
        if later:
            ts_stage_rows(count, g.capacity + first, <int> g.pl_equal[plate], heat, u + first)
        if f.n_loose_cell > 0:
            for i in range(loose_before(f, first), loose_before(f, first + count)):
                u[f.loose_cells[i]] += time_factor * Ft[f.loose_cells[i]]
        strip_along(g, f, k, u)
        strip_forward(g, f, k, u, f.w)
    end_rates(g, at, F, flow, sums)
    for k in range(f.n_run):
        first = f.run_first[k]
        if later:
            ts_stage(f.run_count[k], g.capacity + first, F + first, time_factor, Ft + first, u + first)
        else:
            ts_start(f.run_count[k], F + first, time_factor, Ft + first, u + first)
    memset(u + g.n, 0, g.nm * sizeof(double))
    end_solve(g, f, p, u)


cdef inline Py_ssize_t span(const Net *g, Fast *f, Py_ssize_t k, Py_ssize_t segment, Py_ssize_t *first,
                            Py_ssize_t *count) noexcept nogil:
    # unknowns of strip k, their waiting rows found, and behind all strips those of the runs outside plates; returns the
    # next segment
    if k >= f.n_strip:
        first[0] = f.run_first[k - f.n_strip]
        count[0] = f.run_count[k - f.n_strip]
        return segment
    first[0] = strip_cell(g, f, k)
    count[0] = strip_size(g, f, k)
    if f.waiting == NULL:
        return segment
    return rows_back(g, f, segment, f.strip_plate[k], f.strip_end[k], f.waiting, f.waiting_w)


cdef inline double fast_end_step(const Net *g, Fast *f, const Mix *x, const double *e, Point *p, double *y1,
                                 double *direction, double *error, Sink *s) noexcept nogil:
    # the step's end y1 (x.a), the flows' derivatives along the direction x.c, and the norm of `error`, which is the last
    # stage or, with e, made as the sum of e u
    cdef Py_ssize_t k, first, count, segment = 0
    cdef int i
    cdef Norm n
    cdef const double *from_first[MAX_STAGES]
    n.top = n.bad = 0.0
    memset(s.sums, 0, 2 * g.n_group * sizeof(double))
    if f.n_loose_cell > 0:
        end_waiting(g, f)
    for k in range(f.n_run):
        first = f.run_first[k]
        combine(x, first, f.run_count[k], y1 + first, direction + first)
    for k in range(f.n_loose_cell):
        first = f.loose_cells[k]
        combine(x, first, 1, y1 + first, direction + first)
    p.dy = direction
    extend_direction(&f.loose, p, 0.0)
    for k in range(f.n_strip + f.n_run):
        segment = span(g, f, k, segment, &first, &count)
        if k < f.n_strip:
            combine(x, first, count, y1 + first, f.band)
            strip_flow_tangent(g, f, p, k, f.band, s)
        if e != NULL:
            for i in range(x.count):
                from_first[i] = x.u[i] + first
            ts_combine(count, x.count, e, from_first, NULL, error + first)
        take_norm(g, &n, first, count, error)
    f.waiting = NULL
    end_flow_tangent(g, f, p, s)
    return n.top + n.bad


cdef inline double fast_carry(const Net *g, Fast *f, const Point *p, double shift, const double *error,
                              double *estimate, double *u) noexcept nogil:
    # estimate <- M^-1 shift C estimate + error, by way of u [nu]; returns its norm
    cdef Py_ssize_t k, first, count, segment = 0
    cdef Norm n
    n.top = n.bad = 0.0
    begin_solve(f)
    for k in range(f.n_strip):
        first = strip_cell(g, f, k)
        count = strip_size(g, f, k)
        ts_scale(count, shift, g.capacity + first, estimate + first, u + first)
        strip_along(g, f, k, u)
        strip_forward(g, f, k, u, f.w)
    for k in range(f.n_run):
        first = f.run_first[k]
        ts_scale(f.run_count[k], shift, g.capacity + first, estimate + first, u + first)
    memset(u + g.n, 0, g.nm * sizeof(double))
    end_solve(g, f, p, u)
    for k in range(f.n_strip + f.n_run):
        segment = span(g, f, k, segment, &first, &count)
        ts_last(count, u + first, error + first, estimate + first)
        take_norm(g, &n, first, count, estimate)
    f.waiting = NULL
    return n.top + n.bad
