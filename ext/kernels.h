/* Loops over plate rows. Sums run over eight fixed lanes, so every machine gets the same bits. */
#ifndef THERMALSAT_KERNELS_H
#define THERMALSAT_KERNELS_H
#include <stddef.h>

/* F += p (a - b T - e T^4); s[0] = sum p T, s[1] = sum p T^4 */
void ts_group_rates(ptrdiff_t n, const double *p, const double *T, double a, double b, double e,
                    double *F, double *s);
/* s[0] = sum p u, s[1] = sum 4 p T^3 u; with F: F -= p (b + 4 e T^3) u */
void ts_group_tangent(ptrdiff_t n, const double *p, const double *T, const double *u, double b, double e,
                      double *F, double *s);
/* conduction in a plate of ny rows of nx cells: F += sum of g (T_neighbour - T) */
void ts_plate_rates(ptrdiff_t nx, ptrdiff_t ny, const double *gx, const double *gy, const double *T, double *F);
/* out = base + sum_k coef[k] vec[k] */
void ts_combine(ptrdiff_t n, int count, const double *coef, const double *const *vec, const double *base,
                double *out);
/* out = F + C sum_k coef[k] vec[k] + f Ft */
void ts_stage(ptrdiff_t n, int count, const double *coef, const double *const *vec, const double *C,
              const double *F, double f, const double *Ft, double *out);
/* max of w |e|; NaN when any is */
double ts_norm(ptrdiff_t n, const double *w, const double *e);
#endif
