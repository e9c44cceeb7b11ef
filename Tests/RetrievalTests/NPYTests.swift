import Tensors
import Testing

@Suite struct NPYTests {
    static let matrix = Matrix(rows: 2, columns: 3, values: [0, 1, 2, 3, 4, -0.5])

    static func file(_ header: String, version: UInt8 = 1, data: Int = 24) -> [UInt8] {
        let length = header.utf8.count
        let size =
            version == 1 ? [UInt8(length & 255), UInt8(length >> 8)] : [UInt8(length & 255), UInt8(length >> 8), 0, 0]
        return [0x93] + "NUMPY".utf8 + [version, 0] + size + header.utf8 + [UInt8](repeating: 0, count: data)
    }

    @Test func survivesARoundTrip() throws {
        let file = Self.matrix.npy()
        #expect(try Matrix(npy: file, name: "x.npy") == Self.matrix)
        #expect((file.count - 24) % 64 == 0)
        let header = String(decoding: file[10..<file.count - 24], as: UTF8.self)
        #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } "))
        #expect(header.hasSuffix(" \n"))
        let none = Matrix(rows: 0, columns: 4, values: [])
        #expect(try Matrix(npy: none.npy(), name: "x.npy") == none)
    }

    @Test func writesWholeNumbers() {
        let file = npy([1, -2], shape: [2])
        #expect(
            String(decoding: file, as: UTF8.self).contains("{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }"))
        #expect(file.suffix(16) == [1, 0, 0, 0, 0, 0, 0, 0, 0xFE, 255, 255, 255, 255, 255, 255, 255])
    }

    @Test func readsVersionTwoAndKeysInAnyOrder() throws {
        let header = "{'shape':(2,3,), 'fortran_order' : False,'descr':'<f4'}  \n"
        #expect(try Matrix(npy: Self.file(header, version: 2), name: "x").values == [0, 0, 0, 0, 0, 0])
    }

    @Test(
        arguments: [
            ("<f2", [0x00, 0x3E, 0x01, 0x80]), ("<f4", [0, 0, 0xC0, 0x3F, 0, 0, 0x80, 0xB3]),
            ("<f8", [0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0x70, 0xBE]),
        ] as [(String, [UInt8])])
    func floatsOfOtherSizesBecomeFloat32(type: String, bytes: [UInt8]) throws {
        let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (1, 2), }\n"
        let matrix = try Matrix(npy: Self.file(header, data: 0) + bytes, name: "x.npy")
        #expect(matrix.values == [1.5, -0x1p-24])
    }

    @Test(arguments: [
        "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }",
        "{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, 1), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 1), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2, -3), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 0), }",
        "{'descr': '<f4', 'fortran_order': False, }", "{'descr': '<f4', 'shape': (2, 3), 'shape': (2, 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'x': '1'}",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } x", "{'descr': '<f4'", "", "{}", "[]",
    ])
    func refusesOtherHeaders(header: String) {
        #expect(throws: NPYError.self) { try Matrix(npy: Self.file(header), name: "x.npy") }
    }

    @Test func refusesAFileThatBreaksOffAnywhere() {
        let file = Self.matrix.npy()
        for count in file.indices {
            #expect(throws: NPYError.self) { try Matrix(npy: Array(file[..<count]), name: "x.npy") }
        }
        #expect(throws: NPYError.self) { try Matrix(npy: file + [0], name: "x.npy") }
        #expect(throws: NPYError.self) { try Matrix(npy: "/nonexistent.npy") }
    }
}
