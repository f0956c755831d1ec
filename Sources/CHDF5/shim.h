// What Swift cannot see of HDF5: macros that expand to expressions.  No logic here.
#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H
#include <hdf5.h>

static inline unsigned chdf5_f_acc_rdonly(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_f_acc_excl(void) { return H5F_ACC_EXCL; }
static inline unsigned chdf5_f_acc_trunc(void) { return H5F_ACC_TRUNC; }

static inline hid_t chdf5_p_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_p_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t chdf5_p_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_p_dataset_create(void) { return H5P_DATASET_CREATE; }

static inline hid_t chdf5_t_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t chdf5_t_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t chdf5_t_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t chdf5_t_native_int8(void) { return H5T_NATIVE_INT8; }
static inline hid_t chdf5_t_float64(void) { return H5T_IEEE_F64LE; }
static inline hid_t chdf5_t_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_t_int64(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_t_int32(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_t_int8(void) { return H5T_STD_I8LE; }
static inline hid_t chdf5_t_string(void) { return H5T_C_S1; }
static inline size_t chdf5_t_variable(void) { return H5T_VARIABLE; }
#endif
