# The fast path: plates with tubes along x, and a small dense border of everything else.
# Conduction along x is factored out, (C s - J1) (C s)^-1 (C s - J2): the product differs from C s - J1 - J2 by
# J1 (C s)^-1 J2, moves no heat in or out, and leaves each column of cells coupled to the next by the stream alone.
from libc.string cimport memset, memcpy
from net cimport Net, Point, Reals, Ints, slope, pattern
from laws cimport wall_law
from rates cimport (extend_temperatures, group_coefficients, plate_rates, surface_flows, link_rates, power_rates, no_emission,
                    valve_factor, add_flow, ts_plate_rates)
from partials cimport Sink, put, put_flow, link_partials, power_partials, surface_partials, ts_group_tangent


cdef extern from "kernels.h" nogil:
    void ts_add(ptrdiff_t n, double a, const double *x, double *y)


cdef extern from "plate.h" nogil:
    void ts_x_factor(ptrdiff_t nx, const double *C, const double *gx, double s, double *l, double *d, double *c)
    void ts_x_sweep(ptrdiff_t nx, ptrdiff_t ny, const double *l, const double *d, const double *c, ptrdiff_t step,
                    double *r, double *kept)
    void ts_y_diagonal(ptrdiff_t nx, ptrdiff_t ny, const double *C, double s, const double *gy, double *D)
    void ts_group_diagonal(ptrdiff_t n, const double *p, const double *T, double b, double e, double *D)
    void ts_segment_factor(ptrdiff_t nx, ptrdiff_t m, ptrdiff_t step, double *D, const double *gy, double *mul, double *fill,
                           const double *left, const double *right, double *D_left, double *D_right, double *across,
                           double *f)
    void ts_segment_forward(ptrdiff_t nx, ptrdiff_t m, ptrdiff_t step, const double *mul, const double *fill, double *r,
                            double *r_left, double *r_right)
    void ts_segment_back(ptrdiff_t nx, ptrdiff_t m, ptrdiff_t step, const double *inv, const double *mul, const double *fill,
                         double *r, const double *w_left, const double *w_right)
    void ts_wall_factor(ptrdiff_t nx, ptrdiff_t nt, double *D, const double *across, double *mul, double *fill,
                        double *between, double *f)
    ptrdiff_t ts_march_size(ptrdiff_t nt)
    ptrdiff_t ts_march_scratch(ptrdiff_t nt)
    void ts_march_factor(ptrdiff_t nx, ptrdiff_t nt, double *D, const double *mul, const double *fill,
                         const double *between, const double *gc, const double *g, const double *dc,
                         const double *rate, double *coef)
    void ts_march(ptrdiff_t nx, ptrdiff_t nt, int dir, const double *gc, const double *dc, const double *coef,
                  double **c, double *w, double *scratch)
    ptrdiff_t ts_dense_factor(ptrdiff_t n, double *a)
    void ts_dense_solve(ptrdiff_t n, const double *a, double *x)
    double ts_star_rates(ptrdiff_t n, const double *ga, const double *gb, const double *g, const double *Ta,
                         const double *Tb, const double *Tc, double *Fa, double *Fb, double *Fc)
    double ts_stream_rates(ptrdiff_t n, int dir, double r, double y_in, const double *y, double *F)
    void ts_star_product(ptrdiff_t n, const double *ga, const double *gb, const double *g, const double *gc,
                         const double *gv, double v, const double *ua, const double *ub, const double *uc,
                         double *Fa, double *Fb, double *Fc)
    double ts_star_tangent(ptrdiff_t n, const double *ga, const double *gb, const double *g, const double *gc,
                           const double *gv, double v, const double *ua, const double *ub, const double *uc)


ctypedef struct Fast:
    Net loose                    # the network without plates, plate surfaces, tube walls and streams through tubes
    Py_ssize_t n_tube, n_segment, n_border, n_active, n_entry, n_row
    # tubes, plate by plate, y ascending; wall at of tube t: arrays of nx at tube_at[t]
    Ints tube_channel, tube_plate, tube_centre, tube_row, tube_low, tube_at, tube_flow, tube_inlet, tube_valve
    Ints plate_tube              # [n_plate + 1]
    Ints plate_x_step            # [n_plate] 0 when all rows share their x factors, else nx
    Ints plate_x_at              # [n_plate] where a plate's x factors begin
    Ints seg_plate, seg_first, seg_rows, seg_left, seg_right
    # border: unknowns and mixers outside plates and tubes
    Ints border                  # [n_border] place in linear systems
    Ints active                  # [n_active] border entries that plates or tubes depend on
    Ints active_of               # [n_border] index into active, -1
    Ints loose_adv               # [loose streams] their numbers in the whole network
    Ints border_of_surface       # [n_sf] border entry at the other end, -1
    # loose Jacobian entries: 0 diagonal of a cell, 1 cell by border, 2 border by cell, 3 border by border
    Ints entry_kind, entry_a, entry_b
    # work
    double *entry                # [n_entry]
    double *inv                  # [plate cells] by plate_at
    double *mul
    double *fill
    double *xl                   # x factors
    double *xd
    double *xc
    double *g                    # [walls] conductance wall to coolant
    double *gc                   # [walls] its derivative by the coolant
    double *gv                   # [walls] gap times derivative by the valve
    double *dc                   # [walls] reciprocal coolant diagonal
    double *winv                 # [walls]
    double *across               # [walls] each to the next
    double *wmul                 # [walls]
    double *wfill                # [walls]
    double *between              # [3 largest nx]
    double **march               # [n_plate] the march's coefficients, column by column
    double *scratch
    double *kept                 # [8 largest nx]
    double *w                    # [walls] the wall increments of a solve
    double *buffer               # [largest nx] + [walls]
    double *column               # [n_active, nu] what a unit of each active border entry brings
    double *column_w             # [n_active, walls] when some conductance follows the flow
    double *dense                # [n_border, n_border], column by column
    double *border_r             # [n_border]
    double *rate                 # [n_tube]
    double **cells               # [n_tube]
    Ints plate_at                # [n_plate] offset of a plate's cells in inv, mul, fill
    Py_ssize_t walls
    bint any_law                 # some tube's conductance follows temperature or flow
    bint along                   # conduction along x takes part in solves


ctypedef struct Segment:
    # rows between two walls in the order of their elimination: towards the wall where there is only one
    Py_ssize_t plate, nx, rows, step
    Py_ssize_t at, cell          # first row, in inv, mul, fill and among the unknowns
    Py_ssize_t left, right       # tubes, -1 for none


cdef inline Segment segment(const Net *g, const Fast *f, Py_ssize_t j) noexcept nogil:
    cdef Segment s
    cdef Py_ssize_t first = f.seg_first[j]
    s.plate = f.seg_plate[j]
    s.nx = s.step = g.pl_nx[s.plate]
    s.rows = f.seg_rows[j]
    s.left = f.seg_left[j]
    s.right = f.seg_right[j]
    if s.left >= 0 and s.right < 0:
        s.right = s.left
        s.left = -1
        first += s.rows - 1
        s.step = -s.nx
    s.at = f.plate_at[s.plate] + first * s.nx
    s.cell = g.pl_start[s.plate] + first * s.nx
    return s


cdef inline double tube_rate(const Net *g, const Fast *f, const Point *p, Py_ssize_t t) noexcept nogil:
    cdef Py_ssize_t k = g.ch_adv[f.tube_channel[t]]
    return g.adv_rate[k] * valve_factor(g, p, g.adv_valve[k], g.adv_c0[k], g.adv_c1[k])


cdef inline const double *wall_conductance(const Net *g, const Fast *f, const Point *p, Py_ssize_t t,
                                           double *to) noexcept nogil:
    # conductances [nx] from the walls of tube t to its coolant: the constant, or the law filled into `to`
    cdef Py_ssize_t c = f.tube_channel[t], k = g.ch_wall[c], i
    cdef double d_temp, d_flow, flow
    if g.w_law[k] < 0:
        return g.w_g + k
    flow = valve_factor(g, p, g.w_valve[k], g.w_c0[k], g.w_c1[k])
    for i in range(g.ch_n[c]):
        to[i] = g.w_g[k + i] * wall_law(g, g.w_law[k], p.temp[g.ch_start[c] + i], flow, &d_temp, &d_flow)
    return to


cdef inline void fast_rates(const Net *g, Fast *f, Point *p, double *F, double *flow, double *sums) noexcept nogil:
    cdef Py_ssize_t k, t, c, a, b, start, nx
    cdef double q
    cdef const double *conductance
    # the loose part holds all links into mixers
    extend_temperatures(&f.loose, p)
    a = 0
    for k in range(g.n_plate):
        # plate_rates writes the plates' part
        memset(F + a, 0, (g.pl_start[k] - a) * sizeof(double))
        a = g.pl_start[k] + g.pl_nx[k] * g.pl_ny[k]
    memset(F + a, 0, (g.n - a) * sizeof(double))
    memset(flow, 0, g.nq * sizeof(double))
    group_coefficients(g, p)
    plate_rates(g, p, F, sums)
    surface_flows(g, p, F, flow, sums)
    for t in range(f.n_tube):
        c = f.tube_channel[t]
        k = g.ch_wall[c]
        nx = g.ch_n[c]
        start = g.ch_start[c]
        a = g.w_a[k]
        b = g.w_b[k]
        conductance = wall_conductance(g, f, p, t, f.buffer)
        q = ts_star_rates(nx, g.w_ga + k, g.w_gb + k, conductance, p.temp + a, p.temp + b if b >= 0 else NULL,
                          p.temp + start, F + a, F + b if b >= 0 else NULL, F + start)
        add_flow(flow, g.w_flow[k], q)
        k = g.ch_adv[c]
        q = ts_stream_rates(nx, <int> g.ch_dir[c], tube_rate(g, f, p, t), p.y[f.tube_inlet[t]], p.y + start,
                            F + start)
        add_flow(flow, g.adv_flow[k], q)
    link_rates(&f.loose, p, F, flow)
    power_rates(&f.loose, p, F, flow)


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


cdef inline const double *leg(const Net *g, const Fast *f, Py_ssize_t t, bint low) noexcept nogil:
    # conductances between the wall of tube t and the row below (low) or above it
    cdef Py_ssize_t k = g.ch_wall[f.tube_channel[t]], plate = f.tube_plate[t], nx = g.pl_nx[plate]
    cdef const double *gy = g.pl_gy + g.pl_gy_ptr[plate]
    if f.tube_centre[t]:
        return gy + (f.tube_row[t] - 1) * nx if low else gy + f.tube_row[t] * nx
    return g.w_ga + k if low == f.tube_low[t] else g.w_gb + k


cdef inline void fast_columns(const Net *g, Fast *f, double *x, double *w, bint given,
                              bint upstream=False) noexcept nogil:
    # x <- A^-1 x for plates and tubes without border; w [walls]: right-hand sides of the walls when given.
    # upstream: A^-T, by a march that was turned
    cdef Py_ssize_t j, k, t, i, nx, at, row, way = -1 if upstream else 1
    cdef const double *wall_by_coolant = f.g if upstream else f.gc
    cdef Segment m
    for t in range(f.n_tube):
        nx = g.ch_n[f.tube_channel[t]]
        at = f.tube_at[t]
        f.cells[t] = x + g.ch_start[f.tube_channel[t]]
        if not given:
            memset(w + at, 0, nx * sizeof(double))
        if f.tube_centre[t]:
            row = g.pl_start[f.tube_plate[t]] + f.tube_row[t] * nx
            for i in range(nx):
                w[at + i] += x[row + i]
    for j in range(f.n_segment):
        m = segment(g, f, j)
        ts_segment_forward(m.nx, m.rows, m.step, f.mul + m.at, f.fill + m.at, x + m.cell,
                           w + f.tube_at[m.left] if m.left >= 0 else NULL,
                           w + f.tube_at[m.right] if m.right >= 0 else NULL)
    for k in range(g.n_plate):
        t = f.plate_tube[k]
        if f.plate_tube[k + 1] > t:
            at = f.tube_at[t]
            ts_march(g.pl_nx[k], f.plate_tube[k + 1] - t, <int> (way * g.ch_dir[f.tube_channel[t]]),
                     wall_by_coolant + at, f.dc + at, f.march[k], f.cells + t, w + at, f.scratch)
    for t in range(f.n_tube):
        if f.tube_centre[t]:
            nx = g.ch_n[f.tube_channel[t]]
            memcpy(x + g.pl_start[f.tube_plate[t]] + f.tube_row[t] * nx, w + f.tube_at[t], nx * sizeof(double))
    for j in range(f.n_segment):
        m = segment(g, f, j)
        ts_segment_back(m.nx, m.rows, m.step, f.inv + m.at, f.mul + m.at, f.fill + m.at, x + m.cell,
                        w + f.tube_at[m.left] if m.left >= 0 else NULL,
                        w + f.tube_at[m.right] if m.right >= 0 else NULL)


cdef inline void border_product(const Net *g, Fast *f, const Point *p, const double *x, double *out,
                                Py_ssize_t stride) noexcept nogil:
    # out += dF_border/dx x over plates and tubes
    cdef Py_ssize_t k, first, count, i, e
    cdef double sums[2]
    for k in range(f.n_entry):
        if f.entry_kind[k] == 2:
            out[f.entry_a[k] * stride] += f.entry[k] * x[f.entry_b[k]]
    for k in range(g.n_sf):
        i = f.border_of_surface[k]
        if i >= 0 and g.sf_other[k] < g.n:
            first = g.pat_ptr[g.sf_pattern[k]]
            count = g.pat_ptr[g.sf_pattern[k] + 1] - first
            e = g.grp_start[g.sf_group[k]]
            ts_group_tangent(count, pattern(g, g.sf_pattern[k]), g.pat_value[first], p.temp + e, x + e, 0.0, 0.0, NULL,
                             sums)
            out[i * stride] += g.sf_coef[k] * (sums[0] if g.sf_kind[k] == 0 else g.sigma * sums[1])


cdef inline void fast_schur(const Net *g, Fast *f, const Point *p) noexcept nogil:
    cdef Py_ssize_t i, j
    for j in range(f.n_active):
        memset(f.border_r, 0, f.n_border * sizeof(double))
        border_product(g, f, p, f.column + j * g.nu, f.border_r, 1)
        for i in range(f.n_border):
            f.dense[f.active[j] * f.n_border + i] -= f.border_r[i]


cdef inline Py_ssize_t fast_factor(const Net *g, Fast *f, Point *p, double s) noexcept nogil:
    # factorises at the evaluated point p; 0, or 1 + the row whose pivot vanished
    cdef Py_ssize_t k, m, t, i, j, c, first, count, nx, ny, at, v, a, e
    cdef Segment seg
    cdef double d, r
    cdef const double *gl
    cdef const double *gr
    cdef Sink sink
    cdef double *to
    sink.k = 0
    sink.row = sink.col = NULL
    sink.value = f.entry
    sink.out = sink.flow = sink.sums = NULL
    sink.still = False
    link_partials(&f.loose, p, &sink)
    power_partials(&f.loose, p, &sink, 0.0)
    memset(f.dense, 0, f.n_border * f.n_border * sizeof(double))
    memset(f.column, 0, f.n_active * g.nu * sizeof(double))
    if f.any_law:
        memset(f.column_w, 0, f.n_active * f.walls * sizeof(double))
    memset(f.dc, 0, f.walls * sizeof(double))
    for k in range(g.n_plate):
        ts_y_diagonal(g.pl_nx[k], g.pl_ny[k], g.capacity + g.pl_start[k], s, g.pl_gy + g.pl_gy_ptr[k],
                      f.inv + f.plate_at[k])
        at = f.plate_x_at[k]
        nx = g.pl_nx[k]
        for j in range(g.pl_ny[k] if f.plate_x_step[k] > 0 else 1):
            ts_x_factor(nx, g.capacity + g.pl_start[k] + j * nx, g.pl_gx + g.pl_gx_ptr[k] + j * (nx - 1), s,
                        f.xl + at + j * nx, f.xd + at + j * nx, f.xc + at + j * nx)
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
    # plate surfaces
    for m in range(g.n_group):
        first = g.pat_ptr[g.grp_pattern[m]]
        count = g.pat_ptr[g.grp_pattern[m] + 1] - first
        k = 0
        while k + 1 < g.n_plate and g.pl_start[k + 1] <= g.grp_start[m]:
            k += 1
        if no_emission(p, m):
            continue
        ts_group_diagonal(count, g.pat_value + first, p.temp + g.grp_start[m], p.group[3 * m + 1],
                          p.group[3 * m + 2], f.inv + f.plate_at[k] + g.grp_start[m] - g.pl_start[k])
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
    # tubes: coefficients, the stream's entry, the valve
    for t in range(f.n_tube):
        tube_factor(g, f, p, t, s)
        c = f.tube_channel[t]
        nx = g.ch_n[c]
        at = f.tube_at[t]
        i = g.ch_start[c] + (0 if g.ch_dir[c] > 0 else nx - 1)
        a = f.tube_valve[t]
        if g.nb == 0 or not (g.n <= f.tube_inlet[t] < g.n + g.nb):
            e = f.tube_inlet[t] if f.tube_inlet[t] < g.n else f.tube_inlet[t] - g.nb
            for j in range(f.n_active):
                if f.border[f.active[j]] == e:
                    f.column[j * g.nu + i] += f.rate[t]
        if a >= 0:
            k = g.ch_adv[c]
            r = g.adv_rate[k] * g.adv_c1[k]
            to = f.column + a * g.nu + g.ch_start[c]
            for j in range(nx):
                v = j - g.ch_dir[c]
                d = p.y[g.ch_start[c] + v] if 0 <= v < nx else p.y[f.tube_inlet[t]]
                to[j] += r * (d - p.y[g.ch_start[c] + j])
                if f.any_law:
                    to[j] -= f.gv[at + j]
                    f.column_w[a * f.walls + at + j] += f.gv[at + j]
    # rows between walls
    for j in range(f.n_segment):
        seg = segment(g, f, j)
        nx = seg.nx
        gl = leg(g, f, seg.left, False) if seg.left >= 0 else NULL
        gr = leg(g, f, seg.right, seg.step > 0) if seg.right >= 0 else NULL
        # a face wall's leg joins the row's diagonal; a centre row's conductance is in it already
        if seg.left >= 0 and not f.tube_centre[seg.left]:
            for i in range(nx):
                f.inv[seg.at + i] += gl[i]
        if seg.right >= 0 and not f.tube_centre[seg.right]:
            at = seg.at + (seg.rows - 1) * seg.step
            for i in range(nx):
                f.inv[at + i] += gr[i]
        # conductances between rows: from the first row up, or from the last row down
        e = f.seg_first[j] if seg.step > 0 else f.seg_first[j] + seg.rows - 2
        ts_segment_factor(nx, seg.rows, seg.step, f.inv + seg.at, g.pl_gy + g.pl_gy_ptr[seg.plate] + e * nx,
                          f.mul + seg.at, f.fill + seg.at, gl, gr,
                          f.winv + f.tube_at[seg.left] if seg.left >= 0 else NULL,
                          f.winv + f.tube_at[seg.right] if seg.right >= 0 else NULL,
                          f.across + f.tube_at[seg.left] if seg.left >= 0 else NULL, f.buffer)
    for t in range(f.n_tube):
        nx = g.ch_n[f.tube_channel[t]]
        at = f.tube_at[t]
        for i in range(nx):
            f.winv[at + i] -= f.gc[at + i] * f.g[at + i] * f.dc[at + i]
    for k in range(g.n_plate):
        t = f.plate_tube[k]
        if f.plate_tube[k + 1] > t:
            at = f.tube_at[t]
            count = f.plate_tube[k + 1] - t
            ts_wall_factor(g.pl_nx[k], count, f.winv + at, f.across + at, f.wmul + at, f.wfill + at, f.between,
                           f.buffer)
            ts_march_factor(g.pl_nx[k], count, f.winv + at, f.wmul + at, f.wfill + at, f.between, f.gc + at,
                            f.g + at, f.dc + at, f.rate + t, f.march[k])
    # the border's Schur complement
    for j in range(f.n_active):
        to = f.column + j * g.nu
        # centre walls are plate rows: their part of a column lies there
        fast_columns(g, f, to, f.column_w + j * f.walls if f.any_law else f.w, f.any_law)
    fast_schur(g, f, p)
    k = ts_dense_factor(f.n_border, f.dense)
    return 1 + f.border[k - 1] if k > 0 else 0


cdef inline void fast_solve(const Net *g, Fast *f, const Point *p, const double *r, double *u) noexcept nogil:
    # u = M^-1 r [nu]; p is the point that was factorised
    cdef Py_ssize_t k, i, j
    cdef double b
    if u != r:
        memcpy(u, r, g.nu * sizeof(double))
    for k in range(g.n_plate if f.along else 0):
        i = f.plate_x_at[k]
        ts_x_sweep(g.pl_nx[k], g.pl_ny[k], f.xl + i, f.xd + i, f.xc + i, f.plate_x_step[k],
                   u + g.pl_start[k], f.kept)
    fast_columns(g, f, u, f.w, False)
    for i in range(f.n_border):
        f.border_r[i] = u[f.border[i]]
    border_product(g, f, p, u, f.border_r, 1)
    ts_dense_solve(f.n_border, f.dense, f.border_r)
    for j in range(f.n_active):
        b = f.border_r[f.active[j]]
        ts_add(g.nu, b, f.column + j * g.nu, u)
    for i in range(f.n_border):
        u[f.border[i]] = f.border_r[i]


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
                d = p.y[start + i - g.ch_dir[c]] if 0 <= i - g.ch_dir[c] < nx else p.y[f.tube_inlet[t]]
                F[start + i] += r * (d - p.y[start + i])
    link_partials(&f.loose, p, s)
    power_partials(&f.loose, p, s, 0.0)


cdef inline void fast_time_tangent(const Net *g, Fast *f, Point *p, Sink *s) noexcept nogil:
    # dF/dt and the flows' time derivatives; p.dy holds boundaries' and mixers' rates, zero for the unknowns
    cdef Py_ssize_t t, c, k
    cdef double q
    surface_partials(g, p, s, 1.0)
    link_partials(&f.loose, p, s)
    power_partials(&f.loose, p, s, 1.0)
    for t in range(f.n_tube):
        c = f.tube_channel[t]
        k = g.ch_adv[c]
        q = tube_rate(g, f, p, t)
        put(g, p, s, g.ch_start[c] + (0 if g.ch_dir[c] > 0 else g.ch_n[c] - 1), f.tube_inlet[t], q)
        put_flow(p, s, g.adv_flow[k], f.tube_inlet[t], q)


cdef inline void fast_flow_tangent(const Net *g, Fast *f, Point *p, Sink *s) noexcept nogil:
    # derivatives of the flows along p.dy
    cdef Py_ssize_t t, c, k, nx, last, v, b, at
    cdef double q, d
    surface_partials(g, p, s, 0.0)
    link_partials(&f.loose, p, s)
    power_partials(&f.loose, p, s, 0.0)
    for t in range(f.n_tube):
        c = f.tube_channel[t]
        k = g.ch_wall[c]
        nx = g.ch_n[c]
        at = f.tube_at[t]
        if g.w_flow[k] >= 0:
            b = g.w_b[k]
            v = g.w_valve[k] if f.any_law and g.w_law[k] >= 0 else -1
            d = p.dy[g.v_state[v]] if v >= 0 else 0.0
            s.flow[g.w_flow[k]] += ts_star_tangent(nx, g.w_ga + k, g.w_gb + k, f.g + at, f.gc + at,
                                                   f.gv + at if v >= 0 else NULL, d, p.dy + g.w_a[k],
                                                   p.dy + b if b >= 0 else NULL, p.dy + g.ch_start[c])
        k = g.ch_adv[c]
        if g.adv_flow[k] >= 0:
            last = g.ch_start[c] + (nx - 1 if g.ch_dir[c] > 0 else 0)
            q = f.rate[t] * (p.dy[f.tube_inlet[t]] - p.dy[last])
            v = g.adv_valve[k]
            if v >= 0:
                q += g.adv_rate[k] * g.adv_c1[k] * (p.y[f.tube_inlet[t]] - p.y[last]) * p.dy[g.v_state[v]]
            s.flow[g.adv_flow[k]] += q
