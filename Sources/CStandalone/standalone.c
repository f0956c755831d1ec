// What libdeepmd_c.so needs to stand alone (pipelines/link-library).
#include <stdlib.h>

// LAPACK fits energy biases, which is training's affair: without it a program has no OpenBLAS with
// its threads to load.
_Noreturn void dgelsd_(void) { abort(); }
_Noreturn void openblas_set_num_threads(void) { abort(); }
