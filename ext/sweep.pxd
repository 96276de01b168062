# Solves of the fast path, and its stages: plates are gone through once forth, a strip of rows at a time, and once back.
# Forth, a strip takes the combination of earlier stages, its rates, the stage's right-hand side, conduction along x and
# the elimination of rows towards the walls while it lies in the nearest caches.
from libc.string cimport memset, memcpy, memmove
from net cimport Net, Point, pattern, MAX_STAGES
from rates cimport part, ts_group_source
from partials cimport ts_group_tangent
from plate cimport (Fast, begin_rates, strip_rates, end_rates, strip_cell, loose_before, ts_x_sweep, ts_segment_forward,
                    ts_segment_back, ts_march, ts_dense_solve)


cdef extern from "kernels.h" nogil:
    void ts_add(ptrdiff_t n, double a, const double *x, double *y)
    void ts_combine2(ptrdiff_t n, int count, const double *a, const double *c, const double **vec,
                     const double *base, double *out, double *sum)
    void ts_stage_rows(ptrdiff_t n, const double *C, int equal, const double *F, double *u)
    void ts_stage(ptrdiff_t n, const double *C, const double *F, double f, const double *Ft, double *u)
    void ts_start(ptrdiff_t n, const double *F, double f, const double *Ft, double *u)


ctypedef struct Mix:
    # what a stage makes of earlier ones: its state base + sum of a u, and sum of c u
    int count
    const double *a
    const double *c
    const double **u
    const double *base
    bint keep                    # the whole state is wanted


ctypedef struct Segment:
    # rows between two walls in the order of their elimination: towards the wall where there is only one
    Py_ssize_t plate, nx, rows, step
    Py_ssize_t at, cell          # first row, in inv, fill and among the unknowns
    Py_ssize_t left, right       # tubes, -1 for none
    const double *gy             # between its rows, in the same order
    int even                     # one value along each row
    const double *left_leg       # [nx] to the walls, NULL for none
    const double *right_leg


cdef inline const double *leg(const Net *g, const Fast *f, Py_ssize_t t, bint low) noexcept nogil:
    # conductances between the wall of tube t and the row below (low) or above it
    cdef Py_ssize_t k = g.ch_wall[f.tube_channel[t]], plate = f.tube_plate[t], nx = g.pl_nx[plate]
    cdef const double *gy = g.pl_gy + g.pl_gy_ptr[plate]
    if f.tube_centre[t]:
        return gy + (f.tube_row[t] - 1) * nx if low else gy + f.tube_row[t] * nx
    return g.w_ga + k if low == f.tube_low[t] else g.w_gb + k


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
    s.gy = g.pl_gy + g.pl_gy_ptr[s.plate] + (first if s.step > 0 else first - 1) * s.nx
    s.even = <int> g.pl_even[s.plate]
    s.left_leg = leg(g, f, s.left, False) if s.left >= 0 else NULL
    s.right_leg = leg(g, f, s.right, s.step > 0) if s.right >= 0 else NULL
    return s


cdef inline void begin_walls(Fast *f, double *w) noexcept nogil:
    memset(w, 0, f.walls * sizeof(double))


cdef inline void strip_forward(const Net *g, Fast *f, Py_ssize_t strip, double *x, double *w) noexcept nogil:
    # rows of a strip, in order, towards their walls
    cdef Py_ssize_t t, i, j, nx, row, end, done, plate = f.strip_plate[strip], last = f.strip_end[strip]
    cdef Segment m
    for t in range(f.strip_tube[strip], f.strip_tube[strip + 1]):
        if f.tube_centre[t]:
            nx = g.pl_nx[plate]
            row = g.pl_start[plate] + f.tube_row[t] * nx
            for i in range(nx):
                w[f.tube_at[t] + i] += x[row + i]
    j = f.strip_segment[strip]
    while j < f.n_segment and f.seg_plate[j] == plate and f.seg_first[j] < last:
        m = segment(g, f, j)
        done = max(f.strip_first[strip] - f.seg_first[j], 0)
        end = min(last - f.seg_first[j], m.rows)
        if m.step < 0:
            # from its far end: when that is there
            done = 0
            end = m.rows if last - f.seg_first[j] >= m.rows else 0
        ts_segment_forward(m.nx, m.rows, done, end, m.step, m.gy, m.even, m.right_leg, f.inv + m.at, f.fill + m.at,
                           x + m.cell,
                           w + f.tube_at[m.left] if m.left >= 0 else NULL,
                           w + f.tube_at[m.right] if m.right >= 0 else NULL)
        j += 1


cdef inline void march_columns(const Net *g, Fast *f, double *x, double *w, bint upstream) noexcept nogil:
    # walls and coolant
    cdef Py_ssize_t k, t, at, way = -1 if upstream else 1
    cdef const double *wall_by_coolant = f.g if upstream else f.gc
    for t in range(f.n_tube):
        f.cells[t] = x + g.ch_start[f.tube_channel[t]]
    for k in range(g.n_plate):
        t = f.plate_tube[k]
        if f.plate_tube[k + 1] > t:
            at = f.tube_at[t]
            ts_march(g.pl_nx[k], f.plate_tube[k + 1] - t, <int> (way * g.ch_dir[f.tube_channel[t]]),
                     wall_by_coolant + at, f.dc + at, f.march[k], f.cells + t, w + at, f.scratch)


cdef inline void rows_back(const Net *g, const Fast *f, double *x, const double *w) noexcept nogil:
    # rows from walls
    cdef Py_ssize_t j, t, nx
    cdef Segment m
    for t in range(f.n_tube):
        if f.tube_centre[t]:
            nx = g.ch_n[f.tube_channel[t]]
            memcpy(x + g.pl_start[f.tube_plate[t]] + f.tube_row[t] * nx, w + f.tube_at[t], nx * sizeof(double))
    for j in range(f.n_segment):
        m = segment(g, f, j)
        ts_segment_back(m.nx, m.rows, m.step, m.gy, m.even, m.right_leg, f.inv + m.at, f.fill + m.at, x + m.cell,
                        w + f.tube_at[m.left] if m.left >= 0 else NULL,
                        w + f.tube_at[m.right] if m.right >= 0 else NULL)


cdef inline void fast_columns(const Net *g, Fast *f, double *x, double *w, bint upstream) noexcept nogil:
    # x <- A^-1 x for plates and tubes without border; w [walls]: right-hand sides of the walls in, walls out.
    # upstream: A^-T, by a march that was turned
    cdef Py_ssize_t k
    for k in range(f.n_strip):
        strip_forward(g, f, k, x, w)
    march_columns(g, f, x, w, upstream)
    rows_back(g, f, x, w)


cdef inline void border_product(const Net *g, Fast *f, const Point *p, const double *x, double *out) noexcept nogil:
    # out += dF_border/dx x over plates and tubes
    cdef Py_ssize_t k, first, count, i, e
    cdef double sums[2]
    for k in range(f.n_entry):
        if f.entry_kind[k] == 2:
            out[f.entry_a[k]] += f.entry[k] * x[f.entry_b[k]]
    for k in range(g.n_sf):
        i = f.border_of_surface[k]
        if i >= 0 and g.sf_other[k] < g.n:
            first = g.pat_ptr[g.sf_pattern[k]]
            count = g.pat_ptr[g.sf_pattern[k] + 1] - first
            e = g.grp_start[g.sf_group[k]]
            ts_group_tangent(count, pattern(g, g.sf_pattern[k]), g.pat_value[first], p.temp + e, x + e, 0.0, 0.0, NULL,
                             sums)
            out[i] += g.sf_coef[k] * (sums[0] if g.sf_kind[k] == 0 else g.sigma * sums[1])


cdef inline void solve_border(const Net *g, Fast *f, const Point *p, const double *u) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(f.n_border):
        f.border_r[i] = u[f.border[i]]
    border_product(g, f, p, u, f.border_r)
    ts_dense_solve(f.n_border, f.dense, f.border_r)


cdef inline void end_solve(const Net *g, Fast *f, const Point *p, double *u) noexcept nogil:
    # u, f.w: rows eliminated towards the walls in, solution out
    cdef Py_ssize_t i, j, t, start
    cdef double b
    march_columns(g, f, u, f.w, False)
    if not f.tubes_only:
        rows_back(g, f, u, f.w)
    solve_border(g, f, p, u)
    for j in range(f.n_active):
        b = f.border_r[f.active[j]]
        if not f.tubes_only:
            ts_add(g.nu, b, f.column + j * g.nu, u)
            continue
        ts_add(f.walls, b, f.column_w + j * f.walls, f.w)
        for t in range(f.n_tube):
            start = g.ch_start[f.tube_channel[t]]
            ts_add(g.ch_n[f.tube_channel[t]], b, f.column + j * g.nu + start, u + start)
    if f.tubes_only:
        rows_back(g, f, u, f.w)
    for i in range(f.n_border):
        u[f.border[i]] = f.border_r[i]


cdef inline void strip_along(const Net *g, Fast *f, Py_ssize_t strip, double *u) noexcept nogil:
    cdef Py_ssize_t plate = f.strip_plate[strip], first = f.strip_first[strip], nx = g.pl_nx[plate]
    cdef Py_ssize_t i = f.plate_x_at[plate] + first * f.plate_x_step[plate]
    if f.along:
        ts_x_sweep(nx, f.strip_end[strip] - first, f.xl + i, f.xd + i, f.xc + i, f.plate_x_step[plate],
                   u + g.pl_start[plate] + first * nx, f.kept)


cdef inline void fast_solve(const Net *g, Fast *f, const Point *p, const double *r, double *u) noexcept nogil:
    # u = M^-1 r [nu]; p is the point that was factorised
    cdef Py_ssize_t k
    if u != r:
        memcpy(u, r, g.nu * sizeof(double))
    begin_walls(f, f.w)
    for k in range(f.n_strip):
        strip_along(g, f, k, u)
        strip_forward(g, f, k, u, f.w)
    end_solve(g, f, p, u)


cdef inline void combine(const Mix *x, Py_ssize_t first, Py_ssize_t count, double *state, double *u) noexcept nogil:
    # of `count` unknowns from `first` on
    cdef const double *from_first[MAX_STAGES]
    cdef int k
    for k in range(x.count):
        from_first[k] = x.u[k] + first
    ts_combine2(count, x.count, x.a, x.c, from_first, x.base + first, state, u + first)


cdef inline const double *strip_state(const Net *g, Fast *f, const Mix *x, Py_ssize_t strip, double *y,
                                      double *u) noexcept nogil:
    # temperatures of a strip, and of the rows on either side, at the stage: in y, or in the band where it need not last
    cdef Py_ssize_t plate = f.strip_plate[strip], nx = g.pl_nx[plate], cell = strip_cell(g, f, strip)
    cdef Py_ssize_t first = f.strip_first[strip], rows = f.strip_end[strip] - first, before, count
    cdef double *T = y + cell if x.keep else f.band + nx
    cdef Py_ssize_t done = 0 if first == 0 else 1
    if done > 0 and not x.keep:
        before = first - f.strip_first[strip - 1]
        memmove(f.band, f.band + before * nx, 2 * nx * sizeof(double))
    count = min(rows + 1, g.pl_ny[plate] - first) - done
    if count > 0:
        combine(x, cell + done * nx, count * nx, T + done * nx, u)
    return T


cdef inline void strip_source(const Net *g, Fast *f, const Point *p, Py_ssize_t strip, double time_factor,
                              double *heat) noexcept nogil:
    # heat += time_factor times the groups' time derivatives
    cdef Py_ssize_t m, first, lo, hi, cell = strip_cell(g, f, strip), plate = f.strip_plate[strip]
    cdef Py_ssize_t end = cell + (f.strip_end[strip] - f.strip_first[strip]) * g.pl_nx[plate]
    for m in range(g.n_group):
        if p.group_rate[m] == 0.0:
            continue
        first = g.pat_ptr[g.grp_pattern[m]]
        lo = max(g.grp_start[m], cell)
        hi = min(g.grp_start[m] + g.pat_ptr[g.grp_pattern[m] + 1] - first, end)
        if lo < hi:
            ts_group_source(hi - lo, part(g, m, lo - g.grp_start[m]), g.pat_value[first],
                            time_factor * p.group_rate[m], heat + lo - cell)


cdef inline void fast_stage(const Net *g, Fast *f, const Mix *x, const Point *p, Point *stage, double time_factor,
                            const double *Ft, double *F, double *flow, double *sums, double *u) noexcept nogil:
    # u = M^-1 (F + C sum of c u + time_factor Ft) with F and flows at the stage's state; p is the point that was
    # factorised. Without earlier stages (x.count = 0) F holds the rates already. Of Ft plate cells need loose ones alone
    cdef Py_ssize_t k, i, plate, first, count
    cdef const double *T
    begin_walls(f, f.w)
    if x.count > 0:
        for k in range(f.n_run):
            combine(x, f.run_first[k], f.run_count[k], stage.y + f.run_first[k], u)
        for k in range(f.n_loose_cell):
            combine(x, f.loose_cells[k], 1, stage.y + f.loose_cells[k], u)
        begin_rates(g, f, stage, F, flow, sums)
        for k in range(g.n_group):
            stage.group[3 * k] += time_factor * p.group_rate[k]
    for k in range(f.n_strip):
        plate = f.strip_plate[k]
        first = strip_cell(g, f, k)
        count = (f.strip_end[k] - f.strip_first[k]) * g.pl_nx[plate]
        if x.count > 0:
            T = strip_state(g, f, x, k, stage.y, u)
            strip_rates(g, f, stage, k, T, f.heat, F, flow, sums)
            ts_stage_rows(count, g.capacity + first, <int> g.pl_equal[plate], f.heat, u + first)
        else:
            memcpy(u + first, F + first, count * sizeof(double))
            strip_source(g, f, p, k, time_factor, u + first)
        if f.n_loose_cell > 0:
            for i in range(loose_before(f, first), loose_before(f, first + count)):
                u[f.loose_cells[i]] += time_factor * Ft[f.loose_cells[i]]
        strip_along(g, f, k, u)
        strip_forward(g, f, k, u, f.w)
    if x.count > 0:
        end_rates(g, stage, F, flow, sums)
    for k in range(f.n_run):
        first = f.run_first[k]
        if x.count > 0:
            ts_stage(f.run_count[k], g.capacity + first, F + first, time_factor, Ft + first, u + first)
        else:
            ts_start(f.run_count[k], F + first, time_factor, Ft + first, u + first)
    memset(u + g.n, 0, g.nm * sizeof(double))
    end_solve(g, f, p, u)
