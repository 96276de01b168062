# The two ways to solve (shift C - J) u = r, behind one class.

cdef class Solver:
    """Linear systems of one problem."""

    cdef Linear m
    cdef Point point
    cdef Problem problem
    cdef list keep
    cdef double[::1] scratch     # what the factorised point lies in
    cdef bint factorised

    def factorise(self, double t, double t_lo, double t_hi, const double[::1] y, double shift, double[::1] F,
                  double[::1] flow, double[::1] scratch):
        """Factorise shift C - J at (t, y); F and the flows there are filled too. Returns 0 or 1 + the bad row."""
        cdef double *rest
        cdef Py_ssize_t bad
        cdef Net *g = &self.problem.net
        check(y.shape[0] == g.n and F.shape[0] == g.n and flow.shape[0] == g.nq)
        check(scratch.shape[0] >= point_size(g))
        self.scratch = scratch
        self.factorised = True
        with nogil:
            rest = lay_out(g, &self.point, &scratch[0])
            memcpy(self.point.y, &y[0], g.n * sizeof(double))
            set_forcing(g, &self.point, t, t_lo, t_hi)
            evaluate(&self.m, g, &self.point, &F[0], &flow[0] if g.nq else NULL, rest)
            bad = factor(&self.m, g, &self.point, shift)
        return bad

    def apply(self, const double[::1] r, double[::1] u):
        """u [n + mixers] = (shift C - J)^-1 r at the factorised point; the mixers' part of r is zero."""
        cdef Net *g = &self.problem.net
        check(self.factorised and r.shape[0] == g.nu and u.shape[0] == g.nu)
        with nogil:
            solve(&self.m, g, &self.point, &r[0], &u[0])

    def apply_transpose(self, const double[::1] r, double[::1] u):
        """u [n + mixers], of the transposed system, at the factorised point; the mixers' part of r is zero."""
        cdef Net *g = &self.problem.net
        check(self.factorised and r.shape[0] == g.nu and u.shape[0] == g.nu)
        with nogil:
            if &u[0] != &r[0]:
                memcpy(&u[0], &r[0], g.nu * sizeof(double))
            turn(&self.m, g, True)
            solve_transpose(&self.m, g, &self.point, &u[0], NULL)
            turn(&self.m, g, False)

    def product(self, const double[::1] x, double[::1] out):
        """out [n] = J x at the factorised point, the mixers eliminated."""
        cdef Sink sink
        cdef Net *g = &self.problem.net
        check(self.factorised and x.shape[0] == g.n and out.shape[0] == g.n)
        memset(&sink, 0, sizeof(Sink))
        sink.out = &out[0]
        sink.sums = self.point.dbus + g.n_battery
        with nogil:
            memcpy(self.point.dy, &x[0], g.n * sizeof(double))
            product(&self.m, g, &self.point, &sink)


cdef class SparseSolver(Solver):
    """Sparse LU on the fixed pattern that solver.ordering found."""

    cdef Sparse sparse

    def __init__(self, Problem problem, const Py_ssize_t[::1] perm, const Py_ssize_t[::1] ptr, const Py_ssize_t[::1] col,
                 const Py_ssize_t[::1] diag, const Py_ssize_t[::1] slot, double[::1] work):
        cdef Sparse *s = &self.sparse
        self.problem = problem
        self.keep = [perm, ptr, col, diag, slot, work]
        check(perm.shape[0] == problem.net.nu)
        s.nu = perm.shape[0]
        s.perm = &perm[0]
        s.ptr = &ptr[0]
        s.col = &col[0]
        s.diag = &diag[0]
        s.entries = slot.shape[0]
        s.slot = &slot[0] if slot.shape[0] else NULL
        check(work.shape[0] >= s.entries + col.shape[0] + 2 * s.nu)
        s.value = &work[0]
        s.lu = s.value + s.entries
        s.work = s.lu + col.shape[0]
        s.inverse = s.work + s.nu
        self.m.sparse = s
        self.m.fast = NULL

    def negative_pivots(self):
        """Number of negative pivots of the last factorisation: odd when a real rate lies above the shift."""
        cdef Py_ssize_t i, count = 0
        for i in range(self.sparse.nu):
            count += self.sparse.inverse[i] < 0.0
        return count


cdef class PlateSolver(Solver):
    """Plates with tubes along x and a dense border, laid out by solver.plan."""

    cdef Fast fast
    cdef Py_ssize_t cells        # of all plates

    def __init__(self, Problem problem, plan, double[::1] work):
        cdef Fast *f = &self.fast
        cdef Net *g = &problem.net
        cdef double *at = &work[0]
        cdef Py_ssize_t cells = plan.cells, walls = plan.walls, x = plan.x_factors, k, tubes, scratch
        memset(f, 0, sizeof(Fast))
        self.problem = problem
        self.keep = [plan, work]
        bind(&f.loose, plan.loose, plan.loose_groups, self.keep)
        f.n_tube = len(plan.tube_channel)
        f.n_segment = len(plan.seg_plate)
        f.n_border = len(plan.border)
        f.n_active = len(plan.active)
        f.n_entry = len(plan.entry_kind)
        f.tube_channel = ints(self.keep, plan.tube_channel)
        f.tube_plate = ints(self.keep, plan.tube_plate)
        f.tube_centre = ints(self.keep, plan.tube_centre)
        f.tube_row = ints(self.keep, plan.tube_row)
        f.tube_low = ints(self.keep, plan.tube_low)
        f.tube_at = ints(self.keep, plan.tube_at)
        f.tube_inlet = ints(self.keep, plan.tube_inlet)
        f.tube_valve = ints(self.keep, plan.tube_valve)
        f.plate_tube = ints(self.keep, plan.plate_tube)
        f.plate_x_step = ints(self.keep, plan.plate_x_step)
        f.plate_x_at = ints(self.keep, plan.plate_x_at)
        f.plate_at = ints(self.keep, plan.plate_at)
        f.seg_plate = ints(self.keep, plan.seg_plate)
        f.seg_first = ints(self.keep, plan.seg_first)
        f.seg_rows = ints(self.keep, plan.seg_rows)
        f.seg_left = ints(self.keep, plan.seg_left)
        f.seg_right = ints(self.keep, plan.seg_right)
        f.n_strip = len(plan.strip_plate)
        f.strip_plate = ints(self.keep, plan.strip_plate)
        f.strip_first = ints(self.keep, plan.strip_first)
        f.strip_end = ints(self.keep, plan.strip_end)
        f.strip_tube = ints(self.keep, plan.strip_tube)
        f.strip_segment = ints(self.keep, plan.strip_segment)
        f.n_run = len(plan.run_first)
        f.run_first = ints(self.keep, plan.run_first)
        f.run_count = ints(self.keep, plan.run_count)
        f.n_loose_cell = len(plan.loose_cells)
        f.loose_cells = ints(self.keep, plan.loose_cells)
        f.tubes_only = plan.tubes_only
        f.steepest = plan.steepest_x_per_s
        f.border = ints(self.keep, plan.border)
        f.active = ints(self.keep, plan.active)
        f.active_of = ints(self.keep, plan.active_of)
        f.loose_adv = ints(self.keep, plan.loose_adv)
        f.border_of_surface = ints(self.keep, plan.border_of_surface)
        f.entry_kind = ints(self.keep, plan.entry_kind)
        f.entry_a = ints(self.keep, plan.entry_a)
        f.entry_b = ints(self.keep, plan.entry_b)
        f.any_law = plan.any_law
        f.walls = walls
        check(work.shape[0] >= plan.work_size)
        f.entry = take(&at, f.n_entry)
        f.inv = take(&at, cells)
        f.fill = take(&at, cells)
        f.xl = take(&at, x)
        f.xd = take(&at, x)
        f.xc = take(&at, x)
        f.g = take(&at, walls)
        f.gc = take(&at, walls)
        f.gv = take(&at, walls if f.any_law else 0)
        f.dc = take(&at, walls)
        f.winv = take(&at, walls)
        f.across = take(&at, walls)
        f.wmul = take(&at, walls)
        f.wfill = take(&at, walls)
        f.w = f.w_even = take(&at, walls)
        f.w_odd = take(&at, walls)
        f.between = take(&at, 3 * plan.widest)
        f.march = <double **> take(&at, g.n_plate)
        scratch = 0
        for k in range(g.n_plate):
            tubes = f.plate_tube[k + 1] - f.plate_tube[k]
            f.march[k] = take(&at, g.pl_nx[k] * ts_march_size(tubes) if tubes > 0 else 0)
            scratch = max(scratch, ts_march_scratch(tubes))
        f.scratch = take(&at, scratch)
        f.buffer = take(&at, plan.widest)
        f.kept = take(&at, 8 * plan.widest)
        f.column = take(&at, f.n_active * g.nu)
        f.column_w = take(&at, f.n_active * walls)
        scratch = 0
        for k in range(f.n_strip):
            scratch = max(scratch, (f.strip_end[k] - f.strip_first[k]) * g.pl_nx[f.strip_plate[k]])
        f.heat = take(&at, scratch)
        f.band = take(&at, scratch + 2 * plan.widest)
        f.held = take(&at, f.n_loose_cell)
        f.dense = take(&at, f.n_border * f.n_border)
        f.border_r = take(&at, f.n_border)
        f.rate = take(&at, f.n_tube)
        f.cells = <double **> take(&at, f.n_tube)
        self.cells = cells
        f.along = True
        self.m.sparse = NULL
        self.m.fast = f

    def leave_out_x(self, bint leave_out):
        """Whether solves leave conduction along x out, as a preconditioner for slow states may."""
        self.fast.along = not leave_out

    def negative_pivots(self):
        """Number of negative pivots of the last factorisation: odd when a real rate lies above the shift."""
        cdef Py_ssize_t i, t, nx, count = 0
        cdef Fast *f = &self.fast
        for i in range(self.cells):
            count += f.inv[i] < 0.0
        for t in range(f.n_tube):
            # a centre tube's row is a wall: its pivot is counted there
            nx = self.problem.net.ch_n[f.tube_channel[t]]
            for i in range(nx if f.tube_centre[t] else 0):
                count -= f.inv[f.plate_at[f.tube_plate[t]] + f.tube_row[t] * nx + i] < 0.0
        for i in range(f.walls):
            count += (f.winv[i] < 0.0) + (f.dc[i] < 0.0)
        for i in range(f.n_border):
            count += f.dense[i * f.n_border + i] < 0.0
        return count
