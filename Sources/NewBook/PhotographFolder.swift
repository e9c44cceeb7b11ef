import Faces
import Files

/// What lies in the folder of somebody who wants a book about their photographs.
package enum PhotographFolder: Sendable {
    /// People are known: CelebA, LFW, or a folder per person.
    case people(Dataset)
    /// Photographs of which nobody says whom they show, and the sentence that says so.
    case loose(DatasetError)

    /// - Throws: `DatasetError` where nothing lies there that could be shown, or lists contradict each other.
    package init(_ path: String) throws(DatasetError) {
        do {
            self = .people(try Dataset(contentsOf: path))
        } catch {
            guard error.loose > 0 else { throw error }
            self = .loose(error)
        }
    }

    /// What was found, in a sentence.
    package var summary: String {
        switch self {
        case .loose(let reason): return reason.message
        case .people(let dataset):
            let people = Set(dataset.photographs.map(\.identity)).count
            let whose = "\(counted(dataset.photographs.count, "photograph")) of \(counted(people, "person", "people"))"
            switch dataset.form {
            case .celebA:
                let attributes = dataset.attributeNames.count
                return "CelebA's lists, \(whose)" + (attributes > 0 ? ", \(counted(attributes, "attribute"))" : "")
            case .lfw: return "Labeled Faces in the Wild, \(whose)"
            case .folderPerPerson: return "\(whose), a folder each"
            }
        }
    }
}

/// `1 face`, `2 faces`.
func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(count) \(count == 1 ? one : many ?? one + "s")"
}
