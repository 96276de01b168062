/* Loops over plate rows. Sums run over eight fixed lanes, so every machine gets the same bits. */
#ifndef THERMALSAT_KERNELS_H
#define THERMALSAT_KERNELS_H
#include <stddef.h>

/* A pattern p is an array, or NULL with the value p0 everywhere. */
/* F += p (a - b T - e T^4); s[0..7] += lanes of sum p T, s[8..15] += lanes of sum p T^4 */
void ts_group_rates(ptrdiff_t n, const double *p, double p0, const double *T, double a, double b, double e, double *F,
                    double *s);
/* F += p a */
void ts_group_source(ptrdiff_t n, const double *p, double p0, double a, double *F);
/* s[0] = sum p u, s[1] = sum 4 p T^3 u; with F: F -= p (b + 4 e T^3) u */
void ts_group_tangent(ptrdiff_t n, const double *p, double p0, const double *T, const double *u, double b, double e,
                      double *F, double *s);
/* conduction in rows first..last-1 of a plate of ny rows of nx cells: F = sum of g (T_neighbour - T), T and F beginning
 * with row `first`; even: g has one value along every row */
void ts_plate_rates(ptrdiff_t nx, ptrdiff_t ny, ptrdiff_t first, ptrdiff_t last, const double *gx, const double *gy,
                    int even, const double *T, double *F);
/* out = base + sum_k coef[k] vec[k]; base may be NULL for 0 */
void ts_combine(ptrdiff_t n, int count, const double *coef, const double *const *vec, const double *base,
                double *out);
/* out = base + sum_k a[k] vec[k], sum = sum_k c[k] vec[k] */
void ts_combine2(ptrdiff_t n, int count, const double *a, const double *c, const double *const *vec,
                 const double *base, double *out, double *sum);
/* u = F + C u + f Ft */
void ts_stage(ptrdiff_t n, const double *C, const double *F, double f, const double *Ft, double *u);
/* u = F + C u; equal: C has one value */
void ts_stage_rows(ptrdiff_t n, const double *C, int equal, const double *F, double *u);
/* u = F + f Ft */
void ts_start(ptrdiff_t n, const double *F, double f, const double *Ft, double *u);
/* max of w |e| (w NULL: of |e|); NaN when any is */
double ts_norm(ptrdiff_t n, const double *w, const double *e);
/* y += a x */
void ts_add(ptrdiff_t n, double a, const double *x, double *y);
/* sum of x y */
double ts_dot(ptrdiff_t n, const double *x, const double *y);
/* y1 = y + u */
void ts_last(ptrdiff_t n, const double *y, const double *u, double *y1);
/* y = a C x */
void ts_scale(ptrdiff_t n, double a, const double *C, const double *x, double *y);
#endif
