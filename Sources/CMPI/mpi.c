#include "CMPI.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>

// A communicator or a type.  It is a pointer in Open MPI and an int in MPICH; arguments of both
// kinds have the same register, or eight bytes of the stack, of which MPICH reads the lower half.
typedef intptr_t handle;

#define FUNCTIONS(F) \
  F(Init_thread, (int *, char ***, int, int *)) \
  F(Comm_rank, (handle, int *)) \
  F(Comm_size, (handle, int *)) \
  F(Allgatherv, (const void *, int, handle, void *, const int *, const int *, handle, handle)) \
  F(Alltoallv, (const void *, const int *, const int *, handle, void *, const int *, const int *, \
                handle, handle)) \
  F(Bcast, (void *, int, handle, int, handle)) \
  F(Send, (const void *, int, handle, int, int, handle)) \
  F(Recv, (void *, int, handle, int, int, handle, void *)) \
  F(Sendrecv, (const void *, int, handle, int, int, void *, int, handle, int, int, handle, void *)) \
  F(Finalize, (void)) \
  F(Abort, (handle, int))

#define DECLARE(name, parameters) static int(*MPI_##name) parameters;
FUNCTIONS(DECLARE)

static handle world, byte;
// MPI_STATUS_IGNORE.
static void *no_status;

static const char *problem = "";

// A function of the library; NULL, and the problem, if it has none.
static void *function(void *library, const char *name) {
  static char text[128];
  void *found = dlsym(library, name);
  if (!found) {
    snprintf(text, sizeof text, "has no function %s", name);
    problem = text;
  }
  return found;
}

// Whether it is Open MPI, whose handles are addresses.
static bool is_open;

bool cmpi_load(const char *path) {
  // Open MPI loads further libraries, which look for its symbols.
  void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
  if (!library) {
    problem = dlerror();
    return false;
  }
  void *open_world = dlsym(library, "ompi_mpi_comm_world");
  // Otherwise the numbers that MPICH, Intel MPI, MVAPICH and Cray's MPI have agreed upon:
  // https://www.mpich.org/abi
  is_open = open_world;
  world = open_world ? (handle)open_world : 0x44000000;
  byte = open_world ? (handle)dlsym(library, "ompi_mpi_byte") : 0x4c00010d;
  no_status = open_world ? NULL : (void *)1;
#define LOAD(name, parameters) \
  if (!(MPI_##name = (int(*) parameters)function(library, "MPI_" #name))) return false;
  FUNCTIONS(LOAD)
  return true;
}

bool cmpi_load_host(const void *communicator) {
  if (!communicator || !cmpi_load(NULL)) return false;
  world = is_open ? *(const handle *)communicator : *(const int *)communicator;
  return true;
}

const char *cmpi_problem(void) { return problem; }

void cmpi_start(void) {
  const int funneled = 1;
  int level;
  MPI_Init_thread(NULL, NULL, funneled, &level);
}

int cmpi_rank(void) {
  int rank = 0;
  MPI_Comm_rank(world, &rank);
  return rank;
}

int cmpi_size(void) {
  int size = 1;
  MPI_Comm_size(world, &size);
  return size;
}

void cmpi_gather(
    const void *own, int count, void *all, const int *counts, const int *starts) {
  MPI_Allgatherv(own, count, byte, all, counts, starts, byte, world);
}

void cmpi_exchange(
    const void *own, const int *counts, const int *starts, void *received,
    const int *received_counts, const int *received_starts) {
  MPI_Alltoallv(own, counts, starts, byte, received, received_counts, received_starts, byte, world);
}

void cmpi_broadcast(void *bytes, int count) { MPI_Bcast(bytes, count, byte, 0, world); }

void cmpi_send(const void *bytes, int count, int rank) {
  MPI_Send(bytes, count, byte, rank, 0, world);
}

void cmpi_receive(void *bytes, int count, int rank) {
  MPI_Recv(bytes, count, byte, rank, 0, world, no_status);
}

int cmpi_swap(
    const void *sent, int sent_count, int to, void *received, int received_count, int from) {
  const int tag = 4711;  // the host has messages of its own
  return MPI_Sendrecv(
      sent, sent_count, byte, to, tag, received, received_count, byte, from, tag, world, no_status);
}

void cmpi_finish(void) { MPI_Finalize(); }

void cmpi_abort(int code) { MPI_Abort(world, code); }
