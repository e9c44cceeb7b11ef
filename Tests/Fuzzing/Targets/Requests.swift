import Preview

extension FuzzTarget {
    /// A request's address.
    static let address = FuzzTarget(name: "address", longest: 1024) { bytes, _ in
        let request = Request("GET", String(decoding: bytes, as: UTF8.self))
        for part in request.path ?? [] {
            try promise(!part.contains("/") && !part.utf8.contains(0), "a path's part is '\(part)'")
        }
        try promise((request.query ?? []).count <= Request.mostParameters, "a query of too many names")
    }

    /// A form with files; its first line is the boundary.
    static let form = FuzzTarget(name: "form", longest: 4096) { bytes, _ in
        let line = bytes.prefix { $0 != 0x0A }
        let body = Array(bytes.dropFirst(line.count + 1))
        let type = "multipart/form-data; boundary=" + String(decoding: line, as: UTF8.self)
        guard let parts = try? Multipart.parts(of: body, contentType: type) else { return }
        try promise(parts.count <= Multipart.mostParts, "a form of \(parts.count) parts")
        // Parts stand behind each other in the body, and no boundary is within one.
        var end = 0
        let delimiter = "\r\n--" + String(decoding: line, as: UTF8.self)
        for part in parts {
            try promise(part.bytes.startIndex >= end && part.bytes.endIndex <= body.count, "parts overlap")
            try promise(Array(body[part.bytes.indices]) == Array(part.bytes), "a part is not what stands in the form")
            end = part.bytes.endIndex
            try promise(
                !String(decoding: part.bytes, as: UTF8.self).contains(delimiter) || !line.allSatisfy { $0 < 0x80 },
                "a part holds a boundary")
        }
    }
}
