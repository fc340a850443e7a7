// Closed sets of names in the Linux section that no other table holds (config-linux.md).
import Linux

extension MemoryPolicy {
    public static let modes: [String] = MemoryPolicyMode.all.map(\.name)

    public static let flagNames: [String] = NamedFlag.memoryPolicy.map(\.name)
}
