import Diagnostics
import Execution
import Faces
import Files
import Foundation
import Synchronization

// Where data lie, and how some of many are chosen: for all directives that look at photographs.

/// Where Debian keeps OpenCV's cascades.
package let cascadeFolder = "/usr/share/opencv4/haarcascades"

/// `count` elements at even distances.
func spread<Element>(_ elements: [Element], _ count: Int) -> [Element] {
    guard elements.count > count else { return elements }
    return (0..<count).map { elements[$0 * elements.count / count] }
}

/// The folder of a dataset that an option names, after its place has been checked.
package func datasetFolder(_ name: String, at range: SourceRange?, in context: inout PlanningContext) -> String {
    let folder = "\(context.data)/\(name)"
    let parts = name.split(separator: "/")
    if name.utf8.contains(0) || parts.allSatisfy({ $0 == "." }) {
        context.report(
            .error("dataset-outside", "the dataset '\(name)' is no folder below \(context.data); name one", at: range))
    } else if name.hasPrefix("/") || parts.contains("..") {
        context.report(.error("dataset-outside", "dataset '\(name)' must lie below \(context.data)", at: range))
    } else if !Files.isFolder(folder) {
        let isCelebA = name.lowercased().contains("celeba")
        let target = Files.isLink(folder) ? try? FileManager.default.destinationOfSymbolicLink(atPath: folder) : nil
        context.report(
            .error(
                "missing-dataset",
                target.map { "\(folder) is a link to \($0), where there is no folder; let it lead to the photographs" }
                    ?? "\(folder) is not there; put the dataset there, or run 'make report', which fetches and draws those of Likeness's own chapters",
                at: range,
                notes: isCelebA
                    ? [
                        .init(
                            "CelebA is to be had at https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html (also in Kaggle's form)"
                        ),
                        .init(
                            "put into \(folder): img_align_celeba.zip, unpacked or not, identity_CelebA.txt and list_attr_celeba.txt "
                                + "(or .csv); photographs may also lie in Img/, lists in Anno/ and Eval/"),
                    ] : []))
    }
    return folder
}

/// Where a file lies that an option names: beside the chapter, or else below the folder of all data.
func filePlace(_ name: String, at range: SourceRange?, in context: inout PlanningContext) -> String {
    let beside = Files.folder(of: context.range.path) + "/" + name
    let below = "\(context.data)/\(name)"
    if name.isEmpty || name.utf8.contains(0) || name.hasPrefix("/") || name.split(separator: "/").contains("..") {
        context.report(
            .error(
                "file-outside", "the file '\(name)' must lie beside the chapter or below \(context.data)", at: range))
    } else if Files.isMissing(beside), Files.isMissing(below) {
        context.report(
            .error("missing-file", "neither \(beside) nor \(below) is there; put the file at one of them", at: range))
    }
    return Files.isMissing(beside) ? below : beside
}

/// Photographs in a dataset's folder or archive, by their names alone: for estimates, which many steps ask for. O(files)
/// once.
func photographCount(below folder: String) -> Int {
    counted.withLock { known in
        if let count = known[folder] { return count }
        let names = FileManager.default.enumerator(atPath: folder)
        var count = 0
        while let name = names?.nextObject() as? String {
            if isImageName(name) { count += 1 }
        }
        if count == 0 { count = (try? Dataset(contentsOf: folder))?.photographs.count ?? 0 }
        known[folder] = count
        return count
    }
}

private let counted = Mutex<[String: Int]>([:])
