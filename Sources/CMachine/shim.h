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

// Numbers that fill one vector register.
#ifdef __AVX512F__
#define CMACHINE_DOUBLES 8
#else
#define CMACHINE_DOUBLES 4
#endif
#define CMACHINE_VECTOR(count) __attribute__((ext_vector_type(count)))
typedef double cmachine_doubles CMACHINE_VECTOR(CMACHINE_DOUBLES);
typedef unsigned long long cmachine_bits64 CMACHINE_VECTOR(CMACHINE_DOUBLES);
typedef float cmachine_floats CMACHINE_VECTOR(2 * CMACHINE_DOUBLES);
typedef unsigned int cmachine_bits32 CMACHINE_VECTOR(2 * CMACHINE_DOUBLES);
// Numbers that fill two registers, but not 32, which are taken apart always.
typedef double cmachine_double_block CMACHINE_VECTOR(2 * CMACHINE_DOUBLES);
typedef float cmachine_float_block CMACHINE_VECTOR(16);

// `a b + c` in one operation.  Swift's `addingProduct` asks for one number after the other, which
// the compiler does not always put together again.
#define CMACHINE_FUSED(name, number, count)                                                        \
  typedef number name##_vector CMACHINE_VECTOR(count);                                             \
  static inline __attribute__((always_inline)) name##_vector name(                                 \
    name##_vector a, name##_vector b, name##_vector c) {                                           \
    return __builtin_elementwise_fma(a, b, c);                                                     \
  }
CMACHINE_FUSED(cmachine_fused_double4, double, 4)
CMACHINE_FUSED(cmachine_fused_double8, double, 8)
CMACHINE_FUSED(cmachine_fused_double16, double, 16)
CMACHINE_FUSED(cmachine_fused_float4, float, 4)
CMACHINE_FUSED(cmachine_fused_float8, float, 8)
CMACHINE_FUSED(cmachine_fused_float16, float, 16)

/// Asks for the line of memory at `address` before it is needed; any address will do.
static inline __attribute__((always_inline)) void cmachine_prefetch(const void *address) {
  __builtin_prefetch(address, 0, 2);
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

/// Whether all numbers of a vector are below `limit`; what is not a number is not.  Swift has no
/// way to ask for all places at once.
#define CMACHINE_IS_BELOW(name, type, number, count)                                               \
  static inline __attribute__((always_inline)) _Bool name(type numbers, number limit) {            \
    typedef _Bool bits CMACHINE_VECTOR(count);                                                     \
    return !__builtin_reduce_or(__builtin_convertvector(!(numbers < limit), bits));                \
  }
CMACHINE_IS_BELOW(cmachine_doubles_are_below, cmachine_doubles, double, CMACHINE_DOUBLES)
CMACHINE_IS_BELOW(cmachine_floats_are_below, cmachine_floats, float, 2 * CMACHINE_DOUBLES)

#endif
