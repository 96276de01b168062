# Solves of the fast path: rows towards their walls, a strip at a time; walls and coolant down the flow; the border; rows
# from their walls.
from libc.string cimport memset, memcpy
from net cimport Net, Point, pattern
from partials cimport ts_group_tangent
from plate cimport Fast, ts_x_sweep, ts_segment_forward, ts_segment_back, ts_march, ts_dense_solve


cdef extern from "kernels.h" nogil:
    void ts_add(ptrdiff_t n, double a, const double *x, double *y)


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


cdef inline void begin_solve(Fast *f) noexcept nogil:
    f.w = f.w_odd if f.w == f.w_even else f.w_even
    memset(f.w, 0, f.walls * sizeof(double))


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


cdef inline void centre_rows(const Net *g, const Fast *f, double *x, const double *w) noexcept nogil:
    # rows that are walls
    cdef Py_ssize_t t, nx
    for t in range(f.n_tube):
        if f.tube_centre[t]:
            nx = g.ch_n[f.tube_channel[t]]
            memcpy(x + g.pl_start[f.tube_plate[t]] + f.tube_row[t] * nx, w + f.tube_at[t], nx * sizeof(double))


cdef inline Py_ssize_t rows_back(const Net *g, const Fast *f, Py_ssize_t j, Py_ssize_t plate, Py_ssize_t row, double *x,
                                 const double *w) noexcept nogil:
    # from their walls, segments from j on that begin before a row of a plate; returns the next segment
    cdef Segment m
    while j < f.n_segment and (f.seg_plate[j] < plate or (f.seg_plate[j] == plate and f.seg_first[j] < row)):
        m = segment(g, f, j)
        ts_segment_back(m.nx, m.rows, m.step, m.gy, m.even, m.right_leg, f.inv + m.at, f.fill + m.at, x + m.cell,
                        w + f.tube_at[m.left] if m.left >= 0 else NULL,
                        w + f.tube_at[m.right] if m.right >= 0 else NULL)
        j += 1
    return j


cdef inline void all_rows_back(const Net *g, const Fast *f, double *x, const double *w) noexcept nogil:
    centre_rows(g, f, x, w)
    rows_back(g, f, 0, g.n_plate, 0, x, w)


cdef inline void fast_columns(const Net *g, Fast *f, double *x, double *w, bint upstream) noexcept nogil:
    # x <- A^-1 x for plates and tubes without border; w [walls]: right-hand sides of the walls in, walls out.
    # upstream: A^-T, by a march that was turned
    cdef Py_ssize_t k
    for k in range(f.n_strip):
        strip_forward(g, f, k, x, w)
    march_columns(g, f, x, w, upstream)
    all_rows_back(g, f, x, w)


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
    # u, f.w: rows eliminated towards the walls in, solution out, but that rows may wait for their walls
    cdef Py_ssize_t i, j, t, start
    cdef double b
    march_columns(g, f, u, f.w, False)
    if not f.tubes_only:
        all_rows_back(g, f, u, f.w)
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
    for i in range(f.n_border):
        u[f.border[i]] = f.border_r[i]
    f.waiting = NULL
    if f.tubes_only:
        f.waiting = u
        f.waiting_w = f.w
        centre_rows(g, f, u, f.w)


cdef inline void end_waiting(const Net *g, Fast *f) noexcept nogil:
    if f.waiting != NULL:
        rows_back(g, f, 0, g.n_plate, 0, f.waiting, f.waiting_w)
        f.waiting = NULL


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
    begin_solve(f)
    for k in range(f.n_strip):
        strip_along(g, f, k, u)
        strip_forward(g, f, k, u, f.w)
    end_solve(g, f, p, u)
    end_waiting(g, f)
