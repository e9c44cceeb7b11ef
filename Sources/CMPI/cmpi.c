// Compiled where the package trait MPI is on; elsewhere there is nothing in it and nothing is linked.
#ifdef LIKENESS_MPI

#define _GNU_SOURCE
#include "CMPI.h"

#include <limits.h>
#include <mpi.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// MPI_THREAD_SERIALIZED: one call at a time, from any thread.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct cmpi_transfer {
    MPI_Request request;
    int done;
    int receives;
};

int cmpi_start(int *index, int *count, int *largest_tag) {
    int provided;
    int error = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided);
    if (error) return error;
    if (provided < MPI_THREAD_SERIALIZED) return MPI_ERR_UNSUPPORTED_OPERATION;
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    error = MPI_Comm_rank(MPI_COMM_WORLD, index);
    if (!error) error = MPI_Comm_size(MPI_COMM_WORLD, count);
    int *limit, found = 0;
    if (!error) error = MPI_Comm_get_attr(MPI_COMM_WORLD, MPI_TAG_UB, &limit, &found);
    *largest_tag = found ? *limit : 32767;
    return error;
}

int cmpi_hosts(char *names, int size) {
    char own[MPI_MAX_PROCESSOR_NAME + 1] = "";
    int length;
    int error = MPI_Get_processor_name(own, &length);
    if (error) return error;
    char *kept = calloc(1, (size_t)size);
    if (!kept) return MPI_ERR_NO_MEM;
    strncpy(kept, own, (size_t)size - 1);
    error = MPI_Allgather(kept, size, MPI_CHAR, names, size, MPI_CHAR, MPI_COMM_WORLD);
    free(kept);
    return error;
}

static cmpi_transfer *made(int *error) {
    cmpi_transfer *transfer = calloc(1, sizeof *transfer);
    if (!transfer) *error = MPI_ERR_NO_MEM;
    return transfer;
}

cmpi_transfer *cmpi_send(const void *bytes, size_t count, int rank, int tag, int *error) {
    if (count > INT_MAX) return *error = MPI_ERR_COUNT, NULL;
    cmpi_transfer *transfer = made(error);
    if (!transfer) return NULL;
    pthread_mutex_lock(&lock);
    *error = MPI_Isend(bytes, (int)count, MPI_BYTE, rank, tag, MPI_COMM_WORLD, &transfer->request);
    pthread_mutex_unlock(&lock);
    if (*error) return free(transfer), NULL;
    return transfer;
}

cmpi_transfer *cmpi_receive(void *bytes, size_t count, int rank, int tag, int *error) {
    if (count > INT_MAX) return *error = MPI_ERR_COUNT, NULL;
    cmpi_transfer *transfer = made(error);
    if (!transfer) return NULL;
    transfer->receives = 1;
    pthread_mutex_lock(&lock);
    *error = MPI_Irecv(bytes, (int)count, MPI_BYTE, rank, tag, MPI_COMM_WORLD, &transfer->request);
    pthread_mutex_unlock(&lock);
    if (*error) return free(transfer), NULL;
    return transfer;
}

int cmpi_test(cmpi_transfer *transfer, int *error) {
    if (transfer->done) return 1;
    pthread_mutex_lock(&lock);
    *error = MPI_Test(&transfer->request, &transfer->done, MPI_STATUS_IGNORE);
    pthread_mutex_unlock(&lock);
    return !*error && transfer->done;
}

void cmpi_call_off(cmpi_transfer *transfer) {
    if (transfer->done || !transfer->receives) return;
    pthread_mutex_lock(&lock);
    MPI_Cancel(&transfer->request);
    pthread_mutex_unlock(&lock);
}

void cmpi_free(cmpi_transfer *transfer) { free(transfer); }

long cmpi_waiting(int rank, int tag, int *error) {
    int found = 0, count = 0;
    MPI_Status status;
    pthread_mutex_lock(&lock);
    *error = MPI_Iprobe(rank, tag, MPI_COMM_WORLD, &found, &status);
    if (!*error && found) *error = MPI_Get_count(&status, MPI_BYTE, &count);
    pthread_mutex_unlock(&lock);
    return *error || !found ? -1 : count;
}

void cmpi_describe(int error, char *text, int size) {
    char whole[MPI_MAX_ERROR_STRING + 1] = "";
    int length;
    MPI_Error_string(error, whole, &length);
    strncpy(text, whole, (size_t)size - 1);
    text[size - 1] = 0;
}

void cmpi_finish(void) {
    int started = 0, finished = 0;
    MPI_Initialized(&started);
    MPI_Finalized(&finished);
    if (started && !finished) MPI_Finalize();
}

#endif
