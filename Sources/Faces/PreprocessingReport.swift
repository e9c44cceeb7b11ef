import Archives
import Files
import Imaging

extension FaceSet {
    /// Every input counted once: `kept + dropped = found`.
    package struct PreprocessingReport: Sendable, Codable {
        package var found: Int
        package var kept: Int
        /// In the order of `Reason.allCases`, reasons that occurred only.
        package var dropped: [Drop]

        package init(found: Int, kept: Int, dropped: [Drop]) {
            self.found = found
            self.kept = kept
            self.dropped = dropped
        }

        /// Which inputs went for one reason, all of them by name.
        package struct Drop: Sendable, Codable {
            package var reason: Reason
            package var inputs: [Input]

            package var count: Int { inputs.count }

            /// The first few names, for a table.
            package var examples: [String] { inputs.prefix(3).map(\.path) }
        }

        package struct Input: Sendable, Codable, Hashable {
            /// Relative to the dataset's folder.
            package var path: String
            /// The exact words of the decoder or the file system; empty where the reason says it all.
            package var detail: String
        }

        /// Why an input went: stable words, by which accounts are compared.
        package enum Reason: String, Sendable, Codable, CaseIterable {
            case noIdentity = "no-identity"
            case notAFile = "not-a-file"
            case unreadable
            case empty
            case notAnImage = "not-an-image"
            case truncated
            case damaged
            case tooLarge = "too-large"
            case unsupported
            case duplicate
            case noFace = "no-face"
            case severalFaces = "several-faces"
            case onlyPhotograph = "only-photograph"
            case onlyFace = "only-face"

            package var inWords: String {
                switch self {
                case .noIdentity: "no identity"
                case .notAFile: "folder or device named like an image"
                case .unreadable: "unreadable"
                case .empty: "empty file"
                case .notAnImage: "not an image"
                case .truncated: "image cut short"
                case .damaged: "damaged image"
                case .tooLarge: "too large"
                case .unsupported: "unsupported kind of image"
                case .duplicate: "same bytes or pixels as another photograph"
                case .noFace: "no face found"
                case .severalFaces: "several faces found"
                case .onlyPhotograph: "only photograph of its person"
                case .onlyFace: "only face left of its person"
                }
            }
        }

        /// The inputs that went for a reason.
        package subscript(reason: Reason) -> [Input] { dropped.first { $0.reason == reason }?.inputs ?? [] }
    }
}

extension FaceSet.PreprocessingReport {
    /// Gathers what went, then sorts it by reason.
    struct Draft {
        private var inputs: [Reason: [Input]] = [:]

        mutating func drop(_ path: String, _ reason: Reason, _ detail: String = "") {
            inputs[reason, default: []].append(Input(path: path, detail: detail))
        }

        var dropped: [Drop] {
            Reason.allCases.compactMap { reason in inputs[reason].map { Drop(reason: reason, inputs: $0) } }
        }

        var summary: String {
            dropped.isEmpty
                ? "nothing was dropped" : dropped.map { "\($0.count) × \($0.reason.inWords)" }.joined(separator: ", ")
        }
    }
}

extension FaceSet.PreprocessingReport.Reason {
    init(_ reason: ImageError.Reason) {
        self =
            switch reason {
            case .unreadable: .unreadable
            case .empty: .empty
            case .notAnImage: .notAnImage
            case .truncated: .truncated
            case .damaged: .damaged
            // Nothing is too slow where nobody waits.
            case .tooLarge, .tooSlow: .tooLarge
            case .unsupported: .unsupported
            }
    }

    /// For a photograph whose bytes could not be had.
    init(reading error: any Error) {
        switch error {
        case let error as ImageError: self = Self(error.reason)
        case let error as FileError:
            self = error.kind == .notAFile ? .notAFile : error.kind == .tooLarge ? .tooLarge : .unreadable
        case let error as ZipError:
            self = error.kind == .tooLarge ? .tooLarge : error.kind == .unsupported ? .unsupported : .damaged
        default: self = .unreadable
        }
    }

    init(_ rejection: FaceOutcome.Rejection) {
        self =
            switch rejection {
            case .noFace: .noFace
            case .severalFaces: .severalFaces
            }
    }
}
