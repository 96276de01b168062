# State events: functions of (t, y) whose zeros a run finds. Per battery the first four kinds, per valve
# the last two. At the zeros of the first two the equations have a kink, so that steps end there.
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

cdef enum:
    PER_BATTERY = 4
    PER_VALVE = 2


cdef inline double stop() noexcept nogil:
    # this near to 0 or 1 counts as there
    return 1e-3


cdef inline Py_ssize_t watch_count(const Net *g) noexcept nogil:
    return PER_BATTERY * g.n_battery + PER_VALVE * g.n_valve


cdef inline int watch_kind(const Net *g, Py_ssize_t w) noexcept nogil:
    if w < PER_BATTERY * g.n_battery:
        return <int> (w % PER_BATTERY)
    return CLOSED + <int> ((w - PER_BATTERY * g.n_battery) % PER_VALVE)


cdef inline Py_ssize_t watch_owner(const Net *g, Py_ssize_t w) noexcept nogil:
    # number of the battery or valve
    if w < PER_BATTERY * g.n_battery:
        return w // PER_BATTERY
    return (w - PER_BATTERY * g.n_battery) // PER_VALVE


cdef inline bint has_kink(const Net *g, Py_ssize_t w) noexcept nogil:
    return watch_kind(g, w) <= LIMIT


cdef inline void watch(const Net *g, Point *p, double t, double t_lo, double t_hi, double *value) noexcept nogil:
    # the functions' values at (t, p.y[0:n]); of the plate path g is the loose part, which holds buses and mixers
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
