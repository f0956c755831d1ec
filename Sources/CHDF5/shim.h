// What Swift cannot see of HDF5: macros that expand to expressions.  No logic here.
#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H
#include <hdf5.h>
#include <stdint.h>
#include <string.h>

static inline unsigned chdf5_f_acc_rdonly(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_f_acc_excl(void) { return H5F_ACC_EXCL; }
static inline unsigned chdf5_f_acc_trunc(void) { return H5F_ACC_TRUNC; }

static inline hid_t chdf5_p_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_p_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t chdf5_p_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_p_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_p_dataset_xfer(void) { return H5P_DATASET_XFER; }

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

// What the 1.10 and later releases spell differently.

// The type of the object `name`: an H5O_type_t, or -1.
static inline int chdf5_object_type(hid_t place, const char *name) {
  H5O_info_t info;
#if H5_VERSION_GE(1, 12, 0)
  herr_t status = H5Oget_info_by_name(place, name, &info, H5O_INFO_BASIC, H5P_DEFAULT);
#else
  herr_t status = H5Oget_info_by_name2(place, name, &info, H5O_INFO_BASIC, H5P_DEFAULT);
#endif
  return status < 0 ? -1 : (int)info.type;
}

// The place in its file of the object `name`, in `address`: the same one whatever name led to it.
static inline herr_t chdf5_object_address(hid_t place, const char *name, uint64_t address[2]) {
  H5O_info_t info;
#if H5_VERSION_GE(1, 12, 0)
  herr_t status = H5Oget_info_by_name(place, name, &info, H5O_INFO_BASIC, H5P_DEFAULT);
  memcpy(&address[1], &info.token, sizeof address[1]);
#else
  herr_t status = H5Oget_info_by_name2(place, name, &info, H5O_INFO_BASIC, H5P_DEFAULT);
  address[1] = info.addr;
#endif
  address[0] = info.fileno;
  return status;
}

// Calls `visit` for the links of `group` in the order of their names.
static inline herr_t chdf5_visit_links(
    hid_t group, herr_t (*visit)(hid_t, const char *, const H5L_info_t *, void *), void *context) {
  hsize_t index = 0;
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &index, visit, context);
}
#endif
