// The beginning of the one program that has all tools in it (pipelines/link-tools): its name, or
// that of a link to it, says which tool it is.
#define _GNU_SOURCE
#include "CToolbox.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TOOLS(T) \
  T("dp-synth", dp_synth) T("dp-convert", dp_convert) T("dp-stat", dp_stat) \
  T("dp-train", dp_train) T("dp-freeze", dp_freeze) T("dp-eval", dp_eval) \
  T("dp-profile", dp_profile) T("dp-plot", dp_plot) T("dp-report", dp_report) \
  T("dp-ipi", dp_ipi) T("dp", dp)

// What Swift's compiler calls their main functions.  A program for several CPUs has all tools a
// second time, with kernels for AVX-512.
#define DECLARE(name, module) \
  int module##_main(int, char **); \
  __attribute__((weak)) int v4_##module##_main(int, char **);
TOOLS(DECLARE)

typedef int (*tool)(int, char **);

static tool tool_named(const char *path) {
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
#define CHOOSE(known, module) \
  if (!strcmp(name, known)) \
    return v4_##module##_main && ctoolbox_takes_v4() ? v4_##module##_main : module##_main;
  TOOLS(CHOOSE)
  return NULL;
}

int main(int count, char **words) {
  tool found = count ? tool_named(words[0]) : NULL;
  if (found) return found(count, words);
  // Under another name the first word is the tool's.  It begins anew, because Swift asks the
  // system for the words of a process.
  if (count > 1 && tool_named(words[1])) execv("/proc/self/exe", words + 1);
#define NAME(known, module) " " known
  fputs("usage: one of" TOOLS(NAME) ", as the name of this program or as its first word\n", stderr);
  return 64;
}
