/// How a result came about, for programs: what it was made from, when and where.
package struct ResultRecord: Sendable, Hashable, Codable {
    package var kind: String
    /// The version of what computes it.
    package var engine: String
    /// Of everything that the result depends on.
    package var key: String
    /// Of what the result holds: equal for equal results, whenever they were computed.
    package var output: String
    /// As an author would write them, defaults too.
    package var options: [String: String]
    /// Outputs of the steps that it uses, by their ids.
    package var uses: [String: String]
    /// Digests of the data that it reads, by their places.
    package var data: [String: String]
    /// Seconds since 1970.
    package var finished: Double
    package var seconds: Double
    package var processor: String
    package var cores: Int
    package var version: String
    package var warnings: [String]

    package init(
        kind: String, engine: String, key: String, output: String, options: [String: String], uses: [String: String],
        data: [String: String], finished: Double, seconds: Double, processor: String, cores: Int, version: String,
        warnings: [String]
    ) {
        self.kind = kind
        self.engine = engine
        self.key = key
        self.output = output
        self.options = options
        self.uses = uses
        self.data = data
        self.finished = finished
        self.seconds = seconds
        self.processor = processor
        self.cores = cores
        self.version = version
        self.warnings = warnings
    }
}
