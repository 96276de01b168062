/* The reference problem's right-hand side, Jacobian, Jacobian product and explicit Euler march.
 *
 * Plain C for the peers of benchmarks/reference.py; nothing here comes from thermalsat.
 * State y: plate rows (ny rows of nx cells along the flow), then coolant rows (one of nx volumes
 * per tube), then the payload. Every coefficient is already divided by the heat capacity of the
 * unknown it drives, so that f = dy/dt in K/s. */
#include <math.h>
#include <string.h>

typedef struct {
    long nx, ny, tubes, segments;
    double along, across;         /* plate conduction between neighbours along x and across y, 1/s */
    double emission;              /* both faces, 1/(K^3 s) */
    double infrared;              /* absorbed from Earth and sky by both faces, K/s */
    double sun, albedo;           /* absorbed at the reference intensities, K/s */
    double wall_plate, wall_coolant;  /* half a tube's conductance over plate and coolant capacity, 1/s */
    double payload_exchange;      /* effectiveness x flow x cp over payload capacity, 1/s */
    double effectiveness;
    const double *shadow;         /* (ny, nx) */
    const double *advection;      /* (tubes,) flow over the mass of one volume, 1/s */
    const double *share;          /* (tubes,) flow over the total flow */
    const long *row;              /* (tubes,) the plate row just below each tube */
    const double *lit;            /* (segments,) 1 in sunlight, 0 in shadow */
    const double *load;           /* (segments,) payload heat over its capacity, K/s */
} problem;

static const double TWO_PI_OVER_PERIOD = 6.283185307179586476925287 / 5700.0;

static double inlet(const double *restrict y, const problem *p)
{
    const double *coolant = y + p->nx * p->ny;
    double outlet = 0.0;
    for (long j = 0; j < p->tubes; j++)
        outlet += p->share[j] * coolant[j * p->nx + p->nx - 1];
    double payload = coolant[p->tubes * p->nx];
    return outlet + p->effectiveness * (payload - outlet);
}

void rhs(double t, const double *restrict y, double *restrict f, const problem *p, long segment)
{
    long nx = p->nx, ny = p->ny;
    double lit = p->lit[segment];
    double sun = lit * p->sun * fabs(cos(TWO_PI_OVER_PERIOD * (t - 2700.0)));
    double cosine = cos(TWO_PI_OVER_PERIOD * (t - 1800.0));
    double even = p->infrared + (cosine > 0.0 ? lit * p->albedo * cosine : 0.0);
    double along = p->along, across = p->across, emission = p->emission;

    for (long r = 0; r < ny; r++) {
        const double *T = y + r * nx, *s = p->shadow + r * nx;
        const double *below = r > 0 ? T - nx : T, *above = r < ny - 1 ? T + nx : T;
        double *g = f + r * nx;
        for (long i = 0; i < nx; i++) {
            double square = T[i] * T[i];
            g[i] = across * (below[i] + above[i] - 2.0 * T[i]) - emission * square * square + even + sun * s[i];
        }
        g[0] += along * (T[1] - T[0]);
        for (long i = 1; i < nx - 1; i++)
            g[i] += along * (T[i - 1] + T[i + 1] - 2.0 * T[i]);
        g[nx - 1] += along * (T[nx - 2] - T[nx - 1]);
    }
    double entry = inlet(y, p);
    for (long j = 0; j < p->tubes; j++) {
        const double *W = y + (ny + j) * nx, *a = y + p->row[j] * nx, *b = a + nx;
        double *gw = f + (ny + j) * nx, *ga = f + p->row[j] * nx, *gb = ga + nx;
        double plate = p->wall_plate, coolant = p->wall_coolant, advection = p->advection[j];
        gw[0] = coolant * (a[0] + b[0] - 2.0 * W[0]) + advection * (entry - W[0]);
        for (long i = 1; i < nx; i++)
            gw[i] = coolant * (a[i] + b[i] - 2.0 * W[i]) + advection * (W[i - 1] - W[i]);
        for (long i = 0; i < nx; i++) {
            ga[i] += plate * (W[i] - a[i]);
            gb[i] += plate * (W[i] - b[i]);
        }
    }
    const double *coolant = y + nx * ny;
    double outlet = 0.0;
    for (long j = 0; j < p->tubes; j++)
        outlet += p->share[j] * coolant[j * nx + nx - 1];
    long last = nx * (ny + p->tubes);
    f[last] = p->load[segment] - p->payload_exchange * (y[last] - outlet);
}

/* J = constant part + diagonal of the emission: values in the caller's compressed order. */
void jacobian(const double *restrict y, double *restrict values, const problem *p,
              const double *constant, const long *diagonal, long count)
{
    memcpy(values, constant, count * sizeof(double));
    for (long i = 0; i < p->nx * p->ny; i++)
        values[diagonal[i]] -= 4.0 * p->emission * y[i] * y[i] * y[i];
}

/* Jv = J(y) v: the right-hand side without its sources, linearised. */
void jacobian_product(const double *restrict y, const double *restrict v, double *restrict Jv, const problem *p)
{
    double dark = 0.0, none = 0.0;
    problem linear = *p;
    linear.emission = linear.infrared = 0.0;
    linear.lit = &dark;
    linear.load = &none;
    rhs(0.0, v, Jv, &linear, 0);
    for (long i = 0; i < p->nx * p->ny; i++)
        Jv[i] -= 4.0 * p->emission * y[i] * y[i] * y[i] * v[i];
}

/* Explicit Euler from t over `steps` equal steps of h. */
void euler(double t, double h, long steps, double *restrict y, double *restrict f, const problem *p, long segment)
{
    long n = p->nx * (p->ny + p->tubes) + 1;
    for (long k = 0; k < steps; k++) {
        rhs(t + k * h, y, f, p, segment);
        for (long i = 0; i < n; i++)
            y[i] += h * f[i];
    }
}
