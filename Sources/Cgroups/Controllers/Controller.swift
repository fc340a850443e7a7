// The table of controllers. A new controller is one file beside this one and one row here.

import OCI

/// One part of `linux.resources` and what it means in files.
struct Controller: Sendable {
    let settings: @Sendable (Resources, CgroupVersion) throws(CgroupError) -> [Setting]

    /// In the order in which the files are written. `unified` comes last, so that it wins (config-linux.md, Unified).
    static let all: [Controller] = [
        Controller(settings: cpusetSettings),
        Controller(settings: memorySettings),
        Controller(settings: cpuSettings),
        Controller(settings: pidsSettings),
        Controller(settings: blockIOSettings),
        Controller(settings: hugepageSettings),
        Controller(settings: networkSettings),
        Controller(settings: rdmaSettings),
        Controller(settings: unifiedSettings),
    ]
}
