#include <stdio.h>

// Debian's static libhdf5 is not built for shared libraries, which only shows where it names these
// two variables of libc; there they are renamed to these.
FILE *hdf5_stderr, *hdf5_stdout;

__attribute__((constructor)) static void find_streams(void) {
  hdf5_stderr = stderr;
  hdf5_stdout = stdout;
}
