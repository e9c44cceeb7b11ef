import Faces
import Files
import Foundation

/// Image files named directly or lying below named folders, in path order.
///
/// - Throws: `NoImages` for a folder without any; files that are not there are left for decoding to refuse by name.
func imageFiles(_ arguments: [String]) throws -> [String] {
    var files: [String] = []
    for argument in arguments {
        guard Files.isFolder(argument) else {
            files.append(argument)
            continue
        }
        guard let walk = FileManager.default.enumerator(atPath: argument) else { throw NoImages(folder: argument) }
        var found: [String] = []
        while let name = walk.nextObject() as? String {
            if isImageName(name) { found.append(argument.hasSuffix("/") ? argument + name : argument + "/" + name) }
        }
        guard !found.isEmpty else { throw NoImages(folder: argument) }
        files += found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
    return files
}

struct NoImages: Error, CustomStringConvertible {
    let folder: String
    var description: String { "\(folder): holds no images (looked for .jpg, .png, .pgm, .ppm, also in folders below)" }
}
