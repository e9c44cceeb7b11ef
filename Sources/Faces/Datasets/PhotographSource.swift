import Archives
import Files
import Imaging

/// Where a dataset's photographs are read: in its folder, or in a zip below it that is never unpacked.
///
/// A photograph has the same path either way, so that nothing later depends on how the dataset was kept.
package struct PhotographSource: Sendable {
    /// The dataset's folder.
    package let folder: String
    /// Kept open while photographs are read; nil without an archive.
    private let archive: RandomAccessFile?

    /// - Parameter archive: the zip's path relative to `folder`.
    /// - Throws: `FileError` when the archive cannot be opened.
    package init(folder: String, archive: String?) throws(FileError) {
        self.folder = folder
        if let archive {
            self.archive = try RandomAccessFile(folder + "/" + archive)
        } else {
            self.archive = nil
        }
    }

    /// The bytes of one photograph. O(size).
    ///
    /// - Throws: `FileError` or `ZipError`.
    package func bytes(of path: String, entry: ZipEntry?) throws -> [UInt8] {
        guard let entry, let archive else {
            return try Files.read(folder + "/" + path, limit: DecodingLimits.fileBytes)
        }
        return try entry.bytes(from: archive, name: path, limit: DecodingLimits.fileBytes)
    }

    /// One photograph, decoded and upright. O(pixels).
    ///
    /// - Throws: `FileError`, `ZipError` or `ImageError`.
    package func image(of photograph: Dataset.Photograph) throws -> Image {
        try Image(decoding: bytes(of: photograph.path, entry: photograph.entry), name: name(of: photograph.path))
    }

    /// Hands one photograph to `body` while few others are decoded; throws as ``image(of:)``.
    package func using<Result>(
        _ photograph: Dataset.Photograph, as depth: Depth = .asStored, _ body: (Image) throws -> Result
    ) throws -> Result {
        let bytes = try bytes(of: photograph.path, entry: photograph.entry)
        return try Image.using(decoding: bytes, name: name(of: photograph.path), as: depth, body)
    }

    /// What messages call a photograph.
    package func name(of path: String) -> String {
        archive.map { "\($0.path) (\(path))" } ?? "\(folder)/\(path)"
    }
}
