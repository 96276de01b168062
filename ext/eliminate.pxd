# Linear systems of the fast path: rows between tube walls, walls and coolant column by column, the border's Schur
# complement. Conduction along x is factored out, (C s - J1) (C s)^-1 (C s - J2): the product differs from C s - J1 - J2
# by J1 (C s)^-1 J2, moves no heat in or out, and leaves each column of cells coupled to the next by the stream alone.
from libc.string cimport memset, memcpy
from net cimport Net, Point, slope, pattern
from laws cimport wall_law
from rates cimport group_part, no_emission, valve_factor
from partials cimport Sink, link_partials, power_partials, ts_group_tangent
from plate cimport (Fast, strip_cell, strip_size, tube_rate, upstream_gap, ts_x_factor, ts_y_diagonal, ts_group_diagonal,
                    ts_segment_factor, ts_wall_factor, ts_march_factor, ts_dense_factor)
from sweep cimport Segment, segment, border_product, fast_columns, march_columns


cdef inline void tube_factor(const Net *g, Fast *f, const Point *p, Py_ssize_t t, double s) noexcept nogil:
    # wall and coolant coefficients of tube t; walls' diagonals without their segments
    cdef Py_ssize_t c = f.tube_channel[t], k = g.ch_wall[c], nx = g.ch_n[c], i, e, at = f.tube_at[t]
    cdef double r = tube_rate(g, f, p, t), gt, gv, gap, wall, ga, gb, total, conductance, flow
    f.rate[t] = r
    flow = valve_factor(g, p, g.w_valve[k], g.w_c0[k], g.w_c1[k])
    for i in range(nx):
        e = g.ch_start[c] + i
        ga = g.w_ga[k + i]
        gb = g.w_gb[k + i]
        gt = gv = 0.0
        conductance = g.w_g[k + i]
        if g.w_law[k] >= 0:
            conductance *= wall_law(g, g.w_law[k], p.temp[e], flow, &gt, &gv)
            gt *= g.w_g[k + i]
            gv *= g.w_g[k + i] * g.w_c1[k + i]
        total = ga + gb + conductance
        if f.tube_centre[t]:
            wall = p.temp[g.w_a[k + i]]
            f.winv[at + i] = f.inv[f.plate_at[f.tube_plate[t]] + f.tube_row[t] * nx + i] + conductance
        else:
            wall = ga * p.temp[g.w_a[k + i]] + conductance * p.temp[e]
            if g.w_b[k + i] >= 0:
                wall += gb * p.temp[g.w_b[k + i]]
            wall /= total
            f.winv[at + i] = total
        gap = p.temp[e] - wall
        f.g[at + i] = conductance
        f.gc[at + i] = (conductance + gt * gap) * slope(p, e)
        if f.any_law:
            f.gv[at + i] = gv * gap
        f.dc[at + i] = 1.0 / (g.capacity[e] * s + r + f.gc[at + i] + f.dc[at + i])


cdef inline void fast_schur(const Net *g, Fast *f, const Point *p) noexcept nogil:
    cdef Py_ssize_t i, j
    for j in range(f.n_active):
        memset(f.border_r, 0, f.n_border * sizeof(double))
        border_product(g, f, p, f.column + j * g.nu, f.border_r)
        for i in range(f.n_border):
            f.dense[f.active[j] * f.n_border + i] -= f.border_r[i]


cdef inline void emission_terms(const Net *g, Fast *f, const Point *p, Py_ssize_t strip) noexcept nogil:
    cdef Py_ssize_t m, count, lo, plate = f.strip_plate[strip]
    cdef Py_ssize_t cell = strip_cell(g, f, strip), end = cell + strip_size(g, f, strip)
    for m in range(g.n_group):
        count = group_part(g, m, cell, end, &lo)
        if count > 0 and not no_emission(p, m):
            ts_group_diagonal(count, g.pat_value + g.pat_ptr[g.grp_pattern[m]] + lo - g.grp_start[m], p.temp + lo,
                              p.group[3 * m + 1], p.group[3 * m + 2],
                              f.inv + f.plate_at[plate] + lo - g.pl_start[plate])


cdef inline void diagonals(const Net *g, Fast *f, const Point *p, double s) noexcept nogil:
    # C s, conduction across and emission of plates, strip by strip; factors of conduction along
    cdef Py_ssize_t k, j, nx, at
    for k in range(f.n_strip):
        j = f.strip_plate[k]
        ts_y_diagonal(g.pl_nx[j], g.pl_ny[j], f.strip_first[k], f.strip_end[k], g.capacity + g.pl_start[j],
                      <int> g.pl_equal[j], s, g.pl_gy + g.pl_gy_ptr[j], <int> g.pl_even[j], f.inv + f.plate_at[j])
        emission_terms(g, f, p, k)
    for k in range(g.n_plate):
        at = f.plate_x_at[k]
        nx = g.pl_nx[k]
        for j in range(g.pl_ny[k] if f.plate_x_step[k] > 0 else 1):
            ts_x_factor(nx, g.capacity + g.pl_start[k] + j * nx, g.pl_gx + g.pl_gx_ptr[k] + j * (nx - 1), s,
                        f.xl + at + j * nx, f.xd + at + j * nx, f.xc + at + j * nx)


cdef inline void loose_terms(const Net *g, Fast *f, Point *p, double s) noexcept nogil:
    # what neither plates nor tubes are, and the border's C s
    cdef Py_ssize_t k, i
    cdef Sink sink
    sink.k = 0
    sink.row = sink.col = NULL
    sink.value = f.entry
    sink.out = sink.flow = sink.sums = NULL
    sink.still = False
    link_partials(&f.loose, p, &sink)
    power_partials(&f.loose, p, &sink, 0.0)
    for k in range(f.n_entry):
        if f.entry_kind[k] == 0:
            # entry_b: offset in inv, or -1 - offset in dc
            if f.entry_b[k] >= 0:
                f.inv[f.entry_b[k]] -= f.entry[k]
            else:
                f.dc[-1 - f.entry_b[k]] -= f.entry[k]
        elif f.entry_kind[k] == 1:
            f.column[f.entry_a[k] * g.nu + f.entry_b[k]] += f.entry[k]
        elif f.entry_kind[k] == 3:
            f.dense[f.entry_b[k] * f.n_border + f.entry_a[k]] -= f.entry[k]
    for i in range(f.n_border):
        if f.border[i] < g.n:
            f.dense[i * f.n_border + i] += s * g.capacity[f.border[i]]


cdef inline void surface_terms(const Net *g, Fast *f, const Point *p) noexcept nogil:
    # surfaces that look at the border
    cdef Py_ssize_t k, i, j, e, first, count
    cdef double d
    cdef double *to
    for k in range(g.n_sf):
        i = f.border_of_surface[k]
        if i < 0:
            continue
        e = g.sf_other[k]
        first = g.pat_ptr[g.sf_pattern[k]]
        count = g.pat_ptr[g.sf_pattern[k] + 1] - first
        d = g.sf_coef[k] * slope(p, e)
        if g.sf_kind[k] == 1:
            d *= 4.0 * g.sigma * p.temp[e] * p.temp[e] * p.temp[e]
        to = f.column + f.active_of[i] * g.nu + g.grp_start[g.sf_group[k]]
        for j in range(count):
            to[j] += d * g.pat_value[first + j]
        if e < g.n:
            f.dense[i * f.n_border + i] += d * g.grp_sum[g.sf_group[k]]


cdef inline void tube_terms(const Net *g, Fast *f, const Point *p, double s) noexcept nogil:
    # walls and coolant, the streams' entries, the valves
    cdef Py_ssize_t t, c, k, i, j, e, nx, at
    cdef double r
    cdef double *to
    for t in range(f.n_tube):
        tube_factor(g, f, p, t, s)
        c = f.tube_channel[t]
        nx = g.ch_n[c]
        at = f.tube_at[t]
        i = g.ch_start[c] + (0 if g.ch_dir[c] > 0 else nx - 1)
        if g.nb == 0 or not (g.n <= f.tube_inlet[t] < g.n + g.nb):
            e = f.tube_inlet[t] if f.tube_inlet[t] < g.n else f.tube_inlet[t] - g.nb
            for j in range(f.n_active):
                if f.border[f.active[j]] == e:
                    f.column[j * g.nu + i] += f.rate[t]
        if f.tube_valve[t] >= 0:
            k = g.ch_adv[c]
            r = g.adv_rate[k] * g.adv_c1[k]
            to = f.column + f.tube_valve[t] * g.nu + g.ch_start[c]
            for j in range(nx):
                to[j] += r * upstream_gap(g, f, p, t, j)
                if f.any_law:
                    to[j] -= f.gv[at + j]
                    f.column_w[f.tube_valve[t] * f.walls + at + j] += f.gv[at + j]


cdef inline void eliminate_rows(const Net *g, Fast *f) noexcept nogil:
    # rows between walls, then walls and coolant
    cdef Py_ssize_t j, k, t, i, nx, at, count
    cdef Segment m
    for j in range(f.n_segment):
        m = segment(g, f, j)
        nx = m.nx
        # a face wall's leg joins the row's diagonal; a centre row's conductance is in it already
        if m.left >= 0 and not f.tube_centre[m.left]:
            for i in range(nx):
                f.inv[m.at + i] += m.left_leg[i]
        if m.right >= 0 and not f.tube_centre[m.right]:
            at = m.at + (m.rows - 1) * m.step
            for i in range(nx):
                f.inv[at + i] += m.right_leg[i]
        ts_segment_factor(nx, m.rows, m.step, f.inv + m.at, m.gy, NULL, f.fill + m.at, m.left_leg, m.right_leg,
                          f.winv + f.tube_at[m.left] if m.left >= 0 else NULL,
                          f.winv + f.tube_at[m.right] if m.right >= 0 else NULL,
                          f.across + f.tube_at[m.left] if m.left >= 0 else NULL, f.buffer)
    for t in range(f.n_tube):
        at = f.tube_at[t]
        for i in range(g.ch_n[f.tube_channel[t]]):
            f.winv[at + i] -= f.gc[at + i] * f.g[at + i] * f.dc[at + i]
    for k in range(g.n_plate):
        t = f.plate_tube[k]
        count = f.plate_tube[k + 1] - t
        if count > 0:
            at = f.tube_at[t]
            ts_wall_factor(g.pl_nx[k], count, f.winv + at, f.across + at, f.wmul + at, f.wfill + at, f.between,
                           f.buffer)
            ts_march_factor(g.pl_nx[k], count, f.winv + at, f.wmul + at, f.wfill + at, f.between, f.gc + at,
                            f.g + at, f.dc + at, f.rate + t, f.march[k])


cdef inline void clear_column(const Net *g, const Fast *f, double *column) noexcept nogil:
    cdef Py_ssize_t k
    if not f.tubes_only:
        memset(column, 0, g.nu * sizeof(double))
        return
    for k in range(f.n_run):
        memset(column + f.run_first[k], 0, f.run_count[k] * sizeof(double))
    memset(column + g.n, 0, g.nm * sizeof(double))


cdef inline Py_ssize_t fast_factor(const Net *g, Fast *f, Point *p, double s) noexcept nogil:
    # factorises at the evaluated point p; 0, or 1 + the row whose pivot vanished
    cdef Py_ssize_t j, bad
    memset(f.dense, 0, f.n_border * f.n_border * sizeof(double))
    for j in range(f.n_active):
        clear_column(g, f, f.column + j * g.nu)
    memset(f.column_w, 0, f.n_active * f.walls * sizeof(double))
    memset(f.dc, 0, f.walls * sizeof(double))
    diagonals(g, f, p, s)
    loose_terms(g, f, p, s)
    surface_terms(g, f, p)
    tube_terms(g, f, p, s)
    eliminate_rows(g, f)
    for j in range(f.n_active):
        if f.tubes_only:
            march_columns(g, f, f.column + j * g.nu, f.column_w + j * f.walls, False)
        else:
            # centre walls are plate rows: their part of a column lies there
            fast_columns(g, f, f.column + j * g.nu, f.column_w + j * f.walls, False)
    fast_schur(g, f, p)
    bad = ts_dense_factor(f.n_border, f.dense)
    return 1 + f.border[bad - 1] if bad > 0 else 0
