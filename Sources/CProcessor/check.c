#define _GNU_SOURCE
#include "CProcessor.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "CCompiledFor.h"

// Package.swift gives this file no flags, so that its code runs on every CPU and can say what
// others could not run.

#if defined(__x86_64__)
#define NAME(macro, name) name,
#define HAS(macro, name) __builtin_cpu_supports(name) != 0,
static const char *const names[] = {CCOMPILEDFOR_EXTENSIONS(NAME)};
const size_t cprocessor_count = sizeof names / sizeof names[0];

bool cprocessor_has(size_t extension) {
  __builtin_cpu_init();
  const bool has[] = {CCOMPILEDFOR_EXTENSIONS(HAS)};
  return has[extension];
}
#else
static const char *const names[1];
const size_t cprocessor_count = 0;

bool cprocessor_has(size_t extension) { return extension < cprocessor_count; }
#endif

enum { most = 64 };
_Static_assert(sizeof names / sizeof names[0] <= most, "more extensions than there is room for");

const char *cprocessor_name(size_t extension) { return names[extension]; }

bool cprocessor_uses(size_t extension) { return ccompiledfor_used[extension][0] == '1'; }

size_t cprocessor_missing(const bool *used, const bool *there, char *text, size_t size) {
  size_t count = 0, length = 0;
  text[0] = 0;
  for (size_t k = 0; k < cprocessor_count; k++) {
    if (!used[k] || there[k]) continue;
    const char *comma = count++ ? ", " : "";
    if (length + strlen(comma) + strlen(names[k]) < size) {
      length += (size_t)snprintf(text + length, size - length, "%s%s", comma, names[k]);
    }
  }
  return count;
}

// The file that this code is in: a tool, or the library that another program has loaded.
static const char *own_name(void) {
  Dl_info found;
  if (!dladdr((void *)cprocessor_missing, &found) || !found.dli_fname) return "dp";
  const char *slash = strrchr(found.dli_fname, '/');
  return slash ? slash + 1 : found.dli_fname;
}

// Before main, and when a program loads the library: any later the first vector instruction would
// have ended it.
__attribute__((constructor(101))) static void check_processor(void) {
  bool used[most], there[most];
  char missing[512];
  for (size_t k = 0; k < cprocessor_count; k++) {
    used[k] = cprocessor_uses(k);
    there[k] = cprocessor_has(k);
  }
  if (!cprocessor_missing(used, there, missing, sizeof missing)) return;
  dprintf(
    STDERR_FILENO,
    "%s: was built for another CPU (MARCH=%s): this one does not have %s\n"
    "hint: build it on this machine, or with MARCH=x86-64-v3 for any CPU with AVX2 and FMA\n",
    own_name(), ccompiledfor_march, missing);
  _exit(78);
}
