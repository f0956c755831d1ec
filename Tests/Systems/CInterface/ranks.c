/* A program of MPI that shares out the atoms of a frame among its ranks, each with the atoms of all
 * others and all images as ghosts, and tells the library how ghosts are exchanged.
 *
 *   ranks MODEL FRAME      FRAME is a file as check.c reads it from standard input
 *
 * Rank 0 prints energy, forces and virial. */
#include "frames.h"
#include <mpi.h>

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  int rank, ranks;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  if (argc < 3 || !freopen(argv[2], "r", stdin)) return 2;
  struct frame f = read_frame();
  DP_DeepPot *model = DP_NewDeepPot(argv[1]);
  check(model);

  /* Atom a belongs to rank a % ranks.  Swap after swap, an image of the cell and a distance between
   * ranks at a time, ghosts are the atoms of another rank, or of this one in another image. */
  const int reach = f.periodic ? 4 : 0, images = (2 * reach + 1) * (2 * reach + 1) * (2 * reach + 1);
  const int most = images * ranks;
  int own = 0, *mine = malloc(f.atoms * sizeof(int)), *places = malloc(f.atoms * sizeof(int));
  for (int a = rank; a < f.atoms; a += ranks) places[own] = own, mine[own++] = a;
  struct frame all = f;
  all.positions = malloc(3 * f.atoms * images * sizeof(double));
  all.types = malloc(f.atoms * images * sizeof(int));
  int *owner = malloc(f.atoms * images * sizeof(int)), swaps = 0;
  int *sent = malloc(most * sizeof(int)), *received = malloc(most * sizeof(int)), *first = malloc(most * sizeof(int));
  int *to = malloc(most * sizeof(int)), *from = malloc(most * sizeof(int)), **lists = malloc(most * sizeof(int *));
  all.atoms = 0;
  for (int image = -1; image < images; image++) { /* -1: the cell itself, which comes first */
    const int side = 2 * reach + 1;
    const int shift[3] = {image / (side * side) - reach, image / side % side - reach, image % side - reach};
    const int isCell = image < 0;
    if (!isCell && !shift[0] && !shift[1] && !shift[2]) continue;
    for (int distance = 0; distance < ranks; distance++) {
      const int source = (rank - distance + ranks) % ranks, start = all.atoms;
      for (int a = source; a < f.atoms; a += ranks) {
        for (int axis = 0; axis < 3; axis++) {
          double x = f.positions[3 * a + axis];
          for (int k = 0; k < 3 && !isCell; k++) x += shift[k] * f.box[3 * k + axis];
          all.positions[3 * all.atoms + axis] = x;
        }
        all.types[all.atoms] = f.types[a];
        owner[all.atoms++] = a;
      }
      if (isCell && distance == 0) continue; /* these are own atoms */
      sent[swaps] = own, lists[swaps] = places, to[swaps] = (rank + distance) % ranks;
      from[swaps] = source, first[swaps] = start, received[swaps++] = all.atoms - start;
    }
  }

  struct lists l = listed(all, own, DP_DeepPotGetCutoff(model) + 1, NULL);
  DP_DeleteNlist(l.nlist);
  MPI_Comm world = MPI_COMM_WORLD;
  l.nlist = DP_NewNlist_comm(own, l.centers, l.counts, l.lists, swaps, sent, received, first, lists, to, from, &world, ranks);
  DP_NlistSetMask(l.nlist, 0x1FFFFFFF);
  struct answer part = room(all.atoms), whole = room(f.atoms);
  double *forces = calloc(3 * f.atoms, sizeof(double));
  DP_DeepPotComputeNList2(model, 1, all.atoms, all.positions, all.types, NULL, all.atoms - own, l.nlist, 0, f.fparam, f.aparam,
                          &part.energy, part.forces, part.virial, NULL, NULL);
  check(model);
  for (int k = 0; k < all.atoms; k++)
    for (int axis = 0; axis < 3; axis++) forces[3 * owner[k] + axis] += part.forces[3 * k + axis];
  MPI_Reduce(&part.energy, &whole.energy, 1, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
  MPI_Reduce(forces, whole.forces, 3 * f.atoms, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
  MPI_Reduce(part.virial, whole.virial, 9, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
  if (rank == 0) print(1, &whole.energy), print(3 * f.atoms, whole.forces), print(9, whole.virial);
  DP_DeleteDeepPot(model);
  MPI_Finalize();
  return 0;
}
