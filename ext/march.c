/* The walls of one column, and the march of the coolant from column to column.
 *
 * The walls of a column form a chain. It is cut into four pieces of equal length, one to a lane: the last wall of each
 * piece separates it from the next. Eliminating what lies between leaves four separators, whose inverse is kept. So a
 * column costs steps of the length of a piece, all lanes at once. A chain whose length is no multiple of four ends in
 * walls of no consequence.
 */
#include "plate.h"
#include "quads.h"

#define PIECES QUAD

static ptrdiff_t piece(ptrdiff_t nt)
{
    return (nt + PIECES - 1) / PIECES;
}

ptrdiff_t ts_march_size(ptrdiff_t nt)
{
    return nt == 1 ? 4 : PIECES * (6 * piece(nt) + 1);
}

ptrdiff_t ts_march_scratch(ptrdiff_t nt)
{
    return PIECES * (9 * piece(nt) + 1);
}

void ts_wall_factor(ptrdiff_t nx, ptrdiff_t nt, double *D, const double *across, double *mul, double *fill,
                    double *between, double *f)
{
    ptrdiff_t m = piece(nt);
    for (ptrdiff_t i = 0; i < (PIECES - 1) * nx; i++)
        between[i] = 0.0;
    for (ptrdiff_t lane = 0; lane * m < nt; lane++) {
        ptrdiff_t first = lane * m, last = first + m - 1, rows = (last < nt ? last : nt) - first;
        const double *left = lane > 0 ? across + (first - 1) * nx : NULL;
        if (rows > 0)
            ts_segment_factor(nx, rows, nx, D + first * nx, across + first * nx, mul + first * nx, fill + first * nx,
                              left, last < nt ? across + (last - 1) * nx : NULL,
                              lane > 0 ? D + (first - 1) * nx : NULL, last < nt ? D + last * nx : NULL,
                              lane > 0 ? between + (lane - 1) * nx : NULL, f);
        else if (left)
            memcpy(between + (lane - 1) * nx, left, nx * sizeof *left);
    }
}

/* the separators of column i, eliminated in order and inverted; their reciprocal pivots stay in D */
static void invert_separators(ptrdiff_t i, ptrdiff_t nx, ptrdiff_t nt, double *D, const double *between, double *inverse)
{
    ptrdiff_t m = piece(nt);
    double d[PIECES], l[PIECES] = {0};
    for (int k = 0; k < PIECES; k++) {
        ptrdiff_t at = (k * m + m - 1) * nx + i;
        double pivot = k * m + m - 1 < nt ? D[at] : 1.0;
        if (k > 0)
            pivot -= between[(k - 1) * nx + i] * l[k - 1];
        d[k] = 1.0 / pivot;
        if (k * m + m - 1 < nt)
            D[at] = d[k];
        l[k] = k + 1 < PIECES ? between[k * nx + i] * d[k] : 0.0;
    }
    for (int j = 0; j < PIECES; j++) {
        double *x = inverse + j * PIECES;
        for (int k = 0; k < PIECES; k++)
            x[k] = k < j ? 0.0 : k == j ? 1.0 : l[k - 1] * x[k - 1];
        x[PIECES - 1] *= d[PIECES - 1];
        for (int k = PIECES - 2; k >= 0; k--)
            x[k] = d[k] * x[k] + l[k] * x[k + 1];
    }
}

/* one tube: its coefficients, the walls' reciprocal pivots being there */
static void couple_one(ptrdiff_t nx, const double *gc, const double *g, const double *dc, double rate, double *coef)
{
    double *chain = coef, *of_wall = coef + nx, *from = coef + 2 * nx, *inv = coef + 3 * nx;
    for (ptrdiff_t i = 0; i < nx; i++) {
        double entering = dc[i] * rate;
        of_wall[i] = dc[i] * g[i] * inv[i];
        from[i] = inv[i] * gc[i] * entering;
        chain[i] = entering + of_wall[i] * gc[i] * entering;
    }
}

void ts_march_factor(ptrdiff_t nx, ptrdiff_t nt, double *D, const double *mul, const double *fill,
                     const double *between, const double *gc, const double *g, const double *dc, const double *rate,
                     double *coef)
{
    ptrdiff_t m = piece(nt), size = ts_march_size(nt);
    if (nt == 1) {
        for (ptrdiff_t i = 0; i < nx; i++)
            D[i] = coef[3 * nx + i] = 1.0 / D[i];
        couple_one(nx, gc, g, dc, rate[0], coef);
        return;
    }
    for (ptrdiff_t i = 0; i < nx; i++, coef += size) {
        double *stream = coef, *wall = stream + PIECES * m, *back = wall + PIECES * m, *multiplier = back + PIECES * m;
        double *inv = multiplier + PIECES * (m - 1), *filled = inv + PIECES * (m - 1);
        for (int lane = 0; lane < PIECES; lane++)
            for (ptrdiff_t k = 0; k < m; k++) {
                ptrdiff_t t = lane * m + k, at = t * nx + i, to = k * PIECES + lane;
                int there = t < nt;
                stream[to] = there ? dc[at] * rate[t] : 0.0;
                wall[to] = there ? gc[at] * stream[to] : 0.0;
                back[to] = there ? dc[at] * g[at] : 0.0;
                if (k < m - 1) {
                    multiplier[to] = there ? mul[at] : 0.0;
                    inv[to] = there ? D[at] : 1.0;
                    filled[to] = there ? fill[at] : 0.0;
                }
            }
        invert_separators(i, nx, nt, D, between, filled + PIECES * (m - 1));
    }
}

void ts_march_turn(ptrdiff_t nx, ptrdiff_t nt, const double *gc, const double *g, const double *dc, const double *rate,
                   double *coef)
{
    ptrdiff_t m = piece(nt), size = ts_march_size(nt);
    if (nt == 1) {
        couple_one(nx, gc, g, dc, rate[0], coef);
        return;
    }
    for (ptrdiff_t t = 0; t < nt; t++) {
        double *wall = coef + PIECES * m + t % m * PIECES + t / m, *back = wall + PIECES * m;
        for (ptrdiff_t i = 0; i < nx; i++) {
            ptrdiff_t at = t * nx + i;
            wall[i * size] = gc[at] * (dc[at] * rate[t]);
            back[i * size] = dc[at] * g[at];
        }
    }
}

CLONES
static void march_one(ptrdiff_t nx, int dir, const double *restrict gc, const double *restrict dc,
                      const double *restrict coef, double *restrict c, double *restrict w)
{
    const double *chain = coef, *of_wall = coef + nx, *from = coef + 2 * nx, *inv = coef + 3 * nx;
    double entering = 0.0;
    for (ptrdiff_t i = 0; i < nx; i++) {
        c[i] *= dc[i];
        w[i] += gc[i] * c[i];
        c[i] += of_wall[i] * w[i];
        w[i] *= inv[i];
    }
    if (dir > 0) {
        for (ptrdiff_t i = 0; i < nx; i++)
            c[i] = entering = c[i] + chain[i] * entering;
        for (ptrdiff_t i = 1; i < nx; i++)
            w[i] += from[i] * c[i - 1];
    } else {
        for (ptrdiff_t i = nx - 1; i >= 0; i--)
            c[i] = entering = c[i] + chain[i] * entering;
        for (ptrdiff_t i = 0; i + 1 < nx; i++)
            w[i] += from[i] * c[i + 1];
    }
}

/* one column: in and out x, the walls, and a, the coolant; e, the coolant entering, becomes the one leaving */
INLINE void march_column(ptrdiff_t m, const double *restrict coef, double *restrict x, double *restrict a,
                         double *restrict e)
{
    const double *stream = coef, *wall = stream + PIECES * m, *back = wall + PIECES * m, *mul = back + PIECES * m,
                 *inv = mul + PIECES * (m - 1), *fill = inv + PIECES * (m - 1), *inverse = fill + PIECES * (m - 1);
    const quad none = {0};
    quad before = none, sum = none, r, next, left;
    ptrdiff_t k;
    for (k = 0; k < PIECES * (m - 1); k += PIECES) {
        quad entering = get(e + k), wall_k = plus(get(x + k), times(get(wall + k), entering));
        set(a + k, plus(get(a + k), times(get(stream + k), entering)));
        before = k > 0 ? plus(wall_k, times(get(mul + k - PIECES), before)) : wall_k;
        set(x + k, before);
        sum = plus(sum, times(get(fill + k), before));
    }
    r = get(e + k);
    set(a + k, plus(get(a + k), times(get(stream + k), r)));
    r = plus(get(x + k), times(get(wall + k), r));
    if (m > 1)
        r = plus(plus(r, times(get(mul + k - PIECES), before)), PICK(sum, none, 1, 2, 3, 4));
    next = plus(plus(times(get(inverse), PICK(r, r, 0, 0, 0, 0)), times(get(inverse + 4), PICK(r, r, 1, 1, 1, 1))),
                plus(times(get(inverse + 8), PICK(r, r, 2, 2, 2, 2)), times(get(inverse + 12), PICK(r, r, 3, 3, 3, 3))));
    left = PICK(none, next, 0, 4, 5, 6);
    set(x + k, next);
    for (;;) {
        quad leaving = plus(get(a + k), times(get(back + k), next));
        set(a + k, leaving);
        set(e + k, leaving);
        if (k == 0)
            break;
        k -= PIECES;
        next = plus(plus(times(get(inv + k), get(x + k)), times(get(fill + k), left)), times(get(mul + k), next));
        set(x + k, next);
    }
}

/* Into lanes: walls and coolant of `count` columns from `first` on, column j of them at x + j row, a + j row. */
INLINE void to_lanes(ptrdiff_t nx, ptrdiff_t nt, ptrdiff_t first, ptrdiff_t count, const double *gc, const double *dc,
                     double *const *c, const double *w, double *restrict x, double *restrict a)
{
    ptrdiff_t m = piece(nt), row = PIECES * m;
    for (ptrdiff_t k = 0; k < m; k++) {
        if (count == 4) {
            quad cool[PIECES], wall[PIECES];
            for (int l = 0; l < PIECES; l++) {
                ptrdiff_t t = l * m + k, at = t * nx + first;
                const quad none = {0};
                cool[l] = wall[l] = none;
                if (t < nt) {
                    cool[l] = times(get(c[t] + first), get(dc + at));
                    wall[l] = plus(get(w + at), times(get(gc + at), cool[l]));
                }
            }
            transpose(cool);
            transpose(wall);
            for (int j = 0; j < PIECES; j++) {
                set(a + j * row + PIECES * k, cool[j]);
                set(x + j * row + PIECES * k, wall[j]);
            }
            continue;
        }
        for (ptrdiff_t j = 0; j < count; j++)
            for (ptrdiff_t l = 0; l * m + k < nt; l++) {
                ptrdiff_t t = l * m + k, at = t * nx + first + j, to = j * row + PIECES * k + l;
                a[to] = c[t][first + j] * dc[at];
                x[to] = w[at] + gc[at] * a[to];
            }
    }
}

INLINE void from_lanes(ptrdiff_t nx, ptrdiff_t nt, ptrdiff_t first, ptrdiff_t count, double *const *c, double *w,
                       const double *restrict x, const double *restrict a)
{
    ptrdiff_t m = piece(nt), row = PIECES * m;
    for (ptrdiff_t k = 0; k < m; k++) {
        if (count == 4) {
            quad cool[PIECES], wall[PIECES];
            for (int j = 0; j < PIECES; j++) {
                cool[j] = get(a + j * row + PIECES * k);
                wall[j] = get(x + j * row + PIECES * k);
            }
            transpose(cool);
            transpose(wall);
            for (ptrdiff_t l = 0; l < PIECES && l * m + k < nt; l++) {
                set(c[l * m + k] + first, cool[l]);
                set(w + (l * m + k) * nx + first, wall[l]);
            }
            continue;
        }
        for (ptrdiff_t j = 0; j < count; j++)
            for (ptrdiff_t l = 0; l * m + k < nt; l++) {
                c[l * m + k][first + j] = a[j * row + PIECES * k + l];
                w[(l * m + k) * nx + first + j] = x[j * row + PIECES * k + l];
            }
    }
}

CLONES
static void march_many(ptrdiff_t nx, ptrdiff_t nt, int dir, const double *gc, const double *dc, const double *coef,
                       double *const *c, double *w, double *scratch)
{
    ptrdiff_t m = piece(nt), size = ts_march_size(nt), row = PIECES * m;
    double *x = scratch, *a = x + 4 * row, *e = a + 4 * row;
    memset(scratch, 0, 9 * row * sizeof *scratch);
    for (ptrdiff_t done = 0; done < nx; done += 4) {
        ptrdiff_t count = nx - done < 4 ? nx - done : 4, first = dir > 0 ? done : nx - done - count;
        to_lanes(nx, nt, first, count, gc, dc, c, w, x, a);
        for (ptrdiff_t j = 0; j < count; j++) {
            ptrdiff_t k = dir > 0 ? j : count - 1 - j;
            march_column(m, coef + (first + k) * size, x + k * row, a + k * row, e);
        }
        from_lanes(nx, nt, first, count, c, w, x, a);
    }
}

void ts_march(ptrdiff_t nx, ptrdiff_t nt, int dir, const double *gc, const double *dc, const double *coef,
              double *const *c, double *w, double *scratch)
{
    if (nt == 1)
        march_one(nx, dir, gc, dc, coef, c[0], w);
    else
        march_many(nx, nt, dir, gc, dc, coef, c, w, scratch);
}
