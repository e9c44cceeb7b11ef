#include <cblas.h>

/// Eigenvalues, ascending, and eigenvectors of a symmetric matrix (LAPACK, part of OpenBLAS; its own header is not).
void dsyev_(
    const char *job, const char *triangle, const int *n, double *a, const int *leading, double *values, double *work,
    const int *length, int *info);
