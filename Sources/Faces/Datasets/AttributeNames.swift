import Files

extension Dataset {
    /// The names of a CelebA's attributes, from the head of their list; nil where there is none, or none that can be read.
    ///
    /// Looks at no photograph, and not at the rows.
    package static func attributeNames(in folder: String) -> [String]? {
        guard let layout = try? CelebALayout(below: folder), let list = layout.attributes,
            var reader = try? AnnotationReader(folder + "/" + list)
        else { return nil }
        return try? reader.names()
    }
}

extension AnnotationReader {
    /// The first line that is not a count alone; in a CSV without the name of the files' column.
    fileprivate mutating func names() throws(DatasetError) -> [String]? {
        guard try next() else { return nil }
        if !isCSV, count == 1, integer(0) != nil, try !next() { return nil }
        var names: [String] = []
        for column in (isCSV ? 1 : 0)..<max(count, isCSV ? 1 : 0) { names.append(try text(column)) }
        return names.isEmpty ? nil : names
    }
}
