"""Compiled core of thermalsat: a network's right-hand side, Jacobian and time integration on float64 arrays.

The contract is in ext/README.md. Python validates; this module re-checks lengths, fills the arrays it is given
and returns a status code.
"""
from cpython.exc cimport PyErr_CheckSignals
from libc.string cimport memset, memcpy
from libc.math cimport fabs, pow as power, isfinite
from net cimport Net, Point
from laws cimport set_forcing
from rates cimport rates, extend_temperatures
from partials cimport Sink, partials, extend_direction
from sparse cimport Sparse
from linear cimport Linear, factor, solve
from rosenbrock cimport Tableau, Step, prepare, stages, interpolate, MAX_STAGES, ts_norm

__all__ = ["Problem", "SparsePattern", "integrate"]

cdef enum:
    OK = 0
    STEP_TOO_SMALL = 1
    SINGULAR = 2
    NOT_FINITE = 3
    TOO_MANY_STEPS = 4
    INTERRUPTED = 5


cdef class Problem:
    """A bundle bound for the core: borrowed pointers, the arrays kept alive."""

    cdef Net net
    cdef list keep

    cdef const double *reals(self, values):
        cdef const double[::1] v = values.reshape(-1)
        self.keep.append(v)
        return &v[0] if v.shape[0] else NULL

    cdef const Py_ssize_t *ints(self, values):
        cdef const Py_ssize_t[::1] v = values.reshape(-1)
        self.keep.append(v)
        return &v[0] if v.shape[0] else NULL

    def __init__(self, b, groups):
        """Bind bundle b; groups = (start, pattern, sum, sf_group, ps_group, mapped) as solver.binding makes them."""
        cdef Net *g = &self.net
        cdef const unsigned char[::1] flags = b.stored
        self.keep = [b, groups, flags]
        memset(g, 0, sizeof(Net))
        g.n = b.n
        g.nb = b.nb
        g.nm = b.nm
        g.nq = b.nq
        g.ne = g.n + g.nb + g.nm
        g.nu = g.n + g.nm
        g.sigma = b.sigma
        g.stored = &flags[0] if flags.shape[0] else NULL
        g.capacity = self.reals(b.capacity)
        g.weight = self.reals(b.weight)
        g.temperature_law = self.ints(b.temperature_law)
        g.mixer_law = self.ints(b.mixer_law)
        g.boundary_forcing = self.ints(b.boundary_forcing)
        g.nf = len(b.forcing_ptr) - 1
        g.forcing_ptr = self.ints(b.forcing_ptr)
        g.forcing_knots = self.reals(b.forcing_knots)
        g.forcing_coef = self.reals(b.forcing_coef)
        g.forcing_period = self.reals(b.forcing_period)
        g.law_ptr = self.ints(b.law_ptr)
        g.law_x0 = self.reals(b.law_x0)
        g.law_dx = self.reals(b.law_dx)
        g.law_coef = self.reals(b.law_coef)
        g.wl_nT = self.ints(b.wl_nT)
        g.wl_nw = self.ints(b.wl_nw)
        g.wl_ptr = self.ints(b.wl_ptr)
        g.wl_T0 = self.reals(b.wl_T0)
        g.wl_dT = self.reals(b.wl_dT)
        g.wl_w0 = self.reals(b.wl_w0)
        g.wl_dw = self.reals(b.wl_dw)
        g.wl_coef = self.reals(b.wl_coef)
        g.n_gl = len(b.gl_a)
        g.gl_a = self.ints(b.gl_a)
        g.gl_b = self.ints(b.gl_b)
        g.gl_g = self.reals(b.gl_g)
        g.gl_flow = self.ints(b.gl_flow)
        g.n_gr = len(b.gr_a)
        g.gr_a = self.ints(b.gr_a)
        g.gr_b = self.ints(b.gr_b)
        g.gr_g = self.reals(b.gr_g)
        g.gr_flow = self.ints(b.gr_flow)
        g.n_adv = len(b.adv_from)
        g.adv_from = self.ints(b.adv_from)
        g.adv_to = self.ints(b.adv_to)
        g.adv_rate = self.reals(b.adv_rate)
        g.adv_valve = self.ints(b.adv_valve)
        g.adv_c0 = self.reals(b.adv_c0)
        g.adv_c1 = self.reals(b.adv_c1)
        g.adv_flow = self.ints(b.adv_flow)
        g.n_wall = len(b.w_a)
        g.w_a = self.ints(b.w_a)
        g.w_b = self.ints(b.w_b)
        g.w_c = self.ints(b.w_c)
        g.w_ga = self.reals(b.w_ga)
        g.w_gb = self.reals(b.w_gb)
        g.w_g = self.reals(b.w_g)
        g.w_law = self.ints(b.w_law)
        g.w_valve = self.ints(b.w_valve)
        g.w_c0 = self.reals(b.w_c0)
        g.w_c1 = self.reals(b.w_c1)
        g.w_flow = self.ints(b.w_flow)
        g.n_src = len(b.s_to)
        g.s_to = self.ints(b.s_to)
        g.s_coef = self.reals(b.s_coef)
        g.s_forcing = self.ints(b.s_forcing)
        g.s_law = self.ints(b.s_law)
        g.s_arg = self.ints(b.s_arg)
        g.s_flow = self.ints(b.s_flow)
        g.pat_ptr = self.ints(b.pat_ptr)
        g.pat_value = self.reals(b.pat_value)
        g.n_sf = len(b.sf_start)
        g.sf_pattern = self.ints(b.sf_pattern)
        g.sf_coef = self.reals(b.sf_coef)
        g.sf_other = self.ints(b.sf_other)
        g.sf_kind = self.ints(b.sf_kind)
        g.sf_flow = self.ints(b.sf_flow)
        g.n_ps = len(b.ps_start)
        g.ps_pattern = self.ints(b.ps_pattern)
        g.ps_coef = self.reals(b.ps_coef)
        g.ps_forcing = self.ints(b.ps_forcing)
        g.ps_flow = self.ints(b.ps_flow)
        start, pattern, total, sf_group, ps_group, mapped = groups
        g.n_group = len(start)
        g.grp_start = self.ints(start)
        g.grp_pattern = self.ints(pattern)
        g.grp_sum = self.reals(total)
        g.sf_group = self.ints(sf_group)
        g.ps_group = self.ints(ps_group)
        g.n_mapped = len(mapped)
        g.mapped = self.ints(mapped)
        g.n_plate = len(b.pl_start)
        g.pl_start = self.ints(b.pl_start)
        g.pl_nx = self.ints(b.pl_nx)
        g.pl_ny = self.ints(b.pl_ny)
        g.pl_gx_ptr = self.ints(b.pl_gx_ptr)
        g.pl_gx = self.reals(b.pl_gx)
        g.pl_gy_ptr = self.ints(b.pl_gy_ptr)
        g.pl_gy = self.reals(b.pl_gy)
        g.n_channel = len(b.ch_plate)
        g.ch_plate = self.ints(b.ch_plate)
        g.ch_start = self.ints(b.ch_start)
        g.ch_n = self.ints(b.ch_n)
        g.ch_dir = self.ints(b.ch_dir)
        g.ch_wall = self.ints(b.ch_wall)
        g.ch_adv = self.ints(b.ch_adv)
        g.ch_row = self.ints(b.ch_row)
        g.ch_kind = self.ints(b.ch_kind)
        g.n_valve = len(b.v_state)
        g.v_state = self.ints(b.v_state)
        g.v_sensor = self.ints(b.v_sensor)
        g.v_law = self.ints(b.v_law)
        g.n_battery = len(b.bt_soe)
        g.bt_soe = self.ints(b.bt_soe)
        g.bt_heat = self.ints(b.bt_heat)
        g.bt_eta_c = self.reals(b.bt_eta_c)
        g.bt_eta_d = self.reals(b.bt_eta_d)
        g.bt_pmax = self.reals(b.bt_pmax)
        g.bt_taper = self.ints(b.bt_taper)
        g.bt_flow_loss = self.ints(b.bt_flow_loss)
        g.bt_flow_curtail = self.ints(b.bt_flow_curtail)
        g.bt_flow_charge = self.ints(b.bt_flow_charge)
        g.bt_flow_discharge = self.ints(b.bt_flow_discharge)
        g.cu_ptr = self.ints(b.cu_ptr)
        g.cu_to = self.ints(b.cu_to)
        g.cu_share = self.reals(b.cu_share)

    def point_size(self):
        """Length of the scratch array one evaluation needs."""
        return point_size(&self.net)

    def rates(self, double t, double t_lo, double t_hi, const double[::1] y, double[::1] F, double[::1] flow,
              double[::1] scratch):
        """Fill F [n] and flow [nq] at (t, y); forcing pieces are looked up within [t_lo, t_hi]."""
        cdef Point p
        cdef double *rest
        check(y.shape[0] == self.net.n and F.shape[0] == self.net.n and flow.shape[0] == self.net.nq
              and scratch.shape[0] >= point_size(&self.net))
        with nogil:
            rest = lay_out(&self.net, &p, &scratch[0])
            memcpy(p.y, &y[0], self.net.n * sizeof(double))
            set_forcing(&self.net, &p, t, t_lo, t_hi)
            rates(&self.net, &p, &F[0], &flow[0] if flow.shape[0] else NULL, rest)

    def derived(self, double t, double t_lo, double t_hi, const double[::1] y, double[::1] values,
                double[::1] temperatures, double[::1] scratch):
        """Fill the extended values and temperatures [n + boundaries + mixers] at (t, y)."""
        cdef Point p
        cdef double *rest
        cdef Net *g = &self.net
        check(y.shape[0] == g.n and values.shape[0] == g.ne and temperatures.shape[0] == g.ne
              and scratch.shape[0] >= point_size(g))
        rest = lay_out(g, &p, &scratch[0])
        memcpy(p.y, &y[0], g.n * sizeof(double))
        set_forcing(g, &p, t, t_lo, t_hi)
        extend_temperatures(g, &p)
        memcpy(&values[0], p.y, g.ne * sizeof(double))
        memcpy(&temperatures[0], p.temp, g.ne * sizeof(double))

    def pattern(self, double[::1] scratch, Py_ssize_t[::1] row=None, Py_ssize_t[::1] col=None):
        """Number of Jacobian entries; with row and col given, fill them (unknowns, then mixers)."""
        cdef Sink sink
        cdef Point p
        lay_out(&self.net, &p, &scratch[0])
        memset(&sink, 0, sizeof(Sink))
        if row is not None:
            sink.row = &row[0]
            sink.col = &col[0]
        partials(&self.net, &p, &sink, 0.0)
        return sink.k

    def jacobian(self, double t, double t_lo, double t_hi, const double[::1] y, double[::1] values, double[::1] F,
                 double[::1] flow, double[::1] scratch):
        """Fill the values of the pattern's entries: dF/dy, and each mixer's balance as a row of its own."""
        cdef Sink sink
        cdef Point p
        cdef double *rest
        check(y.shape[0] == self.net.n and F.shape[0] == self.net.n and flow.shape[0] == self.net.nq)
        rest = lay_out(&self.net, &p, &scratch[0])
        memcpy(p.y, &y[0], self.net.n * sizeof(double))
        set_forcing(&self.net, &p, t, t_lo, t_hi)
        rates(&self.net, &p, &F[0], &flow[0] if flow.shape[0] else NULL, rest)
        memset(&sink, 0, sizeof(Sink))
        sink.value = &values[0]
        partials(&self.net, &p, &sink, 0.0)

    def tangent(self, double t, double t_lo, double t_hi, const double[::1] y, const double[::1] dy, double dt_factor,
                double[::1] dF, double[::1] dflow, double[::1] scratch):
        """Fill the derivatives of F and of the flows along (dy, dt_factor d/dt)."""
        cdef Sink sink
        cdef Point p
        cdef double *rest
        cdef Net *g = &self.net
        check(y.shape[0] == g.n and dy.shape[0] == g.n and dF.shape[0] == g.n and dflow.shape[0] == g.nq)
        rest = lay_out(g, &p, &scratch[0])
        memcpy(p.y, &y[0], g.n * sizeof(double))
        set_forcing(g, &p, t, t_lo, t_hi)
        rates(g, &p, &dF[0], &dflow[0] if g.nq else NULL, rest)
        memcpy(p.dy, &dy[0], g.n * sizeof(double))
        extend_direction(g, &p, dt_factor)
        memset(&sink, 0, sizeof(Sink))
        memset(&dF[0], 0, g.n * sizeof(double))
        sink.out = &dF[0]
        sink.sums = rest
        if g.nq:
            memset(&dflow[0], 0, g.nq * sizeof(double))
            sink.flow = &dflow[0]
        partials(g, &p, &sink, dt_factor)


cdef class SparsePattern:
    """The fixed pattern of L and U, found once by solver.ordering."""

    cdef Sparse m
    cdef list keep

    def __init__(self, const Py_ssize_t[::1] perm, const Py_ssize_t[::1] ptr, const Py_ssize_t[::1] col,
                 const Py_ssize_t[::1] diag, const Py_ssize_t[::1] slot, double[::1] work):
        self.keep = [perm, ptr, col, diag, slot, work]
        self.m.nu = perm.shape[0]
        self.m.perm = &perm[0]
        self.m.ptr = &ptr[0]
        self.m.col = &col[0]
        self.m.diag = &diag[0]
        self.m.entries = slot.shape[0]
        self.m.slot = &slot[0] if slot.shape[0] else NULL
        check(work.shape[0] >= self.m.entries + col.shape[0] + 2 * self.m.nu)
        self.m.value = &work[0]
        self.m.lu = self.m.value + self.m.entries
        self.m.work = self.m.lu + col.shape[0]
        self.m.inverse = self.m.work + self.m.nu

    def solve(self, Problem problem, double t, double t_lo, double t_hi, const double[::1] y, double shift,
              double[::1] r, double[::1] u, double[::1] F, double[::1] flow, double[::1] scratch):
        """u = (shift C - J)^-1 r at (t, y); F and the flows there are filled too. Returns 0 or 1 + the bad row."""
        cdef Point p
        cdef Linear m
        cdef double *rest
        cdef Py_ssize_t bad
        cdef Net *g = &problem.net
        check(r.shape[0] == g.nu and u.shape[0] == g.nu and y.shape[0] == g.n)
        m.sparse = &self.m
        with nogil:
            rest = lay_out(g, &p, &scratch[0])
            memcpy(p.y, &y[0], g.n * sizeof(double))
            set_forcing(g, &p, t, t_lo, t_hi)
            rates(g, &p, &F[0], &flow[0] if g.nq else NULL, rest)
            bad = factor(&m, g, &p, shift)
            if bad == 0:
                solve(&m, g, &r[0], &u[0])
        return bad


cdef int check(bint condition) except -1:
    if not condition:
        raise ValueError("an array has the wrong length")
    return 0


cdef Py_ssize_t point_size(const Net *g) noexcept nogil:
    return (4 if g.n_mapped else 2) * g.ne + 2 * g.nf + 5 * g.n_group + 2 * g.n_battery


cdef double *lay_out(const Net *g, Point *p, double *at) noexcept nogil:
    # places a point's arrays in scratch; returns the [2 n_group] scratch behind them
    p.y = at
    at += g.ne
    p.dy = at
    at += g.ne
    p.temp = p.y
    p.slope = NULL
    if g.n_mapped:
        p.temp = at
        at += g.ne
        p.slope = at
        at += g.ne
    p.value = at
    at += g.nf
    p.rate = at
    at += g.nf
    p.group = at
    at += 3 * g.n_group
    p.bus = at
    at += g.n_battery
    p.dbus = at
    at += g.n_battery
    return at


def step_size_in_doubles(Problem problem, int n_stages):
    """Length of the work array that integrate() needs."""
    cdef const Net *g = &problem.net
    return 2 * point_size(g) + (n_stages + 1) * g.ne + n_stages * g.nq + 2 * g.nu + 4 * g.n + 4 * g.nq \
        + 2 * g.n_group


cdef double *take(double **at, Py_ssize_t count) noexcept nogil:
    cdef double *here = at[0]
    at[0] += count
    return here


cdef double next_size(double h, double norm, int order) noexcept nogil:
    # the step whose error estimate would be just inside the tolerance
    cdef double factor = 6.0 if norm <= 0.0 else 0.9 * power(norm, -1.0 / (order + 1))
    return h * min(6.0, max(0.2, factor))


def integrate(Problem problem, SparsePattern pattern, tableau, int embedded_order, double[::1] y, double t0, double t1,
              const double[::1] breaks, double tolerance, double h_first, double h_restart, Py_ssize_t max_steps,
              const double[::1] times, double[:, ::1] samples, double[::1] ledger, double[::1] throughput,
              double[::1] estimate, double[:, ::1] log, bint replay, double[::1] info, double[::1] work,
              progress=None):
    """Integrate C y' = F from t0 to t1, landing on every entry of breaks.

    In: the tableau (gamma, alpha, gamma_sum, a, c, m, e, dense, stiffly_accurate), the local tolerance in
    kelvin, the first step and the step after a break, sample times (ascending).
    In and out: y [n]. With replay, log [k, 2] gives the steps (t, h) to take without error control.
    Out: samples [times, n], ledger [nq] (J, added to), throughput [nq] (J, absolute, added to), estimate [n]
    (the propagated error in units of y, signed, carried on; length 0: not wanted), log (steps taken, when it has
    rows), info [8] = time reached, next step, largest weighted estimate, its index, steps taken, rejected,
    samples filled, first bad row.
    Returns a status code.
    """
    cdef Net *g = &problem.net
    cdef Linear m
    cdef Tableau tab
    cdef Step s
    cdef Point p0, p1
    cdef double *at
    cdef double *zero
    cdef double *scaled
    cdef double t = t0, h, h_want = h_first, h_try, t_end, norm, worst = 0.0, d, w, room
    cdef Py_ssize_t i, k, n_break = 0, n_sample = 0, taken = 0, rejected = 0, bad = 0, where = 0, q
    cdef Py_ssize_t since_poll = 0
    cdef int status = OK, j
    cdef bint at_break, want_estimate = estimate.shape[0] > 0, fresh = True
    cdef const double[::1] alpha = tableau[1], gamma_sum = tableau[2], a = tableau[3], c = tableau[4]
    cdef const double[::1] mm = tableau[5], e = tableau[6], dense = tableau[7]
    tab.gamma = tableau[0]
    tab.stiffly_accurate = tableau[8]
    tab.stages = alpha.shape[0]
    tab.alpha = &alpha[0]
    tab.gamma_sum = &gamma_sum[0]
    tab.a = &a[0]
    tab.c = &c[0]
    tab.m = &mm[0]
    tab.e = &e[0]
    tab.dense_rows = dense.shape[0] // tab.stages
    tab.dense = &dense[0] if dense.shape[0] else NULL
    check(tab.stages <= MAX_STAGES and y.shape[0] == g.n and ledger.shape[0] == g.nq and throughput.shape[0] == g.nq)
    check(work.shape[0] >= step_size_in_doubles(problem, tab.stages) and info.shape[0] >= 8)
    check(samples.shape[0] >= times.shape[0] and (times.shape[0] == 0 or samples.shape[1] == g.n))
    check(not want_estimate or estimate.shape[0] == g.n)
    m.sparse = &pattern.m
    at = &work[0]
    lay_out(g, &p0, take(&at, point_size(g)))
    lay_out(g, &p1, take(&at, point_size(g)))
    for j in range(tab.stages):
        s.u[j] = take(&at, g.ne)
    zero = take(&at, g.ne)
    s.flow_u = take(&at, tab.stages * g.nq)
    s.F = take(&at, g.nu)
    s.r = take(&at, g.nu)
    s.Ft = take(&at, g.n)
    s.y1 = take(&at, g.n)
    s.error = take(&at, g.n)
    scaled = take(&at, g.n)
    s.flow = take(&at, g.nq)
    s.flow_t = take(&at, g.nq)
    s.dflow = take(&at, g.nq)
    s.flow1 = take(&at, g.nq)
    s.sums = take(&at, 2 * g.n_group)
    memcpy(p0.y, &y[0], g.n * sizeof(double))
    with nogil:
        while n_sample < times.shape[0] and times[n_sample] <= t0:
            memcpy(&samples[n_sample, 0], p0.y, g.n * sizeof(double))
            n_sample += 1
        while n_break < breaks.shape[0] and breaks[n_break] <= t0:
            n_break += 1
        while t < t1 if not replay else taken < log.shape[0]:
            if taken + rejected >= max_steps:
                status = TOO_MANY_STEPS
                break
            if replay:
                h = log[taken, 1]
                t_end = t + h
                at_break = False
            else:
                t_end = t1
                at_break = False
                if n_break < breaks.shape[0] and breaks[n_break] < t1:
                    t_end = breaks[n_break]
                    at_break = True
                room = t_end - t
                h = h_want
                if h >= room * (1.0 - 1e-10):
                    h = room
                else:
                    if h > 0.5 * room:
                        h = 0.5 * room
                    t_end = t + h
                    at_break = False
                    h = t_end - t
                if not h > 1e-14 * max(fabs(t), fabs(t_end)) or h <= 0.0:
                    status = STEP_TOO_SMALL
                    break
            bad = prepare(g, &m, &tab, &s, &p0, t, h, t + 1e-6 * h, t + (1.0 - 1e-6) * h, zero)
            if bad != 0:
                norm = 1e30
            else:
                stages(g, &m, &tab, &s, &p0, &p1, t, h, t + 1e-6 * h, t + (1.0 - 1e-6) * h)
                norm = ts_norm(g.n, g.weight, s.error) / tolerance
                if not isfinite(norm):
                    norm = 1e30
            since_poll += g.nu
            if since_poll > 400000:
                since_poll = 0
                with gil:
                    try:
                        PyErr_CheckSignals()
                        if progress is not None:
                            progress(t, t1)
                    except KeyboardInterrupt:
                        status = INTERRUPTED
                if status != OK:
                    break
            if not replay and norm > 1.0:
                rejected += 1
                h_want = next_size(h, norm, embedded_order)
                if h_want < 1e-9 and norm >= 1e29:
                    status = SINGULAR if bad != 0 else NOT_FINITE
                    break
                continue
            if norm >= 1e29:
                status = SINGULAR if bad != 0 else NOT_FINITE
                break
            # accepted
            while n_sample < times.shape[0] and times[n_sample] <= t_end:
                if times[n_sample] == t_end:
                    memcpy(&samples[n_sample, 0], s.y1, g.n * sizeof(double))
                else:
                    interpolate(g, &tab, &s, p0.y, (times[n_sample] - t) / h, &samples[n_sample, 0])
                n_sample += 1
            if want_estimate:
                for i in range(g.n):
                    scaled[i] = estimate[i] * g.capacity[i] / (h * tab.gamma)
                memcpy(s.r, scaled, g.n * sizeof(double))
                memset(s.r + g.n, 0, g.nm * sizeof(double))
                solve(&m, g, s.r, s.u[0])
                for i in range(g.n):
                    estimate[i] = s.u[0][i] + s.error[i]
                    d = fabs(estimate[i]) * g.weight[i]
                    if d > worst:
                        worst = d
                        where = i
            for q in range(g.nq):
                ledger[q] += s.flow1[q]
                throughput[q] += fabs(s.flow1[q])
            if not replay and taken < log.shape[0]:
                log[taken, 0] = t
                log[taken, 1] = h
            memcpy(p0.y, s.y1, g.n * sizeof(double))
            taken += 1
            t = t_end
            if not replay:
                h_try = next_size(h, norm, embedded_order)
                if at_break:
                    n_break += 1
                    h_want = h_restart if h_restart < max(h_try, h_want) else max(h_try, h_want)
                elif h >= 0.49 * h_want or h_try < h_want:
                    h_want = h_try
    memcpy(&y[0], p0.y, g.n * sizeof(double))
    info[0] = t
    info[1] = h_want
    info[2] = worst
    info[3] = where
    info[4] = taken
    info[5] = rejected
    info[6] = n_sample
    info[7] = bad
    return status
