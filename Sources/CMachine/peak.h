// Loops of multiply-adds that the compiler can only turn into whole vectors: Swift's
// `addingProduct` works lane by lane and leaves it to the optimizer to join the lanes again, which
// in a loop without memory it may not.
#ifndef CMACHINE_PEAK_H
#define CMACHINE_PEAK_H

/// Twelve chains of `rounds` multiply-adds: more than two pipelines of four or five cycles need, no
/// more than there are registers for.  They start at different values, since equal chains would
/// become one.
#define CMACHINE_MULTIPLY_ADDS(name, number, lanes)                                                \
  static inline number name(long rounds) {                                                         \
    typedef number vector __attribute__((ext_vector_type(lanes)));                                 \
    vector x = (vector)(number)0.999999, y = (vector)(number)1e-9, chain[12], sum = (vector)0;     \
    for (int k = 0; k < 12; k++) chain[k] = (vector)(number)(k + 1);                               \
    for (long round = 0; round < rounds; round++)                                                  \
      for (int k = 0; k < 12; k++) chain[k] = __builtin_elementwise_fma(chain[k], x, y);           \
    for (int k = 0; k < 12; k++) sum += chain[k];                                                  \
    number total = 0;                                                                              \
    for (int lane = 0; lane < lanes; lane++) total += sum[lane];                                   \
    return total;                                                                                  \
  }
#ifdef __AVX512F__
CMACHINE_MULTIPLY_ADDS(cmachine_multiply_adds_double, double, 8)
CMACHINE_MULTIPLY_ADDS(cmachine_multiply_adds_float, float, 16)
#else
CMACHINE_MULTIPLY_ADDS(cmachine_multiply_adds_double, double, 4)
CMACHINE_MULTIPLY_ADDS(cmachine_multiply_adds_float, float, 8)
#endif

#endif
