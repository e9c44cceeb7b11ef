/// Why a query has no answer: a sentence for whoever asked.
package struct QueryRefusal: Error, Sendable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// There is no such evaluation or face.
        case unknown
        /// It is not computed, or not any more.
        case notReady
        /// The query itself cannot be understood.
        case unsound
    }

    package let kind: Kind
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
