# One interface to a network's evaluation and linear systems, whatever the structure behind it: `fast` for plates
# with tubes and a small border, `sparse` for any other topology.
from libc.string cimport memset, memcpy
from net cimport Net, Point
from rates cimport rates
from partials cimport Sink, partials, extend_direction
from sparse cimport Sparse, sparse_factor, sparse_solve, sparse_solve_transpose
from plate cimport Fast, begin_known, fast_rates
from plate_tangent cimport fast_time_tangent, fast_product
from eliminate cimport fast_factor
from sweep cimport fast_solve
from splitting cimport fast_splitting
from stage cimport (Mix, fast_stage, fast_end_step, fast_carry, ts_combine, ts_combine2, ts_stage, ts_start, ts_last,
                    ts_scale, ts_norm)
from plate_transpose cimport fast_turn, fast_solve_transpose, fast_along
from reverse cimport Reverse, reverse
from plate_reverse cimport fast_reverse

ctypedef struct Linear:
    Sparse *sparse               # NULL on the fast path
    Fast *fast


cdef inline void evaluate(const Linear *m, const Net *g, Point *p, double *F, double *flow, double *sums) noexcept nogil:
    # F and flows at p, whose y[0:n] and forcing are set
    if m.sparse != NULL:
        rates(g, p, F, flow, sums)
    else:
        fast_rates(g, m.fast, p, F, flow, sums)


cdef inline void begin(const Linear *m, const Net *g, Point *p, double *F, double *flow, double *sums) noexcept nogil:
    # what factor() and the first stage() read of an evaluation at p
    if m.sparse != NULL:
        rates(g, p, F, flow, sums)
    else:
        begin_known(g, m.fast, p, F, flow, sums)


cdef inline void extend(const Linear *m, const Net *g, Point *p, double dt_factor) noexcept nogil:
    # boundaries and mixers of the direction p.dy
    extend_direction(g if m.sparse != NULL else &m.fast.loose, p, dt_factor)


cdef inline void time_tangent(const Linear *m, const Net *g, Point *p, Sink *s) noexcept nogil:
    # s.out [n] filled as far as stage() reads it, p.dy overwritten
    if m.sparse == NULL:
        fast_time_tangent(g, m.fast, p, s)
        return
    memset(p.dy, 0, g.ne * sizeof(double))
    memset(s.out, 0, g.n * sizeof(double))
    extend_direction(g, p, 1.0)
    partials(g, p, s, 1.0)


cdef inline void product(const Linear *m, const Net *g, Point *p, Sink *s) noexcept nogil:
    # s.out = J p.dy at the factorised point
    extend(m, g, p, 0.0)
    if m.sparse != NULL:
        memset(s.out, 0, g.n * sizeof(double))
        partials(g, p, s, 0.0)
    else:
        fast_product(g, m.fast, p, s)


cdef inline Py_ssize_t factor(const Linear *m, const Net *g, Point *p, double shift) noexcept nogil:
    # shift C - J at the evaluated point p: 0, or 1 + index of the unknown (or n + mixer) whose pivot vanished
    if m.sparse != NULL:
        return sparse_factor(m.sparse, g, p, shift)
    return fast_factor(g, m.fast, p, shift)


cdef inline void solve(const Linear *m, const Net *g, const Point *p, const double *r, double *u) noexcept nogil:
    # r [nu], mixer rows zero; u [nu]: unknowns, then mixers; p is the factorised point
    if m.sparse != NULL:
        sparse_solve(m.sparse, r, u)
    else:
        fast_solve(g, m.fast, p, r, u)


cdef inline void stage(const Linear *m, const Net *g, const Mix *x, const Point *p, Point *at, double time_factor,
                       const double *Ft, double *F, double *flow, double *sums, double *u) noexcept nogil:
    # u = (shift C - J)^-1 (F + C sum of c u_j + time_factor Ft), F and flows at base + sum of a u_j; forcing of `at` is
    # set. The first stage is at p itself, and begun. The last u is whole after end_step() only
    if m.sparse == NULL:
        fast_stage(g, m.fast, x, p, at, time_factor, Ft, F, flow, sums, u)
        return
    if x.count > 0:
        ts_combine2(g.n, x.count, x.a, x.c, x.u, x.base, at.y, u)
        rates(g, at, F, flow, sums)
        ts_stage(g.n, g.capacity, F, time_factor, Ft, u)
    else:
        ts_start(g.n, F, time_factor, Ft, u)
    memset(u + g.n, 0, g.nm * sizeof(double))
    sparse_solve(m.sparse, u, u)


cdef inline double end_step(const Linear *m, const Net *g, const Mix *x, const double *e, Point *p, double *y1,
                            double *direction, double *error, Sink *s) noexcept nogil:
    # y1 = base + sum of a u, s.flow the flows' derivatives along direction [ne] = sum of c u; with e error [n] = sum of
    # e u; returns the norm of error
    if m.sparse == NULL:
        return fast_end_step(g, m.fast, x, e, p, y1, direction, error, s)
    ts_combine2(g.n, x.count, x.a, x.c, x.u, x.base, y1, direction)
    p.dy = direction
    extend_direction(g, p, 0.0)
    partials(g, p, s, 0.0)
    if e != NULL:
        ts_combine(g.n, x.count, e, x.u, NULL, error)
    return ts_norm(g.n, NULL if g.unit_weight else g.weight, error)


cdef inline double carry(const Linear *m, const Net *g, const Point *p, double shift, const double *error,
                         double *estimate, double *u) noexcept nogil:
    # estimate [n] <- (shift C - J)^-1 shift C estimate + error, by way of u [nu]; returns its norm
    if m.sparse == NULL:
        return fast_carry(g, m.fast, p, shift, error, estimate, u)
    ts_scale(g.n, shift, g.capacity, estimate, u)
    memset(u + g.n, 0, g.nm * sizeof(double))
    sparse_solve(m.sparse, u, u)
    ts_last(g.n, u, error, estimate)
    return ts_norm(g.n, NULL if g.unit_weight else g.weight, estimate)


cdef inline double splitting(const Linear *m, const Net *g, const Mix *x, Point *end, double h, double shift,
                             double enough, double *F, double *q, double *flow, double *sums) noexcept nogil:
    # how far plates lag at the end of a step, weighted (splitting.pxd); nothing where the matrix is exact
    if m.sparse != NULL:
        return 0.0
    return fast_splitting(g, m.fast, x, end, h, shift, enough, F, q, flow, sums)


cdef inline void turn(const Linear *m, const Net *g, bint transposed) noexcept nogil:
    # fresh factors serve solve(); turned, they serve solve_transpose() alone
    if m.sparse == NULL:
        fast_turn(g, m.fast, transposed)


cdef inline const double *solve_transpose(const Linear *m, const Net *g, const Point *p, double *w,
                                          double *inner) noexcept nogil:
    # w [nu] <- M^-T w. Returns the weights that w gives to a change of J but for conduction along x, which lie in
    # `inner` [nu] or are w itself: w . dM u = -inner . dJ u
    if m.sparse != NULL:
        sparse_solve_transpose(m.sparse, w, w)
        return w
    fast_solve_transpose(g, m.fast, p, w, w, inner)
    return inner


cdef inline void conduction_left_out(const Linear *m, const Net *g, Point *p, const double *u, const double *w,
                                     const double *inner, double shift, double *direction, double *sums, double *out,
                                     double *by_capacity, double *by_gx) noexcept nogil:
    # adds what w . M u has of capacities and conductances along x beyond w . shift C u, with its sign changed.
    # direction [ne], sums [18 n_group], out [n] are scratch
    cdef Sink sink
    sink.k = 0
    sink.row = sink.col = NULL
    sink.value = sink.flow = NULL
    sink.sums = sums
    sink.out = out
    sink.still = False
    memcpy(direction, u, g.n * sizeof(double))
    p.dy = direction
    product(m, g, p, &sink)
    fast_along(g, shift, u, w, inner, out, by_capacity, by_gx)


cdef inline void reverse_rates(const Linear *m, const Net *g, Point *p, Reverse *r, double scale,
                               double *out) noexcept nogil:
    # p.y[0:n] and the forcing are set; out [n + nb] and the coefficients are added to, times scale
    if m.sparse != NULL:
        reverse(g, p, r, scale, out)
    else:
        fast_reverse(g, m.fast, p, r, scale, out)
