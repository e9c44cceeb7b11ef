import Chapters
import Execution
import Files
import Pages

/// The part of an exhibit that is small, and needed even where its figure is remembered: prose quotes its values.
package struct RememberedExhibit: Sendable, Codable {
    var numbering: Exhibit.Numbering
    var values: [String: Quotable]
    var facts: [Provenance.Fact]
}

/// What earlier builds read out of results, by the digest of all that it came from.
package struct ExhibitMemory {
    /// What else decides how results are shown: the program itself.
    var program: String
    var recall: (Digest) -> RememberedExhibit?
    var remember: (Digest, RememberedExhibit) -> Void

    package init(
        program: String, recall: @escaping (Digest) -> RememberedExhibit?,
        remember: @escaping (Digest, RememberedExhibit) -> Void
    ) {
        self.program = program
        self.recall = recall
        self.remember = remember
    }

    /// The digest of everything that an exhibit is made from: the result, how it is to be shown, and by what.
    ///
    /// - Parameter profile: the reduced profile that marks it.
    func origin(of result: StepResult, _ step: PlannedStep, language: String, profile: String?) throws -> Digest {
        var parts = [program, language, profile ?? ""]
        parts.append(Digest(of: try canonicalJSON(result)).hex)
        parts += step.options.all.flatMap { [$0.name, $0.value.keyText] }
        return Digest(of: Array(parts.map { "\($0.utf8.count) \($0)\n" }.joined().utf8))
    }
}
