import Foundation

extension Dataset {
    /// A folder per person, as the ORL faces come: `s1/1.pgm`, `s1/2.pgm`, ….
    ///
    /// The identity is the folder's name. Hidden files and files that are not named like images are passed over;
    /// files directly in `folder` belong to nobody and are counted as unannotated.
    init(folderPerPerson folder: String) throws(DatasetError) {
        var photographs: [Photograph] = []
        var loose: [String] = []
        for name in try names(in: folder) {
            let path = folder + "/" + name
            if isFolder(path) {
                for file in try names(in: path) where isImageName(file) {
                    photographs.append(Photograph(path: name + "/" + file, identity: name, attributes: nil))
                }
            } else if isImageName(name) {
                loose.append(name)
            }
        }
        self.init(
            folder: folder, photographs: photographs, attributeNames: [], unannotated: loose,
            warnings: loose.isEmpty
                ? [] : ["\(folder): \(loose.count) images lie outside any person's folder and were not used"])
    }
}

/// The visible names in a folder, numbers in numeric order (`s2` before `s10`), otherwise bytewise.
func names(in folder: String) throws(DatasetError) -> [String] {
    do {
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }
            .sorted { naturallyPrecedes($0, $1) }
    } catch {
        throw DatasetError(folder, "cannot be listed")
    }
}

func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

package func isImageName(_ name: String) -> Bool {
    let imageExtensions: Set<String> = ["jpg", "jpeg", "png", "pgm", "ppm", "pnm"]
    return imageExtensions.contains((name as NSString).pathExtension.lowercased())
}

/// Compares digit runs by value and everything else by byte.
package func naturallyPrecedes(_ a: String, _ b: String) -> Bool {
    func pieces(_ text: String) -> [(digits: Bool, text: Substring)] {
        var result: [(Bool, Substring)] = []
        var rest = text[...]
        while let first = rest.first {
            let digits = first.isASCII && first.isNumber
            let piece = rest.prefix { ($0.isASCII && $0.isNumber) == digits }
            result.append((digits, piece))
            rest = rest[piece.endIndex...]
        }
        return result
    }
    for (x, y) in zip(pieces(a), pieces(b)) where x.text != y.text {
        if x.digits && y.digits {
            let left = x.text.drop { $0 == "0" }
            let right = y.text.drop { $0 == "0" }
            if left != right { return left.count == right.count ? left < right : left.count < right.count }
            continue
        }
        return x.text.utf8.lexicographicallyPrecedes(y.text.utf8)
    }
    return a.utf8.lexicographicallyPrecedes(b.utf8)
}
