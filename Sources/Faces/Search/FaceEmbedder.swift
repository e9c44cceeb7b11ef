import Imaging
import Networks
import Ranks
import Retrieval
import Tensors

/// Which of a network's outputs describes a face; `whitened` are the pooled features along their principal components,
/// each with variance 1 over training faces.
package enum DescriptionLayer: String, Codable, CaseIterable, Sendable { case embedding, features, whitened }

/// What turns faces into vectors that can be compared.
package indirect enum FaceEmbedder: Sendable {
    case network(EmbeddingNetwork, DescriptionLayer)
    /// Gray values of the face at 32 × 32: the control that has learnt nothing.
    case pixels
    /// Another program's vectors, which faces of the set have and no others.
    case given(GivenVectors)
    /// Another describer's vectors along principal components of training faces.
    case projected(FaceEmbedder, PrincipalComponents, name: String)
    /// Another describer's vectors, scaled to length 1: what is compared then is their angle.
    case unit(FaceEmbedder)

    /// Side of the gray face that `pixels` compares.
    static let pixelSize = 32

    package var name: String {
        switch self {
        case .network(let network, .embedding): network.architecture.displayName
        case .network(let network, .features): "\(network.architecture.displayName), pooled features"
        case .network(let network, .whitened): "\(network.architecture.displayName), whitened features"
        case .pixels: "raw pixels"
        case .given(let vectors): vectors.name
        case .projected(_, _, let name): name
        case .unit(let describer): "\(describer.name) of length 1"
        }
    }

    /// The same vectors, scaled to length 1.
    package var ofUnitLength: FaceEmbedder {
        if case .given(let vectors) = self { .given(vectors.scaledToUnitLength) } else { .unit(self) }
    }

    /// Vectors of `count` faces, one a row. O(count).
    ///
    /// Each core reads and resizes a face and sends it through the network.
    ///
    /// - Parameters:
    ///   - image: reads face number i; called from several threads.
    ///   - journal: where vectors are kept as they come, so that the same call goes on after an interruption.
    ///   - ranks: who describes them together; the others are in `serve`.
    ///   - progress: called between batches with how many are done; throws to stop.
    package func describe(
        _ count: Int, image: @escaping @Sendable (Int) throws -> Image, journal: RowJournal? = nil,
        ranks: Ranks = .alone, progress: (Int) throws -> Void
    ) throws -> Matrix {
        var values: [Float] = []
        var columns = 0
        for known in try journal?.replay() ?? [] where values.count / known.columns + known.rows <= count {
            values += known.values
            columns = known.columns
        }
        let known = values.count / max(1, columns)
        try progress(known)
        let left = (known + Self.batch - 1) / Self.batch..<(count + Self.batch - 1) / Self.batch
        let here = { (batch: Int) in try foundation.describe(Self.faces(of: batch, count), image) }
        let decode = { (_: Int, bytes: [UInt8]) in Matrix(sent: bytes) }
        try ranks.shards(left, here: here, decode: decode) { batch, plain in
            let part = finished(plain)
            try journal?.append(part)
            values.reserveCapacity(count * part.columns)
            values += part.values
            columns = part.columns
            try progress(Self.faces(of: batch, count).upperBound)
        }
        return Matrix(rows: count, columns: max(1, columns), values: values)
    }

    /// Describes the batches that the first rank gives, on every other one, as far as `foundation` does.
    package func serve(_ count: Int, image: @escaping @Sendable (Int) throws -> Image, _ ranks: Ranks) throws {
        try ranks.serveShards { try describe(Self.faces(of: $0, count), image).sent }
    }

    /// Faces that are described together.
    package static let batch = 32

    private static func faces(of number: Int, _ count: Int) -> Range<Int> {
        batch * number..<min(batch * (number + 1), count)
    }

    /// The describer that looks at faces: what projects or scales another one's vectors without that.
    package var foundation: FaceEmbedder {
        switch self {
        case .projected(let describer, _, _), .unit(let describer): describer.foundation
        case .network, .pixels, .given: self
        }
    }

    /// What this describer makes of its foundation's vectors.
    private func finished(_ plain: Matrix) -> Matrix {
        switch self {
        case .network, .pixels, .given: plain
        case .projected(let describer, let components, _): components.coordinates(of: describer.finished(plain))
        case .unit(let describer): describer.finished(plain).scaledToUnitLength
        }
    }

    private func describe(
        _ range: Range<Int>, _ image: @escaping @Sendable (Int) throws -> Image
    ) throws -> Matrix {
        let indices = Array(range)
        switch self {
        case .given(let vectors): throw NoVectorGiven(name: vectors.name)
        case .pixels:
            let rows = try concurrentMap(indices) { index in
                Result { try view(of: image(index)).pixels.map(Float.init) }
            }.map { try $0.get() }
            return Matrix(rows: rows.count, columns: Self.pixelSize * Self.pixelSize, values: rows.flatMap { $0 })
        case .projected, .unit: return finished(try foundation.describe(range, image))
        case .network(let network, let layer):
            let write: EmbeddingNetwork.Fill<any Error> = { slot, input in
                FaceTransform.write(try image(indices[slot]), to: input)
            }
            let size = FaceTransform.size
            let vectors =
                switch layer {
                case .embedding: try network.embeddings(count: indices.count, height: size, width: size, fill: write)
                case .features, .whitened:
                    try network.features(count: indices.count, height: size, width: size, fill: write)
                }
            guard vectors.isFinite else { throw UnsoundVectors(network: network.architecture.displayName) }
            return vectors
        }
    }
}

/// A network whose weights are finite and whose vectors are not.
package struct UnsoundVectors: Error, CustomStringConvertible {
    let network: String

    package var description: String {
        "the vectors of \(network) are not finite numbers: its weights make them overflow; use other weights"
    }
}

extension Matrix {
    /// As bytes for another rank: rows, columns, values.
    fileprivate var sent: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16 + 4 * values.count)
        for number in [rows, columns] { withUnsafeBytes(of: UInt64(number).littleEndian) { bytes += $0 } }
        values.withUnsafeBytes { bytes += $0 }
        return bytes
    }

    fileprivate init(sent bytes: [UInt8]) {
        func number(_ offset: Int) -> Int {
            Int(bytes[offset..<offset + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
        let values = [Float](unsafeUninitializedCapacity: (bytes.count - 16) / 4) { buffer, count in
            UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes[16...])
            count = (bytes.count - 16) / 4
        }
        self.init(rows: number(0), columns: number(8), values: values)
    }

    /// Every row divided by its length; a row of zeros stays one. O(values).
    var scaledToUnitLength: Matrix {
        var scaled: [Float] = []
        scaled.reserveCapacity(rows * columns)
        for number in 0..<rows {
            let length = row(number).reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            scaled += row(number).map { length > 0 ? Float(Double($0) / length) : 0 }
        }
        return Matrix(rows: rows, columns: columns, values: scaled)
    }
}
