// SHA-256 of libcrypto.  Its plain functions are called deprecated since 3.0 in favor of ones that
// choose an algorithm by name, which would pull half of the library into libdeepmd_c.so.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
