/* Shared by the kernels: vector clones chosen at load time where the platform has them, and sums in fixed lanes. */
#ifndef THERMALSAT_LANES_H
#define THERMALSAT_LANES_H

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
#endif
