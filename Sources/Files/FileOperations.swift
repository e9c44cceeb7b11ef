import Glibc

/// The system calls by which files are made and changed, as a value: the one layer between the durable writer and the
/// kernel. Tests put another value there, in which a chosen call fails.
///
/// Each call returns what the system's returns: -1 and `errno` for a failure.
package struct FileOperations: Sendable {
    /// Opens a file or folder for writing, locking or syncing; a new file may be written by its owner and read by all.
    package var open: @Sendable (_ path: String, _ flags: Int32) -> Int32
    package var write: @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int
    package var sync: @Sendable (_ descriptor: Int32) -> Int32
    package var rename: @Sendable (_ old: String, _ new: String) -> Int32
    package var makeFolder: @Sendable (_ path: String) -> Int32
    /// Opens a name in a folder that is held open.
    package var openBelow: @Sendable (_ folder: Int32, _ name: String, _ flags: Int32) -> Int32
    /// What stands under a name in a folder that is held open, links not followed.
    package var examine: @Sendable (_ folder: Int32, _ name: String, _ status: inout stat) -> Int32
    /// Removes a name in a folder that is held open: a file, or an empty folder.
    package var remove: @Sendable (_ folder: Int32, _ name: String, _ isFolder: Bool) -> Int32

    package init(
        open: @escaping @Sendable (String, Int32) -> Int32,
        write: @escaping @Sendable (Int32, UnsafeRawBufferPointer) -> Int,
        sync: @escaping @Sendable (Int32) -> Int32,
        rename: @escaping @Sendable (String, String) -> Int32,
        makeFolder: @escaping @Sendable (String) -> Int32,
        openBelow: @escaping @Sendable (Int32, String, Int32) -> Int32,
        examine: @escaping @Sendable (Int32, String, inout stat) -> Int32,
        remove: @escaping @Sendable (Int32, String, Bool) -> Int32
    ) {
        self.open = open
        self.write = write
        self.sync = sync
        self.rename = rename
        self.makeFolder = makeFolder
        self.openBelow = openBelow
        self.examine = examine
        self.remove = remove
    }

    /// The kernel's own.
    package static let system = FileOperations(
        open: { Glibc.open($0, $1, 0o644) },
        write: { Glibc.write($0, $1.baseAddress, $1.count) },
        sync: { fsync($0) },
        rename: { Glibc.rename($0, $1) },
        makeFolder: { mkdir($0, 0o755) },
        openBelow: { openat($0, $1, $2) },
        examine: { fstatat($0, $1, &$2, AT_SYMLINK_NOFOLLOW) },
        remove: { unlinkat($0, $1, $2 ? AT_REMOVEDIR : 0) })
}
