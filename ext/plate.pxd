# The fast path: plates with tubes along x, and a small dense border of everything else. Its layout, and what flows
# where; plate_tangent.pxd differentiates, eliminate.pxd factorises, sweep.pxd solves.
from libc.string cimport memset, memcpy
from net cimport Net, Point, Reals, Ints
from laws cimport wall_law
from rates cimport (extend_values, map_temperatures, group_coefficients, begin_sums, row_rates, end_sums, surface_flows,
                    link_rates, power_rates, valve_factor, add_flow)


cdef extern from "plate.h" nogil:
    void ts_x_factor(ptrdiff_t nx, const double *C, const double *gx, double s, double *l, double *d, double *c)
    void ts_x_sweep(ptrdiff_t nx, ptrdiff_t ny, const double *l, const double *d, const double *c, ptrdiff_t step,
                    double *r, double *kept)
    void ts_y_diagonal(ptrdiff_t nx, ptrdiff_t ny, ptrdiff_t first, ptrdiff_t last, const double *C, int equal,
                       double s, const double *gy, int even, double *D)
    void ts_group_diagonal(ptrdiff_t n, const double *p, const double *T, double b, double e, double *D)
    void ts_segment_factor(ptrdiff_t nx, ptrdiff_t m, ptrdiff_t step, double *D, const double *gy,
                           double *mul, double *fill, const double *left, const double *right, double *D_left,
                           double *D_right, double *across, double *f)
    void ts_segment_forward(ptrdiff_t nx, ptrdiff_t m, ptrdiff_t begin, ptrdiff_t end, ptrdiff_t step,
                            const double *gy, int even, const double *right, const double *inv, const double *fill,
                            double *r, double *r_left, double *r_right)
    void ts_segment_back(ptrdiff_t nx, ptrdiff_t m, ptrdiff_t step, const double *gy, int even, const double *right,
                         const double *inv, const double *fill, double *r, const double *w_left,
                         const double *w_right)
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
    Py_ssize_t n_tube, n_segment, n_border, n_active, n_entry
    # tubes, plate by plate, y ascending; wall at of tube t: arrays of nx at tube_at[t]
    Ints tube_channel, tube_plate, tube_centre, tube_row, tube_low, tube_at, tube_inlet, tube_valve
    Ints plate_tube              # [n_plate + 1]
    Ints plate_x_step            # [n_plate] 0 when all rows share their x factors, else nx
    Ints plate_x_at              # [n_plate] where a plate's x factors begin
    Ints seg_plate, seg_first, seg_rows, seg_left, seg_right
    # strips: rows of a plate that pass through a stage together
    Py_ssize_t n_strip
    Ints strip_plate, strip_first, strip_end
    Ints strip_tube              # [n_strip + 1] first tube
    Ints strip_segment           # first segment with rows in it
    Py_ssize_t n_run
    Ints run_first, run_count    # unknowns outside plates
    Py_ssize_t n_loose_cell
    Ints loose_cells             # plate cells that loose elements read or heat, ascending
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
    double *w                    # [walls] the walls of a solve: either of two, so that those of the last one stay
    double *w_even
    double *w_odd
    double *waiting              # a solution whose rows between walls are still to be found from waiting_w; NULL: none
    double *waiting_w
    double *heat                 # [largest strip] what its cells gain
    double *band                 # [largest strip and a row on either side] its temperatures
    double *held                 # [n_loose_cell] what they gain of loose elements
    double *buffer               # [largest nx] + [walls]
    double *column               # [n_active, nu] what a unit of each active border entry brings; tubes_only: but to rows
    double *column_w             # [n_active, walls] the same of the walls
    double *dense                # [n_border, n_border], column by column
    double *border_r             # [n_border]
    double *rate                 # [n_tube]
    double **cells               # [n_tube]
    Ints plate_at                # [n_plate] offset of a plate's cells in inv, fill
    Py_ssize_t walls
    bint any_law                 # some tube's conductance follows temperature or flow
    bint tubes_only              # border and plates touch each other through tubes alone
    bint along                   # conduction along x takes part in solves
    double steepest              # rate at which conduction along x evens out neighbouring cells, 1/s, the largest


cdef inline double tube_rate(const Net *g, const Fast *f, const Point *p, Py_ssize_t t) noexcept nogil:
    cdef Py_ssize_t k = g.ch_adv[f.tube_channel[t]]
    return g.adv_rate[k] * valve_factor(g, p, g.adv_valve[k], g.adv_c0[k], g.adv_c1[k])


cdef inline double upstream_gap(const Net *g, const Fast *f, const Point *p, Py_ssize_t t, Py_ssize_t i) noexcept nogil:
    # by how much the stream that enters cell i of tube t is warmer than the cell
    cdef Py_ssize_t c = f.tube_channel[t], k = i - g.ch_dir[c]
    return (p.y[g.ch_start[c] + k] if 0 <= k < g.ch_n[c] else p.y[f.tube_inlet[t]]) - p.y[g.ch_start[c] + i]


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


cdef inline Py_ssize_t strip_cell(const Net *g, const Fast *f, Py_ssize_t strip) noexcept nogil:
    # its first cell
    return g.pl_start[f.strip_plate[strip]] + f.strip_first[strip] * g.pl_nx[f.strip_plate[strip]]


cdef inline Py_ssize_t strip_size(const Net *g, const Fast *f, Py_ssize_t strip) noexcept nogil:
    # its cells
    return (f.strip_end[strip] - f.strip_first[strip]) * g.pl_nx[f.strip_plate[strip]]


cdef inline void begin_rates(const Net *g, Fast *f, Point *p, double *F, double *flow, double *sums) noexcept nogil:
    # all but plates and tubes, whose unknowns may be set later but for loose cells
    cdef Py_ssize_t k
    extend_values(&f.loose, p)
    if g.n_mapped > 0:
        for k in range(f.n_run):
            memcpy(p.temp + f.run_first[k], p.y + f.run_first[k], f.run_count[k] * sizeof(double))
        memcpy(p.temp + g.n, p.y + g.n, (g.ne - g.n) * sizeof(double))
        for k in range(f.n_loose_cell):
            p.temp[f.loose_cells[k]] = p.y[f.loose_cells[k]]
        map_temperatures(g, p)
    for k in range(f.n_run):
        memset(F + f.run_first[k], 0, f.run_count[k] * sizeof(double))
    for k in range(f.n_loose_cell):
        F[f.loose_cells[k]] = 0.0
    memset(flow, 0, g.nq * sizeof(double))
    group_coefficients(g, p)
    begin_sums(g, sums)
    link_rates(&f.loose, p, F, flow)
    power_rates(&f.loose, p, F, flow)
    for k in range(f.n_loose_cell):
        f.held[k] = F[f.loose_cells[k]]


cdef inline void strip_rates(const Net *g, Fast *f, const Point *p, Py_ssize_t strip, const double *T, double *heat,
                             double *F, double *flow, double *sums) noexcept nogil:
    # a strip's cells, of temperatures T, into heat, its tubes' coolant into F
    cdef Py_ssize_t plate = f.strip_plate[strip], nx = g.pl_nx[plate], t, k, c, a, b, start
    cdef Py_ssize_t first = strip_cell(g, f, strip), end = first + strip_size(g, f, strip)
    cdef double q
    cdef const double *conductance
    row_rates(g, p, plate, f.strip_first[strip], f.strip_end[strip], T, heat, sums)
    for t in range(f.strip_tube[strip], f.strip_tube[strip + 1]):
        c = f.tube_channel[t]
        k = g.ch_wall[c]
        start = g.ch_start[c]
        a = g.w_a[k] - first
        b = g.w_b[k] - first
        conductance = wall_conductance(g, f, p, t, f.buffer)
        q = ts_star_rates(nx, g.w_ga + k, g.w_gb + k, conductance, T + a, T + b if g.w_b[k] >= 0 else NULL,
                          p.temp + start, heat + a, heat + b if g.w_b[k] >= 0 else NULL, F + start)
        add_flow(flow, g.w_flow[k], q)
        k = g.ch_adv[c]
        q = ts_stream_rates(nx, <int> g.ch_dir[c], tube_rate(g, f, p, t), p.y[f.tube_inlet[t]], p.y + start,
                            F + start)
        add_flow(flow, g.adv_flow[k], q)
    if f.n_loose_cell > 0:
        for k in range(loose_before(f, first), loose_before(f, end)):
            heat[f.loose_cells[k] - first] += f.held[k]


cdef inline Py_ssize_t loose_before(const Fast *f, Py_ssize_t cell) noexcept nogil:
    # number of loose cells before this one
    cdef Py_ssize_t low = 0, high = f.n_loose_cell, middle
    while low < high:
        middle = (low + high) // 2
        if f.loose_cells[middle] < cell:
            low = middle + 1
        else:
            high = middle
    return low


cdef inline void end_rates(const Net *g, Point *p, double *F, double *flow, double *sums) noexcept nogil:
    end_sums(g, sums)
    surface_flows(g, p, F, flow, sums)


cdef inline void begin_known(const Net *g, Fast *f, Point *p, double *F, double *flow, double *sums) noexcept nogil:
    # where all unknowns are set
    cdef Py_ssize_t k
    begin_rates(g, f, p, F, flow, sums)
    for k in range(g.n_plate if g.n_mapped > 0 else 0):
        # plates have no law
        memcpy(p.temp + g.pl_start[k], p.y + g.pl_start[k], g.pl_nx[k] * g.pl_ny[k] * sizeof(double))


cdef inline void fast_rates(const Net *g, Fast *f, Point *p, double *F, double *flow, double *sums) noexcept nogil:
    cdef Py_ssize_t k, a
    begin_known(g, f, p, F, flow, sums)
    for k in range(f.n_strip):
        a = strip_cell(g, f, k)
        strip_rates(g, f, p, k, p.temp + a, F + a, F, flow, sums)
    end_rates(g, p, F, flow, sums)
