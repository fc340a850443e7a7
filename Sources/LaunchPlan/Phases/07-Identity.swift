// Phase 7: names and kernel parameters of the container's own namespaces.
import OCI

extension LaunchPlan {
    mutating func planIdentity() {
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
            add(.container(.setSysctl(key: key, value: spec.linux.sysctl[key] ?? "")), pointer)
        }
    }
}
