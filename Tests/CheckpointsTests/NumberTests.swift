import Checkpoints
import Testing

/// One tensor in every container that holds its type.
private func files(_ name: String, _ element: StoredTensor.Element, _ elements: [[UInt8]]) -> [[UInt8]] {
    let (storage, tensor): (String, String?) =
        switch element {
        case .float32: ("FloatStorage", "FloatTensor")
        case .float16: ("HalfStorage", "HalfTensor")
        case .bfloat16: ("BFloat16Storage", nil)
        case .float64: ("DoubleStorage", "DoubleTensor")
        case .int64: ("LongStorage", "LongTensor")
        }
    let data = elements.flatMap { $0 }
    let count = Int64(elements.count)
    let piece = Piece(name: name, key: "0", storage: storage, count: count, shape: [count], strides: [1])
    var zip = Zip.checkpoint(pickle: stateDict([piece]), storages: [("0", data)])
    let small = zip.bytes
    zip.zip64 = true
    let stored = StoredTensor(name: name, shape: [elements.count], element: element, bytes: data)
    var files = [
        small, zip.bytes, legacyStream(pickle: stateDict([piece], legacy: true), storages: [("0", count, data)]),
        Checkpoint(tensors: [stored]).safetensors(),
    ]
    if let tensor {
        let checkpoint = TarCheckpoint(
            storages: [(key: 7, kind: storage, count: count, bytes: data)],
            tensors: [(key: 8, storage: 7, kind: tensor, offset: 0, shape: [count], strides: [1])],
            entries: [(name: name, key: "8")])
        files.append(checkpoint.tar.bytes)
    }
    return files
}

@Suite struct NumberTests {
    @Test func aVarianceBelowZeroThatOnlyFloat64HoldsIsRefused() throws {
        for file in files("bn1.running_var", .float64, [le((1e-300).bitPattern), le((-1e-300).bitPattern)]) {
            let error = refusal(file)
            #expect(error?.kind == .unsound)
            #expect("\(try #require(error))".contains("'bn1.running_var' holds the variance -1e-300 (element 2 of 2)"))
        }
        for file in files("bn1.running_var", .float64, [le((-0.0).bitPattern)]) {
            #expect(try Checkpoint(decoding: file, name: "w").tensors.count == 1)
        }
    }

    /// A type with numbers that a network computes with, and with one that it does not.
    struct Case: Sendable {
        var element: StoredTensor.Element
        var sound: [[UInt8]]
        var fault: [UInt8]
        var told: String
    }

    static let cases: [Case] = {
        let single = [Float.greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0]
            .map { le($0.bitPattern) }
        let half: [[UInt8]] = [le(UInt16(0x7BFF)), le(UInt16(0xFBFF)), le(UInt16(1)), le(UInt16(0x8000))]
        let brain: [[UInt8]] = [le(UInt16(0x7F7F)), le(UInt16(0xFF7F)), le(UInt16(1)), le(UInt16(0x8000))]
        let double = [Double(Float.greatestFiniteMagnitude), -0x1.FFFFFEFp127, 1e-300, -0.0].map { le($0.bitPattern) }
        func cases(_ element: StoredTensor.Element, _ sound: [[UInt8]], _ faults: [([UInt8], String)]) -> [Case] {
            faults.map { Case(element: element, sound: sound, fault: $0.0, told: $0.1) }
        }
        return cases(
            .float32, single,
            [
                (le(UInt32(0x7FC0_0000)), "NaN"), (le(UInt32(0xFF80_0001)), "NaN"),
                (le(UInt32(0x7F80_0000)), "infinity"),
                (le(UInt32(0xFF80_0000)), "-infinity"),
            ])
            + cases(
                .float16, half,
                [(le(UInt16(0x7E00)), "NaN"), (le(UInt16(0x7C00)), "infinity"), (le(UInt16(0xFC00)), "-infinity")])
            + cases(
                .bfloat16, brain,
                [(le(UInt16(0xFFC0)), "NaN"), (le(UInt16(0x7F80)), "infinity"), (le(UInt16(0xFF80)), "-infinity")])
            + cases(
                .float64, double,
                [
                    (le(Double.nan.bitPattern), "NaN"), (le(Double.infinity.bitPattern), "infinity"),
                    (le((-1e300).bitPattern), "-infinity"), (le((0x1.FFFFFFp127).bitPattern), "infinity"),
                ])
    }()

    @Test(arguments: cases) func refusesNumbersThatAreNoneInEveryContainer(_ given: Case) throws {
        for file in files("layer.weight", given.element, given.sound) {
            #expect(try Checkpoint(decoding: file, name: "w").tensors.count == 1)
        }
        for file in files("layer.weight", given.element, given.sound + [given.fault]) {
            let error = refusal(file)
            #expect(error?.kind == .unsound)
            #expect(
                error?.description
                    == "w.pth: refuses to load: tensor 'layer.weight' holds \(given.told) (element 5 of 5); "
                    + "take a checkpoint from before its training diverged, or fetch the file again")
        }
    }

    @Test(arguments: [0, 1, 16_383, 16_384, 32_767, 40_002]) func findsOneNumberAmongMany(place: Int) {
        for element in [StoredTensor.Element.float32, .float16, .bfloat16, .float64] {
            var bytes = [UInt8](repeating: 0x3C, count: 40_003 * element.byteCount)
            let tensor = StoredTensor(name: "a", shape: [40_003], element: element, bytes: bytes)
            #expect(refusal(Checkpoint(tensors: [tensor]).safetensors()) == nil)
            for byte in 0..<element.byteCount { bytes[place * element.byteCount + byte] = 0xFF }
            let broken = StoredTensor(name: "a", shape: [40_003], element: element, bytes: bytes)
            let error = refusal(Checkpoint(tensors: [broken]).safetensors())
            #expect(
                error?.problem.hasSuffix("(element \(place + 1) of 40003)") == true,
                "\(element): \(error?.problem ?? "read")")
        }
    }

    @Test func refusesVariancesBelowZeroByName() throws {
        func refused(_ name: String, _ values: [Float]) -> [String?] {
            files(name, .float32, values.map { le($0.bitPattern) }).map { refusal($0)?.problem }
        }
        #expect(
            Set(refused("features.0.1.running_var", [1, -1e-30])) == [
                "refuses to load: tensor 'features.0.1.running_var' holds the variance -1e-30 (element 2 of 2)"
            ])
        #expect(refused("running_var", [-2]).allSatisfy { $0 != nil })
        #expect(refused("bn1.running_var", [0, -0.0, .leastNonzeroMagnitude]).allSatisfy { $0 == nil })
        #expect(refused("bn1.running_mean", [-2]).allSatisfy { $0 == nil })
        #expect(refused("bn1.my_running_var", [-2]).allSatisfy { $0 == nil })
        for element in [StoredTensor.Element.float16, .bfloat16] {
            #expect(
                files("bn1.running_var", element, [le(UInt16(0xBC00))]).allSatisfy { refusal($0)?.kind == .unsound })
        }
        #expect(
            files("bn1.running_var", .float64, [le((-1e-30).bitPattern)]).allSatisfy { refusal($0)?.kind == .unsound })
    }

    @Test(arguments: [Int64(-1), .min, .max, 1 << 53 + 1]) func refusesCountsThatAreNone(count: Int64) {
        #expect(files("bn1.num_batches_tracked", .int64, [le(count)]).allSatisfy { refusal($0)?.kind == .unsound })
        #expect(files("other", .int64, [le(count)]).allSatisfy { refusal($0) == nil })
        #expect(files("bn1.num_batches_tracked", .int64, [le(Int64(1 << 53))]).allSatisfy { refusal($0) == nil })
    }

    @Test func namesAFewTensorsAndCountsTheRest() {
        let tensors = (0..<12).map { StoredTensor(name: "t\($0)", shape: [2], floats: [0, $0 % 2 == 0 ? .nan : 1]) }
        #expect(
            refusal(Checkpoint(tensors: tensors).safetensors())?.problem
                == "refuses to load: tensor 't0' holds NaN (element 2 of 2); tensor 't2' holds NaN (element 2 of 2); "
                + "tensor 't4' holds NaN (element 2 of 2); and 3 more tensors are like these")
    }
}
