# Derivatives of the right-hand side, emitted entry by entry in a fixed order into a sink: the pattern of the
# Jacobian, its values, or its product with a direction. One walk over the elements serves all three.
from net cimport Net, Point, slope, pattern
from laws cimport law
from rates cimport Star, Battery, star, battery, valve_factor, no_emission


cdef extern from "kernels.h" nogil:
    void ts_group_tangent(ptrdiff_t n, const double *p, double p0, const double *T, const double *u, double b,
                          double e, double *F, double *s)


ctypedef struct Sink:
    Py_ssize_t k             # entries so far
    Py_ssize_t *row          # pattern
    Py_ssize_t *col
    double *value            # values of the pattern's entries
    double *out              # product with p.dy: rows
    double *flow             # product with p.dy: flows
    double *sums             # [18 n_group] scratch
    bint still               # the unknowns of p.dy are zero: only time moves


cdef inline Py_ssize_t unknown(const Net *g, Py_ssize_t e) noexcept nogil:
    # place of an extended entry in linear systems; -1 for boundaries
    if e < g.n:
        return e
    return e - g.nb if e >= g.n + g.nb else -1


cdef inline void put(const Net *g, const Point *p, Sink *s, Py_ssize_t row, Py_ssize_t col, double v) noexcept nogil:
    # row: an unknown or mixer entry (extended index); col: extended index; v: derivative by the VALUE of col
    cdef Py_ssize_t r, c
    if s.out != NULL:
        if row < g.n:
            s.out[row] += v * p.dy[col]
    elif s.flow == NULL:
        r = unknown(g, row)
        c = unknown(g, col)
        if r < 0 or c < 0:
            return
        if s.row != NULL:
            s.row[s.k] = r
            s.col[s.k] = c
        if s.value != NULL:
            s.value[s.k] = v
        s.k += 1


cdef inline void put_flow(const Point *p, Sink *s, Py_ssize_t k, Py_ssize_t col, double v) noexcept nogil:
    if s.flow != NULL and k >= 0:
        s.flow[k] += v * p.dy[col]


cdef inline void pair_partials(const Net *g, const Point *p, Sink *s, Py_ssize_t a, Py_ssize_t b, Py_ssize_t flow,
                               double da, double db) noexcept nogil:
    # q = q(a, b) leaves a and enters b
    put(g, p, s, a, a, -da)
    put(g, p, s, a, b, -db)
    if b < g.n:
        put(g, p, s, b, a, da)
        put(g, p, s, b, b, db)
    put_flow(p, s, flow, a, da)
    put_flow(p, s, flow, b, db)


cdef inline void link_partials(const Net *g, const Point *p, Sink *s) noexcept nogil:
    cdef Py_ssize_t k, a, b, v
    cdef double r, d, ta, tb
    for k in range(g.n_gl):
        a = g.gl_a[k]
        b = g.gl_b[k]
        pair_partials(g, p, s, a, b, g.gl_flow[k], g.gl_g[k] * slope(p, a), -g.gl_g[k] * slope(p, b))
    for k in range(g.n_gr):
        a = g.gr_a[k]
        b = g.gr_b[k]
        ta = p.temp[a]
        tb = p.temp[b]
        d = 4.0 * g.sigma * g.gr_g[k]
        pair_partials(g, p, s, a, b, g.gr_flow[k], d * (ta * ta * ta) * slope(p, a), -d * (tb * tb * tb) * slope(p, b))
    for k in range(g.n_adv):
        a = g.adv_from[k]
        b = g.adv_to[k]
        v = g.adv_valve[k]
        r = g.adv_rate[k] * valve_factor(g, p, v, g.adv_c0[k], g.adv_c1[k])
        put(g, p, s, b, a, r)
        put(g, p, s, b, b, -r)
        if b < g.n:
            put_flow(p, s, g.adv_flow[k], a, r)
            put_flow(p, s, g.adv_flow[k], b, -r)
        if v >= 0:
            d = g.adv_rate[k] * g.adv_c1[k] * (p.y[a] - p.y[b])
            put(g, p, s, b, g.v_state[v], d)
            if b < g.n:
                put_flow(p, s, g.adv_flow[k], g.v_state[v], d)


cdef inline void wall_row(const Net *g, const Point *p, Sink *s, Py_ssize_t k, Py_ssize_t row, Py_ssize_t v,
                          double da, double db, double dc, double dv) noexcept nogil:
    # the heat leaving `row` for the wall has derivatives da, db, dc, dv; the coolant takes it up
    put(g, p, s, row, g.w_a[k], -da)
    put(g, p, s, g.w_c[k], g.w_a[k], da)
    put_flow(p, s, g.w_flow[k], g.w_a[k], da)
    if g.w_b[k] >= 0:
        put(g, p, s, row, g.w_b[k], -db)
        put(g, p, s, g.w_c[k], g.w_b[k], db)
        put_flow(p, s, g.w_flow[k], g.w_b[k], db)
    put(g, p, s, row, g.w_c[k], -dc)
    put(g, p, s, g.w_c[k], g.w_c[k], dc)
    put_flow(p, s, g.w_flow[k], g.w_c[k], dc)
    if v >= 0:
        put(g, p, s, row, g.v_state[v], -dv)
        put(g, p, s, g.w_c[k], g.v_state[v], dv)
        put_flow(p, s, g.w_flow[k], g.v_state[v], dv)


cdef inline void wall_partials(const Net *g, const Point *p, Sink *s) noexcept nogil:
    cdef Py_ssize_t k, v
    cdef double ga, gb, gap, sa, sb, gc
    cdef Star w
    for k in range(g.n_wall):
        w = star(g, p, k)
        v = g.w_valve[k] if g.w_law[k] >= 0 else -1
        gap = p.temp[g.w_c[k]] - w.wall
        sa = slope(p, g.w_a[k])
        # derivative of G (T_c - T_wall) by the coolant's value at a fixed wall
        gc = (w.g + w.g_temp * gap) * slope(p, g.w_c[k])
        if w.total == 0.0:
            wall_row(g, p, s, k, g.w_a[k], v, w.g * sa, 0.0, -gc, -w.g_flow * gap)
            continue
        ga = g.w_ga[k]
        gb = g.w_gb[k]
        sb = slope(p, g.w_b[k]) if g.w_b[k] >= 0 else 0.0
        wall_row(g, p, s, k, g.w_a[k], v, ga * (1.0 - ga / w.total) * sa, -ga * gb / w.total * sb,
                 -ga * gc / w.total, -ga * w.g_flow * gap / w.total)
        if g.w_b[k] >= 0:
            wall_row(g, p, s, k, g.w_b[k], v, -gb * ga / w.total * sa, gb * (1.0 - gb / w.total) * sb,
                     -gb * gc / w.total, -gb * w.g_flow * gap / w.total)


cdef inline void plate_partials(const Net *g, const Point *p, Sink *s) noexcept nogil:
    cdef Py_ssize_t k, i, j, nx, ny, a
    cdef const double *gx
    cdef const double *gy
    if s.still or (s.out == NULL and s.flow != NULL):
        return
    for k in range(g.n_plate):
        nx = g.pl_nx[k]
        ny = g.pl_ny[k]
        gx = g.pl_gx + g.pl_gx_ptr[k]
        gy = g.pl_gy + g.pl_gy_ptr[k]
        for j in range(ny):
            for i in range(nx - 1):
                a = g.pl_start[k] + j * nx + i
                pair_partials(g, p, s, a, a + 1, -1, gx[j * (nx - 1) + i], -gx[j * (nx - 1) + i])
        for j in range(ny - 1):
            for i in range(nx):
                a = g.pl_start[k] + j * nx + i
                pair_partials(g, p, s, a, a + nx, -1, gy[j * nx + i], -gy[j * nx + i])


cdef inline void surface_partials(const Net *g, const Point *p, Sink *s, double dt_factor) noexcept nogil:
    cdef Py_ssize_t k, i, m, first, count, o
    cdef double c, t, to, d_o, q
    cdef const double *pat
    for m in range(g.n_group):
        first = g.pat_ptr[g.grp_pattern[m]]
        count = g.pat_ptr[g.grp_pattern[m] + 1] - first
        pat = g.pat_value + first
        if s.still or ((s.out != NULL or s.flow != NULL) and no_emission(p, m)):
            s.sums[2 * m] = s.sums[2 * m + 1] = 0.0
        elif s.out != NULL or s.flow != NULL:
            ts_group_tangent(count, pattern(g, g.grp_pattern[m]), pat[0], p.temp + g.grp_start[m],
                             p.dy + g.grp_start[m], p.group[3 * m + 1], p.group[3 * m + 2],
                             s.out + g.grp_start[m] if s.out != NULL else NULL, s.sums + 2 * m)
        else:
            for i in range(count):
                t = p.temp[g.grp_start[m] + i]
                put(g, p, s, g.grp_start[m] + i, g.grp_start[m] + i,
                    -pat[i] * (p.group[3 * m + 1] + p.group[3 * m + 2] * (4.0 * t * t * t)))
    for k in range(g.n_sf):
        m = g.sf_group[k]
        first = g.pat_ptr[g.sf_pattern[k]]
        count = g.pat_ptr[g.sf_pattern[k] + 1] - first
        pat = g.pat_value + first
        o = g.sf_other[k]
        to = p.temp[o]
        c = g.sf_coef[k]
        if g.sf_kind[k] == 0:
            d_o = c * slope(p, o)
        else:
            c = g.sigma * c
            d_o = c * 4.0 * (to * to * to) * slope(p, o)
        if s.out != NULL or s.flow != NULL:
            q = (s.sums[2 * m] if g.sf_kind[k] == 0 else s.sums[2 * m + 1]) * c - d_o * g.grp_sum[m] * p.dy[o]
            if s.flow != NULL and g.sf_flow[k] >= 0:
                s.flow[g.sf_flow[k]] += q
            if s.out != NULL:
                if o < g.n:
                    s.out[o] += q
                if p.dy[o] != 0.0:
                    for i in range(count):
                        s.out[g.grp_start[m] + i] += pat[i] * d_o * p.dy[o]
        elif unknown(g, o) >= 0:
            for i in range(count):
                t = p.temp[g.grp_start[m] + i]
                put(g, p, s, g.grp_start[m] + i, o, pat[i] * d_o)
                if o < g.n:
                    put(g, p, s, o, g.grp_start[m] + i,
                        pat[i] * (c if g.sf_kind[k] == 0 else c * (4.0 * t * t * t)))
            if o < g.n:
                put(g, p, s, o, o, -d_o * g.grp_sum[m])
    if dt_factor == 0.0:
        return
    for k in range(g.n_ps):
        if g.ps_forcing[k] < 0:
            continue
        m = g.ps_group[k]
        first = g.pat_ptr[g.ps_pattern[k]]
        count = g.pat_ptr[g.ps_pattern[k] + 1] - first
        q = dt_factor * g.ps_coef[k] * p.rate[g.ps_forcing[k]]
        if s.out != NULL:
            for i in range(count):
                s.out[g.grp_start[m] + i] += q * g.pat_value[first + i]
        if s.flow != NULL and g.ps_flow[k] >= 0:
            s.flow[g.ps_flow[k]] += q * g.grp_sum[m]


cdef inline void battery_column(const Net *g, const Point *p, Sink *s, Py_ssize_t k, Py_ssize_t col,
                                double charge, double discharge, double curtail) noexcept nogil:
    # how the battery's terms change with column col
    cdef Py_ssize_t j
    cdef double loss = (1.0 - g.bt_eta_c[k]) * charge + discharge * (1.0 / g.bt_eta_d[k] - 1.0)
    put(g, p, s, g.bt_soe[k], col, g.bt_eta_c[k] * charge - discharge / g.bt_eta_d[k])
    if g.bt_heat[k] >= 0:
        put(g, p, s, g.bt_heat[k], col, loss)
    for j in range(g.cu_ptr[k], g.cu_ptr[k + 1]):
        put(g, p, s, g.cu_to[j], col, g.cu_share[j] * curtail)
    put_flow(p, s, g.bt_flow_loss[k], col, loss)
    put_flow(p, s, g.bt_flow_curtail[k], col, curtail)
    put_flow(p, s, g.bt_flow_charge[k], col, charge)
    put_flow(p, s, g.bt_flow_discharge[k], col, discharge)


cdef inline void battery_time(const Net *g, const Point *p, Sink *s, Py_ssize_t k, const Battery *b,
                              double dnet) noexcept nogil:
    # the same along time: the bus power changes by dnet through its forcing
    cdef Py_ssize_t j
    cdef double charge = b.charge_net * dnet, discharge = b.discharge_net * dnet
    cdef double curtail = (dnet if p.bus[k] > 0.0 else 0.0) - charge
    cdef double loss = (1.0 - g.bt_eta_c[k]) * charge + discharge * (1.0 / g.bt_eta_d[k] - 1.0)
    if s.out != NULL:
        s.out[g.bt_soe[k]] += g.bt_eta_c[k] * charge - discharge / g.bt_eta_d[k]
        if g.bt_heat[k] >= 0:
            s.out[g.bt_heat[k]] += loss
        for j in range(g.cu_ptr[k], g.cu_ptr[k + 1]):
            s.out[g.cu_to[j]] += g.cu_share[j] * curtail
    if s.flow != NULL:
        if g.bt_flow_loss[k] >= 0:
            s.flow[g.bt_flow_loss[k]] += loss
        if g.bt_flow_curtail[k] >= 0:
            s.flow[g.bt_flow_curtail[k]] += curtail
        if g.bt_flow_charge[k] >= 0:
            s.flow[g.bt_flow_charge[k]] += charge
        if g.bt_flow_discharge[k] >= 0:
            s.flow[g.bt_flow_discharge[k]] += discharge


cdef inline void power_partials(const Net *g, Point *p, Sink *s, double dt_factor) noexcept nogil:
    cdef Py_ssize_t k, to, m
    cdef double c, f, v, d, dq
    cdef Battery b
    for k in range(g.n_battery):
        p.dbus[k] = 0.0
    for k in range(g.n_src):
        to = g.s_to[k]
        c = g.s_coef[k]
        f = p.value[g.s_forcing[k]] if g.s_forcing[k] >= 0 else 1.0
        v = 1.0
        if g.s_law[k] >= 0:
            v = law(g, g.s_law[k], p.temp[g.s_arg[k]], &d)
            d *= c * f * slope(p, g.s_arg[k])
            put_flow(p, s, g.s_flow[k], g.s_arg[k], d)
            if to >= 0:
                put(g, p, s, to, g.s_arg[k], d)
            else:
                m = -1 - to
                b = battery(g, p, m)
                battery_column(g, p, s, m, g.s_arg[k], b.charge_net * d, b.discharge_net * d,
                               (d if p.bus[m] > 0.0 else 0.0) - b.charge_net * d)
        if dt_factor != 0.0 and g.s_forcing[k] >= 0:
            dq = dt_factor * c * v * p.rate[g.s_forcing[k]]
            if to >= 0:
                if s.out != NULL:
                    s.out[to] += dq
            else:
                p.dbus[-1 - to] += dq
            if s.flow != NULL and g.s_flow[k] >= 0:
                s.flow[g.s_flow[k]] += dq
    for k in range(g.n_battery):
        b = battery(g, p, k)
        battery_column(g, p, s, k, g.bt_soe[k], b.charge_soe, 0.0, -b.charge_soe)
        if dt_factor != 0.0:
            battery_time(g, p, s, k, &b, p.dbus[k])
    for k in range(g.n_valve):
        law(g, g.v_law[k], p.temp[g.v_sensor[k]], &d)
        put(g, p, s, g.v_state[k], g.v_sensor[k], d * slope(p, g.v_sensor[k]))
        put(g, p, s, g.v_state[k], g.v_state[k], -1.0)


cdef inline void partials(const Net *g, Point *p, Sink *s, double dt_factor) noexcept nogil:
    # p holds an evaluated point (rates() was called); for products p.dy[0:n] is the direction
    plate_partials(g, p, s)
    surface_partials(g, p, s, dt_factor)
    link_partials(g, p, s)
    wall_partials(g, p, s)
    power_partials(g, p, s, dt_factor)


cdef inline void extend_direction(const Net *g, Point *p, double dt_factor) noexcept nogil:
    # boundaries and mixers follow the unknowns' direction; then the direction of surface temperatures
    cdef Py_ssize_t b, k, e, v, end = g.n + g.nb
    cdef double r, total
    for b in range(g.nb):
        p.dy[g.n + b] = dt_factor * p.rate[g.boundary_forcing[b]]
    k = 0
    while k < g.n_adv:
        e = g.adv_to[k]
        if e < end:
            k += 1
            continue
        p.dy[e] = 0.0
        total = 0.0
        while k < g.n_adv and g.adv_to[k] == e:
            v = g.adv_valve[k]
            r = g.adv_rate[k] * valve_factor(g, p, v, g.adv_c0[k], g.adv_c1[k])
            total += r
            p.dy[e] += r * p.dy[g.adv_from[k]]
            if v >= 0:
                p.dy[e] += g.adv_rate[k] * g.adv_c1[k] * p.dy[g.v_state[v]] * (p.y[g.adv_from[k]] - p.y[e])
            k += 1
        p.dy[e] /= total
