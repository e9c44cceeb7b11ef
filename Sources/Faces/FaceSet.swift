import Archives
import Files
import Imaging
import Networks

/// What preprocessing yields: faces, who is for training and who for testing, and a report of every input.
package struct FaceSet: Sendable {
    /// The dataset's folder, relative to the folder of all data.
    package var dataset: String
    /// The same folder as it is opened here. Not kept with the set: who loads one to read its photographs sets it.
    package var folder: String?
    /// The zip that holds the photographs, relative to the dataset's folder; nil where they are files.
    package var archive: String?
    package var attributeNames: [String]
    /// Every face that was kept, in path order; the lists below are indices into it.
    package var faces: [Face]
    package var train: [Int]
    /// One or more per test identity.
    package var queries: [Int]
    /// The other faces of the test identities.
    package var gallery: [Int]
    /// Of training faces, by their index.
    package var triplets: [Triplet]
    package var report: PreprocessingReport
    /// Side of the square that faces are resized to; nil leaves them as they were cut.
    package var cropSize: Int?
    /// How its people were split; nil for a set that was put together by hand.
    package var rule: IdentitySplit.Rule?
    /// What preprocessing says beside its report; not kept with the set.
    package var warnings: [String] = []

    package init(
        dataset: String, folder: String? = nil, archive: String? = nil, attributeNames: [String], faces: [Face],
        train: [Int], queries: [Int],
        gallery: [Int], triplets: [Triplet], report: PreprocessingReport, cropSize: Int? = nil,
        rule: IdentitySplit.Rule? = nil, warnings: [String] = []
    ) {
        self.dataset = dataset
        self.folder = folder
        self.archive = archive
        self.attributeNames = attributeNames
        self.faces = faces
        self.train = train
        self.queries = queries
        self.gallery = gallery
        self.triplets = triplets
        self.report = report
        self.cropSize = cropSize
        self.rule = rule
        self.warnings = warnings
    }

    /// One photograph with exactly one face.
    package struct Face: Sendable {
        /// Relative to the dataset's folder.
        package var path: String
        /// Where it lies in the archive; nil for a file.
        package var entry: ZipEntry?
        /// Of the photograph's bytes: a later step that reads another content refuses it.
        package var digest: Digest
        /// Of its decoded pixels in gray, by which photographs in files of different kinds are the same.
        package var pixels: Digest
        package var identity: String
        /// The detector's box.
        package var box: Rectangle
        /// The box with its margins: what networks see.
        package var crop: Rectangle
        package var attributes: [Int8]?

        package init(
            path: String, entry: ZipEntry? = nil, digest: Digest, pixels: Digest, identity: String, box: Rectangle,
            crop: Rectangle, attributes: [Int8]? = nil
        ) {
            self.path = path
            self.entry = entry
            self.digest = digest
            self.pixels = pixels
            self.identity = identity
            self.box = box
            self.crop = crop
            self.attributes = attributes
        }
    }
}

extension FaceSet {
    /// Reads one face: the photograph cropped to its face. Only where `folder` is known.
    ///
    /// - Throws: `FaceError` when the file is no longer what preprocessing saw; `ImageError` when it cannot be decoded.
    package func image(of index: Int) throws -> Image {
        let (bytes, name) = try photographBytes(of: index)
        let cut = try Image.using(decoding: bytes, name: name) { $0.cropped(to: faces[index].crop) }
        return cropSize.map { cut.resized(width: $0, height: $0) } ?? cut
    }

    /// Reads one photograph as a whole; throws as `image(of:)`.
    package func photograph(of index: Int) throws -> Image {
        let (bytes, name) = try photographBytes(of: index)
        return try Image(decoding: bytes, name: name)
    }

    private func photographBytes(of index: Int) throws -> (bytes: [UInt8], name: String) {
        guard let folder else { preconditionFailure("who loads a set that is to read photographs says where they are") }
        let face = faces[index]
        let source = try PhotographSource(folder: folder, archive: archive)
        let name = source.name(of: face.path)
        let bytes = try source.bytes(of: face.path, entry: face.entry)
        guard Digest(of: bytes) == face.digest else {
            throw FaceError(path: name, message: "changed since it was preprocessed; run the build again")
        }
        return (bytes, name)
    }
}

/// A face that cannot be used as preprocessing described it.
package struct FaceError: Error, Sendable, CustomStringConvertible {
    package let path: String
    package let message: String

    package var description: String { "\(path): \(message)" }
}
