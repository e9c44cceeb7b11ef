import Foundation

/// What is compared of a result between two reports: read back from a `ResultFile`'s JSON, or kept beside others.
package struct ResultNumbers: Sendable, Hashable, Codable {
    package struct Value: Sendable, Hashable, Codable {
        package var value: DataTable.Cell
        package var unit: String?
    }

    package struct Hit: Sendable, Hashable, Codable {
        package var query: Int
        package var rank: Int
        /// Whom it shows.
        package var found: String
        package var distance: Double
    }

    package var id: String
    package var kind: String
    package var engine: String
    package var output: String
    package var options: [String: String]
    package var uses: [String: String]
    package var data: [String: String]
    package var values: [String: Value]
    /// What a query grid shows; empty for others.
    package var hits: [Hit]
    /// Of a claim; nil for others.
    package var holds: Bool?

    package init(_ file: ResultFile) {
        id = file.id
        kind = file.record.kind
        engine = file.record.engine
        output = file.record.output
        options = file.record.options
        uses = file.record.uses
        data = file.record.data
        values = file.values.reduce(into: [:]) {
            $0[$1.key] = Value(value: $1.value.plain, unit: ResultFile.unit(of: $1.key))
        }
        (hits, holds) = Self.shown(file.tables)
    }

    /// Reads what `ResultFile.json` writes.
    package init(json bytes: [UInt8]) throws {
        let file = try JSONDecoder().decode(File.self, from: Data(bytes))
        id = file.id
        kind = file.kind
        engine = file.engine
        output = file.output
        options = file.options
        uses = file.uses
        data = file.data
        values = file.values
        (hits, holds) = Self.shown(file.tables)
    }

    private struct File: Decodable {
        var id, kind, engine, output: String
        var options, uses, data: [String: String]
        var values: [String: Value]
        var tables: [DataTable]
    }

    private static func shown(_ tables: [DataTable]) -> (hits: [Hit], holds: Bool?) {
        let hits = tables.first { $0.name == ResultFile.ranks }?.rows.compactMap(Hit.init) ?? []
        let verdict = tables.first { $0.name == ResultFile.verdict }?.rows.first?.last
        return (hits, verdict.map { $0 == .number(1) })
    }

    /// The 95 % interval of a value: what is named `map.low` and `map.high`, or, for a difference `map.delta`, the same of `map`.
    func interval(of name: String) -> (low: Double, high: Double)? {
        let stem = name.hasSuffix(".delta") ? String(name.dropLast(".delta".count)) : name
        guard case .number(let low)? = values[stem + ".low"]?.value,
            case .number(let high)? = values[stem + ".high"]?.value
        else { return nil }
        return (low, high)
    }
}

extension ResultNumbers.Hit {
    fileprivate init?(_ row: [DataTable.Cell]) {
        guard row.count == 6, case .number(let query) = row[0], case .number(let rank) = row[2],
            case .text(let found) = row[3], case .number(let distance) = row[4]
        else { return nil }
        self.init(query: Int(query), rank: Int(rank), found: found, distance: distance)
    }
}
