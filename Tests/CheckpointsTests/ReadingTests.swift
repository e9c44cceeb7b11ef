import Checkpoints
import Testing

@Suite struct ReadingTests {
    static let numbers: [Float] = [0, 1, 2, 3, 4, 5]
    static let plain = Piece(name: "a", key: "0", count: 6, shape: [2, 3], strides: [3, 1])

    @Test func readsAZip() throws {
        let zip = Zip.checkpoint(pickle: stateDict([Self.plain]), storages: [("0", bytes(Self.numbers))])
        let checkpoint = try Checkpoint(decoding: zip.bytes, name: "w.pth")
        #expect(checkpoint.tensors == [StoredTensor(name: "a", shape: [2, 3], floats: Self.numbers)])
        #expect(checkpoint["a"]?.floats() == Self.numbers)
        #expect(checkpoint["b"] == nil)
    }

    @Test func readsAZipWithZip64RecordsAndAComment() throws {
        var zip = Zip.checkpoint(pickle: stateDict([Self.plain]), storages: [("0", bytes(Self.numbers))], order: nil)
        zip.zip64 = true
        #expect(try Checkpoint(decoding: zip.bytes, name: "w.pth")["a"]?.floats() == Self.numbers)
        zip.zip64 = false
        zip.comment = Array("PK\u{5}\u{6} a comment that looks like a record".utf8)
        #expect(try Checkpoint(decoding: zip.bytes, name: "w.pth")["a"]?.floats() == Self.numbers)
    }

    @Test func readsALegacyStream() throws {
        let file = legacyStream(
            pickle: stateDict(
                [Self.plain, Piece(name: "n", key: "9", storage: "LongStorage", count: 1, shape: [], strides: [])],
                legacy: true),
            storages: [("9", 1, le(Int64(-7))), ("0", 6, bytes(Self.numbers))])
        let checkpoint = try Checkpoint(decoding: file, name: "w.pth")
        #expect(checkpoint.tensors.map(\.name) == ["a", "n"])
        #expect(checkpoint["n"] == StoredTensor(name: "n", shape: [], element: .int64, bytes: le(Int64(-7))))
        #expect(checkpoint["a"]?.floats() == Self.numbers)
    }

    @Test func copiesStridedViewsIntoCOrder() throws {
        let views = [
            Piece(name: "transposed", key: "0", count: 6, shape: [3, 2], strides: [1, 3]),
            Piece(name: "column", key: "0", count: 6, offset: 1, shape: [2, 1], strides: [3, 99]),
            Piece(name: "row", key: "0", count: 6, offset: 3, shape: [3], strides: [1]),
            Piece(name: "scalar", key: "0", count: 6, offset: 5, shape: [], strides: []),
            Piece(name: "nothing", key: "0", count: 6, offset: 6, shape: [2, 0], strides: [1, 1]),
            Piece(name: "cube", key: "0", count: 6, shape: [1, 3, 2], strides: [6, 1, 3]),
            Piece(name: "unmoved", key: "0", count: 6, shape: [1, 3, 2, 1], strides: [.max, 1, 3, .max]),
        ]
        let zip = Zip.checkpoint(pickle: stateDict(views), storages: [("0", bytes(Self.numbers))])
        let checkpoint = try Checkpoint(decoding: zip.bytes, name: "w.pth")
        #expect(checkpoint["transposed"]?.floats() == [0, 3, 1, 4, 2, 5])
        #expect(checkpoint["column"]?.floats() == [1, 4])
        #expect(checkpoint["row"]?.floats() == [3, 4, 5])
        #expect(checkpoint["scalar"]?.floats() == [5])
        #expect(checkpoint["nothing"]?.floats() == [])
        #expect(checkpoint["cube"]?.floats() == [0, 3, 1, 4, 2, 5])
        #expect(checkpoint["unmoved"]?.floats() == [0, 3, 1, 4, 2, 5], "a dimension of one element has any stride")
    }

    @Test func convertsEveryElementToFloat() {
        func floats(_ element: StoredTensor.Element, _ bytes: [UInt8]) -> [Float] {
            StoredTensor(name: "t", shape: [bytes.count / element.byteCount], element: element, bytes: bytes).floats()
        }
        #expect(floats(.float16, le(UInt16(0x3C00)) + le(UInt16(0xC100)) + le(UInt16(0x0001))) == [1, -2.5, 0x1p-24])
        #expect(floats(.bfloat16, le(UInt16(0x3F80)) + le(UInt16(0xC020))) == [1, -2.5])
        #expect(floats(.float64, le((0.1).bitPattern)) == [0.1])
        #expect(floats(.int64, le(Int64(-3)) + le(Int64(1) << 40)) == [-3, 0x1p40])
        #expect(floats(.float32, le(Float.infinity.bitPattern)) == [.infinity])
    }

    @Test func readsAStateDictThatPythonTwoWrote() throws {
        let pairs =
            Op.emptyList + Op.mark
            + Op.group([Self.plain.pickled(legacy: false)])
            + Op.appends
        let pickle = Op.start + Op.global("collections", "OrderedDict") + Op.group([pairs]) + Op.reduce + Op.stop
        let zip = Zip.checkpoint(pickle: pickle, storages: [("0", bytes(Self.numbers))])
        #expect(try Checkpoint(decoding: zip.bytes, name: "w.pth")["a"]?.floats() == Self.numbers)
    }

    @Test func safetensorsSurvivesARoundTrip() throws {
        let checkpoint = Checkpoint(tensors: [
            StoredTensor(name: "half", shape: [3], element: .float16, bytes: [1, 2, 3, 4, 5, 6]),
            StoredTensor(name: "a \"quoted\"\n\u{1F642} name", shape: [2, 3], floats: Self.numbers),
            StoredTensor(name: "count", shape: [], element: .int64, bytes: le(Int64(5))),
            StoredTensor(name: "nothing", shape: [0, 7], floats: []),
        ])
        let file = checkpoint.safetensors()
        #expect(try Checkpoint(decoding: file, name: "w.safetensors") == checkpoint)
        #expect(try Checkpoint(decoding: Checkpoint(tensors: []).safetensors(), name: "w") == Checkpoint(tensors: []))
    }

    @Test func readsASafetensorsHeaderWithEscapesAndMetadata() throws {
        let header =
            #" {"__metadata__":{"format":"pt"}, "\u0061\ud83d\ude42\/" : {"data_offsets":[0,4],"shape":[1,1],"dtype":"F32"} }  "#
        var file = safetensorsFile(String(header.dropFirst()), data: bytes([2.5]))
        #expect(
            try Checkpoint(decoding: file, name: "w").tensors == [
                StoredTensor(name: "a\u{1F642}/", shape: [1, 1], floats: [2.5])
            ])
        file = safetensorsFile("{}")
        #expect(try Checkpoint(decoding: file, name: "w").tensors.isEmpty)
    }
}
