/* Shared by the kernels: vector clones chosen at load time where the platform has them, and eight fixed lanes.
 *
 * Lanes are taken element by element in the written order, whatever registers the machine has, so sums over lanes give
 * the same bits everywhere.
 */
#ifndef THERMALSAT_LANES_H
#define THERMALSAT_LANES_H
#include <string.h>

#if defined(__gnu_linux__) && defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) \
    && !defined(THERMALSAT_NO_CLONES)
#define CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONES
#endif

#define LANES 8

static inline double lane_sum(const double *a)
{
    return ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7]));
}

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
/* half of the lanes; two of them are the eight */
typedef double vec4 __attribute__((vector_size(32), aligned(8), may_alias));
#define LOAD(p) (*(const vec4 *)(p))
#define STORE(p, v) (*(vec4 *)(p) = (v))
#define HAVE_VEC4 1
#else
#define INLINE static inline
#endif

#endif
