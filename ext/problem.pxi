# Evaluation of a bound network.

cdef class Problem:
    """A bundle bound for the core: borrowed pointers, the arrays kept alive."""

    cdef Net net
    cdef list keep

    def __init__(self, b, groups):
        """Bind bundle b; groups as solver.groups makes them."""
        self.keep = [b, groups]
        bind(&self.net, b, groups, self.keep)

    def point_size(self):
        """Length of the scratch array one evaluation needs."""
        return point_size(&self.net)

    def rates(self, double t, double t_lo, double t_hi, const double[::1] y, double[::1] F, double[::1] flow,
              double[::1] scratch):
        """Fill F [n] and flow [nq] at (t, y); forcing pieces are looked up within [t_lo, t_hi]."""
        cdef Point p
        cdef double *rest
        check(y.shape[0] == self.net.n and F.shape[0] == self.net.n and flow.shape[0] == self.net.nq
              and scratch.shape[0] >= point_size(&self.net))
        with nogil:
            rest = lay_out(&self.net, &p, &scratch[0])
            memcpy(p.y, &y[0], self.net.n * sizeof(double))
            set_forcing(&self.net, &p, t, t_lo, t_hi)
            rates(&self.net, &p, &F[0], &flow[0] if flow.shape[0] else NULL, rest)

    def derived(self, double t, double t_lo, double t_hi, const double[::1] y, double[::1] values,
                double[::1] temperatures, double[::1] scratch):
        """Fill the extended values and temperatures [n + boundaries + mixers] at (t, y)."""
        cdef Point p
        cdef double *rest
        cdef Net *g = &self.net
        check(y.shape[0] == g.n and values.shape[0] == g.ne and temperatures.shape[0] == g.ne
              and scratch.shape[0] >= point_size(g))
        rest = lay_out(g, &p, &scratch[0])
        memcpy(p.y, &y[0], g.n * sizeof(double))
        set_forcing(g, &p, t, t_lo, t_hi)
        extend_temperatures(g, &p)
        memcpy(&values[0], p.y, g.ne * sizeof(double))
        memcpy(&temperatures[0], p.temp, g.ne * sizeof(double))

    def pattern(self, double[::1] scratch, Py_ssize_t[::1] row=None, Py_ssize_t[::1] col=None):
        """Number of Jacobian entries; with row and col given, fill them (unknowns, then mixers)."""
        cdef Sink sink
        cdef Point p
        check(scratch.shape[0] >= point_size(&self.net) and (row is None) == (col is None))
        lay_out(&self.net, &p, &scratch[0])
        memset(&sink, 0, sizeof(Sink))
        partials(&self.net, &p, &sink, 0.0)
        if row is not None and sink.k > 0:
            check(row.shape[0] >= sink.k and col.shape[0] >= sink.k)
            sink.k = 0
            sink.row = &row[0]
            sink.col = &col[0]
            partials(&self.net, &p, &sink, 0.0)
        return sink.k

    def jacobian(self, double t, double t_lo, double t_hi, const double[::1] y, double[::1] values, double[::1] F,
                 double[::1] flow, double[::1] scratch):
        """Fill the values of the pattern's entries: dF/dy, and each mixer's balance as a row of its own."""
        cdef Sink sink
        cdef Point p
        cdef double *rest
        check(y.shape[0] == self.net.n and F.shape[0] == self.net.n and flow.shape[0] == self.net.nq)
        check(scratch.shape[0] >= point_size(&self.net) and values.shape[0] >= 1)
        rest = lay_out(&self.net, &p, &scratch[0])
        memcpy(p.y, &y[0], self.net.n * sizeof(double))
        set_forcing(&self.net, &p, t, t_lo, t_hi)
        rates(&self.net, &p, &F[0], &flow[0] if flow.shape[0] else NULL, rest)
        memset(&sink, 0, sizeof(Sink))
        sink.value = &values[0]
        partials(&self.net, &p, &sink, 0.0)

    def tangent(self, double t, double t_lo, double t_hi, const double[::1] y, const double[::1] dy, double dt_factor,
                double[::1] dF, double[::1] dflow, double[::1] scratch):
        """Fill the derivatives of F and of the flows along (dy, dt_factor d/dt)."""
        cdef Sink sink
        cdef Point p
        cdef double *rest
        cdef Net *g = &self.net
        check(y.shape[0] == g.n and dy.shape[0] == g.n and dF.shape[0] == g.n and dflow.shape[0] == g.nq)
        check(scratch.shape[0] >= point_size(g))
        rest = lay_out(g, &p, &scratch[0])
        memcpy(p.y, &y[0], g.n * sizeof(double))
        set_forcing(g, &p, t, t_lo, t_hi)
        rates(g, &p, &dF[0], &dflow[0] if g.nq else NULL, rest)
        memcpy(p.dy, &dy[0], g.n * sizeof(double))
        extend_direction(g, &p, dt_factor)
        memset(&sink, 0, sizeof(Sink))
        memset(&dF[0], 0, g.n * sizeof(double))
        sink.out = &dF[0]
        sink.sums = rest
        if g.nq:
            memset(&dflow[0], 0, g.nq * sizeof(double))
            sink.flow = &dflow[0]
        partials(g, &p, &sink, dt_factor)
