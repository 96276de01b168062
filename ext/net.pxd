# The network as the compiled code sees it: borrowed pointers, one struct. Names follow thermalsat/bundle.py.

ctypedef const double* Reals
ctypedef const Py_ssize_t* Ints

cdef enum:
    MAX_STAGES = 8       # of a time integration method


ctypedef struct Net:
    # n unknowns | nb boundaries | nm mixers make the ne extended entries; nu = n + nm take part in linear systems
    Py_ssize_t n, nb, nm, nq, nf, ne, nu
    double sigma
    Reals capacity, weight
    const unsigned char *stored
    Ints temperature_law, mixer_law, boundary_forcing
    Py_ssize_t n_mapped
    Ints mapped                       # extended indices whose temperature law is not the identity
    Py_ssize_t n_knee
    Ints knee                         # unknowns that melt: their law has knees in its first and last piece
    # forcing
    Ints forcing_ptr
    Reals forcing_knots, forcing_coef, forcing_period
    # laws of one variable, and of coolant temperature and flow
    Ints law_ptr
    Reals law_x0, law_dx, law_coef
    Ints wl_nT, wl_nw, wl_ptr
    Reals wl_T0, wl_dT, wl_w0, wl_dw, wl_coef
    # couplings
    Py_ssize_t n_gl, n_gr, n_adv, n_wall, n_src, n_sf, n_ps
    Ints gl_a, gl_b, gl_flow
    Reals gl_g
    Ints gr_a, gr_b, gr_flow
    Reals gr_g
    Ints adv_from, adv_to, adv_valve, adv_flow
    Reals adv_rate, adv_c0, adv_c1
    Ints w_a, w_b, w_c, w_law, w_valve, w_flow
    Reals w_ga, w_gb, w_g, w_c0, w_c1
    Ints s_to, s_forcing, s_law, s_arg, s_flow
    Reals s_coef
    # plate surfaces and sources, grouped by (first unknown, pattern)
    Ints pat_ptr
    Reals pat_value
    Ints pat_even                     # 1 where a pattern has one value everywhere
    Ints sf_pattern, sf_other, sf_kind, sf_flow, sf_group
    Reals sf_coef
    Ints ps_pattern, ps_forcing, ps_flow, ps_group
    Reals ps_coef
    Py_ssize_t n_group
    Ints grp_start, grp_pattern
    Reals grp_sum
    # plates
    Py_ssize_t n_plate
    Ints pl_start, pl_nx, pl_ny, pl_gx_ptr, pl_gy_ptr
    Reals pl_gx, pl_gy
    Ints pl_even                      # 1 where conductances have one value along every row
    Ints pl_equal                     # 1 where all cells have one capacity
    bint unit_weight                  # every weight is 1
    # channels that lie along plate rows
    Py_ssize_t n_channel
    Ints ch_plate, ch_start, ch_n, ch_dir, ch_wall, ch_adv, ch_row, ch_kind
    # valves, buses with batteries
    Py_ssize_t n_valve, n_battery
    Ints v_state, v_sensor, v_law
    Ints bt_soe, bt_heat, bt_taper, bt_flow_loss, bt_flow_curtail, bt_flow_charge, bt_flow_discharge
    Reals bt_eta_c, bt_eta_d, bt_pmax
    Ints cu_ptr, cu_to
    Reals cu_share


ctypedef struct Point:
    # what an evaluation at (t, y) fills and later evaluations of derivatives read
    double *y            # [ne] values
    double *temp         # [ne] temperatures; the same memory as y when no entry has a temperature law
    double *slope        # [ne] dT/dy, NULL when no entry has a temperature law
    double *value        # [nf] forcing
    double *rate         # [nf] its time derivative
    double *dy           # [ne] a direction
    double *group        # [3 n_group] constant, linear and T^4 coefficients of the plate groups
    double *group_rate   # [n_group] time derivative of the constant ones
    double *bus          # [n_battery] net power on each bus, W
    double *dbus         # [n_battery]


cdef inline Reals pattern(const Net *g, Py_ssize_t k) noexcept nogil:
    # a pattern's array, NULL when it has one value everywhere
    return NULL if g.pat_even[k] else g.pat_value + g.pat_ptr[k]


cdef inline double slope(const Point *p, Py_ssize_t e) noexcept nogil:
    return p.slope[e] if p.slope != NULL else 1.0
