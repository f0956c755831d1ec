/* Kinds of models that this library does not have, for programs that name their functions: creating
 * one fails with a text, which ...CheckOK gives, and the rest do nothing.  c_api.h includes this
 * file. */
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Models with spin */

typedef struct DP_DeepSpin DP_DeepSpin;
typedef struct DP_DeepSpinModelDevi DP_DeepSpinModelDevi;

DP_DeepSpin *DP_NewDeepSpin(const char *c_model);
DP_DeepSpin *DP_NewDeepSpinWithParam2(
    const char *c_model, const int gpu_rank, const char *c_file_content, const int size_file_content);
DP_DeepSpinModelDevi *DP_NewDeepSpinModelDevi(const char **c_models, int n_models);
DP_DeepSpinModelDevi *DP_NewDeepSpinModelDeviWithParam(
    const char **c_model, const int n_models, const int gpu_rank, const char **c_file_contents,
    const int n_file_contents, const int *size_file_contents);
void DP_DeleteDeepSpin(DP_DeepSpin *dp);
const char *DP_DeepSpinCheckOK(DP_DeepSpin *dp);
void DP_DeepSpinComputeNList2(
    DP_DeepSpin *dp, const int nframes, const int natoms, const double *coord, const double *spin,
    const int *atype, const double *cell, const int nghost, const DP_Nlist *nlist, const int ago,
    const double *fparam, const double *aparam, double *energy, double *force, double *force_mag,
    double *virial, double *atomic_energy, double *atomic_virial);
void DP_DeepSpinComputeNList3(
    DP_DeepSpin *dp, const int nframes, const int natoms, const double *coord, const double *spin,
    const int *atype, const double *cell, const int nghost, const DP_Nlist *nlist, const int ago,
    const double *fparam, const double *aparam, const double *charge_spin, double *energy, double *force,
    double *force_mag, double *virial, double *atomic_energy, double *atomic_virial);
int DP_DeepSpinGetDimFParam(DP_DeepSpin *dp);
int DP_DeepSpinGetDimAParam(DP_DeepSpin *dp);
int DP_DeepSpinGetDimChgSpin(DP_DeepSpin *dp);
bool DP_DeepSpinIsAParamNAll(DP_DeepSpin *dp);
bool DP_DeepSpinHasDefaultFParam(DP_DeepSpin *dp);
void DP_DeepSpinSetChargeSpin(DP_DeepSpin *dp, const double *charge_spin, const int size);
void DP_DeleteDeepSpinModelDevi(DP_DeepSpinModelDevi *dp);
const char *DP_DeepSpinModelDeviCheckOK(DP_DeepSpinModelDevi *dp);
void DP_DeepSpinModelDeviComputeNList2(
    DP_DeepSpinModelDevi *dp, const int nframes, const int natoms, const double *coord, const double *spin,
    const int *atype, const double *cell, const int nghost, const DP_Nlist *nlist, const int ago,
    const double *fparam, const double *aparam, double *energy, double *force, double *force_mag,
    double *virial, double *atomic_energy, double *atomic_virial);
void DP_DeepSpinModelDeviComputeNList3(
    DP_DeepSpinModelDevi *dp, const int nframes, const int natoms, const double *coord, const double *spin,
    const int *atype, const double *cell, const int nghost, const DP_Nlist *nlist, const int ago,
    const double *fparam, const double *aparam, const double *charge_spin, double *energy, double *force,
    double *force_mag, double *virial, double *atomic_energy, double *atomic_virial);
int DP_DeepSpinModelDeviGetDimFParam(DP_DeepSpinModelDevi *dp);
int DP_DeepSpinModelDeviGetDimAParam(DP_DeepSpinModelDevi *dp);
int DP_DeepSpinModelDeviGetDimChgSpin(DP_DeepSpinModelDevi *dp);
bool DP_DeepSpinModelDeviIsAParamNAll(DP_DeepSpinModelDevi *dp);
bool DP_DeepSpinModelDeviHasDefaultFParam(DP_DeepSpinModelDevi *dp);
void DP_DeepSpinModelDeviSetChargeSpin(DP_DeepSpinModelDevi *dp, const double *charge_spin, const int size);
bool DP_DeepSpinUsesNativeSpinScheme(DP_DeepSpin *dp);
void DP_DeepSpinCompute2(
    DP_DeepSpin *dp, const int nframes, const int natom, const double *coord, const double *spin,
    const int *atype, const double *cell, const double *fparam, const double *aparam, double *energy,
    double *force, double *force_mag, double *virial, double *atomic_energy, double *atomic_virial);
void DP_DeepSpinComputef2(
    DP_DeepSpin *dp, const int nframes, const int natom, const float *coord, const float *spin, const int *atype,
    const float *cell, const float *fparam, const float *aparam, double *energy, float *force, float *force_mag,
    float *virial, float *atomic_energy, float *atomic_virial);
void DP_DeepSpinComputeNListf2(
    DP_DeepSpin *dp, const int nframes, const int natoms, const float *coord, const float *spin,
    const int *atype, const float *cell, const int nghost, const DP_Nlist *nlist, const int ago,
    const float *fparam, const float *aparam, double *energy, float *force, float *force_mag, float *virial,
    float *atomic_energy, float *atomic_virial);
void DP_DeepSpinCompute3(
    DP_DeepSpin *dp, const int nframes, const int natoms, const double *coord, const double *spin,
    const int *atype, const double *cell, const double *fparam, const double *aparam, const double *charge_spin,
    double *energy, double *force, double *force_mag, double *virial, double *atomic_energy,
    double *atomic_virial);
void DP_DeepSpinComputef3(
    DP_DeepSpin *dp, const int nframes, const int natoms, const float *coord, const float *spin,
    const int *atype, const float *cell, const float *fparam, const float *aparam, const float *charge_spin,
    double *energy, float *force, float *force_mag, float *virial, float *atomic_energy, float *atomic_virial);
void DP_DeepSpinComputeNListf3(
    DP_DeepSpin *dp, const int nframes, const int natoms, const float *coord, const float *spin,
    const int *atype, const float *cell, const int nghost, const DP_Nlist *nlist, const int ago,
    const float *fparam, const float *aparam, const float *charge_spin, double *energy, float *force,
    float *force_mag, float *virial, float *atomic_energy, float *atomic_virial);
void DP_DeepSpinComputeCanonicalGraphGPU(
    DP_DeepSpin *dp, double *d_atom_energy, double *d_force, double *d_force_mag, double *d_atom_virial,
    const int64_t *d_atype, const uint32_t *d_source, const float *d_edge_vec,
    const int64_t *d_destination_row_ptr, const int64_t *d_source_row_ptr, const uint32_t *d_source_order,
    const float *d_spin, int nloc, int nall_nodes, int64_t edge_storage);
bool DP_DeepSpinUsesCanonicalGraphInference(DP_DeepSpin *dp);
void DP_DeepSpinModelDeviCompute2(
    DP_DeepSpinModelDevi *dp, const int nframes, const int natoms, const double *coord, const double *spin,
    const int *atype, const double *cell, const double *fparam, const double *aparam, double *energy,
    double *force, double *force_mag, double *virial, double *atomic_energy, double *atomic_virial);
void DP_DeepSpinModelDeviComputef2(
    DP_DeepSpinModelDevi *dp, const int nframes, const int natoms, const float *coord, const float *spin,
    const int *atype, const float *cell, const float *fparam, const float *aparam, double *energy, float *force,
    float *force_mag, float *virial, float *atomic_energy, float *atomic_virial);
void DP_DeepSpinModelDeviComputeNListf2(
    DP_DeepSpinModelDevi *dp, const int nframes, const int natoms, const float *coord, const float *spin,
    const int *atype, const float *cell, const int nghost, const DP_Nlist *nlist, const int ago,
    const float *fparam, const float *aparam, double *energy, float *force, float *force_mag, float *virial,
    float *atomic_energy, float *atomic_virial);
void DP_DeepSpinModelDeviCompute3(
    DP_DeepSpinModelDevi *dp, const int nframes, const int natoms, const double *coord, const double *spin,
    const int *atype, const double *cell, const double *fparam, const double *aparam, const double *charge_spin,
    double *energy, double *force, double *force_mag, double *virial, double *atomic_energy,
    double *atomic_virial);
void DP_DeepSpinModelDeviComputef3(
    DP_DeepSpinModelDevi *dp, const int nframes, const int natoms, const float *coord, const float *spin,
    const int *atype, const float *cell, const float *fparam, const float *aparam, const float *charge_spin,
    double *energy, float *force, float *force_mag, float *virial, float *atomic_energy, float *atomic_virial);
void DP_DeepSpinModelDeviComputeNListf3(
    DP_DeepSpinModelDevi *dp, const int nframes, const int natoms, const float *coord, const float *spin,
    const int *atype, const float *cell, const int nghost, const DP_Nlist *nlist, const int ago,
    const float *fparam, const float *aparam, const float *charge_spin, double *energy, float *force,
    float *force_mag, float *virial, float *atomic_energy, float *atomic_virial);
double DP_DeepSpinGetCutoff(DP_DeepSpin *dp);
int DP_DeepSpinGetNumbTypes(DP_DeepSpin *dp);
int DP_DeepSpinGetNumbTypesSpin(DP_DeepSpin *dp);
const char *DP_DeepSpinGetTypeMap(DP_DeepSpin *dp);
double DP_DeepSpinModelDeviGetCutoff(DP_DeepSpinModelDevi *dp);
int DP_DeepSpinModelDeviGetNumbTypes(DP_DeepSpinModelDevi *dp);
int DP_DeepSpinModelDeviGetNumbTypesSpin(DP_DeepSpinModelDevi *dp);

/* Models of dipoles and polarizabilities, and charges placed by them */

typedef struct DP_DeepTensor DP_DeepTensor;
typedef struct DP_DipoleChargeModifier DP_DipoleChargeModifier;

DP_DeepTensor *DP_NewDeepTensorWithParam(const char *c_model, const int gpu_rank, const char *c_name_scope);
void DP_DeleteDeepTensor(DP_DeepTensor *dt);
const char *DP_DeepTensorCheckOK(DP_DeepTensor *dt);
void DP_DeepTensorComputeTensorNList(
    DP_DeepTensor *dt, const int natom, const double *coord, const int *atype, const double *cell,
    const int nghost, const DP_Nlist *nlist, double **tensor, int *size);
void DP_DeepTensorComputeNList(
    DP_DeepTensor *dt, const int natom, const double *coord, const int *atype, const double *cell,
    const int nghost, const DP_Nlist *nlist, double *global_tensor, double *force, double *virial,
    double **atomic_tensor, double *atomic_virial, int *size_at);
int DP_DeepTensorGetOutputDim(DP_DeepTensor *dt);
int *DP_DeepTensorGetSelTypes(DP_DeepTensor *dt);
int DP_DeepTensorGetNumbSelTypes(DP_DeepTensor *dt);
const char *DP_DeepTensorGetTypeMap(DP_DeepTensor *dt);
DP_DipoleChargeModifier *DP_NewDipoleChargeModifierWithParam(
    const char *c_model, const int gpu_rank, const char *c_name_scope);
void DP_DeleteDipoleChargeModifier(DP_DipoleChargeModifier *dcm);
const char *DP_DipoleChargeModifierCheckOK(DP_DipoleChargeModifier *dcm);
void DP_DipoleChargeModifierComputeNList(
    DP_DipoleChargeModifier *dcm, const int natom, const double *coord, const int *atype, const double *cell,
    const int *pairs, const int npairs, const double *delef_, const int nghost, const DP_Nlist *nlist,
    double *dfcorr_, double *dvcorr_);
int DP_DipoleChargeModifierGetNumbSelTypes(DP_DipoleChargeModifier *dcm);
DP_DeepTensor *DP_NewDeepTensor(const char *c_model);
void DP_DeepTensorComputeTensor(
    DP_DeepTensor *dt, const int natom, const double *coord, const int *atype, const double *cell,
    double **tensor, int *size);
void DP_DeepTensorComputeTensorf(
    DP_DeepTensor *dt, const int natom, const float *coord, const int *atype, const float *cell, float **tensor,
    int *size);
void DP_DeepTensorComputeTensorNListf(
    DP_DeepTensor *dt, const int natom, const float *coord, const int *atype, const float *cell,
    const int nghost, const DP_Nlist *nlist, float **tensor, int *size);
void DP_DeepTensorCompute(
    DP_DeepTensor *dt, const int natom, const double *coord, const int *atype, const double *cell,
    double *global_tensor, double *force, double *virial, double **atomic_tensor, double *atomic_virial,
    int *size_at);
void DP_DeepTensorComputef(
    DP_DeepTensor *dt, const int natom, const float *coord, const int *atype, const float *cell,
    float *global_tensor, float *force, float *virial, float **atomic_tensor, float *atomic_virial,
    int *size_at);
void DP_DeepTensorComputeNListf(
    DP_DeepTensor *dt, const int natom, const float *coord, const int *atype, const float *cell,
    const int nghost, const DP_Nlist *nlist, float *global_tensor, float *force, float *virial,
    float **atomic_tensor, float *atomic_virial, int *size_at);
double DP_DeepTensorGetCutoff(DP_DeepTensor *dt);
int DP_DeepTensorGetNumbTypes(DP_DeepTensor *dt);
DP_DipoleChargeModifier *DP_NewDipoleChargeModifier(const char *c_model);
void DP_DipoleChargeModifierComputeNListf(
    DP_DipoleChargeModifier *dcm, const int natom, const float *coord, const int *atype, const float *cell,
    const int *pairs, const int npairs, const float *delef_, const int nghost, const DP_Nlist *nlist,
    float *dfcorr_, float *dvcorr_);
double DP_DipoleChargeModifierGetCutoff(DP_DipoleChargeModifier *dt);
int DP_DipoleChargeModifierGetNumbTypes(DP_DipoleChargeModifier *dt);
int *DP_DipoleChargeModifierGetSelTypes(DP_DipoleChargeModifier *dt);

/* Computations whose arrays are in the memory of a GPU: an error of the model that is asked */

void DP_DeepPotComputeEdgesGPU(
    DP_DeepPot *dp, double *d_atom_energy, double *d_force, double *d_atom_virial, const double *d_coord,
    const int *d_atype, const int *d_edge_index, const double *d_edge_vec, int nloc, int nedge,
    const double *fparam, int64_t fparam_size, const double *aparam, int64_t aparam_size, int nall_nodes,
    const DP_Nlist *comm_nlist);
void DP_DeepPotComputeEdgesGPUFloat32(
    DP_DeepPot *dp, double *d_atom_energy, double *d_force, double *d_atom_virial, const double *d_coord,
    const int *d_atype, const int *d_edge_index, const float *d_edge_vec, int nloc, int nedge,
    const double *fparam, int64_t fparam_size, const double *aparam, int64_t aparam_size, int nall_nodes,
    const DP_Nlist *comm_nlist);
void DP_DeepPotComputeCanonicalGraphGPU(
    DP_DeepPot *dp, double *d_atom_energy, double *d_force, double *d_atom_virial, const int64_t *d_atype,
    const uint32_t *d_source, const float *d_edge_vec, const int64_t *d_destination_row_ptr,
    const int64_t *d_source_row_ptr, const uint32_t *d_source_order, int nloc, int nall_nodes,
    int64_t edge_storage);
bool DP_DeepPotSupportsDeviceEdgeInference(DP_DeepPot *dp);
bool DP_DeepPotUsesFP32EdgeVectors(DP_DeepPot *dp);
bool DP_DeepPotUsesCanonicalGraphInference(DP_DeepPot *dp);

#ifdef __cplusplus
}
#endif
