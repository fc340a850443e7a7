// Writes Commit.swift, with the commit that is built: what `--version` prints.
import Foundation
import PackagePlugin

@main
struct RecordCommit: BuildToolPlugin {
    /// The log of HEAD grows with each commit and checkout; from a tarball there is none, and the commit is unknown.
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let directory = context.package.directoryURL
        let log = directory.appending(path: ".git/logs/HEAD")
        let output = context.pluginWorkDirectoryURL.appending(path: "Commit.swift")
        let script = directory.appending(path: "scripts/record-commit")
        let isClone = FileManager.default.fileExists(atPath: log.path)
        return [
            .buildCommand(
                displayName: "Recording the commit", executable: URL(filePath: "/bin/sh"),
                arguments: [script.path, directory.path, output.path],
                inputFiles: isClone ? [script, log] : [script], outputFiles: [output])
        ]
    }
}
