import Files

extension Checkpoint {
    /// Largest file that is read; weights of the largest network here take 100 MB.
    static let fileBytes = 8 << 30

    /// Reads PyTorch `.pth` (tar, legacy stream or zip) and safetensors; the content decides, not the name.
    ///
    /// Nothing in the file is executed, every length is checked before memory is taken, and every number must be one
    /// that a network can compute with. O(bytes).
    package init(contentsOf path: String) throws(CheckpointError) {
        let bytes: [UInt8]
        do {
            bytes = try Files.read(path, limit: Self.fileBytes)
        } catch {
            throw CheckpointError(.unreadable, path: path, problem: error.problem, advice: "name a checkpoint file")
        }
        try self.init(decoding: bytes, name: path)
    }

    /// The same over bytes in memory; `name` is what an error calls them.
    ///
    /// - Parameter records: tensors that are no weights, in which NaN may stand for "none".
    package init(decoding bytes: [UInt8], name: String, records: Set<String> = []) throws(CheckpointError) {
        do throws(CheckpointError) {
            switch Container(of: bytes) {
            case .zip: self.init(tensors: try TorchContainers.zip(bytes))
            case .legacyStream: self.init(tensors: try TorchContainers.legacyStream(bytes))
            case .safetensors: self = try Safetensors.decode(bytes)
            case .tar: self.init(tensors: try TorchContainers.tar(bytes))
            case .pickle:
                throw .unsafe(
                    "it is a bare pickle, not a file of torch.save",
                    advice: "take the weights as safetensors, or save model.state_dict() with torch.save")
            case .webPage:
                throw .unsupported(
                    "it is a web page, not weights", advice: "fetch it from the address of the file itself")
            case .largeFilePointer:
                throw .unsupported(
                    "it is a Git LFS pointer, not the weights", advice: "run 'git lfs pull' where it came from")
            case .unknown:
                throw .unsupported(
                    bytes.isEmpty ? "it is empty" : "it is neither a PyTorch checkpoint nor safetensors",
                    advice: "give a .pth file that holds a state dict, or a .safetensors file")
            }
            try checkNumbers(except: records)
        } catch {
            throw error.at(name)
        }
    }

    /// The checkpoint as a safetensors file. Names must differ. O(bytes).
    package func safetensors() -> [UInt8] { Safetensors.encode(tensors, metadata) }
}

/// What a file is, judged by its first bytes.
private enum Container {
    case zip, legacyStream, safetensors, tar, pickle, webPage, largeFilePointer, unknown

    init(of bytes: [UInt8]) {
        func begins(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
        if begins("PK\u{3}\u{4}") || begins("PK\u{5}\u{6}") {
            self = .zip
        } else if bytes.starts(with: LegacyMagic.prefix) {
            self = .legacyStream
        } else if begins("ustar", at: 257) {
            self = .tar
        } else if bytes.count > 8, bytes[8] == 0x7B {
            self = .safetensors
        } else if bytes.count > 1, bytes[0] == 0x80, (1...5).contains(bytes[1]) {
            self = .pickle
        } else if begins("<") {
            self = .webPage
        } else if begins("version https://git-lfs") {
            self = .largeFilePointer
        } else {
            self = .unknown
        }
    }
}
