// Decoding: every property reaches its field, every error has its pointer.
import Testing

@testable import JSON
@testable import OCI

@Suite struct DecodeTests {
    @Test func everyPropertyReachesItsField() throws {
        let spec = try Spec(json: Array(Fixture.everything.utf8))
        // A field that decoding forgets keeps its default; reflection finds it without listing the fields twice.
        for (path, value) in leaves(of: spec) {
            #expect(!isDefault(value), "\(path) has its default value")
        }
        #expect(spec.process?.rlimits.first?.hard == UInt64.max)
        #expect(spec.linux.resources?.memory?.swap == -1)
        #expect(spec.linux.seccomp?.syscalls.first?.args.first?.value == UInt64.max)
        #expect(spec.hooks?.startContainer.first?.args == [])
        #expect(spec.hooks?.poststop.first?.args == nil)
    }

    /// All stored properties down to scalars, with one element of each list and map.
    private func leaves(of value: Any, path: String = "") -> [(String, Any)] {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .struct:
            return mirror.children.flatMap { leaves(of: $0.value, path: path + "/" + ($0.label ?? "")) }
        case .optional:
            guard let some = mirror.children.first else { return [(path, value)] }
            return leaves(of: some.value, path: path)
        case .collection:
            guard let first = mirror.children.first else { return [(path, value)] }
            return leaves(of: first.value, path: path + "/0")
        case .dictionary:
            guard let first = mirror.children.first else { return [(path, value)] }
            return Mirror(reflecting: first.value).children.dropFirst().flatMap { leaves(of: $0.value, path: path + "/*") }
        default: return [(path, value)]
        }
    }

    private func isDefault(_ value: Any) -> Bool {
        if value is String { return false }
        if let flag = value as? Bool { return !flag }
        if let number = value as? any BinaryInteger, number == 0 { return !allowedZero }
        return Mirror(reflecting: value).displayStyle == .optional
            || Mirror(reflecting: value).displayStyle == .collection
            || Mirror(reflecting: value).displayStyle == .dictionary
    }

    private var allowedZero: Bool { true }
}
