# Derivatives backwards: the transposed solve, the rates, and a run.

cdef Py_ssize_t reverse_size(const Net *g) noexcept nogil:
    return 2 * g.ne + g.n_battery + GROUP_SUMS * g.n_group


cdef void lay_out_reverse(const Net *g, Reverse *r, double **at) noexcept nogil:
    r.by_temp = take(at, g.ne)
    r.by_value = take(at, g.ne)
    r.bus = take(at, g.n_battery)
    r.sums = take(at, GROUP_SUMS * g.n_group)
    r.v_flow = NULL
    r.linear_too = True
    r.along = True
    r.adv_of = NULL
    r.by_coefficient = False


def coefficient_count(Problem problem):
    """Length of the array of derivatives by coefficients.

    It holds gl_g, gr_g, adv_rate, w_g, w_ga, w_gb, s_coef, sf_coef, ps_coef, pl_gx, pl_gy, capacity and the
    offsets of the boundaries, in this order.
    """
    cdef Coefficients c
    return lay_out_coefficients(&problem.net, &c, NULL)


def reverse_work(Problem problem):
    """Length of the work array that reverse_rates() needs."""
    return point_size(&problem.net) + reverse_size(&problem.net)


def reverse_rates(Problem problem, double t, double t_lo, double t_hi, const double[::1] y, const double[::1] v,
                  const double[::1] v_flow, double[::1] out, double[::1] by_coefficient, double[::1] work):
    """Add the derivatives of v . F + v_flow . flows at (t, y) to out and by_coefficient.

    out [n + boundaries]: by unknowns and boundaries, zero before. by_coefficient: as coefficient_count() says;
    length 0: not wanted. v_flow has length 0 or [nq].
    """
    cdef Net *g = &problem.net
    cdef Point p
    cdef Reverse r
    cdef double *at
    check(y.shape[0] == g.n and v.shape[0] == g.n and v_flow.shape[0] in (0, g.nq) and out.shape[0] == g.n + g.nb)
    check(work.shape[0] >= reverse_work(problem))
    check(by_coefficient.shape[0] in (0, coefficient_count(problem)))
    at = lay_out(g, &p, &work[0])
    lay_out_reverse(g, &r, &at)
    r.v = &v[0]
    if v_flow.shape[0]:
        r.v_flow = &v_flow[0]
    if by_coefficient.shape[0]:
        r.by_coefficient = True
        lay_out_coefficients(g, &r.c, &by_coefficient[0])
    with nogil:
        memcpy(p.y, &y[0], g.n * sizeof(double))
        set_forcing(g, &p, t, t_lo, t_hi)
        reverse(g, &p, &r, 1.0, &out[0])
        if r.by_coefficient and g.nb > 0:
            ts_add(g.nb, 1.0, &out[g.n], r.c.boundary)


def kept_factors(Solver solver):
    """Length of a row of the factors that integrate_back() can keep of a step; 0 where it makes them again."""
    cdef Sparse *m = solver.m.sparse
    return m.ptr[m.nu] + m.nu if m != NULL else 0


def adjoint_work(Problem problem, int n_stage):
    """Length of the work array that integrate_back() needs."""
    cdef Net *g = &problem.net
    return step_size_in_doubles(problem, n_stage, False) + 2 * g.ne + reverse_size(g) \
        + n_stage * (g.nu + 2 * g.n + g.nb) + g.nu + 4 * g.n + g.nb + g.nq


cdef void lay_out_adjoint(const Net *g, Adjoint *a, int n_stage, double **at) noexcept nogil:
    cdef int i
    for i in range(n_stage):
        a.w[i] = take(at, g.nu)
        a.by_u[i] = take(at, g.n)
        a.stage[i] = take(at, g.n + g.nb)
    a.inner = take(at, g.nu)
    a.by_y = take(at, g.n + g.nb)
    a.v = take(at, g.n)
    a.start = take(at, g.n)
    a.product = take(at, g.n)
    a.v_flow = take(at, g.nq)


def integrate_back(Problem problem, Solver solver, tableau, const double[::1] starts, const double[:, ::1] log,
                   const double[:, ::1] states, double[::1] by_end, const double[::1] by_flow,
                   const double[::1] shape, const double[:, ::1] seeds, double[::1] by_coefficient,
                   const double[:, ::1] increments, double[:, ::1] factors, bint filled, double[::1] work,
                   progress=None):
    """Take the steps (starts [k], log [k, 2] = (t, h), states [k, n] where each begins) backwards.

    The output is by_end . y_end + by_flow . (what each flow carried) + sum over the steps of
    shape . (seeds[k, 0] y + sum_i seeds[k, 1 + i] u_i).

    In and out: by_end [n], at last the derivative by the first state; by_coefficient (length 0: not wanted), added
    to. by_flow has length 0 or [nq], shape and seeds length 0 or [n] and [k, 1 + stages]. increments [k, stages n]
    as integrate() gives them, or rows of length 0: they are made again. factors [k, kept_factors()] or rows of
    length 0: made and kept, or read where they are filled.
    Returns a status code.
    """
    cdef Net *g = &problem.net
    cdef Tableau tab
    cdef Step s
    cdef Adjoint a
    cdef Reverse r
    cdef Point p0, p1
    cdef double *at
    cdef double t, h, t_lo, t_hi
    cdef Py_ssize_t k, since_poll = 0, bad
    cdef int i, status = OK
    cdef bint known = increments.shape[1] > 0, keep = factors.shape[1] > 0
    cdef bint met = by_flow.shape[0] > 0
    cdef Sparse sparse
    cdef Linear m = solver.m
    read_tableau(&tab, tableau)
    check(starts.shape[0] == log.shape[0] and states.shape[0] >= log.shape[0] and states.shape[1] == g.n)
    check(by_end.shape[0] == g.n and by_flow.shape[0] in (0, g.nq) and shape.shape[0] in (0, g.n))
    check(shape.shape[0] == 0 or (seeds.shape[0] == log.shape[0] and seeds.shape[1] == tab.stages + 1))
    check(by_coefficient.shape[0] in (0, coefficient_count(problem)))
    check(work.shape[0] >= adjoint_work(problem, tab.stages) and solver.problem is problem)
    check(not known or (increments.shape[0] == log.shape[0] and increments.shape[1] == tab.stages * g.n))
    check(not keep or (factors.shape[0] == log.shape[0] and factors.shape[1] == kept_factors(solver)))
    if m.sparse != NULL:
        # its factors may lie in the rows that are kept
        sparse = m.sparse[0]
        m.sparse = &sparse
    at = &work[0]
    lay_out(g, &p0, take(&at, point_size(g)))
    lay_out(g, &p1, take(&at, point_size(g)))
    lay_out_step(g, &tab, &s, &at)
    lay_out_reverse(g, &r, &at)
    lay_out_adjoint(g, &a, tab.stages, &at)
    a.flow = &by_flow[0] if by_flow.shape[0] else NULL
    if by_coefficient.shape[0]:
        r.by_coefficient = True
        lay_out_coefficients(g, &r.c, &by_coefficient[0])
    with nogil:
        for k in range(g.n):
            met = met or by_end[k] != 0.0
        for k in range(log.shape[0] - 1, -1, -1):
            t = starts[k]
            h = log[k, 1]
            t_lo = t + 1e-6 * h
            t_hi = t + (1.0 - 1e-6) * h
            if not met:
                # steps behind all that the output depends on
                for i in range(tab.stages + 1 if shape.shape[0] else 0):
                    met = met or seeds[k, i] != 0.0
                if not met and (filled or not keep):
                    continue
            if keep:
                sparse.lu = &factors[k, 0]
                sparse.inverse = sparse.lu + sparse.ptr[sparse.nu]
            if not (keep and filled and known):
                memcpy(p0.y, &states[k, 0], g.n * sizeof(double))
                bad = prepare(g, &m, &tab, &s, &p0, t, h, t_lo, t_hi)
                if bad != 0:
                    status = SINGULAR
                    break
            if known:
                for i in range(tab.stages):
                    memcpy(s.u[i], &increments[k, i * g.n], g.n * sizeof(double))
            else:
                stages(g, &m, &tab, &s, &p0, &p1, t, h, t_lo, t_hi)
            turn(&m, g, True)
            for i in range(tab.stages):
                memset(a.by_u[i], 0, g.n * sizeof(double))
                if shape.shape[0] and seeds[k, 1 + i] != 0.0:
                    ts_add(g.n, seeds[k, 1 + i], &shape[0], a.by_u[i])
            adjoint_step(g, &m, &tab, &s, &a, &r, &states[k, 0], &p0, &p1, t, h, t_lo, t_hi, &by_end[0])
            if shape.shape[0] and seeds[k, 0] != 0.0:
                ts_add(g.n, seeds[k, 0], &shape[0], &by_end[0])
            since_poll += g.nu
            if since_poll > 100000:
                since_poll = 0
                with gil:
                    try:
                        PyErr_CheckSignals()
                        if progress is not None:
                            progress(t, log[0, 0])
                    except KeyboardInterrupt:
                        status = INTERRUPTED
                if status != OK:
                    break
    return status
