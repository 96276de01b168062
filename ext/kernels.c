#include "kernels.h"
#include "lanes.h"

/* p is an array, or NULL with the same value p0 everywhere. `even` is a constant where these are called, so each
 * compiles to a loop without it. */
INLINE void group_rates(ptrdiff_t n, const double *restrict p, double p0, int even, const double *restrict T, double a,
                        double b, double e, double *restrict F, double *restrict s1, double *restrict s4)
{
    ptrdiff_t i = 0;
#ifdef HAVE_VEC4
    vec4 v1 = LOAD(s1), v4 = LOAD(s4), w1 = LOAD(s1 + 4), w4 = LOAD(s4 + 4);
    const vec4 all = {p0, p0, p0, p0};
    for (; i + LANES <= n; i += LANES) {
        vec4 t = LOAD(T + i), q = even ? all : LOAD(p + i), t2 = t * t, t4 = t2 * t2;
        STORE(F + i, LOAD(F + i) + q * (a - b * t - e * t4));
        v1 += q * t;
        v4 += q * t4;
        t = LOAD(T + i + 4), q = even ? all : LOAD(p + i + 4), t2 = t * t, t4 = t2 * t2;
        STORE(F + i + 4, LOAD(F + i + 4) + q * (a - b * t - e * t4));
        w1 += q * t;
        w4 += q * t4;
    }
    STORE(s1, v1);
    STORE(s4, v4);
    STORE(s1 + 4, w1);
    STORE(s4 + 4, w4);
#endif
    for (; i < n; i++) {
        double t = T[i], t2 = t * t, t4 = t2 * t2, q = even ? p0 : p[i];
        F[i] += q * (a - b * t - e * t4);
        s1[i % LANES] += q * t;
        s4[i % LANES] += q * t4;
    }
}

CLONES
void ts_group_rates(ptrdiff_t n, const double *p, double p0, const double *T, double a, double b, double e, double *F,
                    double *s)
{
    if (p)
        group_rates(n, p, p0, 0, T, a, b, e, F, s, s + LANES);
    else
        group_rates(n, p, p0, 1, T, a, b, e, F, s, s + LANES);
}

CLONES
void ts_group_source(ptrdiff_t n, const double *restrict p, double p0, double a, double *restrict F)
{
    if (p)
        for (ptrdiff_t i = 0; i < n; i++)
            F[i] += p[i] * a;
    else
        for (ptrdiff_t i = 0; i < n; i++)
            F[i] += p0 * a;
}

INLINE void group_sums(ptrdiff_t n, const double *restrict p, double p0, int even, const double *restrict T,
                       const double *restrict u, double *restrict s1, double *restrict s4)
{
    ptrdiff_t i = 0;
#ifdef HAVE_VEC4
    vec4 v1 = {0}, v4 = {0}, w1 = {0}, w4 = {0};
    const vec4 all = {p0, p0, p0, p0};
    for (; i + LANES <= n; i += LANES) {
        vec4 t = LOAD(T + i), q = (even ? all : LOAD(p + i)) * LOAD(u + i);
        v1 += q;
        v4 += q * (4.0 * t * t * t);
        t = LOAD(T + i + 4), q = (even ? all : LOAD(p + i + 4)) * LOAD(u + i + 4);
        w1 += q;
        w4 += q * (4.0 * t * t * t);
    }
    STORE(s1, v1);
    STORE(s4, v4);
    STORE(s1 + 4, w1);
    STORE(s4 + 4, w4);
#endif
    for (; i < n; i++) {
        double t = T[i], q = (even ? p0 : p[i]) * u[i];
        s1[i % LANES] += q;
        s4[i % LANES] += q * (4.0 * t * t * t);
    }
}

CLONES
void ts_group_tangent(ptrdiff_t n, const double *p, double p0, const double *T, const double *u, double b, double e,
                      double *F, double *s)
{
    double s1[LANES] = {0}, s4[LANES] = {0};
    if (p)
        group_sums(n, p, p0, 0, T, u, s1, s4);
    else
        group_sums(n, p, p0, 1, T, u, s1, s4);
    s[0] = lane_sum(s1);
    s[1] = lane_sum(s4);
    if (F)
        for (ptrdiff_t i = 0; i < n; i++) {
            double t = T[i];
            F[i] -= (p ? p[i] : p0) * (b + e * (4.0 * t * t * t)) * u[i];
        }
}

/* One row: g along it; down, up: to the rows on either side, where there are any. even: one value for the whole row.
 * The flags are constants where this is called. */
INLINE void plate_row(ptrdiff_t nx, const double *restrict g, const double *restrict down, const double *restrict up,
                      int even, int has_down, int has_up, const double *restrict t, double *restrict f)
{
#define ACROSS(i) ((has_down ? (even ? down[0] : down[i]) * (t[(i) - nx] - t[i]) : 0.0) \
                   - (has_up ? (even ? up[0] : up[i]) * (t[i] - t[(i) + nx]) : 0.0))
    ptrdiff_t last = nx - 1;
    f[0] = (nx > 1 ? g[0] * (t[1] - t[0]) : 0.0) + ACROSS(0);
    if (nx == 1)
        return;
    for (ptrdiff_t i = 1; i < last; i++)
        f[i] = (even ? g[0] : g[i]) * (t[i + 1] - t[i]) - (even ? g[0] : g[i - 1]) * (t[i] - t[i - 1]) + ACROSS(i);
    f[last] = ACROSS(last) - g[last - 1] * (t[last] - t[last - 1]);
#undef ACROSS
}

CLONES
void ts_plate_rates(ptrdiff_t nx, ptrdiff_t ny, ptrdiff_t first, ptrdiff_t last, const double *gx, const double *gy,
                    int even, const double *T, double *F)
{
    for (ptrdiff_t j = first; j < last; j++) {
        const double *g = gx + j * (nx - 1), *down = gy + (j - 1) * nx, *up = gy + j * nx, *t = T + (j - first) * nx;
        double *f = F + (j - first) * nx;
        int has_down = j > 0, has_up = j + 1 < ny;
        if (even && has_down && has_up)
            plate_row(nx, g, down, up, 1, 1, 1, t, f);
        else if (even && has_up)
            plate_row(nx, g, down, up, 1, 0, 1, t, f);
        else if (even && has_down)
            plate_row(nx, g, down, up, 1, 1, 0, t, f);
        else if (has_down && has_up)
            plate_row(nx, g, down, up, 0, 1, 1, t, f);
        else if (has_up)
            plate_row(nx, g, down, up, 0, 0, 1, t, f);
        else if (has_down)
            plate_row(nx, g, down, up, 0, 1, 0, t, f);
        else
            plate_row(nx, g, down, up, 0, 0, 0, t, f);
    }
}

/* from_base: a constant where this is called */
INLINE void combine(ptrdiff_t n, int count, const double *coef, const double *const *vec, const double *base,
                    int from_base, double *out)
{
    ptrdiff_t i = 0;
#ifdef HAVE_VEC4
    for (; i + 2 * LANES <= n; i += 2 * LANES) {
        vec4 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
        if (from_base)
            s0 = LOAD(base + i), s1 = LOAD(base + i + 4), s2 = LOAD(base + i + 8), s3 = LOAD(base + i + 12);
        for (int k = 0; k < count; k++) {
            const double *v = vec[k] + i;
            vec4 a = {coef[k], coef[k], coef[k], coef[k]};
            s0 += a * LOAD(v);
            s1 += a * LOAD(v + 4);
            s2 += a * LOAD(v + 8);
            s3 += a * LOAD(v + 12);
        }
        STORE(out + i, s0);
        STORE(out + i + 4, s1);
        STORE(out + i + 8, s2);
        STORE(out + i + 12, s3);
    }
#endif
    for (; i < n; i++) {
        double sum = from_base ? base[i] : 0.0;
        for (int k = 0; k < count; k++)
            sum += coef[k] * vec[k][i];
        out[i] = sum;
    }
}

CLONES
void ts_combine(ptrdiff_t n, int count, const double *coef, const double *const *vec, const double *base,
                double *out)
{
    if (base)
        combine(n, count, coef, vec, base, 1, out);
    else
        combine(n, count, coef, vec, base, 0, out);
}

CLONES
void ts_combine2(ptrdiff_t n, int count, const double *a, const double *c, const double *const *vec,
                 const double *base, double *restrict out, double *restrict sum)
{
    ptrdiff_t i = 0;
#ifdef HAVE_VEC4
    for (; i + 2 * LANES <= n; i += 2 * LANES) {
        vec4 p0 = LOAD(base + i), p1 = LOAD(base + i + 4), p2 = LOAD(base + i + 8), p3 = LOAD(base + i + 12);
        vec4 q0 = {0}, q1 = {0}, q2 = {0}, q3 = {0};
        for (int k = 0; k < count; k++) {
            const double *v = vec[k] + i;
            vec4 ak = {a[k], a[k], a[k], a[k]}, ck = {c[k], c[k], c[k], c[k]};
            vec4 v0 = LOAD(v), v1 = LOAD(v + 4), v2 = LOAD(v + 8), v3 = LOAD(v + 12);
            p0 += ak * v0;
            p1 += ak * v1;
            p2 += ak * v2;
            p3 += ak * v3;
            q0 += ck * v0;
            q1 += ck * v1;
            q2 += ck * v2;
            q3 += ck * v3;
        }
        STORE(out + i, p0);
        STORE(out + i + 4, p1);
        STORE(out + i + 8, p2);
        STORE(out + i + 12, p3);
        STORE(sum + i, q0);
        STORE(sum + i + 4, q1);
        STORE(sum + i + 8, q2);
        STORE(sum + i + 12, q3);
    }
#endif
    for (; i < n; i++) {
        double p = base[i], q = 0.0;
        for (int k = 0; k < count; k++) {
            p += a[k] * vec[k][i];
            q += c[k] * vec[k][i];
        }
        out[i] = p;
        sum[i] = q;
    }
}

CLONES
void ts_stage(ptrdiff_t n, const double *restrict C, const double *restrict F, double f, const double *restrict Ft,
              double *restrict u)
{
    if (f != 0.0)
        for (ptrdiff_t i = 0; i < n; i++)
            u[i] = F[i] + C[i] * u[i] + f * Ft[i];
    else
        for (ptrdiff_t i = 0; i < n; i++)
            u[i] = F[i] + C[i] * u[i];
}

CLONES
void ts_stage_rows(ptrdiff_t n, const double *restrict C, int equal, const double *restrict F, double *restrict u)
{
    if (equal)
        for (ptrdiff_t i = 0; i < n; i++)
            u[i] = F[i] + C[0] * u[i];
    else
        for (ptrdiff_t i = 0; i < n; i++)
            u[i] = F[i] + C[i] * u[i];
}

CLONES
void ts_start(ptrdiff_t n, const double *restrict F, double f, const double *restrict Ft, double *restrict u)
{
    for (ptrdiff_t i = 0; i < n; i++)
        u[i] = F[i] + f * Ft[i];
}

#define BLOCK 256

CLONES
double ts_norm(ptrdiff_t n, const double *restrict w, const double *restrict e)
{
    double top = 0.0, bad = 0.0;
    for (ptrdiff_t first = 0; first < n; first += BLOCK) {
        ptrdiff_t m = n - first < BLOCK ? n - first : BLOCK;
        double a[BLOCK], b[LANES] = {0}, x[LANES] = {0};
        for (ptrdiff_t i = 0; i < m; i++)
            a[i] = e[first + i] < 0.0 ? -e[first + i] : e[first + i];
        if (w)
            for (ptrdiff_t i = 0; i < m; i++)
                a[i] *= w[first + i];
        for (ptrdiff_t i = m; i % LANES; i++)
            a[i] = 0.0;
        for (ptrdiff_t i = 0; i < m; i += LANES)
            for (int l = 0; l < LANES; l++) {
                b[l] = a[i + l] > b[l] ? a[i + l] : b[l];
                x[l] += a[i + l] * 0.0;
            }
        for (int l = 0; l < LANES; l++) {
            top = b[l] > top ? b[l] : top;
            bad += x[l];
        }
    }
    return top + bad;
}

CLONES
void ts_add(ptrdiff_t n, double a, const double *restrict x, double *restrict y)
{
    for (ptrdiff_t i = 0; i < n; i++)
        y[i] += a * x[i];
}

CLONES
double ts_dot(ptrdiff_t n, const double *restrict x, const double *restrict y)
{
    double sum[LANES] = {0};
    ptrdiff_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int l = 0; l < LANES; l++)
            sum[l] += x[i + l] * y[i + l];
    for (int l = 0; i < n; i++, l++)
        sum[l] += x[i] * y[i];
    return lane_sum(sum);
}

CLONES
void ts_last(ptrdiff_t n, const double *restrict y, const double *restrict u, double *restrict y1)
{
    for (ptrdiff_t i = 0; i < n; i++)
        y1[i] = y[i] + u[i];
}

CLONES
void ts_scale(ptrdiff_t n, double a, const double *restrict C, const double *restrict x, double *restrict y)
{
    for (ptrdiff_t i = 0; i < n; i++)
        y[i] = a * C[i] * x[i];
}
