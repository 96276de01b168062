# Laws: piecewise polynomials in time (forcing), in one temperature, and in temperature and flow.
from libc.math cimport floor
from net cimport Net, Point


cdef inline Py_ssize_t find_piece(const double *knots, Py_ssize_t pieces, double x) noexcept nogil:
    # last p with knots[p] <= x, held within the pieces
    cdef Py_ssize_t lo = 0, hi = pieces, mid
    while hi - lo > 1:
        mid = (lo + hi) >> 1
        if knots[mid] <= x:
            lo = mid
        else:
            hi = mid
    return lo


cdef inline void set_forcing(const Net *g, Point *p, double t, double t_lo, double t_hi) noexcept nogil:
    # The piece is looked up strictly inside the step, the polynomial evaluated at t: a step keeps to its side
    # of every breakpoint it ends on.
    cdef Py_ssize_t k, first, count, q
    cdef double look = t, shift, x, x_end
    cdef const double *knots
    cdef const double *c
    if look < t_lo:
        look = t_lo
    if look > t_hi:
        look = t_hi
    for k in range(g.nf):
        first = g.forcing_ptr[k]
        count = g.forcing_ptr[k + 1] - first
        knots = g.forcing_knots + first + k
        shift = 0.0
        if g.forcing_period[k] > 0.0:
            shift = g.forcing_period[k] * floor((look - knots[0]) / g.forcing_period[k])
        q = find_piece(knots, count, look - shift)
        x = t - shift
        c = g.forcing_coef + 6 * (first + q)
        if g.forcing_period[k] == 0.0 and (x < knots[0] or x > knots[count]):
            # held outside its range
            x_end = knots[0] if x < knots[0] else knots[count]
            x = x_end - knots[q]
            p.value[k] = c[0] + x * (c[1] + x * (c[2] + x * (c[3] + x * (c[4] + x * c[5]))))
            p.rate[k] = 0.0
        else:
            x = x - knots[q]
            p.value[k] = c[0] + x * (c[1] + x * (c[2] + x * (c[3] + x * (c[4] + x * c[5]))))
            p.rate[k] = c[1] + x * (2.0 * c[2] + x * (3.0 * c[3] + x * (4.0 * c[4] + x * (5.0 * c[5]))))


cdef inline double law(const Net *g, Py_ssize_t k, double x, double *derivative) noexcept nogil:
    # cubic pieces on a uniform grid; continued by the tangent at either end
    cdef Py_ssize_t first = g.law_ptr[k], count = g.law_ptr[k + 1] - first, q
    cdef double dx = g.law_dx[k], s = (x - g.law_x0[k]) / dx, over = 0.0, r
    cdef const double *c
    if s < 0.0:
        q = 0
        over = s * dx
        r = 0.0
    elif s >= count:
        q = count - 1
        over = (s - count) * dx
        r = dx
    else:
        q = <Py_ssize_t> s
        r = (s - q) * dx
    c = g.law_coef + 4 * (first + q)
    derivative[0] = c[1] + r * (2.0 * c[2] + r * (3.0 * c[3]))
    return c[0] + r * (c[1] + r * (c[2] + r * c[3])) + over * derivative[0]


cdef inline double wall_law(const Net *g, Py_ssize_t k, double temp, double flow,
                            double *d_temp, double *d_flow) noexcept nogil:
    # bicubic patches; continued by the tangent in temperature, held in flow
    cdef Py_ssize_t n_t = g.wl_nT[k], n_w = g.wl_nw[k], q, v, a
    cdef double dT = g.wl_dT[k], dw = g.wl_dw[k], s = (temp - g.wl_T0[k]) / dT, z = (flow - g.wl_w0[k]) / dw
    cdef double over = 0.0, r, w, held = 1.0, value = 0.0, row, drow
    cdef double d_t = 0.0, d_w = 0.0, d_tw = 0.0
    cdef const double *c
    if s < 0.0:
        q = 0
        over = s * dT
        r = 0.0
    elif s >= n_t:
        q = n_t - 1
        over = (s - n_t) * dT
        r = dT
    else:
        q = <Py_ssize_t> s
        r = (s - q) * dT
    if z < 0.0:
        v = 0
        w = 0.0
        held = 0.0
    elif z > n_w:
        v = n_w - 1
        w = dw
        held = 0.0
    elif z == n_w:
        v = n_w - 1
        w = dw
    else:
        v = <Py_ssize_t> z
        w = (z - v) * dw
    c = g.wl_coef + 16 * (g.wl_ptr[k] + q * n_w + v)
    for a in range(3, -1, -1):
        row = c[4 * a] + w * (c[4 * a + 1] + w * (c[4 * a + 2] + w * c[4 * a + 3]))
        drow = c[4 * a + 1] + w * (2.0 * c[4 * a + 2] + w * (3.0 * c[4 * a + 3]))
        d_t = d_t * r + value
        d_tw = d_tw * r + d_w
        value = value * r + row
        d_w = d_w * r + drow
    d_temp[0] = d_t
    d_flow[0] = held * (d_w + over * d_tw)
    return value + over * d_t
