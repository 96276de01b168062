# The right-hand side: what flows where, in watts. C_i dy_i/dt = F_i.
from libc.string cimport memset, memcpy
from net cimport Net, Point, Reals, pattern
from laws cimport set_forcing, law, wall_law


cdef extern from "kernels.h" nogil:
    void ts_group_rates(ptrdiff_t n, const double *p, double p0, const double *T, double a, double b, double e,
                        double *F, double *s)
    void ts_group_source(ptrdiff_t n, const double *p, double p0, double a, double *F)
    void ts_plate_rates(ptrdiff_t nx, ptrdiff_t ny, ptrdiff_t first, ptrdiff_t last, const double *gx,
                        const double *gy, int even, const double *T, double *F)

cdef extern from "lanes.h" nogil:
    double lane_sum(const double *a)

cdef enum:
    LANES = 8
    BLOCK_CELLS = 1024       # plate cells handled at a time, so that their heat stays in the nearest cache


ctypedef struct Star:
    # a tube wall between two plate rows (legs a, b) and the coolant (leg c), the wall itself eliminated
    double wall          # wall temperature, K
    double g, g_temp, g_flow     # conductance to the coolant and its derivatives
    double total         # sum of the legs, W/K; 0 when row a is the wall


cdef inline double valve_factor(const Net *g, const Point *p, Py_ssize_t valve, double c0, double c1) noexcept nogil:
    return c0 + c1 * p.y[g.v_state[valve]] if valve >= 0 else c0


cdef inline Star star(const Net *g, const Point *p, Py_ssize_t k) noexcept nogil:
    cdef Star s
    cdef double tc = p.temp[g.w_c[k]], ga = g.w_ga[k], gb = g.w_gb[k], top
    s.g = g.w_g[k]
    s.g_temp = 0.0
    s.g_flow = 0.0
    if g.w_law[k] >= 0:
        s.g = g.w_g[k] * wall_law(g, g.w_law[k], tc, valve_factor(g, p, g.w_valve[k], g.w_c0[k], g.w_c1[k]),
                                  &s.g_temp, &s.g_flow)
        s.g_temp *= g.w_g[k]
        s.g_flow *= g.w_g[k] * g.w_c1[k]
    if ga == 0.0:
        s.total = 0.0
        s.wall = p.temp[g.w_a[k]]
    else:
        top = ga * p.temp[g.w_a[k]] + s.g * tc
        if g.w_b[k] >= 0:
            top += gb * p.temp[g.w_b[k]]
        s.total = ga + gb + s.g
        s.wall = top / s.total
    return s


cdef inline void extend_values(const Net *g, Point *p) noexcept nogil:
    # boundaries and mixers after the unknowns
    cdef Py_ssize_t b, k = 0, e, end = g.n + g.nb
    cdef double r, total, top
    for b in range(g.nb):
        p.y[g.n + b] = p.value[g.boundary_forcing[b]]
    # links into one mixer follow each other, mixers in order
    while k < g.n_adv:
        e = g.adv_to[k]
        if e < end:
            k += 1
            continue
        total = top = 0.0
        while k < g.n_adv and g.adv_to[k] == e:
            r = g.adv_rate[k] * valve_factor(g, p, g.adv_valve[k], g.adv_c0[k], g.adv_c1[k])
            total += r
            top += r * p.y[g.adv_from[k]]
            k += 1
        p.y[e] = top / total


cdef inline void map_temperatures(const Net *g, Point *p) noexcept nogil:
    # where a law says so
    cdef Py_ssize_t k, e
    for k in range(g.n_mapped):
        e = g.mapped[k]
        p.temp[e] = law(g, g.temperature_law[e] if e < g.n else g.mixer_law[e - g.n - g.nb], p.y[e], &p.slope[e])


cdef inline void extend_temperatures(const Net *g, Point *p) noexcept nogil:
    # values, then temperatures from values
    extend_values(g, p)
    if g.n_mapped > 0:
        memcpy(p.temp, p.y, g.ne * sizeof(double))
        map_temperatures(g, p)


cdef inline void add_flow(double *flow, Py_ssize_t k, double q) noexcept nogil:
    if k >= 0:
        flow[k] += q


ctypedef struct Battery:
    # one battery's split of its bus power, and the derivatives by net power and state of energy
    double charge, discharge, loss, curtail, into
    double charge_net, charge_soe, discharge_net


cdef inline Battery battery(const Net *g, const Point *p, Py_ssize_t k) noexcept nogil:
    cdef Battery b
    cdef double net = p.bus[k], cap, d_cap
    b.charge = b.discharge = b.charge_net = b.charge_soe = b.discharge_net = b.curtail = 0.0
    if net > 0.0:
        cap = g.bt_pmax[k] * law(g, g.bt_taper[k], p.y[g.bt_soe[k]], &d_cap)
        if net <= cap:
            b.charge = net
            b.charge_net = 1.0
        else:
            b.charge = cap
            b.charge_soe = g.bt_pmax[k] * d_cap
        b.curtail = net - b.charge
    else:
        b.discharge = -net
        b.discharge_net = -1.0
    b.into = g.bt_eta_c[k] * b.charge - b.discharge / g.bt_eta_d[k]
    b.loss = (1.0 - g.bt_eta_c[k]) * b.charge + b.discharge * (1.0 / g.bt_eta_d[k] - 1.0)
    return b


cdef inline double source(const Net *g, const Point *p, Py_ssize_t k) noexcept nogil:
    cdef double q = g.s_coef[k], d
    if g.s_forcing[k] >= 0:
        q *= p.value[g.s_forcing[k]]
    if g.s_law[k] >= 0:
        q *= law(g, g.s_law[k], p.temp[g.s_arg[k]], &d)
    return q


cdef inline void group_coefficients(const Net *g, Point *p) noexcept nogil:
    cdef Py_ssize_t k, m
    cdef double to
    memset(p.group, 0, 3 * g.n_group * sizeof(double))
    for k in range(g.n_sf):
        m = 3 * g.sf_group[k]
        to = p.temp[g.sf_other[k]]
        if g.sf_kind[k] == 0:
            p.group[m] += g.sf_coef[k] * to
            p.group[m + 1] += g.sf_coef[k]
        else:
            p.group[m] += g.sigma * g.sf_coef[k] * (to * to) * (to * to)
            p.group[m + 2] += g.sigma * g.sf_coef[k]
    for k in range(g.n_ps):
        p.group[3 * g.ps_group[k]] += g.ps_coef[k] * (p.value[g.ps_forcing[k]] if g.ps_forcing[k] >= 0 else 1.0)


cdef inline bint no_emission(const Point *p, Py_ssize_t m) noexcept nogil:
    return p.group[3 * m + 1] == 0.0 and p.group[3 * m + 2] == 0.0


cdef inline Py_ssize_t group_part(const Net *g, Py_ssize_t m, Py_ssize_t first, Py_ssize_t end,
                                  Py_ssize_t *lo) noexcept nogil:
    # how many cells of group m lie from cell `first` to `end`, from `lo` on; none where it is not above 0
    cdef Py_ssize_t start = g.grp_start[m], k = g.grp_pattern[m]
    lo[0] = max(start, first)
    return min(start + g.pat_ptr[k + 1] - g.pat_ptr[k], end) - lo[0]


cdef inline void begin_sums(const Net *g, double *sums) noexcept nogil:
    # sums [(2 + 2 LANES) n_group]: what row_rates adds up for surface_flows
    memset(sums + 2 * g.n_group, 0, 2 * LANES * g.n_group * sizeof(double))


cdef inline void row_rates(const Net *g, const Point *p, Py_ssize_t k, Py_ssize_t j, Py_ssize_t last,
                           const double *T, double *heat, double *sums) noexcept nogil:
    # conduction in rows j..last-1 of plate k and the heat that their faces gain; T and heat begin with row j, rows of T
    # on either side are read
    cdef Py_ssize_t m, nx = g.pl_nx[k], a = g.pl_start[k] + j * nx, end = g.pl_start[k] + last * nx, count, lo
    cdef double *lanes = sums + 2 * g.n_group
    cdef double even
    ts_plate_rates(nx, g.pl_ny[k], j, last, g.pl_gx + g.pl_gx_ptr[k], g.pl_gy + g.pl_gy_ptr[k], <int> g.pl_even[k], T,
                   heat)
    for m in range(g.n_group):
        count = group_part(g, m, a, end, &lo)
        if count <= 0:
            continue
        even = g.pat_value[g.pat_ptr[g.grp_pattern[m]]]
        if no_emission(p, m):
            ts_group_source(count, part(g, m, lo - g.grp_start[m]), even, p.group[3 * m], heat + lo - a)
        else:
            ts_group_rates(count, part(g, m, lo - g.grp_start[m]), even, T + lo - a, p.group[3 * m],
                           p.group[3 * m + 1], p.group[3 * m + 2], heat + lo - a, lanes + 2 * LANES * m)


cdef inline void end_sums(const Net *g, double *sums) noexcept nogil:
    cdef Py_ssize_t m
    cdef double *lanes = sums + 2 * g.n_group
    for m in range(g.n_group):
        sums[2 * m] = lane_sum(lanes + 2 * LANES * m)
        sums[2 * m + 1] = lane_sum(lanes + 2 * LANES * m + LANES)


cdef inline void plate_rates(const Net *g, const Point *p, double *F, double *sums) noexcept nogil:
    # a few rows at a time
    cdef Py_ssize_t k, j, rows, last, a
    begin_sums(g, sums)
    for k in range(g.n_plate):
        rows = max(1, BLOCK_CELLS // g.pl_nx[k])
        j = 0
        while j < g.pl_ny[k]:
            last = min(g.pl_ny[k], j + rows)
            a = g.pl_start[k] + j * g.pl_nx[k]
            row_rates(g, p, k, j, last, p.temp + a, F + a, sums)
            j = last
    end_sums(g, sums)


cdef inline Reals part(const Net *g, Py_ssize_t m, Py_ssize_t offset) noexcept nogil:
    cdef Reals p = pattern(g, g.grp_pattern[m])
    return p + offset if p != NULL else NULL


cdef inline void surface_flows(const Net *g, Point *p, double *F, double *flow, const double *sums) noexcept nogil:
    # the same heat, face by face, and what the other end receives
    cdef Py_ssize_t k, m
    cdef double to, q
    for k in range(g.n_sf):
        m = g.sf_group[k]
        to = p.temp[g.sf_other[k]]
        if g.sf_kind[k] == 0:
            q = g.sf_coef[k] * (sums[2 * m] - g.grp_sum[m] * to)
        else:
            q = g.sigma * g.sf_coef[k] * (sums[2 * m + 1] - g.grp_sum[m] * ((to * to) * (to * to)))
        if g.sf_other[k] < g.n:
            F[g.sf_other[k]] += q
        add_flow(flow, g.sf_flow[k], q)
    for k in range(g.n_ps):
        q = g.ps_coef[k] * (p.value[g.ps_forcing[k]] if g.ps_forcing[k] >= 0 else 1.0) * g.grp_sum[g.ps_group[k]]
        add_flow(flow, g.ps_flow[k], q)


cdef inline void power_rates(const Net *g, Point *p, double *F, double *flow) noexcept nogil:
    # sources, buses, batteries, valves
    cdef Py_ssize_t k, j
    cdef double q, d
    cdef Battery b
    for k in range(g.n_battery):
        p.bus[k] = 0.0
    for k in range(g.n_src):
        q = source(g, p, k)
        if g.s_to[k] >= 0:
            F[g.s_to[k]] += q
        else:
            p.bus[-1 - g.s_to[k]] += q
        add_flow(flow, g.s_flow[k], q)
    for k in range(g.n_battery):
        b = battery(g, p, k)
        F[g.bt_soe[k]] += b.into
        if g.bt_heat[k] >= 0:
            F[g.bt_heat[k]] += b.loss
        for j in range(g.cu_ptr[k], g.cu_ptr[k + 1]):
            F[g.cu_to[j]] += g.cu_share[j] * b.curtail
        add_flow(flow, g.bt_flow_loss[k], b.loss)
        add_flow(flow, g.bt_flow_curtail[k], b.curtail)
        add_flow(flow, g.bt_flow_charge[k], b.charge)
        add_flow(flow, g.bt_flow_discharge[k], b.discharge)
    for k in range(g.n_valve):
        F[g.v_state[k]] += law(g, g.v_law[k], p.temp[g.v_sensor[k]], &d) - p.y[g.v_state[k]]


cdef inline void link_rates(const Net *g, Point *p, double *F, double *flow) noexcept nogil:
    # conductances, radiative exchange, streams, tube walls
    cdef Py_ssize_t k, a, b
    cdef double q, q_b, ta, tb
    cdef Star s
    for k in range(g.n_gl):
        a = g.gl_a[k]
        b = g.gl_b[k]
        q = g.gl_g[k] * (p.temp[a] - p.temp[b])
        if a < g.n:
            F[a] -= q
        if b < g.n:
            F[b] += q
        add_flow(flow, g.gl_flow[k], q)
    for k in range(g.n_gr):
        a = g.gr_a[k]
        b = g.gr_b[k]
        ta = p.temp[a] * p.temp[a]
        tb = p.temp[b] * p.temp[b]
        q = g.sigma * g.gr_g[k] * (ta * ta - tb * tb)
        if a < g.n:
            F[a] -= q
        if b < g.n:
            F[b] += q
        add_flow(flow, g.gr_flow[k], q)
    for k in range(g.n_adv):
        b = g.adv_to[k]
        if b < g.n:
            q = g.adv_rate[k] * valve_factor(g, p, g.adv_valve[k], g.adv_c0[k], g.adv_c1[k]) \
                * (p.y[g.adv_from[k]] - p.y[b])
            F[b] += q
            add_flow(flow, g.adv_flow[k], q)
    for k in range(g.n_wall):
        s = star(g, p, k)
        a = g.w_a[k]
        b = g.w_b[k]
        if s.total == 0.0:
            q = s.g * (p.temp[a] - p.temp[g.w_c[k]])
            q_b = 0.0
        else:
            # g (T - wall), with its digits kept when one leg is far larger than the rest
            q = s.g * (p.temp[a] - p.temp[g.w_c[k]])
            q_b = 0.0
            if b >= 0:
                q += g.w_gb[k] * (p.temp[a] - p.temp[b])
                q_b = g.w_gb[k] * (s.g * (p.temp[b] - p.temp[g.w_c[k]]) + g.w_ga[k] * (p.temp[b] - p.temp[a])) / s.total
            q = g.w_ga[k] * q / s.total
        F[a] -= q
        if b >= 0:
            F[b] -= q_b
        F[g.w_c[k]] += q + q_b
        add_flow(flow, g.w_flow[k], q + q_b)


cdef inline void rates(const Net *g, Point *p, double *F, double *flow, double *sums) noexcept nogil:
    # p.y[0:n] and the forcing are set by the caller; sums is [18 n_group] scratch
    extend_temperatures(g, p)
    memset(F, 0, g.n * sizeof(double))
    memset(flow, 0, g.nq * sizeof(double))
    group_coefficients(g, p)
    plate_rates(g, p, F, sums)
    surface_flows(g, p, F, flow, sums)
    link_rates(g, p, F, flow)
    power_rates(g, p, F, flow)
