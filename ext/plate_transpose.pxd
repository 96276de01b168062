# Transposed systems of the fast path. With L = 1 - J1 (C s)^-1 conduction along x and K = C s - J2 all the rest,
# M = L K, so M^T w = a is K^T v = a, then L^T w = v: the border first, the columns with the march running upstream,
# conduction along x last. J1 is symmetric, so L^-T is C^-1 L^-1 C.
from libc.string cimport memcpy, memset
from net cimport Net, Point
from plate cimport Fast
from plate cimport ts_x_sweep
from sweep cimport fast_columns, begin_solve, all_rows_back


cdef extern from "plate.h" nogil:
    void ts_march_turn(ptrdiff_t nx, ptrdiff_t nt, const double *gc, const double *g, const double *dc,
                       const double *rate, double *coef)
    void ts_dense_solve_transpose(ptrdiff_t n, const double *a, double *x)

cdef extern from "reverse.h" nogil:
    void ts_link_reverse(ptrdiff_t n, ptrdiff_t step, double scale, const double *v, const double *T, double *by_g)

cdef extern from "kernels.h" nogil:
    double ts_dot(ptrdiff_t n, const double *x, const double *y)


cdef inline void fast_turn(const Net *g, Fast *f, bint upstream) noexcept nogil:
    # between the march of fast_solve, which factors begin with, and that of fast_solve_transpose
    cdef Py_ssize_t k, t, at, j, i
    if upstream and f.tubes_only:
        # its products with columns take the rows in
        for j in range(f.n_active):
            for k in range(g.n_plate):
                i = j * g.nu + g.pl_start[k]
                memset(f.column + i, 0, g.pl_nx[k] * g.pl_ny[k] * sizeof(double))
            all_rows_back(g, f, f.column + j * g.nu, f.column_w + j * f.walls)
    for k in range(g.n_plate):
        t = f.plate_tube[k]
        if f.plate_tube[k + 1] > t:
            at = f.tube_at[t]
            ts_march_turn(g.pl_nx[k], f.plate_tube[k + 1] - t, (f.g if upstream else f.gc) + at,
                          (f.gc if upstream else f.g) + at, f.dc + at, f.rate + t, f.march[k])


cdef inline void border_product_transpose(const Net *g, Fast *f, const Point *p, const double *b,
                                          double *out) noexcept nogil:
    # out += (dF_border/dx)^T b over plates and tubes
    cdef Py_ssize_t k, j, e, count
    cdef double d
    cdef const double *pat
    cdef const double *temp
    for k in range(f.n_entry):
        if f.entry_kind[k] == 2:
            out[f.entry_b[k]] += f.entry[k] * b[f.entry_a[k]]
    for k in range(g.n_sf):
        if f.border_of_surface[k] < 0 or g.sf_other[k] >= g.n:
            continue
        pat = g.pat_value + g.pat_ptr[g.sf_pattern[k]]
        count = g.pat_ptr[g.sf_pattern[k] + 1] - g.pat_ptr[g.sf_pattern[k]]
        e = g.grp_start[g.sf_group[k]]
        temp = p.temp + e
        d = g.sf_coef[k] * b[f.border_of_surface[k]]
        if g.sf_kind[k] == 0:
            for j in range(count):
                out[e + j] += d * pat[j]
        else:
            d *= 4.0 * g.sigma
            for j in range(count):
                out[e + j] += d * pat[j] * (temp[j] * temp[j] * temp[j])


cdef inline void fast_solve_transpose(const Net *g, Fast *f, const Point *p, const double *r, double *w,
                                      double *v) noexcept nogil:
    # w = M^-T r and v = L^T w, [nu] each, v may be NULL; p is the factorised point and the march is turned
    cdef Py_ssize_t k, i, j, a, cells
    if w != r:
        memcpy(w, r, g.nu * sizeof(double))
    for i in range(f.n_border):
        f.border_r[i] = w[f.border[i]]
    for j in range(f.n_active):
        f.border_r[f.active[j]] += ts_dot(g.nu, f.column + j * g.nu, w)
    ts_dense_solve_transpose(f.n_border, f.dense, f.border_r)
    border_product_transpose(g, f, p, f.border_r, w)
    begin_solve(f)
    fast_columns(g, f, w, f.w, True)
    for i in range(f.n_border):
        w[f.border[i]] = f.border_r[i]
    if v != NULL:
        memcpy(v, w, g.nu * sizeof(double))
    for k in range(g.n_plate if f.along else 0):
        i = f.plate_x_at[k]
        a = g.pl_start[k]
        cells = g.pl_nx[k] * g.pl_ny[k]
        for j in range(a, a + cells):
            w[j] *= g.capacity[j]
        ts_x_sweep(g.pl_nx[k], g.pl_ny[k], f.xl + i, f.xd + i, f.xc + i, f.plate_x_step[k], w + a, f.kept)
        for j in range(a, a + cells):
            w[j] /= g.capacity[j]


cdef inline void fast_along(const Net *g, double s, const double *u, const double *w, const double *v, double *Ju,
                            double *by_capacity, double *by_gx) noexcept nogil:
    # -w . dM u by what M = C s - J1 - J2 + J1 (C s)^-1 J2 has of C in its last term, and of J1: with z = w - v
    # = (C s)^-1 J1 w and e = (C s)^-1 J2 u it is z . dC s e + w . dJ1 (u - e). Ju [n] is J u, and overwritten.
    cdef Py_ssize_t k, i, j, a, nx
    cdef double q
    cdef const double *gx
    for k in range(g.n_plate):
        nx = g.pl_nx[k]
        gx = g.pl_gx + g.pl_gx_ptr[k]
        for j in range(g.pl_ny[k]):
            a = g.pl_start[k] + j * nx
            for i in range(nx - 1):
                q = gx[j * (nx - 1) + i] * (u[a + i] - u[a + i + 1])
                Ju[a + i] += q
                Ju[a + i + 1] -= q
            for i in range(a, a + nx):
                q = Ju[i] / g.capacity[i]
                by_capacity[i] += (w[i] - v[i]) * q
                Ju[i] = u[i] - q / s
            ts_link_reverse(nx - 1, 1, 1.0, w + a, Ju + a, by_gx + g.pl_gx_ptr[k] + j * (nx - 1))
