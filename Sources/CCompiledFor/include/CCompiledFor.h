// The CPU that the package is compiled for (Package.swift, `march`), as data that any CPU can read.
#ifndef CCOMPILEDFOR_H
#define CCOMPILEDFOR_H

/// Calls `DO(macro, name)` for each extension of x86-64 that the compiler uses by itself where the
/// CPU compiled for has it: the macro that is then 1, and the name that `__builtin_cpu_supports`
/// knows.
#define CCOMPILEDFOR_EXTENSIONS(DO)                                                                \
  DO(__SSE3__, "sse3") DO(__SSSE3__, "ssse3") DO(__SSE4_1__, "sse4.1") DO(__SSE4_2__, "sse4.2")    \
  DO(__POPCNT__, "popcnt") DO(__AVX__, "avx") DO(__F16C__, "f16c") DO(__FMA__, "fma")              \
  DO(__AVX2__, "avx2") DO(__BMI__, "bmi") DO(__BMI2__, "bmi2") DO(__LZCNT__, "lzcnt")              \
  DO(__MOVBE__, "movbe") DO(__GFNI__, "gfni") DO(__AVXVNNI__, "avxvnni")                           \
  DO(__AVX512F__, "avx512f") DO(__AVX512CD__, "avx512cd") DO(__AVX512DQ__, "avx512dq")             \
  DO(__AVX512BW__, "avx512bw") DO(__AVX512VL__, "avx512vl") DO(__AVX512IFMA__, "avx512ifma")       \
  DO(__AVX512VBMI__, "avx512vbmi") DO(__AVX512VBMI2__, "avx512vbmi2")                              \
  DO(__AVX512VNNI__, "avx512vnni") DO(__AVX512BITALG__, "avx512bitalg")                            \
  DO(__AVX512VPOPCNTDQ__, "avx512vpopcntdq") DO(__AVX512BF16__, "avx512bf16")                      \
  DO(__AVX512FP16__, "avx512fp16")

/// For each extension, in that order, "1" if the program uses it, else the macro's name.
extern const char *const ccompiledfor_used[];

/// What Package.swift was told: "native", "x86-64-v3".
extern const char *const ccompiledfor_march;

#endif
