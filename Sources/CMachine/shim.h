// What the C preprocessor knows of the CPU that the package is compiled for (Package.swift,
// `march`).
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
// Eight rows of eight numbers, rows and columns exchanged.  Swift has no way to ask for the
// shuffles that this takes.  Taking the numbers at even places, then those at odd places, moves the
// lowest bit of each number's place to the top; done three times, it exchanges the three bits of
// the column with those of the row.
#define CMACHINE_TRANSPOSE8(name, number)                                                          \
  static inline void name(const number *from, long fromRow, number *to, long toRow) {              \
    typedef number vector __attribute__((vector_size(8 * sizeof(number)), aligned(sizeof(number)))); \
    vector a[8], b[8];                                                                             \
    for (int k = 0; k < 8; k++) a[k] = *(const vector *)(from + k * fromRow);                      \
    for (int turn = 0; turn < 3; turn++) {                                                         \
      for (int k = 0; k < 4; k++) {                                                                \
        b[k] = __builtin_shufflevector(a[2 * k], a[2 * k + 1], 0, 2, 4, 6, 8, 10, 12, 14);         \
        b[k + 4] = __builtin_shufflevector(a[2 * k], a[2 * k + 1], 1, 3, 5, 7, 9, 11, 13, 15);     \
      }                                                                                            \
      for (int k = 0; k < 8; k++) a[k] = b[k];                                                     \
    }                                                                                              \
    for (int k = 0; k < 8; k++) *(vector *)(to + k * toRow) = a[k];                                \
  }
CMACHINE_TRANSPOSE8(cmachine_transpose8_double, double)
CMACHINE_TRANSPOSE8(cmachine_transpose8_float, float)

#endif
