// Rules on kernel parameters: only those that stay inside the container's namespaces.
import JSON
import Linux

extension Spec {
    static let sysctlRules: [Rule] = [
        Rule("sysctl-keys", "config-linux.md, Sysctl") { spec, report in
            if spec.linux.sysctl.isEmpty { return }
            for key in orderedKeys(spec.linux.sysctl) {
                check(key, at: JSONPointer.appending(key, to: "/linux/sysctl"), spec, &report)
            }
        },
        Rule("sysctl-duplicates", "config-linux.md, Sysctl") { spec, report in
            if spec.linux.sysctl.count < 2 { return }
            var paths: [String] = []
            for key in orderedKeys(spec.linux.sysctl) {
                guard let path = SysctlKey(key)?.path else { continue }
                if paths.contains(path) {
                    report.error(
                        JSONPointer.appending(key, to: "/linux/sysctl"),
                        "is given twice, as /proc/sys/\(path)")
                }
                paths.append(path)
            }
        },
    ]

    private static func check(
        _ text: String, at pointer: @autoclosure () -> String, _ spec: Spec, _ report: inout Report
    ) {
        guard let key = SysctlKey(text) else {
            return report.error(pointer(), "\"\(text)\" is not the name of a kernel parameter")
        }
        guard let kind = key.namespace else {
            return report.error(pointer(), "\"\(text)\" belongs to the whole host, not to a namespace")
        }
        if key.components == ["kernel", "hostname"] {
            return report.error(
                pointer(), "conflicts with the property hostname", hint: "set /hostname instead")
        }
        if spec.linux.namespace(kind) == nil {
            report.error(
                pointer(), "\"\(text)\" needs a \(kind.specName) namespace in /linux/namespaces",
                hint: "add {\"type\": \"\(kind.specName)\"} there")
        }
    }
}

/// The keys in an order that does not change from run to run.
func orderedKeys(_ map: [String: String]) -> [String] {
    var keys: [String] = []
    for (key, _) in map { keys.append(key) }
    if keys.count > 1 { keys.sort() }
    return keys
}
