/* Tube walls between rows of cells and coolant, and the coolant's stream: heat and its derivatives. */
#include "plate.h"
#include "lanes.h"

CLONES
double ts_star_rates(ptrdiff_t n, const double *restrict ga, const double *restrict gb, const double *restrict g,
                     const double *restrict Ta, const double *restrict Tb, const double *restrict Tc,
                     double *restrict Fa, double *restrict Fb, double *restrict Fc)
{
    /* the heat g (T - wall) of a leg is written with differences to the other ends, which keeps its digits when one
     * leg is far larger than the rest */
    double sum[LANES] = {0};
    ptrdiff_t i = 0;
    if (Tb) {
        for (; i + LANES <= n; i += LANES)
            for (int l = 0; l < LANES; l++) {
                ptrdiff_t k = i + l;
                double total = 1.0 / (ga[k] + gb[k] + g[k]), ab = gb[k] * (Ta[k] - Tb[k]);
                double qa = ga[k] * (g[k] * (Ta[k] - Tc[k]) + ab) * total;
                double qb = gb[k] * (g[k] * (Tb[k] - Tc[k]) + ga[k] * (Tb[k] - Ta[k])) * total;
                Fa[k] -= qa;
                Fb[k] -= qb;
                Fc[k] += qa + qb;
                sum[l] += qa + qb;
            }
        for (int l = 0; i < n; i++, l++) {
            double total = 1.0 / (ga[i] + gb[i] + g[i]), ab = gb[i] * (Ta[i] - Tb[i]);
            double qa = ga[i] * (g[i] * (Ta[i] - Tc[i]) + ab) * total;
            double qb = gb[i] * (g[i] * (Tb[i] - Tc[i]) + ga[i] * (Tb[i] - Ta[i])) * total;
            Fa[i] -= qa;
            Fb[i] -= qb;
            Fc[i] += qa + qb;
            sum[l] += qa + qb;
        }
    } else
        for (; i < n; i++) {
            /* ga = 0: the row is the wall */
            double q = ga[i] == 0.0 ? g[i] * (Ta[i] - Tc[i])
                                    : ga[i] * (g[i] * (Ta[i] - Tc[i])) / (ga[i] + g[i]);
            Fa[i] -= q;
            Fc[i] += q;
            sum[i % LANES] += q;
        }
    return lane_sum(sum);
}

double ts_stream_rates(ptrdiff_t n, int dir, double r, double y_in, const double *y, double *F)
{
    if (dir > 0) {
        F[0] += r * (y_in - y[0]);
        for (ptrdiff_t i = 1; i < n; i++)
            F[i] += r * (y[i - 1] - y[i]);
        return r * (y_in - y[n - 1]);
    }
    F[n - 1] += r * (y_in - y[n - 1]);
    for (ptrdiff_t i = 0; i + 1 < n; i++)
        F[i] += r * (y[i + 1] - y[i]);
    return r * (y_in - y[0]);
}

CLONES
double ts_star_tangent(ptrdiff_t n, const double *restrict ga, const double *restrict gb, const double *restrict g,
                       const double *restrict gc, const double *restrict gv, double v, const double *restrict ua,
                       const double *restrict ub, const double *restrict uc)
{
    double sum[LANES] = {0};
    for (ptrdiff_t i = 0; i < n; i++) {
        double entering = gc[i] * uc[i] + (gv ? gv[i] * v : 0.0), wall = ua[i];
        if (ga[i] != 0.0) {
            wall = ga[i] * ua[i] + entering;
            if (ub)
                wall += gb[i] * ub[i];
            wall /= ga[i] + gb[i] + g[i];
        }
        sum[i % LANES] += g[i] * wall - entering;
    }
    return lane_sum(sum);
}

CLONES
void ts_star_product(ptrdiff_t n, const double *restrict ga, const double *restrict gb, const double *restrict g,
                     const double *restrict gc, const double *restrict gv, double v, const double *restrict ua,
                     const double *restrict ub, const double *restrict uc, double *restrict Fa, double *restrict Fb,
                     double *restrict Fc)
{
    for (ptrdiff_t i = 0; i < n; i++) {
        double entering = gc[i] * uc[i] + (gv ? gv[i] * v : 0.0), wall;
        if (ga[i] == 0.0) {
            double q = g[i] * ua[i] - entering;
            Fa[i] -= q;
            Fc[i] += q;
            continue;
        }
        wall = ga[i] * ua[i] + entering;
        if (ub)
            wall += gb[i] * ub[i];
        wall /= ga[i] + gb[i] + g[i];
        Fa[i] -= ga[i] * (ua[i] - wall);
        if (ub)
            Fb[i] -= gb[i] * (ub[i] - wall);
        Fc[i] += g[i] * wall - entering;
    }
}
