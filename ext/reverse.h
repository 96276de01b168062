/* Loops over cells for derivatives backwards. v: weights of the rows; what is added to is named `out` or `by_...`. */
#ifndef THERMALSAT_REVERSE_H
#define THERMALSAT_REVERSE_H
#include <stddef.h>

/* One group of plate surfaces: out += p (s[0] - s[1] v + T^3 (s[2] - s[3] v)); returns the sum of p v. */
double ts_group_reverse(ptrdiff_t n, const double *p, const double *s, const double *T, const double *v, double *out);
/* sums[0..3] = sum of p T, p T v, p T^4, p T^4 v */
void ts_group_moments(ptrdiff_t n, const double *p, const double *T, const double *v, double *sums);
/* n links from cell i to cell i + step: by_g += scale (v[i + step] - v[i]) (T[i] - T[i + step]) */
void ts_link_reverse(ptrdiff_t n, ptrdiff_t step, double scale, const double *v, const double *T, double *by_g);
/* Tube stars along a row: derivatives by the temperatures a, b, c at given conductances. s: weight of their flow.
 * vb, out_b may be NULL. */
void ts_star_reverse(ptrdiff_t n, const double *ga, const double *gb, const double *g, const double *va,
                     const double *vb, const double *vc, double s, double *out_a, double *out_b, double *out_c);
/* and by the conductances: by_ga, by_gb, by_g += scale ...; vb, Tb, by_gb may be NULL */
void ts_star_by_conductance(ptrdiff_t n, const double *ga, const double *gb, const double *g, const double *va,
                            const double *vb, const double *vc, double s, const double *Ta, const double *Tb,
                            const double *Tc, double scale, double *by_ga, double *by_gb, double *by_g);
/* A stream of rate r through n cells: derivatives by their values; returns that by the value entering. */
double ts_stream_reverse(ptrdiff_t n, int dir, double r, double s, const double *v, double *out);
/* by_rate += scale times those by each link's rate; returns their sum without scale. by_rate may be NULL. */
double ts_stream_by_rate(ptrdiff_t n, int dir, double s, const double *v, double y_in, const double *y, double scale,
                         double *by_rate);
/* out += c a b */
void ts_add_product(ptrdiff_t n, double c, const double *a, const double *b, double *out);
#endif
