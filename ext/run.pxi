# What a run of steps works with: its method, its arrays, its states.

cdef int read_tableau(Tableau *tab, tableau) except -1:
    # borrowed pointers: the tuple keeps the arrays
    cdef const double[::1] alpha = tableau[1], gamma_sum = tableau[2], a = tableau[3], c = tableau[4]
    cdef const double[::1] m = tableau[5], e = tableau[6], dense = tableau[7]
    tab.gamma = tableau[0]
    tab.stiffly_accurate = tableau[8]
    tab.stages = alpha.shape[0]
    tab.alpha = &alpha[0]
    tab.gamma_sum = &gamma_sum[0]
    tab.a = &a[0]
    tab.c = &c[0]
    tab.m = &m[0]
    tab.e = &e[0]
    tab.dense_rows = dense.shape[0] // tab.stages
    tab.dense = &dense[0] if dense.shape[0] else NULL
    check(tab.stages <= MAX_STAGES)
    return 0


cdef void lay_out_step(const Net *g, const Tableau *tab, Step *s, double **at) noexcept nogil:
    cdef int j
    for j in range(tab.stages):
        s.u[j] = take(at, g.ne)
    s.y1 = take(at, g.ne)
    s.F = take(at, g.ne)
    s.Ft = take(at, g.n)
    s.own_error = take(at, 0 if tab.stiffly_accurate else g.n)
    s.flow = take(at, g.nq)
    s.flow_t = take(at, g.nq)
    s.dflow = take(at, g.nq)
    s.flow1 = take(at, g.nq)
    s.sums = take(at, 18 * g.n_group)


cdef void exchange_states(const Net *g, Point *p, Step *s) noexcept nogil:
    # the step's end becomes the next one's start
    cdef double *y = p.y
    p.y = s.y1
    s.y1 = y
    if g.n_mapped == 0:
        p.temp = p.y


cdef bint finite_rates(const Net *g, const Linear *m, Step *s, Point *p) noexcept nogil:
    evaluate(m, g, p, s.F, s.flow, s.sums)
    return isfinite(ts_norm(g.n, NULL, s.F))


cdef double jump_of_rates(const Net *g, const Linear *m, Step *s, Point *p, double t) noexcept nogil:
    # largest weighted jump of dy/dt at time t, 1/s; unknowns without capacity do not count
    cdef double largest = 0.0, d
    cdef Py_ssize_t i
    set_forcing(g, p, t, -INFINITY, t - 1e-6)
    evaluate(m, g, p, s.F, s.flow, s.sums)
    memcpy(s.y1, s.F, g.n * sizeof(double))
    set_forcing(g, p, t, t + 1e-6, INFINITY)
    evaluate(m, g, p, s.F, s.flow, s.sums)
    for i in range(g.n):
        d = fabs(s.F[i] - s.y1[i]) * g.weight[i]
        if d > largest * g.capacity[i] and g.capacity[i] > 0.0:
            largest = d / g.capacity[i]
    return largest
