// Phase 6, behind the hooks: the terminal, before anything is masked that its pseudoterminal lies below.
import OCI

extension LaunchPlan {
    /// A terminal of the container's own devpts; only a mount namespace that is new gets a /dev/console.
    mutating func planTerminal(_ process: Process, hasConsole: Bool) {
        guard process.terminal else { return }
        add(
            .container(
                .openTerminal(TerminalPlan(uid: process.user.uid, hasConsole: hasConsole))),
            "/process/terminal")
        add(
            .runtime(.takeTerminal(process.consoleSize)),
            process.consoleSize == nil ? "/process/terminal" : "/process/consoleSize")
    }
}
