#include "plate.h"
#include "quads.h"

void ts_x_factor(ptrdiff_t nx, const double *C, const double *gx, double s, double *l, double *d, double *c)
{
    double before = 0.0; /* gx/(C s) of the cell before, towards this one */
    for (ptrdiff_t i = 0; i < nx; i++) {
        double cs = C[i] * s;
        double left = i > 0 ? gx[i - 1] / cs : 0.0, right = i + 1 < nx ? gx[i] / cs : 0.0;
        double diagonal = 1.0 + left + right;
        l[i] = i > 0 ? before * d[i - 1] : 0.0;
        diagonal -= l[i] * left;
        d[i] = 1.0 / diagonal;
        c[i] = i + 1 < nx ? gx[i] / (C[i + 1] * s) * d[i] : 0.0;
        before = right;
    }
}

/* Four rows, or eight, to a step along x, a lane to a row: rows[k] are where they begin. The recurrence forth stays in
 * lanes until the one back has passed. */
INLINE void sweep_rows(ptrdiff_t nx, int eight, const double *restrict l, const double *restrict d,
                       const double *restrict c, double *const *rows, double *restrict kept)
{
    const quad none = {0};
    const int width = eight ? 2 * QUAD : QUAD;
    quad p = none, q = none, u[QUAD], v[QUAD];
    ptrdiff_t i, whole = nx - nx % QUAD;
    for (i = 0; i < whole; i += QUAD) {
        for (int k = 0; k < QUAD; k++) {
            u[k] = get(rows[k] + i);
            if (eight)
                v[k] = get(rows[QUAD + k] + i);
        }
        transpose(u);
        if (eight)
            transpose(v);
        for (int k = 0; k < QUAD; k++) {
            p = plus(u[k], times(all(l[i + k]), p));
            set(kept + (i + k) * width, p);
            if (eight) {
                q = plus(v[k], times(all(l[i + k]), q));
                set(kept + (i + k) * width + QUAD, q);
            }
        }
    }
    for (; i < nx; i++)
        for (int k = 0; k < width; k++)
            kept[i * width + k] = rows[k][i] + (i > 0 ? l[i] * kept[(i - 1) * width + k] : 0.0);
    p = q = none;
    for (i = nx - 1; i >= whole; i--) {
        p = plus(times(all(d[i]), get(kept + i * width)), times(all(c[i]), p));
        set(kept + i * width, p);
        if (eight) {
            q = plus(times(all(d[i]), get(kept + i * width + QUAD)), times(all(c[i]), q));
            set(kept + i * width + QUAD, q);
        }
        for (int k = 0; k < width; k++)
            rows[k][i] = kept[i * width + k];
    }
    for (i = whole - QUAD; i >= 0; i -= QUAD) {
        for (int k = QUAD - 1; k >= 0; k--) {
            u[k] = p = plus(times(all(d[i + k]), get(kept + (i + k) * width)), times(all(c[i + k]), p));
            if (eight)
                v[k] = q = plus(times(all(d[i + k]), get(kept + (i + k) * width + QUAD)), times(all(c[i + k]), q));
        }
        transpose(u);
        if (eight)
            transpose(v);
        for (int k = 0; k < QUAD; k++) {
            set(rows[k] + i, u[k]);
            if (eight)
                set(rows[QUAD + k] + i, v[k]);
        }
    }
}

CLONES
void ts_x_sweep(ptrdiff_t nx, ptrdiff_t ny, const double *l, const double *d, const double *c, ptrdiff_t step,
                double *r, double *kept)
{
    for (ptrdiff_t j = 0; j < ny;) {
        double *rows[2 * QUAD];
        if (step == 0) {
            /* what lacks to four rows repeats the last one, to the same values */
            for (ptrdiff_t k = 0; k < 2 * QUAD; k++)
                rows[k] = r + (j + k < ny ? j + k : ny - 1) * nx;
            if (j + QUAD < ny)
                sweep_rows(nx, 1, l, d, c, rows, kept);
            else
                sweep_rows(nx, 0, l, d, c, rows, kept);
            j += j + QUAD < ny ? 2 * QUAD : QUAD;
            continue;
        }
        const double *lj = l + j * step, *dj = d + j * step, *cj = c + j * step;
        double *row = r + j * nx;
        for (ptrdiff_t i = 1; i < nx; i++)
            row[i] += lj[i] * row[i - 1];
        row[nx - 1] *= dj[nx - 1];
        for (ptrdiff_t i = nx - 2; i >= 0; i--)
            row[i] = dj[i] * row[i] + cj[i] * row[i + 1];
        j++;
    }
}

/* one row; even: conductances have one value along it; equal: capacities too. The flags are constants where this is
 * called. */
INLINE void y_diagonal(ptrdiff_t nx, const double *restrict C, int equal, double s, const double *restrict down,
                       const double *restrict up, int even, double *restrict d)
{
#define ACROSS(i) ((up ? (even ? up[0] : up[i]) : 0.0) + (down ? (even ? down[0] : down[i]) : 0.0))
    for (ptrdiff_t i = 0; i < nx; i++)
        d[i] = (equal ? C[0] : C[i]) * s + ACROSS(i);
#undef ACROSS
}

CLONES
void ts_y_diagonal(ptrdiff_t nx, ptrdiff_t ny, ptrdiff_t first, ptrdiff_t last, const double *C, int equal, double s,
                   const double *gy, int even, double *D)
{
    for (ptrdiff_t j = first; j < last; j++) {
        const double *c = C + j * nx, *down = j > 0 ? gy + (j - 1) * nx : NULL, *up = j + 1 < ny ? gy + j * nx : NULL;
        if (even && equal && up && down)
            y_diagonal(nx, c, 1, s, down, up, 1, D + j * nx);
        else
            y_diagonal(nx, c, 0, s, down, up, 0, D + j * nx);
    }
}

CLONES
void ts_group_diagonal(ptrdiff_t n, const double *restrict p, const double *restrict T, double b, double e,
                       double *restrict D)
{
    double e4 = 4.0 * e;
    for (ptrdiff_t i = 0; i < n; i++) {
        double t = T[i];
        D[i] += p[i] * (b + e4 * (t * t * t));
    }
}

CLONES
void ts_segment_factor(ptrdiff_t nx, ptrdiff_t m, ptrdiff_t step, double *restrict D, const double *restrict gy,
                       double *restrict mul, double *restrict fill, const double *left, const double *right,
                       double *D_left, double *D_right, double *across, double *restrict f)
{
    for (ptrdiff_t k = 0; k < m; k++) {
        double *d = D + k * step, *q = fill + k * step;
        const double *next = k + 1 < m ? gy + k * step : right;
        if (k > 0) {
            const double *g = gy + (k - 1) * step, *inv = d - step;
            for (ptrdiff_t i = 0; i < nx; i++)
                d[i] -= g[i] * (g[i] * inv[i]);
            if (left)
                for (ptrdiff_t i = 0; i < nx; i++)
                    f[i] *= g[i] * inv[i];
        } else if (left)
            memcpy(f, left, nx * sizeof *f);
        for (ptrdiff_t i = 0; i < nx; i++)
            d[i] = 1.0 / d[i];
        if (mul)
            for (ptrdiff_t i = 0; i < nx; i++)
                mul[k * step + i] = next ? next[i] * d[i] : 0.0;
        if (left)
            for (ptrdiff_t i = 0; i < nx; i++) {
                q[i] = f[i] * d[i];
                D_left[i] -= f[i] * q[i];
            }
    }
    if (right) {
        const double *inv = D + (m - 1) * step;
        for (ptrdiff_t i = 0; i < nx; i++)
            D_right[i] -= right[i] * (right[i] * inv[i]);
        if (left)
            for (ptrdiff_t i = 0; i < nx; i++)
                across[i] = f[i] * (right[i] * inv[i]);
    }
}

/* row += g inv before, and its share for the left wall; even: g has one value, a constant where this is called */
INLINE void row_forward(ptrdiff_t nx, const double *restrict g, int even, const double *restrict inv,
                        const double *restrict fill, const double *restrict before, double *restrict row,
                        double *restrict r_left)
{
    if (before && r_left)
        for (ptrdiff_t i = 0; i < nx; i++) {
            row[i] += (even ? g[0] : g[i]) * inv[i] * before[i];
            r_left[i] += fill[i] * row[i];
        }
    else if (before)
        for (ptrdiff_t i = 0; i < nx; i++)
            row[i] += (even ? g[0] : g[i]) * inv[i] * before[i];
    else if (r_left)
        for (ptrdiff_t i = 0; i < nx; i++)
            r_left[i] += fill[i] * row[i];
}

CLONES
void ts_segment_forward(ptrdiff_t nx, ptrdiff_t m, ptrdiff_t from, ptrdiff_t to, ptrdiff_t step, const double *gy,
                        int even, const double *right, const double *inv, const double *fill, double *r,
                        double *r_left, double *r_right)
{
    for (ptrdiff_t k = from; k < to; k++) {
        double *row = r + k * step;
        const double *g = gy + (k - 1) * step, *d = inv + (k - 1) * step, *q = fill + k * step;
        if (even)
            row_forward(nx, g, 1, d, q, k > 0 ? row - step : NULL, row, r_left);
        else
            row_forward(nx, g, 0, d, q, k > 0 ? row - step : NULL, row, r_left);
    }
    if (r_right && to == m)
        row_forward(nx, right, 0, inv + (m - 1) * step, NULL, r + (m - 1) * step, r_right, NULL);
}

/* row <- inv (row + g next) + fill w_left */
INLINE void row_back(ptrdiff_t nx, const double *restrict g, int even, const double *restrict inv,
                     const double *restrict fill, const double *next, const double *restrict w_left,
                     double *restrict row)
{
    if (next && w_left)
        for (ptrdiff_t i = 0; i < nx; i++)
            row[i] = inv[i] * (row[i] + (even ? g[0] : g[i]) * next[i]) + fill[i] * w_left[i];
    else if (next)
        for (ptrdiff_t i = 0; i < nx; i++)
            row[i] = inv[i] * (row[i] + (even ? g[0] : g[i]) * next[i]);
    else if (w_left)
        for (ptrdiff_t i = 0; i < nx; i++)
            row[i] = inv[i] * row[i] + fill[i] * w_left[i];
    else
        for (ptrdiff_t i = 0; i < nx; i++)
            row[i] = inv[i] * row[i];
}

CLONES
void ts_segment_back(ptrdiff_t nx, ptrdiff_t m, ptrdiff_t step, const double *gy, int even, const double *right,
                     const double *inv, const double *fill, double *r, const double *w_left, const double *w_right)
{
    row_back(nx, right, 0, inv + (m - 1) * step, fill + (m - 1) * step, w_right, w_left, r + (m - 1) * step);
    for (ptrdiff_t k = m - 2; k >= 0; k--) {
        const double *g = gy + k * step, *d = inv + k * step, *q = fill + k * step;
        if (even)
            row_back(nx, g, 1, d, q, r + (k + 1) * step, w_left, r + k * step);
        else
            row_back(nx, g, 0, d, q, r + (k + 1) * step, w_left, r + k * step);
    }
}

CLONES
void ts_defect(ptrdiff_t n, const double *restrict C, double a, const double *restrict rate, double *restrict F,
               double *restrict kept)
{
    for (ptrdiff_t i = 0; i < n; i++)
        kept[i] = F[i] -= C[i] * (a * rate[i]);
}

CLONES
void ts_stiff_part(ptrdiff_t n, double *restrict F, double *restrict kept)
{
    for (ptrdiff_t i = 0; i < n; i++)
        kept[i] = F[i] -= kept[i];
}

CLONES
void ts_by_capacity(ptrdiff_t n, const double *restrict C, double shift, double *restrict q)
{
    for (ptrdiff_t i = 0; i < n; i++)
        q[i] /= shift * C[i];
}

CLONES
void ts_lesser(ptrdiff_t n, const double *restrict a, double *restrict b)
{
    for (ptrdiff_t i = 0; i < n; i++) {
        double p = a[i] < 0.0 ? -a[i] : a[i], q = b[i] < 0.0 ? -b[i] : b[i];
        b[i] = p < q ? p : q;
    }
}

CLONES
ptrdiff_t ts_dense_factor(ptrdiff_t n, double *a)
{
    for (ptrdiff_t k = 0; k < n; k++) {
        double *restrict lower = a + k * n, pivot = lower[k];
        if (pivot == 0.0 || pivot != pivot)
            return 1 + k;
        pivot = lower[k] = 1.0 / pivot;
        for (ptrdiff_t i = k + 1; i < n; i++)
            lower[i] *= pivot;
        for (ptrdiff_t j = k + 1; j < n; j++) {
            double *restrict column = a + j * n, u = column[k];
            if (u != 0.0)
                for (ptrdiff_t i = k + 1; i < n; i++)
                    column[i] -= lower[i] * u;
        }
    }
    return 0;
}

CLONES
void ts_dense_solve(ptrdiff_t n, const double *restrict a, double *restrict x)
{
    for (ptrdiff_t k = 0; k < n; k++) {
        double known = x[k];
        for (ptrdiff_t i = k + 1; i < n; i++)
            x[i] -= a[k * n + i] * known;
    }
    for (ptrdiff_t k = n - 1; k >= 0; k--) {
        double known = x[k] *= a[k * n + k];
        for (ptrdiff_t i = 0; i < k; i++)
            x[i] -= a[k * n + i] * known;
    }
}

CLONES
void ts_dense_solve_transpose(ptrdiff_t n, const double *restrict a, double *restrict x)
{
    for (ptrdiff_t k = 0; k < n; k++) {
        double known = x[k];
        for (ptrdiff_t i = 0; i < k; i++)
            known -= a[k * n + i] * x[i];
        x[k] = known * a[k * n + k];
    }
    for (ptrdiff_t k = n - 1; k >= 0; k--)
        for (ptrdiff_t i = k + 1; i < n; i++)
            x[k] -= a[k * n + i] * x[i];
}
