// What a controller makes of resources: values for files.

/// The generation of cgroups that settings are for.
public enum CgroupVersion: Sendable, Equatable {
    case v1, v2
}

/// One value for one file of a controller, before it is known in which directory the file lies.
struct Setting: Sendable, Equatable {
    /// The controller that has to be there; empty for files that every cgroup has.
    var controller: String
    var file: String
    var value: String
    /// Where the value comes from in config.json.
    var pointer: String
    /// The kernel may lack the file, and then nothing is to be done.
    var mayBeMissing = false
    /// What to write instead where the kernel lacks the file.
    var otherwise: [CgroupWrite.Alternative] = []
}

/// Collects one controller's settings; its pointers all begin alike.
struct SettingList {
    let controller: String
    let pointer: String
    private(set) var settings: [Setting] = []

    init(_ controller: String, pointer: String) {
        self.controller = controller
        self.pointer = pointer
    }

    mutating func set(
        _ file: String, _ value: String, from member: String, mayBeMissing: Bool = false,
        otherwise: [CgroupWrite.Alternative] = []
    ) {
        settings.append(
            Setting(
                controller: controller, file: file, value: value, pointer: pointer + "/" + member,
                mayBeMissing: mayBeMissing, otherwise: otherwise))
    }

    func refuse(_ member: String, _ reason: String) -> CgroupError {
        .invalid(pointer: pointer + "/" + member, reason: reason)
    }
}
