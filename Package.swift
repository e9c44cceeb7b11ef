// swift-tools-version: 6.1
import PackageDescription

/// For code that connects, draws through Cairo or tests: what takes time is in the targets that it calls. Optimising it takes
/// two thirds of its compilation for no gain that can be measured. `Pages` and `Execution` are not such code.
let unoptimised: [SwiftSetting] = [.unsafeFlags(["-Onone"])]

/// Dependencies point down this list only; docs/Architecture.md says why each one is there.
let package = Package(
    name: "likeness",
    products: [.executable(name: "likeness", targets: ["likeness"])],
    traits: [.trait(name: "MPI", description: "Builds and searches on several machines over Open MPI: make cluster.")],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        // The command, and the only bridge between the report and the engine.
        .executableTarget(
            name: "likeness",
            dependencies: [
                "Preview", "NewBook", "Directives", "Pages", "Execution", "Chapters", "Portraits", "Faces", "Networks",
                "Checkpoints", "Retrieval", "Tensors", "Imaging", "Cluster", "Ranks", "Files", "Diagnostics", "CLimits",
                "CVersions",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: unoptimised),
        // The report served on this machine, with the query interface.
        .target(
            name: "Preview",
            dependencies: [
                "Directives", "Pages", "Faces", "Retrieval", "Imaging", "Files", "Diagnostics", "CMicroHTTPD",
            ],
            resources: [.embedInCode("Resources")]),
        // Chapters, settings and data to begin with.
        .target(
            name: "NewBook", dependencies: ["Portraits", "Faces", "Tensors", "Imaging", "Files"],
            resources: [.embedInCode("Resources")], swiftSettings: unoptimised),
        .target(
            name: "Directives",
            dependencies: [
                "Pages", "Execution", "Chapters", "Faces", "Networks", "Checkpoints", "Retrieval", "Tensors", "Drawing",
                "Imaging", "Ranks", "Files", "Diagnostics",
            ], swiftSettings: unoptimised),

        // The report: text, steps, pages. Never imports the engine.
        .target(
            name: "Pages",
            dependencies: ["Chapters", "Math", "Markup", "Assets", "Drawing", "Imaging", "Files", "Diagnostics"],
            resources: [.embedInCode("Languages")]),
        .target(name: "Execution", dependencies: ["Chapters", "Ranks", "Files", "Diagnostics"]),
        .target(
            name: "Chapters",
            dependencies: ["CCmarkGFM", "Diagnostics", .product(name: "Yams", package: "Yams")]),
        .target(name: "Math", dependencies: ["Markup", "Diagnostics"]),
        .target(name: "Markup"),
        .target(name: "Assets", resources: [.embedInCode("Resources")], swiftSettings: unoptimised),

        // The engine: faces, networks, retrieval. Never hears of chapters.
        .target(
            name: "Portraits", dependencies: ["Faces", "Tensors", "Drawing", "Imaging", "Files"],
            swiftSettings: unoptimised),
        .target(
            name: "Faces",
            dependencies: ["Networks", "Retrieval", "Tensors", "Imaging", "Archives", "Ranks", "Files", "CWindows"]),
        .target(name: "Networks", dependencies: ["Checkpoints", "Tensors", "Ranks", "Files"]),
        .target(name: "Checkpoints", dependencies: ["Archives", "Files"]),
        .target(name: "Retrieval", dependencies: ["Ranks", "Files", "Tensors", "COpenBLAS", "CVectors"]),
        .target(name: "Tensors", dependencies: ["Ranks", "Files", "COneDNN", "CChannels"]),

        // Shared ground.
        .target(name: "Cluster", dependencies: ["Ranks", .target(name: "CMPI", condition: .when(traits: ["MPI"]))]),
        .target(name: "Ranks", dependencies: ["CChannels"]),
        .target(name: "Drawing", dependencies: ["Imaging", "CCairo"]),
        .target(name: "Imaging", dependencies: ["Files", "CJPEG", "CPNG", "CZlib"]),
        .target(name: "Archives", dependencies: ["Files", "CZlib"]),
        .target(name: "Files", dependencies: ["CCrypto"]),
        .target(name: "Diagnostics"),

        // One small target per C library.
        .systemLibrary(name: "CCmarkGFM", providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),
        .systemLibrary(name: "CCairo", providers: [.apt(["libcairo2-dev"])]),
        .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
        .target(name: "CVectors"),
        .target(name: "CChannels"),
        .target(name: "CWindows"),
        // Of the command alone: what a program must own to say that memory or threads are refused.
        .target(name: "CLimits"),
        // Of the command too: what versions of the others it runs with.
        .target(
            name: "CVersions",
            linkerSettings: [
                "cairo", "cmark-gfm", "microhttpd", "dnnl", "openblas", "crypto", "png", "jpeg", "z",
            ].map { .linkedLibrary($0) }),
        .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
        .target(name: "CPNG", linkerSettings: [.linkedLibrary("png")]),
        .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
        .target(name: "CMicroHTTPD", linkerSettings: [.linkedLibrary("microhttpd")]),
        .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl")]),
        // Empty without the trait.
        .target(
            name: "CMPI", dependencies: [.target(name: "COpenMPI", condition: .when(traits: ["MPI"]))],
            cSettings: [.define("LIKENESS_MPI", .when(traits: ["MPI"]))]),
        .systemLibrary(name: "COpenMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),

        // Beside the tests: system calls that fail when told to.
        .target(name: "Faults", dependencies: ["Files"], path: "Tests/Faults", swiftSettings: unoptimised),
        // Beside them too: the repository, temporary folders, commands, a small project with drawn people.
        .target(
            name: "TestSupport", dependencies: ["Portraits", "Ranks", "Files"], path: "Tests/TestSupport",
            swiftSettings: unoptimised),
        // Trains in a process of its own, for tests to kill.
        .executableTarget(
            name: "TrainingProbe", dependencies: ["Networks", "Checkpoints", "Tensors", "Files"],
            path: "Tests/TrainingProbe", swiftSettings: unoptimised),
        // What holds whatever bytes a reader is given: for libFuzzer (`make fuzz`) and, seed by seed, for the tests.
        .target(
            name: "FuzzTargets",
            dependencies: [
                "Preview", "Directives", "Pages", "Execution", "Chapters", "Faces", "Checkpoints", "Retrieval",
                "Tensors", "Imaging",
                "Files", "Diagnostics", "CZlib", "CGumbo",
            ], path: "Tests/Fuzzing/Targets"),
        .systemLibrary(name: "CGumbo", path: "Tests/Fuzzing/CGumbo", providers: [.apt(["libgumbo-dev"])]),
        .testTarget(
            name: "FuzzingTests", dependencies: ["FuzzTargets", "Pages", "Files", "TestSupport"],
            swiftSettings: unoptimised),
        .testTarget(name: "ArchitectureTests", dependencies: ["Files", "TestSupport"], swiftSettings: unoptimised),
        .testTarget(
            name: "CommandTests", dependencies: ["Execution", "Files", "TestSupport"], swiftSettings: unoptimised),
        .testTarget(
            name: "NewBookTests", dependencies: ["NewBook", "Faces", "Files", "TestSupport"], swiftSettings: unoptimised
        ),
        .testTarget(
            name: "DirectivesTests",
            dependencies: [
                "Directives", "Execution", "Chapters", "Pages", "Portraits", "Faces", "Networks", "Checkpoints",
                "Retrieval", "Tensors", "Imaging", "Ranks", "Files", "Diagnostics", "TestSupport",
            ], swiftSettings: unoptimised),
        .testTarget(
            name: "PreviewTests",
            dependencies: ["Preview", "Directives", "Execution", "Faces", "Imaging", "Files", "TestSupport"]),
        .testTarget(
            name: "PagesTests",
            dependencies: [
                "Pages", "Assets", "Drawing", "Chapters", "Imaging", "Files", "Diagnostics", "Faults", "TestSupport",
            ],
            swiftSettings: unoptimised),
        .testTarget(
            name: "ExecutionTests",
            dependencies: ["Execution", "Chapters", "Files", "Diagnostics", "Faults", "TestSupport"],
            swiftSettings: unoptimised),
        .testTarget(
            name: "ChaptersTests", dependencies: ["Chapters", "Diagnostics", "TestSupport"], swiftSettings: unoptimised),
        .testTarget(
            name: "FacesTests",
            dependencies: [
                "Faces", "Portraits", "Networks", "Retrieval", "Tensors", "Imaging", "Archives", "Files", "CZlib",
                "TestSupport",
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "NetworksTests",
            dependencies: ["Networks", "Checkpoints", "Tensors", "Ranks", "Files", "TrainingProbe", "TestSupport"],
            exclude: ["Fixtures"]),
        .testTarget(name: "CheckpointsTests", dependencies: ["Checkpoints"], swiftSettings: unoptimised),
        .testTarget(
            name: "RetrievalTests", dependencies: ["Retrieval", "Tensors", "Files", "TestSupport"],
            exclude: ["Fixtures"]),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors", "Files", "TestSupport"]),
        .testTarget(name: "RanksTests", dependencies: ["Ranks", "TestSupport"], swiftSettings: unoptimised),
        .testTarget(name: "DrawingTests", dependencies: ["Drawing", "Imaging"], swiftSettings: unoptimised),
        .testTarget(name: "ImagingTests", dependencies: ["Imaging"]),
        .testTarget(name: "ArchivesTests", dependencies: ["Archives", "Files", "CZlib"], swiftSettings: unoptimised),
        .testTarget(name: "FilesTests", dependencies: ["Files", "Faults", "TestSupport"], swiftSettings: unoptimised),
        .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"], swiftSettings: unoptimised),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)

// The fuzzer itself, for `make fuzz` alone: it links only with sanitizers.
if Context.environment["LIKENESS_FUZZ"] != nil {
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Tests/Fuzzing/CFuzzer"),
        // The linker that knows what the sanitizers' sections need.
        .executableTarget(
            name: "fuzz", dependencies: ["FuzzTargets", "CFuzzer"], path: "Tests/Fuzzing/Driver",
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
    ]
}
