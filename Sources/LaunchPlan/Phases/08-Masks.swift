// Phase 8: what the container shall not see, and not write.
import Linux
import OCI

extension LaunchPlan {
    mutating func planMasks(_ process: Process) {
        if !process.cwd.isEmpty && process.cwd != "/" {
            add(.container(.ensureDirectory(cleanPath(process.cwd))), "/process/cwd")
        }
        planFilledMounts()
        // Read-only first: a masked path below a read-only one stays masked then.
        for (index, path) in spec.linux.readonlyPaths.enumerated() {
            add(.container(.makeReadOnly(cleanPath(path))), "/linux/readonlyPaths/\(index)")
        }
        guard !spec.linux.maskedPaths.isEmpty else { return }
        add(.container(.prepareMasks(directories: true)), "/linux/maskedPaths")
        for (index, path) in spec.linux.maskedPaths.enumerated() {
            add(.container(.mask(cleanPath(path))), "/linux/maskedPaths/\(index)")
        }
    }
}
