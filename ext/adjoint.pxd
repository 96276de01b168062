# One step of the method backwards: from derivatives by the state at its end to those by the state at its start and
# by every coefficient. The stages are M u_i = r_i, M = C / (h gamma) - J or the plates' product of factors; w_i are
# their multipliers, solved for with the transposed factors. Second derivatives enter only along u_i and along time, as
# differences of first ones. Those are linear in their weights, so one-sided differences share the evaluation at the
# start: good to 1e-7, for the passes that look for a multiplier. Where coefficients are wanted they are central, good
# to 1e-9.
from libc.string cimport memset, memcpy
from net cimport Net, Point, MAX_STAGES
from laws cimport set_forcing
from linear cimport Linear, reverse_rates, solve_transpose, conduction_left_out
from rosenbrock cimport Tableau, Step, ts_combine, ts_norm, ts_add, flow_weights
from stage cimport ts_stage
from reverse cimport Reverse, ts_add_product

cdef enum:
    # differences move no unknown by more than 1 K / PER_KELVIN, and time by h / PER_STEP
    PER_KELVIN_ONE_SIDED = 300000
    PER_KELVIN_CENTRAL = 1000
    PER_STEP = 100000

ctypedef struct Adjoint:
    double *w[MAX_STAGES]        # [nu] each
    double *by_u[MAX_STAGES]     # [n] each: derivative by u_i, without what later stages bring
    double *stage[MAX_STAGES]    # [n + nb] each: derivative by the state at stage i
    double *inner                # [nu] the multiplier's share in changes of J, where it is not w_i
    double *by_y                 # [n + nb] derivative by y, and by the boundaries
    double *v                    # [n]
    double *start                # [n]
    double *product              # [n]
    double *v_flow               # [nq]
    const double *flow           # [nq] derivative by what the flows carry; NULL: none


cdef inline void reverse_plain(const Linear *m, const Net *g, Point *p, Reverse *r, double *out) noexcept nogil:
    # without the coefficients
    cdef bint kept = r.by_coefficient
    r.by_coefficient = False
    reverse_rates(m, g, p, r, 1.0, out)
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
    cdef double largest = ts_norm(g.n, NULL if g.unit_weight else g.weight, u)
    return 1.0 / (per_kelvin * largest) if largest > 0.0 else 0.0


cdef inline void gather(const Net *g, const Tableau *tab, Adjoint *a, int i, double h, const double *lam) noexcept nogil:
    # w_i <- derivative by u_i: its own, the end's, and through later stages' states and right-hand sides
    cdef int j, count = 1
    cdef double to_state[MAX_STAGES + 1]
    cdef double to_right[MAX_STAGES + 1]
    cdef const double *states[MAX_STAGES + 1]
    cdef const double *rights[MAX_STAGES + 1]
    to_state[0] = tab.m[i]
    states[0] = lam
    for j in range(i + 1, tab.stages):
        to_state[count] = tab.a[j * tab.stages + i]
        states[count] = a.stage[j]
        to_right[count - 1] = tab.c[j * tab.stages + i] / h
        rights[count - 1] = a.w[j]
        count += 1
    ts_combine(g.n, count, to_state, states, a.by_u[i], a.by_u[i])
    memset(a.w[i], 0, g.nu * sizeof(double))
    ts_combine(g.n, count - 1, to_right, rights, a.w[i], a.w[i])
    ts_stage(g.n, g.capacity, a.by_u[i], 0.0, NULL, a.w[i])


cdef inline void by_capacity(const Linear *m, const Net *g, const Tableau *tab, const Step *s, Adjoint *a, Reverse *r,
                             Point *p0, int i, double h, const double *inner) noexcept nogil:
    # C stands in the stages' right-hand sides and in the matrix
    cdef int j
    cdef double coef[MAX_STAGES]
    cdef const double *vec[MAX_STAGES]
    for j in range(i + 1):
        coef[j] = tab.c[i * tab.stages + j] / h if j < i else -1.0 / (h * tab.gamma)
        vec[j] = s.u[j]
    memset(a.product, 0, g.n * sizeof(double))
    ts_combine(g.n, i + 1, coef, vec, a.product, a.product)
    ts_add_product(g.n, 1.0, a.product, a.w[i], r.c.capacity)
    if inner != a.w[i]:
        conduction_left_out(m, g, p0, s.u[i], a.w[i], inner, 1.0 / (h * tab.gamma), s.F, s.sums, a.product,
                            r.c.capacity, r.c.gx)


cdef inline void adjoint_step(const Net *g, const Linear *m, const Tableau *tab, const Step *s, Adjoint *a, Reverse *r,
                              const double *y, Point *p0, Point *p, double t, double h, double t_lo, double t_hi,
                              double *lam) noexcept nogil:
    # s holds the stages of the step from y, m its factors, turned, made at p0; a.by_u[i] the outputs' own
    # derivatives by u_i. lam [n]: derivative by the end of the step in, by its start out.
    cdef int i, n_stage = tab.stages
    cdef Py_ssize_t k
    cdef double b[MAX_STAGES]
    cdef double ones[MAX_STAGES]
    cdef const double *vec[MAX_STAGES]
    cdef const double *inner
    cdef double d, flow_total = 0.0
    cdef bint moves = False
    flow_weights(tab, b)
    memset(a.start, 0, g.n * sizeof(double))
    memset(a.by_y, 0, (g.n + g.nb) * sizeof(double))
    for i in range(n_stage):
        vec[i] = s.u[i]
        ones[i] = 1.0
    if a.flow != NULL:
        # the flows saw u_i through J
        memset(a.v, 0, g.n * sizeof(double))
        memset(a.stage[0], 0, (g.n + g.nb) * sizeof(double))
        memcpy(p.y, y, g.n * sizeof(double))
        set_forcing(g, p, t, t_lo, t_hi)
        r.v = a.v
        r.v_flow = a.flow
        r.linear_too = True
        reverse_plain(m, g, p, r, a.stage[0])
        for i in range(n_stage):
            ts_add(g.n, h * tab.gamma * b[i], a.stage[0], a.by_u[i])
    for i in range(n_stage - 1, -1, -1):
        gather(g, tab, a, i, h, lam)
        inner = solve_transpose(m, g, p0, a.w[i], a.inner)
        # the right-hand side: F at the stage
        ts_combine(g.n, i, tab.a + i * n_stage, vec, y, p.y)
        set_forcing(g, p, t + tab.alpha[i] * h, t_lo, t_hi)
        r.v = a.w[i]
        r.linear_too = True
        r.along = True
        weigh_flows(g, a, r, h * tab.gamma * b[i])
        memset(a.stage[i], 0, (g.n + g.nb) * sizeof(double))
        reverse_rates(m, g, p, r, 1.0, a.stage[i])
        # the matrix, which J changes with y
        d = nudge(g, s.u[i], PER_KELVIN_CENTRAL if r.by_coefficient else PER_KELVIN_ONE_SIDED)
        if d > 0.0:
            set_forcing(g, p, t, t_lo, t_hi)
            r.v = inner
            r.linear_too = r.by_coefficient
            # on plates conduction along x is a factor of its own
            r.along = inner == a.w[i]
            ts_combine(g.n, 1, &d, &vec[i], y, p.y)
            if r.by_coefficient:
                reverse_rates(m, g, p, r, 0.5 / d, a.by_y)
                d = -d
                ts_combine(g.n, 1, &d, &vec[i], y, p.y)
                reverse_rates(m, g, p, r, 0.5 / d, a.by_y)
            else:
                reverse_rates(m, g, p, r, 1.0 / d, a.by_y)
                ts_add(g.n, 1.0 / d, inner, a.start)
                flow_total += h * tab.gamma * b[i] / d
        if r.by_coefficient:
            by_capacity(m, g, tab, s, a, r, p0, i, h, inner)
    for i in range(n_stage):
        vec[i] = a.stage[i]
    ts_combine(g.n + g.nb, n_stage, ones, vec, a.by_y, a.by_y)
    # dF/dt at the start, in every stage
    memset(a.v, 0, g.n * sizeof(double))
    d = 0.0
    for i in range(n_stage):
        ts_add(g.n, tab.gamma_sum[i] * h, a.w[i], a.v)
        d += tab.gamma_sum[i] * h * h * tab.gamma * b[i]
    set_forcing(g, p, t, t_lo, t_hi)
    for k in range(g.nf):
        moves = moves or p.rate[k] != 0.0
    r.linear_too = r.by_coefficient
    r.along = True
    memcpy(p.y, y, g.n * sizeof(double))
    if moves:
        for k in range(g.nf):
            p.value[k] += h / PER_STEP * p.rate[k]
        r.v = a.v
        weigh_flows(g, a, r, d)
        reverse_rates(m, g, p, r, PER_STEP / h, a.by_y)
        ts_add(g.n, PER_STEP / h, a.v, a.start)
        flow_total += d * PER_STEP / h
    # what all differences start from
    set_forcing(g, p, t, t_lo, t_hi)
    r.v = a.start
    weigh_flows(g, a, r, flow_total)
    reverse_rates(m, g, p, r, -1.0, a.by_y)
    ts_add(g.n, 1.0, a.by_y, lam)
    if r.by_coefficient:
        ts_add(g.nb, 1.0, a.by_y + g.n, r.c.boundary)
