import CCrypto

/// SHA-256 (FIPS 180-4) of bytes that come in pieces, by libcrypto, which uses the processor's own instructions for it.
struct SHA256: ~Copyable {
    private let context: OpaquePointer

    /// The algorithm, looked up once. Configuration files of the machine are not read: a digest is the same everywhere.
    private nonisolated(unsafe) static let algorithm: OpaquePointer = {
        OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil)
        guard let algorithm = EVP_MD_fetch(nil, "SHA256", "provider=default") else {
            preconditionFailure("libcrypto has no SHA-256")
        }
        return algorithm
    }()

    init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, Self.algorithm, nil) == 1 else {
            preconditionFailure("libcrypto cannot begin a SHA-256 digest")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// O(n).
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let isDone = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
        precondition(isDone, "libcrypto cannot continue a SHA-256 digest")
    }

    /// The 32 bytes of the digest.
    consuming func finalize() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { bytes, count in
            var length: UInt32 = 0
            let isDone = EVP_DigestFinal_ex(context, bytes.baseAddress, &length) == 1
            precondition(isDone && length == 32, "libcrypto cannot end a SHA-256 digest")
            count = 32
        }
    }
}
