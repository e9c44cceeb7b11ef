import Files

/// What the first rank saw of a file or folder; another rank holds its own against it before it reads.
package struct DataFingerprint: Sendable, Codable {
    package let path: String
    /// Of names, sizes, times and inodes: equal where both see one file system.
    let stamps: String
    /// Of the content.
    let digest: String

    package init(path: String, stamps: String, digest: String) {
        (self.path, self.stamps, self.digest) = (path, stamps, digest)
    }

    /// Throws where the data here are not the first rank's. O(files) on a shared file system, else O(bytes).
    package func check() throws {
        let own = DataDigests()
        guard Files.exists(path) else {
            throw OtherData(path: path, problem: "is not there")
        }
        if try own.freshStamps(of: path).hex == stamps { return }
        guard try own.digest(of: path).hex == digest else {
            throw OtherData(path: path, problem: "holds other data than on the first rank")
        }
    }

    private struct OtherData: Error, CustomStringConvertible {
        let path: String
        let problem: String

        var description: String {
            "\(path): \(problem); share one file system between all hosts, or copy the same files to each"
        }
    }
}
