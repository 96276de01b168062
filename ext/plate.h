/* Linear algebra of a plate with tubes along x: rows of nx cells, x fastest.
 *
 * Between two tube walls the rows form a segment. Eliminating a segment's rows leaves its two walls coupled; the
 * walls of one column and their coolant cells are then solved column by column down the flow.
 * All loops over x are independent, so they vectorise; no sum depends on their order.
 */
#ifndef THERMALSAT_PLATE_H
#define THERMALSAT_PLATE_H
#include <stddef.h>

/* Factors of 1 - J1/(C s) for one row of conduction along x: l, d, c of length nx. */
void ts_x_factor(ptrdiff_t nx, const double *C, const double *gx, double s, double *l, double *d, double *c);
/* rows of r <- C s (C s - J1)^-1 r; the factors are shared by all rows, or `step` apart from row to row.
 * kept is [8 nx] scratch. */
void ts_x_sweep(ptrdiff_t nx, ptrdiff_t ny, const double *l, const double *d, const double *c, ptrdiff_t step,
                double *r, double *kept);

/* D = C s + conduction to the rows on either side, in rows first..last-1 of ny; equal: one capacity everywhere; even: gy
 * has one value along every row */
void ts_y_diagonal(ptrdiff_t nx, ptrdiff_t ny, ptrdiff_t first, ptrdiff_t last, const double *C, int equal, double s,
                   const double *gy, int even, double *D);
/* D += p (b + 4 e T^3) */
void ts_group_diagonal(ptrdiff_t n, const double *p, const double *T, double b, double e, double *D);

/* One segment of m rows, `step` apart, gy between them. left, right: conductances [nx] to its walls, or NULL. In: D holds
 * the diagonals; out: their reduced reciprocals, fill, and unless NULL mul = conductance to the next row over the
 * diagonal; the walls' diagonals reduced, the walls' coupling `across`. f is [nx] scratch. */
void ts_segment_factor(ptrdiff_t nx, ptrdiff_t m, ptrdiff_t step, double *D, const double *gy, double *mul, double *fill,
                       const double *left, const double *right, double *D_left, double *D_right, double *across,
                       double *f);
/* Rows from..to-1 of the segment towards its walls; a part goes on where the part before ended. */
void ts_segment_forward(ptrdiff_t nx, ptrdiff_t m, ptrdiff_t from, ptrdiff_t to, ptrdiff_t step, const double *gy,
                        int even, const double *right, const double *inv, const double *fill, double *r,
                        double *r_left, double *r_right);
void ts_segment_back(ptrdiff_t nx, ptrdiff_t m, ptrdiff_t step, const double *gy, int even, const double *right,
                     const double *inv, const double *fill, double *r, const double *w_left, const double *w_right);

/* Walls of all columns: D [nt, nx] in, across [nt, nx] their coupling to the wall above. Out: what the march needs of
 * their elimination, mul and fill [nt, nx], between [3, nx]. f is [nx] scratch. */
void ts_wall_factor(ptrdiff_t nx, ptrdiff_t nt, double *D, const double *across, double *mul, double *fill,
                    double *between, double *f);
/* Doubles for the coefficients of one column of the march, and for its scratch. */
ptrdiff_t ts_march_size(ptrdiff_t nt);
ptrdiff_t ts_march_scratch(ptrdiff_t nt);
/* Coefficients of the march from D, mul, fill, between (as ts_wall_factor leaves them), gc (wall <- coolant), g
 * (coolant <- wall), dc (reciprocal coolant diagonal) and rate [nt] (what a cell takes per unit of the cell before). D
 * holds the reciprocal pivots afterwards. */
void ts_march_factor(ptrdiff_t nx, ptrdiff_t nt, double *D, const double *mul, const double *fill,
                     const double *between, const double *gc, const double *g, const double *dc, const double *rate,
                     double *coef);
/* The coefficients of the transposed march, which runs up the flow, in place of those in coef: called with gc and g
 * exchanged, and with them as they were to turn back. */
void ts_march_turn(ptrdiff_t nx, ptrdiff_t nt, const double *gc, const double *g, const double *dc, const double *rate,
                   double *coef);
/* March down the flow: walls w [nt, nx] and coolant c[t], right-hand sides in, solution out. */
void ts_march(ptrdiff_t nx, ptrdiff_t nt, int dir, const double *gc, const double *dc, const double *coef,
              double *const *c, double *w, double *scratch);
/* F -= a C rate, and a copy of it */
void ts_defect(ptrdiff_t n, const double *C, double a, const double *rate, double *F, double *kept);
/* F -= kept, and a copy of it in kept */
void ts_stiff_part(ptrdiff_t n, double *F, double *kept);
/* q /= shift C */
void ts_by_capacity(ptrdiff_t n, const double *C, double shift, double *q);
/* b = the lesser of |a| and |b| */
void ts_lesser(ptrdiff_t n, const double *a, double *b);
/* LU of a dense matrix in place, column after column, pivots from the diagonal: their reciprocals stay on it. Returns 0, or
 * 1 + the place of a pivot that vanished or is no number. */
ptrdiff_t ts_dense_factor(ptrdiff_t n, double *a);
void ts_dense_solve(ptrdiff_t n, const double *a, double *x);
void ts_dense_solve_transpose(ptrdiff_t n, const double *a, double *x);
/* Tube stars along one row of cells: heat leaving rows a and b (b may be NULL) for coolant c; returns the sum. */
double ts_star_rates(ptrdiff_t n, const double *ga, const double *gb, const double *g, const double *Ta,
                     const double *Tb, const double *Tc, double *Fa, double *Fb, double *Fc);
/* A stream of capacity rate r through cells of value y entering at y_in; returns the heat it brings. */
double ts_stream_rates(ptrdiff_t n, int dir, double r, double y_in, const double *y, double *F);
/* what the coolant takes from the stars along (ua, ub, uc), v the direction of the valve; ub, gv may be NULL */
double ts_star_tangent(ptrdiff_t n, const double *ga, const double *gb, const double *g, const double *gc,
                       const double *gv, double v, const double *ua, const double *ub, const double *uc);
/* The stars' part of a Jacobian product along (ua, ub, uc), v the direction of the valve; ub, Fb, gv may be NULL. */
void ts_star_product(ptrdiff_t n, const double *ga, const double *gb, const double *g, const double *gc,
                     const double *gv, double v, const double *ua, const double *ub, const double *uc, double *Fa,
                     double *Fb, double *Fc);
#endif
