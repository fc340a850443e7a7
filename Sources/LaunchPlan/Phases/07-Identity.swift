// Phase 7: names and kernel parameters of the container's own namespaces.
import OCI

extension LaunchPlan {
    mutating func planIdentity() throws(SpecError) {
        if let hostname = spec.hostname, !hostname.isEmpty {
            add(.container(.setHostname(hostname)), "/hostname")
        }
        if let domainname = spec.domainname, !domainname.isEmpty {
            add(.container(.setDomainname(domainname)), "/domainname")
        }
        for key in spec.linux.sysctl.keys.sorted() {
            let pointer =
                "/linux/sysctl/"
                + key.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
            if let kind = SysctlKey(key)?.namespace, facts.runtimeNamespaces.contains(kind) {
                throw SpecError(
                    pointer: pointer,
                    message:
                        "\"\(key)\" would change the runtime's own \(kind.specName) namespace, which is joined by path"
                )
            }
            add(.container(.setSysctl(key: key, value: spec.linux.sysctl[key] ?? "")), pointer)
        }
    }
}
