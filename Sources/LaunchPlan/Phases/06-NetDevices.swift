// Phase 6, a part of it: network devices of the host that the container gets (config-linux.md, Network Devices).
import JSON
import OCI

extension LaunchPlan {
    /// After the init entered its network namespace, before hooks that may configure it.
    mutating func planNetDevices() {
        for name in spec.linux.netDevices.keys.sorted() {
            let newName = spec.linux.netDevices[name]?.name ?? name
            add(
                .runtime(.moveNetDevice(name: name, newName: newName)),
                JSONPointer.appending(name, to: "/linux/netDevices"))
        }
    }
}
