// swift-tools-version: 6.0
import PackageDescription

/// Dependencies point down this list only; docs/Architecture.md says why each one is there.
let package = Package(
    name: "likeness",
    products: [.executable(name: "likeness", targets: ["likeness"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        // The command, and the only bridge between the report and the engine.
        .executableTarget(
            name: "likeness",
            dependencies: [
                "Directives", "Pages", "Execution", "Chapters", "Faces", "Networks", "Retrieval", "Tensors", "Imaging",
                "Diagnostics", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .target(
            name: "Directives",
            dependencies: [
                "Pages", "Execution", "Chapters", "Faces", "Networks", "Retrieval", "Tensors", "Imaging", "Diagnostics",
            ]),

        // The report: text, steps, pages. Never imports the engine.
        .target(name: "Pages", dependencies: ["Execution", "Chapters", "Drawing", "Imaging", "Diagnostics"]),
        .target(
            name: "Execution",
            dependencies: ["Chapters", "Diagnostics", .product(name: "Crypto", package: "swift-crypto")]),
        .target(
            name: "Chapters",
            dependencies: ["CCmarkGFM", "Diagnostics", .product(name: "Yams", package: "Yams")]),

        // The engine: faces, networks, retrieval. Never hears of chapters.
        .target(name: "Faces", dependencies: ["Imaging"]),
        .target(name: "Networks", dependencies: ["Tensors", "COneDNN"]),
        .target(name: "Retrieval", dependencies: ["Tensors", "COpenBLAS"]),
        .target(name: "Tensors"),

        // Shared ground.
        .target(name: "Drawing", dependencies: ["Imaging", "CCairo"]),
        .target(name: "Imaging", dependencies: ["CJPEG", "CPNG"]),
        .target(name: "Diagnostics"),

        // One small target per C library.
        .systemLibrary(name: "CCmarkGFM", providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),
        .systemLibrary(name: "CCairo", providers: [.apt(["libcairo2-dev"])]),
        .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
        .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
        .target(name: "CPNG", linkerSettings: [.linkedLibrary("png")]),
        .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl")]),

        .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)
