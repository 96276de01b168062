# One step of a linearly implicit method on C y' = F(t, y), the ledger's flows being further components of the
# same step: whatever leaves the stored heat is found in a flow, to rounding.
from libc.string cimport memset, memcpy
from net cimport Net, Point, MAX_STAGES
from laws cimport set_forcing
from partials cimport Sink
from stage cimport Mix
from linear cimport Linear, begin, time_tangent, factor, stage, end_step, splitting


cdef extern from "kernels.h" nogil:
    void ts_combine(ptrdiff_t n, int count, const double *coef, const double **vec, const double *base, double *out)
    void ts_add(ptrdiff_t n, double a, const double *x, double *y)
    double ts_norm(ptrdiff_t n, const double *w, const double *e)


ctypedef struct Tableau:
    int stages, dense_rows, stiffly_accurate
    double gamma
    const double *alpha          # [stages]
    const double *gamma_sum      # [stages]
    const double *a              # [stages, stages]
    const double *c              # [stages, stages]
    const double *m              # [stages]
    const double *e              # [stages]
    const double *dense          # [dense_rows, stages]


ctypedef struct Step:
    double *u[MAX_STAGES]        # [ne] each: stage increments
    double *F                    # [ne] rates; at the end of a step the direction of the flows' derivatives
    double *Ft                   # [n]
    double *y1                   # [ne] the end of the step
    double *error                # [n] own_error, or the last stage's increment
    double *own_error            # [n] where the last stage is none
    double norm                  # of error
    double *flow                 # [nq] flows at the stage
    double *flow_t               # [nq] their time derivative at the start
    double *dflow                # [nq]
    double *flow1                # [nq] what each flow carried in the step, J
    double *sums                 # [2 n_group]


cdef inline void flow_weights(const Tableau *tab, double *b) noexcept nogil:
    # what the steps' flows are, in terms of h gamma (flow at stage i): the transposed recursion of c
    cdef int i, k, n_stage = tab.stages
    for i in range(n_stage - 1, -1, -1):
        b[i] = tab.m[i]
        for k in range(i + 1, n_stage):
            b[i] += tab.gamma * tab.c[k * n_stage + i] * b[k]


cdef inline Py_ssize_t prepare(const Net *g, const Linear *m, const Tableau *tab, Step *s, Point *p, double t, double h,
                               double t_lo, double t_hi) noexcept nogil:
    # what the stages need of F, F_t and the factorisation at (t, p.y)
    cdef Sink sink
    set_forcing(g, p, t, t_lo, t_hi)
    begin(m, g, p, s.F, s.flow, s.sums)
    memset(s.flow_t, 0, g.nq * sizeof(double))
    p.dy = s.y1
    sink.k = 0
    sink.row = sink.col = NULL
    sink.value = NULL
    sink.out = s.Ft
    sink.flow = s.flow_t
    sink.sums = s.sums
    sink.still = True
    time_tangent(m, g, p, &sink)
    return factor(m, g, p, 1.0 / (h * tab.gamma))


cdef inline void stages(const Net *g, const Linear *m, const Tableau *tab, Step *s, Point *p0, Point *p1,
                        double t, double h, double t_lo, double t_hi) noexcept nogil:
    # p0 is the prepared start; p1 is a second point for the stages
    cdef int i, j, n_stage = tab.stages
    cdef Py_ssize_t q
    cdef double coef[MAX_STAGES]
    cdef double b[MAX_STAGES]
    cdef const double *vec[MAX_STAGES]
    cdef double f = 0.0
    cdef Mix mix
    cdef Sink sink
    sink.k = 0
    sink.row = sink.col = NULL
    sink.value = NULL
    sink.out = NULL
    sink.flow = s.dflow
    sink.sums = s.sums
    sink.still = False
    flow_weights(tab, b)
    memset(s.flow1, 0, g.nq * sizeof(double))
    for i in range(n_stage):
        vec[i] = s.u[i]
        for j in range(i):
            coef[j] = tab.c[i * n_stage + j] / h
        mix.count = i
        mix.a = tab.a + i * n_stage
        mix.c = coef
        mix.u = vec
        mix.base = p0.y
        if i == 1 or (i > 0 and tab.alpha[i] != tab.alpha[i - 1]):
            set_forcing(g, p1, t + tab.alpha[i] * h, t_lo, t_hi)
        stage(m, g, &mix, p0, p1 if i > 0 else p0, tab.gamma_sum[i] * h, s.Ft, s.F, s.flow, s.sums, s.u[i])
        for q in range(g.nq):
            s.flow1[q] += b[i] * s.flow[q]
        f += b[i] * tab.gamma_sum[i]
    # the flows' own stages see the increments through the same linearisation: once, along their weighted sum
    mix.count = n_stage
    mix.a = tab.m
    mix.c = b
    memset(s.dflow, 0, g.nq * sizeof(double))
    s.error = s.u[n_stage - 1] if tab.stiffly_accurate else s.own_error
    s.norm = end_step(m, g, &mix, NULL if tab.stiffly_accurate else tab.e, p0, s.y1, s.F, s.error, &sink)
    for q in range(g.nq):
        s.flow1[q] = h * tab.gamma * (s.flow1[q] + s.dflow[q] + f * h * s.flow_t[q])


cdef inline double lag(const Net *g, const Linear *m, const Tableau *tab, Step *s, const Point *p1, double t, double h,
                       double t_lo, double t_hi, double enough) noexcept nogil:
    # of the linear systems' splitting at the end of a step; 0 for methods without continuous output
    cdef double slope[MAX_STAGES]
    cdef const double *vec[MAX_STAGES]
    cdef Point end = p1[0]
    cdef Mix mix
    cdef int j, r
    if tab.dense_rows == 0:
        return 0.0
    for j in range(tab.stages):
        # h dy/dt at theta = 1
        slope[j] = tab.m[j]
        for r in range(tab.dense_rows):
            slope[j] -= tab.dense[r * tab.stages + j]
        vec[j] = s.u[j]
    mix.count = tab.stages
    mix.a = mix.c = slope
    mix.u = vec
    mix.base = NULL
    end.y = s.y1
    if g.n_mapped == 0:
        end.temp = s.y1
    set_forcing(g, &end, t + h, t_lo, t_hi)
    return splitting(m, g, &mix, &end, h, 1.0 / (h * tab.gamma), enough, s.F, s.Ft, s.dflow, s.sums)


cdef inline void interpolate(const Net *g, const Tableau *tab, const Step *s, const double *y0, double theta,
                             double *out) noexcept nogil:
    # the method's own continuous extension at t + theta h
    cdef int j, r, n_stage = tab.stages
    cdef double w
    cdef double coef[MAX_STAGES]
    cdef const double *vec[MAX_STAGES]
    for j in range(n_stage):
        w = 0.0
        for r in range(tab.dense_rows - 1, -1, -1):
            w = w * theta + tab.dense[r * n_stage + j]
        coef[j] = theta * (tab.m[j] + (1.0 - theta) * w)
        vec[j] = s.u[j]
    ts_combine(g.n, n_stage, coef, vec, y0, out)
