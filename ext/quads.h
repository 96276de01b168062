/* Four doubles at a time, taken element by element in the written order whatever registers the machine has. */
#ifndef THERMALSAT_QUADS_H
#define THERMALSAT_QUADS_H
#include "lanes.h"

#define QUAD 4

#ifdef HAVE_VEC4
typedef vec4 quad;
#if defined(__clang__) || __GNUC__ >= 12
#define PICK(u, v, i, j, k, l) __builtin_shufflevector(u, v, i, j, k, l)
#else
typedef long long places __attribute__((vector_size(32)));
#define PICK(u, v, i, j, k, l) __builtin_shuffle(u, v, (places){i, j, k, l})
#endif
#else
typedef struct {
    double x[QUAD];
} quad;

INLINE quad PICK(quad u, quad v, int i, int j, int k, int l)
{
    int from[QUAD] = {i, j, k, l};
    quad w;
    for (int n = 0; n < QUAD; n++)
        w.x[n] = from[n] < QUAD ? u.x[from[n]] : v.x[from[n] - QUAD];
    return w;
}
#endif

INLINE quad get(const double *p)
{
#ifdef HAVE_VEC4
    return LOAD(p);
#else
    quad v;
    memcpy(&v, p, sizeof v);
    return v;
#endif
}

INLINE void set(double *p, quad v)
{
#ifdef HAVE_VEC4
    STORE(p, v);
#else
    memcpy(p, &v, sizeof v);
#endif
}

INLINE quad plus(quad a, quad b)
{
#ifdef HAVE_VEC4
    return a + b;
#else
    for (int l = 0; l < QUAD; l++)
        a.x[l] += b.x[l];
    return a;
#endif
}

INLINE quad times(quad a, quad b)
{
#ifdef HAVE_VEC4
    return a * b;
#else
    for (int l = 0; l < QUAD; l++)
        a.x[l] *= b.x[l];
    return a;
#endif
}

/* four quads as the columns of what had them as rows */
INLINE void transpose(quad *v)
{
    quad a = PICK(v[0], v[1], 0, 4, 2, 6), b = PICK(v[0], v[1], 1, 5, 3, 7);
    quad c = PICK(v[2], v[3], 0, 4, 2, 6), d = PICK(v[2], v[3], 1, 5, 3, 7);
    v[0] = PICK(a, c, 0, 1, 4, 5);
    v[1] = PICK(b, d, 0, 1, 4, 5);
    v[2] = PICK(a, c, 2, 3, 6, 7);
    v[3] = PICK(b, d, 2, 3, 6, 7);
}

INLINE quad all(double a)
{
    quad v = {a, a, a, a};
    return v;
}

#endif
