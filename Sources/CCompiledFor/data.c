#include "CCompiledFor.h"

// Compiled with the flags of the Swift sources.  There is no function here: its code could be for
// another CPU.

#if defined(__x86_64__) && !(defined(__AVX2__) && defined(__FMA__))
#error MARCH: needs a CPU with AVX2 and FMA (x86-64-v3), without which training takes 20 to 30 times as long
#endif

#define TEXT(value) #value
#define USED(macro, name) TEXT(macro),

const char *const ccompiledfor_used[] = {CCOMPILEDFOR_EXTENSIONS(USED) 0};
const char *const ccompiledfor_march = DP_MARCH;
