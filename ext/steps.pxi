# Step sizes: growth and repeats by the norms met, starts after breaks by what the last breaks bore.

cdef double SAFETY = 0.8
cdef double GROWTH = 5.0
cdef double SHRINK = 0.1         # of a repeat over the try, at least
cdef double ORDER_LEAST = 3.0    # order in h that a growth is planned with, at least
cdef double KINK_MOST = 60.0     # a step after a break, in first steps, unless the step before it was far longer
cdef double JUMP_FIRST = 20.0    # a jump of d K/s is first met with this many times tolerance / d


ctypedef struct Steps:
    double order                 # of the error estimate in h
    double first                 # step before anything is known
    double least                 # step after a break, at least: first, or what the last one was cut down to
    double h, norm               # last accepted step since a break; h = 0: none
    double h_tried, norm_tried   # last rejected try since the last accepted step; h_tried = 0: none
    double kink                  # step to take after a break where the rates do not jump
    double jump                  # that after a jump, times jump / tolerance
    double jumped                # jump of the last break over the tolerance, 1/s
    bint fresh                   # no step accepted since the last break


cdef inline double bounded(double x, double low, double high) noexcept nogil:
    return low if x < low else high if x > high else x


cdef inline double observed_order(double h, double norm, double h_other, double norm_other) noexcept nogil:
    return logarithm(norm / norm_other) / logarithm(h / h_other)


cdef inline double factor_to(double norm, double order, double safety) noexcept nogil:
    # the factor on a step that brings its norm just inside 1
    return safety * power(norm, -1.0 / order) if norm > 0.0 else GROWTH


cdef inline void begin_steps(Steps *s, int embedded_order, double first, double h) noexcept nogil:
    s.order = embedded_order + 1
    s.first = s.least = first
    s.h = s.norm = s.h_tried = s.norm_tried = s.jumped = 0.0
    s.kink = 4.0 * first
    s.jump = JUMP_FIRST
    s.fresh = h <= first


cdef inline double after_rejection(Steps *s, double h, double norm) noexcept nogil:
    # the next try; a repeat that gained less than the order promised is planned with the order observed
    cdef double order = s.order
    if s.h_tried > h and s.norm_tried < 1e29:
        order = bounded(observed_order(h, norm, s.h_tried, s.norm_tried), 0.5, s.order)
    s.h_tried = h
    s.norm_tried = norm
    return h * bounded(factor_to(norm, order, 0.9), SHRINK, 0.9)


cdef inline double after_step(Steps *s, double h, double norm, double h_want, bint whole) noexcept nogil:
    # the next step after an accepted one. whole: not cut short by a break or event
    cdef double order = s.order, h_next = h * bounded(factor_to(norm, order, 0.9), 0.2, 6.0)
    if s.h > 0.0 and h > s.h and norm > 0.0 and s.norm > 0.0:
        # in stiff transients the estimate grows far slower with h than the order says
        order = observed_order(h, norm, s.h, s.norm)
        if order < s.order:
            h_next = h * bounded(factor_to(norm, max(order, ORDER_LEAST), SAFETY), 0.2, GROWTH)
    if s.h_tried > 0.0:
        h_next = min(h_next, h)
    if s.fresh and whole:
        s.least = min(s.first, h if s.h_tried > 0.0 else 2.0 * s.least)
        if s.jumped * h > 1.0:
            s.jump = min(8.0 * s.jump, SAFETY * h * s.jumped / max(norm, 1e-3))
        else:
            s.kink = min(KINK_MOST * s.first, max(s.least, h_next))
    s.h = h
    s.norm = norm
    s.h_tried = 0.0
    s.fresh = False
    return h_next if h >= 0.49 * h_want or h_next < h_want else h_want


cdef inline double after_break(Steps *s, double h_want, double jump) noexcept nogil:
    # the step after a break at which the rates jump by so much, in tolerances a second
    s.h = s.h_tried = 0.0
    s.fresh = True
    s.jumped = jump
    cdef double h = max(s.kink, 0.0625 * h_want)
    if jump * h > s.jump:
        h = s.jump / jump
    return min(h_want, max(s.least, h))
