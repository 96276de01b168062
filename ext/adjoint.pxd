# One step of the method backwards: from derivatives by the state at its end to those by the state at its start and
# by every coefficient. The stages are (C / (h gamma) - J) u_i = r_i; w_i are their multipliers, solved for with
# the transposed factors. Second derivatives enter only along u_i and along time, as differences of first ones.
# Those are linear in their weights, so one-sided differences share the evaluation at the start: good to 1e-7, for
# the passes that look for a multiplier. Where coefficients are wanted they are central, good to 1e-9.
from libc.math cimport fabs
from libc.string cimport memset, memcpy
from net cimport Net, Point
from laws cimport set_forcing
from linear cimport Linear
from sparse cimport sparse_solve_transpose
from rosenbrock cimport Tableau, Step, MAX_STAGES, ts_combine, flow_weights
from reverse cimport Reverse, reverse

cdef enum:
    # differences move no unknown by more than 1 K / PER_KELVIN, and time by h / PER_STEP
    PER_KELVIN_ONE_SIDED = 300000
    PER_KELVIN_CENTRAL = 1000
    PER_STEP = 100000

ctypedef struct Adjoint:
    double *w[MAX_STAGES]    # [nu] each
    double *by_u[MAX_STAGES]  # [n] each: derivative by u_i
    double *by_y             # [n + nb] derivative by y, and by the boundaries
    double *stage            # [n + nb]
    double *v                # [n]
    double *start            # [n]
    double *v_flow           # [nq]
    const double *flow       # [nq] derivative by what the flows carry; NULL: none


cdef inline void add(Py_ssize_t n, double a, const double *x, double *y) noexcept nogil:
    cdef Py_ssize_t i
    if a != 0.0:
        for i in range(n):
            y[i] += a * x[i]


cdef inline void reverse_plain(const Net *g, Point *p, Reverse *r, double *out) noexcept nogil:
    # reverse() without the coefficients
    cdef bint kept = r.by_coefficient
    r.by_coefficient = False
    reverse(g, p, r, 1.0, out)
    r.by_coefficient = kept


cdef inline void weigh_flows(const Net *g, Adjoint *a, Reverse *r, double factor) noexcept nogil:
    cdef Py_ssize_t q
    r.v_flow = NULL
    if a.flow != NULL:
        for q in range(g.nq):
            a.v_flow[q] = factor * a.flow[q]
        r.v_flow = a.v_flow


cdef inline double nudge(const Net *g, const double *u, double per_kelvin) noexcept nogil:
    # length of the difference along u; 0 where u vanishes
    cdef Py_ssize_t i
    cdef double largest = 0.0, d
    for i in range(g.n):
        d = g.weight[i] * fabs(u[i])
        if d > largest:
            largest = d
    return 1.0 / (per_kelvin * largest) if largest > 0.0 else 0.0


cdef inline void adjoint_step(const Net *g, const Linear *m, const Tableau *tab, const Step *s, Adjoint *a, Reverse *r,
                              const double *y, Point *p, double t, double h, double t_lo, double t_hi,
                              double *lam) noexcept nogil:
    # s holds the stages of the step from y, m its factors; a.by_u[i] the outputs' own derivatives by u_i.
    # lam [n]: derivative by the end of the step in, by its start out.
    cdef int i, j, n_stage = tab.stages
    cdef Py_ssize_t k
    cdef double b[MAX_STAGES]
    cdef double coef[MAX_STAGES]
    cdef const double *vec[MAX_STAGES]
    cdef double d, flow_total = 0.0
    cdef bint moves = False
    flow_weights(tab, b)
    memset(a.start, 0, g.n * sizeof(double))
    memset(a.by_y, 0, (g.n + g.nb) * sizeof(double))
    for i in range(n_stage):
        add(g.n, tab.m[i], lam, a.by_u[i])
        vec[i] = s.u[i]
    if a.flow != NULL:
        # the flows saw u_i through J
        memset(a.v, 0, g.n * sizeof(double))
        memset(a.stage, 0, (g.n + g.nb) * sizeof(double))
        memcpy(p.y, y, g.n * sizeof(double))
        set_forcing(g, p, t, t_lo, t_hi)
        r.v = a.v
        r.v_flow = a.flow
        r.linear_too = True
        reverse_plain(g, p, r, a.stage)
        for i in range(n_stage):
            add(g.n, h * tab.gamma * b[i], a.stage, a.by_u[i])
    for i in range(n_stage - 1, -1, -1):
        memset(a.w[i], 0, g.nu * sizeof(double))
        memcpy(a.w[i], a.by_u[i], g.n * sizeof(double))
        sparse_solve_transpose(m.sparse, a.w[i], a.w[i])
        # the right-hand side: F at the stage, and earlier increments through C
        ts_combine(g.n, i, tab.a + i * n_stage, vec, y, p.y)
        set_forcing(g, p, t + tab.alpha[i] * h, t_lo, t_hi)
        r.v = a.w[i]
        r.linear_too = True
        weigh_flows(g, a, r, h * tab.gamma * b[i])
        memset(a.stage, 0, (g.n + g.nb) * sizeof(double))
        reverse(g, p, r, 1.0, a.stage)
        add(g.n + g.nb, 1.0, a.stage, a.by_y)
        for j in range(i):
            add(g.n, tab.a[i * n_stage + j], a.stage, a.by_u[j])
            d = tab.c[i * n_stage + j] / h
            for k in range(g.n):
                a.by_u[j][k] += d * g.capacity[k] * a.w[i][k]
        # the matrix, which J changes with y
        d = nudge(g, s.u[i], PER_KELVIN_CENTRAL if r.by_coefficient else PER_KELVIN_ONE_SIDED)
        if d > 0.0:
            set_forcing(g, p, t, t_lo, t_hi)
            r.linear_too = r.by_coefficient
            ts_combine(g.n, 1, &d, &vec[i], y, p.y)
            if r.by_coefficient:
                reverse(g, p, r, 0.5 / d, a.by_y)
                d = -d
                ts_combine(g.n, 1, &d, &vec[i], y, p.y)
                reverse(g, p, r, 0.5 / d, a.by_y)
            else:
                reverse(g, p, r, 1.0 / d, a.by_y)
                add(g.n, 1.0 / d, a.w[i], a.start)
                flow_total += h * tab.gamma * b[i] / d
        if r.by_coefficient:
            for j in range(i):
                coef[j] = tab.c[i * n_stage + j] / h
            coef[i] = -1.0 / (h * tab.gamma)
            for j in range(i + 1):
                for k in range(g.n):
                    r.c.capacity[k] += coef[j] * s.u[j][k] * a.w[i][k]
    # dF/dt at the start, in every stage
    memset(a.v, 0, g.n * sizeof(double))
    d = 0.0
    for i in range(n_stage):
        add(g.n, tab.gamma_sum[i] * h, a.w[i], a.v)
        d += tab.gamma_sum[i] * h * h * tab.gamma * b[i]
    set_forcing(g, p, t, t_lo, t_hi)
    for k in range(g.nf):
        moves = moves or p.rate[k] != 0.0
    r.linear_too = r.by_coefficient
    memcpy(p.y, y, g.n * sizeof(double))
    if moves:
        for k in range(g.nf):
            p.value[k] += h / PER_STEP * p.rate[k]
        r.v = a.v
        weigh_flows(g, a, r, d)
        reverse(g, p, r, PER_STEP / h, a.by_y)
        add(g.n, PER_STEP / h, a.v, a.start)
        flow_total += d * PER_STEP / h
    # what all differences start from
    set_forcing(g, p, t, t_lo, t_hi)
    r.v = a.start
    weigh_flows(g, a, r, flow_total)
    reverse(g, p, r, -1.0, a.by_y)
    add(g.n, 1.0, a.by_y, lam)
    if r.by_coefficient:
        add(g.nb, 1.0, a.by_y + g.n, r.c.boundary)
