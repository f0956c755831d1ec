/* Frames, and neighbor lists as programs of molecular dynamics have them, for check.c. */
#pragma once
#include <deepmd/c_api.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct frame {
  int atoms, frame_parameters, atom_parameters, periodic, *types;
  double box[9], *positions, *fparam, *aparam;
};

struct answer {
  double energy, *atom_energies, *forces, virial[9], *atom_virials;
};

static double *numbers(int count) {
  double *values = calloc(count > 0 ? count : 1, sizeof(double));
  for (int k = 0; k < count; k++) {
    if (scanf("%lf", values + k) != 1) exit(2);
  }
  return values;
}

static struct frame read_frame(void) {
  struct frame f;
  if (scanf("%d %d %d %d", &f.atoms, &f.frame_parameters, &f.atom_parameters, &f.periodic) != 4) exit(2);
  double *box = numbers(9), *types = numbers(f.atoms);
  memcpy(f.box, box, sizeof f.box);
  f.types = malloc(f.atoms * sizeof(int));
  for (int k = 0; k < f.atoms; k++) f.types[k] = (int)types[k];
  f.positions = numbers(3 * f.atoms);
  f.fparam = f.frame_parameters ? numbers(f.frame_parameters) : NULL; /* NULL asks for the model's default */
  f.aparam = numbers(f.atom_parameters * f.atoms);
  free(box);
  free(types);
  return f;
}

static inline struct answer room(int atoms) {
  struct answer a = {0, calloc(atoms, 8), calloc(3 * atoms, 8), {0}, calloc(9 * atoms, 8)};
  return a;
}

static void print(int count, const double *values) {
  for (int k = 0; k < count; k++) printf("%.17g ", values[k]);
  printf("\n");
}

static inline void print_answer(int atoms, struct answer a) {
  print(1, &a.energy);
  print(atoms, a.atom_energies);
  print(3 * atoms, a.forces);
  print(9, a.virial);
  print(9 * atoms, a.atom_virials);
}

static inline void check(DP_DeepPot *model) {
  const char *problem = DP_DeepPotCheckOK(model);
  if (*problem) {
    printf("%s\n", problem);
    exit(1);
  }
  DP_DeleteChar(problem);
}

static inline void compute(DP_DeepPot *model, struct frame f, struct answer *a) {
  DP_DeepPotCompute2(model, 1, f.atoms, f.positions, f.types, f.periodic ? f.box : NULL, f.fparam, f.aparam, &a->energy,
                     a->forces, a->virial, a->atom_energies, a->atom_virials);
  check(model);
}

/* The frame and its images within `reach` cells, as ghosts of atom `owner`. */
static struct frame with_ghosts(struct frame f, int reach, int *owner) {
  struct frame all = f;
  const int images = 2 * reach + 1;
  all.atoms = f.atoms * images * images * images;
  all.positions = malloc(3 * all.atoms * sizeof(double));
  all.types = malloc(all.atoms * sizeof(int));
  int next = f.atoms;
  for (int i = -reach; i <= reach; i++)
    for (int j = -reach; j <= reach; j++)
      for (int k = -reach; k <= reach; k++)
        for (int atom = 0; atom < f.atoms; atom++) {
          const int place = i == 0 && j == 0 && k == 0 ? atom : next++;
          for (int axis = 0; axis < 3; axis++) {
            all.positions[3 * place + axis] =
                f.positions[3 * atom + axis] + i * f.box[axis] + j * f.box[3 + axis] + k * f.box[6 + axis];
          }
          all.types[place] = f.types[atom];
          owner[place] = atom;
        }
  return all;
}

/* A neighbor list like LAMMPS's: farther than the cutoff, the two top bits of a neighbor used for
 * something else; each atom is an image of `owner`, if that is said. */
struct lists {
  int *centers, *counts, **lists;
  DP_Nlist *nlist;
};

static struct lists listed(struct frame all, int own, double cutoff, int *owner) {
  struct lists l = {malloc(own * sizeof(int)), calloc(own, sizeof(int)), malloc(own * sizeof(int *)), NULL};
  int *list = malloc(all.atoms * sizeof(int));
  for (int i = 0; i < own; i++) {
    l.centers[i] = i;
    for (int j = 0; j < all.atoms; j++) {
      double squared = 0;
      for (int axis = 0; axis < 3; axis++) {
        squared += pow(all.positions[3 * j + axis] - all.positions[3 * i + axis], 2);
      }
      if (j != i && squared < cutoff * cutoff) list[l.counts[i]++] = j | 1 << 29;
    }
    l.lists[i] = memcpy(malloc(l.counts[i] * sizeof(int) + 1), list, l.counts[i] * sizeof(int));
  }
  free(list);
  l.nlist = DP_NewNlist(own, l.centers, l.counts, l.lists);
  DP_NlistSetMask(l.nlist, 0x1FFFFFFF);
  if (owner) DP_NlistSetMapping(l.nlist, owner);
  return l;
}

static void free_lists(struct lists l, int own) {
  DP_DeleteNlist(l.nlist);
  for (int i = 0; i < own; i++) free(l.lists[i]);
  free(l.centers), free(l.counts), free(l.lists);
}

/* Adds what ghosts have to the atoms that they are images of. */
static inline void gather(int atoms, const int *owner, struct answer wide, struct answer *a) {
  for (int k = 0; k < atoms; k++) {
    a->atom_energies[owner[k]] += wide.atom_energies[k];
    for (int axis = 0; axis < 3; axis++) a->forces[3 * owner[k] + axis] += wide.forces[3 * k + axis];
    for (int m = 0; m < 9; m++) a->atom_virials[9 * owner[k] + m] += wide.atom_virials[9 * k + m];
  }
}

/* One call for `frames` frames with one list: the last is `f`, the others are `f` with each atom
 * moved. */
static inline void compute_with_list(DP_DeepPot *model, struct frame f, int frames, int maps, struct answer *a) {
  int *owner = malloc(f.atoms * 729 * sizeof(int));
  struct frame all = with_ghosts(f, f.periodic ? 4 : 0, owner);
  struct lists l = listed(all, f.atoms, DP_DeepPotGetCutoff(model) + 1, maps ? owner : NULL);
  const int n = all.atoms;
  double *x = malloc(frames * 3 * n * sizeof(double)), *energies = calloc(frames, 8), *virials = calloc(9 * frames, 8);
  double *fparam = f.fparam ? calloc(frames * f.frame_parameters, 8) : NULL;
  double *aparam = calloc(frames * f.atoms * f.atom_parameters + 1, 8);
  for (int k = 0; k < frames; k++) {
    const double moved = 0.05 * (frames - 1 - k);
    for (int m = 0; m < 3 * n; m++) x[3 * n * k + m] = all.positions[m] + (owner[m / 3] % 2 ? moved : -moved);
    for (int m = 0; fparam && m < f.frame_parameters; m++) fparam[k * f.frame_parameters + m] = f.fparam[m] + moved;
    for (int m = 0, count = f.atoms * f.atom_parameters; m < count; m++) aparam[k * count + m] = f.aparam[m] + moved;
  }
  struct answer wide = room(frames * n), last = wide;
  for (int ago = 0; ago < 2; ago++) { /* the second time nothing may be added to what is there */
    DP_DeepPotComputeNList2(model, frames, n, x, all.types, NULL, n - f.atoms, l.nlist, ago, fparam, aparam, energies,
                            wide.forces, virials, wide.atom_energies, wide.atom_virials);
    check(model);
  }
  last.forces += 3 * n * (frames - 1), last.atom_energies += n * (frames - 1), last.atom_virials += 9 * n * (frames - 1);
  a->energy = energies[frames - 1];
  memcpy(a->virial, virials + 9 * (frames - 1), sizeof a->virial);
  gather(n, owner, last, a);
  /* The first frame is what it is alone. */
  double energy, *forces = calloc(3 * n, 8);
  DP_DeepPotComputeNList2(model, 1, n, x, all.types, NULL, n - f.atoms, l.nlist, 0, fparam, aparam, &energy, forces, NULL,
                          NULL, NULL);
  check(model);
  if (energy != energies[0] || memcmp(forces, wide.forces, 3 * n * 8)) printf("frames differ\n"), exit(1);
  free_lists(l, f.atoms);
  free(owner), free(all.positions), free(all.types), free(x), free(energies), free(virials), free(fparam), free(aparam);
  free(forces), free(wide.forces), free(wide.atom_energies), free(wide.atom_virials);
}

/* The frame with an atom of a type that the model does not have 0.1 Å behind each of its atoms,
 * which changes nothing. */
static inline void compute_among_strangers(DP_DeepPot *model, struct frame f, struct answer *a) {
  const int strange[4] = {DP_DeepPotGetNumbTypes(model), -1, 99, -5};
  struct frame g = f;
  g.atoms = 2 * f.atoms;
  g.positions = malloc(3 * g.atoms * 8), g.types = malloc(g.atoms * sizeof(int));
  g.aparam = calloc(g.atoms * f.atom_parameters + 1, 8);
  for (int k = 0; k < g.atoms; k++) {
    g.types[k] = k % 2 ? strange[k / 2 % 4] : f.types[k / 2];
    for (int m = 0; m < 3; m++) g.positions[3 * k + m] = f.positions[3 * (k / 2) + m] + (k % 2 ? 0.1 : 0);
    for (int m = 0; m < f.atom_parameters; m++)
      g.aparam[k * f.atom_parameters + m] = f.aparam[k / 2 * f.atom_parameters + m];
  }
  struct answer b = room(g.atoms);
  compute_with_list(model, g, 1, 1, &b);
  a->energy = b.energy;
  memcpy(a->virial, b.virial, sizeof a->virial);
  for (int k = 0; k < g.atoms; k++) {
    const double *force = b.forces + 3 * k, *virial = b.atom_virials + 9 * k;
    if (k % 2 == 0) {
      a->atom_energies[k / 2] = b.atom_energies[k];
      memcpy(a->forces + 3 * (k / 2), force, 24), memcpy(a->atom_virials + 9 * (k / 2), virial, 72);
    } else if (b.atom_energies[k] || force[0] || force[1] || force[2] || virial[0] || virial[8]) {
      printf("stranger %d has energy, force or virial\n", k), exit(1);
    }
  }
  free(g.positions), free(g.types), free(g.aparam), free(b.forces), free(b.atom_energies), free(b.atom_virials);
}
