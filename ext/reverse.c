#include "reverse.h"
#include "lanes.h"

CLONES
double ts_group_reverse(ptrdiff_t n, const double *restrict p, const double *restrict s, const double *restrict T,
                        const double *restrict v, double *restrict out)
{
    double sum[LANES] = {0}, s0 = s[0], s1 = s[1], s2 = s[2], s3 = s[3];
    ptrdiff_t i = 0;
#ifdef HAVE_VEC4
    vec4 low = {0}, high = {0};
    for (; i + LANES <= n; i += LANES) {
        vec4 t = LOAD(T + i), w = LOAD(v + i), q = LOAD(p + i);
        STORE(out + i, LOAD(out + i) + q * (s0 - s1 * w + t * t * t * (s2 - s3 * w)));
        low += q * w;
        t = LOAD(T + i + 4), w = LOAD(v + i + 4), q = LOAD(p + i + 4);
        STORE(out + i + 4, LOAD(out + i + 4) + q * (s0 - s1 * w + t * t * t * (s2 - s3 * w)));
        high += q * w;
    }
    STORE(sum, low);
    STORE(sum + 4, high);
#endif
    for (; i < n; i++) {
        double t = T[i];
        out[i] += p[i] * (s0 - s1 * v[i] + t * t * t * (s2 - s3 * v[i]));
        sum[i % LANES] += p[i] * v[i];
    }
    return lane_sum(sum);
}

CLONES
void ts_group_moments(ptrdiff_t n, const double *restrict p, const double *restrict T, const double *restrict v,
                      double *restrict sums)
{
    double a[LANES] = {0}, b[LANES] = {0}, c[LANES] = {0}, d[LANES] = {0};
    ptrdiff_t i = 0;
#ifdef HAVE_VEC4
    for (int half = 0; half < LANES; half += 4) {
        vec4 va = {0}, vb = {0}, vc = {0}, vd = {0};
        for (i = 0; i + LANES <= n; i += LANES) {
            vec4 t = LOAD(T + i + half), w = LOAD(v + i + half), q = LOAD(p + i + half) * t, q4 = q * (t * t * t);
            va += q;
            vb += q * w;
            vc += q4;
            vd += q4 * w;
        }
        STORE(a + half, va);
        STORE(b + half, vb);
        STORE(c + half, vc);
        STORE(d + half, vd);
    }
#endif
    for (; i < n; i++) {
        double t = T[i], q = p[i] * t, q4 = q * (t * t * t);
        a[i % LANES] += q;
        b[i % LANES] += q * v[i];
        c[i % LANES] += q4;
        d[i % LANES] += q4 * v[i];
    }
    sums[0] = lane_sum(a);
    sums[1] = lane_sum(b);
    sums[2] = lane_sum(c);
    sums[3] = lane_sum(d);
}

CLONES
void ts_link_reverse(ptrdiff_t n, ptrdiff_t step, double scale, const double *restrict v, const double *restrict T,
                     double *restrict by_g)
{
    for (ptrdiff_t i = 0; i < n; i++)
        by_g[i] += scale * ((v[i + step] - v[i]) * (T[i] - T[i + step]));
}

CLONES
void ts_star_reverse(ptrdiff_t n, const double *restrict ga, const double *restrict gb, const double *restrict g,
                     const double *restrict va, const double *restrict vb, const double *restrict vc, double s,
                     double *restrict out_a, double *restrict out_b, double *restrict out_c)
{
    if (vb) {
        for (ptrdiff_t i = 0; i < n; i++) {
            double wc = vc[i] + s, sa = wc - va[i], sb = wc - vb[i];
            double m = (sa * ga[i] + sb * gb[i]) / (ga[i] + gb[i] + g[i]);
            out_a[i] += (sa - m) * ga[i];
            out_b[i] += (sb - m) * gb[i];
            out_c[i] -= m * g[i];
        }
        return;
    }
    for (ptrdiff_t i = 0; i < n; i++) {
        /* ga = 0: the row is the wall */
        double sa = vc[i] + s - va[i], q = sa * g[i], direct = ga[i] == 0.0 ? 1.0 : ga[i] / (ga[i] + gb[i] + g[i]);
        out_a[i] += q * direct;
        out_c[i] -= q * direct;
    }
}

CLONES
void ts_star_by_conductance(ptrdiff_t n, const double *restrict ga, const double *restrict gb,
                            const double *restrict g, const double *restrict va, const double *restrict vb,
                            const double *restrict vc, double s, const double *restrict Ta,
                            const double *restrict Tb, const double *restrict Tc, double scale,
                            double *restrict by_ga, double *restrict by_gb, double *restrict by_g)
{
    if (vb) {
        for (ptrdiff_t i = 0; i < n; i++) {
            double wc = vc[i] + s, sa = wc - va[i], sb = wc - vb[i], total = 1.0 / (ga[i] + gb[i] + g[i]);
            double m = (sa * ga[i] + sb * gb[i]) * total, wall = (ga[i] * Ta[i] + gb[i] * Tb[i] + g[i] * Tc[i]) * total;
            by_ga[i] += scale * ((sa - m) * (Ta[i] - wall));
            by_gb[i] += scale * ((sb - m) * (Tb[i] - wall));
            by_g[i] -= scale * (m * (Tc[i] - wall));
        }
        return;
    }
    for (ptrdiff_t i = 0; i < n; i++) {
        /* ga = 0: the row is the wall */
        double sa = vc[i] + s - va[i], total = 1.0 / (ga[i] + g[i]);
        if (ga[i] == 0.0) {
            by_g[i] += scale * (sa * (Ta[i] - Tc[i]));
            continue;
        }
        double m = sa * ga[i] * total, wall = (ga[i] * Ta[i] + g[i] * Tc[i]) * total;
        by_ga[i] += scale * ((sa - m) * (Ta[i] - wall));
        by_g[i] -= scale * (m * (Tc[i] - wall));
    }
}

CLONES
double ts_stream_reverse(ptrdiff_t n, int dir, double r, double s, const double *restrict v, double *restrict out)
{
    /* what a cell passes on weighs v of the next; the last one's leaves */
    if (dir > 0) {
        for (ptrdiff_t i = 0; i + 1 < n; i++)
            out[i] += r * (v[i + 1] - v[i]);
        out[n - 1] -= r * (v[n - 1] + s);
        return r * (v[0] + s);
    }
    for (ptrdiff_t i = 1; i < n; i++)
        out[i] += r * (v[i - 1] - v[i]);
    out[0] -= r * (v[0] + s);
    return r * (v[n - 1] + s);
}

double ts_stream_by_rate(ptrdiff_t n, int dir, double s, const double *v, double y_in, const double *y, double scale,
                         double *by_rate)
{
    double sum = 0.0, before = y_in;
    for (ptrdiff_t k = 0; k < n; k++) {
        ptrdiff_t i = dir > 0 ? k : n - 1 - k;
        double d = (v[i] + s) * (before - y[i]);
        before = y[i];
        sum += d;
        if (by_rate)
            by_rate[i] += scale * d;
    }
    return sum;
}

CLONES
void ts_add_product(ptrdiff_t n, double c, const double *restrict a, const double *restrict b, double *restrict out)
{
    for (ptrdiff_t i = 0; i < n; i++)
        out[i] += c * (a[i] * b[i]);
}
