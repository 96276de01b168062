"""Compiled core of thermalsat: a network's right-hand side, Jacobian and time integration on float64 arrays.

The contract is in ext/README.md. Python validates; this module re-checks lengths, fills the arrays it is given
and returns a status code.
"""
from cpython.exc cimport PyErr_CheckSignals
from libc.string cimport memset, memcpy
from libc.math cimport fabs, pow as power, log as logarithm, isfinite, INFINITY
from net cimport Net, Point, MAX_STAGES
from laws cimport set_forcing
from rates cimport rates, extend_temperatures
from partials cimport Sink, partials, extend_direction
from sparse cimport Sparse
from linear cimport Linear, evaluate, factor, solve, product, turn, solve_transpose, carry
from plate cimport Fast, ts_march_size, ts_march_scratch
from events cimport watch, watch_count, watch_kind, watch_owner, has_kink, above, crosses, CORNER
from rosenbrock cimport Tableau, Step, prepare, stages, lag, interpolate, ts_norm, ts_add
from reverse cimport Coefficients, Reverse, reverse, lay_out_coefficients, GROUP_SUMS
from adjoint cimport Adjoint, adjoint_step

__all__ = [
    "PlateSolver", "Problem", "Solver", "SparseSolver", "adjoint_work", "coefficient_count", "integrate",
    "integrate_back", "kept_factors", "march_size", "reverse_rates", "reverse_work", "step_size_in_doubles",
]

cdef enum:
    OK = 0
    STEP_TOO_SMALL = 1
    SINGULAR = 2
    NOT_FINITE = 3
    TOO_MANY_STEPS = 4
    INTERRUPTED = 5


cdef int check(bint condition) except -1:
    if not condition:
        raise ValueError("an array has the wrong length")
    return 0


cdef Py_ssize_t point_size(const Net *g, bint directed=True) noexcept nogil:
    return ((3 if g.n_mapped else 1) + directed) * g.ne + 2 * g.nf + 22 * g.n_group + 2 * g.n_battery


cdef double *lay_out(const Net *g, Point *p, double *at, bint directed=True) noexcept nogil:
    # places a point's arrays in scratch, one for a direction if wanted; returns the [18 n_group] scratch behind them
    cdef Py_ssize_t e
    p.y = at
    at += g.ne
    p.dy = NULL
    if directed:
        p.dy = at
        at += g.ne
    p.temp = p.y
    p.slope = NULL
    if g.n_mapped:
        p.temp = at
        at += g.ne
        p.slope = at
        at += g.ne
        # laws of temperature overwrite theirs
        for e in range(g.ne):
            p.slope[e] = 1.0
    p.value = at
    at += g.nf
    p.rate = at
    at += g.nf
    p.group = at
    at += 3 * g.n_group
    p.group_rate = at
    at += g.n_group
    p.bus = at
    at += g.n_battery
    p.dbus = at
    at += g.n_battery
    return at


def step_size_in_doubles(Problem problem, int n_stages, bint stiffly_accurate):
    """Length of the work array that integrate() needs."""
    cdef const Net *g = &problem.net
    return 2 * point_size(g, False) + (n_stages + 2) * g.ne + (1 if stiffly_accurate else 2) * g.n + 4 * g.nq \
        + 18 * g.n_group + 4 * watch_count(g)


def march_size(Py_ssize_t tubes):
    """Doubles that a column of the march of a plate with so many tubes takes."""
    return ts_march_size(tubes)


cdef double *take(double **at, Py_ssize_t count) noexcept nogil:
    cdef double *here = at[0]
    at[0] += count
    return here


include "bind.pxi"
include "problem.pxi"
include "solvers.pxi"
include "steps.pxi"
include "run.pxi"
include "integrate.pxi"
include "adjoint.pxi"
