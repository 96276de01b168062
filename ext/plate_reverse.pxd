# The reversed rates on the fast path: those of reverse.pxd, tubes by whole rows.
from net cimport Net, Point
from rates cimport valve_factor
from plate cimport Fast, tube_rate
from reverse cimport (Reverse, begin_reverse, end_reverse, flow_weight, plate_reverse, surface_reverse, link_reverse,
                      wall_reverse, power_reverse)


cdef extern from "reverse.h" nogil:
    void ts_star_reverse(ptrdiff_t n, const double *ga, const double *gb, const double *g, const double *va,
                         const double *vb, const double *vc, double s, double *out_a, double *out_b, double *out_c)
    void ts_star_by_conductance(ptrdiff_t n, const double *ga, const double *gb, const double *g, const double *va,
                                const double *vb, const double *vc, double s, const double *Ta, const double *Tb,
                                const double *Tc, double scale, double *by_ga, double *by_gb, double *by_g)
    double ts_stream_reverse(ptrdiff_t n, int dir, double r, double s, const double *v, double *out)
    double ts_stream_by_rate(ptrdiff_t n, int dir, double s, const double *v, double y_in, const double *y,
                             double scale, double *by_rate)


cdef inline void tube_walls_reverse(const Net *g, const Point *p, Reverse *r, double scale,
                                    Py_ssize_t c) noexcept nogil:
    cdef Py_ssize_t k = g.ch_wall[c], nx = g.ch_n[c], a = g.w_a[k], b = g.w_b[k], i = g.ch_start[c]
    cdef double s = flow_weight(r, g.w_flow[k])
    if g.w_law[k] >= 0:
        wall_reverse(g, p, r, scale, k, nx)
        return
    if not r.linear_too and g.n_mapped == 0:
        return
    ts_star_reverse(nx, g.w_ga + k, g.w_gb + k, g.w_g + k, r.v + a, r.v + b if b >= 0 else NULL, r.v + i, s,
                    r.by_temp + a, r.by_temp + b if b >= 0 else NULL, r.by_temp + i)
    if r.by_coefficient:
        ts_star_by_conductance(nx, g.w_ga + k, g.w_gb + k, g.w_g + k, r.v + a, r.v + b if b >= 0 else NULL, r.v + i,
                               s, p.temp + a, p.temp + b if b >= 0 else NULL, p.temp + i, scale, r.c.wall_a + k,
                               r.c.wall_b + k if b >= 0 else NULL, r.c.wall + k)


cdef inline void tube_stream_reverse(const Net *g, const Fast *f, const Point *p, Reverse *r, double scale,
                                     Py_ssize_t t) noexcept nogil:
    cdef Py_ssize_t c = f.tube_channel[t], k = g.ch_adv[c], nx = g.ch_n[c], i = g.ch_start[c], e = f.tube_inlet[t]
    cdef Py_ssize_t valve = g.adv_valve[k]
    cdef int way = <int> g.ch_dir[c]
    cdef double s = flow_weight(r, g.adv_flow[k]), sum
    if valve < 0 and not r.linear_too:
        if e >= g.n + g.nb:
            # a mixer, whose shares change
            r.by_value[e] += tube_rate(g, f, p, t) * (r.v[i if way > 0 else i + nx - 1] + s)
        return
    r.by_value[e] += ts_stream_reverse(nx, way, tube_rate(g, f, p, t), s, r.v + i, r.by_value + i)
    if valve < 0 and not r.by_coefficient:
        return
    sum = ts_stream_by_rate(nx, way, s, r.v + i, p.y[e], p.y + i,
                            scale * valve_factor(g, p, valve, g.adv_c0[k], g.adv_c1[k]),
                            r.c.adv + k if r.by_coefficient else NULL)
    if valve >= 0:
        r.by_value[g.v_state[valve]] += sum * g.adv_rate[k] * g.adv_c1[k]


cdef inline void fast_reverse(const Net *g, const Fast *f, Point *p, Reverse *r, double scale,
                              double *out) noexcept nogil:
    # as reverse(); streams through tubes are no part of the loose network, all links into mixers are
    cdef Py_ssize_t t
    begin_reverse(&f.loose, p, r)
    plate_reverse(g, p, r, scale, False)
    surface_reverse(g, p, r, scale)
    r.adv_of = f.loose_adv
    link_reverse(&f.loose, p, r, scale)
    for t in range(f.n_tube):
        tube_walls_reverse(g, p, r, scale, f.tube_channel[t])
        tube_stream_reverse(g, f, p, r, scale, t)
    power_reverse(&f.loose, p, r, scale)
    end_reverse(&f.loose, p, r, scale, out)
    r.adv_of = NULL
