// What libdeepmd_c.so needs to stand alone (pipelines/link-library).
#include <stdio.h>
#include <stdlib.h>

// Debian's static libhdf5 is not built for shared libraries, which only shows where it names these
// two variables of libc; there they are renamed to these.
FILE *hdf5_stderr, *hdf5_stdout;

__attribute__((constructor)) static void find_streams(void) {
  hdf5_stderr = stderr;
  hdf5_stdout = stdout;
}

// LAPACK fits energy biases, which is training's affair: without it a program has no OpenBLAS with
// its threads to load.
_Noreturn void dgelsd_(void) { abort(); }
_Noreturn void openblas_set_num_threads(void) { abort(); }

// In place of ICU's tables, which refuses them as it would refuse a file that is none.
const char no_icu_tables[64] = {0};
