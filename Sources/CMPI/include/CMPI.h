// MPI's functions that this program calls, out of whichever MPI the machine has: its library is
// loaded when ranks join, so that programs need none to be built, or to run alone.
//
// All ranks take part in every call; one that fails ends the job, as MPI does unless told
// otherwise.
#ifndef CMPI_H
#define CMPI_H
#include <stdbool.h>

/// Loads the library at `path`, or of that name, or takes the program's own functions if it is
/// NULL; false if it cannot be loaded or is not an MPI whose binary interface is that of Open MPI
/// or MPICH.
bool cmpi_load(const char *path);

/// Takes the MPI of the program that this code is loaded into, and the communicator at that address
/// instead of all ranks; false if the program has none.
bool cmpi_load_host(const void *communicator);

/// Why `cmpi_load` failed, until it is called again.
const char *cmpi_problem(void);

void cmpi_start(void);
int cmpi_rank(void);
int cmpi_size(void);

void cmpi_gather(
    const void *own, int count, void *all, const int *counts, const int *starts);
void cmpi_exchange(
    const void *own, const int *counts, const int *starts, void *received,
    const int *received_counts, const int *received_starts);
void cmpi_broadcast(void *bytes, int count);
void cmpi_send(const void *bytes, int count, int rank);
void cmpi_receive(void *bytes, int count, int rank);

/// Sends bytes to a rank and fills others with those of another one; MPI's error code.
int cmpi_swap(
    const void *sent, int sent_count, int to, void *received, int received_count, int from);

void cmpi_finish(void);
void cmpi_abort(int code);
#endif
