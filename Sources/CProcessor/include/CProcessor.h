// Whether this CPU can run the program at all.
#ifndef CPROCESSOR_H
#define CPROCESSOR_H

#include <stdbool.h>
#include <stddef.h>

/// The number of extensions of a CPU that are looked at; 0 where there is nothing to look at.
extern const size_t cprocessor_count;

/// The name of an extension, by its number.
const char *cprocessor_name(size_t extension);

/// Whether this program uses an extension, by its number.
bool cprocessor_uses(size_t extension);

/// Whether this CPU has an extension, by its number.
bool cprocessor_has(size_t extension);

/// Writes into `text`, of `size` bytes, the names of what is used and not there, with commas
/// between them; gives their number.  `used` and `there` have a value for each extension.
size_t cprocessor_missing(const bool *used, const bool *there, char *text, size_t size);

#endif
