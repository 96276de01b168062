# State events: functions of (t, y) whose zeros a run finds. Per battery four kinds, per valve two, then the
# corners of laws. Steps end at the zeros of those at which the equations have a kink.
from libc.math cimport fabs
from net cimport Net, Point
from laws cimport law, set_forcing
from rates cimport extend_temperatures, source

cdef enum:
    NET = 0                  # the bus: from discharge to charge
    LIMIT = 1                # net power meets the charge limit
    EMPTY = 2
    FULL = 3
    CLOSED = 4
    OPEN = 5
    CORNER = 6               # the argument of a ramp enters or leaves its range, melting begins or ends; not reported

cdef enum:
    PER_BATTERY = 4
    PER_VALVE = 2


cdef inline double stop() noexcept nogil:
    # this near to 0 or 1 counts as there
    return 1e-3


cdef inline bint is_ramp(const Net *g, Py_ssize_t k) noexcept nogil:
    # one curved piece, with straight lines on both sides
    cdef const double *c = g.law_coef + 4 * g.law_ptr[k]
    return g.law_ptr[k + 1] - g.law_ptr[k] == 1 and (c[2] != 0.0 or c[3] != 0.0)


cdef inline Py_ssize_t watch_count(const Net *g) noexcept nogil:
    cdef Py_ssize_t k, n = (PER_BATTERY + 1) * g.n_battery + (PER_VALVE + 2) * g.n_valve + 4 * g.n_knee
    for k in range(g.n_src):
        if g.s_law[k] >= 0 and is_ramp(g, g.s_law[k]):
            n += 2
    return n


cdef inline int watch_kind(const Net *g, Py_ssize_t w) noexcept nogil:
    if w < PER_BATTERY * g.n_battery:
        return <int> (w % PER_BATTERY)
    w -= PER_BATTERY * g.n_battery
    if w < PER_VALVE * g.n_valve:
        return CLOSED + <int> (w % PER_VALVE)
    return CORNER


cdef inline Py_ssize_t watch_owner(const Net *g, Py_ssize_t w) noexcept nogil:
    # number of the battery or valve
    if w < PER_BATTERY * g.n_battery:
        return w // PER_BATTERY
    return (w - PER_BATTERY * g.n_battery) // PER_VALVE


cdef inline bint above(double value) noexcept nogil:
    return value > 0.0


cdef inline bint crosses(int kind, double v0, double v1, double tolerance) noexcept nogil:
    # from one sign to the other, by more than rounding; over a corner, where slopes meet, by more than the
    # tolerance
    cdef double least = 1e-6 if kind <= LIMIT else 0.0
    if above(v0) == above(v1):
        return False
    if kind == CORNER:
        return fabs(v0) > tolerance and fabs(v1) > tolerance
    return fabs(v0) > least or fabs(v1) > least


cdef inline bint has_kink(int kind) noexcept nogil:
    return kind <= LIMIT or kind == CORNER


cdef inline double *corners(const Net *g, Py_ssize_t k, double x, double *at) noexcept nogil:
    at[0] = x - g.law_x0[k]
    at[1] = at[0] - (g.law_ptr[k + 1] - g.law_ptr[k]) * g.law_dx[k]
    return at + 2


cdef inline void watch(const Net *g, Point *p, double t, double t_lo, double t_hi,
                       double *value) noexcept nogil:
    # the functions' values at (t, p.y[0:n]); on the plate path g is the loose part: it holds buses and mixers
    cdef Py_ssize_t k
    cdef double d, cap
    cdef double *at = value
    set_forcing(g, p, t, t_lo, t_hi)
    extend_temperatures(g, p)
    for k in range(g.n_battery):
        p.bus[k] = 0.0
    for k in range(g.n_src):
        if g.s_to[k] < 0:
            p.bus[-1 - g.s_to[k]] += source(g, p, k)
    for k in range(g.n_battery):
        cap = g.bt_pmax[k] * law(g, g.bt_taper[k], p.y[g.bt_soe[k]], &d)
        at[NET] = p.bus[k]
        at[LIMIT] = p.bus[k] - cap
        at[EMPTY] = p.y[g.bt_soe[k]] - stop()
        at[FULL] = p.y[g.bt_soe[k]] - (1.0 - stop())
        at += PER_BATTERY
    for k in range(g.n_valve):
        at[0] = p.y[g.v_state[k]] - stop()
        at[1] = p.y[g.v_state[k]] - (1.0 - stop())
        at += PER_VALVE
    for k in range(g.n_battery):
        # where charging begins to taper, in the weight of the state of energy; full is never quite reached
        at[0] = g.weight[g.bt_soe[k]] * (p.y[g.bt_soe[k]] - g.law_x0[g.bt_taper[k]])
        at += 1
    for k in range(g.n_valve):
        at = corners(g, g.v_law[k], p.temp[g.v_sensor[k]], at)
    for k in range(g.n_src):
        if g.s_law[k] >= 0 and is_ramp(g, g.s_law[k]):
            at = corners(g, g.s_law[k], p.temp[g.s_arg[k]], at)
    for k in range(g.n_knee):
        cap = g.law_dx[g.temperature_law[g.knee[k]]]
        at = corners(g, g.temperature_law[g.knee[k]], p.y[g.knee[k]], at)
        at[0] = at[-2] - cap
        at[1] = at[-1] + cap
        at += 2
