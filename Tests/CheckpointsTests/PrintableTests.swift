import Checkpoints
import Testing

/// Names from files are shown, never obeyed.
@Suite struct PrintableTests {
    @Test(arguments: [
        ("conv1.weight", "conv1.weight"), ("Gewicht ß 重み 🙂", "Gewicht ß 重み 🙂"), ("a\u{1B}[31m", "a␛[31m"),
        ("a\nb\tc\r", "a␊b␉c␍"), ("a\r\nb", "a␍␊b"), ("\u{0}\u{7F}\u{85}\u{9B}", "␀␡��"),
        ("a\u{202E}b\u{2066}c\u{200F}d\u{61C}e", "a�b�c�d�e"), ("a\u{2028}b\u{2029}c", "a�b�c"),
        ("a\u{200B}b\u{FEFF}c\u{E0041}", "a�b�c�"), ("e\u{301}\u{1B}", "e\u{301}␛"),
    ])
    func whatSteersATerminalIsShown(name: String, shown: String) {
        #expect(name.printable == shown)
    }

    /// In every container and wherever a name is told.
    @Test func errorsShowNamesOnOneLine() {
        let name = "w\u{1B}]0;x\u{7}\n\u{202E}fake"
        let piece = Piece(name: name, key: "0", count: 6, shape: [9], strides: [1])
        let naked = Op.start + Op.emptyDictionary + Op.text(name) + Op.none + Op.setItem + Op.stop
        let twice = Zip.checkpoint(pickle: stateDict([piece]), storages: [("0", RefusalTests.data), ("0", [])])
        var odd = Zip(entries: [("w/data.pkl", naked), (name, [1])])
        odd.damagedChecksum = "w/data.pkl"
        let files = [
            RefusalTests.zip(piece), RefusalTests.zip(pickle: naked), twice.bytes, odd.bytes,
            RefusalTests.zip(Piece(name: "a", key: name, count: 6, shape: [6], strides: [1])),
            safetensorsFile(
                "{\"w\\u001b\\n\\u202efake\":{\"dtype\":\"\\u001b[1m\",\"shape\":[],\"data_offsets\":[0,0]}}"),
            Checkpoint(tensors: [StoredTensor(name: name, shape: [1], floats: [.nan])]).safetensors(),
            Tar(members: [(name, [1]), (name, [2])]).bytes,
        ]
        for file in files {
            let text = refusal(file)?.description ?? "read"
            #expect(text.hasPrefix("w.pth: "))
            #expect(
                !text.unicodeScalars.contains { $0.properties.generalCategory == .control || $0 == "\u{202E}" },
                "\(text)")
        }
    }
}
