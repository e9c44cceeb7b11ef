import Diagnostics

// `${name}` in running text: the parameter's value. `\${name}` and code keep it as it is written.

extension MarkerScanner {
    /// A parameter's form at `start`; a single letter in braces is one only when there is such a parameter, for a formula
    /// may begin with a group: `${a}_i$`.
    func parameter(at start: Int) -> (name: String, end: Int)? {
        guard byte(start) == UInt8(ascii: "$"), byte(start + 1) == UInt8(ascii: "{") else { return nil }
        var end = start + 2
        while let next = byte(end), next.isLetter || next.isDigit || next == 0x2D || next == 0x5F { end += 1 }
        guard byte(end) == UInt8(ascii: "}") else { return nil }
        let name = leaf.text(start + 2..<end)
        guard Name.isParameter(name) else { return nil }
        return name.utf8.count > 1 || parameters[name] != nil ? (name, end + 1) : nil
    }

    /// Marks the parameter at `start`, if there is one.
    mutating func scanParameter(from start: Int) -> Bool {
        guard let (name, end) = parameter(at: start) else {
            // What is neither a parameter nor a formula was meant for one.
            guard byte(start + 1) == UInt8(ascii: "{"), formulaEnd(from: start) == nil else { return false }
            reportMalformed(at: start)
            index = start + 2
            return true
        }
        index = end
        if let value = value(of: name, at: start..<end) { mark(.parameter(value), start..<end) }
        return true
    }

    /// A stretch of text with the values of its parameters.
    mutating func replacingParameters(_ span: Range<Int>) -> String {
        var result = ""
        var rest = span.lowerBound
        var next = rest
        while next < span.upperBound {
            guard let (name, end) = parameter(at: next), end <= span.upperBound else {
                next += leaf.bytes[next] == UInt8(ascii: "\\") ? 2 : 1
                continue
            }
            result += leaf.text(rest..<next) + (value(of: name, at: next..<end) ?? leaf.text(next..<end))
            (rest, next) = (end, end)
        }
        return result + leaf.text(rest..<span.upperBound)
    }

    private mutating func value(of name: String, at span: Range<Int>) -> String? {
        guard let parameter = parameters[name] else {
            let problem = ParameterReader.unknown(name, among: parameters)
            diagnostics.append(
                .error("unknown-parameter", problem + "; write \\${\(name)} for these very characters", at: range(span))
            )
            return nil
        }
        usedParameters.insert(name)
        guard case .scalar(let value, _) = parameter.value else {
            diagnostics.append(
                .error("malformed-parameter", ParameterReader.misplaced(name, parameter.value), at: range(span)))
            return nil
        }
        return value
    }

    private mutating func reportMalformed(at start: Int) {
        var end = start + 2
        while let next = byte(end), next != UInt8(ascii: "}"), next != UInt8(ascii: "$"), next != 0x0A { end += 1 }
        let isClosed = byte(end) == UInt8(ascii: "}")
        diagnostics.append(
            .error(
                "malformed-parameter",
                (isClosed ? "'\(leaf.text(start..<end + 1))' is no parameter" : "'${' is not closed")
                    + "; write ${name}, or \\${ for these very characters",
                at: range(start..<(isClosed ? end + 1 : start + 2))))
    }
}
