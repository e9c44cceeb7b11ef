import Foundation

/// JSON with a line for each member or element, which `JSONEncoder` does not write.
enum JSONText {
    static func string(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }
        guard !isPlain else { return "\"\(text)\"" }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: (try? encoder.encode(text)) ?? Data(), as: UTF8.self)
    }

    /// Of a number that is one.
    static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? Int(value).description : value.description
    }

    /// On one line, without members that are nil.
    static func object(_ members: [(String, String?)]) -> String {
        let shown = members.compactMap { name, value in value.map { "\(string(name)): \($0)" } }
        return "{" + shown.joined(separator: ", ") + "}"
    }

    static func lines(_ members: [(String, String)]) -> String {
        members.isEmpty ? "{}" : "{\n" + members.map { "\(string($0)): \($1)" }.joined(separator: ",\n") + "\n}"
    }

    static func lines(_ members: [String: String]) -> String {
        lines(members.mapValues(string).sorted { $0.key < $1.key })
    }

    static func lines(_ elements: [String]) -> String {
        elements.isEmpty ? "[]" : "[\n" + elements.joined(separator: ",\n") + "\n]"
    }
}
