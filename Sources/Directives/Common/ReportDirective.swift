import Chapters
import Execution
import Foundation
import Pages

/// A directive that also knows how to show its result: the bridge between the report and the engine.
package protocol ReportDirective: Directive {
    /// What the page shows for a result. Reads the stored result only; computes nothing worth caching.
    static func show(_ result: StepResult, options: Options) throws -> ExhibitContent

    /// What `show` will yield, as far as the options tell: checked against the text before anything runs.
    static func promise(for options: Options) -> Promise
}

extension ReportDirective {
    package static func promise(for options: Options) -> Promise { Promise() }
}

/// The part of an exhibit that a directive decides.
package struct ExhibitContent {
    var numbering: Exhibit.Numbering
    var parts: [Exhibit.Part]
    /// Values for prose and claims.
    var values: [String: Quotable] = [:]
    /// Lines for the provenance that only this directive knows.
    var facts: [Provenance.Fact] = []
}

/// Every kind of directive.
package let allDirectives: [any ReportDirective.Type] = [
    DescribeDataset.self, Haar.self, Preprocess.self, Triplets.self, Augmentations.self, Model.self, Train.self,
    Evaluate.self,
    QueryGrid.self, Compare.self, Index.self, SearchScaling.self, SuspectFaces.self, Claim.self,
]
