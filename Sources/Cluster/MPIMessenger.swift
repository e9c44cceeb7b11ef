#if MPI
    import CMPI
    import Ranks

    /// Open MPI's messages.
    struct MPIMessenger: Messenger {
        let index: Int
        let count: Int
        let hosts: [String]
        let tagLimit: Int

        private static let hostLength = 256

        init() throws(RankFailure) {
            var (index, count, limit): (Int32, Int32, Int32) = (0, 1, 0)
            do {
                try Self.check(cmpi_start(&index, &count, &limit), 0)
            } catch {
                throw RankFailure(rank: nil, host: "", problem: "this process cannot join the others: \(error.problem)")
            }
            (self.index, self.count, tagLimit) = (Int(index), Int(count), Int(limit))
            var names = [CChar](repeating: 0, count: Self.hostLength * Int(count))
            try Self.check(cmpi_hosts(&names, Int32(Self.hostLength)), Int(index))
            hosts = (0..<Int(count)).map { rank in
                let name = names[rank * Self.hostLength..<(rank + 1) * Self.hostLength].prefix { $0 != 0 }
                return String(decoding: name.map(UInt8.init(bitPattern:)), as: UTF8.self)
            }
        }

        func send(
            _ bytes: UnsafeRawBufferPointer, to rank: Int, tag: Int
        ) throws(RankFailure) -> any Transfer {
            var error: Int32 = 0
            let transfer = cmpi_send(bytes.baseAddress, bytes.count, Int32(rank), Int32(tag), &error)
            return try MPITransfer(transfer, checking: error, rank, self)
        }

        func receive(
            _ bytes: UnsafeMutableRawBufferPointer, from rank: Int, tag: Int
        ) throws(RankFailure) -> any Transfer {
            var error: Int32 = 0
            let transfer = cmpi_receive(bytes.baseAddress, bytes.count, Int32(rank), Int32(tag), &error)
            return try MPITransfer(transfer, checking: error, rank, self)
        }

        func waiting(from rank: Int, tag: Int) throws(RankFailure) -> Int? {
            var error: Int32 = 0
            let length = cmpi_waiting(Int32(rank), Int32(tag), &error)
            try Self.check(error, rank, hosts[rank])
            return length < 0 ? nil : length
        }

        static func check(_ error: Int32, _ rank: Int, _ host: String = "this host") throws(RankFailure) {
            guard error != 0 else { return }
            var text = [CChar](repeating: 0, count: 1024)
            cmpi_describe(error, &text, Int32(text.count))
            let words = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw RankFailure(rank: rank, host: host, problem: "MPI cannot carry a message to or from it: \(words)")
        }
    }

    private final class MPITransfer: Transfer {
        private let transfer: OpaquePointer
        private let rank: Int
        private let host: String

        init(
            _ transfer: OpaquePointer?, checking error: Int32, _ rank: Int, _ messenger: MPIMessenger
        ) throws(RankFailure) {
            try MPIMessenger.check(error, rank, messenger.hosts[rank])
            guard let transfer else {
                throw RankFailure(rank: rank, host: messenger.hosts[rank], problem: "there is no memory for a message")
            }
            (self.transfer, self.rank, host) = (transfer, rank, messenger.hosts[rank])
        }

        deinit { cmpi_free(transfer) }

        func callOff() { cmpi_call_off(transfer) }

        func isDone() throws(RankFailure) -> Bool {
            var error: Int32 = 0
            let isDone = cmpi_test(transfer, &error) != 0
            try MPIMessenger.check(error, rank, host)
            return isDone
        }
    }
#endif
