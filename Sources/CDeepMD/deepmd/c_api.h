/* Deep Potential models for programs in C, C++, Fortran: the functions of DeePMD-kit's C interface,
 * version 30, as its deepmd.hpp of releases 2.2.11 to 3.2.0 names them, and three more.
 *
 *     DP_DeepPot *model = DP_NewDeepPot("model.h5");
 *     DP_DeepPotCompute(model, 3, coordinates, types, NULL, &energy, forces, NULL, NULL, NULL);
 *     const char *problem = DP_DeepPotCheckOK(model);  // "" if all went well; DP_DeleteChar
 *     DP_DeleteDeepPot(model);
 *
 * Link with -ldeepmd_c, or `pkg-config --libs deepmd_c`.
 *
 * Units are eV and Å.  Arrays are contiguous: coordinates and forces [frames][atoms][3], cells
 * [frames][9] with the three cell vectors as rows (NULL without periodicity), virials [frames][9],
 * atomic energies [frames][atoms], atomic virials [frames][atoms][9].  The virial is V = -sum dE/dd
 * (x) d over all pairs, d from an atom to its neighbor.  Types are places in the model's type map;
 * an atom of type -1 is ignored.  NULL stands for an output that is not wanted.  Frame parameters
 * are [frames][dim_fparam], NULL for the model's default where it has one; atomic parameters
 * [frames][atoms][dim_aparam], of the atoms that are no ghosts.
 *
 * No function ends the program or throws: what failed is asked for with ...CheckOK of the object,
 * which gives the text of its last failure, or an empty one.  Every DP_Delete... accepts NULL.  An
 * object must be used by one thread at a time; different objects are independent.  A computation
 * runs on one thread unless DP_INTRA_OP_PARALLELISM_THREADS or OMP_NUM_THREADS says otherwise when
 * the model is read. */
#pragma once

#include <stdbool.h>

#ifdef __cplusplus
/* What programs in C++ of DeePMD-kit before 3.2 do not give. */
#define DP_DEFAULT(value) = value
extern "C" {
#else
#define DP_DEFAULT(value)
#endif

/** The version of DeePMD-kit's C interface whose functions these are. */
#define DP_C_API_VERSION 30

/* Neighbor lists */

/** Lists of neighbors that the caller keeps; nothing is copied, so they must stay valid while the
 * list is used. */
typedef struct DP_Nlist DP_Nlist;

/** A list: `inum_` atoms `ilist_`, and for each atom i of them `numneigh_[i]` neighbors
 * `firstneigh_[i]`.
 *
 * As LAMMPS has them: all neighbors of each atom, those beyond the cutoff too if that is
 * easier. */
DP_Nlist *DP_NewNlist(int inum_, int *ilist_, int *numneigh_, int **firstneigh_);
/** The same; how processes exchange ghosts is not needed by these models. */
DP_Nlist *DP_NewNlist_comm(
    int inum_, int *ilist_, int *numneigh_, int **firstneigh_, int nswap, int *sendnum, int *recvnum,
    int *firstrecv, int **sendlist, int *sendproc, int *recvproc, void *world, int nprocs DP_DEFAULT(1));
/** Only the bits of `mask` in a neighbor are its index. */
void DP_NlistSetMask(DP_Nlist *nl, int mask);
/** Which atom a ghost is an image of; not needed by these models. */
void DP_NlistSetMapping(DP_Nlist *nl, int *mapping);
/** Empty, as nothing can fail. */
const char *DP_NlistCheckOK(DP_Nlist *dp);
void DP_DeleteNlist(DP_Nlist *nl);

/* One model */

/** A model of energy, force and virial. */
typedef struct DP_DeepPot DP_DeepPot;

/** Reads a model: ours (.h5) or DeePMD-kit's (.dp).  Ask DP_DeepPotCheckOK whether that went
 * well. */
DP_DeepPot *DP_NewDeepPot(const char *c_model);
/** The same; `gpu_rank` and `c_file_content`, whose length is not given, are ignored. */
DP_DeepPot *DP_NewDeepPotWithParam(const char *c_model, const int gpu_rank, const char *c_file_content);
/** The same, from the bytes of the file if `size_file_content` is not 0; `gpu_rank` is ignored. */
DP_DeepPot *DP_NewDeepPotWithParam2(
    const char *c_model, const int gpu_rank, const char *c_file_content, const int size_file_content);
void DP_DeleteDeepPot(DP_DeepPot *dp);
/** What failed last, or an empty text; free it with DP_DeleteChar. */
const char *DP_DeepPotCheckOK(DP_DeepPot *dp);

/* Energy, force and virial.  With a neighbor list, the last `nghost` of the `natoms` atoms are
 * ghosts: forces on them are to be added to the atoms they are images of, their energies are 0, and
 * `cell` is ignored; the list holds for all frames; `ago` 0 says that it is new.  Atoms of types
 * that the model does not have are ignored, which is said once on standard error; without a list
 * they are an error.  With MixedType, types are [frames][atoms].  `charge_spin` must be NULL: no
 * model here has such an input. */
void DP_DeepPotCompute(
    DP_DeepPot *dp, const int natoms, const double *coord, const int *atype, const double *cell, double *energy,
    double *force, double *virial, double *atomic_energy, double *atomic_virial);
void DP_DeepPotCompute2(
    DP_DeepPot *dp, const int nframes, const int natoms, const double *coord, const int *atype,
    const double *cell, const double *fparam, const double *aparam, double *energy, double *force,
    double *virial, double *atomic_energy, double *atomic_virial);
void DP_DeepPotCompute3(
    DP_DeepPot *dp, const int nframes, const int natoms, const double *coord, const int *atype,
    const double *cell, const double *fparam, const double *aparam, const double *charge_spin, double *energy,
    double *force, double *virial, double *atomic_energy, double *atomic_virial);
void DP_DeepPotComputeNList(
    DP_DeepPot *dp, const int natoms, const double *coord, const int *atype, const double *cell,
    const int nghost, const DP_Nlist *nlist, const int ago, double *energy, double *force, double *virial,
    double *atomic_energy, double *atomic_virial);
void DP_DeepPotComputeNList2(
    DP_DeepPot *dp, const int nframes, const int natoms, const double *coord, const int *atype,
    const double *cell, const int nghost, const DP_Nlist *nlist, const int ago, const double *fparam,
    const double *aparam, double *energy, double *force, double *virial, double *atomic_energy,
    double *atomic_virial);
void DP_DeepPotComputeNList3(
    DP_DeepPot *dp, const int nframes, const int natoms, const double *coord, const int *atype,
    const double *cell, const int nghost, const DP_Nlist *nlist, const int ago, const double *fparam,
    const double *aparam, const double *charge_spin, double *energy, double *force, double *virial,
    double *atomic_energy, double *atomic_virial);
void DP_DeepPotComputeMixedType(
    DP_DeepPot *dp, const int nframes, const int natoms, const double *coord, const int *atype,
    const double *cell, const double *fparam, const double *aparam, double *energy, double *force,
    double *virial, double *atomic_energy, double *atomic_virial);
void DP_DeepPotComputef(
    DP_DeepPot *dp, const int natoms, const float *coord, const int *atype, const float *cell, double *energy,
    float *force, float *virial, float *atomic_energy, float *atomic_virial);
void DP_DeepPotComputef2(
    DP_DeepPot *dp, const int nframes, const int natoms, const float *coord, const int *atype,
    const float *cell, const float *fparam, const float *aparam, double *energy, float *force, float *virial,
    float *atomic_energy, float *atomic_virial);
void DP_DeepPotComputef3(
    DP_DeepPot *dp, const int nframes, const int natoms, const float *coord, const int *atype,
    const float *cell, const float *fparam, const float *aparam, const float *charge_spin, double *energy,
    float *force, float *virial, float *atomic_energy, float *atomic_virial);
void DP_DeepPotComputeNListf(
    DP_DeepPot *dp, const int natoms, const float *coord, const int *atype, const float *cell, const int nghost,
    const DP_Nlist *nlist, const int ago, double *energy, float *force, float *virial, float *atomic_energy,
    float *atomic_virial);
void DP_DeepPotComputeNListf2(
    DP_DeepPot *dp, const int nframes, const int natoms, const float *coord, const int *atype,
    const float *cell, const int nghost, const DP_Nlist *nlist, const int ago, const float *fparam,
    const float *aparam, double *energy, float *force, float *virial, float *atomic_energy, float *atomic_virial);
void DP_DeepPotComputeNListf3(
    DP_DeepPot *dp, const int nframes, const int natoms, const float *coord, const int *atype,
    const float *cell, const int nghost, const DP_Nlist *nlist, const int ago, const float *fparam,
    const float *aparam, const float *charge_spin, double *energy, float *force, float *virial,
    float *atomic_energy, float *atomic_virial);
void DP_DeepPotComputeMixedTypef(
    DP_DeepPot *dp, const int nframes, const int natoms, const float *coord, const int *atype,
    const float *cell, const float *fparam, const float *aparam, double *energy, float *force, float *virial,
    float *atomic_energy, float *atomic_virial);

/* What a model is: cutoff in Å; number of types; numbers in frame and atomic parameters, and
 * whether the former may be NULL.  Of spins and charges these models know nothing, and atomic
 * parameters are those of the own atoms. */
double DP_DeepPotGetCutoff(DP_DeepPot *dp);
int DP_DeepPotGetNumbTypes(DP_DeepPot *dp);
int DP_DeepPotGetNumbTypesSpin(DP_DeepPot *dp);
int DP_DeepPotGetDimFParam(DP_DeepPot *dp);
int DP_DeepPotGetDimAParam(DP_DeepPot *dp);
int DP_DeepPotGetDimChgSpin(DP_DeepPot *dp);
bool DP_DeepPotIsAParamNAll(DP_DeepPot *dp);
bool DP_DeepPotHasDefaultFParam(DP_DeepPot *dp);
/** The names of the types, with blanks between; free it with DP_DeleteChar. */
const char *DP_DeepPotGetTypeMap(DP_DeepPot *dp);
/** Fails: no model here has such an input. */
void DP_DeepPotSetChargeSpin(DP_DeepPot *dp, const double *charge_spin, const int size);

/* Functions of this library that DeePMD-kit's lacks */

/** The number of numbers in an atom's descriptor. */
int DP_DeepPotGetDimDescriptor(DP_DeepPot *dp);
/** Descriptors, [frames][atoms][DP_DeepPotGetDimDescriptor], zeros for atoms of type -1; types are
 * [frames][atoms] if `mixed_type`.  They do not depend on parameters. */
void DP_DeepPotComputeDescriptor(
    DP_DeepPot *dp, const int nframes, const int natoms, const double *coord, const int *atype,
    const double *cell, const bool mixed_type, double *descriptor);
/** What the model is, as JSON: `model_def_script`, the section of the input; `sel_type`, the types
 * with an energy; `observed_type`, the names of those in the training data; `size`, the numbers of
 * parameters.  Empty without a model; free it with DP_DeleteChar. */
const char *DP_DeepPotGetDescription(DP_DeepPot *dp);

/* Several models of the same types, for model deviation */

typedef struct DP_DeepPotModelDevi DP_DeepPotModelDevi;

DP_DeepPotModelDevi *DP_NewDeepPotModelDevi(const char **c_models, int n_models);
DP_DeepPotModelDevi *DP_NewDeepPotModelDeviWithParam(
    const char **c_model, const int n_models, const int gpu_rank, const char **c_file_contents,
    const int n_file_contents, const int *size_file_contents);
void DP_DeleteDeepPotModelDevi(DP_DeepPotModelDevi *dp);
const char *DP_DeepPotModelDeviCheckOK(DP_DeepPotModelDevi *dp);

/* As for one model, one frame at a time; every output has the models' results one after the
 * other. */
void DP_DeepPotModelDeviCompute(
    DP_DeepPotModelDevi *dp, const int natoms, const double *coord, const int *atype, const double *cell,
    double *energy, double *force, double *virial, double *atomic_energy, double *atomic_virial);
void DP_DeepPotModelDeviCompute2(
    DP_DeepPotModelDevi *dp, const int nframes, const int natoms, const double *coord, const int *atype,
    const double *cell, const double *fparam, const double *aparam, double *energy, double *force,
    double *virial, double *atomic_energy, double *atomic_virial);
void DP_DeepPotModelDeviCompute3(
    DP_DeepPotModelDevi *dp, const int nframes, const int natoms, const double *coord, const int *atype,
    const double *cell, const double *fparam, const double *aparam, const double *charge_spin, double *energy,
    double *force, double *virial, double *atomic_energy, double *atomic_virial);
void DP_DeepPotModelDeviComputeNList(
    DP_DeepPotModelDevi *dp, const int natoms, const double *coord, const int *atype, const double *cell,
    const int nghost, const DP_Nlist *nlist, const int ago, double *energy, double *force, double *virial,
    double *atomic_energy, double *atomic_virial);
void DP_DeepPotModelDeviComputeNList2(
    DP_DeepPotModelDevi *dp, const int nframes, const int natoms, const double *coord, const int *atype,
    const double *cell, const int nghost, const DP_Nlist *nlist, const int ago, const double *fparam,
    const double *aparam, double *energy, double *force, double *virial, double *atomic_energy,
    double *atomic_virial);
void DP_DeepPotModelDeviComputeNList3(
    DP_DeepPotModelDevi *dp, const int nframes, const int natoms, const double *coord, const int *atype,
    const double *cell, const int nghost, const DP_Nlist *nlist, const int ago, const double *fparam,
    const double *aparam, const double *charge_spin, double *energy, double *force, double *virial,
    double *atomic_energy, double *atomic_virial);
void DP_DeepPotModelDeviComputef(
    DP_DeepPotModelDevi *dp, const int natoms, const float *coord, const int *atype, const float *cell,
    double *energy, float *force, float *virial, float *atomic_energy, float *atomic_virial);
void DP_DeepPotModelDeviComputef2(
    DP_DeepPotModelDevi *dp, const int nframes, const int natoms, const float *coord, const int *atype,
    const float *cell, const float *fparam, const float *aparam, double *energy, float *force, float *virial,
    float *atomic_energy, float *atomic_virial);
void DP_DeepPotModelDeviComputef3(
    DP_DeepPotModelDevi *dp, const int nframes, const int natoms, const float *coord, const int *atype,
    const float *cell, const float *fparam, const float *aparam, const float *charge_spin, double *energy,
    float *force, float *virial, float *atomic_energy, float *atomic_virial);
void DP_DeepPotModelDeviComputeNListf(
    DP_DeepPotModelDevi *dp, const int natoms, const float *coord, const int *atype, const float *cell,
    const int nghost, const DP_Nlist *nlist, const int ago, double *energy, float *force, float *virial,
    float *atomic_energy, float *atomic_virial);
void DP_DeepPotModelDeviComputeNListf2(
    DP_DeepPotModelDevi *dp, const int nframes, const int natoms, const float *coord, const int *atype,
    const float *cell, const int nghost, const DP_Nlist *nlist, const int ago, const float *fparam,
    const float *aparam, double *energy, float *force, float *virial, float *atomic_energy, float *atomic_virial);
void DP_DeepPotModelDeviComputeNListf3(
    DP_DeepPotModelDevi *dp, const int nframes, const int natoms, const float *coord, const int *atype,
    const float *cell, const int nghost, const DP_Nlist *nlist, const int ago, const float *fparam,
    const float *aparam, const float *charge_spin, double *energy, float *force, float *virial,
    float *atomic_energy, float *atomic_virial);

double DP_DeepPotModelDeviGetCutoff(DP_DeepPotModelDevi *dp);
int DP_DeepPotModelDeviGetNumbTypes(DP_DeepPotModelDevi *dp);
int DP_DeepPotModelDeviGetNumbTypesSpin(DP_DeepPotModelDevi *dp);
int DP_DeepPotModelDeviGetDimFParam(DP_DeepPotModelDevi *dp);
int DP_DeepPotModelDeviGetDimAParam(DP_DeepPotModelDevi *dp);
int DP_DeepPotModelDeviGetDimChgSpin(DP_DeepPotModelDevi *dp);
bool DP_DeepPotModelDeviIsAParamNAll(DP_DeepPotModelDevi *dp);
bool DP_DeepPotModelDeviHasDefaultFParam(DP_DeepPotModelDevi *dp);
void DP_DeepPotModelDeviSetChargeSpin(DP_DeepPotModelDevi *dp, const double *charge_spin, const int size);

/* What all kinds of models have; a pointer to any of them may be given */

typedef struct DP_DeepBaseModel DP_DeepBaseModel;
typedef struct DP_DeepBaseModelDevi DP_DeepBaseModelDevi;

double DP_DeepBaseModelGetCutoff(DP_DeepBaseModel *dpbase);
int DP_DeepBaseModelGetNumbTypes(DP_DeepBaseModel *dpbase);
int DP_DeepBaseModelGetNumbTypesSpin(DP_DeepBaseModel *dpbase);
int DP_DeepBaseModelGetDimFParam(DP_DeepBaseModel *dpbase);
int DP_DeepBaseModelGetDimAParam(DP_DeepBaseModel *dpbase);
bool DP_DeepBaseModelIsAParamNAll(DP_DeepBaseModel *dpbase);
bool DP_DeepBaseModelHasDefaultFParam(DP_DeepBaseModel *dpbase);
const char *DP_DeepBaseModelGetTypeMap(DP_DeepBaseModel *dpbase);
const char *DP_DeepBaseModelCheckOK(DP_DeepBaseModel *dpbase);
void DP_DeleteDeepBaseModel(DP_DeepBaseModel *dp);
double DP_DeepBaseModelDeviGetCutoff(DP_DeepBaseModelDevi *dpbase);
int DP_DeepBaseModelDeviGetNumbTypes(DP_DeepBaseModelDevi *dpbase);
int DP_DeepBaseModelDeviGetNumbTypesSpin(DP_DeepBaseModelDevi *dpbase);
int DP_DeepBaseModelDeviGetDimFParam(DP_DeepBaseModelDevi *dpbase);
int DP_DeepBaseModelDeviGetDimAParam(DP_DeepBaseModelDevi *dpbase);
bool DP_DeepBaseModelDeviIsAParamNAll(DP_DeepBaseModelDevi *dpbase);
bool DP_DeepBaseModelDeviHasDefaultFParam(DP_DeepBaseModelDevi *dpbase);
const char *DP_DeepBaseModelDeviCheckOK(DP_DeepBaseModelDevi *dpbase);
void DP_DeleteDeepBaseModelDevi(DP_DeepBaseModelDevi *dp);

/* Texts, files, selections */

/** Prints which library this is, each line behind `c_pre`. */
void DP_PrintSummary(const char *c_pre);
/** The bytes of a file and their number; if it cannot be read a text and its length, negative.
 * Free it with DP_DeleteChar. */
const char *DP_ReadFileToChar2(const char *c_model, int *size);
/** The same without the number of bytes: for texts.  Empty if the file cannot be read. */
const char *DP_ReadFileToChar(const char *c_model);
/** Not supported: says so on standard error, and writes nothing. */
void DP_ConvertPbtxtToPb(const char *c_pbtxt, const char *c_pb);
/** Frees a text that this library gave. */
void DP_DeleteChar(const char *c_str);
/** Numbers the atoms of some types anew: `fwd_map` [natoms] has the new number of each atom or -1,
 * `bkw_map` the atom of each new number, `nreal` and `nghost_real` how many were selected and how
 * many of them are ghosts. */
void DP_SelectByType(
    const int natoms, const int *atype, const int nghost, const int nsel_type, const int *sel_type,
    int *fwd_map, int *nreal, int *bkw_map, int *nghost_real);
/** Puts rows of `stride` numbers where `fwd_map` says; rows at -1 are left out. */
void DP_SelectMapInt(
    const int *in, const int *fwd_map, const int stride, const int nall1, const int nall2, int *out);

#ifdef __cplusplus
}
#endif
#undef DP_DEFAULT

#include "c_api_other.h"
