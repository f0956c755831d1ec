/* Asks libdeepmd_c for dipoles and polarizabilities, and prints what it says; a test compares.
 *
 *     tensor MODEL alone|list|float < FRAME
 *                              the tensor, those of atoms, forces and virials by component, atom
 *                              virials; then the tensor without derivatives
 *     tensor MODEL getters     what the model is
 *
 * FRAME as for check.c. */
#include "frames.h"

static void check_tensor(DP_DeepTensor *model) {
  const char *problem = DP_DeepTensorCheckOK(model);
  if (*problem) printf("%s\n", problem), exit(1);
  DP_DeleteChar(problem);
}

static void print_getters(DP_DeepTensor *model) {
  const char *types = DP_DeepTensorGetTypeMap(model);
  printf("%g %d %d %s:", DP_DeepTensorGetCutoff(model), DP_DeepTensorGetNumbTypes(model),
         DP_DeepTensorGetOutputDim(model), types);
  for (int k = 0; k < DP_DeepTensorGetNumbSelTypes(model); k++) printf(" %d", DP_DeepTensorGetSelTypes(model)[k]);
  printf("\n");
  DP_DeleteChar(types);
}

/* What ghosts have is added to the atoms that they are images of. */
static void compute_listed(DP_DeepTensor *model, struct frame f, int width, double *tensor, double *forces,
                           double *virials, double **atoms, double *atom_virials, int *size) {
  int *owner = malloc(f.atoms * 729 * sizeof(int));
  struct frame all = with_ghosts(f, f.periodic ? 4 : 0, owner);
  struct lists l = listed(all, f.atoms, DP_DeepTensorGetCutoff(model) + 1, owner);
  const int n = all.atoms;
  double *wide = calloc(3 * width * n, 8), *wide_virials = calloc(9 * width * n, 8);
  DP_DeepTensorComputeNList(model, n, all.positions, all.types, NULL, n - f.atoms, l.nlist, tensor, wide, virials, atoms,
                            wide_virials, size);
  check_tensor(model);
  for (int c = 0; c < width; c++)
    for (int k = 0; k < n; k++) {
      for (int m = 0; m < 3; m++) forces[3 * (c * f.atoms + owner[k]) + m] += wide[3 * (c * n + k) + m];
      for (int m = 0; m < 9; m++) atom_virials[9 * (c * f.atoms + owner[k]) + m] += wide_virials[9 * (c * n + k) + m];
    }
  double *alone;
  int count;
  DP_DeepTensorComputeTensorNList(model, n, all.positions, all.types, NULL, n - f.atoms, l.nlist, &alone, &count);
  check_tensor(model);
  if (count != width || memcmp(alone, tensor, 8 * width)) printf("the tensor depends on derivatives\n"), exit(1);
  free_lists(l, f.atoms);
  free(owner), free(all.positions), free(all.types), free(wide), free(wide_virials), free(alone);
}

static double *widened(int count, const float *numbers) {
  double *wide = malloc((count + 1) * sizeof(double));
  for (int k = 0; k < count; k++) wide[k] = numbers[k];
  return wide;
}

static void compute_in_float(DP_DeepTensor *model, struct frame f, int width, double *tensor, double **atoms, int *size) {
  float *x = malloc(12 * f.atoms), box[9], found[9], *values;
  for (int k = 0; k < 3 * f.atoms; k++) x[k] = (float)f.positions[k];
  for (int k = 0; k < 9; k++) box[k] = (float)f.box[k];
  DP_DeepTensorComputef(model, f.atoms, x, f.types, f.periodic ? box : NULL, found, NULL, NULL, &values, NULL, size);
  check_tensor(model);
  for (int k = 0; k < width; k++) tensor[k] = found[k];
  *atoms = widened(*size, values);
  free(x), free(values);
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  DP_DeepTensor *model = DP_NewDeepTensor(argv[1]);
  check_tensor(model);
  if (!strcmp(argv[2], "getters")) return print_getters(model), DP_DeleteDeepTensor(model), 0;
  struct frame f = read_frame();
  const int width = DP_DeepTensorGetOutputDim(model), n = f.atoms;
  double tensor[9], virials[81] = {0}, *atoms = NULL;
  double *forces = calloc(3 * width * n, 8), *atom_virials = calloc(9 * width * n, 8);
  int size = 0;
  if (!strcmp(argv[2], "list")) {
    compute_listed(model, f, width, tensor, forces, virials, &atoms, atom_virials, &size);
  } else if (!strcmp(argv[2], "float")) {
    compute_in_float(model, f, width, tensor, &atoms, &size);
  } else {
    DP_DeepTensorCompute(model, n, f.positions, f.types, f.periodic ? f.box : NULL, tensor, forces, virials, &atoms,
                         atom_virials, &size);
    check_tensor(model);
  }
  print(width, tensor), print(size, atoms), print(3 * width * n, forces), print(9 * width, virials);
  print(9 * width * n, atom_virials);
  double *alone;
  DP_DeepTensorComputeTensor(model, n, f.positions, f.types, f.periodic ? f.box : NULL, &alone, &size);
  check_tensor(model);
  print(size, alone);
  free(forces), free(atom_virials), free(atoms), free(alone), free(f.positions), free(f.types), free(f.fparam);
  free(f.aparam);
  DP_DeleteDeepTensor(model);
  return 0;
}
