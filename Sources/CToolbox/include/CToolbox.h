// What one program or library for several CPUs begins with (pipelines/link-tools,
// pipelines/link-library).
#ifndef CTOOLBOX_H
#define CTOOLBOX_H
#include <stdbool.h>

/// Whether to take the kernels for CPUs with AVX-512, x86-64-v4, where there are those for
/// x86-64-v3 besides: if this CPU can run them, or as DP_KERNELS says.  Ends the process if that
/// names others, or v4 on a CPU that cannot run them.
bool ctoolbox_takes_v4(void);

/// Puts the `count` functions of `v4` in the places of others, if those kernels are taken.
void ctoolbox_choose(void (**functions)(void), void (*const *v4)(void), int count);
#endif
