// Measures the sum of a vector over all ranks, for vectors of 1 kB to 64 MB: prints bytes and microseconds.
//
//   mpirun ... allreduce [SECONDS]     so long for each size, at least three times
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

static void fail(const char *what) {
  fprintf(stderr, "allreduce: %s\n", what);
  MPI_Abort(MPI_COMM_WORLD, 1);
}

int main(int argc, char **argv) {
  const double seconds = argc > 1 ? atof(argv[1]) : 0.5;
  const int most = 64 << 20;
  int rank, ranks;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  double *mine = malloc(most), *sum = malloc(most);
  if (!mine || !sum) fail("no memory");

  for (int bytes = 1 << 10; bytes <= most; bytes *= 4) {
    const int count = bytes / (int)sizeof(double);
    for (int i = 0; i < count; i++) mine[i] = rank + i;
    int rounds = 0, enough = 0;
    double start = 0;
    for (; !enough; rounds++) {
      if (rounds == 1) {  // the first one makes connections
        MPI_Barrier(MPI_COMM_WORLD);
        start = MPI_Wtime();
      }
      MPI_Allreduce(mine, sum, count, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
      // Rank 0 decides for all, seldom, so that the decision costs little.
      if (rounds % 8 == 3) {
        enough = MPI_Wtime() - start > seconds;
        MPI_Bcast(&enough, 1, MPI_INT, 0, MPI_COMM_WORLD);
      }
    }
    const double each = (MPI_Wtime() - start) / (rounds - 1);
    for (int i = 0; i < count; i++)
      if (sum[i] != ranks * (i + (ranks - 1) / 2.0)) fail("a sum is wrong");
    if (rank == 0) printf("%d %.1f\n", bytes, 1e6 * each);
  }
  free(mine);
  free(sum);
  MPI_Finalize();
}
