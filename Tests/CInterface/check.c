/* Asks libdeepmd_c for energies as other programs do, and prints what it says; a test compares.
 *
 *     check MODEL double|float|list|models < FRAME     a frame's energy, atom energies, forces, virial, atom virials
 *     check MODEL errors                               what the library says of wrong calls
 *     check MODEL cycles N                             reads the model, computes, deletes, N times; prints KiB grown
 *
 * FRAME: the number of atoms, of frame and of atomic parameters, 1 if periodic; then the box, the types, the positions,
 * the parameters.
 */
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
  f.fparam = numbers(f.frame_parameters);
  f.aparam = numbers(f.atom_parameters * f.atoms);
  free(box);
  free(types);
  return f;
}

static struct answer room(int atoms) {
  struct answer a = {0, calloc(atoms, 8), calloc(3 * atoms, 8), {0}, calloc(9 * atoms, 8)};
  return a;
}

static void print(int count, const double *values) {
  for (int k = 0; k < count; k++) printf("%.17g ", values[k]);
  printf("\n");
}

static void print_answer(int atoms, struct answer a) {
  print(1, &a.energy);
  print(atoms, a.atom_energies);
  print(3 * atoms, a.forces);
  print(9, a.virial);
  print(9 * atoms, a.atom_virials);
}

static void check(DP_DeepPot *model) {
  const char *problem = DP_DeepPotCheckOK(model);
  if (*problem) {
    printf("%s\n", problem);
    exit(1);
  }
  DP_DeleteChar(problem);
}

static void compute(DP_DeepPot *model, struct frame f, struct answer *a) {
  DP_DeepPotCompute2(model, 1, f.atoms, f.positions, f.types, f.periodic ? f.box : NULL, f.fparam, f.aparam, &a->energy,
                     a->forces, a->virial, a->atom_energies, a->atom_virials);
  check(model);
}

static float *narrowed(int count, const double *values) {
  float *narrow = malloc((count > 0 ? count : 1) * sizeof(float));
  for (int k = 0; k < count; k++) narrow[k] = (float)values[k];
  return narrow;
}

static void compute_in_float(DP_DeepPot *model, struct frame f, struct answer *a) {
  float *x = narrowed(3 * f.atoms, f.positions), *box = narrowed(9, f.box);
  float *fparam = narrowed(f.frame_parameters, f.fparam);
  float *aparam = narrowed(f.atoms * f.atom_parameters, f.aparam);
  float *out = calloc(13 * f.atoms + 9, sizeof(float));
  DP_DeepPotComputef2(model, 1, f.atoms, x, f.types, f.periodic ? box : NULL, fparam, aparam, &a->energy, out,
                      out + 13 * f.atoms, out + 3 * f.atoms, out + 4 * f.atoms);
  check(model);
  for (int k = 0; k < 3 * f.atoms; k++) a->forces[k] = out[k];
  for (int k = 0; k < f.atoms; k++) a->atom_energies[k] = out[3 * f.atoms + k];
  for (int k = 0; k < 9 * f.atoms; k++) a->atom_virials[k] = out[4 * f.atoms + k];
  for (int k = 0; k < 9; k++) a->virial[k] = out[13 * f.atoms + k];
  free(x), free(box), free(fparam), free(aparam), free(out);
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

/* With a neighbor list like LAMMPS's: farther than the cutoff, the two top bits of a neighbor used for something else. */
static void compute_with_list(DP_DeepPot *model, struct frame f, struct answer *a) {
  const int reach = f.periodic ? 4 : 0, mask = 0x1FFFFFFF;
  int *owner = malloc(f.atoms * 729 * sizeof(int)), *list = malloc(f.atoms * 729 * sizeof(int));
  struct frame all = with_ghosts(f, reach, owner);
  const double cutoff = DP_DeepPotGetCutoff(model) + 1;
  int *centers = malloc(f.atoms * sizeof(int)), *counts = calloc(f.atoms, sizeof(int));
  int **lists = malloc(f.atoms * sizeof(int *));
  for (int i = 0; i < f.atoms; i++) {
    centers[i] = i;
    for (int j = 0; j < all.atoms; j++) {
      double squared = 0;
      for (int axis = 0; axis < 3; axis++) {
        squared += pow(all.positions[3 * j + axis] - f.positions[3 * i + axis], 2);
      }
      if (j != i && squared < cutoff * cutoff) list[counts[i]++] = j | 1 << 29;
    }
    lists[i] = memcpy(malloc(counts[i] * sizeof(int) + 1), list, counts[i] * sizeof(int));
  }
  struct answer wide = room(all.atoms);
  DP_Nlist *nlist = DP_NewNlist(f.atoms, centers, counts, lists);
  DP_NlistSetMask(nlist, mask);
  for (int ago = 0; ago < 2; ago++) { /* the second time nothing may be added to what is there */
    DP_DeepPotComputeNList2(model, 1, all.atoms, all.positions, all.types, NULL, all.atoms - f.atoms, nlist, ago,
                            f.fparam, f.aparam, &a->energy, wide.forces, a->virial, wide.atom_energies,
                            wide.atom_virials);
    check(model);
  }
  for (int k = 0; k < all.atoms; k++) {
    a->atom_energies[owner[k]] += wide.atom_energies[k];
    for (int axis = 0; axis < 3; axis++) a->forces[3 * owner[k] + axis] += wide.forces[3 * k + axis];
    for (int m = 0; m < 9; m++) a->atom_virials[9 * owner[k] + m] += wide.atom_virials[9 * k + m];
  }
  DP_DeleteNlist(nlist);
  for (int i = 0; i < f.atoms; i++) free(lists[i]);
  free(owner), free(list), free(all.positions), free(all.types), free(centers), free(counts), free(lists);
  free(wide.forces), free(wide.atom_energies), free(wide.atom_virials);
}

/* The same model twice, read from its name and from its bytes: two answers, one after the other; prints the second. */
static void compute_by_models(const char *path, struct frame f, struct answer *a) {
  int size = 0;
  const char *bytes = DP_ReadFileToChar2(path, &size);
  const char *paths[2] = {path, "from memory"}, *contents[2] = {NULL, bytes};
  const int sizes[2] = {0, size};
  DP_DeepPotModelDevi *models = DP_NewDeepPotModelDeviWithParam(paths, 2, 0, contents, 2, sizes);
  DP_DeleteChar(bytes);
  double energies[2], virials[18], *forces = calloc(6 * f.atoms, 8);
  double *atom_energies = calloc(2 * f.atoms, 8), *atom_virials = calloc(18 * f.atoms, 8);
  DP_DeepPotModelDeviCompute2(models, 1, f.atoms, f.positions, f.types, f.periodic ? f.box : NULL, f.fparam, f.aparam,
                              energies, forces, virials, atom_energies, atom_virials);
  const char *problem = DP_DeepPotModelDeviCheckOK(models);
  if (*problem || energies[0] != energies[1]) printf("%s\n", problem), exit(1);
  DP_DeleteChar(problem);
  a->energy = energies[1];
  memcpy(a->virial, virials + 9, 72);
  memcpy(a->forces, forces + 3 * f.atoms, 24 * f.atoms);
  memcpy(a->atom_energies, atom_energies + f.atoms, 8 * f.atoms);
  memcpy(a->atom_virials, atom_virials + 9 * f.atoms, 72 * f.atoms);
  free(forces), free(atom_energies), free(atom_virials);
  DP_DeleteDeepPotModelDevi(models);
}

static void say(const char *what, const char *problem) {
  printf("%s: %s\n", what, problem);
  DP_DeleteChar(problem);
}

static void make_errors(const char *path) {
  DP_DeepPot *none = DP_NewDeepPot("nowhere.h5");
  double x[6] = {0, 0, 0, 1, 0, 0}, flat[9] = {0}, energy;
  int types[2] = {0, 0};
  say("missing", DP_DeepPotCheckOK(none));
  DP_DeepPotCompute(none, 2, x, types, NULL, &energy, NULL, NULL, NULL, NULL);
  say("still missing", DP_DeepPotCheckOK(none));
  DP_DeleteDeepPot(none);
  DP_DeepPot *garbage = DP_NewDeepPotWithParam2("garbage", 0, "not HDF5", 8);
  say("garbage", DP_DeepPotCheckOK(garbage));
  DP_DeleteDeepPot(garbage);

  DP_DeepPot *model = DP_NewDeepPot(path);
  say("none", DP_DeepPotCheckOK(model));
  types[1] = 99;
  DP_DeepPotCompute(model, 2, x, types, NULL, &energy, NULL, NULL, NULL, NULL);
  say("type", DP_DeepPotCheckOK(model));
  types[1] = 0;
  x[4] = NAN;
  DP_DeepPotCompute(model, 2, x, types, NULL, &energy, NULL, NULL, NULL, NULL);
  say("coordinate", DP_DeepPotCheckOK(model));
  x[4] = 0;
  DP_DeepPotCompute(model, 2, x, types, flat, &energy, NULL, NULL, NULL, NULL);
  say("cell", DP_DeepPotCheckOK(model));
  int centers[2] = {0, 1}, counts[2] = {1, 1}, far = 7, near = 0, *lists[2] = {&far, &near};
  DP_Nlist *nlist = DP_NewNlist(2, centers, counts, lists);
  DP_DeepPotComputeNList(model, 2, x, types, NULL, 0, nlist, 0, &energy, NULL, NULL, NULL, NULL);
  say("neighbor", DP_DeepPotCheckOK(model));
  DP_DeepPotComputeNList(model, 2, x, types, NULL, 3, nlist, 0, &energy, NULL, NULL, NULL, NULL);
  say("ghosts", DP_DeepPotCheckOK(model));
  DP_DeepPotComputeNList(model, 2, x, types, NULL, 0, NULL, 0, &energy, NULL, NULL, NULL, NULL);
  say("list", DP_DeepPotCheckOK(model));
  DP_DeepPotCompute(model, 2, x, types, NULL, NULL, NULL, NULL, NULL, NULL);
  say("nothing wanted", DP_DeepPotCheckOK(model));
  DP_DeepPotCompute(model, 0, NULL, NULL, NULL, &energy, NULL, NULL, NULL, NULL);
  say("no atoms", DP_DeepPotCheckOK(model));
  DP_DeepPotSetChargeSpin(model, x, 2);
  say("charge", DP_DeepPotCheckOK(model));
  DP_DeleteNlist(nlist);
  DP_DeleteDeepPot(model);

  DP_DeepSpin *spin = DP_NewDeepSpin(path);
  say("spin", DP_DeepSpinCheckOK(spin));
  DP_DeleteDeepSpin(spin);
  DP_DeepTensor *tensor = DP_NewDeepTensorWithParam(path, 0, "");
  say("tensor", DP_DeepTensorCheckOK(tensor));
  DP_DeleteDeepTensor(tensor);
  int size = 0;
  say("file", DP_ReadFileToChar2("nowhere.h5", &size));
  printf("size: %d\n", size);
  DP_DeleteDeepPot(NULL), DP_DeleteDeepPotModelDevi(NULL), DP_DeleteNlist(NULL), DP_DeleteDeepSpin(NULL);
  DP_DeleteDeepSpinModelDevi(NULL), DP_DeleteDeepTensor(NULL), DP_DeleteDipoleChargeModifier(NULL), DP_DeleteChar(NULL);
  DP_DeleteDeepBaseModel(NULL), DP_DeleteDeepBaseModelDevi(NULL);
}

static long resident(void) {
  long total, pages = 0;
  FILE *statm = fopen("/proc/self/statm", "r");
  if (!statm || fscanf(statm, "%ld %ld", &total, &pages) != 2) exit(2);
  fclose(statm);
  return pages * sysconf(_SC_PAGESIZE) / 1024;
}

static void cycle(const char *path, int count) {
  double x[9] = {0, 0, 0, 1, 0, 0, 0, 1, 0}, energy, forces[9], virial[9];
  int types[3] = {0, 0, 0};
  long before = 0;
  for (int k = 0; k < count; k++) {
    if (k == count / 10) before = resident();
    DP_DeepPot *model = DP_NewDeepPot(path);
    DP_DeepPotCompute(model, 3, x, types, NULL, &energy, forces, virial, NULL, NULL);
    check(model);
    DP_DeleteDeepPot(model);
  }
  printf("%ld\n", resident() - before);
}

int main(int count, char **arguments) {
  const char *path = arguments[1], *what = arguments[2];
  if (count < 3) return 64;
  if (strcmp(what, "errors") == 0) return make_errors(path), 0;
  if (strcmp(what, "cycles") == 0) return cycle(path, atoi(arguments[3])), 0;
  struct frame f = read_frame();
  struct answer a = room(f.atoms);
  if (strcmp(what, "models") == 0) {
    compute_by_models(path, f, &a);
  } else {
    DP_DeepPot *model = DP_NewDeepPot(path);
    check(model);
    if (strcmp(what, "double") == 0) compute(model, f, &a);
    if (strcmp(what, "float") == 0) compute_in_float(model, f, &a);
    if (strcmp(what, "list") == 0) compute_with_list(model, f, &a);
    DP_DeleteDeepPot(model);
  }
  print_answer(f.atoms, a);
  free(f.types), free(f.positions), free(f.fparam), free(f.aparam);
  free(a.atom_energies), free(a.forces), free(a.atom_virials);
  return 0;
}
