// Every sentence of runtime-spec 1.3.0 on config.json with MUST, SHOULD, REQUIRED or RECOMMENDED, and what decides it.
import Testing

/// A sentence and how `check` deals with it.
struct Sentence: Sendable {
    /// `config.md`, `config-linux.md`, `bundle.md`.
    enum Document: String, Sendable {
        case config = "config.md"
        case linux = "config-linux.md"
        case bundle = "bundle.md"
    }

    enum Verdict: Sendable {
        /// Rules on the configuration alone, or `unknown-property`.
        case rules(String, String? = nil)
        /// Comparing with the host.
        case host(String)
        /// Reading: a type, or a property that is required ("type" in `check`'s output).
        case reading
        /// It says what the runtime does, with any configuration: only a run can show it (conformance/).
        case deed
        /// About other platforms.
        case elsewhere
        case reason(String)
    }

    var document: Document
    /// In the text of 1.3.0.
    var line: Int
    /// The part of the sentence with the word.
    var text: String
    var verdict: Verdict

    init(_ document: Document, _ line: Int, _ text: String, _ verdict: Verdict) {
        self.document = document
        self.line = line
        self.text = text
        self.verdict = verdict
    }
}

extension Sentence {
    static let all: [Sentence] = config + linux + bundle

    static let config: [Sentence] = [
        Sentence(
            .config, 17, "* **`ociVersion`** (string, REQUIRED) MUST be in [SemVer", .rules("oci-version")),
        Sentence(
            .config, 30, "On Windows, for Windows Server Containers, this field is REQUIRED.", .elsewhere),
        Sentence(
            .config, 31, "For [Hyper-V Containers](config-windows.md#hyperv), this field MUST NOT be set.",
            .elsewhere),
        Sentence(.config, 33, "On all other platforms, this field is REQUIRED.", .rules("root")),
        Sentence(.config, 35, "* **`path`** (string, REQUIRED) Specifies the path to", .reading),
        Sentence(.config, 36, "* On Windows, `path` MUST be a [volume GUID", .elsewhere),
        Sentence(.config, 39, "The value SHOULD be the conventional `rootfs`.", .rules("root-name")),
        Sentence(.config, 41, "A directory MUST exist at the path declared by the", .host("host-root")),
        Sentence(.config, 43, "OPTIONAL) If true then the root filesystem MUST be read-only inside", .deed),
        Sentence(.config, 44, "* On Windows, this field MUST be omitted or false.", .elsewhere),
        Sentence(.config, 66, "The runtime MUST mount entries in the listed order.", .deed),
        Sentence(.config, 70, "* **`destination`** (string, REQUIRED) Destination of mount", .reading),
        Sentence(.config, 71, "This value SHOULD be an absolute path.", .rules("mount-destination")),
        Sentence(.config, 72, "it MAY be a relative path, in which case it MUST be interpreted as", .deed),
        Sentence(.config, 74, "This value MUST be an absolute path.", .elsewhere),
        Sentence(.config, 75, "One mount destination MUST NOT be nested within another", .elsewhere),
        Sentence(.config, 76, "This value MUST be an absolute path.", .elsewhere),
        Sentence(.config, 78, "This value MUST be an absolute path.", .elsewhere),
        Sentence(.config, 87, "* Windows: runtimes MUST support `ro`, mounting the", .elsewhere),
        Sentence(
            .config, 91, "Runtimes MUST/SHOULD/MAY implement the following option", .rules("mount-options")),
        Sentence(.config, 161, "The \"MUST\" options correspond to [`mount(8)`][mount.8].", .deed),
        Sentence(.config, 164, "by [`mount(8)`][mount.8], the runtime SHOULD follow the behavior of", .deed),
        Sentence(.config, 166, "Runtimes SHOULD treat unknown options as", .deed),
        Sentence(.config, 189, "This SHOULD be implemented using", .deed),
        Sentence(
            .config, 190, "`options` field of the `mounts` structure SHOULD contain either `idmap`",
            .rules("mount-mappings")),
        Sentence(.config, 192, "If specified, it MUST be specified along with", .rules("mount-mappings")),
        Sentence(.config, 194, "This SHOULD be implemented using", .deed),
        Sentence(
            .config, 195, "`options` field of the `mounts` structure SHOULD contain either `idmap`",
            .rules("mount-mappings")),
        Sentence(.config, 197, "If specified, it MUST be specified along with", .rules("mount-mappings")),
        Sentence(.config, 240, "This property is REQUIRED when", .rules("unsupported")),
        Sentence(.config, 245, "Runtimes MUST ignore `consoleSize` if `terminal` is", .deed),
        Sentence(.config, 246, "* **`height`** (uint, REQUIRED)", .reading),
        Sentence(.config, 247, "* **`width`** (uint, REQUIRED)", .reading),
        Sentence(.config, 248, "* **`cwd`** (string, REQUIRED) is the working directory", .reading),
        Sentence(.config, 249, "This value MUST be an absolute path.", .rules("process-cwd")),
        Sentence(
            .config, 252, "IEEE standard in that at least one entry is REQUIRED (non-Windows), and",
            .rules("process-args")),
        Sentence(
            .config, 252, "This field is OPTIONAL on Windows, and `commandLine` is REQUIRED if this field is",
            .elsewhere),
        Sentence(.config, 264, "* **`type`** (string, REQUIRED) the platform resource", .reading),
        Sentence(.config, 268, "The runtime MUST [generate an error](runtime.md#errors)", .rules("rlimits")),
        Sentence(
            .config, 269,
            "For each entry in `rlimits`, a [`getrlimit(3)`][getrlimit.3] on `type` MUST succeed.",
            .rules("rlimits")),
        Sentence(.config, 272, "* **`soft`** (uint64, REQUIRED) the value of the limit", .reading),
        Sentence(.config, 273, "`rlim.rlim_cur` MUST match the configured value.", .host("host-rlimits")),
        Sentence(.config, 274, "* **`hard`** (uint64, REQUIRED) the ceiling for the", .reading),
        Sentence(.config, 275, "`rlim.rlim_max` MUST match the configured value.", .host("host-rlimits")),
        Sentence(.config, 278, "entries with same `type`, the runtime MUST [generate an", .rules("rlimits")),
        Sentence(.config, 289, "be granted otherwise MUST be [logged as a", .host("host-capabilities")),
        Sentence(
            .config, 290, "Runtimes SHOULD NOT fail if the container configuration",
            .host("host-capabilities")),
        Sentence(.config, 303, "If `oomScoreAdj` is set, the runtime MUST set `oom_score_adj` to", .deed),
        Sentence(.config, 304, "If `oomScoreAdj` is not set, the runtime MUST NOT change the value", .deed),
        Sentence(.config, 310, "* **`policy`** (string, REQUIRED) represents the", .reading),
        Sentence(.config, 341, "* **`class`** (string, REQUIRED) specifies the I/O", .reading),
        Sentence(
            .config, 342, "* **`priority`** (int, REQUIRED) specifies the priority",
            .reason("an absent priority is read as 0, as the official schema and the peers have it")),
        Sentence(.config, 352, "If omitted or empty, runtime SHOULD NOT change process'", .deed),
        Sentence(.config, 370, "* **`uid`** (int, REQUIRED) specifies the user ID in", .reading),
        Sentence(.config, 371, "* **`gid`** (int, REQUIRED) specifies the group ID in", .reading),
        Sentence(.config, 530, "This MUST be set if the target platform of this spec is", .elsewhere),
        Sentence(.config, 555, "* **`path`** (string, REQUIRED) with similar semantics", .reading),
        Sentence(
            .config, 556, "This specification extends the IEEE standard in that **`path`** MUST be absolute.",
            .rules("hook-path")),
        Sentence(.config, 560, "If set, `timeout` MUST be greater than zero.", .rules("hook-timeout")),
        Sentence(.config, 561, "* The value of `path` MUST resolve in the [runtime", .host("host-hooks")),
        Sentence(.config, 562, "* The `prestart` hooks MUST be executed in the [runtime", .deed),
        Sentence(.config, 565, "* **`path`** (string, REQUIRED) with similar semantics", .reading),
        Sentence(
            .config, 566, "This specification extends the IEEE standard in that **`path`** MUST be absolute.",
            .rules("hook-path")),
        Sentence(.config, 570, "If set, `timeout` MUST be greater than zero.", .rules("hook-timeout")),
        Sentence(.config, 571, "* The value of `path` MUST resolve in the [runtime", .host("host-hooks")),
        Sentence(.config, 572, "* The `createRuntime` hooks MUST be executed in the", .deed),
        Sentence(.config, 575, "* The value of `path` MUST resolve in the [runtime", .host("host-hooks")),
        Sentence(.config, 576, "* The `createContainer` hooks MUST be executed in the", .deed),
        Sentence(.config, 579, "* The value of `path` MUST resolve in the [container", .host("host-hooks")),
        Sentence(.config, 580, "* The `startContainer` hooks MUST be executed in the", .deed),
        Sentence(.config, 583, "* The value of `path` MUST resolve in the [runtime", .host("host-hooks")),
        Sentence(.config, 584, "* The `poststart` hooks MUST be executed in the", .deed),
        Sentence(.config, 587, "* The value of `path` MUST resolve in the [runtime", .host("host-hooks")),
        Sentence(.config, 588, "* The `poststop` hooks MUST be executed in the [runtime", .deed),
        Sentence(.config, 591, "Hooks MUST be called in the listed order.", .deed),
        Sentence(
            .config, 592, "The [state](runtime.md#state) of the container MUST be passed to hooks", .deed),
        Sentence(.config, 596, "The `prestart` hooks MUST be called as part of the", .deed),
        Sentence(.config, 598, "The `prestart` hooks MUST be called before the", .deed),
        Sentence(
            .config, 602, "The `prestart` hooks' path MUST resolve in the [runtime", .host("host-hooks")),
        Sentence(.config, 603, "The `prestart` hooks MUST be executed in the [runtime", .deed),
        Sentence(.config, 607, "The `createRuntime` hooks MUST be called as part of the", .deed),
        Sentence(.config, 609, "The `createRuntime` hooks' path MUST resolve in the", .host("host-hooks")),
        Sentence(.config, 610, "The `createRuntime` hooks MUST be executed in the", .deed),
        Sentence(.config, 618, "The `createContainer` hooks MUST be called as part of", .deed),
        Sentence(.config, 619, "The `createContainer` hooks MUST be called after the", .deed),
        Sentence(.config, 621, "The `createContainer` hooks' path MUST resolve in the", .host("host-hooks")),
        Sentence(.config, 622, "The `createContainer` hooks MUST be executed in the", .deed),
        Sentence(.config, 630, "The `startContainer` hooks MUST be called [before the", .deed),
        Sentence(.config, 633, "The `startContainer` hooks' path MUST resolve in the", .host("host-hooks")),
        Sentence(.config, 634, "The `startContainer` hooks MUST be executed in the", .deed),
        Sentence(.config, 638, "The `poststart` hooks MUST be called [after the", .deed),
        Sentence(.config, 641, "The `poststart` hooks' path MUST resolve in the", .host("host-hooks")),
        Sentence(.config, 642, "The `poststart` hooks MUST be executed in the [runtime", .deed),
        Sentence(.config, 646, "The `poststop` hooks MUST be called [after the", .deed),
        Sentence(
            .config, 649, "The `poststop` hooks' path MUST resolve in the [runtime", .host("host-hooks")),
        Sentence(.config, 650, "The `poststop` hooks MUST be executed in the [runtime", .deed),
        Sentence(.config, 720, "Annotations MUST be a key-value map.", .reading),
        Sentence(.config, 723, "Keys MUST be strings.", .reason("JSON has no other keys")),
        Sentence(.config, 724, "Keys MUST NOT be an empty string.", .rules("annotation-keys")),
        Sentence(
            .config, 725, "Keys SHOULD be named using a reverse domain notation -", .rules("annotation-names")
        ),
        Sentence(
            .config, 727, "annotations using keys in this namespace MUST be as described in",
            .rules("annotation-reserved")),
        Sentence(
            .config, 732, "The annotation value MUST have a valid value for the", .rules("annotation-values")),
        Sentence(
            .config, 732, "This annotation SHOULD only be used in accordance with",
            .reason("only who converted the image knows")),
        Sentence(
            .config, 733, "The annotation value MUST have a valid value for the",
            .reason("the image specification takes any text")),
        Sentence(
            .config, 733, "This annotation SHOULD only be used in accordance with",
            .reason("only who converted the image knows")),
        Sentence(
            .config, 734, "The annotation value MUST have a valid value for the",
            .reason("the image specification takes any text")),
        Sentence(
            .config, 734, "This annotation SHOULD only be used in accordance with",
            .reason("only who converted the image knows")),
        Sentence(
            .config, 735, "The annotation value MUST have a valid value for the", .rules("annotation-values")),
        Sentence(
            .config, 735, "This annotation SHOULD only be used in accordance with",
            .reason("only who converted the image knows")),
        Sentence(
            .config, 736, "The annotation value MUST have a valid value for the",
            .reason("the image specification takes any text")),
        Sentence(
            .config, 736, "This annotation SHOULD only be used in accordance with",
            .reason("only who converted the image knows")),
        Sentence(
            .config, 737, "The annotation value MUST have a valid value for the",
            .reason("the image specification takes any text")),
        Sentence(
            .config, 737, "This annotation SHOULD only be used in accordance with",
            .reason("only who converted the image knows")),
        Sentence(
            .config, 738, "The annotation value MUST have a valid value for the", .rules("annotation-values")),
        Sentence(
            .config, 738, "This annotation SHOULD only be used in accordance with",
            .reason("only who converted the image knows")),
        Sentence(.config, 739, "  | Indicates signal that SHOULD be sent by the", .deed),
        Sentence(
            .config, 739, "The annotation value MUST have a valid value for the", .rules("annotation-values")),
        Sentence(
            .config, 739, "This annotation SHOULD only be used in accordance with",
            .reason("only who converted the image knows")),
        Sentence(
            .config, 741, "in this above table are reserved and MUST NOT be used by",
            .reason("binds later versions of the specification")),
        Sentence(.config, 742, "Runtimes MUST handle unknown annotation keys like any", .deed),
        Sentence(.config, 744, "Values MUST be strings.", .reading),
        Sentence(
            .config, 755, "unknown properties but MUST otherwise ignore them.", .rules("unknown-property")),
        Sentence(
            .config, 760, "Runtimes MUST generate an error when invalid or",
            .reason("every rule, and reading, serves this sentence")),
    ]

    static let linux: [Sentence] = [
        Sentence(
            .linux, 11, "The following filesystems SHOULD be made available in", .rules("default-filesystems")
        ),
        Sentence(.linux, 29, "* **`type`** *(string, REQUIRED)* - namespace type.", .reading),
        Sentence(.linux, 29, "The following namespace types SHOULD be supported:", .rules("namespace-types")),
        Sentence(
            .linux, 39, "This value MUST be an absolute path in the [runtime", .rules("namespace-paths")),
        Sentence(.linux, 40, "The runtime MUST place the container process in the", .deed),
        Sentence(
            .linux, 41, "The runtime MUST [generate an error](runtime.md#errors)", .host("host-namespaces")),
        Sentence(.linux, 43, "If `path` is not specified, the runtime MUST create a new", .deed),
        Sentence(.linux, 45, "in the `namespaces` array, the container MUST inherit the [runtime", .deed),
        Sentence(
            .linux, 46, "namespaces with same `type`, the runtime MUST [generate an",
            .rules("namespace-duplicates")),
        Sentence(.linux, 88, "* **`containerID`** *(uint32, REQUIRED)* - is the starting", .reading),
        Sentence(.linux, 89, "* **`hostID`** *(uint32, REQUIRED)* - is the starting", .reading),
        Sentence(.linux, 90, "* **`size`** *(uint32, REQUIRED)* - is the number of", .reading),
        Sentence(.linux, 92, "The runtime SHOULD NOT modify the ownership of", .deed),
        Sentence(.linux, 127, "of objects, OPTIONAL) lists devices that MUST be available in the", .deed),
        Sentence(.linux, 132, "* **`type`** *(string, REQUIRED)* - type of device:", .reading),
        Sentence(.linux, 134, "* **`path`** *(string, REQUIRED)* - full path to device", .reading),
        Sentence(
            .linux, 135, "not match the requested device, the runtime MUST generate an error.",
            .reason("the image may change until the container is made; an error of create")),
        Sentence(
            .linux, 137, "* **`major, minor`** *(int64, REQUIRED unless `type` is `p`)*",
            .rules("device-numbers")),
        Sentence(
            .linux, 143, "The same `type`, `major` and `minor` SHOULD NOT be used for", .rules("device-twins")
        ),
        Sentence(.linux, 180, "configured with this setting, the runtime MUST also supply:", .deed),
        Sentence(
            .linux, 214, "**`netDevices`** (object, OPTIONAL) - A set of network devices that MUST be made",
            .host("host-net-devices")),
        Sentence(
            .linux, 224, "The runtime MUST check if moving the network interface", .host("host-net-devices")),
        Sentence(
            .linux, 226, "exists in the container namespace, the runtime MUST [generate an",
            .rules("net-device-names")),
        Sentence(.linux, 228, "In that case, the runtime MUST allow the move, and the", .deed),
        Sentence(.linux, 232, "The runtime MUST preserve existing network interface", .deed),
        Sentence(.linux, 238, "The runtime MUST set the network device state to \"up\"", .deed),
        Sentence(.linux, 244, "The runtime MUST NOT actively manage the interface's", .deed),
        Sentence(.linux, 251, "The runtime **MUST NOT** attempt to move the interface", .deed),
        Sentence(
            .linux, 303, "and MUST [generate an error](runtime.md#errors) if such",
            .reason("the cgroup may change until the container is made; an error of create")),
        Sentence(
            .linux, 315, "The value of `cgroupsPath` MUST be either an absolute",
            .reason("every text is one or the other")),
        Sentence(.linux, 317, "path (starting with `/`), the runtime MUST take the path to be", .deed),
        Sentence(.linux, 320, "If the value is specified, the runtime MUST consistently attach to", .deed),
        Sentence(
            .linux, 322, "`cgroupsPath` values to be invalid, and MUST generate an error if",
            .rules("cgroups-path")),
        Sentence(.linux, 343, "Runtimes SHOULD NOT change the ownership of container", .deed),
        Sentence(.linux, 347, "A runtime SHOULD NOT change the ownership of a", .deed),
        Sentence(.linux, 352, "Runtimes SHOULD change the cgroup ownership if and only", .deed),
        Sentence(.linux, 361, "SHOULD NOT change the cgroup ownership.", .deed),
        Sentence(.linux, 363, "A runtime that changes the cgroup ownership SHOULD only change the", .deed),
        Sentence(.linux, 368, "Runtimes MUST NOT fail in this scenario, and SHOULD", .deed),
        Sentence(.linux, 372, "runtime MUST fall back to using the following list of", .deed),
        Sentence(.linux, 380, "The runtime SHOULD NOT change the ownership of any", .deed),
        Sentence(.linux, 405, "The runtime MUST apply entries in the listed order.", .deed),
        Sentence(.linux, 409, "* **`allow`** *(boolean, REQUIRED)* - whether the entry", .reading),
        Sentence(
            .linux, 452, "* **`kernel`** *(int64, OPTIONAL, NOT RECOMMENDED)* - sets hard limit",
            .rules("memory-kernel")),
        Sentence(
            .linux, 453, "* **`kernelTCP`** *(int64, OPTIONAL, NOT RECOMMENDED)* - sets hard limit",
            .rules("memory-kernel")),
        Sentence(.linux, 466, "limit is lower than the current usage, and MUST", .deed),
        Sentence(
            .linux, 494, "If specified with any (valid) positive value, it MUST be no smaller than",
            .rules("cpu-burst")),
        Sentence(.linux, 496, "If specified, this value MUST be no larger than any", .rules("cpu-burst")),
        Sentence(.linux, 533, "* **`major, minor`** *(int64, REQUIRED)* - major, minor", .reading),
        Sentence(.linux, 538, "You MUST specify at least one of `weight` or", .rules("block-io")),
        Sentence(.linux, 542, "* **`major, minor`** *(int64, REQUIRED)* - major, minor", .reading),
        Sentence(.linux, 544, "* **`rate`** *(uint64, REQUIRED)* - bandwidth rate", .reading),
        Sentence(.linux, 548, "* **`major, minor`** *(int64, REQUIRED)* - major, minor", .reading),
        Sentence(.linux, 550, "* **`rate`** *(uint64, REQUIRED)* - IO rate limit for", .reading),
        Sentence(.linux, 608, "* **`pageSize`** *(string, REQUIRED)* - hugepage size.", .reading),
        Sentence(.linux, 614, "* **`limit`** *(uint64, REQUIRED)* - limit in bytes of", .reading),
        Sentence(.linux, 641, "* **`name`** *(string, REQUIRED)* - interface name in", .reading),
        Sentence(.linux, 642, "* **`priority`** *(uint32, REQUIRED)* - priority applied", .reading),
        Sentence(.linux, 671, "from the kernel's perspective and SHOULD be treated as such by", .deed),
        Sentence(.linux, 692, "You MUST specify at least one of the `hcaHandles` or", .rules("rdma-limits")),
        Sentence(.linux, 717, "The OCI runtime MUST ensure that the needed cgroup", .deed),
        Sentence(.linux, 719, "Configuration unknown to the runtime MUST still be written to", .deed),
        Sentence(.linux, 721, "The runtime MUST generate an error when the", .host("host-controllers")),
        Sentence(
            .linux, 734, "If the conversion is not possible the runtime MUST generate an error.",
            .reason("planning the cgroup finds it: limits-v2 and ControllersTests")),
        Sentence(.linux, 739, "If `intelRdt` is set, the runtime MUST write the container", .deed),
        Sentence(.linux, 740, "the runtime MUST [generate an", .host("host-resctrl")),
        Sentence(.linux, 742, "If `intelRdt` is not set, the runtime MUST NOT manipulate any", .deed),
        Sentence(
            .linux, 747, "As a special case, value `/` means that the container MUST be assigned to the",
            .deed),
        Sentence(.linux, 751, "The value SHOULD start with `L3:` and SHOULD NOT", .rules("intel-rdt")),
        Sentence(.linux, 753, "The value MUST start with `MB:` and MUST NOT contain", .rules("intel-rdt")),
        Sentence(.linux, 754, "The value MUST NOT contain newlines.", .rules("intel-rdt")),
        Sentence(.linux, 757, "The following rules on parameters MUST be applied:", .deed),
        Sentence(.linux, 759, "and `memBwSchema` are set, runtimes MUST write the values to", .deed),
        Sentence(.linux, 759, "The runtimes MUST write `l3CacheSchema` first and", .deed),
        Sentence(.linux, 761, "or `memBwSchema` is set, runtimes MUST write the value to the", .deed),
        Sentence(.linux, 763, "* If `schemata` field is set, runtimes MUST write the value to the", .deed),
        Sentence(.linux, 765, "or `schemata` is set, runtimes MUST NOT write to", .deed),
        Sentence(.linux, 767, "* If `closID` is not set, runtimes MUST use the container ID", .deed),
        Sentence(.linux, 770, "doesn't exist, the runtimes MUST create it.", .deed),
        Sentence(.linux, 771, "pseudo-filesystem exists, runtimes MUST compare", .deed),
        Sentence(
            .linux, 773, "or `schemata` are set, runtime MUST check if corresponding", .host("host-resctrl")),
        Sentence(
            .linux, 773, "If such pre-configured directory `closID` exists, runtime MUST assign container to",
            .host("host-resctrl")),
        Sentence(.linux, 775, "has created the sub-directory, the runtime MUST remove the", .deed),
        Sentence(.linux, 777, "not created the sub-directory, the runtime MUST NOT remove the", .deed),
        Sentence(
            .linux, 779, "* If `enableMonitoring` is set, the runtime MUST create a dedicated MON", .deed),
        Sentence(.linux, 780, "The runtime MUST use the container ID from", .deed),
        Sentence(.linux, 783, "The runtime MUST", .deed),
        Sentence(
            .linux, 785, "group fails (e.g. the maximum number of MON groups is reached) the runtime MUST",
            .deed),
        Sentence(.linux, 826, "* **`mode`** *(string, REQUIRED)* -", .reading),
        Sentence(.linux, 885, "* **`defaultAction`** *(string, REQUIRED)* - the default action", .reading),
        Sentence(
            .linux, 888, "When the action doesn't support an errno, the runtime MUST print and error and",
            .rules("seccomp-errno")),
        Sentence(.linux, 927, "This socket MUST use `AF_UNIX` domain and `SOCK_STREAM`", .deed),
        Sentence(.linux, 928, "The runtime MUST send exactly one [container process", .deed),
        Sentence(.linux, 929, "The connection MUST NOT be reused and it MUST be closed", .deed),
        Sentence(.linux, 930, "If sending to this socket fails, the runtime MUST [generate an", .deed),
        Sentence(.linux, 935, "* **`seccompFd`** (string, REQUIRED) is the seccomp file", .deed),
        Sentence(
            .linux, 939, "This field MUST NOT be set if `listenerPath` is not set.", .rules("seccomp-notify")),
        Sentence(.linux, 946, "* **`names`** *(array of strings, REQUIRED)* - the names of the", .reading),
        Sentence(.linux, 947, "`names` MUST contain at least one entry.", .rules("seccomp-names")),
        Sentence(.linux, 948, "* **`action`** *(string, REQUIRED)* - the action for", .reading),
        Sentence(
            .linux, 963, "When the action doesn't support an errno, the runtime MUST print and error and",
            .rules("seccomp-errno")),
        Sentence(.linux, 969, "* **`index`** *(uint, REQUIRED)* - the index for", .reading),
        Sentence(.linux, 970, "* **`value`** *(uint64, REQUIRED)* - the value for", .reading),
        Sentence(.linux, 972, "* **`op`** *(string, REQUIRED)* - the operator for", .reading),
        Sentence(.linux, 1007, "The container runtime MUST send the container process", .deed),
        Sentence(
            .linux, 1009,
            "If more than one `sendmsg(2)` is used, the file descriptors MUST be sent only in the", .deed),
        Sentence(.linux, 1013, "* **`ociVersion`** (string, REQUIRED) is version of the", .deed),
        Sentence(.linux, 1016, "* **`pid`** (int, REQUIRED) is the container process", .deed),
        Sentence(
            .linux, 1018, "* **`state`** ([state](runtime.md#state), REQUIRED) is the state of the", .deed),
        Sentence(.linux, 1068, "The values MUST be absolute paths in the [container", .rules("masked-paths")),
        Sentence(.linux, 1081, "The values MUST be absolute paths in the [container", .rules("masked-paths")),
        Sentence(.linux, 1108, "* **`domain`** *(string, REQUIRED)* - the execution", .reading),
    ]

    static let bundle: [Sentence] = [
        Sentence(
            .bundle, 14, "This REQUIRED file MUST reside in the root of the",
            .reason("a bundle without it is not read at all")),
        Sentence(
            .bundle, 19, "When supplied, while these artifacts MUST all be present in a",
            .reason("the directory is given, with whatever is in it")),
    ]

}
