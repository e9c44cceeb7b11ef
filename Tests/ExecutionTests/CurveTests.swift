import Execution
import Testing

/// A curve of a long step, with a bounded number of points.
@Suite struct CurveTests {
    @Test(arguments: [1, 399, 400, 401, 1000, 12_345])
    func meansAreThoseOfAsManyValuesEach(count: Int) {
        let values = (0..<count).map { Double($0 * $0 % 97) }
        var curve = Curve()
        for value in values { curve.append(value) }
        #expect(curve.means.count < 400 && curve.means.count == count / curve.width)
        for (number, mean) in curve.means.enumerated() {
            let part = values[(number * curve.width)..<((number + 1) * curve.width)]
            #expect(abs(mean - part.reduce(0, +) / Double(curve.width)) < 1e-9)
        }
    }
}
