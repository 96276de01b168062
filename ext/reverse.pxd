# Derivatives of v . F + v_flow . flow by every value and every coefficient at once: the rates walked backwards.
# Elements are those of rates.pxd; with a given weight of what enters and leaves, each adds its own share.
from libc.string cimport memset
from net cimport Net, Point, Reals, Ints
from laws cimport law, wall_law
from rates cimport Star, Battery, star, battery, source, valve_factor, extend_temperatures


cdef extern from "kernels.h" nogil:
    void ts_plate_rates(ptrdiff_t nx, ptrdiff_t ny, ptrdiff_t first, ptrdiff_t last, const double *gx,
                        const double *gy, int even, const double *T, double *F)
    void ts_add(ptrdiff_t n, double a, const double *x, double *y)

cdef extern from "reverse.h" nogil:
    double ts_group_reverse(ptrdiff_t n, const double *p, const double *s, const double *T, const double *v, double *out)
    void ts_group_moments(ptrdiff_t n, const double *p, const double *T, const double *v, double *sums)
    void ts_link_reverse(ptrdiff_t n, ptrdiff_t step, double scale, const double *v, const double *T, double *by_g)
    void ts_add_product(ptrdiff_t n, double c, const double *a, const double *b, double *out)

cdef enum:
    GROUP_SUMS = 9


ctypedef struct Coefficients:
    # derivatives by the bundle's coefficient arrays, one after the other in this order
    double *gl
    double *gr
    double *adv
    double *wall
    double *wall_a
    double *wall_b
    double *src
    double *sf
    double *ps
    double *gx
    double *gy
    double *capacity
    double *boundary         # by an offset of the boundary's value


ctypedef struct Reverse:
    const double *v          # [n] weights of F
    const double *v_flow     # [nq] weights of the flows; NULL: none
    bint linear_too          # False: only what differs from point to point
    double *by_temp          # [ne]
    double *by_value         # [ne]
    double *bus              # [n_battery]
    double *sums             # [GROUP_SUMS n_group]
    Coefficients c
    bint by_coefficient      # whether c is wanted
    bint along               # whether conduction along x is, in c
    Ints adv_of              # where the streams of a part of the network lie in c; NULL: as they are numbered


cdef inline Py_ssize_t plate_links(const Net *g, bint across) noexcept nogil:
    if g.n_plate == 0:
        return 0
    return g.pl_gy_ptr[g.n_plate] if across else g.pl_gx_ptr[g.n_plate]


cdef inline Py_ssize_t lay_out_coefficients(const Net *g, Coefficients *c, double *at) noexcept nogil:
    # places the arrays behind each other; returns their length together
    cdef double *first = at
    c.gl = at
    at += g.n_gl
    c.gr = at
    at += g.n_gr
    c.adv = at
    at += g.n_adv
    c.wall = at
    at += g.n_wall
    c.wall_a = at
    at += g.n_wall
    c.wall_b = at
    at += g.n_wall
    c.src = at
    at += g.n_src
    c.sf = at
    at += g.n_sf
    c.ps = at
    at += g.n_ps
    c.gx = at
    at += plate_links(g, False)
    c.gy = at
    at += plate_links(g, True)
    c.capacity = at
    at += g.n
    c.boundary = at
    at += g.nb
    return at - first


cdef inline double weight(const Net *g, const Reverse *r, Py_ssize_t e) noexcept nogil:
    return r.v[e] if 0 <= e < g.n else 0.0


cdef inline double flow_weight(const Reverse *r, Py_ssize_t q) noexcept nogil:
    return r.v_flow[q] if r.v_flow != NULL and q >= 0 else 0.0


cdef inline Py_ssize_t stream(const Reverse *r, Py_ssize_t k) noexcept nogil:
    return r.adv_of[k] if r.adv_of != NULL else k


cdef inline void plate_reverse(const Net *g, const Point *p, Reverse *r, double scale, bint mapped) noexcept nogil:
    # conduction is symmetric: its transpose is itself, on the weights. mapped: cells may store heat by a law
    cdef Py_ssize_t k, j, a, nx, ny
    if not r.linear_too and not mapped:
        return
    for k in range(g.n_plate):
        nx = g.pl_nx[k]
        ny = g.pl_ny[k]
        a = g.pl_start[k]
        ts_plate_rates(nx, ny, 0, ny, g.pl_gx + g.pl_gx_ptr[k], g.pl_gy + g.pl_gy_ptr[k], <int> g.pl_even[k],
                       r.v + a, r.by_temp + a)
        if not r.by_coefficient:
            continue
        if r.along:
            for j in range(ny):
                ts_link_reverse(nx - 1, 1, scale, r.v + a + j * nx, p.temp + a + j * nx,
                                r.c.gx + g.pl_gx_ptr[k] + j * (nx - 1))
        ts_link_reverse((ny - 1) * nx, nx, scale, r.v + a, p.temp + a, r.c.gy + g.pl_gy_ptr[k])


cdef inline void surface_reverse(const Net *g, const Point *p, Reverse *r, double scale) noexcept nogil:
    # with s_i = w - v_i, w the weight of what leaves cell i: one pass over the cells of each group serves all
    cdef Py_ssize_t k, m, count, o
    cdef const double *pat
    cdef const double *v
    cdef const double *t
    cdef double *s
    cdef double w, c, to, tc, q
    memset(r.sums, 0, GROUP_SUMS * g.n_group * sizeof(double))
    for k in range(g.n_sf):
        s = r.sums + GROUP_SUMS * g.sf_group[k]
        w = weight(g, r, g.sf_other[k]) + flow_weight(r, g.sf_flow[k])
        if g.sf_kind[k] == 0:
            s[0] += g.sf_coef[k] * w
            s[1] += g.sf_coef[k]
        else:
            s[2] += 4.0 * g.sigma * g.sf_coef[k] * w
            s[3] += 4.0 * g.sigma * g.sf_coef[k]
    for m in range(g.n_group):
        s = r.sums + GROUP_SUMS * m
        pat = g.pat_value + g.pat_ptr[g.grp_pattern[m]]
        count = g.pat_ptr[g.grp_pattern[m] + 1] - g.pat_ptr[g.grp_pattern[m]]
        v = r.v + g.grp_start[m]
        t = p.temp + g.grp_start[m]
        s[4] = ts_group_reverse(count, pat, s, t, v, r.by_temp + g.grp_start[m])
        if r.by_coefficient:
            ts_group_moments(count, pat, t, v, s + 5)
    for k in range(g.n_sf):
        m = g.sf_group[k]
        s = r.sums + GROUP_SUMS * m
        o = g.sf_other[k]
        to = p.temp[o]
        w = weight(g, r, o) + flow_weight(r, g.sf_flow[k])
        c = g.sf_coef[k]
        q = w * g.grp_sum[m] - s[4]
        if g.sf_kind[k] == 0:
            r.by_temp[o] -= c * q
            if r.by_coefficient:
                r.c.sf[k] += scale * (w * s[5] - s[6] - to * q)
        else:
            tc = to * to * to
            r.by_temp[o] -= 4.0 * g.sigma * c * tc * q
            if r.by_coefficient:
                r.c.sf[k] += scale * g.sigma * (w * s[7] - s[8] - to * tc * q)
    if r.by_coefficient:
        for k in range(g.n_ps):
            m = g.ps_group[k]
            c = p.value[g.ps_forcing[k]] if g.ps_forcing[k] >= 0 else 1.0
            r.c.ps[k] += scale * c * (r.sums[GROUP_SUMS * m + 4] + flow_weight(r, g.ps_flow[k]) * g.grp_sum[m])


cdef inline void link_reverse(const Net *g, const Point *p, Reverse *r, double scale) noexcept nogil:
    # what is linear may still weigh a mixer, whose shares change
    cdef Py_ssize_t k, a, b, v, mixers = g.n + g.nb
    cdef double s, d, f, ta, tb
    cdef bint straight = r.linear_too or g.n_mapped > 0
    for k in range(g.n_gl):
        a = g.gl_a[k]
        b = g.gl_b[k]
        if not straight and a < mixers and b < mixers:
            continue
        s = weight(g, r, b) - weight(g, r, a) + flow_weight(r, g.gl_flow[k])
        d = s * g.gl_g[k]
        r.by_temp[a] += d
        r.by_temp[b] -= d
        if r.by_coefficient:
            r.c.gl[k] += scale * s * (p.temp[a] - p.temp[b])
    for k in range(g.n_gr):
        a = g.gr_a[k]
        b = g.gr_b[k]
        s = g.sigma * (weight(g, r, b) - weight(g, r, a) + flow_weight(r, g.gr_flow[k]))
        ta = p.temp[a] * p.temp[a]
        tb = p.temp[b] * p.temp[b]
        d = 4.0 * s * g.gr_g[k]
        r.by_temp[a] += d * ta * p.temp[a]
        r.by_temp[b] -= d * tb * p.temp[b]
        if r.by_coefficient:
            r.c.gr[k] += scale * s * (ta * ta - tb * tb)
    for k in range(g.n_adv):
        b = g.adv_to[k]
        if b >= g.n:
            continue
        a = g.adv_from[k]
        v = g.adv_valve[k]
        if v < 0 and not r.linear_too and a < mixers:
            continue
        s = r.v[b] + flow_weight(r, g.adv_flow[k])
        f = valve_factor(g, p, v, g.adv_c0[k], g.adv_c1[k])
        d = s * g.adv_rate[k]
        r.by_value[a] += d * f
        r.by_value[b] -= d * f
        if v >= 0:
            r.by_value[g.v_state[v]] += d * g.adv_c1[k] * (p.y[a] - p.y[b])
        if r.by_coefficient:
            r.c.adv[stream(r, k)] += scale * s * f * (p.y[a] - p.y[b])


cdef inline double film(const Net *g, const Point *p, Py_ssize_t k) noexcept nogil:
    # derivative of a wall's conductance to the coolant by w_g
    cdef double d_temp, d_flow
    if g.w_law[k] < 0:
        return 1.0
    return wall_law(g, g.w_law[k], p.temp[g.w_c[k]], valve_factor(g, p, g.w_valve[k], g.w_c0[k], g.w_c1[k]),
                    &d_temp, &d_flow)


cdef inline void wall_reverse(const Net *g, const Point *p, Reverse *r, double scale, Py_ssize_t first,
                              Py_ssize_t count) noexcept nogil:
    # q_a = ga (T_a - T_w) weighs sa, q_b weighs sb; T_w depends on the temperatures, on ga, gb and G
    cdef Py_ssize_t k, a, b, c
    cdef double sa, sb, m, by_g, gap
    cdef Star w
    for k in range(first, first + count):
        if g.w_law[k] < 0 and g.n_mapped == 0 and not r.linear_too:
            continue
        w = star(g, p, k)
        a = g.w_a[k]
        b = g.w_b[k]
        c = g.w_c[k]
        sa = r.v[c] - r.v[a] + flow_weight(r, g.w_flow[k])
        if w.total == 0.0:
            gap = p.temp[a] - p.temp[c]
            by_g = sa * gap
            r.by_temp[a] += sa * w.g
            r.by_temp[c] -= sa * w.g
        else:
            sb = r.v[c] - r.v[b] + flow_weight(r, g.w_flow[k]) if b >= 0 else 0.0
            m = (sa * g.w_ga[k] + sb * g.w_gb[k]) / w.total
            by_g = -m * (p.temp[c] - w.wall)
            r.by_temp[a] += (sa - m) * g.w_ga[k]
            if b >= 0:
                r.by_temp[b] += (sb - m) * g.w_gb[k]
            r.by_temp[c] -= m * w.g
            if r.by_coefficient:
                r.c.wall_a[k] += scale * (sa - m) * (p.temp[a] - w.wall)
                if b >= 0:
                    r.c.wall_b[k] += scale * (sb - m) * (p.temp[b] - w.wall)
        r.by_temp[c] += by_g * w.g_temp
        if g.w_law[k] >= 0 and g.w_valve[k] >= 0:
            r.by_value[g.v_state[g.w_valve[k]]] += by_g * w.g_flow
        if r.by_coefficient:
            r.c.wall[k] += scale * by_g * film(g, p, k)


cdef inline void power_reverse(const Net *g, Point *p, Reverse *r, double scale) noexcept nogil:
    cdef Py_ssize_t k, j
    cdef double s, f, v, d, heat, spare, by_charge, by_discharge
    cdef Battery b
    for k in range(g.n_battery):
        p.bus[k] = 0.0
    for k in range(g.n_src):
        if g.s_to[k] < 0:
            p.bus[-1 - g.s_to[k]] += source(g, p, k)
    for k in range(g.n_battery):
        b = battery(g, p, k)
        heat = weight(g, r, g.bt_heat[k]) + flow_weight(r, g.bt_flow_loss[k])
        spare = flow_weight(r, g.bt_flow_curtail[k])
        for j in range(g.cu_ptr[k], g.cu_ptr[k + 1]):
            spare += g.cu_share[j] * r.v[g.cu_to[j]]
        by_charge = r.v[g.bt_soe[k]] * g.bt_eta_c[k] + heat * (1.0 - g.bt_eta_c[k]) - spare \
            + flow_weight(r, g.bt_flow_charge[k])
        by_discharge = heat * (1.0 / g.bt_eta_d[k] - 1.0) - r.v[g.bt_soe[k]] / g.bt_eta_d[k] \
            + flow_weight(r, g.bt_flow_discharge[k])
        r.bus[k] = by_charge * b.charge_net + by_discharge * b.discharge_net + (spare if p.bus[k] > 0.0 else 0.0)
        r.by_value[g.bt_soe[k]] += by_charge * b.charge_soe
    for k in range(g.n_src):
        s = r.v[g.s_to[k]] if g.s_to[k] >= 0 else r.bus[-1 - g.s_to[k]]
        s += flow_weight(r, g.s_flow[k])
        f = p.value[g.s_forcing[k]] if g.s_forcing[k] >= 0 else 1.0
        v = 1.0
        if g.s_law[k] >= 0:
            v = law(g, g.s_law[k], p.temp[g.s_arg[k]], &d)
            r.by_temp[g.s_arg[k]] += s * g.s_coef[k] * f * d
        if r.by_coefficient:
            r.c.src[k] += scale * s * f * v
    for k in range(g.n_valve):
        law(g, g.v_law[k], p.temp[g.v_sensor[k]], &d)
        r.by_temp[g.v_sensor[k]] += r.v[g.v_state[k]] * d
        r.by_value[g.v_state[k]] -= r.v[g.v_state[k]]


cdef inline void mixer_reverse(const Net *g, const Point *p, Reverse *r, double scale) noexcept nogil:
    # by_value holds the whole derivative; the mixers' part goes to what feeds them, the last mixer first
    cdef Py_ssize_t k = g.n_adv - 1, j, e, v
    cdef double total, s, f, gap
    while k >= 0:
        e = g.adv_to[k]
        if e < g.n + g.nb:
            k -= 1
            continue
        total = 0.0
        j = k
        while j >= 0 and g.adv_to[j] == e:
            total += g.adv_rate[j] * valve_factor(g, p, g.adv_valve[j], g.adv_c0[j], g.adv_c1[j])
            j -= 1
        s = r.by_value[e] / total
        while k >= 0 and g.adv_to[k] == e:
            v = g.adv_valve[k]
            f = valve_factor(g, p, v, g.adv_c0[k], g.adv_c1[k])
            gap = p.y[g.adv_from[k]] - p.y[e]
            r.by_value[g.adv_from[k]] += s * g.adv_rate[k] * f
            if v >= 0:
                r.by_value[g.v_state[v]] += s * g.adv_rate[k] * g.adv_c1[k] * gap
            if r.by_coefficient:
                r.c.adv[stream(r, k)] += scale * s * f * gap
            k -= 1


cdef inline void begin_reverse(const Net *g, Point *p, Reverse *r) noexcept nogil:
    extend_temperatures(g, p)
    memset(r.by_temp, 0, g.ne * sizeof(double))
    memset(r.by_value, 0, g.ne * sizeof(double))


cdef inline void end_reverse(const Net *g, const Point *p, Reverse *r, double scale, double *out) noexcept nogil:
    # from temperatures to values, and from those of the mixers to what feeds them
    if p.slope == NULL:
        ts_add(g.ne, 1.0, r.by_temp, r.by_value)
    else:
        ts_add_product(g.ne, 1.0, p.slope, r.by_temp, r.by_value)
    mixer_reverse(g, p, r, scale)
    ts_add(g.n + g.nb, scale, r.by_value, out)


cdef inline void reverse(const Net *g, Point *p, Reverse *r, double scale, double *out) noexcept nogil:
    # p.y[0:n] and the forcing are set; out [n + nb] and the coefficients are added to, times scale
    begin_reverse(g, p, r)
    plate_reverse(g, p, r, scale, g.n_mapped > 0)
    surface_reverse(g, p, r, scale)
    link_reverse(g, p, r, scale)
    wall_reverse(g, p, r, scale, 0, g.n_wall)
    power_reverse(g, p, r, scale)
    end_reverse(g, p, r, scale, out)
