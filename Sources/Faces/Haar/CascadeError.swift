/// Why a cascade was refused, with the file and, where there is one, the line.
package struct CascadeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The path, or what the caller called the bytes.
    package let name: String
    /// Counted from 1; nil when the file as a whole is meant.
    package let line: Int?
    /// What is wrong and what to do, without the place.
    package let problem: String

    package init(name: String, line: Int? = nil, problem: String) {
        self.name = name
        self.line = line
        self.problem = problem
    }

    package var message: String { line.map { "\(name):\($0): \(problem)" } ?? "\(name): \(problem)" }
    package var description: String { message }
}
