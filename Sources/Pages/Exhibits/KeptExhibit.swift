import Markup

/// What an exhibit takes from its result alone, written: a build keeps it for the next one.
package struct KeptExhibit: Sendable {
    package var numbering: Exhibit.Numbering
    package var values: [String: Quotable]
    package var facts: [Provenance.Fact]
    package var source: String?
    package var markup: ExhibitMarkup

    package init(
        numbering: Exhibit.Numbering, values: [String: Quotable], facts: [Provenance.Fact], source: String?,
        markup: ExhibitMarkup
    ) {
        (self.numbering, self.values, self.facts) = (numbering, values, facts)
        (self.source, self.markup) = (source, markup)
    }

    /// All of it, but for the files that the markup names: these are kept elsewhere under their names.
    package var bytes: [UInt8] {
        var out: [UInt8] = []
        numbering.rawValue.write(to: &out)
        values.write(to: &out)
        facts.write(to: &out)
        source.write(to: &out)
        markup.pieces.write(to: &out)
        markup.files.map(\.path).write(to: &out)
        markup.isWide.write(to: &out)
        markup.isAsked.write(to: &out)
        markup.tables.write(to: &out)
        return out
    }

    /// Reads what `bytes` wrote.
    ///
    /// - Parameter file: the file of a name; without one of them there is no exhibit.
    package init?(_ bytes: [UInt8], file: (String) -> Site.File?) {
        do {
            var reader = KeptBytes(bytes)
            guard let numbering = Exhibit.Numbering(rawValue: try String(from: &reader)) else { return nil }
            self.numbering = numbering
            values = try Dictionary(from: &reader)
            facts = try Array(from: &reader)
            source = try Optional(from: &reader)
            let pieces = try [HTML.Piece](from: &reader)
            let paths = try [String](from: &reader)
            let files = paths.compactMap(file)
            guard files.count == paths.count else { return nil }
            markup = ExhibitMarkup(
                pieces: pieces, files: files, isWide: try Bool(from: &reader), isAsked: try Bool(from: &reader),
                tables: try Array(from: &reader))
        } catch {
            return nil
        }
    }
}

extension Quotable: Kept {
    func write(to out: inout [UInt8]) {
        switch self {
        case .number(let value):
            out.append(0)
            value.write(to: &out)
        case .count(let value):
            out.append(1)
            value.write(to: &out)
        case .text(let text):
            out.append(2)
            text.text.write(to: &out)
        }
    }

    init(from bytes: inout KeptBytes) throws {
        switch try bytes.byte() {
        case 0: self = .number(try Double(from: &bytes))
        case 1: self = .count(try Int(from: &bytes))
        case 2: self = .text(try String(from: &bytes).verbatim)
        default: throw KeptBytes.Damaged()
        }
    }
}

extension Provenance.Fact: Kept {
    func write(to out: inout [UInt8]) {
        name.write(to: &out)
        value.write(to: &out)
    }

    init(from bytes: inout KeptBytes) throws {
        self.init(try String(from: &bytes).verbatim, try String(from: &bytes).verbatim)
    }
}

extension HTML.Piece: Kept {
    func write(to out: inout [UInt8]) {
        markup.write(to: &out)
        attributes.write(to: &out)
    }

    init(from bytes: inout KeptBytes) throws {
        self.init(markup: try String(from: &bytes), attributes: try Array(from: &bytes))
    }
}

extension Attribute: Kept {
    func write(to out: inout [UInt8]) {
        name.write(to: &out)
        value.write(to: &out)
    }

    init(from bytes: inout KeptBytes) throws { self.init(try String(from: &bytes), try Optional(from: &bytes)) }
}

extension DataTable: Kept {
    func write(to out: inout [UInt8]) {
        name.write(to: &out)
        title.write(to: &out)
        columns.write(to: &out)
        rows.write(to: &out)
        notes.write(to: &out)
    }

    init(from bytes: inout KeptBytes) throws {
        self.init(
            name: try String(from: &bytes), title: try Optional(from: &bytes), columns: try Array(from: &bytes),
            rows: try Array(from: &bytes), notes: try Array(from: &bytes))
    }
}

extension DataTable.Column: Kept {
    func write(to out: inout [UInt8]) {
        title.write(to: &out)
        group.write(to: &out)
        unit.write(to: &out)
    }

    init(from bytes: inout KeptBytes) throws {
        self.init(
            title: try String(from: &bytes), group: try Optional(from: &bytes), unit: try Optional(from: &bytes))
    }
}

extension DataTable.Cell: Kept {
    func write(to out: inout [UInt8]) {
        switch self {
        case .number(let value):
            out.append(0)
            value.write(to: &out)
        case .text(let text):
            out.append(1)
            text.write(to: &out)
        case .missing: out.append(2)
        }
    }

    init(from bytes: inout KeptBytes) throws {
        switch try bytes.byte() {
        case 0: self = .number(try Double(from: &bytes))
        case 1: self = .text(try String(from: &bytes))
        case 2: self = .missing
        default: throw KeptBytes.Damaged()
        }
    }
}
