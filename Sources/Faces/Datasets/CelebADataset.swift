import Files

extension Dataset {
    /// CelebA: photographs in a folder or a zip, and lists of identities, attributes, landmarks and parts as text or CSV.
    ///
    /// Every photograph is accounted for: one without an identity is unannotated. A list's line for a photograph that
    /// is not there is told with its place, not refused, because people keep parts of CelebA; a photograph that the
    /// attribute list leaves out is an error. O(lines).
    init(celebA folder: String, layout: CelebALayout) throws(DatasetError) {
        var shelf = try CelebAPhotographs(folder: folder, photographs: layout.photographs)
        var lists: [List] = []
        var warnings = shelf.warnings
        if let zip = layout.ignoredArchive {
            warnings.append(
                "\(folder)/\(zip): was not read, since photographs lie unpacked in \(folder)/\(shelf.prefix); "
                    + "where some are missing there, unpack it anew or remove the folder")
        }

        let identities = try shelf.identities(folder + "/" + layout.identity)
        let listed = shelf.firstListed(layout.identity)
        lists.append(shelf.list(layout.identity, &warnings, remark: ""))
        var attributes: (names: [String], values: [Int8])?
        if let path = layout.attributes {
            let table = try shelf.attributes(folder + "/" + path, needed: identities.map { $0 != nil })
            attributes = table
            lists.append(shelf.list(path, &warnings, remark: "\(table.names.count) attributes"))
        }
        if let path = layout.landmarks {
            let points = try shelf.checkLandmarks(folder + "/" + path)
            lists.append(shelf.list(path, &warnings, remark: "\(points) landmarks"))
        }
        if let path = layout.partition {
            let parts = try shelf.partition(folder + "/" + path)
            lists.append(
                shelf.list(path, &warnings, remark: "training \(parts[0]), validation \(parts[1]), test \(parts[2])"))
        }

        var photographs: [Photograph] = []
        photographs.reserveCapacity(shelf.files.count)
        var unannotated: [String] = []
        for (index, file) in shelf.files.enumerated() {
            let path = shelf.prefix + file.name
            guard let identity = identities[index] else {
                unannotated.append(path)
                continue
            }
            let row = attributes.map { table in
                Array(table.values[index * table.names.count..<(index + 1) * table.names.count])
            }
            photographs.append(Photograph(path: path, identity: identity, attributes: row, entry: file.entry))
        }
        guard !photographs.isEmpty else {
            throw DatasetError(
                folder,
                "\(unannotated.count) photographs, none of them listed: there is \(shelf.files[0].name), \(listed)")
        }
        warnings += shelf.renamings
        if !unannotated.isEmpty {
            warnings.append(
                "\(folder)/\(layout.identity): has no line for \(unannotated.count) photographs, which were not used (\(few(unannotated)))"
            )
        }
        self.init(
            folder: folder, form: .celebA, photographs: photographs, attributeNames: attributes?.names ?? [],
            unannotated: unannotated, warnings: warnings)
        archive = shelf.archive
        self.lists = lists
    }
}
