// What the C preprocessor knows of the CPU that the package is compiled for (Package.swift, `march`).
#ifndef CMACHINE_SHIM_H
#define CMACHINE_SHIM_H

/// Whether vectors of 512 bits, and 32 registers of them, may be used.
static inline _Bool cmachine_has_avx512(void) {
#ifdef __AVX512F__
  return 1;
#else
  return 0;
#endif
}
#endif
