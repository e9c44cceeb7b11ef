import Dispatch
import Foundation
import Synchronization

/// A language that pages are written in: the report's own words, and how numbers look.
///
/// Its words stand in one file, `Languages/vi.json`: English phrase → translation, with `{0}`, `{1}` where values stand.
/// English needs none, and neither does a language whose chapters alone are translated.
package struct Language: Sendable {
    /// `vi`.
    package let tag: String
    private let phrases: [String: String]
    /// Between whole numbers and decimals, and between thousands.
    let decimal: String
    let grouping: String
    /// Behind a percentage in the text.
    let percent: String

    /// What is being written now: the language of every `Phrase` and `Numeral` that is made within `speaking`.
    @TaskLocal package static var current = english

    package static let english = Language(tag: "en", phrases: [:])

    package static func of(_ tag: String) -> Language {
        let primary = tag.split(separator: "-").first.map { $0.lowercased() } ?? ""
        return known[primary] ?? Language(tag: tag, phrases: [:])
    }

    /// Whatever is made in `body` is said in this language.
    package func speaking<Result>(_ body: () throws -> Result) rethrows -> Result {
        try Language.$current.withValue(self, operation: body)
    }

    /// What `body` makes for each of these languages, given its position; all are made at the same time, each on a core.
    package static func speakingEach<Made: Sendable>(
        _ tags: [String], _ body: @Sendable (_ position: Int) throws -> Made
    ) throws -> [Made] {
        let listener = Unsaid.listener
        let made = Mutex<[Int: Result<Made, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: tags.count) { position in
            let result = Unsaid.$listener.withValue(listener) {
                of(tags[position]).speaking { Result { try body(position) } }
            }
            made.withLock { $0[position] = result }
        }
        let results = made.withLock { $0 }
        return try tags.indices.compactMap { try results[$0]?.get() }
    }

    /// By primary subtag: a language is its file and its line here.
    private static let known = [
        "vi": Language(tag: "vi", phrases: read(PackageResources.vi_json))
    ]

    private static func read(_ file: [UInt8]) -> [String: String] {
        guard let words = try? JSONDecoder().decode([String: String].self, from: Data(file)) else {
            preconditionFailure("a file of words is a JSON object of strings")
        }
        return words
    }

    private init(tag: String, phrases: [String: String]) {
        (self.tag, self.phrases) = (tag, phrases)
        decimal = phrases[Self.decimalKey] ?? "."
        grouping = phrases[Self.groupingKey] ?? ","
        percent = phrases[Self.percentKey] ?? "%"
    }

    /// Keys of the marks within numbers.
    private static let decimalKey = "decimal mark"
    private static let groupingKey = "mark between thousands"
    private static let percentKey = "percent sign"

    /// Every English phrase that the language has words for.
    package var keys: [String] {
        phrases.keys.filter { ![Self.decimalKey, Self.groupingKey, Self.percentKey].contains($0) }
    }

    /// The words for an English phrase; nil where the language has none.
    package func words(for key: String) -> String? { phrases[key] }
}
