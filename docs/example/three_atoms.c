/* Energy and forces of a water molecule, and how errors are told.
 *
 *     cc three_atoms.c -o three_atoms $(pkg-config --cflags --libs deepmd_c)
 *     ./three_atoms model.h5
 */
#include <deepmd/c_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the program if the model's last call failed. */
static void check(DP_DeepPot *model) {
  const char *problem = DP_DeepPotCheckOK(model);
  if (*problem) {
    fprintf(stderr, "three_atoms: %s\n", problem);
    exit(1);
  }
  DP_DeleteChar(problem);
}

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: three_atoms model.h5\n");
    return 64;
  }
  DP_DeepPot *model = DP_NewDeepPot(arguments[1]);
  check(model);

  /* Types are places in the model's type map, which is not the same in every model. */
  const char *names = DP_DeepPotGetTypeMap(model);
  const int oxygen = strncmp(names, "O H", 3) == 0 ? 0 : 1, hydrogen = 1 - oxygen;
  printf("types: %s, cutoff: %g Å\n", names, DP_DeepPotGetCutoff(model));
  DP_DeleteChar(names);

  const int types[3] = {oxygen, hydrogen, hydrogen};
  const double positions[9] = {0.0, 0.0, 0.0, 0.96, 0.0, 0.0, -0.24, 0.93, 0.0};
  double energy, forces[9], virial[9];
  DP_DeepPotCompute(model, 3, positions, types, NULL, &energy, forces, virial, NULL, NULL);
  check(model);

  printf("energy: %.10f eV\n", energy);
  for (int atom = 0; atom < 3; atom++) {
    printf("force on atom %d: %13.10f %13.10f %13.10f eV/Å\n", atom, forces[3 * atom], forces[3 * atom + 1],
           forces[3 * atom + 2]);
  }
  DP_DeleteDeepPot(model);
  return 0;
}
