// MPI names its communicator, types and flags by macros, which Swift does not see.  All ranks take
// part in every call; one that fails ends the job, as MPI does unless told otherwise.
#pragma once
#include <mpi.h>
#include <stddef.h>

static inline int cmpi_start(void) {
  int level;
  return MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
}

static inline int cmpi_rank(void) {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

static inline int cmpi_size(void) {
  int size = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  return size;
}

static inline void cmpi_gather(
    const void *own, int count, void *all, const int *counts, const int *starts) {
  MPI_Allgatherv(own, count, MPI_BYTE, all, counts, starts, MPI_BYTE, MPI_COMM_WORLD);
}

static inline void cmpi_exchange(
    const void *own, const int *counts, const int *starts, void *received,
    const int *received_counts, const int *received_starts) {
  MPI_Alltoallv(own, counts, starts, MPI_BYTE, received, received_counts, received_starts, MPI_BYTE,
                MPI_COMM_WORLD);
}

static inline void cmpi_broadcast(void *bytes, int count) {
  MPI_Bcast(bytes, count, MPI_BYTE, 0, MPI_COMM_WORLD);
}

static inline void cmpi_send(const void *bytes, int count, int rank) {
  MPI_Send(bytes, count, MPI_BYTE, rank, 0, MPI_COMM_WORLD);
}

static inline void cmpi_receive(void *bytes, int count, int rank) {
  MPI_Recv(bytes, count, MPI_BYTE, rank, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

static inline void cmpi_finish(void) { MPI_Finalize(); }

static inline void cmpi_abort(int code) { MPI_Abort(MPI_COMM_WORLD, code); }
