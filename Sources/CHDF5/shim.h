// What Swift cannot see of HDF5: macros that expand to expressions.  No logic here.
#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H
#include <hdf5.h>

static inline unsigned chdf5_f_acc_rdonly(void) { return H5F_ACC_RDONLY; }
#endif
