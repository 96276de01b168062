#include "kernels.h"
#include "lanes.h"

CLONES
void ts_group_rates(ptrdiff_t n, const double *restrict p, const double *restrict T, double a, double b, double e,
                    double *restrict F, double *restrict s)
{
    double s1[LANES] = {0}, s4[LANES] = {0};
    ptrdiff_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (int l = 0; l < LANES; l++) {
            double t = T[i + l], t2 = t * t, t4 = t2 * t2, q = p[i + l];
            F[i + l] += q * (a - b * t - e * t4);
            s1[l] += q * t;
            s4[l] += q * t4;
        }
    }
    for (int l = 0; i < n; i++, l++) {
        double t = T[i], t2 = t * t, t4 = t2 * t2, q = p[i];
        F[i] += q * (a - b * t - e * t4);
        s1[l] += q * t;
        s4[l] += q * t4;
    }
    s[0] = lane_sum(s1);
    s[1] = lane_sum(s4);
}

CLONES
static void group_sums(ptrdiff_t n, const double *restrict p, const double *restrict T, const double *restrict u,
                       double *restrict s)
{
    double s1[LANES] = {0}, s4[LANES] = {0};
    ptrdiff_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (int l = 0; l < LANES; l++) {
            double t = T[i + l], q = p[i + l] * u[i + l];
            s1[l] += q;
            s4[l] += q * (4.0 * t * t * t);
        }
    }
    for (int l = 0; i < n; i++, l++) {
        double t = T[i], q = p[i] * u[i];
        s1[l] += q;
        s4[l] += q * (4.0 * t * t * t);
    }
    s[0] = lane_sum(s1);
    s[1] = lane_sum(s4);
}

void ts_group_tangent(ptrdiff_t n, const double *p, const double *T, const double *u, double b, double e,
                      double *F, double *s)
{
    group_sums(n, p, T, u, s);
    if (F)
        for (ptrdiff_t i = 0; i < n; i++) {
            double t = T[i];
            F[i] -= p[i] * (b + e * (4.0 * t * t * t)) * u[i];
        }
}

CLONES
void ts_plate_rates(ptrdiff_t nx, ptrdiff_t ny, const double *restrict gx, const double *restrict gy,
                    const double *restrict T, double *restrict F)
{
    for (ptrdiff_t j = 0; j < ny; j++) {
        const double *t = T + j * nx, *g = gx + j * (nx - 1);
        double *f = F + j * nx;
        if (nx > 1) {
            f[0] += g[0] * (t[1] - t[0]);
            for (ptrdiff_t i = 1; i < nx - 1; i++)
                f[i] += g[i] * (t[i + 1] - t[i]) - g[i - 1] * (t[i] - t[i - 1]);
            f[nx - 1] -= g[nx - 2] * (t[nx - 1] - t[nx - 2]);
        }
    }
    for (ptrdiff_t j = 0; j + 1 < ny; j++) {
        const double *t = T + j * nx, *g = gy + j * nx;
        double *f = F + j * nx;
        for (ptrdiff_t i = 0; i < nx; i++) {
            double q = g[i] * (t[i] - t[i + nx]);
            f[i] -= q;
            f[i + nx] += q;
        }
    }
}

#define BLOCK 256

CLONES
void ts_combine(ptrdiff_t n, int count, const double *coef, const double *const *vec, const double *base,
                double *out)
{
    for (ptrdiff_t first = 0; first < n; first += BLOCK) {
        ptrdiff_t m = n - first < BLOCK ? n - first : BLOCK;
        double sum[BLOCK];
        for (ptrdiff_t i = 0; i < m; i++)
            sum[i] = base[first + i];
        for (int k = 0; k < count; k++) {
            const double *v = vec[k] + first;
            double a = coef[k];
            for (ptrdiff_t i = 0; i < m; i++)
                sum[i] += a * v[i];
        }
        for (ptrdiff_t i = 0; i < m; i++)
            out[first + i] = sum[i];
    }
}

CLONES
void ts_stage(ptrdiff_t n, int count, const double *coef, const double *const *vec, const double *C,
              const double *F, double f, const double *Ft, double *out)
{
    for (ptrdiff_t first = 0; first < n; first += BLOCK) {
        ptrdiff_t m = n - first < BLOCK ? n - first : BLOCK;
        double sum[BLOCK];
        for (ptrdiff_t i = 0; i < m; i++)
            sum[i] = 0.0;
        for (int k = 0; k < count; k++) {
            const double *v = vec[k] + first;
            double a = coef[k];
            for (ptrdiff_t i = 0; i < m; i++)
                sum[i] += a * v[i];
        }
        for (ptrdiff_t i = 0; i < m; i++)
            out[first + i] = F[first + i] + C[first + i] * sum[i] + f * Ft[first + i];
    }
}

CLONES
double ts_norm(ptrdiff_t n, const double *restrict w, const double *restrict e)
{
    double top[LANES] = {0}, bad[LANES] = {0};
    ptrdiff_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int l = 0; l < LANES; l++) {
            double a = e[i + l] < 0.0 ? -e[i + l] : e[i + l];
            a *= w[i + l];
            bad[l] += a * 0.0;
            top[l] = a > top[l] ? a : top[l];
        }
    for (int l = 0; i < n; i++, l++) {
        double a = e[i] < 0.0 ? -e[i] : e[i];
        a *= w[i];
        bad[l] += a * 0.0;
        top[l] = a > top[l] ? a : top[l];
    }
    double m = 0.0;
    for (int l = 0; l < LANES; l++)
        m = top[l] > m ? top[l] : m;
    return m + lane_sum(bad);
}
