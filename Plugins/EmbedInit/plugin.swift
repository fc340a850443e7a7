// Compiles the init (Sources/CInit/freestanding/build.sh) and hands it to CInit as a C source of numbers.
import Foundation
import PackagePlugin

@main
struct EmbedInit: BuildToolPlugin {
    #if arch(arm64)
    static let architecture = "aarch64"
    #else
    static let architecture = "x86_64"
    #endif

    /// One command for both steps: an ELF file among the outputs would become a resource bundle of the package.
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let freestanding = target.directoryURL.appending(path: "freestanding")
        let script = freestanding.appending(path: "build.sh")
        let sources = ["start.c", "image.c", "init.ld"].map { freestanding.appending(path: $0) }
        let shared = ["machine.c", "include/machine.h", "syscall.h", "elf64.h"].map {
            target.directoryURL.appending(path: $0)
        }
        let directory = context.pluginWorkDirectoryURL
        let clang = try context.tool(named: "clang").url
        return [
            .buildCommand(
                displayName: "Compiling the init", executable: URL(filePath: "/bin/sh"),
                arguments: [script.path, clang.path, Self.architecture, directory.path],
                inputFiles: [script] + sources + shared, outputFiles: [directory.appending(path: "image.c")])
        ]
    }
}
