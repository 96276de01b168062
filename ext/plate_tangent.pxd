# Derivatives of the fast path's rates and flows: along a direction, in time, along the end of a step.
from libc.string cimport memset
from net cimport Net, Point, slope
from rates cimport add_flow, group_part, no_emission, part, ts_plate_rates
from partials cimport (Sink, put, put_flow, link_partials, power_partials, surface_partials, extend_direction,
                       ts_group_tangent)
from plate cimport (Fast, strip_cell, strip_size, tube_rate, upstream_gap, ts_star_product, ts_star_tangent,
                    ts_stream_rates)


cdef inline void fast_product(const Net *g, Fast *f, Point *p, Sink *s) noexcept nogil:
    # s.out = J p.dy at the factorised point; boundaries and mixers of p.dy are set
    cdef Py_ssize_t k, t, c, a, b, v, i, start, nx
    cdef double r, d
    cdef double *F = s.out
    memset(F, 0, g.n * sizeof(double))
    for k in range(g.n_plate):
        ts_plate_rates(g.pl_nx[k], g.pl_ny[k], 0, g.pl_ny[k], g.pl_gx + g.pl_gx_ptr[k], g.pl_gy + g.pl_gy_ptr[k],
                       <int> g.pl_even[k], p.dy + g.pl_start[k], F + g.pl_start[k])
    surface_partials(g, p, s, 0.0)
    for t in range(f.n_tube):
        c = f.tube_channel[t]
        k = g.ch_wall[c]
        nx = g.ch_n[c]
        start = g.ch_start[c]
        a = g.w_a[k]
        b = g.w_b[k]
        v = g.w_valve[k] if f.any_law else -1
        d = p.dy[g.v_state[v]] if v >= 0 else 0.0
        ts_star_product(nx, g.w_ga + k, g.w_gb + k, f.g + f.tube_at[t], f.gc + f.tube_at[t],
                        f.gv + f.tube_at[t] if v >= 0 else NULL, d, p.dy + a, p.dy + b if b >= 0 else NULL,
                        p.dy + start, F + a, F + b if b >= 0 else NULL, F + start)
        k = g.ch_adv[c]
        ts_stream_rates(nx, <int> g.ch_dir[c], f.rate[t], p.dy[f.tube_inlet[t]], p.dy + start, F + start)
        v = g.adv_valve[k]
        if v >= 0:
            r = g.adv_rate[k] * g.adv_c1[k] * p.dy[g.v_state[v]]
            for i in range(nx):
                F[start + i] += r * upstream_gap(g, f, p, t, i)
    link_partials(&f.loose, p, s)
    power_partials(&f.loose, p, s, 0.0)


cdef inline void group_time_tangent(const Net *g, Point *p, Sink *s) noexcept nogil:
    cdef Py_ssize_t k, o
    cdef double q, to
    memset(p.group_rate, 0, g.n_group * sizeof(double))
    for k in range(g.n_sf):
        o = g.sf_other[k]
        q = g.sf_coef[k] * slope(p, o) * p.dy[o]
        if g.sf_kind[k] == 1:
            to = p.temp[o]
            q *= 4.0 * g.sigma * (to * to * to)
        p.group_rate[g.sf_group[k]] += q
        q *= g.grp_sum[g.sf_group[k]]
        add_flow(s.flow, g.sf_flow[k], -q)
        if o < g.n:
            s.out[o] -= q
    for k in range(g.n_ps):
        if g.ps_forcing[k] >= 0:
            q = g.ps_coef[k] * p.rate[g.ps_forcing[k]]
            p.group_rate[g.ps_group[k]] += q
            add_flow(s.flow, g.ps_flow[k], q * g.grp_sum[g.ps_group[k]])


cdef inline void fast_time_tangent(const Net *g, Fast *f, Point *p, Sink *s) noexcept nogil:
    # dF/dt and the flows' time derivatives, plate cells' as rates of their groups but for loose cells; only time moves,
    # so that p.dy is needed outside plates and in loose cells
    cdef Py_ssize_t t, c, k
    cdef double q
    for k in range(f.n_run):
        memset(p.dy + f.run_first[k], 0, f.run_count[k] * sizeof(double))
        memset(s.out + f.run_first[k], 0, f.run_count[k] * sizeof(double))
    for k in range(f.n_loose_cell):
        p.dy[f.loose_cells[k]] = s.out[f.loose_cells[k]] = 0.0
    extend_direction(&f.loose, p, 1.0)
    group_time_tangent(g, p, s)
    link_partials(&f.loose, p, s)
    power_partials(&f.loose, p, s, 1.0)
    for t in range(f.n_tube):
        c = f.tube_channel[t]
        k = g.ch_adv[c]
        q = tube_rate(g, f, p, t)
        put(g, p, s, g.ch_start[c] + (0 if g.ch_dir[c] > 0 else g.ch_n[c] - 1), f.tube_inlet[t], q)
        put_flow(p, s, g.adv_flow[k], f.tube_inlet[t], q)


cdef inline void strip_flow_tangent(const Net *g, const Fast *f, const Point *p, Py_ssize_t strip, const double *u,
                                    Sink *s) noexcept nogil:
    # what a strip's cells, whose direction is u, bring to flows: sums of groups, tube walls
    cdef Py_ssize_t m, t, c, k, at, v, lo, count, cell = strip_cell(g, f, strip), end = cell + strip_size(g, f, strip)
    cdef Py_ssize_t nx = g.pl_nx[f.strip_plate[strip]]
    cdef double d
    cdef double part_sums[2]
    for m in range(g.n_group):
        count = group_part(g, m, cell, end, &lo)
        if count > 0 and not no_emission(p, m):
            ts_group_tangent(count, part(g, m, lo - g.grp_start[m]), g.pat_value[g.pat_ptr[g.grp_pattern[m]]],
                             p.temp + lo, u + lo - cell, 0.0, 0.0, NULL, part_sums)
            s.sums[2 * m] += part_sums[0]
            s.sums[2 * m + 1] += part_sums[1]
    for t in range(f.strip_tube[strip], f.strip_tube[strip + 1]):
        c = f.tube_channel[t]
        k = g.ch_wall[c]
        at = f.tube_at[t]
        if g.w_flow[k] >= 0:
            v = g.w_valve[k] if f.any_law and g.w_law[k] >= 0 else -1
            d = p.dy[g.v_state[v]] if v >= 0 else 0.0
            s.flow[g.w_flow[k]] += ts_star_tangent(nx, g.w_ga + k, g.w_gb + k, f.g + at, f.gc + at,
                                                   f.gv + at if v >= 0 else NULL, d, u + g.w_a[k] - cell,
                                                   u + g.w_b[k] - cell if g.w_b[k] >= 0 else NULL,
                                                   p.dy + g.ch_start[c])


cdef inline void end_flow_tangent(const Net *g, Fast *f, Point *p, Sink *s) noexcept nogil:
    # from the groups' sums; streams, all that is loose
    cdef Py_ssize_t t, c, k, m, o, last, v
    cdef double q, to
    for k in range(g.n_sf):
        m = g.sf_group[k]
        o = g.sf_other[k]
        to = p.temp[o]
        if g.sf_kind[k] == 0:
            q = g.sf_coef[k] * (s.sums[2 * m] - slope(p, o) * g.grp_sum[m] * p.dy[o])
        else:
            q = g.sigma * g.sf_coef[k] * (s.sums[2 * m + 1] - 4.0 * (to * to * to) * slope(p, o) * g.grp_sum[m] * p.dy[o])
        add_flow(s.flow, g.sf_flow[k], q)
    for t in range(f.n_tube):
        c = f.tube_channel[t]
        k = g.ch_adv[c]
        if g.adv_flow[k] >= 0:
            last = g.ch_start[c] + (g.ch_n[c] - 1 if g.ch_dir[c] > 0 else 0)
            q = f.rate[t] * (p.dy[f.tube_inlet[t]] - p.dy[last])
            v = g.adv_valve[k]
            if v >= 0:
                q += g.adv_rate[k] * g.adv_c1[k] * (p.y[f.tube_inlet[t]] - p.y[last]) * p.dy[g.v_state[v]]
            s.flow[g.adv_flow[k]] += q
    link_partials(&f.loose, p, s)
    power_partials(&f.loose, p, s, 0.0)
