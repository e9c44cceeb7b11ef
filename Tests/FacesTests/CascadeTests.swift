import Faces
import Testing

@Suite struct CascadeFiles {
    @Test(arguments: [
        ("frontalface_default", 24, 24, 25, 2913), ("frontalface_alt", 20, 20, 22, 2135),
        ("frontalface_alt2", 20, 20, 20, 1047), ("fullbody", 14, 28, 30, 2088),
    ])
    func readsTheStockCascades(_ name: String, _ width: Int, _ height: Int, _ stages: Int, _ trees: Int) throws {
        let cascade = try Fixtures.cascade(name)
        #expect(cascade.width == width && cascade.height == height)
        #expect(cascade.stageCount == stages)
        if name != "fullbody" { #expect(cascade.treeCount == trees) }
    }

    @Test func saysThatAFileIsMissing() {
        #expect { try Cascade(contentsOf: "/nowhere/cascade.xml") } throws: {
            "\($0)".hasPrefix("/nowhere/cascade.xml: ")
        }
    }

    @Test func refusesTheOldFormat() {
        #expect { try Fixtures.cascade("licence_plate_rus_16stages") } throws: { "\($0)".contains("old format") }
    }

    @Test func readsTheSmallestCascade() throws {
        #expect(refusal(small) == nil)
        #expect(try Cascade(xml: Array(small.utf8), name: "a").treeCount == 2)
    }

    /// What is put in place of what, the line that is named, and a part of the sentence.
    struct Change: Sendable, CustomStringConvertible {
        let old, new: String
        let line: Int
        let says: String
        var description: String { "\(old) → \(new)" }
        init(_ old: String, _ new: String, _ line: Int, _ says: String) {
            (self.old, self.new, self.line, self.says) = (old, new, line, says)
        }
    }

    @Test(arguments: [
        Change("<opencv_storage>", "<!DOCTYPE a [<!ENTITY b \"c\">]><opencv_storage>", 2, "document types"),
        Change("BOOST", "&lt;", 4, "entities"),
        Change("BOOST", "<![CDATA[BOOST]]>", 4, "CDATA"),
        Change("<stageNum>", "<?php ?><stageNum>", 8, "processing"),
        Change("BOOST", "FOREST", 4, "stageType"),
        Change("HAAR", "LBP", 5, "featureType"),
        Change("<width>24", "<width>99999999999999999999", 7, "width"),
        Change("<width>24", "<width>2", 7, "width"),
        Change("<height>24", "<height>-1", 6, "height"),
        Change("<stageNum>1", "<stageNum>2", 9, "stageNum"),
        Change("<maxWeakCount>2", "<maxWeakCount>3", 13, "maxWeakCount"),
        Change("0 -1 0 0.5", "0 -1 2 0.5", 15, "feature '2'"),
        Change("0 -1 0 0.5", "0 -1 -1 0.5", 15, "feature '-1'"),
        Change("0 -1 0 0.5", "0 -2 0 0.5", 15, "right child"),
        Change("0 -1 0 0.5", "1 -1 0 0.5", 15, "left child"),
        Change("0 -1 0 0.5", "0 -9223372036854775808 0 0.5", 15, "right child"),
        Change("0 -1 0 0.5", "0 -1 0", 15, "3 numbers"),
        Change("0 -1 0 0.5", "0 -1 0 nan", 15, "'nan'"),
        Change("0 -1 0 0.5", "0 -1 0 1e99", 15, "'1e99'"),
        Change("0 -1 0 0.5", "0 -1 0 0x10", 15, "'0x10'"),
        Change("1 2 0 0.5 -1 -2 1 0.5 0 -1 1 0.5", "1 -1 0 0.5 2 0 1 0.5 1 -2 1 0.5", 18, "cycle"),
        Change("1 2 0 0.5 -1 -2 1 0.5 0 -1 1 0.5", "1 1 0 0.5 -1 -2 1 0.5 0 -1 1 0.5", 18, "cycle"),
        Change("<leafValues>1. 2. 3. 4.", "<leafValues>1. 2. 3.", 19, "4 are expected"),
        Change("0 0 24 24 -1.", "1 0 24 24 -1.", 23, "leaves the window"),
        Change("0 0 24 24 -1.", "0 0 24 25 -1.", 23, "height '25'"),
        Change("0 0 24 24 -1.", "0 0 24 0 -1.", 23, "height '0'"),
        Change("<tilted>0", "<tilted>1", 23, "leaves the window"),
        Change("</opencv_storage>", "</opencv_storage><a/>", 30, "second root"),
        Change("</opencv_storage>", "</opencv_storag>", 30, "closes no element"),
        Change("</opencv_storage>", "", 30, "cut short"),
        Change("<stageNum>1</stageNum>", String(repeating: "<a>", count: 70), 8, "64 levels"),
    ])
    func refusesWithThePlace(_ change: Change) throws {
        let text = small.replacing(change.old, with: change.new, maxReplacements: 1)
        try #require(text != small)
        let error = try #require(refusal(text))
        #expect(error.message.contains(change.says), "\(error)")
        #expect(error.line == change.line, "\(error)")
        #expect(error.description.hasPrefix("cascade.xml:\(change.line): "))
    }

    @Test func survivesEveryTruncation() {
        let bytes = Array(small.utf8)
        for count in bytes.indices { #expect(refusal(Array(bytes.prefix(count))) != nil) }
    }

    @Test func survivesChangedBytes() {
        let bytes = Array(small.utf8)
        var state: UInt64 = 1
        for _ in 0..<20_000 {
            var changed = bytes
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let interesting = Array("<>/&-0123456789. \n\0\u{7F}".utf8)
                changed[Int((state >> 20) % UInt64(bytes.count))] = interesting[Int(state >> 50) % interesting.count]
            }
            _ = refusal(changed)
        }
    }

    @Test(arguments: [
        "", " ", "<", "<a", "<a>", "</a>", "<a/>", "<a b>", "<a b=c/>", "<a b='<'/>", "<!--", "<?xml", "x",
        "<a/>x", "<a></b>", "\0", "<opencv_storage/>", "<opencv_storage><a/></opencv_storage>",
    ])
    func refusesWhatIsNoCascade(_ text: String) {
        #expect(refusal(text) != nil)
    }

    private func refusal(_ text: String) -> CascadeError? { refusal(Array(text.utf8)) }

    private func refusal(_ bytes: [UInt8]) -> CascadeError? {
        do {
            _ = try Cascade(xml: bytes, name: "cascade.xml")
            return nil
        } catch {
            return error
        }
    }
}

/// One stage of a stump and a tree of three nodes; line numbers matter.
private let small = """
    <?xml version="1.0"?>
    <opencv_storage><!-- nothing -->
    <cascade type_id="opencv-cascade-classifier">
    <stageType>BOOST</stageType>
    <featureType>HAAR</featureType>
    <height>24</height>
    <width>24</width>
    <stageNum>1</stageNum>
    <stages>
    <_>
    <maxWeakCount>2</maxWeakCount>
    <stageThreshold>-1.5</stageThreshold>
    <weakClassifiers>
    <_>
    <internalNodes>0 -1 0 0.5</internalNodes>
    <leafValues>-1. 1.</leafValues></_>
    <_>
    <internalNodes>1 2 0 0.5 -1 -2 1 0.5 0 -1 1 0.5</internalNodes>
    <leafValues>1. 2. 3. 4.</leafValues></_>
    </weakClassifiers></_></stages>
    <features>
    <_><rects>
    <_>0 0 24 24 -1.</_>
    <_>0 0 12 24 2.</_></rects>
    <tilted>0</tilted></_>
    <_><rects>
    <_>5 5 6 6 -1.</_>
    <_>5 7 6 2 3.</_></rects>
    <tilted>0</tilted></_>
    </features></cascade></opencv_storage>
    """
