// Threads of the OpenMP runtime under oneDNN, and its matrix product.
#define _GNU_SOURCE
#include "internal.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

static int (*get_threads)(void);
static void (*set_threads)(int);
static pthread_once_t threads_once = PTHREAD_ONCE_INIT;

/// The OpenMP runtime came with oneDNN; a oneDNN built on another runtime has none, and then there is no limit to set.
static void find_threads(void) {
    void *get = dlsym(RTLD_DEFAULT, "omp_get_max_threads"), *set = dlsym(RTLD_DEFAULT, "omp_set_num_threads");
    if (get == NULL || set == NULL) return;
    memcpy(&get_threads, &get, sizeof get);
    memcpy(&set_threads, &set, sizeof set);
}

int onednn_limit_threads(int count) {
    pthread_once(&threads_once, find_threads);
    if (set_threads == NULL || count < 1) return 0;
    int before = get_threads();
    set_threads(count);
    return before;
}

onednn_status onednn_matrix_product(
    int transpose_a, int transpose_b, int64_t rows, int64_t columns, int64_t inner, const float *a, const float *b,
    float beta, float *c) {
    return translated(dnnl_sgemm(
        transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', rows, columns, inner, 1, a, transpose_a ? rows : inner, b,
        transpose_b ? inner : columns, beta, c, columns));
}
