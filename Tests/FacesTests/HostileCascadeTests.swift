import Faces
import Glibc
import Testing

/// Cascades made to hurt: refused at once, by name.
@Suite struct HostileCascades {
    private func cascade(
        nodes: String = "0 -1 0 0.5", leaves: String = "-1. 1.", stageCount: String = "1", treeCount: String = "1",
        size: String = "24", features: String = "<_><rects><_>0 0 24 24 -1.</_><_>0 0 12 24 2.</_></rects></_>",
        behind: String = ""
    ) -> String {
        """
        <opencv_storage><cascade><stageType>BOOST</stageType><featureType>HAAR</featureType>
        <height>\(size)</height><width>\(size)</width><stageNum>\(stageCount)</stageNum><stages><_>
        <maxWeakCount>\(treeCount)</maxWeakCount><stageThreshold>0</stageThreshold><weakClassifiers>
        <_><internalNodes>\(nodes)</internalNodes><leafValues>\(leaves)</leafValues></_>
        </weakClassifiers></_></stages><features>\(features)</features></cascade>\(behind)</opencv_storage>
        """
    }

    @Test func theHarmlessOneIsRead() throws {
        #expect(try Cascade(xml: Array(cascade().utf8), name: "a").stageCount == 1)
    }

    static let kinds = [
        "self", "ring", "two parents", "feature", "leaf", "nesting", "attributes", "stage count", "tree count", "size",
        "rectangle", "long name", "long number", "unclosed", "many nodes in a ring", "ring of a thousand",
    ]

    private func hostile(_ kind: String) -> (text: String, says: String) {
        switch kind {
        case "self": (cascade(nodes: "0 1 0 0.5 1 -1 0 0.5", leaves: "1 2 3"), "cycle")
        case "ring": (cascade(nodes: "1 0 0 0.5 2 0 0 0.5 1 -1 0 0.5", leaves: "1 2 3 4"), "cycle")
        case "two parents": (cascade(nodes: "1 1 0 0.5 0 -1 0 0.5", leaves: "1 2 3"), "cycle")
        case "feature": (cascade(nodes: "0 -1 1000000000 0.5"), "feature '1000000000'")
        case "leaf": (cascade(nodes: "0 -1000000000 0 0.5"), "right child '-1000000000'")
        case "nesting": (String(repeating: "<_>", count: 100_000), "more than 64 levels")
        case "attributes": ("<a " + String(repeating: "b='c' ", count: 100_000), "a name is expected")
        case "stage count": (cascade(stageCount: "1000000000"), "1 stages where 'stageNum' says 1000000000")
        case "tree count": (cascade(treeCount: "1073741824"), "1 trees where 'maxWeakCount' says 1073741824")
        case "size": (cascade(size: "1000000000"), "'1000000000' is not a whole number from 3 to 1024")
        case "rectangle":
            (
                cascade(features: "<_><rects><_>0 0 1 9223372036854775807 1</_></rects></_>"),
                "height '9223372036854775807'"
            )
        case "long name": ("<" + String(repeating: "a", count: 100_000) + ">", "more than 256 letters")
        case "long number": (cascade(nodes: "0 -1 0 " + String(repeating: "9", count: 100_000)), "9999")
        case "unclosed": (cascade(behind: "<!--" + String(repeating: "-", count: 100_000)), "ends inside a comment")
        case "many nodes in a ring": (ring(100_000), "a tree of 100000 nodes; at most 1024 are read")
        default: (ring(1000), "cycle")
        }
    }

    /// A tree that is a chain of nodes whose last one leads back to the second.
    private func ring(_ count: Int) -> String {
        cascade(
            nodes: (1..<count).map { "\($0) 0 0 0.5" }.joined(separator: " ") + " 1 0 0 0.5",
            leaves: String(repeating: "1 ", count: count + 1))
    }

    @Test(arguments: kinds)
    func isRefusedAtOnce(_ kind: String) {
        let (text, says) = hostile(kind)
        let bytes = Array(text.utf8)
        // The best of three, and this thread's own time: other work on the machine is no fault of the reader.
        let times = (0..<3).map { _ in
            let start = threadSeconds
            let error = #expect(throws: CascadeError.self) { try Cascade(xml: bytes, name: "hostile.xml") }
            let time = threadSeconds - start
            #expect(error?.message.contains(says) == true, "\(String(describing: error))")
            #expect(error?.message.hasPrefix("hostile.xml:") == true)
            #expect((error?.message.utf8.count ?? 0) < 1000)
            return time
        }
        #expect(times.contains { $0 < 0.1 }, "\(times) s")
    }

    /// Seconds that the processor has worked for this thread.
    private var threadSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
