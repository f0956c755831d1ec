#include "CVersion.h"

// Only this file is compiled with the commit, so a new commit recompiles one line and links again.
const char *dp_commit(void) { return DP_COMMIT; }
