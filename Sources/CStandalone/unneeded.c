// In place of what Swift's libraries name and nothing here uses (pipelines/link-library,
// pipelines/link-tools).
#include <math.h>

// ICU's tables, which it refuses as it would refuse a file that is none.
const char no_icu_tables[64] = {0};

// glibc 2.35 has these two anew, under a version that systems with an older one lack.  Hidden:
// other libraries keep theirs.
#define HIDDEN __attribute__((visibility("hidden")))

HIDDEN double hypot(double x, double y) {
  double a = fabs(x), b = fabs(y), most = a > b ? a : b;
  if (isinf(a) || isinf(b)) return INFINITY;
  if (!(most > 0)) return a + b;
  a /= most;
  b /= most;
  return most * sqrt(a * a + b * b);
}

HIDDEN float hypotf(float x, float y) { return (float)sqrt((double)x * x + (double)y * y); }
