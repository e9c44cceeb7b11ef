/// Several files in one input: each begins behind a line `=== name`.
///
/// Only names that the target asks for count; bytes in front of the first such line belong to its first name.
struct Parcel {
    private(set) var files: [String: [UInt8]] = [:]

    private static let mark = Array("=== ".utf8)

    init(_ bytes: [UInt8], names: [String]) {
        var name = names[0]
        var start = 0
        var line = 0
        func keep(upTo end: Int) -> [UInt8]? { files[name] == nil && start < end ? Array(bytes[start..<end]) : nil }
        while line < bytes.count {
            let end = bytes[line...].firstIndex(of: 0x0A) ?? bytes.count
            if bytes[line..<end].starts(with: Self.mark),
                let next = names.first(where: { bytes[(line + Self.mark.count)..<end].elementsEqual($0.utf8) })
            {
                if let file = keep(upTo: line) { files[name] = file }
                name = next
                start = min(end + 1, bytes.count)
            }
            line = end + 1
        }
        if let file = keep(upTo: bytes.count) { files[name] = file }
    }
}
