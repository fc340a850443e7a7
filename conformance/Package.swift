// swift-tools-version: 6.2
// Black-box suites for OCI runtimes. A package of its own, so that the runtime's package stays free of dependencies.
import PackageDescription

let settings: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

let package = Package(
    name: "conformance",
    dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")],
    targets: [
        .target(name: "Launch"),
        .executableTarget(
            name: "Conformance",
            dependencies: ["Launch", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: settings),
        .executableTarget(name: "Bench", dependencies: ["Launch"], swiftSettings: settings),
    ]
)
