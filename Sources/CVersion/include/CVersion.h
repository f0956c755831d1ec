// The git commit this was built from, as `make` hands it to Package.swift.
#ifndef CVERSION_H
#define CVERSION_H

/// The release.
#define DP_RELEASE "0.2.0"

/// The commit, "+" behind it when the sources were changed since; "unknown" without `make`.
const char *dp_commit(void);

#endif
