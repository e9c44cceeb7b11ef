import Files
import Foundation
import TestSupport
import Testing

/// `make install`, `make uninstall` and `make release`, in folders of their own.
@Suite(.serialized) struct InstallTests {
    private let place = TemporaryFolder()
    private var root: String { place.path + "/staged/opt/tools" }

    private func make(_ rule: String) throws -> Command.Ended {
        let binary = try Command(built: "likeness", [], in: place).program
        let environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("MAKE") && $0.key != "MFLAGS" }
        let arguments = [
            "make", "-C", Repository.root, "--no-print-directory", "-o", binary, "BINARY=\(binary)",
            "DESTDIR=\(place.path)/staged", "PREFIX=/opt/tools", rule,
        ]
        return try Command("/usr/bin/env", arguments, in: place, environment: environment).run()
    }

    private func files() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: place.path + "/staged").sorted()
    }

    @Test func whatIsInstalledRunsFromAnywhereAndIsRemovedAgain() throws {
        try place.put("mine", "staged/opt/tools/bin/mine")
        try Files.makeFolder(root + "/share")
        let before = try files()
        // The second time in the place of the first.
        for _ in 1...2 {
            let installed = try make("install")
            #expect(installed.status == 0 && installed.text.isEmpty, "\(installed.text)")
        }
        let environment = ["PATH": root + "/bin:/usr/bin:/bin"]
        let told = try Command("/usr/bin/env", ["likeness", "--version"], in: place, environment: environment).run()
        #expect(told.status == 0 && told.output.contains("."), "\(told.text)")
        let manual = try #require(place.read("staged/opt/tools/share/man/man1/likeness.1"))
        for words in ["likeness weights fetch", "likeness new", "\\-\\-photographs <folder>", ".SH NAME"] {
            #expect(manual.contains(words), "\(words)")
        }
        let completions = [
            "share/bash-completion/completions/likeness", "share/zsh/site-functions/_likeness",
            "share/fish/vendor_completions.d/likeness.fish",
        ]
        for name in completions { #expect(try Files.read(root + "/" + name).count > 10_000, "\(name)") }
        #expect(try files().contains { $0.hasSuffix("lib/likeness/libswiftCore.so") })

        #expect(try make("uninstall").status == 0)
        #expect(try files() == before)
        let again = try make("uninstall")
        #expect(again.status != 0 && again.errors.contains("nothing was installed there"), "\(again.text)")
    }

    @Test func anotherCommandOfTheNameStays() throws {
        try place.put("mine", "staged/opt/tools/bin/likeness")
        let refused = try make("install")
        #expect(refused.status != 0 && refused.errors.contains("bin/likeness is there and was not installed"))
        #expect(place.read("staged/opt/tools/bin/likeness") == "mine")
        #expect(try files() == ["opt", "opt/tools", "opt/tools/bin", "opt/tools/bin/likeness"])
    }

    /// Packages that a report needs are those that make installs; the image is built with make.
    @Test func theImageIsBuiltAsTheMakefileSays() throws {
        let dockerfile = try Repository.read("Dockerfile")
        for words in ["make packages", "make install PACKAGES=", "\nUSER 1000\n"] {
            #expect(dockerfile.contains(words))
        }
    }
}

/// `packaging/release.sh` in a repository of its own, with a `make` that only writes what it is asked for.
@Suite(.serialized) struct ReleaseTests {
    private let place: TemporaryFolder

    init() throws {
        place = try TemporaryFolder([
            "packaging/release.sh": Repository.read("packaging/release.sh"),
            "Sources/Execution/Environment.swift": Repository.read("Sources/Execution/Environment.swift"),
            "CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n- It is quicker.\n",
            ".gitignore": "/release/\n/tools/\n",
            "tools/make": """
            #!/bin/sh -e
            if [ "$1" = lint ]; then test ! -e tools/broken; exit; fi
            for word; do case $word in DESTDIR=*) to=${word#DESTDIR=} ;; PREFIX=*) name=${word#PREFIX=} ;; esac; done
            mkdir -p "$to$name/bin"
            grep -h likenessVersion Sources/Execution/Environment.swift > "$to$name/bin/likeness"

            """,
        ])
        for name in ["packaging/release.sh", "tools/make"] { chmod(place.path + "/" + name, 0o755) }
        for arguments in [["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "First"]] {
            try #require(git(arguments).status == 0)
        }
    }

    private var environment: [String: String] {
        [
            "PATH": place.path + "/tools:/usr/bin:/bin", "HOME": place.path, "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@b",
        ]
    }

    private func git(_ arguments: [String]) throws -> Command.Ended {
        try Command("/usr/bin/env", ["git"] + arguments, in: place, environment: environment).run()
    }

    private func release(_ version: String) throws -> Command.Ended {
        let script = place.path + "/packaging/release.sh"
        return try Command("/bin/bash", [script, version], in: place, environment: environment).run()
    }

    private func isClean() throws -> Bool { try git(["status", "--porcelain"]).output.isEmpty }

    @Test func aReleaseIsTaggedPackedAndSummed() throws {
        let ran = try release("1.2.3")
        #expect(ran.status == 0 && ran.errors.contains("v1.2.3 is tagged here"), "\(ran.text)")
        #expect(try git(["log", "-1", "--format=%s", "v1.2.3"]).output == "Release 1.2.3\n")
        #expect(try isClean())
        #expect(place.read("Sources/Execution/Environment.swift")?.contains("likenessVersion = \"1.2.3\"") == true)
        let changes = try #require(place.read("CHANGELOG.md"))
        #expect(changes.contains(/## Unreleased\n\n## 1\.2\.3 - \d{4}-\d\d-\d\d\n\n- It is quicker\./), "\(changes)")
        let names = try place.names("release")
        #expect(names.count == 2 && names[1] == names[0] + ".sha256", "\(names)")
        let summed = try Command(
            "/bin/sh",
            ["-c", "cd release && sha256sum --check *.sha256 && tar -xzOf *.gz --wildcards '*/bin/likeness'"],
            in: place, environment: environment
        ).run()
        #expect(summed.status == 0 && summed.output.contains(": OK\n"), "\(summed.text)")
        #expect(summed.output.contains("\"1.2.3\""), "what is packed is built from what is tagged")

        #expect(try release("1.2.3").errors.contains("v1.2.3 is tagged already"))
        #expect(try release("1.2.4").errors.contains("says nothing under '## Unreleased'"))
    }

    @Test(arguments: ["", "1.2", "v1.2.3", "1.2.3-beta", "01.2.3", "1.2.3; true"])
    func aVersionHasThreeNumbers(version: String) throws {
        let ran = try release(version)
        #expect(ran.status == 1 && ran.errors.contains("make release VERSION=0.1.0"), "\(ran.text)")
    }

    @Test func changesThatAreNotCommittedAreNoRelease() throws {
        try place.put("new", "notes.txt")
        let ran = try release("1.2.3")
        #expect(ran.status == 1 && ran.errors.contains("changes that are not committed"), "\(ran.text)")
        #expect(try git(["tag"]).output.isEmpty)
    }

    @Test func whatFailsTestsLeavesEverythingAsItWas() throws {
        try place.put("", "tools/broken")
        #expect(try release("1.2.3").status != 0)
        #expect(try isClean() && git(["tag"]).output.isEmpty)
        #expect(try git(["log", "--format=%s"]).output == "First\n")
    }
}
