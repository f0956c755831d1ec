// The C interface of OpenBLAS, as it is, and what we use of the LAPACK inside it.  No logic here.
#ifndef COPENBLAS_SHIM_H
#define COPENBLAS_SHIM_H
#include <cblas.h>

// Debian's libopenblas-dev has no header for the Fortran routines that the library contains.
void dgelsd_(const int *m, const int *n, const int *nrhs, double *a, const int *lda, double *b,
             const int *ldb, double *s, const double *rcond, int *rank, double *work,
             const int *lwork, int *iwork, int *info);
#endif
