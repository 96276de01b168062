# Time integration: step control, landing, events, samples, ledger, error estimate.

cdef enum:
    MAX_LANDINGS = 8         # trials of one step that may go into landing on an event

cdef double LAG_LEAST = 1e-3     # of the step after a break: shorter ones are not asked for by a lag

cdef double PAST = 1e-4      # a step that lands on an event ends this share of itself behind it,
cdef double PAST_MOST = 1e-2     # and counts as landed up to this share


cdef double crossing(const Net *g, const Net *loose, const Tableau *tab, const Step *s, const double *y0,
                     Point *p, double t, double h, double t_lo, double t_hi, Py_ssize_t w, double v0, double v1,
                     double *value) noexcept nogil:
    # share of the step by which function w has changed sign on the step's continuous output (Illinois method)
    cdef double a = 0.0, b = 1.0, fa = v0, fb = v1, x
    cdef int k, side = 0
    for k in range(80):
        if b - a <= 1e-9:
            break
        x = a + (b - a) * (fa / (fa - fb))
        if not (x > a and x < b) or k > 40:
            x = 0.5 * (a + b)
        interpolate(g, tab, s, y0, x, p.y)
        watch(loose, p, t + x * h, t_lo, t_hi, value)
        if above(value[w]) == above(v0):
            a = x
            fa = value[w]
            if side == 1:
                fb *= 0.5
            side = 1
        else:
            b = x
            fb = value[w]
            if side == -1:
                fa *= 0.5
            side = -1
    return b


cdef void note(double *row, double t, int kind, Py_ssize_t owner, bint up) noexcept nogil:
    row[0] = t
    row[1] = kind
    row[2] = owner
    row[3] = 1.0 if up else -1.0


def integrate(Problem problem, Solver solver, tableau, int embedded_order, double[::1] y, double t0, double t1,
              const double[::1] breaks, double tolerance, double most_lag, double h_first, double h_restart,
              Py_ssize_t max_steps, const double[::1] times, double[:, ::1] samples, double[::1] ledger,
              double[::1] throughput, double[::1] estimate, double[::1] integral, double[:, ::1] log, bint replay,
              double[::1] info, double[::1] work, progress=None, double[:, ::1] events=None,
              double[:, ::1] increments=None):
    """Integrate C y' = F from t0 to t1, landing on every entry of breaks and on kinks of laws.

    In: the tableau (gamma, alpha, gamma_sum, a, c, m, e, dense, stiffly_accurate), the local tolerance in
    kelvin, how far plates may lag for the splitting of their systems (kelvin; infinite: not looked at), the first
    step and the step after a break, sample times (ascending).
    In and out: y [n]. With replay, log [k, 2] gives the steps (t, h) to take without error control.
    Out: samples [times, n], ledger [nq] (J, added to), throughput [nq] (J, absolute, added to), estimate [n]
    (the propagated error in units of y, signed, carried on; length 0: not wanted), log (steps taken, when it
    has rows), integral [n] (of y over time, added to; length 0: not wanted), info [10] = time reached, next step,
    largest weighted estimate, its index, steps taken, rejected, samples filled, first bad row,
    number of events, largest lag of plates. With events [k, 4], of which there may be more: (time, kind of
    ext/events.pxd, number of the battery or valve, +1 upwards or -1), in order for each function. With increments
    [k, stages n], of a replay: the stages of its steps.
    Returns a status code.
    """
    cdef Net *g = &problem.net
    cdef Linear m
    cdef Tableau tab
    cdef Step s
    cdef Point p0, p1
    cdef double *at
    cdef double t = t0, h, h_want = h_first, t_end, norm, behind = 0.0, largest_lag = 0.0, worst = 0.0, d, w, room
    cdef Steps steps
    cdef Py_ssize_t i, k, n_break = 0, n_sample = 0, taken = 0, rejected = 0, bad = 0, where = 0, q
    cdef Py_ssize_t since_poll = 0, n_watch = watch_count(g), n_event = 0, most_events = 0
    cdef Py_ssize_t landings = 0, found = 0, aimed = 0
    cdef double t_event = INFINITY, t_far = INFINITY, v_far = 0.0, root, first
    # the watched functions at the step's start, at its end, at the last step's end, in between
    cdef double *before
    cdef double *after
    cdef double *last
    cdef double *between
    cdef const Net *loose
    cdef int status = OK, kind
    cdef bint at_break, at_event = False, want_estimate = estimate.shape[0] > 0, keep = False
    read_tableau(&tab, tableau)
    check(y.shape[0] == g.n)
    check(ledger.shape[0] == g.nq and throughput.shape[0] == g.nq)
    check(work.shape[0] >= step_size_in_doubles(problem, tab.stages, tab.stiffly_accurate) and info.shape[0] >= 10)
    check(samples.shape[0] >= times.shape[0] and (times.shape[0] == 0 or samples.shape[1] == g.n))
    check(not want_estimate or estimate.shape[0] == g.n)
    check(integral.shape[0] == 0 or integral.shape[0] == g.n)
    check(solver.problem is problem)
    if events is not None:
        check(events.shape[1] == 4)
        most_events = events.shape[0]
    if increments is not None:
        check(replay and increments.shape[0] >= log.shape[0] and increments.shape[1] == tab.stages * g.n)
        keep = True
    m = solver.m
    loose = g if m.sparse != NULL else &m.fast.loose
    at = &work[0]
    lay_out(g, &p0, take(&at, point_size(g, False)), False)
    lay_out(g, &p1, take(&at, point_size(g, False)), False)
    lay_out_step(g, &tab, &s, &at)
    before = take(&at, n_watch)
    after = take(&at, n_watch)
    last = take(&at, n_watch)
    between = take(&at, n_watch)
    memcpy(p0.y, &y[0], g.n * sizeof(double))
    begin_steps(&steps, embedded_order, h_restart, h_first)
    with nogil:
        if n_watch > 0:
            memcpy(p1.y, p0.y, g.n * sizeof(double))
            watch(loose, &p1, t0, -INFINITY, t0 - 1e-6, last)
        while n_sample < times.shape[0] and times[n_sample] <= t0:
            memcpy(&samples[n_sample, 0], p0.y, g.n * sizeof(double))
            n_sample += 1
        while n_break < breaks.shape[0] and breaks[n_break] <= t0:
            n_break += 1
        while t < t1 if not replay else taken < log.shape[0]:
            if taken + rejected >= max_steps:
                status = TOO_MANY_STEPS
                break
            if replay:
                h = log[taken, 1]
                t_end = t + h
                at_break = False
            else:
                t_end = t1
                at_break = at_event = False
                if n_break < breaks.shape[0] and breaks[n_break] < t1:
                    t_end = breaks[n_break]
                    at_break = True
                if t_event < t_end:
                    t_end = t_event
                    at_break = False
                    at_event = True
                room = t_end - t
                h = h_want
                if h >= room * (1.0 - 1e-10):
                    h = room
                else:
                    if h > 0.5 * room:
                        h = 0.5 * room
                    t_end = t + h
                    at_break = at_event = False
                    h = t_end - t
                if not h > 1e-14 * max(fabs(t), fabs(t_end)) or h <= 0.0:
                    status = STEP_TOO_SMALL
                    break
            bad = prepare(g, &m, &tab, &s, &p0, t, h, t + 1e-6 * h, t + (1.0 - 1e-6) * h)
            if bad != 0:
                norm = 1e30
            else:
                stages(g, &m, &tab, &s, &p0, &p1, t, h, t + 1e-6 * h, t + (1.0 - 1e-6) * h)
                norm = s.norm / tolerance
                if not isfinite(norm):
                    norm = 1e30
                behind = 0.0
                if norm <= 1.0 and most_lag < INFINITY and not replay:
                    behind = lag(g, &m, &tab, &s, &p1, t, h, t + 1e-6 * h, t + (1.0 - 1e-6) * h, 0.3 * most_lag)
                    if not behind <= most_lag and h > LAG_LEAST * h_restart:
                        rejected += 1
                        h_want = h * max(SHRINK, min(0.7, 0.7 * most_lag / behind))
                        steps.h_tried = 0.0
                        continue
            since_poll += g.nu
            if since_poll > 400000:
                since_poll = 0
                with gil:
                    try:
                        PyErr_CheckSignals()
                        if progress is not None:
                            progress(t, t1)
                    except KeyboardInterrupt:
                        status = INTERRUPTED
                if status != OK:
                    break
            if not replay and norm > 1.0:
                rejected += 1
                h_want = after_rejection(&steps, h, norm)
                if h_want < 1e-9 and norm >= 1e29:
                    status = SINGULAR if bad != 0 and finite_rates(g, &m, &s, &p0) else NOT_FINITE
                    break
                continue
            if norm >= 1e29:
                status = SINGULAR if bad != 0 and finite_rates(g, &m, &s, &p0) else NOT_FINITE
                break
            if n_watch > 0:
                if landings == 0:
                    memcpy(p1.y, p0.y, g.n * sizeof(double))
                    watch(loose, &p1, t, t + 1e-6 * h, t + (1.0 - 1e-6) * h, before)
                memcpy(p1.y, s.y1, g.n * sizeof(double))
                watch(loose, &p1, t_end, t + 1e-6 * h, t + (1.0 - 1e-6) * h, after)
                first = 1.0
                for q in range(n_watch):
                    kind = watch_kind(g, q)
                    if has_kink(kind) and crosses(kind, before[q], after[q], tolerance):
                        root = crossing(g, loose, &tab, &s, p0.y, &p1, t, h, t + 1e-6 * h,
                                        t + (1.0 - 1e-6) * h, q, before[q], after[q], between)
                        if root < first:
                            first = root
                            found = q
                if not replay and landings < MAX_LANDINGS:
                    if 1e-6 < first < 1.0 - PAST_MOST:
                        # again, ending just behind the kink
                        landings += 1
                        rejected += 1
                        t_far = t_end
                        v_far = after[found]
                        aimed = found
                        t_event = min(t_far, t + first * h * (1.0 + PAST))
                        continue
                    if at_event and first == 1.0 and t_end < t_far and above(after[aimed]) != above(v_far) \
                            and not (watch_kind(g, aimed) == CORNER and fabs(after[aimed]) <= tolerance):
                        # the shorter step ends before it
                        landings += 1
                        rejected += 1
                        root = after[aimed] / (after[aimed] - v_far)
                        t_event = t_end + (t_far - t_end) * min(1.0, 1.2 * root)
                        continue
            # accepted
            if keep:
                for i in range(tab.stages):
                    memcpy(&increments[taken, i * g.n], s.u[i], g.n * sizeof(double))
            if n_watch > 0:
                for q in range(n_watch):
                    kind = watch_kind(g, q)
                    if kind == CORNER:
                        continue
                    if crosses(kind, last[q], before[q], tolerance):
                        if n_event < most_events:
                            note(&events[n_event, 0], t, kind, watch_owner(g, q), above(before[q]))
                        n_event += 1
                    if crosses(kind, before[q], after[q], tolerance):
                        if n_event < most_events:
                            root = crossing(g, loose, &tab, &s, p0.y, &p1, t, h, t + 1e-6 * h,
                                            t + (1.0 - 1e-6) * h, q, before[q], after[q], between)
                            note(&events[n_event, 0], t + root * h, kind, watch_owner(g, q), above(after[q]))
                        n_event += 1
                    last[q] = after[q]
            landings = 0
            t_event = INFINITY
            while n_sample < times.shape[0] and times[n_sample] <= t_end:
                if times[n_sample] == t_end:
                    memcpy(&samples[n_sample, 0], s.y1, g.n * sizeof(double))
                else:
                    interpolate(g, &tab, &s, p0.y, (times[n_sample] - t) / h, &samples[n_sample, 0])
                n_sample += 1
            if want_estimate:
                d = carry(&m, g, &p0, 1.0 / (h * tab.gamma), s.error, &estimate[0], s.u[0])
                if behind > largest_lag:
                    largest_lag = behind
                if d > worst:
                    worst = d
                    for i in range(g.n):
                        if fabs(estimate[i]) * g.weight[i] == d:
                            where = i
                            break
            if integral.shape[0] > 0:
                ts_add(g.n, 0.5 * h, p0.y, &integral[0])
                ts_add(g.n, 0.5 * h, s.y1, &integral[0])
            for q in range(g.nq):
                ledger[q] += s.flow1[q]
                throughput[q] += fabs(s.flow1[q])
            if not replay and taken < log.shape[0]:
                log[taken, 0] = t
                log[taken, 1] = h
            exchange_states(g, &p0, &s)
            taken += 1
            t = t_end
            if not replay:
                h_want = after_step(&steps, h, norm, h_want, not (at_break or at_event))
                if behind > 0.3 * most_lag:
                    # goes about as the step
                    h_want = min(h_want, 0.8 * h * most_lag / behind)
                if at_break:
                    n_break += 1
                    h_want = after_break(&steps, h_want, jump_of_rates(g, &m, &s, &p0, t) / tolerance)
                elif at_event:
                    h_want = min(h_want, 0.9 * h * power(max(norm, 1e-30), -1.0 / (embedded_order + 1)))
    memcpy(&y[0], p0.y, g.n * sizeof(double))
    info[0] = t
    info[1] = h_want
    info[2] = worst
    info[3] = where
    info[4] = taken
    info[5] = rejected
    info[6] = n_sample
    info[7] = bad
    info[8] = n_event
    info[9] = largest_lag
    return status
