// Measures the sum of a vector over all ranks, for vectors of 1 kB to 64 MB: prints bytes and the
// median in microseconds.
//
//   mpirun ... sum [SECONDS]     so long for each size, at least three times
//
// It is taken as dp-train takes it (Communicator.sum): every rank sums a piece of all vectors, then
// all have all pieces.
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

static int rank, ranks;

static void fail(const char *what) {
  fprintf(stderr, "sum: %s\n", what);
  MPI_Abort(MPI_COMM_WORLD, 1);
}

// Where the piece of a rank starts.
static int start_of(int piece, int count) { return (int)((long)count * piece / ranks); }

// Puts the sum of all ranks' `vector` into `sum`; `pieces` is room for as many numbers and ranks -
// 1 more.
static void add(const double *vector, double *sum, double *pieces, int count) {
  int sent[64], from[64], taken[64], to[64];
  const int own = start_of(rank + 1, count) - start_of(rank, count);
  for (int r = 0; r < ranks; r++) {
    from[r] = start_of(r, count);
    sent[r] = start_of(r + 1, count) - from[r];
    taken[r] = own;
    to[r] = r * own;
  }
  MPI_Alltoallv(
      vector, sent, from, MPI_DOUBLE, pieces, taken, to, MPI_DOUBLE, MPI_COMM_WORLD);
  for (int r = 1; r < ranks; r++)
    for (int i = 0; i < own; i++) pieces[i] += pieces[r * own + i];
  MPI_Allgatherv(pieces, own, MPI_DOUBLE, sum, sent, from, MPI_DOUBLE, MPI_COMM_WORLD);
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  const double seconds = argc > 1 ? atof(argv[1]) : 0.5;
  const int most = 64 << 20;
  enum { most_rounds = 10000 };
  static double times[most_rounds];
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  if (ranks > 64) fail("more than 64 ranks");
  double *mine = malloc(most), *sum = malloc(most), *pieces = malloc(most + 64 * sizeof(double));
  if (!mine || !sum || !pieces) fail("no memory");

  for (int bytes = 1 << 10; bytes <= most; bytes *= 4) {
    const int count = bytes / (int)sizeof(double);
    for (int i = 0; i < count; i++) mine[i] = rank + i;
    add(mine, sum, pieces, count);  // makes connections
    const double start = MPI_Wtime();
    int rounds = 0, enough = 0;
    while (!enough) {
      MPI_Barrier(MPI_COMM_WORLD);
      const double before = MPI_Wtime();
      add(mine, sum, pieces, count);
      times[rounds++] = MPI_Wtime() - before;
      enough = rounds == most_rounds || (rounds > 2 && MPI_Wtime() - start > seconds);
      MPI_Bcast(&enough, 1, MPI_INT, 0, MPI_COMM_WORLD);  // rank 0 decides
    }
    qsort(times, rounds, sizeof *times, compare);
    for (int i = 0; i < count; i++)
      if (sum[i] != ranks * (i + (ranks - 1) / 2.0)) fail("a sum is wrong");
    if (rank == 0) printf("%d %.1f\n", bytes, 1e6 * times[rounds / 2]);
  }
  MPI_Finalize();
}
