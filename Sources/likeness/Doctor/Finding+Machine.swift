import CVersions
import Directives
import Execution
import Files
import Foundation
import Tensors

extension Finding {
    /// Processor, memory and disk.
    static var machine: [Finding] { [processor, arithmetic, threads, memory, disk] }

    private static var processor: Finding {
        let line = text(of: "/proc/cpuinfo").split(separator: "\n").first { $0.hasPrefix("flags") }
        let flags = Set((line ?? "").split(separator: " ").map(String.init))
        let known = ["avx2", "avx512f", "avx512_bf16", "amx_bf16"].filter(flags.contains)
        let instructions = known.isEmpty ? "none of AVX2, AVX-512 and AMX" : known.joined(separator: " ")
        return Finding(
            "processor", "\(processorName): \(instructions)",
            advice: known.isEmpty ? "networks and searches are slow here: take small books, or another machine" : nil)
    }

    private static var arithmetic: Finding {
        switch Precision.fastest {
        case .bf16: Finding("arithmetic", "bf16, which this processor multiplies, is what precision: auto takes")
        case .f32: Finding("arithmetic", "float32 is what precision: auto takes; this processor does not multiply bf16")
        }
    }

    private static var threads: Finding {
        let all = ProcessInfo.processInfo.processorCount
        guard Threads.count < all else { return Finding("threads", "\(Threads.count)") }
        return Finding(
            "threads", "\(Threads.count) of \(all) cores",
            advice: "this process may not use the others: see taskset, or the limits of its container")
    }

    private static var memory: Finding {
        var sizes: [Substring: Int] = [:]
        for line in text(of: "/proc/meminfo").split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == ":" }
            guard words.count >= 2, let count = Int(words[1]) else { continue }
            sizes[words[0]] = count * 1024
        }
        guard let all = sizes["MemTotal"], let free = sizes["MemAvailable"] else {
            return Finding("memory", "is not told here")
        }
        return Finding(
            "memory", "\(byteCount(free)) free of \(byteCount(all))",
            advice: free < 2_000_000_000
                ? "training may need more: end other programs, or take a smaller batch or fewer cores (taskset)" : nil)
    }

    private static var disk: Finding {
        let free = (try? FileManager.default.attributesOfFileSystem(forPath: "."))?[.systemFreeSize] as? NSNumber
        guard let free = free?.intValue else { return Finding("disk", "is not told here") }
        return Finding(
            "disk", "\(byteCount(free)) free here",
            advice: free < 2_000_000_000
                ? "results may need more: make room; 'likeness store gc' removes what no report needs" : nil)
    }

    private static func text(of path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
}

extension Finding {
    /// What the program works with: its libraries, cascades, fonts and a browser.
    static var parts: [Finding] { [libraries, cascades, fonts, browser] }

    private static var libraries: Finding {
        let most = 16
        let versions = [library_version](unsafeUninitializedCapacity: most) { buffer, count in
            count = min(most, library_versions(buffer.baseAddress, most))
        }
        let texts = versions.map { library in
            var version = library.version
            let text = withUnsafeBytes(of: &version) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            return "\(String(cString: library.name)) \(text)"
        }
        return Finding("libraries", "likeness \(likenessVersion), " + texts.joined(separator: ", "))
    }

    private static var cascades: Finding {
        let path = "\(cascadeFolder)/haarcascade_frontalface_default.xml"
        guard !Files.exists(path) else { return Finding("cascades", cascadeFolder) }
        return Finding(
            "cascades", "\(path) is not there, and no face is found without it",
            advice: "apt-get install opencv-data", isNeeded: true)
    }

    private static var fonts: Finding {
        let path = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
        guard !Files.exists(path) else { return Finding("fonts", "DejaVu, as in every report") }
        return Finding(
            "fonts", "DejaVu is not there: text in figures is in another font, or none",
            advice: "apt-get install fonts-dejavu-core")
    }

    private static var browser: Finding {
        if let program = Browser.program { return Finding("browser", program) }
        return Finding(
            "browser", "none for --open",
            advice: "open output/index.html in any browser, or say which one in BROWSER")
    }
}
