import Directives
import Faces
import Files
import Networks
import NewBook

extension Finding {
    /// Weights and datasets below a folder of data.
    static func data(in folder: String) -> [Finding] {
        guard Files.isFolder(folder) else {
            return [
                Finding(
                    "data", "\(folder) is no folder here",
                    advice:
                        "go to a book, or name its folder with --data; 'likeness new DIR' makes a book to begin with")
            ]
        }
        return Architecture.allCases.map { weights(of: $0, in: folder) } + datasets(in: folder)
    }

    private static func weights(of architecture: Architecture, in folder: String) -> Finding {
        if let path = architecture.checkpoint(data: folder) { return Finding("weights", path) }
        let data = folder == "data" ? "" : " --data \(folder)"
        return Finding(
            "weights", "none of \(architecture.displayName) in \(folder)/weights: it starts from random numbers",
            advice: "likeness weights fetch \(architecture.rawValue)\(data)")
    }

    private static func datasets(in folder: String) -> [Finding] {
        let names = ((try? Files.list(folder).entries) ?? []).filter { $0.kind == .folder && $0.name != "weights" }
            .map(\.name).sorted()
        guard !names.isEmpty else {
            return [
                Finding(
                    "datasets", "none in \(folder)",
                    advice: "likeness synthesize \(folder)/portraits --identities 40 --images 320")
            ]
        }
        return names.map { name in
            let path = "\(folder)/\(name)"
            do throws(DatasetError) {
                let found = try PhotographFolder(path)
                if case .loose = found { return Finding("dataset", path, advice: found.summary) }
                return Finding("dataset", "\(path): \(found.summary)")
            } catch {
                return Finding("dataset", path, advice: error.message)
            }
        }
    }
}
