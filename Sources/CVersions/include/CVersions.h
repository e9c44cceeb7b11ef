#ifndef CVERSIONS_H
#define CVERSIONS_H

#include <stddef.h>

/// A C library that the program runs with.
struct library_version {
    const char *name;
    char version[40];
};

/// Writes the libraries and their versions as they say them at run time, in the order of their names.
///
/// Returns how many there are; no more than `room` are written.
size_t library_versions(struct library_version *list, size_t room);

#endif
