#ifndef CLIMITS_H
#define CLIMITS_H

/// From now on the process ends with a sentence and 1 where memory is refused: to an allocation of the C library, which is
/// that of Swift and of every library too, and, where the memory of this process is limited, to a library that breaks for
/// want of it. Nothing that is half computed can go on then. This file's `malloc` and its siblings stand in the program
/// itself for that.
///
/// - Parameter everywhere: in all threads; 0 for the first one alone. OpenBLAS's threads ask for their buffers again and
///   again until there is room, which harms nobody where nothing is computed.
void limits_watch(int everywhere);

#endif
