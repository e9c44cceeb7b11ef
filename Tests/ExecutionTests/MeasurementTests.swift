import Execution
import Files
import Foundation
import TestSupport
import Testing

/// Measurements that came to nothing: JSON has no spelling for them, which must not cost the others.
@Suite struct MeasurementTests {
    private struct Figures: Codable, Sendable {
        var values: [Double]
        var single: Float
        var none: Double?
    }

    @Test func whatIsNoNumberIsKeptAndReadAgain() throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let store = Store(folder: folder.path)
        let figures = Figures(values: [1.5, .nan, .infinity, -.infinity], single: .nan)
        let bytes = try canonicalJSON(figures)
        #expect(
            String(decoding: bytes, as: UTF8.self) == #"{"single":"nan","values":[1.5,"nan","infinity","-infinity"]}"#)
        let environment = try JSONDecoder().decode(
            StepResult.Environment.self,
            from: Data(#"{"finished":0,"seconds":1,"processor":"","cores":1,"version":""}"#.utf8))
        let artifact = Artifact<Figures>.json("figures.json")
        var outcome = Outcome()
        try outcome.keep(figures, as: artifact)
        let result = try store.publish(outcome, id: "a", key: Key([]), environment: environment)
        let read = try result[artifact]
        #expect(
            read.values[0] == 1.5 && read.values[1].isNaN && read.values[2] == .infinity && read.values[3] == -.infinity
        )
        #expect(read.single.isNaN && read.none == nil)
        #expect(store.latest("a") != nil)
    }
}
