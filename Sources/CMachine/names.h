// A call of Linux that Swift's modules leave out.
#ifndef CMACHINE_NAMES_H
#define CMACHINE_NAMES_H

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Exchanges two names in one moment; 0, or -1 with the reason in errno, ENOSYS where there is no
/// such call.
static inline int cmachine_exchange_names(const char *one, const char *other) {
#ifdef SYS_renameat2
  return (int)syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 2u /* RENAME_EXCHANGE */);
#else
  errno = ENOSYS;
  return -1;
#endif
}

#endif
