/* Asks libdeepmd_c for energies as other programs do, and prints what it says; a test compares.
 *
 *     check MODEL double|float|list|unmapped|frames|strangers|models < FRAME
 *                              a frame's energy, atom energies, forces, virial, atom virials
 *     check MODEL getters      what the model is
 *     check MODEL errors       what the library says of wrong calls
 *     check MODEL cycles N     reads the model, computes, deletes, N times; prints KiB grown
 *
 * FRAME: the number of atoms, of frame and of atomic parameters, 1 if periodic; then the box, the
 * types, the positions, the parameters. */
#include "frames.h"

static float *narrowed(int count, const double *values) {
  float *narrow = malloc((count > 0 ? count : 1) * sizeof(float));
  for (int k = 0; k < count; k++) narrow[k] = (float)values[k];
  return narrow;
}

static void compute_in_float(DP_DeepPot *model, struct frame f, struct answer *a) {
  float *x = narrowed(3 * f.atoms, f.positions), *box = narrowed(9, f.box);
  float *fparam = f.fparam ? narrowed(f.frame_parameters, f.fparam) : NULL;
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

/* The same model twice, read from its name and from its bytes: two answers, one after the other;
 * prints the second. */
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

static void print_getters(const char *path) {
  DP_DeepPot *model = DP_NewDeepPot(path);
  DP_DeepPotModelDevi *models = DP_NewDeepPotModelDevi(&path, 1);
  const char *types = DP_DeepPotGetTypeMap(model);
  printf("%g %d %s %d %d\n", DP_DeepPotGetCutoff(model), DP_DeepPotGetNumbTypes(model), types,
         DP_DeepPotGetDimFParam(model), DP_DeepPotGetDimAParam(model));
  printf("%d %d %d %d\n", DP_DeepPotHasDefaultFParam(model), DP_DeepPotModelDeviHasDefaultFParam(models),
         DP_DeepBaseModelHasDefaultFParam((DP_DeepBaseModel *)model),
         DP_DeepBaseModelDeviHasDefaultFParam((DP_DeepBaseModelDevi *)models));
  DP_DeleteChar(types), DP_DeleteDeepPot(model), DP_DeleteDeepPotModelDevi(models);
}

/* Lists that are wrong, and atoms without neighbors, for which there may be no list at all. */
static void make_list_errors(DP_DeepPot *model) {
  double x[6] = {0, 0, 0, 50, 0, 0}, energy, alone;
  int types[2] = {0, 1}, centers[2] = {0, 1}, counts[2] = {0, 0}, *lists[2] = {NULL, NULL};
  DP_Nlist *nlist = DP_NewNlist(2, centers, counts, lists);
  DP_DeepPotCompute(model, 2, x, types, NULL, &alone, NULL, NULL, NULL, NULL);
  DP_DeepPotComputeNList(model, 2, x, types, NULL, 0, nlist, 0, &energy, NULL, NULL, NULL, NULL);
  say("no neighbors", DP_DeepPotCheckOK(model));
  printf("no neighbors, no energy: %d\n", fabs(energy - alone) > 1e-12);
  counts[1] = 1;
  DP_DeepPotComputeNList(model, 2, x, types, NULL, 0, nlist, 0, &energy, NULL, NULL, NULL, NULL);
  say("NULL for neighbors", DP_DeepPotCheckOK(model));
  lists[0] = lists[1] = centers, counts[1] = -3;
  DP_DeepPotComputeNList(model, 2, x, types, NULL, 0, nlist, 0, &energy, NULL, NULL, NULL, NULL);
  say("fewer than none", DP_DeepPotCheckOK(model));
  DP_DeepPotComputeNList(model, 2, x, types, NULL, -1, nlist, 0, &energy, NULL, NULL, NULL, NULL);
  say("negative ghosts", DP_DeepPotCheckOK(model));
  DP_DeleteNlist(nlist);
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
  make_list_errors(model);
  DP_DeepPotComputeEdgesGPU(model, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, 0, NULL, 0, 0, NULL);
  say("device", DP_DeepPotCheckOK(model));
  DP_DeleteDeepPot(model);

  DP_DeepSpin *spin = DP_NewDeepSpin(path);
  say("spin", DP_DeepSpinCheckOK(spin));
  DP_DeleteDeepSpin(spin);
  DP_DeepTensor *tensor = DP_NewDeepTensorWithParam(path, 0, "");
  say("tensor", DP_DeepTensorCheckOK(tensor));
  double *values = NULL;
  int size = 9;
  DP_DeepTensorComputeTensor(tensor, 2, x, types, NULL, &values, &size);
  say("numbers of a tensor", DP_DeepTensorCheckOK(tensor));
  if (size != 0) exit(1);
  DP_DeleteDeepTensor(tensor);
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

/* Prints what LAMMPS prints about the library and the models it has loaded. */
static void print_summary(const char *path) {
  DP_DeepPot *model = DP_NewDeepPot(path);
  DP_PrintSummary("  ");
  DP_DeleteDeepPot(model);
}

int main(int count, char **arguments) {
  const char *path = arguments[1], *what = arguments[2];
  if (count < 3) return 64;
  if (strcmp(what, "errors") == 0) return make_errors(path), 0;
  if (strcmp(what, "summary") == 0) return print_summary(path), 0;
  if (strcmp(what, "getters") == 0) return print_getters(path), 0;
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
    if (strcmp(what, "list") == 0) compute_with_list(model, f, 1, 1, &a);
    if (strcmp(what, "unmapped") == 0) compute_with_list(model, f, 1, 0, &a);
    if (strcmp(what, "frames") == 0) compute_with_list(model, f, 3, 1, &a);
    if (strcmp(what, "strangers") == 0) compute_among_strangers(model, f, &a);
    DP_DeleteDeepPot(model);
  }
  print_answer(f.atoms, a);
  free(f.types), free(f.positions), free(f.fparam), free(f.aparam);
  free(a.atom_energies), free(a.forces), free(a.atom_virials);
  return 0;
}
