#include "CToolbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool has_v4(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
#else
  return false;
#endif
}

bool ctoolbox_takes_v4(void) {
  const char *wanted = getenv("DP_KERNELS");
  bool can = has_v4();
  if (!wanted || !*wanted) return can;
  if (!strcmp(wanted, "v3")) return false;
  if (can && !strcmp(wanted, "v4")) return true;
  dprintf(
    STDERR_FILENO, "DP_KERNELS=%s: there are kernels v3 and v4, of which this CPU can run %s\n", wanted,
    can ? "both" : "v3 alone");
  _exit(78);
}

void ctoolbox_choose(void (**functions)(void), void (*const *v4)(void), int count) {
  if (!ctoolbox_takes_v4()) return;
  for (int k = 0; k < count; k++) functions[k] = v4[k];
}
