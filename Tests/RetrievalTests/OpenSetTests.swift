import Retrieval
import Tensors
import TestSupport
import Testing

/// Whether a calibrated threshold keeps its promise to people whom it has not seen, on embeddings that are made up: people around
/// their own centres, some of them harder than others. Seeds are fixed; `LIKENESS_LONG` looks at 200 sets of each size.
@Suite struct OpenSetTests {
    private static let columns = 16
    private static let facesEach = 5

    /// Vectors of people nobody else is drawn from: `count` of them, so many of each.
    private func faces(_ count: Int, each: Int, _ random: inout RandomNumbers) -> Matrix {
        var values: [Float] = []
        values.reserveCapacity(count * Self.columns)
        for _ in 0..<(count + each - 1) / each {
            let centre = (0..<Self.columns).map { _ in Float(random.normal()) }
            let spread = Float(0.3 + 0.2 * random.uniform())
            for _ in 0..<each { for column in centre { values.append(column + spread * Float(random.normal())) } }
        }
        return Matrix(rows: count, columns: Self.columns, values: Array(values.prefix(count * Self.columns)))
    }

    /// Each query's nearest face; people of the gallery are numbered behind those who ask and those of other galleries.
    private func met(_ gallery: Matrix, _ queries: Matrix, place: Int = 0) throws -> [OpenSet.Encounter] {
        let found = try FlatIndex(gallery).nearest(1, to: queries)
        return (0..<queries.rows).map { query in
            OpenSet.Encounter(
                asking: query, stranger: queries.rows + (place * gallery.rows + found.indices[query]) / Self.facesEach,
                squaredDistance: found.squaredDistances[query])
        }
    }

    private struct Kept {
        var rates: [Double] = []
        /// Sets whose interval holds the rate that came.
        var held = 0
        var mean: Double { rates.reduce(0, +) / Double(rates.count) }
    }

    /// 256 people calibrate; others ask other galleries, as many as their mean needs.
    private func keep(_ size: Int, calibrating: Int, sets: Int) throws -> Kept {
        var kept = Kept()
        let galleries = max(3, min(60, 6000 / size))
        for set in 0..<sets {
            var random = RandomNumbers(seed: 7, path: [size, calibrating, set])
            let asking = faces(256, each: 1, &random)
            // As for faces: several galleries where one is small.
            let asked = try (0..<max(1, min(16, 800 / size))).flatMap { place in
                try met(faces(calibrating, each: Self.facesEach, &random), asking, place: place)
            }
            let calibration = try #require(
                OpenSet.calibrate(
                    asked, strangers: Double(calibrating), testedStrangers: Double(size)))
            var (accepted, queries) = (0, 0)
            for _ in 0..<galleries {
                let others = try met(
                    faces(size, each: Self.facesEach, &random), faces(1200 / min(galleries, 12), each: 1, &random))
                accepted += others.count { $0.squaredDistance <= calibration.threshold }
                queries += others.count
            }
            let rate = Double(accepted) / Double(queries)
            kept.rates.append(rate)
            if calibration.expected.low <= rate && rate <= calibration.expected.high { kept.held += 1 }
        }
        return kept
    }

    @Test(arguments: [50, 200, 1000, 5000])
    func thePromisedRateIsKept(size: Int) throws {
        let sets = isLong ? 200 : size > 1000 ? 5 : 40
        let kept = try keep(size, calibrating: size, sets: sets)
        print("open set: gallery of \(size): promised 0.05, kept \(kept.mean), \(kept.held) of \(sets) within")
        // The mean of the sets: what is promised is what comes, at every size.
        #expect(abs(kept.mean - 0.05) < (isLong ? 0.01 : 0.02))
        #expect(Double(kept.held) >= (isLong ? 0.88 : 0.7) * Double(sets))
    }

    /// A gallery four times as large has four times the chances to be near enough; the threshold allows for them.
    @Test func aSmallerGalleryIsCorrectedFor() throws {
        let sets = isLong ? 200 : 20
        let kept = try keep(1000, calibrating: 250, sets: sets)
        print("open set: calibrated on a quarter: promised 0.05, kept \(kept.mean), \(kept.held) of \(sets) within")
        #expect(abs(kept.mean - 0.05) < 0.03)
        let strangers = (0..<100).map {
            OpenSet.Encounter(asking: $0, stranger: 100 + $0, squaredDistance: Float($0 + 1))
        }
        let plain = try #require(
            OpenSet.calibrate(
                strangers, strangers: 10, testedStrangers: 40))
        // 1.27 % of a hundred people; what is told is what the larger gallery makes of it.
        #expect(abs(plain.share - 0.012741) < 1e-6 && plain.threshold < 2 && plain.threshold > 1.99)
        let fourfold: Double = 1 - 0.99 * 0.99 * 0.99 * 0.99
        #expect(abs(plain.expected.mean - fourfold) < 1e-12)
        #expect(plain.expected.low < fourfold && plain.expected.high > fourfold && plain.expected.people == 100)
    }

    @Test func nobodyCalibratesAlone() {
        let alone = [1, 2].map { OpenSet.Encounter(asking: 0, stranger: $0, squaredDistance: 1) }
        #expect(OpenSet.calibrate(alone, strangers: 3, testedStrangers: 3) == nil)
        let two = [0, 1].map { OpenSet.Encounter(asking: $0, stranger: 2, squaredDistance: 1) }
        #expect(OpenSet.calibrate(two, strangers: 0, testedStrangers: 3) == nil)
    }
}
