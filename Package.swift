// swift-tools-version: 6.3;(experimentalCGen)
// apus: a low-level OCI container runtime. The targets point downwards only; see CONTRIBUTING.md.
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error),
]
let testing: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

let package = Package(
    name: "apus",
    products: [.executable(name: "apus", targets: ["apus"])],
    targets: [
        .executableTarget(
            name: "apus", dependencies: ["Lifecycle"], swiftSettings: strict, plugins: ["RecordCommit"]),
        .target(
            name: "Lifecycle",
            dependencies: ["LaunchPlan", "Cgroups", "Seccomp", "OCI", "Linux", "JSON", "CInit"],
            swiftSettings: strict),
        .target(
            name: "LaunchPlan", dependencies: ["Cgroups", "OCI", "Linux", "JSON", "CLinux"],
            swiftSettings: strict),
        .target(name: "Cgroups", dependencies: ["OCI", "Linux"], swiftSettings: strict),
        .target(name: "Seccomp", dependencies: ["OCI", "Linux", "CSeccomp", "CMD"], swiftSettings: strict),
        .target(name: "OCI", dependencies: ["JSON", "Linux"], swiftSettings: strict),
        .target(name: "Linux", dependencies: ["CLinux", "CCap"], swiftSettings: strict),
        .target(name: "JSON", dependencies: ["CJSON"], swiftSettings: strict),
        .target(
            name: "CInit", exclude: ["freestanding"],
            cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])], plugins: ["EmbedInit"]),
        .plugin(name: "EmbedInit", capability: .buildTool()),
        .plugin(name: "RecordCommit", capability: .buildTool()),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .systemLibrary(name: "CCap", pkgConfig: "libcap", providers: [.apt(["libcap-dev"])]),
        .systemLibrary(name: "CJSON", pkgConfig: "json-c", providers: [.apt(["libjson-c-dev"])]),
        .systemLibrary(name: "CMD", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
        .executableTarget(
            name: "apus-faults", dependencies: ["Lifecycle", "LaunchPlan", "Linux"],
            path: "conformance/faults", exclude: ["run"],
            swiftSettings: strict),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: testing),
        .testTarget(name: "LinuxTests", dependencies: ["Linux"], swiftSettings: testing),
        .testTarget(name: "OCITests", dependencies: ["OCI"], swiftSettings: testing),
        .testTarget(
            name: "CInitTests", dependencies: ["CInit", "Linux"], exclude: ["Corpus"], swiftSettings: testing),
        .testTarget(name: "CgroupsTests", dependencies: ["Cgroups"], swiftSettings: testing),
        .testTarget(name: "SeccompTests", dependencies: ["Seccomp", "CSeccomp"], swiftSettings: testing),
        .testTarget(
            name: "LaunchPlanTests", dependencies: ["LaunchPlan", "Seccomp"], exclude: ["Corpus"],
            swiftSettings: testing),
        .testTarget(name: "LifecycleTests", dependencies: ["Lifecycle"], swiftSettings: testing),
        .testTarget(
            name: "apusTests", dependencies: ["apus"], exclude: ["Corpus"], swiftSettings: testing),
    ]
)

// `make fuzz` builds another package of the same parts: the fuzzers, and the executable as a module that they can import.
if Context.environment["APUS_FUZZ"] != nil {
    package.products = [.executable(name: "fuzz", targets: ["fuzz"])]
    package.targets.removeAll { ["apus", "apus-faults"].contains($0.name) || $0.type == .test }
    package.targets += [
        .target(
            name: "apus", dependencies: ["Lifecycle"], exclude: ["Entry.swift"], swiftSettings: strict,
            plugins: ["RecordCommit"]),
        .executableTarget(
            name: "fuzz", dependencies: ["apus", "LaunchPlan", "CInit"], path: "Tests/Fuzz",
            exclude: ["run", "configuration.dict"],
            swiftSettings: testing),
    ]
}
