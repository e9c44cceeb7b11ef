#ifndef CMPI_H
#define CMPI_H

#include <stddef.h>

/// A message on its way; NULL where there is none.
///
/// Calls come from any thread; one transfer is used by one thread at a time.
typedef struct cmpi_transfer cmpi_transfer;

/// Joins the processes that were started together. 0, or MPI's error; `index`, `count` and the largest tag are set.
int cmpi_start(int *index, int *count, int *largest_tag);
/// Writes the name of the machine that rank `index` runs on, for every rank, `size` bytes each: all ranks call it.
int cmpi_hosts(char *names, int size);
/// Begins to send or to receive; the bytes must stay until it is done.
cmpi_transfer *cmpi_send(const void *bytes, size_t count, int rank, int tag, int *error);
cmpi_transfer *cmpi_receive(void *bytes, size_t count, int rank, int tag, int *error);
/// Whether it is done; 1 or 0.
int cmpi_test(cmpi_transfer *transfer, int *error);
/// Asks not to receive what has not begun to arrive; either way it is done some time later.
void cmpi_call_off(cmpi_transfer *transfer);
/// Frees it, once it is done; before that, MPI goes on with the message.
void cmpi_free(cmpi_transfer *transfer);
/// The length of the next message from `rank` under `tag`; -1 where none has arrived.
long cmpi_waiting(int rank, int tag, int *error);
/// What an error means.
void cmpi_describe(int error, char *text, int size);
/// Leaves in good order, where it was joined: all ranks call it.
void cmpi_finish(void);

#endif
